/* Why nobody takes a need, in words: where the numbers of two offerings are the same so are the words, and what is told
 * of a need is what asking every offering for its words tells. */
#include "../support/random-world.h"

#include "directory/directory.h"
#include "routing/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 400

static CnReference *reference;

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
    g_autofree char *told = cn_route_unmet_detail(routes, route);
    assert_string_equal(told, expected->str);
}

static void
compare(GRand *rand, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 30);
    world_crowd(rand, network);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 6);
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = WORLD_NOW_S;
    g_autoptr(carenet_routes) routes = carenet_route(directory, policy, cases, &options, &error);
    assert_null(error);
    for (guint i = 0; i < routes->needs->len; i++)
        compare_need(routes, g_ptr_array_index(routes->needs, i), data);
}

static void
tells_what_all_words_tell(void **state)
{
    guint same = 0;
    (void)state;
    world_rounds(ROUNDS, compare, &same);
    print_message("%u offerings whose words need not be made\n", same);
    assert_true(g_getenv("CARENET_TEST_SEED") != NULL || same > ROUNDS);
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
    };
    return cmocka_run_group_tests_name("rule-detail", tests, open_reference, close_reference);
}
