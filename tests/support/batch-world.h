/* Tiny random worlds for batch routing: people who compete for few places, siblings, bundles, quotas, and, where
 * asked for, a cost of use. */
#pragma once

#include "random-world.h"

#include "routing/plan-make.h"

typedef struct {
    CnNetwork *network;
    carenet_directory *directory;
    CnPolicy *policy;
    carenet_cases *cases;
} BatchWorld;

/* With up to so many providers and cases; @use_costs: by a policy with fairness. */
BatchWorld batch_world_make(GRand *rand,
                            CnReference *reference,
                            gboolean use_costs,
                            guint providers,
                            guint cases);
void batch_world_clear(BatchWorld *world);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BatchWorld, batch_world_clear)

carenet_batch_options batch_world_options(GRand *rand);
/* Fails where the checker refuses the plan; @keep: nullable, the plan whose places were kept. */
void batch_world_assert_proved(const BatchWorld *world, const CnPlan *plan, const CnPlan *keep);
/* (transfer full) */
CnPlan *batch_world_plan(const BatchWorld *world, const carenet_batch_options *options);
gboolean batch_world_siblings(const CnCase *a, const CnCase *b);
