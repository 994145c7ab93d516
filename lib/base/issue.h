/* Issues: what is wrong with data that a person wrote. A check never stops at the first finding;
 * it appends to one list, which is sorted by place and handed out as a table. */
#pragma once

#include "base/table.h"

#include <glib.h>

typedef enum {
    CN_SEVERITY_ERROR,   /* nothing is stored while one stands */
    CN_SEVERITY_WARNING, /* stored, but a person should look */
    CN_SEVERITY_INFO,
} CnSeverity;

/* A place in an input file. Lines and columns count from 1; 0 is unknown. @file is borrowed and
 * must outlive the list (callers intern it). */
typedef struct {
    const char *file;
    guint line;
    guint column;
} CnPos;

typedef struct {
    CnPos pos;
    CnSeverity severity;
    const char *tag; /* static string; the table in docs lists them all */
    char *message;
    char *suggestion; /* nullable */
} CnIssue;

typedef struct CnIssueList CnIssueList;

CnIssueList *cn_issue_list_new(void);
void cn_issue_list_free(CnIssueList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnIssueList, cn_issue_list_free)

/* Appends an issue. @suggestion is copied, nullable; the message is printf-style. More than
 * CN_ISSUES_MOST issues are counted but not kept, so that hostile input cannot fill memory. */
#define CN_ISSUES_MOST 1000
void cn_issue_add(CnIssueList *list,
                  CnSeverity severity,
                  const char *tag,
                  CnPos pos,
                  const char *suggestion,
                  const char *format,
                  ...) G_GNUC_PRINTF(6, 7);

/* Whether one more issue should say what was meant. Near misses are looked for among thousands of names:
 * a list that is wrong throughout does not need them everywhere, and must not cost minutes. */
gboolean cn_issue_list_wants_hint(const CnIssueList *list);
guint cn_issue_list_len(const CnIssueList *list);
const CnIssue *cn_issue_list_get(const CnIssueList *list, guint i);
guint cn_issue_list_errors(const CnIssueList *list); /* how many of severity error, all counted */

/* Columns file, line, column, severity, tag, message, suggestion; sorted by file (in the order in
 * which files were first named), line, column, tag. (transfer full) */
carenet_table *cn_issue_list_to_table(CnIssueList *list);
