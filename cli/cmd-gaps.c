/* carenet gaps: where places are missing: for the cases of a list, or, without one, how far help is
 * from where people live. */
#include "commands.h"
#include "message.h"
#include "network-report.h"
#include "output.h"
#include "planning.h"
#include "screen.h"

#include <string.h>

#define TOP_NOT_SAID G_MININT

typedef struct {
    CliPlanning planning;
    CliNetworkReport network;
    char **by;
    char *from, *to; /* of referrals */
    gint top;
    gboolean by_service, by_region;
} GapsOptions;

static void
clear_options(GapsOptions *options)
{
    cli_planning_clear(&options->planning);
    cli_network_report_clear(&options->network);
    g_strfreev(options->by);
    g_free(options->from);
    g_free(options->to);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GapsOptions, clear_options)

static gboolean
parse_options(Cli *cli, GapsOptions *o, char **words, GError **error)
{
    CliPlanning *p = &o->planning;
    const GOptionEntry entries[] = {
        {"cases", 0, 0, G_OPTION_ARG_FILENAME, &p->cases_file,
         N_("the list: YAML, JSON, NDJSON or CSV; - is standard input. Without it: how far help is "
            "from where people live"),
         "FILE"},
        {"region", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->network.regions,
         N_("without cases: in this area; the regions of the network if not said; repeat for more"),
         "AREA"},
        {"service", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->network.services,
         N_("without cases: this service; the minimum package of the policy if not said; repeat "
            "for more"),
         "SERVICE"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &o->from,
         N_("of the referrals of the store from this day on that could not be met; --cases then "
            "tells what is known of the survivors"),
         "DAY"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &o->to, N_("the same, until this day"), "DAY"},
        {"by", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->by,
         N_("service, region, or both, which is what is done if not said"), "WHAT"},
        {"top", 0, 0, G_OPTION_ARG_INT, &o->top,
         N_("for so many rows solve again with one place more; 5 if not said"), "N"},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &p->policy_file,
         N_("rules and weights of your own"), "FILE"},
        CLI_THREADS_ENTRY(p),
        {"include-unconfirmed", 0, 0, G_OPTION_ARG_NONE, &p->include_unconfirmed,
         N_("also providers that nobody has confirmed"), NULL},
        {"include-unknown-capacity", 0, 0, G_OPTION_ARG_NONE, &p->include_unknown,
         N_("also those whose free places nobody knows"), NULL},
        CLI_SOUND_ONLY_ENTRY(p),
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE, &p->allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {0},
    };
    return cli_parse(cli, entries, words, error) && cli_operands_check(cli, words, 0, 0, error);
}

static gboolean
is_of_referrals(const GapsOptions *o)
{
    return o->from != NULL || o->to != NULL;
}

static gboolean
is_of_cases(const GapsOptions *o)
{
    return o->planning.cases_file != NULL || is_of_referrals(o);
}

/* Options of the one question make no sense for the other one. */
static gboolean
check_question(const GapsOptions *o, GError **error)
{
    const gboolean of_cases = is_of_cases(o);
    const char *wrong = NULL;
    /* They are counts of persons, for those who place them. */
    if (of_cases && o->network.profile != CARENET_PROFILE_INTERNAL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "carenet report unmet and report funnel have a profile",
                 "gaps of cases are for those who place them, and have no --profile");
        return FALSE;
    }
    if (of_cases && (o->network.regions != NULL || o->network.services != NULL))
        wrong = o->network.regions != NULL ? "--region" : "--service";
    else if (!of_cases)
        wrong = o->by != NULL                 ? "--by"
                : o->top != TOP_NOT_SAID      ? "--top"
                : o->planning.include_unknown ? "--include-unknown-capacity"
                                              : NULL;
    if (wrong == NULL)
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
             of_cases ? "leave it out, or leave --cases out" : "add --cases FILE, or leave it out",
             of_cases ? "%s is about the directory, and --cases about cases"
                      : "%s is about cases, and there are none",
             wrong);
    return FALSE;
}

/* How a list is read says nothing of referrals. */
static gboolean
check_list(const GapsOptions *o, GError **error)
{
    const char *wrong = o->planning.keep_sound            ? "--sound-only"
                        : o->planning.allow_personal_data ? "--allow-personal-data"
                                                          : NULL;
    if (o->planning.cases_file != NULL || wrong == NULL)
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "add --cases FILE, or leave it out",
             "%s is about a list of cases, and there is none", wrong);
    return FALSE;
}

