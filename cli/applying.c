#include "applying.h"

#include "file.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

void
cli_applying_clear(CliApplying *applying)
{
    g_free(applying->plan_file);
    g_free(applying->hold);
    g_free(applying->lost_file);
    cli_acting_clear(&applying->acting);
}

gboolean
cli_applying_check(const Cli *cli, CliApplying *applying, GError **error)
{
    const char *wrong = NULL;
    if (!applying->apply && (applying->plan_file != NULL || applying->send ||
                             applying->lost_file != NULL || applying->acting.dry_run))
        wrong = "--plan, --send, --lost and --dry-run go with --apply";
    else if (applying->hold != NULL && !applying->send)
        wrong = "--hold goes with --send: a draft holds no place";
    if (wrong != NULL) {
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "carenet help batch lists the options",
                 "%s", wrong);
        return FALSE;
    }
    /* Before anything is stored: what was stored would stay. */
    if (!cli_file_is_new(cli, "--lost", applying->lost_file, applying->force, error))
        return FALSE;
    return applying->hold == NULL ||
           cli_hold_parse("--hold", applying->hold, &applying->hold_s, error);
}

/* ---- Running. */

static carenet_table *
apply_plan(Cli *cli,
           const CliApplying *a,
           const CliPlanning *planning,
           const carenet_plan *plan,
           const carenet_cases *cases,
           GError **error)
{
    carenet_apply_options options;
    carenet_acting acting;
    CliWatch watch;
    carenet_table *rows = NULL;
    if (!cli_acting_fill(cli, &a->acting, &acting, error))
        return NULL;
    carenet_policy *policy = cli_planning_policy(cli, planning, error);
    if (policy == NULL)
        return NULL;
    carenet_apply_options_init(&options);
    options.send = a->send != FALSE;
    options.hold_s = a->hold_s;
    cli_watch_begin(&watch);
    options.cancel = watch.cancel;
    options.progress = cli_watch_show;
    options.progress_user = &watch;
    rows = carenet_plan_apply(plan, cli->store, policy, cases, &options, &acting, error);
    cli_watch_end(&watch);
    carenet_policy_unref(policy);
    return rows;
}

/* ---- Telling. */

typedef struct {
    gsize drafted, sent, already, lost, left;
} Counts;

static Counts
count_states(const carenet_table *rows)
{
    Counts counts = {0};
    for (gsize i = 0; i < carenet_table_rows_len(rows); i++) {
        const char *state = cli_cell_text(rows, i, "state");
        counts.drafted += strcmp(state, "drafted") == 0 ? 1 : 0;
        counts.sent += strcmp(state, "sent") == 0 ? 1 : 0;
        counts.already += strcmp(state, "already") == 0 ? 1 : 0;
        counts.lost += strcmp(state, "lost") == 0 ? 1 : 0;
        counts.left += strcmp(state, "left") == 0 ? 1 : 0;
    }
    return counts;
}

static char *
format_detail(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    const char *reason = cli_cell_text(rows, row, "reason");
    g_autofree char *offered = cli_cell_join(rows, row, "offered", ", ");
    if (reason != NULL)
        return g_strdup_printf("%s: %s", reason, cli_cell_text(rows, row, "detail"));
    return offered != NULL && *offered != '\0'
               ? g_strdup_printf("a free place is offered to %s", offered)
               : NULL;
}

static void
print_next(const Cli *cli, const CliApplying *a, const Counts *counts)
{
    if (a->acting.dry_run) {
        cli_note(cli, "Dry run: nothing has been changed\n");
        return;
    }
    if (counts->drafted > 0)
        cli_note(cli, "A draft holds no place and tells nobody. Next: carenet refer --send ID, or "
                      "carenet cancel ID --reason REASON\n");
    if (a->send && counts->already > 0)
        cli_note(cli,
                 "What was referred already is not sent again; drafts among it (carenet status "
                 "--state draft) wait for carenet refer --send ID\n");
    if (counts->sent > 0)
        cli_note(cli, "Places are held. Next: carenet status\n");
    if (counts->lost > 0 && a->lost_file == NULL)
        cli_note(cli, "Who lost can be routed again: the same once more with --lost FILE, then "
                      "carenet batch --cases FILE\n");
    if (counts->left > 0)
        cli_note(cli, "Stopped: the same plan once more does the rest\n");
}

