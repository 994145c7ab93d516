/* From nodes to values: one table a mapping, one function a kind of scalar. What does not fit is an
 * issue at its place; a reader that hides values quotes nothing but the words of the format. */
#include "format/yaml.h"
#include "base/text.h"

#include <string.h>

#define DIGITS_MOST 32

void
cn_decode_issue(CnDecode *decode,
                CnSeverity severity,
                const char *tag,
                const CnNode *node,
                const char *suggestion,
                const char *format,
                ...)
{
    va_list args;
    g_assert(node != NULL);
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    cn_issue_add(decode->issues, severity, tag, node->pos, suggestion, "%s", message);
}

gboolean
cn_node_is_null(const CnNode *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return node == NULL ||
           (node->kind == CN_NODE_SCALAR && node->plain && g_strv_contains(words, node->text));
}

const CnNode *
cn_node_get(const CnNode *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != CN_NODE_MAPPING)
        return NULL;
    for (gsize i = 0; i < mapping->len; i++)
        if (strcmp(mapping->items[2 * i]->text, key) == 0)
            return mapping->items[2 * i + 1];
    return NULL;
}

/* What stands there, for a message; NULL where there is nothing to say of it. (transfer full) */
static char *
describe(const CnDecode *decode, const CnNode *node)
{
    if (node->kind == CN_NODE_SEQUENCE)
        return g_strdup("a list");
    if (node->kind == CN_NODE_MAPPING)
        return g_strdup("a record of keys and values");
    if (cn_node_is_null(node))
        return g_strdup("nothing");
    if (decode->hide_values)
        return node->plain ? NULL : g_strdup("quoted text");
    g_autofree char *quote = cn_text_quote(node->text);
    return g_strdup_printf("\"%s\"", quote);
}

/* The end of a message: what stands there instead. (transfer full) */
static char *
contrast(const CnDecode *decode, const CnNode *node)
{
    g_autofree char *found = describe(decode, node);
    return found != NULL ? g_strconcat(", not ", found, NULL) : g_strdup("");
}

static gboolean
refuse_type(CnDecode *decode,
            const CnNode *node,
            const char *what,
            const char *expected,
            const char *suggestion)
{
    g_autofree char *found = contrast(decode, node);
    cn_decode_issue(decode, CN_SEVERITY_ERROR, "wrong-type", node, suggestion, "%s must be %s%s",
                    what, expected, found);
    return FALSE;
}

static const CnField *
find_field(const CnField *fields, guint len, const char *key)
{
    for (guint i = 0; i < len; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

static void
report_unknown_key(CnDecode *decode,
                   const CnNode *key,
                   const char *what,
                   const CnField *fields,
                   guint fields_len)
{
    g_autofree const char **known = g_new0(const char *, fields_len + 1);
    for (guint i = 0; i < fields_len; i++)
        known[i] = fields[i].key;
    g_autofree char *suggestion = cn_issue_list_wants_hint(decode->issues)
                                      ? cn_text_did_you_mean(key->text, known, fields_len)
                                      : NULL;
    g_autofree char *list = g_strjoinv(", ", (char **)known);
    g_autofree char *all = g_strdup_printf("use one of: %s", list);
    g_autofree char *found = describe(decode, key);
    cn_decode_issue(
        decode, CN_SEVERITY_ERROR, "unknown-key", key, suggestion != NULL ? suggestion : all,
        decode->hide_values ? "%s has an unknown key" : "%s has no key %s", what, found);
}

static void
report_missing_keys(CnDecode *decode,
                    const CnNode *node,
                    const char *what,
                    const CnField *fields,
                    guint fields_len)
{
    for (guint i = 0; i < fields_len; i++) {
        const CnNode *value = fields[i].required ? cn_node_get(node, fields[i].key) : NULL;
        if (!fields[i].required || !cn_node_is_null(value))
            continue;
        g_autofree char *suggestion = g_strdup_printf("add \"%s: ...\"", fields[i].key);
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "missing-key", value != NULL ? value : node,
                        suggestion, "%s needs the key \"%s\"", what, fields[i].key);
    }
}

gboolean
cn_decode_mapping(CnDecode *decode,
                  const CnNode *node,
                  const char *what,
                  const CnField *fields,
                  guint fields_len,
                  gpointer target)
{
    if (node->kind != CN_NODE_MAPPING)
        return refuse_type(decode, node, what, "a record of keys and values",
                           "write \"key: value\"");
    report_missing_keys(decode, node, what, fields, fields_len);
    for (gsize i = 0; i < node->len; i++) {
        const CnNode *key = node->items[2 * i], *value = node->items[2 * i + 1];
        const CnField *field = find_field(fields, fields_len, key->text);
        if (field == NULL)
            report_unknown_key(decode, key, what, fields, fields_len);
        else if (field->handle != NULL && !cn_node_is_null(value))
            field->handle(decode, value, target);
    }
    return TRUE;
}

gboolean
cn_decode_sequence(CnDecode *decode,
                   const CnNode *node,
                   const char *what,
                   void (*handle)(CnDecode *decode, const CnNode *item, gpointer target),
                   gpointer target)
{
    if (node->kind != CN_NODE_SEQUENCE)
        return refuse_type(decode, node, what, "a list",
                           "write [a, b], or one \"- \" a line for each entry");
    for (guint i = 0; i < node->len; i++)
        handle(decode, node->items[i], target);
    return TRUE;
}

/* Control characters would move the cursor of a terminal, and marks of writing direction would
 * show another text than the one that is stored. */
static gboolean
is_unprintable(gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static gboolean
is_printable(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (is_unprintable(g_utf8_get_char(text)))
            return FALSE;
    return TRUE;
}

gboolean
cn_decode_text(CnDecode *decode, const CnNode *node, const char *what, guint most, const char **out)
{
    if (node->kind != CN_NODE_SCALAR || cn_node_is_null(node))
        return refuse_type(decode, node, what, "text", NULL);
    const char *first = node->text + strspn(node->text, " ");
    if (*first == '\0') {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        "leave the key out where nothing is known", "%s is empty", what);
        return FALSE;
    }
    if (!is_printable(node->text)) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        "write it as one line of plain text",
                        "%s holds a line break or a control character", what);
        return FALSE;
    }
    if (g_utf8_strlen(node->text, -1) > (glong)most) {
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "too-long", node, "shorten it",
                        "%s is longer than %u characters", what, most);
        return FALSE;
    }
    *out = node->text;
    return TRUE;
}

