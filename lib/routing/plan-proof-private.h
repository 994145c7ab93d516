/* The parts of the proof; see plan-proof.c. Like all of it they share nothing with what makes plans but the rules, the costs
 * and who belongs to whom. */
#pragma once

#include "routing/plan-proof.h"

/* What is known of an offering before anybody asks for it. */
typedef struct {
    CnPlanValue least; /* what a unit costs at least there at the prices, but for the way */
    gint64 rest_least; /* the same without the price, */
    gint64 rest_most;  /* and at most, with the use of its dearest place */
    guint offering;
    guint point; /* where it is; CN_PROOF_REMOTE: nobody goes there */
} CnProofOffering;
#define CN_PROOF_REMOTE G_MAXUINT

/* What one thread finds. */
typedef struct {
    CnPlanProof *proof;
    const gint64 *price;       /* of each offering: what one place is asked for, use included */
    const CnPlanValue *prices; /* the same, in levels */
    const gint64 *use_most;    /* of each offering: what its dearest place costs for its use */
    CnPlanValue *least;        /* of each class, of a whole need */
    const guint8 *is_alone;    /* of each class: a need of it has no company */
    GArray **
        meeting; /* by service: (element-type CnProofOffering) whatever meets it; NULL: nobody asks */
    guint8 *eligible; /* of each offering */
    gint64 most_cost;
    GArray *gains; /* (element-type CnPlanValue) what leaving saves those who keep a place */
    gboolean overflown;
} CnProofLocal;

/* ---- One pair, and sums of what pairs cost: plan-proof-pair.c. */

static inline void
cn_proof_lower(CnPlanValue *least, const CnPlanValue *value)
{
    if (cn_plan_value_compare(value, least) < 0)
        *least = *value;
}

/* Adds a value so many times. */
void cn_proof_add(CnPlanValue *sum, const CnPlanValue *value, gint64 times, gboolean *overflown);
/* Of a need that has no place. */
CnPlanValue cn_proof_unmet(const CnNeed *need);

/* Also the rule of free places: whoever wants more than an offering has cannot go there at all. */
gboolean cn_proof_is_eligible(const CnPlanProof *proof,
                              const CnQuestion *question,
                              guint offering,
                              gint64 *out_cost);
/* The same for one who may go anywhere: the pair is one of those that the penalties outweigh. */
gboolean cn_proof_may_go(CnProofLocal *local,
                         const CnQuestion *question,
                         guint offering,
                         gint64 *out_cost);
/* What it costs at the prices. */
CnPlanValue cn_proof_value_at(CnProofLocal *local, gint64 cost, gint64 units, guint offering);
/* Places that a need pays for: none where it is pinned. */
gint64 cn_proof_units(const CnPlanProof *proof, guint need);
/* Where a need must be; -1 anywhere. */
gint cn_proof_place(const CnPlanProof *proof, guint need, gboolean stay);

/* ---- Needs that are looked at together: plan-proof-group.c, plan-proof-bundle.c. */

/* The least of all of them; with @stay, of those who keep a place, what staying costs. */
CnPlanValue cn_proof_least_of_group(CnProofLocal *local,
                                    const CnBond *bond,
                                    const GArray *needs,
                                    gboolean stay);
/* All by one provider, a need that it does not take unmet; or, where that is only preferred, each
 * anywhere, for what one provider more costs. */
CnPlanValue cn_proof_least_of_bundle(CnProofLocal *local,
                                     const CnBond *bond,
                                     const GArray *needs,
                                     gboolean stay);

/* ---- Places: plan-proof-places.c. */

/* Adds what pinned needs pay for the use of their places to the bound, and takes off what all other places together are worth at most: the dearest are taken first while its quotas let them.
 * Sets that a laminar family allows are a matroid's, so that nothing is worth more (Edmonds 1971). */
void cn_proof_take_places(CnProofLocal *local);
