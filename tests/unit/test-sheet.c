/* CSV as spreadsheets save it: what is read, what is refused and where, and the days and formulas that
 * spreadsheets make of cells. */
#include "../support/random-world.h"
#include "base/csv-text.h"
#include "format/sheet-date.h"
#include "format/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const CnSheetLimits limits = {.rows = 5, .columns = 4, .cell_bytes = 20};

/* "a|b / 1|2": the header, then the rows, then the issues as "tag line:column message".
 * (transfer full) */
static char *
read_text(const char *text, gsize len)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnSheet) sheet = cn_sheet_read(text, len, "s.csv", &limits, issues);
    GString *out = g_string_new(NULL);
    for (guint i = 0; sheet != NULL && i < cn_sheet_columns_len(sheet); i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", cn_sheet_header(sheet, i));
    for (guint row = 0; sheet != NULL && row < cn_sheet_rows_len(sheet); row++)
        for (guint i = 0; i < cn_sheet_columns_len(sheet); i++)
            g_string_append_printf(out, "%s%s", i > 0 ? "|" : " / ", cn_sheet_cell(sheet, row, i));
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        assert_string_equal(issue->pos.file, "s.csv");
        assert_int_equal(issue->severity, CN_SEVERITY_ERROR);
        assert_non_null(issue->suggestion);
        g_string_append_printf(out, " ! %s %u:%u %s", issue->tag, issue->pos.line,
                               issue->pos.column, issue->message);
    }
    return g_string_free(out, FALSE);
}

static void
sheets_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"a,b\n1,2\n", "a|b / 1|2"},
        {"a,b\n1,2", "a|b / 1|2"},
        {"\xEF\xBB\xBF"
         "a,b\r\n1,2\r\n",
         "a|b / 1|2"},
        {"a,b\r1,2\r", "a|b / 1|2"},
        {"a;b\n1,5;2\n", "a|b / 1,5|2"},
        {"a\tb\n1, 5\t2;\n", "a|b / 1, 5|2;"},
        {"sep=;\r\na,b;c\n1;2\n", "a,b|c / 1|2"},
        {"SEP=,\na,b\n", "a|b"},
        {"\"a;b;c\",d\n1,2\n", "a;b;c|d / 1|2"}, /* separators within quotes divide nothing */
        {"only\n1\n", "only / 1"},
        {"a,b\n\"x, \"\"y\"\"\",\"\"\n", "a|b / x, \"y\"|"},
        {"a,b\n\"one\ntwo\",2\n3,4\n", "a|b / one\ntwo|2 / 3|4"},
        {"a,b\n \"x\" , y \n", "a|b / x|y"},
        {"a,b\n\" x \",2\n", "a|b /  x |2"},
        {"\n\n , \na,b\n,\n\n\"\",\n1,2\n", "a|b / 1|2"},
        {"a,b\n1,2,,\n", "a|b / 1|2"}, /* nothing is cut off that holds something */
        {"a,b\n1,Para\xC3\xB1"
         "aque\n",
         "a|b / 1|Parañaque"},
        {"", " ! missing-column 1:1 there is no header"},
        {"\n,\n", " ! missing-column 1:1 there is no header"},
        {"\xFF\xFE"
         "a",
         " ! bad-encoding 1:1 the text is UTF-16, not UTF-8"},
        {"a,b\n1\n2,3\n", "a|b / 2|3 ! wrong-cells 2:1 row 2 has 1 cells, the header 2"},
        {"a,b\n1,2,3\n", "a|b ! wrong-cells 2:1 row 2 has 3 cells, the header 2"},
        {"a,b\n1,2,3,4,5\n6,7\n",
         "a|b / 6|7 ! too-many-cells 2:9 the row has too many cells (row 2)"},
        {"a,b,c,d,e\n", " ! too-many-cells 1:9 the row has too many cells (row 1)"},
        {"a,b\n1,5\" pipe\n2,3\n", "a|b / 2|3 ! bad-quote 2:4 a quote stands where none may stand"
                                   " in the column \"b\" (row 2)"},
        {"a,b\n1,\"5\" pipe\n2,3\n", "a|b / 2|3 ! bad-quote 2:7 text stands behind the quote that"
                                     " ends a cell in the column \"b\" (row 2)"},
        {"a,b\n1,\"2\n3,4\n", "a|b / 3|4 ! bad-quote 2:3 a quote is never closed in the column"
                              " \"b\" (row 2)"},
        {"a,b\n1,\"2\n33333333333333333333,4\n5,6\n",
         "a|b / 33333333333333333333|4 / 5|6 ! bad-quote 2:3 a cell is too long, or its quote is"
         " never closed in the column \"b\" (row 2)"},
        {"a,b\n1,222222222222222222222\n3,4\n",
         "a|b / 3|4 ! too-long 2:3 the cell is too long in the column \"b\" (row 2)"},
        {"a,\"b\n1,2\n", " ! bad-quote 1:3 a quote is never closed (row 1)"},
        {"a,b\n1,Para\xF1"
         "aque\n2,\xF1\n3,4\n",
         "a|b / 3|4 ! bad-encoding 2:7 there are bytes that are not UTF-8 in the column \"b\" (row"
         " 2) ! bad-encoding 3:3 there are bytes that are not UTF-8 in the column \"b\" (row 3)"},
        {"\xF1\n1\n", " ! bad-encoding 1:1 there are bytes that are not UTF-8 (row 1)"},
        {"a,b\nñ\"\n", "a|b ! bad-quote 2:2 a quote stands where none may stand in the column"
                       " \"a\" (row 2)"},
        {"a,b\n\"1\n\",\"x\n2,3\n", "a|b / 2|3 ! bad-quote 3:3 a quote is never closed in the"
                                    " column \"b\" (row 2)"},
        {"a\n1\n2\n3\n4\n5\n6\n",
         "a / 1 / 2 / 3 / 4 / 5 ! too-many-rows 7:1 there are more than 5 rows"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = read_text(cases[i].text, strlen(cases[i].text));
        assert_string_equal(got, cases[i].expected);
    }
}

