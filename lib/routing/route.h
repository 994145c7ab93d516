/* One need at a time: which offerings can take it, at what cost, and why the others cannot. */
#pragma once

#include "directory/change.h"
#include "routing/circles.h"
#include "routing/cost.h"

#define CN_ROUTE_CASES_MOST 100000 /* case by case; a longer list is for batch */

/* An offering that can take the need. */
typedef struct {
    guint offering;
    gint64 cost; /* the sum of the lines */
    gint64 lines[CN_COSTS_LEN];
    gint64 group_cost; /* with those of the siblings who must go along */
    gint64 price;      /* of the places that the need takes, by the prices given */
    gint64 by;         /* what ranks: group_cost and the price of all places */
} CnRanked;

/* An offering that cannot, and the first rule that it breaks. */
typedef struct {
    guint offering;
    CnRule rule;
} CnRefusal;

/* The answer for one need. */
typedef struct {
    guint person; /* position in the list of cases */
    guint need;   /* position in the case */
    guint offered, eligible, reachable, free;
    GArray *ranked;  /* (element-type CnRanked) the best, by `by`, then offering */
    GArray *refused; /* (element-type CnRefusal) by offering */
    GArray *changes; /* (element-type CnChange) where it is unmet: the fewest edits that place it */
    CnRule binding;  /* where it is unmet: the first binding reason; else CN_RULE_NONE */
    CnCompanions companions;
    GPtrArray *preferred;   /* (element-type CnCase) siblings that it would like to stay with */
    gint32 preferred_units; /* places for those, beside the companions' */
} CnNeedRoute;

/* The public carenet_routes. Immutable once made. */
struct carenet_routes {
    gatomicrefcount refs;
    CnDirectory *directory;
    CnPolicy *policy;
    struct carenet_cases *cases;
    carenet_route_options options;
    CnPlugged *plugged; /* NULL: no plug-ins */
    gint64 *prices;     /* by offering; NULL: none count */
    gint64 now_s, at_s;
    const CnOrigin *from; /* borrowed; NULL: nobody's way has been begun yet */
    GPtrArray *needs;     /* (element-type CnNeedRoute), owned; in the order of cases and needs */
    CnCircles circles;
};
typedef struct carenet_routes CnRoutes;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(carenet_routes, carenet_routes_unref)

static inline const CnNeedRoute *
cn_routes_need(const CnRoutes *routes, guint i)
{
    return g_ptr_array_index(routes->needs, i);
}

static inline const CnCase *
cn_routes_case(const CnRoutes *routes, const CnNeedRoute *route)
{
    return g_ptr_array_index(routes->cases->cases, route->person);
}

/* carenet_route() for arguments that are checked, and plug-ins that were asked (NULL: there are none).
 * (transfer full) */
CnRoutes *cn_route(const CnDirectory *directory,
                   const CnPolicy *policy,
                   CnPlugged *plugged,
                   const struct carenet_cases *cases,
                   const carenet_route_options *options);

/* The same where the ways from an area are known already: @from is borrowed by the answer, and serves those
 * cases that are there. */
CnRoutes *cn_route_from(const CnDirectory *directory,
                        const CnPolicy *policy,
                        CnPlugged *plugged,
                        const struct carenet_cases *cases,
                        const carenet_route_options *options,
                        const CnOrigin *from);

/* The question that was put for a need, to explain its answer. @origin is borrowed, and filled where the
 * ways are not known already. */
CnQuestion cn_routes_question(const CnRoutes *routes, const CnNeedRoute *route, CnOrigin *origin);

/* Who goes along with a need, or must not, among the cases of the list; @former are the answers of
 * the cases before it. */
void cn_companions_find(CnNeedRoute *route, const CnRoutes *routes);
void cn_companions_clear(CnNeedRoute *route);
/* Whether every sibling that would like to stay fits the candidate, with room for all. */
gboolean cn_companions_fit(const CnNeedRoute *route,
                           const CnQuestion *question,
                           const CnCandidate *candidate);

/* What the person who decides must know about a ranked offering. (element-type utf8)
 * (transfer full) */
GPtrArray *cn_route_notes(const CnNeedRoute *route,
                          const CnQuestion *question,
                          const CnCandidate *candidate);

/* Why a need is unmet, counted over all offerings, in one line; and what to ask for next, or NULL. @by_others: what in a
 * plan bars offerings that are free for the need alone. (transfer full) */
char *cn_route_unmet_detail(const CnRoutes *routes, const CnNeedRoute *route, CnRule by_others);
char *cn_route_unmet_advice(const CnRoutes *routes, const CnNeedRoute *route);
/* The slug of the first binding reason of an unmet need; "not-offered" where nobody offers it. */
const char *cn_route_unmet_reason(const CnNeedRoute *route);
