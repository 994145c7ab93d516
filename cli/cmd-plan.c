/* carenet check, explain and compare: what plans say, and whether it is so. */
#include "commands.h"
#include "message.h"
#include "output.h"
#include "planning.h"
#include "screen.h"

#include <string.h>

typedef struct {
    CliPlanning planning;
    char *ref;
    char *why_not;
    char *keep_file;
} PlanOptions;

static void
clear_options(PlanOptions *options)
{
    cli_planning_clear(&options->planning);
    g_free(options->ref);
    g_free(options->why_not);
    g_free(options->keep_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlanOptions, clear_options)

/* A plan with what it was made from. */
typedef struct {
    carenet_plan *plan;
    carenet_plan *keep; /* NULL unless asked for */
    carenet_policy *policy;
    carenet_cases *cases;
} Sources;

static void
clear_sources(Sources *sources)
{
    carenet_plan_unref(sources->plan);
    carenet_plan_unref(sources->keep);
    carenet_policy_unref(sources->policy);
    carenet_cases_unref(sources->cases);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sources, clear_sources)

/* A plan is looked at as of the instant for which it was made. */
static gboolean
check_as_of(const Cli *cli, const carenet_plan *plan, GError **error)
{
    if (cli->as_of_s == G_MININT64 || cli->as_of_s == carenet_plan_now(plan))
        return TRUE;
    g_autofree char *made = cli_instant_format(carenet_plan_now(plan));
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
             "leave it out, or make a plan as of that instant: carenet batch --as-of INSTANT",
             "--as-of %s is not the instant for which the plan was made, %s", cli->as_of_text,
             made);
    return FALSE;
}

static gboolean
open_sources(Cli *cli, const PlanOptions *o, const char *path, Sources *out, GError **error)
{
    if (!cli_directory_open(cli, error))
        return FALSE;
    out->plan = carenet_plan_load(path, error);
    if (out->plan != NULL && !check_as_of(cli, out->plan, error))
        return FALSE;
    if (out->plan != NULL && o->keep_file != NULL)
        out->keep = carenet_plan_load(o->keep_file, error);
    const gboolean read = out->plan != NULL && (out->keep != NULL || o->keep_file == NULL);
    out->policy = read ? cli_planning_policy(cli, &o->planning, error) : NULL;
    out->cases = out->policy != NULL ? cli_planning_cases(cli, &o->planning, error) : NULL;
    return out->cases != NULL;
}

/* ---- check */

static gboolean
parse_check(Cli *cli, PlanOptions *o, char **words, GError **error)
{
    CliPlanning *p = &o->planning;
    const GOptionEntry entries[] = {
        {"cases", 0, 0, G_OPTION_ARG_FILENAME, &p->cases_file,
         N_("the list that it was made for; - is standard input"), "FILE"},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &p->policy_file,
         N_("the policy that it was made by, where it is not the store's"), "FILE"},
        {"keep", 0, 0, G_OPTION_ARG_FILENAME, &o->keep_file,
         N_("the plan whose places were kept: also that it is this one"), "PLAN"},
        CLI_THREADS_ENTRY(p),
        CLI_SOUND_ONLY_ENTRY(p),
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE, &p->allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {0},
    };
    return cli_parse(cli, entries, words, error) && cli_operands_check(cli, words, 1, 1, error) &&
           cli_planning_check(cli, p, error);
}

static void
print_checks(const Cli *cli, const carenet_table *found, gboolean ok)
{
    static const CliHeading headings[] = {
        {N_("CHECK"), 0}, {N_("OK"), 0}, {N_("DETAIL"), CLI_WRAP}};
    CliScreen *screen = cli_screen_new(cli, headings, G_N_ELEMENTS(headings));
    for (gsize row = 0; row < carenet_table_rows_len(found); row++) {
        const char *cells[] = {
            cli_cell_text(found, row, "check"),
            cli_translate(cli_cell_bool(found, row, "ok") ? N_("yes") : N_("NO")),
            cli_cell_text(found, row, "detail")};
        cli_screen_add(screen, cells);
    }
    cli_screen_print(screen);
    if (ok)
        cli_note(cli, "The plan holds\n");
    else
        cli_note(cli, "The plan is refused: do not use it\n");
}

