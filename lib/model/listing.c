/* The disclosure rule, and the listing that it makes. This is the only file that reads both a
 * provider's site and what is shown of it. */
#include "model/listing.h"

#include <string.h>

static const char *
keep(CnListing *listing, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(listing->strings, text) : NULL;
}

/* Places of a restricted provider are those of its show_area; a public one may have its own point. */
static void
disclose_place(CnListedProvider *listed, const CnProvider *provider, const CnGazetteer *gazetteer)
{
    listed->area = listed->restricted ? provider->show_area : provider->site.area;
    const CnArea *area = cn_area(gazetteer, listed->area);
    listed->island = area->island;
    listed->lat_deg = area->lat_deg;
    listed->lon_deg = area->lon_deg;
    if (!listed->restricted && provider->site.has_point) {
        listed->lat_deg = provider->site.lat_deg;
        listed->lon_deg = provider->site.lon_deg;
    }
}

static void
disclose_contact(CnListing *listing,
                 CnListedProvider *listed,
                 const CnProvider *provider,
                 const CnNetwork *network)
{
    if (!listed->restricted) {
        listed->contact = keep(listing, provider->contact_role);
        listed->phone = keep(listing, provider->site.phone);
        listed->email = keep(listing, provider->site.email);
        listed->address = keep(listing, provider->site.address);
        return;
    }
    const CnProvider *gateway = cn_network_provider(network, provider->contact_gateway);
    if (gateway == NULL || gateway->disclosure != CN_DISCLOSE_PUBLIC) {
        listed->contact = keep(listing, provider->contact_role);
        return;
    }
    g_autofree char *through =
        g_strdup_printf("%s (%s)", gateway->name,
                        gateway->contact_role != NULL ? gateway->contact_role : "front desk");
    listed->contact = keep(listing, through);
    listed->phone = keep(listing, gateway->site.phone);
    listed->email = keep(listing, gateway->site.email);
}

static void
disclose_standing(CnListing *listing, CnListedProvider *listed, const CnProvider *provider)
{
    listed->listing_consent = provider->listing_consent;
    listed->verified_on = provider->verified_on;
    listed->verified_by = provider->verified_by;
    listed->source_url = keep(listing, provider->source_url);
    listed->source_title = keep(listing, provider->source_title);
    listed->source_on = provider->source_on;
    listed->accreditation_body = keep(listing, provider->accreditation_body);
    listed->accreditation_level = provider->accreditation_level;
    listed->accreditation_expires = provider->accreditation_expires;
    listed->capabilities_len = provider->capabilities->len;
    listed->capabilities =
        g_memdup2(provider->capabilities->data, sizeof(CnCapability) * provider->capabilities->len);
}

static void
disclose_provider(CnListing *listing,
                  CnListedProvider *listed,
                  const CnProvider *provider,
                  const CnNetwork *network)
{
    const CnOrganization *organization = cn_network_organization(network, provider->organization);
    /* `network` disclosure needs a key to tell who asks; until then it is treated as restricted. */
    listed->restricted = provider->disclosure != CN_DISCLOSE_PUBLIC;
    listed->id = keep(listing, provider->id);
    listed->region = keep(listing, provider->region);
    listed->name = keep(listing, listed->restricted ? provider->display_name : provider->name);
    listed->organization = keep(listing, provider->organization);
    listed->organization_name =
        keep(listing, organization != NULL ? organization->name : provider->organization);
    listed->disclosure = provider->disclosure;
    listed->example = provider->example;
    listed->unconfirmed = !cn_date_is_set(provider->verified_on);
    listed->remote = provider->remote;
    listed->status = provider->status;
    listed->languages = provider->languages;
    listed->access = provider->access;
    listed->serves_len = provider->serves->len;
    listed->serves = g_memdup2(provider->serves->data, sizeof(CnAreaId) * provider->serves->len);
    disclose_place(listed, provider, listing->reference->gazetteer);
    disclose_contact(listing, listed, provider, network);
    disclose_standing(listing, listed, provider);
}

static gboolean
parse_hours(const char *text, CnHours *out_hours)
{
    guint offset = 0;
    const char *reason = NULL;
    return text != NULL && cn_hours_parse(text, out_hours, &offset, &reason);
}

static void
disclose_offering(CnListing *listing, guint provider, guint at, const CnOffering *offering)
{
    CnListedOffering *listed = &listing->offerings[at];
    listed->id = keep(listing, offering->id);
    listed->provider = provider;
    listed->service = offering->service;
    listed->variant = keep(listing, offering->variant);
    listed->all_below = offering->all_below;
    listed->eligibility = offering->eligibility;
    listed->hours_text = keep(listing, offering->hours);
    listed->hours_known = parse_hours(offering->hours, &listed->hours);
    listed->intake_text = keep(listing, offering->intake_hours);
    listed->intake_known = parse_hours(offering->intake_hours, &listed->intake);
    listed->intake_on_call = offering->intake_on_call;
    listing->capacity[at] = (CnLiveCapacity){.known = offering->capacity.known,
                                             .total = offering->capacity.total,
                                             .occupied = offering->capacity.occupied,
                                             .held = offering->capacity.held,
                                             .as_of = offering->capacity.as_of,
                                             .wait_days = offering->capacity.wait_days};
}

