/* carenet audit: who did what, and whether the chain of records is whole. */
#include "acting.h"
#include "commands.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

static char *
format_at(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *at = cli_cell_text(rows, row, "at");
    return g_strdup_printf("%.10s %.5s", at, at + 11);
}

static char *
format_number(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, "number"));
}

static int
list(Cli *cli, const char *subject, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("RECORD"), CLI_RIGHT}, NULL, format_number},
        {{N_("AT"), 0}, NULL, format_at},
        {{N_("ACTOR"), 0}, "actor", NULL},
        {{N_("ACTION"), 0}, "action", NULL},
        {{N_("SUBJECT"), 0}, "subject", NULL},
        {{N_("DETAIL"), CLI_WRAP}, "detail", NULL},
    };
    gboolean done = TRUE;
    carenet_table *rows = carenet_audit_list(cli->store, subject, (gsize)cli->limit, error);
    if (rows == NULL)
        return 2;
    if (cli->format == CLI_TABLE)
        cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    else
        done =
            cli_answer_print(cli, &(CliAnswer){.schema = "carenet.audit/1", .rows = rows}, error);
    carenet_table_unref(rows);
    return done ? 0 : 2;
}

static gboolean
print_chain(const Cli *cli, const carenet_chain *chain, GError **error)
{
    g_autofree char *checkpoint =
        g_strdup_printf("%" G_GINT64_FORMAT ":%s", (gint64)chain->records, chain->head);
    g_autofree char *records = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)chain->records);
    g_autofree char *broken_at = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)chain->broken_at);
    if (cli_speaks_json(cli)) {
        json_t *object =
            json_pack("{s: s, s: b, s: I, s: s, s: s, s: I, s: s?}", "schema",
                      "carenet.audit-verify/1", "whole", chain->broken_at == 0, "records",
                      (json_int_t)chain->records, "head", chain->head, "checkpoint", checkpoint,
                      "broken_at", (json_int_t)chain->broken_at, "what", chain->what);
        return cli_json_print(object, error);
    }
    if (chain->broken_at != 0) {
        cli_print("The chain is broken at record %s: %s\n", broken_at, chain->what);
        cli_say("  Next: keep a copy of the store, and compare it with a backup");
        return TRUE;
    }
    cli_print("%s\n", checkpoint);
    cli_say(
        "%s records, each fits; keep this line elsewhere: carenet audit verify --checkpoint LINE",
        records);
    return TRUE;
}

static int
verify(Cli *cli, const char *checkpoint, GError **error)
{
    carenet_chain chain;
    carenet_chain_init(&chain);
    if (!carenet_audit_verify(cli->store, checkpoint, &chain, error) ||
        !print_chain(cli, &chain, error))
        return 2;
    return chain.broken_at == 0 ? 0 : 1;
}

int
cli_audit(Cli *cli, char **words, GError **error)
{
    static const char *const verbs[] = {"list", "verify", NULL};
    g_autofree char *subject = NULL, *checkpoint = NULL;
    const GOptionEntry entries[] = {
        {"subject", 0, 0, G_OPTION_ARG_STRING, &subject,
         N_("list: only about this referral, offering or provider"), "ID"},
        {"checkpoint", 0, 0, G_OPTION_ARG_STRING, &checkpoint,
         N_("verify: the line that an earlier look printed"), "LINE"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(words, 1, 1, error))
        return 2;
    const gint verb = cli_choice_parse("what to do", words[0], verbs, error);
    if (verb < 0 || !cli_store_open(cli, TRUE, error))
        return 2;
    return verb == 0 ? list(cli, subject, error) : verify(cli, checkpoint, error);
}
