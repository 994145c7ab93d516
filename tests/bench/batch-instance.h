/* Invented batch instances on the real gazetteer: a directory and cases that compete for it. For
 * benchmarks and the comparison with other solvers only. */
#pragma once

#include "directory/directory.h"
#include "model/case.h"
#include "model/policy.h"
#include "routing/market.h"

/* The instant of such an instance: Monday 2026-11-16, 09:00 in Manila. */
#define BATCH_NOW_S G_GINT64_CONSTANT(1794790800)

typedef struct {
    guint32 seed;
    guint cases;
    guint offerings;
    double supply; /* places for each unit of demand, over all and within each service */
} BatchSize;

typedef struct {
    carenet_directory *directory;
    carenet_cases *cases;
} BatchInstance;

/* 40 counted services, an equal share of the offerings and needs each; towns of both drawn by
 * population; half of the providers at a point of their own; 1 to twice the mean places; ages, sex,
 * languages, groups, access, documents; one case in ten an emergency, three urgent; one in ten with a
 * travel limit, one in fifty known somewhere. Deterministic. */
void batch_instance_make(BatchInstance *instance, const BatchSize *size, CnReference *reference);
void batch_instance_clear(BatchInstance *instance);
/* Draws the facts of one case in @percent anew, for warm starts. */
void batch_instance_change(BatchInstance *instance, guint32 seed, guint percent);
/* The market at that instant. */
CnMarket *batch_instance_market(const BatchInstance *instance,
                                const CnPolicy *policy,
                                GError **error);
