/* What find asks of each offering, beside the hard rules. Everything is asked of the disclosed view:
 * no filter can be used to locate a restricted provider or to count its occupants. */
#include "directory/find.h"

CnVia
cn_find_via(const CnFind *find, const CnListedProvider *provider)
{
    const CnListing *listing = find->directory->listing;
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    if (find->regions->len == 0 && find->serving == CN_AREA_NONE)
        return CN_VIA_PLACE;
    for (guint i = 0; i < find->regions->len; i++)
        if (cn_area_contains(gazetteer, g_array_index(find->regions, CnAreaId, i), provider->area))
            return CN_VIA_PLACE;
    if (find->serving == CN_AREA_NONE)
        return CN_VIA_NONE;
    if (cn_area_contains(gazetteer, find->serving, provider->area))
        return CN_VIA_PLACE;
    if (cn_listed_serves(listing, provider, find->serving))
        return provider->remote ? CN_VIA_REMOTE : CN_VIA_SERVES;
    return provider->remote && provider->serves.len == 0 ? CN_VIA_REMOTE : CN_VIA_NONE;
}

static gboolean
passes_service(const CnFind *find, const CnCandidate *candidate)
{
    const CnTaxonomy *taxonomy = find->directory->listing->reference->taxonomy;
    if (find->services->len == 0)
        return TRUE;
    for (guint i = 0; i < find->services->len; i++)
        if (cn_service_contains(taxonomy, g_array_index(find->services, CnServiceId, i),
                                candidate->offered->service))
            return TRUE;
    return FALSE;
}

/* A restricted provider's places are yes, full or call: one free place may be asked for, no more. */
static gboolean
passes_free(const CnFind *find, const CnCandidate *candidate)
{
    if (find->query->free <= 0)
        return TRUE;
    gint64 free = cn_capacity_free(candidate->capacity, candidate->service->unit);
    if (candidate->provider->restricted)
        return free > 0 && find->query->free == 1;
    return free >= find->query->free;
}

static gboolean
passes_distance(const CnFind *find, const CnCandidate *candidate)
{
    if (find->query->within_min <= 0 && find->query->within_m <= 0)
        return TRUE;
    if (!candidate->has_travel)
        return FALSE;
    if (find->query->within_m > 0 && candidate->travel.distance_m > find->query->within_m)
        return FALSE;
    return find->query->within_min <= 0 ||
           (candidate->travel.travel_min >= 0 &&
            candidate->travel.travel_min <= find->query->within_min);
}

static gboolean
passes_open(const CnFind *find, const CnCandidate *candidate)
{
    if (!find->query->open_at_set)
        return TRUE;
    return candidate->offered->hours_known &&
           cn_listed_is_open(candidate->listing, candidate->offered->hours,
                             cn_minute_of_week(find->query->open_at_s));
}

static gboolean
passes_verified(const CnFind *find, const CnCandidate *candidate)
{
    const CnListedProvider *provider = candidate->provider;
    if (find->query->confirmed_only && provider->unconfirmed)
        return FALSE;
    if (find->query->verified_within_days <= 0)
        return TRUE;
    return !provider->unconfirmed &&
           cn_days_between(cn_date_last_s(provider->verified_on), find->now_s) <=
               find->query->verified_within_days &&
           !cn_instant_is_ahead(cn_date_first_s(provider->verified_on), find->now_s);
}

static gboolean
passes_language(const CnFind *find, const CnCandidate *candidate)
{
    return cn_term_set_is_empty(cn_term_set_minus(find->languages, candidate->provider->languages));
}

static gboolean
passes_remote(const CnFind *find, const CnCandidate *candidate)
{
    carenet_remote wanted = find->query->remote;
    return wanted == CARENET_REMOTE_ANY ||
           candidate->provider->remote == (wanted == CARENET_REMOTE_YES);
}

static gboolean
is_wanted(carenet_covered wanted, gboolean is_covered)
{
    return wanted == CARENET_COVERED_ANY || (wanted == CARENET_COVERED_YES) == !!is_covered;
}

gboolean
cn_find_passes(const CnFind *find, CnFilter filter, const CnCandidate *candidate)
{
    switch (filter) {
    case CN_FILTER_SERVICE:
        return passes_service(find, candidate);
    case CN_FILTER_REGION:
        return cn_find_via(find, candidate->provider) != CN_VIA_NONE;
    case CN_FILTER_LANGUAGE:
        return passes_language(find, candidate);
    case CN_FILTER_REMOTE:
        return passes_remote(find, candidate);
    case CN_FILTER_DISTANCE:
        return passes_distance(find, candidate);
    case CN_FILTER_FREE:
        return passes_free(find, candidate);
    case CN_FILTER_OPEN:
        return passes_open(find, candidate);
    case CN_FILTER_VERIFIED:
        return passes_verified(find, candidate);
    case CN_FILTER_ORDINANCE:
        return is_wanted(find->query->ordinance,
                         cn_listed_has_ordinance(candidate->provider, find->question.today));
    case CN_FILTER_NETWORK:
        return is_wanted(find->query->network,
                         cn_listed_has_network(candidate->provider, find->question.today));
    default:
        g_assert_not_reached();
    }
}

