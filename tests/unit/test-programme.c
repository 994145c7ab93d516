/* The programme: every project figure of the press release comes out of the shipped records, one
 * record less changes it, what is written is read back, and what is suppressed stays unknown. */
#include "format/indicators-file.h"
#include "format/region-file.h"
#include "format/region-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;
static GPtrArray *indicators;
static CnNetwork *network;

/* ---- The shipped programme. */

static CnNetwork *
read_shipped(void)
{
    static const char *const names[] = {"network.yaml",
                                        "regions/caraga.yaml",
                                        "regions/central-luzon.yaml",
                                        "regions/central-visayas.yaml",
                                        "regions/ncr.yaml",
                                        "regions/northern-mindanao.yaml"};
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_ptr_array_add(paths, g_build_filename(reference->data_dir, names[i], NULL));
    CnNetwork *read = cn_region_files_read((const char *const *)paths->pdata, paths->len, reference,
                                           issues, NULL);
    assert_non_null(read);
    return read;
}

static int
set_up(void **state)
{
    (void)state;
    const char *data = g_getenv("CARENET_TEST_DATA");
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    gsize len = 0;
    reference = carenet_reference_open(data != NULL ? data : "data", NULL);
    assert_non_null(reference);
    g_autofree char *path = g_build_filename(reference->data_dir, "indicators.yaml", NULL);
    assert_true(g_file_get_contents(path, &text, &len, NULL));
    indicators = cn_indicators_text_read(text, len, "indicators.yaml", reference, issues);
    assert_non_null(indicators);
    network = read_shipped();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    cn_network_free(network);
    g_ptr_array_unref(indicators);
    carenet_reference_unref(reference);
    return 0;
}

static carenet_table *
compute(const CnNetwork *of,
        const char *from,
        const char *to,
        gboolean by_region,
        gboolean suppress)
{
    CnIndicatorQuery query = {.by_region = by_region, .suppress = suppress};
    assert_true(from == NULL || cn_date_parse(from, &query.from));
    assert_true(to == NULL || cn_date_parse(to, &query.to));
    return cn_indicators_compute(indicators, of, reference, &query);
}

static const char *
text_at(const carenet_table *rows, gsize row, const char *column)
{
    const char *text =
        carenet_table_get_text(rows, row, (size_t)carenet_table_column_index(rows, column));
    return text != NULL ? text : "";
}

static gint64
int_at(const carenet_table *rows, gsize row, const char *column)
{
    return carenet_table_get_int64(rows, row, (size_t)carenet_table_column_index(rows, column));
}

static gboolean
bool_at(const carenet_table *rows, gsize row, const char *column)
{
    return carenet_table_get_bool(rows, row, (size_t)carenet_table_column_index(rows, column));
}

/* The first row of an indicator is its total. */
static gsize
row_of(const carenet_table *rows, const char *indicator)
{
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(text_at(rows, row, "indicator"), indicator) == 0)
            return row;
    fail_msg("no indicator %s", indicator);
    return 0;
}

static gint64
value_of(const CnNetwork *of, const char *indicator)
{
    g_autoptr(carenet_table) rows = compute(of, "2021-08-01", "2023-04-30", FALSE, FALSE);
    return int_at(rows, row_of(rows, indicator), "value");
}

/* ---- The figures. */

static const struct {
    const char *indicator;
    gint64 value;
    const char *area, *detail;
    gboolean additive;
} figures[] = {
    {"care-workers-trained", 236, "Philippines", "", TRUE},
    {"survivors-mental-health", 30, "Mindanao", "", FALSE},
    {"survivors-family-care", 10, "Philippines", "", FALSE},
    {"practitioners-trained", 30, "Philippines", "", FALSE},
    {"individuals-trained", 20, "Philippines", "", FALSE},
    {"social-workers-trained", 34, "Philippines", "", FALSE},
    {"reintegration-plans", 33, "Philippines", "", TRUE},
    {"networks-formed", 5, "Philippines", "", TRUE},
    {"strategic-planning", 4, "Philippines", "", TRUE},
    {"network-members", 167, "Philippines", "", TRUE},
    {"ordinances-implemented", 10, "Philippines", "", TRUE},
    {"survivor-network", 1, "Philippines", "formed 2023-02-07", TRUE},
    {"survivor-network-assemblies", 1, "Philippines", "general-assembly 2023-03", TRUE},
    {"survivors-trained", 39, "Philippines", "", TRUE},
    {"foster-care-working-groups", 1, "Mindanao", "formed 2022-06-21", TRUE},
};

