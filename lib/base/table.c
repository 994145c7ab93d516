/* Reading tables; table-builder.c makes them. */
#include "base/table-private.h"

#include "base/error.h"

#include <string.h>

carenet_table *
carenet_table_ref(carenet_table *table)
{
    if (table != NULL)
        g_atomic_ref_count_inc(&table->refs);
    return table;
}

void
carenet_table_unref(carenet_table *table)
{
    if (table == NULL || !g_atomic_ref_count_dec(&table->refs))
        return;
    cn_table_columns_free(table->columns, table->columns_len);
    g_strfreev(table->names);
    g_strfreev(table->warnings);
    g_free(table);
}

size_t
carenet_table_rows_len(const carenet_table *table)
{
    return table != NULL ? table->rows_len : 0;
}

size_t
carenet_table_columns_len(const carenet_table *table)
{
    return table != NULL ? table->columns_len : 0;
}

const char *
carenet_table_column_name(const carenet_table *table, size_t column)
{
    return table != NULL && column < table->columns_len ? table->columns[column].name : NULL;
}

carenet_column_type
carenet_table_column_type(const carenet_table *table, size_t column)
{
    return table != NULL && column < table->columns_len ? table->columns[column].type
                                                        : CARENET_COLUMN_NONE;
}

ptrdiff_t
carenet_table_column_index(const carenet_table *table, const char *name)
{
    if (table == NULL || name == NULL)
        return -1;
    for (guint i = 0; i < table->columns_len; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return (ptrdiff_t)i;
    return -1;
}

CnColumnCells
cn_table_cells(const carenet_table *table, gsize column)
{
    g_assert(column < table->columns_len);
    const CnTableColumn *from = &table->columns[column];
    CnColumnCells cells = {.type = from->type, .nulls = from->nulls};
    if (from->valid != NULL)
        cells.valid = from->valid->data;
    if (from->bits != NULL)
        cells.bits = from->bits->data;
    else
        cells.numbers = (const gint64 *)(gconstpointer)from->values->data;
    if (from->members != NULL)
        cells.members = (const gint64 *)(gconstpointer)from->members->data;
    if (from->text != NULL)
        cells.text = from->text->str;
    return cells;
}

static gboolean
is_set(const GByteArray *bits, gsize row)
{
    return (bits->data[row / 8] >> (row % 8) & 1) != 0;
}

/* The column, or NULL where that cell is null, out of range or of another type. */
static const CnTableColumn *
column_with(const carenet_table *table, size_t row, size_t column, carenet_column_type type)
{
    if (table == NULL || row >= table->rows_len || column >= table->columns_len)
        return NULL;
    const CnTableColumn *found = &table->columns[column];
    if (found->type != type || (found->valid != NULL && !is_set(found->valid, row)))
        return NULL;
    return found;
}

bool
carenet_table_is_null(const carenet_table *table, size_t row, size_t column)
{
    if (table == NULL || row >= table->rows_len || column >= table->columns_len)
        return true;
    const GByteArray *valid = table->columns[column].valid;
    return valid != NULL && !is_set(valid, row);
}

int64_t
carenet_table_get_int64(const carenet_table *table, size_t row, size_t column)
{
    const CnTableColumn *found = column_with(table, row, column, CARENET_COLUMN_INT64);
    return found != NULL ? g_array_index(found->values, gint64, row) : 0;
}

double
carenet_table_get_double(const carenet_table *table, size_t row, size_t column)
{
    const CnTableColumn *found = column_with(table, row, column, CARENET_COLUMN_DOUBLE);
    return found != NULL ? g_array_index(found->values, double, row) : 0.0;
}

bool
carenet_table_get_bool(const carenet_table *table, size_t row, size_t column)
{
    const CnTableColumn *found = column_with(table, row, column, CARENET_COLUMN_BOOL);
    return found != NULL && is_set(found->bits, row);
}

const char *
carenet_table_get_text(const carenet_table *table, size_t row, size_t column)
{
    const CnTableColumn *found = column_with(table, row, column, CARENET_COLUMN_TEXT);
    return found != NULL ? found->text->str + g_array_index(found->values, gint64, row) : NULL;
}

size_t
carenet_table_list_len(const carenet_table *table, size_t row, size_t column)
{
    const CnTableColumn *found = column_with(table, row, column, CARENET_COLUMN_LIST);
    if (found == NULL)
        return 0;
    const gint64 *starts = &g_array_index(found->values, gint64, row);
    return (size_t)(starts[1] - starts[0]);
}

const char *
carenet_table_list_get(const carenet_table *table, size_t row, size_t column, size_t i)
{
    const CnTableColumn *found = column_with(table, row, column, CARENET_COLUMN_LIST);
    if (found == NULL || i >= carenet_table_list_len(table, row, column))
        return NULL;
    const gint64 start = g_array_index(found->values, gint64, row);
    return found->text->str + g_array_index(found->members, gint64, (gsize)start + i);
}

size_t
carenet_table_warnings_len(const carenet_table *table)
{
    return table != NULL ? table->warnings_len : 0;
}

const char *
carenet_table_warning(const carenet_table *table, size_t i)
{
    return table != NULL && i < table->warnings_len ? table->warnings[i] : NULL;
}
