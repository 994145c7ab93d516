/* The offerings that a need of a plan could have: what they cost where the plan has the others, what is left there, and
 * who is in the way. */
#include "routing/plan-explain-private.h"

#include "routing/fairness.h"
#include "routing/plan-shares.h"

#include <string.h>

static gint
compare_offers(gconstpointer x, gconstpointer y)
{
    const CnOffer *a = x, *b = y;
    if (a->chosen != b->chosen)
        return a->chosen ? -1 : 1;
    if ((a->barred == CN_RULE_NONE) != (b->barred == CN_RULE_NONE))
        return a->barred == CN_RULE_NONE ? -1 : 1;
    const gint64 a_sum = a->cost + a->price, b_sum = b->cost + b->price;
    if (a_sum != b_sum)
        return a_sum < b_sum ? -1 : 1;
    return (a->offering > b->offering) - (a->offering < b->offering);
}

/* What the need pays for use where the plan has it, or would pay for the next places, or for the last ones
 * where there are no next. */
static gint64
cost_of_use(const CnExplain *explain, guint need, guint offering)
{
    const CnPlanQuestion *asked = &explain->needs->asked;
    const gint32 units = cn_plan_need_of(explain->needs, need)->units;
    if (explain->offering_of[need] == (gint)offering)
        return cn_plan_share(explain->shares, need);
    const CnListing *listing = asked->directory->listing;
    return cn_fair_cost(asked->policy, listing, offering,
                        cn_fair_next(listing, offering, explain->use.used[offering], units), units,
                        0);
}

void
cn_explain_company_clear(CnExplainCompany *company)
{
    cn_plan_companions_clear(&company->companions);
}

void
cn_explain_company_init(CnExplainCompany *company, const CnExplain *explain, guint need)
{
    cn_plan_need_origin(explain->needs, need, &company->origin);
    cn_plan_companions_find(explain->needs, need, explain->offering_of, &company->companions);
    company->question = cn_plan_need_question(explain->needs, need, &company->origin);
    company->question.companions = &company->companions;
}

static CnRule
rule_of_company(const CnExplainCompany *company, guint offering)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, &company->question, offering);
    return cn_rules_first_broken(&company->question, &candidate,
                                 CN_RULE_BIT(CN_RULE_CO_VICTIM) |
                                     CN_RULE_BIT(CN_RULE_SIBLING_APART) |
                                     CN_RULE_BIT(CN_RULE_BUNDLE));
}

GArray *
cn_explain_offers(const CnExplain *explain,
                  guint need,
                  const CnNeedRoute *route,
                  const CnExplainCompany *company)
{
    GArray *offers = g_array_new(FALSE, FALSE, sizeof(CnOffer));
    for (guint i = 0; i < route->ranked->len; i++) {
        const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, i);
        CnOffer offer = {.offering = ranked->offering,
                         .price = cn_plan_use_worth(&explain->use, explain->plan, ranked->offering),
                         .chosen = explain->offering_of[need] == (gint)ranked->offering};
        offer.barred = offer.chosen ? CN_RULE_NONE : rule_of_company(company, ranked->offering);
        memcpy(offer.lines, ranked->lines, sizeof offer.lines);
        /* Route knows who could stay together, a plan who does. */
        offer.cost =
            ranked->cost - ranked->lines[CN_COST_SIBLINGS_APART] - ranked->lines[CN_COST_USE];
        offer.lines[CN_COST_SIBLINGS_APART] = 0;
        offer.lines[CN_COST_USE] = cost_of_use(explain, need, ranked->offering);
        offer.cost += offer.lines[CN_COST_USE];
        offer.cost += cn_plan_bonds_cost(&explain->bonds, need, ranked->offering,
                                         explain->offering_of, offer.lines);
        g_array_append_val(offers, offer);
    }
    g_array_sort(offers, compare_offers);
    return offers;
}

void
cn_explain_count(const CnExplain *explain, guint need, const CnExplainCompany *company, gint times)
{
    const CnServiceId service = cn_plan_need_of(explain->needs, need)->service;
    cn_plan_use_count(&explain->use, need, times);
    for (guint i = 0; i < company->companions.together->len; i++) {
        const CnCase *sibling = g_ptr_array_index(company->companions.together, i);
        const gint same = cn_plan_need_of_sibling(explain->needs, sibling, service);
        if (same >= 0)
            cn_plan_use_count(&explain->use, (guint)same, times);
    }
}

CnLeft
cn_explain_left(const CnExplain *explain, const CnOffer *offer, const CnExplainCompany *company)
{
    const gint64 left = cn_plan_use_left(&explain->use, offer->offering);
    return left >= company->companions.units ? CN_LEFT_ENOUGH
           : left > 0                        ? CN_LEFT_TOO_FEW
                                             : CN_LEFT_NONE;
}

char *
cn_explain_worth(const CnExplain *explain, const CnOffer *offer)
{
    const CnPlanValue worth = cn_plan_price_read(explain->plan->penalties, offer->price);
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (worth.unmet[tier] != 0)
            return cn_plan_saving_told(&worth);
    return g_strdup_printf("%" G_GINT64_FORMAT, offer->price);
}

char *
cn_explain_too_few(const CnExplainCompany *company)
{
    return g_strdup_printf("too few places are left for the %d that are needed together",
                           (int)company->companions.units);
}
