/* Tables as CSV after RFC 4180: header first, CRLF, quotes doubled. A null cell is empty, an empty
 * text is "". */
#include "report/table-cell.h"
#include "report/table-text.h"

#include <string.h>

/* Spreadsheets run a cell that begins so as a formula, with or without quotes around it. */
static gboolean
looks_like_formula(const char *text)
{
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

static void
append_text(GString *out, const char *text)
{
    gboolean is_formula = looks_like_formula(text);
    if (*text != '\0' && !is_formula && strpbrk(text, ",\"\r\n") == NULL) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    if (is_formula)
        g_string_append_c(out, '\'');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void
append_cell(GString *out, const carenet_table *table, gsize row, gsize column, GString *scratch)
{
    carenet_column_type type = carenet_table_column_type(table, column);
    if (carenet_table_is_null(table, row, column))
        return;
    if (type != CARENET_COLUMN_TEXT && type != CARENET_COLUMN_LIST) {
        /* A negative number is a number, not a formula. */
        cn_cell_append_plain(out, table, row, column, ";");
        return;
    }
    g_string_truncate(scratch, 0);
    cn_cell_append_plain(scratch, table, row, column, ";");
    if (type == CARENET_COLUMN_TEXT || scratch->len > 0)
        append_text(out, scratch->str);
}

char *
cn_table_to_csv(const carenet_table *table)
{
    GString *out = g_string_new(NULL);
    GString *scratch = g_string_new(NULL);
    gsize columns_len = carenet_table_columns_len(table);
    for (gsize column = 0; column < columns_len; column++) {
        if (column > 0)
            g_string_append_c(out, ',');
        append_text(out, carenet_table_column_name(table, column));
    }
    g_string_append(out, "\r\n");
    gsize rows_len = carenet_table_rows_len(table);
    for (gsize row = 0; row < rows_len; row++) {
        for (gsize column = 0; column < columns_len; column++) {
            if (column > 0)
                g_string_append_c(out, ',');
            append_cell(out, table, row, column, scratch);
        }
        g_string_append(out, "\r\n");
    }
    g_string_free(scratch, TRUE);
    return g_string_free(out, FALSE);
}
