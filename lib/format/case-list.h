/* Case lists for batch routing: YAML or JSON as in a case file, NDJSON (one JSON record a line) or CSV
 * (one row a case; docs/case-list.md is the manual of the columns). Rows are read one by one, so that a
 * list may have millions; YAML and JSON keep the limits of case files. Issues never quote a fact. */
#pragma once

#include "model/case.h"

/* Limits of CSV and NDJSON. */
#define CN_CASE_LIST_BYTES   ((gsize)1024 * 1024 * 1024)
#define CN_CASE_LINE_BYTES   ((gsize)256 * 1024) /* one line of NDJSON */
#define CN_CASE_REFUSED_MOST 100000u             /* rows that keep_sound leaves out */

/* What else must hold for the cases of a list: appends issues, and marks in @unsound (nullable) the cases that have errors. */
typedef struct {
    void (*check)(const GPtrArray *cases, CnIssueList *issues, gboolean *unsound, gpointer data);
    gpointer data;
} CnCaseCheck;

/* What kind of text it is, by the end of the name, else by how it begins. */
carenet_cases_format cn_case_list_guess(const char *name, const char *text, gsize len);

/* Appends the cases of the text to @cases, checked as a whole, and by @also (nullable). With @keep_sound the rows of CSV and
 * NDJSON that have an error are left out, with the siblings of their cases, and stand as they were in
 * @cases->refused; FALSE where nothing of the text can be used. Without, FALSE where there is an error.
 * @text is NUL-terminated; NULL: a file that was too large to be read, which has its issue already. */
gboolean cn_case_list_read(const char *text,
                           gsize len,
                           const char *name,
                           const carenet_cases_options *options,
                           const CnCaseCheck *also,
                           carenet_cases *cases,
                           CnIssueList *issues);
