/* Rounds of: pick by the prices, let the solver place the rest. */
#include "routing/assign-private.h"
#include "routing/parties-private.h"

#include <string.h>

/* Rounds that did not help end the search; so does this many. */
#define ROUNDS_MOST 8
/* So often those who got nothing pick first. */
#define TURNS_MOST 12
#define TURNS_FOR  2000 /* parties, flocks and packs; for more of them there is no time */
/* Making another market takes about so many times what the first look at all does. */
#define STRICT_SHARE 3
/* Pairs that may be looked at again for a better bound. */
#define BOUND_PAIRS_MOST 20000000

static const CnLevels worst = {.unmet = {G_MAXINT64, G_MAXINT64, G_MAXINT64}, .cost = G_MAXINT64};

/* ---- The bound. */

/* Whether @dual, which @price proves, is the best so far. */
static gboolean
keep_bound(CnSearch *search, CnLevels dual, const gint64 *price, CnPlacement *out)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    CnLevels bound = dual, strict = dual;
    for (guint i = 0; i < search->flocks->len; i++) {
        cn_levels_add(&strict, &cn_search_flock(search, i)->least, -1);
        cn_levels_add(&strict, &cn_search_flock(search, i)->whole, 1);
    }
    cn_levels_clamp(&bound);
    cn_levels_clamp(&strict);
    if (cn_levels_compare(&strict, &search->strict) > 0)
        search->strict = strict;
    if (cn_levels_compare(&bound, &out->bound) <= 0)
        return FALSE;
    out->bound = bound;
    out->dual = dual;
    g_free(out->price);
    out->price = g_memdup2(price, sizeof(gint64) * (offerings + 1));
    return TRUE;
}

/* Whether to look again at what everybody could pick: never decided by the clock. */
static gboolean
is_worth_a_look(const CnSearch *search)
{
    const guint64 offerings = search->needs->asked.directory->listing->offerings_len;
    return (search->parties->len + search->flocks->len + search->packs->len) * offerings <=
           BOUND_PAIRS_MOST;
}

gboolean
cn_search_is_stopped(const CnSearch *search, CnPlacement *out)
{
    CnStopWatch watch = {search->options->deadline_us, search->options->cancel, CN_STOPPED_NOT};
    if (out->stopped_by == CN_STOPPED_NOT)
        out->stopped_by = cn_stop_watch_look(&watch);
    return out->stopped_by != CN_STOPPED_NOT;
}

/* Those without whom there is no answer, then those who only would like to go together. FALSE where a stop came
 * before all of them were looked at. */
static gboolean
look_at_all(CnSearch *search, gboolean only_least, CnPlacement *out)
{
    for (guint i = 0; i < search->parties->len; i++)
        cn_party_look(search, cn_search_party(search, i), only_least);
    for (guint i = 0; i < search->packs->len; i++)
        if (cn_search_pack(search, i)->bond->required || !cn_search_is_stopped(search, out))
            cn_pack_look(search, cn_search_pack(search, i), only_least);
    for (guint i = 0; i < search->flocks->len && !cn_search_is_stopped(search, out); i++)
        cn_flock_look(search, cn_search_flock(search, i), only_least);
    return out->stopped_by == CN_STOPPED_NOT;
}

/* Better prices, where only costs are between plan and bound: not among quotas, nor where use costs
 * something. FALSE where they are as they were. */
static gboolean
ascend(CnSearch *search, CnPlacement *out)
{
    if (memcmp(out->primal.unmet, out->dual.unmet, sizeof out->dual.unmet) != 0 ||
        cn_market_quotas(search->market)->len > 0 || search->needs->asked.policy->fairness->len > 0)
        return FALSE;
    g_autofree gint64 *price = cn_search_ascend(search, out);
    if (price == NULL)
        return FALSE;
    cn_search_take_prices(search, out->price);
    if (!look_at_all(search, TRUE, out))
        return FALSE;
    const CnLevels before = cn_search_sum(search);
    cn_search_take_prices(search, price);
    if (!look_at_all(search, TRUE, out))
        return FALSE;
    const CnLevels sum = cn_search_sum(search);
    CnLevels dual = out->dual;
    cn_levels_add(&dual, &before, -1);
    cn_levels_add(&dual, &sum, 1);
    return keep_bound(search, dual, price, out);
}

/* ---- Rounds. */

/* The caller's, less the work that is done; a solver that may do next to nothing still gives an answer. */
static CnAssignOptions
options_of_rest(const CnSearch *search)
{
    CnAssignOptions options = *search->options;
    options.left_out = search->left_out;
    options.taken = search->taken;
    options.prices = search->price;
    options.former = search->former;
    if (options.work_limit > 0)
        options.work_limit =
            options.work_limit > search->work ? options.work_limit - search->work : 1;
    return options;
}

