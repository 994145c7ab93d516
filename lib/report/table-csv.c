/* Tables as CSV after RFC 4180: header first, CRLF, quotes doubled. A null cell is empty, an empty
 * text is "". */
#include "base/csv-text.h"
#include "report/table-cell.h"
#include "report/table-text.h"

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
        cn_csv_text_append(out, scratch->str);
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
        cn_csv_text_append(out, carenet_table_column_name(table, column));
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
