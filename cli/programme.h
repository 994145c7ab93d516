/* Programme records for the commands that count and show them. */
#pragma once

#include "common.h"

/* The programmes of @files (nullable), else of the store, else those that are shipped. (transfer full) */
carenet_programme *cli_programme_read(Cli *cli, char **files, GError **error);
/* The same, and says where they are invented. (transfer full) */
carenet_programme *cli_programme_open(Cli *cli, char **files, GError **error);

/* Whether @word asks for a list: "trainings", "care-plans", or "programme" for what there is. */
gboolean cli_is_programme_list(const char *word);
/* Prints it. */
gboolean cli_programme_list(Cli *cli, const char *word, GError **error);
/* Fields and values of the record with the id @id. (transfer full), NULL sets @error: not-found */
carenet_table *cli_programme_record(Cli *cli, const char *id, GError **error);
