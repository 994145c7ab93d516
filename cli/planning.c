#include "planning.h"

#include "file.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STDIN_MOST        ((gsize)1024 * 1024 * 1024)
#define THREADS_MOST      64
#define THREADS_USUAL     8 /* each takes memory */
#define PROGRESS_AFTER_US (G_USEC_PER_SEC / 2)

gint
cli_threads(void)
{
    return (gint)MIN(g_get_num_processors(), THREADS_USUAL);
}

void
cli_planning_clear(CliPlanning *planning)
{
    g_free(planning->cases_file);
    g_free(planning->policy_file);
    g_free(planning->at);
}

static void
fail_option(const Cli *cli, const char *wrong, GError **error)
{
    g_autofree char *hint =
        g_strdup_printf("carenet help %s lists the options", cli->command->name);
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s", wrong);
}

gboolean
cli_planning_check_run(const Cli *cli, CliPlanning *planning, GError **error)
{
    const char *wrong = NULL;
    if (planning->threads < 1 || planning->threads > THREADS_MOST)
        wrong = "--threads is 1 to 64";
    else if (planning->work_limit < 0)
        wrong = "--work-limit is 0 (none) or more";
    else if (!(planning->time_limit_s >= 0 && planning->time_limit_s <= 1e7))
        wrong = "--time-limit is a number of seconds";
    if (wrong != NULL) {
        fail_option(cli, wrong, error);
        return FALSE;
    }
    return planning->at == NULL || cli_instant_parse("--at", planning->at, &planning->at_s, error);
}

gboolean
cli_planning_check(const Cli *cli, CliPlanning *planning, GError **error)
{
    if (planning->cases_file != NULL)
        return cli_planning_check_run(cli, planning, error);
    fail_option(cli, "--cases FILE is missing: the list of cases", error);
    return FALSE;
}

/* ---- Reading. */

/* Takes the issues, which may be NULL. */
static void
report_issues(const Cli *cli, carenet_table *issues, GError **error)
{
    if (issues == NULL)
        return;
    const guint errors = cli_issues_report(issues, cli_speaks_json(cli));
    cli_issues_conclude(error, errors, cli_speaks_json(cli), "mend them and try again");
    carenet_table_unref(issues);
}

carenet_cases *
cli_planning_cases(const Cli *cli, const CliPlanning *planning, GError **error)
{
    carenet_cases_options options;
    carenet_table *issues = NULL;
    carenet_cases *cases = NULL;
    carenet_cases_options_init(&options);
    options.keep_sound = planning->keep_sound != FALSE;
    options.threads = (uint32_t)planning->threads;
    options.directory = cli->directory;
    options.flags =
        planning->allow_personal_data ? CARENET_CASES_ALLOW_PERSONAL_DATA : CARENET_CASES_STRICT;
    if (strcmp(planning->cases_file, "-") == 0) {
        gsize len = 0;
        g_autofree char *text = cli_stdin_read_most(STDIN_MOST, CLI_CASES_TOO_LONG, &len, error);
        if (text == NULL)
            return NULL;
        cases = carenet_cases_read(cli->reference, text, len, "standard input", &options, &issues,
                                   error);
    } else {
        cases =
            carenet_cases_read_file(cli->reference, planning->cases_file, &options, &issues, error);
    }
    report_issues(cli, issues, error);
    return cases;
}

carenet_policy *
cli_planning_policy(const Cli *cli, const CliPlanning *planning, GError **error)
{
    carenet_table *issues = NULL;
    if (planning->policy_file == NULL)
        return cli_policy_load(cli, error);
    carenet_policy *policy =
        carenet_policy_load(cli->reference, planning->policy_file, &issues, error);
    report_issues(cli, issues, error);
    return policy;
}

/* ---- Running. */

/* Writing a plan, which one thread does, takes such a part of what opening the directory and reading the cases took
 * of the processor, measured with lists of 200,000 and a million needs. */
#define WRITE_SHARE 0.65
/* A limit that is over already is one all the same. */
#define LIMIT_LEAST_S 0.001

/* Of all threads since the process began. */
static double
processor_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Of the limit for the whole command, what is left for the run; 0: no limit. Where the processor has other things to do
 * writing takes longer, too. */
static double
time_left_s(const CliPlanning *planning)
{
    const double spent_s =
        (double)(g_get_monotonic_time() - planning->begun_us) / (double)G_USEC_PER_SEC;
    const double write_s = WRITE_SHARE * MAX(spent_s, processor_s());
    if (planning->time_limit_s <= 0)
        return 0;
    return MAX(planning->time_limit_s - spent_s - write_s, LIMIT_LEAST_S);
}

