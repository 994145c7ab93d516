/* At the end: whoever has nothing goes where there still is room. */
#include "routing/parties-private.h"

/* Pairs of a need and an offering that are looked at besides. */
#define FILL_PAIRS_MOST 2000000

/* Everybody is where the answer has them. */
static void
take_answer(CnSearch *search, const gint *offering_of)
{
    const gsize offerings = search->needs->asked.directory->listing->offerings_len;
    for (guint i = 0; i < offerings; i++)
        cn_search_take(search, i, -(gint64)search->taken[i]);
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const gint at = offering_of[need];
        search->offering_of[need] = at;
        if (at >= 0 && cn_market_pinned(search->market, need) < 0)
            cn_search_take(search, (guint)at, cn_plan_need_of(search->needs, need)->units);
    }
}

static gboolean
has_nothing(const CnSearch *search, const CnParty *party, const gint *offering_of)
{
    for (guint i = 0; i < party->needs->len; i++) {
        const guint need = g_array_index(party->needs, guint, i);
        if (cn_market_pinned(search->market, need) >= 0 || offering_of[need] >= 0)
            return FALSE;
    }
    return TRUE;
}

/* The places that they find are in @offering_of too. Whether they find any. */
static gboolean
fill_party(CnSearch *search, CnParty *party, gint *offering_of)
{
    party->at = -1;
    cn_party_pick(search, party);
    for (guint i = 0; i < party->needs->len; i++)
        offering_of[g_array_index(party->needs, guint, i)] = party->at;
    return party->at >= 0;
}

/* ---- Who has nothing. */

/* A need by itself, which is no party. */
static CnParty *
single_new(CnSearch *search, guint need)
{
    const CnNeed *wanted = cn_plan_need_of(search->needs, need);
    const CnLevels one = cn_levels_of_unmet(wanted->urgency);
    CnParty *single = g_new0(CnParty, 1);
    single->needs = g_array_new(FALSE, FALSE, sizeof(guint));
    single->choices = g_array_new(FALSE, FALSE, sizeof(CnChoice));
    single->units = wanted->units;
    single->pinned = single->at = -1;
    single->apart = cn_plan_need_has_company(search->needs, need);
    g_array_append_val(single->needs, need);
    cn_levels_add(&single->weight, &one, wanted->units);
    cn_party_look(search, single, FALSE);
    return single;
}

static void
single_free(gpointer data)
{
    CnParty *single = data;
    g_array_unref(single->needs);
    g_array_unref(single->choices);
    g_free(single);
}

static const char *
first_ref(const CnSearch *search, const CnParty *party)
{
    return cn_plan_person(search->needs, g_array_index(party->needs, guint, 0))->ref;
}

/* Those first whom it is worst to leave, then by reference. */
static gint
compare_unmet(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnParty *a = *(CnParty *const *)x, *b = *(CnParty *const *)y;
    const gint order = cn_levels_compare(&b->weight, &a->weight);
    return order != 0 ? order : g_strcmp0(first_ref(data, a), first_ref(data, b));
}

/* (element-type CnParty) Those of the search, borrowed. (transfer container) */
static GPtrArray *
list_parties(const CnSearch *search, const gint *offering_of)
{
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; i < search->parties->len; i++)
        if (has_nothing(search, cn_search_party(search, i), offering_of))
            g_ptr_array_add(list, cn_search_party(search, i));
    return list;
}

/* Others than these the solver has placed as well as can be, if it came to its end and no quota let it hold places back. */
static gboolean
is_of_company(const CnSearch *search, guint need)
{
    const CnCase *person = cn_plan_person(search->needs, need);
    return person->bundle != CN_BUNDLE_NONE || person->siblings_group != NULL;
}

/* Needs that are no party; none where there are too many to look at each. (element-type CnParty) (transfer full) */
static GPtrArray *
list_singles(CnSearch *search, const gint *offering_of, gboolean only_company)
{
    const guint64 offerings = search->needs->asked.directory->listing->offerings_len;
    g_autoptr(GArray) unmet = g_array_new(FALSE, FALSE, sizeof(guint));
    GPtrArray *list = g_ptr_array_new_with_free_func(single_free);
    for (guint need = 0; need < search->needs->needs->len; need++)
        if (offering_of[need] < 0 && search->party_of[need] < 0 &&
            (!only_company || is_of_company(search, need)))
            g_array_append_val(unmet, need);
    for (guint i = 0; unmet->len * offerings <= FILL_PAIRS_MOST && i < unmet->len; i++)
        g_ptr_array_add(list, single_new(search, g_array_index(unmet, guint, i)));
    return list;
}

static gboolean
fill_all(CnSearch *search, gint *offering_of, gboolean only_company)
{
    g_autoptr(GPtrArray) singles = list_singles(search, offering_of, only_company);
    g_autoptr(GPtrArray) all = list_parties(search, offering_of);
    gboolean filled = FALSE;
    g_ptr_array_extend(all, singles, NULL, NULL);
    g_ptr_array_sort_with_data(all, compare_unmet, search);
    for (guint i = 0; i < all->len; i++)
        filled = fill_party(search, g_ptr_array_index(all, i), offering_of) || filled;
    return filled;
}

void
cn_search_fill(CnSearch *search, CnPlacement *out)
{
    const gsize bytes = sizeof(gint) * MAX(search->needs->needs->len, 1);
    g_autofree gint *offering_of = g_memdup2(out->offering_of, bytes);
    /* Every place is worth the same. */
    cn_search_take_prices(search, NULL);
    take_answer(search, offering_of);
    if (!fill_all(search, offering_of,
                  out->stopped_by == CN_STOPPED_NOT && cn_market_quotas(search->market)->len == 0))
        return;
    out->primal = cn_search_levels(search, out, offering_of);
    g_free(out->offering_of);
    out->offering_of = g_steal_pointer(&offering_of);
}