static void
list_offerings(CnListing *listing, const CnNetwork *network)
{
    guint at = 0;
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        CnListedProvider *listed = &listing->providers[i];
        listed->offerings_first = at;
        listed->offerings_len = provider->offerings->len;
        for (guint k = 0; k < provider->offerings->len; k++)
            disclose_offering(listing, i, at++, &g_array_index(provider->offerings, CnOffering, k));
    }
}

static void
list_regions(CnListing *listing, const CnNetwork *network)
{
    listing->regions_len = network->regions->len;
    listing->regions = g_new0(CnRegion, network->regions->len);
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *region = &g_array_index(network->regions, CnRegion, i);
        listing->regions[i] = (CnRegion){.id = keep(listing, region->id),
                                         .name = keep(listing, region->name),
                                         .area = region->area,
                                         .languages = region->languages};
    }
}

CnListing *
cn_listing_new(const CnNetwork *network, CnReference *reference)
{
    CnListing *listing = g_new0(CnListing, 1);
    listing->strings = g_string_chunk_new(4096);
    listing->reference = carenet_reference_ref(reference);
    listing->network_id = keep(listing, network->id);
    listing->network_name = keep(listing, network->name);
    listing->demonstration_now = network->demonstration_now;
    listing->providers_len = network->providers->len;
    listing->providers = g_new0(CnListedProvider, network->providers->len);
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        listing->offerings_len += provider->offerings->len;
        listing->demonstration |= provider->example;
        disclose_provider(listing, &listing->providers[i], provider, network);
    }
    listing->offerings = g_new0(CnListedOffering, listing->offerings_len);
    listing->capacity = g_new0(CnLiveCapacity, listing->offerings_len);
    list_offerings(listing, network);
    list_regions(listing, network);
    return listing;
}

static void
copy_hours(CnHours *hours)
{
    hours->intervals = g_memdup2(hours->intervals, sizeof(CnOpenInterval) * hours->len);
}

CnListing *
cn_listing_copy(const CnListing *listing)
{
    CnListing *copy = g_memdup2(listing, sizeof *listing);
    copy->strings = NULL;
    copy->reference = carenet_reference_ref(listing->reference);
    copy->providers =
        g_memdup2(listing->providers, sizeof(CnListedProvider) * listing->providers_len);
    copy->offerings =
        g_memdup2(listing->offerings, sizeof(CnListedOffering) * listing->offerings_len);
    copy->capacity = g_memdup2(listing->capacity, sizeof(CnLiveCapacity) * listing->offerings_len);
    copy->regions = g_memdup2(listing->regions, sizeof(CnRegion) * listing->regions_len);
    for (guint i = 0; i < copy->providers_len; i++) {
        CnListedProvider *provider = &copy->providers[i];
        provider->serves = g_memdup2(provider->serves, sizeof(CnAreaId) * provider->serves_len);
        provider->capabilities =
            g_memdup2(provider->capabilities, sizeof(CnCapability) * provider->capabilities_len);
    }
    for (guint i = 0; i < copy->offerings_len; i++) {
        copy_hours(&copy->offerings[i].hours);
        copy_hours(&copy->offerings[i].intake);
    }
    return copy;
}

void
cn_listing_free(CnListing *listing)
{
    if (listing == NULL)
        return;
    for (guint i = 0; i < listing->providers_len; i++) {
        g_free((gpointer)listing->providers[i].serves);
        g_free((gpointer)listing->providers[i].capabilities);
    }
    for (guint i = 0; i < listing->offerings_len; i++) {
        cn_hours_clear(&listing->offerings[i].hours);
        cn_hours_clear(&listing->offerings[i].intake);
    }
    g_free(listing->providers);
    g_free(listing->offerings);
    g_free(listing->capacity);
    g_free(listing->regions);
    carenet_reference_unref(listing->reference);
    g_clear_pointer(&listing->strings, g_string_chunk_free);
    g_free(listing);
}

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

const char *
cn_availability_name(CnAvailability availability)
{
    static const char *const names[] = {"yes", "full", "call"};
    return names[availability];
}

gboolean
cn_listed_has_course(const CnListedProvider *provider, gint course, CnDate day)
{
    gint64 first_s = cn_date_first_s(day), last_s = cn_date_last_s(day);
    for (guint i = 0; i < provider->capabilities_len; i++) {
        const CnCapability *capability = &provider->capabilities[i];
        /* An unknown day is the earliest for the one and the latest for the other. */
        if (capability->course == course && capability->staff != 0 &&
            cn_date_first_s(capability->on) <= last_s &&
            cn_date_last_s(capability->expires) >= first_s)
            return TRUE;
    }
    return FALSE;
}

gboolean
cn_listed_is_accredited(const CnListedProvider *provider, CnDate day)
{
    return cn_date_is_set(provider->accreditation_expires) &&
           cn_date_last_s(provider->accreditation_expires) >= cn_date_first_s(day);
}

gboolean
cn_listed_serves(const CnListing *listing, const CnListedProvider *provider, CnAreaId area)
{
    for (guint i = 0; i < provider->serves_len; i++)
        if (cn_area_contains(listing->reference->gazetteer, provider->serves[i], area))
            return TRUE;
    return FALSE;
}

gint
cn_listing_provider(const CnListing *listing, const char *id)
{
    guint low = 0, high = listing->providers_len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        int order = strcmp(listing->providers[middle].id, id);
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
    const CnListedProvider *listed = &listing->providers[provider];
    for (guint i = 0; i < listed->offerings_len; i++)
        if (strcmp(listing->offerings[listed->offerings_first + i].id, id) == 0)
            return (gint)(listed->offerings_first + i);
    return -1;
}
