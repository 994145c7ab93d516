/* One small function a cost line. */
#include "routing/cost.h"

#include "base/text.h"

#include <string.h>

static const char *const cost_names[CN_COST_PLUGIN + 1] = {
    [CN_COST_TRAVEL] = "travel",
    [CN_COST_NO_LINK] = "no-known-link",
    [CN_COST_WAIT] = "wait",
    [CN_COST_RESTRICTIVENESS] = "restrictiveness",
    [CN_COST_LANGUAGE] = "language",
    [CN_COST_CAPABILITY] = "capability",
    [CN_COST_STALE] = "stale",
    [CN_COST_LEAVE_REGION] = "leave-region",
    [CN_COST_NEW_PROVIDER] = "new-provider",
    [CN_COST_NOT_PREFERRED] = "not-preferred",
    [CN_COST_SIBLINGS_APART] = "siblings-apart",
    [CN_COST_OTHER_PROVIDER] = "other-provider",
    [CN_COST_USE] = "use",
};

const char *
cn_cost_name(const CnPolicy *policy, guint cost)
{
    if (cost < CN_COST_PLUGIN)
        return cost_names[cost];
    return policy->plugins->list[policy->plugins->scores[cost - CN_COST_PLUGIN]].name;
}

const char *const *
cn_cost_names(void)
{
    return cost_names;
}

static gint64
cost_of_wait(const CnPolicy *policy, const CnCandidate *candidate)
{
    gint32 days = candidate->capacity->wait_days;
    if (candidate->service->unit == CN_UNIT_NONE)
        return 0;
    return (gint64)(days >= 0 ? days : policy->wait_unknown_days) * policy->wait_cost_per_day;
}

gboolean
cn_shares_language(const CnQuestion *question, const CnCandidate *candidate)
{
    CnTermSet spoken = question->person->languages;
    return cn_term_set_is_empty(spoken) ||
           cn_term_set_intersects(spoken, candidate->provider->languages);
}

static gint64
cost_of_capability(const CnQuestion *question, const CnCandidate *candidate)
{
    const GArray *rules = question->policy->capabilities;
    gint64 cost = 0;
    for (guint i = 0; i < rules->len; i++) {
        const CnCapabilityRule *rule = &g_array_index(rules, CnCapabilityRule, i);
        if (!rule->required &&
            cn_service_contains(question->listing->reference->taxonomy, rule->service,
                                candidate->given) &&
            !cn_listed_has_course(question->listing, candidate->provider, rule->course,
                                  question->today))
            cost += rule->cost;
    }
    return cost;
}

/* What nobody knows at all is as stale as it gets, and so is what nobody can have told yet. */
static gint64
cost_of_staleness(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnPolicy *policy = question->policy;
    const CnLiveCapacity *capacity = candidate->capacity;
    if (candidate->service->unit == CN_UNIT_NONE)
        return 0;
    if (!capacity->known || !capacity->as_of.is_set ||
        cn_instant_is_ahead(capacity->as_of.s, question->now_s))
        return policy->stale_most;
    gint64 days = cn_days_between(capacity->as_of.s, question->now_s) - policy->stale_after_days;
    return CLAMP(days * policy->stale_cost_per_day, 0, policy->stale_most);
}

gboolean
cn_lies_outside(const CnListing *listing, CnAreaId town, const CnListedProvider *provider)
{
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    if (provider->remote || town == CN_AREA_NONE)
        return FALSE;
    CnAreaId home = cn_area_at_level(gazetteer, town, CN_LEVEL_REGION);
    return home != CN_AREA_NONE && !cn_area_contains(gazetteer, home, provider->area);
}

gboolean
cn_leaves_region(const CnQuestion *question, const CnCandidate *candidate)
{
    return cn_lies_outside(question->listing, question->person->area, candidate->provider);
}

