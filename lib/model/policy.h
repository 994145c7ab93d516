/* The rules and weights of routing, read from a policy file. All costs are whole, non-negative. */
#pragma once

#include "base/issue.h"
#include "model/plugin.h"
#include "model/reference.h"

#define CN_LEVELS     6
#define CN_BANDS_MOST 16
#define CN_COST_MOST  1000000 /* the largest weight that a policy may name */

typedef struct {
    CnServiceId service; /* applies at or below */
    gint course;
    gboolean required;
    gint32 cost; /* where it is only preferred */
} CnCapabilityRule;

/* A service that every region should have. */
typedef struct {
    CnServiceId service;
    gint32 within_min; /* how far away it may be, by the policy's travel; 0: not said */
} CnPackageItem;

/* At most so many of a list are newly placed at one offering, one provider, or all whose area lies in
 * an area as it is disclosed. */
typedef enum {
    CN_QUOTA_OFFERING,
    CN_QUOTA_PROVIDER,
    CN_QUOTA_AREA
} CnQuotaKind;

typedef struct {
    CnQuotaKind kind;
    char *id;      /* of an offering or provider; NULL */
    CnAreaId area; /* CN_AREA_NONE */
    gint64 places;
    CnPos pos; /* where the policy says so */
} CnQuota;
#define CN_QUOTAS_MOST       1000
#define CN_QUOTA_PLACES_MOST 100000000

/* A place that takes the use of an offering above so many hundredths of its total costs so much; of
 * several steps that it is above, the last. */
typedef struct {
    gint32 above_percent;
    gint32 cost;
} CnFairStep;
#define CN_FAIR_STEPS_MOST 16

/* What travel, bands and staleness are where nobody names a policy; data/policy.yaml says the same. */
#define CN_SPEEDS_DEFAULT \
    ((CnTravelSpeeds){    \
        .land_km_per_h = 30, .detour_percent = 135, .sea_km_per_h = 18, .boarding_min = 120})
#define CN_STALE_AFTER_DAYS_DEFAULT 30
/* Where a policy does not say it. */
#define CN_OTHER_PROVIDER_DEFAULT 60

/* The public carenet_policy. Immutable once made. */
struct carenet_policy {
    gatomicrefcount refs;
    CnReference *reference;
    char *id;
    char *name;
    char *digest; /* SHA-256 of the text it was read from */
    CnTravelSpeeds speeds;
    gint32 travel_cost_per_min;
    gint32 no_link_cost;
    gint32 bands_min[CN_BANDS_MOST];
    guint bands_len;
    gint32 wait_cost_per_day;
    gint32 wait_unknown_days;
    gint32 restrictiveness[CN_LEVELS];
    gint32 language_none_shared;
    gint32 stale_after_days;
    gint32 stale_cost_per_day;
    gint32 stale_most;
    gint32 emergency_hours;
    gint32 leave_region;
    gint32 new_provider;
    gint32 siblings_apart;
    gint32 other_provider;
    gint32 not_preferred;
    GArray *capabilities;          /* (element-type CnCapabilityRule) */
    GArray *accreditation;         /* (element-type CnServiceId) at or below */
    GArray *without_consent;       /* (element-type CnServiceId) at or below */
    GArray *documents_never_block; /* (element-type CnServiceId) at or below */
    GArray *minimum_package;       /* (element-type CnPackageItem) in the order of the file */
    GArray *quotas;                /* (element-type CnQuota) in the order of the file */
    GArray *fairness;              /* (element-type CnFairStep) ascending in both; empty: none */
    /* With plug-ins: they, and the policy that everything else is borrowed from but id and digest. */
    CnPlugins *plugins;
    struct carenet_policy *base;
};
typedef struct carenet_policy CnPolicy;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_policy, carenet_policy_unref)

/* The digest as a text: "" for a policy that was made in memory. */
static inline const char *
cn_policy_digest(const CnPolicy *policy)
{
    return policy->digest != NULL ? policy->digest : "";
}

/* Whether what was told of places is too old to go by: longer ago than the policy takes, of a time that has not
 * come, or never told (@as_of is not set). One rule for all that says `stale`. */
gboolean cn_report_is_stale(CnInstant as_of, gint64 now_s, gint32 after_days);

/* Every weight 0, every list empty. (transfer full) */
CnPolicy *cn_policy_new(CnReference *reference);
/* @policy, which has no plug-ins, with @plugins. (transfer full) of both */
CnPolicy *cn_policy_with(CnPolicy *policy, CnPlugins *plugins);
/* Whether one of @services (element-type CnServiceId) is @service or above it. */
gboolean cn_policy_covers(const CnPolicy *policy, const GArray *services, CnServiceId service);
