/* carenet find: who can help. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "view.h"

#include <string.h>

typedef struct {
    char **regions;
    char **services;
    char *serving;
    char *near;
    char *within;
    char *years;
    gint age;
    char *sex;
    char **languages;
    char **groups;
    char **access;
    gint free;
    char *remote;
    char *ordinance;
    char *network;
    gboolean open_now;
    char *at;
    char *verified_within;
    gboolean confirmed_only;
    char *sort;
    char *why_not;
} FindOptions;

static void
clear_options(FindOptions *options)
{
    g_strfreev(options->regions);
    g_strfreev(options->services);
    g_free(options->serving);
    g_free(options->near);
    g_free(options->within);
    g_free(options->years);
    g_free(options->sex);
    g_strfreev(options->languages);
    g_strfreev(options->groups);
    g_strfreev(options->access);
    g_free(options->remote);
    g_free(options->ordinance);
    g_free(options->network);
    g_free(options->at);
    g_free(options->verified_within);
    g_free(options->sort);
    g_free(options->why_not);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FindOptions, clear_options)

static gboolean
parse_options(Cli *cli, FindOptions *o, char **words, GError **error)
{
    const GOptionEntry entries[] = {
        {"region", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->regions,
         N_("where the provider is: an area and all below it"), "AREA"},
        {"service", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->services,
         N_("what is needed: a service and all below it"), "SERVICE"},
        {"serving", 0, 0, G_OPTION_ARG_STRING, &o->serving,
         N_("also those elsewhere that serve this area, and remote ones"), "AREA"},
        {"near", 0, 0, G_OPTION_ARG_STRING, &o->near, N_("tell the travel time from this place"),
         "PLACE"},
        {"within", 0, 0, G_OPTION_ARG_STRING, &o->within, N_("no farther than 90min, 2h or 40km"),
         "REACH"},
        {"age", 0, 0, G_OPTION_ARG_STRING, &o->years, N_("for somebody of this age"), "YEARS"},
        {"sex", 0, 0, G_OPTION_ARG_STRING, &o->sex, N_("for a female or a male"), "SEX"},
        {"language", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->languages,
         N_("spoken there; all that are named"), "LANGUAGE"},
        {"group", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->groups,
         N_("for a member of this group, such as deaf"), "GROUP"},
        {"access", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->access,
         N_("what the place must have, such as wheelchair"), "ACCESS"},
        {"free", 0, 0, G_OPTION_ARG_INT, &o->free, N_("at least N free places"), "N"},
        {"remote", 0, 0, G_OPTION_ARG_STRING, &o->remote,
         N_("by phone or online: yes (only), no or any"), "WHICH"},
        {"ordinance", 0, 0, G_OPTION_ARG_STRING, &o->ordinance,
         N_("in a local government with an ordinance passed and implemented: yes, no or any"),
         "WHICH"},
        {"network", 0, 0, G_OPTION_ARG_STRING, &o->network,
         N_("covered by a network of care: yes, no or any"), "WHICH"},
        {"open-now", 0, 0, G_OPTION_ARG_NONE, &o->open_now, N_("open at this moment"), NULL},
        {"at", 0, 0, G_OPTION_ARG_STRING, &o->at,
         N_("open at this moment, such as 2026-11-21T19:30"), "INSTANT"},
        {"verified-within", 0, 0, G_OPTION_ARG_STRING, &o->verified_within,
         N_("confirmed in the last 60d or 8w"), "TIME"},
        {"confirmed-only", 0, 0, G_OPTION_ARG_NONE, &o->confirmed_only,
         N_("leave out those that nobody has confirmed"), NULL},
        {"sort", 0, 0, G_OPTION_ARG_STRING, &o->sort,
         N_("default, distance, wait, free, name, provider or verified"), "KEY"},
        {"why-not", 0, 0, G_OPTION_ARG_STRING, &o->why_not,
         N_("say why this provider or offering is not listed"), "ID"},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return FALSE;
    if (words[0] == NULL)
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
             "say what it is, once for each: --region AREA, --service SERVICE or --near PLACE",
             "do not know what to do with \"%s\"", words[0]);
    return FALSE;
}

/* What needs no directory to be wrong. */
static gboolean
check_options(FindOptions *o, GError **error)
{
    const char *wrong = NULL;
    if (o->within != NULL && o->near == NULL)
        wrong = "--within needs a place to start from: --near PLACE";
    else if (o->sort != NULL && strcmp(o->sort, "distance") == 0 && o->near == NULL)
        wrong = "--sort distance needs a place to start from: --near PLACE";
    else if (o->open_now && o->at != NULL)
        wrong = "--open-now and --at exclude each other";
    else if (o->free < 0)
        wrong = "--free is 0 or more";
    if (wrong != NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL, "%s", wrong);
        return FALSE;
    }
    return cli_age_parse(o->years, &o->age, error);
}

