/* Some rows of a table, as a table. */
#include "base/error.h"
#include "base/table-private.h"

#include <string.h>

static CnTableBuilder *
begin_like(const carenet_table *table)
{
    g_autofree CnColumn *columns = g_new0(CnColumn, table->columns_len);
    for (guint i = 0; i < table->columns_len; i++)
        columns[i] = (CnColumn){table->columns[i].name, table->columns[i].type};
    CnTableBuilder *builder = cn_table_builder_new(columns, table->columns_len);
    if (table->names != NULL)
        cn_table_own_names(builder);
    for (guint i = 0; i < table->warnings_len; i++)
        cn_table_warn(builder, "%s", table->warnings[i]);
    return builder;
}

static void
copy_list(CnTableBuilder *builder, const carenet_table *table, gsize row, gsize column)
{
    const gsize len = carenet_table_list_len(table, row, column);
    for (gsize i = 0; i < len; i++) {
        const char *member = carenet_table_list_get(table, row, column, i);
        cn_table_add_member(builder, member, strlen(member));
    }
    cn_table_add_members(builder);
}

static void
copy_cell(CnTableBuilder *builder, const carenet_table *table, gsize row, gsize column)
{
    if (carenet_table_is_null(table, row, column)) {
        cn_table_add_null(builder);
        return;
    }
    switch (table->columns[column].type) {
    case CARENET_COLUMN_INT64:
        cn_table_add_int64(builder, carenet_table_get_int64(table, row, column));
        break;
    case CARENET_COLUMN_DOUBLE:
        cn_table_add_double(builder, carenet_table_get_double(table, row, column));
        break;
    case CARENET_COLUMN_BOOL:
        cn_table_add_bool(builder, carenet_table_get_bool(table, row, column));
        break;
    case CARENET_COLUMN_TEXT:
        cn_table_add_text(builder, carenet_table_get_text(table, row, column));
        break;
    case CARENET_COLUMN_LIST:
        copy_list(builder, table, row, column);
        break;
    case CARENET_COLUMN_NONE:
        break;
    }
}

carenet_table *
carenet_table_select(const carenet_table *table,
                     const size_t *rows,
                     size_t rows_len,
                     carenet_error **error)
{
    CN_REQUIRE_GIVEN(table, error, NULL);
    CN_REQUIRE(rows != NULL || rows_len == 0, "rows is NULL, and rows_len is not 0", error, NULL);
    for (size_t i = 0; i < rows_len; i++)
        CN_REQUIRE(rows[i] < table->rows_len, "rows holds a number that the table has no row for",
                   error, NULL);
    CnTableBuilder *builder = begin_like(table);
    for (guint column = 0; column < table->columns_len; column++) {
        cn_table_fill_column(builder, column);
        for (size_t i = 0; i < rows_len; i++)
            copy_cell(builder, table, rows[i], column);
    }
    return cn_table_builder_finish(builder);
}
