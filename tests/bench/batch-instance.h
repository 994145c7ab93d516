/* Invented batch instances on the real gazetteer: a directory and cases that compete for it. For
 * benchmarks and the comparison with other solvers only. */
#pragma once

#include "invented.h"

#include "directory/directory.h"
#include "model/case.h"
#include "model/policy.h"
#include "routing/market.h"

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

/* 40 counted services, some asked for and offered much more than others (the first one case in six, the last one in 150);
 * towns of both drawn by population; half of the providers at a point of their own; 1 to twice the mean places; ages, sex
 * and languages, and few cases with groups, access needs or missing documents; one case in ten an emergency, three urgent;
 * one in twenty with a travel limit, one in fifty known somewhere. Seed 1 at 100,000 x 10,000 and 2.5 has 36 million arcs
 * of cases and 86,000 classes. Deterministic. */
void batch_instance_make(BatchInstance *instance, const BatchSize *size, CnReference *reference);
void batch_instance_clear(BatchInstance *instance);
/* The network of its directory, for a store. (transfer full) */
CnNetwork *batch_instance_network(const BatchSize *size, const CnReference *reference);
/* Draws the facts of one case in @percent anew, for warm starts. */
void batch_instance_change(BatchInstance *instance, guint32 seed, guint percent, guint8 *changed);
/* How siblings stay together, of "require" and "prefer"; FALSE for any other word. */
gboolean batch_keep_read(const char *word, CnSiblings *out_keep);
/* Makes siblings of one case in @percent: two to four of them in a row, of one town and service, who are to stay together
 * as @keep says. */
void batch_instance_join(BatchInstance *instance, guint32 seed, guint percent, CnSiblings keep);
/* The market at INVENTED_NOW_S. */
CnMarket *batch_instance_market(const BatchInstance *instance,
                                const CnPolicy *policy,
                                guint threads,
                                GError **error);