/* Where the solver has everybody it places is where it begins the next time; the others are where it had
 * them last. */
static void
keep_places(CnSearch *search, const CnAssignment *solved)
{
    if (search->former == NULL)
        search->former = g_memdup2(solved->offering, sizeof(gint32) * (solved->units_len + 1));
    for (guint need = 0; need < search->needs->needs->len; need++)
        for (guint unit = cn_market_first_unit(search->market, need);
             !search->left_out[need] && unit < cn_market_first_unit(search->market, need + 1);
             unit++)
            search->former[unit] = solved->offering[unit];
}

gboolean
cn_search_solve(CnSearch *search, CnPlacement *out, CnAssignment *rest, GError **error)
{
    const CnAssignOptions options = options_of_rest(search);
    if (!cn_assign(search->market, &options, rest, error))
        return FALSE;
    search->work += rest->work;
    if (out->stopped_by == CN_STOPPED_NOT)
        out->stopped_by = rest->stopped_by;
    cn_search_take_prices(search, rest->price);
    keep_places(search, rest);
    return TRUE;
}

/* Asks the solver for the rest. */
static gboolean
solve_rest(CnSearch *search, CnPlacement *out, CnLevels *out_value, GError **error)
{
    g_auto(CnAssignment) rest = {NULL};
    if (!cn_search_solve(search, out, &rest, error))
        return FALSE;
    *out_value = cn_search_keep_better(search, &rest, out);
    if (rest.stopped_by == CN_STOPPED_NOT && is_worth_a_look(search) &&
        cn_levels_compare(&out->primal, &out->bound) != 0 && look_at_all(search, TRUE, out))
        keep_bound(search, cn_search_bound(search, &rest), rest.price, out);
    return TRUE;
}

static gboolean
is_optimal(const CnPlacement *out)
{
    return cn_levels_compare(&out->primal, &out->bound) == 0;
}

static gboolean
is_over(const CnPlacement *out)
{
    return out->stopped_by != CN_STOPPED_NOT || is_optimal(out);
}

/* Of long lists not both: exchanges make good most of what one of them overlooks. */
static CnFlockMode
first_mode(const CnPlacement *out)
{
    return out->parties > TURNS_FOR ? CN_FLOCKS_CHOOSE : CN_FLOCKS_TOGETHER;
}

/* The first round always gives an answer; a stop ends the rounds, whose answers are all sound. */
static gboolean
run_rounds(CnSearch *search, CnFlockMode mode, CnPlacement *out, GError **error)
{
    CnLevels best = worst, value;
    for (guint round = 0; round < ROUNDS_MOST; round++) {
        if (!cn_search_pick_all(search, mode, error) || !solve_rest(search, out, &value, error))
            return FALSE;
        if (is_over(out) || cn_levels_compare(&value, &best) >= 0)
            break;
        best = value;
    }
    return TRUE;
}

/* ---- Turns: whoever got nothing picks first, everybody anew. */

static gboolean
got_nothing(const CnSearch *search, CnOrder order, guint i)
{
    if (order == CN_ORDER_PARTIES)
        return !cn_search_party(search, i)->held && cn_search_party(search, i)->pinned < 0 &&
               cn_search_party(search, i)->at < 0;
    if (order == CN_ORDER_FLOCKS)
        return cn_search_flock(search, i)->at < 0;
    const CnPack *pack = cn_search_pack(search, i);
    for (guint k = 0; k < pack->needs->len; k++)
        if (search->left_out[g_array_index(pack->needs, guint, k)] && pack->at[k] < 0)
            return TRUE;
    return FALSE;
}

/* FALSE where the order stays as it was. */
static gboolean
turn(CnSearch *search, CnOrder order)
{
    g_autoptr(GArray) turned = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < search->order[order]->len; i++) {
            const guint at = cn_search_at(search, order, i);
            if (got_nothing(search, order, at) == (pass == 0))
                g_array_append_val(turned, at);
        }
    const gboolean other =
        memcmp(turned->data, search->order[order]->data, turned->len * sizeof(guint)) != 0;
    g_array_set_size(search->order[order], 0);
    g_array_append_vals(search->order[order], turned->data, turned->len);
    return other;
}

static void
leave_all(CnSearch *search)
{
    for (guint i = 0; i < search->packs->len; i++)
        cn_pack_leave(search, cn_search_pack(search, i));
    for (guint i = 0; i < search->flocks->len; i++)
        cn_flock_pick(search, cn_search_flock(search, i), CN_FLOCKS_ASLEEP);
    for (guint i = 0; i < search->parties->len; i++)
        cn_party_leave(search, cn_search_party(search, i));
}

