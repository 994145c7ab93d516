#include "referral/referral-private.h"

#include "base/error.h"
#include "base/seal.h"
#include "model/policy.h"
#include "referral/erase.h"

#include <string.h>

/* ---- Who acts. */

#define KEY_MOST 128

static gboolean
is_key(const char *key)
{
    const gsize len = strlen(key);
    for (gsize i = 0; i < len; i++)
        if (g_ascii_iscntrl(key[i]))
            return FALSE;
    return len >= 1 && len <= KEY_MOST && g_utf8_validate(key, (gssize)len, NULL);
}

gboolean
cn_acting_check(const CnActing *acting, GError **error)
{
    const char *at = acting->actor;
    gsize len = at != NULL ? strlen(at) : 0;
    for (; at != NULL && *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("._@:+-", *at) == NULL)
            len = 0;
    if (len > 0 && len <= CN_ACTOR_MOST && (acting->key == NULL || is_key(acting->key)))
        return TRUE;
    if (len == 0 || len > CN_ACTOR_MOST) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "who acts is a word of 1 to 64 letters, digits and ._@:+-");
        cn_error_hint(error, "name the desk or the login, such as intake-desk-1");
    } else {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "the key of a request has 1 to 128 bytes of UTF-8 without control characters");
    }
    return FALSE;
}

/* ---- Consent. */

static gboolean
fail_consent(const CnReferral *referral, CnConsentAnswer answer, GError **error)
{
    if (answer == CN_CONSENT_NOT_RECORDED) {
        cn_error_set(error, CARENET_ERROR_REFUSED,
                     "nobody has recorded consent to refer this case");
        cn_error_hint(error,
                      "add consent or consents to the case file; without it only on a lawful "
                      "ground: --override-consent GROUND");
    } else {
        cn_error_set(error, CARENET_ERROR_REFUSED,
                     "there is no valid consent to refer this case to %s", referral->provider);
        cn_error_hint(error,
                      "ask for it and write it into the case file; a child's assent alone is "
                      "not enough; else only on a lawful ground: --override-consent GROUND");
    }
    return FALSE;
}

static void
set_basis(CnReferral *referral, const char *basis, const char *ground)
{
    g_autofree char *kept = g_strdup(ground); /* it may be that of the referral itself */
    g_free(referral->basis);
    g_free(referral->basis_reason);
    referral->basis = g_strdup(basis);
    referral->basis_reason = g_steal_pointer(&kept);
}

gboolean
cn_referral_check_consent(CnWork *work,
                          CnReferral *referral,
                          const char *ground,
                          gboolean never_asked,
                          GError **error)
{
    CnConsentLevel level;
    if (ground != NULL && !cn_code_check("ground", cn_ground_at, ground, error))
        return FALSE;
    g_autoptr(GArray) consents = cn_case_consents(work, referral->case_id, &level, error);
    if (consents == NULL)
        return FALSE;
    const CnConsentAnswer answer = cn_consent_to(consents, level, referral->provider, work->now_s);
    if (answer == CN_CONSENT_GIVEN)
        set_basis(referral, "consent", NULL);
    else if (never_asked)
        set_basis(referral, "not-asked", NULL);
    else if (ground != NULL)
        set_basis(referral, "override", ground);
    else
        return fail_consent(referral, answer, error);
    return TRUE;
}

/* ---- Moving from state to state. */

/* What the move does to the places of the offering. */
static gboolean
move_places(CnWork *work,
            const CnReferral *referral,
            CnTakes from,
            CnTakes to,
            gint64 record,
            GError **error)
{
    g_autofree char *id = cn_referral_id(referral->number);
    if (!referral->counted || from == to)
        return TRUE;
    if (from == CN_TAKES_NOTHING)
        return cn_ledger_hold(work, referral->offering, id, referral->units, referral->hold_until_s,
                              referral->number, record, error);
    if (from == CN_TAKES_OCCUPIED)
        return cn_ledger_free(work, referral->offering, referral->units, record, error);
    return to == CN_TAKES_OCCUPIED
               ? cn_ledger_occupy(work, referral->offering, id, record, error)
               : cn_ledger_release(work, referral->offering, id, record, NULL, error);
}

