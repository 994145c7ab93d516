#include "base/table.h"

#include "base/error.h"

#include <string.h>

/* A cell is 8 bytes: a number, a truth value, or an offset into the text pool. A list cell is the
 * offset of its values in `lists`, which begins with their number. */
typedef union {
    gint64 number;
    double real;
    gsize offset;
} Cell;

struct carenet_table {
    gatomicrefcount refs;
    guint columns_len;
    gsize rows_len;
    CnColumn *columns;
    Cell *cells;     /* row by row */
    guint8 *present; /* one byte a cell */
    char *text;      /* pool of NUL-terminated strings */
    gsize *lists;    /* pool of {len, offset...} */
    char **warnings; /* NULL-terminated */
    guint warnings_len;
};

struct CnTableBuilder {
    guint columns_len;
    const CnColumn *columns;
    GArray *cells; /* (element-type Cell) */
    GByteArray *present;
    GString *text;
    GArray *lists;       /* (element-type gsize) */
    GPtrArray *warnings; /* (element-type utf8) */
};

CnTableBuilder *
cn_table_builder_new(const CnColumn *columns, guint columns_len)
{
    CnTableBuilder *builder = g_new0(CnTableBuilder, 1);
    builder->columns = columns;
    builder->columns_len = columns_len;
    builder->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    builder->present = g_byte_array_new();
    builder->text = g_string_new(NULL);
    builder->lists = g_array_new(FALSE, FALSE, sizeof(gsize));
    builder->warnings = g_ptr_array_new_with_free_func(g_free);
    return builder;
}

static void
add_cell(CnTableBuilder *builder, carenet_column_type type, Cell cell)
{
    guint column = builder->cells->len % builder->columns_len;
    g_assert(builder->columns[column].type == type);
    const guint8 one = 1;
    g_array_append_val(builder->cells, cell);
    g_byte_array_append(builder->present, &one, 1);
}

static gsize
pool_text(CnTableBuilder *builder, const char *value)
{
    gsize offset = builder->text->len;
    g_string_append_len(builder->text, value, (gssize)strlen(value) + 1);
    return offset;
}

void
cn_table_add_int64(CnTableBuilder *builder, gint64 value)
{
    add_cell(builder, CARENET_COLUMN_INT64, (Cell){.number = value});
}

void
cn_table_add_double(CnTableBuilder *builder, double value)
{
    add_cell(builder, CARENET_COLUMN_DOUBLE, (Cell){.real = value});
}

void
cn_table_add_bool(CnTableBuilder *builder, gboolean value)
{
    add_cell(builder, CARENET_COLUMN_BOOL, (Cell){.number = value != FALSE});
}

void
cn_table_add_text(CnTableBuilder *builder, const char *value)
{
    if (value == NULL)
        cn_table_add_null(builder);
    else
        add_cell(builder, CARENET_COLUMN_TEXT, (Cell){.offset = pool_text(builder, value)});
}

void
cn_table_add_list(CnTableBuilder *builder, const char *const *values, guint len)
{
    gsize start = builder->lists->len, count = len;
    g_array_append_val(builder->lists, count);
    for (guint i = 0; i < len; i++) {
        gsize offset = pool_text(builder, values[i]);
        g_array_append_val(builder->lists, offset);
    }
    add_cell(builder, CARENET_COLUMN_LIST, (Cell){.offset = start});
}

void
cn_table_add_null(CnTableBuilder *builder)
{
    const Cell none = {0};
    const guint8 zero = 0;
    g_array_append_val(builder->cells, none);
    g_byte_array_append(builder->present, &zero, 1);
}

void
cn_table_warn(CnTableBuilder *builder, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(builder->warnings, g_strdup_vprintf(format, args));
    va_end(args);
}

carenet_table *
cn_table_builder_finish(CnTableBuilder *builder)
{
    g_assert(builder->cells->len % builder->columns_len == 0);
    carenet_table *table = g_new0(carenet_table, 1);
    g_atomic_ref_count_init(&table->refs);
    table->columns_len = builder->columns_len;
    table->columns = g_memdup2(builder->columns, sizeof(CnColumn) * builder->columns_len);
    table->rows_len = builder->cells->len / builder->columns_len;
    table->cells = (Cell *)(gpointer)g_array_free(builder->cells, FALSE);
    table->present = g_byte_array_free(builder->present, FALSE);
    table->text = g_string_free(builder->text, FALSE);
    table->lists = (gsize *)(gpointer)g_array_free(builder->lists, FALSE);
    table->warnings_len = builder->warnings->len;
    g_ptr_array_add(builder->warnings, NULL);
    table->warnings = (char **)g_ptr_array_free(builder->warnings, FALSE);
    g_free(builder);
    return table;
}

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
    g_free(table->columns);
    g_free(table->cells);
    g_free(table->present);
    g_free(table->text);
    g_free(table->lists);
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

/* The cell, or NULL where it is null, out of range or of another type. */
static const Cell *
cell_at(const carenet_table *table, size_t row, size_t column, carenet_column_type type)
{
    if (table == NULL || row >= table->rows_len || column >= table->columns_len)
        return NULL;
    gsize i = row * table->columns_len + column;
    if (!table->present[i] || table->columns[column].type != type)
        return NULL;
    return &table->cells[i];
}

bool
carenet_table_is_null(const carenet_table *table, size_t row, size_t column)
{
    if (table == NULL || row >= table->rows_len || column >= table->columns_len)
        return true;
    return !table->present[row * table->columns_len + column];
}

int64_t
carenet_table_get_int64(const carenet_table *table, size_t row, size_t column)
{
    const Cell *cell = cell_at(table, row, column, CARENET_COLUMN_INT64);
    return cell != NULL ? cell->number : 0;
}

double
carenet_table_get_double(const carenet_table *table, size_t row, size_t column)
{
    const Cell *cell = cell_at(table, row, column, CARENET_COLUMN_DOUBLE);
    return cell != NULL ? cell->real : 0.0;
}

bool
carenet_table_get_bool(const carenet_table *table, size_t row, size_t column)
{
    const Cell *cell = cell_at(table, row, column, CARENET_COLUMN_BOOL);
    return cell != NULL && cell->number != 0;
}

const char *
carenet_table_get_text(const carenet_table *table, size_t row, size_t column)
{
    const Cell *cell = cell_at(table, row, column, CARENET_COLUMN_TEXT);
    return cell != NULL ? table->text + cell->offset : NULL;
}

size_t
carenet_table_list_len(const carenet_table *table, size_t row, size_t column)
{
    const Cell *cell = cell_at(table, row, column, CARENET_COLUMN_LIST);
    return cell != NULL ? table->lists[cell->offset] : 0;
}

const char *
carenet_table_list_get(const carenet_table *table, size_t row, size_t column, size_t i)
{
    const Cell *cell = cell_at(table, row, column, CARENET_COLUMN_LIST);
    if (cell == NULL || i >= table->lists[cell->offset])
        return NULL;
    return table->text + table->lists[cell->offset + 1 + i];
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
