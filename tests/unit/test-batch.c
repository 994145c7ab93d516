/* Batch routing end to end on random tiny worlds: against brute force over every plan (rules and costs
 * from the oracle that was written from the design text), proved by the checker, the same for any number
 * of threads and any order, and true to its word. */
#include "../support/plan-oracle.h"

#include "directory/change.h"
#include "format/plan-file.h"
#include "routing/plan-make.h"
#include "routing/plan-needs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS       WORLD_ROUNDS(1500)
#define QUOTA_ROUNDS WORLD_ROUNDS(600)

static CnReference *reference;
static gboolean use_costs; /* in the worlds that are made now */

/* ---- Against every plan. */

typedef struct {
    guint compared, plain, optimal, checked, proven, stay, moved, released, used;
} Counts;

/* Whether somebody of the plan pays for use. */
static gboolean
pays_for_use(const BatchWorld *world, const CnPlan *plan)
{
    const CnListing *listing = world->directory->listing;
    g_autofree gint64 *used = g_new0(gint64, listing->offerings_len + 1);
    gint64 cost = 0;
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        used[cn_listing_offering(listing, planned->offering)] += planned->units;
    }
    for (guint i = 0; i < listing->offerings_len; i++)
        cost += world_use(world->policy, listing, i, used[i]);
    return cost > 0;
}

static void
assert_use_was_paid(const Counts *counts)
{
    if (!use_costs)
        return;
    print_message("in %u of them somebody pays for use\n", counts->used);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(counts->used > ROUNDS / 5);
}

static void
assert_is_proved(const BatchWorld *world, const CnPlan *plan)
{
    batch_world_assert_proved(world, plan, NULL);
}

/* What is explained is what was counted: the chosen offering of every need, at the plan's cost. */
static void
assert_is_explained(const BatchWorld *world, const CnPlan *plan)
{
    guint chosen = 0;
    for (guint i = 0; i < world->cases->cases->len; i++) {
        const CnCase *c = g_ptr_array_index(world->cases->cases, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) rows = carenet_plan_explain(plan, world->directory, world->policy,
                                                             world->cases, c->ref, NULL, &error);
        assert_non_null(rows);
        for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
            if (strcmp(carenet_table_get_text(rows, row, 6), "chosen") != 0)
                continue;
            const CnPlanned *planned =
                cn_plan_assignment(plan, c->ref, (guint)carenet_table_get_int64(rows, row, 1));
            assert_string_equal(carenet_table_get_text(rows, row, 3), planned->offering);
            assert_int_equal(carenet_table_get_int64(rows, row, 7), planned->cost);
            chosen++;
        }
    }
    assert_int_equal(chosen, plan->assignments->len);
}

static void
compare_with_force(GRand *rand, gpointer data)
{
    Counts *counts = data;
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 1 + world_pick(rand, 4),
                                                1 + world_pick(rand, 4));
    const carenet_batch_options options = batch_world_options(rand);
    PlanOracle brute;
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    assert_is_proved(&world, plan);
    assert_is_explained(&world, plan);
    counts->checked++;
    counts->used += pays_for_use(&world, plan);
    if (plan_oracle_solve(&brute, &world, &options, plan)) {
        assert_true(cn_plan_value_compare(&plan->bound, &brute.best) <= 0);
        assert_true(cn_plan_value_compare(&brute.best, &plan->objective) <= 0);
        assert_int_equal(cn_plan_value_compare(&brute.best, &plan->objective), 0);
        assert_true(plan->optimal || (plan->searched && !brute.plain));
        counts->compared++;
        counts->plain += brute.plain;
    }
    plan_oracle_clear(&brute);
}

static void
is_as_good_as_any_plan(void **state)
{
    Counts counts = {0};
    (void)state;
    world_rounds(ROUNDS, compare_with_force, &counts);
    print_message(
        "%u plans proved; %u compared with brute force, all the best: %u without company, "
        "all proven\n",
        counts.checked, counts.compared, counts.plain);
    assert_use_was_paid(&counts);
}

/* ---- Quotas. */

