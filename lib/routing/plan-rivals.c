/* Who competes for places.
 *
 * Unmet units that are as urgent, and that could come to the same offerings at all, are counted; with that many places
 * more at one offering that is eligible for the need, all of them can be placed without parting with anybody, so no best
 * plan leaves the need out (sets of needs that can be placed together are the independent sets of a transversal
 * matroid, whose best sets are found greedily by urgency). Those who are placed whole or not at all, or
 * apart from somebody, are placed before the others and may move: twice their units are added, for the
 * places that they may take there, and for those whom they may drive out elsewhere.
 *
 * By prices fewer are counted. Let y be prices that prove a plan in which nobody has company, and a unit u that is unmet be short by
 * s(u) = min (c + y) - penalty >= 0. Give k places more to the offering o where n is short by s(n), and look at a best plan
 * of then that leaves n out. It fills o, else n could go there. Its difference from the former plan is paths that end at the k
 * places. One that begins at a place that gets empty could be taken back, and n be placed instead: one unmet less. So each begins
 * at somebody who was unmet; u is as urgent as n, and its path costs s(u) at least by the former prices, all arcs being >= 0.
 * Were s(u) > s(n), n would be better in its place. So all k are as urgent and short by no more: with one place more than
 * there are of them n is placed. */
#include "routing/plan-rivals.h"

static guint
find_set(const CnRivals *rivals, guint term)
{
    while (rivals->parent[term] != term)
        term = rivals->parent[term];
    return term;
}

static void
join_sets(CnRivals *rivals, guint a, guint b)
{
    rivals->parent[find_set(rivals, a)] = find_set(rivals, b);
}

static void
join_services(CnRivals *rivals, const CnPlanNeeds *needs)
{
    const CnListing *listing = needs->asked.directory->listing;
    const CnTaxonomy *taxonomy = listing->reference->taxonomy;
    const guint terms = cn_taxonomy_len(taxonomy);
    g_autofree guint8 *wanted = g_new0(guint8, MAX(terms, 1));
    rivals->parent = g_new(guint, MAX(terms, 1));
    rivals->bound = g_new0(gint64, MAX(terms, 1));
    rivals->company = g_new0(gboolean, MAX(terms, 1));
    rivals->unmet = g_malloc0_n(MAX(terms, 1), sizeof *rivals->unmet);
    for (guint term = 0; term < terms; term++)
        rivals->parent[term] = term;
    for (guint i = 0; i < needs->needs->len; i++)
        wanted[cn_plan_need_of(needs, i)->service] = TRUE;
    for (guint i = 0; i < listing->offerings_len; i++)
        for (guint term = 0; term < terms; term++)
            if (wanted[term] &&
                cn_offering_meets(taxonomy, &listing->offerings[i], (CnServiceId)term))
                join_sets(rivals, term, (guint)listing->offerings[i].service);
}

static void
count_rivals(CnRivals *rivals, const CnPlanUse *use)
{
    for (guint i = 0; i < use->needs->needs->len; i++) {
        const CnNeed *need = cn_plan_need_of(use->needs, i);
        const guint set = find_set(rivals, (guint)need->service);
        if (cn_plan_need_is_bound(use->needs, i))
            rivals->bound[set] += need->units;
        rivals->company[set] =
            rivals->company[set] || need->units > 1 || cn_plan_need_has_company(use->needs, i);
        for (guint tier = need->urgency; use->offering_of[i] < 0 && tier < CN_TIERS; tier++)
            rivals->unmet[set][tier] += need->units;
    }
}

void
cn_rivals_init(CnRivals *rivals, const CnPlanUse *use)
{
    join_services(rivals, use->needs);
    count_rivals(rivals, use);
}

void
cn_rivals_clear(CnRivals *rivals)
{
    g_clear_pointer(&rivals->parent, g_free);
    g_clear_pointer(&rivals->unmet, g_free);
    g_clear_pointer(&rivals->bound, g_free);
    g_clear_pointer(&rivals->company, g_free);
}

static guint
set_of(const CnRivals *rivals, const CnPlanNeeds *needs, guint need)
{
    return find_set(rivals, (guint)cn_plan_need_of(needs, need)->service);
}

gboolean
cn_rivals_are_single(const CnRivals *rivals, const CnPlanNeeds *needs, guint need)
{
    return !rivals->company[set_of(rivals, needs, need)];
}

/* Siblings who must stay together are placed together, so the least urgent of them counts. */
gint64
cn_rivals_of(const CnRivals *rivals, const CnPlanNeeds *needs, guint need)
{
    const CnNeed *of = cn_plan_need_of(needs, need);
    CnUrgency urgency = of->urgency;
    CnCompanions companions;
    cn_plan_companions_find(needs, need, NULL, &companions);
    for (guint i = 0; i < companions.together->len; i++)
        urgency = MAX(
            urgency, cn_case_need(g_ptr_array_index(companions.together, i), of->service)->urgency);
    cn_plan_companions_clear(&companions);
    const guint set = find_set(rivals, (guint)of->service);
    return rivals->unmet[set][urgency] + 2 * rivals->bound[set];
}

/* ---- By prices. */

typedef struct {
    const CnRivals *rivals;
    const CnPlanNeeds *needs;
} Order;

static gint
compare_rivals(gconstpointer x, gconstpointer y, gpointer data)
{
    const Order *order = data;
    const CnRival *a = x, *b = y;
    const guint set = set_of(order->rivals, order->needs, a->need);
    const guint other = set_of(order->rivals, order->needs, b->need);
    if (set != other)
        return set < other ? -1 : 1;
    return (a->short_by > b->short_by) - (a->short_by < b->short_by);
}

static CnUrgency
urgency_of(const CnPlanNeeds *needs, const CnRival *rival)
{
    return cn_plan_need_of(needs, rival->need)->urgency;
}

/* Those of one set, from @i to @end. */
static void
number_set(const CnPlanNeeds *needs, GArray *unmet, guint i, guint end)
{
    gint64 counts[CN_TIERS] = {0};
    for (guint next = i; i < end; i = next) {
        const gint64 short_by = g_array_index(unmet, CnRival, i).short_by;
        for (; next < end && g_array_index(unmet, CnRival, next).short_by == short_by; next++)
            for (guint tier = urgency_of(needs, &g_array_index(unmet, CnRival, next));
                 tier < CN_TIERS; tier++)
                counts[tier]++;
        for (guint k = i; k < next; k++) {
            CnRival *rival = &g_array_index(unmet, CnRival, k);
            rival->number = counts[urgency_of(needs, rival)];
        }
    }
}

void
cn_rivals_number(const CnRivals *rivals, const CnPlanNeeds *needs, GArray *unmet)
{
    Order order = {rivals, needs};
    g_array_sort_with_data(unmet, compare_rivals, &order);
    for (guint i = 0, end; i < unmet->len; i = end) {
        const guint set = set_of(rivals, needs, g_array_index(unmet, CnRival, i).need);
        for (end = i + 1; end < unmet->len; end++)
            if (set_of(rivals, needs, g_array_index(unmet, CnRival, end).need) != set)
                break;
        number_set(needs, unmet, i, end);
    }
}
