/* Where one more place helps most: unmet need by service and region. A price says what a place is worth
 * only at the margin, and where prices are degenerate not even that, so for the first rows the list is
 * solved once more with one place added, and the true effect is told. */
#include "routing/plan-why.h"

#include "base/error.h"
#include "base/pieces.h"
#include "directory/partial.h"
#include "directory/plug.h"

#include <string.h>

#define TOP_MOST 1000

static const CnColumn columns[] = {
    {"service", CARENET_COLUMN_TEXT},        {"region", CARENET_COLUMN_TEXT},
    {"needed", CARENET_COLUMN_INT64},        {"placed", CARENET_COLUMN_INT64},
    {"unmet", CARENET_COLUMN_INT64},         {"emergency", CARENET_COLUMN_INT64},
    {"urgent", CARENET_COLUMN_INT64},        {"routine", CARENET_COLUMN_INT64},
    {"offering", CARENET_COLUMN_TEXT},       {"price", CARENET_COLUMN_INT64},
    {"placed_by_one", CARENET_COLUMN_INT64}, {"cost_by_one", CARENET_COLUMN_INT64},
    {"reason", CARENET_COLUMN_TEXT},
};

/* Needs of one service from one region. */
typedef struct {
    const CnService *service; /* NULL: all */
    CnAreaId region;          /* -1: all, or not known */
    gint64 needed;
    gint64 unmet[CN_TIERS];
    guint8 *eligible;    /* of each offering: it could take one of the unmet, if it had a place */
    gint best;           /* of those the dearest; -1 none */
    GHashTable *reasons; /* (element-type utf8 gint64) unmet units by their first binding reason */
} Gap;

typedef struct {
    const carenet_gaps_options *options;
    const CnPlan *plan;
    const CnPlanNeeds *needs;
    const CnPlanUse *use;
    GPtrArray *gaps;   /* (element-type Gap) */
    GHashTable *known; /* (element-type gint64 Gap) */
} Gaps;

static void
free_gap(gpointer data)
{
    Gap *gap = data;
    g_free(gap->eligible);
    g_hash_table_unref(gap->reasons);
    g_free(gap);
}

static gint64
unmet_of(const Gap *gap)
{
    return gap->unmet[CN_EMERGENCY] + gap->unmet[CN_URGENT] + gap->unmet[CN_ROUTINE];
}

static Gap *
gap_of(Gaps *gaps, guint need)
{
    const CnReference *reference = gaps->needs->asked.directory->listing->reference;
    const CnNeed *of = cn_plan_need_of(gaps->needs, need);
    const CnAreaId area = cn_plan_person(gaps->needs, need)->area;
    const CnAreaId region = gaps->options->by_region && area != CN_AREA_NONE
                                ? cn_area_at_level(reference->gazetteer, area, CN_LEVEL_REGION)
                                : CN_AREA_NONE;
    const gint64 key =
        ((gint64)(gaps->options->by_service ? of->service + 1 : 0) << 32) + region + 1;
    Gap *gap = g_hash_table_lookup(gaps->known, &key);
    if (gap != NULL)
        return gap;
    gap = g_new0(Gap, 1);
    gap->service = gaps->options->by_service ? cn_service(reference->taxonomy, of->service) : NULL;
    gap->region = region;
    gap->best = -1;
    gap->reasons = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_hash_table_insert(gaps->known, g_memdup2(&key, sizeof key), gap);
    g_ptr_array_add(gaps->gaps, gap);
    return gap;
}

/* ---- Who could take them, if there were places. */

typedef struct {
    Gap *gap;
    const CnQuestion *question;
} Pairs;

static void
mark_eligible(guint offering, gpointer data)
{
    const Pairs *pairs = data;
    CnCandidate candidate;
    cn_candidate_init(&candidate, pairs->question, offering);
    if (candidate.service->unit != CN_UNIT_NONE &&
        cn_rules_first_broken(pairs->question, &candidate,
                              CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL)) == CN_RULE_NONE)
        pairs->gap->eligible[offering] = TRUE;
}

/* @reason is the plan's, or NULL where it was made without. */
static void
note_reason(Gap *gap, const char *reason, gint64 units)
{
    if (reason == NULL)
        return;
    gint64 *sum = g_hash_table_lookup(gap->reasons, reason);
    if (sum == NULL) {
        sum = g_new0(gint64, 1);
        g_hash_table_insert(gap->reasons, (gpointer)reason, sum);
    }
    *sum += units;
}

/* Of most units; the first by name among equals. NULL: none is known. */
static const char *
first_reason(const Gap *gap)
{
    GHashTableIter iter;
    gpointer reason, units;
    const char *first = NULL;
    gint64 most = 0;
    g_hash_table_iter_init(&iter, gap->reasons);
    while (g_hash_table_iter_next(&iter, &reason, &units)) {
        const gint64 sum = *(const gint64 *)units;
        if (sum > most || (sum == most && first != NULL && strcmp(reason, first) < 0)) {
            first = reason;
            most = sum;
        }
    }
    return first;
}

