/* The directory's digest: SHA-256 over every disclosed field in one canonical order. Each field is
 * length-prefixed, so that no two listings can run together into the same bytes. Capacities are
 * left out: the directory's revision changes with the directory only. */
#include "model/listing.h"

#include <math.h>
#include <string.h>

/* Bump when the set or the order of the fields changes. */
#define DIGEST_LAYOUT "carenet.directory/2"

static void
add_bytes(GChecksum *sum, const void *bytes, gsize len)
{
    guint64 prefix = GUINT64_TO_LE((guint64)len);
    g_checksum_update(sum, (const guchar *)&prefix, (gssize)sizeof prefix);
    g_checksum_update(sum, (const guchar *)bytes, (gssize)len);
}

static void
add_text(GChecksum *sum, const char *text)
{
    /* NULL and "" differ: an absent field has a length that no text can have. */
    guint64 absent = G_MAXUINT64;
    if (text == NULL)
        g_checksum_update(sum, (const guchar *)&absent, (gssize)sizeof absent);
    else
        add_bytes(sum, text, strlen(text));
}

static void
add_number(GChecksum *sum, gint64 number)
{
    gint64 bytes = GINT64_TO_LE(number);
    g_checksum_update(sum, (const guchar *)&bytes, (gssize)sizeof bytes);
}

/* "%.6f", which takes long: by whole millionths, where it is clear to which it is rounded. A product is
 * off by less than 1e-7. */
static void
add_degrees(GChecksum *sum, double degrees)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const double millionths = degrees * 1e6, whole = floor(millionths);
    gsize at = sizeof text;
    if (!(degrees >= 0 && degrees < 1000) || fabs(millionths - whole - 0.5) < 1e-6) {
        add_text(sum, g_ascii_formatd(text, sizeof text, "%.6f", degrees));
        return;
    }
    guint32 left = (guint32)whole + (millionths - whole > 0.5);
    for (guint digits = 0; digits < 7 || left > 0; digits++, left /= 10) {
        if (digits == 6)
            text[--at] = '.';
        text[--at] = (char)('0' + left % 10);
    }
    add_bytes(sum, text + at, sizeof text - at);
}

static void
add_date(GChecksum *sum, CnDate date)
{
    add_number(sum, date.year * 10000 + date.month * 100 + date.day);
}

/* Terms by id, since their positions may move when a vocabulary grows: joined by ";". */
static void
add_terms(GChecksum *sum, const CnListing *listing, carenet_terms_kind kind, CnTermSet set)
{
    const CnVocabulary *vocabulary = listing->reference->terms[kind];
    const gint len = (gint)cn_vocabulary_len(vocabulary);
    const char *ids[CN_TERMS_MOST];
    gsize ids_len = 0, bytes = 0;
    for (gint term = cn_term_set_next(set, 0); term >= 0 && term < len;
         term = cn_term_set_next(set, term + 1)) {
        ids[ids_len] = cn_term(vocabulary, term)->id;
        bytes += strlen(ids[ids_len]) + (ids_len > 0);
        ids_len++;
    }
    const guint64 prefix = GUINT64_TO_LE((guint64)bytes);
    g_checksum_update(sum, (const guchar *)&prefix, (gssize)sizeof prefix);
    for (gsize i = 0; i < ids_len; i++) {
        if (i > 0)
            g_checksum_update(sum, (const guchar *)";", (gssize)1);
        g_checksum_update(sum, (const guchar *)ids[i], (gssize)strlen(ids[i]));
    }
}

static const char *
area_code(const CnListing *listing, CnAreaId area)
{
    return cn_area(listing->reference->gazetteer, area)->code;
}

static void
add_region(GChecksum *sum, const CnListing *listing, const CnListedRegion *region)
{
    add_text(sum, cn_listed_text(listing, region->id));
    add_text(sum, cn_listed_text(listing, region->name));
    add_text(sum, area_code(listing, region->area));
    add_terms(sum, listing, CARENET_TERMS_LANGUAGES, region->languages);
}

