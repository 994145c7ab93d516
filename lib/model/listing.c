/* The disclosure rule, and the listing that it makes. No other file makes what is shown of a provider from
 * its site; network-check-disclosure.c compares the two. */
#include "model/listing.h"

#include "base/text-pool.h"
#include "model/coverage.h"

#include <string.h>

/* Hours that were read, and whether they could be: most offerings have those of another one. */
typedef struct {
    CnSpan span;
    gboolean known;
} Hours;

/* A listing in the making: its pools grow. */
typedef struct {
    const CnNetwork *network;
    CnReference *reference;
    CnCoverages *coverages;
    CnTextPool text;
    GHashTable *hours; /* (element-type CnText Hours) by their text; values owned */
    GArray *providers, *offerings, *capacity, *regions, *serves, *capabilities, *intervals;
} Builder;

static CnText
keep(Builder *builder, const char *text)
{
    return text != NULL ? cn_text_pool_add(&builder->text, text) : 0;
}

static CnSpan
keep_all(GArray *pool, gconstpointer data, guint len)
{
    CnSpan span = {.first = pool->len, .len = len};
    if (len > 0)
        g_array_append_vals(pool, data, len);
    return span;
}

/* Field by field, so that the bytes between them stay 0: images of equal listings are equal. */
static void
keep_capabilities(Builder *builder, CnListedProvider *listed, const GArray *capabilities)
{
    listed->capabilities = (CnSpan){builder->capabilities->len, capabilities->len};
    for (guint i = 0; i < capabilities->len; i++) {
        const CnCapability *given = &g_array_index(capabilities, CnCapability, i);
        CnCapability kept;
        memset(&kept, 0, sizeof kept);
        kept.course = given->course;
        kept.staff = given->staff;
        kept.on = given->on;
        kept.expires = given->expires;
        g_array_append_val(builder->capabilities, kept);
    }
}

static void
keep_eligibility(CnEligibility *kept, const CnEligibility *given)
{
    kept->age_min = given->age_min;
    kept->age_max = given->age_max;
    kept->sex = given->sex;
    kept->groups = given->groups;
    kept->not_for = given->not_for;
    kept->documents = given->documents;
    kept->siblings_up_to = given->siblings_up_to;
}

/* A restricted provider is placed at the point of its show_area; a public one may have its own. */
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
disclose_contact(Builder *builder, CnListedProvider *listed, const CnProvider *provider)
{
    if (!listed->restricted) {
        listed->contact = keep(builder, provider->contact_role);
        listed->phone = keep(builder, provider->site.phone);
        listed->email = keep(builder, provider->site.email);
        listed->address = keep(builder, provider->site.address);
        return;
    }
    const CnProvider *gateway = cn_network_provider(builder->network, provider->contact_gateway);
    if (gateway == NULL || gateway->disclosure != CN_DISCLOSE_PUBLIC) {
        listed->contact = keep(builder, provider->contact_role);
        return;
    }
    g_autofree char *through =
        g_strdup_printf("%s (%s)", gateway->name,
                        gateway->contact_role != NULL ? gateway->contact_role : "front desk");
    listed->contact = keep(builder, through);
    listed->phone = keep(builder, gateway->site.phone);
    listed->email = keep(builder, gateway->site.email);
}

/* By the area that is shown. */
static void
disclose_coverage(Builder *builder, CnListedProvider *listed)
{
    const CnCoverage coverage = cn_coverage_of(builder->coverages, listed->area);
    listed->network = keep(builder, coverage.network);
    listed->network_formed_on = coverage.network_formed_on;
    listed->ordinance_passed_on = coverage.ordinance_passed_on;
    listed->ordinance_implemented_on = coverage.ordinance_implemented_on;
}

static void
disclose_standing(Builder *builder, CnListedProvider *listed, const CnProvider *provider)
{
    listed->listing_consent = provider->listing_consent;
    listed->verified_on = provider->verified_on;
    listed->verified_by = (guint8)provider->verified_by;
    listed->source_url = keep(builder, provider->source_url);
    listed->source_title = keep(builder, provider->source_title);
    listed->source_on = provider->source_on;
    listed->accreditation_body = keep(builder, provider->accreditation_body);
    listed->accreditation_level = provider->accreditation_level;
    listed->accreditation_expires = provider->accreditation_expires;
    keep_capabilities(builder, listed, provider->capabilities);
}

