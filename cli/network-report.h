/* The reports that the directory, referrals, plans and programmes answer: tables, and pages of HTML. */
#pragma once

#include "common.h"
#include "planning.h"

/* What is asked; lists are NULL-terminated or NULL. */
typedef struct {
    CliPlanning planning; /* cases and policy, each nullable */
    char **regions;
    char **services;
    carenet_profile profile;
    const char *from, *to, *indicators; /* borrowed; nullable */
    const carenet_programme *programme; /* borrowed; nullable */
    char *output;                       /* a file for HTML; NULL: standard output */
    gboolean force;
    gboolean none;    /* out: there are no such referrals */
    gboolean stopped; /* out: Ctrl-C ended the plan that it tells of */
} CliNetworkReport;

void cli_network_report_clear(CliNetworkReport *report);
/* Before anything is opened: FALSE sets @error where the report does not come in that format. */
gboolean cli_network_report_check(const Cli *cli,
                                  carenet_report_kind kind,
                                  const CliNetworkReport *report,
                                  GError **error);
/* Opens the directory, where it is not open, and what else the report needs; asks, prints. FALSE sets
 * @error. */
gboolean cli_network_report(Cli *cli,
                            carenet_report_kind kind,
                            CliNetworkReport *report,
                            GError **error);
/* carenet gaps, asked as a report: @by is nullable. Takes what is asked. The exit status. */
int cli_gaps_report(Cli *cli, CliNetworkReport *report, const char *by, GError **error);
/* The name of a report in the command line; NULL beyond the last. */
extern const char *const cli_report_names[];
/* Which report has that name of the list. */
carenet_report_kind cli_report_kind(gint name);
