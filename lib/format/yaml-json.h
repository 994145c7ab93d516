/* JSON text on its way to libyaml. JSON writes characters beyond U+FFFF as two \u escapes (a
 * surrogate pair), which YAML does not know; each pair becomes one \U escape, two bytes shorter, and
 * the columns behind it are put right again. */
#pragma once

#include <glib.h>

/* Where text became shorter. */
typedef struct {
    guint line;    /* from 0 */
    guint column;  /* from 0, in the changed text: from here on columns are off */
    guint missing; /* characters that this line has lost so far */
} CnJsonShift;

typedef struct {
    char *text; /* owned; NULL where nothing had to change */
    gsize len;
    GArray *shifts; /* (element-type CnJsonShift) ascending; NULL where nothing had to change */
} CnJsonText;

/* Decodes the surrogate pairs of text that begins like JSON; leaves any other text alone. */
void cn_json_text_init(CnJsonText *json, const char *text, gsize len);
void cn_json_text_clear(CnJsonText *json);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnJsonText, cn_json_text_clear)
/* The column of the original text; both count from 0. */
guint cn_json_column(const CnJsonText *json, guint line, guint column);
