/* carenet import: region files into the store, all of them or nothing. */
#include "changes.h"
#include "commands.h"
#include "message.h"
#include "output.h"

int
cli_import(Cli *cli, char **words, GError **error)
{
    gboolean replace = FALSE, dry_run = FALSE;
    const GOptionEntry entries[] = {
        {"replace", 0, 0, G_OPTION_ARG_NONE, &replace,
         N_("close what the store has in these regions and the files no longer name"), NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("check everything and change nothing"),
         NULL},
        {0},
    };
    carenet_import_options options;
    carenet_import_options_init(&options);
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(words, 1, G_MAXUINT, error) || !cli_store_open(cli, FALSE, error))
        return 2;
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