typedef struct {
    guint quotas, untold, worth, saved, exact, refused;
} QuotaCounts;

static CnPlanValue
less(const CnPlanValue *value, const CnPlanValue *saving)
{
    CnPlanValue rest = *value;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        rest.unmet[tier] -= saving->unmet[tier];
    rest.cost -= saving->cost;
    return rest;
}

/* Any other saving than the one that is told is refused. */
static void
refuses_another(const BatchWorld *world, CnPlan *plan, CnPlanQuota *row, QuotaCounts *counts)
{
    const CnPlanQuota was = *row;
    if (row->told)
        row->saves.cost++;
    row->told = TRUE;
    g_autoptr(carenet_table) found =
        carenet_plan_check(plan, world->directory, world->policy, world->cases, NULL, NULL);
    const gsize last = carenet_table_rows_len(found) - 1;
    assert_string_equal(carenet_table_get_text(found, last, 0), "savings");
    assert_false(carenet_table_get_bool(found, last, 1));
    counts->refused++;
    *row = was;
}

static CnQuota *
quota_of(const BatchWorld *world, const CnPlanQuota *row)
{
    for (guint k = 0; k < world->policy->quotas->len; k++) {
        CnQuota *quota = &g_array_index(world->policy->quotas, CnQuota, k);
        const CnAreaId area = cn_area_by_code(reference->gazetteer, row->id);
        if (quota->id != NULL ? g_strcmp0(quota->id, row->id) == 0 : quota->area == area)
            return quota;
    }
    return NULL;
}

static void
raise_quota(const BatchWorld *world,
            const carenet_batch_options *options,
            const CnPlan *plan,
            const CnPlanQuota *row,
            QuotaCounts *counts)
{
    CnQuota *quota = quota_of(world, row);
    const CnPlanValue nothing = {{0}, 0}, least = less(&plan->bound, &row->saves);
    quota->places++;
    g_autoptr(carenet_plan) more = batch_world_plan(world, options);
    quota->places--;
    assert_true(cn_plan_value_compare(&more->objective, &least) >= 0);
    counts->worth += cn_plan_value_compare(&row->saves, &nothing) > 0;
    counts->saved += cn_plan_value_compare(&more->objective, &plan->objective) < 0;
    counts->exact += cn_plan_value_compare(&more->objective, &least) == 0;
}

static void
raise_quotas(GRand *rand, gpointer data)
{
    QuotaCounts *counts = data;
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 1 + world_pick(rand, 5),
                                                1 + world_pick(rand, 9));
    const carenet_batch_options options = batch_world_options(rand);
    if (world.policy->quotas->len == 0)
        world_quotas(rand, world.policy, world.network);
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    assert_int_equal(plan->quotas->len, world.policy->quotas->len);
    for (guint i = 0; i < plan->quotas->len; i++) {
        CnPlanQuota *row = &g_array_index(plan->quotas, CnPlanQuota, i);
        counts->quotas++;
        counts->untold += !row->told;
        refuses_another(&world, plan, row, counts);
        if (row->told)
            raise_quota(&world, &options, plan, row, counts);
    }
}

/* One more place under a quota saves no more than is told. */
static void
quotas_save_no_more_than_told(void **state)
{
    QuotaCounts counts = {0};
    (void)state;
    world_rounds(QUOTA_ROUNDS, raise_quotas, &counts);
    print_message("%u quotas, of %u nothing told; %u worth anything, %u in truth, %u told exactly; "
                  "%u others refused\n",
                  counts.quotas, counts.untold, counts.worth, counts.saved, counts.exact,
                  counts.refused);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(counts.saved > QUOTA_ROUNDS / 60 && counts.saved <= counts.worth &&
                    counts.untold > QUOTA_ROUNDS / 60);
}

/* ---- Places that are kept. */

static void
shuffle(GRand *rand, GPtrArray *list)
{
    for (guint i = list->len; i > 1; i--) {
        const guint k = world_pick(rand, i);
        gpointer other = g_ptr_array_index(list, k);
        g_ptr_array_index(list, k) = g_ptr_array_index(list, i - 1);
        g_ptr_array_index(list, i - 1) = other;
    }
}