/* any, yes, no: the order of the enumeration in the query. */
static gboolean
parse_which(const char *option, const char *text, gint *out, GError **error)
{
    static const char *const which[] = {"any", "yes", "no", NULL};
    *out = text != NULL ? cli_choice_parse(option, text, which, error) : 0;
    return *out >= 0;
}

static gboolean
fill_choices(const FindOptions *o, carenet_find_query *query, GError **error)
{
    static const char *const sexes[] = {"female", "male", NULL};
    static const char *const orders[] = {"default", "distance", "wait",     "free",
                                         "name",    "provider", "verified", NULL};
    gint remote, ordinance, network;
    if (!parse_which("--remote", o->remote, &remote, error) ||
        !parse_which("--ordinance", o->ordinance, &ordinance, error) ||
        !parse_which("--network", o->network, &network, error))
        return FALSE;
    query->remote = (carenet_remote)remote;
    query->ordinance = (carenet_covered)ordinance;
    query->network = (carenet_covered)network;
    return (o->sex == NULL || cli_choice_parse("--sex", o->sex, sexes, error) >= 0) &&
           (o->sort == NULL || cli_choice_parse("--sort", o->sort, orders, error) >= 0) &&
           (o->within == NULL ||
            cli_reach_parse("--within", o->within, &query->within_min, &query->within_m, error)) &&
           (o->verified_within == NULL || cli_days_parse("--verified-within", o->verified_within,
                                                         &query->verified_within_days, error)) &&
           (o->at == NULL || cli_instant_parse("--at", o->at, &query->open_at_s, error));
}

static gboolean
fill_query(const Cli *cli, const FindOptions *o, carenet_find_query *query, GError **error)
{
    carenet_find_query_init(query);
    query->regions = cli_strings(o->regions);
    query->regions_len = cli_strings_len(o->regions);
    query->services = cli_strings(o->services);
    query->services_len = cli_strings_len(o->services);
    query->serving = o->serving;
    query->near = o->near;
    query->age = o->age;
    query->sex = o->sex;
    query->languages = cli_strings(o->languages);
    query->languages_len = cli_strings_len(o->languages);
    query->groups = cli_strings(o->groups);
    query->groups_len = cli_strings_len(o->groups);
    query->access = cli_strings(o->access);
    query->access_len = cli_strings_len(o->access);
    query->free = o->free;
    query->confirmed_only = o->confirmed_only;
    query->sort = o->sort;
    query->limit = (size_t)cli->limit;
    query->open_at_set = o->open_now || o->at != NULL;
    return fill_choices(o, query, error);
}

/* What only the opened directory can tell: its clock and its policy. */
static gboolean
complete_query(const Cli *cli,
               const FindOptions *o,
               carenet_find_query *query,
               carenet_policy **out_policy,
               GError **error)
{
    query->now_s = cli_now(cli);
    if (o->open_now)
        query->open_at_s = query->now_s;
    *out_policy = cli_policy_load(cli, error);
    query->policy = *out_policy;
    return *out_policy != NULL;
}

/* ---- What was asked, for JSON. */

static void
tell_text(json_t *query, const char *name, const char *value)
{
    if (value != NULL)
        json_object_set_new(query, name, json_string(value));
}

