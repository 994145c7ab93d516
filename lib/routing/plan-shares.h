/* Who of a plan pays for the use of which place. Those at one offering are interchangeable, and the sum is
 * the offering's: it is told by order. The first of them, by reference and the number of the need, has the
 * first place that is newly taken, and so on; a need of several units has as many. */
#pragma once

#include "routing/plan-needs.h"

/* By need: what it pays where @offering_of has it; 0 where that is nowhere. NULL where use costs nothing.
 * O(needs log needs). (transfer full) */
gint64 *cn_plan_shares_new(const CnPlanNeeds *needs, const gint *offering_of);

static inline gint64
cn_plan_share(const gint64 *shares, guint need)
{
    return shares != NULL ? shares[need] : 0;
}
