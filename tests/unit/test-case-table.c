/* Lists of cases as tables: the same as CSV says, from every type of column; every bad cell by its row
 * and column; no finding quotes a fact. */
#include "format/case-list.h"
#include "format/case-table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    *state = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    carenet_reference_unref(*state);
    return 0;
}

/* A table of texts; an empty one is null where @nulls. */
static carenet_table *
table_of_texts(const char *csv, gboolean nulls)
{
    CnColumn columns[16];
    g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
    g_auto(GStrv) names = g_strsplit(lines[0], ",", -1);
    const guint len = g_strv_length(names);
    for (guint i = 0; i < len; i++)
        columns[i] = (CnColumn){names[i], CARENET_COLUMN_TEXT};
    CnTableBuilder *builder = cn_table_builder_new(columns, len);
    cn_table_own_names(builder);
    for (guint row = 1; lines[row] != NULL && *lines[row] != '\0'; row++) {
        g_auto(GStrv) cells = g_strsplit(lines[row], ",", -1);
        assert_int_equal(g_strv_length(cells), len);
        for (guint i = 0; i < len; i++)
            cn_table_add_text(builder, nulls && *cells[i] == '\0' ? NULL : cells[i]);
    }
    return cn_table_builder_finish(builder);
}

static char *
describe(const carenet_cases *cases)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnCase *c = g_ptr_array_index(cases->cases, i);
        g_string_append_printf(
            out, "%s %d %d-%d %d %u %d %d %d %s/%d:", c->ref, c->area, c->age_min, c->age_max,
            (gint)c->sex, (guint)c->urgency, c->remote_safe, c->max_travel_min, (gint)c->consent,
            c->siblings_group != NULL ? c->siblings_group : "", (gint)c->siblings);
        for (guint k = 0; k < c->needs->len; k++) {
            const CnNeed *need = &g_array_index(c->needs, CnNeed, k);
            g_string_append_printf(out, " %d@%d", need->service, (gint)need->urgency);
        }
        for (guint k = 0; k < c->known_to->len; k++)
            g_string_append_printf(out, " %s", (const char *)c->known_to->pdata[k]);
        for (guint k = 0; k < c->avoid.areas->len; k++)
            g_string_append_printf(out, " -%d", g_array_index(c->avoid.areas, CnAreaId, k));
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *
list_issues(carenet_table *issues)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < carenet_table_rows_len(issues); i++) {
        assert_string_equal(carenet_table_get_text(issues, i, 0), "cases");
        assert_null(strstr(carenet_table_get_text(issues, i, 5), "SECRET"));
        g_string_append_printf(out, "%s%s@%d:%d", i > 0 ? " " : "",
                               carenet_table_get_text(issues, i, 4),
                               (gint)carenet_table_get_int64(issues, i, 1),
                               (gint)carenet_table_get_int64(issues, i, 2));
    }
    carenet_table_unref(issues);
    return g_string_free(out, FALSE);
}

static void
tables_say_what_csv_says(void **state)
{
    static const char csv[] =
        "needs,ref,area,age,age_band,sex,languages,groups,access,siblings,urgency,known_to,avoid,"
        "remote_safe,max_travel_min,consent\n"
        "trauma-therapy;emergency-shelter@emergency,C-1,Cagayan de Oro,15,,female,ceb;fil,deaf,"
        "wheelchair,S:require,urgent,ex-nmn-014,area:Iligan,yes,90,minimum\n"
        "trauma-therapy,C-2,Iligan,,13-17,,ceb,,,S:require,,,,,,\n"
        "trauma-therapy,C-3,1030900000,8,,male,,,,,emergency,,,no,,full\n";
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_cases) expected = carenet_cases_new(*state);
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    assert_true(cn_case_list_read(csv, strlen(csv), "x.csv", &options, NULL, expected, issues));
    g_autofree char *want = describe(expected);
    for (gint nulls = 0; nulls < 2; nulls++) {
        g_autoptr(GError) error = NULL;
        carenet_table *found = NULL;
        g_autoptr(carenet_table) table = table_of_texts(csv, nulls);
        g_autoptr(carenet_cases) cases =
            carenet_cases_from_table(*state, table, "cases", 0, &found, &error);
        assert_null(error);
        g_autofree char *got = describe(cases), *list = list_issues(found);
        assert_string_equal(got, want);
        assert_string_equal(list, "");
    }
}

static const CnColumn typed[] = {
    {"ref", CARENET_COLUMN_TEXT},         {"area", CARENET_COLUMN_INT64},
    {"age", CARENET_COLUMN_DOUBLE},       {"needs", CARENET_COLUMN_LIST},
    {"remote_safe", CARENET_COLUMN_BOOL}, {"max travel min", CARENET_COLUMN_INT64},
    {"#mine", CARENET_COLUMN_TEXT},
};

static void
add_typed(CnTableBuilder *builder, const char *ref, double age, gint64 limit)
{
    static const char *const needs[] = {"trauma-therapy", "emergency-shelter@urgent"};
    cn_table_add_text(builder, ref);
    cn_table_add_int64(builder, 1030500000);
    cn_table_add_double(builder, age);
    cn_table_add_list(builder, needs, G_N_ELEMENTS(needs));
    cn_table_add_bool(builder, TRUE);
    cn_table_add_int64(builder, limit);
    cn_table_add_text(builder, "SECRET");
}

