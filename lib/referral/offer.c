/* A place that comes free is offered to who waits longest among the most urgent: held for the referral,
 * which is sent once more. A newcomer passes those only who are less urgent. */
#include "referral/referral-private.h"

#include "base/error.h"

/* Who is offered what comes free. */
typedef struct {
    const char *offering;
    CnUrgency least;    /* nobody less urgent */
    gint64 except;      /* nor this referral; 0 none */
    GPtrArray *offered; /* (element-type utf8) who got a place */
} Offer;

/* FALSE sets @error. A referral whose consent no longer holds keeps waiting; those behind it do not wait for it. */
static gboolean
offer_to(CnWork *work, CnReferral *referral, GPtrArray *offered, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!cn_referral_check_consent(work, referral, referral->basis_reason,
                                   g_strcmp0(referral->basis, "not-asked") == 0, &cause)) {
        if (carenet_error_get_code(cause) == CARENET_ERROR_REFUSED)
            return TRUE;
        cn_error_pass(error, g_steal_pointer(&cause));
        return FALSE;
    }
    referral->hold_until_s = work->now_s + CN_HOLD_S_DEFAULT;
    if (!cn_referral_move(work, referral, CN_SENT, "offer", NULL, NULL, NULL, error))
        return FALSE;
    g_ptr_array_add(offered, cn_referral_id(referral->number));
    return TRUE;
}

/* Whether there is anything that may be offered. Nobody is sent to a provider that takes nobody. */
static gboolean
has_something(const CnWork *work, const char *offering, const CnPlaces *places)
{
    return places->known && places->waiting > 0 && places->free > 0 &&
           cn_referral_check_provider(work, offering, places, NULL);
}

static gboolean
offer(CnWork *work, const Offer *offer, GError **error)
{
    g_auto(CnPlaces) places = {0};
    if (!cn_ledger_look(work, offer->offering, &places, error))
        return FALSE;
    if (!has_something(work, offer->offering, &places))
        return TRUE;
    g_autoptr(GArray) waiting = cn_referrals_waiting(work, offer->offering, offer->least, error);
    if (waiting == NULL)
        return FALSE;
    for (guint i = 0; i < waiting->len && places.free > 0; i++) {
        g_auto(CnReferral) referral = {0};
        const gint64 number = g_array_index(waiting, gint64, i);
        if (number == offer->except)
            continue;
        if (!cn_referral_load(work, number, &referral, error))
            return FALSE;
        if (referral.units > places.free)
            continue;
        cn_places_clear(&places);
        if (!offer_to(work, &referral, offer->offered, error) ||
            !cn_ledger_look(work, offer->offering, &places, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cn_offer_places(CnWork *work,
                const char *offering,
                CnUrgency least,
                GPtrArray *offered,
                GError **error)
{
    return offer(work, &(Offer){offering, least, 0, offered}, error);
}

gboolean
cn_offer_to_others(CnWork *work,
                   const char *offering,
                   gint64 except,
                   GPtrArray *offered,
                   GError **error)
{
    return offer(work, &(Offer){offering, CN_ROUTINE, except, offered}, error);
}

/* ---- What came free by itself. */

/* Whether somebody waits for what is free, as the clock says. An offering that nobody has is the caller's to tell. */
static gboolean
is_overdue(carenet_store *store, const char *offering, gint64 now_s, gboolean *out, GError **error)
{
    g_auto(CnWork) work = {0};
    g_auto(CnPlaces) places = {0};
    g_autoptr(GError) cause = NULL;
    *out = FALSE;
    if (!cn_work_begin_reading(&work, store, now_s, error))
        return FALSE;
    if (cn_ledger_look(&work, offering, &places, &cause)) {
        *out = has_something(&work, offering, &places);
        return TRUE;
    }
    if (carenet_error_get_code(cause) == CARENET_ERROR_NOT_FOUND)
        return TRUE;
    cn_error_pass(error, g_steal_pointer(&cause));
    return FALSE;
}

gboolean
cn_offer_overdue(carenet_store *store,
                 const char *offering,
                 gint64 except,
                 const CnActing *acting,
                 GPtrArray *offered,
                 GError **error)
{
    const CnActing clock = {.actor = acting->actor, .now_s = acting->now_s};
    gboolean overdue = FALSE;
    g_auto(CnWork) work = {0};
    if (acting->dry_run)
        return TRUE;
    if (!is_overdue(store, offering, acting->now_s, &overdue, error))
        return FALSE;
    return !overdue ||
           (cn_work_begin(&work, store, &clock, error) && cn_ledger_sweep(&work, offering, error) &&
            cn_offer_to_others(&work, offering, except, offered, error) &&
            cn_work_commit(&work, error));
}

void
cn_offered_tell(const GPtrArray *offered, GError **error)
{
    if (offered->len == 0 || error == NULL || *error == NULL)
        return;
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < offered->len; i++)
        g_string_append_printf(ids, "%s%s", i > 0 ? ", " : "",
                               (const char *)g_ptr_array_index(offered, i));
    const char *hint = carenet_error_get_hint(*error);
    g_autofree char *before = hint != NULL ? g_strdup_printf("%s; ", hint) : g_strdup("");
    cn_error_hint(error, "%swhat had come free was offered to %s: call the provider", before,
                  ids->str);
}

gboolean
cn_offer_all_overdue(carenet_store *store,
                     const CnActing *acting,
                     GPtrArray *offered,
                     GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;
    g_auto(CnWork) work = {0};
    if (!cn_work_begin_reading(&work, store, acting->now_s, error))
        return FALSE;
    ids = cn_offerings_waited_for(&work, error);
    cn_work_end(&work);
    for (guint i = 0; ids != NULL && i < ids->len; i++)
        if (!cn_offer_overdue(store, g_ptr_array_index(ids, i), 0, acting, offered, error))
            return FALSE;
    return ids != NULL;
}
