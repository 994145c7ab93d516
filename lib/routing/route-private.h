/* One need on its way to an answer; for the files that route it. */
#pragma once

#include "routing/route.h"

/* ---- Numbers in order: route-sort.c. */

/* A number to sort by, and what it belongs to. */
typedef struct {
    guint32 key, value;
} CnKeyed;

/* (array len) A list that grows. */
typedef struct {
    CnKeyed *list;
    guint len, room;
} CnKeyedList;

static inline void
cn_keyed_add(CnKeyedList *keyed, guint32 key, guint32 value)
{
    if (keyed->len == keyed->room) {
        keyed->room = MAX(256, 2 * keyed->room);
        keyed->list = g_renew(CnKeyed, keyed->list, keyed->room);
    }
    keyed->list[keyed->len++] = (CnKeyed){.key = key, .value = value};
}

/* By key, equal keys as they stood. */
void cn_keyed_sort(CnKeyed *records, guint len);

/* ---- A need. */

/* A sibling who must go along, with its own way. */
typedef struct {
    CnQuestion question;
    CnOrigin origin;
} CnSiblingWay;

typedef struct {
    const CnRoutes *routes;
    CnNeedRoute *route;
    CnQuestion question;
    CnRuleMask rules;                     /* that an offering may break */
    gboolean waits;                       /* who passes is costed at the end */
    CnKeyedList waiting;                  /* their offerings by what they cost at least */
    guint first_broken[CN_RULES_LEN + 1]; /* how many offerings break which rule first; or none */
    CnKeyedList refused;                  /* offerings with the rule that they break */
    CnSiblingWay *siblings;               /* as many as the companions who stay together */
    gsize fewest;                         /* edits of the best change so far */
    gint64 change_cost;                   /* and the cost of its offering */
} CnRouteWalk;

/* Routes one need and adds the answer. O(offerings of the service), besides the sort of what passed: route-need.c. */
void cn_route_need(CnRoutes *routes, guint person, guint need);
void cn_need_route_free(gpointer data);

gint64 cn_walk_cost_of_siblings(const CnRouteWalk *walk, guint offering);
/* No way is faster than the straight line. */
gint64 cn_walk_least_travel_cost(const CnRouteWalk *walk, const CnCandidate *candidate);

/* Where nobody takes it: the first binding reason, and the fewest edits that place it: route-change.c. */
void cn_walk_explain_unmet(CnRouteWalk *walk);
