/* Proving a plan anew. What the plan says is taken for nothing: needs, rules, costs, places and counts
 * are worked out from directory, policy and cases, and the prices must prove the bound over every pair
 * of need and offering (plan-proof.c). Sums of integers, so the number of threads does not matter. */
#include "routing/plan-check-private.h"
#include "routing/plan-proof.h"
#include "routing/plan-shares.h"
#include "routing/plan-why.h"

#include "base/error.h"
#include "base/pieces.h"
#include "directory/partial.h"
#include "directory/plug.h"
#include "model/case-digest.h"

#include <string.h>

/* Who breaks which rule is told by the full table; places are counted by themselves. */
#define PAIR_RULES (CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL))

static const CnColumn columns[] = {{"check", CARENET_COLUMN_TEXT},
                                   {"ok", CARENET_COLUMN_BOOL},
                                   {"detail", CARENET_COLUMN_TEXT}};

gboolean
cn_check_tell(CnCheck *check, const char *name, gboolean ok, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *detail = g_strdup_vprintf(format, args);
    va_end(args);
    cn_table_add_text(check->table, name);
    cn_table_add_bool(check->table, ok);
    cn_table_add_text(check->table, detail);
    return ok;
}

/* ---- Does it belong to these? */

static gboolean
check_sources(CnCheck *check, const CnPlanQuestion *asked)
{
    const CnPlan *plan = check->plan;
    const struct {
        const char *name, *says, *is;
    } sources[] = {{"directory", plan->directory, cn_directory_digest(asked->directory)},
                   {"policy", plan->policy, cn_policy_digest(asked->policy)}};
    g_autofree char *plugins = cn_plan_plugins_told(plan, asked->policy);
    if (plugins != NULL)
        return cn_check_tell(check, "policy", FALSE, "%s", plugins);
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        const gboolean same = g_strcmp0(sources[i].says, sources[i].is) == 0;
        if (!cn_check_tell(check, sources[i].name, same,
                           same ? "digest %.12s"
                                : "the plan was made from another one, with the digest %.12s",
                           sources[i].says))
            return FALSE;
    }
    if (strcmp(plan->policy_id, asked->policy->id) != 0)
        return cn_check_tell(check, "policy", FALSE, "the plan calls its policy by another id");
    if (plan->demonstration != asked->directory->listing->network.demonstration)
        return cn_check_tell(check, "directory", FALSE,
                             "the plan does not say of the directory whether its places are real");
    g_autofree char *digest = cn_cases_digest(asked->cases);
    const gboolean same =
        strcmp(plan->cases, digest) == 0 && plan->cases_len == asked->cases->cases->len;
    return cn_check_tell(check, "cases", same,
                         same ? "%" G_GINT64_FORMAT " cases"
                              : "the plan was made for other cases (%" G_GINT64_FORMAT " of them)",
                         plan->cases_len);
}

/* ---- Every need once. */

gboolean
cn_check_says_service(const CnPlanNeeds *needs, gint need, const char *service)
{
    const CnTaxonomy *taxonomy = needs->asked.directory->listing->reference->taxonomy;
    return strcmp(cn_service(taxonomy, cn_plan_need_of(needs, (guint)need)->service)->id,
                  service) == 0;
}

static gboolean
says_need(const CnPlanNeeds *needs, gint need, const char *service, gint32 units)
{
    return cn_check_says_service(needs, need, service) &&
           cn_plan_need_of(needs, (guint)need)->units == units;
}

static gboolean
check_needs(CnCheck *check)
{
    const CnPlan *plan = check->plan;
    const guint len = check->needs->needs->len;
    g_autofree guint8 *met = g_new0(guint8, MAX(len, 1));
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        const gint need = cn_plan_needs_find(check->needs, planned->ref, planned->need);
        if (need < 0 || met[need] ||
            !says_need(check->needs, need, planned->service, planned->units))
            return cn_check_tell(check, "needs", FALSE,
                                 "case %s: need %u is assigned, but is not like that", planned->ref,
                                 planned->need);
        met[need] = TRUE;
    }
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        const gint need = cn_plan_needs_find(check->needs, unmet->ref, unmet->need);
        if (need < 0 || met[need] || !says_need(check->needs, need, unmet->service, unmet->units) ||
            cn_plan_need_of(check->needs, (guint)need)->urgency != unmet->urgency)
            return cn_check_tell(check, "needs", FALSE,
                                 "case %s: need %u is unmet, but is not like that", unmet->ref,
                                 unmet->need);
        met[need] = TRUE;
    }
    for (guint i = 0; i < len; i++)
        if (!met[i])
            return cn_check_tell(check, "needs", FALSE, "case %s: need %u is nowhere in the plan",
                                 cn_plan_person(check->needs, i)->ref,
                                 cn_plan_need(check->needs, i)->need + 1);
    return cn_check_tell(check, "needs", TRUE, "%u needs, each stands once", len);
}

