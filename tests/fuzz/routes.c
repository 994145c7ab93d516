/* See routes.h. */
#include "routes.h"

#include "base/date.h"
#include "routing/route.h"

#include "fuzz.h"

#include <string.h>

/* A part of the answer, read by the names of its columns. */
typedef struct {
    carenet_table *table;
    size_t rows;
} Part;

static Part
open_part(const carenet_routes *routes, carenet_routes_part part)
{
    Part opened = {.table = carenet_routes_table(routes, part)};
    g_assert_nonnull(opened.table);
    fuzz_check_table(opened.table);
    opened.rows = carenet_table_rows_len(opened.table);
    return opened;
}

static size_t
column(const Part *part, const char *name)
{
    ptrdiff_t at = carenet_table_column_index(part->table, name);
    g_assert_cmpint(at, >=, 0);
    return (size_t)at;
}

static gint64
number(const Part *part, size_t row, const char *name)
{
    return carenet_table_get_int64(part->table, row, column(part, name));
}

static const char *
text(const Part *part, size_t row, const char *name)
{
    return carenet_table_get_text(part->table, row, column(part, name));
}

static gboolean
same_need(const Part *a, size_t row_a, const Part *b, size_t row_b)
{
    return number(a, row_a, "need") == number(b, row_b, "need") &&
           strcmp(text(a, row_a, "case"), text(b, row_b, "case")) == 0;
}

/* The rows of a part are grouped by need, in the order of the needs; *row moves behind them. */
static size_t
count_rows(const Part *part, size_t *row, const Part *needs, size_t need)
{
    size_t first = *row;
    while (*row < part->rows && same_need(part, *row, needs, need))
        (*row)++;
    return *row - first;
}

/* offered >= eligible >= reachable >= free; what is listed adds up to them. */
static void
check_funnel(const Part *needs, const Part *ranked, const Part *refused, size_t top)
{
    size_t at_ranked = 0, at_refused = 0;
    for (size_t i = 0; i < needs->rows; i++) {
        gint64 offered = number(needs, i, "offered"), eligible = number(needs, i, "eligible");
        gint64 reachable = number(needs, i, "reachable"), room = number(needs, i, "free");
        g_assert_true(offered >= eligible && eligible >= reachable && reachable >= room);
        g_assert_cmpint(room, >=, 0);
        size_t unmet = column(needs, "unmet");
        g_assert_true(carenet_table_get_bool(needs->table, i, unmet) == (room == 0));
        g_assert_true((text(needs, i, "reason") != NULL) == (room == 0));
        size_t listed = count_rows(ranked, &at_ranked, needs, i);
        g_assert_cmpuint(listed, ==, top == 0 ? (size_t)room : MIN((size_t)room, top));
        size_t left_out = count_rows(refused, &at_refused, needs, i);
        g_assert_cmpuint(left_out, ==, (size_t)(offered - room));
    }
    g_assert_true(at_ranked == ranked->rows && at_refused == refused->rows);
}

/* Costs never fall; of siblings who must stay together, the sums of their costs do not. */
static void
check_order(const carenet_routes *routes)
{
    for (guint i = 0; i < routes->needs->len; i++) {
        const CnNeedRoute *route = cn_routes_need(routes, i);
        for (guint k = 0; k < route->ranked->len; k++) {
            const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, k);
            g_assert_cmpint(ranked->cost, <=, ranked->group_cost);
            g_assert_true(route->companions.together->len > 0 ||
                          ranked->cost == ranked->group_cost);
            g_assert_true(k == 0 || (ranked - 1)->group_cost <= ranked->group_cost);
        }
    }
}

/* Ranks count from 1, and the lines of an offering add up to its cost. */
static void
check_costs(const Part *ranked, const Part *lines)
{
    size_t line = 0;
    for (size_t i = 0; i < ranked->rows; i++) {
        gint64 cost = number(ranked, i, "cost"), sum = 0;
        gboolean first = i == 0 || !same_need(ranked, i, ranked, i - 1);
        g_assert_cmpint(number(ranked, i, "rank"), ==,
                        first ? 1 : number(ranked, i - 1, "rank") + 1);
        for (; line < lines->rows && same_need(lines, line, ranked, i) &&
               strcmp(text(lines, line, "offering"), text(ranked, i, "offering")) == 0;
             line++) {
            g_assert_cmpint(number(lines, line, "value"), >=, 0);
            sum += number(lines, line, "value");
        }
        g_assert_cmpint(sum, ==, cost);
    }
    g_assert_cmpuint(line, ==, lines->rows);
}

static void
check_parts(const carenet_routes *routes, size_t top)
{
    Part needs = open_part(routes, CARENET_ROUTES_NEEDS);
    Part ranked = open_part(routes, CARENET_ROUTES_RANKED);
    Part lines = open_part(routes, CARENET_ROUTES_LINES);
    Part refused = open_part(routes, CARENET_ROUTES_REFUSED);
    Part changes = open_part(routes, CARENET_ROUTES_CHANGES);
    g_assert_cmpuint(needs.rows, ==, carenet_routes_needs_len(routes));
    check_funnel(&needs, &ranked, &refused, top);
    check_costs(&ranked, &lines);
    check_order(routes);
    carenet_table_unref(needs.table);
    carenet_table_unref(ranked.table);
    carenet_table_unref(lines.table);
    carenet_table_unref(refused.table);
    carenet_table_unref(changes.table);
}

void
fuzz_check_routes(const carenet_directory *directory,
                  const carenet_policy *policy,
                  const carenet_cases *cases,
                  const carenet_route_options *options)
{
    g_autoptr(GError) error = NULL;
    carenet_routes *routes = carenet_route(directory, policy, cases, options, &error);
    /* Ids to be avoided that nobody knows refuse the question. */
    if (carenet_error_get_code(error) == CARENET_ERROR_INVALID_DATA)
        return;
    /* So does an instant with which sums overflow. */
    if (!cn_instant_is_usable(options->now_s) || !cn_instant_is_usable(options->at_s)) {
        g_assert_cmpint(carenet_error_get_code(error), ==, CARENET_ERROR_INVALID_ARGUMENT);
        return;
    }
    g_assert_no_error(error);
    check_parts(routes, options->top);
    g_autofree char *json = carenet_routes_to_json(routes);
    g_autofree char *why = carenet_routes_explain(routes);
    fuzz_check_json(json);
    g_assert_true(g_utf8_validate(why, -1, NULL));
    carenet_routes *again = carenet_route(directory, policy, cases, options, NULL);
    g_autofree char *json_again = carenet_routes_to_json(again);
    g_assert_cmpstr(json, ==, json_again);
    carenet_routes_unref(again);
    carenet_routes_unref(routes);
}
