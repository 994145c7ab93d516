/* Listings: the disclosed view of providers and offerings, and the disclosure rule that makes it.
 *
 * This is all that the floors above ever see. A restricted provider is listed under its
 * display_name at the point of its show_area, with its gateway's contact; its address, point, exact
 * area, phone, email and name are not in these records, so no output, order, cost or digest can
 * depend on them. Disclosure `network` is treated as `restricted`: a listing is the same for everybody, and
 * only a key would tell who asks. */
#pragma once

#include "base/image.h"
#include "model/network.h"

/* Text of a listing: a position in its pool; 0 is absent. Records hold no pointer, so that a listing
 * can stand in a mapped image (listing-image.h) and be used in place. */
typedef guint32 CnText;

/* Records of one pool that belong together: [first, first + len). */
typedef struct {
    guint32 first;
    guint32 len;
} CnSpan;

typedef struct {
    CnText id;
    CnText region;
    CnText name;         /* the display_name of a restricted provider */
    CnText organization; /* id */
    CnText organization_name;
    CnText contact; /* a role, or "gateway's name (role)"; absent: unknown */
    CnText phone;   /* an office's; the gateway's for a restricted provider */
    CnText email;
    CnText address; /* absent where restricted */
    CnText source_url;
    CnText source_title;
    CnText accreditation_body;
    CnText network;      /* region whose network covers its area; see coverage.h */
    CnSpan serves;       /* of CnListing.serves */
    CnSpan capabilities; /* of CnListing.capabilities */
    CnSpan offerings;    /* of CnListing.offerings */
    CnAreaId area;       /* as disclosed */
    gint16 island;
    double lat_deg, lon_deg;
    CnTermSet languages;
    CnTermSet access;
    CnDate listing_consent;
    CnDate verified_on;
    CnDate source_on;
    CnDate accreditation_expires;
    CnDate network_formed_on;
    CnDate ordinance_passed_on;
    CnDate ordinance_implemented_on;
    gint32 accreditation_level;
    guint8 disclosure; /* CnDisclosure */
    guint8 restricted; /* what is withheld is withheld */
    guint8 example;
    guint8 unconfirmed;
    guint8 remote;
    guint8 status;      /* CnStatus */
    guint8 verified_by; /* CnVerifiedBy */
} CnListedProvider;

typedef struct {
    CnText id;
    CnText variant;
    CnText hours_text;
    CnText intake_text;
    CnSpan hours;     /* of CnListing.intervals */
    CnSpan intake;    /* of CnListing.intervals */
    guint32 provider; /* position in the listing */
    CnServiceId service;
    CnEligibility eligibility;
    guint8 all_below;
    guint8 hours_known;
    guint8 intake_known;
    guint8 intake_on_call;
} CnListedOffering;

/* Capacity as it is now: overlaid live, never part of a digest. */
typedef struct {
    gint64 total;
    gint64 occupied;
    gint64 held;
    CnInstant as_of;
    gint32 wait_days; /* from referrals where these tell, else as reported; -1 unknown */
    gboolean waited;  /* from referrals */
    gboolean known;
} CnLiveCapacity;

typedef struct {
    CnText id;
    CnText name;
    CnAreaId area;
    CnTermSet languages;
} CnListedRegion;

/* What a listing says of its network. */
typedef struct {
    CnText id;
    CnText name;
    gint64 demonstration_now_s;
    guint8 has_demonstration_now;
    guint8 demonstration; /* of a demonstration store, or an invented provider is among them */
} CnListedNetwork;

/* All arrays belong to the listing, or to the image that it stands in. */
typedef struct {
    CnReference *reference;
    gpointer owner; /* of an image; NULL: the arrays are the listing's own */
    GDestroyNotify release_owner;
    /* The image that the arrays stand in while not all of it is checked: a record, and a text, is
     * checked when it is first used. NULL: everything can be used. */
    CnImage *unchecked;
    CnListedNetwork network;
    const char
        *text; /* the pool: NUL first and last, so every position below text_len is a string */
    gsize text_len;
    CnListedProvider *providers; /* by id */
    gsize providers_len;
    CnListedOffering *offerings; /* by provider, then id */
    gsize offerings_len;
    CnLiveCapacity *capacity; /* one an offering; always the listing's own */
    CnListedRegion *regions;  /* by id */
    gsize regions_len;
    CnAreaId *serves;
    gsize serves_len;
    CnCapability *capabilities;
    gsize capabilities_len;
    CnOpenInterval *intervals;
    gsize intervals_len;
} CnListing;

