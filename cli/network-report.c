#include "network-report.h"

#include "message.h"
#include "output.h"
#include "planning.h"
#include "screen.h"

#include <string.h>

void
cli_network_report_clear(CliNetworkReport *report)
{
    g_strfreev(report->regions);
    g_strfreev(report->services);
    g_free(report->policy_file);
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

/* ---- The call. */

static json_t *
list_to_json(char **list)
{
    json_t *array = json_array();
    for (gsize i = 0; list != NULL && list[i] != NULL; i++)
        json_array_append_new(array, json_string(list[i]));
    return array;
}

static gboolean
print_answer(const Cli *cli,
             carenet_report_kind kind,
             const CliNetworkReport *report,
             const carenet_policy *policy,
             const carenet_table *rows,
             GError **error)
{
    const gboolean gaps = kind == CARENET_REPORT_GAPS;
    if (cli->format == CLI_TABLE) {
        (gaps ? print_gaps : print_coverage)(cli, rows);
        return TRUE;
    }
    CliAnswer answer = {
        .schema = gaps ? "carenet.report.gaps/1" : "carenet.report.coverage/1",
        .query = json_pack("{s: o, s: o, s: b, s: s}", "regions", list_to_json(report->regions),
                           "services", list_to_json(report->services), "include_unconfirmed",
                           report->include_unconfirmed, "policy", carenet_policy_id(policy)),
        .rows = rows};
    return cli_answer_print(cli, &answer, error);
}

gboolean
cli_network_report(Cli *cli,
                   carenet_report_kind kind,
                   const CliNetworkReport *report,
                   GError **error)
{
    const CliPlanning planning = {.policy_file = report->policy_file};
    carenet_report_query query;
    carenet_report_query_init(&query);
    if (!cli_directory_open(cli, error) || !cli_reference_open(cli, error))
        return FALSE;
    query.regions = cli_strings(report->regions);
    query.regions_len = cli_strings_len(report->regions);
    query.services = cli_strings(report->services);
    query.services_len = cli_strings_len(report->services);
    query.include_unconfirmed = report->include_unconfirmed != FALSE;
    query.now_s = cli_now(cli);
    carenet_policy *policy = cli_planning_policy(cli, &planning, error);
    carenet_table *rows =
        policy != NULL ? carenet_report_table(cli->directory, policy, kind, &query, error) : NULL;
    const gboolean done = rows != NULL && print_answer(cli, kind, report, policy, rows, error);
    carenet_table_unref(rows);
    carenet_policy_unref(policy);
    return done;
}
