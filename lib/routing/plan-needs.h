/* The needs of a list of cases put to a directory, for everything that is asked of a plan: is it sound,
 * why this one, what is missing where. Needs that ask the same are one class and are looked at once.
 * Nothing here is the solver's: rules and costs are all that both use. */
#pragma once

#include "directory/directory.h"
#include "model/plan.h"
#include "routing/cost.h"
#include "routing/quota.h"

typedef struct {
    guint person; /* position in the list */
    guint need;   /* position in the case */
    guint class;
} CnPlanNeed;

/* What must be known to put the question; those of a plan, where there is one. */
typedef struct {
    const CnDirectory *directory;
    const CnPolicy *policy;
    const struct carenet_cases *cases;
    gint64 now_s, at_s;
    gboolean include_unconfirmed;
    gboolean include_unknown_capacity;
    CnPlugged *plugged; /* borrowed; NULL: no plug-ins */
} CnPlanQuestion;

typedef struct {
    CnPlanQuestion asked;
    CnQuotas quotas;   /* none where the policy's do not fit the directory */
    GArray *needs;     /* (element-type CnPlanNeed) case by case, need by need */
    guint *first_need; /* of each case, and the end */
    GArray *classes;   /* (element-type guint) a need that stands for each; by area and service */
    CnCrossings *crossings; /* NULL: too few classes to be worth it */
    CnPoints points;
    guint *order;       /* positions of all needs, by class: those of one area follow each other */
    GHashTable *by_ref; /* (element-type utf8 guint) position of a case; borrowed keys */
    GHashTable *groups; /* (element-type utf8 GArray) positions of the siblings of a group */
    GHashTable
        *kept_from; /* (element-type utf8 GArray) positions of those who name a ref in keep_apart */
} CnPlanNeeds;

/* @asked is borrowed by its members. Cases need references of their own. (transfer full) */
CnPlanNeeds *cn_plan_needs_new(const CnPlanQuestion *asked);
void cn_plan_needs_free(CnPlanNeeds *needs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnPlanNeeds, cn_plan_needs_free)

CnPlanQuestion cn_plan_question(const CnPlan *plan,
                                const CnDirectory *directory,
                                const CnPolicy *policy,
                                const struct carenet_cases *cases);

static inline const CnPlanNeed *
cn_plan_need(const CnPlanNeeds *needs, guint i)
{
    return &g_array_index(needs->needs, CnPlanNeed, i);
}

static inline CnCase *
cn_plan_person(const CnPlanNeeds *needs, guint i)
{
    return g_ptr_array_index(needs->asked.cases->cases, cn_plan_need(needs, i)->person);
}

static inline const CnNeed *
cn_plan_need_of(const CnPlanNeeds *needs, guint i)
{
    return &g_array_index(cn_plan_person(needs, i)->needs, CnNeed, cn_plan_need(needs, i)->need);
}

/* The position of need @number (from 1) of the case @ref; -1 where there is none. */
gint cn_plan_needs_find(const CnPlanNeeds *needs, const char *ref, guint number);

/* The question of a need by itself; @origin is filled by the caller for the area of its case. */
CnQuestion cn_plan_need_question(const CnPlanNeeds *needs, guint need, const CnOrigin *origin);
/* Fills @origin for the case of a need. */
void cn_plan_need_origin(const CnPlanNeeds *needs, guint need, CnOrigin *origin);

/* The question of one need after the other; the way from one area is worked out once for those that
 * follow each other. Begins with {.made = FALSE}. */
typedef struct {
    CnOrigin origin;
    CnAreaId area;
    gboolean made;
} CnPlanWay;
CnQuestion cn_plan_way_question(const CnPlanNeeds *needs, guint need, CnPlanWay *way);

/* ---- Company: plan-companions.c. */

/* Whether the places of its service are counted: only then siblings and co-victims matter. */
gboolean cn_plan_need_is_counted(const CnPlanNeeds *needs, guint need);
/* Whether others of the list have a say in where the need may go. */
gboolean cn_plan_need_has_company(const CnPlanNeeds *needs, guint need);
/* Whether it is placed whole or not at all (several units, siblings who must stay together), or apart
 * from somebody: what the market does not know. */
gboolean cn_plan_need_is_bound(const CnPlanNeeds *needs, guint need);
/* Whether it must have the same provider as other needs of its case. */
gboolean cn_plan_need_is_bundled(const CnPlanNeeds *needs, guint need);
/* Siblings who must go along, with their places, where those are whom they must not meet, and where
 * needs are met that ask for the same provider:
 * @offering_of tells for each need where it goes, -1 nowhere; NULL: nobody goes anywhere. Clear it. */
void cn_plan_companions_find(const CnPlanNeeds *needs,
                             guint need,
                             const gint *offering_of,
                             CnCompanions *out);
/* Whether it must keep apart from anybody of the list. */
gboolean cn_plan_keeps_apart(const CnPlanNeeds *needs, const CnCase *c);
void cn_plan_companions_clear(CnCompanions *companions);
/* The need for the same service of a sibling. */
gint cn_plan_need_of_sibling(const CnPlanNeeds *needs, const CnCase *sibling, CnServiceId service);

/* ---- Walking. */

/* Calls @visit once a class, in @threads threads, each of which has its own one of @locals
 * (@local_size bytes each), but not always for the same classes. */
typedef void (*CnVisitClass)(const CnPlanNeeds *needs,
                             guint class,
                             const CnQuestion *question,
                             gpointer local);
void cn_plan_visit_classes(const CnPlanNeeds *needs,
                           guint threads,
                           CnVisitClass visit,
                           gpointer locals,
                           gsize local_size);
