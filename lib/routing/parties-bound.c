/* What no plan is below. For any prices y no plan costs less, level by level, than
 *
 *     sum over units, parties, flocks and packs of what each would pick by itself at those prices
 *     - sum over places of what they are worth: y less the cost of their use, or nothing
 *
 * since what they pick is the least that any place at all would cost them, and a plan pays y for no
 * more places than there are. The solver's bound is this sum with every unit by itself; parties and
 * flocks, which have fewer choices or pay for being apart, put the difference on top. */
#include "routing/parties-private.h"

void
cn_search_take_off(const CnSearch *search, const CnAssignment *solved, guint need, CnLevels *bound)
{
    const CnMarket *market = search->market;
    const CnLevels unmet = cn_levels_of_unmet(cn_plan_need_of(search->needs, need)->urgency);
    const guint first = cn_market_first_unit(market, need);
    const gint32 units = cn_plan_need_of(search->needs, need)->units;
    if (search->left_out[need] || cn_market_pinned(market, need) >= 0)
        return;
    for (guint unit = first; unit < first + (guint)units; unit++) {
        const gint32 offering = solved->offering[unit];
        if (offering < 0) {
            cn_levels_add(bound, &unmet, -1);
            continue;
        }
        const CnLevels price = cn_levels_of_price(market, solved->price[offering]);
        cn_levels_add(bound, &price, -1);
        if (unit == first)
            bound->cost -= cn_market_rows_pair(search->rows, need, (guint)offering);
    }
}

static void
mark(const GArray *needs, guint8 *marked)
{
    for (guint i = 0; i < needs->len; i++)
        marked[g_array_index(needs, guint, i)] = TRUE;
}

/* By area, for the sake of the ways. */
static void
take_marked(const CnSearch *search,
            const CnAssignment *solved,
            const guint8 *marked,
            CnLevels *bound)
{
    for (guint i = 0; i < search->needs->needs->len; i++)
        if (marked[search->needs->order[i]])
            cn_search_take_off(search, solved, search->needs->order[i], bound);
}

void
cn_levels_clamp(CnLevels *bound)
{
    gboolean known = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(bound->unmet); i++) {
        known = known && bound->unmet[i] >= 0;
        bound->unmet[i] = known ? bound->unmet[i] : 0;
    }
    bound->cost = known ? MAX(bound->cost, 0) : 0;
}

/* What parties, flocks and packs would pick, and their needs marked. */
static void
add_groups(CnSearch *search, guint8 *marked, CnLevels *bound)
{
    for (guint i = 0; i < search->flocks->len; i++) {
        CnFlock *flock = cn_search_flock(search, i);
        mark(flock->bond->needs, marked);
        cn_levels_add(bound, &flock->least, 1);
    }
    for (guint i = 0; i < search->packs->len; i++) {
        CnPack *pack = cn_search_pack(search, i);
        mark(pack->needs, marked);
        cn_levels_add(bound, &pack->least, 1);
    }
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, i);
        if (party->packed ||
            cn_plan_bond_of_siblings(&search->bonds, g_array_index(party->needs, guint, 0)) != NULL)
            continue;
        mark(party->needs, marked);
        cn_levels_add(bound, &party->least, 1);
    }
}

CnLevels
cn_search_bound(CnSearch *search, const CnAssignment *solved)
{
    CnLevels bound = solved->bound;
    g_autofree guint8 *marked = g_new0(guint8, (gsize)search->needs->needs->len + 1);
    add_groups(search, marked, &bound);
    take_marked(search, solved, marked, &bound);
    /* What @solved did not have to its disposal, for a bound over all places. */
    cn_levels_add(&bound, &solved->taken, -1);
    return bound;
}

/* ---- The same at any prices, without what does not depend on them. */

static CnLevels
least_of_need(CnSearch *search, guint need)
{
    CnLevels least = cn_levels_of_unmet(cn_plan_need_of(search->needs, need)->urgency);
    const guint len = cn_market_row_len(search->market, need);
    const guint *offerings = cn_market_row_offerings(search->market, need);
    g_array_set_size(search->row, len);
    gint64 *row = (gint64 *)(gpointer)search->row->data;
    if (len == 0 || !cn_market_row(search->rows, need, row))
        return least;
    for (guint i = 0; i < len; i++) {
        if (row[i] == CN_ROW_NEVER)
            continue;
        const CnLevels value = cn_search_value(search, row[i], 1, offerings[i]);
        if (cn_levels_compare(&value, &least) < 0)
            least = value;
    }
    return least;
}

CnLevels
cn_search_sum(CnSearch *search)
{
    CnLevels sum = {{0}, 0};
    g_autofree guint8 *marked = g_new0(guint8, (gsize)search->needs->needs->len + 1);
    add_groups(search, marked, &sum);
    for (guint i = 0; i < search->needs->needs->len; i++) {
        const guint need = search->needs->order[i];
        if (marked[need] || cn_market_pinned(search->market, need) >= 0)
            continue;
        const CnLevels least = least_of_need(search, need);
        cn_levels_add(&sum, &least, 1);
    }
    for (gsize i = 0; i < search->needs->asked.directory->listing->offerings_len; i++)
        if (search->price[i] > 0)
            cn_levels_add(&sum, &search->worth[i],
                          -(search->places[i] - (gint64)search->pinned[i]));
    return sum;
}
