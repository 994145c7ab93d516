/* The proof of a plan: what one pair of need and offering costs at the prices, and sums of that. */
#include "routing/plan-proof-private.h"

/* ---- Sums. */

void
cn_proof_add(CnPlanValue *sum, const CnPlanValue *value, gint64 times, gboolean *overflown)
{
    gint64 product;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (__builtin_mul_overflow(value->unmet[tier], times, &product) ||
            __builtin_add_overflow(sum->unmet[tier], product, &sum->unmet[tier]))
            *overflown = TRUE;
    if (__builtin_mul_overflow(value->cost, times, &product) ||
        __builtin_add_overflow(sum->cost, product, &sum->cost))
        *overflown = TRUE;
}

CnPlanValue
cn_proof_unmet(const CnNeed *need)
{
    CnPlanValue value = {{0}, 0};
    value.unmet[need->urgency] = need->units;
    return value;
}

/* ---- Pairs. */

gboolean
cn_proof_is_eligible(const CnPlanProof *proof,
                     const CnQuestion *question,
                     guint offering,
                     gint64 *out_cost)
{
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, offering);
    const gint64 units =
        question->companions != NULL ? question->companions->units : question->need->units;
    if (units > cn_quotas_most(&proof->needs->quotas, offering) ||
        cn_rules_first_broken(question, &candidate, CN_RULES_ALL) != CN_RULE_NONE)
        return FALSE;
    *out_cost = cn_cost_lines(question, &candidate, TRUE, lines);
    return TRUE;
}

gboolean
cn_proof_may_go(CnProofLocal *local, const CnQuestion *question, guint offering, gint64 *out_cost)
{
    if (!cn_proof_is_eligible(local->proof, question, offering, out_cost))
        return FALSE;
    local->most_cost = MAX(local->most_cost, *out_cost + local->use_most[offering]);
    local->eligible[offering] = TRUE;
    return TRUE;
}

CnPlanValue
cn_proof_value_at(CnProofLocal *local, gint64 cost, gint64 units, guint offering)
{
    CnPlanValue value = {{0}, cost};
    if (local->price[offering] > 0)
        cn_proof_add(&value, &local->prices[offering], units, &local->overflown);
    return value;
}

gint64
cn_proof_units(const CnPlanProof *proof, guint need)
{
    return proof->pinned[need] ? 0 : cn_plan_need_of(proof->needs, need)->units;
}

gint
cn_proof_place(const CnPlanProof *proof, guint need, gboolean stay)
{
    if (proof->pinned[need])
        return proof->offering_of[need];
    return stay ? proof->kept_at[need] : -1;
}
