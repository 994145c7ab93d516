/* Tables as Markdown pipe tables (GitHub's dialect). */
#include "report/table-cell.h"
#include "report/table-text.h"

#include <string.h>

/* What Markdown or HTML would take for a mark of its own is escaped; a cell is one line. */
static void
append_escaped(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\r')
            continue;
        if (*p == '\n') {
            g_string_append(out, "<br>");
            continue;
        }
        if (strchr("\\|<`*[", *p) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
}

static gboolean
is_number(carenet_column_type type)
{
    return type == CARENET_COLUMN_INT64 || type == CARENET_COLUMN_DOUBLE;
}

static void
append_head(GString *out, const carenet_table *table)
{
    gsize columns_len = carenet_table_columns_len(table);
    for (gsize column = 0; column < columns_len; column++) {
        g_string_append(out, "| ");
        append_escaped(out, carenet_table_column_name(table, column));
        g_string_append_c(out, ' ');
    }
    g_string_append(out, "|\n");
    for (gsize column = 0; column < columns_len; column++)
        g_string_append(out,
                        is_number(carenet_table_column_type(table, column)) ? "| ---: " : "| --- ");
    g_string_append(out, "|\n");
}

char *
cn_table_to_markdown(const carenet_table *table)
{
    GString *out = g_string_new(NULL);
    GString *scratch = g_string_new(NULL);
    gsize columns_len = carenet_table_columns_len(table);
    gsize rows_len = carenet_table_rows_len(table);
    append_head(out, table);
    for (gsize row = 0; row < rows_len; row++) {
        for (gsize column = 0; column < columns_len; column++) {
            g_string_truncate(scratch, 0);
            if (!carenet_table_is_null(table, row, column))
                cn_cell_append_plain(scratch, table, row, column, ", ");
            g_string_append(out, "| ");
            append_escaped(out, scratch->str);
            g_string_append_c(out, ' ');
        }
        g_string_append(out, "|\n");
    }
    g_string_free(scratch, TRUE);
    return g_string_free(out, FALSE);
}
