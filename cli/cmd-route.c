/* carenet route: who can really take a case, and why. */
#include "commands.h"
#include "file.h"
#include "message.h"
#include "output.h"
#include "view.h"

#include <string.h>

#define TOP_UNSET   G_MININT
#define TOP_DEFAULT 3

typedef struct {
    char *case_file;
    char **needs;
    char *from;
    char *years;
    gint age;
    char *sex;
    char **languages;
    char **groups;
    char **access;
    char *urgency;
    gboolean remote_safe;
    char *max_travel;
    gint top; /* TOP_UNSET: not given */
    char *policy;
    char *prices;
    gboolean include_unconfirmed;
    gboolean include_unknown;
    char *at;
    gint64 at_s; /* INT64_MIN: not given */
    char *why_not;
    gboolean explain;
    gboolean strict;
    gboolean allow_personal_data;
} RouteOptions;

static void
clear_options(RouteOptions *options)
{
    g_free(options->case_file);
    g_strfreev(options->needs);
    g_free(options->from);
    g_free(options->years);
    g_free(options->sex);
    g_strfreev(options->languages);
    g_strfreev(options->groups);
    g_strfreev(options->access);
    g_free(options->urgency);
    g_free(options->max_travel);
    g_free(options->policy);
    g_free(options->prices);
    g_free(options->at);
    g_free(options->why_not);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RouteOptions, clear_options)

static gboolean
parse_options(Cli *cli, RouteOptions *o, char **words, GError **error)
{
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_FILENAME, &o->case_file,
         N_("a case file, or a list as for batch; - is standard input"), "FILE"},
        {"needs", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->needs, N_("without a file: what is needed"),
         "SERVICE"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &o->from, N_("where the survivor is"), "PLACE"},
        {"age", 0, 0, G_OPTION_ARG_STRING, &o->years, N_("how old"), "YEARS"},
        {"sex", 0, 0, G_OPTION_ARG_STRING, &o->sex, N_("female, male or unstated"), "SEX"},
        {"language", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->languages, N_("spoken by the survivor"),
         "LANGUAGE"},
        {"group", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->groups,
         N_("a group the survivor is in, such as deaf"), "GROUP"},
        {"access", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->access,
         N_("what the place must have, such as wheelchair"), "ACCESS"},
        {"urgency", 0, 0, G_OPTION_ARG_STRING, &o->urgency,
         N_("emergency, urgent or routine (the default)"), "HOW"},
        {"remote-safe", 0, 0, G_OPTION_ARG_NONE, &o->remote_safe,
         N_("help by phone or online is safe for the survivor"), NULL},
        {"max-travel", 0, 0, G_OPTION_ARG_STRING, &o->max_travel, N_("no longer than 90min or 2h"),
         "TIME"},
        {"top", 0, 0, G_OPTION_ARG_INT, &o->top,
         N_("rank N offerings a need; 0 is all; 3 if not said"), "N"},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &o->policy, N_("rules and weights of your own"),
         "FILE"},
        {"prices", 0, 0, G_OPTION_ARG_FILENAME, &o->prices,
         N_("rank by cost and by what a former plan says that the place is worth to others"),
         "PLAN"},
        {"include-unconfirmed", 0, 0, G_OPTION_ARG_NONE, &o->include_unconfirmed,
         N_("also providers that nobody has confirmed"), NULL},
        {"include-unknown-capacity", 0, 0, G_OPTION_ARG_NONE, &o->include_unknown,
         N_("also those whose free places nobody knows"), NULL},
        {"at", 0, 0, G_OPTION_ARG_STRING, &o->at, N_("when intake must be open in an emergency"),
         "INSTANT"},
        {"why-not", 0, 0, G_OPTION_ARG_STRING, &o->why_not,
         N_("say why this provider or offering does not take the case"), "ID"},
        {"explain", 0, 0, G_OPTION_ARG_NONE, &o->explain,
         N_("print all that are ranked, what each cost is made of, and all refusals"), NULL},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &o->strict, N_("exit status 1 where a need is unmet"),
         NULL},
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE, &o->allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return FALSE;
    if (words[0] == NULL)
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
             "say what it is: --case FILE, or --needs SERVICE once for each and --from PLACE",
             "do not know what to do with \"%s\"", words[0]);
    return FALSE;
}

