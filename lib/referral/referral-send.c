/* A new referral: a need of a case sent to an offering, or put on its waiting list, or a draft. */
#include "referral/referral-private.h"

#include "base/error.h"
#include "model/policy.h"
#include "referral/disclose.h"
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

/* Whether it gives what is needed, and takes anybody. */
static gboolean
check_where(CnWork *work, const CnSend *send, const CnPlaces *places, GError **error)
{
    return cn_referral_check_provider(work, send->offering, places, error) &&
           cn_referral_check_service(work, send->offering, places, send->need, error);
}

/* Where it goes was looked at. */
static gboolean
send_inside(CnWork *work,
            const CnCase *person,
            const CnNeed *need,
            gboolean never_asked,
            const CnSend *send,
            const CnPlaces *places,
            CnOutcome *outcome,
            gint64 *out_record,
            GError **error)
{
    CnCaseRecord record;
    g_autoptr(GBytes) facts = NULL;
    CnReferral *referral = &outcome->referral;
    if (!cn_case_store(work, person, &record, error))
        return FALSE;
    *referral = (CnReferral){.case_id = record.id,
                             .ref = g_strdup(person->ref),
                             .need = g_strdup(send->need),
                             .offering = g_strdup(send->offering),
                             .provider = g_strdup(places->provider),
                             .service = g_strdup(places->service),
                             .urgency = need->urgency,
                             .units = need->units,
                             .counted = places->counted,
                             .ages_out = find_ages_out(work, person, places->age_max),
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
    g_auto(CnPlaces) places = {0};
    const gboolean never_asked =
        is_never_asked(cn_store_reference(work->store), policy, need, send->need);
    return cn_ledger_look(work, send->offering, &places, error) &&
           check_where(work, send, &places, error) &&
           send_inside(work, person, need, never_asked, send, &places, outcome, out_record, error);
}

/* ---- By itself. */

typedef struct {
    const CnSendCase *of;
    const CnCase *person;
    const CnSend *send;
    gboolean never_asked;
    guint8 digest[CN_HASH_LEN]; /* of the request */
    CnPlaces places;
} Sending;

static void
sending_clear(Sending *sending)
{
    cn_places_clear(&sending->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sending, sending_clear)

static gboolean
send_and_store(CnWork *work, const Sending *sending, CnOutcome *outcome, GError **error)
{
    gint64 record = 0;
    if (!send_inside(work, sending->person, sending->of->need, sending->never_asked, sending->send,
                     &sending->places, outcome, &record, error))
        return FALSE;
    g_autofree char *id = cn_referral_id(outcome->referral.number);
    return cn_request_store(work, sending->digest, id, record, error);
}

static gboolean
refuse_site(const CnWork *work, const Sending *sending, GError **error)
{
    cn_error_set(error, CARENET_ERROR_REFUSED, "%s is refused: %s", sending->send->offering,
                 work->acting->dry_run ? "in a dry run nobody looks where it is"
                                       : "not for this case [safety]");
    cn_error_hint(error, "ask carenet route for another");
    return FALSE;
}

/* Whoever was told that a site is safe has an answer, and whoever was refused, too: that it was looked at
 * stays written down whatever becomes of the referral, and nothing is told before that is stored. */
static gboolean
look_and_send(CnWork *work, const Sending *sending, CnOutcome *outcome, GError **error)
{
    CnWork before;
    gboolean asked = FALSE, safe = FALSE;
    g_autoptr(GError) cause = NULL;
    if (!cn_site_look(work, sending->person, &sending->places, sending->send->site_key, &asked,
                      &safe, error))
        return FALSE;
    if (!safe || work->acting->dry_run)
        return cn_work_commit(work, error) && refuse_site(work, sending, error);
    if (!cn_work_part_begin(work, &before, error))
        return FALSE;
    if (send_and_store(work, sending, outcome, &cause))
        return cn_work_part_keep(work, error);
    if (cn_work_part_undo(work, &before, error) && cn_work_commit(work, error))
        cn_error_pass(error, g_steal_pointer(&cause));
    return FALSE;
}

static gboolean
send_checked(CnWork *work, Sending *sending, CnOutcome *outcome, GError **error)
{
    gboolean site = FALSE;
    return cn_ledger_look(work, sending->send->offering, &sending->places, error) &&
           cn_send_check_rules(work, sending->of, sending->send, &sending->places, &site,
                               outcome->despite, error) &&
           check_where(work, sending->send, &sending->places, error) &&
           (site ? look_and_send : send_and_store)(work, sending, outcome, error);
}

carenet_table *
cn_referral_send(carenet_store *store,
                 const CnSendCase *of,
                 const CnSend *send,
                 const CnActing *acting,
                 GError **error)
{
    const CnCase *person = g_ptr_array_index(of->cases->cases, of->person);
    const char *const words[] = {"refer",
                                 person->ref,
                                 send->need,
                                 send->offering,
                                 send->ground,
                                 send->draft ? "draft" : "",
                                 send->waitlist ? "waitlist" : "",
                                 "despite"};
    g_auto(CnOutcome) outcome = {.from = -1, .dry_run = acting->dry_run};
    g_auto(CnWork) work = {0};
    g_auto(Sending) sending = {.of = of, .person = person, .send = send};
    gboolean found = FALSE;
    sending.never_asked =
        is_never_asked(cn_store_reference(store), of->policy, of->need, send->need);
    outcome.offered = g_ptr_array_new_with_free_func(g_free);
    outcome.despite = g_ptr_array_new_with_free_func(g_free);
    if (!cn_acting_check(acting, error) || !cn_hold_check(send->hold_s, error))
        return NULL;
    /* What older carenets asked for keeps its digest. */
    cn_request_digest(words, G_N_ELEMENTS(words) - (send->despite ? 0 : 1),
                      send->hold_s * 1000 + of->need->units, sending.digest);
    if (!cn_offer_overdue(store, send->offering, 0, acting, outcome.offered, error) ||
        !cn_work_begin(&work, store, acting, error) ||
        !cn_request_answer(&work, sending.digest, &outcome, &found, error))
        return NULL;
    const guint offered = outcome.offered->len;
    if (!found &&
        (!send_checked(&work, &sending, &outcome, error) || !cn_work_commit(&work, error))) {
        g_ptr_array_set_size(outcome.offered, (gint)offered);
        cn_offered_tell(outcome.offered, error);
        return NULL;
    }
    return cn_outcome_to_table(&outcome);
}
