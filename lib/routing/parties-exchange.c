/* Exchanging places: a family goes to one offering, and whoever stands there goes where its members were.
 *
 *      member at p, somebody at o   -->   member at o, somebody at p
 *
 * Every offering keeps as many as it had, so nobody goes unmet for it, and no place and no quota is exceeded; a member who
 * is unmet changes with somebody as urgent. What is exchanged is one need of one unit, free to go wherever its own facts
 * allow. The market says what that costs: some ten nanoseconds a pair.
 *
 * Families pick one after the other, the weightiest first, what saves most; those who are placed whole already may move
 * on. Of equal savings the offering that comes first is taken, of equal people the one whose reference does, so the order
 * of the list plays no part. */
#include "routing/parties-private.h"

#include <string.h>

#define PASSES_MOST 8

/* Siblings who must or would like to stay together. */
typedef struct {
    const GArray *needs;
    const GArray *choices;
    CnFlock *flock; /* NULL: a party */
} Family;

typedef struct {
    CnSearch *search;
    gint *at;        /* by need: the answer */
    gint64 *cost;    /* by need: there, without what bonds cost */
    guint8 *bound;   /* by need: not to be exchanged for a family's sake */
    GArray **stands; /* by offering: (element-type guint) those who may be exchanged; NULL nobody */
    guint8 *taken;   /* by need: exchanged in the family that is looked at */
    GArray *partner; /* (element-type gint) by member: who goes where it was; -1 nobody */
    GArray *best;    /* the same, of the best place so far */
} Exchange;

static guint
member(const GArray *needs, guint i)
{
    return g_array_index(needs, guint, i);
}

static gboolean
is_one(const CnSearch *search, guint need)
{
    return cn_plan_need_of(search->needs, need)->units == 1 &&
           cn_market_pinned(search->market, need) < 0;
}

/* ---- Who stands where. */

static void
stand(Exchange *exchange, guint need)
{
    const gint at = exchange->at[need];
    if (at < 0 || exchange->bound[need])
        return;
    if (exchange->stands[at] == NULL)
        exchange->stands[at] = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(exchange->stands[at], need);
}

static void
leave(Exchange *exchange, guint need)
{
    const gint at = exchange->at[need];
    GArray *list = at >= 0 ? exchange->stands[at] : NULL;
    for (guint i = 0; list != NULL && i < list->len; i++)
        if (g_array_index(list, guint, i) == need) {
            g_array_remove_index_fast(list, i);
            return;
        }
}

static void
move(Exchange *exchange, guint need, gint to, gint64 cost)
{
    leave(exchange, need);
    if (exchange->at[need] >= 0)
        cn_search_take(exchange->search, (guint)exchange->at[need], -1);
    exchange->at[need] = to;
    exchange->cost[need] = cost;
    if (to >= 0)
        cn_search_take(exchange->search, (guint)to, 1);
    stand(exchange, need);
}

static gboolean
are_together(const Exchange *exchange, const Family *family)
{
    const gint at = exchange->at[member(family->needs, 0)];
    for (guint i = 1; i < family->needs->len; i++)
        if (exchange->at[member(family->needs, i)] != at)
            return FALSE;
    return at >= 0 && (family->flock == NULL ||
                       cn_bond_has_size(&exchange->search->bonds, family->flock->bond, (guint)at));
}

/* Whoever is together stays so, whatever others do. */
static void
bind_members(Exchange *exchange, const Family *family, gboolean bound)
{
    for (guint i = 0; i < family->needs->len; i++) {
        leave(exchange, member(family->needs, i));
        exchange->bound[member(family->needs, i)] = bound ? 1 : 0;
        stand(exchange, member(family->needs, i));
    }
}

/* ---- One family at one offering. */

/* What it costs that @other goes where @need is; CN_ROW_NEVER where it may not. */
static gint64
cost_of_way_back(Exchange *exchange, guint need, guint other)
{
    CnSearch *search = exchange->search;
    const gint at = exchange->at[need];
    search->work++;
    if (at >= 0) {
        const gint64 cost = cn_market_rows_pair(search->rows, other, (guint)at);
        return cost == CN_ROW_NEVER ? CN_ROW_NEVER : cost - exchange->cost[other];
    }
    return cn_plan_need_of(search->needs, need)->urgency ==
                   cn_plan_need_of(search->needs, other)->urgency
               ? -exchange->cost[other]
               : CN_ROW_NEVER;
}

static gboolean
comes_first(const Exchange *exchange, guint a, gint b)
{
    const CnPlanNeeds *needs = exchange->search->needs;
    if (b < 0)
        return TRUE;
    const gint order =
        g_strcmp0(cn_plan_person(needs, a)->ref, cn_plan_person(needs, (guint)b)->ref);
    return order != 0 ? order < 0 : a < (guint)b;
}

