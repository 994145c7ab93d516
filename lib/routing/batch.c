/* A run: needs and market, the search, company, the plan. */
#include "routing/budget.h"
#include "routing/keep.h"
#include "routing/plan-make.h"

#include "base/error.h"
#include "base/pieces.h"
#include "base/text.h"
#include "directory/avoided.h"
#include "directory/partial.h"
#include "directory/plug.h"

#include <math.h>

#define TIME_MOST_S 1e7

struct carenet_cancel {
    gint requested;
};

typedef struct {
    const carenet_batch_options *options;
    const CnPlanNeeds *needs;
    CnMarketOptions market;
    GArray *pins;    /* (element-type CnPin) */
    GArray *kept;    /* (element-type CnKept); NULL: nobody keeps a place */
    gint64 begun_us; /* of g_get_monotonic_time() */
    CnBudget budget;
    gint64 deadline_us; /* of the search; 0 none */
    const char *stage;  /* told with the progress */
    gint *stop;         /* atomic */
    gint64 *former;     /* of each offering: prices to begin with */
    gint32 *places;     /* of each unit: where it was then; NULL */
    CnPlacement placement;
} CnBatch;

/* ---- Stopping. */

carenet_cancel *
carenet_cancel_new(void)
{
    return g_new0(carenet_cancel, 1);
}

void
carenet_cancel_request(carenet_cancel *cancel)
{
    if (cancel != NULL)
        g_atomic_int_set(&cancel->requested, 1);
}

bool
carenet_cancel_is_requested(const carenet_cancel *cancel)
{
    return cancel != NULL && g_atomic_int_get(&cancel->requested) != 0;
}

void
carenet_cancel_free(carenet_cancel *cancel)
{
    g_free(cancel);
}

/* ---- Progress. */

static void
report(double done, gpointer data)
{
    const CnBatch *batch = data;
    /* Whoever said stop has heard enough: other threads are still on their way to a halt. */
    if (g_atomic_int_get(batch->stop) != 0)
        return;
    const carenet_progress progress = {.size = sizeof progress,
                                       .stage = batch->stage,
                                       .done = done,
                                       .needs_len = batch->needs->needs->len};
    if (!batch->options->progress(&progress, batch->options->progress_user))
        g_atomic_int_set(batch->stop, 1);
}

/* ---- Pins. */

static gboolean
refuse_pin(GError **error, gsize pin, const char *what)
{
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "pin %" G_GSIZE_FORMAT " names %s", pin + 1, what);
    cn_error_hint(error, "a pin is a case of the list, the number of its need and an offering");
    return FALSE;
}

/* (element-type CnPin) (transfer full) */
static GArray *
find_pins(const CnPlanNeeds *needs, const carenet_batch_options *options, GError **error)
{
    g_autoptr(GArray) pins = g_array_new(FALSE, FALSE, sizeof(CnPin));
    for (gsize i = 0; i < options->pins_len; i++) {
        const carenet_pin *pin = &options->pins[i];
        CN_REQUIRE_FOR("carenet_batch", pin->ref != NULL && pin->offering != NULL,
                       "a pin has no ref, or no offering", error, NULL);
        const gint need =
            cn_plan_needs_find(needs, pin->ref, (guint)MIN(pin->need, (size_t)G_MAXINT));
        const gint offering = cn_listing_offering(needs->asked.directory->listing, pin->offering);
        if (need < 0 || offering < 0) {
            refuse_pin(error, i, need < 0 ? "no need of the list" : "no offering of the directory");
            return NULL;
        }
        const CnPin found = {(guint)need, (guint)offering};
        g_array_append_val(pins, found);
    }
    return g_steal_pointer(&pins);
}

static void
ask_market(CnBatch *batch)
{
    const CnPlanQuestion *asked = &batch->needs->asked;
    CnMarketOptions *options = &batch->market;
    cn_market_options_init(options);
    options->now_s = asked->now_s;
    options->at_s = asked->at_s;
    options->include_unconfirmed = asked->include_unconfirmed;
    options->include_unknown_capacity = asked->include_unknown_capacity;
    options->plugged = asked->plugged;
    options->threads = batch->options->threads;
    options->pins = (const CnPin *)(gconstpointer)batch->pins->data;
    options->pins_len = batch->pins->len;
}

