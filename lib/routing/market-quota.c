/* See market-quota.h. */
#include "routing/market-quota.h"

#include "base/error.h"
#include "routing/market-layout.h"

/* ---- How many places a group has, and how many of them too many. */

/* By group: places that its offerings and the groups within it offer. Whoever holds more than its quota
 * offers its quota. Offerings that nobody asks for have no say. (transfer full) */
static gint64 *
places_of_groups(const CnMarket *market)
{
    const CnQuotas *quotas = &market->quotas;
    gint64 *places = g_new0(gint64, quotas->len + 1);
    for (gsize i = 0; i < market->directory->listing->offerings_len; i++) {
        const gint group = cn_quota_of(quotas, (guint)i);
        if (group >= 0 && market->asked[i])
            places[group] += cn_market_places(market, (guint)i);
    }
    for (guint g = 0; g < quotas->len; g++)
        if (quotas->groups[g].parent >= 0)
            places[quotas->groups[g].parent] += MIN(places[g], cn_quota_places(quotas, g));
    return places;
}

/* ---- Services that share a quota are solved together. */

static void
join_group(const CnQuotaGroup *group, const gint *owner, guint *parent)
{
    gint first = -1;
    for (guint i = 0; i < group->offerings->len; i++) {
        const gint own = owner[g_array_index(group->offerings, guint, i)];
        if (own < 0)
            continue;
        first = first < 0 ? own : first;
        cn_market_join_asks(parent, (guint)first, (guint)own);
    }
}

void
cn_market_join_quotas(CnMarket *market, const gint *owner, guint *parent)
{
    const gsize offerings = market->directory->listing->offerings_len;
    if (market->quotas.len == 0)
        return;
    market->asked = g_new0(guint8, offerings + 1);
    for (gsize i = 0; i < offerings; i++)
        market->asked[i] = owner[i] >= 0;
    market->quota_offers = places_of_groups(market);
    for (guint g = 0; g < market->quotas.len; g++)
        if (market->quota_offers[g] > cn_quota_places(&market->quotas, g))
            join_group(&market->quotas.groups[g], owner, parent);
}

gboolean
cn_market_can_bind(const CnMarket *market, guint offering)
{
    for (gint g = cn_quota_of(&market->quotas, offering); g >= 0;
         g = market->quotas.groups[g].parent)
        if (market->quota_offers[g] > cn_quota_places(&market->quotas, (guint)g))
            return TRUE;
    return FALSE;
}

/* ---- Pins, and what can be counted. */

/* The solver counts the units of a class in 32 bits. */
#define BLOCKERS_MOST ((gint64)G_MAXINT32 / 2)

static gboolean
check_blockers(const CnMarket *market, guint group, GError **error)
{
    if (market->quota_offers[group] - cn_quota_places(&market->quotas, group) <= BLOCKERS_MOST)
        return TRUE;
    g_autofree char *name = cn_quota_name(&market->quotas, group, market->policy->reference);
    cn_error_set(error, CARENET_ERROR_TOO_LARGE,
                 "there are too many places under the quota of %s for so many cases", name);
    cn_error_hint(error, "divide the list, or give the quota to smaller areas");
    return FALSE;
}

gboolean
cn_market_check_quotas(const CnMarket *market, GError **error)
{
    const CnQuotas *quotas = &market->quotas;
    g_autofree gint64 *used = g_new0(gint64, quotas->len + 1);
    for (guint need = 0; market->pinned != NULL && need < cn_market_needs_len(market); need++)
        if (market->pinned[need] >= 0)
            cn_quotas_take(quotas, used, (guint)market->pinned[need],
                           cn_market_units_of(market, need));
    for (guint g = 0; g < quotas->len; g++) {
        if (!check_blockers(market, g, error))
            return FALSE;
        if (used[g] <= cn_quota_places(quotas, g))
            continue;
        g_autofree char *name = cn_quota_name(quotas, g, market->policy->reference);
        cn_error_set(error, CARENET_ERROR_CAPACITY,
                     "%" G_GINT64_FORMAT " places are pinned or kept under the quota of %s",
                     used[g], name);
        cn_error_hint(error, "take pins away, let people move, or raise the quota in the policy");
        return FALSE;
    }
    return TRUE;
}

/* ---- Blockers. */

/* One ask a component serves all its blockers, and one all its passes: nothing costs anything but what patches say. Of
 * @words words it is looked at which columns fit. */
static guint
ask_of_nobody(CnMarket *market, guint component, guint words)
{
    const CnComponent *in = cn_market_component(market, component);
    for (guint i = 0; i < market->asks->len; i++)
        if (cn_market_ask(market, i)->service == CN_SERVICE_NONE &&
            cn_market_ask(market, i)->component == (gint)component &&
            cn_market_ask(market, i)->end == words)
            return i;
    const CnAsk ask = {.service = CN_SERVICE_NONE,
                       .component = (gint)component,
                       .end = words,
                       .fixed = g_new0(gint64, (gsize)in->words * CN_WORD),
                       .standing = g_new0(guint64, in->words)};
    g_array_append_val(market->asks, ask);
    return market->asks->len - 1;
}