static gboolean
has_facts(const RouteOptions *o)
{
    return o->needs != NULL || o->from != NULL || o->years != NULL || o->sex != NULL ||
           o->languages != NULL || o->groups != NULL || o->access != NULL || o->urgency != NULL ||
           o->remote_safe || o->max_travel != NULL;
}

static gboolean
check_options(RouteOptions *o, GError **error)
{
    const char *wrong = NULL, *hint = NULL;
    if (o->case_file == NULL && o->needs == NULL) {
        wrong = "route takes a case: --case FILE, or --needs SERVICE with --from PLACE";
        hint = "carenet template case > case.yaml makes a file to fill in";
    } else if (o->case_file != NULL && has_facts(o)) {
        wrong = "--case and facts on the command line exclude each other";
        hint = "write the facts into the case file: others can read a command line";
    } else if (o->case_file == NULL && o->from == NULL) {
        wrong = "--needs also takes --from PLACE: where the survivor is";
    } else if (o->top < 0 && o->top != TOP_UNSET) {
        wrong = "--top is 0 (all) or more";
    }
    if (wrong != NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s", wrong);
        return FALSE;
    }
    return cli_age_parse(o->years, &o->age, error) &&
           (o->at == NULL || cli_instant_parse("--at", o->at, &o->at_s, error));
}

/* ---- The case. */

/* Takes the issues, which may be NULL. */
static void
report_issues(const Cli *cli, carenet_table *issues, GError **error)
{
    if (issues == NULL)
        return;
    guint errors = cli_issues_report(issues, cli_speaks_json(cli));
    cli_issues_conclude(error, errors, cli_speaks_json(cli), "mend them and try again");
    carenet_table_unref(issues);
}

static carenet_cases *
read_cases(const Cli *cli, const RouteOptions *o, GError **error)
{
    carenet_cases_options options;
    carenet_table *issues = NULL;
    carenet_cases *cases = NULL;
    carenet_cases_options_init(&options);
    options.flags =
        o->allow_personal_data ? CARENET_CASES_ALLOW_PERSONAL_DATA : CARENET_CASES_STRICT;
    if (strcmp(o->case_file, "-") == 0) {
        gsize len = 0;
        g_autofree char *text = cli_stdin_read(&len, error);
        if (text == NULL)
            return NULL;
        cases = carenet_cases_read(cli->reference, text, len, "standard input", &options, &issues,
                                   error);
    } else {
        cases = carenet_cases_read_file(cli->reference, o->case_file, &options, &issues, error);
    }
    report_issues(cli, issues, error);
    return cases;
}

static gboolean
fill_facts(const RouteOptions *o, carenet_case_facts *facts, GError **error)
{
    static const char *const sexes[] = {"female", "male", "unstated", NULL};
    static const char *const urgencies[] = {"emergency", "urgent", "routine", NULL};
    gint64 metres = 0;
    carenet_case_facts_init(facts);
    facts->area = o->from;
    facts->age = o->age;
    facts->sex = o->sex;
    facts->urgency = o->urgency;
    facts->needs = cli_strings(o->needs);
    facts->needs_len = cli_strings_len(o->needs);
    facts->languages = cli_strings(o->languages);
    facts->languages_len = cli_strings_len(o->languages);
    facts->groups = cli_strings(o->groups);
    facts->groups_len = cli_strings_len(o->groups);
    facts->access = cli_strings(o->access);
    facts->access_len = cli_strings_len(o->access);
    facts->remote_safe = o->remote_safe ? 1 : -1;
    if ((o->sex != NULL && cli_choice_parse("--sex", o->sex, sexes, error) < 0) ||
        (o->urgency != NULL && cli_choice_parse("--urgency", o->urgency, urgencies, error) < 0) ||
        (o->max_travel != NULL &&
         !cli_reach_parse("--max-travel", o->max_travel, &facts->max_travel_min, &metres, error)))
        return FALSE;
    if (metres > 0)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "such as 90min or 2h",
                 "--max-travel takes a time, not a distance");
    return metres == 0;
}

static carenet_cases *
make_case(const Cli *cli, const RouteOptions *o, GError **error)
{
    carenet_case_facts facts;
    if (!fill_facts(o, &facts, error))
        return NULL;
    carenet_cases *cases = carenet_cases_new(cli->reference);
    if (carenet_cases_add(cases, &facts, error))
        return cases;
    carenet_cases_unref(cases);
    return NULL;
}