/* [-+]digits without a leading zero, which other YAML readers take for octal. */
static gboolean
is_whole(const char *text)
{
    const char *digits = text + (*text == '-' || *text == '+');
    gsize len = strspn(digits, "0123456789");
    return len > 0 && digits[len] == '\0' && (len == 1 || *digits != '0');
}

/* [-+]digits[.digits][e[-+]digits] */
static gboolean
is_real(const char *text)
{
    const char *at = text + (*text == '-' || *text == '+');
    gsize len = strspn(at, "0123456789");
    gboolean some = len > 0;
    at += len;
    if (*at == '.') {
        len = strspn(++at, "0123456789");
        some = some && len > 0;
        at += len;
    }
    if (some && (*at == 'e' || *at == 'E')) {
        at += 1 + (at[1] == '-' || at[1] == '+');
        len = strspn(at, "0123456789");
        some = len > 0;
        at += len;
    }
    return some && *at == '\0' && strlen(text) <= DIGITS_MOST;
}

static const char *
suggest_unquoted(const CnNode *node, gboolean would_do)
{
    return node->kind == CN_NODE_SCALAR && !node->plain && would_do ? "remove the quotes" : NULL;
}

gboolean
cn_decode_int(CnDecode *decode,
              const CnNode *node,
              const char *what,
              gint64 least,
              gint64 most,
              gint64 *out)
{
    gboolean whole = node->kind == CN_NODE_SCALAR && is_whole(node->text);
    if (!whole || !node->plain) {
        const char *suggestion = suggest_unquoted(node, whole);
        return refuse_type(decode, node, what, "a whole number",
                           suggestion != NULL ? suggestion : "write digits only, such as 15");
    }
    /* Too many digits for 64 bits end at the limits, which are out of every range but the full. */
    gint64 value = g_ascii_strtoll(node->text, NULL, 10);
    if (value < least || value > most || strlen(node->text) > 20) {
        g_autofree char *found = contrast(decode, node);
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node,
                        value < 0 && least >= 0 ? "nothing is counted below 0: check the sign"
                                                : "check the digits",
                        "%s must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s", what,
                        least, most, found);
        return FALSE;
    }
    *out = value;
    return TRUE;
}

gboolean
cn_decode_double(CnDecode *decode,
                 const CnNode *node,
                 const char *what,
                 double least,
                 double most,
                 double *out)
{
    gboolean real = node->kind == CN_NODE_SCALAR && is_real(node->text);
    if (!real || !node->plain)
        return refuse_type(decode, node, what, "a number", suggest_unquoted(node, real));
    double value = g_ascii_strtod(node->text, NULL);
    if (!(value >= least && value <= most)) {
        g_autofree char *found = contrast(decode, node);
        cn_decode_issue(decode, CN_SEVERITY_ERROR, "impossible-value", node, NULL,
                        "%s must be from %g to %g%s", what, least, most, found);
        return FALSE;
    }
    *out = value;
    return TRUE;
}

gboolean
cn_decode_bool(CnDecode *decode, const CnNode *node, const char *what, gboolean *out)
{
    static const char *const yes[] = {"true", "True", "TRUE", NULL};
    static const char *const no[] = {"false", "False", "FALSE", NULL};
    gboolean scalar = node->kind == CN_NODE_SCALAR;
    gboolean is_yes = scalar && g_strv_contains(yes, node->text);
    gboolean is_no = scalar && g_strv_contains(no, node->text);
    if (!node->plain || (!is_yes && !is_no))
        return refuse_type(decode, node, what, "true or false",
                           suggest_unquoted(node, is_yes || is_no));
    *out = is_yes;
    return TRUE;
}