static void
add_capabilities(GChecksum *sum, const CnListing *listing, const CnListedProvider *provider)
{
    const CnVocabulary *courses = listing->reference->terms[CARENET_TERMS_COURSES];
    CnSpan span = cn_span_within(provider->capabilities, listing->capabilities_len);
    add_number(sum, span.len);
    for (guint i = span.first; i < span.first + span.len; i++) {
        const CnCapability *capability = &listing->capabilities[i];
        add_text(sum, cn_term(courses, capability->course)->id);
        add_number(sum, capability->staff);
        add_date(sum, capability->on);
        add_date(sum, capability->expires);
    }
}

static void
add_provider(GChecksum *sum, const CnListing *listing, const CnListedProvider *provider)
{
    const CnText texts[] = {provider->id,
                            provider->region,
                            provider->name,
                            provider->organization,
                            provider->organization_name,
                            provider->contact,
                            provider->phone,
                            provider->email,
                            provider->address,
                            provider->source_url,
                            provider->source_title,
                            provider->accreditation_body,
                            provider->network};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        add_text(sum, cn_listed_text(listing, texts[i]));
    add_number(sum, provider->disclosure);
    add_number(sum, provider->example);
    add_number(sum, provider->remote);
    add_number(sum, provider->status);
    add_text(sum, area_code(listing, provider->area));
    add_degrees(sum, provider->lat_deg);
    add_degrees(sum, provider->lon_deg);
    CnSpan serves = cn_span_within(provider->serves, listing->serves_len);
    add_number(sum, serves.len);
    for (guint i = serves.first; i < serves.first + serves.len; i++)
        add_text(sum, area_code(listing, listing->serves[i]));
    add_terms(sum, listing, CARENET_TERMS_LANGUAGES, provider->languages);
    add_terms(sum, listing, CARENET_TERMS_ACCESS, provider->access);
    add_date(sum, provider->listing_consent);
    add_date(sum, provider->verified_on);
    add_number(sum, provider->verified_by);
    add_date(sum, provider->source_on);
    add_number(sum, provider->accreditation_level);
    add_date(sum, provider->accreditation_expires);
    add_date(sum, provider->network_formed_on);
    add_date(sum, provider->ordinance_passed_on);
    add_date(sum, provider->ordinance_implemented_on);
    add_capabilities(sum, listing, provider);
}

static void
add_offering(GChecksum *sum, const CnListing *listing, const CnListedOffering *offering)
{
    const CnEligibility *eligibility = &offering->eligibility;
    add_text(sum, cn_listed_text(listing, offering->id));
    add_text(sum, cn_service(listing->reference->taxonomy, offering->service)->id);
    add_text(sum, cn_listed_text(listing, offering->variant));
    add_number(sum, offering->all_below);
    add_number(sum, eligibility->age_min);
    add_number(sum, eligibility->age_max);
    add_number(sum, eligibility->sex);
    add_number(sum, eligibility->siblings_up_to);
    add_terms(sum, listing, CARENET_TERMS_GROUPS, eligibility->groups);
    add_terms(sum, listing, CARENET_TERMS_GROUPS, eligibility->not_for);
    add_terms(sum, listing, CARENET_TERMS_DOCUMENTS, eligibility->documents);
    add_text(sum, cn_listed_text(listing, offering->hours_text));
    add_text(sum, cn_listed_text(listing, offering->intake_text));
    add_number(sum, offering->intake_on_call);
}

char *
cn_listing_digest(const CnListing *listing)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_text(sum, DIGEST_LAYOUT);
    add_text(sum, listing->reference->digest);
    add_text(sum, cn_listed_text(listing, listing->network.id));
    add_text(sum, cn_listed_text(listing, listing->network.name));
    add_number(sum, (gint64)listing->regions_len);
    for (guint i = 0; i < listing->regions_len; i++)
        add_region(sum, listing, &listing->regions[i]);
    add_number(sum, (gint64)listing->providers_len);
    for (guint i = 0; i < listing->providers_len; i++)
        add_provider(sum, listing, &listing->providers[i]);
    add_number(sum, (gint64)listing->offerings_len);
    for (guint i = 0; i < listing->offerings_len; i++)
        add_offering(sum, listing, &listing->offerings[i]);
    return g_strdup(g_checksum_get_string(sum));
}
