/* Compiling: from cases, directory and options to a market. Classes and components are numbered by what
 * they are, never by the order in which cases came, so that nothing after this depends on it. */
#include "routing/market-classes.h"
#include "routing/market-facets.h"
#include "routing/market-layout.h"
#include "routing/market-needs.h"
#include "routing/market-quota.h"
#include "routing/market-siblings.h"
#include "routing/market-travel.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* ---- Pins. */

static gboolean
check_pin(const CnMarket *market, const CnPin *pin, gint64 *out_cost, GError **error)
{
    CnOrigin origin;
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN];
    CnQuestion question = cn_market_question(market, pin->need, &origin);
    const CnListing *listing = market->directory->listing;
    cn_candidate_init(&candidate, &question, pin->offering);
    CnRule rule =
        cn_rules_first_broken(&question, &candidate, CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL));
    if (rule != CN_RULE_NONE) {
        cn_error_set(error, CARENET_ERROR_CONFLICT,
                     "a need is pinned to %s, which breaks the rule \"%s\": %s",
                     cn_listed_text(listing, listing->offerings[pin->offering].id),
                     cn_rule_reason(rule), cn_rule_meaning(rule));
        cn_error_hint(error, "take the pin away");
        return FALSE;
    }
    *out_cost = cn_cost_lines(&question, &candidate, TRUE, lines);
    return TRUE;
}

/* How many of the units find a place in the column. */
static gint64
take_of_column(CnMarket *market, CnComponent *component, guint column, gint64 units)
{
    const gint64 taken = MIN(units, component->places[column]);
    gint64 left = taken;
    if (component->places[column] == G_MAXINT64)
        return taken;
    for (guint i = component->first_slot[column]; left > 0; i++) {
        CnSlot *slot = &component->slots[i];
        const gint64 here = MIN(left, slot->places);
        slot->places -= here;
        market->pinned_levels.cost += here * slot->extra;
        left -= here;
    }
    component->places[column] -= taken;
    return taken;
}

/* Takes the places of a pin, the cheapest slots first. */
static gboolean
take_places(CnMarket *market, const CnPin *pin, gint64 units, GError **error)
{
    const CnListing *listing = market->directory->listing;
    for (guint i = 0; i < market->components->len && units > 0; i++) {
        CnComponent *component = cn_market_component(market, i);
        const gint first = cn_market_column(market, component, pin->offering);
        for (guint k = (guint)MAX(first, 0); first >= 0 && k < component->len && units > 0; k++) {
            if (component->offering[k] != pin->offering)
                break;
            units -= take_of_column(market, component, k, units);
        }
    }
    if (units == 0)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_CAPACITY, "more places are pinned to %s than are free",
                 cn_listed_text(listing, listing->offerings[pin->offering].id));
    cn_error_hint(error, "take pins away or add places");
    return FALSE;
}

static gboolean
place_pins(CnMarket *market, const CnMarketOptions *options, GError **error)
{
    guint needs = cn_market_needs_len(market);
    if (options->pins_len == 0)
        return TRUE;
    market->pinned = g_new(gint32, needs + 1);
    for (guint i = 0; i < needs; i++)
        market->pinned[i] = -1;
    for (gsize i = 0; i < options->pins_len; i++) {
        const CnPin *pin = &options->pins[i];
        gint64 cost;
        CN_REQUIRE(pin->need < needs, error, FALSE);
        CN_REQUIRE(pin->offering < market->directory->listing->offerings_len, error, FALSE);
        if (market->pinned[pin->need] >= 0) {
            cn_error_set(error, CARENET_ERROR_CONFLICT, "a need is pinned twice");
            return FALSE;
        }
        gint64 units = market->first_unit[pin->need + 1] - market->first_unit[pin->need];
        if (!check_pin(market, pin, &cost, error) || !take_places(market, pin, units, error))
            return FALSE;
        market->pinned[pin->need] = (gint32)pin->offering;
        market->pinned_levels.cost += cost;
    }
    return TRUE;
}

/* ---- Sizes and bounds. */

static void
bound_component(CnMarket *market, CnComponent *component)
{
    const CnPolicy *policy = market->policy;
    g_autoptr(GArray) towns = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    gint64 fixed = 0, use = 0;
    for (guint i = component->classes_first; i < component->classes_first + component->classes_len;
         i++) {
        component->units += market->classes[i].units;
        if (towns->len == 0 ||
            g_array_index(towns, CnAreaId, towns->len - 1) != market->classes[i].town)
            g_array_append_val(towns, market->classes[i].town);
    }
    cn_component_bound_travel(market, component, (const CnAreaId *)(gpointer)towns->data,
                              towns->len);
    for (guint i = 0; i < market->asks->len; i++) {
        const CnAsk *ask = cn_market_ask(market, i);
        if (ask->component >= 0 && cn_market_component(market, (guint)ask->component) == component)
            for (guint k = 0; k < component->len; k++)
                fixed = MAX(fixed, ask->fixed[k]);
    }
    for (guint k = 0; k < component->len; k++)
        use = MAX(use,
                  component->slots[component->first_slot[k + 1] - 1].extra - component->extra[k]);
    gint64 way = MAX((gint64)policy->no_link_cost,
                     (gint64)component->minutes_most * policy->travel_cost_per_min);
    component->cost_most = fixed + use + way + policy->leave_region + policy->language_none_shared +
                           policy->not_preferred + cn_plugged_cost_most(market->options.plugged);
}