/* Asked by the handler of SIGINT, which has no other way to know; NULL while nothing runs. */
static carenet_cancel *cancel_of_signal;
static volatile sig_atomic_t stop_asked;

static void
stop_run(int signal_number)
{
    stop_asked = 1;
    /* It sets one atomic number, which a handler may. */
    /* NOLINTNEXTLINE(bugprone-signal-handler,cert-sig30-c) */
    carenet_cancel_request(cancel_of_signal);
    /* Who presses twice does not want the best so far. */
    signal(signal_number, SIG_DFL);
}

static gboolean
is_terminal(void)
{
    const char *term = g_getenv("TERM");
    return isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

void
cli_watch_begin(CliWatch *watch)
{
    *watch = (CliWatch){carenet_cancel_new(), g_get_monotonic_time(), is_terminal(), FALSE};
    cancel_of_signal = watch->cancel;
    /* Who stopped one run does not want the next one. */
    if (stop_asked)
        carenet_cancel_request(watch->cancel);
    else
        signal(SIGINT, stop_run);
}

bool
cli_watch_show(const carenet_progress *progress, void *data)
{
    CliWatch *watch = data;
    if (watch->shows && g_get_monotonic_time() - watch->begun_us > PROGRESS_AFTER_US) {
        fprintf(stderr, "\r%zu needs, %s: %3.0f%% ", progress->needs_len, progress->stage,
                progress->done * 100);
        fflush(stderr);
        watch->shown = TRUE;
    }
    return true;
}

void
cli_watch_end(CliWatch *watch)
{
    cancel_of_signal = NULL;
    carenet_cancel_free(watch->cancel);
    if (watch->shown)
        fputs("\r\033[K", stderr);
}

void
cli_watch_forget(void)
{
    signal(SIGINT, SIG_DFL);
    if (stop_asked)
        raise(SIGINT);
}

/* The plan may be the best there is all the same, and does not say it elsewhere. */
static void
tell_unexplained(const carenet_plan *plan)
{
    const gsize count = carenet_plan_unexplained_len(plan);
    if (count > 0)
        cli_say("stopped before all reasons were found: %zu unmet needs are told without one",
                count);
}

carenet_plan *
cli_planning_run(const Cli *cli,
                 const CliPlanning *planning,
                 carenet_directory *directory,
                 carenet_policy *policy,
                 carenet_cases *cases,
                 const carenet_batch_options *run,
                 GError **error)
{
    carenet_batch_options options;
    carenet_plan *plan = NULL;
    CliWatch watch;
    carenet_batch_options_init(&options);
    if (run != NULL)
        options = *run;
    options.include_unconfirmed = planning->include_unconfirmed != FALSE;
    options.include_unknown_capacity = planning->include_unknown != FALSE;
    options.now_s = cli_now(cli);
    options.at_s = planning->at_s;
    options.threads = (uint32_t)planning->threads;
    options.work_limit = (uint64_t)planning->work_limit;
    options.time_limit_s = time_left_s(planning);
    cli_watch_begin(&watch);
    options.progress = cli_watch_show;
    options.progress_user = &watch;
    options.cancel = watch.cancel;
    (void)!carenet_batch(directory, policy, cases, &options, &plan, error);
    cli_watch_end(&watch);
    tell_unexplained(plan);
    return plan;
}

int
cli_plan_status(const carenet_plan *plan, int status)
{
    const gboolean stopped = carenet_plan_get_stopped(plan) != CARENET_STOPPED_NOT ||
                             carenet_plan_unexplained_len(plan) > 0;
    return stopped ? 6 : status;
}

/* ---- For people. */

char *
cli_need_format(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, "need"));
}

static char *
format_cost(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT "%s", cli_cell_int(rows, row, "cost"),
                           cli_cell_bool(rows, row, "pinned") ? " (pinned)" : "");
}

void
cli_plan_rows_print(const Cli *cli,
                    const carenet_table *rows,
                    const CliColumn *columns,
                    gsize columns_len,
                    gsize most)
{
    const gsize len = carenet_table_rows_len(rows);
    const gsize shown = most > 0 ? MIN(most, len) : len;
    CliHeading headings[8];
    for (gsize i = 0; i < columns_len; i++)
        headings[i] = columns[i].heading;
    CliScreen *screen = cli_screen_new(cli, headings, columns_len);
    for (gsize row = 0; row < shown; row++) {
        const char *cells[8] = {NULL};
        char *made[8] = {NULL};
        for (gsize i = 0; i < columns_len; i++) {
            made[i] = columns[i].format != NULL ? columns[i].format(rows, row, 0) : NULL;
            cells[i] =
                columns[i].format != NULL ? made[i] : cli_cell_text(rows, row, columns[i].column);
        }
        cli_screen_add(screen, cells);
        for (gsize i = 0; i < columns_len; i++)
            g_free(made[i]);
    }
    cli_screen_print(screen);
    if (shown < len)
        cli_note(cli, "%zu more: --limit 0 shows all\n", len - shown);
}

