/* The needs of all cases, flat and numbered, and what of them is looked at more than once. Waiting for the memory
 * is most of it, so the cases are read once, by several threads, each of which notes its own; then what they
 * noted is put together. */
#include "routing/market-needs.h"

#include "base/error.h"
#include "base/pages.h"
#include "base/pieces.h"

#include <string.h>

static const CnCase *
case_at(const CnMarket *market, guint person)
{
    return g_ptr_array_index(market->cases->cases, person);
}

/* Cases ahead: of a case first the record, then its list of needs, then the first need. */
#define AHEAD 8

static void
fetch_ahead(const CnCase *far, const CnCase *middle, const CnCase *near)
{
    __builtin_prefetch(far);
    __builtin_prefetch(&far->needs);
    __builtin_prefetch(&far->max_travel_min);
    __builtin_prefetch(&far->consents);
    __builtin_prefetch(middle->needs);
    __builtin_prefetch(near->needs->data);
    __builtin_prefetch(near->ref);
}

/* ---- Some of the cases. */

#define CASES_OF_PART 2048

/* Numbers of needs and units begin with 0. */
typedef struct {
    guint first, end; /* cases */
    guint *person, *first_unit;
    CnNeedRow *rows;
    guint32 *facts; /* by need, then kind */
    CnFactNumbers fact_numbers;
    guint32 *renumber[CN_FACTS_LEN]; /* from the numbers of the part to those of the market */
    gsize room;
    guint64 needs, units;
    guint needs_before, units_before; /* of the parts before it */
    gboolean in_order, families, one_each;
} Part;

/* Room for so many needs; where there was some, for half as many again. */
static void
take_room(Part *part, gsize needs)
{
    if (needs <= part->room)
        return;
    part->room = part->room == 0 ? needs : needs + needs / 2;
    part->person = g_renew(guint, part->person, part->room);
    part->first_unit = g_renew(guint, part->first_unit, part->room);
    part->rows = g_renew(CnNeedRow, part->rows, part->room);
    part->facts = g_renew(guint32, part->facts, part->room * CN_FACTS_LEN);
}

static void
note_case(Part *part, CnMarket *market, guint i)
{
    const CnCase *person = case_at(market, i);
    part->families |= person->siblings_group != NULL;
    part->one_each &= person->needs->len == 1;
    part->in_order &= i == 0 || g_strcmp0(case_at(market, i - 1)->ref, person->ref) <= 0;
    market->first_need[i] = (guint)part->needs;
    take_room(part, part->needs + person->needs->len);
    for (guint k = 0; k < person->needs->len; k++) {
        const CnNeed *asked = &g_array_index(person->needs, CnNeed, k);
        part->person[part->needs] = i;
        part->first_unit[part->needs] = (guint)part->units;
        part->rows[part->needs] = (CnNeedRow){.service = asked->service,
                                              .town = person->area,
                                              .limit_min = person->max_travel_min,
                                              .urgency = (guint8)asked->urgency};
        memcpy(part->facts + part->needs * CN_FACTS_LEN,
               cn_fact_numbers_of(&part->fact_numbers, person, asked, (guint)part->needs),
               CN_FACTS_LEN * sizeof *part->facts);
        part->needs++;
        part->units += (guint64)MAX(1, asked->units);
    }
}

typedef struct {
    CnMarket *market;
    Part *parts;
    guint len;
} Parts;

static void
read_part(guint i, gpointer data)
{
    const Parts *parts = data;
    Part *part = &parts->parts[i];
    const guint end = parts->market->cases->cases->len;
    cn_fact_numbers_init(&part->fact_numbers);
    take_room(part, part->end - part->first);
    for (guint at = part->first; at < part->end; at++) {
        if (end - at > 3 * AHEAD)
            fetch_ahead(case_at(parts->market, at + 3 * AHEAD),
                        case_at(parts->market, at + 2 * AHEAD), case_at(parts->market, at + AHEAD));
        note_case(part, parts->market, at);
    }
}

/* ---- All of them. */

/* Puts a part behind those before it. */
static void
take_part(guint i, gpointer data)
{
    const Parts *parts = data;
    CnMarket *market = parts->market;
    Part *part = &parts->parts[i];
    const guint needs = part->needs_before, units = part->units_before;
    for (guint at = part->first; market->first_need != NULL && at < part->end; at++)
        market->first_need[at] += needs;
    for (guint k = 0; market->first_unit != NULL && k < part->needs; k++)
        market->first_unit[needs + k] = part->first_unit[k] + units;
    if (market->person != NULL)
        memcpy(market->person + needs, part->person, part->needs * sizeof *part->person);
    memcpy(market->rows + needs, part->rows, part->needs * sizeof *part->rows);
    guint32 *facts = market->facts + (gsize)needs * CN_FACTS_LEN;
    for (gsize k = 0; k < part->needs * CN_FACTS_LEN; k++)
        facts[k] = part->renumber[k % CN_FACTS_LEN][part->facts[k]];
}

