/* Quotas: at most so many of a list at one offering, at one provider, or in one area. What they mean is
 * settled here, for the solver and for the check of its plans alike; who goes where under them, and what
 * that proves, is worked out by each of them by itself.
 *
 * They are laminar: an offering's provider has one area, and areas lie within each other, so of two
 * quotas that share an offering one holds all offerings of the other; others are refused. A provider
 * counts in the area that it discloses, and nowhere below it. */
#pragma once

#include "directory/directory.h"
#include "model/policy.h"

typedef struct {
    const CnQuota *quota;
    gint parent;       /* the next larger one with the same offerings; -1 */
    GArray *offerings; /* (element-type guint) positions in the listing */
} CnQuotaGroup;

typedef struct {
    CnQuotaGroup *groups; /* each before those that contain it */
    guint len;
    gint *of_offering; /* the smallest that holds it; -1; NULL where there are no groups */
} CnQuotas;

/* FALSE, and no groups, with NOT_FOUND for an offering or provider that the directory lacks: a name that
 * is spelt wrong must not lift a limit; with CONFLICT where two of them cross. Borrows the policy. */
gboolean cn_quotas_init(CnQuotas *quotas,
                        const CnDirectory *directory,
                        const CnPolicy *policy,
                        GError **error);
void cn_quotas_clear(CnQuotas *quotas);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnQuotas, cn_quotas_clear)

static inline gint
cn_quota_of(const CnQuotas *quotas, guint offering)
{
    return quotas->of_offering != NULL ? quotas->of_offering[offering] : -1;
}

static inline gint64
cn_quota_places(const CnQuotas *quotas, guint group)
{
    return quotas->groups[group].quota->places;
}

/* No more than this is ever placed at the offering: the least of its quotas; G_MAXINT64 without. */
gint64 cn_quotas_most(const CnQuotas *quotas, guint offering);

/* @used is by group: places that are taken. Adds @units at the offering to all groups that hold it. */
void cn_quotas_take(const CnQuotas *quotas, gint64 *used, guint offering, gint64 units);
/* What the quotas still leave at the offering; G_MAXINT64 without. */
gint64 cn_quotas_left(const CnQuotas *quotas, const gint64 *used, guint offering);
/* The smallest of the offering's groups that @used leaves less than @units; -1. */
gint cn_quotas_full(const CnQuotas *quotas, const gint64 *used, guint offering, gint64 units);

/* "offering", "provider", "area"; and which: its id, or the code of the area. */
const char *cn_quota_kind(const CnQuotas *quotas, guint group);
const char *cn_quota_id(const CnQuotas *quotas, guint group, const CnReference *reference);

/* "provider ex-1 (at most 3)". (transfer full) */
char *cn_quota_name(const CnQuotas *quotas, guint group, const CnReference *reference);
