/* The one result type: a table of typed columns, immutable once built (any thread). */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

typedef struct {
    const char *name; /* static string */
    carenet_column_type type;
} CnColumn;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_table, carenet_table_unref)

typedef struct CnTableBuilder CnTableBuilder;

/* Cells are added row by row, left to right, exactly one call a column; a wrong type is a bug
 * (asserted). Text is copied; NULL text is a null cell. */
CnTableBuilder *cn_table_builder_new(const CnColumn *columns, guint columns_len);
void cn_table_add_int64(CnTableBuilder *builder, gint64 value);
void cn_table_add_double(CnTableBuilder *builder, double value);
void cn_table_add_bool(CnTableBuilder *builder, gboolean value);
void cn_table_add_text(CnTableBuilder *builder, const char *value);
void cn_table_add_list(CnTableBuilder *builder, const char *const *values, guint len);
void cn_table_add_null(CnTableBuilder *builder);
/* Something that the reader of the whole answer must know. */
void cn_table_warn(CnTableBuilder *builder, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Takes the builder and gives the finished table. (transfer full) */
carenet_table *cn_table_builder_finish(CnTableBuilder *builder);
