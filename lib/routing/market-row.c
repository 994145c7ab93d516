/* Rows of costs: bitmaps of who fits, fixed costs, ways, and the few columns that have a sum of their own. */
#include "routing/market-row.h"

#include "routing/market-facets.h"
#include "routing/market-travel.h"

/* From a town to the columns of a component. */
typedef struct {
    gint32 *minutes; /* NULL not asked yet */
    const guint64 *outside;
} Ways;

struct CnMarketRows {
    const CnMarket *market;
    /* The last ways. */
    const CnComponent *component;
    CnAreaId town;
    gint32 *minutes;
    /* Of pairs: the component that was asked about, and ways by town. */
    const CnComponent *paired;
    Ways *ways; /* by town, and at the end those who travel from nowhere */
    /* (element-type gint64 guint64) words of the columns that lie outside, by component and home region */
    GHashTable *outside;
};

CnMarketRows *
cn_market_rows_new(const CnMarket *market)
{
    CnMarketRows *rows = g_new0(CnMarketRows, 1);
    guint words = 1;
    for (guint i = 0; i < market->components->len; i++)
        words = MAX(words, cn_market_component(market, i)->words);
    rows->market = market;
    rows->minutes = g_new(gint32, (gsize)words * CN_WORD);
    rows->outside = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return rows;
}

static gsize
areas_of(const CnMarketRows *rows)
{
    return cn_gazetteer_len(rows->market->policy->reference->gazetteer);
}

static void
forget_ways(CnMarketRows *rows)
{
    for (gsize i = 0; rows->ways != NULL && i <= areas_of(rows); i++)
        g_clear_pointer(&rows->ways[i].minutes, g_free);
}

void
cn_market_rows_free(CnMarketRows *rows)
{
    forget_ways(rows);
    g_hash_table_unref(rows->outside);
    g_free(rows->minutes);
    g_free(rows->ways);
    g_free(rows);
}

/* ---- The places. */

/* NULL where nobody offers the service. */
static const CnAsk *
ask_of(const CnMarket *market, guint need)
{
    const CnCase *person = g_ptr_array_index(market->cases->cases, cn_market_person(market, need));
    const CnNeed *of = &g_array_index(person->needs, CnNeed, cn_market_need_in_case(market, need));
    const gint at = market->ask_of_service[of->service];
    const CnAsk *ask = at >= 0 ? cn_market_ask(market, (guint)at) : NULL;
    return ask != NULL && ask->component >= 0 ? ask : NULL;
}

static guint
end_of(const CnAsk *ask, const CnComponent *component)
{
    return MIN(ask->end * CN_WORD, component->len);
}

guint
cn_market_row_len(const CnMarket *market, guint need)
{
    const CnAsk *ask = ask_of(market, need);
    if (ask == NULL)
        return 0;
    const guint first = ask->first * CN_WORD;
    const guint end = end_of(ask, cn_market_component(market, (guint)ask->component));
    return end > first ? end - first : 0;
}

const guint *
cn_market_row_offerings(const CnMarket *market, guint need)
{
    const CnAsk *ask = ask_of(market, need);
    return ask != NULL ? cn_market_component(market, (guint)ask->component)->offering +
                             (gsize)ask->first * CN_WORD
                       : NULL;
}

/* ---- Costs. */

