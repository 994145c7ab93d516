/* Packs: needs of a case that one provider is to meet. At the last prices each provider is asked what it
 * would be for all of them, a need that it cannot take staying unmet; where one provider is only
 * preferred, that is compared with what each need finds by itself. */
#include "routing/parties-private.h"

static guint
member(const CnPack *pack, guint i)
{
    return g_array_index(pack->needs, guint, i);
}

static gint
pinned_of(const CnSearch *search, const CnPack *pack, guint i)
{
    return cn_market_pinned(search->market, member(pack, i));
}

static gint32
units_of(const CnSearch *search, const CnPack *pack, guint i)
{
    return cn_plan_need_of(search->needs, member(pack, i))->units;
}

CnPack *
cn_pack_new(CnSearch *search, const CnBond *bond)
{
    CnPack *pack = g_new0(CnPack, 1);
    pack->bond = bond;
    pack->needs = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < bond->needs->len; i++) {
        const guint need = g_array_index(bond->needs, guint, i);
        if (cn_plan_bonds_tie(&search->bonds, need))
            continue;
        g_array_append_val(pack->needs, need);
        if (search->party_of[need] >= 0)
            cn_search_party(search, (guint)search->party_of[need])->packed = TRUE;
    }
    pack->own = g_new0(GArray *, pack->needs->len);
    pack->at = g_new(gint, pack->needs->len);
    for (guint i = 0; i < pack->needs->len; i++) {
        pack->own[i] = g_array_new(FALSE, FALSE, sizeof(CnChoice));
        pack->at[i] = -1;
    }
    pack->weight = cn_search_unmet_all(search, pack->needs);
    if (pack->needs->len > 0)
        return pack;
    cn_pack_free(pack);
    return NULL;
}

void
cn_pack_free(gpointer data)
{
    CnPack *pack = data;
    for (guint i = 0; i < pack->needs->len; i++)
        g_array_unref(pack->own[i]);
    g_free(pack->own);
    g_free(pack->at);
    g_array_unref(pack->needs);
    g_free(pack);
}

/* ---- What each provider would be for them. */

typedef struct {
    CnSearch *search;
    CnPack *pack;
    guint i;                 /* the member that is looked at */
    GHashTable *by_provider; /* (element-type guint CnLevels) by member, its least there */
    CnLevels *least;         /* by member: its least anywhere */
    gboolean only_least;
} Look;

static CnLevels *
row_of(Look *look, guint provider)
{
    CnLevels *row = g_hash_table_lookup(look->by_provider, GUINT_TO_POINTER(provider));
    if (row != NULL)
        return row;
    row = g_new(CnLevels, look->pack->needs->len);
    for (guint i = 0; i < look->pack->needs->len; i++)
        row[i] = cn_search_unmet(look->search, member(look->pack, i));
    g_hash_table_insert(look->by_provider, GUINT_TO_POINTER(provider), row);
    return row;
}

static void
lower(CnLevels *least, const CnLevels *value)
{
    if (cn_levels_compare(value, least) < 0)
        *least = *value;
}

static void
consider(guint offering, const gint64 *costs, gpointer data)
{
    Look *look = data;
    CnSearch *search = look->search;
    const gint32 units = units_of(search, look->pack, look->i);
    const CnChoice choice = {offering, costs[0]};
    if (!cn_search_holds(search, units, offering))
        return;
    const CnLevels value = cn_search_value(search, choice.cost, units, offering);
    lower(&look->least[look->i], &value);
    lower(&row_of(look, cn_search_provider(search, offering))[look->i], &value);
    if (!look->only_least)
        cn_found_add(cn_search_found(search, 0), &choice, &value);
}

static void
look_at_members(Look *look)
{
    CnPack *pack = look->pack;
    CnSearch *search = look->search;
    for (look->i = 0; look->i < pack->needs->len; look->i++) {
        const guint need = member(pack, look->i);
        g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(guint));
        look->least[look->i] = cn_search_unmet(search, member(pack, look->i));
        if (pinned_of(search, pack, look->i) >= 0) {
            row_of(look, cn_search_provider(search, (guint)pinned_of(search, pack, look->i)));
            continue;
        }
        g_array_append_val(one, need);
        cn_search_visit(search, one, FALSE, consider, look);
        if (!look->only_least)
            cn_found_keep(cn_search_found(search, 0), CN_SHORT_LIST, pack->own[look->i]);
    }
}

