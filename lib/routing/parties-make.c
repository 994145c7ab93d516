/* Making parties and flocks, in an order in which the order of the list plays no part. */
#include "routing/parties-private.h"

static void
free_party(gpointer data)
{
    CnParty *party = data;
    g_array_unref(party->needs);
    g_array_unref(party->choices);
    g_free(party);
}

static gboolean
keeps_apart(const CnSearch *search, guint need)
{
    return cn_plan_need_is_bundled(search->needs, need) ||
           cn_plan_keeps_apart(search->needs, cn_plan_person(search->needs, need));
}

static void
join(CnSearch *search, CnParty *party, guint need)
{
    const CnNeed *wanted = cn_plan_need_of(search->needs, need);
    const CnLevels unmet = cn_levels_of_unmet(wanted->urgency);
    const gint pinned = cn_market_pinned(search->market, need);
    g_array_append_val(party->needs, need);
    search->party_of[need] = 0; /* numbered when all are in order */
    party->apart = party->apart || keeps_apart(search, need);
    if (pinned >= 0) {
        party->pinned = pinned;
        return;
    }
    party->units += wanted->units;
    cn_levels_add(&party->weight, &unmet, wanted->units);
}

static void
make_party(CnSearch *search, guint need)
{
    CnCompanions companions;
    CnParty *party = g_new0(CnParty, 1);
    party->needs = g_array_new(FALSE, FALSE, sizeof(guint));
    party->choices = g_array_new(FALSE, FALSE, sizeof(CnChoice));
    party->pinned = party->at = -1;
    join(search, party, need);
    cn_plan_companions_find(search->needs, need, search->offering_of, &companions);
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other =
            cn_plan_need_of_sibling(search->needs, g_ptr_array_index(companions.together, i),
                                    cn_plan_need_of(search->needs, need)->service);
        if (other >= 0 && search->party_of[other] < 0)
            join(search, party, (guint)other);
    }
    cn_plan_companions_clear(&companions);
    g_ptr_array_add(search->parties, party);
}

static const char *
ref_of(const CnSearch *search, const GArray *needs)
{
    return cn_plan_person(search->needs, g_array_index(needs, guint, 0))->ref;
}

static gint
compare_firsts(const CnSearch *search, const GArray *a, const GArray *b)
{
    const gint order = g_strcmp0(ref_of(search, a), ref_of(search, b));
    if (order != 0)
        return order;
    const guint one = g_array_index(a, guint, 0), other = g_array_index(b, guint, 0);
    return (one > other) - (one < other);
}

/* Pinned ones first, since they have no choice; then those whom it is worst to leave, the larger
 * group first; the order of the list never decides. */
static gint
compare_parties(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnParty *a = *(CnParty *const *)x, *b = *(CnParty *const *)y;
    if ((a->pinned >= 0) != (b->pinned >= 0))
        return a->pinned >= 0 ? -1 : 1;
    const gint order = cn_levels_compare(&b->weight, &a->weight);
    if (order != 0)
        return order;
    if (a->units != b->units)
        return a->units > b->units ? -1 : 1;
    return compare_firsts(data, a->needs, b->needs);
}

static gint
compare_flocks(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnFlock *a = *(CnFlock *const *)x, *b = *(CnFlock *const *)y;
    if ((a->pinned >= 0) != (b->pinned >= 0))
        return a->pinned >= 0 ? -1 : 1;
    if (a->units != b->units)
        return a->units > b->units ? -1 : 1;
    return compare_firsts(data, a->bond->needs, b->bond->needs);
}

static gint
compare_packs(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPack *a = *(CnPack *const *)x, *b = *(CnPack *const *)y;
    if (a->bond->required != b->bond->required)
        return a->bond->required ? -1 : 1;
    const gint order = cn_levels_compare(&b->weight, &a->weight);
    return order != 0 ? order : compare_firsts(data, a->needs, b->needs);
}

/* One party a group and service: members in the order of their references, so that the first of them
 * is the same whatever the order of the list. */
