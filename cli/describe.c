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

#define RECORD_FORMATS "table json ndjson"
#define FORMATS        RECORD_FORMATS " csv md"

/* A row with a command is of its option only, and stands for it alone. */
static const struct {
    const char *command; /* NULL: all that have no row of their own */
    const char *option;
    CliValues values;
} option_values[] = {
    {NULL, "access", {"access", NULL}},
    {NULL, "add", {"providers", NULL}},
    {NULL, "by", {NULL, "phone"}},
    {"gaps", "by", {NULL, "service region"}},
    {"report", "by", {NULL, "region"}},
    {"verify", "by", {NULL, "phone visit email document"}},
    {NULL, "case", {"files", NULL}},
    /* The reference of a case is never offered. */
    {"purge", "case", {NULL, NULL}},
    {"status", "case", {NULL, NULL}},
    {NULL, "cases", {"files", NULL}},
    {NULL, "checkpoint", {"files", NULL}},
    {NULL, "close", {"providers", NULL}},
    {NULL, "data", {"files", NULL}},
    {NULL, "db", {"files", NULL}},
    {NULL, "format", {NULL, FORMATS}},
    {"backup", "format", {NULL, RECORD_FORMATS}},
    {"export", "format", {NULL, "yaml csv"}},
    {"import", "format", {NULL, "csv yaml table json ndjson md"}},
    {"print", "format", {NULL, "table html"}},
    {"report", "format", {NULL, FORMATS " html"}},
    {"restore", "format", {NULL, RECORD_FORMATS}},
    {"version", "format", {NULL, RECORD_FORMATS}},
    /* Of others it is a day. */
    {"route", "from", {"places", NULL}},
    {NULL, "group", {"groups", NULL}},
    {NULL, "indicators", {"files", NULL}},
    {NULL, "keep", {"files", NULL}},
    {NULL, "key-file", {"files", NULL}},
    {NULL, "language", {"languages", NULL}},
    {NULL, "layout", {NULL, "table lines"}},
    {NULL, "lost", {"files", NULL}},
    {NULL, "near", {"places", NULL}},
    {NULL, "needs", {"services", NULL}},
    {NULL, "network", {NULL, "yes no any"}},
    {NULL, "new-key-file", {"files", NULL}},
    {NULL, "ordinance", {NULL, "yes no any"}},
    {NULL, "output", {"files", NULL}},
    {NULL, "pin", {"files", NULL}},
    {NULL, "plan", {"files", NULL}},
    {NULL, "policy", {"files", NULL}},
    {NULL, "prices", {"files", NULL}},
    {NULL, "profile", {NULL, "internal partner funder"}},
    {NULL, "region", {"regions", NULL}},
    {NULL, "reject", {"files", NULL}},
    {NULL, "remote", {NULL, "yes no any"}},
    {NULL, "service", {"services", NULL}},
    {NULL, "serving", {"places", NULL}},
    {NULL, "sign", {"files", NULL}},
    {NULL, "sort", {NULL, "default distance wait free name provider verified"}},
    {NULL, "why-not", {"providers", NULL}},
};

CliValues
cli_option_values(const char *command, const char *option)
{
    CliValues values = {NULL, NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(option_values); i++) {
        if (strcmp(option_values[i].option, option) != 0)
            continue;
        if (command != NULL && g_strcmp0(option_values[i].command, command) == 0)
            return option_values[i].values;
        if (option_values[i].command == NULL)
            values = option_values[i].values;
    }
    return values;
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
        {"report", {NULL, "coverage gaps capacity flow waiting unmet funnel indicators full"}},
        {"audit", {NULL, "list verify checkpoint new-key"}},
        {"capacity", {NULL, "list get set hold release"}},
        {"verify", {"providers", NULL}},
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