static void
every_type_of_column_is_read(void **state)
{
    g_autoptr(GError) error = NULL;
    CnTableBuilder *builder = cn_table_builder_new(typed, G_N_ELEMENTS(typed));
    add_typed(builder, "C-1", 15.0, 90);
    add_typed(builder, "C-2", NAN, 1);
    g_autoptr(carenet_table) table = cn_table_builder_finish(builder);
    g_autoptr(carenet_cases) cases =
        carenet_cases_from_table(*state, table, "cases", 0, NULL, &error);
    assert_null(error);
    const CnCase *first = g_ptr_array_index(cases->cases, 0);
    const CnCase *second = g_ptr_array_index(cases->cases, 1);
    assert_int_equal(first->age_min, 15);
    assert_int_equal(second->age_min, -1);
    assert_int_equal(first->max_travel_min, 90);
    assert_true(first->remote_safe);
    assert_int_equal(first->needs->len, 2);
    assert_string_equal(carenet_cases_area_at(cases, 1), "1030500000");
}

static void
impossible_numbers_are_refused(void **state)
{
    static const struct {
        double age;
        gint64 limit;
        const char *issues;
    } cases[] = {
        {15.5, 1, "wrong-type@2:3"},
        {-1.0, 1, "impossible-value@2:3"},
        {1e300, 1, "wrong-type@2:3"},
        {INFINITY, 1, "wrong-type@2:3"},
        {3.0, 0, "impossible-value@2:6"},
        {3.0, G_MININT64, "impossible-value@2:6"},
        {3.0, G_MAXINT64, "impossible-value@2:6"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        carenet_table *found = NULL;
        CnTableBuilder *builder = cn_table_builder_new(typed, G_N_ELEMENTS(typed));
        add_typed(builder, "C-1", cases[i].age, cases[i].limit);
        g_autoptr(carenet_table) table = cn_table_builder_finish(builder);
        assert_null(carenet_cases_from_table(*state, table, "cases", 0, &found, &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
        g_autofree char *list = list_issues(found);
        assert_string_equal(list, cases[i].issues);
    }
}

static void
every_bad_cell_is_named(void **state)
{
    static const struct {
        const char *csv, *issues;
    } cases[] = {
        {"ref,area,needs\nC-1,SECRET,trauma-therapy\nC-2,Iligan,SECRET\n",
         "unknown-area@2:2 unknown-service@3:3"},
        {"ref,area,needs\n,Iligan,trauma-therapy\nC-2,,trauma-therapy\nC-3,Iligan,\n",
         "missing-key@2:1 missing-key@3:2 no-need@4:3"},
        {"ref,area,needs\nC-1,Iligan,trauma-therapy\nC-1,Iligan,trauma-therapy\n",
         "duplicate-ref@2:1 duplicate-ref@3:1"},
        {"ref,area,needs,age,age_band\nC-1,Iligan,trauma-therapy,3,13-17\n", "contradiction@2:5"},
        {"ref,area,needs,colour\nC-1,Iligan,trauma-therapy,SECRET\n", "unknown-key@1:4"},
        {"ref,area,needs,birth date\nC-1,Iligan,trauma-therapy,SECRET\n", "personal-data@1:4"},
        {"ref,area,needs,Ref\nC-1,Iligan,trauma-therapy,C-1\n", "duplicate-column@1:4"},
        {"ref,area\nC-1,Iligan\n", "missing-column@1:0"},
        {"ref,area,needs\n", "no-case@1:0"},
        {"ref,area,needs\nMaria SECRET,Iligan,trauma-therapy\n", "personal-data@2:1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        carenet_table *found = NULL;
        g_autoptr(carenet_table) table = table_of_texts(cases[i].csv, FALSE);
        assert_null(carenet_cases_from_table(*state, table, "cases", 0, &found, &error));
        assert_null(strstr(carenet_error_get_message(error), "SECRET"));
        g_autofree char *list = list_issues(found);
        assert_string_equal(list, cases[i].issues);
    }
}

static void
the_caller_may_insist(void **state)
{
    g_autoptr(GError) error = NULL;
    carenet_table *found = NULL;
    g_autoptr(carenet_table) table =
        table_of_texts("ref,area,needs,name\nC-1,Iligan,trauma-therapy,SECRET\n", FALSE);
    g_autoptr(carenet_cases) cases = carenet_cases_from_table(
        *state, table, "cases", CARENET_CASES_ALLOW_PERSONAL_DATA, &found, &error);
    assert_non_null(cases);
    g_autofree char *list = list_issues(found);
    assert_string_equal(list, "personal-data@1:4");
}

static void
wrong_calls_are_refused(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) table = table_of_texts("ref\nC-1\n", FALSE);
    assert_null(carenet_cases_from_table(NULL, table, "cases", 0, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_null(carenet_cases_from_table(*state, NULL, "cases", 0, NULL, &error));
    g_clear_error(&error);
    assert_null(carenet_cases_from_table(*state, table, NULL, 0, NULL, &error));
    assert_non_null(error);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_say_what_csv_says),
        cmocka_unit_test(every_type_of_column_is_read),
        cmocka_unit_test(impossible_numbers_are_refused),
        cmocka_unit_test(every_bad_cell_is_named),
        cmocka_unit_test(the_caller_may_insist),
        cmocka_unit_test(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests_name("case-table", tests, open_reference, close_reference);
}
