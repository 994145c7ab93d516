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
#include "base/pages.h"
#include "base/pieces.h"
#include "routing/market-sort.h"

/* ---- Pins. */

/* Many are pinned, from few towns: the ways out of each are looked for once. (element-type CnAreaId CnOrigin) */
static const CnOrigin *
origin_of(const CnMarket *market, GHashTable *origins, CnAreaId town)
{
    CnOrigin *origin = g_hash_table_lookup(origins, GINT_TO_POINTER(town));
    if (origin == NULL) {
        origin = g_new(CnOrigin, 1);
        cn_origin_init(origin, market->policy->reference->gazetteer, &market->policy->speeds, town);
        g_hash_table_insert(origins, GINT_TO_POINTER(town), origin);
    }
    return origin;
}

/* @number: from 1, as people count them. */
static gboolean
check_pin(const CnMarket *market,
          GHashTable *origins,
          const CnPin *pin,
          gsize number,
          gint64 *out_cost,
          GError **error)
{
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN];
    const CnCase *person =
        g_ptr_array_index(market->cases->cases, cn_market_person(market, pin->need));
    const CnQuestion question =
        cn_market_question(market, pin->need, origin_of(market, origins, person->area));
    const CnListing *listing = market->directory->listing;
    cn_candidate_init(&candidate, &question, pin->offering);
    CnRule rule =
        cn_rules_first_broken(&question, &candidate, CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL));
    if (rule != CN_RULE_NONE) {
        cn_error_set(error, CARENET_ERROR_CONFLICT,
                     "pin %" G_GSIZE_FORMAT ": a need is pinned to %s, which breaks the rule "
                     "\"%s\": %s",
                     number, cn_listed_text(listing, listing->offerings[pin->offering].id),
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
        const gint column = cn_market_column(market, component, pin->offering);
        if (column >= 0)
            units -= take_of_column(market, component, (guint)column, units);
    }
    if (units == 0)
        return TRUE;
    const gboolean quota = cn_quota_of(cn_market_quotas(market), pin->offering) >= 0;
    cn_error_set(error, CARENET_ERROR_CAPACITY, "more places are pinned to %s than are free%s",
                 cn_listed_text(listing, listing->offerings[pin->offering].id),
                 quota ? ", or than its quota leaves" : "");
    cn_error_hint(error, quota ? "take pins away, add places, or raise the quota in the policy"
                               : "take pins away or add places");
    return FALSE;
}