static void
every_figure_comes_out(void **state)
{
    (void)state;
    g_autoptr(carenet_table) rows = compute(network, "2021-08-01", "2023-04-30", FALSE, FALSE);
    assert_int_equal(indicators->len, G_N_ELEMENTS(figures));
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        gsize row = row_of(rows, figures[i].indicator);
        if (int_at(rows, row, "value") != figures[i].value)
            fail_msg("%s: %d", figures[i].indicator, (int)int_at(rows, row, "value"));
        assert_string_equal(text_at(rows, row, "origin"), "computed");
        assert_string_equal(text_at(rows, row, "area"), figures[i].area);
        assert_string_equal(text_at(rows, row, "detail"), figures[i].detail);
        assert_int_equal(bool_at(rows, row, "additive"), figures[i].additive);
    }
    gsize tally = row_of(rows, "network-members") + 1;
    assert_string_equal(text_at(rows, tally, "origin"), "reported");
    assert_int_equal(int_at(rows, tally, "value"), 167);
}

/* Nothing is counted that has not happened in the period. */
static void
another_year_has_other_figures(void **state)
{
    (void)state;
    g_autoptr(carenet_table) before = compute(network, "2019", "2020", FALSE, FALSE);
    for (gsize row = 0; row < carenet_table_rows_len(before); row++)
        assert_int_equal(int_at(before, row, "value"), 0);
    g_autoptr(carenet_table) first = compute(network, "2021", "2021", FALSE, FALSE);
    assert_in_range(int_at(first, row_of(first, "care-workers-trained"), "value"), 1, 235);
    assert_int_equal(int_at(first, row_of(first, "survivors-trained"), "value"), 0);
}

static void
regions_add_up(void **state)
{
    (void)state;
    g_autoptr(carenet_table) rows = compute(network, NULL, NULL, TRUE, FALSE);
    gsize row = row_of(rows, "care-workers-trained");
    gint64 sum = 0;
    for (gsize i = 1; i <= network->regions->len; i++)
        sum += int_at(rows, row + i, "value");
    assert_int_equal(sum, int_at(rows, row, "value"));
}

/* ---- One record less. */

/* Takes the records of @kind away, one at a time, until one of them changed the figure. */
static gsize
count_that_matter(const char *indicator, CnProgrammeKind kind)
{
    const gint64 whole = value_of(network, indicator);
    gsize matter = 0;
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        for (guint k = 0; k < programme->records[kind]->len; k++) {
            g_autofree gpointer record =
                g_memdup2(cn_programme_get(programme, kind, k), cn_programme_table(kind)->size);
            g_array_remove_index(programme->records[kind], k);
            gint64 less = value_of(network, indicator);
            g_array_insert_vals(programme->records[kind], k, record, 1);
            assert_true(less <= whole);
            matter += less < whole;
        }
    }
    assert_int_equal(value_of(network, indicator), whole);
    return matter;
}