static void
a_zero_byte_is_no_text(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1\0x,2\n3,4\n";
    g_autofree char *got = read_text(text, sizeof text - 1);
    assert_string_equal(got, "a|b / 3|4 ! bad-encoding 2:2 there are bytes that are not UTF-8 in"
                             " the column \"a\" (row 2)");
}

static void
cells_have_places(void **state)
{
    (void)state;
    static const char text[] = "sep=,\r\na, b,c\r\n\r\nñ,\"x\r\ny\", z\r\n,,1";
    static const guint numbers[] = {3, 4};
    static const CnPos expected[2][3] = {{{"s.csv", 4, 1}, {"s.csv", 4, 3}, {"s.csv", 5, 5}},
                                         {{"s.csv", 6, 1}, {"s.csv", 6, 2}, {"s.csv", 6, 3}}};
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnSheet) sheet = cn_sheet_read(text, strlen(text), "s.csv", &limits, issues);
    assert_int_equal(cn_issue_list_len(issues), 0);
    assert_int_equal(cn_sheet_rows_len(sheet), 2);
    assert_int_equal(cn_sheet_header_pos(sheet, 1).line, 2);
    assert_int_equal(cn_sheet_header_pos(sheet, 1).column, 4);
    for (guint row = 0; row < 2; row++) {
        CnPos places[3];
        cn_sheet_places(sheet, row, places);
        assert_int_equal(cn_sheet_row_number(sheet, row), numbers[row]);
        for (guint i = 0; i < 3; i++) {
            assert_int_equal(places[i].line, expected[row][i].line);
            assert_int_equal(places[i].column, expected[row][i].column);
        }
    }
}

/* ---- There and back, whatever the cells are. */

/* The alphabet of trouble. */
static char *
random_cell(GRand *rand)
{
    static const char *const parts[] = {"a", "\"", ",", ";", "\t", "\r", "\n", " ", "'", "=", "ñ"};
    GString *cell = g_string_new(NULL);
    for (guint n = world_pick(rand, 6); n > 0; n--)
        g_string_append(cell, parts[world_pick(rand, G_N_ELEMENTS(parts))]);
    return g_string_free(cell, FALSE);
}

static void
write_and_read(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new("h,i,j\r\n");
    for (guint row = 0; row < 3; row++) {
        for (guint i = 0; i < 3; i++) {
            char *cell = i == 0 ? g_strdup("x") : random_cell(rand);
            g_ptr_array_add(cells, cell);
            cn_csv_text_append(text, cell);
            g_string_append(text, i < 2 ? "," : "\r\n");
        }
    }
    g_autoptr(CnSheet) sheet = cn_sheet_read(text->str, text->len, "s.csv", &limits, issues);
    assert_int_equal(cn_issue_list_len(issues), 0);
    assert_int_equal(cn_sheet_rows_len(sheet), 3);
    for (guint i = 0; i < 9; i++)
        assert_string_equal(cn_csv_text_bare(cn_sheet_cell(sheet, i / 3, i % 3)),
                            g_ptr_array_index(cells, i));
}

