/* Routing one need: every offering that could meet it is put to the hard rules (the funnel), and what passes is costed and
 * ranked. Siblings who must stay together are ranked by the sum of their costs, so that all of them come to the same first
 * choice. Ties are broken by the offering's id, so the order is total and depends on nothing else. */
#include "routing/fairness.h"
#include "routing/route-private.h"

#include "directory/plug.h"

/* Far above any price of use, and far enough below the end for costs to be added. */
#define PRICE_MOST (G_MAXINT64 / 4)

static void
count_stages(const CnRouteWalk *walk)
{
    CnNeedRoute *route = walk->route;
    for (guint rule = 0; rule <= CN_RULE_NONE; rule++) {
        const guint offerings = walk->first_broken[rule];
        const CnStage reached =
            rule == CN_RULE_NONE ? CN_STAGE_FREE : (CnStage)(cn_rule_stage(rule) - 1);
        route->offered += offerings;
        route->eligible += reached >= CN_STAGE_ELIGIBLE ? offerings : 0;
        route->reachable += reached >= CN_STAGE_REACHABLE ? offerings : 0;
        route->free += reached >= CN_STAGE_FREE ? offerings : 0;
    }
}

static void
meet_siblings(CnRouteWalk *walk)
{
    const GPtrArray *together = walk->route->companions.together;
    walk->siblings = g_new(CnSiblingWay, together->len);
    for (guint i = 0; i < together->len; i++) {
        const CnCase *person = g_ptr_array_index(together, i);
        CnSiblingWay *sibling = &walk->siblings[i];
        sibling->question = cn_question_of_sibling(&walk->question, person);
        sibling->question.origin = person->area != CN_AREA_NONE ? &sibling->origin : NULL;
        cn_origin_init(&sibling->origin, walk->question.listing->reference->gazetteer,
                       &walk->question.policy->speeds, person->area);
    }
}

gint64
cn_walk_cost_of_siblings(const CnRouteWalk *walk, guint offering)
{
    gint64 sum = 0, lines[CN_COSTS_LEN];
    for (guint i = 0; i < walk->route->companions.together->len; i++) {
        CnCandidate candidate;
        cn_candidate_init(&candidate, &walk->siblings[i].question, offering);
        sum += cn_cost_lines(&walk->siblings[i].question, &candidate, TRUE, lines);
    }
    return sum;
}

static gint
compare_ranked(gconstpointer x, gconstpointer y)
{
    const CnRanked *a = x, *b = y;
    if (a->by != b->by)
        return a->by < b->by ? -1 : 1;
    return (a->offering > b->offering) - (a->offering < b->offering);
}

/* The best so far stand in their order, no more of them than are asked for; all of them, in any order,
 * where all are asked for. */
static void
keep_best(CnRouteWalk *walk, const CnRanked *ranked)
{
    GArray *best = walk->route->ranked;
    gsize most = walk->routes->options.top;
    guint at = best->len;
    if (most == 0) {
        g_array_append_vals(best, ranked, 1);
        return;
    }
    while (at > 0 && compare_ranked(ranked, &g_array_index(best, CnRanked, at - 1)) < 0)
        at--;
    if (at >= most)
        return;
    g_array_insert_vals(best, at, ranked, 1);
    if (best->len > most)
        g_array_set_size(best, (guint)most);
}

/* What the next places there cost for their use, each as far as it is more than @above. */
static gint64
use_of(const CnRouteWalk *walk, guint offering, gint32 places, gint64 above)
{
    return cn_fair_cost(walk->question.policy, walk->question.listing, offering, 0, places, above);
}

/* What so many places there are worth to others, besides what they cost for their use. */
static gint64
price_of(const CnRouteWalk *walk, guint offering, gint32 places)
{
    gint64 price = 0;
    if (walk->routes->prices == NULL)
        return 0;
    const gint64 one = walk->routes->prices[offering];
    if (__builtin_mul_overflow(one, places, &price))
        return PRICE_MOST;
    return MIN(price + use_of(walk, offering, places, one) - use_of(walk, offering, places, 0),
               PRICE_MOST);
}

