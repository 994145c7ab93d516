/* Routing case by case. For each need: every offering that could meet it is put to the hard rules
 * (the funnel), what passes is costed and ranked, and where nothing passes the first binding reason
 * and the fewest edits are found. O(offerings of the service) a need, besides the sort of what
 * passed. Siblings who must stay together are ranked by the sum of their costs, so that all of them
 * come to the same first choice. Ties are broken by the offering's id, so the order is total and
 * depends on nothing else. */
#include "routing/fairness.h"
#include "routing/route.h"

#include "base/error.h"
#include "base/text.h"
#include "directory/partial.h"
#include "directory/plug.h"
#include "model/plan.h"

#include <string.h>

/* Far above any price of use, and far enough below the end for costs to be added. */
#define PRICE_MOST (G_MAXINT64 / 4)

/* A sibling who must go along, with its own way. */
typedef struct {
    CnQuestion question;
    CnOrigin origin;
} Sibling;

/* A number to sort by, and what it belongs to. */
typedef struct {
    guint32 key, value;
} Keyed;

/* (array len) A list that grows. */
typedef struct {
    Keyed *list;
    guint len, room;
} KeyedList;

static void
add(KeyedList *keyed, guint32 key, guint32 value)
{
    if (keyed->len == keyed->room) {
        keyed->room = MAX(256, 2 * keyed->room);
        keyed->list = g_renew(Keyed, keyed->list, keyed->room);
    }
    keyed->list[keyed->len++] = (Keyed){.key = key, .value = value};
}

typedef struct {
    const CnRoutes *routes;
    CnNeedRoute *route;
    CnQuestion question;
    CnRuleMask rules;                     /* that an offering may break */
    gboolean waits;                       /* who passes is costed at the end */
    KeyedList waiting;                    /* their offerings by what they cost at least */
    guint first_broken[CN_RULES_LEN + 1]; /* how many offerings break which rule first; or none */
    KeyedList refused;                    /* offerings with the rule that they break */
    Sibling *siblings;                    /* as many as the companions who stay together */
    gsize fewest;                         /* edits of the best change so far */
    gint64 change_cost;                   /* and the cost of its offering */
} Walk;

static void
count_stages(const Walk *walk)
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
meet_siblings(Walk *walk)
{
    const GPtrArray *together = walk->route->companions.together;
    walk->siblings = g_new(Sibling, together->len);
    for (guint i = 0; i < together->len; i++) {
        const CnCase *person = g_ptr_array_index(together, i);
        Sibling *sibling = &walk->siblings[i];
        sibling->question = cn_question_of_sibling(&walk->question, person);
        sibling->question.origin = person->area != CN_AREA_NONE ? &sibling->origin : NULL;
        cn_origin_init(&sibling->origin, walk->question.listing->reference->gazetteer,
                       &walk->question.policy->speeds, person->area);
    }
}

static gint64
cost_of_siblings(const Walk *walk, guint offering)
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
keep_best(Walk *walk, const CnRanked *ranked)
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
use_of(const Walk *walk, guint offering, gint32 places, gint64 above)
{
    return cn_fair_cost(walk->question.policy, walk->question.listing, offering, 0, places, above);
}

/* What so many places there are worth to others, besides what they cost for their use. */
static gint64
price_of(const Walk *walk, guint offering, gint32 places)
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
rank(Walk *walk, CnCandidate *candidate)
{
    CnNeedRoute *route = walk->route;
    CnRanked ranked = {.offering = candidate->offering};
    cn_candidate_go(candidate, &walk->question);
    ranked.cost = cn_cost_lines(&walk->question, candidate,
                                cn_companions_fit(route, &walk->question, candidate), ranked.lines);
    ranked.group_cost = ranked.cost + cost_of_siblings(walk, candidate->offering) +
                        use_of(walk, candidate->offering, cn_places_wanted(&walk->question), 0);
    ranked.lines[CN_COST_USE] = use_of(walk, candidate->offering, walk->question.need->units, 0);
    ranked.cost += ranked.lines[CN_COST_USE];
    ranked.price = price_of(walk, candidate->offering, walk->question.need->units);
    ranked.by =
        ranked.group_cost + price_of(walk, candidate->offering, cn_places_wanted(&walk->question));
    keep_best(walk, &ranked);
}

