/* The best of all plans of a tiny world, every one of them tried: rules and costs from the oracle that was written
 * from the design text, then siblings, bundles, quotas, use and places that are kept. */
#pragma once

#include "batch-world.h"

typedef struct {
    guint person, need; /* positions */
    const CnNeed *of;
    const CnCase *c;
    gboolean counted;
    gint64 *cost; /* of each offering; -1 not eligible */
} PlanOracleItem;

typedef struct {
    const BatchWorld *world;
    GArray *items; /* (element-type PlanOracleItem) */
    gint *at;      /* of each item: offering or -1 */
    gint64 *left;  /* of each offering */
    CnPlanValue best;
    gboolean found;
    gboolean plain; /* nobody has a say in where another one goes */
    guint offerings;
    gint *kept_at; /* of each item: a place that it may leave only so often; -1; or NULL */
    gint64 max_moves;
} PlanOracle;

/* Looks for a plan that may leave as few of the places that @plan says could be kept. FALSE where it would take too
 * long. @brute is to be cleared either way. */
gboolean plan_oracle_solve(PlanOracle *brute,
                           const BatchWorld *world,
                           const carenet_batch_options *options,
                           const CnPlan *plan);
void plan_oracle_clear(PlanOracle *brute);