static gboolean
is_in_group(const CnQuotas *quotas, guint group, guint offering)
{
    for (gint g = cn_quota_of(quotas, offering); g >= 0; g = quotas->groups[g].parent)
        if (g == (gint)group)
            return TRUE;
    return FALSE;
}

/* Binding groups lie in one component each; -1 where nobody asks for any of its offerings. */
static gint
component_of_group(const CnMarket *market, guint group)
{
    for (guint i = 0; i < market->components->len; i++) {
        const CnComponent *component = cn_market_component(market, i);
        for (guint k = 0; k < component->len; k++)
            if (is_in_group(&market->quotas, group, component->offering[k]))
                return (gint)i;
    }
    return -1;
}

/* The position of the words among the bitmaps of the market. */
static guint
keep_bitmap(CnMarket *market, const CnComponent *component, const guint64 *bits)
{
    gsize len;
    const guint own = cn_numbers_of(component->bitmaps, bits, component->words);
    const guint64 *words = cn_numbers_words(component->bitmaps, own, &len);
    g_array_append_val(market->bitmaps, words);
    return market->bitmaps->len - 1;
}

/* Where blockers of the group may stand: backs, where columns have them. */
static guint
columns_of_group(CnMarket *market, const CnComponent *component, guint group)
{
    g_autofree guint64 *bits = g_new0(guint64, component->words);
    for (guint k = 0; k < component->len; k++) {
        const guint at = component->back[k] > 0 ? component->back[k] : k;
        if (is_in_group(&market->quotas, group, component->offering[k]))
            bits[at / CN_WORD] |= (guint64)1 << (at % CN_WORD);
    }
    return keep_bitmap(market, component, bits);
}

gboolean
cn_market_blockers(CnMarket *market, guint group, guint *out_component, CnClass *out)
{
    const gint64 places = cn_quota_places(&market->quotas, group);
    const gint component = component_of_group(market, group);
    if (component < 0 || market->quota_offers[group] <= places)
        return FALSE;
    const CnProfile profile = {
        .ask = ask_of_nobody(market, (guint)component,
                             cn_market_component(market, (guint)component)->words),
        .bits = columns_of_group(market, cn_market_component(market, (guint)component), group),
        .foreign = -1};
    g_array_append_val(market->profiles, profile);
    *out_component = (guint)component;
    *out = (CnClass){.profile = market->profiles->len - 1,
                     .town = CN_AREA_NONE,
                     .urgency = CN_BLOCKER,
                     .units = (guint)(market->quota_offers[group] - places)};
    return TRUE;
}

/* ---- Passes. */

static void
add_pass(CnMarket *market,
         const CnProfile *like,
         const CnPatch patches[2],
         gint64 places,
         GArray *classes)
{
    CnProfile profile = *like;
    profile.patches = market->patches->len;
    profile.patches_len = 2;
    g_array_append_vals(market->patches, patches, 2);
    g_array_append_val(market->profiles, profile);
    const CnClass pass = {.profile = market->profiles->len - 1,
                          .town = CN_AREA_NONE,
                          .urgency = CN_BLOCKER,
                          .units = (guint)places};
    g_array_append_val(classes, pass);
}

void
cn_market_passes(CnMarket *market, guint component, GArray *classes)
{
    CnComponent *in = cn_market_component(market, component);
    if (in->first_back == in->end)
        return;
    g_autofree guint64 *none = g_new0(guint64, in->words);
    const CnProfile like = {.ask = ask_of_nobody(market, component, 1),
                            .bits = keep_bitmap(market, in, none),
                            .foreign = -1};
    for (guint i = 0; i < in->len; i++) {
        if (in->back[i] == 0)
            continue;
        in->places[in->back[i]] = in->places[i];
        for (guint k = in->first_slot[i]; k < in->first_slot[i + 1]; k++) {
            const CnPatch patches[] = {{i, 0}, {in->back[i], in->slots[k].extra - in->extra[i]}};
            if (in->slots[k].places > 0)
                add_pass(market, &like, patches, in->slots[k].places, classes);
        }
    }
}

gboolean
cn_market_is_pass(const CnMarket *market, const CnClass *one)
{
    return one->urgency == CN_BLOCKER && cn_market_profile(market, one->profile)->patches_len > 0;
}

const CnSlot *
cn_market_slot_of_pass(const CnMarket *market,
                       const CnComponent *component,
                       const CnClass *one,
                       guint *out_column)
{
    const CnProfile *profile = cn_market_profile(market, one->profile);
    const CnPatch *patch = &g_array_index(market->patches, CnPatch, profile->patches);
    const guint column = *out_column = patch->column;
    guint slot = component->first_slot[column];
    while (component->slots[slot].places == 0 ||
           component->slots[slot].extra - component->extra[column] != patch[1].add)
        slot++;
    return &component->slots[slot];
}