static carenet_policy *
load_policy(const Cli *cli, const RouteOptions *o, GError **error)
{
    carenet_table *issues = NULL;
    if (o->policy == NULL)
        return cli_policy_load(cli, error);
    carenet_policy *policy = carenet_policy_load(cli->reference, o->policy, &issues, error);
    report_issues(cli, issues, error);
    return policy;
}

static carenet_routes *
find_routes(const Cli *cli, const RouteOptions *o, const carenet_cases *cases, GError **error)
{
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = cli_now(cli);
    options.at_s = o->at_s;
    options.top = o->explain ? 0 : o->top == TOP_UNSET ? TOP_DEFAULT : (size_t)o->top;
    options.include_unconfirmed = o->include_unconfirmed;
    options.include_unknown_capacity = o->include_unknown;
    options.why_not = o->why_not;
    carenet_plan *former = o->prices != NULL ? carenet_plan_load(o->prices, error) : NULL;
    if (former == NULL && o->prices != NULL)
        return NULL;
    options.prices = former;
    carenet_policy *policy = load_policy(cli, o, error);
    carenet_routes *routes =
        policy != NULL ? carenet_route(cli->directory, policy, cases, &options, error) : NULL;
    carenet_policy_unref(policy);
    carenet_plan_unref(former);
    return routes;
}

/* ---- For people. */

/* The row of need @row of @needs in @ranked with rank @rank, or FALSE. */
static gboolean
find_ranked(const carenet_table *needs,
            gsize row,
            const carenet_table *ranked,
            gint64 rank,
            gsize *out_row)
{
    const char *ref = cli_cell_text(needs, row, "case");
    const gint64 need = cli_cell_int(needs, row, "need");
    for (gsize i = 0; i < carenet_table_rows_len(ranked); i++) {
        if (cli_cell_int(ranked, i, "rank") == rank && cli_cell_int(ranked, i, "need") == need &&
            g_strcmp0(cli_cell_text(ranked, i, "case"), ref) == 0) {
            *out_row = i;
            return TRUE;
        }
    }
    return FALSE;
}

static char *
format_next_best(const carenet_table *needs, gsize row, const carenet_table *ranked)
{
    gsize second = 0;
    if (!find_ranked(needs, row, ranked, 2, &second))
        return g_strdup("-");
    g_autofree char *travel = cli_view_travel(ranked, second, 0);
    const char *provider = cli_cell_text(ranked, second, "provider");
    return travel != NULL ? g_strdup_printf("%s (%s)", provider, travel) : g_strdup(provider);
}

/* Of a former plan. */
static gboolean
has_prices(const carenet_table *ranked)
{
    return carenet_table_column_index(ranked, "price") >= 0;
}

static char *
format_number(const carenet_table *rows, gsize row, const char *column)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, column));
}

static void
add_need(CliScreen *screen,
         gboolean with_case,
         const carenet_table *needs,
         gsize row,
         const carenet_table *ranked)
{
    gsize best = 0;
    gboolean met = find_ranked(needs, row, ranked, 1, &best);
    g_autofree char *travel = met ? cli_view_travel(ranked, best, 0) : NULL;
    g_autofree char *wait = met ? cli_view_wait(ranked, best, 0) : NULL;
    g_autofree char *next = met ? format_next_best(needs, row, ranked) : NULL;
    g_autofree char *cost = met ? format_number(ranked, best, "cost") : NULL;
    g_autofree char *price =
        met && has_prices(ranked) ? format_number(ranked, best, "price") : NULL;
    const char *cells[] = {
        cli_cell_text(needs, row, "case"),
        cli_cell_text(needs, row, "service"),
        met ? cli_cell_text(ranked, best, "provider") : NULL,
        met ? cli_cell_text(ranked, best, "name") : "nobody can take it",
        travel,
        wait,
        next,
        cost,
        price,
    };
    cli_screen_add(screen, with_case ? cells : cells + 1);
}