/* For the chain: never anything of the case. */
static char *
describe_move(const CnWork *work, const CnReferral *referral, CnState from)
{
    GString *detail = g_string_new(NULL);
    g_string_append_printf(detail, "%s -> %s; %s", cn_state_name(from),
                           cn_state_name(referral->state), referral->offering);
    if (referral->reason != NULL)
        g_string_append_printf(detail, "; reason %s", referral->reason);
    if (referral->state == CN_SENT)
        g_string_append_printf(detail, "; basis %s%s%s", referral->basis,
                               referral->basis_reason != NULL ? " " : "",
                               referral->basis_reason != NULL ? referral->basis_reason : "");
    if (work->acting->by_phone)
        g_string_append(detail, "; by phone");
    return g_string_free(detail, FALSE);
}

gboolean
cn_referral_move(CnWork *work,
                 CnReferral *referral,
                 CnState to,
                 const char *action,
                 const char *reason,
                 gint64 *out_record,
                 gboolean *out_freed,
                 GError **error)
{
    g_autofree char *id = cn_referral_id(referral->number);
    const CnState from = referral->state;
    const CnTakes took = cn_state_takes(from), takes = cn_state_takes(to);
    gint64 record = 0;
    referral->state = to;
    referral->waiting_s = to == CN_WAITLISTED ? work->now_s : G_MININT64;
    if (to != CN_SENT && to != CN_RECEIVED)
        referral->hold_until_s = G_MININT64;
    g_free(referral->reason);
    referral->reason = g_strdup(reason);
    g_autofree char *detail = describe_move(work, referral, from);
    if (!cn_audit_append(work, action, id, detail, &record, error) ||
        !move_places(work, referral, took, takes, record, error) ||
        !cn_referral_update(work, referral, error) ||
        !cn_referral_event(work, referral, (gint)from, record, work->acting->by_phone, error))
        return FALSE;
    if (out_record != NULL)
        *out_record = record;
    if (out_freed != NULL)
        *out_freed = referral->counted && took != CN_TAKES_NOTHING && takes == CN_TAKES_NOTHING;
    return TRUE;
}

/* ---- Where a referral may go. */

static gboolean
check_provider(const CnWork *work, const char *offering, const CnPlaces *places, GError **error)
{
    if (places->example && cn_store_kind(work->store) == CARENET_STORE_LIVE) {
        cn_error_set(error, CARENET_ERROR_REFUSED,
                     "%s is invented (example: true), and this is a live store", offering);
        cn_error_hint(error, "take it out of the store; nobody is there to help");
    } else if (strcmp(places->status, "suspended") == 0) {
        cn_error_set(error, CARENET_ERROR_REFUSED, "%s is suspended for a safeguarding concern",
                     places->provider);
        cn_error_hint(error, "ask carenet route for another");
    } else if (!places->open || strcmp(places->status, "active") != 0) {
        cn_error_set(error, CARENET_ERROR_STATE, "%s takes nobody: it is %s", offering,
                     places->open ? places->status : "closed");
        cn_error_hint(error, "ask carenet route for another");
    } else {
        return TRUE;
    }
    return FALSE;
}

/* The offering's service is what is needed or below it; or it covers all below its own. */
static gboolean
check_service(CnWork *work,
              const char *offering,
              const CnPlaces *places,
              const char *need,
              GError **error)
{
    gboolean meets = FALSE;
    if (!cn_service_is_below(work, places->service, need, &meets, error))
        return FALSE;
    if (!meets && places->all_below &&
        !cn_service_is_below(work, need, places->service, &meets, error))
        return FALSE;
    if (meets)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "%s gives %s, which does not meet %s",
                 offering, places->service, need);
    cn_error_hint(error, "carenet find --service %s lists who does", need);
    return FALSE;
}

static gboolean
check_hold(gint64 hold_s, GError **error)
{
    if (hold_s >= 0 && hold_s <= CN_HOLD_S_MOST)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "a place is held for more than nothing and at most 366 days");
    return FALSE;
}

static gint64
hold_until(const CnWork *work, gint64 hold_s)
{
    return work->now_s + (hold_s > 0 ? hold_s : CN_HOLD_S_DEFAULT);
}

