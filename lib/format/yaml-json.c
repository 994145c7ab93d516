/* JSON text on its way to libyaml: surrogate pairs become one escape. */
#include "format/yaml-json.h"

#include <string.h>

#define ESCAPE_LEN 6 /* \uD83D */

/* The code unit of a \u escape at @at, or -1. */
static gint32
read_escape(const char *text, gsize len, gsize at)
{
    gint32 unit = 0;
    if (at + ESCAPE_LEN > len || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    for (gsize i = at + 2; i < at + ESCAPE_LEN; i++) {
        gint digit = g_ascii_xdigit_value(text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* The character of a surrogate pair at @at, or 0. */
static gunichar
read_pair(const char *text, gsize len, gsize at)
{
    gint32 high = read_escape(text, len, at);
    if (high < 0xD800 || high > 0xDBFF)
        return 0;
    gint32 low = read_escape(text, len, at + ESCAPE_LEN);
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    return 0x10000 + ((gunichar)(high - 0xD800) << 10) + (gunichar)(low - 0xDC00);
}

static gboolean
begins_like_json(const char *text, gsize len)
{
    gsize at = 0;
    while (at < len && strchr(" \t\r\n", text[at]) != NULL)
        at++;
    return at < len && (text[at] == '{' || text[at] == '[');
}

/* One walk over the text: in quotes or not, and where on its line. */
typedef struct {
    GString *out;
    GArray *shifts;
    gboolean quoted;
    guint line, column;
    guint missing;
} Walk;

static void
put(Walk *walk, const char *bytes, gsize len)
{
    g_string_append_len(walk->out, bytes, (gssize)len);
    for (gsize i = 0; i < len; i++) {
        if (bytes[i] == '\n') {
            walk->line++;
            walk->column = walk->missing = 0;
        } else if (((guchar)bytes[i] & 0xC0) != 0x80) {
            walk->column++;
        }
    }
}

static void
put_pair(Walk *walk, gunichar character)
{
    char escape[11];
    g_snprintf(escape, sizeof escape, "\\U%08X", character);
    put(walk, escape, sizeof escape - 1);
    walk->missing += 2 * ESCAPE_LEN - (guint)(sizeof escape - 1);
    CnJsonShift shift = {.line = walk->line, .column = walk->column, .missing = walk->missing};
    g_array_append_val(walk->shifts, shift);
}

/* Copies what begins at @at; returns how much of the text it was. */
static gsize
step(Walk *walk, const char *text, gsize len, gsize at)
{
    if (walk->quoted && text[at] == '\\') {
        gunichar character = read_pair(text, len, at);
        if (character != 0) {
            put_pair(walk, character);
            return (gsize)2 * ESCAPE_LEN;
        }
        gsize both = MIN(2, len - at);
        put(walk, text + at, both);
        return both;
    }
    if (text[at] == '"')
        walk->quoted = !walk->quoted;
    put(walk, text + at, 1);
    return 1;
}

void
cn_json_text_init(CnJsonText *json, const char *text, gsize len)
{
    *json = (CnJsonText){NULL, 0, NULL};
    /* Hardly any text has one: look before copying. */
    if (!begins_like_json(text, len) || (g_strstr_len(text, (gssize)len, "\\uD") == NULL &&
                                         g_strstr_len(text, (gssize)len, "\\ud") == NULL))
        return;
    Walk walk = {.out = g_string_sized_new(len),
                 .shifts = g_array_new(FALSE, FALSE, sizeof(CnJsonShift))};
    for (gsize at = 0; at < len;)
        at += step(&walk, text, len, at);
    json->len = walk.out->len;
    json->text = g_string_free(walk.out, FALSE);
    json->shifts = walk.shifts;
}

void
cn_json_text_clear(CnJsonText *json)
{
    g_clear_pointer(&json->text, g_free);
    g_clear_pointer(&json->shifts, g_array_unref);
}

guint
cn_json_column(const CnJsonText *json, guint line, guint column)
{
    guint low = 0, high = json->shifts != NULL ? json->shifts->len : 0;
    guint missing = 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const CnJsonShift *shift = &g_array_index(json->shifts, CnJsonShift, middle);
        if (shift->line < line || (shift->line == line && shift->column <= column)) {
            missing = shift->line == line ? shift->missing : 0;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return column + missing;
}
