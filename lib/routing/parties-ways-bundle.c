/* The ways to decide a bundle that has one provider: each of its needs somewhere there, or unmet. */
#include "routing/parties-ways.h"

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
    const guint need = cn_block_need(bundle->block, bundle->i);
    const gint32 units = cn_search_units(bundle->search, need);
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
        const guint need = cn_block_need(bundle->block, bundle->i);
        g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_append_val(one, need);
        bundle->seats[bundle->i] = g_array_new(FALSE, FALSE, sizeof(Seat));
        if (!cn_search_is_pinned(bundle->search, need))
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
            cn_ways_add(bundle->options, bundle->limit, value, &cost, bundle->at, i);
        return;
    }
    CnLevels with = *value, spent = cost;
    const CnLevels unmet = cn_search_unmet(bundle->search, cn_block_need(bundle->block, i));
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
        if (cn_search_is_pinned(search, cn_block_need(block, i)))
            return (gint)cn_search_provider(
                search, (guint)cn_market_pinned(search->market, cn_block_need(block, i)));
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
        CnLevels least = cn_search_unmet(bundle->search, cn_block_need(bundle->block, i));
        for (guint k = 0; k < bundle->seats[i]->len; k++) {
            const Seat *seat = &g_array_index(bundle->seats[i], Seat, k);
            if (seat->provider == provider && cn_levels_compare(&seat->value, &least) < 0)
                least = seat->value;
        }
        bundle->rest[i] = bundle->rest[i + 1];
        cn_levels_add(&bundle->rest[i], &least, 1);
    }
}

void
cn_ways_add_bundled(CnSearch *search,
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
}
