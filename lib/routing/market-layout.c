/* Components, asks and columns: which services share offerings, and in what order the offerings
 * stand. */
#include "routing/market-layout.h"

#include "base/pieces.h"
#include "routing/market-quota.h"
#include "routing/market-sort.h"
#include "routing/market-travel.h"

#include <stdlib.h>

/* ---- Which services are asked for, and which of them share an offering. */

static void
note_offering(guint offering, gpointer data)
{
    g_array_append_val((GArray *)data, offering);
}

static GArray *
offerings_of(const CnMarket *market, CnServiceId service)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
    cn_index_visit_meeting(&market->directory->index, service, note_offering, found);
    return found;
}

static guint
root_of(guint *parent, guint i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

void
cn_market_join_asks(guint *parent, guint one, guint other)
{
    const guint a = root_of(parent, one), b = root_of(parent, other);
    parent[MAX(a, b)] = MIN(a, b);
}

static void
list_asks(CnMarket *market)
{
    const CnTaxonomy *taxonomy = market->directory->listing->reference->taxonomy;
    guint services = cn_taxonomy_len(taxonomy);
    g_autofree guint8 *asked = g_new0(guint8, services);
    market->ask_of_service = g_new(gint, services);
    for (guint need = 0; need < cn_market_needs_len(market); need++)
        asked[market->rows[need].service] = 1;
    for (guint service = 0; service < services; service++) {
        CnAsk ask = {.service = (CnServiceId)service, .component = -1};
        market->ask_of_service[service] = asked[service] ? (gint)market->asks->len : -1;
        if (asked[service])
            g_array_append_val(market->asks, ask);
    }
}

/* ---- Columns. */

static gint16
island_key(const CnListing *listing, guint offering)
{
    const CnListedProvider *provider = cn_listed_provider_of(listing, offering);
    if (provider->remote)
        return G_MININT16;
    return provider->island;
}

static gint
compare_offerings(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnListing *listing = data;
    guint x = *(const guint *)a, y = *(const guint *)b;
    CnServiceId s = listing->offerings[x].service, t = listing->offerings[y].service;
    if (s != t)
        return s < t ? -1 : 1;
    gint16 i = island_key(listing, x), k = island_key(listing, y);
    if (i != k)
        return i < k ? -1 : 1;
    CnAreaId p = cn_listed_provider_of(listing, x)->area;
    CnAreaId q = cn_listed_provider_of(listing, y)->area;
    if (p != q)
        return p < q ? -1 : 1;
    return (x > y) - (x < y);
}

/* One slot where all places cost the same. */
static void
append_slots(const CnMarket *market, GArray *slots, guint offering)
{
    const gint64 places = cn_market_places(market, offering);
    cn_fair_slots(market->policy, market->directory->listing, offering, 0,
                  places < 0 ? G_MAXINT64 : places, slots);
}

static gboolean
starts_column(const GArray *slots, guint i)
{
    return i == 0 ||
           g_array_index(slots, CnSlot, i).offering != g_array_index(slots, CnSlot, i - 1).offering;
}

/* Where use costs something under a quota. Their places are known when pins are. */
static void
add_backs(const CnMarket *market, CnComponent *component)
{
    component->first_back = component->end = (component->len + CN_WORD - 1) / CN_WORD * CN_WORD;
    component->back = g_new0(guint, component->len + 1);
    for (guint i = 0; i < component->len; i++)
        if (component->first_slot[i + 1] > component->first_slot[i] + 1 &&
            cn_market_can_bind(market, component->offering[i]))
            component->back[i] = component->end++;
    if (component->end == component->first_back)
        component->first_back = component->end = component->len;
    component->words = (component->end + CN_WORD - 1) / CN_WORD;
    component->offering =
        g_renew(guint, component->offering, (gsize)component->words * CN_WORD + 1);
    component->places = g_renew(gint64, component->places, (gsize)component->words * CN_WORD + 1);
    for (guint i = component->len; i < component->end; i++)
        component->offering[i] = 0, component->places[i] = 0;
    for (guint i = 0; i < component->len; i++)
        if (component->back[i] > 0)
            component->offering[component->back[i]] = component->offering[i];
}

static void
add_slot(CnComponent *component, const CnSlot *slot, gboolean starts)
{
    if (starts) {
        component->offering[component->len] = slot->offering;
        component->places[component->len] = slot->places;
        component->extra[component->len] = slot->extra;
        component->len++;
        return;
    }
    component->places[component->len - 1] += slot->places;
    component->stepped = TRUE;
}

static void
fill_columns(CnMarket *market, CnComponent *component, const GArray *offerings)
{
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(CnSlot));
    for (guint i = 0; i < offerings->len; i++)
        if (i == 0 || g_array_index(offerings, guint, i) != g_array_index(offerings, guint, i - 1))
            append_slots(market, slots, g_array_index(offerings, guint, i));
    component->offering = g_new(guint, slots->len);
    component->places = g_new(gint64, slots->len);
    component->extra = g_new(gint64, slots->len);
    component->first_slot = g_new0(guint, slots->len + 1);
    for (guint i = 0; i < slots->len; i++) {
        const gboolean starts = starts_column(slots, i);
        if (starts)
            component->first_slot[component->len] = i;
        add_slot(component, &g_array_index(slots, CnSlot, i), starts);
    }
    component->first_slot[component->len] = slots->len;
    component->slots = (CnSlot *)(gpointer)g_array_free(slots, FALSE);
    add_backs(market, component);
    for (guint i = component->len; i-- > 0;)
        market->column_of[component->offering[i]] = i;
    cn_component_lay_travel(market, component);
}