/* Places that are gone since, and a few that are new. */
static void
let_time_pass(GRand *rand, BatchWorld *world)
{
    for (guint i = 0; i < world->network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(world->network->providers, i);
        if (world_chance(rand, 10))
            provider->status = CN_PAUSED;
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            if (offering->capacity.known && world_chance(rand, 30))
                offering->capacity.total = world_pick(rand, 4);
        }
    }
    carenet_directory_unref(world->directory);
    world->directory = cn_directory_new(world->network, reference, 4);
}

/* A plan of other days: other weights, not everybody there yet. (transfer full) */
static CnPlan *
plan_before(GRand *rand, const BatchWorld *world, const carenet_batch_options *options)
{
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = carenet_cases_new(reference);
    BatchWorld before = *world;
    g_free(policy->digest);
    policy->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "before", -1);
    g_ptr_array_set_free_func(cases->cases, NULL);
    for (guint i = 0; i < world->cases->cases->len; i++)
        if (world_chance(rand, 80))
            g_ptr_array_add(cases->cases, g_ptr_array_index(world->cases->cases, i));
    before.policy = policy;
    before.cases = cases;
    return batch_world_plan(&before, options);
}

static void
count_states(const CnPlan *plan, Counts *counts)
{
    for (guint i = 0; i < plan->kept->len; i++) {
        const CnKeptState state = cn_plan_kept_at(plan, i)->state;
        counts->stay += state == CN_KEPT_STAYS;
        counts->moved += state == CN_KEPT_MOVED;
        counts->released += state == CN_KEPT_RELEASED;
    }
}

/* What gaps says of one more place is what comes of it with everybody pinned and kept as they were, and nothing where
 * that is no better. */
static void
assert_effects(const BatchWorld *world, const carenet_batch_options *options, const CnPlan *plan)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) gaps =
        carenet_plan_gaps(plan, world->directory, world->policy, world->cases, NULL, &error);
    if (gaps == NULL)
        fail_msg("%s", error->message);
    const size_t offering = (size_t)carenet_table_column_index(gaps, "offering");
    const size_t placed = (size_t)carenet_table_column_index(gaps, "placed_by_one");
    const size_t cost = (size_t)carenet_table_column_index(gaps, "cost_by_one");
    for (gsize row = 0; row < carenet_table_rows_len(gaps); row++) {
        if (carenet_table_is_null(gaps, row, placed))
            continue;
        const carenet_change change = {.id = carenet_table_get_text(gaps, row, offering),
                                       .places = 1};
        BatchWorld more = *world;
        carenet_batch_options same = *options;
        same.former = plan;
        same.threads = 1;
        more.directory = carenet_directory_with(world->directory, &change, 1, NULL);
        g_autoptr(carenet_plan) then = batch_world_plan(&more, &same);
        const gboolean better = cn_plan_value_compare(&then->objective, &plan->objective) < 0;
        gint64 units = 0;
        for (guint tier = 0; better && tier < CN_TIERS; tier++)
            units += plan->objective.unmet[tier] - then->objective.unmet[tier];
        assert_int_equal(carenet_table_get_int64(gaps, row, placed), units);
        assert_int_equal(carenet_table_get_int64(gaps, row, cost),
                         better ? then->objective.cost - plan->objective.cost : 0);
        carenet_directory_unref(more.directory);
    }
}