/* No way is faster than the straight line. */
static gint64
least_travel_cost(const Walk *walk, const CnCandidate *candidate)
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
least_cost(const Walk *walk, const CnCandidate *candidate)
{
    const gint64 price = price_of(walk, candidate->offering, walk->question.need->units);
    return (guint32)CLAMP(least_travel_cost(walk, candidate) + price, 0, G_MAXINT32);
}

/* Whether the way matters at the end only, and to the best only: no rule asks for it, and nobody begins
 * elsewhere. */
static gboolean
can_wait(const Walk *walk)
{
    return walk->routes->options.top > 0 && walk->route->companions.together->len == 0 &&
           (walk->rules & CN_RULES_OF_TRAVEL) == 0 && !cn_plugged_travels(walk->routes->plugged);
}

static void
put_to_rules(guint offering, gpointer data)
{
    Walk *walk = data;
    CnCandidate candidate;
    cn_candidate_look(&candidate, &walk->question, offering);
    if (!walk->waits)
        cn_candidate_go(&candidate, &walk->question);
    CnRule rule = cn_rules_first_broken(&walk->question, &candidate, walk->rules);
    walk->first_broken[rule]++;
    if (rule != CN_RULE_NONE)
        add(&walk->refused, offering, rule);
    else if (walk->waits)
        add(&walk->waiting, least_cost(walk, &candidate), offering);
    else
        rank(walk, &candidate);
}

#define DIGIT_BITS 9
#define DIGITS     (1u << DIGIT_BITS)

/* By key, equal keys as they stood: digit by digit, which is far quicker than by comparing. */
static void
sort_keyed(Keyed *records, guint len)
{
    guint32 bits = 0;
    for (guint i = 0; i < len; i++)
        bits |= records[i].key;
    g_autofree Keyed *other = g_new(Keyed, (gsize)len + 1);
    for (guint shift = 0; shift < 32 && bits >> shift != 0; shift += DIGIT_BITS) {
        guint next[DIGITS + 1] = {0};
        for (guint i = 0; i < len; i++)
            next[(records[i].key >> shift & (DIGITS - 1)) + 1]++;
        for (guint digit = 0; digit < DIGITS; digit++)
            next[digit + 1] += next[digit];
        for (guint i = 0; i < len; i++)
            other[next[records[i].key >> shift & (DIGITS - 1)]++] = records[i];
        memcpy(records, other, len * sizeof *records);
    }
}

/* Those that may be cheapest first, until none of the others can be among the best. */
static void
rank_waiting(Walk *walk)
{
    const GArray *best = walk->route->ranked;
    const gsize most = walk->routes->options.top;
    const Keyed *waiting = walk->waiting.list;
    sort_keyed(walk->waiting.list, walk->waiting.len);
    for (guint i = 0; i < walk->waiting.len; i++) {
        CnCandidate candidate;
        if (best->len == most && waiting[i].key > g_array_index(best, CnRanked, most - 1).by)
            return;
        cn_candidate_look(&candidate, &walk->question, waiting[i].value);
        rank(walk, &candidate);
    }
}

static void
note_refused(Walk *walk)
{
    const KeyedList *refused = &walk->refused;
    g_array_set_size(walk->route->refused, refused->len);
    for (guint i = 0; i < refused->len; i++)
        g_array_index(walk->route->refused, CnRefusal, i) =
            (CnRefusal){.offering = refused->list[i].key, .rule = (CnRule)refused->list[i].value};
}

