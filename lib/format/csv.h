/* CSV tables with a header, read strictly through libcsv: a row is a line, quotes must match, every
 * row has as many cells as the header. What is wrong becomes issues with line and column. */
#pragma once

#include "base/issue.h"

#include <glib.h>

typedef struct CnCsv CnCsv;
void cn_csv_free(CnCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnCsv, cn_csv_free)

/* Parses @text, which must outlive the result. @columns are the names that the header must have, in
 * any order; other columns are passed over. Cells are addressed by positions in @columns. Unsound
 * rows are left out. NULL where there is no usable header or the text is not plain UTF-8. @name
 * stands for the file and must outlive the issues. Spaces around unquoted cells are dropped. */
CnCsv *cn_csv_parse(const char *text,
                    gsize len,
                    const char *name,
                    const char *const *columns,
                    guint columns_len,
                    CnIssueList *issues);

guint cn_csv_rows_len(const CnCsv *csv);
const char *cn_csv_cell(const CnCsv *csv, guint row, guint column); /* "" where empty */
/* Where the cell begins. Cost: O(bytes of the row). */
CnPos cn_csv_pos(const CnCsv *csv, guint row, guint column);

/* Numbers. Each appends an issue (tag wrong-type or impossible-value) and returns FALSE where the
 * cell is no such number; @out is untouched then. */
gboolean cn_csv_whole(const CnCsv *csv,
                      guint row,
                      guint column,
                      gint64 least,
                      gint64 most,
                      CnIssueList *issues,
                      gint64 *out);
gboolean cn_csv_real(const CnCsv *csv,
                     guint row,
                     guint column,
                     double least,
                     double most,
                     CnIssueList *issues,
                     double *out);