static void
tell_list(json_t *query, const char *name, char **values)
{
    if (values == NULL)
        return;
    json_t *array = json_array();
    for (; *values != NULL; values++)
        json_array_append_new(array, json_string(*values));
    json_object_set_new(query, name, array);
}

static json_t *
describe_query(const Cli *cli, const FindOptions *o, const carenet_find_query *asked)
{
    json_t *query = json_object();
    tell_list(query, "region", o->regions);
    tell_list(query, "service", o->services);
    tell_text(query, "serving", o->serving);
    tell_text(query, "near", o->near);
    if (asked->within_min > 0)
        json_object_set_new(query, "within_min", json_integer(asked->within_min));
    if (asked->within_m > 0)
        json_object_set_new(query, "within_m", json_integer(asked->within_m));
    if (o->age >= 0)
        json_object_set_new(query, "age", json_integer(o->age));
    tell_text(query, "sex", o->sex);
    tell_list(query, "language", o->languages);
    tell_list(query, "group", o->groups);
    tell_list(query, "access", o->access);
    if (o->free > 0)
        json_object_set_new(query, "free", json_integer(o->free));
    tell_text(query, "remote", o->remote);
    tell_text(query, "ordinance", o->ordinance);
    tell_text(query, "network", o->network);
    if (asked->open_at_set) {
        g_autofree char *at = cli_instant_format(asked->open_at_s);
        tell_text(query, "open_at", at);
    }
    if (asked->verified_within_days > 0)
        json_object_set_new(query, "verified_within_days",
                            json_integer(asked->verified_within_days));
    if (o->confirmed_only)
        json_object_set_new(query, "confirmed_only", json_true());
    tell_text(query, "sort", o->sort);
    if (cli->limit > 0)
        json_object_set_new(query, "limit", json_integer(cli->limit));
    return query;
}

/* ---- For people. */

/* Whether somebody takes members of certain groups only: nobody else must call in vain. */
static gboolean
has_groups(const carenet_table *rows)
{
    ptrdiff_t column = carenet_table_column_index(rows, "only_for");
    for (gsize row = 0; column >= 0 && row < carenet_table_rows_len(rows); row++)
        if (carenet_table_list_len(rows, row, (gsize)column) > 0)
            return TRUE;
    return FALSE;
}

static void
print_rows(const Cli *cli, const FindOptions *o, const carenet_table *rows)
{
    const CliColumn columns[] = {
        {{N_("PROVIDER"), 0}, "provider", NULL},
        {{N_("NAME"), CLI_WRAP}, "name", NULL},
        {{N_("SERVICE"), CLI_WRAP}, "service", NULL},
        {{has_groups(rows) ? N_("ONLY FOR") : NULL, CLI_WRAP}, NULL, cli_view_only_for},
        {{N_("PLACE"), CLI_WRAP}, NULL, cli_view_place},
        {{o->near != NULL ? N_("TRAVEL") : NULL, CLI_RIGHT | CLI_BAND}, NULL, cli_view_travel},
        {{o->serving != NULL ? N_("VIA") : NULL, 0}, "via", NULL},
        {{o->ordinance != NULL ? N_("ORDINANCE") : NULL, 0}, "ordinance", NULL},
        {{o->network != NULL ? N_("NETWORK") : NULL, 0}, "network", NULL},
        {{N_("FREE"), CLI_RIGHT | CLI_PLACES}, NULL, cli_view_free},
        {{N_("AS OF"), CLI_RIGHT}, NULL, cli_view_as_of},
        {{N_("WAIT"), CLI_RIGHT}, NULL, cli_view_wait},
        {{N_("LANGUAGES"), CLI_WRAP}, NULL, cli_view_languages},
        {{N_("CONTACT"), CLI_WRAP}, NULL, cli_view_contact},
        {{N_("VERIFIED"), 0}, NULL, cli_view_verified},
    };
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), cli_now(cli));
}

