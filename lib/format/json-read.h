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

/* Whether @cause is a number that no field can hold (whole ones have 64 bits); then *out_len is how many
 * characters it has: jansson stopped behind the last of them. */
gboolean cn_json_is_too_large(const json_error_t *cause,
                              const char *text,
                              gsize len,
                              gsize *out_len);