/* ---- Requests that come again. */

/* Facts of the case are left out: a digest of them could be guessed at. */
static void
digest_request(const char *const *words, gsize len, gint64 number, guint8 out[CN_HASH_LEN])
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < len; i++) {
        const char *word = words[i] != NULL ? words[i] : "";
        g_string_append_printf(text, "%zu:%s,", strlen(word), word);
    }
    g_string_append_printf(text, "%" G_GINT64_FORMAT, number);
    cn_hash(text->str, text->len, out);
}

/* *out_found: the request was answered before, and @outcome is that answer. */
static gboolean
find_answer(CnWork *work,
            const guint8 digest[CN_HASH_LEN],
            CnOutcome *outcome,
            gboolean *out_found,
            GError **error)
{
    g_autofree char *subject = NULL;
    gint64 record = 0, number = 0;
    *out_found = FALSE;
    if (!cn_request_find(work, digest, &subject, &record, error))
        return FALSE;
    if (record == 0)
        return TRUE;
    if (!cn_referral_id_parse(subject, &number) ||
        !cn_referral_load(work, number, &outcome->referral, error) ||
        !cn_referral_at_record(work, record, &outcome->referral, error) ||
        !cn_referral_position(work, &outcome->referral, &outcome->position, error))
        return FALSE;
    outcome->replayed = TRUE;
    *out_found = TRUE;
    return TRUE;
}

/* ---- A new referral. */

/* Stores a referral in its first state, with its places. Consent was checked, the offering swept. */
static gboolean
make(CnWork *work,
     CnReferral *referral,
     GBytes *facts,
     const char *action,
     gint64 *out_record,
     GError **error)
{
    const char *phone = work->acting->by_phone ? "; by phone" : "";
    g_autofree char *detail = g_strdup_printf(
        "%s; %s; basis %s%s%s%s", cn_state_name(referral->state), referral->offering,
        referral->basis, referral->basis_reason != NULL ? " " : "",
        referral->basis_reason != NULL ? referral->basis_reason : "", phone);
    g_autofree char *id = cn_referral_id(work->referrals + 1);
    return cn_audit_append(work, action, id, detail, out_record, error) &&
           cn_referral_insert(work, referral, facts, error) &&
           move_places(work, referral, CN_TAKES_NOTHING, cn_state_takes(referral->state),
                       *out_record, error) &&
           cn_referral_event(work, referral, -1, *out_record, work->acting->by_phone, error);
}

/* Sent where there is room, else on the waiting list where that is wanted; or a draft. Those who wait
 * already and are as urgent come first. */
static gboolean
choose_state(CnWork *work,
             CnReferral *referral,
             const CnSend *send,
             GPtrArray *offered,
             GError **error)
{
    g_auto(CnPlaces) places = {0};
    referral->state = send->draft ? CN_DRAFT : CN_SENT;
    referral->hold_until_s = referral->waiting_s = G_MININT64;
    if (send->draft)
        return TRUE;
    if (!cn_offer_places(work, referral->offering, referral->urgency, offered, error) ||
        !cn_ledger_look(work, referral->offering, &places, error))
        return FALSE;
    if (send->waitlist && referral->counted && places.known && places.free < referral->units) {
        referral->state = CN_WAITLISTED;
        referral->waiting_s = work->now_s;
    } else {
        referral->hold_until_s = hold_until(work, send->hold_s);
    }
    return TRUE;
}

/* Whoever sends twice by mistake would take two places. */
static gboolean
check_not_open(CnWork *work, const CnReferral *referral, GError **error)
{
    gint64 number = 0;
    if (!cn_referral_open_same(work, referral, &number, error))
        return FALSE;
    if (number == 0)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_CONFLICT,
                 "the case has been referred to %s already: R-%" G_GINT64_FORMAT,
                 referral->offering, number);
    cn_error_hint(error, "carenet show R-%" G_GINT64_FORMAT " tells how it stands", number);
    return FALSE;
}

/* The month in which somebody of that age may pass the limit at the earliest: the next birthday may be
 * tomorrow. Unset where there is no limit, or the age is not known. */