static gint
compare_numbers(gconstpointer a, gconstpointer b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* The words between the first and the last column that meet the ask. */
static void
fill_ask(const CnMarket *market, CnAsk *ask, GArray *offerings)
{
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    guint first = component->len, end = 0;
    g_array_sort(offerings, compare_numbers);
    for (guint i = 0; i < component->len; i++) {
        gpointer found = bsearch(&component->offering[i], offerings->data, offerings->len,
                                 sizeof(guint), compare_numbers);
        if (found != NULL) {
            first = MIN(first, i);
            end = i + 1;
        }
    }
    ask->first = first / CN_WORD;
    ask->end = (end + CN_WORD - 1) / CN_WORD;
    ask->fixed = g_new0(gint64, (gsize)component->words * CN_WORD);
    ask->standing = g_new0(guint64, component->words);
}

/* What the pieces of work share. */
typedef struct {
    CnMarket *market;
    GArray **offered; /* (element-type guint) by ask */
    guint *order;     /* components, those with the most offerings first */
} Layout;

static GArray *
offerings_asked(const Layout *layout, guint ask)
{
    g_assert(layout->offered[ask] != NULL);
    return layout->offered[ask];
}

static void
lay_component(const Layout *layout, guint index)
{
    CnMarket *market = layout->market;
    CnComponent *component = cn_market_component(market, index);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < component->asks_len; i++) {
        const GArray *offered = offerings_asked(layout, component->asks[i]);
        g_array_append_vals(all, offered->data, offered->len);
    }
    g_array_sort_with_data(all, compare_offerings, market->directory->listing);
    fill_columns(market, component, all);
    for (guint i = 0; i < component->asks_len; i++)
        fill_ask(market, cn_market_ask(market, component->asks[i]),
                 offerings_asked(layout, component->asks[i]));
}

/* The ports are as much work as a large component. */
static void
lay_piece(guint piece, gpointer data)
{
    const Layout *layout = data;
    if (piece == 0)
        cn_market_lay_homes(layout->market);
    else
        lay_component(layout, layout->order[piece - 1]);
}

/* Numbers the component of the asks that hang together with @root. */
static void
add_component(const Layout *layout, guint root, guint *parent)
{
    CnMarket *market = layout->market;
    const guint index = market->components->len;
    CnComponent component = {.asks = g_new(guint, market->asks->len - root)};
    for (guint i = root; i < market->asks->len; i++) {
        CnAsk *ask = cn_market_ask(market, i);
        if (offerings_asked(layout, i)->len == 0 || root_of(parent, i) != root)
            continue;
        ask->component = (gint)index;
        ask->place = component.asks_len;
        component.asks[component.asks_len++] = i;
    }
    g_array_append_val(market->components, component);
}

static guint64
offered_in(const Layout *layout, guint component)
{
    const CnComponent *of = cn_market_component(layout->market, component);
    guint64 sum = 0;
    for (guint i = 0; i < of->asks_len; i++)
        sum += offerings_asked(layout, of->asks[i])->len;
    return sum;
}

static void
lay_components(Layout *layout)
{
    const guint len = layout->market->components->len;
    g_autofree guint64 *keys = g_new(guint64, (gsize)len + 1);
    g_autofree guint *order = layout->order = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++) {
        order[i] = i;
        keys[i] = ~offered_in(layout, i);
    }
    cn_sort_by_keys(order, len, keys);
    cn_pieces_do(1 + len, layout->market->options.threads, lay_piece, layout);
}

void
cn_market_lay_out(CnMarket *market)
{
    list_asks(market);
    guint asks = market->asks->len;
    g_autofree guint *parent = g_new(guint, asks + 1);
    g_autofree GArray **offered = g_new0(GArray *, asks + 1);
    g_autofree gint *owner = g_new(gint, market->directory->listing->offerings_len + 1);
    for (gsize i = 0; i < market->directory->listing->offerings_len; i++)
        owner[i] = -1;
    market->column_of = g_new0(guint, market->directory->listing->offerings_len + 1);
    for (guint i = 0; i < asks; i++) {
        parent[i] = i;
        offered[i] = offerings_of(market, cn_market_ask(market, i)->service);
        for (guint k = 0; k < offered[i]->len; k++) {
            guint offering = g_array_index(offered[i], guint, k);
            if (owner[offering] >= 0)
                cn_market_join_asks(parent, i, (guint)owner[offering]);
            owner[offering] = (gint)i;
        }
    }
    cn_market_join_quotas(market, owner, parent);
    Layout layout = {.market = market, .offered = offered};
    for (guint i = 0; i < asks; i++)
        if (root_of(parent, i) == i && offered[i]->len > 0)
            add_component(&layout, i, parent);
    lay_components(&layout);
    for (guint i = 0; i < asks; i++)
        g_array_unref(offered[i]);
}