static void
sort_refused(const GArray *refused)
{
    CnRefusal *refusals = (CnRefusal *)(gpointer)refused->data;
    g_autofree Keyed *keyed = g_new(Keyed, (gsize)refused->len + 1);
    for (guint i = 0; i < refused->len; i++)
        keyed[i] = (Keyed){.key = refusals[i].offering, .value = refusals[i].rule};
    sort_keyed(keyed, refused->len);
    for (guint i = 0; i < refused->len; i++)
        refusals[i] = (CnRefusal){.offering = keyed[i].key, .rule = (CnRule)keyed[i].value};
}

/* The rules are applied one after the other: the first that leaves nobody binds. That is the latest
 * of the first rules that the offerings break. */
static CnRule
find_binding_rule(const CnNeedRoute *route)
{
    CnRule binding = CN_RULE_SERVICE;
    for (guint i = 0; i < route->refused->len; i++)
        binding = MAX(binding, g_array_index(route->refused, CnRefusal, i).rule);
    return binding;
}

/* Whether so many edits at that cost are no better than what was found. */
static gboolean
is_no_better(const Walk *walk, guint edits, gint64 cost)
{
    return walk->route->changes->len > 0 &&
           (edits > walk->fewest || (edits == walk->fewest && cost >= walk->change_cost));
}

/* What the offering costs at least, of a candidate that has not gone the way. */
static gint64
least_change_cost(const Walk *walk, const CnCandidate *candidate)
{
    gint64 lines[CN_COSTS_LEN];
    const gint64 others = cn_cost_lines(&walk->question, candidate, TRUE, lines);
    return others + least_travel_cost(walk, candidate);
}

/* The rules that a refused offering breaks; all before the first of them were kept. */
static CnRuleMask
all_broken(const Walk *walk,
           const CnRefusal *refusal,
           const CnCandidate *candidate,
           CnRuleMask among)
{
    const CnRuleMask first = CN_RULE_BIT(refusal->rule);
    return first | cn_rules_broken(&walk->question, candidate, among & ~(first | (first - 1)));
}

/* Whether an offering may still be better than what was found, as far as one sees without going the
 * way, which is long to compute: a rule that is broken takes an edit at least. */
static gboolean
may_be_better(const Walk *walk, const CnRefusal *refusal, const CnCandidate *candidate)
{
    const CnRuleMask broken =
        all_broken(walk, refusal, candidate, walk->rules & ~CN_RULES_OF_TRAVEL);
    const guint edits = (guint)__builtin_popcountll(broken);
    return !is_no_better(walk, edits, least_travel_cost(walk, candidate)) &&
           !is_no_better(walk, edits, least_change_cost(walk, candidate));
}

/* The offering with the fewest edits wins, then the cheaper one, then the first by id. */
static void
consider_change(Walk *walk, const CnRefusal *refusal)
{
    CnNeedRoute *route = walk->route;
    const gboolean alone =
        route->companions.together->len == 0 && !cn_plugged_travels(walk->routes->plugged);
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    if (!cn_rule_is_editable(refusal->rule))
        return;
    cn_candidate_look(&candidate, &walk->question, refusal->offering);
    if (alone && !may_be_better(walk, refusal, &candidate))
        return;
    cn_candidate_go(&candidate, &walk->question);
    const CnRuleMask broken = all_broken(walk, refusal, &candidate, walk->rules);
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(CnChange));
    if (!cn_changes_for(&walk->question, &candidate, broken, changes))
        return;
    const gint64 cost = cn_cost_lines(&walk->question, &candidate, TRUE, lines) +
                        cost_of_siblings(walk, refusal->offering);
    if (is_no_better(walk, changes->len, cost))
        return;
    walk->fewest = changes->len;
    walk->change_cost = cost;
    g_array_set_size(route->changes, 0);
    g_array_append_vals(route->changes, changes->data, changes->len);
}

static void
explain_unmet(Walk *walk)
{
    CnNeedRoute *route = walk->route;
    route->binding = find_binding_rule(route);
    for (guint i = 0; i < route->refused->len; i++)
        consider_change(walk, &g_array_index(route->refused, CnRefusal, i));
}

