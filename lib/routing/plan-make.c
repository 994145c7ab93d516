/* The record of a plan: assignments with their costs, the unmet with their reasons, prices, digests. */
#include "routing/plan-make.h"

#include "model/case-digest.h"
#include "routing/fairness.h"
#include "routing/plan-bonds.h"
#include "routing/plan-shares.h"
#include "routing/quota-let-in.h"
#include "routing/quota-price.h"

#include <string.h>

static void
add_assignment(CnPlan *plan,
               const CnPlanBonds *bonds,
               guint need,
               gint64 use,
               const CnPlanAnswer *answer,
               CnPlanWay *way)
{
    const CnPlanNeeds *needs = bonds->needs;
    const guint offering = (guint)answer->offering_of[need];
    const CnListing *listing = needs->asked.directory->listing;
    const CnQuestion question = cn_plan_way_question(needs, need, way);
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    cn_candidate_init(&candidate, &question, offering);
    const CnPlanned planned = {
        .ref = g_string_chunk_insert(plan->text, question.person->ref),
        .service = cn_plan_text(
            plan, cn_service(listing->reference->taxonomy, question.need->service)->id),
        .provider = cn_plan_text(plan, cn_listed_text(listing, candidate.provider->id)),
        .offering = cn_plan_text(plan, cn_listed_text(listing, candidate.offered->id)),
        .cost = cn_cost_lines(&question, &candidate, TRUE, lines) +
                cn_plan_bonds_cost(bonds, need, offering, answer->offering_of, lines) + use,
        .need = cn_plan_need(needs, need)->need + 1,
        .units = question.need->units,
        .pinned = answer->pinned != NULL && answer->pinned[need]};
    plan->objective.cost += planned.cost;
    g_array_append_val(plan->assignments, planned);
}

static void
add_needs(CnPlan *plan, const CnPlanNeeds *needs, const CnPlanAnswer *answer)
{
    CnPlanWay way = {.made = FALSE};
    g_auto(CnPlanBonds) bonds = {NULL};
    g_autofree gint64 *shares = cn_plan_shares_new(needs, answer->offering_of);
    cn_plan_bonds_init(&bonds, needs);
    for (guint at = 0; at < needs->needs->len; at++) {
        const guint need = needs->order[at];
        const CnNeed *of = cn_plan_need_of(needs, need);
        if (answer->offering_of[need] >= 0)
            add_assignment(plan, &bonds, need, cn_plan_share(shares, need), answer, &way);
        else
            plan->objective.unmet[of->urgency] += of->units;
    }
}

/* Nobody has to be told what the next place costs anyway for its use. */
static void
add_prices(CnPlan *plan, const CnPlanQuestion *asked, const gint64 *prices)
{
    const CnListing *listing = asked->directory->listing;
    for (guint i = 0; i < listing->offerings_len; i++)
        if (prices[i] > cn_fair_extra(asked->policy, listing, i, 1)) {
            const CnPlanPrice price = {
                cn_plan_text(plan, cn_listed_text(listing, listing->offerings[i].id)), prices[i]};
            g_array_append_val(plan->prices, price);
        }
}

/* Whose places are not the quotas' to give: the pinned, and where nobody may move those who stay. (transfer full) */
static guint8 *
held_new(const CnPlanNeeds *needs, const CnPlanAnswer *answer)
{
    const gsize len = needs->needs->len;
    guint8 *held = g_new0(guint8, MAX(len, 1));
    if (answer->pinned != NULL)
        memcpy(held, answer->pinned, len);
    for (guint i = 0; answer->kept != NULL && answer->max_moves == 0 && i < answer->kept->len; i++)
        if (cn_kept(answer->kept, i)->released == CN_RULE_NONE)
            held[cn_kept(answer->kept, i)->need] = TRUE;
    return held;
}

static void
add_quotas(CnPlan *plan, const CnPlanNeeds *needs, const CnPlanAnswer *answer)
{
    const CnQuotas *quotas = &needs->quotas;
    const CnReference *reference = needs->asked.policy->reference;
    g_autofree guint8 *held = held_new(needs, answer);
    const CnQuotaPrices of = {needs, answer->price, answer->penalties, answer->offering_of, held};
    g_auto(CnPlanBonds) bonds = {NULL};
    if (quotas->len == 0)
        return;
    cn_plan_bonds_init(&bonds, needs);
    g_autofree gint64 *used = cn_quotas_used_new(needs, answer->offering_of);
    g_autofree guint8 *let_in = cn_quotas_let_in_new(needs, &bonds);
    g_autofree CnPlanValue *price = cn_quota_prices_new(&of);
    for (guint g = 0; g < quotas->len; g++) {
        g_autofree char *name = cn_quota_name(quotas, g, reference);
        CnPlanQuota row = {.kind = cn_quota_kind(quotas, g),
                           .id = cn_plan_text(plan, cn_quota_id(quotas, g, reference)),
                           .name = cn_plan_text(plan, name),
                           .places = cn_quota_places(quotas, g),
                           .used = used[g],
                           .told = !let_in[g]};
        if (row.told)
            row.saves = cn_quota_saving(&answer->bound, &price[g]);
        g_array_append_val(plan->quotas, row);
    }
}

