/* carenet show: everything that is disclosed about one thing. */
#include "acting.h"
#include "commands.h"
#include "key.h"
#include "message.h"
#include "output.h"
#include "programme.h"
#include "screen.h"

/* A field is its own label. */
static void
print_lines(const carenet_table *facts)
{
    for (gsize row = 0; row < carenet_table_rows_len(facts); row++) {
        const char *value = cli_cell_text(facts, row, "value");
        if (value != NULL)
            cli_print("%s: %s\n", cli_cell_text(facts, row, "field"), value);
    }
}

static gboolean
print_facts(const Cli *cli, const char *id, const carenet_table *facts, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("FIELD"), 0}, "field", NULL},
        {{N_("VALUE"), CLI_WRAP}, "value", NULL},
    };
    if (cli->format == CLI_TABLE) {
        if (cli->layout == CLI_LAYOUT_LINES)
            print_lines(facts);
        else
            cli_screen_table(cli, facts, columns, G_N_ELEMENTS(columns), cli_now(cli));
        cli_warnings_report(facts);
        return TRUE;
    }
    CliAnswer answer = {
        .schema = "carenet.show/1", .query = json_pack("{s: s}", "id", id), .rows = facts};
    return cli_answer_print(cli, &answer, error);
}

/* What the directory does not know may be a record of the programme. */
static carenet_table *
find_facts(Cli *cli, const char *id, GError **error)
{
    g_autoptr(GError) unknown = NULL;
    carenet_table *facts = carenet_directory_show(cli->directory, id, &unknown);
    if (facts == NULL && carenet_error_get_code(unknown) == CARENET_ERROR_NOT_FOUND)
        facts = cli_programme_record(cli, id, NULL);
    if (facts == NULL)
        g_propagate_error(error, g_steal_pointer(&unknown));
    return facts;
}

/* ---- What was sent with a referral: with the key, and written down. */

typedef struct {
    CliKey key;
    CliActing acting;
} Options;

static void
clear_options(Options *options)
{
    cli_key_clear(&options->key);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static gboolean
print_sealed(const Cli *cli, const char *id, const carenet_table *facts, GError **error)
{
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.referral-facts/1",
                            .query = json_pack("{s: s}", "id", id),
                            .rows = facts};
        return cli_answer_print(cli, &answer, error);
    }
    for (gsize row = 0; row < carenet_table_rows_len(facts); row++)
        cli_print("%s: %s\n", cli_cell_text(facts, row, "fact"),
                  cli_cell_text(facts, row, "value"));
    return TRUE;
}

static gboolean
show_sealed(Cli *cli, const char *id, const Options *options, GError **error)
{
    carenet_acting acting;
    if (!cli_acting_fill(cli, &options->acting, &acting, error) ||
        !cli_store_open_to_act(cli, FALSE, error))
        return FALSE;
    carenet_key *key = cli_key_read(&options->key, error);
    carenet_table *facts =
        key != NULL ? carenet_referral_facts(cli->store, id, key, &acting, error) : NULL;
    const gboolean done = facts != NULL && print_sealed(cli, id, facts, error);
    carenet_key_free(key);
    carenet_table_unref(facts);
    return done;
}

int
cli_show(Cli *cli, char **words, GError **error)
{
    g_auto(Options) options = {0};
    const GOptionEntry entries[] = {
        CLI_KEY_FILE_ENTRIES(&options.key),
        {"actor", 0, 0, G_OPTION_ARG_STRING, &options.acting.actor,
         N_("who acts, for the audit record; else CARENET_ACTOR, else the login"), "WHO"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    if (cli_key_is_given(&options.key) && !cli_is_referral_id(words[0])) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "carenet disclose gives the address of a restricted site to one worker",
                 "the key opens what was sent with a referral, such as R-12");
        return 2;
    }
    if (cli_key_is_given(&options.key))
        return show_sealed(cli, words[0], &options, error) ? 0 : 2;
    if (cli_is_referral_id(words[0]))
        return cli_referral_show(cli, words[0], error) ? 0 : 2;
    if (cli_is_programme_list(words[0]))
        return cli_programme_list(cli, words[0], error) ? 0 : 2;
    if (!cli_directory_open(cli, error))
        return 2;
    carenet_table *facts = find_facts(cli, words[0], error);
    gboolean done = facts != NULL && print_facts(cli, words[0], facts, error);
    carenet_table_unref(facts);
    return done ? 0 : 2;
}
