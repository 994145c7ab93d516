/* See json-read.h. */
#include "format/json-read.h"

#include <errno.h>
#include <string.h>

json_t *
cn_json_read(const char *text, gsize len, size_t flags, json_error_t *cause, gboolean *out_starved)
{
    /* jansson calls a token that it has no memory for invalid, and goes on without a character that it
     * could not keep; that an allocation failed is told by the C library alone. */
    errno = 0;
    json_t *json = json_loadb(text, len, flags, cause);
    *out_starved = errno == ENOMEM;
    if (!*out_starved)
        return json;
    json_decref(json);
    return NULL;
}

gboolean
cn_json_is_too_large(const json_error_t *cause, const char *text, gsize len, gsize *out_len)
{
    const gsize end = cause->position > 0 ? MIN((gsize)cause->position, len) : 0;
    gsize start = end;
    if (json_error_code(cause) != json_error_numeric_overflow)
        return FALSE;
    while (start > 0 && (g_ascii_isdigit(text[start - 1]) || strchr("+-.eE", text[start - 1])))
        start--;
    *out_len = end - start;
    return TRUE;
}