static void
one_record_less_changes_a_figure(void **state)
{
    (void)state;
    /* Two of the thirty have a second start of such a service: either of these alone may go. */
    assert_int_equal(count_that_matter("survivors-mental-health", CN_PROGRAMME_STARTS), 28);
    assert_int_equal(count_that_matter("survivors-family-care", CN_PROGRAMME_STARTS), 10);
    assert_int_equal(count_that_matter("care-workers-trained", CN_PROGRAMME_TRAININGS), 15);
    assert_int_equal(count_that_matter("reintegration-plans", CN_PROGRAMME_CARE_PLANS), 33);
    assert_int_equal(count_that_matter("ordinances-implemented", CN_PROGRAMME_ORDINANCES), 10);
    assert_int_equal(count_that_matter("strategic-planning", CN_PROGRAMME_PLANS), 4);
    assert_int_equal(count_that_matter("survivor-network", CN_PROGRAMME_BODIES), 1);
}

static void
ordinances_must_be_carried_out(void **state)
{
    (void)state;
    guint passed = 0;
    for (guint i = 0; i < network->programmes->len; i++)
        passed += ((CnProgramme *)g_ptr_array_index(network->programmes, i))
                      ->records[CN_PROGRAMME_ORDINANCES]
                      ->len;
    assert_int_equal(passed, 15);
    assert_int_equal(value_of(network, "ordinances-implemented"), 10);
}

/* ---- Writing. */

static void
what_is_written_is_read_back(void **state)
{
    (void)state;
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        CnYamlWriter *yaml = cn_yaml_writer_new();
        cn_region_programme_write(yaml, reference, programme, TRUE);
        g_autofree char *first = cn_yaml_writer_finish(yaml);
        g_autoptr(CnNetwork) again = cn_network_new();
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        cn_region_text_read(first, strlen(first), "first", again, reference, issues);
        assert_int_equal(cn_issue_list_len(issues), 0);
        yaml = cn_yaml_writer_new();
        cn_region_programme_write(yaml, reference, g_ptr_array_index(again->programmes, 0), TRUE);
        g_autofree char *second = cn_yaml_writer_finish(yaml);
        assert_string_equal(first, second);
        for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++)
            assert_int_equal(
                ((CnProgramme *)g_ptr_array_index(again->programmes, 0))->records[kind]->len,
                programme->records[kind]->len);
    }
}

static void
exports_leave_cases_out(void **state)
{
    (void)state;
    g_autofree char *text = cn_region_write(network, reference, "northern-mindanao");
    assert_non_null(strstr(text, "trainings:"));
    assert_null(strstr(text, "EX-NMN-"));
    assert_null(strstr(text, "care_plans"));
}

/* ---- Suppression: an auditor who knows the total, every cell that is shown, and that a hidden cell
 * is not 0, must not be able to tell that a hidden cell is small. */

#define CELLS    4
#define CELL_MAX 9

static void
audit(const gint64 *cells)
{
    gboolean hidden[CELLS];
    gboolean hide_total = cn_suppress(cells, CELLS, hidden);
    gint64 total = 0, shown = 0, hidden_len = 0;
    for (gsize i = 0; i < CELLS; i++) {
        total += cells[i];
        shown += hidden[i] ? 0 : cells[i];
        hidden_len += hidden[i];
        if (cells[i] >= 1 && cells[i] <= CN_SMALL_COUNT)
            assert_true(hidden[i]);
        assert_false(cells[i] == 0 && hidden[i]);
    }
    if (hide_total)
        return;
    /* The most that one hidden cell can be: the others are at least 1. */
    gint64 most = total - shown - (hidden_len - 1);
    assert_true(hidden_len == 0 || (hidden_len > 1 && most > CN_SMALL_COUNT));
}

static void
suppressed_counts_cannot_be_recovered(void **state)
{
    (void)state;
    gint64 cells[CELLS];
    for (gint i = 0; i < (CELL_MAX + 1) * (CELL_MAX + 1) * (CELL_MAX + 1) * (CELL_MAX + 1); i++) {
        gint rest = i;
        for (gsize k = 0; k < CELLS; k++, rest /= CELL_MAX + 1)
            cells[k] = rest % (CELL_MAX + 1);
        audit(cells);
    }
}

