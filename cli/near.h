/* Near misses among a few words: commands, options, choices. Names of areas and services are the
 * library's business. */
#pragma once

#include <glib.h>

/* "did you mean A or B?" for up to two of @names (NULL-terminated) that are close to @word, or NULL.
 * (transfer full) */
char *cli_near_suggest(const char *word, const char *const *names);
