/* What is made of an answer at the end: a stopped search fills what room there is, and siblings who would
 * rather stay together never do worse than if they had to. */
#include "routing/parties-private.h"

#include <string.h>

/* Pairs of a need and an offering that are looked at besides after a stop. */
#define FILL_PAIRS_MOST 2000000

/* ---- What an answer is worth. */

static gint64
cost_of_bonds(const CnSearch *search, guint need, const gint *offering_of)
{
    gint64 lines[CN_COSTS_LEN];
    return search->bonds.bonds->len == 0
               ? 0
               : cn_plan_bonds_cost(&search->bonds, need, (guint)offering_of[need], offering_of,
                                    lines);
}

gint64
cn_search_use_of_taken(const CnSearch *search)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    gint64 cost = 0;
    for (guint i = 0; i < offerings; i++)
        cost += cn_market_use(search->market, i, search->pinned[i], search->taken[i], 0);
    return cost;
}

static gint64
cost_of_use(const CnSearch *search, const gint *offering_of)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    gint64 cost = 0;
    if (search->needs->asked.policy->fairness->len == 0)
        return 0;
    g_autofree gint64 *used = g_new0(gint64, offerings + 1);
    for (guint need = 0; need < search->needs->needs->len; need++)
        if (offering_of[need] >= 0)
            used[offering_of[need]] += cn_plan_need_of(search->needs, need)->units;
    for (guint i = 0; i < offerings; i++)
        cost += cn_market_use(search->market, i, 0, used[i], 0);
    return cost;
}

/* Without the cost of pinned needs, which is the same in all answers. */
static CnLevels
sum_levels(const CnSearch *search, const gint *offering_of)
{
    CnLevels levels = {{0}, cost_of_use(search, offering_of)};
    CnPlanWay way = {.made = FALSE};
    for (guint i = 0; i < search->needs->needs->len; i++) {
        const guint need = search->needs->order[i];
        const CnNeed *wanted = cn_plan_need_of(search->needs, need);
        if (offering_of[need] < 0) {
            levels.unmet[wanted->urgency] += wanted->units;
            continue;
        }
        if (cn_market_pinned(search->market, need) < 0)
            levels.cost += cn_search_cost(search, need, (guint)offering_of[need], &way);
        levels.cost += cost_of_bonds(search, need, offering_of);
    }
    return levels;
}

CnLevels
cn_search_levels(const CnSearch *search, const CnPlacement *out, const gint *offering_of)
{
    const CnLevels known = sum_levels(search, out->offering_of);
    const CnLevels other = sum_levels(search, offering_of);
    CnLevels levels = out->primal;
    cn_levels_add(&levels, &known, -1);
    cn_levels_add(&levels, &other, 1);
    return levels;
}

/* ---- After a stop. */

/* Everybody is where the answer has them, and every place is worth the same. */
static void
take_answer(CnSearch *search, const CnPlacement *out)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    cn_search_take_prices(search, NULL);
    for (guint i = 0; i < offerings; i++)
        cn_search_take(search, i, -(gint64)search->taken[i]);
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const gint at = out->offering_of[need];
        search->offering_of[need] = at;
        if (at >= 0 && cn_market_pinned(search->market, need) < 0)
            cn_search_take(search, (guint)at, cn_plan_need_of(search->needs, need)->units);
    }
}

static gboolean
has_nothing(const CnSearch *search, const CnParty *party, const gint *offering_of)
{
    for (guint i = 0; i < party->needs->len; i++) {
        const guint need = g_array_index(party->needs, guint, i);
        if (cn_market_pinned(search->market, need) >= 0 || offering_of[need] >= 0)
            return FALSE;
    }
    return TRUE;
}

/* The places that they find are in @offering_of too. Whether they find any. */
static gboolean
fill_party(CnSearch *search, CnParty *party, gint *offering_of)
{
    party->at = -1;
    cn_party_pick(search, party);
    for (guint i = 0; i < party->needs->len; i++)
        offering_of[g_array_index(party->needs, guint, i)] = party->at;
    return party->at >= 0;
}

static gboolean
fill_parties(CnSearch *search, gint *offering_of)
{
    gboolean filled = FALSE;
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, i);
        if (has_nothing(search, party, offering_of))
            filled = fill_party(search, party, offering_of) || filled;
    }
    return filled;
}

