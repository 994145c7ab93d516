/* carenet status: referrals and how they stand; carenet due: whom to call. */
#include "acting.h"
#include "commands.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

/* ---- status */

static char *
format_until(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *until = cli_cell_text(rows, row, "hold_until");
    if (until != NULL)
        return g_strdup_printf("until %.10s %.5s", until, until + 11);
    if (!cli_cell_is_null(rows, row, "position"))
        return g_strdup_printf("number %" G_GINT64_FORMAT, cli_cell_int(rows, row, "position"));
    return g_strdup(cli_cell_text(rows, row, "reason"));
}

static gboolean
print_status(const Cli *cli, const carenet_table *rows, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("REFERRAL"), 0}, "id", NULL},       {{N_("CASE"), 0}, "case", NULL},
        {{N_("NEED"), 0}, "need", NULL},         {{N_("OFFERING"), 0}, "offering", NULL},
        {{N_("URGENCY"), 0}, "urgency", NULL},   {{N_("STATE"), 0}, "state", NULL},
        {{N_("DETAIL"), 0}, NULL, format_until},
    };
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.status/1", .rows = rows};
        return cli_answer_print(cli, &answer, error);
    }
    if (carenet_table_rows_len(rows) == 0)
        cli_say("no such referral; --all also lists those that have ended");
    else
        cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    return TRUE;
}

typedef struct {
    char *ref, *provider, *offering, *state;
    gboolean all;
} StatusOptions;

static void
clear_options(StatusOptions *options)
{
    g_free(options->ref);
    g_free(options->provider);
    g_free(options->offering);
    g_free(options->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StatusOptions, clear_options)

static gboolean
fill_query(const Cli *cli, const StatusOptions *o, carenet_referral_query *query, GError **error)
{
    static const char *const states[] = {"draft",      "sent",       "received",      "accepted",
                                         "started",    "completed",  "not-completed", "declined",
                                         "redirected", "waitlisted", "expired",       "cancelled",
                                         NULL};
    carenet_referral_query_init(query);
    query->case_ref = o->ref;
    query->provider = o->provider;
    query->offering = o->offering;
    query->state = o->state;
    query->open = !o->all && o->state == NULL;
    query->limit = (gsize)cli->limit;
    query->now_s = cli->as_of_s;
    return o->state == NULL || cli_choice_parse("--state", o->state, states, error) >= 0;
}

/* Whether the provider or offering that has no referrals is known at all: FALSE says what was meant. */
static gboolean
check_subject(const Cli *cli, const char *id, GError **error)
{
    if (id == NULL)
        return TRUE;
    carenet_directory *directory = carenet_directory_load(cli->store, error);
    carenet_table *shown = directory != NULL ? carenet_directory_show(directory, id, error) : NULL;
    const gboolean known = shown != NULL;
    carenet_table_unref(shown);
    carenet_directory_unref(directory);
    return known;
}

int
cli_status(Cli *cli, char **words, GError **error)
{
    g_auto(StatusOptions) o = {0};
    carenet_referral_query query;
    int status = 2;
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &o.ref, N_("only of the case with this reference"),
         "REF"},
        {"provider", 0, 0, G_OPTION_ARG_STRING, &o.provider, N_("only to this provider"), "ID"},
        {"offering", 0, 0, G_OPTION_ARG_STRING, &o.offering, N_("only to this offering"),
         "OFFERING"},
        {"state", 0, 0, G_OPTION_ARG_STRING, &o.state, N_("only in this state"), "STATE"},
        {"all", 0, 0, G_OPTION_ARG_NONE, &o.all, N_("also those that have ended"), NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 1, error) || !fill_query(cli, &o, &query, error))
        return 2;
    if (words[0] != NULL)
        return cli_referral_show(cli, words[0], error) ? 0 : 2;
    if (!cli_store_open_to_act(cli, TRUE, error))
        return 2;
    carenet_table *rows = carenet_referral_list(cli->store, &query, error);
    if (rows != NULL &&
        (carenet_table_rows_len(rows) > 0 ||
         (check_subject(cli, o.provider, error) && check_subject(cli, o.offering, error))) &&
        print_status(cli, rows, error))
        status = carenet_table_rows_len(rows) > 0 ? 0 : 1;
    carenet_table_unref(rows);
    return status;
}

/* ---- due */

static char *
format_due(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *due = cli_cell_text(rows, row, "due");
    return due != NULL ? g_strndup(due, 10) : NULL;
}

static char *
format_command(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *kind = cli_cell_text(rows, row, "kind"),
               *subject = cli_cell_text(rows, row, "subject");
    if (strcmp(kind, "overdue") == 0 || strcmp(kind, "unanswered") == 0)
        return g_strdup_printf("carenet show %s", subject);
    if (strcmp(kind, "draft") == 0)
        return g_strdup_printf("carenet refer --send %s", subject);
    if (strcmp(kind, "ageing-out") == 0)
        return g_strdup_printf("%s: plan what comes after (carenet show %s)",
                               cli_cell_text(rows, row, "detail"), subject);
    if (strcmp(kind, "stale") == 0)
        return g_strdup_printf("carenet capacity set %s --total N --occupied N", subject);
    return g_strdup_printf("ask %s for the new one", cli_cell_text(rows, row, "provider"));
}

static gboolean
print_due(const Cli *cli, const carenet_table *rows, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("WHAT"), 0}, "kind", NULL},         {{N_("SUBJECT"), 0}, "subject", NULL},
        {{N_("CALL"), 0}, "provider", NULL},     {{N_("SINCE OR BY"), 0}, NULL, format_due},
        {{N_("THEN"), 0}, NULL, format_command},
    };
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.due/1", .rows = rows};
        return cli_answer_print(cli, &answer, error);
    }
    if (carenet_table_rows_len(rows) == 0)
        cli_say("nobody has to be called");
    else
        cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    return TRUE;
}

int
cli_due(Cli *cli, char **words, GError **error)
{
    gint days = 7;
    const GOptionEntry entries[] = {
        {"days", 0, 0, G_OPTION_ARG_INT, &days, N_("how far to look ahead; else 7"), "N"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 0, 0, error))
        return 2;
    if (days < 1 || days > 366) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL, "--days is from 1 to 366");
        return 2;
    }
    if (!cli_store_open_to_act(cli, TRUE, error))
        return 2;
    carenet_table *rows = carenet_due(cli->store, days, cli->as_of_s, error);
    gboolean done = rows != NULL && print_due(cli, rows, error);
    carenet_table_unref(rows);
    return done ? 0 : 2;
}
