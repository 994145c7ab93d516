/* Routing by brute force, written from the design text and not from the library: every rule and
 * every cost of one need, on the plain records, with the disclosure rule applied here once more.
 * Slow and obvious on purpose. Only travel times between points are the library's own. */
#pragma once

#include "model/case.h"
#include "model/network.h"
#include "model/policy.h"

#define ORACLE_REASONS 33
#define ORACLE_COSTS   13
#define ORACLE_USE     12 /* the line of use */

/* What is asked. The network is sorted, so the position of an offering is its rank by id. */
typedef struct {
    const CnNetwork *network;
    const CnReference *reference;
    const CnPolicy *policy;
    const GPtrArray *cases; /* (element-type CnCase) */
    gint64 now_s;
    gint64 at_s;
    gboolean include_unconfirmed;
    gboolean include_unknown_capacity;
} OracleWorld;

/* One offering of the network for one need. */
typedef struct {
    const CnProvider *provider;
    const CnOffering *offering;
    gboolean broken[ORACLE_REASONS];
    gint first; /* position of the first broken reason, or -1 */
    gint64 lines[ORACLE_COSTS];
    gint64 cost;
    gint64 group_cost; /* with those of the siblings who must go along */
} OracleOffer;

typedef struct {
    const CnCase *person;
    GPtrArray *together; /* (element-type CnCase) siblings who must stay with it */
    guint offered, eligible, reachable, free;
    GArray *offers;      /* (element-type OracleOffer) every offering of the network, by id */
    GArray *ranked;      /* (element-type guint) positions in offers, best first */
    const char *binding; /* where nobody can: the first reason that leaves nobody */
} OracleAnswer;

const char *oracle_reason(guint i);
gboolean oracle_is_editable(guint i);
const char *oracle_cost(guint i);

/* The answers to all needs of all cases, in order. (element-type OracleAnswer) (transfer full) */
GPtrArray *oracle_route(const OracleWorld *world);

/* Whether @inner is @outer or below it, by walking upwards. */
gboolean oracle_lies_in(const CnGazetteer *gazetteer, CnAreaId inner, CnAreaId outer);
/* Where a provider is shown. */
CnAreaId oracle_shown_area(const CnProvider *provider);
