/* YAML (and JSON, which is read by the same reader) to a tree of nodes with positions, through
 * libyaml's events. Hostile input is refused while it is read: no aliases, anchors, tags or
 * directives, no duplicate keys, bounded depth, nodes and size, UTF-8 only. */
#pragma once

#include "base/issue.h"

#include <glib.h>

typedef enum {
    CN_NODE_SCALAR,
    CN_NODE_SEQUENCE,
    CN_NODE_MAPPING
} CnNodeKind;

typedef struct CnNode CnNode;
struct CnNode {
    CnNodeKind kind;
    gboolean plain; /* an unquoted scalar: null, numbers and truth values are recognised */
    CnPos pos;
    const char *text; /* scalar, NUL-terminated UTF-8 without NUL inside */
    CnNode **items;   /* of a sequence; of a mapping key, value, key, value, ... */
    guint len;        /* items of a sequence, pairs of a mapping */
};

typedef struct {
    gsize bytes; /* default 4 MiB */
    guint nodes; /* default 100,000 */
    guint depth; /* default 32 */
} CnYamlLimits;
extern const CnYamlLimits cn_yaml_limits;

typedef struct CnYaml CnYaml; /* owns the nodes of one document */
void cn_yaml_free(CnYaml *yaml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnYaml, cn_yaml_free)
const CnNode *cn_yaml_root(const CnYaml *yaml); /* NULL for an empty document */

/* Parses one document. @text NULL: nothing to say, NULL. @name stands for the file in positions and must outlive the result (intern
 * it with g_intern_string). What is wrong becomes one issue with its place; then NULL. @limits
 * NULL: the defaults. @hide_values: messages quote nothing of the text (case files). */
CnYaml *cn_yaml_parse(const char *text,
                      gsize len,
                      const char *name,
                      const CnYamlLimits *limits,
                      gboolean hide_values,
                      CnIssueList *issues);

/* Reads a file (or a pipe) of at most limits->bytes without ever holding more. A larger one, or one that there
 * is no memory for, is an issue (too-large) and leaves *out_text NULL, which cn_yaml_parse() passes over;
 * FALSE only for a file that cannot be read (io). */
gboolean cn_yaml_read_file(const char *path,
                           const CnYamlLimits *limits,
                           char **out_text,
                           gsize *out_len,
                           CnIssueList *issues,
                           GError **error);

/* ---- Decoding: one table a mapping. */

/* What a handler sees: its own context, where issues go. */
typedef struct {
    CnIssueList *issues;
    gboolean hide_values;
    gpointer data; /* the caller's */
} CnDecode;

typedef struct {
    const char *key;
    gboolean required;
    void (*handle)(CnDecode *decode, const CnNode *value, gpointer target);
} CnField;

/* Calls the handler of each key of @node, a mapping, in the order of the text. Unknown keys (with a
 * near miss as suggestion), missing required keys and a node that is no mapping become issues at
 * their place; a key whose value is null counts as absent. A key without a handler is accepted and
 * passed over. Returns whether it was a mapping. */
gboolean cn_decode_mapping(CnDecode *decode,
                           const CnNode *node,
                           const char *what,
                           const CnField *fields,
                           guint fields_len,
                           gpointer target);
/* Calls @handle for each item of @node, a sequence. */
gboolean cn_decode_sequence(CnDecode *decode,
                            const CnNode *node,
                            const char *what,
                            void (*handle)(CnDecode *decode, const CnNode *item, gpointer target),
                            gpointer target);

/* Scalars. Each appends an issue (tag wrong-type, impossible-value or too-long) and returns FALSE
 * where the node is not such a value; @out is untouched then. Text is one line of at most @most
 * characters without control characters, as it was written (a plain 1383 is text, too); numbers and
 * truth values must not be quoted. @what names the value in messages. */
gboolean cn_decode_text(CnDecode *decode,
                        const CnNode *node,
                        const char *what,
                        guint most,
                        const char **out);
gboolean cn_decode_int(CnDecode *decode,
                       const CnNode *node,
                       const char *what,
                       gint64 least,
                       gint64 most,
                       gint64 *out);
gboolean cn_decode_double(CnDecode *decode,
                          const CnNode *node,
                          const char *what,
                          double least,
                          double most,
                          double *out);
gboolean cn_decode_bool(CnDecode *decode, const CnNode *node, const char *what, gboolean *out);
gboolean cn_node_is_null(const CnNode *node);
/* The value of @key in a mapping, or NULL. */
const CnNode *cn_node_get(const CnNode *mapping, const char *key);
/* An issue at a node, printf-style; @suggestion nullable. */
void cn_decode_issue(CnDecode *decode,
                     CnSeverity severity,
                     const char *tag,
                     const CnNode *node,
                     const char *suggestion,
                     const char *format,
                     ...) G_GNUC_PRINTF(6, 7);
