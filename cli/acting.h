/* What the commands that change referrals and places share: who acts, and how the answer is told. */
#pragma once

#include "common.h"

typedef struct {
    char *actor;
    char *by;
    char *key;
    gboolean dry_run;
} CliActing;

void cli_acting_clear(CliActing *acting);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliActing, cli_acting_clear)

/* Rows of a table of options. */
#define CLI_ACTING_ENTRIES(acting)                                             \
    {"actor",                                                                  \
     0,                                                                        \
     0,                                                                        \
     G_OPTION_ARG_STRING,                                                      \
     &(acting)->actor,                                                         \
     N_("who acts, for the audit record; else CARENET_ACTOR, else the login"), \
     "WHO"},                                                                   \
    {                                                                          \
        "dry-run", 0, 0, G_OPTION_ARG_NONE, &(acting)->dry_run,                \
            N_("check everything and change nothing"), NULL                    \
    }
#define CLI_BY_PHONE_ENTRY(acting)                                             \
    {                                                                          \
        "by", 0, 0, G_OPTION_ARG_STRING, &(acting)->by,                        \
            N_("phone: write down what the provider said on the phone"), "WAY" \
    }
#define CLI_GROUND_ENTRY(ground)                                                                  \
    {                                                                                             \
        "override-consent", 0, 0, G_OPTION_ARG_STRING, (ground),                                  \
            N_("do not wait for consent, on a lawful ground: imminent-danger, mandatory-report, " \
               "court-order or best-interest"),                                                   \
            "GROUND"                                                                              \
    }
#define CLI_KEY_ENTRY(acting)                                                       \
    {                                                                               \
        "key", 0, 0, G_OPTION_ARG_STRING, &(acting)->key,                           \
            N_("name the request: the same once more gives the same answer"), "KEY" \
    }

/* Fills @out; its text is borrowed from @acting and the environment. */
gboolean cli_acting_fill(const Cli *cli,
                         const CliActing *acting,
                         carenet_acting *out,
                         GError **error);

/* The store for writing; says DEMONSTRATION where it is one. */
gboolean cli_store_open_to_act(Cli *cli, gboolean read_only, GError **error);

/* "48h", "2d", "90min": seconds. */
gboolean cli_hold_parse(const char *option, const char *text, gint64 *out_s, GError **error);

/* Prints the row of a referral that was changed: a sentence and the next step, or another format. */
gboolean cli_referral_print(const Cli *cli, const carenet_table *row, GError **error);
/* The referral as a whole with its history. */
gboolean cli_referral_show(Cli *cli, const char *id, GError **error);
gboolean cli_is_referral_id(const char *text);
