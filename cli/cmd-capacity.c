/* carenet capacity: the ledger of places; carenet verify: who was asked. */
#include "acting.h"
#include "commands.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

typedef struct {
    gint total, occupied, wait, units;
    char *source;
    char *hold;
    CliActing acting;
} Options;

static void
clear_options(Options *options)
{
    g_free(options->source);
    g_free(options->hold);
    cli_acting_clear(&options->acting);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* ---- Looking. */

/* A row of a provider's verification has no status. */
static gboolean
is_active(const carenet_table *rows, gsize row)
{
    const char *status = cli_cell_text(rows, row, "status");
    return status == NULL || strcmp(status, "active") == 0;
}

static char *
format_free(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    if (!is_active(rows, row))
        return g_strdup(cli_cell_text(rows, row, "status"));
    if (cli_cell_is_null(rows, row, "free"))
        return g_strdup(cli_cell_text(rows, row, "availability"));
    return g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                           cli_cell_int(rows, row, "free"), cli_cell_int(rows, row, "total"));
}

static char *
format_number(const carenet_table *rows, gsize row, const char *column)
{
    return cli_cell_is_null(rows, row, column)
               ? NULL
               : g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, column));
}

static char *
format_occupied(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_number(rows, row, "occupied");
}

static char *
format_held(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_number(rows, row, "held");
}

static char *
format_waiting(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_number(rows, row, "waiting");
}

static char *
format_as_of(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *as_of = cli_cell_text(rows, row, "as_of");
    if (as_of == NULL)
        return NULL;
    return g_strdup_printf("%.10s%s", as_of, cli_cell_bool(rows, row, "stale") ? " stale" : "");
}

static gboolean
print_places(const Cli *cli, const carenet_table *rows, GError **error)
{
    static const CliColumn columns[] = {
        {{N_("OFFERING"), 0}, "offering", NULL},
        {{N_("UNIT"), 0}, "unit", NULL},
        {{N_("FREE"), CLI_RIGHT | CLI_PLACES}, NULL, format_free},
        {{N_("OCCUPIED"), CLI_RIGHT}, NULL, format_occupied},
        {{N_("HELD"), CLI_RIGHT}, NULL, format_held},
        {{N_("WAITING"), CLI_RIGHT}, NULL, format_waiting},
        {{N_("AS OF"), 0}, NULL, format_as_of},
        {{N_("SOURCE"), 0}, "source", NULL},
    };
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.capacity/1", .rows = rows};
        return cli_answer_print(cli, &answer, error);
    }
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    return TRUE;
}

static gboolean
look(Cli *cli, const char *offering, GError **error)
{
    carenet_table *rows = carenet_capacity(cli->store, offering, cli->as_of_s, error);
    gboolean done = rows != NULL && print_places(cli, rows, error);
    carenet_table_unref(rows);
    return done;
}

/* ---- Changing. */

static void
print_change(const carenet_table *row)
{
    const gboolean dry_run = cli_cell_bool(row, 0, "dry_run");
    /* A number that a dry run would give is given to whoever holds next. */
    const char *hold = dry_run && strcmp(cli_cell_text(row, 0, "action"), "hold") == 0
                           ? NULL
                           : cli_cell_text(row, 0, "hold"),
               *offering = cli_cell_text(row, 0, "offering");
    const char *action = cli_cell_text(row, 0, "action");
    g_autofree char *offered = cli_cell_join(row, 0, "offered", ", ");
    if (offering == NULL) {
        cli_print("%s is verified\n", cli_cell_text(row, 0, "provider"));
    } else if (cli_cell_is_null(row, 0, "free")) {
        cli_print("%s%s%s: %s, free: %s\n", hold != NULL ? hold : "", hold != NULL ? " " : "",
                  offering, action, cli_cell_text(row, 0, "availability"));
    } else {
        /* A million places at most. */
        cli_print("%s%s%s: %s, %d of %d free (%d occupied, %d held)\n", hold != NULL ? hold : "",
                  hold != NULL ? " " : "", offering, action, (int)cli_cell_int(row, 0, "free"),
                  (int)cli_cell_int(row, 0, "total"), (int)cli_cell_int(row, 0, "occupied"),
                  (int)cli_cell_int(row, 0, "held"));
    }
    if (offering != NULL && !is_active(row, 0))
        cli_say("  %s is %s: nobody is sent there", cli_cell_text(row, 0, "provider"),
                cli_cell_text(row, 0, "status"));
    if (offered != NULL && *offered != '\0')
        cli_print("A free place is offered to %s\n", offered);
    if (dry_run)
        cli_say("dry run: nothing has been changed");
    if (strcmp(action, "hold") == 0 && !dry_run)
        cli_say("  Next: carenet capacity release %s gives it back", hold);
}

static gboolean
tell(const Cli *cli, carenet_table *row, GError **error)
{
    gboolean done = row != NULL;
    if (done && cli->format == CLI_TABLE) {
        print_change(row);
    } else if (done) {
        CliAnswer answer = {.schema = "carenet.capacity-change/1", .rows = row};
        done = cli_answer_print(cli, &answer, error);
    }
    carenet_table_unref(row);
    return done;
}

static gboolean
report(Cli *cli,
       const char *offering,
       const Options *o,
       const carenet_acting *acting,
       GError **error)
{
    carenet_capacity_report told;
    carenet_capacity_report_init(&told);
    told.total = o->total;
    told.occupied = o->occupied;
    told.wait_days = o->wait;
    if (o->source != NULL)
        told.source = o->source;
    return tell(cli, carenet_capacity_set(cli->store, offering, &told, acting, error), error);
}