static CnDate
find_ages_out(const CnWork *work, const CnCase *person, gint age_max)
{
    if (person->age_max < 0 || age_max < 0 || age_max >= CN_AGE_OPEN)
        return CN_DATE_NONE;
    const CnDate today = cn_date_of(work->now_s);
    return (CnDate){.year = (gint16)(today.year + MAX(age_max - person->age_max, 0)),
                    .month = today.month};
}

/* The same for another offering, which takes the survivor for more years or fewer. */
static CnDate
move_ages_out(CnDate ages_out, gint age_max, gint new_age_max)
{
    if (!cn_date_is_set(ages_out) || age_max < 0 || new_age_max < 0 || new_age_max >= CN_AGE_OPEN)
        return CN_DATE_NONE;
    ages_out.year = (gint16)(ages_out.year + new_age_max - age_max);
    return ages_out;
}

/* Never anything finer than the region: that goes sealed. (transfer full) (nullable) */
static char *
find_home(const CnWork *work, const CnCase *person)
{
    const CnGazetteer *gazetteer = cn_store_reference(work->store)->gazetteer;
    const CnAreaId region = cn_area_at_level(gazetteer, person->area, CN_LEVEL_REGION);
    return region != CN_AREA_NONE ? g_strdup(cn_area(gazetteer, region)->code) : NULL;
}

static gboolean
send_inside(CnWork *work,
            const CnCase *person,
            const CnNeed *need,
            gboolean never_asked,
            const CnSend *send,
            CnOutcome *outcome,
            gint64 *out_record,
            GError **error)
{
    g_auto(CnPlaces) places = {0};
    CnCaseRecord record;
    g_autoptr(GBytes) facts = NULL;
    CnReferral *referral = &outcome->referral;
    if (!cn_ledger_look(work, send->offering, &places, error) ||
        !check_provider(work, send->offering, &places, error) ||
        !check_service(work, send->offering, &places, send->need, error) ||
        !cn_case_store(work, person, &record, error))
        return FALSE;
    *referral = (CnReferral){.case_id = record.id,
                             .ref = g_strdup(person->ref),
                             .need = g_strdup(send->need),
                             .offering = g_strdup(send->offering),
                             .provider = g_strdup(places.provider),
                             .service = g_strdup(places.service),
                             .urgency = need->urgency,
                             .units = need->units,
                             .counted = places.counted,
                             .ages_out = find_ages_out(work, person, places.age_max),
                             .home = find_home(work, person),
                             .basis = g_strdup("none")};
    if (!send->draft &&
        !cn_referral_check_consent(work, referral, send->ground, never_asked, error))
        return FALSE;
    facts = cn_case_facts_seal(cn_store_reference(work->store), person, need, &record);
    return cn_ledger_sweep(work, send->offering, error) && check_not_open(work, referral, error) &&
           choose_state(work, referral, send, outcome->offered, error) &&
           make(work, referral, facts, "refer", out_record, error) &&
           cn_referral_position(work, referral, &outcome->position, error);
}

/* Emergencies never wait for consent, nor do services that the policy exempts (reporting). */
static gboolean
is_never_asked(const CnReference *reference,
               const struct carenet_policy *policy,
               const CnNeed *need,
               const char *service)
{
    const CnServiceId id = cn_service_by_id(reference->taxonomy, service);
    return need->urgency == CN_EMERGENCY || (policy != NULL && id != CN_SERVICE_NONE &&
                                             cn_policy_covers(policy, policy->without_consent, id));
}

gboolean
cn_referral_send_within(CnWork *work,
                        const CnCase *person,
                        const CnNeed *need,
                        const struct carenet_policy *policy,
                        const CnSend *send,
                        CnOutcome *outcome,
                        gint64 *out_record,
                        GError **error)
{
    const gboolean never_asked =
        is_never_asked(cn_store_reference(work->store), policy, need, send->need);
    return send_inside(work, person, need, never_asked, send, outcome, out_record, error);
}

