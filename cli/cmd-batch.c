/* carenet batch: everybody of a list at once. */
#include "applying.h"
#include "commands.h"
#include "file.h"
#include "message.h"
#include "output.h"
#include "planning.h"

#include <string.h>

#define ROWS_SHOWN  40
#define MOVES_UNSET G_MININT64

typedef struct {
    CliPlanning planning;
    char *output;
    gboolean force;
    char *pin_file;
    char *prices_file;
    char *keep_file;
    gint64 max_moves; /* MOVES_UNSET: not given */
    char *reject;
    gboolean strict;
    CliApplying applying;
} BatchOptions;

static void
clear_options(BatchOptions *options)
{
    cli_planning_clear(&options->planning);
    g_free(options->output);
    g_free(options->pin_file);
    g_free(options->prices_file);
    g_free(options->keep_file);
    g_free(options->reject);
    cli_applying_clear(&options->applying);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BatchOptions, clear_options)

static gboolean
check_moves(const BatchOptions *o, GError **error)
{
    if (o->max_moves == MOVES_UNSET || (o->keep_file != NULL && o->max_moves >= 0))
        return TRUE;
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet help batch lists the options", "%s",
             o->keep_file == NULL ? "--max-moves needs --keep PLAN: whose places are kept"
                                  : "--max-moves is 0 or more");
    return FALSE;
}

static gboolean
parse_options(Cli *cli, BatchOptions *o, char **words, GError **error)
{
    CliPlanning *p = &o->planning;
    const GOptionEntry entries[] = {
        {"cases", 0, 0, G_OPTION_ARG_FILENAME, &p->cases_file,
         N_("the list: YAML, JSON, NDJSON or CSV; - is standard input"), "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
         N_("write the plan there, readable by its owner only"), "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &o->force, N_("replace the files that are written"),
         NULL},
        {"policy", 0, 0, G_OPTION_ARG_FILENAME, &p->policy_file,
         N_("rules and weights of your own"), "FILE"},
        {"pin", 0, 0, G_OPTION_ARG_FILENAME, &o->pin_file,
         N_("needs that have their place: CSV with the columns ref, need, offering"), "FILE"},
        {"prices", 0, 0, G_OPTION_ARG_FILENAME, &o->prices_file,
         N_("begin with the prices and places of a former plan: quicker, and as good"), "PLAN"},
        {"keep", 0, 0, G_OPTION_ARG_FILENAME, &o->keep_file,
         N_("whoever this plan placed stays there, unless the place can take them no more"),
         "PLAN"},
        {"max-moves", 0, 0, G_OPTION_ARG_INT64, &o->max_moves,
         N_("with --keep: so many of them may move where that is better; 0 if not said"), "N"},
        {"reject", 0, 0, G_OPTION_ARG_FILENAME, &o->reject,
         N_("leave out bad rows of CSV and NDJSON, and write them there"), "FILE"},
        CLI_SOUND_ONLY_ENTRY(p),
        {"strict", 0, 0, G_OPTION_ARG_NONE, &o->strict,
         N_("exit status 1 where a need is unmet or a row is refused"), NULL},
        CLI_APPLYING_ENTRIES(&o->applying),
        CLI_ACTING_ENTRIES(&o->applying.acting),
        CLI_THREADS_ENTRY(p),
        {"work-limit", 0, 0, G_OPTION_ARG_INT64, &p->work_limit,
         N_("stop after N pairs, with the same answer on every machine"), "N"},
        {"time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &p->time_limit_s,
         N_("take no longer than so many seconds, from reading to writing"), "SECONDS"},
        {"include-unconfirmed", 0, 0, G_OPTION_ARG_NONE, &p->include_unconfirmed,
         N_("also providers that nobody has confirmed"), NULL},
        {"include-unknown-capacity", 0, 0, G_OPTION_ARG_NONE, &p->include_unknown,
         N_("also those whose free places nobody knows"), NULL},
        {"at", 0, 0, G_OPTION_ARG_STRING, &p->at, N_("when intake must be open in an emergency"),
         "INSTANT"},
        {"allow-personal-data", 0, 0, G_OPTION_ARG_NONE, &p->allow_personal_data,
         N_("read a file although it seems to hold names, birth dates, phone numbers or emails"),
         NULL},
        {0},
    };
    return cli_parse(cli, entries, words, error) && cli_operands_check(cli, words, 0, 0, error) &&
           check_moves(o, error);
}