static gboolean
check_options(const Cli *cli, GapsOptions *o, GError **error)
{
    static const char *const names[] = {"service", "region", NULL};
    for (gsize i = 0; o->by != NULL && o->by[i] != NULL; i++) {
        const gint which = cli_choice_parse("--by", o->by[i], names, error);
        if (which < 0)
            return FALSE;
        o->by_service = o->by_service || which == 0;
        o->by_region = o->by_region || which == 1;
    }
    if (o->by == NULL)
        o->by_service = o->by_region = TRUE;
    if (!check_question(o, error))
        return FALSE;
    if (o->top == TOP_NOT_SAID)
        o->top = 5;
    if (o->top < 0 || o->top > 1000) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, NULL, "--top is 0 to 1000");
        return FALSE;
    }
    return check_list(o, error) &&
           (!is_of_cases(o) || cli_planning_check_run(cli, &o->planning, error));
}

/* ---- For people. */

static char *
format_known(const carenet_table *rows, gsize row, const char *column)
{
    return cli_cell_is_null(rows, row, column)
               ? NULL
               : g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, column));
}

static char *
format_needed(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_known(rows, row, "needed");
}

static char *
format_unmet(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_known(rows, row, "unmet");
}

static char *
format_tiers(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                           cli_cell_int(rows, row, "emergency"), cli_cell_int(rows, row, "urgent"),
                           cli_cell_int(rows, row, "routine"));
}

static char *
format_effect(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    if (cli_cell_is_null(rows, row, "placed_by_one"))
        return NULL;
    return g_strdup_printf("%+" G_GINT64_FORMAT " placed, cost %+" G_GINT64_FORMAT,
                           cli_cell_int(rows, row, "placed_by_one"),
                           cli_cell_int(rows, row, "cost_by_one"));
}

static char *
format_saving(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *worth = cli_cell_text(rows, row, "worth");
    if (!cli_cell_bool(rows, row, "told"))
        return g_strdup(
            cli_translate(N_("not known: it would let in somebody who needs them all")));
    return g_strdup(worth != NULL ? worth : cli_translate(N_("nothing")));
}

/* Where a place more at an offering may change nothing, since the policy lets in no more. */
static void
print_quotas(const Cli *cli, const carenet_table *quotas)
{
    static const CliColumn columns[] = {
        {{N_("QUOTA THAT IS FULL"), 0}, "name", NULL},
        {{N_("ONE MORE UNDER IT SAVES AT MOST"), 0}, NULL, format_saving},
    };
    if (carenet_table_rows_len(quotas) == 0)
        return;
    cli_print("\n");
    cli_screen_table(cli, quotas, columns, G_N_ELEMENTS(columns), 0);
}

static gboolean
print_gaps(const Cli *cli,
           const GapsOptions *o,
           const carenet_plan *plan,
           const carenet_table *rows,
           const carenet_table *quotas,
           GError **error)
{
    const CliColumn columns[] = {
        {{o->by_service ? N_("SERVICE") : NULL, 0}, "service", NULL},
        {{o->by_region ? N_("REGION") : NULL, 0}, "region", NULL},
        {{N_("NEEDED"), CLI_RIGHT}, NULL, format_needed},
        {{N_("UNMET"), CLI_RIGHT}, NULL, format_unmet},
        {{N_("EMERGENCY/URGENT/ROUTINE"), CLI_RIGHT}, NULL, format_tiers},
        {{N_("MOSTLY BECAUSE"), 0}, "reason", NULL},
        {{N_("ONE MORE PLACE AT"), 0}, "offering", NULL},
        {{N_("DOES"), 0}, NULL, format_effect},
    };
    if (cli->format != CLI_TABLE) {
        CliAnswer answer = {.schema = "carenet.gaps/1", .rows = rows, .quotas = quotas};
        return cli_answer_print(cli, &answer, error);
    }
    if (carenet_table_rows_len(rows) == 0) {
        cli_note(cli, "There are no such needs\n");
        return TRUE;
    }
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    print_quotas(cli, quotas);
    cli_note(cli, "Units of needs; what one more place does was solved anew\n");
    if (!cli_plan_is_best(plan))
        cli_note(
            cli,
            "The plan is not proven to be the best, nor what one more place does: gap %.2f%% of %s\n",
            carenet_plan_gap(plan) * 100, carenet_plan_gap_level(plan));
    return TRUE;
}

