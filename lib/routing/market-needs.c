/* The needs of all cases, flat and numbered, and what of them is looked at more than once. */
#include "routing/market-needs.h"

#include "base/error.h"

static const CnCase *
case_at(const CnMarket *market, guint person)
{
    return g_ptr_array_index(market->cases->cases, person);
}

/* Cases ahead: of a case first the record, then its list of needs, then the first need. */
#define AHEAD 8

void
cn_market_look_ahead(const CnMarket *market, guint person)
{
    const guint len = market->cases->cases->len;
    if (len - person <= 3 * AHEAD)
        return;
    const CnCase *far = case_at(market, person + 3 * AHEAD);
    __builtin_prefetch(far);
    __builtin_prefetch(&far->needs);
    __builtin_prefetch(&far->max_travel_min);
    __builtin_prefetch(case_at(market, person + 2 * AHEAD)->needs);
    __builtin_prefetch(case_at(market, person + AHEAD)->needs->data);
    __builtin_prefetch(case_at(market, person + AHEAD)->ref);
}

/* Room for the needs of one person more, and for half as many again. */
static void
take_room(CnMarket *market, gsize needs, gsize *room)
{
    if (needs < *room)
        return;
    *room = needs + needs / 2 + 1;
    market->person = g_renew(guint, market->person, *room);
    market->first_unit = g_renew(guint, market->first_unit, *room);
    market->rows = g_renew(CnNeedRow, market->rows, *room);
}

static guint64
fill_rows(CnMarket *market, guint i, guint64 units)
{
    const CnCase *person = case_at(market, i);
    for (guint k = 0, need = market->first_need[i]; k < person->needs->len; k++, need++) {
        const CnNeed *asked = &g_array_index(person->needs, CnNeed, k);
        market->person[need] = i;
        market->first_unit[need] = (guint)units;
        market->rows[need] = (CnNeedRow){.service = asked->service,
                                         .town = person->area,
                                         .limit_min = person->max_travel_min,
                                         .urgency = (guint8)asked->urgency};
        units += (guint64)MAX(1, asked->units);
    }
    return units;
}

static void
note_case(CnMarket *market, guint i)
{
    const CnCase *one = case_at(market, i);
    market->families |= one->siblings_group != NULL;
    market->in_order &= i == 0 || g_strcmp0(case_at(market, i - 1)->ref, one->ref) <= 0;
}

gboolean
cn_market_list_needs(CnMarket *market, GError **error)
{
    const GPtrArray *cases = market->cases->cases;
    guint64 needs = 0, units = 0;
    gsize room = 0;
    market->first_need = g_new(guint, (gsize)cases->len + 1);
    market->in_order = TRUE;
    take_room(market, cases->len, &room);
    for (guint i = 0; i < cases->len; i++) {
        cn_market_look_ahead(market, i);
        market->first_need[i] = (guint)needs;
        needs += case_at(market, i)->needs->len;
        if (needs > CN_UNITS_OF_MARKET_MOST) {
            cn_error_set(error, CARENET_ERROR_TOO_LARGE, "the cases have more than %d needs",
                         CN_UNITS_OF_MARKET_MOST);
            return FALSE;
        }
        take_room(market, needs, &room);
        units = fill_rows(market, i, units);
        if (units > CN_UNITS_OF_MARKET_MOST) {
            cn_error_set(error, CARENET_ERROR_TOO_LARGE,
                         "the cases need more than %d places together", CN_UNITS_OF_MARKET_MOST);
            return FALSE;
        }
        note_case(market, i);
    }
    market->first_need[cases->len] = (guint)needs;
    market->first_unit[needs] = (guint)units;
    return TRUE;
}
