/* Limits of time, by a clock of the test's own: each time that anybody looks at it, it is a millisecond
 * later. So what is told here depends on how the work is shared and on how often it looks up, not on how
 * busy the machine is: a run must be over within a tenth of its limit, whatever of it takes long. */
#include "model/case.h"
#include "model/plan.h"
#include "routing/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LOOK_US 1000
#define MOST    10000000

static CnReference *reference;
static gint looks;

/* In the place of GLib's, for everything that is linked into this program. */
gint64
g_get_monotonic_time(void)
{
    return (gint64)(1 + g_atomic_int_add(&looks, 1)) * LOOK_US;
}

/* ---- The sums. */

static void
shares_time_within_the_limit(void **state)
{
    (void)state;
    guint tried = 0;
    for (gint64 limit = 1; limit <= MOST; limit *= 3)
        for (gint64 group = 0; group <= limit * 2; group += limit / 5 + 1)
            for (gint64 spent = group; spent <= limit * 3; spent += limit / 4 + 1) {
                const CnBudget budget = {.limit_us = limit, .group_us = group, .reasons = TRUE};
                const CnBudget plain = {.limit_us = limit, .group_us = group};
                const gint64 end = cn_budget_search_end(&budget, spent);
                const gint64 longer = cn_budget_search_end(&plain, spent);
                const gint64 last = cn_budget_reasons_end(&budget);
                assert_true(end >= spent && longer >= end);
                /* What comes after the search has its time, where there is any. */
                assert_true(end == spent || longer + group * 5 / 2 - 300 <= limit);
                assert_true(last >= 1 && last <= limit);
                tried++;
            }
    const CnBudget none = {.group_us = 5, .reasons = TRUE};
    assert_int_equal(cn_budget_search_end(&none, 7), 0);
    assert_int_equal(cn_budget_reasons_end(&none), 0);
    print_message("%u ways to share\n", tried);
}

/* ---- Runs. */

/* Children of very many kinds, far more than there are places: a reason for each kind. */
static carenet_cases *
draw_cases(guint len)
{
    static const char *const towns[] = {"Cagayan de Oro", "Iligan", "Butuan", "Cebu City",
                                        "Manila"};
    static const char *const services[] = {"trauma-therapy", "emergency-shelter",
                                           "individual-counseling"};
    carenet_cases *cases = carenet_cases_new(reference);
    for (guint i = 0; i < len; i++) {
        g_autofree char *ref = g_strdup_printf("T-%u", i);
        const char *need = services[i % G_N_ELEMENTS(services)];
        carenet_case_facts facts;
        carenet_case_facts_init(&facts);
        facts.ref = ref;
        facts.area = towns[i / 3 % G_N_ELEMENTS(towns)];
        facts.age = (int32_t)(i / 15 % 18);
        facts.sex = i / 270 % 2 == 0 ? "female" : "male";
        facts.urgency = i % 7 == 0 ? "urgent" : "routine";
        facts.needs = &need;
        facts.needs_len = 1;
        assert_true(carenet_cases_add(cases, &facts, NULL));
    }
    return cases;
}

typedef struct {
    guint calls, search, reasons;
    double done;
} Told;

static bool
hear(const carenet_progress *progress, void *user)
{
    Told *told = user;
    const gboolean search = strcmp(progress->stage, "search") == 0;
    assert_true(search || strcmp(progress->stage, "reasons") == 0);
    assert_true(progress->done >= 0 && progress->done <= 1);
    told->search += search ? 1 : 0;
    told->reasons += search ? 0 : 1;
    told->calls++;
    return true;
}

typedef struct {
    carenet_directory *directory;
    carenet_policy *policy;
    carenet_cases *cases;
} World;

/* How long it took, by the clock. */
static gint64
run_ms(const World *world, double limit_s, uint32_t threads, Told *told, carenet_plan **out)
{
    carenet_batch_options options;
    carenet_batch_options_init(&options);
    options.now_s = carenet_directory_demonstration_now(world->directory);
    options.time_limit_s = limit_s;
    options.threads = threads;
    options.progress = told != NULL ? hear : NULL;
    options.progress_user = told;
    const gint begun = g_atomic_int_get(&looks);
    assert_true(carenet_batch(world->directory, world->policy, world->cases, &options, out, NULL));
    return (gint64)(g_atomic_int_get(&looks) - begun) * LOOK_US / 1000;
}

static guint
reasons_of(const carenet_plan *plan)
{
    guint found = 0;
    for (guint i = 0; i < plan->unmet->len; i++)
        found += strstr(cn_plan_unmet_at(plan, i)->detail, "the run was stopped") == NULL;
    return found;
}

