/* YAML and JSON text to a tree of nodes through libyaml's events. Everything hostile is refused
 * while it is read, before it has cost time or memory: the depth and the number of nodes are counted
 * event by event, and the input is handed to libyaml in small pieces, so that one endless value is
 * cut off too. */
#include "format/yaml.h"

#include "base/text.h"
#include "format/yaml-json.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* More bytes than this without one event are an endless value or comment. */
#define STALL_BYTES ((gsize)256 * 1024)
#define BLOCK_NODES 256

const CnYamlLimits cn_yaml_limits = {.bytes = (gsize)4 * 1024 * 1024, .nodes = 100000, .depth = 32};

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(yaml_parser_t, yaml_parser_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(yaml_event_t, yaml_event_delete)

struct CnYaml {
    GPtrArray *blocks;   /* (element-type CnNode) arrays of BLOCK_NODES nodes, owned */
    guint nodes;         /* in all blocks */
    GStringChunk *texts; /* of all scalars */
    const CnNode *root;
};

/* A collection that is still open. */
typedef struct {
    CnNode *node;
    GPtrArray *items; /* (element-type CnNode) */
} Frame;

typedef struct {
    const char *text;
    gsize len;
    gsize at;
    gsize since_event; /* bytes handed out since the last event */
    gboolean stalled;
} Source;

typedef struct {
    CnYaml *yaml;
    Source source;
    const CnJsonText *json;
    const char *name;
    const CnYamlLimits *limits;
    gboolean hide_values;
    CnIssueList *issues;
    GArray *frames; /* (element-type Frame) innermost last */
    gboolean begun; /* a document has begun */
    gboolean ended; /* the stream has ended */
} Builder;

static void
clear_frame(gpointer data)
{
    g_ptr_array_unref(((Frame *)data)->items);
}

static CnNode *
node_at(const CnYaml *yaml, guint i)
{
    CnNode *block = g_ptr_array_index(yaml->blocks, i / BLOCK_NODES);
    return &block[i % BLOCK_NODES];
}

static CnYaml *
make_yaml(void)
{
    CnYaml *yaml = g_new0(CnYaml, 1);
    yaml->blocks = g_ptr_array_new_with_free_func(g_free);
    yaml->texts = g_string_chunk_new(4096);
    return yaml;
}

void
cn_yaml_free(CnYaml *yaml)
{
    if (yaml == NULL)
        return;
    for (guint i = 0; i < yaml->nodes; i++)
        g_free(node_at(yaml, i)->items);
    g_ptr_array_unref(yaml->blocks);
    g_string_chunk_free(yaml->texts);
    g_free(yaml);
}

const CnNode *
cn_yaml_root(const CnYaml *yaml)
{
    return yaml->root;
}

static CnPos
place_of(const Builder *builder, yaml_mark_t mark)
{
    guint line = (guint)mark.line, column = (guint)mark.column;
    return (CnPos){.file = builder->name,
                   .line = line + 1,
                   .column = cn_json_column(builder->json, line, column) + 1};
}

static CnPos
place_of_byte(const char *name, const char *text, gsize offset)
{
    CnPos pos = {.file = name, .line = 1, .column = 1};
    for (gsize i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            pos.line++;
            pos.column = 1;
        } else if (((guchar)text[i] & 0xC0) != 0x80) {
            pos.column++;
        }
    }
    return pos;
}

static int
feed(void *data, unsigned char *buffer, size_t size, size_t *size_read)
{
    Source *source = data;
    if (source->since_event > STALL_BYTES) {
        source->stalled = TRUE;
        return 0;
    }
    *size_read = MIN(size, source->len - source->at);
    memcpy(buffer, source->text + source->at, *size_read);
    source->at += *size_read;
    source->since_event += *size_read;
    return 1;
}

static gboolean
refuse(Builder *builder, yaml_mark_t mark, const char *tag, const char *suggestion, const char *why)
{
    cn_issue_add(builder->issues, CN_SEVERITY_ERROR, tag, place_of(builder, mark), suggestion, "%s",
                 why);
    return FALSE;
}

