/* The case of a command that is about one: read from its file or standard input, never from words. */
#pragma once

#include "common.h"

/* Issues go to stderr; an error among them sets @error. (transfer full) */
carenet_cases *cli_cases_read(const Cli *cli, const char *file, GError **error);
/* The case with the reference @ref, or the only one where it is NULL. */
gboolean cli_case_choose(const carenet_cases *cases, const char *ref, gsize *out_i, GError **error);