static guint64 *
find_outside(const CnMarket *market, const CnComponent *component, CnAreaId town)
{
    guint64 *words = g_new0(guint64, component->words);
    for (guint i = 0; i < component->len; i++)
        if (cn_column_leaves(market, component, i, town))
            words[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
    return words;
}

/* Columns outside of the home region of a town. */
static const guint64 *
outside_of(CnMarketRows *rows, const CnAsk *ask, const CnComponent *component, CnAreaId town)
{
    const CnGazetteer *gazetteer = rows->market->policy->reference->gazetteer;
    const CnAreaId region =
        town == CN_AREA_NONE ? CN_AREA_NONE : cn_area_at_level(gazetteer, town, CN_LEVEL_REGION);
    const gint64 key = ((gint64)ask->component << 32) | (guint32)region;
    guint64 *words = g_hash_table_lookup(rows->outside, &key);
    if (words == NULL) {
        words = find_outside(rows->market, component, town);
        g_hash_table_insert(rows->outside, g_memdup2(&key, sizeof key), words);
    }
    return words;
}

static void
go_from(CnMarketRows *rows, const CnComponent *component, CnAreaId town)
{
    if (rows->component == component && rows->town == town)
        return;
    rows->component = component;
    rows->town = town;
    cn_component_minutes(rows->market, component, town, CN_CPU_AUTO, rows->minutes);
}

/* What a column costs whoever lives so far away, without what @one adds; CN_ROW_NEVER out of reach. */
static gint64
cost_of_column(const CnMarketRows *rows,
               const CnClass *one,
               const CnAsk *ask,
               const guint64 *outside,
               const gint32 *ways,
               guint column)
{
    const CnPolicy *policy = rows->market->policy;
    const CnComponent *component = cn_market_component(rows->market, (guint)ask->component);
    const gint32 minutes = ways[column];
    if (minutes == CN_MIN_NEVER || (one->limit_min > 0 && minutes > one->limit_min))
        return CN_ROW_NEVER;
    const gint64 way = minutes == CN_MIN_NO_LINK ? policy->no_link_cost
                                                 : (gint64)minutes * policy->travel_cost_per_min;
    return ask->fixed[column] - component->extra[column] + way +
           (cn_bit(outside, column) ? policy->leave_region : 0);
}

static void
add_plug(const CnMarketRows *rows, const CnAsk *ask, CnAreaId town, gint64 *costs, guint len)
{
    const CnPlugRow *plug = cn_plugged_from(rows->market->options.plugged, town);
    const guint *offering = rows->component->offering + (gsize)ask->first * CN_WORD;
    for (guint i = 0; plug != NULL && i < len; i++)
        if (costs[i] != CN_ROW_NEVER)
            costs[i] += cn_plug_cost(plug, offering[i]);
}

gboolean
cn_market_row(CnMarketRows *rows, guint need, gint64 *costs)
{
    const CnMarket *market = rows->market;
    const guint class_index = market->class_of_need[need];
    const guint len = cn_market_row_len(market, need);
    if (class_index == CN_NO_CLASS)
        return FALSE;
    const CnClass *one = &market->classes[class_index];
    const CnProfile *profile = cn_market_profile(market, one->profile);
    const CnAsk *ask = cn_market_ask(market, profile->ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    const guint first = ask->first * CN_WORD;
    const guint64 *fits = cn_market_bitmap(market, profile->bits);
    const guint64 *foreign =
        profile->foreign >= 0 ? cn_market_bitmap(market, (guint)profile->foreign) : NULL;
    const guint64 *outside = outside_of(rows, ask, component, one->town);
    go_from(rows, component, one->town);
    for (guint i = 0; i < len; i++) {
        costs[i] = cn_bit(fits, first + i)
                       ? cost_of_column(rows, one, ask, outside, rows->minutes, first + i)
                       : CN_ROW_NEVER;
        if (costs[i] != CN_ROW_NEVER)
            costs[i] += profile->add + (foreign != NULL && cn_bit(foreign, first + i)
                                            ? market->policy->language_none_shared
                                            : 0);
    }
    for (guint i = 0; i < profile->patches_len; i++) {
        const CnPatch *patch = &g_array_index(market->patches, CnPatch, profile->patches + i);
        const gint64 cost = cost_of_column(rows, one, ask, outside, rows->minutes, patch->column);
        costs[patch->column - first] = cost == CN_ROW_NEVER ? cost : cost + patch->add;
    }
    add_plug(rows, ask, one->town, costs, len);
    return TRUE;
}

/* ---- Pairs. */

static void
pair_with(CnMarketRows *rows, const CnComponent *component)
{
    if (rows->paired == component)
        return;
    forget_ways(rows);
    if (rows->ways == NULL)
        rows->ways = g_new0(Ways, areas_of(rows) + 1);
    rows->paired = component;
}

static const Ways *
ways_from(CnMarketRows *rows, const CnAsk *ask, const CnComponent *component, CnAreaId town)
{
    Ways *ways = &rows->ways[town == CN_AREA_NONE ? areas_of(rows) : (gsize)town];
    if (ways->minutes == NULL) {
        ways->minutes = g_new(gint32, (gsize)component->words * CN_WORD);
        cn_component_minutes(rows->market, component, town, CN_CPU_AUTO, ways->minutes);
        ways->outside = outside_of(rows, ask, component, town);
    }
    return ways;
}

gint64
cn_market_rows_pair(CnMarketRows *rows, guint need, guint offering)
{
    const CnMarket *market = rows->market;
    if (market->class_of_need[need] == CN_NO_CLASS)
        return CN_ROW_NEVER;
    const CnClass *one = &market->classes[market->class_of_need[need]];
    const CnProfile *profile = cn_market_profile(market, one->profile);
    const CnAsk *ask = cn_market_ask(market, profile->ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    pair_with(rows, component);
    const gint column = cn_market_column(market, component, offering);
    if (column < 0 || !cn_profile_fits(market, profile, (guint)column))
        return CN_ROW_NEVER;
    const Ways *ways = ways_from(rows, ask, component, one->town);
    const gint64 cost = cost_of_column(rows, one, ask, ways->outside, ways->minutes, (guint)column);
    return cost == CN_ROW_NEVER
               ? CN_ROW_NEVER
               : cost + cn_profile_add(market, profile, (guint)column) +
                     cn_plug_cost(cn_plugged_from(market->options.plugged, one->town), offering);
}
