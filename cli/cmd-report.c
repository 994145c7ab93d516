/* carenet report: what the programme of a network achieved, and what the network covers. */
#include "commands.h"
#include "file.h"
#include "message.h"
#include "network-report.h"
#include "output.h"
#include "programme.h"
#include "screen.h"

#include <string.h>

typedef struct {
    CliNetworkReport network;
    char *from, *to, *by, *profile, *indicators;
} Options;

/* The order of carenet_profile. */
static const char *const profiles[] = {"internal", "partner", "funder", NULL};
static const char *const partitions[] = {"region", NULL};

static void
free_options(Options *options)
{
    cli_network_report_clear(&options->network);
    g_free(options->from);
    g_free(options->to);
    g_free(options->by);
    g_free(options->profile);
    g_free(options->indicators);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, free_options)

/* ---- The answer. */

static char *
format_value(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    if (cli_cell_bool(rows, row, "suppressed"))
        return g_strdup("suppressed");
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, "value"));
}

static char *
format_additive(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup(cli_cell_bool(rows, row, "additive") ? "yes" : "no");
}

/* Days are NULL where neither the question nor a programme names them. */
static void
note_period(const Cli *cli, const char *from, const char *to)
{
    if (from != NULL && to != NULL)
        cli_note(cli, "from %s to %s\n", from, to);
    else if (from != NULL)
        cli_note(cli, "from %s on\n", from);
    else if (to != NULL)
        cli_note(cli, "up to %s\n", to);
    else
        cli_note(cli, "of all that is recorded, whatever its day\n");
}

static void
print_table(const Cli *cli, const carenet_table *rows, gboolean suppresses)
{
    static const CliColumn columns[] = {
        {{N_("INDICATOR"), 0}, "indicator", NULL},
        {{N_("LABEL"), CLI_WRAP}, "label", NULL},
        {{N_("AREA"), 0}, "area", NULL},
        {{N_("VALUE"), CLI_RIGHT}, NULL, format_value},
        {{N_("UNIT"), 0}, "unit", NULL},
        {{N_("ORIGIN"), 0}, "origin", NULL},
        {{N_("ADDITIVE"), 0}, NULL, format_additive},
        {{N_("DETAIL"), CLI_WRAP}, "detail", NULL},
    };
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    note_period(cli, cli_cell_text(rows, 0, "from"), cli_cell_text(rows, 0, "to"));
    cli_note(cli, "figures that are not additive overlap with others\n");
    if (suppresses)
        cli_note(cli, "counts of persons from 1 to 4 are suppressed, with as many others as are "
                      "needed so that totals do not give them back\n");
}

static gboolean
print_answer(const Cli *cli,
             const Options *options,
             carenet_profile profile,
             const carenet_table *rows,
             GError **error)
{
    if (cli->format == CLI_TABLE) {
        print_table(cli, rows, profile != CARENET_PROFILE_INTERNAL);
        cli_warnings_report(rows);
        return TRUE;
    }
    CliAnswer answer = {.schema = "carenet.report.indicators/1",
                        .query =
                            json_pack("{s: s?, s: s?, s: s?, s: s}", "from", options->from, "to",
                                      options->to, "by", options->by, "profile", profiles[profile]),
                        .rows = rows};
    return cli_answer_print(cli, &answer, error);
}

static carenet_table *
ask(const Cli *cli,
    const Options *options,
    carenet_profile profile,
    const carenet_programme *programme,
    GError **error)
{
    carenet_indicator_query query;
    carenet_table *issues = NULL;
    carenet_indicator_query_init(&query);
    query.from = options->from;
    query.to = options->to;
    query.by_region = options->by != NULL;
    query.profile = profile;
    query.indicators = options->indicators;
    carenet_table *rows = carenet_report_indicators(programme, &query, &issues, error);
    if (issues != NULL && rows == NULL) {
        guint errors = cli_issues_report(issues, cli_speaks_json(cli));
        cli_issues_conclude(error, errors, cli_speaks_json(cli), "nothing can be reported");
    }
    carenet_table_unref(issues);
    return rows;
}

