/* The parts of an answer as tables. */
#include "routing/route.h"

/* Calls for each need with its question ready. */
typedef void (*AddRows)(CnTableBuilder *table,
                        const CnRoutes *routes,
                        const CnNeedRoute *route,
                        const CnQuestion *question);

static void
add_key(CnTableBuilder *table, const CnRoutes *routes, const CnNeedRoute *route)
{
    cn_table_add_text(table, cn_routes_case(routes, route)->ref);
    cn_table_add_int64(table, route->need + 1);
}

static void
add_known(CnTableBuilder *table, gboolean known, gint64 value)
{
    if (known)
        cn_table_add_int64(table, value);
    else
        cn_table_add_null(table);
}

static const CnColumn need_columns[] = {
    {"case", CARENET_COLUMN_TEXT},      {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT},   {"urgency", CARENET_COLUMN_TEXT},
    {"units", CARENET_COLUMN_INT64},    {"offered", CARENET_COLUMN_INT64},
    {"eligible", CARENET_COLUMN_INT64}, {"reachable", CARENET_COLUMN_INT64},
    {"free", CARENET_COLUMN_INT64},     {"unmet", CARENET_COLUMN_BOOL},
    {"reason", CARENET_COLUMN_TEXT},    {"detail", CARENET_COLUMN_TEXT},
    {"advice", CARENET_COLUMN_TEXT},
};

static void
add_need(CnTableBuilder *table,
         const CnRoutes *routes,
         const CnNeedRoute *route,
         const CnQuestion *question)
{
    gboolean unmet = route->free == 0;
    g_autofree char *detail = unmet ? cn_route_unmet_detail(routes, route, CN_RULE_FULL) : NULL;
    g_autofree char *advice = unmet ? cn_route_unmet_advice(routes, route) : NULL;
    add_key(table, routes, route);
    cn_table_add_text(
        table, cn_service(question->listing->reference->taxonomy, question->need->service)->id);
    cn_table_add_text(table, cn_urgency_name(question->need->urgency));
    cn_table_add_int64(table, question->need->units);
    cn_table_add_int64(table, route->offered);
    cn_table_add_int64(table, route->eligible);
    cn_table_add_int64(table, route->reachable);
    cn_table_add_int64(table, route->free);
    cn_table_add_bool(table, unmet);
    cn_table_add_text(table, unmet ? cn_route_unmet_reason(route) : NULL);
    cn_table_add_text(table, detail);
    cn_table_add_text(table, advice);
}

static const CnColumn ranked_columns[] = {
    {"case", CARENET_COLUMN_TEXT},        {"need", CARENET_COLUMN_INT64},
    {"rank", CARENET_COLUMN_INT64},       {"provider", CARENET_COLUMN_TEXT},
    {"name", CARENET_COLUMN_TEXT},        {"offering", CARENET_COLUMN_TEXT},
    {"service", CARENET_COLUMN_TEXT},     {"place", CARENET_COLUMN_TEXT},
    {"cost", CARENET_COLUMN_INT64},       {"travel_min", CARENET_COLUMN_INT64},
    {"travel_band", CARENET_COLUMN_TEXT}, {"wait_days", CARENET_COLUMN_INT64},
    {"free", CARENET_COLUMN_INT64},       {"availability", CARENET_COLUMN_TEXT},
    {"contact", CARENET_COLUMN_TEXT},     {"phone", CARENET_COLUMN_TEXT},
    {"remote", CARENET_COLUMN_BOOL},      {"notes", CARENET_COLUMN_LIST},
    {"price", CARENET_COLUMN_INT64}, /* only where prices count */
};

static void
add_ranked_travel(CnTableBuilder *table, const CnRoutes *routes, const CnCandidate *candidate)
{
    gboolean shown = candidate->has_travel && !candidate->provider->restricted &&
                     candidate->travel.travel_min >= 0;
    g_autofree char *band =
        candidate->has_travel ? cn_travel_band(candidate->travel.travel_min,
                                               routes->policy->bands_min, routes->policy->bands_len)
                              : NULL;
    add_known(table, shown, candidate->travel.travel_min);
    cn_table_add_text(table, band);
}

static void
add_one_ranked(CnTableBuilder *table,
               const CnRoutes *routes,
               const CnNeedRoute *route,
               const CnQuestion *question,
               guint at)
{
    const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, at);
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, ranked->offering);
    CnUnit unit = candidate.service->unit;
    gboolean counted =
        candidate.capacity->known && unit != CN_UNIT_NONE && !candidate.provider->restricted;
    g_autoptr(GPtrArray) notes = cn_route_notes(route, question, &candidate);
    add_key(table, routes, route);
    cn_table_add_int64(table, at + 1);
    cn_table_add_text(table, cn_listed_text(question->listing, candidate.provider->id));
    cn_table_add_text(table, cn_listed_text(question->listing, candidate.provider->name));
    cn_table_add_text(table, cn_listed_text(question->listing, candidate.offered->id));
    cn_table_add_text(table, candidate.service->id);
    cn_table_add_text(table, cn_area_short_name(question->listing->reference->gazetteer,
                                                candidate.provider->area));
    cn_table_add_int64(table, ranked->cost);
    add_ranked_travel(table, routes, &candidate);
    add_known(table, candidate.capacity->wait_days >= 0, candidate.capacity->wait_days);
    add_known(table, counted, cn_capacity_free(candidate.capacity, unit));
    cn_table_add_text(table,
                      cn_availability_name(cn_capacity_availability(candidate.capacity, unit)));
    cn_table_add_text(table, cn_listed_text(question->listing, candidate.provider->contact));
    cn_table_add_text(table, cn_listed_text(question->listing, candidate.provider->phone));
    cn_table_add_bool(table, candidate.provider->remote);
    cn_table_add_list(table, (const char *const *)notes->pdata, notes->len);
    if (routes->prices != NULL)
        cn_table_add_int64(table, ranked->price);
}