static void
print_for_people(const Cli *cli,
                 const CliApplying *a,
                 const carenet_plan *plan,
                 const carenet_table *rows)
{
    static const CliColumn columns[] = {
        {{N_("CASE"), 0}, "case", NULL},
        {{N_("NEED"), CLI_RIGHT}, NULL, cli_need_format},
        {{N_("SERVICE"), 0}, "service", NULL},
        {{N_("OFFERING"), 0}, "offering", NULL},
        {{N_("STATE"), 0}, "state", NULL},
        {{N_("REFERRAL"), 0}, "referral", NULL},
        {{N_("DETAIL"), CLI_WRAP}, NULL, format_detail},
    };
    const Counts counts = count_states(rows);
    cli_plan_rows_print(cli, rows, columns, G_N_ELEMENTS(columns), (gsize)cli->limit);
    cli_print("\n");
    cli_note(cli, "%zu drafted, %zu sent, %zu referred already, %zu lost, %zu left\n",
             counts.drafted, counts.sent, counts.already, counts.lost, counts.left);
    if (carenet_plan_unmet_len(plan) > 0)
        cli_note(cli, "Needs of the plan that nobody takes: %zu\n", carenet_plan_unmet_len(plan));
    print_next(cli, a, &counts);
}

static gboolean
print_rows(const Cli *cli,
           const CliApplying *a,
           const carenet_plan *plan,
           const carenet_table *rows,
           GError **error)
{
    if (cli->format == CLI_TABLE) {
        cli_warnings_report(rows);
        print_for_people(cli, a, plan, rows);
        return TRUE;
    }
    CliAnswer answer = {.schema = "carenet.applied/1", .rows = rows};
    return cli_answer_print(cli, &answer, error);
}

/* Facts of cases: their owner's only. */
static gboolean
write_lost(const Cli *cli,
           const CliApplying *a,
           const carenet_cases *cases,
           const carenet_table *rows,
           GError **error)
{
    const gsize lost = count_states(rows).lost;
    if (a->lost_file == NULL || (lost == 0 && !g_file_test(a->lost_file, G_FILE_TEST_EXISTS)))
        return TRUE;
    char *text = carenet_plan_lost(cases, rows, error);
    const gboolean done =
        text != NULL && cli_file_write(cli, "--lost", a->lost_file, text, a->force, error);
    carenet_free(text);
    if (done)
        cli_say("%zu needs that lost their place are written to %s", lost, a->lost_file);
    return done;
}

static int
status_of(const carenet_table *rows, gboolean strict)
{
    const Counts counts = count_states(rows);
    return counts.left > 0 ? 6 : strict && counts.lost > 0 ? 1 : 0;
}

int
cli_applying_run(Cli *cli,
                 const CliApplying *a,
                 const CliPlanning *planning,
                 const carenet_plan *plan,
                 const carenet_cases *cases,
                 gboolean strict,
                 GError **error)
{
    int status = -1;
    carenet_plan *kept = a->plan_file != NULL ? carenet_plan_load(a->plan_file, error) : NULL;
    const carenet_plan *used = a->plan_file != NULL ? kept : plan;
    carenet_table *rows = used != NULL ? apply_plan(cli, a, planning, used, cases, error) : NULL;
    if (rows != NULL && write_lost(cli, a, cases, rows, error) &&
        print_rows(cli, a, used, rows, error))
        status = status_of(rows, strict);
    carenet_table_unref(rows);
    carenet_plan_unref(kept);
    return status;
}