static void
small_counts_are_not_in_the_table(void **state)
{
    (void)state;
    g_autoptr(carenet_table) rows = compute(network, NULL, NULL, TRUE, TRUE);
    gsize hidden = 0;
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        gboolean persons = strcmp(text_at(rows, row, "unit"), "area") != 0 &&
                           strcmp(text_at(rows, row, "unit"), "body") != 0 &&
                           strcmp(text_at(rows, row, "unit"), "meeting") != 0;
        gint64 value = int_at(rows, row, "value");
        assert_false(persons && value >= 1 && value <= CN_SMALL_COUNT);
        hidden += bool_at(rows, row, "suppressed");
    }
    assert_int_equal(hidden, 2); /* foster and kinship care: 6 and 4 */
}

/* ---- Bad indicator files. */

static void
bad_indicators_are_issues(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tag, *suggestion;
        guint line, column;
    } cases[] = {
        {"indicators:\n  - {id: a, label: A, measure: care-plan}\n", "unknown-measure",
         "did you mean care-plans?", 2, 32},
        {"indicators: [{id: a, label: A, measure: bodies, kind: club}]\n", "impossible-value",
         "use working-group, survivor-network or council", 1, 55},
        {"indicators: [{id: a, label: A}]\n", "missing-key", NULL, 1, 14},
        {"indicators: [{id: a, label: A, measure: bodies, colour: red}]\n", "unknown-key", NULL, 1,
         49},
        {"indicators:\n- {id: a, label: A, measure: bodies}\n- {id: a, label: B, measure: bodies}\n",
         "duplicate-id", "give each indicator an id of its own", 3, 3},
        {"", "empty-file", "begin with \"indicators:\"", 1, 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        assert_null(cn_indicators_text_read(cases[i].text, strlen(cases[i].text), "own.yaml",
                                            reference, issues));
        assert_int_equal(cn_issue_list_len(issues), 1);
        const CnIssue *issue = cn_issue_list_get(issues, 0);
        assert_string_equal(issue->tag, cases[i].tag);
        assert_int_equal(issue->pos.line, cases[i].line);
        assert_int_equal(issue->pos.column, cases[i].column);
        if (cases[i].suggestion != NULL)
            assert_string_equal(issue->suggestion, cases[i].suggestion);
    }
}

/* ---- Lists. */

static void
lists_hold_every_record(void **state)
{
    (void)state;
    carenet_programme *programme = carenet_programme_demonstration(reference, NULL);
    g_autoptr(carenet_table) overview = carenet_programme_overview(programme, NULL);
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    assert_int_equal(carenet_table_rows_len(overview), 6);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++) {
        const char *key = cn_programme_table(kind)->key;
        gint64 there = 0;
        for (gsize row = 0; row < carenet_table_rows_len(overview); row++)
            there += int_at(overview, row, key);
        g_autoptr(carenet_table) rows = carenet_programme_list(programme, kind, NULL);
        assert_true(there > 0);
        assert_int_equal(carenet_table_rows_len(rows), there);
        assert_string_equal(carenet_table_column_name(rows, 0), "id");
        assert_string_equal(carenet_table_column_name(rows, 1), "region");
        for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
            /* An id is nobody else's, and shows its record. */
            const char *id = text_at(rows, row, "id");
            assert_true(g_hash_table_add(ids, g_strdup(id)));
            g_autoptr(carenet_table) shown = carenet_programme_show(programme, id, NULL);
            assert_string_equal(text_at(shown, 0, "field"), cn_programme_table(kind)->noun);
            assert_string_equal(text_at(shown, 0, "value"), id);
        }
    }
    carenet_programme_unref(programme);
}

