/* A program that calls wrongly: lists with holes, words that are none, an error that is there already,
 * structs of another size.
 * Each call ends with its error, prints nothing and leaks nothing (the sanitizers look on). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <carenet/carenet.h>
#include <glib.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    carenet_reference *reference;
    carenet_directory *directory;
    carenet_policy *policy;
} Shipped;

static int
open_shipped(void **state)
{
    Shipped *s = g_new0(Shipped, 1);
    s->reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    s->directory = carenet_directory_demonstration(s->reference, NULL);
    s->policy = carenet_policy_load(s->reference, NULL, NULL, NULL);
    *state = s;
    return s->directory == NULL || s->policy == NULL;
}

static int
close_shipped(void **state)
{
    Shipped *s = *state;
    carenet_policy_unref(s->policy);
    carenet_directory_unref(s->directory);
    carenet_reference_unref(s->reference);
    g_free(s);
    return 0;
}

static void
expect(const void *answer, carenet_error **error, carenet_error_code code, const char *call)
{
    if (answer != NULL || carenet_error_get_code(*error) != code || *error == NULL)
        fail_msg("%s: %s", call, carenet_error_get_message(*error));
    carenet_error_clear(error);
}

/* What the program called, and what is wrong with which argument: never a function or a name of ours. */
static void
says(carenet_error **error, const char *message)
{
    assert_int_equal(carenet_error_get_code(*error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_string_equal(carenet_error_get_message(*error), message);
    carenet_error_clear(error);
}

/* A list of one text that is not there, and one that is no list at all. */
static const char *const hole[] = {NULL};
static const char *const *const lists[] = {hole, NULL};

static void
lists_with_holes_are_told(void **state)
{
    const Shipped *s = *state;
    carenet_error *error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        carenet_find_query query;
        struct {
            const char *name;
            const char *const **texts;
            size_t *len;
        } fields[] = {{"regions", &query.regions, &query.regions_len},
                      {"services", &query.services, &query.services_len},
                      {"languages", &query.languages, &query.languages_len},
                      {"groups", &query.groups, &query.groups_len},
                      {"access", &query.access, &query.access_len}};
        for (gsize k = 0; k < G_N_ELEMENTS(fields); k++) {
            carenet_find_query_init(&query);
            *fields[k].texts = lists[i], *fields[k].len = 1;
            /* A word of a vocabulary that is missing is looked up, and not found. */
            const carenet_error_code code = k >= 2 && lists[i] != NULL
                                                ? CARENET_ERROR_NOT_FOUND
                                                : CARENET_ERROR_INVALID_ARGUMENT;
            expect(carenet_find(s->directory, &query, &error), &error, code, fields[k].name);
            expect(carenet_find_why_not(s->directory, &query, "ex-nmn-014", &error), &error, code,
                   fields[k].name);
        }
        carenet_report_query report;
        carenet_report_query_init(&report);
        report.regions = lists[i], report.regions_len = 1;
        expect(carenet_report_table(s->directory, s->policy, CARENET_REPORT_GAPS, &report, &error),
               &error, CARENET_ERROR_INVALID_ARGUMENT, "report");
        expect(carenet_validate_files(s->reference, lists[i], 1, &error), &error,
               CARENET_ERROR_INVALID_ARGUMENT, "validate");
        expect(carenet_directory_from_files(s->reference, lists[i], 1, NULL, &error), &error,
               CARENET_ERROR_INVALID_ARGUMENT, "directory");
        expect(carenet_programme_from_files(s->reference, lists[i], 1, NULL, &error), &error,
               CARENET_ERROR_INVALID_ARGUMENT, "programme");
    }
}

static void
facts_with_holes_are_told(void **state)
{
    const Shipped *s = *state;
    static const char *const needs[] = {"trauma-therapy"};
    carenet_error *error = NULL;
    carenet_cases *cases = carenet_cases_new(s->reference);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        for (guint field = 0; field < 4; field++) {
            carenet_case_facts facts;
            carenet_case_facts_init(&facts);
            facts.ref = "C-1", facts.area = "Cebu", facts.needs = needs, facts.needs_len = 1;
            const char *const **const texts[] = {&facts.needs, &facts.languages, &facts.groups,
                                                 &facts.access};
            size_t *const len[] = {&facts.needs_len, &facts.languages_len, &facts.groups_len,
                                   &facts.access_len};
            *texts[field] = lists[i], *len[field] = 1;
            assert_false(carenet_cases_add(cases, &facts, &error));
            expect(NULL, &error, CARENET_ERROR_INVALID_ARGUMENT, "facts");
        }
    assert_int_equal(carenet_cases_len(cases), 0);
    carenet_cases_unref(cases);
}

static void
a_word_that_is_none_is_told(void **state)
{
    const Shipped *s = *state;
    carenet_error *error = NULL;
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.remote = (carenet_remote)9;
    expect(carenet_find(s->directory, &query, &error), &error, CARENET_ERROR_INVALID_ARGUMENT,
           "remote");
}

/* Whoever means something by a number that is none of the enumeration is not understood: neither strict nor
 * guessed is what was asked for. */
static void
numbers_that_are_none_are_told(void **state)
{
    static const char text[] = "- {ref: C-1, area: Cebu City, age: 9, needs: [trauma-therapy]}\n";
    static const gint numbers[] = {-1, 4, 99, G_MAXINT, G_MININT};
    const Shipped *s = *state;
    carenet_error *error = NULL;
    carenet_table *regions = carenet_directory_regions(s->directory);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const carenet_cases_flags flags = (carenet_cases_flags)numbers[i];
        const gint none = numbers[i] == 4 ? 7 : numbers[i];
        carenet_cases_options options;
        assert_null(carenet_cases_parse(s->reference, text, sizeof text - 1, "cases.yaml", flags,
                                        NULL, &error));
        says(&error, "carenet_cases_parse(): flags is none of carenet_cases_flags");
        assert_null(carenet_cases_load(s->reference, "cases.yaml", flags, NULL, &error));
        says(&error, "carenet_cases_load(): flags is none of carenet_cases_flags");
        assert_null(carenet_cases_from_table(s->reference, regions, "cases", flags, NULL, &error));
        says(&error, "carenet_cases_from_table(): flags is none of carenet_cases_flags");
        carenet_cases_options_init(&options);
        options.flags = flags;
        assert_null(carenet_cases_read(s->reference, text, sizeof text - 1, "cases.yaml", &options,
                                       NULL, &error));
        says(&error, "carenet_cases_read(): flags is none of carenet_cases_flags");
        carenet_cases_options_init(&options);
        options.format = (carenet_cases_format)numbers[i];
        assert_null(carenet_cases_read_file(s->reference, "cases.yaml", &options, NULL, &error));
        says(&error, "carenet_cases_read_file(): format is none of carenet_cases_format");
        carenet_cases_options_init(&options);
        options.threads = i % 2 == 0 ? 0 : 65;
        assert_null(carenet_cases_read_file(s->reference, "cases.yaml", &options, NULL, &error));
        says(&error, "carenet_cases_read_file(): threads must be 1 to 64");
        assert_null(carenet_table_to_string(regions, (carenet_format)none, &error));
        says(&error, "carenet_table_to_string(): format is none of carenet_format");
        assert_null(carenet_reference_terms(s->reference, (carenet_terms_kind)none, &error));
        says(&error, "carenet_reference_terms(): kind is none of carenet_terms_kind");
    }
    carenet_table_unref(regions);
}

