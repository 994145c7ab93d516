/* The ways to decide a block, and doing it. */
#include "routing/parties-block.h"

static guint
need_at(const CnBlock *block, guint i)
{
    return g_array_index(block->needs, guint, i);
}

static gboolean
is_pinned(const CnSearch *search, guint need)
{
    return cn_market_pinned(search->market, need) >= 0;
}

static gint32
units_of(const CnSearch *search, guint need)
{
    return cn_plan_need_of(search->needs, need)->units;
}

/* ---- Making them. */

void
cn_block_clear(gpointer block)
{
    g_array_unref(((CnBlock *)block)->needs);
}

void
cn_block_option_clear(gpointer option)
{
    g_free(((CnBlockOption *)option)->at);
}

/* Whether a flock or pack decides for it. */
static gboolean
is_of_another(const CnSearch *search, const CnParty *party)
{
    return party->packed ||
           cn_plan_bond_of_siblings(&search->bonds, g_array_index(party->needs, guint, 0)) != NULL;
}

static void
note_pins(const CnSearch *search, GArray *blocks)
{
    for (guint i = 0; i < blocks->len; i++) {
        CnBlock *block = &g_array_index(blocks, CnBlock, i);
        block->pinned = TRUE;
        for (guint k = 0; k < block->needs->len; k++)
            block->pinned = block->pinned && is_pinned(search, need_at(block, k));
    }
}

GArray *
cn_blocks_new(const CnSearch *search)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(CnBlock));
    g_array_set_clear_func(blocks, cn_block_clear);
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, i);
        const CnBlock block = {
            .kind = CN_BLOCK_PARTY, .party = party, .needs = g_array_ref(party->needs)};
        if (is_of_another(search, party))
            g_array_unref(block.needs);
        else
            g_array_append_val(blocks, block);
    }
    for (guint i = 0; i < search->flocks->len; i++) {
        CnFlock *flock = cn_search_flock(search, i);
        const CnBlock block = {
            .kind = CN_BLOCK_FLOCK, .flock = flock, .needs = g_array_ref(flock->bond->needs)};
        g_array_append_val(blocks, block);
    }
    for (guint i = 0; i < search->packs->len; i++) {
        CnPack *pack = cn_search_pack(search, i);
        const CnBlock block = {
            .kind = CN_BLOCK_PACK, .pack = pack, .needs = g_array_ref(pack->needs)};
        g_array_append_val(blocks, block);
    }
    note_pins(search, blocks);
    return blocks;
}

static gint64
extra_of_singles(const CnSearch *search, const CnBlock *block)
{
    return block->kind == CN_BLOCK_FLOCK ? search->needs->asked.policy->siblings_apart : 0;
}

static CnBlock
single_of(const CnSearch *search, const CnBlock *block, guint i)
{
    CnBlock single = {.kind = CN_BLOCK_SINGLE,
                      .needs = g_array_new(FALSE, FALSE, sizeof(guint)),
                      .extra = extra_of_singles(search, block)};
    const guint need = need_at(block, i);
    g_array_append_val(single.needs, need);
    return single;
}

void
cn_blocks_fall_apart(const CnSearch *search, GArray *blocks, guint at)
{
    const guint len = g_array_index(blocks, CnBlock, at).needs->len;
    for (guint i = 0; i < len; i++) {
        /* Looked up anew: the array moves. */
        const CnBlock *block = &g_array_index(blocks, CnBlock, at);
        if (is_pinned(search, need_at(block, i)))
            continue;
        const CnBlock single = single_of(search, block, i);
        g_array_append_val(blocks, single);
    }
}

/* ---- The ways of one who goes to one offering with all of its needs. */

typedef struct {
    CnSearch *search;
    const CnBlock *block;
    GArray *options; /* (element-type CnBlockOption); NULL: only the least is looked for */
    const CnBlockLimit *limit;
    CnLevels least;
} Look;

static void
add_option(GArray *options,
           const CnBlockLimit *limit,
           const CnLevels *value,
           const CnLevels *cost,
           const gint *at,
           guint len)
{
    if (cn_block_is_hopeless(limit, value))
        return;
    const CnBlockOption option = {*value, *cost,
                                  at != NULL ? g_memdup2(at, sizeof(gint) * len) : NULL};
    g_array_append_val(options, option);
}

/* All of its needs at @offering; those that are pinned are where they are. */
static void
add_place(const Look *look, guint offering, const CnLevels *value, gint64 cost)
{
    const guint len = look->block->needs->len;
    const CnLevels plain = {{0}, cost};
    g_autofree gint *at = g_new(gint, len);
    for (guint i = 0; i < len; i++)
        at[i] = (gint)offering;
    add_option(look->options, look->limit, value, &plain, at, len);
}

