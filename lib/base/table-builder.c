/* Building tables, cell by cell; the getters are table.c. */
#include "base/table-private.h"

#include <string.h>

struct CnTableBuilder {
    guint columns_len;
    CnTableColumn *columns;
    gsize *rows_len;     /* how many cells each column has */
    guint at;            /* the column of the next cell */
    gboolean down;       /* stay in that column */
    char **names;        /* see cn_table_own_names() */
    GPtrArray *warnings; /* (element-type utf8) */
};

static void
init_column(CnTableColumn *column, const CnColumn *plan)
{
    const gint64 zero = 0;
    column->name = plan->name;
    column->type = plan->type;
    if (plan->type == CARENET_COLUMN_BOOL) {
        column->bits = g_byte_array_new();
        return;
    }
    column->values = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (plan->type == CARENET_COLUMN_TEXT || plan->type == CARENET_COLUMN_LIST) {
        g_array_append_val(column->values, zero);
        column->text = g_string_new(NULL);
    }
    if (plan->type == CARENET_COLUMN_LIST) {
        column->members = g_array_new(FALSE, FALSE, sizeof(gint64));
        g_array_append_val(column->members, zero);
    }
}

CnTableBuilder *
cn_table_builder_new(const CnColumn *columns, guint columns_len)
{
    G_STATIC_ASSERT(sizeof(double) == sizeof(gint64));
    CnTableBuilder *builder = g_new0(CnTableBuilder, 1);
    builder->columns_len = columns_len;
    builder->columns = g_new0(CnTableColumn, columns_len);
    builder->rows_len = g_new0(gsize, columns_len);
    for (guint i = 0; i < columns_len; i++)
        init_column(&builder->columns[i], &columns[i]);
    builder->warnings = g_ptr_array_new_with_free_func(g_free);
    return builder;
}

/* ---- Bits. */

static void
append_bit(GByteArray *bits, gsize row, gboolean value)
{
    const guint8 byte = 0;
    if (row % 8 == 0)
        g_byte_array_append(bits, &byte, 1);
    if (value)
        bits->data[row / 8] |= (guint8)(1U << (row % 8));
}

/* The marks of @rows cells that are all there. */
static GByteArray *
all_valid(gsize rows)
{
    const guint8 byte = 0xff;
    GByteArray *valid = g_byte_array_new();
    for (gsize i = 0; i < rows / 8; i++)
        g_byte_array_append(valid, &byte, 1);
    for (gsize row = rows / 8 * 8; row < rows; row++)
        append_bit(valid, row, TRUE);
    return valid;
}

/* ---- Cells. */

#define CELLS_FEW 16

/* The place of number @at. There are more of them than were filled, until the table is finished: a cell
 * is then no more than a store. */
static gint64 *
number_at(GArray *numbers, gsize at)
{
    if (G_UNLIKELY(at >= numbers->len))
        g_array_set_size(numbers, (guint)MAX(CELLS_FEW, 2 * at));
    return &g_array_index(numbers, gint64, at);
}

/* The column that the next cell goes to. */
static CnTableColumn *
next_column(CnTableBuilder *builder, carenet_column_type type)
{
    CnTableColumn *column = &builder->columns[builder->at];
    g_assert(column->type == type);
    return column;
}

/* Counts the cell that was added, and goes on to the next. */
static void
finish_cell(CnTableBuilder *builder, gboolean is_valid)
{
    CnTableColumn *column = &builder->columns[builder->at];
    const gsize row = builder->rows_len[builder->at]++;
    if (!is_valid && column->valid == NULL)
        column->valid = all_valid(row);
    if (column->valid != NULL)
        append_bit(column->valid, row, is_valid);
    if (!is_valid)
        column->nulls++;
    if (!builder->down)
        builder->at = builder->at + 1 < builder->columns_len ? builder->at + 1 : 0;
}

void
cn_table_add_int64(CnTableBuilder *builder, gint64 value)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_INT64);
    *number_at(column->values, builder->rows_len[builder->at]) = value;
    finish_cell(builder, TRUE);
}

void
cn_table_add_double(CnTableBuilder *builder, double value)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_DOUBLE);
    memcpy(number_at(column->values, builder->rows_len[builder->at]), &value, sizeof value);
    finish_cell(builder, TRUE);
}

void
cn_table_add_bool(CnTableBuilder *builder, gboolean value)
{
    append_bit(next_column(builder, CARENET_COLUMN_BOOL)->bits, builder->rows_len[builder->at],
               value);
    finish_cell(builder, TRUE);
}

/* Appends a text and its NUL; returns where they end. */
static gint64
pool_text(GString *pool, const char *value, gsize len)
{
    if (G_LIKELY(pool->len + len + 2 <= pool->allocated_len)) {
        memcpy(pool->str + pool->len, value, len);
        pool->len += len + 1;
        pool->str[pool->len - 1] = pool->str[pool->len] = '\0';
    } else {
        g_string_append_len(pool, value, (gssize)len);
        g_string_append_c(pool, '\0');
    }
    return (gint64)pool->len;
}

