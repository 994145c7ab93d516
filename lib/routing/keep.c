/* Tries: who is held, who is let go. */
#include "routing/keep-private.h"

#include "base/error.h"

/* Tries at most between letting everybody go and letting nobody. */
#define TRIES_MOST 8
/* Pairs that may be looked at for what leaving saves. */
#define PAIRS_MOST 50000000

/* ---- Groups. */

static guint
first_of_bundle(const CnKeep *keep, guint need)
{
    const CnBond *bundle = cn_plan_bond_of_bundle(&keep->bonds, need);
    for (guint i = 0; bundle != NULL && i < bundle->needs->len; i++)
        if (!cn_plan_bonds_tie(&keep->bonds, g_array_index(bundle->needs, guint, i)))
            return g_array_index(bundle->needs, guint, i);
    return need;
}

/* The first need of those that are looked at together with one. */
static guint
first_of(const CnKeep *keep, guint need)
{
    const CnPlanNeeds *needs = keep->question->needs;
    const CnBond *bond = cn_plan_bond_of_siblings(&keep->bonds, need);
    CnCompanions companions;
    guint first = need;
    if (bond != NULL)
        return g_array_index(bond->needs, guint, 0);
    if (!cn_plan_bonds_tie(&keep->bonds, need))
        return first_of_bundle(keep, need);
    cn_plan_companions_find(needs, need, NULL, &companions);
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other = cn_plan_need_of_sibling(needs, g_ptr_array_index(companions.together, i),
                                                   cn_plan_need_of(needs, need)->service);
        first = other >= 0 ? MIN(first, (guint)other) : first;
    }
    cn_plan_companions_clear(&companions);
    return first;
}

