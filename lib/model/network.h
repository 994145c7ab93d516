/* The network as people write it: regions, organizations, providers and their offerings, complete
 * with what must never be shown. Only reading, checking, storing and disclosing may see these
 * records; every floor above works on listings (listing.h). */
#pragma once

#include "base/date.h"
#include "base/issue.h"
#include "model/hours.h"
#include "model/programme.h"

typedef enum {
    CN_ORG_GOVERNMENT,
    CN_ORG_NGO,
    CN_ORG_HOSPITAL,
    CN_ORG_COMMUNITY
} CnOrgKind;
typedef enum {
    CN_DISCLOSE_PUBLIC,
    CN_DISCLOSE_NETWORK,
    CN_DISCLOSE_RESTRICTED
} CnDisclosure;
typedef enum {
    CN_ACTIVE,
    CN_PAUSED,
    CN_CLOSED,
    CN_SUSPENDED
} CnStatus;
typedef enum {
    CN_VERIFIED_NOT,
    CN_VERIFIED_PHONE,
    CN_VERIFIED_VISIT,
    CN_VERIFIED_EMAIL,
    CN_VERIFIED_DOCUMENT
} CnVerifiedBy;
typedef enum {
    CN_SEX_UNSTATED,
    CN_SEX_FEMALE,
    CN_SEX_MALE
} CnSex; /* "any" in an eligibility */

/* Each parse function takes the word of a file; each name function gives it back (static). */
gboolean cn_org_kind_parse(const char *text, CnOrgKind *out);
const char *cn_org_kind_name(CnOrgKind kind);
gboolean cn_disclosure_parse(const char *text, CnDisclosure *out);
const char *cn_disclosure_name(CnDisclosure disclosure);
gboolean cn_status_parse(const char *text, CnStatus *out);
const char *cn_status_name(CnStatus status);
gboolean cn_verified_by_parse(const char *text, CnVerifiedBy *out);
const char *cn_verified_by_name(CnVerifiedBy by); /* NULL for CN_VERIFIED_NOT */
const char *cn_sex_name(CnSex sex);               /* "unstated", "female", "male" */

/* All strings below are interned in CnNetwork.strings and borrowed from it; NULL is absent. */

typedef struct {
    const char *id;
    const char *name;
    CnAreaId area;
    CnTermSet languages;
    CnPos pos;
} CnRegion;

typedef struct {
    const char *id;
    const char *region; /* id of the region file that it stands in; NULL: the network's */
    const char *name;
    const char *website;
    CnOrgKind kind;
    CnDate data_sharing_agreement;
    gboolean example;
    CnPos pos;
} CnOrganization;

/* Where a provider really is, and how it is really reached: the part that disclosure guards. */
typedef struct {
    CnAreaId area;
    gboolean has_point;
    double lat_deg, lon_deg;
    const char *address;
    const char *phone;
    const char *email;
} CnSite;

typedef struct {
    gint course;  /* term of the courses */
    gint64 staff; /* trained staff; -1 unknown */
    CnDate on;
    CnDate expires;
} CnCapability;

/* More places than any offering has; sums of a few of them are far from overflow. */
#define CN_PLACES_MOST 1000000

typedef struct {
    gboolean known; /* whether a capacity was reported at all */
    gint64 total;
    gint64 occupied;
    CnInstant as_of;
    gint64 held;        /* for referrals on their way; only a store knows */
    gint64 moved_s;     /* when a referral last took or freed a place, 0: never; as held */
    const char *source; /* phone, visit, email, document, report */
    gint32 wait_days;   /* as reported; -1 unknown */
    gboolean waited;    /* whether referrals tell how long; only a store knows */
    gint32 waited_days;
} CnCapacity;

typedef struct {
    gint16 age_min; /* years, inclusive; -1 no limit */
    gint16 age_max;
    CnSex sex;        /* CN_SEX_UNSTATED: any */
    CnTermSet groups; /* only members of one of these; empty: anybody */
    CnTermSet not_for;
    CnTermSet documents;
    gint32 siblings_up_to; /* -1 not stated */
} CnEligibility;