/* The most urgent first, then by reference. */
static gint
compare_unmet(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const gint p = (gint)cn_plan_need_of(needs, a)->urgency;
    const gint q = (gint)cn_plan_need_of(needs, b)->urgency;
    if (p != q)
        return p - q;
    const gint order = g_strcmp0(cn_plan_person(needs, a)->ref, cn_plan_person(needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

/* (element-type guint) (transfer full) */
static GArray *
list_unmet(const CnSearch *search, const gint *offering_of)
{
    GArray *unmet = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint need = 0; need < search->needs->needs->len; need++)
        if (offering_of[need] < 0 && search->party_of[need] < 0 &&
            !cn_plan_need_is_bundled(search->needs, need))
            g_array_append_val(unmet, need);
    g_array_sort_with_data(unmet, compare_unmet, (gpointer)search->needs);
    return unmet;
}

/* A stopped solver has room left only under quotas: it holds places back before it knows who needs which. */
static gboolean
fill_singles(CnSearch *search, gint *offering_of)
{
    const guint64 offerings = search->needs->asked.directory->listing->offerings_len;
    g_autoptr(GArray) unmet = list_unmet(search, offering_of);
    gboolean filled = FALSE;
    if (cn_market_quotas(search->market)->len == 0 || unmet->len * offerings > FILL_PAIRS_MOST)
        return FALSE;
    for (guint i = 0; i < unmet->len; i++) {
        const CnNeed *need = cn_plan_need_of(search->needs, g_array_index(unmet, guint, i));
        const CnLevels one = cn_levels_of_unmet(need->urgency);
        g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(guint));
        g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(CnChoice));
        CnParty party = {
            .needs = needs, .units = need->units, .pinned = -1, .at = -1, .choices = choices};
        g_array_append_val(needs, g_array_index(unmet, guint, i));
        cn_levels_add(&party.weight, &one, need->units);
        cn_party_look(search, &party, FALSE);
        filled = fill_party(search, &party, offering_of) || filled;
    }
    return filled;
}

void
cn_search_fill(CnSearch *search, CnPlacement *out)
{
    const gsize bytes = sizeof(gint) * MAX(search->needs->needs->len, 1);
    g_autofree gint *offering_of = g_memdup2(out->offering_of, bytes);
    take_answer(search, out);
    const gboolean parties = fill_parties(search, offering_of);
    if (!fill_singles(search, offering_of) && !parties)
        return;
    out->primal = cn_search_levels(search, out, offering_of);
    g_free(out->offering_of);
    out->offering_of = g_steal_pointer(&offering_of);
}

/* ---- Siblings who would rather stay together, as if they had to. */

/* The same cases, but whoever would like to stay together must; NULL where nobody would like to, or where
 * the list is wrong then. (transfer full) */
static carenet_cases *
make_strict(const carenet_cases *cases, GPtrArray *copies)
{
    g_autoptr(carenet_cases) strict = carenet_cases_new(cases->reference);
    g_ptr_array_set_free_func(strict->cases, NULL); /* they are borrowed */
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *person = g_ptr_array_index(cases->cases, i);
        if (person->siblings_group != NULL && person->siblings == CN_SIBLINGS_PREFER) {
            person = g_memdup2(person, sizeof *person);
            person->siblings = CN_SIBLINGS_REQUIRE;
            g_ptr_array_add(copies, person);
        }
        g_ptr_array_add(strict->cases, person);
    }
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    if (copies->len > 0)
        cn_cases_check(strict->cases, issues);
    return copies->len > 0 && cn_issue_list_errors(issues) == 0 ? g_steal_pointer(&strict) : NULL;
}

/* (element-type CnPin) (transfer full) */
static GArray *
list_pins(const CnSearch *search)
{
    GArray *pins = g_array_new(FALSE, FALSE, sizeof(CnPin));
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const CnPin pin = {need, (guint)cn_market_pinned(search->market, need)};
        if (cn_market_pinned(search->market, need) >= 0)
            g_array_append_val(pins, pin);
    }
    return pins;
}

static CnMarket *
open_market(const CnSearch *search, const CnPlanQuestion *asked)
{
    g_autoptr(GArray) pins = list_pins(search);
    CnMarketOptions options;
    cn_market_options_init(&options);
    options.now_s = asked->now_s;
    options.at_s = asked->at_s;
    options.include_unconfirmed = asked->include_unconfirmed;
    options.include_unknown_capacity = asked->include_unknown_capacity;
    options.plugged = asked->plugged;
    options.pins = (const CnPin *)(gconstpointer)pins->data;
    options.pins_len = pins->len;
    return cn_market_new(asked->directory, asked->policy, asked->cases, &options, NULL);
}

gboolean
cn_search_place_strictly(const CnSearch *search,
                         const CnAssignOptions *options,
                         CnPlacement *strict)
{
    CnPlanQuestion asked = search->needs->asked;
    g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(carenet_cases) cases = make_strict(asked.cases, copies);
    if (cases == NULL)
        return FALSE;
    asked.cases = cases;
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market = open_market(search, &asked);
    return market != NULL && cn_parties_place(market, needs, options, strict, NULL);
}