static gint
pinned_at(const CnBlock *block)
{
    return block->kind == CN_BLOCK_PARTY   ? block->party->pinned
           : block->kind == CN_BLOCK_FLOCK ? block->flock->pinned
                                           : -1;
}

static gint64
units_of_all(const CnSearch *search, const CnBlock *block)
{
    gint64 units = 0;
    for (guint i = 0; i < block->needs->len; i++)
        units += is_pinned(search, need_at(block, i)) ? 0 : units_of(search, need_at(block, i));
    return units;
}

static gboolean
takes_all(const Look *look, guint offering, const gint64 *costs)
{
    const CnBlock *block = look->block;
    for (guint i = 0; i < block->needs->len; i++)
        if (costs[i] == CN_ROW_NEVER)
            return FALSE;
    return (pinned_at(block) < 0 || pinned_at(block) == (gint)offering) &&
           cn_search_holds(look->search, units_of_all(look->search, block), offering) &&
           (block->kind != CN_BLOCK_FLOCK ||
            (!block->flock->parted &&
             cn_bond_has_size(&look->search->bonds, block->flock->bond, offering)));
}

static void
visit_place(guint offering, const gint64 *costs, gpointer data)
{
    Look *look = data;
    const CnBlock *block = look->block;
    gint64 cost = 0;
    if (!takes_all(look, offering, costs))
        return;
    for (guint i = 0; i < block->needs->len; i++)
        cost += costs[i] + block->extra;
    const CnLevels value =
        cn_search_value(look->search, cost, units_of_all(look->search, block), offering);
    if (cn_levels_compare(&value, &look->least) < 0)
        look->least = value;
    if (look->options != NULL)
        add_place(look, offering, &value, cost);
}

static CnLevels
value_of_nothing(const CnSearch *search, const CnBlock *block)
{
    CnLevels sum = {{0}, 0};
    for (guint i = 0; i < block->needs->len; i++) {
        const CnLevels unmet = cn_search_unmet(search, need_at(block, i));
        cn_levels_add(&sum, &unmet, 1);
    }
    return sum;
}

static void
add_nothing(const CnSearch *search,
            const CnBlock *block,
            const CnBlockLimit *limit,
            GArray *options)
{
    const CnLevels nothing = value_of_nothing(search, block);
    g_autofree gint *at = g_new(gint, block->needs->len);
    for (guint i = 0; i < block->needs->len; i++)
        at[i] = -1;
    add_option(options, limit, &nothing, &nothing, at, block->needs->len);
}

static CnLevels
look_at_places(CnSearch *search, const CnBlock *block, const CnBlockLimit *limit, GArray *options)
{
    Look look = {search, block, options, limit, value_of_nothing(search, block)};
    cn_search_visit(search, block->needs, block->kind == CN_BLOCK_PARTY, visit_place, &look);
    return look.least;
}

/* ---- Falling apart. */

/* What cannot be had without it: the needs that are pinned pay for being apart, and of a bundle one provider more is paid. */
static gint64
cost_of_falling(const CnSearch *search, const CnBlock *block)
{
    gint64 cost = 0;
    if (block->kind == CN_BLOCK_PACK)
        return search->needs->asked.policy->other_provider;
    for (guint i = 0; i < block->needs->len; i++)
        cost += is_pinned(search, need_at(block, i)) ? extra_of_singles(search, block) : 0;
    return cost;
}

static void
add_falling(CnSearch *search, const CnBlock *block, const CnBlockLimit *limit, GArray *options)
{
    const CnLevels cost = {{0}, cost_of_falling(search, block)};
    CnLevels value = cost;
    for (guint i = 0; i < block->needs->len; i++) {
        if (is_pinned(search, need_at(block, i)))
            continue;
        CnBlock single = single_of(search, block, i);
        const CnLevels least = look_at_places(search, &single, NULL, NULL);
        cn_levels_add(&value, &least, 1);
        cn_block_clear(&single);
    }
    add_option(options, limit, &value, &cost, NULL, 0);
}

/* ---- The ways of a bundle that has one provider. */

typedef struct {
    guint provider;
    gint at;
    gint64 cost;
    CnLevels value;
} Seat;

typedef struct {
    CnSearch *search;
    const CnBlock *block;
    guint i;        /* the member that is looked at */
    GArray **seats; /* by member: (element-type Seat) */
    gint *at;       /* the way that is being made */
    CnLevels *rest; /* by member: what it and those after it cost at least at the provider */
    const CnBlockLimit *limit;
    GArray *options;
    guint most;
} Bundle;

