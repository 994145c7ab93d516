/* Batches at the edges: everybody alike, nobody to be placed, no place anywhere, in threads and in any
 * order. An answer that is proven, never a hang. CARENET_TEST_ALIKE=1000000 asks for so many alike. */
#include "model/case.h"
#include "directory/directory.h"
#include "model/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALIKE 20000

static CnReference *reference;
static carenet_directory *directory;
static carenet_policy *policy;

static void
add_case(carenet_cases *cases, guint number, const char *need, int32_t age, int32_t travel_min)
{
    g_autofree char *ref = g_strdup_printf("X-%07u", number);
    carenet_case_facts facts;
    carenet_case_facts_init(&facts);
    facts.ref = ref;
    facts.area = "Cagayan de Oro";
    facts.age = age;
    facts.sex = "female";
    facts.max_travel_min = travel_min;
    facts.urgency = number % 3 == 0 ? "emergency" : number % 3 == 1 ? "urgent" : "routine";
    facts.needs = &need;
    facts.needs_len = 1;
    assert_true(carenet_cases_add(cases, &facts, NULL));
}

static carenet_plan *
solve(const carenet_directory *where, const carenet_cases *cases, uint32_t threads)
{
    carenet_batch_options options;
    carenet_plan *plan = NULL;
    carenet_batch_options_init(&options);
    options.now_s = carenet_directory_demonstration_now(directory);
    options.threads = threads;
    assert_true(carenet_batch(where, policy, cases, &options, &plan, NULL));
    assert_int_equal(carenet_plan_get_status(plan), CARENET_PLAN_OPTIMAL);
    return plan;
}

static void
assert_proven(const carenet_plan *plan, const carenet_directory *where, const carenet_cases *cases)
{
    g_autoptr(carenet_table) found = carenet_plan_check(plan, where, policy, cases, NULL, NULL);
    for (gsize row = 0; row < carenet_table_rows_len(found); row++)
        if (!carenet_table_get_bool(found, row, 1))
            fail_msg("%s: %s", carenet_table_get_text(found, row, 0),
                     carenet_table_get_text(found, row, 2));
}

static void
places_very_many_who_are_alike(void **state)
{
    (void)state;
    const char *asked = g_getenv("CARENET_TEST_ALIKE");
    const guint len = asked != NULL ? (guint)strtoul(asked, NULL, 10) : ALIKE;
    carenet_cases *cases = carenet_cases_new(reference);
    for (guint i = 0; i < len; i++)
        add_case(cases, i * 3, "trauma-therapy", 15, 0);
    g_autoptr(carenet_plan) plan = solve(directory, cases, 1);
    assert_true(plan->assignments->len > 0 && plan->unmet->len > 0);
    assert_int_equal(plan->assignments->len + plan->unmet->len, len);
    /* One kind of need has one reason, and everybody is told it. */
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        assert_string_equal(unmet->reason, "full");
        assert_ptr_equal(unmet->detail, cn_plan_unmet_at(plan, 0)->detail);
    }
    assert_proven(plan, directory, cases);
    print_message("%u alike: %u placed, %u not\n", len, plan->assignments->len, plan->unmet->len);
    carenet_cases_unref(cases);
}

static void
tells_why_when_nobody_can_be_placed(void **state)
{
    (void)state;
    carenet_cases *cases = carenet_cases_new(reference);
    for (guint i = 0; i < 300; i++)
        add_case(cases, i, i % 2 == 0 ? "trauma-therapy" : "emergency-shelter", 15, 1);
    g_autoptr(carenet_plan) plan = solve(directory, cases, 2);
    assert_int_equal(plan->assignments->len, 0);
    assert_int_equal(plan->unmet->len, 300);
    assert_int_equal(plan->objective.cost, 0);
    for (guint i = 0; i < plan->unmet->len; i++)
        assert_string_equal(cn_plan_unmet_at(plan, i)->reason, "too-far");
    assert_proven(plan, directory, cases);
    carenet_cases_unref(cases);
}

/* Every counted offering with all of its places taken. */
static carenet_directory *
without_places(void)
{
    const CnListing *listing = directory->listing;
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(carenet_change));
    for (guint i = 0; i < listing->offerings_len; i++) {
        const carenet_change change = {.id = cn_listed_text(listing, listing->offerings[i].id),
                                       .places = -1000};
        const CnService *service =
            cn_service(listing->reference->taxonomy, listing->offerings[i].service);
        if (service->unit != CN_UNIT_NONE && listing->capacity[i].known)
            g_array_append_val(changes, change);
    }
    return carenet_directory_with(directory, (const carenet_change *)(gpointer)changes->data,
                                  changes->len, NULL);
}

static void
says_full_where_there_is_no_place_anywhere(void **state)
{
    (void)state;
    g_autoptr(carenet_directory) full = without_places();
    assert_non_null(full);
    carenet_cases *cases = carenet_cases_new(reference);
    for (guint i = 0; i < 300; i++)
        add_case(cases, i, i % 2 == 0 ? "trauma-therapy" : "individual-counseling",
                 (int32_t)(8 + i % 10), 0);
    g_autoptr(carenet_plan) plan = solve(full, cases, 2);
    assert_int_equal(plan->assignments->len, 0);
    assert_int_equal(plan->unmet->len, 300);
    guint changes = 0;
    for (guint i = 0; i < plan->unmet->len; i++)
        changes += cn_plan_unmet_at(plan, i)->changes_len;
    assert_true(changes > 0);
    assert_proven(plan, full, cases);
    carenet_cases_unref(cases);
}

/* The digest of a list is that of its order; everything else is the same bytes. */
static char *
text_of(carenet_plan *plan)
{
    char *text = carenet_plan_to_json(plan);
    char *from = strstr(text, "\"cases\": "), *to = strstr(text, "\"cases_len\"");
    assert_true(from != NULL && to != NULL && from < to);
    memset(from, '-', (gsize)(to - from));
    return text;
}

static void
gives_the_same_bytes_in_threads_and_in_any_order(void **state)
{
    (void)state;
    char *expected = NULL;
    static const uint32_t threads[] = {1, 2, 8, 8};
    for (guint round = 0; round < G_N_ELEMENTS(threads); round++) {
        carenet_cases *cases = carenet_cases_new(reference);
        for (guint i = 0; i < 600; i++) {
            const guint number = round < 3 ? i : (i * 367 + 11) % 600;
            add_case(cases, number, number % 2 == 0 ? "trauma-therapy" : "individual-counseling",
                     (int32_t)(7 + number % 11), number % 5 == 0 ? 90 : 0);
        }
        g_autoptr(carenet_plan) plan = solve(directory, cases, threads[round]);
        char *text = text_of(plan);
        if (expected != NULL)
            assert_string_equal(text, expected);
        carenet_free(expected);
        expected = text;
        carenet_cases_unref(cases);
    }
    carenet_free(expected);
}

static int
open_all(void **state)
{
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    directory = carenet_directory_demonstration(reference, NULL);
    policy = carenet_policy_load(reference, NULL, NULL, NULL);
    return directory == NULL || policy == NULL;
}

static int
close_all(void **state)
{
    (void)state;
    carenet_policy_unref(policy);
    carenet_directory_unref(directory);
    carenet_reference_unref(reference);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_very_many_who_are_alike),
        cmocka_unit_test(tells_why_when_nobody_can_be_placed),
        cmocka_unit_test(says_full_where_there_is_no_place_anywhere),
        cmocka_unit_test(gives_the_same_bytes_in_threads_and_in_any_order),
    };
    return cmocka_run_group_tests_name("batch-extremes", tests, open_all, close_all);
}