static const char *
suggest_for_syntax(const char *problem)
{
    static const struct {
        const char *part, *suggestion;
    } known[] = {
        {"mapping values are not allowed", "put text that holds \": \" in quotes"},
        {"cannot start any token", "indent with spaces, not tabs; put text that begins with a "
                                   "special character in quotes"},
        {"did not find expected key", "check the indentation of this line and the line above"},
        {"could not find expected ':'", "write \"key: value\" with a space after the colon"},
        {"expected ',' or", "close the brackets or add the missing comma"},
        {"did not find expected '-'",
         "begin each entry of this list with \"- \", all at one depth"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        if (problem != NULL && strstr(problem, known[i].part) != NULL)
            return known[i].suggestion;
    return NULL;
}

/* What libyaml could not read: always with its words and its place. They quote nothing. */
static void
report_syntax(Builder *builder, const yaml_parser_t *parser)
{
    const char *problem = parser->problem != NULL ? parser->problem : "the text cannot be read";
    if (builder->source.stalled) {
        refuse(builder, parser->mark, "too-large",
               "split it up; a value or a comment is at most 256 KiB long",
               "a value or a comment that does not end");
        return;
    }
    if (parser->error == YAML_MEMORY_ERROR) {
        refuse(builder, parser->mark, "too-large", "split it up",
               "there is no memory for the text");
        return;
    }
    if (parser->error == YAML_READER_ERROR) {
        CnPos pos = place_of_byte(builder->name, builder->source.text,
                                  MIN(parser->problem_offset, builder->source.len));
        cn_issue_add(builder->issues, CN_SEVERITY_ERROR, "bad-encoding", pos,
                     "save the file as plain UTF-8 text", "%s", problem);
        return;
    }
    CnPos pos = place_of(builder, parser->problem_mark);
    const char *suggestion = suggest_for_syntax(problem);
    if (parser->context == NULL) {
        cn_issue_add(builder->issues, CN_SEVERITY_ERROR, "yaml-syntax", pos, suggestion, "%s",
                     problem);
        return;
    }
    CnPos from = place_of(builder, parser->context_mark);
    cn_issue_add(builder->issues, CN_SEVERITY_ERROR, "yaml-syntax", pos, suggestion,
                 "%s (%s from %u:%u)", problem, parser->context, from.line, from.column);
}

static CnNode *
take_node(CnYaml *yaml)
{
    if (yaml->nodes == yaml->blocks->len * BLOCK_NODES)
        g_ptr_array_add(yaml->blocks, g_new0(CnNode, BLOCK_NODES));
    return node_at(yaml, yaml->nodes++);
}

/* Adds a node to the innermost open collection; FALSE where it may not stand there. */
static gboolean
add_node(Builder *builder, CnNodeKind kind, yaml_mark_t mark, CnNode **out_node)
{
    if (builder->yaml->nodes >= builder->limits->nodes)
        return refuse(builder, mark, "too-many-nodes", "split the file", "too many values");
    CnNode *node = take_node(builder->yaml);
    node->kind = kind;
    node->pos = place_of(builder, mark);
    *out_node = node;
    if (builder->frames->len == 0) {
        builder->yaml->root = node;
        return TRUE;
    }
    Frame *frame = &g_array_index(builder->frames, Frame, builder->frames->len - 1);
    gboolean is_key = frame->node->kind == CN_NODE_MAPPING && frame->items->len % 2 == 0;
    if (is_key && kind != CN_NODE_SCALAR)
        return refuse(builder, mark, "yaml-key", NULL, "a key must be a word, not a collection");
    g_ptr_array_add(frame->items, node);
    return TRUE;
}

static gboolean
check_plainness(Builder *builder,
                yaml_mark_t mark,
                const yaml_char_t *anchor,
                const yaml_char_t *tag)
{
    if (anchor != NULL)
        return refuse(builder, mark, "yaml-alias",
                      "write the value out; put text that begins with & or * in quotes",
                      "anchors and aliases are not allowed");
    if (tag != NULL)
        return refuse(builder, mark, "yaml-tag", "remove it; put text that begins with ! in quotes",
                      "tags are not allowed");
    return TRUE;
}

static gboolean
add_scalar(Builder *builder, const yaml_event_t *event)
{
    CnNode *node = NULL;
    const char *value = (const char *)event->data.scalar.value;
    gsize len = event->data.scalar.length;
    if (!check_plainness(builder, event->start_mark, event->data.scalar.anchor,
                         event->data.scalar.tag) ||
        !add_node(builder, CN_NODE_SCALAR, event->start_mark, &node))
        return FALSE;
    if (memchr(value, '\0', len) != NULL)
        return refuse(builder, event->start_mark, "bad-encoding", NULL,
                      "text that holds a NUL character");
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = g_string_chunk_insert_len(builder->yaml->texts, value, (gssize)len);
    return TRUE;
}

static gboolean
open_collection(Builder *builder,
                CnNodeKind kind,
                yaml_mark_t mark,
                const yaml_char_t *anchor,
                const yaml_char_t *tag)
{
    CnNode *node = NULL;
    if (builder->frames->len >= builder->limits->depth)
        return refuse(builder, mark, "yaml-depth", "close the brackets of what stands before",
                      "too many collections inside each other");
    if (!check_plainness(builder, mark, anchor, tag) || !add_node(builder, kind, mark, &node))
        return FALSE;
    Frame frame = {.node = node, .items = g_ptr_array_new()};
    g_array_append_val(builder->frames, frame);
    return TRUE;
}

static int
compare_keys(const void *a, const void *b)
{
    const CnNode *x = *(CnNode *const *)a, *y = *(CnNode *const *)b;
    int order = strcmp(x->text, y->text);
    if (order != 0)
        return order;
    if (x->pos.line != y->pos.line)
        return x->pos.line < y->pos.line ? -1 : 1;
    return x->pos.column < y->pos.column ? -1 : x->pos.column > y->pos.column;
}

/* By sorting: a hash of strings can be made to collide by whoever writes the file. */
static gboolean
check_keys(Builder *builder, const CnNode *mapping)
{
    g_autofree CnNode **keys = g_new(CnNode *, mapping->len + 1);
    for (gsize i = 0; i < mapping->len; i++)
        keys[i] = mapping->items[2 * i];
    qsort(keys, mapping->len, sizeof(CnNode *), compare_keys);
    for (guint i = 1; i < mapping->len; i++) {
        const CnNode *first = keys[i - 1], *again = keys[i];
        if (strcmp(first->text, again->text) != 0)
            continue;
        g_autofree char *quote = cn_text_quote(again->text);
        g_autofree char *key =
            builder->hide_values ? g_strdup("a key") : g_strdup_printf("the key \"%s\"", quote);
        cn_issue_add(builder->issues, CN_SEVERITY_ERROR, "duplicate-key", again->pos,
                     "keep one of them", "%s stands here twice (first in line %u)", key,
                     first->pos.line);
        return FALSE;
    }
    return TRUE;
}

static gboolean
close_collection(Builder *builder)
{
    Frame *frame = &g_array_index(builder->frames, Frame, builder->frames->len - 1);
    CnNode *node = frame->node;
    guint items = frame->items->len;
    node->items = g_memdup2(frame->items->pdata, items * sizeof(CnNode *));
    node->len = node->kind == CN_NODE_MAPPING ? items / 2 : items;
    g_array_set_size(builder->frames, builder->frames->len - 1);
    return node->kind != CN_NODE_MAPPING || check_keys(builder, node);
}

static gboolean
begin_document(Builder *builder, const yaml_event_t *event)
{
    if (builder->begun)
        return refuse(builder, event->start_mark, "yaml-documents",
                      "put each document into a file of its own", "a second document in one file");
    builder->begun = TRUE;
    if (event->data.document_start.version_directive != NULL ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end)
        return refuse(builder, event->start_mark, "yaml-directive",
                      "remove the line that begins with %", "directives are not allowed");
    return TRUE;
}

static gboolean
take_event(Builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return begin_document(builder, event);
    case YAML_ALIAS_EVENT:
        return check_plainness(builder, event->start_mark, event->data.alias.anchor, NULL);
    case YAML_SCALAR_EVENT:
        return add_scalar(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(builder, CN_NODE_SEQUENCE, event->start_mark,
                               event->data.sequence_start.anchor, event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_collection(builder, CN_NODE_MAPPING, event->start_mark,
                               event->data.mapping_start.anchor, event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_collection(builder);
    case YAML_STREAM_END_EVENT:
        builder->ended = TRUE;
        return TRUE;
    default:
        return TRUE;
    }
}

static gboolean
build(Builder *builder, yaml_parser_t *parser)
{
    while (!builder->ended) {
        g_auto(yaml_event_t) event;
        if (yaml_parser_parse(parser, &event) == 0) {
            report_syntax(builder, parser);
            return FALSE;
        }
        builder->source.since_event = 0;
        if (!take_event(builder, &event))
            return FALSE;
    }
    return TRUE;
}

/* Size and encoding, before libyaml sees anything. */
static gboolean
check_bytes(const char *text,
            gsize len,
            const char *name,
            const CnYamlLimits *limits,
            CnIssueList *issues)
{
    const char *wrong = NULL, *at = NULL;
    if (len > limits->bytes) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "too-large", (CnPos){name, 0, 0}, "split it up",
                     "the text is larger than %" G_GSIZE_FORMAT " bytes", limits->bytes);
        return FALSE;
    }
    if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        wrong = "the text is UTF-16, not UTF-8";
        at = text;
    } else if (!g_utf8_validate_len(text, len, &at)) {
        wrong = *at == '\0' ? "a NUL byte" : "a byte that is not UTF-8";
    }
    if (wrong == NULL)
        return TRUE;
    cn_issue_add(issues, CN_SEVERITY_ERROR, "bad-encoding",
                 place_of_byte(name, text, (gsize)(at - text)), "save the file as plain UTF-8 text",
                 "%s", wrong);
    return FALSE;
}

CnYaml *
cn_yaml_parse(const char *text,
              gsize len,
              const char *name,
              const CnYamlLimits *limits,
              gboolean hide_values,
              CnIssueList *issues)
{
    g_autoptr(CnYaml) yaml = make_yaml();
    g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(Frame));
    g_array_set_clear_func(frames, clear_frame);
    g_auto(yaml_parser_t) parser = {0};
    g_auto(CnJsonText) json = {0};
    if (limits == NULL)
        limits = &cn_yaml_limits;
    /* A file that was refused for its size has no text. */
    if (text == NULL || !check_bytes(text, len, name, limits, issues))
        return NULL;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    cn_json_text_init(&json, text, len);
    Builder builder = {.yaml = yaml,
                       .source = {.text = json.text != NULL ? json.text : text,
                                  .len = json.text != NULL ? json.len : len},
                       .json = &json,
                       .name = name,
                       .limits = limits,
                       .hide_values = hide_values,
                       .issues = issues,
                       .frames = frames};
    if (yaml_parser_initialize(&parser) == 0)
        g_error("%s: out of memory", G_STRFUNC); /* as GLib does */
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input(&parser, feed, &builder.source);
    return build(&builder, &parser) ? g_steal_pointer(&yaml) : NULL;
}
