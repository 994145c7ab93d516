/* The reports that the directory itself answers: gaps and coverage. */
#pragma once

#include "common.h"

/* What is asked; lists are NULL-terminated or NULL. */
typedef struct {
    char **regions;
    char **services;
    char *policy_file;
    gboolean include_unconfirmed;
} CliNetworkReport;

void cli_network_report_clear(CliNetworkReport *report);
/* Opens the directory, asks, prints. FALSE sets @error. */
gboolean cli_network_report(Cli *cli,
                            carenet_report_kind kind,
                            const CliNetworkReport *report,
                            GError **error);