/* Whether every member that is pinned is there. */
static gboolean
has_pins_at(const CnSearch *search, const CnPack *pack, guint provider)
{
    for (guint i = 0; i < pack->needs->len; i++) {
        const gint pinned = pinned_of(search, pack, i);
        if (pinned >= 0 && cn_search_provider(search, (guint)pinned) != provider)
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_pins(const CnSearch *search, const CnPack *pack)
{
    for (guint i = 0; i < pack->needs->len; i++)
        if (pinned_of(search, pack, i) >= 0)
            return TRUE;
    return FALSE;
}

static void
sum_row(const CnPack *pack, const CnLevels *row, CnLevels *out)
{
    *out = (CnLevels){{0}, 0};
    for (guint i = 0; i < pack->needs->len; i++)
        cn_levels_add(out, &row[i], 1);
}

void
cn_pack_look(CnSearch *search, CnPack *pack, gboolean only_least)
{
    g_autoptr(GHashTable) rows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autofree CnLevels *least = g_new0(CnLevels, pack->needs->len);
    Look look = {.search = search,
                 .pack = pack,
                 .by_provider = rows,
                 .least = least,
                 .only_least = only_least};
    GHashTableIter iter;
    gpointer provider, row;
    look_at_members(&look);
    const CnLevels nothing = pack->weight;
    gboolean none = pack->bond->required && has_pins(search, pack);
    sum_row(pack, least, &pack->least);
    pack->least.cost += search->needs->asked.policy->other_provider;
    if (pack->bond->required)
        pack->least = nothing;
    else if (!has_pins(search, pack))
        lower(&pack->least, &nothing);
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, &provider, &row)) {
        CnLevels sum;
        if (!has_pins_at(search, pack, GPOINTER_TO_UINT(provider)))
            continue;
        sum_row(pack, row, &sum);
        if (none || cn_levels_compare(&sum, &pack->least) < 0)
            pack->least = sum;
        none = FALSE;
    }
}

/* ---- Picking. */

static void
put(CnSearch *search, CnPack *pack, guint i, gint offering)
{
    const gint64 units = units_of(search, pack, i);
    if (pinned_of(search, pack, i) >= 0)
        return;
    if (pack->at[i] >= 0)
        cn_search_take(search, (guint)pack->at[i], -units);
    if (offering >= 0)
        cn_search_take(search, (guint)offering, units);
    pack->at[i] = offering;
    search->offering_of[member(pack, i)] = offering;
}

/* Who is held is not the solver's, and no party of its own. */
static void
hold(CnSearch *search, CnPack *pack, gboolean held)
{
    pack->joint = held;
    for (guint i = 0; i < pack->needs->len; i++) {
        const gint party = search->party_of[member(pack, i)];
        search->left_out[member(pack, i)] = held && pinned_of(search, pack, i) < 0;
        if (party >= 0)
            cn_search_party(search, (guint)party)->held = held;
    }
}

void
cn_pack_leave(CnSearch *search, CnPack *pack)
{
    for (guint i = 0; i < pack->needs->len; i++) {
        const gint party = search->party_of[member(pack, i)];
        if (party >= 0 && !pack->joint)
            cn_party_leave(search, cn_search_party(search, (guint)party));
        put(search, pack, i, -1);
    }
    hold(search, pack, FALSE);
}

/* Providers where the bundle already is: needs that go where siblings go, and pins.
 * (element-type guint) (transfer full) */
static GArray *
list_taken(const CnSearch *search, const CnPack *pack)
{
    GArray *taken = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < pack->bond->needs->len; i++) {
        const gint at = search->offering_of[g_array_index(pack->bond->needs, guint, i)];
        if (at < 0)
            continue;
        const guint provider = cn_search_provider(search, (guint)at);
        g_array_append_val(taken, provider);
    }
    return taken;
}

static gint64
charge_for(const CnSearch *search, const GArray *taken, guint provider)
{
    gboolean known = taken->len == 0;
    for (guint i = 0; i < taken->len; i++)
        known = known || g_array_index(taken, guint, i) == provider;
    return known ? 0 : search->needs->asked.policy->other_provider;
}

