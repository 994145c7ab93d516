/* Flocks: siblings who would rather stay together go to one offering, or each pays for being apart.
 *
 * Whoever is by itself is the solver's, or a party of its own; the price of that is guessed by what each
 * of them finds by the last prices. */
#include "routing/parties-private.h"

static guint
member(const CnFlock *flock, guint i)
{
    return g_array_index(flock->bond->needs, guint, i);
}

static guint
members_len(const CnFlock *flock)
{
    return flock->bond->needs->len;
}

CnFlock *
cn_flock_new(CnSearch *search, const CnBond *bond)
{
    CnFlock *flock = g_new0(CnFlock, 1);
    flock->bond = bond;
    flock->at = flock->pinned = -1;
    flock->choices = g_array_new(FALSE, FALSE, sizeof(CnChoice));
    flock->own = g_new0(GArray *, bond->needs->len);
    for (guint i = 0; i < bond->needs->len; i++) {
        const gint pinned = cn_market_pinned(search->market, member(flock, i));
        flock->own[i] = g_array_new(FALSE, FALSE, sizeof(CnChoice));
        flock->apart =
            flock->apart || cn_plan_need_is_bundled(search->needs, member(flock, i)) ||
            cn_plan_keeps_apart(search->needs, cn_plan_person(search->needs, member(flock, i)));
        if (pinned < 0)
            flock->units += cn_plan_need_of(search->needs, member(flock, i))->units;
        else
            flock->parted = flock->parted || (flock->pinned >= 0 && flock->pinned != pinned);
        flock->pinned = MAX(flock->pinned, pinned);
    }
    return flock;
}

void
cn_flock_free(gpointer data)
{
    CnFlock *flock = data;
    for (guint i = 0; i < members_len(flock); i++)
        g_array_unref(flock->own[i]);
    g_free(flock->own);
    g_array_unref(flock->choices);
    g_free(flock);
}

/* ---- Where they may go. */

typedef struct {
    CnSearch *search;
    CnFlock *flock;
    CnLevels *least; /* of each member by itself, with what it pays for being apart */
    CnLevels together;
    gboolean can; /* stay together anywhere */
    gboolean only_least;
} Look;

static gint64
units_of(const CnSearch *search, guint need)
{
    return cn_plan_need_of(search->needs, need)->units;
}

static CnLevels
unmet_of(const CnSearch *search, guint need)
{
    const CnLevels one = cn_levels_of_unmet(cn_plan_need_of(search->needs, need)->urgency);
    CnLevels levels = {{0}, 0};
    cn_levels_add(&levels, &one, units_of(search, need));
    return levels;
}

/* A member by itself; FALSE where there is no room for it. */
static gboolean
consider_member(Look *look, guint i, guint offering, gint64 cost)
{
    const CnSearch *search = look->search;
    const guint need = member(look->flock, i);
    if (cn_market_pinned(search->market, need) >= 0)
        return TRUE;
    if (!cn_search_holds(search, units_of(search, need), offering))
        return FALSE;
    const CnChoice choice = {offering, cost + search->needs->asked.policy->siblings_apart};
    const CnLevels value = cn_search_value(search, choice.cost, units_of(search, need), offering);
    if (cn_levels_compare(&value, &look->least[i]) < 0)
        look->least[i] = value;
    if (!look->only_least)
        cn_found_add(cn_search_found(look->search, i), &choice, &value);
    return TRUE;
}

static void
consider(guint offering, const gint64 *costs, gpointer data)
{
    Look *look = data;
    CnFlock *flock = look->flock;
    CnChoice choice = {offering, 0};
    gboolean all = !flock->parted;
    for (guint i = 0; i < members_len(flock); i++) {
        const gboolean may =
            costs[i] != CN_ROW_NEVER && consider_member(look, i, offering, costs[i]);
        choice.cost += may ? costs[i] : 0;
        all = all && may;
    }
    if (!all || !cn_bond_has_size(&look->search->bonds, flock->bond, offering) ||
        !cn_search_holds(look->search, flock->units, offering))
        return;
    const CnLevels value = cn_search_value(look->search, choice.cost, flock->units, offering);
    if (!look->can || cn_levels_compare(&value, &look->together) < 0)
        look->together = value;
    look->can = TRUE;
    if (!look->only_least)
        cn_found_add(cn_search_found(look->search, members_len(flock)), &choice, &value);
}

static void
look_init(Look *look, CnSearch *search, CnFlock *flock, gboolean only_least)
{
    const guint len = members_len(flock);
    *look = (Look){
        .search = search, .flock = flock, .least = g_new0(CnLevels, len), .only_least = only_least};
    for (guint i = 0; i < len; i++) {
        const guint need = member(flock, i);
        if (cn_market_pinned(search->market, need) < 0)
            look->least[i] = unmet_of(search, need);
        else
            look->least[i].cost = search->needs->asked.policy->siblings_apart;
    }
}

/* Together, or all of them unmet; where somebody is pinned it is not looked into. */
static CnLevels
least_of_whole(const Look *look)
{
    const CnFlock *flock = look->flock;
    CnLevels least = {{0}, 0};
    if (flock->pinned >= 0)
        return flock->least;
    for (guint i = 0; i < members_len(flock); i++) {
        const CnLevels unmet = unmet_of(look->search, member(flock, i));
        cn_levels_add(&least, &unmet, 1);
    }
    return look->can && cn_levels_compare(&look->together, &least) < 0 ? look->together : least;
}

