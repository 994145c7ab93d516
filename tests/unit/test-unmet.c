/* Why nobody takes a need, and what would place it. In words: where the numbers of two offerings are the same so are the
 * words, and what is told of a need is what asking every offering for its words tells. And the smallest change is the
 * smallest of all offerings, and of these the cheapest. */
#include "../support/random-world.h"

#include "directory/directory.h"
#include "routing/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS        400
#define CHANGE_ROUNDS 2000

static CnReference *reference;

/* ---- Words. */

/* The words of a refusal, as a table of routes tells them. */
static char *
words_of(const CnQuestion *question,
         const CnRefusal *refusal,
         CnRuleNumbers *numbers,
         gboolean *has)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, refusal->offering);
    *has = cn_rule_numbers(question, &candidate, refusal->rule, numbers);
    return cn_rule_detail(question, &candidate, refusal->rule);
}

/* All words of one rule: what they have in common, or its meaning. How many offerings. */
static guint
tell_rule(const CnNeedRoute *route,
          const CnQuestion *question,
          CnRule rule,
          char **out_words,
          guint *same)
{
    CnRuleNumbers first = {{0}};
    gboolean first_has = FALSE;
    guint len = 0;
    for (guint i = 0; i < route->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, i);
        CnRuleNumbers numbers = {{0}};
        gboolean has = FALSE;
        if (refusal->rule != rule)
            continue;
        g_autofree char *words = words_of(question, refusal, &numbers, &has);
        if (len++ == 0) {
            first = numbers;
            first_has = has;
            *out_words = g_steal_pointer(&words);
            continue;
        }
        if (has && first_has && memcmp(&numbers, &first, sizeof first) == 0) {
            if (strcmp(*out_words, cn_rule_meaning(rule)) != 0)
                assert_string_equal(words, *out_words);
            (*same)++;
        } else if (strcmp(words, *out_words) != 0) {
            g_free(*out_words);
            *out_words = g_strdup(cn_rule_meaning(rule));
        }
    }
    return len;
}

static void
compare_need(const CnRoutes *routes, const CnNeedRoute *route, guint *same)
{
    CnOrigin origin;
    const CnQuestion question = cn_routes_question(routes, route, &origin);
    g_autoptr(GString) expected = g_string_new(NULL);
    if (route->offered == 0 || route->free > 0)
        return;
    g_string_append_printf(expected, "%u offered", route->offered);
    for (guint rule = CN_RULE_SERVICE + 1; rule < CN_RULES_LEN; rule++) {
        g_autofree char *words = NULL;
        const guint len = tell_rule(route, &question, (CnRule)rule, &words, same);
        if (len > 0)
            g_string_append_printf(expected, "; %u %s (%s)", len, cn_rule_reason(rule), words);
    }
    g_autofree char *told = cn_route_unmet_detail(routes, route, CN_RULE_FULL);
    assert_string_equal(told, expected->str);
}

/* ---- Changes. */

typedef struct {
    guint edits; /* 0: nothing would do */
    gint64 cost;
} Change;

static Change
smallest_change(const CnNeedRoute *route, const CnQuestion *question)
{
    Change best = {0, 0};
    for (guint i = 0; i < route->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, i);
        g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(CnChange));
        gint64 lines[CN_COSTS_LEN];
        CnCandidate candidate;
        cn_candidate_init(&candidate, question, refusal->offering);
        const CnRuleMask broken = cn_rules_broken(question, &candidate, CN_RULES_ALL);
        if (!cn_rule_is_editable(refusal->rule) ||
            !cn_changes_for(question, &candidate, broken, changes))
            continue;
        const gint64 cost = cn_cost_lines(question, &candidate, TRUE, lines);
        if (best.edits == 0 || changes->len < best.edits ||
            (changes->len == best.edits && cost < best.cost))
            best = (Change){changes->len, cost};
    }
    return best;
}

static void
compare_change(const CnRoutes *routes, const CnNeedRoute *route, guint *found)
{
    CnOrigin origin;
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN];
    const CnQuestion question = cn_routes_question(routes, route, &origin);
    if (route->offered == 0 || route->free > 0 || route->companions.together->len > 0)
        return;
    const Change best = smallest_change(route, &question);
    assert_int_equal(route->changes->len, best.edits);
    if (best.edits == 0)
        return;
    cn_candidate_init(&candidate, &question, g_array_index(route->changes, CnChange, 0).offering);
    assert_int_equal(cn_cost_lines(&question, &candidate, TRUE, lines), best.cost);
    (*found)++;
}

/* ---- Worlds. */

typedef void (*CompareNeed)(const CnRoutes *routes, const CnNeedRoute *route, guint *found);

typedef struct {
    CompareNeed compare;
    guint found;
} Comparison;

/* Ways weigh more under the shipped policy. */
static carenet_policy *
any_policy(GRand *rand)
{
    return world_chance(rand, 50) ? world_policy(rand, reference)
                                  : carenet_policy_load(reference, NULL, NULL, NULL);
}

static void
compare(GRand *rand, gpointer data)
{
    Comparison *comparison = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 30);
    world_crowd(rand, network);
    g_autoptr(carenet_policy) policy = any_policy(rand);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 6);
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = WORLD_NOW_S;
    g_autoptr(carenet_routes) routes = carenet_route(directory, policy, cases, &options, &error);
    assert_null(error);
    for (guint i = 0; i < routes->needs->len; i++)
        comparison->compare(routes, g_ptr_array_index(routes->needs, i), &comparison->found);
}

static void
tells_what_all_words_tell(void **state)
{
    Comparison comparison = {compare_need, 0};
    (void)state;
    world_rounds(ROUNDS, compare, &comparison);
    print_message("%u offerings whose words need not be made\n", comparison.found);
    assert_true(g_getenv("CARENET_TEST_SEED") != NULL || comparison.found > ROUNDS);
}

static void
finds_the_smallest_change(void **state)
{
    Comparison comparison = {compare_change, 0};
    (void)state;
    world_rounds(CHANGE_ROUNDS, compare, &comparison);
    print_message("%u smallest changes\n", comparison.found);
    assert_true(g_getenv("CARENET_TEST_SEED") != NULL || comparison.found > CHANGE_ROUNDS / 4);
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
        cmocka_unit_test_teardown(tells_what_all_words_tell, world_print_seed),
        cmocka_unit_test_teardown(finds_the_smallest_change, world_print_seed),
    };
    return cmocka_run_group_tests_name("unmet", tests, open_reference, close_reference);
}
