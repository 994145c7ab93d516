/* Branch and bound over families by itself, without the searches that come before it: from nothing it finds the best
 * of all plans of tiny random worlds, which brute force knows from the rules of the design text. */
#include "../support/plan-oracle.h"

#include "routing/parties-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROUNDS 2000

static CnReference *reference;

typedef struct {
    gboolean use_costs;
    guint compared, parties, flocks, packs, quotas, pinned;
} Seen;

static CnPlanQuestion
question_of(const BatchWorld *world, const carenet_batch_options *options)
{
    return (CnPlanQuestion){.directory = world->directory,
                            .policy = world->policy,
                            .cases = world->cases,
                            .now_s = WORLD_NOW_S,
                            .at_s = WORLD_NOW_S,
                            .include_unconfirmed = options->include_unconfirmed,
                            .include_unknown_capacity = options->include_unknown_capacity};
}

static CnMarket *
market_of(const CnPlanQuestion *asked, const CnPin *pinned)
{
    CnMarketOptions options;
    cn_market_options_init(&options);
    options.now_s = options.at_s = WORLD_NOW_S;
    options.include_unconfirmed = asked->include_unconfirmed;
    options.include_unknown_capacity = asked->include_unknown_capacity;
    options.pins = pinned;
    options.pins_len = pinned != NULL ? 1 : 0;
    CnMarket *market = cn_market_new(asked->directory, asked->policy, asked->cases, &options, NULL);
    assert_true(market != NULL || pinned != NULL);
    return market;
}

/* The best that is found when nothing is known. Whether there was anybody to decide, and the pin could be. */
static gboolean
search_from_nothing(const BatchWorld *world,
                    const carenet_batch_options *options,
                    const CnPin *pinned,
                    CnPlacement *out,
                    Seen *seen)
{
    const CnPlanQuestion asked = question_of(world, options);
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market = market_of(&asked, pinned);
    CnAssignOptions how;
    if (market == NULL)
        return FALSE;
    cn_assign_options_init(&how);
    CnSearch search = {.market = market, .needs = needs, .options = &how};
    cn_search_init(&search);
    const guint blocks = search.parties->len + search.flocks->len + search.packs->len;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        out->primal.unmet[tier] = G_MAXINT64;
    assert_true(cn_search_branch(&search, out, NULL));
    if (blocks > 0 && out->searched) {
        seen->parties += search.parties->len > 0;
        seen->flocks += search.flocks->len > 0;
        seen->packs += search.packs->len > 0;
        seen->quotas += cn_market_quotas(market)->len > 0;
    }
    cn_search_clear(&search);
    return blocks > 0;
}

static void
assert_best(const BatchWorld *world,
            const carenet_batch_options *options,
            const CnPlan *kept,
            const CnPin *pinned,
            Seen *seen)
{
    g_auto(CnPlacement) found = {NULL};
    PlanOracle brute = {NULL};
    if (search_from_nothing(world, options, pinned, &found, seen) &&
        plan_oracle_solve(&brute, world, options, kept) && brute.found) {
        CnPlanValue value = {{0}, found.primal.cost};
        assert_true(found.searched);
        for (guint tier = 0; tier < CN_TIERS; tier++)
            value.unmet[tier] = found.primal.unmet[tier];
        assert_int_equal(cn_plan_value_compare(&value, &brute.best), 0);
        seen->compared++;
        seen->pinned += pinned != NULL;
    }
    if (brute.items != NULL)
        plan_oracle_clear(&brute);
}

/* Any need at any offering that is eligible for it. FALSE where there is none. */
static gboolean
pick_pin(GRand *rand, const PlanOracle *brute, CnPlan *plan, CnPin *out)
{
    const guint item = world_pick(rand, MAX(brute->items->len, 1));
    const guint offering = world_pick(rand, MAX(brute->offerings, 1));
    if (item >= brute->items->len || offering >= brute->offerings)
        return FALSE;
    const PlanOracleItem *of = &g_array_index(brute->items, PlanOracleItem, item);
    const CnListing *listing = brute->world->directory->listing;
    const CnPlanKept row = {
        .ref = of->c->ref,
        .offering = cn_plan_text(plan, cn_listed_text(listing, listing->offerings[offering].id)),
        .need = of->need + 1};
    *out = (CnPin){item, offering};
    plan->keep = "a pin is a place that nobody may leave";
    g_array_append_val(plan->kept, row);
    return of->cost[offering] >= 0;
}

static void
compare(GRand *rand, gpointer data)
{
    Seen *seen = data;
    g_auto(BatchWorld) world = batch_world_make(rand, reference, seen->use_costs,
                                                1 + world_pick(rand, 4), 2 + world_pick(rand, 3));
    const carenet_batch_options options = batch_world_options(rand);
    g_autoptr(carenet_plan) nothing_kept = cn_plan_new(), one_kept = cn_plan_new();
    PlanOracle brute;
    CnPin pinned;
    assert_best(&world, &options, nothing_kept, NULL, seen);
    if (plan_oracle_solve(&brute, &world, &options, nothing_kept) &&
        pick_pin(rand, &brute, one_kept, &pinned))
        assert_best(&world, &options, one_kept, &pinned, seen);
    plan_oracle_clear(&brute);
}

static void
compare_all(Seen *seen)
{
    world_rounds(ROUNDS, compare, seen);
    print_message("%u the best of all plans; of %u with parties, %u with flocks, %u with packs, "
                  "%u under quotas, %u with a pin\n",
                  seen->compared, seen->parties, seen->flocks, seen->packs, seen->quotas,
                  seen->pinned);
    if (g_getenv("CARENET_TEST_SEED") == NULL) {
        assert_true(seen->compared > ROUNDS / 3);
        assert_true(seen->parties > 100 && seen->flocks > 100 && seen->packs > 100 &&
                    seen->quotas > 100 && seen->pinned > 100);
    }
}

static void
finds_the_best_of_all(void **state)
{
    (void)state;
    Seen seen = {.use_costs = FALSE};
    compare_all(&seen);
}

static void
finds_the_best_where_use_costs(void **state)
{
    (void)state;
    Seen seen = {.use_costs = TRUE};
    compare_all(&seen);
}

static int
open_reference(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    if (reference == NULL)
        print_error("%s\n", error->message);
    return reference != NULL ? 0 : -1;
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
        cmocka_unit_test(finds_the_best_of_all),
        cmocka_unit_test(finds_the_best_where_use_costs),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