static void
print_assignments(const Cli *cli, const carenet_plan *plan, gsize most)
{
    static const CliColumn columns[] = {
        {{N_("CASE"), 0}, "case", NULL},         {{N_("NEED"), CLI_RIGHT}, NULL, cli_need_format},
        {{N_("SERVICE"), 0}, "service", NULL},   {{N_("PROVIDER"), CLI_SPARE}, "provider", NULL},
        {{N_("OFFERING"), 0}, "offering", NULL}, {{N_("COST"), CLI_RIGHT}, NULL, format_cost},
    };
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_ASSIGNMENTS);
    if (carenet_table_rows_len(rows) > 0)
        cli_plan_rows_print(cli, rows, columns, G_N_ELEMENTS(columns), most);
    carenet_table_unref(rows);
}

static void
print_unmet(const Cli *cli, const carenet_plan *plan, gsize most)
{
    static const CliColumn columns[] = {
        {{N_("CASE"), 0}, "case", NULL},       {{N_("NEED"), CLI_RIGHT}, NULL, cli_need_format},
        {{N_("SERVICE"), 0}, "service", NULL}, {{N_("URGENCY"), 0}, "urgency", NULL},
        {{N_("REASON"), 0}, "reason", NULL},   {{N_("DETAIL"), CLI_WRAP}, "detail", NULL},
    };
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_UNMET);
    if (carenet_table_rows_len(rows) > 0) {
        cli_print("\nNobody takes:\n");
        cli_plan_rows_print(cli, rows, columns, G_N_ELEMENTS(columns), most);
    }
    carenet_table_unref(rows);
}

/* Whoever is not where the former plan had them. */
static void
print_kept(const Cli *cli, const carenet_plan *plan, gsize most)
{
    static const CliColumn columns[] = {
        {{N_("CASE"), 0}, "case", NULL},       {{N_("NEED"), CLI_RIGHT}, NULL, cli_need_format},
        {{N_("SERVICE"), 0}, "service", NULL}, {{N_("WAS AT"), 0}, "offering", NULL},
        {{N_("STATE"), 0}, "state", NULL},     {{N_("REASON"), 0}, "reason", NULL},
        {{N_("NOW AT"), 0}, "to", NULL},
    };
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_KEPT);
    const gsize len = carenet_table_rows_len(rows);
    g_autofree size_t *away = g_new(size_t, len + 1);
    gsize away_len = 0;
    for (gsize row = 0; row < len; row++)
        if (strcmp(cli_cell_text(rows, row, "state"), "stays") != 0)
            away[away_len++] = row;
    carenet_table *gone = carenet_table_select(rows, away, away_len, NULL);
    if (away_len > 0) {
        cli_print("\nNot where they were:\n");
        cli_plan_rows_print(cli, gone, columns, G_N_ELEMENTS(columns), most);
    }
    carenet_table_unref(gone);
    carenet_table_unref(rows);
}

static void
print_states(const Cli *cli, const carenet_plan *plan)
{
    gint64 stay = 0, moved = 0, released = 0;
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_KEPT);
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        const char *state = cli_cell_text(rows, row, "state");
        stay += strcmp(state, "stays") == 0 ? 1 : 0;
        moved += strcmp(state, "moved") == 0 ? 1 : 0;
        released += strcmp(state, "released") == 0 ? 1 : 0;
    }
    carenet_table_unref(rows);
    if (stay + moved + released > 0)
        cli_note(cli, "Of those who had a place %lld stay, %lld moved, %lld could not stay\n",
                 (long long)stay, (long long)moved, (long long)released);
}

/* So many quotas are named; the plan holds them all. */
#define QUOTAS_NAMED 5

static const char *const levels[] = {"emergency", "urgent", "routine", "cost"};

/* Those first that save most, then those of which nobody knows. */
static gint
compare_quotas(gconstpointer x, gconstpointer y, gpointer data)
{
    const carenet_table *rows = data;
    const gsize a = *(const gsize *)x, b = *(const gsize *)y;
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        const gint64 one = cli_cell_int(rows, a, levels[i]),
                     other = cli_cell_int(rows, b, levels[i]);
        if (one != other)
            return one > other ? -1 : 1;
    }
    return (a > b) - (a < b);
}

