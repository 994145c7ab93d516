/* Routing against a brute force that was written from the design text: the funnel, the order, every
 * cost line, the first reason of every refusal and the binding reason, on random directories. */
#include "../support/random-world.h"
#include "../support/route-oracle.h"

#include "routing/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 800

static CnReference *reference;

static void
compare_ranked(const CnNeedRoute *route, const OracleAnswer *answer)
{
    assert_int_equal(route->ranked->len, answer->ranked->len);
    for (guint i = 0; i < route->ranked->len; i++) {
        const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, i);
        guint expected = g_array_index(answer->ranked, guint, i);
        const OracleOffer *offer = &g_array_index(answer->offers, OracleOffer, expected);
        gint64 sum = 0;
        assert_int_equal(ranked->offering, expected);
        for (guint line = 0; line < CN_COST_PLUGIN; line++) {
            if (ranked->lines[line] != offer->lines[line])
                print_error("%s, line %s\n", offer->offering->id, oracle_cost(line));
            assert_string_equal(cn_cost_name(NULL, line), oracle_cost(line));
            assert_int_equal(ranked->lines[line], offer->lines[line]);
            assert_true(ranked->lines[line] >= 0);
            sum += ranked->lines[line];
        }
        assert_int_equal(ranked->cost, sum);
        assert_int_equal(ranked->cost, offer->cost);
    }
}

/* Everything that was offered is either ranked or refused, once. */
static void
compare_refused(const CnNeedRoute *route, const OracleAnswer *answer)
{
    guint at = 0;
    for (guint i = 0; i < answer->offers->len; i++) {
        const OracleOffer *offer = &g_array_index(answer->offers, OracleOffer, i);
        if (offer->first <= 0)
            continue;
        assert_true(at < route->refused->len);
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, at++);
        if (refusal->offering != i ||
            strcmp(cn_rule_reason(refusal->rule), oracle_reason((guint)offer->first)) != 0)
            print_error("%s\n", offer->offering->id);
        assert_int_equal(refusal->offering, i);
        assert_string_equal(cn_rule_reason(refusal->rule), oracle_reason((guint)offer->first));
    }
    assert_int_equal(route->refused->len, at);
}

static void
compare_need(const CnNeedRoute *route, const OracleAnswer *answer)
{
    compare_refused(route, answer);
    compare_ranked(route, answer);
    assert_int_equal(route->offered, answer->offered);
    assert_int_equal(route->eligible, answer->eligible);
    assert_int_equal(route->reachable, answer->reachable);
    assert_int_equal(route->free, answer->free);
    if (answer->free == 0)
        assert_string_equal(cn_route_unmet_reason(route), answer->binding);
    else
        assert_int_equal(route->binding, CN_RULE_NONE);
}

/* How often each reason came first and each cost was paid, so that an oracle that never met a rule
 * is noticed. */
typedef struct {
    guint first[ORACLE_REASONS];
    guint lines[ORACLE_COSTS];
    guint ranked;
} Seen;

static void
count(const OracleAnswer *answer, Seen *seen)
{
    for (guint i = 0; i < answer->offers->len; i++) {
        const OracleOffer *offer = &g_array_index(answer->offers, OracleOffer, i);
        if (offer->first >= 0) {
            seen->first[offer->first]++;
            continue;
        }
        seen->ranked++;
        for (guint line = 0; line < ORACLE_COSTS; line++)
            seen->lines[line] += offer->lines[line] > 0;
    }
}

static void
compare_round(GRand *rand, gpointer data)
{
    Seen *seen = data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 30);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 5);
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.top = 0;
    options.now_s = WORLD_NOW_S;
    options.include_unconfirmed = world_chance(rand, 50);
    options.include_unknown_capacity = world_chance(rand, 50);
    if (world_chance(rand, 30))
        options.at_s = WORLD_NOW_S + g_rand_int_range(rand, 0, 7 * CN_DAY_S);
    if (world_chance(rand, 50))
        world_fairness(rand, policy);

    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_routes) routes = carenet_route(directory, policy, cases, &options, &error);
    assert_null(error);
    OracleWorld world = {.network = network,
                         .reference = reference,
                         .policy = policy,
                         .cases = cases->cases,
                         .now_s = WORLD_NOW_S,
                         .at_s = options.at_s != G_MININT64 ? options.at_s : WORLD_NOW_S,
                         .include_unconfirmed = options.include_unconfirmed,
                         .include_unknown_capacity = options.include_unknown_capacity};
    g_autoptr(GPtrArray) answers = oracle_route(&world);
    assert_int_equal(carenet_routes_needs_len(routes), answers->len);
    for (guint i = 0; i < answers->len; i++) {
        const OracleAnswer *answer = answers->pdata[i];
        compare_need(cn_routes_need(routes, i), answer);
        count(answer, seen);
    }
}

static void
routes_as_brute_force_does(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, compare_round, &seen);
    if (g_getenv("CARENET_TEST_SEED") != NULL)
        return;
    for (guint i = 0; i < ORACLE_REASONS; i++) {
        print_message("%6u broke %s first\n", seen.first[i], oracle_reason(i));
        /* Bundles are the business of batches, plug-ins of whoever has some. */
        assert_true(seen.first[i] > 0 || strcmp(oracle_reason(i), "plug-in") == 0 ||
                    strcmp(oracle_reason(i), "one-provider") == 0);
    }
    for (guint i = 0; i < ORACLE_COSTS; i++) {
        print_message("%6u paid for %s\n", seen.lines[i], oracle_cost(i));
        assert_true(seen.lines[i] > 0 || strcmp(oracle_cost(i), "other-provider") == 0);
    }
    print_message("%u ranked\n", seen.ranked);
    assert_true(seen.ranked > 2 * ROUNDS);
}

static void
speaks_of_the_same_rules(void **state)
{
    (void)state;
    assert_int_equal(cn_rules_len(), ORACLE_REASONS);
    assert_int_equal(CN_COST_PLUGIN, ORACLE_COSTS);
    for (guint i = 0; i < ORACLE_REASONS; i++) {
        assert_string_equal(cn_rule_reason(i), oracle_reason(i));
        assert_int_equal(cn_rule_is_editable(i), oracle_is_editable(i));
    }
}

/* The answers to the needs before do not hang on how many are shown. */
static void
cut_round(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 30);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 5);
    if (world_chance(rand, 50))
        world_fairness(rand, policy);
    carenet_route_options all, top;
    carenet_route_options_init(&all);
    all.now_s = WORLD_NOW_S;
    top = all;
    all.top = 0;
    top.top = 2;
    g_autoptr(carenet_routes) whole = carenet_route(directory, policy, cases, &all, NULL);
    g_autoptr(carenet_routes) cut = carenet_route(directory, policy, cases, &top, NULL);
    assert_non_null(whole);
    assert_non_null(cut);
    for (guint i = 0; i < carenet_routes_needs_len(whole); i++) {
        const CnNeedRoute *x = cn_routes_need(whole, i), *y = cn_routes_need(cut, i);
        assert_int_equal(y->ranked->len, MIN(2, x->ranked->len));
        assert_int_equal(y->free, x->free);
        if (y->ranked->len > 0)
            assert_memory_equal(y->ranked->data, x->ranked->data,
                                y->ranked->len * sizeof(CnRanked));
    }
}

static void
shows_the_first_of_the_order(void **state)
{
    (void)state;
    world_rounds(100, cut_round, NULL);
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
        cmocka_unit_test(speaks_of_the_same_rules),
        cmocka_unit_test_teardown(routes_as_brute_force_does, world_print_seed),
        cmocka_unit_test_teardown(shows_the_first_of_the_order, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
