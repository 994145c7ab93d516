/* Tables as JSON and NDJSON. Written by hand, not by jansson, since jansson prints a real number
 * with a fixed number of digits (14.599999999999999 for 14.6) and would copy every cell first. */
#include "report/table-cell.h"

#include "base/json-text.h"
#include "report/table-text.h"

#include <math.h>

static void
append_list(GString *out, const carenet_table *table, gsize row, gsize column)
{
    gsize len = carenet_table_list_len(table, row, column);
    g_string_append_c(out, '[');
    for (gsize i = 0; i < len; i++) {
        if (i > 0)
            g_string_append(out, ", ");
        cn_json_text_append(out, carenet_table_list_get(table, row, column, i));
    }
    g_string_append_c(out, ']');
}

static void
append_cell(GString *out, const carenet_table *table, gsize row, gsize column)
{
    carenet_column_type type = carenet_table_column_type(table, column);
    gboolean is_number = type == CARENET_COLUMN_DOUBLE;
    if (carenet_table_is_null(table, row, column) ||
        (is_number && !isfinite(carenet_table_get_double(table, row, column))))
        g_string_append(out, "null");
    else if (type == CARENET_COLUMN_TEXT)
        cn_json_text_append(out, carenet_table_get_text(table, row, column));
    else if (type == CARENET_COLUMN_LIST)
        append_list(out, table, row, column);
    else
        cn_cell_append_plain(out, table, row, column, "");
}

static void
append_row(GString *out, const carenet_table *table, gsize row)
{
    gsize columns_len = carenet_table_columns_len(table);
    g_string_append_c(out, '{');
    for (gsize column = 0; column < columns_len; column++) {
        if (column > 0)
            g_string_append(out, ", ");
        cn_json_text_append(out, carenet_table_column_name(table, column));
        g_string_append(out, ": ");
        append_cell(out, table, row, column);
    }
    g_string_append_c(out, '}');
}

char *
cn_table_to_json(const carenet_table *table)
{
    GString *out = g_string_new("[");
    gsize rows_len = carenet_table_rows_len(table);
    for (gsize row = 0; row < rows_len; row++) {
        g_string_append(out, row > 0 ? ",\n  " : "\n  ");
        append_row(out, table, row);
    }
    g_string_append(out, rows_len > 0 ? "\n]\n" : "]\n");
    return g_string_free(out, FALSE);
}

char *
cn_table_to_ndjson(const carenet_table *table)
{
    GString *out = g_string_new(NULL);
    gsize rows_len = carenet_table_rows_len(table);
    for (gsize row = 0; row < rows_len; row++) {
        append_row(out, table, row);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