int
cli_check(Cli *cli, char **words, GError **error)
{
    g_auto(PlanOptions) options = {.planning = {.threads = cli_threads(), .at_s = G_MININT64}};
    g_auto(Sources) sources = {NULL};
    carenet_plan_check_options check;
    gboolean done = TRUE;
    if (!parse_check(cli, &options, words, error))
        return 0;
    if (!open_sources(cli, &options, words[0], &sources, error))
        return 2;
    carenet_plan_check_options_init(&check);
    check.threads = (uint32_t)options.planning.threads;
    check.keep = sources.keep;
    carenet_table *found = carenet_plan_check(sources.plan, cli->directory, sources.policy,
                                              sources.cases, &check, error);
    if (found == NULL)
        return 2;
    const gboolean ok = cli_cell_bool(found, carenet_table_rows_len(found) - 1, "ok");
    if (cli->format == CLI_TABLE) {
        print_checks(cli, found, ok);
    } else {
        CliAnswer answer = {.schema = "carenet.check/1", .rows = found};
        done = cli_answer_print(cli, &answer, error);
    }
    carenet_table_unref(found);
    return !done ? 2 : ok ? 0 : 1;
}

/* ---- explain */

static gboolean
parse_explain(Cli *cli, PlanOptions *o, char **words, GError **error)
{
    CliPlanning *p = &o->planning;
    const GOptionEntry entries[] = {
        {"cases", 0, 0, G_OPTION_ARG_FILENAME, &p->cases_file,
         N_("the list that it was made for; - is standard input"), "FILE"},
        {"ref", 0, 0, G_OPTION_ARG_STRING, &o->ref, N_("the reference of the case"), "REF"},
        {"why-not", 0, 0, G_OPTION_ARG_STRING, &o->why_not,
         N_("say why this provider or offering does not take the case"), "ID"},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &p->policy_file,
         N_("the policy that it was made by, where it is not the store's"), "FILE"},
        CLI_SOUND_ONLY_ENTRY(p),
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE, &p->allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {0},
    };
    if (!cli_parse(cli, entries, words, error) || !cli_operands_check(cli, words, 1, 1, error) ||
        !cli_planning_check(cli, p, error))
        return FALSE;
    if (o->ref != NULL)
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT,
             "give the reference of a case of the list, such as --ref C-2041",
             "--ref REF is missing: which case");
    return FALSE;
}

static char *
format_known(const carenet_table *rows, gsize row, const char *column)
{
    return cli_cell_is_null(rows, row, column)
               ? NULL
               : g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, column));
}

static char *
format_cost(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_known(rows, row, "cost");
}

static char *
format_price(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return format_known(rows, row, "price");
}

static void
print_explanation(const Cli *cli, const carenet_table *rows, const char *text)
{
    static const CliColumn columns[] = {
        {{N_("NEED"), CLI_RIGHT}, NULL, cli_need_format},
        {{N_("OFFERING"), 0}, "offering", NULL},
        {{N_("STATE"), 0}, "state", NULL},
        {{N_("COST"), CLI_RIGHT}, NULL, format_cost},
        {{N_("PRICE"), CLI_RIGHT}, NULL, format_price},
        {{N_("REASON"), 0}, "reason", NULL},
        {{N_("DETAIL"), CLI_WRAP}, "detail", NULL},
    };
    cli_print_text(text);
    if (carenet_table_rows_len(rows) > 0) {
        cli_print("\n");
        cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    }
    cli_note(cli, "A proposal for a case conference: nothing is reserved or sent\n");
}