/* What a record is stays its id; what may be corrected does not change it. */
static void
ids_follow_from_what_records_are(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "programme:\n  trainings: [{course: tic, on: 2022-05, area: PH, audience: officials,"
        " participants: 3}]\n",
        "programme:\n  trainings: [{participants: 4, audience: officials, area: Philippines,"
        " on: 2022-05, course: trauma-informed-care}]\n",
        "programme:\n  trainings: [{course: tic, on: 2022-05-01, area: PH, audience: officials,"
        " participants: 3}]\n",
        "programme:\n  trainings: [{course: tic, on: 2022-05, area: Caraga, audience: officials,"
        " participants: 3}]\n",
        "region: {id: caraga, name: C, area: Caraga}\nprogramme:\n  trainings: [{course: tic,"
        " on: 2022-05, area: PH, audience: officials, participants: 3}]\n",
    };
    const char *ids[G_N_ELEMENTS(texts)];
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CnNetwork) own = cn_network_new();
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        cn_region_text_read(texts[i], strlen(texts[i]), "own.yaml", own, reference, issues);
        assert_int_equal(cn_issue_list_errors(issues), 0);
        CnProgramme *programme = g_ptr_array_index(own->programmes, 0);
        cn_programme_identify(programme, reference, own->strings);
        const CnTraining *training = cn_programme_get(programme, CN_PROGRAMME_TRAININGS, 0);
        ids[i] = g_intern_string(training->id);
    }
    assert_ptr_equal(ids[0], ids[1]);
    for (gsize i = 1; i < G_N_ELEMENTS(texts); i++)
        for (gsize k = 0; k < i && i > 1; k++)
            assert_true(ids[i] != ids[k]);
}

/* ---- The public functions, called rightly and wrongly. */

static void
callers_mistakes_are_errors(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    carenet_indicator_query query;
    carenet_programme *programme = carenet_programme_demonstration(reference, NULL);
    assert_true(carenet_programme_is_demonstration(programme));
    carenet_indicator_query_init(&query);
    query.from = "2023-04-30", query.to = "2021-08-01";
    assert_null(carenet_report_indicators(programme, &query, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    query.to = "2021-02-30";
    assert_null(carenet_report_indicators(programme, &query, NULL, &error));
    assert_string_equal(carenet_error_get_message(error),
                        "to: \"2021-02-30\" is not a day that exists");
    g_clear_error(&error);
    query.size = 0;
    assert_null(carenet_report_indicators(programme, &query, NULL, NULL));
    assert_null(carenet_report_indicators(NULL, NULL, NULL, NULL));
    assert_null(carenet_programme_from_files(reference, NULL, 0, NULL, NULL));
    carenet_indicator_query_init(&query);
    query.indicators = "/nowhere/indicators.yaml";
    assert_null(carenet_report_indicators(programme, &query, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    assert_null(carenet_programme_list(NULL, CARENET_PROGRAMME_BODIES, NULL));
    assert_null(carenet_programme_list(programme, (carenet_programme_kind)10, NULL));
    assert_null(carenet_programme_list(programme, (carenet_programme_kind)-1, NULL));
    assert_null(carenet_programme_overview(NULL, NULL));
    assert_null(carenet_programme_show(programme, NULL, NULL));
    assert_null(carenet_programme_show(NULL, "x", NULL));
    assert_null(carenet_programme_from_store(NULL, NULL));
    g_clear_error(&error);
    assert_null(carenet_programme_show(programme, "training-0", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    carenet_programme_unref(carenet_programme_ref(programme));
    carenet_programme_unref(programme);
    carenet_programme_unref(NULL);
    carenet_indicator_query_init(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_comes_out),
        cmocka_unit_test(another_year_has_other_figures),
        cmocka_unit_test(regions_add_up),
        cmocka_unit_test(one_record_less_changes_a_figure),
        cmocka_unit_test(ordinances_must_be_carried_out),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(exports_leave_cases_out),
        cmocka_unit_test(suppressed_counts_cannot_be_recovered),
        cmocka_unit_test(small_counts_are_not_in_the_table),
        cmocka_unit_test(bad_indicators_are_issues),
        cmocka_unit_test(lists_hold_every_record),
        cmocka_unit_test(ids_follow_from_what_records_are),
        cmocka_unit_test(callers_mistakes_are_errors),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
