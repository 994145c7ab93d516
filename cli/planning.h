/* What the commands about plans share: the options that name cases and policy, the run with its progress
 * and Ctrl-C, and how a plan looks to people. */
#pragma once

#include "screen.h"

/* Which question is put: cases, policy, how to run. */
typedef struct {
    char *cases_file;
    char *policy_file;
    gboolean include_unconfirmed;
    gboolean include_unknown;
    char *at;
    gint64 at_s; /* INT64_MIN: not given */
    gint threads;
    gint64 work_limit;
    double time_limit_s;
    gint64 begun_us; /* of g_get_monotonic_time(): when the command began, for the limit of time */
    gboolean allow_personal_data;
    gboolean keep_sound; /* bad rows of the list are left out */
} CliPlanning;

/* For the commands that look at the list of a plan which was made without its bad rows. */
#define CLI_SOUND_ONLY_ENTRY(planning)                                               \
    {                                                                                \
        "sound-only", 0, 0, G_OPTION_ARG_NONE, &(planning)->keep_sound,              \
            N_("leave out bad rows of CSV and NDJSON, and write them nowhere"), NULL \
    }

/* As many threads as are used where nobody says how many. */
gint cli_threads(void);
#define CLI_THREADS_ENTRY(planning)                                                  \
    {                                                                                \
        "threads", 0, 0, G_OPTION_ARG_INT, &(planning)->threads,                     \
            N_("as many threads; one for each processor, up to 8, if not said"), "N" \
    }

void cli_planning_clear(CliPlanning *planning);
/* The cases; what is wrong with them is reported. NULL sets @error. (transfer full) */
carenet_cases *cli_planning_cases(const Cli *cli, const CliPlanning *planning, GError **error);
/* The policy of --policy, of the store, or the shipped one. NULL sets @error. (transfer full) */
carenet_policy *cli_planning_policy(const Cli *cli, const CliPlanning *planning, GError **error);
/* Runs with progress on a terminal, and until Ctrl-C; @run has what else is asked, or is NULL. NULL sets
 * @error. (transfer full) */
carenet_plan *cli_planning_run(const Cli *cli,
                               const CliPlanning *planning,
                               carenet_directory *directory,
                               carenet_policy *policy,
                               carenet_cases *cases,
                               const carenet_batch_options *run,
                               GError **error);
/* What a long run shows and is stopped by: its progress on a terminal, and Ctrl-C. Ctrl-C after the end
 * waits for what was found to be written, and stops the next run where there is one; twice ends the program. */
typedef struct {
    carenet_cancel *cancel;
    gint64 begun_us;
    gboolean shows;
    gboolean shown;
} CliWatch;
void cli_watch_begin(CliWatch *watch);
/* The callback; @data is the CliWatch. */
bool cli_watch_show(const carenet_progress *progress, void *data);
void cli_watch_end(CliWatch *watch);
/* For long work after the end that nothing stops: Ctrl-C ends the program again, also where it came before. */
void cli_watch_forget(void);

/* FALSE sets @error for values out of range. */
gboolean cli_planning_check_run(const Cli *cli, CliPlanning *planning, GError **error);
/* The same where a list of cases is needed. */
gboolean cli_planning_check(const Cli *cli, CliPlanning *planning, GError **error);

/* 6 where a limit or Ctrl-C ended the search or the looking for reasons, else @status. */
int cli_plan_status(const carenet_plan *plan, int status);

/* The cell of a CliColumn: the number of a need. (transfer full) */
char *cli_need_format(const carenet_table *rows, gsize row, gint64 now_s);
/* The first @most (0: all) rows of a table about needs. */
void cli_plan_rows_print(const Cli *cli,
                         const carenet_table *rows,
                         const CliColumn *columns,
                         gsize columns_len,
                         gsize most);
/* Who goes where and who is left, at most @most rows of each (0: all); then the summary. */
void cli_plan_print(const Cli *cli, const carenet_plan *plan, gsize most);
/* The quotas that leave nothing, as in CARENET_PLAN_QUOTAS, those first that save most. (transfer full) */
carenet_table *cli_plan_full_quotas(const carenet_plan *plan);
/* What is different in @b; FALSE sets @error. @supposed: that they were made from different directories is
 * what was asked for, and nobody is warned of it. */
gboolean cli_plans_print(const Cli *cli,
                         const carenet_plan *a,
                         const carenet_plan *b,
                         gboolean supposed,
                         GError **error);
/* Whether no plan is better: by proof, or as its search says. */
gboolean cli_plan_is_best(const carenet_plan *plan);
/* How good it is, in one or two lines. */
void cli_plan_print_summary(const Cli *cli, const carenet_plan *plan);
