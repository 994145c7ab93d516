#include "network-report.h"

#include "file.h"
#include "message.h"
#include "output.h"
#include "screen.h"

#include <string.h>

const char *const cli_report_names[] = {"indicators", "coverage", "gaps",   "capacity", "flow",
                                        "waiting",    "unmet",    "funnel", "full",     NULL};

carenet_report_kind
cli_report_kind(gint name)
{
    static const carenet_report_kind kinds[] = {
        CARENET_REPORT_INDICATORS, CARENET_REPORT_COVERAGE, CARENET_REPORT_GAPS,
        CARENET_REPORT_CAPACITY,   CARENET_REPORT_FLOW,     CARENET_REPORT_WAITING,
        CARENET_REPORT_UNMET,      CARENET_REPORT_FUNNEL,   CARENET_REPORT_FULL};
    return kinds[name];
}

void
cli_network_report_clear(CliNetworkReport *report)
{
    cli_planning_clear(&report->planning);
    g_strfreev(report->regions);
    g_strfreev(report->services);
    g_free(report->output);
}

/* ---- Gaps for people: shares, which are easier to compare than numbers of people. */

#define WITHIN "within_"

/* The headings, and the columns that they are made from. */
typedef struct {
    GArray *headings;   /* (element-type CliHeading) */
    GPtrArray *columns; /* (element-type utf8) borrowed from the table */
    GPtrArray *owned;   /* (element-type utf8) headings that are made */
} Gaps;

static void
add_heading(Gaps *gaps, const char *heading, guint flags, const char *column)
{
    const CliHeading of = {heading, flags};
    g_array_append_val(gaps->headings, of);
    g_ptr_array_add(gaps->columns, (gpointer)column);
}

static void
plan_columns(Gaps *gaps, const carenet_table *rows)
{
    add_heading(gaps, N_("SERVICE"), 0, "service");
    add_heading(gaps, N_("AREA"), 0, "area");
    add_heading(gaps, N_("PEOPLE"), CLI_RIGHT, "population");
    add_heading(gaps, N_("OFFERINGS"), CLI_RIGHT, "offerings");
    add_heading(gaps, N_("FREE"), CLI_RIGHT, "available");
    for (gsize i = 0; i < carenet_table_columns_len(rows); i++) {
        const char *name = carenet_table_column_name(rows, i);
        if (!g_str_has_prefix(name, WITHIN))
            continue;
        char *heading = g_strdup_printf("<=%s", name + strlen(WITHIN));
        g_ptr_array_add(gaps->owned, heading);
        add_heading(gaps, heading, CLI_RIGHT, name);
    }
    add_heading(gaps, N_("BEYOND"), CLI_RIGHT, "beyond");
    add_heading(gaps, N_("NO OFFERING ACCEPTS"), CLI_WRAP, "nobody");
}

/* A share is rounded down, so that 100% is everybody; who are left over are never 0%. */
static char *
format_share(gint64 part, gint64 whole, gboolean left_over)
{
    if (whole <= 0)
        return NULL;
    const gint64 percent = left_over ? (part * 100 + whole - 1) / whole : part * 100 / whole;
    return g_strdup_printf("%" G_GINT64_FORMAT "%%", percent);
}

static char *
format_gap(const carenet_table *rows, gsize row, const char *column)
{
    if (strcmp(column, "nobody") == 0)
        return cli_cell_join(rows, row, column, ", ");
    if (g_str_has_prefix(column, WITHIN) || strcmp(column, "beyond") == 0)
        return format_share(cli_cell_int(rows, row, column), cli_cell_int(rows, row, "population"),
                            strcmp(column, "beyond") == 0);
    if (cli_cell_text(rows, row, column) != NULL)
        return g_strdup(cli_cell_text(rows, row, column));
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, column));
}

static void
print_gap(CliScreen *screen, const Gaps *gaps, const carenet_table *rows, gsize row)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < gaps->columns->len; i++) {
        char *cell = format_gap(rows, row, g_ptr_array_index(gaps->columns, i));
        if (cell != NULL && *cell == '\0')
            g_clear_pointer(&cell, g_free);
        g_ptr_array_add(cells, cell);
    }
    cli_screen_add(screen, (const char *const *)cells->pdata);
}