static gboolean
read_profile(const Options *options, carenet_profile *out, GError **error)
{
    const gint profile = options->profile != NULL
                             ? cli_choice_parse("--profile", options->profile, profiles, error)
                             : 0;
    *out = (carenet_profile)MAX(profile, 0);
    return profile >= 0;
}

static gboolean
report_indicators(const Cli *cli,
                  const Options *options,
                  carenet_profile profile,
                  const carenet_programme *programme,
                  GError **error)
{
    carenet_table *rows = ask(cli, options, profile, programme, error);
    gboolean done = rows != NULL && print_answer(cli, options, profile, rows, error);
    carenet_table_unref(rows);
    return done;
}

/* The directory comes first: it opens the store that the programme is read from, too. */
static gboolean
report_page(Cli *cli, Options *options, carenet_report_kind kind, char **files, GError **error)
{
    CliNetworkReport *network = &options->network;
    const gboolean has_indicators =
        kind == CARENET_REPORT_INDICATORS || kind == CARENET_REPORT_FULL;
    if (!cli_network_report_check(cli, kind, network, error) || !cli_directory_open(cli, error))
        return FALSE;
    carenet_programme *programme = has_indicators ? cli_programme_open(cli, files, error) : NULL;
    if (has_indicators && programme == NULL)
        return FALSE;
    for (; *files != NULL; files++)
        cli_file_note(cli, "FILE", *files);
    network->programme = programme;
    network->indicators = options->indicators;
    const gboolean done = cli_network_report(cli, kind, network, error);
    carenet_programme_unref(programme);
    return done;
}

/* ---- What each report takes. */

#define OF(kind)  (1U << CARENET_REPORT_##kind)
#define OF_CASES  (OF(UNMET) | OF(FUNNEL) | OF(FULL) | OF(GAPS))
#define OF_AREAS  (OF(GAPS) | OF(COVERAGE) | OF(FULL))
#define OF_PLACES (OF_AREAS | OF(UNMET) | OF(FUNNEL)) /* areas or cases */
#define OF_PERIOD (OF(GAPS) | OF(FLOW) | OF(WAITING) | OF(INDICATORS) | OF(FULL))

/* "coverage, gaps, full". (transfer full) */
static char *
tell_reports(guint reports)
{
    GString *text = g_string_new(NULL);
    for (gint name = 0; cli_report_names[name] != NULL; name++)
        if ((reports & 1U << cli_report_kind(name)) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", cli_report_names[name]);
    return g_string_free(text, FALSE);
}

/* An option that changes nothing would be taken for one that did. */
static gboolean
check_uses(const Options *o, gint name, GError **error)
{
    const CliPlanning *p = &o->network.planning;
    const struct {
        const char *option;
        gboolean given;
        guint reports;
    } uses[] = {
        {"--from", o->from != NULL, OF_PERIOD},
        {"--to", o->to != NULL, OF_PERIOD},
        {"--by", o->by != NULL, OF(INDICATORS) | OF(GAPS)},
        {"--indicators", o->indicators != NULL, OF(INDICATORS) | OF(FULL)},
        {"--region", o->network.regions != NULL, OF_AREAS},
        {"--service", o->network.services != NULL, OF_AREAS},
        {"--policy", p->policy_file != NULL, OF_PLACES | OF(CAPACITY)},
        {"--cases", p->cases_file != NULL, OF_CASES | OF(FLOW)},
        {"--allow-personal-data", p->allow_personal_data, OF_CASES | OF(FLOW)},
        {"--include-unconfirmed", p->include_unconfirmed, OF_PLACES},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(uses); i++) {
        if (!uses[i].given || (uses[i].reports & 1U << cli_report_kind(name)) != 0)
            continue;
        g_autofree char *reports = tell_reports(uses[i].reports);
        g_autofree char *hint = g_strdup_printf("leave it out; it is for: %s", reports);
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "the report %s takes no %s",
                 cli_report_names[name], uses[i].option);
        return FALSE;
    }
    return TRUE;
}

