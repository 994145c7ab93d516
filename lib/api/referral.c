/* The public functions of referrals. */
#include "referral/referral.h"

#include "api/acting.h"
#include "api/key.h"
#include "base/error.h"
#include "base/text.h"
#include "directory/avoided.h"
#include "model/policy.h"

#include <string.h>

void
carenet_referral_options_init(carenet_referral_options *options)
{
    if (options != NULL)
        *options = (carenet_referral_options){.size = sizeof *options};
}

void
carenet_referral_query_init(carenet_referral_query *query)
{
    if (query != NULL)
        *query = (carenet_referral_query){.size = sizeof *query, .now_s = INT64_MIN};
}

/* The need that is meant; the only one where none is named. */
static const CnNeed *
find_need(const CnCase *person, const CnReference *reference, const char *service, GError **error)
{
    if (service == NULL && person->needs->len == 1)
        return &g_array_index(person->needs, CnNeed, 0);
    for (guint i = 0; service != NULL && i < person->needs->len; i++) {
        const CnNeed *need = &g_array_index(person->needs, CnNeed, i);
        if (strcmp(cn_service(reference->taxonomy, need->service)->id, service) == 0)
            return need;
    }
    if (service == NULL) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "the case has %u needs: name one",
                     person->needs->len);
        cn_error_hint(error, "add --need SERVICE, by the id of its service as in the case file");
    } else {
        g_autofree char *quoted = cn_text_quote(service);
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "the case has no need for \"%s\"", quoted);
        cn_error_hint(error, "needs are given by the id of their service, as in the case file");
    }
    return NULL;
}

/* Hands the error on; where nothing has the name of the offering, with what it may have meant. */
static void
pass_error(carenet_store *store, const char *offering, GError *cause, GError **error)
{
    if (error != NULL && carenet_error_get_code(cause) == CARENET_ERROR_NOT_FOUND) {
        g_autoptr(carenet_directory) directory = carenet_directory_load(store, NULL);
        const CnListing *listing = directory != NULL ? directory->listing : NULL;
        if (listing != NULL && cn_listing_provider(listing, offering) < 0 &&
            cn_listing_offering(listing, offering) < 0) {
            cn_directory_fail_unknown(directory, offering, error);
            g_error_free(cause);
            return;
        }
    }
    cn_error_pass(error, cause);
}

gboolean
cn_store_knows_avoided(carenet_store *store, const carenet_cases *cases, size_t i, GError **error)
{
    if (!cn_case_names_avoided(cases, (guint)i))
        return TRUE;
    g_autoptr(carenet_directory) directory = carenet_directory_load(store, error);
    return directory != NULL && cn_directory_knows_avoided_of(directory, cases, (guint)i, error);
}

carenet_table *
carenet_referral_send(carenet_store *store,
                      const carenet_cases *cases,
                      size_t i,
                      const carenet_referral_options *options,
                      const carenet_acting *acting,
                      carenet_error **error)
{
    carenet_referral_options own;
    CnActing who;
    carenet_referral_options_init(&own);
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    CN_REQUIRE_GIVEN(options, error, NULL);
    CN_REQUIRE(i < carenet_cases_len(cases), "the list has no case i", error, NULL);
    CN_ADOPT(options, &own, error, NULL);
    CN_REQUIRE(own.offering != NULL, "the options name no offering", error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error))
        return NULL;
    const CnReference *reference = cn_store_reference(store);
    /* Areas and services are positions in one gazetteer and taxonomy. */
    CN_REQUIRE(g_strcmp0(reference->digest, cases->reference->digest) == 0,
               "the list of cases was made with other reference data than the store", error, NULL);
    if (!cn_store_knows_avoided(store, cases, i, error))
        return NULL;
    const CnCase *person = g_ptr_array_index(cases->cases, i);
    const CnNeed *need = find_need(person, reference, own.service, error);
    g_autoptr(carenet_policy) policy = need != NULL ? carenet_store_policy(store, error) : NULL;
    if (policy == NULL)
        return NULL;
    const CnSendCase of = {.cases = cases, .person = (guint)i, .need = need, .policy = policy};
    const CnSend send = {.need = cn_service(reference->taxonomy, need->service)->id,
                         .offering = own.offering,
                         .hold_s = own.hold_s,
                         .ground = own.ground,
                         .waitlist = own.waitlist,
                         .draft = own.draft,
                         .despite = own.despite,
                         .site_key = own.site_key != NULL ? &own.site_key->pair : NULL};
    GError *cause = NULL;
    carenet_table *row = cn_referral_send(store, &of, &send, &who, &cause);
    if (row == NULL)
        pass_error(store, own.offering, cause, error);
    return row;
}

