/* Reading a market, and its objective. */
#include "routing/market-facets.h"
#include "routing/market-travel.h"

#include "base/error.h"
#include "base/pages.h"

void
cn_market_options_init(CnMarketOptions *options)
{
    *options = (CnMarketOptions){.now_s = G_MININT64, .at_s = G_MININT64};
}

guint
cn_market_needs_len(const CnMarket *market)
{
    return market->needs_len;
}

guint
cn_market_person(const CnMarket *market, guint need)
{
    return market->person != NULL ? market->person[need] : need;
}

guint
cn_market_need_in_case(const CnMarket *market, guint need)
{
    return need - cn_market_first_need(market, cn_market_person(market, need));
}

guint
cn_market_first_need(const CnMarket *market, guint person)
{
    return market->first_need != NULL ? market->first_need[person] : person;
}

guint
cn_market_units_len(const CnMarket *market)
{
    return market->units_len;
}

guint
cn_market_first_unit(const CnMarket *market, guint need)
{
    return market->first_unit != NULL ? market->first_unit[need] : need;
}

guint
cn_market_need_of_unit(const CnMarket *market, guint unit)
{
    guint low = 0, high = market->needs_len - 1;
    if (market->first_unit == NULL)
        return unit;
    while (low < high) {
        guint middle = low + (high - low + 1) / 2;
        if (market->first_unit[middle] <= unit)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

gint
cn_market_pinned(const CnMarket *market, guint need)
{
    return market->pinned != NULL ? market->pinned[need] : -1;
}

guint
cn_market_classes_len(const CnMarket *market)
{
    return market->classes_len;
}

CnQuestion
cn_market_question(const CnMarket *market, guint need, const CnOrigin *origin)
{
    const CnCase *person = g_ptr_array_index(market->cases->cases, cn_market_person(market, need));
    return (CnQuestion){
        .listing = market->directory->listing,
        .policy = market->policy,
        .person = person,
        .need = &g_array_index(person->needs, CnNeed, cn_market_need_in_case(market, need)),
        .origin = person->area != CN_AREA_NONE ? origin : NULL,
        .plug = cn_plugged_from(market->options.plugged, person->area),
        .now_s = market->now_s,
        .today = cn_date_of(market->now_s),
        .at_min = cn_minute_of_week(market->at_s),
        .include_unconfirmed = market->options.include_unconfirmed,
        .include_unknown_capacity = market->options.include_unknown_capacity};
}

gboolean
cn_market_pair(const CnMarket *market, guint need, guint offering, gint64 *out_cost)
{
    guint class_index = market->class_of_need[need];
    if (class_index == CN_NO_CLASS)
        return FALSE;
    const CnClass *one = &market->classes[class_index];
    const CnProfile *profile = cn_market_profile(market, one->profile);
    const CnAsk *ask = cn_market_ask(market, profile->ask);
    const CnComponent *component = cn_market_component(market, (guint)ask->component);
    gint column = cn_market_column(market, component, offering);
    if (column < 0 || !cn_profile_fits(market, profile, (guint)column))
        return FALSE;
    g_autofree gint32 *row = g_new(gint32, (gsize)component->words * CN_WORD);
    cn_component_minutes(market, component, one->town, CN_CPU_AUTO, row);
    gint32 minutes = row[column];
    if (minutes == CN_MIN_NEVER || (one->limit_min > 0 && minutes > one->limit_min))
        return FALSE;
    gint64 cost = ask->fixed[column] - component->extra[column] +
                  cn_profile_add(market, profile, (guint)column);
    if (cn_column_leaves(market, component, (guint)column, one->town))
        cost += market->policy->leave_region;
    cost += cn_plug_cost(cn_plugged_from(market->options.plugged, one->town), offering);
    *out_cost =
        cost + (minutes == CN_MIN_NO_LINK ? market->policy->no_link_cost
                                          : (gint64)minutes * market->policy->travel_cost_per_min);
    return TRUE;
}

gint
cn_levels_compare(const CnLevels *a, const CnLevels *b)
{
    for (guint i = 0; i < G_N_ELEMENTS(a->unmet); i++)
        if (a->unmet[i] != b->unmet[i])
            return a->unmet[i] < b->unmet[i] ? -1 : 1;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

gint64
cn_market_step(const CnMarket *market)
{
    return market->step;
}

gint64
cn_market_penalty(const CnMarket *market, CnUrgency urgency)
{
    return market->step * (CN_ROUTINE + 1 - (gint64)urgency);
}

gint64
cn_market_scalar(const CnMarket *market, const CnLevels *levels)
{
    gint64 sum = levels->cost;
    for (guint i = 0; i < G_N_ELEMENTS(levels->unmet); i++)
        sum += levels->unmet[i] * cn_market_penalty(market, (CnUrgency)i);
    return sum;
}

gint64
cn_market_places(const CnMarket *market, guint offering)
{
    const CnListing *listing = market->directory->listing;
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    gint64 free = cn_capacity_free(&listing->capacity[offering], service->unit);
    if (free < 0)
        free = G_MAXINT64;
    /* Under a quota places are counted, so there are no more than could be taken. */
    if (cn_quota_of(&market->quotas, offering) >= 0) {
        free = MIN(free, cn_quotas_most(&market->quotas, offering));
        free = MIN(free, cn_market_units_len(market));
    }
    return free == G_MAXINT64 ? -1 : free;
}

gint64
cn_market_use(const CnMarket *market, guint offering, gint64 before, gint64 places, gint64 above)
{
    return cn_fair_cost(market->policy, market->directory->listing, offering, before, places,
                        above);
}

const CnQuotas *
cn_market_quotas(const CnMarket *market)
{
    return &market->quotas;
}

static void
clear_component(CnComponent *component)
{
    cn_component_clear_travel(component);
    if (component->bitmaps != NULL)
        cn_numbers_free(component->bitmaps);
    g_free(component->asks);
    g_free(component->offering);
    g_free(component->places);
    g_free(component->extra);
    g_free(component->back);
    g_free(component->first_slot);
    g_free(component->slots);
}

void
cn_market_free(CnMarket *market)
{
    for (guint i = 0; i < market->components->len; i++)
        clear_component(cn_market_component(market, i));
    for (guint i = 0; i < market->asks->len; i++) {
        g_free(cn_market_ask(market, i)->fixed);
        g_free(cn_market_ask(market, i)->standing);
    }
    g_array_unref(market->components);
    g_array_unref(market->asks);
    g_array_unref(market->profiles);
    g_array_unref(market->patches);
    g_array_unref(market->bitmaps);
    for (guint i = 0;
         market->homes != NULL && i < cn_gazetteer_len(market->policy->reference->gazetteer); i++)
        g_free(market->homes[i].legs);
    g_free(market->homes);
    g_free(market->ask_of_service);
    g_free(market->column_of);
    g_free(market->first_need);
    g_free(market->first_unit);
    g_free(market->person);
    CN_PAGES_FREE(market->rows, (gsize)market->needs_len + 1);
    CN_PAGES_FREE(market->facts, ((gsize)market->needs_len + 1) * CN_FACTS_LEN);
    cn_fact_numbers_clear(&market->fact_numbers);
    g_free(market->pinned);
    cn_quotas_clear(&market->quotas);
    g_free(market->asked);
    g_free(market->quota_offers);
    g_free(market->class_of_need);
    g_free(market->class_of_more);
    g_free(market->classes);
    g_free(market->members);
    cn_plugged_unref(market->options.plugged);
    carenet_cases_unref(market->cases);
    carenet_policy_unref(market->policy);
    carenet_directory_unref(market->directory);
    g_free(market);
}
