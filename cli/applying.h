/* What carenet batch --apply does with a plan: referrals, and a list of those who lost. */
#pragma once

#include "acting.h"
#include "planning.h"

typedef struct {
    gboolean apply;
    char *plan_file; /* applied as it is; NULL: the plan that was just made */
    gboolean send;
    char *hold;
    char *lost_file;
    gboolean force; /* replace it */
    gint64 hold_s;
    CliActing acting;
} CliApplying;

void cli_applying_clear(CliApplying *applying);
/* Rows of a table of options. */
#define CLI_APPLYING_ENTRIES(a)                                                                    \
    {"apply",                                                                                      \
     0,                                                                                            \
     0,                                                                                            \
     G_OPTION_ARG_NONE,                                                                            \
     &(a)->apply,                                                                                  \
     N_("write the plan down as draft referrals, looking at rules and places once more"),          \
     NULL},                                                                                        \
        {"plan",                                                                                   \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(a)->plan_file,                                                                          \
         N_("with --apply: a plan that was kept, as it is"),                                       \
         "PLAN"},                                                                                  \
        {"send",                                                                                   \
         0,                                                                                        \
         0,                                                                                        \
         G_OPTION_ARG_NONE,                                                                        \
         &(a)->send,                                                                               \
         N_("with --apply: send the referrals at once, where there is consent; places are held"),  \
         NULL},                                                                                    \
        {"hold",     0,                                                                            \
         0,          G_OPTION_ARG_STRING,                                                          \
         &(a)->hold, N_("with --send: how long providers may take to answer; else 48h"),           \
         "TIME"},                                                                                  \
    {                                                                                              \
        "lost", 0, 0, G_OPTION_ARG_FILENAME, &(a)->lost_file,                                      \
            N_("with --apply: write those who lost their place there, to be routed again"), "FILE" \
    }

/* FALSE sets @error for options that do not go together. */
gboolean cli_applying_check(const Cli *cli, CliApplying *applying, GError **error);
/* Applies, prints what became of each assignment and writes the list of those who lost. @plan is not
 * looked at where a file is named. Gives the exit status; -1 sets @error. */
int cli_applying_run(Cli *cli,
                     const CliApplying *a,
                     const CliPlanning *planning,
                     const carenet_plan *plan,
                     const carenet_cases *cases,
                     gboolean strict,
                     GError **error);
