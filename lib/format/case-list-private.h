/* What the readers of case lists share. */
#pragma once

#include "format/case-list.h"
#include "format/case-reader-private.h"

/* One row as it stood in the text. */
typedef struct {
    gsize start, end; /* its line end included */
    gboolean refused;
} CnCaseRow;

typedef struct {
    const char *text;
    gsize len;
    const char *name; /* interned */
    const CnReference *reference;
    const carenet_cases_options *options;
    const CnCaseCheck *also; /* NULL: nothing else */
    CnIssueList *issues;
    GPtrArray *cases; /* (element-type CnCase) one a row; NULL where the row is no record */
    GArray *rows;     /* (element-type CnCaseRow) */
    gsize head_end;   /* what stands before belongs to every part of the list: a header */
    guint lost;       /* rows that could not even be taken apart */
    guint refused;    /* these, and rows of which an issue says that they are wrong */
    gboolean given_up;
    CnCase *empty; /* whose arrays are shared */
} CnCaseList;

/* Whether reading goes on: not where so much is wrong that the text cannot be what it should be. */
gboolean cn_case_list_goes_on(CnCaseList *list);
/* Takes @c, nullable, as what the row says. */
void cn_case_list_add(CnCaseList *list, CnCase *c, CnCaseRow row);

/* Each fills the list; FALSE where its text cannot be used at all. */
gboolean cn_case_csv_read(CnCaseList *list);
gboolean cn_case_ndjson_read(CnCaseList *list);
