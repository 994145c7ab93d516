/* Cells as plain text; the base of CSV and Markdown. */
#include "report/table-cell.h"

#include <math.h>

void
cn_cell_append_double(GString *out, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(buffer, sizeof buffer, "%.15g", value);
    /* Most numbers were written by people and need no more than 15 digits. */
    double back = g_ascii_strtod(buffer, NULL);
    if (back < value || back > value)
        g_ascii_formatd(buffer, sizeof buffer, "%.17g", value);
    g_string_append(out, buffer);
}

static void
append_list(GString *out,
            const carenet_table *table,
            gsize row,
            gsize column,
            const char *separator)
{
    gsize len = carenet_table_list_len(table, row, column);
    for (gsize i = 0; i < len; i++) {
        if (i > 0)
            g_string_append(out, separator);
        g_string_append(out, carenet_table_list_get(table, row, column, i));
    }
}

void
cn_cell_append_plain(GString *out,
                     const carenet_table *table,
                     gsize row,
                     gsize column,
                     const char *separator)
{
    double real = carenet_table_get_double(table, row, column);
    switch (carenet_table_column_type(table, column)) {
    case CARENET_COLUMN_INT64:
        g_string_append_printf(out, "%" G_GINT64_FORMAT,
                               carenet_table_get_int64(table, row, column));
        break;
    case CARENET_COLUMN_DOUBLE:
        if (isfinite(real))
            cn_cell_append_double(out, real);
        break;
    case CARENET_COLUMN_BOOL:
        g_string_append(out, carenet_table_get_bool(table, row, column) ? "true" : "false");
        break;
    case CARENET_COLUMN_TEXT:
        g_string_append(out, carenet_table_get_text(table, row, column));
        break;
    case CARENET_COLUMN_LIST:
        append_list(out, table, row, column, separator);
        break;
    case CARENET_COLUMN_NONE:
        break;
    }
}
