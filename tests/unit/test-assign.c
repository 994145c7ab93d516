/* Batch routing against the plain oracle on thousands of random markets: the compiled pairs, the
 * objective level by level, feasibility, and the certificate, recomputed here over all pairs: integer
 * prices >= 0 whose dual value is the primal one. Then that threads, processor, order of cases and
 * former prices change nothing. */
#include "../bench/batch-instance.h"
#include "../support/assign-world.h"

#include "routing/assign.h"
#include "routing/market-private.h"
#include "routing/market-row.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS WORLD_ROUNDS(1000)

static CnReference *reference;

typedef struct {
    guint pairs, rows, eligible, placed, unmet, priced, parties, pins, fair, quotas, solves;
} Seen;

/* ---- Pairs. */

static void
compare_pairs(const AssignWorld *world, Seen *seen)
{
    for (guint need = 0; need < cn_market_needs_len(world->market); need++) {
        if (cn_market_pinned(world->market, need) >= 0)
            continue;
        for (guint i = 0; i < world->directory->listing->offerings_len; i++) {
            gint64 cost = -1,
                   expected =
                       assign_oracle_cost(&world->oracle, cn_market_person(world->market, need),
                                          cn_market_need_in_case(world->market, need), i);
            if (!cn_market_pair(world->market, need, i, &cost))
                cost = -1;
            assert_int_equal(cost, expected);
            seen->pairs++;
            seen->eligible += cost >= 0;
        }
    }
}

/* All places of a need at once say what the pairs say, one after the other; an offering stands there once. */
static void
compare_rows(const AssignWorld *world, Seen *seen)
{
    g_autoptr(CnMarketRows) rows = cn_market_rows_new(world->market);
    const guint offerings = (guint)world->directory->listing->offerings_len;
    for (guint need = 0; need < cn_market_needs_len(world->market); need++) {
        const guint len = cn_market_row_len(world->market, need);
        const guint *at = cn_market_row_offerings(world->market, need);
        g_autofree gint64 *costs = g_new(gint64, (gsize)len + 1);
        g_autofree gint64 *found = g_new(gint64, (gsize)offerings + 1);
        if (!cn_market_row(rows, need, costs))
            continue;
        for (guint i = 0; i < offerings; i++)
            found[i] = -1;
        for (guint i = 0; i < len; i++) {
            if (costs[i] == CN_ROW_NEVER)
                continue;
            assert_int_equal(found[at[i]], -1);
            found[at[i]] = costs[i];
        }
        for (guint i = 0; i < offerings; i++) {
            gint64 cost = -1;
            if (!cn_market_pair(world->market, need, i, &cost))
                cost = -1;
            assert_int_equal(found[i], cost);
            const gint64 pair = cn_market_rows_pair(rows, need, i);
            assert_int_equal(pair == CN_ROW_NEVER ? -1 : pair, cost);
        }
        seen->rows++;
    }
}

/* Compiling on any number of threads gives the same market. */
static void
compile_again(const AssignWorld *world, const CnAssignOptions *how, const CnAssignment *answer)
{
    static const guint threads[] = {2, 8};
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        CnMarketOptions options = world->oracle.options;
        options.threads = threads[i];
        g_autoptr(CnMarket) market =
            cn_market_new(world->directory, world->policy, world->cases, &options, NULL);
        g_auto(CnAssignment) again = {0};
        assert_non_null(market);
        assert_int_equal(cn_market_classes_len(market), cn_market_classes_len(world->market));
        assert_true(cn_assign(market, how, &again, NULL));
        assign_world_assert_same(answer, &again);
    }
}

