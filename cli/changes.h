/* What an import has changed; shared by init and import. */
#pragma once

#include "common.h"

#include <jansson.h>

/* Prints the table of changes in the format that was asked for. */
gboolean cli_changes_print(const Cli *cli,
                           const char *schema,
                           json_t *query,
                           const carenet_table *changes,
                           GError **error);
/* Imports files into the open store; issues go to stderr, @quietly only where they stop the import.
 * (transfer full), NULL sets @error */
carenet_table *cli_changes_make(const Cli *cli,
                                const char *const *files,
                                gsize files_len,
                                const carenet_import_options *options,
                                gboolean quietly,
                                GError **error);