static void
print_gaps(const Cli *cli, const carenet_table *rows)
{
    g_autoptr(GArray) headings = g_array_new(FALSE, FALSE, sizeof(CliHeading));
    g_autoptr(GPtrArray) columns = g_ptr_array_new();
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    Gaps gaps = {headings, columns, owned};
    plan_columns(&gaps, rows);
    CliScreen *screen = cli_screen_new(cli, (const CliHeading *)headings->data, headings->len);
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        print_gap(screen, &gaps, rows, row);
    cli_screen_print(screen);
    cli_note(cli, "Shares of the people who live there, by how far the nearest offering is, "
                  "wherever it is\n");
    cli_note(cli, "Needs of cases: carenet gaps --cases FILE\n");
}

/* ---- Coverage. */

static char *
format_offerings(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, "offerings"));
}

static char *
format_available(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, "available"));
}

static char *
format_within(const carenet_table *rows, gsize row, gint64 now_s)
{
    (void)now_s;
    if (cli_cell_is_null(rows, row, "within_percent"))
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT "%% in %" G_GINT64_FORMAT "min",
                           cli_cell_int(rows, row, "within_percent"),
                           cli_cell_int(rows, row, "within_min"));
}

/* One line an area: how much of the package it has, and what it lacks. */
static gsize
print_area(const Cli *cli, const carenet_table *rows, gsize first)
{
    const char *area = cli_cell_text(rows, first, "area");
    g_autoptr(GString) lacks = g_string_new(NULL);
    gsize row = first;
    guint covered = 0;
    for (; row < carenet_table_rows_len(rows) &&
           g_strcmp0(cli_cell_text(rows, row, "area"), area) == 0;
         row++) {
        const char *state = cli_cell_text(rows, row, "state");
        if (g_strcmp0(state, "covered") == 0) {
            covered++;
            continue;
        }
        g_string_append_printf(lacks, "%s%s (%s)", lacks->len > 0 ? ", " : "",
                               cli_cell_text(rows, row, "service"), state);
    }
    if (lacks->len == 0)
        cli_note(cli, "%s: all %u services of the package\n", area, covered);
    else
        cli_note(cli, "%s: %u of %u services of the package; not covered: %s\n", area, covered,
                 (guint)(row - first), lacks->str);
    return row;
}

static void
print_coverage(const Cli *cli, const carenet_table *rows)
{
    static const CliColumn columns[] = {
        {{N_("AREA"), 0}, "area", NULL},
        {{N_("SERVICE"), 0}, "service", NULL},
        {{N_("STATE"), 0}, "state", NULL},
        {{N_("OFFERINGS"), CLI_RIGHT}, NULL, format_offerings},
        {{N_("FREE"), CLI_RIGHT}, NULL, format_available},
        {{N_("PEOPLE WITHIN"), CLI_RIGHT}, NULL, format_within},
        {{N_("WHAT IS MISSING"), CLI_WRAP}, "detail", NULL},
    };
    cli_screen_table(cli, rows, columns, G_N_ELEMENTS(columns), 0);
    for (gsize row = 0; row < carenet_table_rows_len(rows);)
        row = print_area(cli, rows, row);
}

/* ---- Figures for people: as they stand in the table. */

static char *
format_figure(const carenet_table *rows, gsize row, gsize column)
{
    const char *name = carenet_table_column_name(rows, column);
    if (carenet_table_is_null(rows, row, column))
        return carenet_table_column_type(rows, column) == CARENET_COLUMN_INT64 &&
                       cli_cell_bool(rows, row, "suppressed")
                   ? g_strdup(cli_translate(N_("suppressed")))
                   : NULL;
    switch (carenet_table_column_type(rows, column)) {
    case CARENET_COLUMN_INT64:
        return g_strdup_printf("%" G_GINT64_FORMAT, cli_cell_int(rows, row, name));
    case CARENET_COLUMN_BOOL:
        return g_strdup(cli_cell_bool(rows, row, name) ? "yes" : "no");
    default:
        return g_strdup(cli_cell_text(rows, row, name));
    }
}

