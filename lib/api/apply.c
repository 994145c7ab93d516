/* The public functions that apply a plan. */
#include "api/acting.h"

#include "base/error.h"
#include "directory/avoided.h"
#include "referral/apply.h"
#include "store/referrals.h"

/* How often a directory that has moved on is loaded anew without a referral stored in between. */
#define TRIES 16

void
carenet_apply_options_init(carenet_apply_options *options)
{
    if (options != NULL)
        *options = (carenet_apply_options){.size = sizeof *options};
}

static void
hold_drafts(CnListing *listing, GHashTable *drafts)
{
    GHashTableIter iter;
    gpointer offering, units;
    g_hash_table_iter_init(&iter, drafts);
    while (g_hash_table_iter_next(&iter, &offering, &units)) {
        const gint at = cn_listing_offering(listing, offering);
        if (at >= 0)
            listing->capacity[at].held += *(const gint64 *)units;
    }
}

carenet_directory *
carenet_directory_to_apply(carenet_store *store, carenet_error **error)
{
    g_auto(CnWork) work = {0};
    CN_REQUIRE_GIVEN(store, error, NULL);
    g_autoptr(carenet_directory) directory = carenet_directory_load(store, error);
    if (directory == NULL || !cn_work_begin_reading(&work, store, G_MININT64, error))
        return NULL;
    g_autoptr(GHashTable) drafts = cn_referral_drafts(&work, error);
    if (drafts == NULL)
        return NULL;
    if (g_hash_table_size(drafts) == 0)
        return g_steal_pointer(&directory);
    CnListing *listing = cn_listing_copy(directory->listing);
    hold_drafts(listing, drafts);
    return cn_directory_from_listing(listing, directory->revision);
}

/* Until everything is done or it was asked to stop. */
static gboolean
run(CnApply *apply, carenet_store *store, const carenet_cases *cases, GError **error)
{
    gboolean stale = TRUE;
    for (guint tries = 0; stale && tries < TRIES; tries++) {
        const guint done = cn_apply_done(apply);
        g_autoptr(carenet_directory) directory = carenet_directory_load(store, error);
        if (directory == NULL || !cn_directory_knows_avoided(directory, cases, error) ||
            !cn_apply_run(apply, directory, &stale, error))
            return FALSE;
        tries = cn_apply_done(apply) > done ? 0 : tries;
    }
    if (!stale)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_BUSY,
                 "the directory changes faster than the plan is applied");
    cn_error_hint(error, "apply the same plan again: what is stored stays");
    return FALSE;
}

carenet_table *
carenet_plan_apply(const carenet_plan *plan,
                   carenet_store *store,
                   const carenet_policy *policy,
                   const carenet_cases *cases,
                   const carenet_apply_options *options,
                   const carenet_acting *acting,
                   carenet_error **error)
{
    carenet_apply_options own;
    CnActing who;
    carenet_apply_options_init(&own);
    CN_REQUIRE_GIVEN(plan, error, NULL);
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    CN_ADOPT(options, &own, error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error))
        return NULL;
    g_autoptr(carenet_policy) stored = policy == NULL ? carenet_store_policy(store, error) : NULL;
    const CnPolicy *used = policy != NULL ? policy : stored;
    if (used == NULL)
        return NULL;
    const char *digest = cn_store_reference(store)->digest;
    CN_REQUIRE(g_strcmp0(digest, used->reference->digest) == 0,
               "the policy was made with other reference data than the store", error, NULL);
    CN_REQUIRE(g_strcmp0(digest, cases->reference->digest) == 0,
               "the list of cases was made with other reference data than the store", error, NULL);
    const CnApplyOptions how = {.plan = plan,
                                .policy = used,
                                .cases = cases,
                                .send = own.send,
                                .hold_s = own.hold_s,
                                .cancel = own.cancel,
                                .progress = own.progress,
                                .progress_user = own.progress_user};
    g_autoptr(CnApply) apply = cn_apply_new(store, &how, &who, error);
    return apply != NULL && run(apply, store, cases, error) ? cn_apply_table(apply) : NULL;
}

char *
carenet_plan_lost(const carenet_cases *cases, const carenet_table *applied, carenet_error **error)
{
    CN_REQUIRE_GIVEN(cases, error, NULL);
    CN_REQUIRE_GIVEN(applied, error, NULL);
    return cn_apply_lost(cases, applied, error);
}