/* The cheapest of those at @offering to go where @need is; -1 nobody. */
static gint
find_partner(Exchange *exchange, guint need, guint offering, gint64 *out_cost)
{
    const GArray *list = exchange->stands[offering];
    gint best = -1;
    *out_cost = CN_ROW_NEVER;
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const guint other = g_array_index(list, guint, i);
        if (exchange->taken[other])
            continue;
        const gint64 cost = cost_of_way_back(exchange, need, other);
        if (cost == CN_ROW_NEVER || cost > *out_cost ||
            (cost == *out_cost && !comes_first(exchange, other, best)))
            continue;
        *out_cost = cost;
        best = (gint)other;
    }
    return best;
}

/* Where use costs something a place that nobody had is not for nothing: only the solver weighs that. */
static gboolean
is_free(const CnSearch *search)
{
    return search->needs->asked.policy->fairness->len == 0;
}

/* What it costs more that all of them are at @offering; CN_ROW_NEVER where not all of them can. Who goes where they were is
 * in exchange->partner. */
static gint64
cost_of_change(Exchange *exchange, const Family *family, guint offering, gint64 gain)
{
    gint64 sum = gain, room = 0;
    for (guint i = 0; i < family->needs->len; i++) {
        g_array_index(exchange->partner, gint, i) = -1;
        exchange->taken[member(family->needs, i)] = TRUE;
    }
    for (guint i = 0; i < family->needs->len && sum != CN_ROW_NEVER; i++) {
        const guint need = member(family->needs, i);
        gint *partner = &g_array_index(exchange->partner, gint, i);
        gint64 cost = 0;
        if (exchange->at[need] == (gint)offering)
            continue;
        if (is_free(exchange->search) && cn_search_has_room(exchange->search, room + 1, offering)) {
            room++;
            continue;
        }
        *partner = find_partner(exchange, need, offering, &cost);
        sum = cost == CN_ROW_NEVER ? CN_ROW_NEVER : sum + cost;
        if (*partner >= 0)
            exchange->taken[*partner] = TRUE;
    }
    for (guint i = 0; i < family->needs->len; i++) {
        const gint partner = g_array_index(exchange->partner, gint, i);
        exchange->taken[member(family->needs, i)] = FALSE;
        if (partner >= 0)
            exchange->taken[partner] = FALSE;
    }
    return sum;
}

/* ---- One family. */

/* What they cost now, with what they pay for being apart. */
static gint64
cost_of_now(const Exchange *exchange, const Family *family)
{
    const gboolean apart = family->flock != NULL && !are_together(exchange, family);
    gint64 sum = 0;
    for (guint i = 0; i < family->needs->len; i++) {
        const guint need = member(family->needs, i);
        if (exchange->at[need] >= 0)
            sum += exchange->cost[need] +
                   (apart ? exchange->search->needs->asked.policy->siblings_apart : 0);
    }
    return sum;
}

/* By the last prices: whoever stands at @offering cannot go for less than what a place there is worth less than that where
 * it goes. What was exchanged since may have made this wrong; then something is overlooked. */
static gint64
least_of_ways_back(const Exchange *exchange, const Family *family, guint offering)
{
    const CnSearch *search = exchange->search;
    gint64 sum = 0;
    for (guint i = 0; i < family->needs->len; i++) {
        const guint need = member(family->needs, i);
        const gint at = exchange->at[need];
        const CnUrgency urgency = (CnUrgency)cn_plan_need_of(search->needs, need)->urgency;
        sum += search->price[offering] -
               (at >= 0 ? search->price[at] : cn_market_penalty(search->market, urgency));
    }
    return sum;
}

static void
bring_together(Exchange *exchange, const Family *family, guint offering)
{
    CnSearch *search = exchange->search;
    bind_members(exchange, family, FALSE);
    for (guint i = 0; i < family->needs->len; i++) {
        const guint need = member(family->needs, i);
        const gint from = exchange->at[need], partner = g_array_index(exchange->best, gint, i);
        if (from == (gint)offering)
            continue;
        if (partner >= 0)
            move(exchange, (guint)partner, from,
                 from >= 0 ? cn_market_rows_pair(search->rows, (guint)partner, (guint)from) : 0);
        move(exchange, need, (gint)offering, cn_market_rows_pair(search->rows, need, offering));
    }
    bind_members(exchange, family, TRUE);
}

/* Whether it found anything better. */
static gboolean
change_family(Exchange *exchange, const Family *family)
{
    const gint64 now = cost_of_now(exchange, family);
    gint64 least = 0;
    gint best = -1;
    g_array_set_size(exchange->partner, family->needs->len);
    g_array_set_size(exchange->best, family->needs->len);
    for (guint i = 0; i < family->choices->len; i++) {
        const CnChoice *choice = &g_array_index(family->choices, CnChoice, i);
        const gint64 least_ever =
            choice->cost - now + least_of_ways_back(exchange, family, choice->offering);
        if (least_ever > least || (least_ever == least && best < 0))
            continue;
        const gint64 sum = cost_of_change(exchange, family, choice->offering, choice->cost - now);
        if (sum > least || (sum == least && (best < 0 || (gint)choice->offering > best)))
            continue;
        least = sum;
        best = (gint)choice->offering;
        memcpy(exchange->best->data, exchange->partner->data, family->needs->len * sizeof(gint));
    }
    if (best < 0)
        return FALSE;
    bring_together(exchange, family, (guint)best);
    return TRUE;
}

