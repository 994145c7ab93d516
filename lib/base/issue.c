#include "base/issue.h"

struct CnIssueList {
    GArray *issues;   /* (element-type CnIssue) */
    GPtrArray *files; /* (element-type utf8) order in which files were first named, borrowed */
    guint errors;
    guint left_out;
};

static void
clear_issue(gpointer data)
{
    CnIssue *issue = data;
    g_free(issue->message);
    g_free(issue->suggestion);
}

CnIssueList *
cn_issue_list_new(void)
{
    CnIssueList *list = g_new0(CnIssueList, 1);
    list->issues = g_array_new(FALSE, FALSE, sizeof(CnIssue));
    g_array_set_clear_func(list->issues, clear_issue);
    list->files = g_ptr_array_new();
    return list;
}

void
cn_issue_list_free(CnIssueList *list)
{
    if (list == NULL)
        return;
    g_array_unref(list->issues);
    g_ptr_array_unref(list->files);
    g_free(list);
}

static guint
file_order(const CnIssueList *list, const char *file)
{
    for (guint i = 0; i < list->files->len; i++)
        if (g_strcmp0(g_ptr_array_index(list->files, i), file) == 0)
            return i;
    return G_MAXUINT;
}

void
cn_issue_add(CnIssueList *list,
             CnSeverity severity,
             const char *tag,
             CnPos pos,
             const char *suggestion,
             const char *format,
             ...)
{
    list->errors += severity == CN_SEVERITY_ERROR;
    if (list->issues->len >= CN_ISSUES_MOST) {
        list->left_out++;
        return;
    }
    if (file_order(list, pos.file) == G_MAXUINT)
        g_ptr_array_add(list->files, (gpointer)pos.file);
    va_list args;
    va_start(args, format);
    CnIssue issue = {.pos = pos,
                     .severity = severity,
                     .tag = tag,
                     .message = g_strdup_vprintf(format, args),
                     .suggestion = g_strdup(suggestion)};
    va_end(args);
    g_array_append_val(list->issues, issue);
}

#define ISSUES_WITH_HINT 20

gboolean
cn_issue_list_wants_hint(const CnIssueList *list)
{
    return list->issues->len < ISSUES_WITH_HINT;
}

guint
cn_issue_list_len(const CnIssueList *list)
{
    return list->issues->len;
}

const CnIssue *
cn_issue_list_get(const CnIssueList *list, guint i)
{
    return &g_array_index(list->issues, CnIssue, i);
}

guint
cn_issue_list_errors(const CnIssueList *list)
{
    return list->errors;
}

static gint
compare_issues(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnIssue *x = a, *y = b;
    const CnIssueList *list = data;
    guint fx = file_order(list, x->pos.file), fy = file_order(list, y->pos.file);
    if (fx != fy)
        return fx < fy ? -1 : 1;
    if (x->pos.line != y->pos.line)
        return x->pos.line < y->pos.line ? -1 : 1;
    if (x->pos.column != y->pos.column)
        return x->pos.column < y->pos.column ? -1 : 1;
    int by_tag = g_strcmp0(x->tag, y->tag);
    return by_tag != 0 ? by_tag : g_strcmp0(x->message, y->message);
}

carenet_table *
cn_issue_list_to_table(CnIssueList *list)
{
    static const CnColumn columns[] = {
        {"file", CARENET_COLUMN_TEXT},      {"line", CARENET_COLUMN_INT64},
        {"column", CARENET_COLUMN_INT64},   {"severity", CARENET_COLUMN_TEXT},
        {"tag", CARENET_COLUMN_TEXT},       {"message", CARENET_COLUMN_TEXT},
        {"suggestion", CARENET_COLUMN_TEXT}};
    static const char *const severities[] = {"error", "warning", "info"};
    g_array_sort_with_data(list->issues, compare_issues, list);
    CnTableBuilder *builder = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i < list->issues->len; i++) {
        const CnIssue *issue = &g_array_index(list->issues, CnIssue, i);
        cn_table_add_text(builder, issue->pos.file);
        if (issue->pos.line > 0) {
            cn_table_add_int64(builder, issue->pos.line);
            cn_table_add_int64(builder, issue->pos.column);
        } else {
            cn_table_add_null(builder);
            cn_table_add_null(builder);
        }
        cn_table_add_text(builder, severities[issue->severity]);
        cn_table_add_text(builder, issue->tag);
        cn_table_add_text(builder, issue->message);
        cn_table_add_text(builder, issue->suggestion);
    }
    if (list->left_out > 0)
        cn_table_warn(builder, "%u more issues are not listed", list->left_out);
    return cn_table_builder_finish(builder);
}