typedef struct {
    gsize rows;
    guint providers;
    gsize full;
    gsize call;
    gsize unconfirmed;
    gsize stale;
    gsize bands;
} Count;

static Count
count_rows(const carenet_table *rows)
{
    Count count = {.rows = carenet_table_rows_len(rows)};
    g_autoptr(GHashTable) providers = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize row = 0; row < count.rows; row++) {
        const char *availability = cli_cell_text(rows, row, "availability");
        g_hash_table_add(providers, (gpointer)cli_cell_text(rows, row, "provider"));
        count.full += g_strcmp0(availability, "full") == 0;
        count.call += g_strcmp0(availability, "call") == 0;
        count.unconfirmed += cli_cell_bool(rows, row, "unconfirmed") ? 1 : 0;
        count.stale += cli_cell_bool(rows, row, "stale") && g_strcmp0(availability, "call") != 0;
        count.bands += cli_view_is_band(rows, row) ? 1 : 0;
    }
    count.providers = g_hash_table_size(providers);
    return count;
}

static void
print_count(const Cli *cli, const FindOptions *o, const carenet_table *rows)
{
    Count count = count_rows(rows);
    cli_note(cli, "%zu offering%s of %u provider%s", count.rows, count.rows == 1 ? "" : "s",
             count.providers, count.providers == 1 ? "" : "s");
    if (count.full > 0)
        cli_print("; %zu full", count.full);
    if (count.call > 0)
        cli_print("; %zu without known places (call)", count.call);
    if (count.stale > 0)
        cli_print("; %zu not heard of for long (stale: call)", count.stale);
    if (count.unconfirmed > 0)
        cli_print("; %zu unconfirmed (listed last: call first)", count.unconfirmed);
    cli_print("\n");
    if (o->near != NULL && count.bands > 0 && cli->layout == CLI_LAYOUT_TABLE)
        cli_note(cli, "* location protected: travel is a rough band\n");
}

/* A place to start from: what was asked, or the first confirmed row that has a place of its own. */
static const char *
choose_origin(const FindOptions *o, const carenet_table *rows)
{
    if (o->near != NULL)
        return o->near;
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (g_strcmp0(cli_cell_text(rows, row, "disclosure"), "public") == 0 &&
            !cli_cell_bool(rows, row, "remote") && !cli_cell_bool(rows, row, "unconfirmed"))
            return cli_cell_text(rows, row, "place");
    return NULL;
}

static void
print_next_step(const Cli *cli, const FindOptions *o, const carenet_table *rows)
{
    const char *origin = choose_origin(o, rows);
    /* Confirmed rows come first. */
    if (cli_cell_bool(rows, 0, "unconfirmed")) {
        cli_note(cli,
                 "Next: call one; route leaves them out unless you add --include-unconfirmed\n");
        return;
    }
    if (o->services == NULL || origin == NULL)
        return;
    cli_note(cli, "Next: carenet route");
    for (char **service = o->services; *service != NULL; service++)
        cli_print(strchr(*service, ' ') != NULL ? " --needs \"%s\"" : " --needs %s", *service);
    cli_print(strchr(origin, ' ') != NULL ? " --from \"%s\"" : " --from %s", origin);
    cli_print(" --age %d --sex %s\n", o->age >= 0 ? o->age : 15,
              o->sex != NULL ? o->sex : "female");
}

static gboolean
has_filters(const FindOptions *o)
{
    return o->age >= 0 || o->sex != NULL || o->within != NULL || o->free > 0 || o->at != NULL ||
           o->open_now || o->languages != NULL || o->groups != NULL || o->access != NULL ||
           o->remote != NULL || o->confirmed_only || o->verified_within != NULL;
}

static void
print_nothing(const Cli *cli, const FindOptions *o)
{
    cli_print("nothing found\n");
    if (o->serving == NULL && o->regions != NULL)
        cli_note(cli,
                 "Try --serving \"%s\" instead of --region: also those elsewhere that serve it, "
                 "and remote ones\n",
                 o->regions[0]);
    if (o->near == NULL && (o->regions != NULL || o->serving != NULL))
        cli_note(cli, "Try --near \"%s\" alone: the nearest ones in the whole network\n",
                 o->regions != NULL ? o->regions[0] : o->serving);
    if (has_filters(o))
        cli_note(cli, "Try fewer filters; --why-not ID tells which one holds a provider back\n");
}

