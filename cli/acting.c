#include "acting.h"

#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

void
cli_acting_clear(CliActing *acting)
{
    g_free(acting->actor);
    g_free(acting->by);
    g_free(acting->key);
}

gboolean
cli_acting_fill(const Cli *cli, const CliActing *acting, carenet_acting *out, GError **error)
{
    const char *variable = cli_variable("CARENET_ACTOR");
    carenet_acting_init(out);
    out->actor = acting->actor != NULL ? acting->actor
                 : variable != NULL    ? variable
                                       : g_get_user_name();
    out->now_s = cli->as_of_s;
    out->dry_run = acting->dry_run;
    out->key = acting->key;
    if (acting->by != NULL && strcmp(acting->by, "phone") != 0) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "leave it out where the provider writes",
                 "--by can only be phone");
        return FALSE;
    }
    out->by_phone = acting->by != NULL;
    return TRUE;
}

gboolean
cli_store_open_to_act(Cli *cli, gboolean read_only, GError **error)
{
    if (!cli_store_open(cli, read_only, error))
        return FALSE;
    if (carenet_store_get_kind(cli->store) == CARENET_STORE_DEMONSTRATION)
        cli_say("DEMONSTRATION data: invented providers");
    return TRUE;
}

gboolean
cli_hold_parse(const char *option, const char *text, gint64 *out_s, GError **error)
{
    static const struct {
        const char *unit;
        gint64 s;
    } units[] = {{"h", 3600}, {"d", 86400}, {"min", 60}};
    char *end = NULL;
    const gint64 number = g_ascii_isdigit(text[0]) ? g_ascii_strtoll(text, &end, 10) : 0;
    for (gsize i = 0; end != NULL && i < G_N_ELEMENTS(units); i++)
        if (strcmp(end, units[i].unit) == 0 && number > 0 && number < 100000) {
            *out_s = number * units[i].s;
            return TRUE;
        }
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "such as 48h, 3d or 90min",
             "%s takes a time, not \"%s\"", option, text);
    return FALSE;
}

/* ---- A referral that was changed. */

static void
print_change(const carenet_table *row)
{
    const char *id = cli_cell_text(row, 0, "id"), *state = cli_cell_text(row, 0, "state");
    const char *from = cli_cell_text(row, 0, "from"), *next = cli_cell_text(row, 0, "next");
    const char *until = cli_cell_text(row, 0, "hold_until");
    const char *reason = cli_cell_text(row, 0, "reason");
    const char *to = cli_cell_text(row, 0, "redirected_to");
    const gint64 position = cli_cell_int(row, 0, "position");
    const gboolean is_trial =
        cli_cell_bool(row, 0, "dry_run") && !cli_cell_bool(row, 0, "replayed");
    g_autofree char *offered = cli_cell_join(row, 0, "offered", ", ");
    g_autoptr(GString) line = g_string_new(NULL);
    /* A number that a dry run would give is given to whoever refers next. */
    g_string_append_printf(line, "%s %s %s", is_trial && from == NULL ? "The referral" : id,
                           is_trial ? "would be" : "is", state);
    if (to != NULL && !is_trial)
        g_string_append_printf(line, " to %s", to);
    if (reason != NULL)
        g_string_append_printf(line, " (%s)", reason);
    if (position > 0)
        g_string_append_printf(line, ", number %" G_GINT64_FORMAT, position);
    if (from != NULL)
        g_string_append_printf(line, is_trial ? "; it is %s" : "; it was %s", from);
    g_string_append_printf(line, ": %s", cli_cell_text(row, 0, "offering"));
    if (until != NULL) {
        g_autofree char *said = cli_instant_say(until);
        g_string_append_printf(line, ", place held until %s", said);
    }
    cli_print("%s\n", line->str);
    if (offered != NULL && *offered != '\0')
        cli_print("A free place is offered to %s\n", offered);
    if (cli_cell_bool(row, 0, "replayed"))
        cli_say("this request was made before: nothing has been changed now");
    if (cli_cell_bool(row, 0, "dry_run"))
        cli_say("dry run: nothing has been changed");
    if (next != NULL && !is_trial)
        cli_say("  Next: %s", next);
}

gboolean
cli_referral_print(const Cli *cli, const carenet_table *row, GError **error)
{
    if (cli->format == CLI_TABLE) {
        print_change(row);
        return TRUE;
    }
    CliAnswer answer = {.schema = "carenet.referral-change/1", .rows = row};
    return cli_answer_print(cli, &answer, error);
}

/* ---- A referral as it is. */

gboolean
cli_is_referral_id(const char *text)
{
    return (text[0] == 'R' || text[0] == 'r') && text[1] == '-' && g_ascii_isdigit(text[2]) &&
           strspn(text + 2, "0123456789") == strlen(text + 2);
}

/* The contract carenet.referral/1: the referral itself, its history within. */
static gboolean
print_json(const Cli *cli, const carenet_table *row, const carenet_table *history, GError **error)
{
    json_t *rows = cli_rows_to_json(row, error);
    json_t *events = rows != NULL ? cli_rows_to_json(history, error) : NULL;
    if (events == NULL) {
        json_decref(rows);
        return FALSE;
    }
    json_t *object = json_pack("{s: s}", "schema", "carenet.referral/1");
    json_object_update(object, json_array_get(rows, 0));
    json_object_set_new(object, "history", events);
    json_decref(rows);
    return cli_json_print(cli, object, error);
}

static char *
format_place(const carenet_table *history, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *actor = cli_cell_text(history, row, "actor");
    return cli_cell_bool(history, row, "by_phone") ? g_strdup_printf("%s (by phone)", actor)
                                                   : g_strdup(actor);
}

static char *
format_at(const carenet_table *history, gsize row, gint64 now_s)
{
    (void)now_s;
    return cli_instant_say(cli_cell_text(history, row, "at"));
}

static void
print_referral(const Cli *cli, const carenet_table *row, const carenet_table *history)
{
    static const char *const fields[] = {"id",      "case",  "need",   "offering",       "provider",
                                         "urgency", "units", "state",  "hold_until",     "position",
                                         "reason",  "basis", "ground", "redirected_from"};
    static const CliColumn columns[] = {
        {{N_("AT"), 0}, NULL, format_at},    {{N_("ACTOR"), 0}, NULL, format_place},
        {{N_("FROM"), 0}, "from", NULL},     {{N_("TO"), 0}, "to", NULL},
        {{N_("REASON"), 0}, "reason", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = cli_cell_text(row, 0, fields[i]);
        if (text != NULL)
            cli_print("%s: %s\n", fields[i], text);
        else if (!cli_cell_is_null(row, 0, fields[i]))
            cli_print("%s: %d\n", fields[i], (int)cli_cell_int(row, 0, fields[i]));
    }
    cli_print("\n");
    cli_screen_table(cli, history, columns, G_N_ELEMENTS(columns), 0);
}

gboolean
cli_referral_show(Cli *cli, const char *id, GError **error)
{
    carenet_table *history = NULL;
    gboolean done = TRUE;
    if (!cli_store_open_to_act(cli, TRUE, error))
        return FALSE;
    carenet_table *row = carenet_referral_get(cli->store, id, cli->as_of_s, &history, error);
    if (row == NULL)
        return FALSE;
    if (cli->format == CLI_JSON)
        done = print_json(cli, row, history, error);
    else if (cli->format == CLI_TABLE)
        print_referral(cli, row, history);
    else
        done =
            cli_answer_print(cli, &(CliAnswer){.schema = "carenet.referral/1", .rows = row}, error);
    carenet_table_unref(history);
    carenet_table_unref(row);
    return done;
}
