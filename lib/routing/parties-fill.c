/* After a stop: whoever has nothing goes where there still is room. */
#include "routing/parties-private.h"

/* Pairs of a need and an offering that are looked at besides after a stop. */
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

static gboolean
fill_parties(CnSearch *search, gint *offering_of)
{
    gboolean filled = FALSE;
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, i);
        if (has_nothing(search, party, offering_of))
            filled = fill_party(search, party, offering_of) || filled;
    }
    return filled;
}

/* The most urgent first, then by reference. */
static gint
compare_unmet(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const gint p = (gint)cn_plan_need_of(needs, a)->urgency;
    const gint q = (gint)cn_plan_need_of(needs, b)->urgency;
    if (p != q)
        return p - q;
    const gint order = g_strcmp0(cn_plan_person(needs, a)->ref, cn_plan_person(needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

/* (element-type guint) (transfer full) */
static GArray *
list_unmet(const CnSearch *search, const gint *offering_of)
{
    GArray *unmet = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint need = 0; need < search->needs->needs->len; need++)
        if (offering_of[need] < 0 && search->party_of[need] < 0 &&
            !cn_plan_need_is_bundled(search->needs, need))
            g_array_append_val(unmet, need);
    g_array_sort_with_data(unmet, compare_unmet, (gpointer)search->needs);
    return unmet;
}

/* A stopped solver has room left only under quotas: it holds places back before it knows who needs which. */
static gboolean
fill_singles(CnSearch *search, gint *offering_of)
{
    const guint64 offerings = search->needs->asked.directory->listing->offerings_len;
    g_autoptr(GArray) unmet = list_unmet(search, offering_of);
    gboolean filled = FALSE;
    if (cn_market_quotas(search->market)->len == 0 || unmet->len * offerings > FILL_PAIRS_MOST)
        return FALSE;
    for (guint i = 0; i < unmet->len; i++) {
        const CnNeed *need = cn_plan_need_of(search->needs, g_array_index(unmet, guint, i));
        const CnLevels one = cn_levels_of_unmet(need->urgency);
        g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(guint));
        g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(CnChoice));
        CnParty party = {
            .needs = needs, .units = need->units, .pinned = -1, .at = -1, .choices = choices};
        g_array_append_val(needs, g_array_index(unmet, guint, i));
        cn_levels_add(&party.weight, &one, need->units);
        cn_party_look(search, &party, FALSE);
        filled = fill_party(search, &party, offering_of) || filled;
    }
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
    const gboolean parties = fill_parties(search, offering_of);
    if (!fill_singles(search, offering_of) && !parties)
        return;
    out->primal = cn_search_levels(search, out, offering_of);
    g_free(out->offering_of);
    out->offering_of = g_steal_pointer(&offering_of);
}
