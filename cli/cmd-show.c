/* carenet show: everything that is disclosed about one thing. */
#include "acting.h"
#include "commands.h"
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

int
cli_show(Cli *cli, char **words, GError **error)
{
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(words, 1, 1, error))
        return 2;
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
