/* Why nobody takes a need, and the smallest change that would place it. */
#include "routing/route-private.h"

#include "directory/plug.h"

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
is_no_better(const CnRouteWalk *walk, guint edits, gint64 cost)
{
    return walk->route->changes->len > 0 &&
           (edits > walk->fewest || (edits == walk->fewest && cost >= walk->change_cost));
}

/* What the offering costs at least, of a candidate that has not gone the way; that costs @way at least. */
static gint64
least_change_cost(const CnRouteWalk *walk, gint64 way, const CnCandidate *candidate)
{
    gint64 lines[CN_COSTS_LEN];
    return way + cn_cost_lines(&walk->question, candidate, TRUE, lines);
}

/* The rules that a refused offering breaks; all before the first of them were kept. */
static CnRuleMask
all_broken(const CnRouteWalk *walk,
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
may_be_better(const CnRouteWalk *walk, const CnRefusal *refusal, const CnCandidate *candidate)
{
    const gint64 way = cn_walk_least_travel_cost(walk, candidate);
    if (is_no_better(walk, 1, way))
        return FALSE;
    const CnRuleMask broken =
        all_broken(walk, refusal, candidate, walk->rules & ~CN_RULES_OF_TRAVEL);
    const guint edits = (guint)__builtin_popcountll(broken);
    return !is_no_better(walk, edits, way) &&
           !is_no_better(walk, edits, least_change_cost(walk, way, candidate));
}

/* The offering with the fewest edits wins, then the cheaper one, then the first by id. */
static void
consider_change(CnRouteWalk *walk, const CnRefusal *refusal)
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
                        cn_walk_cost_of_siblings(walk, refusal->offering);
    if (is_no_better(walk, changes->len, cost))
        return;
    walk->fewest = changes->len;
    walk->change_cost = cost;
    g_array_set_size(route->changes, 0);
    g_array_append_vals(route->changes, changes->data, changes->len);
}

void
cn_walk_explain_unmet(CnRouteWalk *walk)
{
    CnNeedRoute *route = walk->route;
    route->binding = find_binding_rule(route);
    for (guint i = 0; i < route->refused->len; i++)
        consider_change(walk, &g_array_index(route->refused, CnRefusal, i));
}
