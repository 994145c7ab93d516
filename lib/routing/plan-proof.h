/* What no plan is below, worked out from nothing but the question and the prices of a plan: the half of
 * carenet check that looks at every pair of need and offering. Shares nothing with what makes plans but
 * the rules, the costs and who belongs to whom. */
#pragma once

#include "routing/plan-bonds.h"

typedef struct {
    /* Given. */
    const CnPlanNeeds *needs;
    const CnPlanBonds *bonds;
    const gint64 *penalties; /* of an unmet unit, by urgency */
    const gint64 *price;     /* of each offering, >= 0, with the cost of use */
    const gint *offering_of; /* of each need; -1 unmet */
    const guint8 *pinned;    /* of each need: it goes where it goes */
    const gint *kept_at;     /* of each need: where it was and may stay; -1 */
    gint64 max_moves;        /* so many of these may be elsewhere */
    guint threads;
    CnPlanValue *more; /* by quota; nullable: nobody asks. Begins at nothing */
    /* Found. */
    CnPlanValue bound;   /* and by how much one more place under each quota lowers it, in @more */
    gint64 most_cost;    /* of any eligible pair */
    gint64 eligible_len; /* offerings that are eligible for anybody */
    gboolean overflown;  /* the numbers are too large for sums: nothing is proved */
} CnPlanProof;

/* O(classes * offerings of the service), and as much for each need that has company. */
void cn_plan_prove(CnPlanProof *proof);

/* The places of an offering, within its quotas; G_MAXINT64: as many as anybody wants. */
gint64 cn_plan_proof_places(const CnPlanNeeds *needs, guint offering);
