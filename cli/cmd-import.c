/* carenet import: region files and CSV into the store, all of them or nothing. */
#include "acting.h"
#include "changes.h"
#include "commands.h"
#include "key.h"
#include "message.h"
#include "output.h"

/* What the files are, or how the answer is printed: no word is both. */
static gboolean
understand_format(Cli *cli, const char *text, carenet_file_format *out, GError **error)
{
    static const char *const names[] = {"csv", "yaml", "table", "json", "ndjson", "md", NULL};
    static const carenet_file_format files[] = {CARENET_FILE_CSV, CARENET_FILE_YAML};
    static const CliFormat answers[] = {CLI_TABLE, CLI_JSON, CLI_NDJSON, CLI_MARKDOWN};
    const gint choice = text != NULL ? cli_choice_parse("--format", text, names, error) : 2;
    if (choice >= 2)
        cli->format = answers[choice - 2];
    else if (choice >= 0)
        *out = files[choice];
    return choice >= 0;
}

int
cli_import(Cli *cli, char **words, GError **error)
{
    gboolean replace = FALSE, dry_run = FALSE;
    g_autofree char *format = NULL;
    g_auto(CliKey) key = {0};
    g_auto(CliActing) acting = {0};
    carenet_acting who;
    const GOptionEntry entries[] = {
        {"replace", 0, 0, G_OPTION_ARG_NONE, &replace,
         N_("close what the store has in these regions and the files no longer name"), NULL},
        {"format", 0, 0, G_OPTION_ARG_STRING, &format,
         N_("what the files are: csv or yaml (the default is by name); or how to print: table, json, "
            "ndjson or md"),
         "FORMAT"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("check everything and change nothing"),
         NULL},
        {"actor", 0, 0, G_OPTION_ARG_STRING, &acting.actor,
         N_("who acts, for the audit record; else CARENET_ACTOR, else the login"), "WHO"},
        CLI_KEY_FILE_ENTRIES(&key),
        {0},
    };
    carenet_import_options options;
    carenet_import_options_init(&options);
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!understand_format(cli, format, &options.format, error) ||
        !cli_operands_check(cli, words, 1, G_MAXUINT, error) ||
        !cli_acting_fill(cli, &acting, &who, error) ||
        !cli_store_open_and_tell(cli, FALSE, error) || !cli_key_unlock(cli, &key, error))
        return 2;
    options.actor = who.actor;
    options.replace = replace;
    options.dry_run = dry_run;
    carenet_table *changes =
        cli_changes_make(cli, cli_strings(words), g_strv_length(words), &options, FALSE, error);
    if (changes == NULL)
        return 2;
    json_t *query = json_pack("{s: b, s: b}", "replace", (int)replace, "dry_run", (int)dry_run);
    gboolean done = cli_changes_print(cli, "carenet.import/1", query, changes, error);
    if (done && dry_run)
        cli_say("dry run: nothing has been changed");
    carenet_table_unref(changes);
    return done ? 0 : 2;
}
