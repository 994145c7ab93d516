/* A new referral: a need of a case sent to an offering, or put on its waiting list, or a draft. */
#include "referral/referral-private.h"

#include "base/error.h"
#include "model/policy.h"
#include "referral/erase.h"

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
        referral->hold_until_s = cn_hold_until(work, send->hold_s);
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
        !cn_referral_check_provider(work, send->offering, &places, error) ||
        !cn_referral_check_service(work, send->offering, &places, send->need, error) ||
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
           cn_referral_make(work, referral, facts, "refer", out_record, error) &&
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
    if (!cn_acting_check(acting, error) || !cn_hold_check(send->hold_s, error))
        return NULL;
    cn_request_digest(words, G_N_ELEMENTS(words), send->hold_s * 1000 + need->units, digest);
    if (!cn_work_begin(&work, store, acting, error) ||
        !cn_request_answer(&work, digest, &outcome, &found, error))
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
