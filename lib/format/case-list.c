/* Case lists: which reader takes the text, what holds for the list as a whole, and what is left out. */
#include "format/case-list-private.h"

#include "format/case-file.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* ---- What kind of text it is. */

static const char *
line_end(const char *text, const char *end)
{
    const char *newline = memchr(text, '\n', (gsize)(end - text));
    return newline != NULL ? newline : end;
}

/* A first row of column names, one of which is ref. */
static gboolean
begins_like_csv(const char *text, const char *end)
{
    static const char *const separators[] = {",", ";", "\t"};
    const char *first = g_ascii_strncasecmp(text, "sep=", 4) == 0 ? line_end(text, end) : text;
    while (first < end && strchr("\r\n", *first) != NULL)
        first++;
    g_autofree char *header = g_strndup(first, (gsize)(line_end(first, end) - first));
    for (gsize i = 0; i < G_N_ELEMENTS(separators); i++) {
        g_auto(GStrv) names = g_strsplit(header, separators[i], 64);
        for (guint k = 0; names[k] != NULL && names[1] != NULL; k++) {
            g_strstrip(g_strdelimit(names[k], "\"\r", ' '));
            if (g_ascii_strcasecmp(names[k], "ref") == 0)
                return TRUE;
        }
    }
    return FALSE;
}

/* A second record begins on the line below the first. */
static gboolean
begins_like_ndjson(const char *text, const char *end)
{
    if (*text != '{')
        return FALSE;
    const char *next = line_end(text, end);
    while (next < end && strchr(" \t\r\n", *next) != NULL)
        next++;
    return next < end && *next == '{';
}

carenet_cases_format
cn_case_list_guess(const char *name, const char *text, gsize len)
{
    static const struct {
        const char *suffix;
        carenet_cases_format format;
    } suffixes[] = {{".csv", CARENET_CASES_CSV},       {".tsv", CARENET_CASES_CSV},
                    {".ndjson", CARENET_CASES_NDJSON}, {".jsonl", CARENET_CASES_NDJSON},
                    {".yaml", CARENET_CASES_YAML},     {".yml", CARENET_CASES_YAML},
                    {".json", CARENET_CASES_YAML}};
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(lower, suffixes[i].suffix))
            return suffixes[i].format;
    if (text == NULL)
        return CARENET_CASES_YAML;
    const char *end = text + len;
    if (g_str_has_prefix(text, BYTE_ORDER_MARK))
        text += strlen(BYTE_ORDER_MARK);
    while (text < end && strchr(" \t\r\n", *text) != NULL)
        text++;
    if (text < end && begins_like_ndjson(text, end))
        return CARENET_CASES_NDJSON;
    return text < end && begins_like_csv(text, end) ? CARENET_CASES_CSV : CARENET_CASES_YAML;
}

/* ---- Rows. */

gboolean
cn_case_list_goes_on(CnCaseList *list)
{
    if (!list->options->keep_sound)
        return cn_issue_list_len(list->issues) < CN_ISSUES_MOST;
    if (list->refused <= CN_CASE_REFUSED_MOST)
        return TRUE;
    list->given_up = TRUE;
    cn_issue_add(list->issues, CN_SEVERITY_ERROR, "too-many-rows", (CnPos){list->name, 1, 1},
                 "see whether the file is what it should be", "more than %u rows are refused",
                 CN_CASE_REFUSED_MOST);
    return FALSE;
}

void
cn_case_list_add(CnCaseList *list, CnCase *c, CnCaseRow row)
{
    g_ptr_array_add(list->cases, c);
    g_array_append_val(list->rows, row);
    list->refused += row.refused ? 1 : 0;
}

static CnCaseRow *
row_at(const CnCaseList *list, guint i)
{
    return &g_array_index(list->rows, CnCaseRow, i);
}

/* ---- The list as a whole. */

/* Duplicates and the like; a row that is no record is a case that nobody needs. */
static void
check_whole(CnCaseList *list)
{
    g_autoptr(GPtrArray) known = g_ptr_array_sized_new(list->cases->len);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < list->cases->len; i++) {
        if (g_ptr_array_index(list->cases, i) == NULL)
            continue;
        g_ptr_array_add(known, g_ptr_array_index(list->cases, i));
        g_array_append_val(places, i);
    }
    g_autofree gboolean *unsound = g_new0(gboolean, MAX(known->len, 1));
    cn_cases_check_each(known, list->issues, unsound);
    if (list->also != NULL)
        list->also->check(known, list->issues, unsound, list->also->data);
    for (guint i = 0; i < known->len; i++)
        if (unsound[i])
            row_at(list, g_array_index(places, guint, i))->refused = TRUE;
}

/* Siblings are looked at together or not at all: one whose sibling is left out might be placed where
 * the other cannot follow. */
static void
refuse_siblings(CnCaseList *list)
{
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < list->cases->len; i++) {
        const CnCase *c = g_ptr_array_index(list->cases, i);
        if (row_at(list, i)->refused && c != NULL && c->siblings_group != NULL)
            g_hash_table_add(groups, c->siblings_group);
    }
    for (guint i = 0; i < list->cases->len && g_hash_table_size(groups) > 0; i++) {
        const CnCase *c = g_ptr_array_index(list->cases, i);
        if (row_at(list, i)->refused || c == NULL || c->siblings_group == NULL ||
            !g_hash_table_contains(groups, c->siblings_group))
            continue;
        row_at(list, i)->refused = TRUE;
        cn_issue_add(list->issues, CN_SEVERITY_ERROR, "sibling-refused",
                     c->siblings_pos.file != NULL ? c->siblings_pos : c->pos,
                     "mend the row of the sibling",
                     "the row of a sibling is refused, and siblings are looked at together");
    }
}