static void
solve_round(GRand *rand, gpointer data)
{
    Seen *seen = data;
    AssignWorld world;
    assign_world_make(rand, reference, &world);
    CnLevels expected = assign_oracle_solve(&world.oracle);
    g_auto(CnAssignment) answer = {0};
    CnAssignOptions options = assign_world_options(&world);
    compare_pairs(&world, seen);
    compare_rows(&world, seen);
    assert_true(cn_assign(world.market, &options, &answer, NULL));
    assign_world_check_optimal(&world, &answer, &expected);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) again = {0};
        options.cpu = cpu;
        options.threads = 1 + (guint)cpu;
        assert_true(cn_assign(world.market, &options, &again, NULL));
        assign_world_assert_same(&answer, &again);
    }
    compile_again(&world, &options, &answer);
    for (guint i = 0; i < answer.offerings_len; i++)
        seen->priced += answer.price[i] > 0;
    for (guint i = 0; i < answer.units_len; i++)
        seen->placed += answer.offering[i] >= 0;
    for (guint i = 0; i < 3; i++)
        seen->unmet += (guint)expected.unmet[i];
    seen->pins += world.pins->len;
    seen->fair += world.policy->fairness->len > 0;
    seen->quotas += world.oracle.quotas.len;
    seen->solves++;
    assign_world_clear(&world);
}

static void
solves_as_the_oracle_does(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, solve_round, &seen);
    print_message(
        "%u markets, %u pairs (%u eligible), %u rows, %u placed, %u unmet, %u prices, %u pins, %u "
        "where use costs something, %u quotas\n",
        seen.solves, seen.pairs, seen.eligible, seen.rows, seen.placed, seen.unmet, seen.priced,
        seen.pins, seen.fair, seen.quotas);
    if (g_getenv("CARENET_TEST_SEED") != NULL)
        return;
    assert_true(seen.quotas > ROUNDS / 4 && seen.placed > ROUNDS && seen.unmet > ROUNDS &&
                seen.priced > ROUNDS / 4);
    assert_true(seen.pins > ROUNDS / 20 && seen.fair > ROUNDS / 4);
}

/* ---- A former plan. */

/* Prices that are nearly those of today, for a round in ten anything. */
static gint64 *
former_prices(GRand *rand, const AssignWorld *world, const CnAssignment *cold)
{
    const gint64 step = cn_market_step(world->market);
    const gboolean any = world_chance(rand, 10);
    gint64 *prices = g_new(gint64, cold->offerings_len + 1);
    for (guint i = 0; i < cold->offerings_len; i++) {
        gint64 noise = world_pick(rand, 3) == 0 ? g_rand_int_range(rand, -200, 200) : 0;
        prices[i] = MAX(0, cold->price[i] + noise + (world_chance(rand, 10) ? step : 0));
        if (any)
            prices[i] = (gint64)world_pick(rand, 4) * step + (gint64)world_pick(rand, 400);
        if (cn_market_places(world->market, i) < 0)
            prices[i] = world_chance(rand, 50) ? 7 : 0;
    }
    return prices;
}

/* Everybody where they are, but for so many in a hundred. */
static gint32 *
former_places(GRand *rand, const CnAssignment *cold, guint others)
{
    gint32 *places = g_new(gint32, cold->units_len + 1);
    for (guint i = 0; i < cold->units_len; i++)
        places[i] = world_chance(rand, others)
                        ? (gint32)world_pick(rand, cold->offerings_len + 4) + CN_FORMER_UNKNOWN
                        : cold->offering[i];
    return places;
}