static gboolean
explain_case(const Cli *cli, const PlanOptions *o, const Sources *sources, GError **error)
{
    gboolean done = FALSE;
    carenet_table *rows = carenet_plan_explain(sources->plan, cli->directory, sources->policy,
                                               sources->cases, o->ref, o->why_not, error);
    char *text = rows != NULL
                     ? carenet_plan_explain_text(sources->plan, cli->directory, sources->policy,
                                                 sources->cases, o->ref, error)
                     : NULL;
    if (text != NULL && cli->format == CLI_TABLE) {
        print_explanation(cli, rows, text);
        done = TRUE;
    } else if (text != NULL) {
        CliAnswer answer = {.schema = "carenet.explain/1", .rows = rows};
        done = cli_answer_print(cli, &answer, error);
    }
    carenet_free(text);
    carenet_table_unref(rows);
    return done;
}

int
cli_explain(Cli *cli, char **words, GError **error)
{
    g_auto(PlanOptions) options = {.planning = {.threads = cli_threads(), .at_s = G_MININT64}};
    g_auto(Sources) sources = {NULL};
    if (!parse_explain(cli, &options, words, error))
        return 0;
    if (!open_sources(cli, &options, words[0], &sources, error))
        return 2;
    return explain_case(cli, &options, &sources, error) ? 0 : 2;
}

/* ---- compare */

static void
print_values(const Cli *cli, const carenet_plan *a, const carenet_plan *b)
{
    const carenet_plan_value x = carenet_plan_objective(a), y = carenet_plan_objective(b);
    cli_note(
        cli,
        "Units unmet: emergency %lld -> %lld, urgent %lld -> %lld, routine %lld -> %lld; cost %lld -> %lld\n",
        (long long)x.emergency, (long long)y.emergency, (long long)x.urgent, (long long)y.urgent,
        (long long)x.routine, (long long)y.routine, (long long)x.cost, (long long)y.cost);
    /* What is different may be more or less than what plans that are proven would differ by. */
    if (!cli_plan_is_best(a))
        cli_note(cli, "The first plan is not proven to be the best: gap %.2f%% of %s\n",
                 carenet_plan_gap(a) * 100, carenet_plan_gap_level(a));
    if (!cli_plan_is_best(b))
        cli_note(cli, "The second plan is not proven to be the best: gap %.2f%% of %s\n",
                 carenet_plan_gap(b) * 100, carenet_plan_gap_level(b));
}

gboolean
cli_plans_print(const Cli *cli,
                const carenet_plan *a,
                const carenet_plan *b,
                gboolean supposed,
                GError **error)
{
    static const CliColumn columns[] = {
        {{N_("CASE"), 0}, "case", NULL},       {{N_("NEED"), CLI_RIGHT}, NULL, cli_need_format},
        {{N_("SERVICE"), 0}, "service", NULL}, {{N_("CHANGE"), 0}, "change", NULL},
        {{N_("FROM"), 0}, "from", NULL},       {{N_("TO"), 0}, "to", NULL},
    };
    gboolean done = TRUE;
    carenet_table *rows = carenet_plans_compare(a, b, error);
    if (rows == NULL)
        return FALSE;
    if (cli->format == CLI_TABLE) {
        if (carenet_table_rows_len(rows) > 0)
            cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
        else
            cli_print("nothing is different\n");
        print_values(cli, a, b);
        if (!supposed)
            cli_warnings_report(rows);
    } else {
        CliAnswer answer = {.schema = "carenet.compare/1", .rows = rows};
        done = cli_answer_print(cli, &answer, error);
    }
    carenet_table_unref(rows);
    return done;
}

int
cli_compare(Cli *cli, char **words, GError **error)
{
    const GOptionEntry entries[] = {{0}};
    if (!cli_parse(cli, entries, words, error) || !cli_operands_check(cli, words, 2, 2, error))
        return 0;
    carenet_plan *a = carenet_plan_load(words[0], error);
    carenet_plan *b = a != NULL ? carenet_plan_load(words[1], error) : NULL;
    const gboolean done = b != NULL && cli_plans_print(cli, a, b, FALSE, error);
    carenet_plan_unref(a);
    carenet_plan_unref(b);
    return done ? 0 : 2;
}
