/* What routing promises about siblings and about edits, on random directories: a group that must stay
 * together is never split, and the edits that an answer proposes place the need. */
#include "../support/random-world.h"

#include "routing/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 800

static CnReference *reference;

typedef struct {
    guint together; /* siblings who share their first choice */
    guint nowhere;  /* siblings for whom there is none */
    guint edited;   /* needs that edits placed */
    guint edits;
} Seen;

static carenet_routes *
route(CnDirectory *directory, const CnPolicy *policy, const carenet_cases *cases)
{
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.top = 0;
    options.now_s = WORLD_NOW_S;
    carenet_routes *routes = carenet_route(directory, policy, cases, &options, NULL);
    assert_non_null(routes);
    return routes;
}

static const CnNeed *
need_of(const carenet_routes *routes, const CnNeedRoute *one)
{
    return &g_array_index(cn_routes_case(routes, one)->needs, CnNeed, one->need);
}

/* Siblings and co-victims at once is a mistake that the check of a list refuses. */
static gboolean
contradicts_itself(const CnCase *a, const CnCase *b)
{
    for (guint i = 0; i < a->keep_apart->len; i++)
        if (strcmp(g_ptr_array_index(a->keep_apart, i), b->ref) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
must_share(const carenet_routes *routes, const CnNeedRoute *a, const CnNeedRoute *b)
{
    const CnCase *x = cn_routes_case(routes, a), *y = cn_routes_case(routes, b);
    const CnNeed *need = need_of(routes, a);
    return g_ptr_array_find(a->companions.together, y, NULL) &&
           need == cn_case_need(x, need->service) &&
           need_of(routes, b) == cn_case_need(y, need->service) && !contradicts_itself(x, y) &&
           !contradicts_itself(y, x);
}

static void
compare_choice(const CnNeedRoute *a, const CnNeedRoute *b, Seen *seen)
{
    assert_int_equal(a->ranked->len > 0, b->ranked->len > 0);
    if (a->ranked->len == 0) {
        seen->nowhere++;
        return;
    }
    assert_int_equal(g_array_index(a->ranked, CnRanked, 0).offering,
                     g_array_index(b->ranked, CnRanked, 0).offering);
    seen->together++;
}

static void
compare_siblings(GRand *rand, gpointer data)
{
    Seen *seen = data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 60);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 6);
    g_autoptr(carenet_routes) routes = route(directory, policy, cases);
    for (guint i = 0; i < routes->needs->len; i++)
        for (guint k = 0; k < routes->needs->len; k++)
            if (must_share(routes, cn_routes_need(routes, i), cn_routes_need(routes, k)))
                compare_choice(cn_routes_need(routes, i), cn_routes_need(routes, k), seen);
}

static void
splits_no_required_group(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, compare_siblings, &seen);
    print_message("%u together, %u nowhere\n", seen.together, seen.nowhere);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.together > 20 && seen.nowhere > 20);
}

/* The edits also please who stands further up the list: whoever must not meet them may come first. */
static gboolean
is_forestalled(const CnNeedRoute *again, guint offering)
{
    for (guint i = 0; i < again->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(again->refused, CnRefusal, i);
        if (refusal->offering == offering)
            return refusal->rule == CN_RULE_CO_VICTIM || refusal->rule == CN_RULE_SIBLING_APART;
    }
    return FALSE;
}

/* One need of the list after the other, each on the directory with its own edits. */
static void
apply_edits(GRand *rand, gpointer data)
{
    Seen *seen = data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 30);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 4);
    g_autoptr(carenet_routes) routes = route(directory, policy, cases);
    for (guint i = 0; i < routes->needs->len; i++) {
        const CnNeedRoute *unmet = cn_routes_need(routes, i);
        const GArray *changes = unmet->changes;
        if (changes->len == 0)
            continue;
        g_autoptr(carenet_directory) edited = cn_directory_with(
            directory, (const CnChange *)(gconstpointer)changes->data, changes->len);
        g_autoptr(carenet_routes) again = route(edited, policy, cases);
        const CnNeedRoute *placed = cn_routes_need(again, i);
        if (is_forestalled(placed, g_array_index(changes, CnChange, 0).offering))
            continue;
        seen->edited++;
        seen->edits += changes->len;
        if (placed->free == 0)
            print_error("need %u is unmet for %s\n", i, cn_route_unmet_reason(placed));
        assert_true(placed->free > 0);
    }
}

static void
proposes_edits_that_place(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, apply_edits, &seen);
    print_message("%u placed by %u edits\n", seen.edited, seen.edits);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.edited > ROUNDS && seen.edits > seen.edited);
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
        cmocka_unit_test_teardown(splits_no_required_group, world_print_seed),
        cmocka_unit_test_teardown(proposes_edits_that_place, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
