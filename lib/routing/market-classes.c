/* Classes: needs in the order of what they are, cut where the next one differs. Profiles are numbered by what
 * they hold, so nothing depends on the order in which cases came. */
#include "routing/market-classes.h"

#include "base/pages.h"
#include "routing/market-sort.h"

/* ---- Lots. */

void
cn_lots_init(CnLots *lots, CnMarket *market, guint component)
{
    *lots = (CnLots){.market = market,
                     .component = component,
                     .blockers = g_array_new(FALSE, FALSE, sizeof(CnClass))};
}

void
cn_lots_clear(CnLots *lots)
{
    g_array_unref(lots->blockers);
    CN_PAGES_FREE(lots->what, lots->what_room);
    CN_PAGES_FREE(lots->place_keys, (gsize)lots->len + 1);
    CN_PAGES_FREE(lots->person_keys, (gsize)lots->len + 1);
    CN_PAGES_FREE(lots->order, (gsize)lots->len + 1);
}

static void
list_lots(CnLots *lots, const guint *needs, guint len)
{
    const CnMarket *market = lots->market;
    const gboolean several = cn_market_units_len(market) > cn_market_needs_len(market);
    lots->what_room = (gsize)len * (several ? 2 : 1) + 1;
    lots->what = CN_PAGES_NEW(guint, lots->what_room);
    for (guint i = 0; i < len; i++) {
        const guint need = needs[i];
        const guint units = cn_market_units_of(market, need);
        lots->what[lots->needs_len++] = 2 * need;
        if (units > 1)
            lots->what[lots->needs_len++] = 2 * need + 1;
        lots->units += units;
    }
    lots->len = lots->needs_len + lots->blockers->len;
}

static void
note_lot(CnLots *lots, guint lot, const CnClass *one)
{
    lots->place_keys[lot] = (guint32)(one->town - CN_AREA_NONE);
    lots->person_keys[lot] = (guint64)one->profile << 35 | (guint64)(guint32)one->limit_min << 3 |
                             (guint64)(one->urgency << 1 | one->free);
}

/* What is in its keys. */
static CnClass
class_of_lot(const CnLots *lots, guint lot)
{
    const guint64 place = lots->place_keys[lot], person = lots->person_keys[lot];
    return (CnClass){.profile = (guint)(person >> 35),
                     .town = (CnAreaId)(guint32)place + CN_AREA_NONE,
                     .limit_min = (gint32)(guint32)(person >> 3),
                     .urgency = (guint8)(person >> 1 & 3),
                     .free = (guint8)(person & 1)};
}

static void
make_keys(CnLots *lots, const guint *profile_of_need)
{
    G_STATIC_ASSERT(2 * (gint64)CN_UNITS_OF_MARKET_MOST < (gint64)1 << 29); /* profiles */
    lots->place_keys = CN_PAGES_NEW(guint64, (gsize)lots->len + 1);
    lots->person_keys = CN_PAGES_NEW(guint64, (gsize)lots->len + 1);
    for (guint lot = 0; lot < lots->needs_len; lot++) {
        const guint need = lots->what[lot] / 2;
        const CnNeedRow *row = &lots->market->rows[need];
        const CnClass one = {.profile = profile_of_need[need],
                             .town = row->town,
                             .limit_min = row->limit_min,
                             .urgency = row->urgency,
                             .free = (guint8)(lots->what[lot] % 2)};
        note_lot(lots, lot, &one);
    }
    for (guint i = 0; i < lots->blockers->len; i++)
        note_lot(lots, lots->needs_len + i, &g_array_index(lots->blockers, CnClass, i));
}

/* Whether the lot at that place of the order is no more of the class before. */
static gboolean
begins_class(const CnLots *lots, guint i)
{
    const guint lot = lots->order[i], before = i > 0 ? lots->order[i - 1] : 0;
    return i == 0 || lots->place_keys[lot] != lots->place_keys[before] ||
           lots->person_keys[lot] != lots->person_keys[before];
}

void
cn_lots_sort(CnLots *lots, const guint *needs, guint len, const guint *profile_of_need)
{
    list_lots(lots, needs, len);
    lots->order = CN_PAGES_NEW(guint, (gsize)lots->len + 1);
    for (guint lot = 0; lot < lots->len; lot++)
        lots->order[lot] = lot;
    make_keys(lots, profile_of_need);
    cn_sort_by_keys(lots->order, lots->len, lots->person_keys);
    cn_sort_by_keys(lots->order, lots->len, lots->place_keys);
    for (guint i = 0; i < lots->len; i++)
        lots->classes += begins_class(lots, i) ? 1 : 0;
}

/* ---- Members. */

static const char *
ref_of_unit(const CnMarket *market, guint unit)
{
    guint need = cn_market_units_len(market) == cn_market_needs_len(market)
                     ? unit
                     : cn_market_need_of_unit(market, unit);
    return ((const CnCase *)g_ptr_array_index(market->cases->cases, cn_market_person(market, need)))
        ->ref;
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
sort_members(CnMarket *market, const CnComponent *component)
{
    for (guint i = 0; i < component->classes_len && !market->in_order; i++) {
        const CnClass *one = &market->classes[component->classes_first + i];
        if (one->units > 1 && one->urgency != CN_BLOCKER)
            g_qsort_with_data(market->members + one->first_unit, (gint)one->units, sizeof(guint),
                              compare_units, market);
    }
}

/* ---- Classes. */

/* Notes the class of a lot, counts its units and lists them. */
static void
take_lot(const CnLots *lots, guint lot, CnClass *one, guint *listed)
{
    CnMarket *market = lots->market;
    const guint class = (guint)(one - market->classes);
    if (lot >= lots->needs_len) {
        one->units += g_array_index(lots->blockers, CnClass, lot - lots->needs_len).units;
        return;
    }
    const guint need = lots->what[lot] / 2, free = lots->what[lot] % 2;
    const guint first = cn_market_first_unit(market, need) + free;
    const guint end = free ? cn_market_first_unit(market, need + 1) : first + 1;
    if (free)
        market->class_of_more[need] = class;
    else
        market->class_of_need[need] = class;
    for (guint unit = first; unit < end; unit++)
        market->members[(*listed)++] = unit;
    one->units += end - first;
}

void
cn_lots_cut(const CnLots *lots, guint first_class, guint first_member)
{
    CnMarket *market = lots->market;
    CnComponent *component = cn_market_component(market, lots->component);
    guint at = first_class, listed = first_member;
    for (guint i = 0; i < lots->len; i++) {
        const guint lot = lots->order[i];
        if (begins_class(lots, i)) {
            market->classes[at] = class_of_lot(lots, lot);
            market->classes[at++].first_unit = listed;
        }
        take_lot(lots, lot, &market->classes[at - 1], &listed);
    }
    component->classes_first = first_class;
    component->classes_len = lots->classes;
    sort_members(market, component);
}