/* ---- Offerings, rules and costs of what is assigned. */

static gboolean
check_offerings(CnCheck *check)
{
    const CnPlan *plan = check->plan;
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        const gint need = cn_plan_needs_find(check->needs, planned->ref, planned->need);
        const gint offering = cn_listing_offering(check->listing, planned->offering);
        const char *provider =
            offering >= 0
                ? cn_listed_text(check->listing,
                                 cn_listed_provider_of(check->listing, (guint)offering)->id)
                : NULL;
        if (g_strcmp0(provider, planned->provider) != 0)
            return cn_check_tell(check, "offerings", FALSE, "case %s: need %u goes to %s, which %s",
                                 planned->ref, planned->need, planned->offering,
                                 offering < 0 ? "is not in the directory"
                                              : "is another provider's");
        check->offering_of[need] = offering;
        check->pinned[need] = planned->pinned != FALSE;
    }
    return cn_check_tell(check, "offerings", TRUE, "%u assignments to offerings of the directory",
                         plan->assignments->len);
}

static gboolean
check_rules(CnCheck *check)
{
    CnPlanWay way = {.made = FALSE};
    for (guint at = 0; at < check->needs->needs->len; at++) {
        const guint i = check->needs->order[at];
        CnCompanions companions = {NULL};
        CnCandidate candidate;
        if (check->offering_of[i] < 0)
            continue;
        const gboolean company = cn_plan_need_has_company(check->needs, i);
        CnQuestion question = cn_plan_way_question(check->needs, i, &way);
        if (company) {
            cn_plan_companions_find(check->needs, i, check->offering_of, &companions);
            question.companions = &companions;
        }
        cn_candidate_init(&candidate, &question, (guint)check->offering_of[i]);
        const CnRule rule = cn_rules_first_broken(&question, &candidate, PAIR_RULES);
        if (company)
            cn_plan_companions_clear(&companions);
        if (rule != CN_RULE_NONE)
            return cn_check_tell(check, "rules", FALSE, "case %s: need %u at %s breaks %s: %s",
                                 question.person->ref, cn_plan_need(check->needs, i)->need + 1,
                                 cn_listed_text(check->listing, candidate.offered->id),
                                 cn_rule_reason(rule), cn_rule_meaning(rule));
    }
    return cn_check_tell(check, "rules", TRUE, "no assignment breaks a hard rule");
}

/* All siblings who must stay together go to one offering, or none of them. */
static gboolean
check_together(CnCheck *check)
{
    guint groups = 0;
    for (guint i = 0; i < check->needs->needs->len; i++) {
        CnCompanions companions;
        gboolean together = TRUE;
        if (!cn_plan_need_has_company(check->needs, i))
            continue;
        cn_plan_companions_find(check->needs, i, check->offering_of, &companions);
        for (guint k = 0; k < companions.together->len; k++) {
            const gint other =
                cn_plan_need_of_sibling(check->needs, g_ptr_array_index(companions.together, k),
                                        cn_plan_need_of(check->needs, i)->service);
            together = together && other >= 0 && check->offering_of[other] == check->offering_of[i];
        }
        groups += companions.together->len > 0 ? 1 : 0;
        cn_plan_companions_clear(&companions);
        if (!together)
            return cn_check_tell(check, "together", FALSE,
                                 "case %s: need %u is parted from a sibling who must stay with it",
                                 cn_plan_person(check->needs, i)->ref,
                                 cn_plan_need(check->needs, i)->need + 1);
    }
    return cn_check_tell(check, "together", TRUE, "%u needs of siblings who must stay together",
                         groups);
}

static gboolean
check_costs(CnCheck *check)
{
    CnPlanWay way = {.made = FALSE};
    g_autofree gint64 *shares = cn_plan_shares_new(check->needs, check->offering_of);
    for (guint at = 0; at < check->needs->needs->len; at++) {
        const guint i = check->needs->order[at];
        gint64 lines[CN_COSTS_LEN];
        CnCandidate candidate;
        if (check->offering_of[i] < 0)
            continue;
        const CnQuestion question = cn_plan_way_question(check->needs, i, &way);
        const CnPlanned *planned = cn_plan_assignment(check->plan, question.person->ref,
                                                      cn_plan_need(check->needs, i)->need + 1);
        cn_candidate_init(&candidate, &question, (guint)check->offering_of[i]);
        const gint64 cost = cn_cost_lines(&question, &candidate, TRUE, lines) +
                            cn_plan_bonds_cost(check->bonds, i, (guint)check->offering_of[i],
                                               check->offering_of, lines) +
                            cn_plan_share(shares, i);
        if (cost != planned->cost)
            return cn_check_tell(check, "costs", FALSE,
                                 "case %s: need %u at %s costs %" G_GINT64_FORMAT
                                 ", the plan says %" G_GINT64_FORMAT,
                                 planned->ref, planned->need, planned->offering, cost,
                                 planned->cost);
    }
    return cn_check_tell(check, "costs", TRUE, "every assignment costs what the policy counts");
}