gint64
cn_cost_lines(const CnQuestion *question,
              const CnCandidate *candidate,
              gboolean siblings_fit,
              gint64 lines[CN_COSTS_LEN])
{
    const CnPolicy *policy = question->policy;
    const CnListedProvider *provider = candidate->provider;
    const GPtrArray *prefer = question->need->prefer;
    const CnService *given = cn_service(question->listing->reference->taxonomy, candidate->given);
    gint64 sum = 0;
    memset(lines, 0, sizeof(gint64) * CN_COSTS_LEN);
    if (candidate->has_travel && candidate->travel.travel_min < 0)
        lines[CN_COST_NO_LINK] = policy->no_link_cost;
    else if (candidate->has_travel)
        lines[CN_COST_TRAVEL] = (gint64)candidate->travel.travel_min * policy->travel_cost_per_min;
    lines[CN_COST_WAIT] = cost_of_wait(policy, candidate);
    if (given->restrictiveness > 0)
        lines[CN_COST_RESTRICTIVENESS] = policy->restrictiveness[given->restrictiveness - 1];
    if (!cn_shares_language(question, candidate))
        lines[CN_COST_LANGUAGE] = policy->language_none_shared;
    lines[CN_COST_CAPABILITY] = cost_of_capability(question, candidate);
    lines[CN_COST_STALE] = cost_of_staleness(question, candidate);
    if (cn_leaves_region(question, candidate))
        lines[CN_COST_LEAVE_REGION] = policy->leave_region;
    const char *id = cn_listed_text(question->listing, provider->id);
    if (!cn_text_is_among(question->person->known_to, id))
        lines[CN_COST_NEW_PROVIDER] = policy->new_provider;
    if (prefer != NULL && prefer->len > 0 && !cn_text_is_among(prefer, id) &&
        !cn_text_is_among(prefer, cn_listed_text(question->listing, candidate->offered->id)))
        lines[CN_COST_NOT_PREFERRED] = policy->not_preferred;
    if (!siblings_fit)
        lines[CN_COST_SIBLINGS_APART] = policy->siblings_apart;
    if (question->plug != NULL)
        cn_plug_lines(question->plug, candidate->offering, lines + CN_COST_PLUGIN);
    for (guint i = 0; i < CN_COSTS_LEN; i++)
        sum += lines[i];
    return sum;
}

/* ---- Bounds. */

/* Of the terms that the offering may give: its own and those below. */
static void
bound_restrictiveness(const CnQuestion *question, gint64 *out_least, gint64 *out_most)
{
    const CnTaxonomy *taxonomy = question->listing->reference->taxonomy;
    const CnServiceId first = question->need->service, end = cn_service(taxonomy, first)->end;
    *out_least = G_MAXINT64;
    *out_most = 0;
    for (CnServiceId given = first; given < end; given++) {
        const gint level = cn_service(taxonomy, given)->restrictiveness;
        const gint64 cost = level > 0 ? question->policy->restrictiveness[level - 1] : 0;
        *out_least = MIN(*out_least, cost);
        *out_most = MAX(*out_most, cost);
    }
}

/* Without looking what the provider has. */
static gint64
most_of_capability(const CnQuestion *question)
{
    const CnTaxonomy *taxonomy = question->listing->reference->taxonomy;
    const GArray *rules = question->policy->capabilities;
    gint64 cost = 0;
    for (guint i = 0; i < rules->len; i++) {
        const CnCapabilityRule *rule = &g_array_index(rules, CnCapabilityRule, i);
        if (!rule->required &&
            (cn_service_contains(taxonomy, rule->service, question->need->service) ||
             cn_service_contains(taxonomy, question->need->service, rule->service)))
            cost += rule->cost;
    }
    return cost;
}

void
cn_cost_bounds(const CnListing *listing,
               const CnPolicy *policy,
               gint64 now_s,
               guint offering,
               gint64 *out_least,
               gint64 *out_most)
{
    const CnNeed need = {.service = listing->offerings[offering].service};
    const CnQuestion question = {
        .listing = listing, .policy = policy, .need = &need, .now_s = now_s};
    CnCandidate candidate;
    cn_candidate_look(&candidate, &question, offering);
    bound_restrictiveness(&question, out_least, out_most);
    const gint64 own = cost_of_wait(policy, &candidate) + cost_of_staleness(&question, &candidate);
    *out_least += own;
    *out_most += own + policy->language_none_shared + most_of_capability(&question) +
                 policy->leave_region + policy->new_provider + policy->not_preferred;
}