/* ---- All of them. */

/* Each goes wherever its own facts allow, and wants one place. */
static gboolean
may_change(const CnSearch *search, const GArray *needs)
{
    for (guint i = 0; i < needs->len; i++)
        if (!is_one(search, member(needs, i)) ||
            cn_plan_bond_of_bundle(&search->bonds, member(needs, i)) != NULL)
            return FALSE;
    return TRUE;
}

/* (element-type Family) (transfer full) */
static GArray *
list_families(const CnSearch *search)
{
    GArray *families = g_array_new(FALSE, FALSE, sizeof(Family));
    for (guint i = 0; i < search->parties->len; i++) {
        const CnParty *party = cn_search_party(search, i);
        const Family family = {party->needs, party->choices, NULL};
        if (party->needs->len > 1 && !party->apart && may_change(search, party->needs))
            g_array_append_val(families, family);
    }
    for (guint i = 0; i < search->flocks->len; i++) {
        CnFlock *flock = cn_search_flock(search, i);
        const Family family = {flock->bond->needs, flock->choices, flock};
        if (!flock->apart && may_change(search, flock->bond->needs))
            g_array_append_val(families, family);
    }
    return families;
}

static void
take_places(Exchange *exchange, gint64 times)
{
    CnSearch *search = exchange->search;
    for (guint need = 0; need < search->needs->needs->len; need++)
        if (exchange->at[need] >= 0 && cn_market_pinned(search->market, need) < 0)
            cn_search_take(search, (guint)exchange->at[need],
                           times * cn_plan_need_of(search->needs, need)->units);
}

static void
take_costs(Exchange *exchange)
{
    const CnSearch *search = exchange->search;
    CnPlanWay way = {.made = FALSE};
    for (guint i = 0; i < search->needs->needs->len; i++) {
        const guint need = search->needs->order[i];
        if (exchange->at[need] >= 0 && cn_market_pinned(search->market, need) < 0)
            exchange->cost[need] = cn_search_cost(search, need, (guint)exchange->at[need], &way);
    }
}

static void
place_everybody(Exchange *exchange, const GArray *families)
{
    const CnSearch *search = exchange->search;
    for (guint need = 0; need < search->needs->needs->len; need++) {
        exchange->bound[need] = search->party_of[need] >= 0 || !is_one(search, need) ||
                                cn_plan_bond_of_bundle(&search->bonds, need) != NULL;
        stand(exchange, need);
    }
    for (guint i = 0; i < families->len; i++) {
        const Family *family = &g_array_index(families, Family, i);
        if (are_together(exchange, family))
            bind_members(exchange, family, TRUE);
    }
}

static gboolean
has_work_left(const CnSearch *search)
{
    return search->options->work_limit == 0 || search->work < search->options->work_limit;
}

/* Siblings who must stay together and have no place keep none. */
static gboolean
has_place(const Exchange *exchange, const Family *family)
{
    return family->flock != NULL || exchange->at[member(family->needs, 0)] >= 0;
}

static gboolean
change_all(Exchange *exchange, const GArray *families, CnPlacement *out)
{
    gboolean ever = FALSE, better = TRUE;
    for (guint pass = 0; better && pass < PASSES_MOST; pass++) {
        better = FALSE;
        for (guint i = 0; i < families->len; i++) {
            const Family *family = &g_array_index(families, Family, i);
            if (!has_work_left(exchange->search) || cn_search_is_stopped(exchange->search, out))
                return ever;
            if (has_place(exchange, family))
                better = change_family(exchange, family) || better;
        }
        ever = ever || better;
    }
    return ever;
}

gboolean
cn_search_exchange(CnSearch *search, CnPlacement *out)
{
    const gsize needs = search->needs->needs->len;
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    g_autofree gint *at = g_memdup2(out->offering_of, sizeof(gint) * MAX(needs, 1));
    g_autofree gint64 *cost = g_new0(gint64, needs + 1);
    g_autofree guint8 *bound = g_new0(guint8, needs + 1), *taken = g_new0(guint8, needs + 1);
    g_autofree GArray **stands = g_new0(GArray *, offerings + 1);
    g_autoptr(GArray) partner = g_array_new(FALSE, FALSE, sizeof(gint));
    g_autoptr(GArray) best = g_array_new(FALSE, FALSE, sizeof(gint));
    g_autoptr(GArray) families = list_families(search);
    Exchange exchange = {search, at, cost, bound, stands, taken, partner, best};
    if (families->len == 0)
        return FALSE;
    take_places(&exchange, 1);
    take_costs(&exchange);
    place_everybody(&exchange, families);
    const gboolean better = change_all(&exchange, families, out);
    take_places(&exchange, -1);
    for (gsize i = 0; i < offerings; i++)
        if (stands[i] != NULL)
            g_array_unref(stands[i]);
    if (!better)
        return FALSE;
    out->primal = cn_search_levels(search, out, at);
    g_free(out->offering_of);
    out->offering_of = g_steal_pointer(&at);
    return TRUE;
}
