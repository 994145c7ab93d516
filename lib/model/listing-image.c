/* Listings in images: mapping, and checking what is used.
 *
 * Two things can be wrong with what was mapped. A block may have changed since it was written; its sum
 * tells. And whoever wrote it may not have been carenet; so every number is compared with what it
 * points into before it is used. A record that fails either is replaced by an empty one, and the
 * image is declared damaged: whoever asked throws the answer away and makes the image anew. */
#include "model/listing-image.h"

#include <math.h>
#include <string.h>

/* ---- Layout. */

static guint64
add_to_layout(guint64 layout, const char *name, gsize size)
{
    return cn_image_sum(name, strlen(name), layout ^ size);
}

#define ADD(type)           layout = add_to_layout(layout, #type, sizeof(type))
#define ADD_MEMBER(type, m) layout = add_to_layout(layout, #type "." #m, offsetof(type, m))

guint64
cn_listing_layout(void)
{
    guint64 layout = add_to_layout(0, CARENET_VERSION, 0);
    ADD(CnListedNetwork);
    ADD(CnListedProvider);
    ADD(CnListedOffering);
    ADD(CnListedRegion);
    ADD(CnCapability);
    ADD(CnOpenInterval);
    ADD(CnEligibility);
    ADD_MEMBER(CnListedProvider, area);
    ADD_MEMBER(CnListedProvider, languages);
    ADD_MEMBER(CnListedProvider, disclosure);
    ADD_MEMBER(CnListedOffering, provider);
    ADD_MEMBER(CnListedOffering, eligibility);
    ADD_MEMBER(CnCapability, expires);
    return layout;
}

/* ---- Sections. */

static void
add_section(GArray *sections, CnSection kind, gsize record, gconstpointer records, gsize len)
{
    CnImageSection section = {.kind = kind, .record = record, .records = records, .len = len};
    g_array_append_val(sections, section);
}

void
cn_listing_sections(const CnListing *l, GArray *sections)
{
    add_section(sections, CN_SECTION_NETWORK, sizeof l->network, &l->network, 1);
    add_section(sections, CN_SECTION_TEXT, 1, l->text, l->text_len);
    add_section(sections, CN_SECTION_PROVIDERS, sizeof *l->providers, l->providers,
                l->providers_len);
    add_section(sections, CN_SECTION_OFFERINGS, sizeof *l->offerings, l->offerings,
                l->offerings_len);
    add_section(sections, CN_SECTION_REGIONS, sizeof *l->regions, l->regions, l->regions_len);
    add_section(sections, CN_SECTION_SERVES, sizeof *l->serves, l->serves, l->serves_len);
    add_section(sections, CN_SECTION_CAPABILITIES, sizeof *l->capabilities, l->capabilities,
                l->capabilities_len);
    add_section(sections, CN_SECTION_INTERVALS, sizeof *l->intervals, l->intervals,
                l->intervals_len);
}

/* ---- Mapping. */

static gboolean
map_sections(CnListing *listing, CnImage *image)
{
    const struct {
        CnSection kind;
        gsize record;
        gconstpointer records;
        gsize *len;
    } arrays[] = {
        {CN_SECTION_TEXT, 1, &listing->text, &listing->text_len},
        {CN_SECTION_PROVIDERS, sizeof(CnListedProvider), &listing->providers,
         &listing->providers_len},
        {CN_SECTION_OFFERINGS, sizeof(CnListedOffering), &listing->offerings,
         &listing->offerings_len},
        {CN_SECTION_REGIONS, sizeof(CnListedRegion), &listing->regions, &listing->regions_len},
        {CN_SECTION_SERVES, sizeof(CnAreaId), &listing->serves, &listing->serves_len},
        {CN_SECTION_CAPABILITIES, sizeof(CnCapability), &listing->capabilities,
         &listing->capabilities_len},
        {CN_SECTION_INTERVALS, sizeof(CnOpenInterval), &listing->intervals,
         &listing->intervals_len},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++) {
        gconstpointer at = cn_image_section(image, arrays[i].kind, arrays[i].record, arrays[i].len);
        if (at == NULL || *arrays[i].len >= G_MAXINT32)
            return FALSE;
        memcpy((gpointer)arrays[i].records, &at, sizeof at);
    }
    return TRUE;
}

static gboolean
map_network(CnListing *listing, CnImage *image)
{
    gsize len = 0;
    const CnListedNetwork *network =
        cn_image_section(image, CN_SECTION_NETWORK, sizeof *network, &len);
    if (network == NULL || len != 1 || !cn_image_check(image, network, sizeof *network))
        return FALSE;
    listing->network = *network;
    return TRUE;
}

static gboolean
is_area(const CnListing *listing, CnAreaId area)
{
    return area >= 0 && (guint)area < cn_gazetteer_len(listing->reference->gazetteer);
}

/* Regions are few and asked about in every answer. */
static gboolean
check_regions(const CnListing *listing)
{
    if (!cn_image_check(listing->unchecked, listing->regions,
                        listing->regions_len * sizeof(CnListedRegion)))
        return FALSE;
    for (gsize i = 0; i < listing->regions_len; i++)
        if (!is_area(listing, listing->regions[i].area))
            return FALSE;
    return TRUE;
}

/* Every position below text_len is a string, since the last one is NUL. */
static gboolean
check_text_end(const CnListing *listing)
{
    if (listing->text_len == 0)
        return FALSE;
    const char *last = listing->text + listing->text_len - 1;
    return cn_image_check(listing->unchecked, last, 1) && *last == '\0';
}

