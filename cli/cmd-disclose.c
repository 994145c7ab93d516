/* carenet disclose and carenet safety: what only the key of the network opens, for one named worker or
 * for one question. */
#include "acting.h"
#include "case-file.h"
#include "commands.h"
#include "key.h"
#include "message.h"
#include "output.h"

/* ---- disclose */

typedef struct {
    char *to;
    CliKey key;
    CliActing acting;
} DiscloseOptions;

static void
clear_disclose(DiscloseOptions *options)
{
    g_free(options->to);
    cli_key_clear(&options->key);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DiscloseOptions, clear_disclose)

static void
print_site(const carenet_table *row)
{
    static const char *const fields[] = {"provider", "name",  "address", "area_name",
                                         "area",     "phone", "email"};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = cli_cell_text(row, 0, fields[i]);
        if (text != NULL)
            cli_print("%s: %s\n", fields[i], text);
    }
    if (!cli_cell_is_null(row, 0, "lat_deg")) {
        const gsize at = (gsize)carenet_table_column_index(row, "lat_deg");
        cli_print("point: %.6f, %.6f\n", carenet_table_get_double(row, 0, at),
                  carenet_table_get_double(row, 0, at + 1));
    }
}

static gboolean
print_disclosure(const Cli *cli, const carenet_table *row, GError **error)
{
    const gboolean dry_run = cli_cell_bool(row, 0, "dry_run");
    if (cli->format != CLI_TABLE &&
        !cli_answer_print(cli, &(CliAnswer){.schema = "carenet.disclosure/1", .rows = row}, error))
        return FALSE;
    if (cli->format == CLI_TABLE && dry_run)
        cli_print("%s may be given to %s\n", cli_cell_text(row, 0, "provider"),
                  cli_cell_text(row, 0, "to"));
    else if (cli->format == CLI_TABLE)
        print_site(row);
    if (dry_run)
        cli_say("dry run: nothing has been given out or written down");
    else
        cli_say("given to %s for %s, and written down; tell nobody else, and keep no copy",
                cli_cell_text(row, 0, "to"), cli_cell_text(row, 0, "referral"));
    return TRUE;
}

static gboolean
check_disclose(const Cli *cli, const DiscloseOptions *options, char **words, GError **error)
{
    if (!cli_operands_check(cli, words, 1, 1, error))
        return FALSE;
    if (options->to != NULL)
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
             "--to WORKER, the login of who brings the survivor there",
             "an address is given to one named worker");
    return FALSE;
}

int
cli_disclose(Cli *cli, char **words, GError **error)
{
    g_auto(DiscloseOptions) options = {0};
    const GOptionEntry entries[] = {
        {"to", 0, 0, G_OPTION_ARG_STRING, &options.to,
         N_("the worker who gets to know it, by login"), "WORKER"},
        CLI_KEY_FILE_ENTRIES(&options.key),
        CLI_ACTING_ENTRIES(&options.acting),
        {0},
    };
    carenet_acting acting;
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!check_disclose(cli, &options, words, error) ||
        !cli_acting_fill(cli, &options.acting, &acting, error) ||
        !cli_store_open_to_act(cli, FALSE, error))
        return 2;
    carenet_key *key = cli_key_read(&options.key, error);
    carenet_table *row =
        key != NULL ? carenet_site_disclose(cli->store, words[0], options.to, key, &acting, error)
                    : NULL;
    const gboolean done = row != NULL && print_disclosure(cli, row, error);
    carenet_key_free(key);
    carenet_table_unref(row);
    return done ? 0 : 2;
}

/* ---- safety */

typedef struct {
    char *case_file, *ref, *to;
    CliKey key;
    CliActing acting;
} SafetyOptions;

static void
clear_safety(SafetyOptions *options)
{
    g_free(options->case_file);
    g_free(options->ref);
    g_free(options->to);
    cli_key_clear(&options->key);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SafetyOptions, clear_safety)

static gboolean
print_safety(const Cli *cli, const carenet_table *row, GError **error)
{
    const char *offering = cli_cell_text(row, 0, "offering");
    if (cli->format != CLI_TABLE)
        return cli_answer_print(cli, &(CliAnswer){.schema = "carenet.safety/1", .rows = row},
                                error);
    if (!cli_cell_bool(row, 0, "asked"))
        cli_print("%s: the case avoids no area\n", offering);
    else if (cli_cell_is_null(row, 0, "safe"))
        cli_print("%s: the question may be asked\n", offering);
    else if (cli_cell_bool(row, 0, "safe"))
        cli_print("%s: it lies in no area that the case avoids\n", offering);
    else
        cli_print("%s: not for this case [safety]\n", offering);
    return TRUE;
}

static int
ask(Cli *cli, const SafetyOptions *options, const carenet_acting *acting, GError **error)
{
    gsize i = 0;
    int status = 2;
    carenet_table *row = NULL;
    carenet_key *key = cli_key_read(&options->key, error);
    carenet_cases *cases = key != NULL ? cli_cases_read(cli, options->case_file, error) : NULL;
    if (cases != NULL && cli_case_choose(cases, options->ref, &i, error))
        row = carenet_site_check_safety(cli->store, cases, i, options->to, key, acting, error);
    if (row != NULL && print_safety(cli, row, error))
        status = cli_cell_text(row, 0, "reason") != NULL ? 1 : 0;
    carenet_table_unref(row);
    carenet_cases_unref(cases);
    carenet_key_free(key);
    return status;
}

int
cli_safety(Cli *cli, char **words, GError **error)
{
    g_auto(SafetyOptions) options = {0};
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_FILENAME, &options.case_file,
         N_("a case file, or a list as for batch; - is standard input"), "FILE"},
        {"ref", 0, 0, G_OPTION_ARG_STRING, &options.ref, N_("which case of a list"), "REF"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_("where to: provider/service"),
         "OFFERING"},
        CLI_KEY_FILE_ENTRIES(&options.key),
        CLI_ACTING_ENTRIES(&options.acting),
        {0},
    };
    carenet_acting acting;
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 0, error))
        return 2;
    if (options.case_file == NULL || options.to == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "carenet safety --case FILE --to OFFERING --key-file FILE",
                 "the question needs a case and an offering");
        return 2;
    }
    if (!cli_acting_fill(cli, &options.acting, &acting, error) ||
        !cli_store_open_to_act(cli, FALSE, error))
        return 2;
    return ask(cli, &options, &acting, error);
}
