/* The manual page of a command. Pages are made in English, so nothing here is translated. */
#include "describe.h"
#include "output.h"

#include <string.h>

/* Underscores within words and asterisks mean something to scdoc. (transfer full) */
static char *
escape(const char *text)
{
    GString *escaped = g_string_new(NULL);
    for (; *text != '\0'; text++) {
        if (strchr("*_\\[]<>#`~", *text) != NULL)
            g_string_append_c(escaped, '\\');
        g_string_append_c(escaped, *text);
    }
    return g_string_free(escaped, FALSE);
}

static void
print_entries(const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        g_autofree char *description = escape(entry->description);
        if (entry->short_name != '\0')
            cli_print("*-%c*, ", entry->short_name);
        cli_print("*--%s*", entry->long_name);
        if (entry->arg_description != NULL)
            cli_print(" _%s_%s", entry->arg_description, cli_option_repeats(entry) ? "..." : "");
        /* A tab begins the paragraph of an item; cli_print() lets no control character through. */
        cli_print_text("\n");
        cli_print_raw("\t");
        cli_print("%s%s\n\n", description, cli_option_repeats(entry) ? ". May be repeated." : ".");
    }
}

void
cli_describe_manual(Cli *cli, const GOptionEntry *own, const GOptionEntry *shared)
{
    const CliCommand *command = cli->command;
    g_autofree char *operands = escape(command->operands);
    g_autofree char *summary = escape(command->summary);
    cli_print("carenet-%s(1)\n\n# NAME\n\ncarenet-%s - %s\n\n# SYNOPSIS\n\n*carenet %s* %s\n\n"
              "# DESCRIPTION\n\n@DESCRIPTION@\n\n# OPTIONS\n\n",
              command->name, command->name, summary, command->name, operands);
    print_entries(own);
    print_entries(shared);
    if (command->examples != NULL) {
        g_auto(GStrv) lines = g_strsplit(command->examples, "\n", -1);
        cli_print("# EXAMPLES\n\n");
        for (gsize i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
            g_autofree char *line = escape(g_strstrip(lines[i]));
            cli_print_raw("\t");
            cli_print("%s\n\n", line);
        }
    }
    cli_print("# EXIT STATUS\n\nAs in *carenet*(1); *carenet help exit-codes* lists them.\n\n"
              "# SEE ALSO\n\n*carenet*(1)\n");
}