static void
keep_and_compare(GRand *rand, gpointer data)
{
    Counts *counts = data;
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 1 + world_pick(rand, 4),
                                                1 + world_pick(rand, 5));
    carenet_batch_options options = batch_world_options(rand);
    g_autoptr(carenet_plan) before = plan_before(rand, &world, &options);
    PlanOracle brute;
    let_time_pass(rand, &world);
    options.keep = before;
    options.max_moves = world_pick(rand, 4);
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_plan) read = cn_plan_parse(text, strlen(text), "p", &error);
    if (read == NULL)
        fail_msg("%s", error->message);
    batch_world_assert_proved(&world, read, before);
    assert_is_explained(&world, plan);
    assert_effects(&world, &options, plan);
    counts->checked++;
    count_states(plan, counts);
    counts->used += pays_for_use(&world, plan);
    if (plan_oracle_solve(&brute, &world, &options, plan)) {
        assert_true(brute.found);
        assert_true(cn_plan_value_compare(&plan->bound, &brute.best) <= 0);
        assert_true(cn_plan_value_compare(&brute.best, &plan->objective) <= 0);
        if (brute.plain && options.max_moves == 0)
            assert_true(plan->optimal);
        counts->compared++;
        counts->optimal += cn_plan_value_compare(&brute.best, &plan->objective) == 0;
        if (plan->optimal || plan->searched)
            assert_int_equal(cn_plan_value_compare(&brute.best, &plan->objective), 0);
        counts->proven += plan->optimal;
    }
    plan_oracle_clear(&brute);
    shuffle(rand, world.cases->cases);
    options.threads = 2;
    g_autoptr(carenet_plan) again = batch_world_plan(&world, &options);
    g_autofree char *same = cn_plan_write(again);
    assert_string_equal(text, same);
}

static void
keeps_places(void **state)
{
    Counts counts = {0};
    (void)state;
    world_rounds(ROUNDS, keep_and_compare, &counts);
    print_message(
        "%u plans proved: %u stay, %u moved, %u released; %u compared with brute force: %u "
        "optimal, %u proven\n",
        counts.checked, counts.stay, counts.moved, counts.released, counts.compared, counts.optimal,
        counts.proven);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(counts.moved > ROUNDS / 15 && counts.released > ROUNDS / 15);
    assert_use_was_paid(&counts);
}

/* ---- The same bytes. */

static void
compare_orders(GRand *rand, gpointer data)
{
    static const guint threads[] = {1, 2, 8};
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs,
                                                2 + world_pick(rand, 12), 2 + world_pick(rand, 20));
    carenet_batch_options options = batch_world_options(rand);
    g_autofree char *first = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        options.threads = threads[i];
        g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
        g_autofree char *text = cn_plan_write(plan);
        if (first == NULL)
            first = g_strdup(text);
        assert_string_equal(text, first);
        shuffle(rand, world.cases->cases);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_plan) again = cn_plan_parse(first, strlen(first), "p", &error);
    if (again == NULL)
        fail_msg("%s", error->message);
    assert_is_proved(&world, again);
    /* The prices of a former plan make it quicker, not worse; ties may fall otherwise. */
    options.former = again;
    g_autoptr(carenet_plan) warm = batch_world_plan(&world, &options);
    assert_is_proved(&world, warm);
    assert_int_equal(cn_plan_value_compare(&warm->bound, &again->bound), 0);
    if (again->optimal)
        assert_int_equal(cn_plan_value_compare(&warm->bound, &again->objective), 0);
    (*(guint *)data)++;
}

static void
depends_on_nothing_else(void **state)
{
    guint worlds = 0;
    (void)state;
    world_rounds(200, compare_orders, &worlds);
    print_message("%u worlds, the same bytes with 1, 2 and 8 threads, in any order, from former "
                  "prices\n",
                  worlds);
}

/* ---- What if. */

/* Another directory, begun with the plan of this one: as good as from nothing. */
static void
compare_changed(GRand *rand, gpointer data)
{
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 1 + world_pick(rand, 6),
                                                2 + world_pick(rand, 8));
    const CnListing *listing = world.directory->listing;
    carenet_batch_options options = batch_world_options(rand);
    if (listing->offerings_len == 0)
        return;
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    const guint at = world_pick(rand, (guint)listing->offerings_len);
    const carenet_change change = {.id = cn_listed_text(listing, listing->offerings[at].id),
                                   .places = g_rand_int_range(rand, 1, 4),
                                   .close = world_chance(rand, 50)};
    g_autoptr(carenet_directory) with = carenet_directory_with(world.directory, &change, 1, NULL);
    if (with == NULL)
        return;
    BatchWorld changed = world;
    changed.directory = with;
    g_autoptr(carenet_plan) cold = batch_world_plan(&changed, &options);
    options.former = plan;
    g_autoptr(carenet_plan) warm = batch_world_plan(&changed, &options);
    assert_is_proved(&changed, warm);
    assert_int_equal(cn_plan_value_compare(&warm->bound, &cold->bound), 0);
    if (cold->optimal && warm->optimal)
        assert_int_equal(cn_plan_value_compare(&warm->objective, &cold->objective), 0);
    (*(guint *)data)++;
}

