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

typedef struct {
    const CnSearch *search;
    const CnQuestion *question;
    CnLevels least;
} Look;

static void
consider(guint offering, gpointer data)
{
    Look *look = data;
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    const gint32 units = look->question->need->units;
    cn_candidate_init(&candidate, look->question, offering);
    if (cn_rules_first_broken(look->question, &candidate, CN_RULES_ALL) != CN_RULE_NONE)
        return;
    const gint64 cost = cn_cost_lines(look->question, &candidate, TRUE, lines);
    const CnLevels value = cn_search_value(look->search, cost, units, offering);
    if (cn_levels_compare(&value, &look->least) < 0)
        look->least = value;
}

static CnLevels
least_of_need(Gains *gains, guint need)
{
    const CnSearch *search = &gains->open;
    const CnQuestion question = cn_plan_way_question(search->needs, need, &gains->way);
    const CnLevels unmet = cn_levels_of_unmet(question.need->urgency);
    Look look = {search, &question, {{0}, 0}};
    cn_levels_add(&look.least, &unmet, question.need->units);
    cn_index_visit_meeting(&search->needs->asked.directory->index, question.need->service, consider,
                           &look);
    return look.least;
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

static void
find_gain(Gains *gains, CnKeptGroup *group)
{
    CnKeep *keep = gains->keep;
    const guint need = group->first_need;
    const CnBond *bond = cn_plan_bond_of_siblings(&keep->bonds, need);
    const gboolean alone = bond == NULL && gains->open.party_of[need] < 0 &&
                           cn_plan_bond_of_bundle(&keep->bonds, need) == NULL;
    CnLevels stay = {{0}, 0}, least;
    for (guint i = 0; i < group->kept->len; i++) {
        const CnLevels place = value_of_place(
            gains, cn_kept(keep->question->kept, g_array_index(group->kept, guint, i)));
        cn_levels_add(&stay, &place, 1);
    }
    if (alone) {
        least = least_of_need(gains, need);
    } else {
        /* Who is held pays nothing in the closed search. */
        const CnLevels others = least_of_group(&gains->closed, need, bond);
        cn_levels_add(&stay, &others, 1);
        least = least_of_group(&gains->open, need, bond);
    }
    group->gain = stay;
    cn_levels_add(&group->gain, &least, -1);
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