static gint
compare_refs(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const gint order = g_strcmp0(cn_plan_person(needs, a)->ref, cn_plan_person(needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

static void
number_needs(CnSearch *search, const GArray *needs, gint party)
{
    for (guint i = 0; i < needs->len; i++)
        search->party_of[g_array_index(needs, guint, i)] = party;
}

static void
make_parties(CnSearch *search, guint needs_len)
{
    for (guint need = 0; need < needs_len; need++)
        if (search->party_of[need] < 0 && cn_plan_need_is_bound(search->needs, need))
            make_party(search, need);
    for (guint i = 0; i < search->parties->len; i++)
        g_array_sort_with_data(cn_search_party(search, i)->needs, compare_refs,
                               (gpointer)search->needs);
    g_ptr_array_sort_with_data(search->parties, compare_parties, search);
    for (guint i = 0; i < search->parties->len; i++)
        number_needs(search, cn_search_party(search, i)->needs, (gint)i);
}

static void
make_flocks(CnSearch *search)
{
    for (guint i = 0; i < search->bonds.bonds->len; i++) {
        const CnBond *bond = cn_plan_bond(&search->bonds, i);
        CnPack *pack = bond->kind == CN_BOND_BUNDLE ? cn_pack_new(search, bond) : NULL;
        if (bond->kind == CN_BOND_SIBLINGS)
            g_ptr_array_add(search->flocks, cn_flock_new(search, bond));
        else if (pack != NULL)
            g_ptr_array_add(search->packs, pack);
    }
    g_ptr_array_sort_with_data(search->flocks, compare_flocks, search);
    g_ptr_array_sort_with_data(search->packs, compare_packs, search);
}

static void
count_pins(CnSearch *search)
{
    for (guint need = 0; need < search->needs->needs->len; need++) {
        const gint pinned = cn_market_pinned(search->market, need);
        if (pinned < 0)
            continue;
        search->pinned[pinned] += (guint32)cn_plan_need_of(search->needs, need)->units;
        search->offering_of[need] = pinned;
        cn_quotas_take(cn_market_quotas(search->market), search->under, (guint)pinned,
                       cn_plan_need_of(search->needs, need)->units);
    }
}

void
cn_search_init(CnSearch *search)
{
    const guint needs = search->needs->needs->len;
    const gsize offerings = MAX(search->needs->asked.directory->listing->offerings_len, 1);
    cn_plan_bonds_init(&search->bonds, search->needs);
    search->parties = g_ptr_array_new_with_free_func(free_party);
    search->flocks = g_ptr_array_new_with_free_func(cn_flock_free);
    search->packs = g_ptr_array_new_with_free_func(cn_pack_free);
    search->offering_of = g_new(gint, (gsize)needs + 1);
    search->party_of = g_new(gint, (gsize)needs + 1);
    search->price = g_new0(gint64, offerings);
    search->worth = g_new0(CnLevels, offerings);
    search->places = g_new0(gint64, offerings);
    for (guint i = 0; i < search->needs->asked.directory->listing->offerings_len; i++)
        search->places[i] = cn_market_places(search->market, i);
    search->rows = cn_market_rows_new(search->market);
    search->row = g_array_new(FALSE, FALSE, sizeof(gint64));
    search->found = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    search->pinned = g_new0(guint32, offerings);
    search->taken = g_new0(guint32, offerings);
    search->under = g_new0(gint64, cn_market_quotas(search->market)->len + 1);
    search->left_out = g_new0(guint8, (gsize)needs + 1);
    for (guint i = 0; i < needs; i++)
        search->offering_of[i] = search->party_of[i] = -1;
    count_pins(search);
    make_parties(search, needs);
    make_flocks(search);
    const guint lens[] = {search->parties->len, search->flocks->len, search->packs->len};
    for (guint order = 0; order < G_N_ELEMENTS(lens); order++) {
        search->order[order] = g_array_sized_new(FALSE, FALSE, sizeof(guint), lens[order]);
        for (guint i = 0; i < lens[order]; i++)
            g_array_append_val(search->order[order], i);
    }
}

void
cn_search_clear(CnSearch *search)
{
    g_ptr_array_unref(search->parties);
    g_ptr_array_unref(search->packs);
    g_ptr_array_unref(search->flocks); /* they borrow their bonds */
    cn_plan_bonds_clear(&search->bonds);
    for (guint order = 0; order < G_N_ELEMENTS(search->order); order++)
        g_array_unref(search->order[order]);
    g_free(search->offering_of);
    g_free(search->party_of);
    g_free(search->price);
    g_free(search->worth);
    g_free(search->places);
    cn_market_rows_free(search->rows);
    g_array_unref(search->row);
    g_ptr_array_unref(search->found);
    g_free(search->pinned);
    g_free(search->taken);
    g_free(search->under);
    g_free(search->left_out);
    g_free(search->former);
}
