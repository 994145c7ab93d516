/* Siblings who must stay together for a service may only go where every one of them may, with room
 * for that many siblings and with places for all; a need of several units only where there are as many
 * places. Who the siblings are is what companions.c says: all of one group who ask for exactly this
 * counted service and do not want to be apart, as soon as one of them requires it. */
#include "routing/market-siblings.h"

#include "routing/market-needs.h"
#include "routing/market-travel.h"

#include <string.h>

typedef struct {
    const char *group;
    CnServiceId service;
    guint need;
    CnSiblings wish;
} Sibling;

static gint
compare_siblings(gconstpointer a, gconstpointer b)
{
    const Sibling *x = a, *y = b;
    gint order = strcmp(x->group, y->group);
    if (order == 0)
        order = (x->service > y->service) - (x->service < y->service);
    return order != 0 ? order : (x->need > y->need) - (x->need < y->need);
}

static GArray *
list_siblings(const CnMarket *market)
{
    const CnTaxonomy *taxonomy = market->directory->listing->reference->taxonomy;
    GArray *siblings = g_array_new(FALSE, FALSE, sizeof(Sibling));
    for (guint need = 0; market->families && need < cn_market_needs_len(market); need++) {
        const CnCase *person =
            g_ptr_array_index(market->cases->cases, cn_market_person(market, need));
        if (person->siblings_group == NULL || person->siblings == CN_SIBLINGS_APART)
            continue;
        Sibling one = {
            .group = person->siblings_group,
            .service =
                g_array_index(person->needs, CnNeed, cn_market_need_in_case(market, need)).service,
            .need = need,
            .wish = person->siblings};
        if (cn_service(taxonomy, one.service)->unit != CN_UNIT_NONE)
            g_array_append_val(siblings, one);
    }
    g_array_sort(siblings, compare_siblings);
    return siblings;
}

static void
meet_town(const CnMarket *market,
          const CnComponent *component,
          const CnCase *person,
          gint32 *minutes,
          guint64 *bits)
{
    cn_component_minutes(market, component, person->area, CN_CPU_AUTO, minutes);
    for (guint i = 0; i < component->len; i++)
        if (minutes[i] == CN_MIN_NEVER ||
            (person->max_travel_min > 0 && minutes[i] > person->max_travel_min))
            bits[i / CN_WORD] &= ~(G_GUINT64_CONSTANT(1) << (i % CN_WORD));
}

/* Only columns of offerings that have as many places at all. */
static void
meet_places(const CnMarket *market, const CnComponent *component, gint64 units, guint64 *bits)
{
    for (guint i = 0; i < component->len; i++) {
        const gint64 places = cn_market_places(market, component->offering[i]);
        if (places >= 0 && places < units)
            bits[i / CN_WORD] &= ~(G_GUINT64_CONSTANT(1) << (i % CN_WORD));
    }
}

static gint64
units_of(const CnMarket *market, guint need)
{
    return (gint64)cn_market_units_of(market, need);
}

static void
join(CnMarket *market,
     CnFacets **all_facets,
     guint *profile_of_need,
     const Sibling *siblings,
     guint len)
{
    gint at = cn_market_ask(market, (guint)market->ask_of_service[siblings->service])->component;
    if (at < 0)
        return;
    CnFacets *facets = all_facets[at];
    const CnComponent *component = cn_market_component(market, (guint)at);
    g_autofree guint64 *bits = g_new(guint64, component->words);
    g_autofree gint32 *minutes = g_new(gint32, (gsize)component->words * CN_WORD);
    gint64 units = 0;
    memset(bits, 0xFF, component->words * sizeof *bits);
    for (guint i = 0; i < len; i++) {
        guint need = siblings[i].need;
        if (profile_of_need[need] == CN_NO_CLASS)
            continue;
        cn_facets_meet(facets, profile_of_need[need], bits);
        meet_town(market, component,
                  g_ptr_array_index(market->cases->cases, cn_market_person(market, need)), minutes,
                  bits);
        units += units_of(market, need);
    }
    meet_places(market, component, units, bits);
    for (guint i = 0; i < len; i++)
        if (profile_of_need[siblings[i].need] != CN_NO_CLASS)
            profile_of_need[siblings[i].need] =
                cn_facets_narrow(facets, profile_of_need[siblings[i].need], bits, len);
}

/* The needs of several units, siblings' as well: theirs is less than what all of them want. */
static void
narrow_to_places(CnMarket *market, CnFacets **facets, guint *profile_of_need)
{
    if (cn_market_units_len(market) == cn_market_needs_len(market))
        return;
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        if (profile_of_need[need] == CN_NO_CLASS || units_of(market, need) == 1)
            continue;
        const gint at = cn_market_component_of_need(market, need);
        const CnComponent *component = cn_market_component(market, (guint)at);
        g_autofree guint64 *bits = g_new(guint64, component->words);
        memset(bits, 0xFF, component->words * sizeof *bits);
        meet_places(market, component, units_of(market, need), bits);
        profile_of_need[need] = cn_facets_narrow(facets[at], profile_of_need[need], bits, 1);
    }
}

void
cn_market_join_siblings(CnMarket *market, CnFacets **facets, guint *profile_of_need)
{
    g_autoptr(GArray) siblings = list_siblings(market);
    for (guint i = 0, end; i < siblings->len; i = end) {
        const Sibling *first = &g_array_index(siblings, Sibling, i);
        gboolean required = FALSE;
        for (end = i; end < siblings->len; end++) {
            const Sibling *one = &g_array_index(siblings, Sibling, end);
            if (strcmp(one->group, first->group) != 0 || one->service != first->service)
                break;
            required |= one->wish == CN_SIBLINGS_REQUIRE;
        }
        if (required && end - i > 1)
            join(market, facets, profile_of_need, first, end - i);
    }
    narrow_to_places(market, facets, profile_of_need);
}
