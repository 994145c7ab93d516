/* The answer of route as JSON, schema "carenet.route/1". Built from the tables, so that every output
 * says the same. */
#include "routing/route.h"

#include <errno.h>
#include <jansson.h>

/* The rows of one need in a table that begins with case and need; rows of a need follow each other,
 * so one pass over each table serves all needs. */
typedef struct {
    carenet_table *table;
    size_t row;
} Cursor;

static gboolean
next_of(Cursor *cursor, const char *ref, int64_t need, size_t *out_row)
{
    if (cursor->row >= carenet_table_rows_len(cursor->table) ||
        g_strcmp0(carenet_table_get_text(cursor->table, cursor->row, 0), ref) != 0 ||
        carenet_table_get_int64(cursor->table, cursor->row, 1) != need)
        return FALSE;
    *out_row = cursor->row++;
    return TRUE;
}

static json_t *
cell_to_json(const carenet_table *table, size_t row, size_t column)
{
    if (carenet_table_is_null(table, row, column))
        return json_null();
    switch (carenet_table_column_type(table, column)) {
    case CARENET_COLUMN_INT64:
        return json_integer(carenet_table_get_int64(table, row, column));
    case CARENET_COLUMN_BOOL:
        return json_boolean(carenet_table_get_bool(table, row, column));
    case CARENET_COLUMN_LIST: {
        json_t *list = json_array();
        for (size_t i = 0; i < carenet_table_list_len(table, row, column); i++)
            json_array_append_new(list, json_string(carenet_table_list_get(table, row, column, i)));
        return list;
    }
    default:
        return json_string(carenet_table_get_text(table, row, column));
    }
}

/* A row without its case and need, which the document around it says. */
static json_t *
row_to_json(const carenet_table *table, size_t row)
{
    json_t *object = json_object();
    for (size_t column = 2; column < carenet_table_columns_len(table); column++)
        json_object_set_new(object, carenet_table_column_name(table, column),
                            cell_to_json(table, row, column));
    return object;
}

typedef struct {
    Cursor ranked, lines, refused, changes;
} Cursors;

static json_t *
lines_to_json(Cursor *lines, const char *ref, int64_t need, const char *offering)
{
    json_t *list = json_array();
    size_t row = 0;
    while (lines->row < carenet_table_rows_len(lines->table) &&
           g_strcmp0(carenet_table_get_text(lines->table, lines->row, 2), offering) == 0 &&
           next_of(lines, ref, need, &row)) {
        json_t *line = row_to_json(lines->table, row);
        json_object_del(line, "offering");
        json_array_append_new(list, line);
    }
    return list;
}

static json_t *
ranked_to_json(Cursors *cursors, const char *ref, int64_t need)
{
    json_t *list = json_array();
    size_t row = 0;
    while (next_of(&cursors->ranked, ref, need, &row)) {
        json_t *ranked = row_to_json(cursors->ranked.table, row);
        json_object_set_new(ranked, "lines",
                            lines_to_json(&cursors->lines, ref, need,
                                          json_string_value(json_object_get(ranked, "offering"))));
        json_array_append_new(list, ranked);
    }
    return list;
}

static json_t *
rows_to_json(Cursor *cursor, const char *ref, int64_t need)
{
    json_t *list = json_array();
    size_t row = 0;
    while (next_of(cursor, ref, need, &row))
        json_array_append_new(list, row_to_json(cursor->table, row));
    return list;
}

static json_t *
unmet_to_json(Cursor *changes, const char *ref, int64_t need, json_t *facts)
{
    if (!json_is_true(json_object_get(facts, "unmet")))
        return json_null();
    return json_pack("{s:O, s:O, s:O, s:o}", "reason", json_object_get(facts, "reason"), "detail",
                     json_object_get(facts, "detail"), "advice", json_object_get(facts, "advice"),
                     "change", rows_to_json(changes, ref, need));
}

static json_t *
need_to_json(Cursors *cursors, const carenet_table *needs, size_t row)
{
    const char *ref = carenet_table_get_text(needs, row, 0);
    int64_t need = carenet_table_get_int64(needs, row, 1);
    json_t *facts = row_to_json(needs, row);
    json_t *object =
        json_pack("{s:I, s:O, s:O, s:O}", "need", (json_int_t)need, "service",
                  json_object_get(facts, "service"), "urgency", json_object_get(facts, "urgency"),
                  "units", json_object_get(facts, "units"));
    json_object_set_new(object, "ranked", ranked_to_json(cursors, ref, need));
    json_object_set_new(
        object, "funnel",
        json_pack("{s:O, s:O, s:O, s:O}", "offered", json_object_get(facts, "offered"), "eligible",
                  json_object_get(facts, "eligible"), "reachable",
                  json_object_get(facts, "reachable"), "free", json_object_get(facts, "free")));
    json_object_set_new(object, "refused", rows_to_json(&cursors->refused, ref, need));
    json_object_set_new(object, "unmet", unmet_to_json(&cursors->changes, ref, need, facts));
    json_decref(facts);
    return object;
}

static json_t *
cases_to_json(const CnRoutes *routes, Cursors *cursors)
{
    carenet_table *needs = carenet_routes_table(routes, CARENET_ROUTES_NEEDS);
    json_t *cases = json_array();
    size_t row = 0;
    for (guint i = 0; i < routes->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(routes->cases->cases, i);
        json_t *list = json_array();
        for (guint k = 0; k < person->needs->len; k++)
            json_array_append_new(list, need_to_json(cursors, needs, row++));
        json_array_append_new(cases, json_pack("{s:s, s:o}", "ref", person->ref, "needs", list));
    }
    carenet_table_unref(needs);
    return cases;
}

char *
carenet_routes_to_json(const carenet_routes *routes)
{
    if (routes == NULL)
        return NULL;
    Cursors cursors = {{carenet_routes_table(routes, CARENET_ROUTES_RANKED), 0},
                       {carenet_routes_table(routes, CARENET_ROUTES_LINES), 0},
                       {carenet_routes_table(routes, CARENET_ROUTES_REFUSED), 0},
                       {carenet_routes_table(routes, CARENET_ROUTES_CHANGES), 0}};
    g_autofree char *now = cn_instant_format_s(routes->now_s);
    errno = 0;
    json_t *document = json_pack(
        "{s:s, s:{s:s, s:I}, s:s, s:s, s:o}", "schema", "carenet.route/1", "directory", "digest",
        cn_directory_digest(routes->directory), "revision", (json_int_t)routes->directory->revision,
        "policy", routes->policy->id, "as_of", now, "cases", cases_to_json(routes, &cursors));
    char *text = json_dumps(document, JSON_COMPACT);
    /* jansson leaves out what it has no memory for. */
    char *copy = errno != ENOMEM ? g_strdup(text) : NULL;
    free(text);
    json_decref(document);
    carenet_table_unref(cursors.ranked.table);
    carenet_table_unref(cursors.lines.table);
    carenet_table_unref(cursors.refused.table);
    carenet_table_unref(cursors.changes.table);
    return copy;
}
