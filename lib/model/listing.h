/* Listings: the disclosed view of providers and offerings, and the disclosure rule that makes it.
 *
 * This is all that the floors above ever see. A restricted provider is listed under its
 * display_name at the point of its show_area, with its gateway's contact; its address, point, exact
 * area, phone, email and name are not in these records, so no output, order, cost or digest can
 * depend on them. Disclosure `network` is treated as `restricted` until sealed fields exist. */
#pragma once

#include "model/network.h"

typedef struct {
    const char *id;
    const char *region;
    const char *name;         /* the display_name of a restricted provider */
    const char *organization; /* id */
    const char *organization_name;
    CnDisclosure disclosure;
    gboolean restricted; /* what is withheld is withheld */
    gboolean example;
    gboolean unconfirmed;
    gboolean remote;
    CnStatus status;
    CnAreaId area; /* as disclosed */
    double lat_deg, lon_deg;
    gint16 island;
    const char *contact; /* a role, or "role of gateway's name"; NULL unknown */
    const char *phone;   /* an office's; the gateway's for a restricted provider */
    const char *email;
    const char *address; /* NULL where restricted */
    const CnAreaId *serves;
    guint serves_len;
    CnTermSet languages;
    CnTermSet access;
    CnDate listing_consent;
    CnDate verified_on;
    CnVerifiedBy verified_by;
    const char *source_url;
    const char *source_title;
    CnDate source_on;
    const char *accreditation_body;
    gint32 accreditation_level;
    CnDate accreditation_expires;
    const CnCapability *capabilities;
    guint capabilities_len;
    guint offerings_first; /* its offerings are [first, first + len) of the listing */
    guint offerings_len;
} CnListedProvider;

typedef struct {
    const char *id;
    guint provider; /* position in the listing */
    CnServiceId service;
    const char *variant;
    gboolean all_below;
    CnEligibility eligibility;
    CnHours hours;
    gboolean hours_known;
    CnHours intake;
    gboolean intake_known;
    gboolean intake_on_call;
    const char *hours_text;
    const char *intake_text;
} CnListedOffering;

/* Capacity as it is now: overlaid live, never part of a digest. */
typedef struct {
    gboolean known;
    gint64 total;
    gint64 occupied;
    gint64 held;
    CnInstant as_of;
    gint32 wait_days; /* -1 unknown */
} CnLiveCapacity;

typedef struct {
    GStringChunk *strings; /* NULL in a copy, which borrows the strings of what it copies */
    CnReference *reference;
    CnListedProvider *providers; /* by id */
    guint providers_len;
    CnListedOffering *offerings; /* by provider, then id */
    CnLiveCapacity *capacity;    /* one an offering */
    guint offerings_len;
    CnRegion *regions; /* by id */
    guint regions_len;
    const char *network_id;
    const char *network_name;
    gboolean demonstration; /* an invented provider or organization is among them */
    CnInstant demonstration_now;
} CnListing;

/* Applies the disclosure rule to a sorted, checked network. (transfer full) */
CnListing *cn_listing_new(const CnNetwork *network, CnReference *reference);
/* A copy whose records may be edited; it borrows the strings of @listing, which must outlive it.
 * (transfer full) */
CnListing *cn_listing_copy(const CnListing *listing);
void cn_listing_free(CnListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnListing, cn_listing_free)

/* SHA-256 in hexadecimal over all disclosed fields in a canonical order, without capacity in use.
 * (transfer full) */
char *cn_listing_digest(const CnListing *listing);

typedef enum {
    CN_AVAILABLE_YES,
    CN_AVAILABLE_FULL,
    CN_AVAILABLE_CALL
} CnAvailability;
/* Free places: total - occupied - held, never below 0; -1 where nobody knows; G_MAXINT64 for a
 * service that is not counted. */
gint64 cn_capacity_free(const CnLiveCapacity *capacity, CnUnit unit);
CnAvailability cn_capacity_availability(const CnLiveCapacity *capacity, CnUnit unit);
const char *cn_availability_name(CnAvailability availability); /* yes, full, call */

/* Whether the disclosed provider has a course that is valid on @day: begun and not lapsed. */
gboolean cn_listed_has_course(const CnListedProvider *provider, gint course, CnDate day);
/* Whether the accreditation holds on @day (FALSE where there is none). */
gboolean cn_listed_is_accredited(const CnListedProvider *provider, CnDate day);
/* Whether it declares to serve @area. An empty list serves nobody in particular (FALSE). */
gboolean cn_listed_serves(const CnListing *listing,
                          const CnListedProvider *provider,
                          CnAreaId area);
/* Position of a provider or offering id, or -1. */
gint cn_listing_provider(const CnListing *listing, const char *id);
gint cn_listing_offering(const CnListing *listing, const char *id);
