/* Classes: needs in the order of what they are, cut where the next one differs. Profiles and bitmaps are
 * numbered as they come; what counts here is the order of what they hold, so that nothing depends on the
 * order in which cases came. */
#include "routing/market-classes.h"

#include "routing/market-quota.h"
#include "routing/market-sort.h"

/* ---- The order of profiles. */

static gint
compare_bitmaps(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnMarket *market = data;
    gsize len, other_len;
    const guint64 *p = cn_numbers_words(market->bitmaps, *(const guint *)a, &len);
    const guint64 *q = cn_numbers_words(market->bitmaps, *(const guint *)b, &other_len);
    if (len != other_len)
        return len < other_len ? -1 : 1;
    for (gsize i = 0; i < len; i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

static gint
compare_patches(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnMarket *market = data;
    const CnProfile *p = cn_market_profile(market, *(const guint *)a);
    const CnProfile *q = cn_market_profile(market, *(const guint *)b);
    if (p->patches_len != q->patches_len)
        return p->patches_len < q->patches_len ? -1 : 1;
    for (guint i = 0; i < p->patches_len; i++) {
        const CnPatch *x = &g_array_index(market->patches, CnPatch, p->patches + i);
        const CnPatch *y = &g_array_index(market->patches, CnPatch, q->patches + i);
        if (x->column != y->column)
            return x->column < y->column ? -1 : 1;
        if (x->add != y->add)
            return x->add < y->add ? -1 : 1;
    }
    return 0;
}

/* The place of each in the order. */
static guint *
ranks_of(const guint *numbers, guint len)
{
    guint *rank = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        rank[numbers[i]] = i;
    return rank;
}

static guint *
rank_bitmaps(CnMarket *market)
{
    const guint len = cn_numbers_len(market->bitmaps);
    g_autofree guint *numbers = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        numbers[i] = i;
    g_qsort_with_data(numbers, (gint)len, sizeof *numbers, compare_bitmaps, market);
    return ranks_of(numbers, len);
}

/* Profiles without patches first, then the few others by these. */
static guint *
sort_by_patches(CnMarket *market)
{
    const guint len = market->profiles->len;
    guint *numbers = g_new(guint, (gsize)len + 1), plain = 0, patched = len;
    for (guint i = 0; i < len; i++)
        numbers[cn_market_profile(market, i)->patches_len == 0 ? plain++ : --patched] = i;
    g_qsort_with_data(numbers + plain, (gint)(len - plain), sizeof *numbers, compare_patches,
                      market);
    return numbers;
}

/* By ask, bitmaps, what is added and patches: the last of these first. */
static guint *
rank_profiles(CnMarket *market)
{
    const guint len = market->profiles->len;
    g_autofree guint *bitmap_rank = rank_bitmaps(market);
    g_autofree guint *numbers = sort_by_patches(market);
    g_autofree guint64 *keys = g_new(guint64, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        keys[i] = cn_key_of(cn_market_profile(market, i)->add);
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++) {
        const CnProfile *profile = cn_market_profile(market, i);
        keys[i] = (guint64)bitmap_rank[profile->bits] << 32 |
                  (profile->foreign < 0 ? 0 : bitmap_rank[profile->foreign] + 1);
    }
    cn_sort_by_keys(numbers, len, keys);
    for (guint i = 0; i < len; i++)
        keys[i] = cn_market_profile(market, i)->ask;
    cn_sort_by_keys(numbers, len, keys);
    return ranks_of(numbers, len);
}

/* ---- Lots: the first unit of a need, its further units, or what a quota takes away. */

typedef struct {
    CnMarket *market;
    const guint *profile_of_need;
    guint *what;      /* 2 * need, and one more for its further units */
    guint needs_len;  /* lots of needs; blockers stand behind them */
    GArray *blockers; /* (element-type CnClass) */
    /* By component and town, then by profile, limit and tier: equal keys are one class. */
    guint64 *place_keys, *person_keys;
} Lots;

static guint
lots_len(const Lots *lots)
{
    return lots->needs_len + lots->blockers->len;
}

static CnClass
lot_at(const Lots *lots, guint lot)
{
    if (lot >= lots->needs_len)
        return g_array_index(lots->blockers, CnClass, lot - lots->needs_len);
    const guint need = lots->what[lot] / 2, free = lots->what[lot] % 2;
    const CnNeedRow *row = &lots->market->rows[need];
    const guint *first_unit = lots->market->first_unit + need;
    return (CnClass){.profile = lots->profile_of_need[need],
                     .town = row->town,
                     .limit_min = row->limit_min,
                     .urgency = row->urgency,
                     .free = (guint8)free,
                     .units = free ? first_unit[1] - first_unit[0] - 1 : 1};
}

static void
list_lots(Lots *lots)
{
    CnMarket *market = lots->market;
    const guint needs = cn_market_needs_len(market);
    const gboolean several = cn_market_units_len(market) > needs;
    lots->what = g_new(guint, (gsize)needs * (several ? 2 : 1) + 1);
    for (guint need = 0; need < needs; need++) {
        const guint units = market->first_unit[need + 1] - market->first_unit[need];
        if (lots->profile_of_need[need] == CN_NO_CLASS)
            continue;
        lots->what[lots->needs_len++] = 2 * need;
        if (units > 1)
            lots->what[lots->needs_len++] = 2 * need + 1;
    }
    for (guint g = 0; g < market->quotas.len; g++) {
        CnClass blocker;
        guint units;
        if (!cn_market_blockers(market, g, &blocker, &units))
            continue;
        blocker.units = units;
        g_array_append_val(lots->blockers, blocker);
    }
}

static void
make_keys(Lots *lots)
{
    const CnMarket *market = lots->market;
    const guint len = lots_len(lots);
    g_autofree guint *profile_rank = rank_profiles(lots->market);
    G_STATIC_ASSERT(2 * (gint64)CN_UNITS_OF_MARKET_MOST < (gint64)1 << 29); /* ranks */
    lots->place_keys = g_new(guint64, (gsize)len + 1);
    lots->person_keys = g_new(guint64, (gsize)len + 1);
    for (guint lot = 0; lot < len; lot++) {
        const CnClass one = lot_at(lots, lot);
        lots->place_keys[lot] = (guint64)cn_market_component_of(market, &one) << 32 |
                                (guint32)(one.town - CN_AREA_NONE);
        lots->person_keys[lot] = (guint64)profile_rank[one.profile] << 35 |
                                 (guint64)(guint32)one.limit_min << 3 |
                                 (guint64)(one.urgency << 1 | one.free);
    }
}

static guint *
sort_lots(const Lots *lots)
{
    const guint len = lots_len(lots);
    guint *order = g_new(guint, (gsize)len + 1);
    for (guint lot = 0; lot < len; lot++)
        order[lot] = lot;
    cn_sort_by_keys(order, len, lots->person_keys);
    cn_sort_by_keys(order, len, lots->place_keys);
    return order;
}

/* ---- Members. */

static const char *
ref_of_unit(const CnMarket *market, guint unit)
{
    guint need = cn_market_units_len(market) == cn_market_needs_len(market)
                     ? unit
                     : cn_market_need_of_unit(market, unit);
    return ((const CnCase *)g_ptr_array_index(market->cases->cases, market->person[need]))->ref;
}

static gint
compare_units(gconstpointer a, gconstpointer b, gpointer data)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    gint order = g_strcmp0(ref_of_unit(data, x), ref_of_unit(data, y));
    return order != 0 ? order : (x > y) - (x < y);
}

/* Units are in the order of the needs so far. */
static void
sort_members(CnMarket *market)
{
    for (guint i = 0; i < market->classes_len && !market->in_order; i++)
        if (market->classes[i].units > 1 && market->classes[i].urgency != CN_BLOCKER)
            g_qsort_with_data(market->members + market->classes[i].first_unit,
                              (gint)market->classes[i].units, sizeof(guint), compare_units, market);
}

/* ---- Classes. */

/* Notes the class of a lot and lists its units; gives how many are listed. */
static guint
take_lot(const Lots *lots, guint lot, guint class, guint *members)
{
    CnMarket *market = lots->market;
    if (lot >= lots->needs_len)
        return 0;
    const guint need = lots->what[lot] / 2, first = market->first_unit[need];
    if (lots->what[lot] % 2 == 0) {
        market->class_of_need[need] = class;
        members[0] = first;
        return 1;
    }
    market->class_of_more[need] = class;
    for (guint unit = first + 1; unit < market->first_unit[need + 1]; unit++)
        members[unit - first - 1] = unit;
    return market->first_unit[need + 1] - first - 1;
}

static void
cut_classes(const Lots *lots, const guint *order)
{
    CnMarket *market = lots->market;
    const guint len = lots_len(lots);
    CnClass *one = market->classes = g_new(CnClass, (gsize)len + 1);
    guint listed = 0, before = 0;
    for (guint i = 0; i < len; i++) {
        const guint lot = order[i];
        const CnClass like = lot_at(lots, lot);
        if (i > 0 && lots->place_keys[lot] == lots->place_keys[before] &&
            lots->person_keys[lot] == lots->person_keys[before]) {
            one->units += like.units;
        } else {
            one = &market->classes[market->classes_len++];
            *one = like;
            one->first_unit = listed;
        }
        listed += take_lot(lots, lot, market->classes_len - 1, market->members + listed);
        before = lot;
    }
    market->classes = g_renew(CnClass, market->classes, (gsize)market->classes_len + 1);
}

static guint *
no_classes(guint needs)
{
    guint *classes = g_new(guint, (gsize)needs + 1);
    for (guint need = 0; need < needs; need++)
        classes[need] = CN_NO_CLASS;
    return classes;
}

void
cn_market_make_classes(CnMarket *market, const guint *profile_of_need)
{
    Lots lots = {.market = market,
                 .profile_of_need = profile_of_need,
                 .blockers = g_array_new(FALSE, FALSE, sizeof(CnClass))};
    const guint needs = cn_market_needs_len(market), units = cn_market_units_len(market);
    market->class_of_need = no_classes(needs);
    market->class_of_more = units > needs ? no_classes(needs) : NULL;
    market->members = g_new(guint, (gsize)units + 1);
    list_lots(&lots);
    make_keys(&lots);
    g_autofree guint *order = sort_lots(&lots);
    cut_classes(&lots, order);
    sort_members(market);
    g_array_unref(lots.blockers);
    g_free(lots.what);
    g_free(lots.place_keys);
    g_free(lots.person_keys);
}