static void
visit_seat(guint offering, const gint64 *costs, gpointer data)
{
    Bundle *bundle = data;
    const guint need = need_at(bundle->block, bundle->i);
    const gint32 units = units_of(bundle->search, need);
    if (!cn_search_holds(bundle->search, units, offering))
        return;
    const Seat seat = {cn_search_provider(bundle->search, offering), (gint)offering, costs[0],
                       cn_search_value(bundle->search, costs[0], units, offering)};
    g_array_append_val(bundle->seats[bundle->i], seat);
}

static void
list_seats(Bundle *bundle)
{
    for (bundle->i = 0; bundle->i < bundle->block->needs->len; bundle->i++) {
        const guint need = need_at(bundle->block, bundle->i);
        g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_append_val(one, need);
        bundle->seats[bundle->i] = g_array_new(FALSE, FALSE, sizeof(Seat));
        if (!is_pinned(bundle->search, need))
            cn_search_visit(bundle->search, one, FALSE, visit_seat, bundle);
    }
}

/* Every way of the members from @i on; whether anybody is @placed decides about the way in which nobody is, which is
 * made once for all providers. */
static void
add_seated(Bundle *bundle,
           guint provider,
           guint i,
           gboolean placed,
           const CnLevels *value,
           CnLevels cost)
{
    CnLevels least = *value;
    cn_levels_add(&least, &bundle->rest[i], 1);
    if (bundle->options->len > bundle->most || cn_block_is_hopeless(bundle->limit, &least))
        return;
    if (i == bundle->block->needs->len) {
        if (placed)
            add_option(bundle->options, bundle->limit, value, &cost, bundle->at, i);
        return;
    }
    CnLevels with = *value, spent = cost;
    const CnLevels unmet = cn_search_unmet(bundle->search, need_at(bundle->block, i));
    cn_levels_add(&with, &unmet, 1);
    cn_levels_add(&spent, &unmet, 1);
    bundle->at[i] = -1;
    add_seated(bundle, provider, i + 1, placed, &with, spent);
    for (guint k = 0; k < bundle->seats[i]->len; k++) {
        const Seat *seat = &g_array_index(bundle->seats[i], Seat, k);
        if (seat->provider != provider)
            continue;
        with = *value;
        spent = cost;
        cn_levels_add(&with, &seat->value, 1);
        spent.cost += seat->cost;
        bundle->at[i] = seat->at;
        add_seated(bundle, provider, i + 1, TRUE, &with, spent);
    }
}

/* -1 where nobody is pinned. */
static gint
pinned_provider(const CnSearch *search, const CnBlock *block)
{
    for (guint i = 0; i < block->needs->len; i++)
        if (is_pinned(search, need_at(block, i)))
            return (gint)cn_search_provider(
                search, (guint)cn_market_pinned(search->market, need_at(block, i)));
    return -1;
}

static gint
compare_providers(gconstpointer a, gconstpointer b)
{
    const guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* Every provider that could take any of them, once, in order; where somebody is pinned only that one.
 * (element-type guint) (transfer full) */
static GArray *
list_providers(const Bundle *bundle)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(guint));
    const gint pinned = pinned_provider(bundle->search, bundle->block);
    guint len = 0;
    for (guint i = 0; i < bundle->block->needs->len; i++)
        for (guint k = 0; k < bundle->seats[i]->len; k++) {
            const guint provider = g_array_index(bundle->seats[i], Seat, k).provider;
            if (pinned < 0 || provider == (guint)pinned)
                g_array_append_val(all, provider);
        }
    g_array_sort(all, compare_providers);
    for (guint i = 0; i < all->len; i++)
        if (i == 0 || g_array_index(all, guint, i) != g_array_index(all, guint, len - 1))
            g_array_index(all, guint, len++) = g_array_index(all, guint, i);
    g_array_set_size(all, len);
    return all;
}

/* What each member and those after it cost at least there, or unmet. */
static void
sum_rest(Bundle *bundle, guint provider)
{
    const guint len = bundle->block->needs->len;
    bundle->rest[len] = (CnLevels){{0}, 0};
    for (guint i = len; i-- > 0;) {
        CnLevels least = cn_search_unmet(bundle->search, need_at(bundle->block, i));
        for (guint k = 0; k < bundle->seats[i]->len; k++) {
            const Seat *seat = &g_array_index(bundle->seats[i], Seat, k);
            if (seat->provider == provider && cn_levels_compare(&seat->value, &least) < 0)
                least = seat->value;
        }
        bundle->rest[i] = bundle->rest[i + 1];
        cn_levels_add(&bundle->rest[i], &least, 1);
    }
}