static void
add_ranked(CnTableBuilder *table,
           const CnRoutes *routes,
           const CnNeedRoute *route,
           const CnQuestion *question)
{
    for (guint i = 0; i < route->ranked->len; i++)
        add_one_ranked(table, routes, route, question, i);
}

static const CnColumn line_columns[] = {
    {"case", CARENET_COLUMN_TEXT},     {"need", CARENET_COLUMN_INT64},
    {"offering", CARENET_COLUMN_TEXT}, {"name", CARENET_COLUMN_TEXT},
    {"value", CARENET_COLUMN_INT64},
};

static void
add_lines(CnTableBuilder *table,
          const CnRoutes *routes,
          const CnNeedRoute *route,
          const CnQuestion *question)
{
    for (guint i = 0; i < route->ranked->len; i++) {
        const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, i);
        for (guint line = 0; line < CN_COSTS_LEN; line++) {
            if (ranked->lines[line] == 0)
                continue;
            add_key(table, routes, route);
            cn_table_add_text(table,
                              cn_listed_text(question->listing,
                                             question->listing->offerings[ranked->offering].id));
            cn_table_add_text(table, cn_cost_name(routes->policy, line));
            cn_table_add_int64(table, ranked->lines[line]);
        }
    }
}

static const CnColumn refused_columns[] = {
    {"case", CARENET_COLUMN_TEXT},     {"need", CARENET_COLUMN_INT64},
    {"provider", CARENET_COLUMN_TEXT}, {"offering", CARENET_COLUMN_TEXT},
    {"reason", CARENET_COLUMN_TEXT},   {"detail", CARENET_COLUMN_TEXT},
};

static void
add_refused(CnTableBuilder *table,
            const CnRoutes *routes,
            const CnNeedRoute *route,
            const CnQuestion *question)
{
    for (guint i = 0; i < route->refused->len; i++) {
        const CnRefusal *refusal = &g_array_index(route->refused, CnRefusal, i);
        CnCandidate candidate;
        cn_candidate_init(&candidate, question, refusal->offering);
        g_autofree char *detail = cn_rule_detail(question, &candidate, refusal->rule);
        add_key(table, routes, route);
        cn_table_add_text(table, cn_listed_text(question->listing, candidate.provider->id));
        cn_table_add_text(table, cn_listed_text(question->listing, candidate.offered->id));
        cn_table_add_text(table, cn_rule_reason(refusal->rule));
        cn_table_add_text(table, detail);
    }
}

static const CnColumn change_columns[] = {
    {"case", CARENET_COLUMN_TEXT},  {"need", CARENET_COLUMN_INT64},
    {"kind", CARENET_COLUMN_TEXT},  {"offering", CARENET_COLUMN_TEXT},
    {"field", CARENET_COLUMN_TEXT}, {"from", CARENET_COLUMN_TEXT},
    {"to", CARENET_COLUMN_TEXT},
};

static void
add_changes(CnTableBuilder *table,
            const CnRoutes *routes,
            const CnNeedRoute *route,
            const CnQuestion *question)
{
    for (guint i = 0; i < route->changes->len; i++) {
        const CnChange *change = &g_array_index(route->changes, CnChange, i);
        g_autofree char *from = cn_change_from(change, question->listing);
        g_autofree char *to = cn_change_to(change, question->listing);
        add_key(table, routes, route);
        cn_table_add_text(table, cn_change_kind(change));
        cn_table_add_text(table, cn_listed_text(question->listing,
                                                question->listing->offerings[change->offering].id));
        cn_table_add_text(table, cn_change_field(change));
        cn_table_add_text(table, from);
        cn_table_add_text(table, to);
    }
}

carenet_table *
carenet_routes_table(const carenet_routes *routes, carenet_routes_part part)
{
    static const struct {
        carenet_routes_part part;
        const CnColumn *columns;
        guint columns_len;
        AddRows add_rows;
    } parts[] = {
        {CARENET_ROUTES_NEEDS, need_columns, G_N_ELEMENTS(need_columns), add_need},
        {CARENET_ROUTES_RANKED, ranked_columns, G_N_ELEMENTS(ranked_columns), add_ranked},
        {CARENET_ROUTES_LINES, line_columns, G_N_ELEMENTS(line_columns), add_lines},
        {CARENET_ROUTES_REFUSED, refused_columns, G_N_ELEMENTS(refused_columns), add_refused},
        {CARENET_ROUTES_CHANGES, change_columns, G_N_ELEMENTS(change_columns), add_changes},
    };
    for (gsize i = 0; routes != NULL && i < G_N_ELEMENTS(parts); i++) {
        if (parts[i].part != part)
            continue;
        const gboolean priceless = part == CARENET_ROUTES_RANKED && routes->prices == NULL;
        CnTableBuilder *table =
            cn_table_builder_new(parts[i].columns, parts[i].columns_len - (priceless ? 1 : 0));
        for (guint k = 0; k < routes->needs->len; k++) {
            const CnNeedRoute *route = cn_routes_need(routes, k);
            CnOrigin origin;
            CnQuestion question = cn_routes_question(routes, route, &origin);
            parts[i].add_rows(table, routes, route, &question);
        }
        return cn_table_builder_finish(table);
    }
    return NULL;
}
