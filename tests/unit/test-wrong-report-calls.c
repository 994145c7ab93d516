/* Wrong calls of the functions of programmes, reports and plans, and things freed before what was made of them; see
 * test-wrong-store-calls.c. */
#include "../support/random-network.h"
#include "../support/wrong-calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* ---- Programmes and reports. */

static void
programmes(void **state)
{
    Calls *c = *state;
    g_autofree char *missing = wrong_in_folder(c, "none.yaml");
    g_autofree char *terms = wrong_in_folder(c, "terms.yaml");
    carenet_indicator_query query, spoilt;
    carenet_indicator_query_init(&query);
    WRONG(carenet_programme_from_files(NULL, (const char *const *)&c->region, 1, NULL, E));
    WRONG(carenet_programme_from_files(c->reference, NULL, 0, NULL, E));
    FAILS(IO,
          carenet_programme_from_files(c->reference, (const char *const *)&missing, 1, NULL, E));
    WRONG(carenet_programme_demonstration(NULL, E));
    assert_null(carenet_programme_ref(NULL));
    carenet_programme_unref(NULL);
    assert_false(carenet_programme_is_demonstration(NULL));
    WRONG(carenet_programme_list(NULL, CARENET_PROGRAMME_ACTORS, E));
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_numbers); i++)
        WRONG(carenet_programme_list(c->programme, (carenet_programme_kind)wrong_numbers[i], E));
    WRONG(carenet_programme_overview(NULL, E));
    WRONG(carenet_programme_show(NULL, "x", E));
    WRONG(carenet_programme_show(c->programme, NULL, E));
    const char *const ids[] = {"", "nothing", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        FAILS(NOT_FOUND, carenet_programme_show(c->programme, ids[i], E));
    WRONG(carenet_report_indicators(NULL, &query, NULL, E));
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_numbers); i++) {
        spoilt = query, spoilt.profile = (carenet_profile)wrong_numbers[i];
        WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
    }
    const char *const days[] = {"", "yesterday", "2023-02-30", "2023-13", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        spoilt = query, spoilt.from = days[i];
        WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
        spoilt = query, spoilt.to = days[i];
        WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
    }
    spoilt = query, spoilt.from = "2023-01-01", spoilt.to = "2022-12-31";
    WRONG(carenet_report_indicators(c->programme, &spoilt, NULL, E));
    spoilt = query, spoilt.indicators = missing;
    FAILS(IO, carenet_report_indicators(c->programme, &spoilt, NULL, E));
    spoilt.indicators = "";
    FAILS(IO, carenet_report_indicators(c->programme, &spoilt, NULL, E));
    spoilt.indicators = terms;
    FAILS(INVALID_DATA, carenet_report_indicators(c->programme, &spoilt, NULL, E));
    wrong_check_all(c);
}