/* Adds the offerings that the caller asks about and that were never offered. */
static void
refuse_asked(Walk *walk, const char *id)
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

static void
free_need_route(gpointer data)
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

CnQuestion
cn_routes_question(const CnRoutes *routes, const CnNeedRoute *route, CnOrigin *origin)
{
    const CnCase *person = cn_routes_case(routes, route);
    const CnOrigin *from = routes->from;
    if (from == NULL || from->area != person->area) {
        cn_origin_init(origin, routes->directory->listing->reference->gazetteer,
                       &routes->policy->speeds, person->area);
        from = origin;
    }
    return (CnQuestion){.listing = routes->directory->listing,
                        .policy = routes->policy,
                        .person = person,
                        .need = &g_array_index(person->needs, CnNeed, route->need),
                        .origin = person->area != CN_AREA_NONE ? from : NULL,
                        .plug = cn_plugged_from(routes->plugged, person->area),
                        .companions = &route->companions,
                        .now_s = routes->now_s,
                        .today = cn_date_of(routes->now_s),
                        .at_min = cn_minute_of_week(routes->at_s),
                        .include_unconfirmed = routes->options.include_unconfirmed,
                        .checked = routes->options.checked,
                        .include_unknown_capacity = routes->options.include_unknown_capacity};
}

static void
route_need(CnRoutes *routes, guint person, guint need)
{
    CnNeedRoute *route = new_need_route(person, need);
    CnOrigin origin;
    cn_companions_find(route, routes);
    Walk walk = {
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
        explain_unmet(&walk);
    if (routes->options.why_not != NULL)
        refuse_asked(&walk, routes->options.why_not);
    sort_refused(route->refused);
    g_ptr_array_add(routes->needs, route);
    g_free(walk.waiting.list);
    g_free(walk.refused.list);
    g_free(walk.siblings);
}

void
carenet_route_options_init(carenet_route_options *options)
{
    if (options != NULL)
        *options = (carenet_route_options){
            .size = sizeof *options, .top = 3, .at_s = G_MININT64, .now_s = G_MININT64};
}

static gboolean
check_why_not(const CnDirectory *directory, const char *id, GError **error)
{
    if (id == NULL || cn_listing_provider(directory->listing, id) >= 0 ||
        cn_listing_offering(directory->listing, id) >= 0)
        return TRUE;
    g_autofree char *near_miss = cn_directory_did_you_mean(directory, id);
    g_autofree char *quoted = cn_text_quote(id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no provider or offering \"%s\"", quoted);
    cn_error_hint(error, "%s", near_miss != NULL ? near_miss : "carenet find lists them");
    return FALSE;
}

/* By offering; NULL where none count. */
static gint64 *
read_prices(const CnDirectory *directory, const CnPlan *plan)
{
    if (plan == NULL)
        return NULL;
    gint64 *prices = g_new0(gint64, MAX(directory->listing->offerings_len, 1));
    for (guint i = 0; i < plan->prices->len; i++) {
        const CnPlanPrice *price = cn_plan_price_at(plan, i);
        const gint offering = cn_listing_offering(directory->listing, price->offering);
        if (offering >= 0)
            prices[offering] = price->price;
    }
    return prices;
}

static CnRoutes *
new_routes(const CnDirectory *directory,
           const CnPolicy *policy,
           CnPlugged *plugged,
           const carenet_cases *cases,
           const carenet_route_options *options)
{
    CnRoutes *routes = g_new0(CnRoutes, 1);
    g_atomic_ref_count_init(&routes->refs);
    /* Records are immutable for everybody; only their counts move. */
    routes->directory = carenet_directory_ref((CnDirectory *)directory);
    routes->policy = carenet_policy_ref((CnPolicy *)policy);
    routes->cases = carenet_cases_ref((carenet_cases *)cases);
    routes->plugged = cn_plugged_ref(plugged);
    routes->prices = read_prices(directory, options->prices);
    routes->options = *options;
    routes->options.prices = NULL;
    routes->options.why_not = g_strdup(options->why_not);
    routes->options.checked = g_strdup(options->checked);
    routes->now_s =
        options->now_s != G_MININT64 ? options->now_s : g_get_real_time() / G_USEC_PER_SEC;
    routes->at_s = options->at_s != G_MININT64 ? options->at_s : routes->now_s;
    routes->needs = g_ptr_array_new_with_free_func(free_need_route);
    return routes;
}

CnRoutes *
cn_route(const CnDirectory *directory,
         const CnPolicy *policy,
         CnPlugged *plugged,
         const carenet_cases *cases,
         const carenet_route_options *options)
{
    return cn_route_from(directory, policy, plugged, cases, options, NULL);
}

CnRoutes *
cn_route_from(const CnDirectory *directory,
              const CnPolicy *policy,
              CnPlugged *plugged,
              const carenet_cases *cases,
              const carenet_route_options *options,
              const CnOrigin *from)
{
    CnRoutes *routes = new_routes(directory, policy, plugged, cases, options);
    routes->from = from;
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++)
            route_need(routes, i, k);
    }
    return routes;
}

