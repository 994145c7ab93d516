#include "describe.h"

#include "message.h"
#include "output.h"

#include <string.h>

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
                                   cli_option_repeats(entry) ? "..." : "");
        cli_print("%-30s %s\n", left->str, cli_translate(entry->description));
    }
}

void
cli_describe_help(Cli *cli, const GOptionEntry *own, const GOptionEntry *shared)
{
    const CliCommand *command = cli->command;
    cli_print("carenet %s: %s\n\nUsage: carenet %s %s\n", command->name,
              cli_translate(command->summary), command->name, command->operands);
    if (own->long_name != NULL) {
        cli_print("\nOptions (those with \"...\" may be repeated):\n");
        print_entries(own);
    }
    cli_print("\nShared options:\n");
    print_entries(shared);
    if (command->examples != NULL)
        cli_print("\nExamples:\n%s", command->examples);
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
        {"cases", {"files", NULL}},
        {"pin", {"files", NULL}},
        {"prices", {"files", NULL}},
        {"reject", {"files", NULL}},
        {"add", {"providers", NULL}},
        {"close", {"providers", NULL}},
        {"by", {NULL, "service region"}},
        {"policy", {"files", NULL}},
        {"key-file", {"files", NULL}},
        {"new-key-file", {"files", NULL}},
        {"output", {"files", NULL}},
        {"db", {"files", NULL}},
        {"data", {"files", NULL}},
        {"format", {NULL, "table json ndjson csv md"}},
        {"layout", {NULL, "table lines"}},
        {"sort", {NULL, "default distance wait free name provider verified"}},
        {"remote", {NULL, "yes no any"}},
        {"ordinance", {NULL, "yes no any"}},
        {"network", {NULL, "yes no any"}},
        {"by", {NULL, "region"}},
        {"profile", {NULL, "internal partner funder"}},
        {"indicators", {"files", NULL}},
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
        {"check", {"files", NULL}},
        {"explain", {"files", NULL}},
        {"compare", {"files", NULL}},
        {"help", {"topics", NULL}},
        {"print", {NULL, "pathway-card referral-sheet"}},
        {"report", {NULL, "indicators"}},
        {"key", {NULL, "create seal change check"}},
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