CnRuleMask
cn_find_rules(const CnFind *find)
{
    return find->query->groups_len > 0 ? CN_FIND_RULES
                                       : CN_FIND_RULES & ~CN_RULE_BIT(CN_RULE_GROUP);
}

gboolean
cn_find_lists(const CnFind *find, const CnCandidate *candidate)
{
    for (guint filter = 0; filter < CN_FILTERS_LEN; filter++)
        if (!cn_find_passes(find, (CnFilter)filter, candidate))
            return FALSE;
    return cn_rules_first_broken(&find->question, candidate, cn_find_rules(find)) == CN_RULE_NONE;
}

const char *
cn_filter_reason(CnFilter filter)
{
    static const char *const reasons[] = {"not-offered", "elsewhere", "language", "remote",
                                          "too-far",     "not-free",  "not-open", "unconfirmed",
                                          "ordinance",   "network"};
    return reasons[filter];
}

static char *
describe_distance(const CnFind *find, const CnCandidate *candidate)
{
    if (!candidate->has_travel)
        return g_strdup("by phone or online: it has no distance");
    if (candidate->travel.travel_min < 0)
        return g_strdup("no bridge or ferry to its island is known");
    if (candidate->provider->restricted) {
        g_autofree char *band =
            cn_travel_band(candidate->travel.travel_min, find->bands_min, find->bands_len);
        return g_strdup_printf("%s away, measured to the area where it is shown", band);
    }
    return g_strdup_printf("%d minutes, %.1f km away", candidate->travel.travel_min,
                           (double)candidate->travel.distance_m / 1000.0);
}

static char *
describe_free(const CnFind *find, const CnCandidate *candidate)
{
    CnUnit unit = candidate->service->unit;
    gint64 free = cn_capacity_free(candidate->capacity, unit);
    if (free < 0)
        return g_strdup("nobody knows whether it has a free place: call it");
    if (candidate->provider->restricted)
        return g_strdup_printf(
            "%s: the number of places of a restricted provider is not shown",
            cn_availability_name(cn_capacity_availability(candidate->capacity, unit)));
    return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                           " free, at least %" G_GINT64_FORMAT " wanted",
                           free, candidate->capacity->total, (gint64)find->query->free);
}

static char *
describe_ordinance(const CnFind *find, const CnListedProvider *provider)
{
    const char *place =
        cn_area_short_name(find->directory->listing->reference->gazetteer, provider->area);
    const char *status = cn_listed_ordinance_name(provider, find->question.today);
    if (status == NULL)
        return g_strdup_printf("no ordinance is on record for %s, as it is shown", place);
    return g_strdup_printf("an ordinance is %s in %s", status, place);
}

static char *
describe_network(const CnFind *find, const CnListedProvider *provider)
{
    if (!cn_listed_has_network(provider, find->question.today))
        return g_strdup("no network of care covers it");
    return g_strdup_printf("the network of %s covers it",
                           cn_listed_text(find->directory->listing, provider->network));
}

char *
cn_filter_detail(const CnFind *find, CnFilter filter, const CnCandidate *candidate)
{
    const CnReference *reference = find->directory->listing->reference;
    char day[11];
    switch (filter) {
    case CN_FILTER_SERVICE:
        return g_strdup_printf("gives %s", candidate->service->id);
    case CN_FILTER_REGION:
        return g_strdup_printf("seated in %s",
                               cn_area_short_name(reference->gazetteer, candidate->provider->area));
    case CN_FILTER_LANGUAGE: {
        g_autofree char *ids = cn_term_set_join(reference->terms[CARENET_TERMS_LANGUAGES],
                                                candidate->provider->languages, ", ");
        return g_strdup_printf("speaks %s", *ids != '\0' ? ids : "what nobody recorded");
    }
    case CN_FILTER_REMOTE:
        return g_strdup(candidate->provider->remote ? "by phone or online" : "in person only");
    case CN_FILTER_DISTANCE:
        return describe_distance(find, candidate);
    case CN_FILTER_FREE:
        return describe_free(find, candidate);
    case CN_FILTER_OPEN:
        return candidate->offered->hours_known
                   ? g_strdup_printf("open %s", cn_listed_text(find->directory->listing,
                                                               candidate->offered->hours_text))
                   : g_strdup("nobody knows its hours");
    case CN_FILTER_VERIFIED:
        return candidate->provider->unconfirmed
                   ? g_strdup("nobody has confirmed the provider yet: call it")
                   : g_strdup_printf("last confirmed on %s",
                                     cn_date_format(candidate->provider->verified_on, day));
    case CN_FILTER_ORDINANCE:
        return describe_ordinance(find, candidate->provider);
    case CN_FILTER_NETWORK:
        return describe_network(find, candidate->provider);
    default:
        g_assert_not_reached();
    }
}
