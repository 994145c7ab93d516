/* Random markets for the solver of batch routing, with pins, absences, places that others took, quotas and, where
 * the policy has it, a cost of use; and the certificate of an answer, worked out over all pairs. */
#pragma once

#include "assign-oracle.h"
#include "random-world.h"

#include "routing/assign.h"

/* A random world with everything a market may have. */
typedef struct {
    CnNetwork *network;
    carenet_directory *directory;
    carenet_policy *policy;
    carenet_cases *cases;
    GArray *pins;
    guint32 *taken;
    guint8 *left_out;
    AssignOracle oracle;
    CnMarket *market;
} AssignWorld;

/* @world is filled, for assign_world_clear(). */
void assign_world_make(GRand *rand, CnReference *reference, AssignWorld *world);
void assign_world_clear(AssignWorld *world);
/* What is taken and who is absent there. */
CnAssignOptions assign_world_options(const AssignWorld *world);
/* How large costs are: ways of 16 bits hold them, or 32 bits, or sums need 64. */
typedef enum {
    ASSIGN_LIGHT,
    ASSIGN_MIDDLE,
    ASSIGN_HEAVY
} AssignWeight;
void assign_world_weigh(CnPolicy *policy, AssignWeight weight);

void assign_world_assert_levels(const CnLevels *a, const CnLevels *b);
/* The same places, prices, levels and work. */
void assign_world_assert_same(const CnAssignment *a, const CnAssignment *b);
/* The value of an answer that keeps to all rules, and what its prices prove. */
CnLevels assign_world_count(const AssignWorld *world, const CnAssignment *answer);
gint64 assign_world_dual(const AssignWorld *world, const CnAssignment *answer);
/* Feasible, of that value, and proven by its prices: whole, none below 0, their dual value the primal one. */
void assign_world_check_optimal(const AssignWorld *world,
                                const CnAssignment *answer,
                                const CnLevels *expected);