static void
what_if_is_as_good(void **state)
{
    guint changed = 0;
    (void)state;
    world_rounds(400, compare_changed, &changed);
    print_message("%u other directories, begun with the plan of the first\n", changed);
    assert_true(changed > 0);
}

/* ---- Pins, stopping, and what is asked wrongly. */

static void
keep_pins(GRand *rand, gpointer data)
{
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 2 + world_pick(rand, 5),
                                                1 + world_pick(rand, 6));
    carenet_batch_options options = batch_world_options(rand);
    g_autoptr(carenet_plan) free_plan = batch_world_plan(&world, &options);
    if (free_plan->assignments->len == 0)
        return;
    const CnPlanned *chosen =
        cn_plan_assignment_at(free_plan, world_pick(rand, free_plan->assignments->len));
    const carenet_pin pin = {chosen->ref, chosen->need, chosen->offering};
    options.pins = &pin;
    options.pins_len = 1;
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    assert_is_proved(&world, plan);
    const CnPlanned *pinned = cn_plan_assignment(plan, pin.ref, (guint)pin.need);
    assert_non_null(pinned);
    assert_string_equal(pinned->offering, pin.offering);
    assert_true(pinned->pinned);
    assert_effects(&world, &options, plan);
    assert_true(cn_plan_value_compare(&free_plan->bound, &plan->objective) <= 0);
    (*(guint *)data)++;
}

static void
pins_hold(void **state)
{
    guint kept = 0;
    (void)state;
    world_rounds(300, keep_pins, &kept);
    print_message("%u pins held\n", kept);
}

static bool
stop_at_once(const carenet_progress *progress, void *user)
{
    (void)progress;
    (*(guint *)user)++;
    return false;
}

static void
asks_wrongly(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 4, 4);
    g_autoptr(GError) error = NULL;
    carenet_batch_options options;
    CnPlan *plan = NULL;
    guint calls = 0;
    (void)state;
    carenet_batch_options_init(NULL);
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    assert_false(carenet_batch(NULL, world.policy, world.cases, &options, &plan, NULL));
    assert_false(carenet_batch(world.directory, NULL, world.cases, &options, &plan, NULL));
    assert_false(carenet_batch(world.directory, world.policy, NULL, &options, &plan, NULL));
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, NULL, NULL));
    options.threads = 0;
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    options.threads = 1;
    options.time_limit_s = -1;
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    options.time_limit_s = 0;
    options.size = 1;
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    carenet_batch_options_init(&options);
    const carenet_pin nobody = {"nobody", 1, "nothing"};
    options.pins = &nobody;
    options.pins_len = 1;
    assert_false(
        carenet_batch(world.directory, world.policy, world.cases, &options, &plan, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    assert_null(plan);
    options.pins_len = 0;
    options.progress = stop_at_once;
    options.progress_user = &calls;
    assert_true(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    assert_true(calls <= 1); /* who said stop is not asked again */
    carenet_plan_unref(plan);
}

static void
is_asked_to_stop_once(guint seed, gpointer data)
{
    guint *most = data, calls = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 8, 24);
    carenet_batch_options options;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.progress = stop_at_once;
    options.progress_user = &calls;
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    *most = MAX(*most, calls);
}

static void
who_says_stop_is_not_asked_again(void **state)
{
    guint most = 0;
    (void)state;
    for (guint seed = 1; seed <= 20; seed++)
        is_asked_to_stop_once(seed, &most);
    assert_int_equal(most, 1);
}

static void
stops_when_asked(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 6, 12);
    carenet_batch_options options;
    carenet_cancel *cancel = carenet_cancel_new();
    (void)state;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.cancel = cancel;
    assert_false(carenet_cancel_is_requested(cancel));
    carenet_cancel_request(cancel);
    assert_true(carenet_cancel_is_requested(cancel));
    g_autoptr(carenet_plan) plan = batch_world_plan(&world, &options);
    assert_true(plan->optimal || plan->stopped_by == CN_PLAN_STOPPED_USER);
    assert_is_proved(&world, plan);
    /* "full" would be a claim of what nobody looked at. */
    assert_true(plan->unmet->len > 0);
    for (guint i = 0; i < plan->unmet->len; i++)
        assert_non_null(
            strstr(g_array_index(plan->unmet, CnPlanUnmet, i).detail, "not looked for"));
    assert_int_equal(carenet_plan_unexplained_len(plan), plan->unmet->len);
    assert_int_equal(carenet_plan_unexplained_len(NULL), 0);
    carenet_cancel_free(cancel);
    carenet_cancel_request(NULL);
    assert_false(carenet_cancel_is_requested(NULL));
}

