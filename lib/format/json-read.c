/* See json-read.h. */
#include "format/json-read.h"

#include <errno.h>

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
