/* How a table lies in memory; for its builder and its getters. */
#pragma once

#include "base/table.h"

/* The buffers of one column; see CnColumnCells. Those that a type does not need are NULL. */
typedef struct {
    const char *name;
    carenet_column_type type;
    gsize nulls;
    GByteArray *valid; /* NULL until the first null cell */
    GArray *values;    /* (element-type gint64 or double) numbers, or starts */
    GByteArray *bits;  /* truth values */
    GArray *members;   /* (element-type gint64) */
    GString *text;
} CnTableColumn;

struct carenet_table {
    gatomicrefcount refs;
    guint columns_len;
    gsize rows_len;
    CnTableColumn *columns;
    char **names;    /* NULL-terminated; NULL: those of the columns are static */
    char **warnings; /* NULL-terminated */
    guint warnings_len;
};

void cn_table_columns_free(CnTableColumn *columns, guint len);