static void
rank(CnRouteWalk *walk, CnCandidate *candidate)
{
    CnNeedRoute *route = walk->route;
    CnRanked ranked = {.offering = candidate->offering};
    cn_candidate_go(candidate, &walk->question);
    ranked.cost = cn_cost_lines(&walk->question, candidate,
                                cn_companions_fit(route, &walk->question, candidate), ranked.lines);
    ranked.group_cost = ranked.cost + cn_walk_cost_of_siblings(walk, candidate->offering) +
                        use_of(walk, candidate->offering, cn_places_wanted(&walk->question), 0);
    ranked.lines[CN_COST_USE] = use_of(walk, candidate->offering, walk->question.need->units, 0);
    ranked.cost += ranked.lines[CN_COST_USE];
    ranked.price = price_of(walk, candidate->offering, walk->question.need->units);
    ranked.by =
        ranked.group_cost + price_of(walk, candidate->offering, cn_places_wanted(&walk->question));
    keep_best(walk, &ranked);
}

gint64
cn_walk_least_travel_cost(const CnRouteWalk *walk, const CnCandidate *candidate)
{
    const CnPolicy *policy = walk->question.policy;
    const CnListedProvider *provider = candidate->provider;
    if (!candidate->has_travel)
        return 0;
    const gint64 travel = (gint64)cn_origin_least_min(walk->question.origin, provider->lat_deg,
                                                      provider->lon_deg, provider->island) *
                          policy->travel_cost_per_min;
    return MIN(travel, policy->no_link_cost);
}

/* What an offering costs at least: nothing of its cost is negative. */
static guint32
least_cost(const CnRouteWalk *walk, const CnCandidate *candidate)
{
    const gint64 price = price_of(walk, candidate->offering, walk->question.need->units);
    return (guint32)CLAMP(cn_walk_least_travel_cost(walk, candidate) + price, 0, G_MAXINT32);
}

/* Whether the way matters at the end only, and to the best only: no rule asks for it, and nobody begins
 * elsewhere. */
static gboolean
can_wait(const CnRouteWalk *walk)
{
    return walk->routes->options.top > 0 && walk->route->companions.together->len == 0 &&
           (walk->rules & CN_RULES_OF_TRAVEL) == 0 && !cn_plugged_travels(walk->routes->plugged);
}

static void
put_to_rules(guint offering, gpointer data)
{
    CnRouteWalk *walk = data;
    CnCandidate candidate;
    cn_candidate_look(&candidate, &walk->question, offering);
    if (!walk->waits)
        cn_candidate_go(&candidate, &walk->question);
    CnRule rule = cn_rules_first_broken(&walk->question, &candidate, walk->rules);
    walk->first_broken[rule]++;
    if (rule != CN_RULE_NONE)
        cn_keyed_add(&walk->refused, offering, rule);
    else if (walk->waits)
        cn_keyed_add(&walk->waiting, least_cost(walk, &candidate), offering);
    else
        rank(walk, &candidate);
}

/* Those that may be cheapest first, until none of the others can be among the best. */
static void
rank_waiting(CnRouteWalk *walk)
{
    const GArray *best = walk->route->ranked;
    const gsize most = walk->routes->options.top;
    const CnKeyed *waiting = walk->waiting.list;
    cn_keyed_sort(walk->waiting.list, walk->waiting.len);
    for (guint i = 0; i < walk->waiting.len; i++) {
        CnCandidate candidate;
        if (best->len == most && waiting[i].key > g_array_index(best, CnRanked, most - 1).by)
            return;
        cn_candidate_look(&candidate, &walk->question, waiting[i].value);
        rank(walk, &candidate);
    }
}

