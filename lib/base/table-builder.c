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
    g_array_append_val(next_column(builder, CARENET_COLUMN_INT64)->values, value);
    finish_cell(builder, TRUE);
}

void
cn_table_add_double(CnTableBuilder *builder, double value)
{
    g_array_append_val(next_column(builder, CARENET_COLUMN_DOUBLE)->values, value);
    finish_cell(builder, TRUE);
}

void
cn_table_add_bool(CnTableBuilder *builder, gboolean value)
{
    append_bit(next_column(builder, CARENET_COLUMN_BOOL)->bits, builder->rows_len[builder->at],
               value);
    finish_cell(builder, TRUE);
}

static void
pool_text(CnTableColumn *column, GArray *ends, const char *value, gsize len)
{
    g_string_append_len(column->text, value, (gssize)len);
    g_string_append_c(column->text, '\0');
    const gint64 end = (gint64)column->text->len;
    g_array_append_val(ends, end);
}

void
cn_table_add_text_len(CnTableBuilder *builder, const char *value, gsize len)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_TEXT);
    pool_text(column, column->values, value, len);
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
    pool_text(column, column->members, value, len);
}

void
cn_table_add_members(CnTableBuilder *builder)
{
    CnTableColumn *column = next_column(builder, CARENET_COLUMN_LIST);
    const gint64 end = (gint64)column->members->len - 1;
    g_array_append_val(column->values, end);
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
    gint64 value = 0;
    if (column->type == CARENET_COLUMN_BOOL) {
        append_bit(column->bits, builder->rows_len[builder->at], FALSE);
    } else {
        /* A null text or list ends where it starts. */
        if (column->text != NULL)
            value = g_array_index(column->values, gint64, column->values->len - 1);
        g_array_append_val(column->values, value);
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

carenet_table *
cn_table_builder_finish(CnTableBuilder *builder)
{
    carenet_table *table = g_new0(carenet_table, 1);
    g_atomic_ref_count_init(&table->refs);
    table->columns_len = builder->columns_len;
    table->columns = g_steal_pointer(&builder->columns);
    table->names = g_steal_pointer(&builder->names);
    table->rows_len = builder->columns_len > 0 ? builder->rows_len[0] : 0;
    for (guint i = 0; i < builder->columns_len; i++)
        g_assert(builder->rows_len[i] == table->rows_len);
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