static void
add_kept(CnPlan *plan, const CnPlanNeeds *needs, const CnPlanAnswer *answer)
{
    const CnTaxonomy *taxonomy = needs->asked.directory->listing->reference->taxonomy;
    if (answer->former == NULL)
        return;
    g_autofree char *digest = cn_plan_assignments_digest(answer->former);
    plan->keep = cn_plan_text(plan, digest);
    plan->max_moves = answer->max_moves;
    for (guint i = 0; i < answer->kept->len; i++) {
        const CnKept *kept = cn_kept(answer->kept, i);
        const CnCase *person = cn_plan_person(needs, kept->need);
        const guint need = cn_plan_need(needs, kept->need)->need + 1;
        CnPlanKept row = {
            .ref = g_string_chunk_insert(plan->text, person->ref),
            .service = cn_plan_text(
                plan, cn_service(taxonomy, cn_plan_need_of(needs, kept->need)->service)->id),
            .offering =
                cn_plan_text(plan, cn_plan_assignment(answer->former, person->ref, need)->offering),
            .need = need};
        if (kept->released != CN_RULE_NONE)
            row.state = CN_KEPT_RELEASED;
        else if (answer->offering_of[kept->need] != kept->offering)
            row.state = CN_KEPT_MOVED;
        if (row.state == CN_KEPT_RELEASED)
            row.reason = cn_plan_text(plan, cn_rule_reason(kept->released));
        g_array_append_val(plan->kept, row);
    }
}

static void
add_sources(CnPlan *plan, const CnPlanQuestion *asked)
{
    g_autofree char *cases = cn_cases_digest(asked->cases);
    plan->now_s = asked->now_s;
    plan->at_s = asked->at_s;
    plan->include_unconfirmed = asked->include_unconfirmed;
    plan->include_unknown_capacity = asked->include_unknown_capacity;
    plan->demonstration = asked->directory->listing->network.demonstration;
    plan->revision = asked->directory->revision;
    plan->directory = cn_plan_text(plan, cn_directory_digest(asked->directory));
    plan->policy = cn_plan_text(plan, cn_policy_digest(asked->policy));
    plan->policy_id = cn_plan_text(plan, asked->policy->id);
    for (gsize i = 0; i < carenet_policy_plugins_len(asked->policy); i++)
        g_ptr_array_add(plan->plugins,
                        (gpointer)cn_plan_text(plan, carenet_policy_plugin_name(asked->policy, i)));
    plan->cases = cn_plan_text(plan, cases);
    plan->cases_len = asked->cases->cases->len;
}

CnPlan *
cn_plan_make(const CnPlanNeeds *needs, const CnPlanAnswer *answer)
{
    CnPlan *plan = cn_plan_new();
    CnPlanUse use;
    add_sources(plan, &needs->asked);
    add_needs(plan, needs, answer);
    add_prices(plan, &needs->asked, answer->price);
    add_quotas(plan, needs, answer);
    add_kept(plan, needs, answer);
    for (guint tier = 0; tier < CN_TIERS; tier++)
        plan->penalties[tier] = answer->penalties[tier];
    plan->bound = answer->bound;
    plan->stopped_by = answer->stopped_by;
    plan->optimal = cn_plan_value_compare(&plan->objective, &plan->bound) == 0;
    CnPlanReasons reasons = answer->reasons;
    reasons.price = cn_plan_prices_tell(plan, needs) ? answer->price : NULL;
    reasons.penalties = plan->penalties;
    cn_plan_use_init(&use, needs, answer->offering_of);
    cn_plan_explain_unmet(plan, &use, &reasons);
    cn_plan_use_clear(&use);
    plan->searched =
        !plan->optimal && answer->searched && answer->stopped_by == CN_PLAN_STOPPED_NOT;
    cn_plan_sort(plan);
    return plan;
}