/* ---- What is written. */

/* Rows that are refused hold facts of cases: their owner's only. */
static gboolean
write_refused(const Cli *cli, const BatchOptions *o, const carenet_cases *cases, GError **error)
{
    const char *refused = carenet_cases_refused(cases);
    if (refused != NULL && o->reject == NULL)
        cli_say("Rows refused: %zu", carenet_cases_refused_len(cases));
    /* What was refused the last time must not stand there as if it were so again. */
    if (o->reject == NULL || (refused == NULL && !g_file_test(o->reject, G_FILE_TEST_EXISTS)))
        return TRUE;
    if (!cli_file_write(cli, "--reject", o->reject, refused != NULL ? refused : "", o->force,
                        error))
        return FALSE;
    cli_say("Rows refused and written to %s: %zu", o->reject, carenet_cases_refused_len(cases));
    return TRUE;
}

/* The options that name what a plan was made from. (transfer full) */
static char *
tell_sources(const Cli *cli, const BatchOptions *o, const carenet_cases *cases)
{
    const struct {
        const char *option, *path;
    } uses[] = {
        {"--db", cli->db},
        {"--cases", o->planning.cases_file},
        {"--policy", o->planning.policy_file},
    };
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(uses); i++) {
        if (uses[i].path == NULL)
            continue;
        g_autofree char *word =
            strcmp(uses[i].path, "-") == 0 ? g_strdup("FILE") : cli_shell_word(uses[i].path);
        g_string_append_printf(text, " %s %s", uses[i].option, word);
    }
    if (carenet_cases_refused_len(cases) > 0)
        g_string_append(text, " --sound-only");
    return g_string_free(text, FALSE);
}

static gboolean
save_plan(const BatchOptions *o, const carenet_plan *plan, GError **error)
{
    if (o->output == NULL)
        return TRUE;
    if (carenet_plan_save(plan, o->output, o->force != FALSE, error))
        return TRUE;
    if (error != NULL && carenet_error_get_code(*error) == CARENET_ERROR_CONFLICT) {
        g_clear_error(error);
        cli_fail(error, CARENET_ERROR_CONFLICT, "choose another name, or add --force",
                 "%s exists already", o->output);
    }
    return FALSE;
}

static gboolean
print_rows(const Cli *cli, const carenet_plan *plan, GError **error)
{
    carenet_table *rows = carenet_plan_table(plan, CARENET_PLAN_NEEDS);
    CliAnswer answer = {.schema = "carenet.plan/1", .rows = rows};
    const gboolean done = cli_answer_print(cli, &answer, error);
    carenet_table_unref(rows);
    return done;
}

static gboolean
print_plan(const Cli *cli,
           const BatchOptions *o,
           const carenet_plan *plan,
           const carenet_cases *cases,
           GError **error)
{
    if (cli->format == CLI_JSON) {
        char *text = carenet_plan_to_json(plan);
        cli_print_raw(text);
        carenet_free(text);
        return TRUE;
    }
    if (cli->format != CLI_TABLE)
        return print_rows(cli, plan, error);
    cli_plan_print(cli, plan, (gsize)cli->limit);
    if (o->output != NULL) {
        g_autofree char *name = cli_shell_word(o->output), *sources = tell_sources(cli, o, cases);
        cli_note(cli, "Next: carenet check %s%s\n", name, sources);
        cli_note(cli, "Next: carenet explain %s%s --ref REF\n", name, sources);
    } else {
        cli_note(cli, "Next: -o FILE keeps the plan, for carenet check and carenet explain\n");
    }
    return TRUE;
}

/* ---- Runs. */

/* NULL with @error unset where @path is NULL. */
static carenet_plan *
load_plan(const char *path, GError **error)
{
    return path != NULL ? carenet_plan_load(path, error) : NULL;
}

static carenet_pins *
load_pins(const Cli *cli, const BatchOptions *o, GError **error)
{
    carenet_table *issues = NULL;
    carenet_pins *pins =
        o->pin_file != NULL ? carenet_pins_load(o->pin_file, &issues, error) : NULL;
    if (issues != NULL)
        cli_issues_conclude(error, cli_issues_report(issues, cli_speaks_json(cli)),
                            cli_speaks_json(cli), "mend them and try again");
    carenet_table_unref(issues);
    return pins;
}