static void
note_refused(CnRouteWalk *walk)
{
    const CnKeyedList *refused = &walk->refused;
    g_array_set_size(walk->route->refused, refused->len);
    for (guint i = 0; i < refused->len; i++)
        g_array_index(walk->route->refused, CnRefusal, i) =
            (CnRefusal){.offering = refused->list[i].key, .rule = (CnRule)refused->list[i].value};
}

static void
sort_refused(const GArray *refused)
{
    CnRefusal *refusals = (CnRefusal *)(gpointer)refused->data;
    g_autofree CnKeyed *keyed = g_new(CnKeyed, (gsize)refused->len + 1);
    for (guint i = 0; i < refused->len; i++)
        keyed[i] = (CnKeyed){.key = refusals[i].offering, .value = refusals[i].rule};
    cn_keyed_sort(keyed, refused->len);
    for (guint i = 0; i < refused->len; i++)
        refusals[i] = (CnRefusal){.offering = keyed[i].key, .rule = (CnRule)keyed[i].value};
}

/* Adds the offerings that the caller asks about and that were never offered. */
static void
refuse_asked(CnRouteWalk *walk, const char *id)
{
    const CnListing *listing = walk->routes->directory->listing;
    gint provider = cn_listing_provider(listing, id), asked = cn_listing_offering(listing, id);
    guint from = asked >= 0 ? (guint)asked : 0, len = asked >= 0 ? 1 : 0;
    if (provider >= 0) {
        CnSpan offerings =
            cn_span_within(listing->providers[provider].offerings, listing->offerings_len);
        from = offerings.first;
        len = offerings.len;
    }
    for (guint i = from; i < from + len; i++) {
        CnRefusal refusal = {.offering = i, .rule = CN_RULE_SERVICE};
        if (!cn_offering_meets(listing->reference->taxonomy, &listing->offerings[i],
                               walk->question.need->service))
            g_array_append_val(walk->route->refused, refusal);
    }
}

void
cn_need_route_free(gpointer data)
{
    CnNeedRoute *route = data;
    g_array_unref(route->ranked);
    g_array_unref(route->refused);
    g_array_unref(route->changes);
    cn_companions_clear(route);
    g_free(route);
}

static CnNeedRoute *
new_need_route(guint person, guint need)
{
    CnNeedRoute *route = g_new0(CnNeedRoute, 1);
    route->person = person;
    route->need = need;
    route->binding = CN_RULE_NONE;
    route->ranked = g_array_new(FALSE, FALSE, sizeof(CnRanked));
    route->refused = g_array_new(FALSE, FALSE, sizeof(CnRefusal));
    route->changes = g_array_new(FALSE, TRUE, sizeof(CnChange));
    return route;
}

void
cn_route_need(CnRoutes *routes, guint person, guint need)
{
    CnNeedRoute *route = new_need_route(person, need);
    CnOrigin origin;
    cn_companions_find(route, routes);
    CnRouteWalk walk = {
        .routes = routes, .route = route, .question = cn_routes_question(routes, route, &origin)};
    /* The index gives only those that offer the service. */
    walk.rules = cn_rules_of_question(&walk.question) & ~CN_RULE_BIT(CN_RULE_SERVICE);
    walk.waits = can_wait(&walk);
    meet_siblings(&walk);
    cn_index_visit_meeting(&routes->directory->index, walk.question.need->service, put_to_rules,
                           &walk);
    count_stages(&walk);
    note_refused(&walk);
    rank_waiting(&walk);
    if (routes->options.top == 0)
        g_array_sort(route->ranked, compare_ranked);
    if (route->ranked->len == 0)
        cn_walk_explain_unmet(&walk);
    if (routes->options.why_not != NULL)
        refuse_asked(&walk, routes->options.why_not);
    sort_refused(route->refused);
    g_ptr_array_add(routes->needs, route);
    g_free(walk.waiting.list);
    g_free(walk.refused.list);
    g_free(walk.siblings);
}