static void
former_round(GRand *rand, gpointer data)
{
    guint *moved = data;
    static const guint others[] = {0, 10, 50, 100};
    AssignWorld world;
    assign_world_make(rand, reference, &world);
    g_auto(CnAssignment) cold = {0};
    CnAssignOptions options = assign_world_options(&world);
    assert_true(cn_assign(world.market, &options, &cold, NULL));
    g_autofree gint64 *prices = former_prices(rand, &world, &cold);
    g_autofree gint32 *places =
        former_places(rand, &cold, others[world_pick(rand, G_N_ELEMENTS(others))]);
    options.prices = prices;
    options.former = places;
    g_auto(CnAssignment) warm = {0}, same = {0};
    assert_true(cn_assign(world.market, &options, &warm, NULL));
    assign_world_check_optimal(&world, &warm, &cold.primal);
    assert_memory_equal(warm.price, cold.price, cold.offerings_len * sizeof *cold.price);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) again = {0};
        options.cpu = cpu;
        options.threads = 1 + (guint)cpu;
        assert_true(cn_assign(world.market, &options, &again, NULL));
        assign_world_assert_same(&warm, &again);
    }
    for (guint i = 0; i < cold.units_len; i++)
        *moved += warm.offering[i] != places[i] && places[i] != CN_FORMER_UNKNOWN;
    /* From itself nobody moves; but what quotas take away may have been somewhere else. */
    options.prices = warm.price;
    options.former = warm.offering;
    assert_true(cn_assign(world.market, &options, &same, NULL));
    if (world.oracle.quotas.len == 0)
        assert_memory_equal(same.offering, warm.offering, warm.units_len * sizeof *warm.offering);
    assert_memory_equal(same.price, cold.price, cold.offerings_len * sizeof *cold.price);
    assign_world_clear(&world);
}

static void
starts_from_any_places(void **state)
{
    (void)state;
    guint moved = 0;
    world_rounds(ROUNDS, former_round, &moved);
    print_message("%u units moved away from where they were said to be\n", moved);
}

static void
warm_round(GRand *rand, gpointer data)
{
    guint *differ = data;
    AssignWorld world;
    assign_world_make(rand, reference, &world);
    g_auto(CnAssignment) cold = {0};
    CnAssignOptions options = assign_world_options(&world);
    assert_true(cn_assign(world.market, &options, &cold, NULL));
    g_autofree gint64 *prices = former_prices(rand, &world, &cold);
    options.prices = prices;
    g_auto(CnAssignment) warm = {0};
    assert_true(cn_assign(world.market, &options, &warm, NULL));
    assign_world_check_optimal(&world, &warm, &cold.primal);
    assert_memory_equal(warm.price, cold.price, cold.offerings_len * sizeof *cold.price);
    *differ += memcmp(warm.offering, cold.offering, cold.units_len * sizeof *cold.offering) != 0;
    assign_world_clear(&world);
}

static void
starts_from_any_prices(void **state)
{
    (void)state;
    guint differ = 0;
    world_rounds(ROUNDS, warm_round, &differ);
    /* The last who is unmet comes to a column whose price was too high, while another one is crowded. */
    g_autoptr(GRand) rand = g_rand_new_with_seed(704067);
    warm_round(rand, &differ);
    print_message("%u of %d warm starts chose another of equal plans\n", differ, ROUNDS);
}

/* ---- Markets that are larger than the lists and words of the solver. */

static void
make_drawn(AssignWorld *world, const BatchSize *size, AssignWeight weight, gboolean fair)
{
    BatchInstance instance;
    batch_instance_make(&instance, size, reference);
    *world = (AssignWorld){.directory = instance.directory,
                           .cases = instance.cases,
                           .policy = carenet_policy_load(reference, NULL, NULL, NULL),
                           .network = cn_network_new(),
                           .pins = g_array_new(FALSE, FALSE, sizeof(CnPin))};
    assign_world_weigh(world->policy, weight);
    if (fair) {
        static const CnFairStep steps[] = {{30, 3}, {50, 10}, {75, 25}, {90, 100}};
        g_array_append_vals(world->policy->fairness, steps, G_N_ELEMENTS(steps));
    }
    world->oracle = (AssignOracle){
        .directory = world->directory, .policy = world->policy, .cases = world->cases};
    assign_oracle_prepare(&world->oracle);
    cn_market_options_init(&world->oracle.options);
    world->oracle.options.now_s = INVENTED_NOW_S;
    assign_oracle_remember(&world->oracle);
    world->taken = g_new0(guint32, size->offerings + 1);
    world->left_out = g_new0(guint8, size->cases + 1);
    world->market =
        cn_market_new(world->directory, world->policy, world->cases, &world->oracle.options, NULL);
    assert_non_null(world->market);
}