/* Which are worth anything, or might be. (element-type gsize) (transfer full) */
static GArray *
find_quotas(const carenet_table *rows)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (!cli_cell_bool(rows, row, "told") || cli_cell_text(rows, row, "worth") != NULL)
            g_array_append_val(found, row);
    g_array_sort_with_data(found, compare_quotas, (gpointer)rows);
    return found;
}

carenet_table *
cli_plan_full_quotas(const carenet_plan *plan)
{
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_QUOTAS);
    g_autoptr(GArray) full = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (cli_cell_int(rows, row, "used") >= cli_cell_int(rows, row, "places"))
            g_array_append_val(full, row);
    g_array_sort_with_data(full, compare_quotas, rows);
    carenet_table *chosen =
        carenet_table_select(rows, (const size_t *)(gconstpointer)full->data, full->len, NULL);
    carenet_table_unref(rows);
    return chosen;
}

static void
print_quotas(const Cli *cli, const carenet_plan *plan)
{
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_QUOTAS);
    g_autoptr(GArray) found = find_quotas(rows);
    for (guint i = 0; i < MIN(found->len, QUOTAS_NAMED); i++) {
        const gsize row = g_array_index(found, gsize, i);
        const char *name = cli_cell_text(rows, row, "name");
        if (cli_cell_bool(rows, row, "told"))
            cli_note(cli, "One more place under the quota of %s saves at most %s\n", name,
                     cli_cell_text(rows, row, "worth"));
        else
            cli_note(cli,
                     "What one more place under the quota of %s saves is not known: it would let "
                     "in somebody who needs them all\n",
                     name);
    }
    if (found->len > QUOTAS_NAMED)
        cli_note(cli, "The plan tells the same of %u more quotas\n", found->len - QUOTAS_NAMED);
    carenet_table_unref(rows);
}

gboolean
cli_plan_is_best(const carenet_plan *plan)
{
    return carenet_plan_get_status(plan) == CARENET_PLAN_OPTIMAL || carenet_plan_is_searched(plan);
}

static void
print_proof(const Cli *cli, const carenet_plan *plan)
{
    static const char *const stopped[] = {
        [CARENET_STOPPED_BY_TIME] = N_("the time limit"),
        [CARENET_STOPPED_BY_WORK] = N_("the work limit"),
        [CARENET_STOPPED_BY_USER] = N_("Ctrl-C"),
    };
    const carenet_stopped by = carenet_plan_get_stopped(plan);
    const carenet_plan_value bound = carenet_plan_bound(plan);
    if (carenet_plan_get_status(plan) == CARENET_PLAN_OPTIMAL) {
        cli_note(cli, "Optimal: no plan serves more of the urgent, or costs less\n");
        return;
    }
    if (by != CARENET_STOPPED_NOT)
        cli_note(cli, "Stopped by %s: the best so far\n", cli_translate(stopped[by]));
    cli_note(
        cli,
        "No plan is better than %lld emergency, %lld urgent and %lld routine units unmet at cost %lld\n",
        (long long)bound.emergency, (long long)bound.urgent, (long long)bound.routine,
        (long long)bound.cost);
    cli_note(cli, "Gap: %.2f%% of %s\n", carenet_plan_gap(plan) * 100,
             carenet_plan_gap_level(plan));
    if (carenet_plan_is_searched(plan))
        cli_note(cli, "No better plan exists all the same: every way to place families and bundles "
                      "was looked at (check proves the gap, not this)\n");
}

void
cli_plan_print_summary(const Cli *cli, const carenet_plan *plan)
{
    const carenet_plan_value value = carenet_plan_objective(plan);
    cli_note(
        cli,
        "%zu needs placed, %zu not; units unmet: %lld emergency, %lld urgent, %lld routine; cost %lld (policy %s)\n",
        carenet_plan_assignments_len(plan), carenet_plan_unmet_len(plan),
        (long long)value.emergency, (long long)value.urgent, (long long)value.routine,
        (long long)value.cost, carenet_plan_policy_id(plan));
    print_states(cli, plan);
    print_quotas(cli, plan);
    print_proof(cli, plan);
}

void
cli_plan_print(const Cli *cli, const carenet_plan *plan, gsize most)
{
    print_assignments(cli, plan, most);
    print_unmet(cli, plan, most);
    print_kept(cli, plan, most);
    cli_print("\n");
    cli_plan_print_summary(cli, plan);
    cli_note(cli, "A proposal for a case conference: nothing is reserved or sent\n");
}
