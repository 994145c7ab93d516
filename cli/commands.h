/* The commands; each lives in cmd-<name>.c, and stands in the table in main.c. */
#pragma once

#include "common.h"

int cli_audit(Cli *cli, char **words, GError **error);
int cli_backup(Cli *cli, char **words, GError **error);
int cli_batch(Cli *cli, char **words, GError **error);
int cli_capacity(Cli *cli, char **words, GError **error);
int cli_check(Cli *cli, char **words, GError **error);
int cli_compare(Cli *cli, char **words, GError **error);
int cli_completion(Cli *cli, char **words, GError **error);
int cli_disclose(Cli *cli, char **words, GError **error);
int cli_doctor(Cli *cli, char **words, GError **error);
int cli_due(Cli *cli, char **words, GError **error);
int cli_explain(Cli *cli, char **words, GError **error);
int cli_export(Cli *cli, char **words, GError **error);
int cli_find(Cli *cli, char **words, GError **error);
int cli_gaps(Cli *cli, char **words, GError **error);
int cli_help(Cli *cli, char **words, GError **error);
int cli_import(Cli *cli, char **words, GError **error);
int cli_init(Cli *cli, char **words, GError **error);
int cli_key(Cli *cli, char **words, GError **error);
int cli_names(Cli *cli, char **words, GError **error);
int cli_purge(Cli *cli, char **words, GError **error);
int cli_refer(Cli *cli, char **words, GError **error);
int cli_report(Cli *cli, char **words, GError **error);
int cli_migrate(Cli *cli, char **words, GError **error);
int cli_restore(Cli *cli, char **words, GError **error);
int cli_route(Cli *cli, char **words, GError **error);
int cli_safety(Cli *cli, char **words, GError **error);
int cli_sheet(Cli *cli, char **words, GError **error);
int cli_show(Cli *cli, char **words, GError **error);
int cli_status(Cli *cli, char **words, GError **error);
int cli_template(Cli *cli, char **words, GError **error);
int cli_terms(Cli *cli, char **words, GError **error);
/* receive, accept, start, decline, redirect, waitlist, complete and cancel. */
int cli_transition(Cli *cli, char **words, GError **error);
int cli_validate(Cli *cli, char **words, GError **error);
int cli_verify(Cli *cli, char **words, GError **error);
int cli_version(Cli *cli, char **words, GError **error);
int cli_whatif(Cli *cli, char **words, GError **error);

/* What `carenet` alone prints. */
void cli_first_page_print(void);