static gboolean
take_turns(CnSearch *search, CnPlacement *out, GError **error)
{
    CnLevels value;
    if (out->parties > TURNS_FOR)
        return TRUE;
    for (guint round = 0; round < TURNS_MOST && !is_over(out); round++) {
        gboolean other = FALSE;
        for (guint order = 0; order < G_N_ELEMENTS(search->order); order++)
            if (search->order[order]->len > 0)
                other = turn(search, (CnOrder)order) || other;
        if (!other)
            break;
        cn_search_take_prices(search, out->price);
        leave_all(search);
        if (!cn_search_pick_all(search, CN_FLOCKS_CHOOSE, error) ||
            !solve_rest(search, out, &value, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- Releasing: flocks that stay together at the price of somebody who goes unmet. */

static gboolean
release_flocks(CnSearch *search)
{
    const gint64 least = cn_market_step(search->market) / 2;
    gboolean released = FALSE;
    for (guint i = 0; i < search->flocks->len; i++) {
        CnFlock *flock = cn_search_flock(search, i);
        if (flock->at < 0 || search->price[flock->at] < least)
            continue;
        cn_flock_pick(search, flock, CN_FLOCKS_ASLEEP);
        released = TRUE;
    }
    return released;
}

/* All others stay where they are, so that not all siblings pay for one place. */
static gboolean
run_releases(CnSearch *search, CnPlacement *out, GError **error)
{
    CnLevels value;
    for (guint round = 0; round < ROUNDS_MOST && !is_over(out); round++) {
        if (!release_flocks(search))
            break;
        if (!cn_search_pick_open(search, error) || !solve_rest(search, out, &value, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- Exchanges: families change places with others, then the solver places the others anew. */

static gint
place_of(const CnSearch *search, const GArray *needs, const gint *offering_of)
{
    for (guint i = 0; i < needs->len; i++)
        if (cn_market_pinned(search->market, g_array_index(needs, guint, i)) < 0)
            return offering_of[g_array_index(needs, guint, i)];
    return -1;
}

/* Parties, and flocks that are together, where the answer has them; all others are the solver's. */
static void
hold_answer(CnSearch *search, const gint *offering_of)
{
    for (guint i = 0; i < search->flocks->len; i++)
        cn_flock_put(search, cn_search_flock(search, i), offering_of);
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, i);
        if (!party->held)
            cn_party_put(search, party, place_of(search, party->needs, offering_of));
    }
}

/* Whether what was gained since is worth another round: a hundredth of what may be left. */
static gboolean
has_gained(const CnLevels *before, const CnPlacement *out)
{
    const gint64 gained = before->cost - out->primal.cost;
    return memcmp(before->unmet, out->primal.unmet, sizeof before->unmet) != 0 ||
           (gained > 0 && gained >= (out->primal.cost - out->bound.cost) / 100);
}

/* The solver first, so that prices are those of the answer. Packs are its own only where nobody asks for one provider:
 * with them families exchange once. */
static gboolean
run_exchanges(CnSearch *search, CnPlacement *out, GError **error)
{
    CnLevels value;
    for (guint round = 0; round < ROUNDS_MOST && !is_over(out); round++) {
        const CnLevels before = out->primal;
        leave_all(search);
        if (search->packs->len == 0) {
            hold_answer(search, out->offering_of);
            if (!solve_rest(search, out, &value, error))
                return FALSE;
            leave_all(search);
        }
        if (is_over(out) || !cn_search_exchange(search, out) || search->packs->len > 0 ||
            !has_gained(&before, out))
            break;
    }
    return TRUE;
}

/* ---- Siblings who would rather stay together: never worse than if they had to. */

static gboolean
try_strictly(CnSearch *search, CnPlacement *out, GError **error)
{
    CnAssignOptions options = options_of_rest(search);
    g_auto(CnPlacement) strict = {NULL};
    /* It takes some time before it can be stopped: as what was measured at the beginning. */
    if (options.deadline_us > 0 &&
        g_get_monotonic_time() + STRICT_SHARE * search->look_us > options.deadline_us) {
        out->stopped_by = CN_STOPPED_TIME;
        return TRUE;
    }
    options.left_out = NULL;
    options.taken = NULL;
    options.prices = NULL;
    options.former = NULL;
    if (!cn_search_place_strictly(search, &options, &strict))
        return TRUE;
    search->work += strict.work;
    out->stopped_by = strict.stopped_by;
    const CnLevels levels = cn_search_levels(search, out, strict.offering_of);
    if (cn_levels_compare(&levels, &out->primal) < 0) {
        out->primal = levels;
        g_free(out->offering_of);
        out->offering_of = g_steal_pointer(&strict.offering_of);
    }
    for (guint mode = first_mode(out); mode < CN_FLOCKS_LEN && !is_over(out); mode++) {
        cn_search_take_prices(search, strict.price);
        leave_all(search);
        if (!run_rounds(search, (CnFlockMode)mode, out, error) || !run_releases(search, out, error))
            return FALSE;
    }
    return run_exchanges(search, out, error);
}

/* ---- Better prices say more, and families pick by them. */

static gboolean
pick_by_better_prices(CnSearch *search, CnPlacement *out, GError **error)
{
    if (!ascend(search, out) || is_over(out))
        return TRUE;
    cn_search_take_prices(search, out->price);
    leave_all(search);
    return run_rounds(search, CN_FLOCKS_CHOOSE, out, error) && run_releases(search, out, error) &&
           run_exchanges(search, out, error);
}

/* ---- Short lists: every way of every family. */

static gboolean
search_whole_tree(CnSearch *search, CnPlacement *out, GError **error)
{
    leave_all(search);
    if (!cn_search_branch(search, out, error))
        return FALSE;
    leave_all(search);
    return TRUE;
}

/* ---- All of it. */

static gboolean
place(CnSearch *search, CnPlacement *out, GError **error)
{
    g_auto(CnAssignment) relaxed = {NULL};
    if (!cn_assign(search->market, search->options, &relaxed, error))
        return FALSE;
    search->work = relaxed.work;
    out->flocks = search->flocks->len + search->packs->len;
    out->parties = search->parties->len + out->flocks;
    out->stopped_by = relaxed.stopped_by;
    out->bound = out->dual = relaxed.bound;
    for (guint tier = 0; tier < G_N_ELEMENTS(out->penalties); tier++)
        out->penalties[tier] = cn_market_penalty(search->market, (CnUrgency)tier);
    out->primal = worst;
    out->price = g_memdup2(relaxed.price, sizeof(gint64) * (relaxed.offerings_len + 1));
    cn_search_take_prices(search, relaxed.price);
    keep_places(search, &relaxed);
    const gint64 looking_us = g_get_monotonic_time();
    const gboolean looked = out->parties > 0 && look_at_all(search, FALSE, out);
    search->look_us = g_get_monotonic_time() - looking_us;
    if (looked)
        keep_bound(search, cn_search_bound(search, &relaxed), relaxed.price, out);
    /* First without flocks, so that nobody goes unmet for a flock's sake. Where nobody must be placed
     * whole or apart either, the relaxation is an answer as it is. */
    if (search->parties->len == 0)
        cn_search_keep_better(search, &relaxed, out);
    else if (!run_rounds(search, CN_FLOCKS_ASLEEP, out, error))
        return FALSE;
    for (guint mode = first_mode(out); out->flocks > 0 && mode < CN_FLOCKS_LEN; mode++)
        if (!is_over(out) && (!run_rounds(search, (CnFlockMode)mode, out, error) ||
                              !run_releases(search, out, error)))
            return FALSE;
    if (!is_over(out) && !take_turns(search, out, error))
        return FALSE;
    if (!is_over(out) && out->parties > 0 && !run_exchanges(search, out, error))
        return FALSE;
    if (!is_over(out) && out->parties > 0 && !pick_by_better_prices(search, out, error))
        return FALSE;
    if (!is_over(out) && !search_whole_tree(search, out, error))
        return FALSE;
    /* Whatever that search found would be no better where the prices say so. */
    if (!is_over(out) && !out->searched && search->flocks->len > 0 &&
        cn_levels_compare(&out->primal, &search->strict) > 0 && !try_strictly(search, out, error))
        return FALSE;
    /* Whoever found a place too dear may have one that nobody took. A stopped solver has room left under quotas, too: it
     * holds places back before it knows who needs which. */
    if (!is_optimal(out) && (out->parties > 0 || (out->stopped_by != CN_STOPPED_NOT &&
                                                  cn_market_quotas(search->market)->len > 0)))
        cn_search_fill(search, out);
    return TRUE;
}

gboolean
cn_parties_place(const CnMarket *market,
                 const CnPlanNeeds *needs,
                 const CnAssignOptions *options,
                 CnPlacement *out,
                 GError **error)
{
    g_assert(options->taken == NULL && options->left_out == NULL);
    CnSearch search = {.market = market, .needs = needs, .options = options};
    cn_search_init(&search);
    g_auto(CnPlacement) placed = {NULL};
    const gboolean ok = place(&search, &placed, error);
    placed.work = search.work;
    cn_search_clear(&search);
    if (!ok)
        return FALSE;
    *out = placed;
    placed = (CnPlacement){NULL};
    return TRUE;
}

void
cn_placement_clear(CnPlacement *placement)
{
    g_clear_pointer(&placement->offering_of, g_free);
    g_clear_pointer(&placement->price, g_free);
}