typedef struct {
    const char *id; /* provider/service or provider/service/variant */
    CnServiceId service;
    const char *variant;
    gboolean all_below;
    CnCapacity capacity;
    CnEligibility eligibility;
    const char *hours;        /* as written; NULL unknown */
    const char *intake_hours; /* as written */
    gboolean intake_on_call;
    CnPos pos, capacity_pos, as_of_pos;
} CnOffering;

/* How the site and the real name of a provider came out of a store. */
typedef enum {
    CN_NOT_SEALED,
    CN_SEALED, /* they are there, and unknown here */
    CN_OPENED, /* they were sealed, and somebody brought the key */
} CnSealing;

typedef struct {
    const char *id;
    const char *region; /* id of the region file that it stands in; NULL: the network's */
    const char *organization;
    const char *name;
    const char *display_name;
    gboolean example;
    CnDisclosure disclosure;
    CnAreaId show_area; /* -1: as the site's area */
    CnSite site;
    CnSealing sealing; /* of a record from a store */
    gboolean remote;
    GArray *serves; /* (element-type CnAreaId) */
    const char *contact_role;
    const char *contact_gateway; /* id of the provider that answers for it */
    CnTermSet languages;
    CnTermSet access;
    CnStatus status;
    CnDate listing_consent;
    CnDate verified_on;
    CnVerifiedBy verified_by;
    const char *source_url;
    const char *source_title;
    CnDate source_on;
    const char *accreditation_body;
    gint32 accreditation_level; /* 0 not stated */
    CnDate accreditation_expires;
    GArray *capabilities; /* (element-type CnCapability) */
    GArray *offerings;    /* (element-type CnOffering) */
    GPtrArray *withheld; /* (element-type utf8) fields that an export left out; import keeps them */
    CnPos pos;
    CnPos organization_pos, show_area_pos, gateway_pos, serves_pos, site_pos, accreditation_pos,
        verified_pos;
} CnProvider;

typedef struct {
    GStringChunk *strings;
    const char *id; /* of the network; NULL where no file said so */
    const char *name;
    gboolean is_demonstration;   /* of a demonstration store, whoever is in it */
    CnInstant demonstration_now; /* only in a demonstration network */
    GArray *regions;             /* (element-type CnRegion) */
    GArray *organizations;       /* (element-type CnOrganization) */
    GPtrArray *providers;        /* (element-type CnProvider), owned */
    GPtrArray *programmes;       /* (element-type CnProgramme), owned; at most one a file */
} CnNetwork;

CnNetwork *cn_network_new(void);
void cn_network_free(CnNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnNetwork, cn_network_free)

/* Interns text for as long as the network lives; NULL stays NULL. */
const char *cn_network_intern(CnNetwork *network, const char *text);
/* A provider with nothing known, owned by the network. (transfer none) */
CnProvider *cn_network_add_provider(CnNetwork *network);
/* An empty programme, owned by the network. (transfer none) */
CnProgramme *cn_network_add_programme(CnNetwork *network);
/* Defaults for an offering: nothing known. */
CnOffering cn_offering_blank(void);
/* Sorts regions, organizations, providers and offerings by id, so that any source gives one order. */
void cn_network_sort(CnNetwork *network);
/* By id in a sorted network; NULL for an id that nobody has, or for NULL. */
const CnOrganization *cn_network_organization(const CnNetwork *network, const char *id);
const CnProvider *cn_network_provider(const CnNetwork *network, const char *id);

/* The rules that one record alone cannot show, over a sorted network: duplicate ids, dangling
 * references, impossible values, restricted sites in the clear, points far from their area. Appends
 * issues; they name what is wrong with a restricted site, and quote nothing of it. */
void cn_network_check(const CnNetwork *network, const CnReference *reference, CnIssueList *issues);

/* Reports and verifications of days that have not come yet by the clock @now_s: they would never grow old, and no later
 * report would count as newer. Only whoever has a clock asks this. Appends issues, which quote nothing. */
void cn_network_check_times(const CnNetwork *network, gint64 now_s, CnIssueList *issues);