static void
disclose_provider(Builder *builder, const CnProvider *provider)
{
    CnListedProvider listed;
    const CnOrganization *organization =
        cn_network_organization(builder->network, provider->organization);
    /* Whole bytes, padding too: images of equal listings are equal. */
    memset(&listed, 0, sizeof listed);
    /* `network` disclosure needs a key to tell who asks; until then it is treated as restricted. */
    listed.restricted = provider->disclosure != CN_DISCLOSE_PUBLIC;
    listed.id = keep(builder, provider->id);
    listed.region = keep(builder, provider->region);
    listed.name = keep(builder, listed.restricted ? provider->display_name : provider->name);
    listed.organization = keep(builder, provider->organization);
    listed.organization_name =
        keep(builder, organization != NULL ? organization->name : provider->organization);
    listed.disclosure = (guint8)provider->disclosure;
    listed.example = provider->example != FALSE;
    listed.unconfirmed = !cn_date_is_set(provider->verified_on);
    listed.remote = provider->remote != FALSE;
    listed.status = (guint8)provider->status;
    listed.languages = provider->languages;
    listed.access = provider->access;
    listed.serves = keep_all(builder->serves, provider->serves->data, provider->serves->len);
    listed.offerings = (CnSpan){builder->offerings->len, provider->offerings->len};
    disclose_place(&listed, provider, builder->reference->gazetteer);
    disclose_coverage(builder, &listed);
    disclose_contact(builder, &listed, provider);
    disclose_standing(builder, &listed, provider);
    g_array_append_val(builder->providers, listed);
}

static Hours *
read_hours(Builder *builder, const char *text)
{
    Hours *read = g_new0(Hours, 1);
    CnHours hours = {0};
    guint offset = 0;
    const char *reason = NULL;
    if (cn_hours_parse(text, &hours, &offset, &reason)) {
        read->known = TRUE;
        read->span = keep_all(builder->intervals, hours.intervals, hours.len);
        cn_hours_clear(&hours);
    }
    return read;
}

static gboolean
keep_hours(Builder *builder, const char *text, CnText kept, CnSpan *out_span)
{
    if (text == NULL)
        return FALSE;
    Hours *hours = g_hash_table_lookup(builder->hours, GUINT_TO_POINTER(kept));
    if (hours == NULL) {
        hours = read_hours(builder, text);
        g_hash_table_insert(builder->hours, GUINT_TO_POINTER(kept), hours);
    }
    *out_span = hours->span;
    return hours->known;
}

static void
disclose_offering(Builder *builder, const CnOffering *offering)
{
    CnListedOffering listed;
    CnLiveCapacity capacity = {.known = offering->capacity.known,
                               .total = offering->capacity.total,
                               .occupied = offering->capacity.occupied,
                               .held = offering->capacity.held,
                               .as_of = offering->capacity.as_of,
                               .wait_days = offering->capacity.waited
                                                ? offering->capacity.waited_days
                                                : offering->capacity.wait_days,
                               .waited = offering->capacity.waited};
    memset(&listed, 0, sizeof listed);
    listed.id = keep(builder, offering->id);
    listed.provider = builder->providers->len - 1;
    listed.service = offering->service;
    listed.variant = keep(builder, offering->variant);
    listed.all_below = offering->all_below != FALSE;
    keep_eligibility(&listed.eligibility, &offering->eligibility);
    listed.hours_text = keep(builder, offering->hours);
    listed.hours_known =
        keep_hours(builder, offering->hours, listed.hours_text, &listed.hours) != FALSE;
    listed.intake_text = keep(builder, offering->intake_hours);
    listed.intake_known =
        keep_hours(builder, offering->intake_hours, listed.intake_text, &listed.intake) != FALSE;
    listed.intake_on_call = offering->intake_on_call != FALSE;
    g_array_append_val(builder->offerings, listed);
    g_array_append_val(builder->capacity, capacity);
}

static void
disclose_all(Builder *builder)
{
    const CnNetwork *network = builder->network;
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        disclose_provider(builder, provider);
        for (guint k = 0; k < provider->offerings->len; k++)
            disclose_offering(builder, &g_array_index(provider->offerings, CnOffering, k));
    }
    for (guint i = 0; i < network->regions->len; i++) {
        const CnRegion *region = &g_array_index(network->regions, CnRegion, i);
        CnListedRegion listed;
        memset(&listed, 0, sizeof listed);
        listed.id = keep(builder, region->id);
        listed.name = keep(builder, region->name);
        listed.area = region->area;
        listed.languages = region->languages;
        g_array_append_val(builder->regions, listed);
    }
}

