/* Proving a plan anew: who kept a former place, who moved, and who could not stay. */
#include "routing/plan-check-private.h"
#include "routing/plan-keep.h"

#include <string.h>

/* The rows as they would follow from the plan's own. (element-type CnKept) by row (transfer full) */
static GArray *
judge_kept(const CnCheck *check)
{
    const guint len = check->needs->needs->len;
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(CnKept));
    g_autofree gint *pinned_at = g_new(gint, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        pinned_at[i] = check->pinned[i] ? check->offering_of[i] : -1;
    for (guint i = 0; i < check->plan->kept->len; i++) {
        const CnPlanKept *row = cn_plan_kept_at(check->plan, i);
        const gint need = cn_plan_needs_find(check->needs, row->ref, row->need);
        const CnKept one = {(guint)MAX(need, 0), cn_listing_offering(check->listing, row->offering),
                            CN_RULE_NONE};
        g_array_append_val(kept, one);
    }
    cn_plan_kept_release(check->needs, pinned_at, kept);
    return kept;
}

static gboolean
check_kept_rows(CnCheck *check)
{
    for (guint i = 0; i < check->plan->kept->len; i++) {
        const CnPlanKept *row = cn_plan_kept_at(check->plan, i);
        const gint need = cn_plan_needs_find(check->needs, row->ref, row->need);
        if (need < 0 || check->pinned[need] ||
            !cn_check_says_service(check->needs, need, row->service))
            return cn_check_tell(check, "kept", FALSE,
                                 "case %s: need %u is said to have a place, but is not like that",
                                 row->ref, row->need);
    }
    return TRUE;
}

/* Whether the rows are those of the former plan, all of them. */
static gboolean
check_former(CnCheck *check)
{
    const CnPlan *plan = check->plan, *former = check->former;
    guint rows = 0;
    if (former == NULL)
        return TRUE;
    g_autofree char *digest = cn_plan_assignments_digest(former);
    if (g_strcmp0(plan->keep, digest) != 0)
        return cn_check_tell(check, "kept", FALSE,
                             "the places that were kept are those of another plan");
    for (guint i = 0; i < former->assignments->len; i++) {
        const CnPlanned *was = cn_plan_assignment_at(former, i);
        const gint need = cn_plan_needs_find(check->needs, was->ref, was->need);
        const CnPlanKept *row = rows < plan->kept->len ? cn_plan_kept_at(plan, rows) : NULL;
        if (need < 0 || check->pinned[need] ||
            !cn_check_says_service(check->needs, need, was->service))
            continue;
        if (row == NULL || strcmp(row->ref, was->ref) != 0 || row->need != was->need ||
            strcmp(row->offering, was->offering) != 0)
            return cn_check_tell(check, "kept", FALSE,
                                 "case %s: need %u was at %s, which the plan hides", was->ref,
                                 was->need, was->offering);
        rows++;
    }
    return rows == plan->kept->len ||
           cn_check_tell(check, "kept", FALSE, "case %s: need %u was not placed by the former plan",
                         cn_plan_kept_at(plan, rows)->ref, cn_plan_kept_at(plan, rows)->need);
}

static gboolean
check_moves(CnCheck *check)
{
    const CnPlan *plan = check->plan;
    g_autoptr(GArray) kept = judge_kept(check);
    gint64 moves = 0, released = 0;
    for (guint i = 0; i < kept->len; i++) {
        const CnPlanKept *row = cn_plan_kept_at(plan, i);
        const CnKept *is = cn_kept(kept, i);
        const gboolean can = is->released == CN_RULE_NONE;
        const gboolean moved = check->offering_of[is->need] != is->offering;
        const CnKeptState state = !can ? CN_KEPT_RELEASED : moved ? CN_KEPT_MOVED : CN_KEPT_STAYS;
        if (row->state != state || (!can && strcmp(row->reason, cn_rule_reason(is->released)) != 0))
            return cn_check_tell(check, "kept", FALSE,
                                 "case %s: need %u %s, the plan says otherwise", row->ref,
                                 row->need,
                                 !can    ? cn_rule_meaning(is->released)
                                 : moved ? "left a place that it could keep"
                                         : "stays where it was");
        moves += state == CN_KEPT_MOVED ? 1 : 0;
        released += !can ? 1 : 0;
        check->kept_at[is->need] = can ? is->offering : -1;
        if (moves > plan->max_moves)
            return cn_check_tell(check, "kept", FALSE,
                                 "case %s: need %u left %s: more than %" G_GINT64_FORMAT " moved",
                                 row->ref, row->need, row->offering, plan->max_moves);
    }
    return cn_check_tell(check, "kept", TRUE,
                         "%u had a place: %" G_GINT64_FORMAT " moved of at most %" G_GINT64_FORMAT
                         ", %" G_GINT64_FORMAT " could not stay",
                         kept->len, moves, plan->max_moves, released);
}

/* Where nobody may move they are as good as pinned. */
static void
pin_kept(CnCheck *check)
{
    for (guint i = 0; check->plan->max_moves == 0 && i < check->needs->needs->len; i++) {
        check->pinned[i] = check->pinned[i] || check->kept_at[i] >= 0;
        check->kept_at[i] = -1;
    }
}

gboolean
cn_check_kept(CnCheck *check)
{
    if (check->plan->keep == NULL)
        return check->former == NULL ||
               cn_check_tell(check, "kept", FALSE,
                             "the plan was not asked to keep anybody's place");
    if (!check_kept_rows(check) || !check_former(check) || !check_moves(check))
        return FALSE;
    pin_kept(check);
    return TRUE;
}
