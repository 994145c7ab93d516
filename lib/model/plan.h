/* A plan as a record: who goes where, who is left and why, and what proves it. Texts and numbers only,
 * so that a plan can be read from a file without the directory and the cases that it was made from. */
#pragma once

#include "model/case.h"

#define CN_TIERS 3 /* CnUrgency */

/* Compared level by level: fewest unmet emergency units, then urgent, then routine, then cost. */
typedef struct {
    gint64 unmet[CN_TIERS];
    gint64 cost;
} CnPlanValue;

typedef enum {
    CN_PLAN_STOPPED_NOT,
    CN_PLAN_STOPPED_TIME,
    CN_PLAN_STOPPED_WORK,
    CN_PLAN_STOPPED_USER,
    CN_PLAN_STOPPED_LEN
} CnPlanStopped;

/* A need of a case: its number there, from 1. */
typedef struct {
    const char *ref;
    const char *service, *provider, *offering;
    gint64 cost;
    guint need;
    gint32 units;
    gboolean pinned;
} CnPlanned;

typedef struct {
    const char *ref;
    const char *service;
    const char *reason; /* slug of the first binding rule */
    const char *detail;
    guint need;
    gint32 units;
    CnUrgency urgency;
    guint changes_first, changes_len; /* of CnPlan.changes */
} CnPlanUnmet;

/* One edit that, with the others of its need, would place it. */
typedef struct {
    const char *kind, *offering, *field;
    const char *from, *to; /* nullable */
} CnPlanChange;

/* What one more place is worth; only prices above 0 are kept. */
typedef struct {
    const char *offering;
    gint64 price;
} CnPlanPrice;

/* A quota of the policy. */
typedef struct {
    const char *kind, *id; /* "offering", "provider" or "area" (its code), and which */
    const char *name;      /* in words */
    gint64 places, used;   /* how many there may be, and how many there are */
    gboolean told;         /* whether it is known what one more place saves */
    CnPlanValue saves;     /* so much at most: it lowers the bound by no more */
} CnPlanQuota;

/* A need that a former plan placed, and what became of it. */
typedef enum {
    CN_KEPT_STAYS,
    CN_KEPT_MOVED,    /* to another place, or to none */
    CN_KEPT_RELEASED, /* its place can take it no more */
    CN_KEPT_LEN
} CnKeptState;

typedef struct {
    const char *ref;
    const char *service, *offering; /* where it was */
    const char *reason;             /* of a release, a slug; else NULL */
    guint need;
    CnKeptState state;
} CnPlanKept;

/* For how many units of a service somebody is there at each stage. */
typedef struct {
    const char *service;
    gint64 needed, offered, eligible, reachable, free, placed;
} CnPlanFunnel;

/* The public carenet_plan. Immutable once finished. */
struct carenet_plan {
    gatomicrefcount refs;
    GStringChunk *text; /* every text of the plan, once */
    gboolean optimal;
    gboolean searched; /* not optimal, but every way that could be better was looked at */
    CnPlanStopped stopped_by;
    CnPlanValue objective, bound;
    gint64 penalties[CN_TIERS]; /* of an unmet unit in the one sum that the prices belong to */
    /* What it was made for and from. */
    gint64 now_s, at_s;
    gboolean include_unconfirmed, include_unknown_capacity;
    gboolean demonstration;
    gint64 revision;
    const char *directory; /* digests */
    const char *policy, *policy_id;
    GPtrArray *plugins; /* (element-type utf8) names of those of the policy, in their order */
    const char *cases;
    gint64 cases_len;
    const char *keep;    /* digest of the former plan's assignments; NULL: nobody was to be kept */
    gint64 max_moves;    /* how many of those who could stay may move */
    GArray *kept;        /* (element-type CnPlanKept) by case, then need */
    GArray *assignments; /* (element-type CnPlanned) by case, then need */
    GArray *unmet;       /* (element-type CnPlanUnmet) by case, then need */
    GArray *changes;     /* (element-type CnPlanChange) */
    GArray *prices;      /* (element-type CnPlanPrice) by offering */
    GArray *quotas;      /* (element-type CnPlanQuota) by kind, then id */
    GArray *funnel;      /* (element-type CnPlanFunnel) by service */
};
typedef struct carenet_plan CnPlan;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_plan, carenet_plan_unref)

/* An empty plan to be filled; (transfer full). */
CnPlan *cn_plan_new(void);
/* @text as the plan keeps it; NULL for NULL. */
const char *cn_plan_text(CnPlan *plan, const char *text);
/* A price in levels: the unmet unit whose penalty is nearest, and a rest. */
CnPlanValue cn_plan_price_read(const gint64 penalties[CN_TIERS], gint64 price);
/* Of a kind, by its id or code; NULL. */
const CnPlanQuota *cn_plan_quota_find(const CnPlan *plan, const char *kind, const char *id);
/* What is saved, in words: "1 urgent unit", "cost 12", "1 urgent unit, for 1 routine unit and cost 12".
 * (transfer full) */
char *cn_plan_saving_told(const CnPlanValue *saving);
/* Puts everything in its order. */
void cn_plan_sort(CnPlan *plan);

/* -1, 0 or 1, level by level. */
gint cn_plan_value_compare(const CnPlanValue *a, const CnPlanValue *b);
/* How far the objective may be from the best, in the first level that is not proven: the share of it
 * that could go (0.01: one percent); 0 where all is proven. *out_level (nullable) names the level
 * ("emergency", "urgent", "routine", "cost"), or is NULL. */
double cn_plan_gap(const CnPlan *plan, const char **out_level);
const char *cn_plan_stopped_name(CnPlanStopped stopped); /* "time", "work", "user"; NULL for not */

const char *cn_kept_state_name(CnKeptState state); /* "stays", "moved", "released" */
/* The digest of who goes where: of the assignments and nothing else. (transfer full) */
char *cn_plan_assignments_digest(const CnPlan *plan);

/* What the plan says of a need, or NULL. O(log n) */
const CnPlanned *cn_plan_assignment(const CnPlan *plan, const char *ref, guint need);
const CnPlanUnmet *cn_plan_unmet(const CnPlan *plan, const char *ref, guint need);
/* The price of an offering; 0 where none is kept. O(log n) */
gint64 cn_plan_price(const CnPlan *plan, const char *offering);

static inline const CnPlanned *
cn_plan_assignment_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->assignments, CnPlanned, i);
}

static inline const CnPlanKept *
cn_plan_kept_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->kept, CnPlanKept, i);
}

static inline const CnPlanUnmet *
cn_plan_unmet_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->unmet, CnPlanUnmet, i);
}

static inline const CnPlanChange *
cn_plan_change_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->changes, CnPlanChange, i);
}

static inline const CnPlanPrice *
cn_plan_price_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->prices, CnPlanPrice, i);
}

static inline const CnPlanQuota *
cn_plan_quota_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->quotas, CnPlanQuota, i);
}

static inline const CnPlanFunnel *
cn_plan_funnel_at(const CnPlan *plan, guint i)
{
    return &g_array_index(plan->funnel, CnPlanFunnel, i);
}