/* By reference: the order of the list decides nothing. */
static gint
compare_kept(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnKeepQuestion *question = ((const CnKeep *)data)->question;
    const guint a = cn_kept(question->kept, *(const guint *)x)->need;
    const guint b = cn_kept(question->kept, *(const guint *)y)->need;
    const gint order =
        g_strcmp0(cn_plan_person(question->needs, a)->ref, cn_plan_person(question->needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

static gint
compare_groups(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnKeptGroup *a = x, *b = y;
    return compare_kept(a->kept->data, b->kept->data, data);
}

static void
sort_groups(CnKeep *keep)
{
    for (guint i = 0; i < keep->groups->len; i++)
        g_array_sort_with_data(cn_kept_group(keep, i)->kept, compare_kept, keep);
    g_array_sort_with_data(keep->groups, compare_groups, keep);
}

static void
make_groups(CnKeep *keep)
{
    const GArray *kept = keep->question->kept;
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < kept->len; i++) {
        gpointer found = NULL;
        if (cn_kept(kept, i)->released != CN_RULE_NONE)
            continue;
        const guint first = first_of(keep, cn_kept(kept, i)->need);
        if (!g_hash_table_lookup_extended(known, GUINT_TO_POINTER(first), NULL, &found)) {
            const CnKeptGroup group = {.kept = g_array_new(FALSE, FALSE, sizeof(guint)),
                                       .first_need = first};
            found = GUINT_TO_POINTER(keep->groups->len);
            g_hash_table_insert(known, GUINT_TO_POINTER(first), found);
            g_array_append_val(keep->groups, group);
        }
        g_array_append_val(cn_kept_group(keep, GPOINTER_TO_UINT(found))->kept, i);
    }
    sort_groups(keep);
}

static void
clear_group(gpointer group)
{
    g_array_unref(((CnKeptGroup *)group)->kept);
}

/* ---- One try. */

static void
hold_all(const CnKeep *keep, gboolean held)
{
    for (guint i = 0; i < keep->groups->len; i++)
        cn_kept_group(keep, i)->held = held;
}

/* The market with the pins of the caller and of those who are held. (transfer full) */
static CnMarket *
open_market(const CnKeep *keep, GError **error)
{
    const CnKeepQuestion *question = keep->question;
    const CnPlanQuestion *asked = &question->needs->asked;
    CnMarketOptions options = *question->market;
    g_autoptr(GArray) pins = g_array_new(FALSE, FALSE, sizeof(CnPin));
    if (options.pins_len > 0)
        g_array_append_vals(pins, options.pins, (guint)options.pins_len);
    for (guint i = 0; i < keep->groups->len; i++) {
        const CnKeptGroup *group = cn_kept_group(keep, i);
        for (guint k = 0; group->held && k < group->kept->len; k++) {
            const CnKept *kept = cn_kept(question->kept, g_array_index(group->kept, guint, k));
            const CnPin pin = {kept->need, (guint)kept->offering};
            g_array_append_val(pins, pin);
        }
    }
    options.pins = (const CnPin *)(gconstpointer)pins->data;
    options.pins_len = pins->len;
    return cn_market_new(asked->directory, asked->policy, asked->cases, &options, error);
}

/* Tries differ in who is held, so the next one begins where this one ended. */
static void
remember(CnKeep *keep, const CnMarket *market, const CnPlacement *solved)
{
    const CnPlanNeeds *needs = keep->question->needs;
    const gsize offerings = needs->asked.directory->listing->offerings_len;
    if (keep->price == NULL) {
        keep->price = g_new(gint64, offerings + 1);
        keep->at = g_new(gint32, (gsize)cn_market_units_len(market) + 1);
    }
    for (gsize i = 0; i < offerings; i++)
        keep->price[i] = cn_keep_rescale(market, keep->closed, solved->price[i]);
    for (guint need = 0; need < needs->needs->len; need++)
        for (guint unit = cn_market_first_unit(market, need);
             unit < cn_market_first_unit(market, need + 1); unit++)
            keep->at[unit] = solved->offering_of[need];
}

/* By offering, in steps of this market; NULL before the first try. (transfer full) */
static gint64 *
prices_to_begin(const CnKeep *keep, const CnMarket *market)
{
    const gsize offerings = keep->question->needs->asked.directory->listing->offerings_len;
    if (keep->price == NULL)
        return NULL;
    gint64 *price = g_new(gint64, offerings + 1);
    for (gsize i = 0; i < offerings; i++)
        price[i] = cn_keep_rescale(keep->closed, market, keep->price[i]);
    return price;
}

/* The work that is left of the limit, if there is one. */
static gboolean
solve(CnKeep *keep, const CnMarket *market, guint64 done, CnPlacement *out, GError **error)
{
    CnAssignOptions options = *keep->question->assign;
    g_autofree gint64 *price = prices_to_begin(keep, market);
    if (price != NULL) {
        options.prices = price;
        options.former = keep->at;
    }
    if (options.work_limit > 0)
        options.work_limit = options.work_limit > done ? options.work_limit - done : 1;
    if (!cn_parties_place(market, keep->question->needs, &options, out, error))
        return FALSE;
    remember(keep, market, out);
    return TRUE;
}

static gboolean
is_moved(const CnKeep *keep, const CnKeptGroup *group, guint i, const CnPlacement *placement)
{
    const CnKept *kept = cn_kept(keep->question->kept, g_array_index(group->kept, guint, i));
    return placement->offering_of[kept->need] != kept->offering;
}

static gint64
moves_of_group(const CnKeep *keep, const CnKeptGroup *group, const CnPlacement *placement)
{
    gint64 moves = 0;
    for (guint i = 0; i < group->kept->len; i++)
        moves += is_moved(keep, group, i, placement) ? 1 : 0;
    return moves;
}

static gint64
moves_of(const CnKeep *keep, const CnPlacement *placement)
{
    gint64 moves = 0;
    for (guint i = 0; i < keep->groups->len; i++)
        moves += moves_of_group(keep, cn_kept_group(keep, i), placement);
    return moves;
}

/* ---- Bounds. */

static gint
compare_gains(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnKeep *keep = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const gint order =
        cn_levels_compare(&cn_kept_group(keep, b)->gain, &cn_kept_group(keep, a)->gain);
    return order != 0 ? order : (a > b) - (a < b);
}

/* Groups, those first who save most by leaving. (element-type guint) (transfer full) */
static GArray *
rank_groups(CnKeep *keep)
{
    GArray *ranked = g_array_sized_new(FALSE, FALSE, sizeof(guint), keep->groups->len);
    for (guint i = 0; i < keep->groups->len; i++)
        g_array_append_val(ranked, i);
    g_array_sort_with_data(ranked, compare_gains, keep);
    return ranked;
}

static gboolean
is_worth_a_look(const CnKeep *keep)
{
    const guint64 offerings = keep->question->needs->asked.directory->listing->offerings_len;
    return keep->groups->len * offerings <= PAIRS_MOST;
}

/* By offering: units of those who are pinned or held. (transfer full) */
static gint64 *
units_held(const CnKeep *keep)
{
    const CnKeepQuestion *question = keep->question;
    const CnPlanNeeds *needs = question->needs;
    gint64 *units = g_new0(gint64, needs->asked.directory->listing->offerings_len + 1);
    for (gsize i = 0; i < question->market->pins_len; i++) {
        const CnPin *pin = &question->market->pins[i];
        units[pin->offering] += cn_plan_need_of(needs, pin->need)->units;
    }
    for (guint i = 0; i < keep->groups->len; i++) {
        const CnKeptGroup *group = cn_kept_group(keep, i);
        for (guint k = 0; group->held && k < group->kept->len; k++) {
            const CnKept *kept = cn_kept(question->kept, g_array_index(group->kept, guint, k));
            units[kept->offering] += cn_plan_need_of(needs, kept->need)->units;
        }
    }
    return units;
}

/* The prices of a try for a bound in which nobody is held: whoever is, pays for the use of its place, so
 * that no place is asked for less. */
static gint64 *
prices_for_all(const CnKeep *keep, const CnMarket *market, const CnPlacement *tried)
{
    const CnPlanQuestion *asked = &keep->question->needs->asked;
    const CnListing *listing = asked->directory->listing;
    gint64 *price = g_new(gint64, listing->offerings_len + 1);
    g_autofree gint64 *held = units_held(keep);
    for (guint i = 0; i < listing->offerings_len; i++) {
        const gint64 use = held[i] > 0 ? cn_fair_extra(asked->policy, listing, i, held[i]) : 0;
        price[i] = MAX(use, cn_keep_rescale(market, keep->open, tried->price[i]));
    }
    return price;
}

/* Where use costs something under quotas, the places of those who are held are worth what others would pay
 * under the same quota: the bound of those who may all go stands. */
static gboolean
is_bound_known(const CnKeep *keep)
{
    const CnPolicy *policy = keep->question->needs->asked.policy;
    return policy->fairness->len == 0 || policy->quotas->len == 0;
}

/* At most so many of the kept may leave, and each group that does is at least one of them: at any prices
 * all others stay. @tried is what was solved with those held who are. */
static void
raise_bound(CnKeep *keep, const CnMarket *market, const CnPlacement *tried, CnPlacement *best)
{
    if (!is_bound_known(keep))
        return;
    g_autofree gint64 *price = prices_for_all(keep, market, tried);
    CnLevels dual = tried->dual;
    cn_keep_look(keep, price);
    for (guint i = 0; i < keep->groups->len; i++)
        if (!cn_kept_group(keep, i)->held)
            cn_levels_add(&dual, &cn_kept_group(keep, i)->gain, 1);
    g_autoptr(GArray) ranked = rank_groups(keep);
    for (guint i = 0; i < ranked->len && (gint64)i < keep->question->max_moves; i++)
        cn_levels_add(&dual, &cn_kept_group(keep, g_array_index(ranked, guint, i))->gain, -1);
    CnLevels bound = dual;
    cn_levels_clamp(&bound);
    if (cn_levels_compare(&bound, &best->bound) <= 0)
        return;
    best->bound = bound;
    best->dual = dual;
    g_free(best->price);
    best->price = g_steal_pointer(&price);
}

/* ---- Tries. */

static void
swap_answers(CnPlacement *a, CnPlacement *b)
{
    const CnLevels primal = a->primal;
    gint *offering_of = a->offering_of;
    a->primal = b->primal;
    a->offering_of = b->offering_of;
    b->primal = primal;
    b->offering_of = offering_of;
}

/* Solves with those held who are; keeps the answer in @best where it is better and has no more moves
 * than may be. The moves in *out_moves. */
static gboolean
try_held(CnKeep *keep, CnPlacement *best, CnPlacement *tried, gint64 *out_moves, GError **error)
{
    g_autoptr(CnMarket) market = open_market(keep, error);
    if (market == NULL || !solve(keep, market, best->work, tried, error))
        return FALSE;
    best->work += tried->work;
    *out_moves = moves_of(keep, tried);
    if (best->stopped_by == CN_STOPPED_NOT)
        best->stopped_by = tried->stopped_by;
    if (tried->stopped_by == CN_STOPPED_NOT && is_worth_a_look(keep))
        raise_bound(keep, market, tried, best);
    if (*out_moves <= keep->question->max_moves &&
        cn_levels_compare(&tried->primal, &best->primal) < 0)
        swap_answers(best, tried);
    return TRUE;
}

static gboolean
is_over(const CnPlacement *best)
{
    return best->stopped_by != CN_STOPPED_NOT ||
           cn_levels_compare(&best->primal, &best->bound) == 0;
}

/* Lets those go who save most by leaving, as many as @most moves allow; holds all others. With
 * @tried only those who left in it. FALSE where nobody is let go who was not before. */
static gboolean
let_go(CnKeep *keep, const CnPlacement *tried, gint64 most)
{
    g_autoptr(GArray) ranked = rank_groups(keep);
    gboolean other = FALSE;
    for (guint i = 0; i < ranked->len; i++) {
        CnKeptGroup *group = cn_kept_group(keep, g_array_index(ranked, guint, i));
        const gint64 moves =
            tried != NULL ? moves_of_group(keep, group, tried) : (gint64)group->kept->len;
        const CnLevels nothing = {{0}, 0};
        const gboolean held = moves == 0 || moves > most ||
                              (tried == NULL && cn_levels_compare(&group->gain, &nothing) <= 0);
        other = other || (group->held && !held);
        group->held = held;
        most -= held ? 0 : moves;
    }
    return other;
}

/* Fewer and fewer are let go: half of what is too many is held again, until the moves suffice. */
static gboolean
hold_again(CnKeep *keep, CnPlacement *best, CnPlacement *tried, gint64 moves, GError **error)
{
    const gint64 most = keep->question->max_moves;
    for (guint i = 0; moves > most && i < TRIES_MOST && !is_over(best); i++) {
        let_go(keep, tried, i + 1 < TRIES_MOST ? most + (moves - most) / 2 : most);
        cn_placement_clear(tried);
        if (!try_held(keep, best, tried, &moves, error))
            return FALSE;
    }
    return TRUE;
}

/* From those who stay now, let those go who would gain most. */
static gboolean
let_more_go(CnKeep *keep, CnPlacement *best, CnPlacement *tried, GError **error)
{
    gint64 moves;
    hold_all(keep, TRUE);
    for (guint i = 0; i < TRIES_MOST && !is_over(best); i++) {
        if (!let_go(keep, NULL, keep->question->max_moves))
            break;
        cn_placement_clear(tried);
        if (!try_held(keep, best, tried, &moves, error))
            return FALSE;
    }
    return TRUE;
}

static void
take_all(CnPlacement *best, CnPlacement *tried)
{
    cn_placement_clear(best);
    *best = *tried;
    *tried = (CnPlacement){NULL};
}

/* The bound of those who may all go is one for those of whom some may; its prices are the open market's. */
static void
take_bound(const CnKeep *keep, CnPlacement *best, CnPlacement *tried)
{
    best->bound = tried->bound;
    best->dual = tried->dual;
    for (guint tier = 0; tier < G_N_ELEMENTS(best->penalties); tier++)
        best->penalties[tier] = cn_market_penalty(keep->open, (CnUrgency)tier);
    g_free(best->price);
    best->price =
        g_memdup2(tried->price,
                  sizeof(gint64) * keep->question->needs->asked.directory->listing->offerings_len);
}

/* First nobody moves, which is an answer at any time; then anybody may. */
static gboolean
search(CnKeep *keep, CnPlacement *best, CnPlacement *tried, GError **error)
{
    if (!solve(keep, keep->closed, 0, tried, error))
        return FALSE;
    take_all(best, tried);
    if (keep->question->max_moves == 0 || keep->groups->len == 0)
        return TRUE;
    hold_all(keep, FALSE);
    keep->open = open_market(keep, error);
    if (keep->open == NULL || !solve(keep, keep->open, best->work, tried, error))
        return FALSE;
    best->work += tried->work;
    if (best->stopped_by == CN_STOPPED_NOT)
        best->stopped_by = tried->stopped_by;
    take_bound(keep, best, tried);
    const gint64 moves = moves_of(keep, tried);
    /* Where those who may all go move so little, nothing is better than that. */
    best->searched = tried->searched && moves <= keep->question->max_moves;
    if (tried->stopped_by == CN_STOPPED_NOT && is_worth_a_look(keep))
        raise_bound(keep, keep->open, tried, best);
    if (moves <= keep->question->max_moves && cn_levels_compare(&tried->primal, &best->primal) < 0)
        swap_answers(best, tried);
    return is_over(best) || best->searched ||
           (hold_again(keep, best, tried, moves, error) && let_more_go(keep, best, tried, error));
}

gboolean
cn_keep_place(const CnKeepQuestion *question, CnPlacement *out, GError **error)
{
    CnKeep keep = {.question = question, .groups = g_array_new(FALSE, FALSE, sizeof(CnKeptGroup))};
    g_auto(CnPlacement) best = {NULL}, tried = {NULL};
    g_array_set_clear_func(keep.groups, clear_group);
    cn_plan_bonds_init(&keep.bonds, question->needs);
    make_groups(&keep);
    hold_all(&keep, TRUE);
    keep.closed = open_market(&keep, error);
    const gboolean ok = keep.closed != NULL && search(&keep, &best, &tried, error);
    g_clear_pointer(&keep.closed, cn_market_free);
    g_clear_pointer(&keep.open, cn_market_free);
    cn_plan_bonds_clear(&keep.bonds);
    g_free(keep.price);
    g_free(keep.at);
    g_array_unref(keep.groups);
    if (!ok)
        return FALSE;
    *out = best;
    best = (CnPlacement){NULL};
    return TRUE;
}
