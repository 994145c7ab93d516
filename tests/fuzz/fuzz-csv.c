/* CSV tables: the first line of the input names the columns that are asked for, the rest is the
 * table. Every cell is UTF-8 and every place lies in the text. */
#include "fuzz.h"

#include "format/csv.h"

#include <string.h>

static void
check_cell(const CnCsv *csv, guint row, guint column, CnIssueList *issues)
{
    gint64 whole = 0;
    double real = 0;
    CnPos pos = cn_csv_pos(csv, row, column);
    g_assert_true(pos.line >= 2 && pos.column >= 1);
    g_assert_true(g_utf8_validate(cn_csv_cell(csv, row, column), -1, NULL));
    if (cn_csv_whole(csv, row, column, -5, 1000, issues, &whole))
        g_assert_true(whole >= -5 && whole <= 1000);
    if (cn_csv_real(csv, row, column, -180, 180, issues, &real))
        g_assert_true(real >= -180 && real <= 180);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzChoices choices = {data, size};
    g_autofree char *line = fuzz_line(&choices);
    g_auto(GStrv) columns = g_strsplit(line, ",", 6);
    /* The reader takes the length; a NUL inside is part of the input. */
    g_autofree char *text = fuzz_text(choices.at, choices.left);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    guint columns_len = g_strv_length(columns);
    /* The names are the programmer's. */
    if (columns_len == 0 || !fuzz_is_line(line))
        return 0;
    g_autoptr(CnCsv) csv = cn_csv_parse(text, choices.left, "table.csv",
                                        (const char *const *)columns, columns_len, issues);
    g_assert_true(csv != NULL || cn_issue_list_errors(issues) > 0);
    for (guint row = 0; csv != NULL && row < MIN(cn_csv_rows_len(csv), 50); row++)
        for (guint column = 0; column < columns_len; column++)
            check_cell(csv, row, column, issues);
    fuzz_check_issues(issues);
    return 0;
}
