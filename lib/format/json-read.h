/* JSON through jansson, with the one cause of failure that it does not tell from bad text. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* As json_loadb(), but NULL with *out_starved set where memory ended meanwhile, whatever was read. */
json_t *cn_json_read(const char *text,
                     gsize len,
                     size_t flags,
                     json_error_t *cause,
                     gboolean *out_starved);