/* Hundreds of columns for a service, so that what the solver keeps of them is never all of them. */
static void
make_large(AssignWorld *world,
           guint32 seed,
           guint times,
           double supply,
           AssignWeight weight,
           gboolean fair)
{
    const BatchSize size = {
        .seed = seed, .cases = times * 800, .offerings = times * 600, .supply = supply};
    make_drawn(world, &size, weight, fair);
}

/* From prices of which so many in a hundred are others, and then also from as many other places. */
static void
check_start(const AssignWorld *world,
            CnAssignOptions *options,
            const CnAssignment *cold,
            guint32 seed,
            guint percent)
{
    const gint32 step = (gint32)MIN(cn_market_step(world->market), G_MAXINT32 / 2);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed + percent);
    g_autofree gint64 *prices = g_new(gint64, cold->offerings_len + 1);
    for (guint i = 0; i < cold->offerings_len; i++) {
        const gint32 most = world_chance(rand, 5) ? step : 100;
        const gint64 other = world_chance(rand, percent) ? g_rand_int_range(rand, -most, most) : 0;
        prices[i] = MAX(0, cold->price[i] + other);
    }
    g_autofree gint32 *places = former_places(rand, cold, percent);
    for (guint way = 0; way < 3; way++) {
        g_auto(CnAssignment) warm = {0};
        options->prices = way < 2 ? prices : cold->price;
        options->former = way > 0 ? places : NULL;
        assert_true(cn_assign(world->market, options, &warm, NULL));
        assign_world_check_optimal(world, &warm, &cold->primal);
        assert_memory_equal(warm.price, cold->price, cold->offerings_len * sizeof *cold->price);
    }
    options->prices = NULL;
    options->former = NULL;
}

static void
check_again(const AssignWorld *world, const CnAssignOptions *options, const CnAssignment *answer)
{
    g_auto(CnAssignment) again = {0};
    assert_true(cn_assign(world->market, options, &again, NULL));
    assign_world_check_optimal(world, &again, &answer->primal);
    assert_memory_equal(again.price, answer->price, answer->offerings_len * sizeof *again.price);
}

/* With hardly any room for what is kept, so that it is dropped and made again all the time. */
static void
check_tight(const AssignWorld *world, CnAssignOptions options, const CnAssignment *answer)
{
    options.cache_bytes = 1;
    check_again(world, &options, answer);
}

/* With names for few, so that the others are asked; and hardly any room. */
static void
check_unnamed(const AssignWorld *world, CnAssignOptions options, const CnAssignment *answer)
{
    options.names_most = 3;
    check_again(world, &options, answer);
    check_tight(world, options, answer);
}

/* Legs from ports to columns and from towns to ports are the model's to 1/1024 minute. */
static guint
check_legs(const AssignWorld *world)
{
    const CnGazetteer *gazetteer = world->policy->reference->gazetteer;
    const CnTravelSpeeds *speeds = &world->policy->speeds;
    guint checked = 0;
    for (guint i = 0; i < world->market->components->len; i++) {
        const CnComponent *component = cn_market_component(world->market, i);
        for (const CnRun *run = component->runs; run < component->runs + component->runs_len; run++)
            for (guint k = 0; run->island >= 0 && k < run->ports_len * (run->end - run->first);
                 k++) {
                const guint column = run->first + k % (run->end - run->first);
                const double minutes =
                    cn_port_min(gazetteer, speeds, run->ports + k / (run->end - run->first),
                                component->lat_deg[column], component->lon_deg[column]);
                assert_true(run->legs[k] == minutes * 1024.0);
                checked++;
            }
    }
    for (CnAreaId town = 0; town < (CnAreaId)cn_gazetteer_len(gazetteer); town++) {
        CnOrigin origin;
        cn_origin_init(&origin, gazetteer, speeds, town);
        for (guint k = 0; world->market->homes[town].legs != NULL && k < world->market->ports_len;
             k++, checked++)
            assert_true(world->market->homes[town].legs[k] ==
                        (isinf(origin.port_min[k]) ? CN_TRIP_FAR : origin.port_min[k] * 1024.0));
    }
    return checked;
}