static void
print_needs(const Cli *cli,
            const carenet_table *needs,
            const carenet_table *ranked,
            gboolean with_case)
{
    static const CliHeading headings[] = {
        {N_("CASE"), 0},
        {N_("NEED"), 0},
        {N_("PROVIDER"), 0},
        {N_("NAME"), CLI_WRAP},
        {N_("TRAVEL"), CLI_RIGHT | CLI_BAND},
        {N_("WAIT"), CLI_RIGHT},
        {N_("NEXT BEST"), CLI_BAND},
        {N_("COST"), CLI_RIGHT},
        {N_("PRICE"), CLI_RIGHT},
    };
    const gsize skip = with_case ? 0 : 1;
    const gsize len = G_N_ELEMENTS(headings) - (has_prices(ranked) ? 0 : 2);
    gboolean has_band = FALSE;
    CliScreen *screen = cli_screen_new(cli, headings + skip, len - skip);
    for (gsize row = 0; row < carenet_table_rows_len(needs); row++)
        add_need(screen, with_case, needs, row, ranked);
    cli_screen_print(screen);
    for (gsize row = 0; row < carenet_table_rows_len(ranked); row++)
        has_band |= cli_view_is_band(ranked, row);
    if (has_band && cli->layout == CLI_LAYOUT_TABLE)
        cli_print("* location protected: travel is a rough band\n");
}

static void
print_ranked(const Cli *cli, const carenet_routes *routes, gboolean with_case, const char *title)
{
    carenet_table *ranked = carenet_routes_table(routes, CARENET_ROUTES_RANKED);
    const gboolean priced = has_prices(ranked);
    const CliColumn columns[] = {
        {{with_case ? N_("CASE") : NULL, 0}, "case", NULL},
        {{N_("NEED"), CLI_RIGHT}, "need", NULL},
        {{N_("RANK"), CLI_RIGHT}, "rank", NULL},
        {{N_("OFFERING"), 0}, "offering", NULL},
        {{N_("NAME"), CLI_WRAP}, "name", NULL},
        {{N_("TRAVEL"), CLI_RIGHT | CLI_BAND}, NULL, cli_view_travel},
        {{N_("WAIT"), CLI_RIGHT}, NULL, cli_view_wait},
        {{N_("COST"), CLI_RIGHT}, "cost", NULL},
        {{priced ? N_("PRICE") : NULL, CLI_RIGHT}, "price", NULL},
        {{N_("NOTES"), CLI_WRAP}, "notes", NULL},
    };
    if (carenet_table_rows_len(ranked) > 0) {
        cli_print("\n%s\n", title);
        cli_screen_table(cli, ranked, columns, G_N_ELEMENTS(columns), 0);
    }
    carenet_table_unref(ranked);
}

static void
print_cost_lines(const Cli *cli, const carenet_routes *routes, gboolean with_case)
{
    const CliColumn columns[] = {
        {{with_case ? N_("CASE") : NULL, 0}, "case", NULL},
        {{N_("NEED"), CLI_RIGHT}, "need", NULL},
        {{N_("OFFERING"), 0}, "offering", NULL},
        {{N_("LINE"), 0}, "name", NULL},
        {{N_("VALUE"), CLI_RIGHT}, "value", NULL},
    };
    carenet_table *lines = carenet_routes_table(routes, CARENET_ROUTES_LINES);
    if (carenet_table_rows_len(lines) > 0) {
        cli_print("\nWhat each cost is made of:\n");
        cli_screen_table(cli, lines, columns, G_N_ELEMENTS(columns), 0);
    }
    carenet_table_unref(lines);
}

/* All refusals, or those of @only: a provider or an offering. */
static void
print_refusals(const Cli *cli, const carenet_routes *routes, gboolean with_case, const char *only)
{
    static const CliHeading headings[] = {
        {N_("CASE"), 0},     {N_("NEED"), CLI_RIGHT}, {N_("PROVIDER"), 0},
        {N_("OFFERING"), 0}, {N_("REASON"), 0},       {N_("DETAIL"), CLI_WRAP},
    };
    const gsize skip = with_case ? 0 : 1;
    carenet_table *refused = carenet_routes_table(routes, CARENET_ROUTES_REFUSED);
    CliScreen *screen = cli_screen_new(cli, headings + skip, G_N_ELEMENTS(headings) - skip);
    gsize added = 0;
    for (gsize row = 0; row < carenet_table_rows_len(refused); row++) {
        const char *provider = cli_cell_text(refused, row, "provider");
        const char *offering = cli_cell_text(refused, row, "offering");
        if (only != NULL && g_strcmp0(only, provider) != 0 && g_strcmp0(only, offering) != 0)
            continue;
        g_autofree char *need =
            g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(refused, row, "need"));
        const char *cells[] = {cli_cell_text(refused, row, "case"),
                               need,
                               provider,
                               offering,
                               cli_cell_text(refused, row, "reason"),
                               cli_cell_text(refused, row, "detail")};
        cli_screen_add(screen, cells + skip);
        added++;
    }
    carenet_table_unref(refused);
    if (added > 0)
        cli_print(only != NULL ? "\nWhy not %s:\n" : "\nRefused:\n", only);
    else if (only != NULL)
        cli_print("\n%s is not refused for any need: see --explain for its rank\n", only);
    cli_screen_print(screen);
}