carenet_routes *
carenet_route(const carenet_directory *directory,
              const carenet_policy *policy,
              const carenet_cases *cases,
              const carenet_route_options *options,
              carenet_error **error)
{
    carenet_route_options defaults;
    CN_REQUIRE(directory != NULL && policy != NULL && cases != NULL, error, NULL);
    CN_REQUIRE(options == NULL || options->size == sizeof *options, error, NULL);
    /* Areas and services are positions in one gazetteer and taxonomy. */
    CN_REQUIRE(g_strcmp0(directory->listing->reference->digest, policy->reference->digest) == 0,
               error, NULL);
    CN_REQUIRE(g_strcmp0(directory->listing->reference->digest, cases->reference->digest) == 0,
               error, NULL);
    carenet_route_options_init(&defaults);
    if (options == NULL)
        options = &defaults;
    if (!cn_directory_complete(directory, error))
        return NULL;
    if (!check_why_not(directory, options->why_not, error))
        return NULL;
    if (cases->cases->len > CN_ROUTE_CASES_MOST) {
        cn_error_set(error, CARENET_ERROR_TOO_LARGE, "at most %d cases are routed one by one",
                     CN_ROUTE_CASES_MOST);
        cn_error_hint(error, "route them together: carenet batch, carenet_batch()");
        return NULL;
    }
    g_autoptr(CnPlugged) plugged = NULL;
    if (!cn_plug_cases(directory, policy, cases, &plugged, error))
        return NULL;
    return cn_route(directory, policy, plugged, cases, options);
}

carenet_routes *
carenet_routes_ref(carenet_routes *routes)
{
    if (routes != NULL)
        g_atomic_ref_count_inc(&routes->refs);
    return routes;
}

void
carenet_routes_unref(carenet_routes *routes)
{
    if (routes == NULL || !g_atomic_ref_count_dec(&routes->refs))
        return;
    g_ptr_array_unref(routes->needs);
    g_free((gpointer)routes->options.why_not);
    cn_plugged_unref(routes->plugged);
    g_free(routes->prices);
    g_free((gpointer)routes->options.checked);
    carenet_cases_unref(routes->cases);
    carenet_policy_unref(routes->policy);
    carenet_directory_unref(routes->directory);
    g_free(routes);
}

size_t
carenet_routes_needs_len(const carenet_routes *routes)
{
    return routes != NULL ? routes->needs->len : 0;
}

size_t
carenet_routes_unmet_len(const carenet_routes *routes)
{
    size_t unmet = 0;
    for (guint i = 0; routes != NULL && i < routes->needs->len; i++)
        unmet += cn_routes_need(routes, i)->free == 0;
    return unmet;
}