static gboolean
place_pins(CnMarket *market, const CnMarketOptions *options, GError **error)
{
    guint needs = cn_market_needs_len(market);
    if (options->pins_len == 0)
        return TRUE;
    g_autoptr(GHashTable) origins = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    market->pinned = g_new(gint32, needs + 1);
    for (guint i = 0; i < needs; i++)
        market->pinned[i] = -1;
    for (gsize i = 0; i < options->pins_len; i++) {
        const CnPin *pin = &options->pins[i];
        gint64 cost;
        CN_REQUIRE_FOR("carenet_batch", pin->need < needs, "a pin names no need of the list", error,
                       FALSE);
        CN_REQUIRE_FOR("carenet_batch", pin->offering < market->directory->listing->offerings_len,
                       "a pin names no offering of the directory", error, FALSE);
        if (market->pinned[pin->need] >= 0) {
            cn_error_set(error, CARENET_ERROR_CONFLICT,
                         "pin %" G_GSIZE_FORMAT ": the need is pinned twice", i + 1);
            cn_error_hint(error, "keep one of the pins");
            return FALSE;
        }
        gint64 units = cn_market_units_of(market, pin->need);
        if (!check_pin(market, origins, pin, i + 1, &cost, error) ||
            !take_places(market, pin, units, error))
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
    for (guint i = 0; i < component->asks_len; i++) {
        const CnAsk *ask = cn_market_ask(market, component->asks[i]);
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
find_step(CnMarket *market, GError **error)
{
    gint64 slots = 0, most = 0;
    for (guint i = 0; i < market->components->len; i++) {
        const CnComponent *component = cn_market_component(market, i);
        slots += component->end;
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

/* ---- Needs: each component by itself, the one with the most needs first. What one adds to the market stands
 * behind what those before it add, so a few numbers are all that they have to know of each other. */

typedef struct {
    CnMarket *market;
    CnNeedLists lists;
    guint *profile_of_need; /* of the component, then of the market */
    guint *order;           /* components */
    /* By component. */
    CnFacets **facets;
    CnFacetsLen *first;
    CnLots *lots;
    guint *first_class, *first_member;
} Compile;

static guint
needs_of(const Compile *compile, guint component, const guint **out_needs)
{
    const guint first = compile->lists.first[component];
    *out_needs = compile->lists.needs + first;
    return compile->lists.first[component + 1] - first;
}

static void
make_profiles(guint piece, gpointer data)
{
    const Compile *compile = data;
    const guint i = compile->order[piece], *needs, len = needs_of(compile, i, &needs);
    compile->facets[i] = cn_facets_new(compile->market, i);
    cn_facets_profiles(compile->facets[i], needs, len, compile->profile_of_need);
}

/* Needs get the numbers that their profiles have in the market. */
static void
sort_lots(guint piece, gpointer data)
{
    const Compile *compile = data;
    const guint i = compile->order[piece], *needs, len = needs_of(compile, i, &needs);
    g_autofree guint *number =
        cn_facets_give(compile->facets[i], &compile->first[i], &compile->first[i + 1]);
    for (guint k = 0; k < len; k++)
        compile->profile_of_need[needs[k]] = number[compile->profile_of_need[needs[k]]];
    g_clear_pointer(&compile->facets[i], cn_facets_free);
    cn_lots_sort(&compile->lots[i], needs, len, compile->profile_of_need);
}

static void
cut_lots(guint piece, gpointer data)
{
    const Compile *compile = data;
    const guint i = compile->order[piece];
    cn_lots_cut(&compile->lots[i], compile->first_class[i], compile->first_member[i]);
    cn_lots_clear(&compile->lots[i]);
    bound_component(compile->market, cn_market_component(compile->market, i));
}

static void
begin(Compile *compile, CnMarket *market)
{
    const guint needs = cn_market_needs_len(market), len = market->components->len;
    g_autofree guint64 *keys = g_new(guint64, (gsize)len + 1);
    compile->market = market;
    cn_need_lists_init(&compile->lists, market);
    compile->profile_of_need = CN_PAGES_NEW(guint, (gsize)needs + 1);
    for (guint need = 0; need < needs; need++)
        compile->profile_of_need[need] = CN_NO_CLASS;
    compile->facets = g_new0(CnFacets *, (gsize)len + 1);
    compile->first = g_new0(CnFacetsLen, (gsize)len + 1);
    compile->lots = g_new0(CnLots, (gsize)len + 1);
    compile->order = g_new(guint, (gsize)len + 1);
    compile->first_class = g_new(guint, (gsize)len + 1);
    compile->first_member = g_new(guint, (gsize)len + 1);
    for (guint i = 0; i < len; i++) {
        compile->order[i] = i;
        keys[i] = G_MAXUINT - (compile->lists.first[i + 1] - compile->lists.first[i]);
    }
    cn_sort_by_keys(compile->order, len, keys);
}

static void
end(Compile *compile)
{
    cn_need_lists_clear(&compile->lists);
    CN_PAGES_FREE(compile->profile_of_need, (gsize)compile->market->needs_len + 1);
    g_free(compile->facets);
    g_free(compile->first);
    g_free(compile->lots);
    g_free(compile->order);
    g_free(compile->first_class);
    g_free(compile->first_member);
}

/* Room in the market for what the components have found, and what quotas add to it. */
static void
make_room(Compile *compile)
{
    CnMarket *market = compile->market;
    CnFacetsLen sum = {0};
    CnClass blocker;
    guint component;
    for (guint i = 0; i < market->components->len; i++) {
        const CnFacetsLen len = cn_facets_len(compile->facets[i]);
        compile->first[i] = sum;
        sum.profiles += len.profiles;
        sum.patches += len.patches;
        sum.bitmaps += len.bitmaps;
        cn_lots_init(&compile->lots[i], market, i);
    }
    compile->first[market->components->len] = sum;
    g_array_set_size(market->profiles, sum.profiles);
    g_array_set_size(market->patches, sum.patches);
    g_array_set_size(market->bitmaps, sum.bitmaps);
    for (guint group = 0; group < market->quotas.len; group++)
        if (cn_market_blockers(market, group, &component, &blocker))
            g_array_append_val(compile->lots[component].blockers, blocker);
    for (guint i = 0; i < market->components->len; i++)
        cn_market_passes(market, i, compile->lots[i].blockers);
}

static guint *
no_classes(guint needs)
{
    guint *classes = g_new(guint, (gsize)needs + 1);
    for (guint need = 0; need < needs; need++)
        classes[need] = CN_NO_CLASS;
    return classes;
}

/* Room for the classes that the lots make. */
static void
count_classes(Compile *compile)
{
    CnMarket *market = compile->market;
    const guint needs = cn_market_needs_len(market), units = cn_market_units_len(market);
    guint members = 0;
    for (guint i = 0; i < market->components->len; i++) {
        compile->first_class[i] = market->classes_len;
        compile->first_member[i] = members;
        market->classes_len += compile->lots[i].classes;
        members += compile->lots[i].units;
    }
    market->classes = g_new(CnClass, (gsize)market->classes_len + 1);
    market->members = g_new(guint, (gsize)members + 1);
    market->class_of_need = no_classes(needs);
    market->class_of_more = units > needs ? no_classes(needs) : NULL;
}

static void
compile_needs(CnMarket *market)
{
    const guint len = market->components->len, threads = market->options.threads;
    Compile compile = {0};
    begin(&compile, market);
    cn_pieces_do(len, threads, make_profiles, &compile);
    cn_market_join_siblings(market, compile.facets, compile.profile_of_need);
    make_room(&compile);
    cn_pieces_do(len, threads, sort_lots, &compile);
    count_classes(&compile);
    cn_pieces_do(len, threads, cut_lots, &compile);
    end(&compile);
    CN_PAGES_FREE(market->rows, (gsize)market->needs_len + 1);
    CN_PAGES_FREE(market->facts, ((gsize)market->needs_len + 1) * CN_FACTS_LEN);
    cn_fact_numbers_clear(&market->fact_numbers);
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
    market->bitmaps = g_array_new(FALSE, FALSE, sizeof(const guint64 *));
    return market;
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
    cn_market_lay_out(market);
    if (!place_pins(market, options, error) || !cn_market_check_quotas(market, error))
        return NULL;
    compile_needs(market);
    return find_step(market, error) ? g_steal_pointer(&market) : NULL;
}