static void
print_figures(const Cli *cli, const carenet_table *rows)
{
    g_autoptr(GArray) headings = g_array_new(FALSE, FALSE, sizeof(CliHeading));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    /* The last column says what is suppressed, which the cells say themselves. */
    const gsize len = carenet_table_columns_len(rows) - 1;
    for (gsize column = 0; column < len; column++) {
        char *name = g_ascii_strup(carenet_table_column_name(rows, column), -1);
        const CliHeading heading = {
            name, carenet_table_column_type(rows, column) == CARENET_COLUMN_INT64 ? CLI_RIGHT : 0};
        g_ptr_array_add(names, g_strdelimit(name, "_", ' '));
        g_array_append_val(headings, heading);
    }
    CliScreen *screen = cli_screen_new(cli, (const CliHeading *)headings->data, len);
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        for (gsize column = 0; column < len; column++)
            g_ptr_array_add(cells, format_figure(rows, row, column));
        cli_screen_add(screen, (const char *const *)cells->pdata);
    }
    cli_screen_print(screen);
}

/* ---- The question. */

/* What was opened for one report. */
typedef struct {
    carenet_policy *policy;
    carenet_table *referrals;
    carenet_cases *cases;
    carenet_plan *plan;
    carenet_report_query query;
} Opened;

static void
close_all(Opened *opened)
{
    carenet_plan_unref(opened->plan);
    carenet_cases_unref(opened->cases);
    carenet_table_unref(opened->referrals);
    carenet_policy_unref(opened->policy);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, close_all)

static gboolean
needs_plan(carenet_report_kind kind)
{
    return kind == CARENET_REPORT_UNMET || kind == CARENET_REPORT_FUNNEL;
}

static gboolean
open_cases(const Cli *cli,
           CliNetworkReport *report,
           carenet_report_kind kind,
           Opened *opened,
           GError **error)
{
    if (report->planning.cases_file == NULL) {
        if (!needs_plan(kind))
            return TRUE;
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "add --cases FILE",
                 "that report is about the cases of a list");
        return FALSE;
    }
    opened->cases = cli_planning_cases(cli, &report->planning, error);
    if (opened->cases == NULL)
        return FALSE;
    if (!needs_plan(kind) && kind != CARENET_REPORT_FULL)
        return TRUE;
    opened->plan = cli_planning_run(cli, &report->planning, cli->directory, opened->policy,
                                    opened->cases, NULL, error);
    report->stopped = opened->plan != NULL && cli_plan_status(opened->plan, 0) != 0;
    return opened->plan != NULL;
}

/* Only a store has referrals. */
static gboolean
open_referrals(const Cli *cli, carenet_report_kind kind, Opened *opened, GError **error)
{
    carenet_referral_query query;
    if (cli->store == NULL || (kind != CARENET_REPORT_FLOW && kind != CARENET_REPORT_WAITING &&
                               kind != CARENET_REPORT_FULL))
        return TRUE;
    carenet_referral_query_init(&query);
    query.now_s = cli_now(cli);
    opened->referrals = carenet_referral_list(cli->store, &query, error);
    return opened->referrals != NULL;
}

static gboolean
open_all(Cli *cli,
         CliNetworkReport *report,
         carenet_report_kind kind,
         Opened *opened,
         GError **error)
{
    carenet_report_query *query = &opened->query;
    if ((cli->directory == NULL && !cli_directory_open(cli, error)) ||
        !cli_reference_open(cli, error))
        return FALSE;
    if (report->planning.threads == 0)
        report->planning.threads = cli_threads();
    opened->policy = cli_planning_policy(cli, &report->planning, error);
    if (opened->policy == NULL || !open_cases(cli, report, kind, opened, error) ||
        !open_referrals(cli, kind, opened, error))
        return FALSE;
    carenet_report_query_init(query);
    query->regions = cli_strings(report->regions);
    query->regions_len = cli_strings_len(report->regions);
    query->services = cli_strings(report->services);
    query->services_len = cli_strings_len(report->services);
    query->include_unconfirmed = report->planning.include_unconfirmed != FALSE;
    query->now_s = cli_now(cli);
    query->profile = report->profile;
    query->from = report->from, query->to = report->to;
    query->referrals = opened->referrals;
    query->cases = opened->cases;
    query->plan = opened->plan;
    query->programme = report->programme;
    query->indicators = report->indicators;
    return TRUE;
}

