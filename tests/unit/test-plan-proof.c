/* What the proof of a plan leaves out cannot matter: on random networks with random prices and plans the bound, the
 * dearest pair and the number of eligible offerings are those of looking at every pair; so are the ways that are
 * remembered and the bounds of costs. */
#include "../support/random-world.h"

#include "routing/plan-proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROUNDS WORLD_ROUNDS(3000)
#define STEP   G_GINT64_CONSTANT(100000)

static CnReference *reference;
static const gint64 penalties[CN_TIERS] = {3 * STEP, 2 * STEP, STEP};

typedef struct {
    CnNetwork *network;
    carenet_policy *policy;
    carenet_directory *directory;
    carenet_cases *cases;
    CnPlanNeeds *needs;
    CnPlanBonds bonds;
    guint offerings_len;
} World;

/* Nobody has a say in where somebody else goes. */
static void
part_all(carenet_cases *cases)
{
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *person = g_ptr_array_index(cases->cases, i);
        g_clear_pointer(&person->siblings_group, g_free);
        g_ptr_array_set_size(person->keep_apart, 0);
        person->bundle = CN_BUNDLE_NONE;
    }
}

static void
make_world(GRand *rand, World *world)
{
    world->network = world_network(rand, reference, 16);
    if (world_chance(rand, 50))
        world_crowd(rand, world->network);
    world->policy = world_policy(rand, reference);
    world->directory = cn_directory_new(world->network, reference, 0);
    world->cases = world_cases(rand, reference, world->network, 16);
    part_all(world->cases);
    const CnPlanQuestion asked = {.directory = world->directory,
                                  .policy = world->policy,
                                  .cases = world->cases,
                                  .now_s = WORLD_NOW_S,
                                  .at_s = WORLD_NOW_S,
                                  .include_unconfirmed = world_chance(rand, 80),
                                  .include_unknown_capacity = world_chance(rand, 50)};
    world->needs = cn_plan_needs_new(&asked);
    cn_plan_bonds_init(&world->bonds, world->needs);
    world->offerings_len = (guint)world->directory->listing->offerings_len;
}

static void
clear_world(World *world)
{
    cn_plan_bonds_clear(&world->bonds);
    cn_plan_needs_free(world->needs);
    carenet_cases_unref(world->cases);
    carenet_directory_unref(world->directory);
    carenet_policy_unref(world->policy);
    cn_network_free(world->network);
}

/* ---- All pairs. */

static gint64
cost_of_way(const gint64 lines[CN_COSTS_LEN])
{
    return lines[CN_COST_TRAVEL] + lines[CN_COST_NO_LINK];
}

/* FALSE where the pair cannot be. */
static gboolean
look_at_pair(const World *world, guint need, guint offering, gint64 *out_cost)
{
    CnOrigin origin;
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN], least, most;
    cn_plan_need_origin(world->needs, need, &origin);
    const CnQuestion question = cn_plan_need_question(world->needs, need, &origin);
    if (!cn_service_contains(reference->taxonomy, question.need->service,
                             world->directory->listing->offerings[offering].service) &&
        !world->directory->listing->offerings[offering].all_below)
        return FALSE;
    cn_candidate_init(&candidate, &question, offering);
    *out_cost = cn_cost_lines(&question, &candidate, TRUE, lines);
    cn_cost_bounds(world->directory->listing, world->policy, WORLD_NOW_S, offering, &least, &most);
    assert_true(least <= *out_cost - cost_of_way(lines));
    assert_true(most >= *out_cost - cost_of_way(lines));
    return cn_rules_first_broken(&question, &candidate, CN_RULES_ALL) == CN_RULE_NONE;
}

typedef struct {
    CnPlanValue bound;
    gint64 most_cost, eligible_len;
} Expected;

static void
add(CnPlanValue *sum, const CnPlanValue *value, gint64 times)
{
    for (guint tier = 0; tier < CN_TIERS; tier++)
        sum->unmet[tier] += times * value->unmet[tier];
    sum->cost += times * value->cost;
}