#define STEP_MOST ((gint64)1 << 56)

static gboolean
bound_components(CnMarket *market, GError **error)
{
    gint64 slots = 0, most = 0;
    guint at = 0;
    for (guint i = 0; i < market->components->len; i++) {
        CnComponent *component = cn_market_component(market, i);
        component->classes_first = at;
        while (at < market->classes_len &&
               cn_market_component_of(market, &market->classes[at]) == i)
            at++;
        component->classes_len = at - component->classes_first;
        bound_component(market, component);
        slots += component->len;
        most = MAX(most, component->cost_most);
    }
    /* Three steps and what they are compared with must fit; nothing of use comes near. */
    if (__builtin_mul_overflow(2 * (slots + 1), most + 1, &market->step) ||
        market->step > STEP_MOST) {
        cn_error_set(error, CARENET_ERROR_TOO_LARGE,
                     "the weights of the policy are too large for so many offerings");
        cn_error_hint(error, "divide all weights of the policy by the same number");
        return FALSE;
    }
    market->step++;
    return TRUE;
}

/* ---- All of it. */

static CnMarket *
new_market(const CnDirectory *directory,
           const CnPolicy *policy,
           const carenet_cases *cases,
           const CnMarketOptions *options)
{
    CnMarket *market = g_new0(CnMarket, 1);
    /* Records are immutable for everybody; only their counts move. */
    market->directory = carenet_directory_ref((CnDirectory *)directory);
    market->policy = carenet_policy_ref((CnPolicy *)policy);
    market->cases = carenet_cases_ref((carenet_cases *)cases);
    market->options = *options;
    market->options.pins = NULL;
    market->options.plugged = cn_plugged_ref(options->plugged);
    market->now_s =
        options->now_s != G_MININT64 ? options->now_s : g_get_real_time() / G_USEC_PER_SEC;
    market->at_s = options->at_s != G_MININT64 ? options->at_s : market->now_s;
    market->asks = g_array_new(FALSE, FALSE, sizeof(CnAsk));
    market->components = g_array_new(FALSE, FALSE, sizeof(CnComponent));
    market->profiles = g_array_new(FALSE, FALSE, sizeof(CnProfile));
    market->patches = g_array_new(FALSE, FALSE, sizeof(CnPatch));
    market->bitmaps = cn_numbers_new();
    return market;
}

static gboolean
compile_needs(CnMarket *market, GError **error)
{
    guint needs = cn_market_needs_len(market);
    g_autofree guint *profile_of_need = g_new(guint, needs + 1);
    CnFacets *facets = cn_facets_new(market);
    for (guint need = 0; need < needs; need++) {
        const gint ask = market->ask_of_service[market->rows[need].service];
        const gboolean offered = cn_market_ask(market, (guint)ask)->component >= 0;
        const gboolean pinned = cn_market_pinned(market, need) >= 0;
        profile_of_need[need] = offered && !pinned ? CN_TO_BE_MADE : CN_NO_CLASS;
    }
    cn_facets_profiles(facets, profile_of_need);
    cn_market_join_siblings(market, facets, profile_of_need);
    cn_facets_free(facets);
    cn_market_make_classes(market, profile_of_need);
    g_clear_pointer(&market->rows, g_free);
    return bound_components(market, error);
}

CnMarket *
cn_market_new(const CnDirectory *directory,
              const CnPolicy *policy,
              const carenet_cases *cases,
              const CnMarketOptions *options,
              GError **error)
{
    CnMarketOptions defaults;
    cn_market_options_init(&defaults);
    options = options != NULL ? options : &defaults;
    g_autoptr(CnMarket) market = new_market(directory, policy, cases, options);
    if (!cn_market_list_needs(market, error) ||
        !cn_quotas_init(&market->quotas, directory, policy, error))
        return NULL;
    cn_market_lay_ports(market);
    cn_market_lay_out(market);
    if (!place_pins(market, options, error) || !cn_market_check_quotas(market, error) ||
        !compile_needs(market, error))
        return NULL;
    return g_steal_pointer(&market);
}