void
cn_flock_look(CnSearch *search, CnFlock *flock, gboolean only_least)
{
    Look look;
    look_init(&look, search, flock, only_least);
    cn_search_visit(search, flock->bond->needs, FALSE, consider, &look);
    flock->least = (CnLevels){{0}, 0};
    for (guint i = 0; i < members_len(flock); i++) {
        cn_levels_add(&flock->least, &look.least[i], 1);
        if (!only_least)
            cn_found_keep(cn_search_found(search, i), CN_OWN_LIST, flock->own[i]);
    }
    if (!only_least)
        cn_found_keep(cn_search_found(search, members_len(flock)), CN_SHORT_LIST, flock->choices);
    if (look.can && cn_levels_compare(&look.together, &flock->least) < 0)
        flock->least = look.together;
    flock->whole = least_of_whole(&look);
    g_free(look.least);
}

/* ---- Picking. */

static void
move_to(CnSearch *search, CnFlock *flock, gint offering)
{
    if (flock->at >= 0)
        cn_search_take(search, (guint)flock->at, -flock->units);
    if (offering >= 0)
        cn_search_take(search, (guint)offering, flock->units);
    flock->at = offering;
    for (guint i = 0; i < members_len(flock); i++) {
        const guint need = member(flock, i);
        const gint pinned = cn_market_pinned(search->market, need), party = search->party_of[need];
        search->offering_of[need] = pinned >= 0 ? pinned : offering;
        search->left_out[need] = pinned < 0 && offering >= 0;
        if (party >= 0)
            cn_search_party(search, (guint)party)->held = offering >= 0;
    }
}

/* What they find by themselves: a guess, since they find it one after the other. */
static CnLevels
value_by_themselves(const CnSearch *search, const CnFlock *flock)
{
    CnLevels sum = {{0}, 0};
    for (guint i = 0; i < members_len(flock); i++) {
        const guint need = member(flock, i);
        CnLevels least = {{0}, search->needs->asked.policy->siblings_apart};
        if (cn_market_pinned(search->market, need) < 0)
            least = unmet_of(search, need);
        for (guint k = 0; k < flock->own[i]->len; k++) {
            const CnChoice *choice = &g_array_index(flock->own[i], CnChoice, k);
            const CnLevels value =
                cn_search_offer(search, choice->cost, units_of(search, need), choice->offering);
            if (cn_levels_compare(&value, &least) < 0)
                least = value;
        }
        cn_levels_add(&sum, &least, 1);
    }
    return sum;
}

/* Whether all of them may be there at once, everybody else being where they are. */
static gboolean
may_meet(CnSearch *search, const CnFlock *flock, guint offering)
{
    gboolean may = TRUE;
    if (!flock->apart)
        return TRUE;
    for (guint i = 0; i < members_len(flock); i++)
        search->offering_of[member(flock, i)] = (gint)offering;
    for (guint i = 0; i < members_len(flock) && may; i++)
        may = cn_search_may_meet(search, member(flock, i), offering, search->offering_of);
    for (guint i = 0; i < members_len(flock); i++)
        search->offering_of[member(flock, i)] = cn_market_pinned(search->market, member(flock, i));
    return may;
}

/* What they must not do worse than. */
static CnLevels
value_apart(const CnSearch *search, const CnFlock *flock, CnFlockMode mode)
{
    CnLevels sum = {{0}, 0};
    if (mode == CN_FLOCKS_CHOOSE)
        return value_by_themselves(search, flock);
    for (guint i = 0; i < members_len(flock); i++) {
        const CnLevels unmet = unmet_of(search, member(flock, i));
        cn_levels_add(&sum, &unmet, 1);
    }
    return sum;
}

void
cn_flock_put(CnSearch *search, CnFlock *flock, const gint *offering_of)
{
    const gint at = offering_of[member(flock, 0)];
    gboolean together = at >= 0 && cn_bond_has_size(&search->bonds, flock->bond, (guint)MAX(at, 0));
    for (guint i = 1; i < members_len(flock); i++)
        together = together && offering_of[member(flock, i)] == at;
    move_to(search, flock, together ? at : -1);
}

void
cn_flock_pick(CnSearch *search, CnFlock *flock, CnFlockMode mode)
{
    const CnChoice *best = NULL;
    for (guint i = 0; i < members_len(flock); i++) {
        const gint party = search->party_of[member(flock, i)];
        if (party >= 0)
            cn_party_leave(search, cn_search_party(search, (guint)party));
    }
    move_to(search, flock, -1);
    CnLevels least = value_apart(search, flock, mode);
    for (guint i = 0; mode != CN_FLOCKS_ASLEEP && i < flock->choices->len; i++) {
        const CnChoice *choice = &g_array_index(flock->choices, CnChoice, i);
        const CnLevels value =
            cn_search_offer(search, choice->cost, flock->units, choice->offering);
        const gint order = cn_levels_compare(&value, &least);
        if (order > 0 || (order == 0 && best != NULL && best->offering < choice->offering) ||
            !cn_search_has_room(search, flock->units, choice->offering) ||
            !may_meet(search, flock, choice->offering))
            continue;
        least = value;
        best = choice;
    }
    move_to(search, flock, best != NULL ? (gint)best->offering : -1);
}
