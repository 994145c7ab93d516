/* What a plan says of its unmet needs: the first binding reason, the words and the edits that would place
 * them, and the funnel. They follow from who has which place alone, so they are found anew and compared. */
#include "routing/plan-check-private.h"
#include "routing/plan-why.h"

#include <string.h>

/* A run that was stopped, or asked not to, tells "full" of everybody, without an edit. */
static gboolean
is_left_open(const CnPlanUnmet *unmet)
{
    return unmet->changes_len == 0 && strcmp(unmet->reason, cn_rule_reason(CN_RULE_FULL)) == 0 &&
           (unmet->detail == NULL || cn_plan_unmet_is_unexplained(unmet));
}

static gboolean
is_same_change(const CnPlanChange *a, const CnPlanChange *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->offering, b->offering) == 0 &&
           strcmp(a->field, b->field) == 0 && g_strcmp0(a->from, b->from) == 0 &&
           g_strcmp0(a->to, b->to) == 0;
}

static gboolean
are_same_changes(const CnPlan *a, const CnPlanUnmet *x, const CnPlan *b, const CnPlanUnmet *y)
{
    gboolean same = x->changes_len == y->changes_len;
    for (guint i = 0; same && i < x->changes_len; i++)
        same = is_same_change(cn_plan_change_at(a, x->changes_first + i),
                              cn_plan_change_at(b, y->changes_first + i));
    return same;
}

/* What of the row is not as it was found; NULL: nothing. What the plan says instead is not repeated. */
static const char *
find_difference(const CnPlan *plan,
                const CnPlanUnmet *unmet,
                const CnPlan *found,
                const CnPlanUnmet *truth)
{
    return strcmp(unmet->reason, truth->reason) != 0      ? "reason"
           : g_strcmp0(unmet->detail, truth->detail) != 0 ? "detail"
           : !are_same_changes(plan, unmet, found, truth) ? "change"
                                                          : NULL;
}

static gboolean
is_same_stage(gint64 says, gint64 found, gint64 open)
{
    return says >= found - open && says <= found + open;
}

/* Of @open units it is left open how far they come. */
static gboolean
is_same_funnel(const CnPlan *a, const CnPlan *b, gint64 open)
{
    gboolean same = a->funnel->len == b->funnel->len;
    for (guint i = 0; same && i < a->funnel->len; i++) {
        const CnPlanFunnel *x = cn_plan_funnel_at(a, i), *y = cn_plan_funnel_at(b, i);
        same = strcmp(x->service, y->service) == 0 && x->needed == y->needed &&
               is_same_stage(x->offered, y->offered, open) &&
               is_same_stage(x->eligible, y->eligible, open) &&
               is_same_stage(x->reachable, y->reachable, open) &&
               is_same_stage(x->free, y->free, open) && x->placed == y->placed;
    }
    return same;
}

static gboolean
compare_words(CnCheck *check, const CnPlan *found)
{
    const CnPlan *plan = check->plan;
    guint open = 0;
    gint64 open_units = 0;
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        const CnPlanUnmet *truth = cn_plan_unmet_at(found, i);
        const char *what = find_difference(plan, unmet, found, truth);
        if (what != NULL && is_left_open(unmet)) {
            open++;
            open_units += truth->units;
        } else if (what != NULL)
            return cn_check_tell(check, "reasons", FALSE,
                                 "case %s: need %u is unmet (%s), but its %s is not what was found "
                                 "by the free places as they are reported now",
                                 unmet->ref, unmet->need, truth->reason, what);
    }
    if (!is_same_funnel(plan, found, open_units))
        return cn_check_tell(check, "reasons", FALSE,
                             "the funnel does not count the units that come through each stage by "
                             "the free places as they are reported now");
    return cn_check_tell(check, "reasons", TRUE,
                         open == 0 ? "%u unmet needs, each for the reason that the plan tells"
                                   : "%u unmet needs; of %u the plan does not tell the reason",
                         plan->unmet->len, open);
}

/* Of somebody alone: then the edits of others count all who compete (-unmet). */
static gboolean
has_unexplained(const CnPlan *plan, const CnPlanNeeds *needs)
{
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        const gint need = cn_plan_needs_find(needs, unmet->ref, unmet->need);
        if (need >= 0 && cn_plan_unmet_is_unexplained(unmet) &&
            !cn_plan_need_has_company(needs, (guint)need))
            return TRUE;
    }
    return FALSE;
}

gboolean
cn_check_words(CnCheck *check)
{
    const gboolean priced = cn_plan_prices_tell(check->plan, check->needs) &&
                            !has_unexplained(check->plan, check->needs);
    const CnPlanReasons how = {.threads = check->threads,
                               .price = priced ? check->price : NULL,
                               .penalties = check->plan->penalties};
    g_autoptr(carenet_plan) found = cn_plan_new();
    CnPlanUse use;
    cn_plan_use_init(&use, check->needs, check->offering_of);
    cn_plan_explain_unmet(found, &use, &how);
    cn_plan_use_clear(&use);
    cn_plan_sort(found);
    return compare_words(check, found);
}