static void
release_image(gpointer image)
{
    cn_image_unref(image);
}

CnListing *
cn_listing_map(CnImage *image, CnReference *reference)
{
    g_autoptr(CnListing) listing = g_new0(CnListing, 1);
    listing->reference = carenet_reference_ref(reference);
    listing->owner = cn_image_ref(image);
    listing->release_owner = release_image;
    listing->unchecked = image;
    if (!map_sections(listing, image) || !map_network(listing, image) || !check_regions(listing) ||
        !check_text_end(listing))
        return NULL;
    /* As large as the image says: memory may not be there. Zeroed pages cost nothing until used. */
    listing->capacity = g_try_new0(CnLiveCapacity, listing->offerings_len + 1);
    return listing->capacity != NULL ? g_steal_pointer(&listing) : NULL;
}

/* ---- Checking what is used. */

static gboolean
check_span(const CnListing *listing, gconstpointer records, gsize record, gsize len, CnSpan span)
{
    if (span.first > len || span.len > len - span.first)
        return FALSE;
    return listing->unchecked == NULL ||
           cn_image_check(listing->unchecked, (const guint8 *)records + record * span.first,
                          record * span.len);
}

static gboolean
check_record(const CnListing *listing, gconstpointer record, gsize len)
{
    return listing->unchecked == NULL || cn_image_check(listing->unchecked, record, len);
}

static gboolean
is_point(double lat_deg, double lon_deg)
{
    return fabs(lat_deg) <= 90.0 && fabs(lon_deg) <= 180.0;
}

static gboolean
is_provider_possible(const CnListing *listing, const CnListedProvider *provider)
{
    return is_area(listing, provider->area) && is_point(provider->lat_deg, provider->lon_deg) &&
           provider->disclosure <= CN_DISCLOSE_RESTRICTED && provider->status <= CN_SUSPENDED &&
           provider->verified_by <= CN_VERIFIED_DOCUMENT;
}

static gboolean
are_lists_possible(const CnListing *listing, const CnListedProvider *provider)
{
    const CnVocabulary *courses = listing->reference->terms[CARENET_TERMS_COURSES];
    gint courses_len = (gint)cn_vocabulary_len(courses);
    if (!check_span(listing, listing->serves, sizeof(CnAreaId), listing->serves_len,
                    provider->serves) ||
        !check_span(listing, listing->capabilities, sizeof(CnCapability), listing->capabilities_len,
                    provider->capabilities) ||
        provider->offerings.first > listing->offerings_len ||
        provider->offerings.len > listing->offerings_len - provider->offerings.first)
        return FALSE;
    for (guint32 i = 0; i < provider->serves.len; i++)
        if (!is_area(listing, listing->serves[provider->serves.first + i]))
            return FALSE;
    for (guint32 i = 0; i < provider->capabilities.len; i++) {
        gint course = listing->capabilities[provider->capabilities.first + i].course;
        if (course < 0 || course >= courses_len)
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_provider(const CnListing *listing, guint32 at)
{
    if (at >= listing->providers_len)
        return FALSE;
    const CnListedProvider *provider = &listing->providers[at];
    return check_record(listing, provider, sizeof *provider) &&
           is_provider_possible(listing, provider) && are_lists_possible(listing, provider);
}

static gboolean
check_offering(const CnListing *listing, guint at)
{
    if (at >= listing->offerings_len)
        return FALSE;
    const CnListedOffering *offering = &listing->offerings[at];
    return check_record(listing, offering, sizeof *offering) && offering->service >= 0 &&
           (guint)offering->service < cn_taxonomy_len(listing->reference->taxonomy) &&
           offering->eligibility.sex >= CN_SEX_UNSTATED &&
           offering->eligibility.sex <= CN_SEX_MALE &&
           check_span(listing, listing->intervals, sizeof(CnOpenInterval), listing->intervals_len,
                      offering->hours) &&
           check_span(listing, listing->intervals, sizeof(CnOpenInterval), listing->intervals_len,
                      offering->intake);
}

gboolean
cn_listing_check_mapped_offering(const CnListing *listing, guint offering)
{
    if (check_offering(listing, offering) &&
        check_provider(listing, listing->offerings[offering].provider))
        return TRUE;
    cn_image_set_damaged(listing->unchecked);
    return FALSE;
}

/* To the NUL: a text may go on in the next block. */
const char *
cn_listing_check_mapped_text(const CnListing *listing, CnText text)
{
    if (text >= listing->text_len) {
        cn_image_set_damaged(listing->unchecked);
        return "";
    }
    const char *at = listing->text + text;
    for (gsize len = 64, left = listing->text_len - text;; len *= 2) {
        gsize looked_at = MIN(len, left);
        if (!cn_image_check(listing->unchecked, at, looked_at))
            return "";
        if (memchr(at, '\0', looked_at) != NULL)
            return at;
    }
}

gboolean
cn_listing_check_all(CnListing *listing)
{
    CnImage *image = listing->unchecked;
    if (image == NULL)
        return TRUE;
    gboolean sound = cn_image_check_all(image);
    listing->unchecked = NULL;
    for (guint i = 0; sound && i < listing->providers_len; i++)
        sound = check_provider(listing, i);
    for (guint i = 0; sound && i < listing->offerings_len; i++)
        sound =
            check_offering(listing, i) && listing->offerings[i].provider < listing->providers_len;
    if (!sound)
        cn_image_set_damaged(image);
    return sound;
}
