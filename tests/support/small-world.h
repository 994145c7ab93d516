/* A network of two providers and a case that both can take, to be spoilt by one change at a time.
 *
 * ex-open     public, Cagayan de Oro: trauma-therapy, 2 of 3 places free
 * ex-shelter  restricted, shown as Northern Mindanao, in Iligan: emergency-shelter, 2 of 5 free
 * C-1         a girl of 15 in Cagayan de Oro: trauma-therapy and emergency-shelter, routine */
#pragma once

#include "model/case.h"
#include "model/network.h"
#include "routing/route.h"

/* Monday 2026-11-16, 09:30 local time. */
#define SMALL_NOW_S G_GINT64_CONSTANT(1794792600)

typedef struct {
    CnReference *reference;
    CnNetwork *network;
    CnProvider *open, *shelter;
    CnOffering *therapy, *bed;
    carenet_policy *policy; /* a copy of data/policy.yaml, to be edited */
    carenet_cases *cases;
    CnCase *person;
    CnNeed *needs_therapy, *needs_bed;
    carenet_route_options options;
    carenet_directory *directory; /* made by small_world_route() */
    carenet_routes *routes;
} SmallWorld;

SmallWorld *small_world_new(CnReference *reference);
void small_world_free(SmallWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmallWorld, small_world_free)

/* Routes all cases; the answers stand in order. */
void small_world_route(SmallWorld *world);
/* The first reason why an offering was refused for a need, NULL where it was ranked, and the words
 * for it. Routes first where nobody has. */
const char *small_world_refusal(SmallWorld *world,
                                guint need,
                                const char *offering,
                                char **out_detail);

/* Another case like C-1 as it is now, sibling of the same group where it has one. */
CnCase *small_world_add_case(SmallWorld *world, const char *ref);
CnDate small_world_day(int days_from_today);
CnAreaId small_world_area(const SmallWorld *world, const char *name);
gint small_world_term(const SmallWorld *world, carenet_terms_kind kind, const char *id);
CnServiceId small_world_service(const SmallWorld *world, const char *id);