/* The certificate proves what the plain oracle would take too long to find. */
static void
check_large(guint32 seed, guint times, double supply, AssignWeight weight, gboolean fair)
{
    AssignWorld world;
    make_large(&world, seed, times, supply, weight, fair);
    CnAssignOptions options = assign_world_options(&world);
    g_auto(CnAssignment) answer = {0};
    assert_true(cn_assign(world.market, &options, &answer, NULL));
    assign_world_check_optimal(&world, &answer, &answer.primal);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) again = {0};
        options.cpu = cpu;
        options.threads = 1 + (guint)cpu;
        assert_true(cn_assign(world.market, &options, &again, NULL));
        assign_world_assert_same(&answer, &again);
    }
    check_tight(&world, options, &answer);
    check_unnamed(&world, options, &answer);
    compile_again(&world, &options, &answer);
    assert_true(check_legs(&world) > 10000);
    for (guint percent = 10; percent <= 100; percent += 90)
        check_start(&world, &options, &answer, seed, percent);
    assign_world_clear(&world);
}

static void
proves_large_markets(void **state)
{
    (void)state;
    check_large(1, 1, 2.5, ASSIGN_LIGHT, FALSE);
    check_large(6, 2, 1.0, ASSIGN_LIGHT, FALSE);
    check_large(3, 1, 1.0, ASSIGN_LIGHT, FALSE);
    check_large(4, 1, 0.8, ASSIGN_LIGHT, FALSE);
    check_large(5, 1, 1.0, ASSIGN_MIDDLE, FALSE);
    check_large(5, 1, 1.0, ASSIGN_HEAVY, FALSE);
    check_large(1, 1, 2.5, ASSIGN_LIGHT, TRUE);
    check_large(3, 1, 1.0, ASSIGN_LIGHT, TRUE);
    check_large(4, 1, 0.8, ASSIGN_LIGHT, TRUE);
    check_large(5, 1, 1.0, ASSIGN_HEAVY, TRUE);
}

/* ---- Markets in which hardly anything costs anything, so that one minute decides, and ties abound. */

static void
make_level(CnPolicy *policy, gint32 speed)
{
    policy->speeds.land_km_per_h = speed;
    policy->speeds.sea_km_per_h = speed;
    policy->speeds.boarding_min = 1;
    policy->travel_cost_per_min = 1;
    policy->no_link_cost = 9;
    policy->wait_cost_per_day = 0;
    policy->language_none_shared = 1;
    policy->leave_region = 1;
    policy->new_provider = 0;
    policy->stale_cost_per_day = 0;
}

/* One in @every needs the same, from the towns of the first ones, so that they look far beyond the nearest. */
static void
gather(carenet_cases *list, guint every, guint towns)
{
    const GPtrArray *cases = list->cases;
    const CnCase *first = g_ptr_array_index(cases, 0);
    for (guint i = 0; i < cases->len; i += every) {
        CnCase *one = g_ptr_array_index(cases, i);
        one->area = ((const CnCase *)g_ptr_array_index(cases, i % towns))->area;
        g_array_index(one->needs, CnNeed, 0).service =
            g_array_index(first->needs, CnNeed, 0).service;
    }
}

/* Anew, where costs or cases changed. */
static void
compile_changed(AssignWorld *world)
{
    cn_market_free(world->market);
    assign_oracle_clear(&world->oracle);
    assign_oracle_prepare(&world->oracle);
    assign_oracle_remember(&world->oracle);
    world->market =
        cn_market_new(world->directory, world->policy, world->cases, &world->oracle.options, NULL);
    assert_non_null(world->market);
}