/* Applies the disclosure rule to a sorted, checked network. (transfer full) */
CnListing *cn_listing_new(const CnNetwork *network, CnReference *reference);
/* A copy whose records may be edited. (transfer full) */
CnListing *cn_listing_copy(const CnListing *listing);
void cn_listing_free(CnListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnListing, cn_listing_free)

/* Whether an offering, its provider and their lists may be used. FALSE only in an image, which is then
 * damaged. */
gboolean cn_listing_check_mapped_offering(const CnListing *listing, guint offering);
static inline gboolean
cn_listing_check_offering(const CnListing *listing, guint offering)
{
    return G_LIKELY(listing->unchecked == NULL) ||
           cn_listing_check_mapped_offering(listing, offering);
}

/* The text at a position, borrowed; NULL where it is absent. A position outside the pool, and text that
 * is damaged, which only an image can hold, reads as "". */
const char *cn_listing_check_mapped_text(const CnListing *listing, CnText text);
static inline const char *
cn_listed_text(const CnListing *listing, CnText text)
{
    if (text == 0)
        return NULL;
    if (G_UNLIKELY(listing->unchecked != NULL))
        return cn_listing_check_mapped_text(listing, text);
    return text < listing->text_len ? listing->text + text : "";
}

/* The part of a span that lies within a pool of @len records. */
static inline CnSpan
cn_span_within(CnSpan span, gsize len)
{
    CnSpan within = {.first = (guint32)MIN(span.first, len), .len = 0};
    within.len = (guint32)MIN(span.len, len - within.first);
    return within;
}

static inline const CnListedProvider *
cn_listed_provider_of(const CnListing *listing, guint offering)
{
    return &listing->providers[listing->offerings[offering].provider];
}

/* SHA-256 in hexadecimal over all disclosed fields in a canonical order, without capacity in use.
 * (transfer full) */
char *cn_listing_digest(const CnListing *listing);

/* Whether hours that are known are open. */
gboolean cn_listed_is_open(const CnListing *listing, CnSpan hours, guint minute_of_week);

typedef enum {
    CN_AVAILABLE_YES,
    CN_AVAILABLE_FULL,
    CN_AVAILABLE_CALL
} CnAvailability;
/* Free places: total - occupied - held, never below 0; -1 where nobody knows; G_MAXINT64 for a
 * service that is not counted. */
gint64 cn_capacity_free(const CnLiveCapacity *capacity, CnUnit unit);
CnAvailability cn_capacity_availability(const CnLiveCapacity *capacity, CnUnit unit);
/* The same of a provider: one that is not active (paused, closed, suspended) has no place free for anybody. */
gint64 cn_listed_free(const CnListedProvider *provider,
                      const CnLiveCapacity *capacity,
                      CnUnit unit);
CnAvailability cn_listed_availability(const CnListedProvider *provider,
                                      const CnLiveCapacity *capacity,
                                      CnUnit unit);
const char *cn_availability_name(CnAvailability availability); /* yes, full, call */

/* Whether the disclosed provider has a course that is valid on @day: begun and not lapsed. */
gboolean cn_listed_has_course(const CnListing *listing,
                              const CnListedProvider *provider,
                              gint course,
                              CnDate day);
/* Whether the accreditation holds on @day (FALSE where there is none). */
gboolean cn_listed_is_accredited(const CnListedProvider *provider, CnDate day);
/* Whether an ordinance of its local government is passed and implemented on @day, and whether a network
 * covers it by then. */
gboolean cn_listed_has_ordinance(const CnListedProvider *provider, CnDate day);
gboolean cn_listed_has_network(const CnListedProvider *provider, CnDate day);
/* "implemented", "passed", or NULL. */
const char *cn_listed_ordinance_name(const CnListedProvider *provider, CnDate day);
/* Whether it declares to serve @area. An empty list serves nobody in particular (FALSE). */
gboolean cn_listed_serves(const CnListing *listing,
                          const CnListedProvider *provider,
                          CnAreaId area);
/* Position of a provider or offering id, or -1. */
gint cn_listing_provider(const CnListing *listing, const char *id);
gint cn_listing_offering(const CnListing *listing, const char *id);
