/* Why a need of a list got what it got: the answer of route for it alone (with the siblings who must go
 * along), seen against the places that a plan fills. */
#pragma once

#include "routing/plan-needs.h"
#include "routing/route.h"

/* FALSE sets conflict where the plan was made from others. */
gboolean cn_plan_check_sources(const CnPlan *plan, const CnPlanQuestion *asked, GError **error);

/* Where the plug-ins of @plan are not those of @policy: which they are, in words; else NULL. (transfer full) */
char *cn_plan_plugins_told(const CnPlan *plan, const CnPolicy *policy);

/* Places that a plan fills. */
typedef struct {
    const CnPlanNeeds *needs;
    const gint *offering_of; /* of each need; -1 unmet */
    gint64 *used;            /* of each offering */
    gint64 *under;           /* of each group of quotas */
} CnPlanUse;

void cn_plan_use_init(CnPlanUse *use, const CnPlanNeeds *needs, const gint *offering_of);
void cn_plan_use_clear(CnPlanUse *use);
/* Counts its units once more where the need is (@times 1) or once less (-1); nothing where it is unmet. */
void cn_plan_use_count(const CnPlanUse *use, guint need, gint times);
/* Free places of an offering that nobody of the plan takes; G_MAXINT64 where they are not counted, or
 * where nobody knows and the plan may use them all the same. */
gint64 cn_plan_use_left(const CnPlanUse *use, guint offering);

/* What its last place is worth to others: the price of the plan without the cost of use. */
gint64 cn_plan_use_worth(const CnPlanUse *use, const CnPlan *plan, guint offering);

/* Whether where it can go depends on where those go whom it must not meet, or other needs of its bundle: then it depends on
 * everything else, and no edit is sure to help. */
gboolean cn_plan_others_decide(const CnPlanNeeds *needs, guint need);

typedef struct {
    GPtrArray *copies; /* (element-type CnCase) with the one need */
    struct carenet_cases *cases;
    CnRoutes *routes;
    const CnNeedRoute *route; /* of the need */
} CnPlanWhy;

/* @why_not: nullable, an id that the directory knows. @from: nullable, the ways from where the case is, if
 * they are known already; borrowed until it is cleared. Clear it. */
void cn_plan_why_init(CnPlanWhy *why,
                      const CnPlanNeeds *needs,
                      guint need,
                      const char *why_not,
                      const CnOrigin *from);
/* The same with the best offering only, which is quicker. */
void cn_plan_why_best(CnPlanWhy *why, const CnPlanNeeds *needs, guint need, const CnOrigin *from);
void cn_plan_why_clear(CnPlanWhy *why);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnPlanWhy, cn_plan_why_clear)

/* How to look for reasons. */
typedef struct {
    gboolean skip; /* not at all */
    guint threads;
    gint64
        deadline_us; /* of g_get_monotonic_time(): for what is left then no reason is looked for; 0 none */
    const gint *cancel; /* nullable; read atomically, not 0: the same at once */
    void (*progress)(double done, gpointer data); /* nullable; from one thread at a time */
    gpointer progress_data;
    /* Nullable: prices by offering that prove the plan to be the best, where there are no quotas, use costs nothing and nobody
     * keeps a place; and what an unmet unit weighs in the sum that they belong to. */
    const gint64 *price;
    const gint64 *penalties;
} CnPlanReasons;

/* The detail of those for which there was no time. */
#define CN_PLAN_NOT_LOOKED_FOR "not looked for: the run was stopped before"
gboolean cn_plan_unmet_is_unexplained(const CnPlanUnmet *unmet);

/* Whether the prices of @plan tell who would come where: it is proven, and nothing but them decides. */
gboolean cn_plan_prices_tell(const CnPlan *plan, const CnPlanNeeds *needs);

/* Fills the unmet needs of @plan: first binding reason, words, the edits that place it; and the
 * funnel. O(different unmet needs * offerings of their service). */
void cn_plan_explain_unmet(CnPlan *plan, const CnPlanUse *use, const CnPlanReasons *how);
