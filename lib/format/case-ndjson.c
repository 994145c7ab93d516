/* A case list as NDJSON: one record a line. jansson is quick and keeps no places, so a line that has
 * an issue is read once more by the reader of case files, which knows them. */
#include "format/case-list-private.h"

#include "base/pieces.h"
#include "format/json-read.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* ---- From JSON to the nodes that the readers of case files take. */

typedef struct {
    GPtrArray *made; /* (element-type gpointer) */
    CnPos pos;
} Nodes;

static gpointer
keep(Nodes *nodes, gpointer made)
{
    g_ptr_array_add(nodes->made, made);
    return made;
}

static const char *
text_of(Nodes *nodes, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        return keep(nodes, g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)));
    if (json_is_real(value)) {
        char *text = keep(nodes, g_malloc(G_ASCII_DTOSTR_BUF_SIZE));
        return g_ascii_dtostr(text, G_ASCII_DTOSTR_BUF_SIZE, json_real_value(value));
    }
    return json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null";
}

static void fill_node(Nodes *nodes, CnNode *node, json_t *value);

/* The nodes of a record or a list stand in one piece behind the pointers to them. */
static CnNode *
make_items(Nodes *nodes, CnNode *node, gsize len)
{
    CnNode *items = keep(nodes, g_new0(CnNode, MAX(len, 1)));
    node->items = keep(nodes, g_new(CnNode *, MAX(len, 1)));
    for (gsize i = 0; i < len; i++)
        node->items[i] = &items[i];
    return items;
}

static void
fill_mapping(Nodes *nodes, CnNode *node, json_t *object)
{
    const char *key;
    json_t *value;
    gsize i = 0;
    node->kind = CN_NODE_MAPPING;
    node->len = (guint)json_object_size(object);
    CnNode *items = make_items(nodes, node, 2 * (gsize)node->len);
    json_object_foreach(object, key, value)
    {
        items[i] = (CnNode){.kind = CN_NODE_SCALAR, .pos = nodes->pos, .text = key};
        fill_node(nodes, &items[i + 1], value);
        i += 2;
    }
}

static void
fill_sequence(Nodes *nodes, CnNode *node, json_t *array)
{
    node->kind = CN_NODE_SEQUENCE;
    node->len = (guint)json_array_size(array);
    CnNode *items = make_items(nodes, node, node->len);
    for (guint i = 0; i < node->len; i++)
        fill_node(nodes, &items[i], json_array_get(array, i));
}

static void
fill_node(Nodes *nodes, CnNode *node, json_t *value)
{
    *node = (CnNode){.kind = CN_NODE_SCALAR, .pos = nodes->pos};
    if (json_is_object(value)) {
        fill_mapping(nodes, node, value);
    } else if (json_is_array(value)) {
        fill_sequence(nodes, node, value);
    } else {
        node->plain = !json_is_string(value);
        node->text = text_of(nodes, value);
    }
}

/* ---- Lines. */

typedef struct {
    CnCaseList *list;
    CnCaseReader reader;
    GPtrArray *made;
    const char *line; /* without its end */
    gsize len;
    guint number;
} LineReader;

static CnPos
line_pos(const LineReader *at)
{
    return (CnPos){at->list->name, at->number, 1};
}

/* jansson counts bytes of the line up to where it stopped; the text there is not quoted. */
static void
report_no_json(const LineReader *at, const json_error_t *cause, CnIssueList *issues)
{
    CnPos pos = line_pos(at);
    gsize bytes = cause->position > 0 ? MIN((gsize)cause->position, at->len) : 0;
    gsize chars = 0, number_len = 0;
    const gboolean large = cn_json_is_too_large(cause, at->line, at->len, &number_len);
    bytes -= large ? number_len - 1 : 0;
    for (gsize i = 0; i < bytes; i++)
        chars += ((guchar)at->line[i] & 0xC0) != 0x80;
    pos.column = (guint)MAX(chars, 1);
    const gboolean twice = json_error_code(cause) == json_error_duplicate_key;
    cn_issue_add(issues, CN_SEVERITY_ERROR, twice ? "duplicate-key" : "json-syntax", pos,
                 twice   ? "keep one of them"
                 : large ? NULL
                         : "write one JSON record a line: {\"ref\": \"C-1\", ...}",
                 "%s",
                 twice   ? "a key stands twice in the record"
                 : large ? "the number is too large: none has more than 64 bits"
                         : "the line is not JSON");
}

