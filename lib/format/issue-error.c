/* One error out of many findings: the first one stands for all. */
#include "format/issue-error.h"

#include "base/error.h"

#include <string.h>

/* The tags of findings after which nothing of the text was understood. */
static carenet_error_code
code_of_tag(const char *tag)
{
    if (g_str_has_prefix(tag, "yaml-") || strcmp(tag, "bad-encoding") == 0)
        return CARENET_ERROR_PARSE;
    if (strcmp(tag, "too-large") == 0 || g_str_has_prefix(tag, "too-many"))
        return CARENET_ERROR_TOO_LARGE;
    return CARENET_ERROR_INVALID_DATA;
}

static gboolean
stands_before(const CnIssue *a, const CnIssue *b)
{
    if (g_strcmp0(a->pos.file, b->pos.file) != 0)
        return FALSE;
    if (a->pos.line != b->pos.line)
        return a->pos.line < b->pos.line;
    return a->pos.column < b->pos.column;
}

static const CnIssue *
first_error(const CnIssueList *issues)
{
    const CnIssue *first = NULL;
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        if (issue->severity == CN_SEVERITY_ERROR && (first == NULL || stands_before(issue, first)))
            first = issue;
    }
    return first;
}

void
cn_error_from_issues(GError **error, const CnIssueList *issues, const char *what)
{
    guint errors = cn_issue_list_errors(issues);
    const CnIssue *first = first_error(issues);
    if (first == NULL) {
        /* More warnings than a list keeps came before the first error. */
        cn_error_set(error, CARENET_ERROR_INVALID_DATA, "%s has %u errors", what, errors);
        return;
    }
    cn_error_set_at(error, code_of_tag(first->tag), first->pos.file, first->pos.line,
                    first->pos.column,
                    errors == 1 ? "%s has %u error (see the issues): %s"
                                : "%s has %u errors (see the issues), the first: %s",
                    what, errors, first->message);
    if (first->suggestion != NULL)
        cn_error_hint(error, "%s", first->suggestion);
}