static void
counts_to_the_minute(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= 6; seed++) {
        AssignWorld world;
        make_large(&world, seed, 1 + seed % 2, seed % 3 == 0 ? 0.8 : 1.1, ASSIGN_LIGHT, FALSE);
        make_level(world.policy, seed % 2 == 0 ? 300 : 900);
        gather(world.cases, 5, 3);
        compile_changed(&world);
        CnAssignOptions options = assign_world_options(&world);
        g_auto(CnAssignment) answer = {0};
        options.cpu = CN_CPU_SCALAR;
        assert_true(cn_assign(world.market, &options, &answer, NULL));
        assign_world_check_optimal(&world, &answer, &answer.primal);
        check_start(&world, &options, &answer, seed, 20);
        check_tight(&world, options, &answer);
        check_unnamed(&world, options, &answer);
        assign_world_clear(&world);
    }
}

/* One in three knows every fifth provider of what he needs, so that costs there are his own. */
static void
make_known(const AssignWorld *world)
{
    const CnListing *listing = world->directory->listing;
    for (guint i = 0; i < world->cases->cases->len; i += 3) {
        CnCase *one = g_ptr_array_index(world->cases->cases, i);
        const CnServiceId service = g_array_index(one->needs, CnNeed, 0).service;
        for (guint k = i % 5; k < listing->offerings_len; k += 5)
            if (listing->offerings[k].service == service)
                g_ptr_array_add(
                    one->known_to,
                    g_strdup(cn_listed_text(listing, cn_listed_provider_of(listing, k)->id)));
    }
}

/* People of a town who pay alike everywhere, and others among them who know somebody: each is asked for his own cost. */
static void
asks_those_who_know_somebody(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= 4; seed++) {
        AssignWorld world;
        make_large(&world, seed, 1, 1.1, ASSIGN_LIGHT, FALSE);
        make_level(world.policy, 900);
        world.policy->new_provider = 7;
        gather(world.cases, 5, 3);
        make_known(&world);
        compile_changed(&world);
        const CnAssignOptions options = assign_world_options(&world);
        g_auto(CnAssignment) answer = {0};
        assert_true(cn_assign(world.market, &options, &answer, NULL));
        assign_world_check_optimal(&world, &answer, &answer.primal);
        check_tight(&world, options, &answer);
        assign_world_clear(&world);
    }
}

/* Twenty places to go to, all of them crowded by a few towns: whoever leaves looks beyond the nearest that were listed while
 * nothing had a price. */
static void
looks_beyond_its_lists(void **state)
{
    static const guint32 seeds[] = {44, 57, 87, 150, 187, 194};
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(seeds); i++) {
        AssignWorld world;
        const BatchSize size = {.seed = seeds[i], .cases = 300, .offerings = 120, .supply = 1.0};
        make_drawn(&world, &size, ASSIGN_LIGHT, FALSE);
        make_level(world.policy, 300);
        gather(world.cases, 5, 3);
        compile_changed(&world);
        const CnAssignOptions options = assign_world_options(&world);
        g_auto(CnAssignment) answer = {0};
        assert_true(cn_assign(world.market, &options, &answer, NULL));
        assign_world_check_optimal(&world, &answer, &answer.primal);
        assign_world_clear(&world);
    }
}

/* Hundreds of places to go to, and hardly any room for ways: what a search was to come to is dropped, made again and
 * listed anew while people come. That changes no answer. */
