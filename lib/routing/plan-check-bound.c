/* Proving a plan anew: whether its prices and penalties prove its bound, and what it says of one more place. */
#include "routing/plan-check-private.h"
#include "routing/plan-proof.h"
#include "routing/quota-let-in.h"

/* An exchange that gets somebody a place visits an offering at most once, so one unmet unit must
 * outweigh the dearest way through all of them; and each tier the next. */
static gboolean
check_penalties(CnCheck *check, const CnPlanProof *proof)
{
    const gint64 *penalties = check->plan->penalties;
    const gint64 most = proof->most_cost;
    const gboolean apart = penalties[CN_URGENT] - penalties[CN_ROUTINE] >= penalties[CN_ROUTINE] &&
                           penalties[CN_EMERGENCY] - penalties[CN_URGENT] >= penalties[CN_ROUTINE];
    const gboolean enough = penalties[CN_ROUTINE] / (proof->eligible_len + 1) >= most &&
                            penalties[CN_ROUTINE] > (proof->eligible_len + 1) * most;
    const gboolean ok = apart && (enough || most == 0);
    return cn_check_tell(
        check, "penalties", ok,
        ok ? "an unmet unit outweighs every exchange: the dearest pair costs %" G_GINT64_FORMAT
           : "an unmet unit does not outweigh every exchange: the dearest pair "
             "costs %" G_GINT64_FORMAT,
        most);
}

static gboolean
check_prices(CnCheck *check)
{
    for (guint i = 0; i < check->plan->prices->len; i++) {
        const CnPlanPrice *price = cn_plan_price_at(check->plan, i);
        const gint offering = cn_listing_offering(check->listing, price->offering);
        if (offering < 0 ||
            (price->price > 0 && cn_plan_proof_places(check->needs, (guint)offering) == G_MAXINT64))
            return cn_check_tell(check, "prices", FALSE, "%s has a price and %s", price->offering,
                                 offering < 0 ? "is not in the directory" : "no limit of places");
        check->price[offering] = price->price;
    }
    return cn_check_tell(check, "prices", TRUE, "%u offerings have a price, none below 0",
                         check->plan->prices->len);
}

static gboolean
is_told_as_found(const CnCheck *check, const CnPlanProof *proof, guint group, gboolean let_in)
{
    const CnPlanQuota *row = cn_check_quota(check, group);
    const CnPlanValue saves = cn_quota_saving(&check->plan->bound, &proof->more[group]);
    return row->told == !let_in && (!row->told || cn_plan_value_compare(&row->saves, &saves) == 0);
}

static gboolean
check_savings(CnCheck *check, const CnPlanProof *proof)
{
    const CnQuotas *quotas = &check->needs->quotas;
    if (check->plan->quotas->len == 0)
        return TRUE;
    g_autofree guint8 *let_in = cn_quotas_let_in_new(check->needs, check->bonds);
    for (guint g = 0; g < quotas->len; g++) {
        g_autofree char *name = cn_quota_name(quotas, g, check->listing->reference);
        if (!is_told_as_found(check, proof, g, let_in[g]))
            return cn_check_tell(
                check, "savings", FALSE,
                "what one more place under the quota of %s saves does not follow from the "
                "prices",
                name);
    }
    return cn_check_tell(
        check, "savings", TRUE,
        "what one more place under each quota saves at most follows from the prices");
}

static gboolean
check_bound(CnCheck *check, const CnPlanProof *proof)
{
    const CnPlanValue *claimed = &check->plan->bound, *proved = &proof->bound;
    if (proof->overflown)
        return cn_check_tell(check, "bound", FALSE,
                             "the prices and penalties are too large for any sum");
    if (cn_plan_value_compare(claimed, proved) > 0)
        return cn_check_tell(check, "bound", FALSE,
                             "the prices prove no more than %" G_GINT64_FORMAT
                             " emergency, %" G_GINT64_FORMAT " urgent and %" G_GINT64_FORMAT
                             " routine units unmet, cost %" G_GINT64_FORMAT
                             "; the plan claims more",
                             proved->unmet[CN_EMERGENCY], proved->unmet[CN_URGENT],
                             proved->unmet[CN_ROUTINE], proved->cost);
    const char *level = NULL;
    const double gap = cn_plan_gap(check->plan, &level);
    if (level == NULL)
        return cn_check_tell(
            check, "bound", TRUE,
            "the prices prove the bound over all pairs of need and offering; the gap is 0");
    return cn_check_tell(
        check, "bound", TRUE,
        "the prices prove the bound over all pairs of need and offering; the gap is %.2f%% "
        "of %s",
        gap * 100, level);
}

gboolean
cn_check_bound(CnCheck *check)
{
    if (!check_prices(check))
        return FALSE;
    g_autofree CnPlanValue *more = g_new0(CnPlanValue, (gsize)check->needs->quotas.len + 1);
    CnPlanProof proof = {.needs = check->needs,
                         .bonds = check->bonds,
                         .penalties = check->plan->penalties,
                         .price = check->price,
                         .offering_of = check->offering_of,
                         .pinned = check->pinned,
                         .kept_at = check->kept_at,
                         .max_moves = check->plan->max_moves,
                         .threads = check->threads,
                         .more = check->plan->quotas->len > 0 ? more : NULL};
    cn_plan_prove(&proof);
    return check_penalties(check, &proof) && check_bound(check, &proof) &&
           check_savings(check, &proof);
}
