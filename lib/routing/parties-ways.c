/* The ways to decide a block: all of it at one offering or nowhere, a bundle at one provider, or falling apart. */
#include "routing/parties-ways.h"

void
cn_ways_add(GArray *options,
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

/* ---- All of its needs at one offering, or nowhere. */

typedef struct {
    CnSearch *search;
    const CnBlock *block;
    GArray *options; /* (element-type CnBlockOption); NULL: only the least is looked for */
    const CnBlockLimit *limit;
    CnLevels least;
} Look;

/* All of its needs at @offering; those that are pinned are where they are. */
static void
add_place(const Look *look, guint offering, const CnLevels *value, gint64 cost)
{
    const guint len = look->block->needs->len;
    const CnLevels plain = {{0}, cost};
    g_autofree gint *at = g_new(gint, len);
    for (guint i = 0; i < len; i++)
        at[i] = (gint)offering;
    cn_ways_add(look->options, look->limit, value, &plain, at, len);
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
    for (guint i = 0; i < block->needs->len; i++) {
        const guint need = cn_block_need(block, i);
        units += cn_search_is_pinned(search, need) ? 0 : cn_search_units(search, need);
    }
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

static void
add_nothing(const CnSearch *search,
            const CnBlock *block,
            const CnBlockLimit *limit,
            GArray *options)
{
    const CnLevels nothing = cn_search_unmet_all(search, block->needs);
    g_autofree gint *at = g_new(gint, block->needs->len);
    for (guint i = 0; i < block->needs->len; i++)
        at[i] = -1;
    cn_ways_add(options, limit, &nothing, &nothing, at, block->needs->len);
}

static CnLevels
look_at_places(CnSearch *search, const CnBlock *block, const CnBlockLimit *limit, GArray *options)
{
    Look look = {search, block, options, limit, cn_search_unmet_all(search, block->needs)};
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
        cost += cn_search_is_pinned(search, cn_block_need(block, i))
                    ? cn_block_extra_of_singles(search, block)
                    : 0;
    return cost;
}

static void
add_falling(CnSearch *search, const CnBlock *block, const CnBlockLimit *limit, GArray *options)
{
    const CnLevels cost = {{0}, cost_of_falling(search, block)};
    CnLevels value = cost;
    for (guint i = 0; i < block->needs->len; i++) {
        if (cn_search_is_pinned(search, cn_block_need(block, i)))
            continue;
        CnBlock single = cn_block_single(search, block, i);
        const CnLevels least = look_at_places(search, &single, NULL, NULL);
        cn_levels_add(&value, &least, 1);
        cn_block_clear(&single);
    }
    cn_ways_add(options, limit, &value, &cost, NULL, 0);
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

static void
clear_option(gpointer option)
{
    g_free(((CnBlockOption *)option)->at);
}

GArray *
cn_block_options(CnSearch *search, const CnBlock *block, const CnBlockLimit *limit, guint most)
{
    GArray *options = g_array_new(FALSE, FALSE, sizeof(CnBlockOption));
    g_array_set_clear_func(options, clear_option);
    if (block->kind == CN_BLOCK_PACK)
        cn_ways_add_bundled(search, block, limit, options, most);
    else
        look_at_places(search, block, limit, options);
    if (block->kind == CN_BLOCK_FLOCK ||
        (block->kind == CN_BLOCK_PACK && !block->pack->bond->required))
        add_falling(search, block, limit, options);
    if (block->kind != CN_BLOCK_FLOCK && pinned_at(block) < 0)
        add_nothing(search, block, limit, options);
    if (options->len > most)
        g_clear_pointer(&options, g_array_unref);
    else
        g_array_sort_with_data(options, compare_options, GUINT_TO_POINTER(block->needs->len));
    return options;
}