/* The place where the text or list of the next cell ends; it starts at the one before. */
static gint64 *
next_end(const CnTableBuilder *builder, const CnTableColumn *column)
{
    return number_at(column->values, builder->rows_len[builder->at] + 1);
}

void
cn_table_add_text_len(CnTableBuilder *builder, const char *value, gsize len)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_TEXT);
    *next_end(builder, column) = pool_text(column->text, value, len);
    finish_cell(builder, TRUE);
}

void
cn_table_add_text(CnTableBuilder *builder, const char *value)
{
    if (value == NULL)
        cn_table_add_null(builder);
    else
        cn_table_add_text_len(builder, value, strlen(value));
}

void
cn_table_add_member(CnTableBuilder *builder, const char *value, gsize len)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_LIST);
    const gint64 end = pool_text(column->text, value, len);
    g_array_append_val(column->members, end);
}

void
cn_table_add_members(CnTableBuilder *builder)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_LIST);
    *next_end(builder, column) = (gint64)column->members->len - 1;
    finish_cell(builder, TRUE);
}

void
cn_table_add_list(CnTableBuilder *builder, const char *const *values, guint len)
{
    for (guint i = 0; i < len; i++)
        cn_table_add_member(builder, values[i], strlen(values[i]));
    cn_table_add_members(builder);
}

void
cn_table_add_null(CnTableBuilder *builder)
{
    CnTableColumn *column = &builder->columns[builder->at];
    const gsize row = builder->rows_len[builder->at];
    if (column->type == CARENET_COLUMN_BOOL) {
        append_bit(column->bits, row, FALSE);
    } else if (column->text != NULL) {
        /* A null text or list ends where it starts. */
        gint64 *end = next_end(builder, column);
        *end = end[-1];
    } else {
        *number_at(column->values, row) = 0;
    }
    finish_cell(builder, FALSE);
}

void
cn_table_own_names(CnTableBuilder *builder)
{
    g_assert(builder->names == NULL);
    builder->names = g_new0(char *, (gsize)builder->columns_len + 1);
    for (guint i = 0; i < builder->columns_len; i++)
        builder->columns[i].name = builder->names[i] = g_strdup(builder->columns[i].name);
}

void
cn_table_fill_column(CnTableBuilder *builder, guint column)
{
    g_assert(column < builder->columns_len);
    builder->at = column;
    builder->down = TRUE;
}

void
cn_table_warn(CnTableBuilder *builder, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(builder->warnings, g_strdup_vprintf(format, args));
    va_end(args);
}

/* ---- The end. */

void
cn_table_columns_free(CnTableColumn *columns, guint len)
{
    for (guint i = 0; i < len; i++) {
        g_clear_pointer(&columns[i].valid, g_byte_array_unref);
        g_clear_pointer(&columns[i].values, g_array_unref);
        g_clear_pointer(&columns[i].bits, g_byte_array_unref);
        g_clear_pointer(&columns[i].members, g_array_unref);
        if (columns[i].text != NULL)
            g_string_free(columns[i].text, TRUE);
    }
    g_free(columns);
}

/* Cuts off the places of numbers that were not filled. */
static void
finish_column(CnTableColumn *column, gsize rows)
{
    if (column->values != NULL)
        g_array_set_size(column->values, (guint)(rows + (column->text != NULL)));
}

carenet_table *
cn_table_builder_finish(CnTableBuilder *builder)
{
    carenet_table *table = g_new0(carenet_table, 1);
    g_atomic_ref_count_init(&table->refs);
    table->columns_len = builder->columns_len;
    table->columns = g_steal_pointer(&builder->columns);
    table->names = g_steal_pointer(&builder->names);
    table->rows_len = builder->columns_len > 0 ? builder->rows_len[0] : 0;
    for (guint i = 0; i < builder->columns_len; i++) {
        g_assert(builder->rows_len[i] == table->rows_len);
        finish_column(&table->columns[i], table->rows_len);
    }
    table->warnings_len = builder->warnings->len;
    g_ptr_array_add(builder->warnings, NULL);
    table->warnings = (char **)g_ptr_array_free(builder->warnings, FALSE);
    builder->warnings = NULL;
    cn_table_builder_free(builder);
    return table;
}

void
cn_table_builder_free(CnTableBuilder *builder)
{
    if (builder == NULL)
        return;
    if (builder->columns != NULL)
        cn_table_columns_free(builder->columns, builder->columns_len);
    g_clear_pointer(&builder->warnings, g_ptr_array_unref);
    g_strfreev(builder->names);
    g_free(builder->rows_len);
    g_free(builder);
}
