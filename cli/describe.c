#include "describe.h"

#include "output.h"

#include <string.h>

static gboolean
repeats(const GOptionEntry *entry)
{
    return entry->arg == G_OPTION_ARG_STRING_ARRAY;
}

/* ---- --help */

static void
print_entries(const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        g_autoptr(GString) left = g_string_new("  ");
        if (entry->short_name != '\0')
            g_string_append_printf(left, "-%c, ", entry->short_name);
        g_string_append_printf(left, "--%s", entry->long_name);
        if (entry->arg_description != NULL)
            g_string_append_printf(left, " %s%s", entry->arg_description,
                                   repeats(entry) ? "..." : "");
        cli_print("%-30s %s\n", left->str, entry->description);
    }
}

void
cli_describe_help(Cli *cli, const GOptionEntry *own, const GOptionEntry *shared)
{
    const CliCommand *command = cli->command;
    cli_print("carenet %s: %s\n\nUsage: carenet %s %s\n", command->name, command->summary,
              command->name, command->operands);
    if (own->long_name != NULL) {
        cli_print("\nOptions (those with \"...\" may be repeated):\n");
        print_entries(own);
    }
    cli_print("\nShared options:\n");
    print_entries(shared);
    if (command->examples != NULL)
        cli_print("\nExamples:\n%s", command->examples);
}

/* ---- Manual pages */

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
print_manual_entries(const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        g_autofree char *description = escape(entry->description);
        if (entry->short_name != '\0')
            cli_print("*-%c*, ", entry->short_name);
        cli_print("*--%s*", entry->long_name);
        if (entry->arg_description != NULL)
            cli_print(" _%s_%s", entry->arg_description, repeats(entry) ? "..." : "");
        /* A tab begins the paragraph of an item; cli_print() lets no control character through. */
        cli_print_text("\n");
        cli_print_raw("\t");
        cli_print("%s%s\n\n", description, repeats(entry) ? ". May be repeated." : ".");
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
    print_manual_entries(own);
    print_manual_entries(shared);
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

/* ---- Values for completion */

CliValues
cli_option_values(const char *option)
{
    static const struct {
        const char *option;
        CliValues values;
    } all[] = {
        {"region", {"regions", NULL}},
        {"serving", {"places", NULL}},
        {"near", {"places", NULL}},
        {"from", {"places", NULL}},
        {"service", {"services", NULL}},
        {"needs", {"services", NULL}},
        {"language", {"languages", NULL}},
        {"group", {"groups", NULL}},
        {"access", {"access", NULL}},
        {"why-not", {"providers", NULL}},
        {"case", {"files", NULL}},
        {"policy", {"files", NULL}},
        {"output", {"files", NULL}},
        {"db", {"files", NULL}},
        {"data", {"files", NULL}},
        {"format", {NULL, "table json ndjson csv md"}},
        {"layout", {NULL, "table lines"}},
        {"sort", {NULL, "default distance wait free name provider verified"}},
        {"remote", {NULL, "yes no any"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (strcmp(all[i].option, option) == 0)
            return all[i].values;
    return (CliValues){NULL, NULL};
}

CliValues
cli_operand_values(const char *command)
{
    static const struct {
        const char *command;
        CliValues values;
    } all[] = {
        {"show", {"providers", NULL}},
        {"import", {"files", NULL}},
        {"validate", {"files", NULL}},
        {"restore", {"files", NULL}},
        {"help", {"topics", NULL}},
        {"template", {NULL, "region case policy"}},
        {"completion", {NULL, "bash zsh fish"}},
        {"terms",
         {NULL, "regions services groups access documents assessments courses languages reasons"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (strcmp(all[i].command, command) == 0)
            return all[i].values;
    return (CliValues){NULL, NULL};
}