static void
count_need(Gaps *gaps, guint need, CnPlanWay *way)
{
    const CnDirectory *directory = gaps->needs->asked.directory;
    const CnNeed *of = cn_plan_need_of(gaps->needs, need);
    Gap *gap = gap_of(gaps, need);
    gap->needed += of->units;
    const CnPlanUnmet *unmet = cn_plan_unmet(gaps->plan, cn_plan_person(gaps->needs, need)->ref,
                                             cn_plan_need(gaps->needs, need)->need + 1);
    if (unmet == NULL)
        return;
    gap->unmet[of->urgency] += of->units;
    note_reason(gap, unmet->reason, of->units);
    if (gap->eligible == NULL)
        gap->eligible = g_new0(guint8, MAX(directory->listing->offerings_len, 1));
    const CnQuestion question = cn_plan_way_question(gaps->needs, need, way);
    Pairs pairs = {gap, &question};
    cn_index_visit_meeting(&directory->index, of->service, mark_eligible, &pairs);
}

/* Where the plan has each need; -1. (transfer full) */
static gint *
places_of(const CnPlan *plan, const CnPlanNeeds *needs)
{
    const CnListing *listing = needs->asked.directory->listing;
    gint *offering_of = g_new(gint, (gsize)needs->needs->len + 1);
    for (guint i = 0; i < needs->needs->len; i++)
        offering_of[i] = -1;
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        const gint need = cn_plan_needs_find(needs, planned->ref, planned->need);
        if (need >= 0)
            offering_of[need] = cn_listing_offering(listing, planned->offering);
    }
    return offering_of;
}

/* The dearest place; the first by id among equals. */
static void
choose_offering(const Gaps *gaps, Gap *gap)
{
    const CnListing *listing = gaps->needs->asked.directory->listing;
    gint64 most = -1;
    for (guint i = 0; gap->eligible != NULL && i < listing->offerings_len; i++) {
        const gint64 price = gap->eligible[i] ? cn_plan_use_worth(gaps->use, gaps->plan, i) : -1;
        if (price > most) {
            most = price;
            gap->best = (gint)i;
        }
    }
}

/* ---- Order: the most urgent first. */

static gint
compare_gaps(gconstpointer x, gconstpointer y)
{
    const Gap *a = *(Gap *const *)x, *b = *(Gap *const *)y;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (a->unmet[tier] != b->unmet[tier])
            return a->unmet[tier] > b->unmet[tier] ? -1 : 1;
    if (a->needed != b->needed)
        return a->needed > b->needed ? -1 : 1;
    const gint order = g_strcmp0(a->service != NULL ? a->service->id : NULL,
                                 b->service != NULL ? b->service->id : NULL);
    return order != 0 ? order : (a->region > b->region) - (a->region < b->region);
}

/* ---- The true effect. */

/* (element-type carenet_pin) (transfer full) */
static GArray *
pins_of(const CnPlan *plan)
{
    GArray *pins = g_array_new(FALSE, FALSE, sizeof(carenet_pin));
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        const carenet_pin pin = {planned->ref, planned->need, planned->offering};
        if (planned->pinned)
            g_array_append_val(pins, pin);
    }
    return pins;
}

/* The places that the plan was asked to keep, as a plan that borrows their texts; NULL none. */
static CnPlan *
former_of(const CnPlan *plan)
{
    if (plan->keep == NULL)
        return NULL;
    CnPlan *former = cn_plan_new();
    for (guint i = 0; i < plan->kept->len; i++) {
        const CnPlanKept *kept = cn_plan_kept_at(plan, i);
        const CnPlanned planned = {.ref = kept->ref,
                                   .need = kept->need,
                                   .service = kept->service,
                                   .offering = kept->offering};
        g_array_append_val(former->assignments, planned);
    }
    return former;
}

static gboolean
solve_with_one_more(const Gaps *gaps, const char *offering, CnPlan **out, GError **error)
{
    const CnPlanQuestion *asked = &gaps->needs->asked;
    carenet_batch_options run;
    carenet_batch_options_init(&run);
    run.now_s = asked->now_s;
    run.at_s = asked->at_s;
    run.include_unconfirmed = asked->include_unconfirmed != FALSE;
    run.include_unknown_capacity = asked->include_unknown_capacity != FALSE;
    run.threads = gaps->options->threads;
    run.former = gaps->plan;
    run.skip_reasons = true;
    g_autoptr(GArray) pins = pins_of(gaps->plan);
    g_autoptr(carenet_plan) keep = former_of(gaps->plan);
    run.pins = (const carenet_pin *)(gconstpointer)pins->data;
    run.pins_len = pins->len;
    run.keep = keep;
    run.max_moves = (uint64_t)gaps->plan->max_moves;
    const carenet_change change = {.id = offering, .places = 1};
    g_autoptr(carenet_directory) with = carenet_directory_with(asked->directory, &change, 1, error);
    return with != NULL && carenet_batch(with, asked->policy, asked->cases, &run, out, error);
}

