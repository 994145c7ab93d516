/* What a cell of a case list says; docs/case-list.md is the manual of the columns. */
#pragma once

#include "format/case-reader-private.h"

/* Columns that are asked for by name here; the others follow them. The urgency stands before the needs,
 * which take it over. */
enum {
    CN_CASE_REF,
    CN_CASE_AREA,
    CN_CASE_AGE,
    CN_CASE_AGE_BAND,
    CN_CASE_URGENCY,
    CN_CASE_NEEDS,
    CN_CASE_SIBLINGS,
    CN_CASE_KEEP_APART,
    CN_CASE_COLUMNS = 20
};

/* The column of that name, which may be written as people write it ("Max travel min"), or
 * CN_CASE_COLUMNS. */
guint cn_case_column_find(const char *name);
const char *cn_case_column_name(guint column);
gboolean cn_case_column_is_required(guint column);

/* A reader remembers what texts said. @name (interned) stands for the file. */
typedef struct CnCaseCells CnCaseCells;
CnCaseCells *cn_case_cells_new(const CnReference *reference,
                               gboolean allow_personal,
                               const char *name);
void cn_case_cells_free(CnCaseCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnCaseCells, cn_case_cells_free)

/* Reads @text, which is not empty, into @c; columns in their order. What is wrong stands at @pos. */
void cn_case_cells_read(CnCaseCells *cells,
                        guint column,
                        const char *text,
                        CnPos pos,
                        CnCase *c,
                        CnIssueList *issues);

/* Says that column number @at (from 0), called @name, is none of a case list; @advice where no name is
 * near. */
void cn_case_column_report(const CnCaseCells *cells,
                           const char *name,
                           guint at,
                           CnPos pos,
                           const char *advice,
                           CnIssueList *issues);