static void
drops_what_is_listed(void **state)
{
    const BatchSize sizes[] = {
        {.seed = 70, .cases = 900, .offerings = 1500, .supply = 2.5},
        {.seed = 125, .cases = 500, .offerings = 4000, .supply = 9},
    };
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        BatchInstance instance;
        batch_instance_make(&instance, &sizes[i], reference);
        gather(instance.cases, 1, sizes[i].cases);
        g_autoptr(carenet_policy) policy = carenet_policy_load(reference, NULL, NULL, NULL);
        g_autoptr(CnMarket) market = batch_instance_market(&instance, policy, 1, NULL);
        CnAssignOptions options;
        g_auto(CnAssignment) roomy = {0}, tight = {0};
        cn_assign_options_init(&options);
        assert_true(cn_assign(market, &options, &roomy, NULL));
        options.cache_bytes = 1;
        assert_true(cn_assign(market, &options, &tight, NULL));
        assign_world_assert_levels(&tight.primal, &roomy.primal);
        assert_memory_equal(tight.price, roomy.price, roomy.offerings_len * sizeof *roomy.price);
        batch_instance_clear(&instance);
    }
}

/* ---- Order. */

static guint
find_person(const carenet_cases *cases, const char *ref)
{
    for (guint i = 0; i < cases->cases->len; i++)
        if (strcmp(((const CnCase *)g_ptr_array_index(cases->cases, i))->ref, ref) == 0)
            return i;
    assert_true(FALSE);
    return 0;
}

static void
shuffle(GRand *rand, GPtrArray *list)
{
    for (guint i = list->len; i > 1; i--) {
        guint k = world_pick(rand, i);
        gpointer one = list->pdata[i - 1];
        list->pdata[i - 1] = list->pdata[k];
        list->pdata[k] = one;
    }
}

static void
shuffle_round(GRand *rand, gpointer data)
{
    (void)data;
    AssignWorld world;
    assign_world_make(rand, reference, &world);
    g_autoptr(CnMarket) before = NULL;
    CnMarketOptions plain = world.oracle.options;
    plain.pins_len = 0;
    before = cn_market_new(world.directory, world.policy, world.cases, &plain, NULL);
    g_auto(CnAssignment) first = {0}, second = {0};
    assert_true(cn_assign(before, NULL, &first, NULL));
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < world.cases->cases->len; i++)
        g_ptr_array_add(refs, g_strdup(((CnCase *)world.cases->cases->pdata[i])->ref));
    g_autofree guint *needs = g_new(guint, refs->len + 1);
    for (guint i = 0; i < refs->len; i++)
        needs[i] = cn_market_first_unit(before, cn_market_first_need(before, i));
    guint units = cn_market_units_len(before);
    shuffle(rand, world.cases->cases);
    g_autoptr(CnMarket) after =
        cn_market_new(world.directory, world.policy, world.cases, &plain, NULL);
    assert_true(cn_assign(after, NULL, &second, NULL));
    assign_world_assert_levels(&first.primal, &second.primal);
    assert_memory_equal(first.price, second.price, first.offerings_len * sizeof *first.price);
    for (guint i = 0; i < refs->len; i++) {
        guint person = find_person(world.cases, g_ptr_array_index(refs, i));
        guint at = cn_market_first_unit(after, cn_market_first_need(after, person));
        guint end = i + 1 < refs->len ? needs[i + 1] : units;
        for (guint unit = needs[i]; unit < end; unit++)
            assert_int_equal(first.offering[unit], second.offering[at + unit - needs[i]]);
    }
    assign_world_clear(&world);
}

static void
does_not_depend_on_order(void **state)
{
    (void)state;
    world_rounds(500, shuffle_round, NULL);
}

/* ---- Stopping. */