static CnPlanValue
price_of(const gint64 *price, guint offering)
{
    return price[offering] > 0 ? cn_plan_price_read(penalties, price[offering])
                               : (CnPlanValue){{0}, 0};
}

static CnPlanValue
least_of(const World *world, const gint64 *price, guint need, guint8 *eligible, gint64 *most_cost)
{
    const CnNeed *of = cn_plan_need_of(world->needs, need);
    CnPlanValue least = {{0}, 0};
    least.unmet[of->urgency] = of->units;
    for (guint offering = 0; offering < world->offerings_len; offering++) {
        gint64 cost;
        if (!look_at_pair(world, need, offering, &cost))
            continue;
        CnPlanValue value = {{0}, cost};
        const CnPlanValue priced = price_of(price, offering);
        add(&value, &priced, of->units);
        if (cn_plan_value_compare(&value, &least) < 0)
            least = value;
        eligible[offering] = TRUE;
        *most_cost = MAX(*most_cost, cost);
    }
    return least;
}

static void
clamp(CnPlanValue *bound)
{
    gboolean known = TRUE;
    for (guint tier = 0; tier < CN_TIERS; tier++) {
        known = known && bound->unmet[tier] >= 0;
        bound->unmet[tier] = known ? bound->unmet[tier] : 0;
    }
    bound->cost = known ? MAX(bound->cost, 0) : 0;
}

static Expected
look_at_all(const World *world, const gint64 *price)
{
    Expected expected = {{{0}, 0}, 0, 0};
    g_autofree guint8 *eligible = g_new0(guint8, (gsize)world->offerings_len + 1);
    for (guint need = 0; need < world->needs->needs->len; need++) {
        const CnPlanValue least = least_of(world, price, need, eligible, &expected.most_cost);
        add(&expected.bound, &least, 1);
    }
    for (guint offering = 0; offering < world->offerings_len; offering++) {
        const CnPlanValue priced = price_of(price, offering);
        expected.eligible_len += eligible[offering];
        if (price[offering] > 0)
            add(&expected.bound, &priced, -cn_plan_proof_places(world->needs, offering));
    }
    clamp(&expected.bound);
    return expected;
}

/* ---- The proof. */

/* None, small, or about what an unmet unit weighs; where places have no end nothing is paid. */
static gint64 *
random_prices(GRand *rand, const World *world)
{
    gint64 *price = g_new0(gint64, (gsize)world->offerings_len + 1);
    for (guint i = 0; i < world->offerings_len; i++) {
        if (world_chance(rand, 40) || cn_plan_proof_places(world->needs, i) == G_MAXINT64)
            continue;
        price[i] = g_rand_int_range(rand, 1, 60);
        if (world_chance(rand, 40))
            price[i] = penalties[world_pick(rand, CN_TIERS)] + g_rand_int_range(rand, -60, 10);
    }
    return price;
}

static gint *
random_plan(GRand *rand, const World *world)
{
    gint *offering_of = g_new(gint, (gsize)world->needs->needs->len + 1);
    for (guint i = 0; i < world->needs->needs->len; i++)
        offering_of[i] = world->offerings_len > 0 && world_chance(rand, 70)
                             ? (gint)world_pick(rand, world->offerings_len)
                             : -1;
    return offering_of;
}

/* Of a plan that sends everybody anywhere, with nobody pinned or kept. */
static CnPlanProof
prove(GRand *rand, const World *world, const gint64 *price)
{
    const gsize len = (gsize)world->needs->needs->len + 1;
    g_autofree gint *offering_of = random_plan(rand, world);
    g_autofree guint8 *pinned = g_new0(guint8, len);
    g_autofree gint *kept_at = g_new(gint, len);
    for (gsize i = 0; i < len; i++)
        kept_at[i] = -1;
    CnPlanProof proof = {.needs = world->needs,
                         .bonds = &world->bonds,
                         .penalties = penalties,
                         .price = price,
                         .offering_of = offering_of,
                         .pinned = pinned,
                         .kept_at = kept_at,
                         .threads = 1 + world_pick(rand, 3)};
    cn_plan_prove(&proof);
    return proof;
}

