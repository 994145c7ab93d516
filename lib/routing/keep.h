/* Placing a list while people keep the places that a former plan gave them, but for so many moves.
 *
 * With no moves the places are pins, and the answer is as exact as without them. With some, those who
 * gain most by leaving are let go: first everybody is, then whoever loses least is held again, until
 * the moves suffice. Each try is solved exactly around those who are held. */
#pragma once

#include "routing/parties.h"
#include "routing/plan-keep.h"

typedef struct {
    const CnPlanNeeds *needs;
    const CnMarketOptions *market; /* with the pins of the caller */
    const CnAssignOptions *assign;
    const GArray *kept; /* (element-type CnKept) with their releases */
    gint64 max_moves;
} CnKeepQuestion;

/* As cn_parties_place(), on markets of its own. The bound is that of all plans with so many moves. Errors
 * also as cn_market_new(). */
gboolean cn_keep_place(const CnKeepQuestion *question, CnPlacement *out, GError **error);
