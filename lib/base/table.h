/* The one result type: a table of typed columns, immutable once built (any thread).
 *
 * It is stored column by column, in buffers that Arrow (report/table-arrow.c) hands on as they are
 * where their layout is Arrow's own: numbers, truth values and the marks of null cells. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

typedef struct {
    const char *name; /* static string, unless the builder is told to copy it */
    carenet_column_type type;
} CnColumn;

/* The cells of one column. A bit stands for a row, the least significant first. */
typedef struct {
    carenet_column_type type;
    gsize nulls;
    const guint8 *valid; /* one bit a row, 0 null; NULL: no cell is null */
    union {
        const gint64 *numbers;
        const double *reals;
        const guint8 *bits;
        const gint64 *starts; /* rows + 1: of a text in `text`, of a list in `members` */
    };
    const gint64 *members; /* of lists: where each text starts in `text`, and the end of the last */
    const char *text;      /* pool of texts, each with its NUL */
} CnColumnCells;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_table, carenet_table_unref)

/* The cells of column @column, which must exist; borrowed. */
CnColumnCells cn_table_cells(const carenet_table *table, gsize column);

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
/* As cn_table_add_text() for @len bytes without a NUL among them. */
void cn_table_add_text_len(CnTableBuilder *builder, const char *value, gsize len);
/* As cn_table_add_list(), member by member: any number of cn_table_add_member() before it. */
void cn_table_add_member(CnTableBuilder *builder, const char *value, gsize len);
void cn_table_add_members(CnTableBuilder *builder);
/* Copies the names of the columns, which then need not outlive the table. */
void cn_table_own_names(CnTableBuilder *builder);
/* From now on cells are added down column @column; every column must end with as many. */
void cn_table_fill_column(CnTableBuilder *builder, guint column);
/* Something that the reader of the whole answer must know. */
void cn_table_warn(CnTableBuilder *builder, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Takes the builder and gives the finished table. (transfer full) */
carenet_table *cn_table_builder_finish(CnTableBuilder *builder);
/* Gives up what was begun; NULL is ignored. */
void cn_table_builder_free(CnTableBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnTableBuilder, cn_table_builder_free)