static void
print_answer(const Cli *cli,
             const RouteOptions *o,
             const carenet_routes *routes,
             const carenet_cases *cases,
             const carenet_table *lines)
{
    const gboolean with_case = carenet_cases_len(cases) > 1;
    carenet_table *needs = carenet_routes_table(routes, CARENET_ROUTES_NEEDS);
    carenet_table *ranked = carenet_routes_table(routes, CARENET_ROUTES_RANKED);
    print_needs(cli, needs, ranked, with_case);
    char *why = carenet_routes_explain(routes);
    cli_print("\n");
    cli_print_text(why);
    carenet_free(why);
    if (o->explain) {
        print_ranked(cli, routes, with_case, "All that are ranked:");
        print_cost_lines(cli, routes, with_case);
        print_refusals(cli, routes, with_case, NULL);
    } else {
        if (o->top != TOP_UNSET)
            print_ranked(cli, routes, with_case, "The best of each need:");
        if (o->why_not != NULL)
            print_refusals(cli, routes, with_case, o->why_not);
    }
    cli_print("\n");
    cli_view_lines_print(cli, lines);
    carenet_table_unref(ranked);
    carenet_table_unref(needs);
}

/* ---- For programs. */

static gboolean
print_json(const Cli *cli, const carenet_routes *routes, const carenet_table *lines, GError **error)
{
    json_error_t cause;
    char *text = carenet_routes_to_json(routes);
    json_t *object = text != NULL ? json_loads(text, 0, &cause) : NULL;
    carenet_free(text);
    json_t *reporting = cli_rows_to_json(lines, error);
    if (object == NULL || reporting == NULL) {
        if (reporting != NULL)
            cli_json_fail(error, "an answer is not JSON");
        json_decref(object);
        json_decref(reporting);
        return FALSE;
    }
    json_object_set_new(object, "directory", cli_directory_to_json(cli));
    json_object_set_new(object, "warnings", json_array());
    json_object_set_new(object, "reporting_lines", reporting);
    return cli_json_print(cli, object, error);
}

static gboolean
print_rows(const Cli *cli, const carenet_routes *routes, GError **error)
{
    carenet_table *ranked = carenet_routes_table(routes, CARENET_ROUTES_RANKED);
    CliAnswer answer = {.schema = "carenet.route/1", .rows = ranked};
    gboolean done = cli_answer_print(cli, &answer, error);
    carenet_table_unref(ranked);
    return done;
}

static gboolean
answer_case(const Cli *cli,
            const RouteOptions *o,
            const carenet_cases *cases,
            const carenet_routes *routes,
            GError **error)
{
    gboolean done = TRUE;
    carenet_table *lines =
        carenet_directory_reporting_lines(cli->directory, carenet_cases_area_at(cases, 0), error);
    if (lines == NULL)
        return FALSE;
    if (cli->format == CLI_TABLE)
        print_answer(cli, o, routes, cases, lines);
    else if (cli->format == CLI_JSON)
        done = print_json(cli, routes, lines, error);
    else
        done = print_rows(cli, routes, error);
    carenet_table_unref(lines);
    return done;
}

int
cli_route(Cli *cli, char **words, GError **error)
{
    g_auto(RouteOptions) options = {.top = TOP_UNSET, .at_s = G_MININT64};
    int status = 2;
    if (!parse_options(cli, &options, words, error))
        return 0;
    if (!check_options(&options, error) || !cli_directory_open(cli, error))
        return 2;
    carenet_cases *cases = options.case_file != NULL ? read_cases(cli, &options, error)
                                                     : make_case(cli, &options, error);
    carenet_routes *routes = cases != NULL ? find_routes(cli, &options, cases, error) : NULL;
    if (routes != NULL && answer_case(cli, &options, cases, routes, error))
        status = options.strict && carenet_routes_unmet_len(routes) > 0 ? 1 : 0;
    carenet_routes_unref(routes);
    carenet_cases_unref(cases);
    return status;
}