static gboolean
add_effect(CnTableBuilder *table, const Gaps *gaps, const Gap *gap, GError **error)
{
    const CnListing *listing = gaps->needs->asked.directory->listing;
    const char *offering =
        gap->best >= 0 ? cn_listed_text(listing, listing->offerings[gap->best].id) : NULL;
    g_autoptr(carenet_plan) then = NULL;
    if (offering != NULL && !solve_with_one_more(gaps, offering, &then, error))
        return FALSE;
    cn_table_add_text(table, offering);
    if (offering == NULL) {
        cn_table_add_null(table);
        cn_table_add_null(table);
        cn_table_add_null(table);
        return TRUE;
    }
    /* The plan can be kept with a place more, though a search may not find it again. */
    const CnPlanValue *now = &gaps->plan->objective;
    const CnPlanValue *best =
        cn_plan_value_compare(&then->objective, now) < 0 ? &then->objective : now;
    gint64 placed = 0;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        placed += now->unmet[tier] - best->unmet[tier];
    cn_table_add_int64(table, cn_plan_use_worth(gaps->use, gaps->plan, (guint)gap->best));
    cn_table_add_int64(table, placed);
    cn_table_add_int64(table, best->cost - now->cost);
    return TRUE;
}

static gboolean
add_gap(CnTableBuilder *table, const Gaps *gaps, const Gap *gap, gboolean solve, GError **error)
{
    const CnGazetteer *gazetteer = gaps->needs->asked.directory->listing->reference->gazetteer;
    cn_table_add_text(table, gap->service != NULL ? gap->service->id : NULL);
    cn_table_add_text(
        table, gap->region != CN_AREA_NONE ? cn_area_short_name(gazetteer, gap->region) : NULL);
    cn_table_add_int64(table, gap->needed);
    cn_table_add_int64(table, gap->needed - unmet_of(gap));
    cn_table_add_int64(table, unmet_of(gap));
    for (guint tier = 0; tier < CN_TIERS; tier++)
        cn_table_add_int64(table, gap->unmet[tier]);
    if (!solve || unmet_of(gap) == 0) {
        for (guint i = 0; i < 4; i++)
            cn_table_add_null(table);
    } else if (!add_effect(table, gaps, gap, error)) {
        return FALSE;
    }
    cn_table_add_text(table, first_reason(gap));
    return TRUE;
}

static carenet_table *
make_table(const Gaps *gaps, GError **error)
{
    g_autoptr(CnTableBuilder) table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < gaps->gaps->len; i++)
        if (!add_gap(table, gaps, g_ptr_array_index(gaps->gaps, i), i < gaps->options->top, error))
            return NULL;
    return cn_table_builder_finish(g_steal_pointer(&table));
}

/* ---- The call. */

void
carenet_gaps_options_init(carenet_gaps_options *options)
{
    if (options != NULL)
        *options = (carenet_gaps_options){
            .size = sizeof *options, .by_service = true, .by_region = true, .top = 5, .threads = 1};
}

static carenet_table *
find_gaps(const CnPlan *plan,
          const CnPlanQuestion *asked,
          const carenet_gaps_options *options,
          GError **error)
{
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(asked);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_gap);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autofree gint *offering_of = places_of(plan, needs);
    CnPlanUse use;
    cn_plan_use_init(&use, needs, offering_of);
    Gaps gaps = {options, plan, needs, &use, list, known};
    CnPlanWay way = {.made = FALSE};
    for (guint at = 0; at < needs->needs->len; at++)
        count_need(&gaps, needs->order[at], &way);
    for (guint i = 0; i < list->len; i++)
        choose_offering(&gaps, g_ptr_array_index(list, i));
    g_ptr_array_sort(list, compare_gaps);
    carenet_table *table = make_table(&gaps, error);
    cn_plan_use_clear(&use);
    return table;
}

carenet_table *
carenet_plan_gaps(const carenet_plan *plan,
                  const carenet_directory *directory,
                  const carenet_policy *policy,
                  const carenet_cases *cases,
                  const carenet_gaps_options *options,
                  carenet_error **error)
{
    carenet_gaps_options own;
    CN_REQUIRE_GIVEN(plan, error, NULL);
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    carenet_gaps_options_init(&own);
    CN_ADOPT(options, &own, error, NULL);
    CN_REQUIRE(own.threads >= 1 && own.threads <= CN_THREADS_MOST,
               "threads must be 1 to " G_STRINGIFY(CN_THREADS_MOST), error, NULL);
    CN_REQUIRE(own.top <= TOP_MOST, "top must be at most " G_STRINGIFY(TOP_MOST), error, NULL);
    if (!cn_directory_share(G_STRFUNC, directory, policy, cases, error))
        return NULL;
    if (!cn_directory_complete(directory, error))
        return NULL;
    g_autoptr(CnPlugged) plugged = NULL;
    CnPlanQuestion asked = cn_plan_question(plan, directory, policy, cases);
    if (!cn_plan_check_sources(plan, &asked, error) ||
        !cn_plug_cases(directory, policy, cases, &plugged, error))
        return NULL;
    asked.plugged = plugged;
    return find_gaps(plan, &asked, &own, error);
}