static void
stop_round(GRand *rand, gpointer data)
{
    guint *stopped = data;
    AssignWorld world;
    gint cancel = 1;
    assign_world_make(rand, reference, &world);
    g_auto(CnAssignment) best = {0}, cut = {0}, again = {0}, none = {0};
    g_autofree gint64 *prices = NULL;
    g_autofree gint32 *places = NULL;
    CnAssignOptions options = assign_world_options(&world);
    assert_true(cn_assign(world.market, &options, &best, NULL));
    if (world_chance(rand, 50)) {
        options.prices = prices = former_prices(rand, &world, &best);
        options.former = places = former_places(rand, &best, 30);
    }
    options.work_limit = 1 + (guint64)(g_rand_double(rand) * (double)best.work);
    assert_true(cn_assign(world.market, &options, &cut, NULL));
    options.threads = 2;
    assert_true(cn_assign(world.market, &options, &again, NULL));
    assign_world_assert_same(&cut, &again);
    options.work_limit = 0;
    options.cancel = &cancel;
    assert_true(cn_assign(world.market, &options, &none, NULL));
    const CnAssignment *answers[] = {&cut, &none};
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
        CnLevels counted = assign_world_count(&world, answers[i]);
        assign_world_assert_levels(&answers[i]->primal, &counted);
        assert_true(cn_levels_compare(&answers[i]->bound, &best.primal) <= 0);
        assert_true(cn_levels_compare(&best.primal, &answers[i]->primal) <= 0);
        assert_true(assign_world_dual(&world, answers[i]) <=
                    cn_market_scalar(world.market, &best.primal));
    }
    *stopped += cut.stopped_by == CN_STOPPED_WORK;
    assign_world_clear(&world);
}

static void
stops_with_a_plan_and_a_bound(void **state)
{
    (void)state;
    guint stopped = 0;
    world_rounds(ROUNDS, stop_round, &stopped);
    print_message("%u of %d runs stopped by work\n", stopped, ROUNDS);
}

/* ---- Errors. */

static void
refuse_round(GRand *rand, gpointer data)
{
    guint *refused = data;
    AssignWorld world;
    assign_world_make(rand, reference, &world);
    guint needs = cn_market_needs_len(world.market);
    guint offerings = (guint)world.directory->listing->offerings_len;
    CnPin pin = {world_pick(rand, needs), offerings > 0 ? world_pick(rand, offerings) : 0};
    CnMarketOptions options = world.oracle.options;
    g_autoptr(GError) error = NULL;
    options.pins = &pin;
    options.pins_len = offerings > 0;
    g_autoptr(CnMarket) market =
        cn_market_new(world.directory, world.policy, world.cases, &options, &error);
    assert_true((market == NULL) == (error != NULL));
    if (market == NULL) {
        assert_true(error->code == CARENET_ERROR_CONFLICT || error->code == CARENET_ERROR_CAPACITY);
        (*refused)++;
    }
    pin.need = needs;
    g_clear_error(&error);
    options.pins_len = 1;
    assert_null(cn_market_new(world.directory, world.policy, world.cases, &options, &error));
    assert_int_equal(error->code, CARENET_ERROR_INVALID_ARGUMENT);
    assign_world_clear(&world);
}

static void
refuses_pins_that_break_a_rule(void **state)
{
    (void)state;
    guint refused = 0;
    world_rounds(200, refuse_round, &refused);
    assert_true(refused > 20);
}

static int
open_reference(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    if (reference == NULL)
        print_error("%s\n", error->message);
    return reference == NULL;
}

static int
close_reference(void **state)
{
    (void)state;
    g_clear_pointer(&reference, carenet_reference_unref);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(solves_as_the_oracle_does, world_print_seed),
        cmocka_unit_test_teardown(starts_from_any_prices, world_print_seed),
        cmocka_unit_test_teardown(starts_from_any_places, world_print_seed),
        cmocka_unit_test(proves_large_markets),
        cmocka_unit_test(counts_to_the_minute),
        cmocka_unit_test(asks_those_who_know_somebody),
        cmocka_unit_test(looks_beyond_its_lists),
        cmocka_unit_test(drops_what_is_listed),
        cmocka_unit_test_teardown(does_not_depend_on_order, world_print_seed),
        cmocka_unit_test_teardown(stops_with_a_plan_and_a_bound, world_print_seed),
        cmocka_unit_test_teardown(refuses_pins_that_break_a_rule, world_print_seed),
    };
    /* A mutant is looked for by one test alone. */
    cmocka_set_test_filter(g_getenv("CARENET_TEST_ONLY"));
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