static void
add_bundled(CnSearch *search,
            const CnBlock *block,
            const CnBlockLimit *limit,
            GArray *options,
            guint most)
{
    g_autofree GArray **seats = g_new0(GArray *, block->needs->len);
    g_autofree gint *at = g_new(gint, block->needs->len);
    g_autofree CnLevels *rest = g_new(CnLevels, block->needs->len + 1);
    Bundle bundle = {search, block, 0, seats, at, rest, limit, options, most};
    list_seats(&bundle);
    g_autoptr(GArray) providers = list_providers(&bundle);
    const CnLevels none = {{0}, 0};
    for (guint i = 0; i < providers->len; i++) {
        sum_rest(&bundle, g_array_index(providers, guint, i));
        add_seated(&bundle, g_array_index(providers, guint, i), 0, FALSE, &none, none);
    }
    for (guint i = 0; i < block->needs->len; i++)
        g_array_unref(seats[i]);
    add_nothing(search, block, limit, options);
}

/* ---- All ways. */

void
cn_block_look(CnSearch *search, CnBlock *block)
{
    switch (block->kind) {
    case CN_BLOCK_PARTY:
        cn_party_look(search, block->party, TRUE);
        block->least = block->party->least;
        break;
    case CN_BLOCK_FLOCK:
        cn_flock_look(search, block->flock, TRUE);
        block->least = block->flock->least;
        break;
    case CN_BLOCK_PACK:
        cn_pack_look(search, block->pack, TRUE);
        block->least = block->pack->least;
        break;
    default:
        block->least = look_at_places(search, block, NULL, NULL);
    }
}

static gint
compare_options(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnBlockOption *a = x, *b = y;
    const guint len = GPOINTER_TO_UINT(data);
    const gint order = cn_levels_compare(&a->value, &b->value);
    if (order != 0 || a->at == NULL || b->at == NULL)
        return order != 0 ? order : (a->at == NULL) - (b->at == NULL);
    for (guint i = 0; i < len; i++)
        if (a->at[i] != b->at[i])
            return a->at[i] < b->at[i] ? -1 : 1;
    return 0;
}

GArray *
cn_block_options(CnSearch *search, const CnBlock *block, const CnBlockLimit *limit, guint most)
{
    GArray *options = g_array_new(FALSE, FALSE, sizeof(CnBlockOption));
    g_array_set_clear_func(options, cn_block_option_clear);
    if (block->kind == CN_BLOCK_PACK)
        add_bundled(search, block, limit, options, most);
    else
        look_at_places(search, block, limit, options);
    if (block->kind == CN_BLOCK_FLOCK ||
        (block->kind == CN_BLOCK_PACK && !block->pack->bond->required))
        add_falling(search, block, limit, options);
    else if (block->kind != CN_BLOCK_PACK && pinned_at(block) < 0)
        add_nothing(search, block, limit, options);
    if (options->len > most)
        g_clear_pointer(&options, g_array_unref);
    else
        g_array_sort_with_data(options, compare_options, GUINT_TO_POINTER(block->needs->len));
    return options;
}

/* ---- Deciding. */

gboolean
cn_block_may_be(const CnSearch *search, const CnBlock *block, const gint *offering_of)
{
    for (guint i = 0; i < block->needs->len; i++)
        if (offering_of[need_at(block, i)] >= 0 &&
            !cn_search_may_meet(search, need_at(block, i), (guint)offering_of[need_at(block, i)],
                                offering_of))
            return FALSE;
    return TRUE;
}

void
cn_block_leave(CnSearch *search, const CnBlock *block)
{
    for (guint i = 0; i < block->needs->len; i++) {
        const guint need = need_at(block, i);
        if (is_pinned(search, need))
            continue;
        if (search->offering_of[need] >= 0)
            cn_search_take(search, (guint)search->offering_of[need], -units_of(search, need));
        search->offering_of[need] = -1;
        search->left_out[need] = FALSE;
    }
}

gboolean
cn_block_put(CnSearch *search, const CnBlock *block, const CnBlockOption *option)
{
    gboolean can = TRUE;
    for (guint i = 0; option->at != NULL && i < block->needs->len; i++) {
        const guint need = need_at(block, i);
        if (is_pinned(search, need))
            continue;
        search->left_out[need] = TRUE;
        if (option->at[i] < 0)
            continue;
        can = can && cn_search_has_room(search, units_of(search, need), (guint)option->at[i]);
        cn_search_take(search, (guint)option->at[i], units_of(search, need));
        search->offering_of[need] = option->at[i];
    }
    if (can && (option->at == NULL || cn_block_may_be(search, block, search->offering_of)))
        return TRUE;
    cn_block_leave(search, block);
    return FALSE;
}