static carenet_plan *
make_plan(Cli *cli, const BatchOptions *o, carenet_cases *cases, GError **error)
{
    carenet_batch_options run;
    carenet_plan *plan = NULL, *former = NULL, *keep = NULL;
    carenet_pins *pins = NULL;
    carenet_batch_options_init(&run);
    carenet_policy *policy = cli_planning_policy(cli, &o->planning, error);
    if (policy != NULL &&
        ((former = load_plan(o->prices_file, error)) != NULL || o->prices_file == NULL) &&
        ((keep = load_plan(o->keep_file, error)) != NULL || o->keep_file == NULL) &&
        ((pins = load_pins(cli, o, error)) != NULL || o->pin_file == NULL)) {
        run.former = former;
        run.keep = keep;
        run.max_moves = (uint64_t)MAX(o->max_moves, 0);
        run.pins = carenet_pins_get(pins, &run.pins_len);
        plan = cli_planning_run(cli, &o->planning, cli->directory, policy, cases, &run, error);
    }
    carenet_pins_free(pins);
    carenet_plan_unref(keep);
    carenet_plan_unref(former);
    carenet_policy_unref(policy);
    return plan;
}

/* The plan is kept before it is applied: after a crash the same one does the rest. */
static int
use_plan(Cli *cli,
         const BatchOptions *o,
         const carenet_plan *plan,
         const carenet_cases *cases,
         GError **error)
{
    const gboolean missed =
        carenet_cases_refused_len(cases) > 0 || carenet_plan_unmet_len(plan) > 0;
    int status = o->strict && missed ? 1 : 0;
    if (!save_plan(o, plan, error))
        return 2;
    if (o->applying.apply) {
        const int applied =
            cli_applying_run(cli, &o->applying, &o->planning, plan, cases, o->strict, error);
        status = applied != 0 ? applied : status;
    } else if (!print_plan(cli, o, plan, cases, error)) {
        return 2;
    }
    return cli_plan_status(plan, status);
}

static int
run_batch(Cli *cli, const BatchOptions *o, GError **error)
{
    int status = 2;
    carenet_plan *plan = NULL;
    carenet_cases *cases = cli_planning_cases(cli, &o->planning, error);
    if (cases != NULL && write_refused(cli, o, cases, error)) {
        if (o->applying.plan_file != NULL)
            status =
                cli_applying_run(cli, &o->applying, &o->planning, NULL, cases, o->strict, error);
        else if ((plan = make_plan(cli, o, cases, error)) != NULL)
            status = use_plan(cli, o, plan, cases, error);
    }
    carenet_plan_unref(plan);
    carenet_cases_unref(cases);
    return status;
}

/* What is applied is planned from the store that it is applied to. */
static gboolean
open_data(Cli *cli, const BatchOptions *o, GError **error)
{
    if (!o->applying.apply)
        return cli_directory_open(cli, error);
    if (!cli_store_open_to_act(cli, FALSE, error))
        return FALSE;
    /* A plan that is there needs it only to leave out the same rows as when it was made. */
    if (o->applying.plan_file != NULL && !o->planning.keep_sound)
        return TRUE;
    const gboolean as_it_is = o->applying.send || o->applying.plan_file != NULL;
    cli->directory = as_it_is ? carenet_directory_load(cli->store, error)
                              : carenet_directory_to_apply(cli->store, error);
    return cli->directory != NULL;
}

static gboolean
check_files(const Cli *cli, const BatchOptions *o, GError **error)
{
    if (g_strcmp0(o->output, "-") == 0) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "without -o, --format json prints the plan",
                 "--output takes the name of a file, not -");
        return FALSE;
    }
    return cli_file_is_new(cli, "--output", o->output, o->force, error) &&
           cli_file_is_new(cli, "--reject", o->reject, o->force, error);
}

int
cli_batch(Cli *cli, char **words, GError **error)
{
    g_auto(BatchOptions) options = {.planning = {.threads = cli_threads(),
                                                 .at_s = G_MININT64,
                                                 .begun_us = g_get_monotonic_time()},
                                    .max_moves = MOVES_UNSET};
    cli->limit = ROWS_SHOWN;
    if (!parse_options(cli, &options, words, error))
        return 0;
    options.planning.keep_sound = options.planning.keep_sound || options.reject != NULL;
    options.applying.force = options.force;
    if (!cli_planning_check(cli, &options.planning, error) ||
        !cli_applying_check(cli, &options.applying, error) || !check_files(cli, &options, error) ||
        !open_data(cli, &options, error))
        return 2;
    return run_batch(cli, &options, error);
}