static void
any_cell_comes_back(void **state)
{
    (void)state;
    world_rounds(500, write_and_read, NULL);
}

static void
formulas_are_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cell;
    } cases[] = {
        {"=1+1", "\"'=1+1\""}, {"+63 2", "\"'+63 2\""}, {"-", "\"'-\""},     {"@x", "\"'@x\""},
        {"\t=", "\"'\t=\""},   {"'=1", "\"''=1\""},     {"''-", "\"'''-\""}, {"'a", "'a"},
        {"", "\"\""},          {"a=1", "a=1"},          {" =1", "\" =1\""},  {"a\"b", "\"a\"\"b\""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        cn_csv_text_append(out, cases[i].text);
        assert_string_equal(out->str, cases[i].cell);
    }
    assert_string_equal(cn_csv_text_bare("'=1"), "=1");
    assert_string_equal(cn_csv_text_bare("'a"), "'a");
    assert_string_equal(cn_csv_text_bare("'"), "'");
    assert_string_equal(cn_csv_text_bare("=1"), "=1");
}

/* ---- Days. */

static void
days_are_guessed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *guess;
    } cases[] = {
        {"11/3/2026", "2026-11-03 or 2026-03-11"},
        {"3/11/26", "2026-03-11 or 2026-11-03"},
        {"13/3/2026", "2026-03-13"},
        {"3.13.2026", "2026-03-13"},
        {"11/11/2026", "2026-11-11"},
        {"1/2/45", "1945-01-02 or 1945-02-01"}, /* as Excel reads it */
        {"3-Nov-26", "2026-11-03"},
        {"3-nov-2026", "2026-11-03"},
        {"Nov 3, 2026", "2026-11-03"},
        {"November 3, 2026", "2026-11-03"},
        {"Tuesday, November 3, 2026", "2026-11-03"},
        {"3 Nobyembre 2026", "2026-11-03"},
        {"Agosto 31, 2026", "2026-08-31"},
        {"2026 Nov 3", "2026-11-03"},
        {"Nov-26", "2026-11"},
        {"November 2026", "2026-11"},
        {"11/2026", "2026-11"},
        {"2026/11/03", "2026-11-03"},
        {"2026-11-3", "2026-11-03"},
        {"2026.11.03", "2026-11-03"},
        {"20261103", "2026-11-03"},
        {"45964", "2025-11-03"},
        {"45964.604", "2025-11-03"},
        {"11/3/2026 14:30", "2026-11-03T14:30 or 2026-03-11T14:30"},
        {"13/3/2026 2:05:10 PM", "2026-03-13T14:05"},
        {"13/3/2026 12:05 am", "2026-03-13T00:05"},
        {"2026/11/03T14:30", "2026-11-03T14:30"},
        {"3-Nov", NULL}, /* without a year */
        {"24/7", NULL},
        {"2/30/2026", NULL},
        {"31-Nov-26", NULL},
        {"0/0/2026", NULL},
        {"12", NULL},
        {"9999", NULL},
        {"123456", NULL},
        {"99999999999999999999", NULL},
        {"soon", NULL},
        {"1/2/3/4", NULL},
        {"Nov Nov 2026", NULL},
        {"13/3/2026 25:00", NULL},
        {"13/3/2026 10:75", NULL},
        {"3_11_2026", NULL},
        {"Nov", NULL},
        {"", NULL},
        {"--", NULL},
        {"1:30", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *guess = cn_sheet_date_guess(cases[i].text);
        if (cases[i].guess == NULL)
            assert_null(guess);
        else
            assert_string_equal(guess != NULL ? guess : cases[i].text, cases[i].guess);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_are_read),
        cmocka_unit_test(a_zero_byte_is_no_text),
        cmocka_unit_test(cells_have_places),
        cmocka_unit_test_teardown(any_cell_comes_back, world_print_seed),
        cmocka_unit_test(formulas_are_text),
        cmocka_unit_test(days_are_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
