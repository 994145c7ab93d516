/* What one more place under a quota would save at most, from the prices of a plan.
 *
 * No plan is below what its needs would cost at least at any prices, less what the places that all quotas leave are
 * worth (plan-proof). One more place under a quota changes the second sum by what the dearest first then take
 * more; and the first one only where somebody may go who wants more places than there were under the quota (quota-let-in):
 * then nothing is told. carenet check works the same out by taking the dearest anew for each quota. */
#pragma once

#include "routing/plan-needs.h"

typedef struct {
    const CnPlanNeeds *needs;
    const gint64 *price; /* by offering, of the plan */
    const gint64 *penalties;
    const gint *offering_of; /* by need; -1 unmet */
    const guint8 *pinned;    /* by need; nullable: nobody */
} CnQuotaPrices;

/* By group: no plan with one more place under it is below the bound less this. (transfer full) */
CnPlanValue *cn_quota_prices_new(const CnQuotaPrices *of);