static void
compare(GRand *rand, gpointer data)
{
    guint *eligible = data;
    World world;
    make_world(rand, &world);
    g_autofree gint64 *price = random_prices(rand, &world);
    const CnPlanProof proof = prove(rand, &world, price);
    const Expected expected = look_at_all(&world, price);
    assert_false(proof.overflown);
    assert_int_equal(cn_plan_value_compare(&proof.bound, &expected.bound), 0);
    assert_int_equal(proof.most_cost, expected.most_cost);
    assert_int_equal(proof.eligible_len, expected.eligible_len);
    *eligible += proof.eligible_len > 0 ? 1 : 0;
    clear_world(&world);
}

static void
proves_what_all_pairs_do(void **state)
{
    guint eligible = 0;
    (void)state;
    world_rounds(ROUNDS, compare, &eligible);
    print_message("%u networks with somebody eligible, looked at in both ways\n", eligible);
    assert_true(g_getenv("CARENET_TEST_SEED") != NULL || eligible > ROUNDS / 2);
}

/* As a plan that somebody made up may have them. */
static void
ask_absurd(GRand *rand, gpointer data)
{
    guint *told = data;
    World world;
    make_world(rand, &world);
    g_autofree gint64 *price = g_new0(gint64, (gsize)world.offerings_len + 1);
    for (guint i = 0; i < world.offerings_len; i++)
        price[i] = world_chance(rand, 50) ? G_MAXINT64 - (gint64)world_pick(rand, 9) : 1;
    const CnPlanProof proof = prove(rand, &world, price);
    *told += proof.overflown ? 1 : 0;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        assert_true(proof.overflown || proof.bound.unmet[tier] >= 0);
    clear_world(&world);
}

static void
tells_of_prices_that_no_sum_holds(void **state)
{
    guint told = 0;
    (void)state;
    world_rounds(200, ask_absurd, &told);
    print_message("%u proofs that no sum holds\n", told);
    assert_true(g_getenv("CARENET_TEST_SEED") != NULL || told > 0);
}

/* ---- Ways. */

static void
compare_ways(GRand *rand, gpointer data)
{
    World world;
    CnTrips trips;
    (void)data;
    make_world(rand, &world);
    const CnListing *listing = world.directory->listing;
    cn_trips_init(&trips, &world.needs->points);
    assert_true(world.needs->points.len <= listing->providers_len);
    for (guint need = 0; need < world.needs->needs->len; need++) {
        CnOrigin origin;
        cn_plan_need_origin(world.needs, need, &origin);
        cn_trips_begin(&trips);
        for (guint i = 0; i < 2 * listing->providers_len; i++) {
            const guint provider = i % (guint)listing->providers_len;
            const CnListedProvider *to = &listing->providers[provider];
            const CnTravel found =
                cn_trips_to(&trips, &origin, to, cn_points_of(&world.needs->points, provider));
            const CnTravel travel = cn_origin_travel(&origin, to->lat_deg, to->lon_deg, to->island);
            assert_int_equal(found.travel_min, travel.travel_min);
            assert_int_equal(found.distance_m, travel.distance_m);
            assert_int_equal(found.crosses_sea, travel.crosses_sea);
        }
    }
    cn_trips_clear(&trips);
    clear_world(&world);
}

static void
remembers_ways_of_one_town(void **state)
{
    (void)state;
    world_rounds(200, compare_ways, NULL);
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
        cmocka_unit_test_teardown(proves_what_all_pairs_do, world_print_seed),
        cmocka_unit_test_teardown(tells_of_prices_that_no_sum_holds, world_print_seed),
        cmocka_unit_test_teardown(remembers_ways_of_one_town, world_print_seed),
    };
    return cmocka_run_group_tests_name("plan-proof", tests, open_reference, close_reference);
}
