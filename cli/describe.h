/* What a command's table of options is told as: the help of --help, the options of its manual page,
 * the words of completion. All of them come from the same entries that parse. */
#pragma once

#include "common.h"

/* Prints the help of the command. */
void cli_describe_help(Cli *cli, const GOptionEntry *own, const GOptionEntry *shared);
/* Prints its manual page as scdoc text, with a line "@DESCRIPTION@" for what people write. */
void cli_describe_manual(Cli *cli, const GOptionEntry *own, const GOptionEntry *shared);

static inline gboolean
cli_option_repeats(const GOptionEntry *entry)
{
    return entry->arg == G_OPTION_ARG_STRING_ARRAY;
}

/* What may stand behind an option, or as the operand of a command. */
typedef struct {
    const char *kind;  /* a kind of `carenet names`, "files", or NULL */
    const char *words; /* a fixed choice, separated by blanks, or NULL */
} CliValues;

/* @command NULL: of all commands that take it and have nothing of their own to offer. */
CliValues cli_option_values(const char *command, const char *option);
CliValues cli_operand_values(const char *command);