/* A page is of the directory, and has no rows by region of its own. */
static gboolean
check_page(const Options *o, carenet_report_kind kind, GError **error)
{
    const gboolean of_cases =
        o->network.planning.cases_file != NULL || o->from != NULL || o->to != NULL;
    if (kind == CARENET_REPORT_GAPS && of_cases)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "leave -o and --format html out; carenet report unmet has a page",
                 "gaps of cases and of referrals have no page");
    else if (o->by != NULL)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "leave it out",
                 "--by is about a table, and a page has all regions");
    else
        return TRUE;
    return FALSE;
}

static gboolean
report(Cli *cli, Options *options, char **words, int *out_status, GError **error)
{
    const gint name = cli_choice_parse("a report", words[0], cli_report_names, error);
    carenet_profile profile = CARENET_PROFILE_INTERNAL;
    if (name < 0 || !read_profile(options, &profile, error) ||
        (options->by != NULL && cli_choice_parse("--by", options->by, partitions, error) < 0) ||
        !check_uses(options, name, error))
        return FALSE;
    const carenet_report_kind kind = cli_report_kind(name);
    const gboolean paged = cli->format == CLI_HTML || options->network.output != NULL;
    options->network.profile = profile;
    options->network.from = options->from, options->network.to = options->to;
    if (paged && !check_page(options, kind, error))
        return FALSE;
    if (kind == CARENET_REPORT_GAPS && !paged) {
        if (cli_operands_check(cli, words, 1, 1, error))
            *out_status = cli_gaps_report(cli, &options->network, options->by, error);
        return error == NULL || *error == NULL;
    }
    if (kind != CARENET_REPORT_INDICATORS || paged)
        return (kind == CARENET_REPORT_INDICATORS || kind == CARENET_REPORT_FULL ||
                cli_operands_check(cli, words, 1, 1, error)) &&
               report_page(cli, options, kind, words + 1, error);
    carenet_programme *programme = cli_programme_open(cli, words + 1, error);
    const gboolean done =
        programme != NULL && report_indicators(cli, options, profile, programme, error);
    carenet_programme_unref(programme);
    return done;
}

int
cli_report(Cli *cli, char **words, GError **error)
{
    g_auto(Options)
        options = {.network = {.planning = {.threads = cli_threads(), .at_s = G_MININT64}}};
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &options.from,
         N_("flow, waiting, gaps, indicators and full: the first day; the default is where the "
            "programme begins"),
         "DAY"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &options.to,
         N_("the same: the last day; the default is where the programme ends"), "DAY"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &options.by,
         N_("indicators: also a row for each region; gaps of cases: a row for each region"),
         "region"},
        {"profile", 0, 0, G_OPTION_ARG_STRING, &options.profile,
         N_("who reads it: internal, or partner and funder, for whom small counts of persons are "
            "suppressed"),
         "PROFILE"},
        {"indicators", 0, 0, G_OPTION_ARG_FILENAME, &options.indicators,
         N_("indicators of your own"), "FILE"},
        {"region", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.network.regions,
         N_("coverage, gaps and full: of this area; the regions of the network if not said; repeat for "
            "more"),
         "AREA"},
        {"service", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.network.services,
         N_("coverage, gaps and full: this service; the minimum package of the policy if not said; repeat "
            "for more"),
         "SERVICE"},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &options.network.planning.policy_file,
         N_("all but flow, waiting and indicators: rules, travel and minimum package of your own"),
         "FILE"},
        {"cases", 0, 0, G_OPTION_ARG_FILENAME, &options.network.planning.cases_file,
         N_("flow, unmet, funnel, gaps and full: the list of cases; - is standard input"), "FILE"},
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE,
         &options.network.planning.allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.network.output,
         N_("write HTML to this file; the whole file or nothing"), "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options.network.force,
         N_("replace a file that is there"), NULL},
        {"include-unconfirmed", 0, 0, G_OPTION_ARG_NONE,
         &options.network.planning.include_unconfirmed,
         N_("all but capacity, flow, waiting and indicators: also providers that nobody has confirmed"),
         NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error))
        return 0;
    if (!cli_operands_check(cli, words, 1, G_MAXINT16, error))
        return 2;
    int status = 0;
    if (!report(cli, &options, words, &status, error))
        return 2;
    if (options.network.none)
        return 1;
    return options.network.stopped ? 6 : status;
}