static void
a_table_of_something_else_is_no_list_of_referrals(void **state)
{
    const Shipped *s = *state;
    carenet_error *error = NULL;
    carenet_table *regions = carenet_directory_regions(s->directory);
    carenet_report_query query;
    carenet_report_query_init(&query);
    query.referrals = regions;
    expect(carenet_report_table(s->directory, s->policy, CARENET_REPORT_FLOW, &query, &error),
           &error, CARENET_ERROR_INVALID_ARGUMENT, "flow");
    expect(carenet_report_unmet_cases(s->directory, &query, &error), &error,
           CARENET_ERROR_INVALID_ARGUMENT, "unmet");
    carenet_table_unref(regions);
}

/* The program in six lines at the head of carenet.h, where the first line fails. */
static void
the_first_error_of_a_chain_stays(void **state)
{
    (void)state;
    carenet_error *error = NULL;
    carenet_reference *places = carenet_reference_open("/there/is/no/such/folder", &error);
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    carenet_directory *directory = carenet_directory_demonstration(places, &error);
    carenet_find_query query;
    carenet_find_query_init(&query);
    carenet_table *rows = carenet_find(directory, &query, &error);
    expect(rows, &error, CARENET_ERROR_IO, "chain");
}

static void
an_error_that_nobody_looked_at_is_replaced(void **state)
{
    const Shipped *s = *state;
    carenet_error *error = NULL;
    assert_null(carenet_directory_show(s->directory, "nobody", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.sort = "beauty";
    expect(carenet_find(s->directory, &query, &error), &error, CARENET_ERROR_INVALID_ARGUMENT,
           "sort");
}

static void
errors_name_the_call_and_the_argument(void **state)
{
    const Shipped *s = *state;
    carenet_error *error = NULL;
    carenet_find_query query;
    carenet_find_query_init(&query);
    assert_null(carenet_find(NULL, &query, &error));
    says(&error, "carenet_find(): directory is NULL");
    assert_null(carenet_find_why_not(s->directory, &query, NULL, &error));
    says(&error, "carenet_find_why_not(): id is NULL");
    query.remote = (carenet_remote)9;
    assert_null(carenet_find(s->directory, &query, &error));
    says(&error, "carenet_find(): remote is none of carenet_remote");
    assert_null(carenet_find_why_not(s->directory, &query, "ex-nmn-014", &error));
    says(&error, "carenet_find_why_not(): remote is none of carenet_remote");
    query.size = 0;
    assert_null(carenet_find(s->directory, &query, &error));
    says(&error, "carenet_find(): the size of a struct is not what its ..._init() sets");
    assert_null(carenet_reference_terms(s->reference, (carenet_terms_kind)99, &error));
    says(&error, "carenet_reference_terms(): kind is none of carenet_terms_kind");
    assert_null(carenet_report_table(s->directory, s->policy, CARENET_REPORT_FULL, NULL, &error));
    says(&error, "carenet_report_table(): kind FULL is a page only: carenet_report_html()");
    carenet_report_query report;
    carenet_report_query_init(&report);
    report.profile = (carenet_profile)99;
    assert_null(carenet_report_html(s->directory, s->policy, CARENET_REPORT_FULL, &report, &error));
    says(&error, "carenet_report_html(): profile is none of carenet_profile");
    carenet_batch_options options;
    carenet_batch_options_init(&options);
    options.threads = 65;
    carenet_cases *cases = carenet_cases_new(s->reference);
    carenet_plan *plan = NULL;
    assert_false(carenet_batch(s->directory, s->policy, cases, &options, &plan, &error));
    says(&error, "carenet_batch(): threads must be 1 to 64");
    assert_null(carenet_referral_start(NULL, "R-1", NULL, &error));
    says(&error, "carenet_referral_start(): store is NULL");
    carenet_cases_unref(cases);
}

/* The struct of a program that was compiled when it had one member less: nothing behind it may be read. */
static gpointer
older(gconstpointer given, size_t size)
{
    const size_t known = size - sizeof(gpointer);
    gpointer out = g_memdup2(given, known);
    *(size_t *)out = known;
    return out;
}

/* Sizes that no ..._init() has set. */
static gpointer
misfit(gconstpointer given, size_t size, guint which)
{
    gpointer out = g_memdup2(given, size);
    *(size_t *)out = which == 0   ? 0
                     : which == 1 ? sizeof(size_t)
                     : which == 2 ? size + 1
                                  : size - 1;
    return out;
}

typedef struct {
    const Shipped *shipped;
    carenet_cases *cases;
    carenet_plan *plan;
} Asked;

typedef gboolean (*Ask)(const Asked *asked, gconstpointer options, carenet_error **error);

static gboolean
ask_find(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_table *rows = carenet_find(asked->shipped->directory, options, error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static gboolean
ask_why_not(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_table *rows =
        carenet_find_why_not(asked->shipped->directory, options, "ex-nmn-014", error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static gboolean
ask_cases(const Asked *asked, gconstpointer options, carenet_error **error)
{
    static const char text[] = "- {ref: C-1, area: Cebu City, age: 9, needs: [trauma-therapy]}\n";
    carenet_cases *cases = carenet_cases_read(asked->shipped->reference, text, sizeof text - 1,
                                              "cases.yaml", options, NULL, error);
    carenet_cases_unref(cases);
    return cases != NULL;
}

static gboolean
ask_route(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_routes *routes = carenet_route(asked->shipped->directory, asked->shipped->policy,
                                           asked->cases, options, error);
    carenet_routes_unref(routes);
    return routes != NULL;
}

static gboolean
ask_batch(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_plan *plan = NULL;
    const gboolean done = carenet_batch(asked->shipped->directory, asked->shipped->policy,
                                        asked->cases, options, &plan, error);
    carenet_plan_unref(plan);
    return done;
}

static gboolean
ask_check(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_table *rows = carenet_plan_check(asked->plan, asked->shipped->directory,
                                             asked->shipped->policy, asked->cases, options, error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static gboolean
ask_gaps(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_table *rows = carenet_plan_gaps(asked->plan, asked->shipped->directory,
                                            asked->shipped->policy, asked->cases, options, error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static gboolean
ask_report(const Asked *asked, gconstpointer options, carenet_error **error)
{
    carenet_table *rows = carenet_report_table(asked->shipped->directory, asked->shipped->policy,
                                               CARENET_REPORT_GAPS, options, error);
    carenet_table_unref(rows);
    return rows != NULL;
}

static void
ask_in_all_sizes(const Asked *asked, Ask ask, gconstpointer options, size_t size, const char *call)
{
    carenet_error *error = NULL;
    g_autofree gpointer shorter = older(options, size);
    if (!ask(asked, shorter, &error))
        fail_msg("%s: %s", call, carenet_error_get_message(error));
    for (guint which = 0; which < 4; which++) {
        g_autofree gpointer wrong = misfit(options, size, which);
        assert_false(ask(asked, wrong, &error));
        expect(NULL, &error, CARENET_ERROR_INVALID_ARGUMENT, call);
    }
}

static void
programs_of_an_older_header_are_understood(void **state)
{
    static const char text[] = "- {ref: C-1, area: Cebu City, age: 9, needs: [trauma-therapy]}\n";
    const Shipped *s = *state;
    Asked asked = {.shipped = s};
    asked.cases =
        carenet_cases_read(s->reference, text, sizeof text - 1, "cases.yaml", NULL, NULL, NULL);
    assert_true(carenet_batch(s->directory, s->policy, asked.cases, NULL, &asked.plan, NULL));
#define IN_ALL_SIZES(type, ask)                                         \
    do {                                                                \
        type options;                                                   \
        type##_init(&options);                                          \
        ask_in_all_sizes(&asked, ask, &options, sizeof options, #type); \
    } while (0)
    IN_ALL_SIZES(carenet_find_query, ask_find);
    IN_ALL_SIZES(carenet_find_query, ask_why_not);
    IN_ALL_SIZES(carenet_cases_options, ask_cases);
    IN_ALL_SIZES(carenet_route_options, ask_route);
    IN_ALL_SIZES(carenet_batch_options, ask_batch);
    IN_ALL_SIZES(carenet_plan_check_options, ask_check);
    IN_ALL_SIZES(carenet_gaps_options, ask_gaps);
    IN_ALL_SIZES(carenet_report_query, ask_report);
    carenet_plan_unref(asked.plan);
    carenet_cases_unref(asked.cases);
}

/* ---- Instants. */

/* Seconds of the first and the last instant that may be given: local time is eight hours ahead of UTC. */
#define FIRST_S (G_GINT64_CONSTANT(-2208988800) - 8 * 3600)
#define LAST_S  (G_GINT64_CONSTANT(7258118400) - 8 * 3600 - 1)

static const int64_t wrong_instants[] = {INT64_MAX,     INT64_MAX - 1, INT64_MIN + 1,
                                         INT64_MIN / 2, FIRST_S - 1,   LAST_S + 1};
static const int64_t right_instants[] = {INT64_MIN, FIRST_S, 0, LAST_S};

/* Needs of a day before which it must be done, so that instants and days are added up. */
static carenet_cases *
read_waiting(const Shipped *s)
{
    static const char text[] =
        "- {ref: C-1, area: Cebu City, age: 9,"
        " needs: [{service: trauma-therapy, before: 2199-12-31}]}\n"
        "- {ref: C-2, area: Davao City, age: 30, needs: [mental-health, legal-aid]}\n";
    return carenet_cases_read(s->reference, text, sizeof text - 1, "cases.yaml", NULL, NULL, NULL);
}

/* One member of a struct of options takes each instant. */
static void
take_instants(const Asked *asked, Ask ask, gpointer options, int64_t *member, const char *wrong)
{
    const int64_t before = *member;
    carenet_error *error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(right_instants); i++) {
        *member = right_instants[i];
        if (!ask(asked, options, &error))
            fail_msg("%s", carenet_error_get_message(error));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_instants); i++) {
        *member = wrong_instants[i];
        assert_false(ask(asked, options, &error));
        says(&error, wrong);
    }
    *member = before;
}

#define RANGE " must be an instant of the years 1900 to 2199, or INT64_MIN"

static void
instants_of_a_search_are_of_these_centuries(void **state)
{
    const Asked asked = {.shipped = *state};
    carenet_error *error = NULL;
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.ordinance = CARENET_COVERED_YES, query.verified_within_days = 1;
    take_instants(&asked, ask_find, &query, &query.now_s, "carenet_find(): now_s" RANGE);
    take_instants(&asked, ask_why_not, &query, &query.now_s, "carenet_find_why_not(): now_s" RANGE);
    /* Nobody looks at what is not set; and there is no default of what is. */
    query.open_at_s = INT64_MAX;
    assert_true(ask_find(&asked, &query, &error));
    query.open_at_set = true;
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_instants); i++) {
        query.open_at_s = i == 0 ? INT64_MIN : wrong_instants[i];
        assert_false(ask_find(&asked, &query, &error));
        says(&error, "carenet_find(): open_at_s must be an instant of the years 1900 to 2199");
    }
    query.open_at_s = LAST_S;
    assert_true(ask_find(&asked, &query, &error));
}

static void
instants_of_routing_are_of_these_centuries(void **state)
{
    Asked asked = {.shipped = *state};
    carenet_route_options route;
    carenet_batch_options batch;
    carenet_route_options_init(&route);
    carenet_batch_options_init(&batch);
    route.include_unconfirmed = route.include_unknown_capacity = true;
    batch.include_unconfirmed = batch.include_unknown_capacity = true;
    asked.cases = read_waiting(asked.shipped);
    assert_non_null(asked.cases);
    take_instants(&asked, ask_route, &route, &route.now_s, "carenet_route(): now_s" RANGE);
    take_instants(&asked, ask_route, &route, &route.at_s, "carenet_route(): at_s" RANGE);
    take_instants(&asked, ask_batch, &batch, &batch.now_s, "carenet_batch(): now_s" RANGE);
    take_instants(&asked, ask_batch, &batch, &batch.at_s, "carenet_batch(): at_s" RANGE);
    carenet_cases_unref(asked.cases);
}

static gboolean
ask_page(const Asked *asked, gconstpointer options, carenet_error **error)
{
    char *page = carenet_report_html(asked->shipped->directory, asked->shipped->policy,
                                     CARENET_REPORT_FULL, options, error);
    carenet_free(page);
    return page != NULL;
}

static void
instants_of_reports_are_of_these_centuries(void **state)
{
    const Asked asked = {.shipped = *state};
    carenet_error *error = NULL;
    carenet_report_query query;
    carenet_report_query_init(&query);
    take_instants(&asked, ask_report, &query, &query.now_s, "carenet_report_table(): now_s" RANGE);
    take_instants(&asked, ask_page, &query, &query.now_s, "carenet_report_html(): now_s" RANGE);
    query.now_s = INT64_MAX - 1;
    assert_null(carenet_report_unmet_cases(asked.shipped->directory, &query, &error));
    says(&error, "carenet_report_unmet_cases(): now_s" RANGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_with_holes_are_told),
        cmocka_unit_test(facts_with_holes_are_told),
        cmocka_unit_test(a_word_that_is_none_is_told),
        cmocka_unit_test(numbers_that_are_none_are_told),
        cmocka_unit_test(a_table_of_something_else_is_no_list_of_referrals),
        cmocka_unit_test(the_first_error_of_a_chain_stays),
        cmocka_unit_test(an_error_that_nobody_looked_at_is_replaced),
        cmocka_unit_test(errors_name_the_call_and_the_argument),
        cmocka_unit_test(programs_of_an_older_header_are_understood),
        cmocka_unit_test(instants_of_a_search_are_of_these_centuries),
        cmocka_unit_test(instants_of_routing_are_of_these_centuries),
        cmocka_unit_test(instants_of_reports_are_of_these_centuries),
    };
    return cmocka_run_group_tests(tests, open_shipped, close_shipped);
}
