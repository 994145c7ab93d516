/* Batch routing the plain way, for comparison: every pair is put to the hard rules and the cost lines,
 * every arc is stored, and units are placed one by one along shortest paths found by Bellman and Ford.
 * Shares nothing with the solver but the rules and the costs of one pair. */
#pragma once

#include "routing/market.h"

typedef struct {
    const CnDirectory *directory;
    const CnPolicy *policy;
    const carenet_cases *cases;
    CnMarketOptions options; /* as given to the market */
    const guint32 *taken;    /* nullable, by offering */
    const guint8 *left_out;  /* nullable, by need */
    CnQuotas quotas;         /* which offerings each counts; the flow under them is found here */
    CnOrigin *origins;       /* by person; see assign_oracle_prepare() */
    /* Nullable, by need and offering, and by person: see assign_oracle_remember(). */
    gint64 *costs;
    guint *first_need;
} AssignOracle;

/* Finds the ways from every person's town once; they are freed by assign_oracle_clear(). */
void assign_oracle_prepare(AssignOracle *oracle);
void assign_oracle_clear(AssignOracle *oracle);
/* Works out all pairs once, for a world that is asked many times. Nothing that costs read may change
 * after it: cases, directory, policy and options. */
void assign_oracle_remember(AssignOracle *oracle);

/* What a need pays at an offering, without its use, or -1 where it may not go, with the siblings with whom it must
 * stay. */
gint64 assign_oracle_cost(const AssignOracle *oracle, guint person, guint need, guint offering);
/* Free places; -1 without end. */
gint64 assign_oracle_places(const AssignOracle *oracle, guint offering);
/* The best there is, pins included. */
CnLevels assign_oracle_solve(const AssignOracle *oracle);