static gboolean
print_answer(const Cli *cli,
             const FindOptions *o,
             const carenet_table *rows,
             const carenet_table *lines)
{
    if (carenet_table_rows_len(rows) == 0) {
        print_nothing(cli, o);
    } else {
        print_rows(cli, o, rows);
        print_count(cli, o, rows);
    }
    cli_view_lines_print(cli, lines);
    if (carenet_table_rows_len(rows) > 0)
        print_next_step(cli, o, rows);
    cli_warnings_report(rows);
    return TRUE;
}

/* ---- Runs. */

static int
explain_absence(const Cli *cli,
                const FindOptions *o,
                const carenet_find_query *query,
                GError **error)
{
    static const CliColumn columns[] = {
        {{N_("PROVIDER"), 0}, "provider", NULL},    {{N_("OFFERING"), CLI_WRAP}, "offering", NULL},
        {{N_("LISTED"), 0}, "listed", NULL},        {{N_("REASON"), 0}, "reason", NULL},
        {{N_("DETAIL"), CLI_WRAP}, "detail", NULL},
    };
    carenet_table *reasons = carenet_find_why_not(cli->directory, query, o->why_not, error);
    gboolean done = reasons != NULL;
    if (reasons != NULL && cli->format == CLI_TABLE) {
        cli_screen_table(cli, reasons, columns, G_N_ELEMENTS(columns), query->now_s);
        cli_warnings_report(reasons);
    } else if (reasons != NULL) {
        json_t *asked = describe_query(cli, o, query);
        tell_text(asked, "why_not", o->why_not);
        CliAnswer answer = {.schema = "carenet.find/1", .query = asked, .rows = reasons};
        done = cli_answer_print(cli, &answer, error);
    }
    carenet_table_unref(reasons);
    return done ? 0 : 2;
}

/* The lines of the first area that the question names; every area has some. */
static carenet_table *
find_lines(const Cli *cli, const FindOptions *o, GError **error)
{
    const char *area = o->near != NULL ? o->near : o->serving;
    if (area == NULL && o->regions != NULL)
        area = o->regions[0];
    return carenet_directory_reporting_lines(cli->directory, area, error);
}

static int
answer_question(const Cli *cli,
                const FindOptions *o,
                const carenet_find_query *query,
                GError **error)
{
    gboolean done = FALSE;
    int status = 2;
    carenet_table *rows = carenet_find(cli->directory, query, error);
    carenet_table *lines = rows != NULL ? find_lines(cli, o, error) : NULL;
    if (lines != NULL && cli->format == CLI_TABLE) {
        done = print_answer(cli, o, rows, lines);
    } else if (lines != NULL) {
        CliAnswer answer = {.schema = "carenet.find/1",
                            .query = describe_query(cli, o, query),
                            .rows = rows,
                            .lines = lines};
        done = cli_answer_print(cli, &answer, error);
    }
    if (done)
        status = carenet_table_rows_len(rows) > 0 ? 0 : 1;
    carenet_table_unref(lines);
    carenet_table_unref(rows);
    return status;
}

int
cli_find(Cli *cli, char **words, GError **error)
{
    g_auto(FindOptions) options = {0};
    carenet_find_query query;
    carenet_policy *policy = NULL;
    int status = 2;
    if (!parse_options(cli, &options, words, error))
        return 0;
    if (check_options(&options, error) && fill_query(cli, &options, &query, error) &&
        cli_directory_open_for_find(cli, error) &&
        complete_query(cli, &options, &query, &policy, error))
        status = options.why_not != NULL ? explain_absence(cli, &options, &query, error)
                                         : answer_question(cli, &options, &query, error);
    carenet_policy_unref(policy);
    return status;
}