/* Numbers the facts of all parts. */
static void
number_facts(Parts *parts)
{
    CnFactNumbers *all = &parts->market->fact_numbers;
    for (guint i = 0; i < parts->len; i++)
        for (gsize kind = 0; kind < CN_FACTS_LEN; kind++)
            parts->parts[i].renumber[kind] = cn_fact_numbers_join(
                all, &parts->parts[i].fact_numbers, kind, parts->parts[i].needs_before);
}

static gboolean
count_parts(const Parts *parts, GError **error)
{
    CnMarket *market = parts->market;
    guint64 needs = 0, units = 0;
    gboolean one_each = TRUE;
    for (guint i = 0; i < parts->len; i++) {
        Part *part = &parts->parts[i];
        part->needs_before = (guint)needs;
        part->units_before = (guint)units;
        needs += part->needs;
        units += part->units;
        market->families |= part->families;
        market->in_order &= part->in_order;
        one_each &= part->one_each;
        if (needs > CN_UNITS_OF_MARKET_MOST) {
            cn_error_set(error, CARENET_ERROR_TOO_LARGE, "the cases have more than %d needs",
                         CN_UNITS_OF_MARKET_MOST);
            return FALSE;
        }
        if (units > CN_UNITS_OF_MARKET_MOST) {
            cn_error_set(error, CARENET_ERROR_TOO_LARGE,
                         "the cases need more than %d places together", CN_UNITS_OF_MARKET_MOST);
            return FALSE;
        }
    }
    market->needs_len = (guint)needs;
    market->units_len = (guint)units;
    if (one_each)
        g_clear_pointer(&market->first_need, g_free);
    return TRUE;
}

static gboolean
take_parts(Parts *parts, GError **error)
{
    CnMarket *market = parts->market;
    if (!count_parts(parts, error))
        return FALSE;
    const gsize needs = market->needs_len;
    if (market->first_need != NULL)
        market->person = g_new(guint, needs + 1);
    if (market->units_len > needs)
        market->first_unit = g_new(guint, needs + 1);
    market->rows = CN_PAGES_NEW(CnNeedRow, needs + 1);
    market->facts = CN_PAGES_NEW(guint32, (needs + 1) * CN_FACTS_LEN);
    number_facts(parts);
    cn_pieces_do(parts->len, market->options.threads, take_part, parts);
    if (market->first_need != NULL)
        market->first_need[market->cases->cases->len] = market->needs_len;
    if (market->first_unit != NULL)
        market->first_unit[needs] = market->units_len;
    return TRUE;
}

static void
clear_part(Part *part)
{
    cn_fact_numbers_clear(&part->fact_numbers);
    for (gsize kind = 0; kind < CN_FACTS_LEN; kind++)
        g_free(part->renumber[kind]);
    g_free(part->person);
    g_free(part->first_unit);
    g_free(part->rows);
    g_free(part->facts);
}

gboolean
cn_market_list_needs(CnMarket *market, GError **error)
{
    const guint cases = market->cases->cases->len;
    Parts parts = {.market = market, .len = (cases + CASES_OF_PART - 1) / CASES_OF_PART};
    parts.parts = g_new0(Part, (gsize)parts.len + 1);
    for (guint i = 0; i < parts.len; i++)
        parts.parts[i] = (Part){.first = i * CASES_OF_PART,
                                .end = MIN((i + 1) * CASES_OF_PART, cases),
                                .in_order = TRUE,
                                .one_each = TRUE};
    market->first_need = g_new(guint, (gsize)cases + 1);
    market->in_order = TRUE;
    cn_fact_numbers_init(&market->fact_numbers);
    cn_pieces_do(parts.len, market->options.threads, read_part, &parts);
    const gboolean taken = take_parts(&parts, error);
    for (guint i = 0; i < parts.len; i++)
        clear_part(&parts.parts[i]);
    g_free(parts.parts);
    return taken;
}

/* ---- By component. */

void
cn_need_lists_init(CnNeedLists *lists, const CnMarket *market)
{
    const guint needs = cn_market_needs_len(market), len = market->components->len;
    g_autofree guint *next = g_new0(guint, (gsize)len + 1);
    lists->needs_len = needs + 1;
    lists->needs = CN_PAGES_NEW(guint, lists->needs_len);
    lists->first = g_new0(guint, (gsize)len + 1);
    for (guint need = 0; need < needs; need++) {
        const gint component = cn_market_component_of_need(market, need);
        if (component >= 0 && cn_market_pinned(market, need) < 0)
            lists->first[component + 1]++;
    }
    for (guint i = 0; i < len; i++) {
        lists->first[i + 1] += lists->first[i];
        next[i + 1] = lists->first[i + 1];
    }
    for (guint need = 0; need < needs; need++) {
        const gint component = cn_market_component_of_need(market, need);
        if (component >= 0 && cn_market_pinned(market, need) < 0)
            lists->needs[next[component]++] = need;
    }
}

void
cn_need_lists_clear(CnNeedLists *lists)
{
    CN_PAGES_FREE(lists->needs, lists->needs_len);
    g_free(lists->first);
}