/* Who keeps a place; a pin goes before. */
static void
find_kept(CnBatch *batch)
{
    const CnPlan *former = batch->options->keep;
    const guint len = batch->needs->needs->len;
    if (former == NULL)
        return;
    g_autofree gint *pinned_at = g_new(gint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        pinned_at[i] = -1;
    for (guint i = 0; i < batch->pins->len; i++) {
        const CnPin *pin = &g_array_index(batch->pins, CnPin, i);
        pinned_at[pin->need] = (gint)pin->offering;
    }
    batch->kept = cn_plan_kept_find(batch->needs, former, pinned_at);
    cn_plan_kept_release(batch->needs, pinned_at, batch->kept);
}

/* Prices to begin with, by offering. */
static void
take_prices(CnBatch *batch, const CnPlan *former)
{
    const CnListing *listing = batch->needs->asked.directory->listing;
    for (guint i = 0; former != NULL && i < former->prices->len; i++) {
        const CnPlanPrice *price = cn_plan_price_at(former, i);
        const gint offering = cn_listing_offering(listing, price->offering);
        if (offering >= 0)
            batch->former[offering] = price->price;
    }
}

/* Where the former plan had the units of each need. */
static void
take_place(CnBatch *batch, const guint *first_unit, const char *ref, guint number, gint32 at)
{
    const gint need = cn_plan_needs_find(batch->needs, ref, number);
    for (guint unit = need >= 0 ? first_unit[need] : 0; need >= 0 && unit < first_unit[need + 1];
         unit++)
        batch->places[unit] = at;
}

/* Places to begin with, by unit. Whatever they are the answer is as good. */
static void
take_places(CnBatch *batch, const CnPlan *former)
{
    const CnListing *listing = batch->needs->asked.directory->listing;
    const guint len = batch->needs->needs->len;
    if (former == NULL)
        return;
    g_autofree guint *first_unit = g_new0(guint, (gsize)len + 1);
    for (guint need = 0; need < len; need++)
        first_unit[need + 1] = first_unit[need] + (guint)cn_plan_need_of(batch->needs, need)->units;
    batch->places = g_new(gint32, (gsize)first_unit[len] + 1);
    for (guint unit = 0; unit < first_unit[len]; unit++)
        batch->places[unit] = CN_FORMER_UNKNOWN;
    for (guint i = 0; i < former->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(former, i);
        take_place(batch, first_unit, unmet->ref, unmet->need, CN_FORMER_UNMET);
    }
    for (guint i = 0; i < former->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(former, i);
        const gint offering = cn_listing_offering(listing, planned->offering);
        if (offering >= 0)
            take_place(batch, first_unit, planned->ref, planned->need, offering);
    }
}

/* ---- The search. */

static gboolean
place(CnBatch *batch, const CnAssignOptions *options, GError **error)
{
    const CnPlanQuestion *asked = &batch->needs->asked;
    if (batch->kept != NULL) {
        const CnKeepQuestion question = {
            .needs = batch->needs,
            .market = &batch->market,
            .assign = options,
            .kept = batch->kept,
            .max_moves = (gint64)MIN(batch->options->max_moves, (guint64)G_MAXINT64)};
        return cn_keep_place(&question, &batch->placement, error);
    }
    g_autoptr(CnMarket) market =
        cn_market_new(asked->directory, asked->policy, asked->cases, &batch->market, error);
    return market != NULL &&
           cn_parties_place(market, batch->needs, options, &batch->placement, error);
}

static gboolean
search(CnBatch *batch, GError **error)
{
    const carenet_batch_options *asked = batch->options;
    CnAssignOptions options;
    cn_assign_options_init(&options);
    options.threads = asked->threads;
    options.work_limit = asked->work_limit;
    options.deadline_us = batch->deadline_us;
    options.cancel = batch->stop;
    options.progress = asked->progress != NULL ? report : NULL;
    options.progress_data = batch;
    options.prices = asked->former != NULL ? batch->former : NULL;
    options.former = batch->places;
    return place(batch, &options, error);
}

/* ---- The plan. */

static CnPlanStopped
stopped_of(CnStopped stopped)
{
    switch (stopped) {
    case CN_STOPPED_WORK:
        return CN_PLAN_STOPPED_WORK;
    case CN_STOPPED_TIME:
        return CN_PLAN_STOPPED_TIME;
    case CN_STOPPED_USER:
        return CN_PLAN_STOPPED_USER;
    default:
        return CN_PLAN_STOPPED_NOT;
    }
}

static CnPlan *
make_plan(CnBatch *batch)
{
    const CnPlanNeeds *needs = batch->needs;
    g_autofree guint8 *pinned = g_new0(guint8, MAX(needs->needs->len, 1));
    CnPlanAnswer answer = {
        .offering_of = batch->placement.offering_of,
        .pinned = pinned,
        .price = batch->placement.price,
        .bound.cost = batch->placement.bound.cost,
        .stopped_by = stopped_of(batch->placement.stopped_by),
        .searched = batch->placement.searched,
        .former = batch->options->keep,
        .kept = batch->kept,
        .max_moves = (gint64)MIN(batch->options->max_moves, (guint64)G_MAXINT64 / 4),
        .reasons = {.skip = batch->options->skip_reasons,
                    .threads = batch->options->threads,
                    .deadline_us = batch->budget.limit_us > 0
                                       ? batch->begun_us + cn_budget_reasons_end(&batch->budget)
                                       : 0,
                    .cancel = batch->stop,
                    .progress = batch->options->progress != NULL ? report : NULL,
                    .progress_data = batch}};
    for (guint i = 0; i < batch->pins->len; i++)
        pinned[g_array_index(batch->pins, CnPin, i).need] = TRUE;
    for (guint tier = 0; tier < CN_TIERS; tier++) {
        answer.penalties[tier] = batch->placement.penalties[tier];
        answer.bound.unmet[tier] = batch->placement.bound.unmet[tier];
    }
    batch->stage = "reasons";
    return cn_plan_make(needs, &answer);
}

/* What the search may have of the time, after @needs were grouped since @grouping_us. */
static void
share_time(CnBatch *batch, gint64 grouping_us)
{
    const gint64 now_us = g_get_monotonic_time();
    batch->budget = (CnBudget){.limit_us = (gint64)(batch->options->time_limit_s * G_USEC_PER_SEC),
                               .group_us = now_us - grouping_us,
                               .reasons = !batch->options->skip_reasons};
    if (batch->budget.limit_us > 0)
        batch->deadline_us =
            batch->begun_us + cn_budget_search_end(&batch->budget, now_us - batch->begun_us);
}

static CnPlan *
run(const CnPlanQuestion *asked,
    const carenet_batch_options *options,
    gint64 begun_us,
    GError **error)
{
    const gint64 grouping_us = g_get_monotonic_time();
    carenet_cancel unasked = {0};
    CnPlan *plan = NULL;
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(asked);
    g_autoptr(GArray) pins = find_pins(needs, options, error);
    g_autofree gint64 *former = g_new0(gint64, MAX(asked->directory->listing->offerings_len, 1));
    CnBatch batch = {.options = options,
                     .needs = needs,
                     .pins = pins,
                     .begun_us = begun_us,
                     .stage = "search",
                     .stop = &(options->cancel != NULL ? options->cancel : &unasked)->requested,
                     .former = former};
    share_time(&batch, grouping_us);
    if (pins == NULL)
        return NULL;
    ask_market(&batch);
    find_kept(&batch);
    take_prices(&batch, options->former);
    take_places(&batch, options->former);
    if (search(&batch, error))
        plan = make_plan(&batch);
    cn_placement_clear(&batch.placement);
    g_clear_pointer(&batch.kept, g_array_unref);
    g_free(batch.places);
    return plan;
}

/* ---- The call. */

void
carenet_batch_options_init(carenet_batch_options *options)
{
    if (options != NULL)
        *options = (carenet_batch_options){
            .size = sizeof *options, .at_s = G_MININT64, .now_s = G_MININT64, .threads = 1};
}

static gboolean
check_options(const carenet_batch_options *options, GError **error)
{
    CN_REQUIRE_FOR("carenet_batch", options->threads >= 1 && options->threads <= CN_THREADS_MOST,
                   "threads must be 1 to " G_STRINGIFY(CN_THREADS_MOST), error, FALSE);
    CN_REQUIRE_FOR("carenet_batch",
                   options->time_limit_s >= 0 && options->time_limit_s <= TIME_MOST_S,
                   "time_limit_s must be 0 to " G_STRINGIFY(TIME_MOST_S), error, FALSE);
    CN_REQUIRE_FOR("carenet_batch", options->pins != NULL || options->pins_len == 0,
                   "pins is NULL, and pins_len is not 0", error, FALSE);
    CN_REQUIRE_FOR("carenet_batch", cn_instant_is_usable(options->now_s), CN_INSTANT_WRONG("now_s"),
                   error, FALSE);
    CN_REQUIRE_FOR("carenet_batch", cn_instant_is_usable(options->at_s), CN_INSTANT_WRONG("at_s"),
                   error, FALSE);
    return TRUE;
}

bool
carenet_batch(const carenet_directory *directory,
              const carenet_policy *policy,
              const carenet_cases *cases,
              const carenet_batch_options *options,
              carenet_plan **out_plan,
              carenet_error **error)
{
    const gint64 begun_us = g_get_monotonic_time();
    carenet_batch_options own;
    CN_REQUIRE_GIVEN(directory, error, false);
    CN_REQUIRE_GIVEN(policy, error, false);
    CN_REQUIRE_GIVEN(cases, error, false);
    CN_REQUIRE_GIVEN(out_plan, error, false);
    carenet_batch_options_init(&own);
    CN_ADOPT(options, &own, error, false);
    if (!check_options(&own, error))
        return false;
    if (!cn_directory_complete(directory, error))
        return false;
    if (!cn_directory_share(G_STRFUNC, directory, policy, cases, error) ||
        !cn_directory_knows_avoided(directory, cases, error))
        return false;
    CnPlanQuestion asked = {.directory = directory,
                            .policy = policy,
                            .cases = cases,
                            .now_s = own.now_s,
                            .at_s = own.at_s,
                            .include_unconfirmed = own.include_unconfirmed,
                            .include_unknown_capacity = own.include_unknown_capacity};
    if (asked.now_s == G_MININT64)
        asked.now_s = g_get_real_time() / G_USEC_PER_SEC;
    if (asked.at_s == G_MININT64)
        asked.at_s = asked.now_s;
    g_autoptr(CnPlugged) plugged = NULL;
    if (!cn_plug_cases(directory, policy, cases, &plugged, error))
        return false;
    asked.plugged = plugged;
    CnPlan *plan = run(&asked, &own, begun_us, error);
    if (plan == NULL)
        return false;
    *out_plan = plan;
    return true;
}
