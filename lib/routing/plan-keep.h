/* Who was placed by a former plan, and whose place can take them no more: the question of stability, not
 * its answer. A release is nobody's choice: it follows from the former places, the rules and the free
 * places of today, whatever the order of the list. */
#pragma once

#include "routing/plan-needs.h"

typedef struct {
    guint need;
    gint offering;   /* where it was; -1: it is in the directory no more */
    CnRule released; /* the first reason why it cannot stay; CN_RULE_NONE: it can */
} CnKept;

/* The needs of the list that @former placed, the same service by the same number, without those that are
 * pinned (@pinned_at: where, -1 not). (element-type CnKept) by need (transfer full) */
GArray *cn_plan_kept_find(const CnPlanNeeds *needs, const CnPlan *former, const gint *pinned_at);

/* Says who of them is released:
 *   - whose place breaks a hard rule, everybody else being where they were;
 *   - siblings who must stay together and were not;
 *   - where more were than there are places now, the least urgent, the last of their references. */
void cn_plan_kept_release(const CnPlanNeeds *needs, const gint *pinned_at, GArray *kept);

static inline CnKept *
cn_kept(const GArray *kept, guint i)
{
    return &g_array_index(kept, CnKept, i);
}