/* ---- Places. */

static gboolean
check_places(CnCheck *check)
{
    const guint len = (guint)check->listing->offerings_len;
    g_autofree gint64 *used = g_new0(gint64, MAX(len, 1));
    for (guint i = 0; i < check->needs->needs->len; i++)
        if (check->offering_of[i] >= 0)
            used[check->offering_of[i]] += cn_plan_need_of(check->needs, i)->units;
    for (guint i = 0; i < len; i++)
        if (used[i] > cn_plan_proof_places(check->needs, i))
            return cn_check_tell(
                check, "places", FALSE,
                "%s takes %" G_GINT64_FORMAT " units, more than are free as it is reported "
                "now",
                cn_listed_text(check->listing, check->listing->offerings[i].id), used[i]);
    return cn_check_tell(check, "places", TRUE, "no offering takes more than it has places");
}

const CnPlanQuota *
cn_check_quota(const CnCheck *check, guint group)
{
    const CnQuotas *quotas = &check->needs->quotas;
    return cn_plan_quota_find(check->plan, cn_quota_kind(quotas, group),
                              cn_quota_id(quotas, group, check->listing->reference));
}

/* Plans of before quotas stood in them do not speak of them. */
static gboolean
check_quota_row(CnCheck *check, guint group, gint64 used)
{
    const CnPlanQuota *row = cn_check_quota(check, group);
    g_autofree char *name = cn_quota_name(&check->needs->quotas, group, check->listing->reference);
    if (check->plan->quotas->len == 0 ||
        (row != NULL && check->plan->quotas->len == check->needs->quotas.len &&
         row->places == cn_quota_places(&check->needs->quotas, group) && row->used == used &&
         strcmp(row->name, name) == 0))
        return TRUE;
    return cn_check_tell(check, "quotas", FALSE,
                         "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                         " units are under the quota of %s; the plan says otherwise",
                         used, cn_quota_places(&check->needs->quotas, group), name);
}

/* Counted over the assignments, one quota after the other. */
static gboolean
check_quotas(CnCheck *check)
{
    const CnQuotas *quotas = &check->needs->quotas;
    for (guint g = 0; g < quotas->len; g++) {
        const GArray *offerings = quotas->groups[g].offerings;
        g_autoptr(GHashTable) held = g_hash_table_new(NULL, NULL);
        gint64 used = 0;
        for (guint i = 0; i < offerings->len; i++)
            g_hash_table_add(held, GUINT_TO_POINTER(g_array_index(offerings, guint, i)));
        for (guint i = 0; i < check->needs->needs->len; i++)
            if (check->offering_of[i] >= 0 &&
                g_hash_table_contains(held, GINT_TO_POINTER(check->offering_of[i])))
                used += cn_plan_need_of(check->needs, i)->units;
        if (used <= quotas->groups[g].quota->places) {
            if (!check_quota_row(check, g, used))
                return FALSE;
            continue;
        }
        g_autofree char *name = cn_quota_name(quotas, g, check->listing->reference);
        return cn_check_tell(check, "quotas", FALSE,
                             "%" G_GINT64_FORMAT " units are under the quota of %s", used, name);
    }
    if (quotas->len == 0 && check->plan->quotas->len > 0)
        return cn_check_tell(check, "quotas", FALSE, "the policy has no quotas; the plan has %u",
                             check->plan->quotas->len);
    return quotas->len == 0 || cn_check_tell(check, "quotas", TRUE, "no quota is exceeded");
}

/* ---- Counts. */

static CnPlanValue
count_value(const CnCheck *check)
{
    CnPlanValue value = {{0}, 0};
    for (guint i = 0; i < check->plan->assignments->len; i++)
        value.cost += cn_plan_assignment_at(check->plan, i)->cost;
    for (guint i = 0; i < check->plan->unmet->len; i++)
        value.unmet[cn_plan_unmet_at(check->plan, i)->urgency] +=
            cn_plan_unmet_at(check->plan, i)->units;
    return value;
}

