/* What an answer is worth, whoever found it: everybody's costs, and those of bonds. */
#include "routing/parties-private.h"

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

/* ---- What the solver found, with those whom it was not asked for. */

static void
take_offerings(const CnSearch *search, const CnAssignment *rest, gint *offering_of)
{
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const gint pinned = cn_market_pinned(search->market, need);
        if (pinned >= 0)
            offering_of[need] = pinned;
        else if (search->left_out[need])
            offering_of[need] = search->offering_of[need];
        else
            offering_of[need] = rest->offering[cn_market_first_unit(search->market, need)];
    }
}

/* Of those whom the solver was not asked for. */
static void
add_left_out(const CnSearch *search, const gint *offering_of, CnLevels *levels)
{
    CnPlanWay way = {.made = FALSE};
    for (guint i = 0; i < search->needs->needs->len; i++) {
        const guint need = search->needs->order[i];
        const CnNeed *wanted = cn_plan_need_of(search->needs, need);
        if (!search->left_out[need])
            continue;
        if (offering_of[need] < 0) {
            levels->unmet[wanted->urgency] += wanted->units;
            continue;
        }
        levels->cost += cn_search_cost(search, need, (guint)offering_of[need], &way);
    }
}

static void
add_bonds(const CnSearch *search, const gint *offering_of, CnLevels *levels)
{
    for (guint need = 0; search->bonds.bonds->len > 0 && need < search->needs->needs->len; need++)
        if (offering_of[need] >= 0)
            levels->cost += cost_of_bonds(search, need, offering_of);
}

CnLevels
cn_search_keep_better(const CnSearch *search, const CnAssignment *rest, CnPlacement *out)
{
    g_autofree gint *offering_of = g_new(gint, MAX(search->needs->needs->len, 1));
    CnLevels levels = rest->primal;
    take_offerings(search, rest, offering_of);
    add_left_out(search, offering_of, &levels);
    levels.cost += cn_search_use_of_taken(search);
    add_bonds(search, offering_of, &levels);
    if (cn_levels_compare(&levels, &out->primal) >= 0)
        return levels;
    out->primal = levels;
    g_free(out->offering_of);
    out->offering_of = g_steal_pointer(&offering_of);
    return levels;
}