static CnListedNetwork
describe_network(Builder *builder)
{
    const CnNetwork *network = builder->network;
    CnListedNetwork listed;
    memset(&listed, 0, sizeof listed);
    listed.id = keep(builder, network->id);
    listed.name = keep(builder, network->name);
    listed.has_demonstration_now = network->demonstration_now.is_set != FALSE;
    listed.demonstration_now_s = network->demonstration_now.s;
    listed.demonstration = network->is_demonstration != FALSE;
    for (guint i = 0; i < network->providers->len; i++)
        if (((const CnProvider *)g_ptr_array_index(network->providers, i))->example)
            listed.demonstration = TRUE;
    return listed;
}

static gpointer
take(GArray *array, gsize *out_len)
{
    *out_len = array->len;
    return g_array_free(array, FALSE);
}

static guint
count_offerings(const CnNetwork *network)
{
    guint count = 0;
    for (guint i = 0; i < network->providers->len; i++)
        count += ((const CnProvider *)g_ptr_array_index(network->providers, i))->offerings->len;
    return count;
}

CnListing *
cn_listing_new(const CnNetwork *network, CnReference *reference)
{
    CnListing *listing = g_new0(CnListing, 1);
    const guint offerings = count_offerings(network);
    Builder builder = {
        .network = network,
        .reference = reference,
        .coverages = cn_coverages_new(network, reference->gazetteer),
        .hours = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free),
        .providers =
            g_array_sized_new(FALSE, FALSE, sizeof(CnListedProvider), network->providers->len),
        .offerings = g_array_sized_new(FALSE, FALSE, sizeof(CnListedOffering), offerings),
        .capacity = g_array_sized_new(FALSE, FALSE, sizeof(CnLiveCapacity), offerings),
        .regions = g_array_new(FALSE, FALSE, sizeof(CnListedRegion)),
        .serves = g_array_new(FALSE, FALSE, sizeof(CnAreaId)),
        .capabilities = g_array_new(FALSE, FALSE, sizeof(CnCapability)),
        .intervals = g_array_new(FALSE, FALSE, sizeof(CnOpenInterval)),
    };
    gsize capacities = 0;
    /* Ids are different; of the rest there is less than that, as a rule. */
    cn_text_pool_init(&builder.text, (gsize)offerings + (gsize)network->providers->len * 3);
    disclose_all(&builder);
    listing->network = describe_network(&builder);
    listing->reference = carenet_reference_ref(reference);
    listing->providers = take(builder.providers, &listing->providers_len);
    listing->offerings = take(builder.offerings, &listing->offerings_len);
    listing->capacity = take(builder.capacity, &capacities);
    listing->regions = take(builder.regions, &listing->regions_len);
    listing->serves = take(builder.serves, &listing->serves_len);
    listing->capabilities = take(builder.capabilities, &listing->capabilities_len);
    listing->intervals = take(builder.intervals, &listing->intervals_len);
    listing->text = cn_text_pool_finish(&builder.text, &listing->text_len);
    g_hash_table_unref(builder.hours);
    cn_coverages_free(builder.coverages);
    return listing;
}

static gpointer
copy_array(gconstpointer data, gsize len, gsize size)
{
    return g_memdup2(data, len * size);
}

CnListing *
cn_listing_copy(const CnListing *listing)
{
    CnListing *copy = copy_array(listing, 1, sizeof *listing);
    copy->owner = NULL;
    copy->release_owner = NULL;
    copy->unchecked = NULL;
    copy->reference = carenet_reference_ref(listing->reference);
    copy->text = copy_array(listing->text, listing->text_len, 1);
    copy->providers =
        copy_array(listing->providers, listing->providers_len, sizeof(CnListedProvider));
    copy->offerings =
        copy_array(listing->offerings, listing->offerings_len, sizeof(CnListedOffering));
    copy->capacity = copy_array(listing->capacity, listing->offerings_len, sizeof(CnLiveCapacity));
    copy->regions = copy_array(listing->regions, listing->regions_len, sizeof(CnListedRegion));
    copy->serves = copy_array(listing->serves, listing->serves_len, sizeof(CnAreaId));
    copy->capabilities =
        copy_array(listing->capabilities, listing->capabilities_len, sizeof(CnCapability));
    copy->intervals =
        copy_array(listing->intervals, listing->intervals_len, sizeof(CnOpenInterval));
    return copy;
}

void
cn_listing_free(CnListing *listing)
{
    if (listing == NULL)
        return;
    g_free(listing->capacity);
    if (listing->release_owner != NULL) {
        listing->release_owner(listing->owner);
    } else {
        g_free((gpointer)listing->text);
        g_free(listing->providers);
        g_free(listing->offerings);
        g_free(listing->regions);
        g_free(listing->serves);
        g_free(listing->capabilities);
        g_free(listing->intervals);
    }
    carenet_reference_unref(listing->reference);
    g_free(listing);
}