carenet_table *
cn_referral_send(carenet_store *store,
                 const CnCase *person,
                 const CnNeed *need,
                 const struct carenet_policy *policy,
                 const CnSend *send,
                 const CnActing *acting,
                 GError **error)
{
    const char *const words[] = {"refer",
                                 person->ref,
                                 send->need,
                                 send->offering,
                                 send->ground,
                                 send->draft ? "draft" : "",
                                 send->waitlist ? "waitlist" : ""};
    guint8 digest[CN_HASH_LEN];
    g_auto(CnOutcome) outcome = {.from = -1, .dry_run = acting->dry_run};
    g_auto(CnWork) work = {0};
    gboolean found = FALSE;
    gint64 record = 0;
    const gboolean never_asked =
        is_never_asked(cn_store_reference(store), policy, need, send->need);
    outcome.offered = g_ptr_array_new_with_free_func(g_free);
    if (!cn_acting_check(acting, error) || !check_hold(send->hold_s, error))
        return NULL;
    digest_request(words, G_N_ELEMENTS(words), send->hold_s * 1000 + need->units, digest);
    if (!cn_work_begin(&work, store, acting, error) ||
        !find_answer(&work, digest, &outcome, &found, error))
        return NULL;
    if (found)
        return cn_outcome_to_table(&outcome);
    if (!send_inside(&work, person, need, never_asked, send, &outcome, &record, error))
        return NULL;
    g_autofree char *id = cn_referral_id(outcome.referral.number);
    if (!cn_request_store(&work, digest, id, record, error) || !cn_work_commit(&work, error))
        return NULL;
    return cn_outcome_to_table(&outcome);
}

/* ---- Changes. */

/* The new referral of a redirection: the same case and need at another offering. */
static gboolean
redirect(CnWork *work,
         const CnReferral *old,
         const CnChange *change,
         GPtrArray *offered,
         gint64 *out_number,
         GError **error)
{
    g_auto(CnPlaces) places = {0}, left = {0};
    g_auto(CnReferral) referral = {0};
    gint64 record = 0;
    if (change->to == NULL || strcmp(change->to, old->offering) == 0) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT, "a redirection needs another offering");
        cn_error_hint(error, "--to OFFERING; carenet route proposes one");
        return FALSE;
    }
    if (!cn_ledger_look(work, change->to, &places, error) ||
        !cn_ledger_look(work, old->offering, &left, error) ||
        !check_provider(work, change->to, &places, error) ||
        !check_service(work, change->to, &places, old->need, error) ||
        !cn_ledger_sweep(work, change->to, error) ||
        !cn_offer_places(work, change->to, old->urgency, offered, error))
        return FALSE;
    referral = (CnReferral){.case_id = old->case_id,
                            .need = g_strdup(old->need),
                            .offering = g_strdup(change->to),
                            .provider = g_strdup(places.provider),
                            .urgency = old->urgency,
                            .units = old->units,
                            .counted = places.counted,
                            .state = CN_SENT,
                            .hold_until_s = hold_until(work, change->hold_s),
                            .waiting_s = G_MININT64,
                            .basis = g_strdup("none"),
                            .ages_out = move_ages_out(old->ages_out, left.age_max, places.age_max),
                            .home = g_strdup(old->home),
                            .from_number = old->number};
    const gboolean never_asked = g_strcmp0(old->basis, "not-asked") == 0;
    const char *ground = change->ground != NULL ? change->ground : old->basis_reason;
    if (!cn_referral_check_consent(work, &referral, ground, never_asked, error) ||
        !make(work, &referral, NULL, "refer", &record, error) ||
        !cn_referral_copy_facts(work, old->number, referral.number, error))
        return FALSE;
    *out_number = referral.number;
    return TRUE;
}

/* What must hold before a verb besides the state. */
static gboolean
prepare(CnWork *work, CnReferral *referral, const CnChange *change, GError **error)
{
    g_auto(CnPlaces) places = {0};
    const gboolean never_asked =
        g_strcmp0(referral->basis, "not-asked") == 0 || referral->urgency == CN_EMERGENCY;
    const char *ground = change->ground != NULL ? change->ground : referral->basis_reason;
    switch (change->verb) {
    case CN_VERB_SEND:
        referral->hold_until_s = hold_until(work, change->hold_s);
        return cn_ledger_look(work, referral->offering, &places, error) &&
               check_provider(work, referral->offering, &places, error) &&
               cn_referral_check_consent(work, referral, ground, never_asked, error);
    case CN_VERB_RECEIVE:
    case CN_VERB_WAITLIST:
        /* Consent may have been withdrawn since it was sent. */
        return cn_referral_check_consent(work, referral, ground, never_asked, error);
    default:
        return TRUE;
    }
}