/* ---- The answer. */

static json_t *
list_to_json(char **list)
{
    json_t *array = json_array();
    for (gsize i = 0; list != NULL && list[i] != NULL; i++)
        json_array_append_new(array, json_string(list[i]));
    return array;
}

static void
print_table(const Cli *cli, carenet_report_kind kind, const carenet_table *rows)
{
    if (kind == CARENET_REPORT_GAPS)
        print_gaps(cli, rows);
    else if (kind == CARENET_REPORT_COVERAGE)
        print_coverage(cli, rows);
    else
        print_figures(cli, rows);
}

static gboolean
print_answer(const Cli *cli,
             carenet_report_kind kind,
             const CliNetworkReport *report,
             const Opened *opened,
             const carenet_table *rows,
             GError **error)
{
    static const char *const profiles[] = {"internal", "partner", "funder"};
    gint name = 0;
    if (cli->format == CLI_TABLE) {
        print_table(cli, kind, rows);
        return TRUE;
    }
    while (cli_report_kind(name) != kind)
        name++;
    g_autofree char *schema = g_strdup_printf("carenet.report.%s/1", cli_report_names[name]);
    CliAnswer answer = {.schema = schema,
                        .query = json_pack("{s: o, s: o, s: b, s: s, s: s?, s: s?, s: s}",
                                           "regions", list_to_json(report->regions), "services",
                                           list_to_json(report->services), "include_unconfirmed",
                                           report->planning.include_unconfirmed, "policy",
                                           carenet_policy_id(opened->policy), "from", report->from,
                                           "to", report->to, "profile", profiles[report->profile]),
                        .rows = rows};
    return cli_answer_print(cli, &answer, error);
}

static gboolean
write_page(const Cli *cli, const CliNetworkReport *report, const char *html, GError **error)
{
    if (report->output == NULL) {
        cli_print_raw(html);
        return TRUE;
    }
    if (!cli_file_write(cli, "--output", report->output, html, report->force, error))
        return FALSE;
    cli_say("%s is written", report->output);
    return TRUE;
}

/* A file is HTML; there is no other way to write everything. */
static gboolean
wants_html(const Cli *cli, carenet_report_kind kind, const CliNetworkReport *report)
{
    return cli->format == CLI_HTML ||
           (cli->format_text == NULL && (kind == CARENET_REPORT_FULL || report->output != NULL));
}

gboolean
cli_network_report_check(const Cli *cli,
                         carenet_report_kind kind,
                         const CliNetworkReport *report,
                         GError **error)
{
    if (wants_html(cli, kind, report))
        return TRUE;
    if (kind == CARENET_REPORT_FULL)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "leave --format out, or ask for one report",
                 "the full report is HTML");
    else if (report->output != NULL)
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, "send the other formats to a file with >",
                 "-o is for HTML");
    else
        return TRUE;
    return FALSE;
}

gboolean
cli_network_report(Cli *cli, carenet_report_kind kind, CliNetworkReport *report, GError **error)
{
    g_auto(Opened) opened = {0};
    if (!open_all(cli, report, kind, &opened, error))
        return FALSE;
    if (wants_html(cli, kind, report)) {
        char *html = carenet_report_html(cli->directory, opened.policy, kind, &opened.query, error);
        const gboolean written = html != NULL && write_page(cli, report, html, error);
        carenet_free(html);
        return written;
    }
    carenet_table *rows =
        carenet_report_table(cli->directory, opened.policy, kind, &opened.query, error);
    report->none = rows != NULL && carenet_table_rows_len(rows) == 0 &&
                   (kind == CARENET_REPORT_FLOW || kind == CARENET_REPORT_WAITING);
    const gboolean done = rows != NULL && print_answer(cli, kind, report, &opened, rows, error);
    if (done && report->none)
        cli_say("there are no such referrals");
    carenet_table_unref(rows);
    return done;
}