static gboolean
take_hold(Cli *cli,
          const char *offering,
          const Options *o,
          const carenet_acting *acting,
          GError **error)
{
    gint64 hold_s = 0;
    if (o->hold != NULL && !cli_hold_parse("--for", o->hold, &hold_s, error))
        return FALSE;
    return tell(cli, carenet_capacity_hold(cli->store, offering, o->units, hold_s, acting, error),
                error);
}

/* ---- The command. */

enum {
    LIST,
    GET,
    SET,
    HOLD,
    RELEASE
};

static gboolean
run(Cli *cli, gint verb, const char *id, const Options *o, GError **error)
{
    carenet_acting acting;
    if (!cli_acting_fill(cli, &o->acting, &acting, error) ||
        !cli_store_open_to_act(cli, verb == LIST || verb == GET, error))
        return FALSE;
    switch (verb) {
    case SET:
        return report(cli, id, o, &acting, error);
    case HOLD:
        return take_hold(cli, id, o, &acting, error);
    case RELEASE:
        return tell(cli, carenet_capacity_release(cli->store, id, &acting, error), error);
    default:
        return look(cli, id, error);
    }
}

/* The library says -1 for what is not told; whoever writes it has made a mistake. */
#define NOT_SAID G_MININT

/* What only some of the verbs take, and what is out of range. */
static gboolean
check_options(const Options *o, gint verb, const char *name, GError **error)
{
    const struct {
        const char *option;
        gboolean given, fits, in_range;
    } uses[] = {
        {"--total", o->total != NOT_SAID, verb == SET, o->total >= 0},
        {"--occupied", o->occupied != NOT_SAID, verb == SET, o->occupied >= 0},
        {"--wait", o->wait != NOT_SAID, verb == SET, o->wait >= 0},
        {"--source", o->source != NULL, verb == SET, TRUE},
        {"--units", o->units != NOT_SAID, verb == HOLD, o->units > 0},
        {"--for", o->hold != NULL, verb == HOLD, TRUE},
        {"--dry-run", o->acting.dry_run, verb != LIST && verb != GET, TRUE},
        {"--actor", o->acting.actor != NULL, verb != LIST && verb != GET, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(uses); i++) {
        if (!uses[i].given || (uses[i].fits && uses[i].in_range))
            continue;
        if (!uses[i].fits)
            cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "leave it out",
                     "capacity %s takes no %s", name, uses[i].option);
        else
            cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL, "%s is %d or more",
                     uses[i].option, verb == HOLD ? 1 : 0);
        return FALSE;
    }
    return TRUE;
}

/* As the library wants it. */
static void
fill_unsaid(Options *o)
{
    if (o->total == NOT_SAID)
        o->total = -1;
    if (o->occupied == NOT_SAID)
        o->occupied = -1;
    if (o->wait == NOT_SAID)
        o->wait = -1;
    if (o->units == NOT_SAID)
        o->units = 1;
}

int
cli_capacity(Cli *cli, char **words, GError **error)
{
    static const char *const verbs[] = {"list", "get", "set", "hold", "release", NULL};
    g_auto(Options)
        o = {.total = NOT_SAID, .occupied = NOT_SAID, .wait = NOT_SAID, .units = NOT_SAID};
    const GOptionEntry entries[] = {
        {"total", 0, 0, G_OPTION_ARG_INT, &o.total, N_("set: how many places there are"), "N"},
        {"occupied", 0, 0, G_OPTION_ARG_INT, &o.occupied, N_("set: how many are taken"), "N"},
        {"wait", 0, 0, G_OPTION_ARG_INT, &o.wait, N_("set: how many days one waits"), "DAYS"},
        {"source", 0, 0, G_OPTION_ARG_STRING, &o.source,
         N_("set: phone (the default), visit, email, document or report"), "SOURCE"},
        {"units", 0, 0, G_OPTION_ARG_INT, &o.units, N_("hold: how many places; else 1"), "N"},
        {"for", 0, 0, G_OPTION_ARG_STRING, &o.hold, N_("hold: how long; else 48h"), "TIME"},
        CLI_ACTING_ENTRIES(&o.acting),
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 2, error))
        return 2;
    const gint verb = cli_choice_parse("what to do", words[0], verbs, error);
    if (verb < 0 ||
        !cli_operands_check(cli, words, verb == LIST ? 1 : 2, verb == LIST ? 1 : 2, error) ||
        !check_options(&o, verb, words[0], error))
        return 2;
    fill_unsaid(&o);
    return run(cli, verb, words[1], &o, error) ? 0 : 2;
}

int
cli_verify(Cli *cli, char **words, GError **error)
{
    g_auto(CliActing) acting = {0};
    g_autofree char *by = NULL;
    carenet_acting who;
    const GOptionEntry entries[] = {
        {"by", 0, 0, G_OPTION_ARG_STRING, &by, N_("how: phone, visit, email or document"), "WAY"},
        CLI_ACTING_ENTRIES(&acting),
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, 1, error))
        return 2;
    if (by == NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "such as --by phone",
                 "say how %s was verified", words[0]);
        return 2;
    }
    if (!cli_acting_fill(cli, &acting, &who, error) || !cli_store_open_to_act(cli, FALSE, error))
        return 2;
    return tell(cli, carenet_verify(cli->store, words[0], by, &who, error), error) ? 0 : 2;
}
