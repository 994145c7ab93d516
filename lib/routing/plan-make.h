/* From an assignment to the record of a plan. */
#pragma once

#include "routing/plan-keep.h"
#include "routing/plan-why.h"

/* What a solver says. */
typedef struct {
    const gint *offering_of; /* of each need; -1 unmet */
    const guint8 *pinned;    /* of each need; nullable */
    const gint64 *price;     /* of each offering */
    gint64 penalties[CN_TIERS];
    CnPlanValue bound;
    CnPlanStopped stopped_by;
    gboolean searched;     /* every way that could be better was looked at */
    CnPlanReasons reasons; /* of the unmet */
    const CnPlan *former;  /* whose places are kept; NULL */
    const GArray *kept;    /* (element-type CnKept); NULL */
    gint64 max_moves;
} CnPlanAnswer;

/* Costs are those of the cost function, whatever the solver counted. The plan is optimal where its value
 * is the bound. (transfer full) */
CnPlan *cn_plan_make(const CnPlanNeeds *needs, const CnPlanAnswer *answer);
