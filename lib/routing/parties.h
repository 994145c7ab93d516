/* Placing a whole list of cases: the solver for those who depend on nobody, and around it those who
 * do. A party is what has one place to go to: siblings who must stay together, for one service; a need
 * of several units; and everybody with a sibling or co-victim to keep apart from.
 *
 *      relaxation (parties split, nobody kept apart) --> bound and prices
 *      each party picks its best place by those prices --> the solver places the rest, exactly
 *      once more with the new prices, while it gets better
 *
 * With indivisible parties the problem is NP-hard (bin packing is a case of it), so the answer is a
 * placement that breaks no rule, and an honest bound: the value of the relaxation, which no placement
 * can beat. Without parties the solver's optimum is the answer. */
#pragma once

#include "routing/assign.h"
#include "routing/plan-needs.h"

typedef struct {
    gint *offering_of; /* by need; -1 unmet */
    gint64 *price;     /* by offering; those that prove the bound */
    CnLevels primal;
    CnLevels bound;
    CnLevels dual;       /* the sum that proves the bound: it may be below 0 in some levels */
    gint64 penalties[3]; /* of an unmet unit, in the sum that the prices belong to */
    CnStopped stopped_by;
    guint64 work;
    guint parties;     /* how many could not be left to the solver */
    guint flocks;      /* of them, those who only pay for being apart */
    gboolean searched; /* every way to place them that could be better was looked at */
} CnPlacement;

/* @needs are those of the market's cases and question, in the same order. @options is what the solver
 * gets; `taken` and `left_out` must be NULL. A stopped run returns TRUE with the best so far. FALSE
 * for options out of range. O(parties * offerings of their service) besides the solver. */
gboolean cn_parties_place(const CnMarket *market,
                          const CnPlanNeeds *needs,
                          const CnAssignOptions *options,
                          CnPlacement *out,
                          GError **error);
/* Counts of the unmet are never below 0: where a sum is, nothing more is known of that level nor of those
 * below. */
void cn_levels_clamp(CnLevels *bound);

void cn_placement_clear(CnPlacement *placement);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnPlacement, cn_placement_clear)