static void
assert_proven(const World *world, const carenet_plan *plan)
{
    g_autoptr(carenet_table) found =
        carenet_plan_check(plan, world->directory, world->policy, world->cases, NULL, NULL);
    for (gsize row = 0; row < carenet_table_rows_len(found); row++)
        if (!carenet_table_get_bool(found, row, 1))
            fail_msg("%s: %s", carenet_table_get_text(found, row, 0),
                     carenet_table_get_text(found, row, 2));
}

static void
ends_within_a_tenth(void **state)
{
    const World *world = *state;
    Told told = {0};
    g_autoptr(carenet_plan) whole = NULL;
    g_autoptr(carenet_plan) endless = NULL;
    const gint64 all_ms = run_ms(world, 0, 1, &told, &endless);
    assert_int_equal(reasons_of(endless), endless->unmet->len);
    assert_true(endless->unmet->len > 300 && told.search > 0 && told.reasons > 50);
    /* Without a limit nobody looks at the clock for its sake: what a run with all the time takes. */
    const gint64 whole_ms = run_ms(world, 1e6, 1, NULL, &whole);
    assert_int_equal(reasons_of(whole), whole->unmet->len);
    assert_true(whole_ms > all_ms && whole_ms > 250);
    guint cut = 0;
    for (guint threads = 1; threads <= 4; threads += 3)
        for (gint64 limit_ms = 20; limit_ms < whole_ms; limit_ms += 20) {
            g_autoptr(carenet_plan) plan = NULL;
            const gint64 took_ms = run_ms(world, (double)limit_ms / 1000, threads, NULL, &plan);
            assert_true(10 * took_ms <= 11 * limit_ms + 10 * threads);
            assert_true(reasons_of(plan) <= plan->unmet->len);
            assert_proven(world, plan);
            cut += reasons_of(plan) < plan->unmet->len ? 1 : 0;
        }
    assert_true(cut > 4);
    print_message("%u needs; without a limit %" G_GINT64_FORMAT " ms, %u limits held that cut "
                  "reasons off\n",
                  (guint)carenet_cases_len(world->cases), whole_ms, cut);
}

/* Over before it begins: a sound plan all the same, at once. */
static void
a_limit_of_nothing_gives_a_plan(void **state)
{
    const World *world = *state;
    g_autoptr(carenet_plan) plan = NULL;
    const gint64 took_ms = run_ms(world, 1e-6, 2, NULL, &plan);
    assert_true(took_ms < 40);
    assert_int_equal(reasons_of(plan), 0);
    assert_int_equal(carenet_plan_get_stopped(plan), CARENET_STOPPED_BY_TIME);
    assert_proven(world, plan);
}

/* The same bytes whatever the clock says. */
static void
a_limit_of_work_looks_at_no_clock(void **state)
{
    const World *world = *state;
    carenet_batch_options options;
    char *former = NULL;
    carenet_batch_options_init(&options);
    options.now_s = carenet_directory_demonstration_now(world->directory);
    options.work_limit = 500;
    for (options.threads = 1; options.threads <= 4; options.threads++) {
        carenet_plan *plan = NULL;
        g_atomic_int_add(&looks, 12345);
        assert_true(
            carenet_batch(world->directory, world->policy, world->cases, &options, &plan, NULL));
        char *text = carenet_plan_to_json(plan);
        if (former != NULL)
            assert_string_equal(text, former);
        carenet_free(former);
        former = text;
        carenet_plan_unref(plan);
    }
    carenet_free(former);
}

static int
make_world(void **state)
{
    static World world;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    world.directory = carenet_directory_demonstration(reference, NULL);
    world.policy = carenet_policy_load(reference, NULL, NULL, NULL);
    world.cases = draw_cases(1200);
    *state = &world;
    return reference == NULL || world.directory == NULL || world.policy == NULL;
}

static int
clear_world(void **state)
{
    World *world = *state;
    carenet_cases_unref(world->cases);
    carenet_policy_unref(world->policy);
    carenet_directory_unref(world->directory);
    carenet_reference_unref(reference);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_time_within_the_limit),
        cmocka_unit_test(ends_within_a_tenth),
        cmocka_unit_test(a_limit_of_nothing_gives_a_plan),
        cmocka_unit_test(a_limit_of_work_looks_at_no_clock),
    };
    return cmocka_run_group_tests_name("time-limit", tests, make_world, clear_world);
}
