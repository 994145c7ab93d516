/* What a listing answers about its records: free places, hours, courses, accreditation, lookup. */
#include "model/listing.h"

#include <string.h>

gint64
cn_capacity_free(const CnLiveCapacity *capacity, CnUnit unit)
{
    if (unit == CN_UNIT_NONE)
        return G_MAXINT64;
    if (!capacity->known)
        return -1;
    /* A report may state more occupied than total (beds lost): nothing is free then. */
    return MAX(0, capacity->total - capacity->occupied - capacity->held);
}

CnAvailability
cn_capacity_availability(const CnLiveCapacity *capacity, CnUnit unit)
{
    gint64 free = cn_capacity_free(capacity, unit);
    return free > 0 ? CN_AVAILABLE_YES : free == 0 ? CN_AVAILABLE_FULL : CN_AVAILABLE_CALL;
}

gint64
cn_listed_free(const CnListedProvider *provider, const CnLiveCapacity *capacity, CnUnit unit)
{
    const gint64 free = cn_capacity_free(capacity, unit);
    return provider->status == CN_ACTIVE ? free : MIN(free, 0);
}

CnAvailability
cn_listed_availability(const CnListedProvider *provider,
                       const CnLiveCapacity *capacity,
                       CnUnit unit)
{
    return provider->status == CN_ACTIVE ? cn_capacity_availability(capacity, unit)
                                         : CN_AVAILABLE_FULL;
}

const char *
cn_availability_name(CnAvailability availability)
{
    static const char *const names[] = {"yes", "full", "call"};
    return names[availability];
}

gboolean
cn_listed_is_open(const CnListing *listing, CnSpan hours, guint minute_of_week)
{
    CnSpan within = cn_span_within(hours, listing->intervals_len);
    CnHours open = {.intervals = listing->intervals + within.first, .len = within.len};
    return cn_hours_is_open(&open, minute_of_week);
}

gboolean
cn_listed_has_course(const CnListing *listing,
                     const CnListedProvider *provider,
                     gint course,
                     CnDate day)
{
    CnSpan within = cn_span_within(provider->capabilities, listing->capabilities_len);
    for (guint32 i = within.first; i < within.first + within.len; i++) {
        const CnCapability *capability = &listing->capabilities[i];
        if (capability->course == course && capability->staff != 0 &&
            cn_date_is_within(day, capability->on, capability->expires))
            return TRUE;
    }
    return FALSE;
}

/* A partial date has begun where its first day has. */
static gboolean
has_begun(CnDate since, CnDate day)
{
    return cn_date_is_set(since) && cn_date_first_s(since) <= cn_date_first_s(day);
}

gboolean
cn_listed_has_ordinance(const CnListedProvider *provider, CnDate day)
{
    return has_begun(provider->ordinance_implemented_on, day);
}

gboolean
cn_listed_has_network(const CnListedProvider *provider, CnDate day)
{
    return provider->network != 0 && has_begun(provider->network_formed_on, day);
}

const char *
cn_listed_ordinance_name(const CnListedProvider *provider, CnDate day)
{
    if (cn_listed_has_ordinance(provider, day))
        return "implemented";
    return has_begun(provider->ordinance_passed_on, day) ? "passed" : NULL;
}

gboolean
cn_listed_is_accredited(const CnListedProvider *provider, CnDate day)
{
    return cn_date_is_set(provider->accreditation_expires) &&
           cn_date_is_within(day, CN_DATE_NONE, provider->accreditation_expires);
}

gboolean
cn_listed_serves(const CnListing *listing, const CnListedProvider *provider, CnAreaId area)
{
    CnSpan within = cn_span_within(provider->serves, listing->serves_len);
    for (guint32 i = within.first; i < within.first + within.len; i++)
        if (cn_area_contains(listing->reference->gazetteer, listing->serves[i], area))
            return TRUE;
    return FALSE;
}

gint
cn_listing_provider(const CnListing *listing, const char *id)
{
    gsize low = 0, high = listing->providers_len;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        int order = g_strcmp0(cn_listed_text(listing, listing->providers[middle].id), id);
        if (order == 0)
            return (gint)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

gint
cn_listing_offering(const CnListing *listing, const char *id)
{
    const char *slash = strchr(id, '/');
    if (slash == NULL)
        return -1;
    g_autofree char *provider_id = g_strndup(id, (gsize)(slash - id));
    gint provider = cn_listing_provider(listing, provider_id);
    if (provider < 0)
        return -1;
    CnSpan within = cn_span_within(listing->providers[provider].offerings, listing->offerings_len);
    for (guint32 i = within.first; i < within.first + within.len; i++)
        if (g_strcmp0(cn_listed_text(listing, listing->offerings[i].id), id) == 0)
            return (gint)i;
    return -1;
}