/* The best of a member at a provider, or anywhere (-1); -1 where it stays unmet. */
static gint
best_of(const CnSearch *search, const CnPack *pack, guint i, gint provider, CnLevels *out)
{
    gint best = -1;
    *out = cn_search_unmet(search, member(pack, i));
    for (guint k = 0; k < pack->own[i]->len; k++) {
        const CnChoice *choice = &g_array_index(pack->own[i], CnChoice, k);
        const gint32 units = units_of(search, pack, i);
        const CnLevels value = cn_search_offer(search, choice->cost, units, choice->offering);
        if ((provider >= 0 && cn_search_provider(search, choice->offering) != (guint)provider) ||
            cn_levels_compare(&value, out) >= 0 ||
            !cn_search_has_room(search, units, choice->offering) ||
            !cn_search_may_meet(search, member(pack, i), choice->offering, search->offering_of))
            continue;
        *out = value;
        best = (gint)choice->offering;
    }
    return best;
}

/* Puts all members to a provider, those that it cannot take nowhere. */
static CnLevels
put_all(CnSearch *search, CnPack *pack, guint provider)
{
    CnLevels sum = {{0}, 0}, value;
    for (guint i = 0; i < pack->needs->len; i++)
        put(search, pack, i, -1);
    for (guint i = 0; i < pack->needs->len; i++) {
        if (pinned_of(search, pack, i) >= 0)
            continue;
        const gint best = best_of(search, pack, i, (gint)provider, &value);
        put(search, pack, i, best);
        cn_levels_add(&sum, &value, 1);
    }
    return sum;
}

/* What they are worth each by itself, and with a provider more wherever they differ. */
static CnLevels
value_apart(const CnSearch *search, const CnPack *pack, CnFlockMode mode)
{
    g_autoptr(GArray) taken = list_taken(search, pack);
    CnLevels sum = {{0}, 0}, value;
    for (guint i = 0; i < pack->needs->len; i++) {
        const CnLevels unmet = cn_search_unmet(search, member(pack, i));
        gint best = -1;
        if (mode == CN_FLOCKS_CHOOSE && pinned_of(search, pack, i) < 0)
            best = best_of(search, pack, i, -1, &value);
        if (best < 0) {
            cn_levels_add(&sum, &unmet, 1);
            continue;
        }
        const guint provider = cn_search_provider(search, (guint)best);
        value.cost += charge_for(search, taken, provider);
        cn_levels_add(&sum, &value, 1);
        g_array_append_val(taken, provider);
    }
    return sum;
}

/* The providers that could take any of them. (element-type guint guint) */
static GHashTable *
list_providers(const CnSearch *search, const CnPack *pack)
{
    GHashTable *providers = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < pack->needs->len; i++)
        for (guint k = 0; k < pack->own[i]->len; k++)
            g_hash_table_add(providers,
                             GUINT_TO_POINTER(cn_search_provider(
                                 search, g_array_index(pack->own[i], CnChoice, k).offering)));
    return providers;
}

/* The best provider; -1 where all that can be had is worse than @least. Nobody is put anywhere. */
static gint64
best_provider(CnSearch *search, CnPack *pack, CnLevels least)
{
    g_autoptr(GHashTable) providers = list_providers(search, pack);
    g_autoptr(GArray) taken = list_taken(search, pack);
    GHashTableIter iter;
    gpointer key;
    gint64 best = -1;
    g_hash_table_iter_init(&iter, providers);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const guint provider = GPOINTER_TO_UINT(key);
        const gint64 charge = charge_for(search, taken, provider);
        CnLevels value = put_all(search, pack, provider);
        value.cost += pack->bond->required ? 0 : charge;
        const gint order = cn_levels_compare(&value, &least);
        if (order < 0 || (order == 0 && (best < 0 || (gint64)provider < best))) {
            least = value;
            best = provider;
        }
    }
    for (guint i = 0; i < pack->needs->len; i++)
        put(search, pack, i, -1);
    return best;
}

static gboolean
are_pins_parted(const CnSearch *search, const CnPack *pack)
{
    g_autoptr(GArray) taken = list_taken(search, pack);
    for (guint i = 1; i < taken->len; i++)
        if (g_array_index(taken, guint, i) != g_array_index(taken, guint, 0))
            return TRUE;
    return FALSE;
}

gboolean
cn_pack_pick(CnSearch *search, CnPack *pack, CnFlockMode mode)
{
    if (pack->bond->required && are_pins_parted(search, pack))
        return FALSE;
    if (!pack->bond->required && mode == CN_FLOCKS_ASLEEP)
        return TRUE;
    const CnLevels least =
        value_apart(search, pack, pack->bond->required ? CN_FLOCKS_TOGETHER : mode);
    const gint64 best = best_provider(search, pack, least);
    if (best < 0 && !pack->bond->required)
        return TRUE;
    hold(search, pack, TRUE);
    if (best >= 0)
        put_all(search, pack, (guint)best);
    return TRUE;
}
