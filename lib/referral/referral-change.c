/* The verbs of a referral that is stored: what must hold before each, and what it leads to. */
#include "referral/referral-private.h"

#include "base/error.h"

#include <string.h>

/* The month in which the survivor may be too old for another offering, which takes somebody for more years or
 * fewer. */
static CnDate
move_ages_out(CnDate ages_out, gint age_max, gint new_age_max)
{
    if (!cn_date_is_set(ages_out) || age_max < 0 || new_age_max < 0 || new_age_max >= CN_AGE_OPEN)
        return CN_DATE_NONE;
    ages_out.year = (gint16)(ages_out.year + new_age_max - age_max);
    return ages_out;
}

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
        !cn_referral_check_provider(work, change->to, &places, error) ||
        !cn_referral_check_service(work, change->to, &places, old->need, error) ||
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
                            .hold_until_s = cn_hold_until(work, change->hold_s),
                            .waiting_s = G_MININT64,
                            .basis = g_strdup("none"),
                            .ages_out = move_ages_out(old->ages_out, left.age_max, places.age_max),
                            .home = g_strdup(old->home),
                            .from_number = old->number};
    const gboolean never_asked = g_strcmp0(old->basis, "not-asked") == 0;
    const char *ground = change->ground != NULL ? change->ground : old->basis_reason;
    if (!cn_referral_check_consent(work, &referral, ground, never_asked, error) ||
        !cn_referral_make(work, &referral, NULL, "refer", &record, error) ||
        !cn_referral_copy_facts(work, old->number, referral.number, error))
        return FALSE;
    *out_number = referral.number;
    return TRUE;
}

/* Who is suspended takes nobody in any more, whoever was sent before; nor does who has closed. Who is paused may: that is
 * about new ones. */
static gboolean
check_still_there(CnWork *work, const CnReferral *referral, GError **error)
{
    g_auto(CnPlaces) places = {0};
    if (!cn_ledger_look(work, referral->offering, &places, error))
        return FALSE;
    if (places.open && strcmp(places.status, "paused") == 0)
        return TRUE;
    if (cn_referral_check_provider(work, referral->offering, &places, error))
        return TRUE;
    cn_error_hint(error, referral->state == CN_ACCEPTED
                             ? "carenet cancel it, and ask carenet route for another"
                             : "carenet redirect it, or cancel it; carenet route proposes another");
    return FALSE;
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
        referral->hold_until_s = cn_hold_until(work, change->hold_s);
        return cn_ledger_look(work, referral->offering, &places, error) &&
               cn_referral_check_provider(work, referral->offering, &places, error) &&
               cn_referral_check_consent(work, referral, ground, never_asked, error);
    case CN_VERB_ACCEPT:
        /* A yes on the phone is also a receipt; what was received was looked at then. */
        if (referral->state == CN_RECEIVED)
            return check_still_there(work, referral, error);
        /* fall through */
    case CN_VERB_RECEIVE:
        return check_still_there(work, referral, error) &&
               cn_referral_check_consent(work, referral, ground, never_asked, error);
    case CN_VERB_START:
        return check_still_there(work, referral, error);
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
    g_autoptr(GPtrArray) offered = g_ptr_array_new_with_free_func(g_free);
    const gboolean stored = work->records != records &&
                            cn_offer_to_others(work, offering, number, offered, NULL) &&
                            cn_work_commit(work, NULL);
    if (stored && !work->acting->dry_run)
        cn_offered_tell(offered, error);
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
           /* Who is put on the list was told that there is no place. */
           (!freed ||
            cn_offer_to_others(work, offering, change->verb == CN_VERB_WAITLIST ? number : 0,
                               outcome->offered, error)) &&
           cn_referral_position(work, referral, &outcome->position, error);
}

/* What came free at the offering of the referral, and at the one where it is to go. */
static gboolean
offer_overdue(carenet_store *store,
              gint64 number,
              const CnChange *change,
              const CnActing *acting,
              GPtrArray *offered,
              GError **error)
{
    g_auto(CnReferral) referral = {0};
    g_auto(CnWork) work = {0};
    if (!cn_work_begin_reading(&work, store, acting->now_s, error))
        return FALSE;
    const gboolean found = cn_referral_load(&work, number, &referral, NULL);
    cn_work_end(&work);
    /* What else is wrong is told by the transaction itself. */
    return (!found || cn_offer_overdue(store, referral.offering, number, acting, offered, error)) &&
           (change->to == NULL || cn_offer_overdue(store, change->to, 0, acting, offered, error));
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
    cn_request_digest(words, G_N_ELEMENTS(words), change->hold_s, digest);
    if (!cn_acting_check(acting, error) || !cn_hold_check(change->hold_s, error) ||
        !offer_overdue(store, number, change, acting, outcome.offered, error) ||
        !cn_work_begin(&work, store, acting, error) ||
        !cn_request_answer(&work, digest, &outcome, &found, error))
        return NULL;
    const guint offered = outcome.offered->len;
    if (!found &&
        (!change_inside(&work, number, change, &outcome, &record, error) ||
         !cn_request_store(&work, digest, id, record, error) || !cn_work_commit(&work, error))) {
        g_ptr_array_set_size(outcome.offered, (gint)offered);
        cn_offered_tell(outcome.offered, error);
        return NULL;
    }
    return cn_outcome_to_table(&outcome);
}
