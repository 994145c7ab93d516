/* A place that comes free is offered to who waits longest among the most urgent: held for the referral,
 * which is sent once more. A newcomer passes those only who are less urgent. */
#include "referral/referral-private.h"

#include "base/error.h"

/* Offers to one; FALSE sets @error. A referral whose consent no longer holds keeps waiting, and nobody
 * behind it waits for it: *out_passed. */
static gboolean
offer_to(CnWork *work, gint64 number, GPtrArray *offered, gboolean *out_done, GError **error)
{
    g_auto(CnReferral) referral = {0};
    g_autoptr(GError) cause = NULL;
    *out_done = FALSE;
    if (!cn_referral_load(work, number, &referral, error))
        return FALSE;
    if (!cn_referral_check_consent(work, &referral, referral.basis_reason,
                                   g_strcmp0(referral.basis, "not-asked") == 0, &cause)) {
        if (carenet_error_get_code(cause) == CARENET_ERROR_REFUSED)
            return TRUE;
        cn_error_pass(error, g_steal_pointer(&cause));
        return FALSE;
    }
    referral.hold_until_s = work->now_s + CN_HOLD_S_DEFAULT;
    if (!cn_referral_move(work, &referral, CN_SENT, "offer", NULL, NULL, NULL, error))
        return FALSE;
    g_ptr_array_add(offered, cn_referral_id(number));
    *out_done = TRUE;
    return TRUE;
}

gboolean
cn_offer_places(CnWork *work,
                const char *offering,
                CnUrgency least,
                GPtrArray *offered,
                GError **error)
{
    for (;;) {
        g_auto(CnPlaces) places = {0};
        gint64 number = 0;
        gboolean done = FALSE;
        if (!cn_ledger_look(work, offering, &places, error))
            return FALSE;
        if (!places.known || places.waiting == 0 || places.free == 0)
            return TRUE;
        if (!cn_referral_first_waiting(work, offering, least, places.free, &number, error))
            return FALSE;
        if (number == 0)
            return TRUE;
        if (!offer_to(work, number, offered, &done, error))
            return FALSE;
        if (!done)
            return TRUE;
    }
}
