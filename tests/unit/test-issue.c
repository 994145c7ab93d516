/* Issues: one list, sorted by place, bounded, handed out as a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/issue.h"

static const CnColumn columns[] = {
    {"file", CARENET_COLUMN_TEXT},       {"line", CARENET_COLUMN_INT64},
    {"column", CARENET_COLUMN_INT64},    {"severity", CARENET_COLUMN_TEXT},
    {"tag", CARENET_COLUMN_TEXT},        {"message", CARENET_COLUMN_TEXT},
    {"suggestion", CARENET_COLUMN_TEXT},
};

static void
table_has_the_contract_columns(void **state)
{
    (void)state;
    g_autoptr(CnIssueList) list = cn_issue_list_new();
    carenet_table *table = cn_issue_list_to_table(list);
    assert_int_equal(carenet_table_rows_len(table), 0);
    assert_int_equal(carenet_table_columns_len(table), G_N_ELEMENTS(columns));
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        assert_string_equal(carenet_table_column_name(table, i), columns[i].name);
        assert_int_equal(carenet_table_column_type(table, i), columns[i].type);
    }
    carenet_table_unref(table);
}

static void
issues_are_sorted_by_place(void **state)
{
    (void)state;
    static const CnPos places[] = {{"z.yaml", 9, 1}, {"a.yaml", 5, 2}, {"z.yaml", 2, 7},
                                   {"a.yaml", 5, 1}, {"z.yaml", 2, 7}, {"z.yaml", 2, 7}};
    static const char *const tags[] = {"t1", "t2", "t3", "t4", "t0", "t0"};
    static const char *const messages[] = {"m1", "m2", "m3", "m4", "m6", "m5"};
    static const char *const expected[] = {"m5", "m6", "m3", "m1", "m4", "m2"};
    g_autoptr(CnIssueList) list = cn_issue_list_new();
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        cn_issue_add(list, CN_SEVERITY_WARNING, tags[i], places[i], NULL, "%s", messages[i]);
    carenet_table *table = cn_issue_list_to_table(list);
    /* The file that was named first comes first, whatever its name. */
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        assert_string_equal(carenet_table_get_text(table, i, 5), expected[i]);
    carenet_table_unref(table);
}

static void
every_field_is_told(void **state)
{
    (void)state;
    g_autoptr(CnIssueList) list = cn_issue_list_new();
    g_autofree char *suggestion = g_strdup("write age: [7, 17]");
    cn_issue_add(list, CN_SEVERITY_ERROR, "age-range", (CnPos){"a.yaml", 3, 9}, suggestion,
                 "age %d is above %d", 17, 7);
    cn_issue_add(list, CN_SEVERITY_INFO, "note", (CnPos){"a.yaml", 0, 0}, NULL, "whole file");
    suggestion[0] = 'x';
    carenet_table *table = cn_issue_list_to_table(list);
    assert_true(carenet_table_is_null(table, 0, 1));
    assert_true(carenet_table_is_null(table, 0, 2));
    assert_string_equal(carenet_table_get_text(table, 0, 3), "info");
    assert_true(carenet_table_is_null(table, 0, 6));
    assert_int_equal(carenet_table_get_int64(table, 1, 1), 3);
    assert_int_equal(carenet_table_get_int64(table, 1, 2), 9);
    assert_string_equal(carenet_table_get_text(table, 1, 3), "error");
    assert_string_equal(carenet_table_get_text(table, 1, 4), "age-range");
    assert_string_equal(carenet_table_get_text(table, 1, 5), "age 17 is above 7");
    assert_string_equal(carenet_table_get_text(table, 1, 6), "write age: [7, 17]");
    assert_int_equal(cn_issue_list_len(list), 2);
    assert_int_equal(cn_issue_list_errors(list), 1);
    assert_string_equal(cn_issue_list_get(list, 1)->tag, "age-range");
    carenet_table_unref(table);
}

static void
hostile_input_cannot_fill_memory(void **state)
{
    (void)state;
    g_autoptr(CnIssueList) list = cn_issue_list_new();
    for (guint i = 0; i < CN_ISSUES_MOST + 5; i++)
        cn_issue_add(list, CN_SEVERITY_ERROR, "t", (CnPos){"a.yaml", i + 1, 1}, NULL, "m");
    assert_int_equal(cn_issue_list_len(list), CN_ISSUES_MOST);
    assert_int_equal(cn_issue_list_errors(list), CN_ISSUES_MOST + 5);
    carenet_table *table = cn_issue_list_to_table(list);
    assert_int_equal(carenet_table_rows_len(table), CN_ISSUES_MOST);
    assert_string_equal(carenet_table_warning(table, 0), "5 more issues are not listed");
    carenet_table_unref(table);
    cn_issue_list_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_has_the_contract_columns),
        cmocka_unit_test(issues_are_sorted_by_place),
        cmocka_unit_test(every_field_is_told),
        cmocka_unit_test(hostile_input_cannot_fill_memory),
    };
    return cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