static gboolean
report(const Calls *c,
       const carenet_policy *policy,
       carenet_report_kind kind,
       const carenet_report_query *query,
       carenet_error **error)
{
    carenet_table *rows = carenet_report_table(c->directory, policy, kind, query, error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static gboolean
print(const Calls *c,
      const carenet_policy *policy,
      carenet_report_kind kind,
      const carenet_report_query *query,
      carenet_error **error)
{
    char *page = carenet_report_html(c->directory, policy, kind, query, error);
    carenet_free(page);
    return page != NULL;
}

static void
try_query(const Calls *c, carenet_report_kind kind, const carenet_report_query *query)
{
    WRONG(report(c, c->policy, kind, query, E));
    WRONG(print(c, c->policy, kind, query, E));
}

static void
reports(void **state)
{
    Calls *c = *state;
    carenet_report_query query, spoilt;
    carenet_report_query_init(&query);
    WRONG(carenet_report_table(NULL, c->policy, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_table(c->directory, NULL, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_html(NULL, c->policy, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_html(c->directory, NULL, CARENET_REPORT_GAPS, &query, E));
    WRONG(carenet_report_unmet_cases(NULL, &query, E));
    WRONG(carenet_report_unmet_cases(c->directory, NULL, E));
    WRONG(carenet_report_unmet_cases(c->directory, &query, E));
    WRONG(report(c, c->policy, CARENET_REPORT_FULL, &query, E));
    WRONG(report(c, c->policy, (carenet_report_kind)0, &query, E));
    WRONG(print(c, c->policy, (carenet_report_kind)0, &query, E));
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_numbers); i++) {
        try_query(c, (carenet_report_kind)wrong_numbers[i], &query);
        spoilt = query, spoilt.profile = (carenet_profile)wrong_numbers[i];
        try_query(c, CARENET_REPORT_CAPACITY, &spoilt);
    }
    const char *const days[] = {"", "yesterday", "2023-02-30", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        spoilt = query, spoilt.from = days[i];
        try_query(c, CARENET_REPORT_FLOW, &spoilt);
    }
    spoilt = query, spoilt.from = "2023-01-01", spoilt.to = "2022-12-31";
    try_query(c, CARENET_REPORT_FLOW, &spoilt);
    WRONG(report(c, c->policy, CARENET_REPORT_UNMET, &query, E));
    WRONG(report(c, c->policy, CARENET_REPORT_FUNNEL, &query, E));
    WRONG(report(c, c->policy, CARENET_REPORT_INDICATORS, &query, E));
    spoilt = query, spoilt.plan = c->plan;
    try_query(c, CARENET_REPORT_UNMET, &spoilt);
    spoilt.cases = c->foreign_cases;
    try_query(c, CARENET_REPORT_UNMET, &spoilt);
    try_query(c, CARENET_REPORT_FLOW, &spoilt);
    for (gint kind = CARENET_REPORT_GAPS; kind < CARENET_REPORT_UNMET; kind++) {
        WRONG(report(c, c->foreign_policy, (carenet_report_kind)kind, &query, E));
        WRONG(print(c, c->foreign_policy, (carenet_report_kind)kind, &query, E));
    }
    const char *const names[] = {"", "nowhere", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        spoilt = query, spoilt.regions = &names[i], spoilt.regions_len = 1;
        FAILS(NOT_FOUND, report(c, c->policy, CARENET_REPORT_GAPS, &spoilt, E));
        spoilt = query, spoilt.services = &names[i], spoilt.services_len = 1;
        FAILS(NOT_FOUND, report(c, c->policy, CARENET_REPORT_GAPS, &spoilt, E));
    }
    wrong_check_all(c);
}

/* ---- Plans. */

static void
applying(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_table *regions = carenet_store_regions(c->store, NULL);
    carenet_apply_options options, spoilt;
    carenet_apply_options_init(&options);
    WRONG(carenet_plan_apply(NULL, c->store, NULL, c->cases, NULL, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, NULL, NULL, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->foreign_cases, NULL, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, c->foreign_policy, c->cases, NULL, acting, E));
    WRONG(carenet_plan_gaps(c->plan, c->directory, c->foreign_policy, c->cases, NULL, E));
    WRONG(carenet_plan_gaps(c->plan, c->directory, c->policy, c->foreign_cases, NULL, E));
    WRONG(carenet_plan_explain(c->plan, c->directory, c->foreign_policy, c->cases, "C-1", NULL, E));
    WRONG(carenet_plan_explain_text(c->plan, c->directory, c->policy, c->foreign_cases, "C-1", E));
    spoilt = options, spoilt.hold_s = -1;
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, &spoilt, acting, E));
    spoilt.hold_s = INT64_MAX;
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, &spoilt, acting, E));
    spoilt = options, spoilt.size = 1;
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, &spoilt, acting, E));
    FAILS(STORAGE, carenet_plan_apply(c->plan, c->reader, NULL, c->cases, NULL, acting, E));
    WRONG(carenet_plan_lost(NULL, regions, E));
    WRONG(carenet_plan_lost(c->cases, NULL, E));
    WRONG(carenet_plan_lost(c->cases, regions, E));
    carenet_table_unref(regions);
    wrong_check_all(c);
}

/* ---- What outlives what. */

/* Whoever gave something away may let go of it; the rest goes on living. */
static void
what_was_given_may_be_freed(void **state)
{
    Calls *c = *state;
    carenet_store_options options;
    carenet_error *error = NULL;
    carenet_store_options_init(&options);
    options.reference = wrong_open_foreign(c), options.keep_image = true;
    g_autofree char *path = wrong_in_folder(c, "brief.db");
    carenet_store *store = carenet_store_init(path, CARENET_STORE_DEMONSTRATION, &options, &error);
    carenet_reference_unref(options.reference);
    assert_true(
        carenet_store_import(store, (const char *const *)&c->region, 1, NULL, NULL, NULL, &error));
    carenet_directory *whole = carenet_directory_load(store, &error);
    carenet_directory *parts = carenet_directory_open(store, &error);
    carenet_programme *programme = carenet_programme_from_store(store, &error);
    carenet_policy *policy = carenet_store_policy(store, &error);
    carenet_reference *reference = carenet_store_reference(store);
    carenet_store_close(store);
    carenet_find_query query;
    carenet_find_query_init(&query);
    for (guint i = 0; i < 2; i++) {
        carenet_directory *directory = i == 0 ? whole : parts;
        carenet_table *rows = carenet_find(directory, &query, &error);
        carenet_table *gaps =
            carenet_report_table(directory, policy, CARENET_REPORT_GAPS, NULL, &error);
        if (rows == NULL || gaps == NULL)
            fail_msg("%s", carenet_error_get_message(error));
        carenet_directory_unref(directory);
        assert_true(carenet_table_rows_len(rows) > 0);
        char *text = carenet_table_to_string(gaps, CARENET_FORMAT_JSON, &error);
        assert_non_null(text);
        carenet_free(text);
        carenet_table_unref(rows);
        carenet_table_unref(gaps);
    }
    carenet_policy_unref(policy);
    carenet_reference_unref(reference);
    carenet_table *overview = carenet_programme_overview(programme, &error);
    assert_non_null(overview);
    carenet_programme_unref(programme);
    carenet_table_unref(overview);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(programmes, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(reports, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(applying, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(what_was_given_may_be_freed, wrong_set_up, wrong_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
