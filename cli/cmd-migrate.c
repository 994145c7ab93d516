/* carenet migrate: the store of an older carenet, brought to the layout of this one. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "screen.h"

static gboolean
print_steps(const Cli *cli, carenet_table *steps, gboolean dry_run, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("LAYOUT"), CLI_RIGHT}, "layout", NULL},
        {{N_("NAME"), 0}, "name", NULL},
    };
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.migrate/1", .rows = steps};
        return cli_answer_print(cli, &answer, error);
    }
    if (carenet_table_rows_len(steps) == 0) {
        cli_print("nothing to do: the store has the layout of this carenet\n");
        return TRUE;
    }
    cli_screen_table(cli, steps, columns, G_N_ELEMENTS(columns), 0);
    cli_say(dry_run ? "dry run: nothing has been changed; copy the file first, since an older "
                      "carenet cannot use it afterwards"
                    : "done: an older carenet cannot use the store any more");
    if (!dry_run)
        cli_say("  Next: carenet doctor");
    return TRUE;
}

int
cli_migrate(Cli *cli, char **words, GError **error)
{
    gboolean dry_run = FALSE, named = FALSE;
    const GOptionEntry entries[] = {
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("list the steps and change nothing"),
         NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 0, error))
        return 2;
    g_autofree char *path = cli_store_path(cli, &named);
    if (path == NULL) {
        cli_fail(error, CARENET_ERROR_NOT_FOUND, "give --db PATH",
                 "HOME is not set, so there is no default place for a store");
        return 2;
    }
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.data_dir = cli_data_dir(cli);
    carenet_table *steps = carenet_store_migrate(path, dry_run, &options, error);
    if (steps == NULL)
        return 2;
    /* An older layout cannot be looked at before it is brought up. */
    if (cli_store_open(cli, TRUE, NULL))
        cli_store_tell(cli);
    gboolean printed = print_steps(cli, steps, dry_run, error);
    carenet_table_unref(steps);
    return printed ? 0 : 2;
}