static void
nobody_at_all(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_auto(BatchWorld) world = batch_world_make(rand, reference, use_costs, 3, 3);
    g_autoptr(carenet_cases) empty = carenet_cases_new(reference);
    carenet_batch_options options;
    CnPlan *plan = NULL;
    (void)state;
    carenet_batch_options_init(&options);
    assert_true(carenet_batch(world.directory, world.policy, empty, &options, &plan, NULL));
    assert_int_equal(carenet_plan_assignments_len(plan), 0);
    assert_int_equal(carenet_plan_get_status(plan), CARENET_PLAN_OPTIMAL);
    carenet_plan_unref(plan);
}

/* ---- All of it once more where use costs something. */

static void
is_as_good_where_use_costs(void **state)
{
    use_costs = TRUE;
    is_as_good_as_any_plan(state);
}

static void
keeps_places_where_use_costs(void **state)
{
    use_costs = TRUE;
    keeps_places(state);
}

static void
depends_on_nothing_else_where_use_costs(void **state)
{
    use_costs = TRUE;
    depends_on_nothing_else(state);
}

static void
what_if_is_as_good_where_use_costs(void **state)
{
    use_costs = TRUE;
    what_if_is_as_good(state);
}

static void
quotas_save_no_more_where_use_costs(void **state)
{
    use_costs = TRUE;
    quotas_save_no_more_than_told(state);
}

static void
pins_hold_where_use_costs(void **state)
{
    use_costs = TRUE;
    pins_hold(state);
}

static int
close_world(void **state)
{
    use_costs = FALSE;
    return world_print_seed(state);
}

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    (void)state;
    carenet_reference_unref(reference);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(is_as_good_as_any_plan, world_print_seed),
        cmocka_unit_test_teardown(quotas_save_no_more_than_told, world_print_seed),
        cmocka_unit_test_teardown(keeps_places, world_print_seed),
        cmocka_unit_test_teardown(depends_on_nothing_else, world_print_seed),
        cmocka_unit_test_teardown(what_if_is_as_good, world_print_seed),
        cmocka_unit_test_teardown(pins_hold, world_print_seed),
        cmocka_unit_test_teardown(is_as_good_where_use_costs, close_world),
        cmocka_unit_test_teardown(quotas_save_no_more_where_use_costs, close_world),
        cmocka_unit_test_teardown(keeps_places_where_use_costs, close_world),
        cmocka_unit_test_teardown(depends_on_nothing_else_where_use_costs, close_world),
        cmocka_unit_test_teardown(what_if_is_as_good_where_use_costs, close_world),
        cmocka_unit_test_teardown(pins_hold_where_use_costs, close_world),
        cmocka_unit_test(asks_wrongly),
        cmocka_unit_test(who_says_stop_is_not_asked_again),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(nobody_at_all),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
