/* Which hard rules a question can break at all: the others need not be looked at, offering by offering. */
#include "model/rules.h"

static gboolean
is_empty(const CnAvoid *avoid)
{
    return avoid->areas->len == 0 && avoid->providers->len == 0 && avoid->organizations->len == 0;
}

/* Of the companions, and of what nobody is to meet. */
static CnRuleMask
rules_of_others(const CnQuestion *question)
{
    const CnCase *person = question->person;
    const CnCompanions *companions = question->companions;
    CnRuleMask never = 0;
    if (is_empty(&person->offender) && !person->offender_in_household)
        never |= CN_RULE_BIT(CN_RULE_OFFENDER);
    if (is_empty(&person->avoid))
        never |= CN_RULE_BIT(CN_RULE_AVOIDED);
    if (person->avoid.areas->len == 0 && person->offender.areas->len == 0)
        never |= CN_RULE_BIT(CN_RULE_SAFETY_CHECK);
    if (companions == NULL || companions->victims_at->len == 0)
        never |= CN_RULE_BIT(CN_RULE_CO_VICTIM);
    if (companions == NULL || companions->siblings_at->len == 0)
        never |= CN_RULE_BIT(CN_RULE_SIBLING_APART);
    if (companions == NULL || companions->together->len == 0)
        never |= CN_RULE_BIT(CN_RULE_SIBLINGS_FIT) | CN_RULE_BIT(CN_RULE_SIBLINGS_SIZE);
    if (companions == NULL || companions->bundle_at == NULL || companions->bundle_at->len == 0)
        never |= CN_RULE_BIT(CN_RULE_BUNDLE);
    return ~never;
}

/* ---- Of the service that the person would get. */

#define RULES_OF_GIVEN                                                      \
    (CN_RULE_BIT(CN_RULE_NOT_ROUTABLE) | CN_RULE_BIT(CN_RULE_CONSENT) |     \
     CN_RULE_BIT(CN_RULE_ASSESSMENT) | CN_RULE_BIT(CN_RULE_ACCREDITATION) | \
     CN_RULE_BIT(CN_RULE_CAPABILITY) | CN_RULE_BIT(CN_RULE_DOCUMENTS))

static gboolean
asks_for_course(const CnPolicy *policy, CnServiceId service)
{
    for (guint i = 0; i < policy->capabilities->len; i++) {
        const CnCapabilityRule *rule = &g_array_index(policy->capabilities, CnCapabilityRule, i);
        if (rule->required &&
            cn_service_contains(policy->reference->taxonomy, rule->service, service))
            return TRUE;
    }
    return FALSE;
}

static CnRuleMask
rules_of_policy(const CnPolicy *policy, CnServiceId given)
{
    CnRuleMask rules = 0;
    if (!cn_policy_covers(policy, policy->without_consent, given))
        rules |= CN_RULE_BIT(CN_RULE_CONSENT);
    if (cn_policy_covers(policy, policy->accreditation, given))
        rules |= CN_RULE_BIT(CN_RULE_ACCREDITATION);
    if (asks_for_course(policy, given))
        rules |= CN_RULE_BIT(CN_RULE_CAPABILITY);
    if (!cn_policy_covers(policy, policy->documents_never_block, given))
        rules |= CN_RULE_BIT(CN_RULE_DOCUMENTS);
    return rules;
}

/* What meets a need gives a service at or below it. */
static CnRuleMask
rules_of_need(const CnQuestion *question)
{
    const CnTaxonomy *taxonomy = question->listing->reference->taxonomy;
    const CnServiceId first = question->need->service, end = cn_service(taxonomy, first)->end;
    CnRuleMask rules = 0;
    for (CnServiceId given = first; given < end; given++) {
        const CnService *service = cn_service(taxonomy, given);
        if (!service->routable)
            rules |= CN_RULE_BIT(CN_RULE_NOT_ROUTABLE);
        if (service->gate >= 0 &&
            !cn_case_has_assessment(question->person, service->gate, question->now_s))
            rules |= CN_RULE_BIT(CN_RULE_ASSESSMENT);
        if (question->policy != NULL)
            rules |= rules_of_policy(question->policy, given);
    }
    return rules | ~RULES_OF_GIVEN;
}

CnRuleMask
cn_rules_of_question(const CnQuestion *question)
{
    const CnCase *person = question->person;
    CnRuleMask never = 0;
    if (question->need->urgency == CN_EMERGENCY ||
        (person->consents->len == 0 && person->consent != CN_CONSENT_NONE))
        never |= CN_RULE_BIT(CN_RULE_CONSENT);
    if (person->age_min < 0)
        never |= CN_RULE_BIT(CN_RULE_AGE);
    if (person->sex == CN_SEX_UNSTATED)
        never |= CN_RULE_BIT(CN_RULE_SEX);
    if (cn_term_set_is_empty(person->groups))
        never |= CN_RULE_BIT(CN_RULE_NOT_FOR);
    if (cn_term_set_is_empty(person->access))
        never |= CN_RULE_BIT(CN_RULE_ACCESS);
    if (person->remote_safe)
        never |= CN_RULE_BIT(CN_RULE_REMOTE);
    if (question->include_unconfirmed)
        never |= CN_RULE_BIT(CN_RULE_UNCONFIRMED);
    if (question->need->urgency == CN_EMERGENCY)
        never |= CN_RULE_BIT(CN_RULE_DOCUMENTS);
    if (person->area == CN_AREA_NONE)
        never |= CN_RULE_BIT(CN_RULE_NOT_SERVED);
    if (question->need->urgency != CN_EMERGENCY)
        never |= CN_RULE_BIT(CN_RULE_INTAKE);
    if (question->plug == NULL || !cn_plugged_filters(question->plug->plugged))
        never |= CN_RULE_BIT(CN_RULE_PLUGIN);
    if (person->max_travel_min <= 0)
        never |= CN_RULE_BIT(CN_RULE_NO_LINK) | CN_RULE_BIT(CN_RULE_TOO_FAR);
    if (!cn_date_is_set(question->need->before))
        never |= CN_RULE_BIT(CN_RULE_TOO_LATE);
    if (question->include_unknown_capacity)
        never |= CN_RULE_BIT(CN_RULE_UNKNOWN_CAPACITY);
    return CN_RULES_ALL & ~never & rules_of_others(question) & rules_of_need(question);
}
