/* What leaving saves at given prices: the least of staying, less the least of all. */
#include "routing/keep-private.h"
#include "routing/parties-private.h"

gint64
cn_keep_rescale(const CnMarket *from, const CnMarket *to, gint64 price)
{
    const CnLevels levels = cn_levels_of_price(from, price);
    gint64 sum = levels.cost;
    for (guint tier = 0; tier < G_N_ELEMENTS(levels.unmet); tier++)
        sum += levels.unmet[tier] * cn_market_penalty(to, (CnUrgency)tier);
    return MAX(sum, 0);
}

typedef struct {
    CnKeep *keep;
    CnSearch open, closed; /* nobody and everybody held; they never pick */
    CnPlanWay way;
} Gains;

static void
init_search(CnSearch *search, CnKeep *keep, const CnMarket *market, const gint64 *price)
{
    *search = (CnSearch){
        .market = market, .needs = keep->question->needs, .options = keep->question->assign};
    cn_search_init(search);
    const guint offerings = (guint)search->needs->asked.directory->listing->offerings_len;
    g_autofree gint64 *rescaled = g_new(gint64, (gsize)offerings + 1);
    for (guint i = 0; i < offerings; i++)
        rescaled[i] = cn_keep_rescale(keep->open, market, price[i]);
    cn_search_take_prices(search, rescaled);
}

/* What a kept need pays where it is. */
static CnLevels
value_of_place(Gains *gains, const CnKept *kept)
{
    const CnSearch *search = &gains->open;
    const gint64 cost = cn_search_cost(search, kept->need, (guint)kept->offering, &gains->way);
    return cn_search_value(search, cost, cn_plan_need_of(search->needs, kept->need)->units,
                           (guint)kept->offering);
}

/* ---- One who depends on nobody. */

/* What it pays where it is, less the least that it would pay anywhere. */
static CnLevels
gain_of_need(const CnSearch *search, const CnKept *kept)
{
    const CnNeed *of = cn_plan_need_of(search->needs, kept->need);
    const guint len = cn_market_row_len(search->market, kept->need);
    const guint *offerings = cn_market_row_offerings(search->market, kept->need);
    const CnLevels unmet = cn_levels_of_unmet(of->urgency);
    CnLevels least = {{0}, 0}, stay = {{0}, 0};
    cn_levels_add(&least, &unmet, of->units);
    g_array_set_size(search->row, len);
    gint64 *costs = (gint64 *)(gpointer)search->row->data;
    const gboolean is_open = cn_market_row(search->rows, kept->need, costs);
    for (guint i = 0; is_open && i < len; i++) {
        /* A place that nobody has is none, whatever it is said to be worth. */
        if (costs[i] == CN_ROW_NEVER || cn_market_places(search->market, offerings[i]) == 0)
            continue;
        const CnLevels value = cn_search_value(search, costs[i], of->units, offerings[i]);
        if (offerings[i] == (guint)kept->offering)
            stay = value;
        if (cn_levels_compare(&value, &least) < 0)
            least = value;
    }
    cn_levels_add(&stay, &least, -1);
    return stay;
}

/* ---- Parties, flocks and packs. */

static CnFlock *
flock_of(const CnSearch *search, const CnBond *bond)
{
    for (guint i = 0; i < search->flocks->len; i++) {
        CnFlock *flock = cn_search_flock(search, i);
        if (g_array_index(flock->bond->needs, guint, 0) == g_array_index(bond->needs, guint, 0))
            return flock;
    }
    return NULL;
}

static CnPack *
pack_of(const CnSearch *search, guint need)
{
    for (guint i = 0; i < search->packs->len; i++)
        if (g_array_index(cn_search_pack(search, i)->needs, guint, 0) == need)
            return cn_search_pack(search, i);
    return NULL;
}

static CnLevels
least_of_group(CnSearch *search, guint need, const CnBond *bond)
{
    CnFlock *flock = bond != NULL ? flock_of(search, bond) : NULL;
    CnPack *pack = bond == NULL ? pack_of(search, need) : NULL;
    if (flock != NULL) {
        cn_flock_look(search, flock, TRUE);
        return flock->least;
    }
    if (pack != NULL) {
        cn_pack_look(search, pack, TRUE);
        return pack->least;
    }
    CnParty *party = cn_search_party(search, (guint)search->party_of[need]);
    cn_party_look(search, party, TRUE);
    return party->least;
}

/* ---- All of them. */

static CnLevels
gain_of_group(Gains *gains, const CnKeptGroup *group, const CnBond *bond)
{
    CnLevels gain = {{0}, 0};
    for (guint i = 0; i < group->kept->len; i++) {
        const CnLevels place = value_of_place(
            gains, cn_kept(gains->keep->question->kept, g_array_index(group->kept, guint, i)));
        cn_levels_add(&gain, &place, 1);
    }
    /* Who is held pays nothing in the closed search. */
    const CnLevels others = least_of_group(&gains->closed, group->first_need, bond),
                   least = least_of_group(&gains->open, group->first_need, bond);
    cn_levels_add(&gain, &others, 1);
    cn_levels_add(&gain, &least, -1);
    return gain;
}

static void
find_gain(Gains *gains, CnKeptGroup *group)
{
    const CnKeep *keep = gains->keep;
    const guint need = group->first_need;
    const CnBond *bond = cn_plan_bond_of_siblings(&keep->bonds, need);
    if (bond == NULL && gains->open.party_of[need] < 0 &&
        cn_plan_bond_of_bundle(&keep->bonds, need) == NULL)
        group->gain = gain_of_need(
            &gains->open, cn_kept(keep->question->kept, g_array_index(group->kept, guint, 0)));
    else
        group->gain = gain_of_group(gains, group, bond);
}

void
cn_keep_look(CnKeep *keep, const gint64 *price)
{
    Gains gains = {.keep = keep};
    init_search(&gains.open, keep, keep->open, price);
    init_search(&gains.closed, keep, keep->closed, price);
    for (guint i = 0; i < keep->groups->len; i++)
        find_gain(&gains, cn_kept_group(keep, i));
    cn_search_clear(&gains.open);
    cn_search_clear(&gains.closed);
}
