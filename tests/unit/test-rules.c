/* Every hard rule, broken and just not broken, and what it says. A world in which everything fits
 * is spoilt by one change at a time. Siblings and co-victims stand in test-companions.c. */
#include "../support/spoilt-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static const SpoiltWorlds *const lists[] = {&spoilt_safety, &spoilt_person, &spoilt_offering};

static const char *
meaning_of(const char *reason)
{
    for (guint rule = 0; rule < cn_rules_len(); rule++)
        if (strcmp(cn_rule_reason(rule), reason) == 0)
            return cn_rule_meaning(rule);
    return NULL;
}

static void
check_spoilt(const SpoiltWorld *spoilt)
{
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autofree char *detail = NULL;
    const guint need = strcmp(spoilt->offering, BED) == 0;
    spoilt->spoil(world);
    const char *reason = small_world_refusal(world, need, spoilt->offering, &detail);
    if (g_strcmp0(reason, spoilt->reason) != 0)
        print_error("%s: %s, not %s (%s)\n", spoilt->offering, reason, spoilt->reason, detail);
    assert_true(g_strcmp0(reason, spoilt->reason) == 0);
    if (reason == NULL)
        return;
    const char *expected = spoilt->detail != NULL ? spoilt->detail : meaning_of(reason);
    if (*expected == '*')
        assert_true(g_str_has_suffix(detail, expected + 1));
    else
        assert_string_equal(detail, expected);
}

static void
rules_are_broken_and_not_broken(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        for (gsize row = 0; row < lists[i]->len; row++)
            check_spoilt(&lists[i]->worlds[row]);
}

static gboolean
is_broken_in(const SpoiltWorlds *list, const char *reason)
{
    for (gsize row = 0; row < list->len; row++)
        if (g_strcmp0(list->worlds[row].reason, reason) == 0)
            return TRUE;
    return FALSE;
}

/* Those of siblings and co-victims are in test-companions.c, plug-ins in test-plugin.c, bundles in
 * test-batch.c. */
static void
every_rule_is_broken_once(void **state)
{
    (void)state;
    static const char *const elsewhere[] = {"co-victim",     "sibling-apart", "siblings-fit",
                                            "siblings-size", "plug-in",       "one-provider"};
    for (guint rule = 0; rule < cn_rules_len(); rule++) {
        gboolean there = FALSE;
        for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
            there |= is_broken_in(lists[i], cn_rule_reason(rule));
        for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++)
            there |= strcmp(elsewhere[i], cn_rule_reason(rule)) == 0;
        if (!there)
            print_error("nothing breaks %s\n", cn_rule_reason(rule));
        assert_true(there);
        assert_true(strlen(cn_rule_meaning(rule)) > 10);
    }
}

/* Stages never go back, or the funnel would count wrongly. */
static void
stages_follow_the_order(void **state)
{
    (void)state;
    for (guint rule = 1; rule < cn_rules_len(); rule++)
        assert_true(cn_rule_stage(rule) >= cn_rule_stage(rule - 1));
}

/* The first broken rule is the one that is told, whatever else is broken. */
static void
the_first_rule_is_told(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->therapy->capacity.occupied = 7;
    world->open->status = CN_PAUSED;
    assert_string_equal(small_world_refusal(world, 0, THERAPY, NULL), "paused");
    world->therapy->eligibility.sex = CN_SEX_MALE;
    small_world_route(world);
    assert_string_equal(small_world_refusal(world, 0, THERAPY, NULL), "sex");
    g_ptr_array_add(world->person->avoid.providers, g_strdup("ex-open"));
    small_world_route(world);
    assert_string_equal(small_world_refusal(world, 0, THERAPY, NULL), "avoided");
}

/* Without a policy there is nothing that a policy would ask for. */
static void
no_policy_asks_for_nothing(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->person->consent = CN_CONSENT_NONE;
    cn_term_set_add(&world->therapy->eligibility.documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "police-report"));
    g_array_set_size(world->open->capabilities, 0);
    world->open->accreditation_expires = CN_DATE_NONE;
    small_world_route(world);
    CnOrigin origin;
    CnCandidate candidate;
    CnQuestion question =
        cn_routes_question(world->routes, cn_routes_need(world->routes, 0), &origin);
    cn_candidate_init(&candidate, &question, 0);
    assert_int_equal(cn_rules_first_broken(&question, &candidate, CN_RULES_ALL), CN_RULE_CONSENT);
    question.policy = NULL;
    assert_int_equal(cn_rules_first_broken(&question, &candidate, CN_RULES_ALL), CN_RULE_NONE);
    assert_int_equal(cn_rules_broken(&question, &candidate, CN_RULES_ALL), 0);
}

static int
open_reference(void **state)
{
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
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
        cmocka_unit_test(rules_are_broken_and_not_broken),
        cmocka_unit_test(every_rule_is_broken_once),
        cmocka_unit_test(stages_follow_the_order),
        cmocka_unit_test(the_first_rule_is_told),
        cmocka_unit_test(no_policy_asks_for_nothing),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