static gboolean
check_reason(const CnChange *change, GError **error)
{
    if (change->verb == CN_VERB_COMPLETE)
        return change->reason == NULL ||
               cn_code_check("outcome", cn_outcome_at, change->reason, error);
    if (change->reason == NULL && !cn_verb_needs_reason(change->verb))
        return TRUE;
    return cn_code_check("reason", cn_reason_at, change->reason, error);
}

/* The referral as the clock leaves it: the sweep may have ended it. Where the verb is refused then,
 * what has ended stays so: the answer was given, and a clock that is set back must not take it back. */
static gboolean
load_for(CnWork *work, gint64 number, const CnChange *change, CnReferral *referral, GError **error)
{
    const gint64 records = work->records;
    if (!cn_referral_load(work, number, referral, error))
        return FALSE;
    g_autofree char *offering = g_strdup(referral->offering);
    if (!cn_ledger_sweep(work, offering, error))
        return FALSE;
    cn_referral_clear(referral);
    if (!cn_referral_load(work, number, referral, error))
        return FALSE;
    if (cn_verb_check(change->verb, referral, error))
        return TRUE;
    if (work->records != records)
        cn_work_commit(work, NULL);
    return FALSE;
}

static gboolean
change_inside(CnWork *work,
              gint64 number,
              const CnChange *change,
              CnOutcome *outcome,
              gint64 *out_record,
              GError **error)
{
    CnReferral *referral = &outcome->referral;
    gboolean freed = FALSE;
    if (!load_for(work, number, change, referral, error))
        return FALSE;
    g_autofree char *offering = g_strdup(referral->offering);
    if (!check_reason(change, error) || !prepare(work, referral, change, error))
        return FALSE;
    outcome->from = (gint)referral->state;
    if (change->verb == CN_VERB_REDIRECT &&
        !redirect(work, referral, change, outcome->offered, &outcome->redirected_to, error))
        return FALSE;
    if (change->verb == CN_VERB_SEND && referral->state == CN_DRAFT &&
        !cn_offer_places(work, offering, referral->urgency, outcome->offered, error))
        return FALSE;
    return cn_referral_move(work, referral, cn_verb_leads_to(change->verb),
                            cn_verb_name(change->verb), change->reason, out_record, &freed,
                            error) &&
           (!freed || change->verb == CN_VERB_WAITLIST ||
            cn_offer_places(work, offering, CN_ROUTINE, outcome->offered, error)) &&
           cn_referral_position(work, referral, &outcome->position, error);
}

carenet_table *
cn_referral_change(carenet_store *store,
                   const char *id,
                   const CnChange *change,
                   const CnActing *acting,
                   GError **error)
{
    const char *const words[] = {cn_verb_name(change->verb), id, change->reason, change->to,
                                 change->ground};
    guint8 digest[CN_HASH_LEN];
    g_auto(CnOutcome) outcome = {.from = -1, .dry_run = acting->dry_run};
    g_auto(CnWork) work = {0};
    gboolean found = FALSE;
    gint64 record = 0, number = 0;
    outcome.offered = g_ptr_array_new_with_free_func(g_free);
    if (!cn_referral_id_read(id, &number, error))
        return NULL;
    digest_request(words, G_N_ELEMENTS(words), change->hold_s, digest);
    if (!cn_acting_check(acting, error) || !check_hold(change->hold_s, error) ||
        !cn_work_begin(&work, store, acting, error) ||
        !find_answer(&work, digest, &outcome, &found, error))
        return NULL;
    if (found)
        return cn_outcome_to_table(&outcome);
    if (!change_inside(&work, number, change, &outcome, &record, error) ||
        !cn_request_store(&work, digest, id, record, error) || !cn_work_commit(&work, error))
        return NULL;
    return cn_outcome_to_table(&outcome);
}