static CnCase *
read_json(LineReader *at, json_t *json, CnIssueList *issues)
{
    CnDecode decode = {.issues = issues, .hide_values = TRUE, .data = &at->reader};
    Nodes nodes = {at->made, line_pos(at)};
    CnNode root;
    fill_node(&nodes, &root, json);
    CnCase *c = cn_case_read(&decode, &root);
    g_ptr_array_set_size(at->made, 0);
    return c;
}

/* Hands on the issues of the line with their columns; without, where the reader of case files does not
 * have the same. */
static void
report_with_columns(LineReader *at, const CnIssueList *found)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnDecode decode = {.issues = issues, .hide_values = TRUE, .data = &at->reader};
    g_autofree char *text = g_strndup(at->line, at->len);
    g_autoptr(CnYaml) yaml = cn_yaml_parse(text, at->len, at->list->name, NULL, TRUE, issues);
    if (yaml != NULL && cn_yaml_root(yaml) != NULL)
        cn_case_free(cn_case_read(&decode, cn_yaml_root(yaml)));
    const CnIssueList *best =
        cn_issue_list_len(issues) == cn_issue_list_len(found) ? issues : found;
    for (guint i = 0; i < cn_issue_list_len(best); i++) {
        const CnIssue *issue = cn_issue_list_get(best, i);
        const CnPos pos = {at->list->name, at->number, issue->pos.column};
        cn_issue_add(at->list->issues, issue->severity, issue->tag, pos, issue->suggestion, "%s",
                     issue->message);
    }
}

/* Nothing is wrong with the line, and those below it are not looked at. */
static void
give_up(const LineReader *at)
{
    at->list->given_up = TRUE;
    cn_issue_add(at->list->issues, CN_SEVERITY_ERROR, "too-large", (CnPos){at->list->name, 0, 0},
                 "split the list", "there is no memory for line %u", at->number);
}

/* What the line says, or NULL; its issues are handed on. */
static CnCase *
read_line(LineReader *at)
{
    json_error_t cause;
    if (at->len > CN_CASE_LINE_BYTES) {
        cn_issue_add(at->list->issues, CN_SEVERITY_ERROR, "too-long", line_pos(at),
                     "write one record a line", "the line is longer than %u bytes",
                     (guint)CN_CASE_LINE_BYTES);
        return NULL;
    }
    gboolean starved = FALSE;
    json_t *json =
        cn_json_read(at->line, at->len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &cause, &starved);
    if (json == NULL) {
        if (starved)
            give_up(at);
        else
            report_no_json(at, &cause, at->list->issues);
        return NULL;
    }
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnCase *c = read_json(at, json, issues);
    json_decref(json);
    if (cn_issue_list_len(issues) > 0)
        report_with_columns(at, issues);
    return c;
}

static gboolean
is_blank(const char *line, gsize len)
{
    for (gsize i = 0; i < len; i++)
        if (strchr(" \t\r\n", line[i]) == NULL)
            return FALSE;
    return TRUE;
}

/* Takes the line that begins at @start. */
static void
take_line(LineReader *at, gsize start, gsize end)
{
    CnCaseList *list = at->list;
    const guint errors = cn_issue_list_errors(list->issues);
    CnCaseRow row = {.start = start, .end = end};
    at->line = list->text + start;
    at->len = end - start;
    if (is_blank(at->line, at->len))
        return;
    while (strchr("\r\n", at->line[at->len - 1]) != NULL)
        at->len--;
    CnCase *c = read_line(at);
    if (c != NULL)
        cn_case_share_empty(c, list->empty);
    row.refused = cn_issue_list_errors(list->issues) > errors;
    cn_case_list_add(list, c, row);
}