static gboolean
check_objective(CnCheck *check)
{
    const CnPlanValue value = count_value(check);
    const gboolean same = cn_plan_value_compare(&value, &check->plan->objective) == 0;
    return cn_check_tell(check, "objective", same,
                         "%s%" G_GINT64_FORMAT " emergency, %" G_GINT64_FORMAT
                         " urgent and %" G_GINT64_FORMAT
                         " routine units unmet, cost %" G_GINT64_FORMAT,
                         same ? "" : "the plan says otherwise: ", value.unmet[CN_EMERGENCY],
                         value.unmet[CN_URGENT], value.unmet[CN_ROUTINE], value.cost);
}

/* ---- All of it. */

static const char *
told_status(const CnPlan *plan)
{
    if (plan->optimal)
        return "optimal: there is no better plan";
    return plan->searched ? "feasible; that its search found no better plan is not checked"
                          : "feasible";
}

/* Whether needs go together or apart, by a rule or because they would like to: else there is nothing to search. */
static gboolean
has_something_to_search(const CnCheck *check)
{
    gboolean found = check->bonds->bonds->len > 0;
    for (guint i = 0; !found && i < check->needs->needs->len; i++)
        found = cn_plan_need_has_company(check->needs, i) || cn_plan_need_is_bound(check->needs, i);
    return found;
}

static gboolean
check_status(CnCheck *check)
{
    if (check->plan->searched && !has_something_to_search(check))
        return cn_check_tell(check, "status", FALSE,
                             "it claims that it was searched, though no need of this list has to "
                             "do with another one, and nothing was searched");
    return cn_check_tell(check, "status", TRUE, "%s", told_status(check->plan));
}

static void
run_checks(CnCheck *check, const CnPlanQuestion *asked)
{
    if (!check_sources(check, asked) || !check_needs(check) || !check_offerings(check) ||
        !check_rules(check) || !check_together(check) || !check_costs(check) ||
        !check_places(check) || !check_quotas(check) || !cn_check_kept(check) ||
        !check_objective(check) || !cn_check_bound(check) || !cn_check_words(check))
        return;
    check_status(check);
}

void
carenet_plan_check_options_init(carenet_plan_check_options *options)
{
    if (options != NULL)
        *options = (carenet_plan_check_options){.size = sizeof *options, .threads = 1};
}

static carenet_table *
check_plan(const carenet_plan *plan,
           const CnPlanQuestion *asked,
           const carenet_plan_check_options *options)
{
    const CnListing *listing = asked->directory->listing;
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(asked);
    g_autofree gint *offering_of = g_new(gint, MAX(needs->needs->len, 1));
    g_autofree gint64 *price = g_new0(gint64, MAX(listing->offerings_len, 1));
    g_autofree guint8 *pinned = g_new0(guint8, MAX(needs->needs->len, 1));
    g_autofree gint *kept_at = g_new(gint, MAX(needs->needs->len, 1));
    g_auto(CnPlanBonds) bonds = {NULL};
    cn_plan_bonds_init(&bonds, needs);
    for (guint i = 0; i < needs->needs->len; i++)
        offering_of[i] = kept_at[i] = -1;
    CnCheck check = {.plan = plan,
                     .needs = needs,
                     .bonds = &bonds,
                     .listing = listing,
                     .table = cn_table_builder_new(columns, G_N_ELEMENTS(columns)),
                     .threads = options->threads,
                     .offering_of = offering_of,
                     .pinned = pinned,
                     .kept_at = kept_at,
                     .former = options->keep,
                     .price = price};
    run_checks(&check, asked);
    return cn_table_builder_finish(check.table);
}

carenet_table *
carenet_plan_check(const carenet_plan *plan,
                   const carenet_directory *directory,
                   const carenet_policy *policy,
                   const carenet_cases *cases,
                   const carenet_plan_check_options *options,
                   carenet_error **error)
{
    carenet_plan_check_options own;
    CN_REQUIRE_GIVEN(plan, error, NULL);
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    carenet_plan_check_options_init(&own);
    CN_ADOPT(options, &own, error, NULL);
    CN_REQUIRE(own.threads >= 1 && own.threads <= CN_THREADS_MOST,
               "threads must be 1 to " G_STRINGIFY(CN_THREADS_MOST), error, NULL);
    if (!cn_directory_share(G_STRFUNC, directory, policy, cases, error))
        return NULL;
    if (!cn_directory_complete(directory, error))
        return NULL;
    g_autoptr(CnPlugged) plugged = NULL;
    if (!cn_plug_cases(directory, policy, cases, &plugged, error))
        return NULL;
    CnPlanQuestion asked = cn_plan_question(plan, directory, policy, cases);
    asked.plugged = plugged;
    return check_plan(plan, &asked, &own);
}