static carenet_table *
change(const char *call,
       carenet_store *store,
       const char *id,
       const CnChange *what,
       const carenet_acting *acting,
       GError **error)
{
    CnActing who;
    CN_REQUIRE_GIVEN_FOR(call, store, error, NULL);
    CN_REQUIRE_GIVEN_FOR(call, id, error, NULL);
    if (!cn_acting_adopt(call, acting, &who, error))
        return NULL;
    CnChange how = *what;
    if (how.ground == NULL)
        how.ground = who.ground;
    return cn_referral_change(store, id, &how, &who, error);
}

carenet_table *
carenet_referral_send_draft(carenet_store *store,
                            const char *id,
                            int64_t hold_s,
                            const char *ground,
                            const carenet_acting *acting,
                            carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_SEND, .hold_s = hold_s, .ground = ground};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_receive(carenet_store *store,
                         const char *id,
                         const carenet_acting *acting,
                         carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_RECEIVE};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_accept(carenet_store *store,
                        const char *id,
                        const carenet_acting *acting,
                        carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_ACCEPT};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_start(carenet_store *store,
                       const char *id,
                       const carenet_acting *acting,
                       carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_START};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_decline(carenet_store *store,
                         const char *id,
                         const char *reason,
                         const carenet_acting *acting,
                         carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_DECLINE, .reason = reason};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_redirect(carenet_store *store,
                          const char *id,
                          const char *offering,
                          const char *reason,
                          const carenet_acting *acting,
                          carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_REDIRECT, .to = offering, .reason = reason};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_waitlist(carenet_store *store,
                          const char *id,
                          const carenet_acting *acting,
                          carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_WAITLIST};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_complete(carenet_store *store,
                          const char *id,
                          const char *outcome,
                          const char *reason,
                          const carenet_acting *acting,
                          carenet_error **error)
{
    const CnChange what = {.verb = reason != NULL ? CN_VERB_GIVE_UP : CN_VERB_COMPLETE,
                           .reason = reason != NULL ? reason : outcome};
    CN_REQUIRE(outcome == NULL || reason == NULL,
               "either outcome or reason is given: help has ended, or could not be completed",
               error, NULL);
    return change(G_STRFUNC, store, id, &what, acting, error);
}

carenet_table *
carenet_referral_cancel(carenet_store *store,
                        const char *id,
                        const char *reason,
                        const carenet_acting *acting,
                        carenet_error **error)
{
    const CnChange what = {.verb = CN_VERB_CANCEL, .reason = reason};
    return change(G_STRFUNC, store, id, &what, acting, error);
}

/* ---- Reading. */

carenet_table *
carenet_referral_get(carenet_store *store,
                     const char *id,
                     int64_t now_s,
                     carenet_table **out_history,
                     carenet_error **error)
{
    g_auto(CnWork) work = {0};
    g_auto(CnReferral) referral = {0};
    CnReferralFilter filter = {0};
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    CN_REQUIRE(cn_instant_is_usable(now_s), CN_INSTANT_WRONG("now_s"), error, NULL);
    if (!cn_referral_id_read(id, &filter.number, error) ||
        !cn_work_begin_reading(&work, store, now_s, error) ||
        !cn_referral_load(&work, filter.number, &referral, error))
        return NULL;
    g_autoptr(carenet_table) row = cn_referral_table(&work, &filter, error);
    g_autoptr(carenet_table) history =
        row != NULL ? cn_referral_history(&work, filter.number, error) : NULL;
    if (history == NULL)
        return NULL;
    if (out_history != NULL)
        *out_history = g_steal_pointer(&history);
    return g_steal_pointer(&row);
}

carenet_table *
carenet_referral_list(carenet_store *store,
                      const carenet_referral_query *query,
                      carenet_error **error)
{
    g_auto(CnWork) work = {0};
    carenet_referral_query own;
    CnState state;
    carenet_referral_query_init(&own);
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_ADOPT(query, &own, error, NULL);
    CN_REQUIRE(own.state == NULL || cn_state_parse(own.state, &state),
               "state is none of the states of a referral", error, NULL);
    CN_REQUIRE(cn_instant_is_usable(own.now_s), CN_INSTANT_WRONG("now_s"), error, NULL);
    const CnReferralFilter filter = {.ref = own.case_ref,
                                     .provider = own.provider,
                                     .offering = own.offering,
                                     .state = own.state,
                                     .open = own.open,
                                     .limit = own.limit};
    if (!cn_work_begin_reading(&work, store, own.now_s, error))
        return NULL;
    return cn_referral_table(&work, &filter, error);
}

const char *
carenet_referral_reason(size_t i)
{
    return i <= G_MAXUINT ? cn_reason_at((guint)i) : NULL;
}
