/* carenet purge: erases a case, or all whose time has come. */
#include "acting.h"
#include "commands.h"
#include "message.h"
#include "output.h"

typedef struct {
    char *ref;
    char *before;
    gint64 before_s;
    CliActing acting;
} Options;

static void
clear_options(Options *options)
{
    g_free(options->ref);
    g_free(options->before);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
check_options(const Cli *cli, Options *options, char **words, GError **error)
{
    if (!cli_operands_check(cli, words, 0, 0, error))
        return FALSE;
    if ((options->ref == NULL) == (options->before == NULL)) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "carenet purge --case REF, or carenet purge --before 2021-11-16",
                 "name the case, or the day before which all must have ended");
        return FALSE;
    }
    return options->before == NULL ||
           cli_instant_parse("--before", options->before, &options->before_s, error);
}

static gboolean
erases_nothing(const carenet_table *row)
{
    return cli_cell_int(row, 0, "cases") == 0 && cli_cell_int(row, 0, "facts") == 0;
}

/* @ref: NULL where it is not about one case. */
static gboolean
print_erased(const Cli *cli, const char *ref, const carenet_table *row, GError **error)
{
    const gint64 cases = cli_cell_int(row, 0, "cases"), facts = cli_cell_int(row, 0, "facts");
    const gboolean dry_run = cli_cell_bool(row, 0, "dry_run");
    if (cli->format != CLI_TABLE)
        return cli_answer_print(cli, &(CliAnswer){.schema = "carenet.purge/1", .rows = row}, error);
    if (erases_nothing(row) && ref != NULL)
        cli_print("No case is known as %s: nothing is erased\n", ref);
    else if (erases_nothing(row))
        cli_print("Nothing is kept that this would erase\n");
    else
        cli_print("Erased: cases %d, of referrals %d, sealed facts %d\n", (int)cases,
                  (int)cli_cell_int(row, 0, "referrals"), (int)facts);
    if (dry_run)
        cli_say("dry run: nothing has been changed");
    else if (cases > 0 || facts > 0)
        cli_say(
            "backups that were made before still hold it: remove them when their time has come");
    return TRUE;
}

int
cli_purge(Cli *cli, char **words, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &options.ref, N_("erase the case REF"), "REF"},
        {"before", 0, 0, G_OPTION_ARG_STRING, &options.before,
         N_("erase every case whose last referral ended before DAY"), "DAY"},
        CLI_ACTING_ENTRIES(&options.acting),
        {0},
    };
    carenet_acting acting;
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!check_options(cli, &options, words, error) ||
        !cli_acting_fill(cli, &options.acting, &acting, error) ||
        !cli_store_open_to_act(cli, FALSE, error))
        return 2;
    carenet_table *row = options.ref != NULL
                             ? carenet_case_erase(cli->store, options.ref, &acting, error)
                             : carenet_store_purge(cli->store, options.before_s, &acting, error);
    int status = 2;
    if (row != NULL && print_erased(cli, options.ref, row, error))
        status = options.ref != NULL && erases_nothing(row) ? 1 : 0; /* it may be misspelt */
    carenet_table_unref(row);
    return status;
}