/* Between two rows stands what could not be taken apart, or nothing. */
static void
append_gap(GString *out, const CnCaseList *list, gsize start, gsize end)
{
    for (gsize i = start; i < end; i++)
        if (strchr(" ,;\t\r\n\"", list->text[i]) == NULL) {
            g_string_append_len(out, list->text + start, (gssize)(end - start));
            return;
        }
}

static void
append_row(GString *out, const CnCaseList *list, const CnCaseRow *row)
{
    g_string_append_len(out, list->text + row->start, (gssize)(row->end - row->start));
    if (out->len > 0 && strchr("\r\n", out->str[out->len - 1]) == NULL)
        g_string_append_c(out, '\n');
}

/* Refused rows stay as text, sound ones go to @cases. */
static void
divide(CnCaseList *list, carenet_cases *cases)
{
    g_autoptr(GString) refused = g_string_new(NULL);
    gsize behind = list->head_end;
    cases->refused_len = list->lost;
    for (guint i = 0; i < list->cases->len; i++) {
        const CnCaseRow *row = row_at(list, i);
        append_gap(refused, list, behind, row->start);
        behind = row->end;
        if (row->refused) {
            append_row(refused, list, row);
            cases->refused_len++;
            continue;
        }
        g_ptr_array_add(cases->cases, g_ptr_array_index(list->cases, i));
        g_ptr_array_index(list->cases, i) = NULL;
    }
    append_gap(refused, list, behind, list->len);
    if (cases->refused_len == 0)
        return;
    g_string_prepend_len(refused, list->text, (gssize)list->head_end);
    cases->refused = g_strdup(refused->str);
}

static gboolean
finish_rows(CnCaseList *list, carenet_cases *cases)
{
    const guint errors = cn_issue_list_errors(list->issues);
    check_whole(list);
    if (list->options->keep_sound) {
        refuse_siblings(list);
        if (list->cases->len == 0 && list->lost == 0)
            cn_issue_add(list->issues, CN_SEVERITY_ERROR, "no-case", (CnPos){list->name, 1, 1},
                         "carenet template case prints a start", "the list holds no case");
        divide(list, cases);
        return cases->cases->len > 0 || cases->refused_len > 0;
    }
    if (list->cases->len == 0 && errors == 0)
        cn_issue_add(list->issues, CN_SEVERITY_ERROR, "no-case", (CnPos){list->name, 1, 1},
                     "carenet template case prints a start", "the list holds no case");
    if (cn_issue_list_errors(list->issues) > 0)
        return FALSE;
    divide(list, cases);
    return TRUE;
}

static gboolean
read_rows(CnCaseList *list, carenet_cases_format format, carenet_cases *cases)
{
    list->cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
    list->rows = g_array_new(FALSE, FALSE, sizeof(CnCaseRow));
    list->empty = cn_case_new();
    gboolean usable =
        format == CARENET_CASES_CSV ? cn_case_csv_read(list) : cn_case_ndjson_read(list);
    if (usable && list->rows->len > CN_CASES_MOST)
        cn_issue_add(list->issues, CN_SEVERITY_ERROR, "too-many", (CnPos){list->name, 1, 1},
                     "split the list", "a list holds at most %d cases", CN_CASES_MOST);
    usable = usable && list->rows->len <= CN_CASES_MOST && !list->given_up;
    usable = usable && finish_rows(list, cases);
    cn_case_free(list->empty);
    g_array_unref(list->rows);
    g_ptr_array_unref(list->cases);
    return usable;
}

/* What spreadsheets save where nobody asks for CSV: a ZIP archive, or the format of before 2007. */
static gboolean
is_workbook(const char *text, gsize len)
{
    return text != NULL && len >= 4 &&
           (memcmp(text, "PK\003\004", 4) == 0 || memcmp(text, "\xD0\xCF\x11\xE0", 4) == 0);
}

gboolean
cn_case_list_read(const char *text,
                  gsize len,
                  const char *name,
                  const carenet_cases_options *options,
                  const CnCaseCheck *also,
                  carenet_cases *cases,
                  CnIssueList *issues)
{
    carenet_cases_format format = options->format;
    CnCaseList list = {.text = text,
                       .len = len,
                       .name = g_intern_string(name),
                       .reference = cases->reference,
                       .options = options,
                       .also = also,
                       .issues = issues};
    if (is_workbook(text, len)) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "bad-encoding", (CnPos){list.name, 1, 1},
                     "save the spreadsheet as \"CSV UTF-8\"",
                     "this is a workbook or another archive, not text");
        return FALSE;
    }
    if (format == CARENET_CASES_GUESS)
        format = cn_case_list_guess(name, text, len);
    if (text != NULL && format != CARENET_CASES_YAML)
        return read_rows(&list, format, cases);
    cn_cases_text_read(text, len, name, cases->reference, options->flags, cases->cases, issues);
    cn_cases_check(cases->cases, issues);
    if (also != NULL)
        also->check(cases->cases, issues, NULL, also->data);
    return cn_issue_list_errors(issues) == 0;
}
