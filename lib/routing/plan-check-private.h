/* A plan that is being checked; for the files that do. */
#pragma once

#include "routing/plan-bonds.h"

#include "base/table.h"

/* What the plan says, and what was found of it so far. */
typedef struct {
    const CnPlan *plan;
    const CnPlanNeeds *needs;
    const CnPlanBonds *bonds;
    const CnListing *listing;
    CnTableBuilder *table;
    guint threads;
    gint *offering_of;    /* of each need; -1 unmet */
    guint8 *pinned;       /* of each need */
    gint *kept_at;        /* of each need: where it was and may stay; -1 */
    gint64 *price;        /* of each offering */
    const CnPlan *former; /* whose places are said to be kept; nullable */
} CnCheck;

/* Adds a row to the answer. Returns @ok. */
gboolean G_GNUC_PRINTF(4, 5)
    cn_check_tell(CnCheck *check, const char *name, gboolean ok, const char *format, ...);

gboolean cn_check_says_service(const CnPlanNeeds *needs, gint need, const char *service);

/* The row of the plan about a group of quotas; NULL: there is none. */
const CnPlanQuota *cn_check_quota(const CnCheck *check, guint group);

/* Whether those who had a place before kept it as the plan says, and no more moved than may; fills kept_at, or pins them
 * where nobody may move: plan-check-kept.c. After offering_of and pinned. */
gboolean cn_check_kept(CnCheck *check);

/* Whether the prices prove the bound over every pair of need and offering, and the penalties outweigh every exchange;
 * fills price: plan-check-bound.c. After offering_of, pinned, kept_at and the rows of quotas. Takes as long as cn_plan_prove(). */
gboolean cn_check_bound(CnCheck *check);

/* Whether the unmet needs are unmet for the reasons that the plan tells, and the funnel counts right:
 * plan-check-words.c. After offering_of. O(different unmet needs * offerings of their service). */
gboolean cn_check_words(CnCheck *check);