/* Of the list, or of the referrals that could not be met. */
static carenet_cases *
open_cases(const Cli *cli, const GapsOptions *o, GError **error)
{
    carenet_referral_query list;
    carenet_report_query query;
    carenet_cases *known = NULL, *unmet = NULL;
    if (o->planning.cases_file != NULL) {
        known = cli_planning_cases(cli, &o->planning, error);
        if (known == NULL || !is_of_referrals(o))
            return known;
    }
    if (cli->store == NULL) {
        cli_fail(error, CARENET_ERROR_NOT_FOUND, "carenet init makes a store",
                 "only a store has referrals");
        carenet_cases_unref(known);
        return NULL;
    }
    carenet_referral_query_init(&list);
    list.now_s = cli_now(cli);
    carenet_table *referrals = carenet_referral_list(cli->store, &list, error);
    carenet_report_query_init(&query);
    query.from = o->from, query.to = o->to;
    query.referrals = referrals;
    query.cases = known;
    query.now_s = cli_now(cli);
    if (referrals != NULL)
        unmet = carenet_report_unmet_cases(cli->directory, &query, error);
    carenet_table_unref(referrals);
    carenet_cases_unref(known);
    return unmet;
}

static int
find_gaps(Cli *cli, const GapsOptions *o, GError **error)
{
    int status = 2;
    carenet_gaps_options options;
    carenet_gaps_options_init(&options);
    options.by_service = o->by_service != FALSE;
    options.by_region = o->by_region != FALSE;
    options.top = (size_t)o->top;
    options.threads = (uint32_t)o->planning.threads;
    carenet_policy *policy = cli_planning_policy(cli, &o->planning, error);
    carenet_cases *cases = policy != NULL ? open_cases(cli, o, error) : NULL;
    carenet_plan *plan = cases != NULL ? cli_planning_run(cli, &o->planning, cli->directory, policy,
                                                          cases, NULL, error)
                                       : NULL;
    if (plan != NULL && carenet_plan_get_stopped(plan) != CARENET_STOPPED_NOT)
        cli_say("stopped by Ctrl-C: some of what is unmet might be met");
    if (plan != NULL && cli_plan_status(plan, 0) != 0)
        options.top = 0; /* whoever stops the run waits for no more of them */
    else
        cli_watch_forget();
    carenet_table *rows =
        plan != NULL ? carenet_plan_gaps(plan, cli->directory, policy, cases, &options, error)
                     : NULL;
    carenet_table *quotas = rows != NULL ? cli_plan_full_quotas(plan) : NULL;
    if (rows != NULL && print_gaps(cli, o, plan, rows, quotas, error))
        status = cli_plan_status(plan, 0);
    carenet_table_unref(quotas);
    carenet_table_unref(rows);
    carenet_plan_unref(plan);
    carenet_cases_unref(cases);
    carenet_policy_unref(policy);
    return status;
}

static int
answer_gaps(Cli *cli, GapsOptions *o, GError **error)
{
    if (!check_options(cli, o, error))
        return 2;
    if (!is_of_cases(o)) {
        o->network.planning.policy_file = g_steal_pointer(&o->planning.policy_file);
        o->network.planning.include_unconfirmed = o->planning.include_unconfirmed;
        return cli_network_report(cli, CARENET_REPORT_GAPS, &o->network, error) ? 0 : 2;
    }
    if (!cli_directory_open(cli, error))
        return 2;
    return find_gaps(cli, o, error);
}

#define GAPS_OPTIONS                                                                    \
    {                                                                                   \
        .planning = {.threads = cli_threads(), .at_s = G_MININT64}, .top = TOP_NOT_SAID \
    }

int
cli_gaps_report(Cli *cli, CliNetworkReport *report, const char *by, GError **error)
{
    g_auto(GapsOptions) options = GAPS_OPTIONS;
    CliPlanning *p = &options.planning;
    p->cases_file = g_steal_pointer(&report->planning.cases_file);
    p->policy_file = g_steal_pointer(&report->planning.policy_file);
    p->include_unconfirmed = report->planning.include_unconfirmed;
    p->allow_personal_data = report->planning.allow_personal_data;
    options.network.regions = g_steal_pointer(&report->regions);
    options.network.services = g_steal_pointer(&report->services);
    options.network.profile = report->profile;
    options.from = g_strdup(report->from);
    options.to = g_strdup(report->to);
    options.by = by != NULL ? g_strdupv((char *[]){(char *)by, NULL}) : NULL;
    return answer_gaps(cli, &options, error);
}

int
cli_gaps(Cli *cli, char **words, GError **error)
{
    g_auto(GapsOptions) options = GAPS_OPTIONS;
    if (!parse_options(cli, &options, words, error))
        return 0;
    return answer_gaps(cli, &options, error);
}