/* ---- Parts of the text. */

/* So much of it is read by one thread before it takes more. */
#define PART_BYTES ((gsize)128 * 1024)

/* Whole lines. */
typedef struct {
    CnCaseList list; /* what a thread read of it, by itself */
    gsize start, end;
    guint lines_before;
} Part;

static gsize
end_of_line(const CnCaseList *list, gsize start)
{
    const char *newline = memchr(list->text + start, '\n', list->len - start);
    return newline != NULL ? (gsize)(newline - list->text) + 1 : list->len;
}

/* (element-type Part) (transfer full) */
static GArray *
divide(const CnCaseList *list, gsize start)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    guint lines = 0;
    while (start < list->len) {
        Part part = {.start = start, .end = start, .lines_before = lines};
        while (part.end < list->len && part.end - start < PART_BYTES) {
            part.end = end_of_line(list, part.end);
            lines++;
        }
        g_array_append_val(parts, part);
        start = part.end;
    }
    return parts;
}

/* As far as reading goes on, or with @until_issue there is nothing to say. */
static void
read_lines(CnCaseList *list, const Part *part, gboolean until_issue)
{
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    LineReader at = {.list = list,
                     .reader = {list->reference,
                                (list->options->flags & CARENET_CASES_ALLOW_PERSONAL_DATA) != 0},
                     .made = made,
                     .number = part->lines_before};
    gsize start = part->start;
    while (start < part->end && !list->given_up && cn_case_list_goes_on(list) &&
           !(until_issue && cn_issue_list_len(list->issues) > 0)) {
        const gsize end = end_of_line(list, start);
        at.number++;
        take_line(&at, start, end);
        start = end;
    }
}

typedef struct {
    const CnCaseList *list;
    GArray *parts;
} Apart;

static void
read_apart(guint i, gpointer data)
{
    const Apart *apart = data;
    Part *part = &g_array_index(apart->parts, Part, i);
    part->list = *apart->list;
    part->list.cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
    part->list.rows = g_array_new(FALSE, FALSE, sizeof(CnCaseRow));
    part->list.empty = cn_case_new();
    part->list.issues = cn_issue_list_new();
    read_lines(&part->list, part, TRUE);
    cn_case_free(part->list.empty);
}

/* What a thread read where nothing is wrong. Else it is read once more, after all that stands before it: then the issues
 * are those of reading line by line, and there are no more of them. */
static void
take_part(CnCaseList *list, Part *part)
{
    CnCaseList *read = &part->list;
    const gboolean sound = cn_issue_list_len(read->issues) == 0 && !read->given_up;
    if (sound) {
        g_ptr_array_extend_and_steal(list->cases, g_steal_pointer(&read->cases));
        g_array_append_vals(list->rows, read->rows->data, read->rows->len);
    }
    g_clear_pointer(&read->cases, g_ptr_array_unref);
    g_array_unref(read->rows);
    cn_issue_list_free(read->issues);
    if (!sound)
        read_lines(list, part, FALSE);
}

gboolean
cn_case_ndjson_read(CnCaseList *list)
{
    const gboolean mark = g_str_has_prefix(list->text, BYTE_ORDER_MARK);
    list->head_end = mark ? strlen(BYTE_ORDER_MARK) : 0;
    const Part whole = {.start = list->head_end, .end = list->len};
    if (list->options->threads == 1) {
        read_lines(list, &whole, FALSE);
        return TRUE;
    }
    g_autoptr(GArray) parts = divide(list, list->head_end);
    Apart apart = {list, parts};
    cn_pieces_do(parts->len, list->options->threads, read_apart, &apart);
    for (guint i = 0; i < parts->len; i++)
        take_part(list, &g_array_index(parts, Part, i));
    return TRUE;
}
