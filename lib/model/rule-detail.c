/* Why a rule is broken, in words. Numbers of a restricted provider's occupancy never appear: it is
 * shown as yes, full or call. */
#include "model/rules.h"

static char *
describe_age(const CnEligibility *eligibility)
{
    if (eligibility->age_max < 0)
        return g_strdup_printf("takes ages from %d", eligibility->age_min);
    if (eligibility->age_min < 0)
        return g_strdup_printf("takes ages up to %d", eligibility->age_max);
    return g_strdup_printf("takes ages %d to %d", eligibility->age_min, eligibility->age_max);
}

static char *
describe_terms(const CnQuestion *question,
               carenet_terms_kind kind,
               CnTermSet set,
               const char *before)
{
    g_autofree char *ids = cn_term_set_join(question->listing->reference->terms[kind], set, ", ");
    return g_strdup_printf("%s %s", before, ids);
}

static char *
describe_assessment(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnReference *reference = question->listing->reference;
    const CnTerm *gate = cn_term(reference->terms[CARENET_TERMS_ASSESSMENTS],
                                 cn_service(reference->taxonomy, candidate->given)->gate);
    g_autofree char *first = cn_term_ask_first(gate);
    return g_strconcat("needs ", first, NULL);
}

static char *
describe_accreditation(const CnCandidate *candidate)
{
    char day[11];
    if (!cn_date_is_set(candidate->provider->accreditation_expires))
        return g_strdup("no accreditation is on record");
    return g_strdup_printf("accreditation lapsed on %s",
                           cn_date_format(candidate->provider->accreditation_expires, day));
}

static char *
describe_intake(const CnCandidate *candidate)
{
    const CnListedOffering *offered = candidate->offered;
    if (offered->intake_known)
        return g_strdup_printf("intake is open %s",
                               cn_listed_text(candidate->listing, offered->intake_text));
    if (offered->hours_known)
        return g_strdup_printf("open %s", cn_listed_text(candidate->listing, offered->hours_text));
    return g_strdup("nobody knows its intake hours");
}

static char *
describe_travel(const CnQuestion *question, const CnCandidate *candidate)
{
    if (!candidate->provider->restricted)
        return g_strdup_printf("%d minutes away, the limit is %d", candidate->travel.travel_min,
                               question->person->max_travel_min);
    return g_strdup_printf("beyond the limit of %d minutes, measured to the area where it is shown",
                           question->person->max_travel_min);
}

static char *
describe_full(const CnQuestion *question, const CnCandidate *candidate)
{
    gint64 free = cn_capacity_free(candidate->capacity, candidate->service->unit);
    gint32 wanted = cn_places_wanted(question);
    if (candidate->provider->restricted)
        return g_strdup(wanted > 1 ? "not enough free places for all" : "full");
    if (wanted > 1)
        return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                               " places free, %d wanted",
                               free, candidate->capacity->total, wanted);
    return g_strdup_printf("all %" G_GINT64_FORMAT " places are taken or held",
                           candidate->capacity->total);
}

static char *
describe_service(const CnQuestion *question, const CnCandidate *candidate)
{
    return g_strdup_printf(
        "gives %s, the need is %s", candidate->service->id,
        cn_service(question->listing->reference->taxonomy, question->need->service)->id);
}

static char *
describe_person_rule(const CnQuestion *question, const CnCandidate *candidate, CnRule rule)
{
    const CnEligibility *eligibility = &candidate->offered->eligibility;
    switch (rule) {
    case CN_RULE_AGE:
        return describe_age(eligibility);
    case CN_RULE_SEX:
        return g_strdup_printf("takes %s only", cn_sex_name(eligibility->sex));
    case CN_RULE_GROUP:
        return describe_terms(question, CARENET_TERMS_GROUPS, eligibility->groups, "takes only");
    case CN_RULE_NOT_FOR:
        return describe_terms(question, CARENET_TERMS_GROUPS, eligibility->not_for, "not for");
    case CN_RULE_ASSESSMENT:
        return describe_assessment(question, candidate);
    case CN_RULE_SIBLINGS_SIZE:
        return g_strdup_printf("takes up to %d siblings together", eligibility->siblings_up_to);
    case CN_RULE_ACCESS:
        return describe_terms(
            question, CARENET_TERMS_ACCESS,
            cn_term_set_minus(question->person->access, candidate->provider->access), "lacks");
    default:
        return NULL;
    }
}

static char *
describe_removal(const CnQuestion *question, const CnCandidate *candidate)
{
    const carenet_plugin *plugin = cn_plug_removed_by(question->plug, candidate->offering);
    if (plugin->reason == NULL)
        return g_strdup_printf("%s removes it", plugin->name);
    return g_strdup_printf("%s: %s", plugin->name, plugin->reason);
}

char *
cn_rule_detail(const CnQuestion *question, const CnCandidate *candidate, CnRule rule)
{
    char *of_person = describe_person_rule(question, candidate, rule);
    if (of_person != NULL)
        return of_person;
    switch (rule) {
    case CN_RULE_SERVICE:
        return describe_service(question, candidate);
    case CN_RULE_ACCREDITATION:
        return describe_accreditation(candidate);
    case CN_RULE_CAPABILITY:
        return describe_terms(question, CARENET_TERMS_COURSES,
                              cn_missing_courses(question, candidate),
                              "no staff with a valid course in");
    case CN_RULE_DOCUMENTS:
        return describe_terms(question, CARENET_TERMS_DOCUMENTS,
                              cn_missing_documents(question, candidate), "asks for");
    case CN_RULE_INTAKE:
        return describe_intake(candidate);
    case CN_RULE_PLUGIN:
        return describe_removal(question, candidate);
    case CN_RULE_TOO_FAR:
        return describe_travel(question, candidate);
    case CN_RULE_TOO_LATE:
        return g_strdup_printf("waiting time is %d days", candidate->capacity->wait_days);
    case CN_RULE_FULL:
        return describe_full(question, candidate);
    default:
        return g_strdup(cn_rule_meaning(rule));
    }
}

/* ---- In numbers. */

static CnRuleNumbers
numbers_of(gint64 first, gint64 second)
{
    return (CnRuleNumbers){{(guint64)first, (guint64)second}};
}

static CnRuleNumbers
numbers_of_set(CnTermSet set)
{
    return (CnRuleNumbers){{set.bits[0], set.bits[1]}};
}

static CnRuleNumbers
numbers_of_full(const CnCandidate *candidate)
{
    /* Of a restricted provider the words are the same, however many places there are. */
    if (candidate->provider->restricted)
        return numbers_of(-1, -1);
    return numbers_of(cn_capacity_free(candidate->capacity, candidate->service->unit),
                      candidate->capacity->total);
}

gboolean
cn_rule_numbers(const CnQuestion *question,
                const CnCandidate *candidate,
                CnRule rule,
                CnRuleNumbers *out)
{
    const CnEligibility *eligibility = &candidate->offered->eligibility;
    switch (rule) {
    case CN_RULE_AGE:
        *out = numbers_of(eligibility->age_min, eligibility->age_max);
        return TRUE;
    case CN_RULE_SEX:
        *out = numbers_of((gint64)eligibility->sex, 0);
        return TRUE;
    case CN_RULE_GROUP:
        *out = numbers_of_set(eligibility->groups);
        return TRUE;
    case CN_RULE_NOT_FOR:
        *out = numbers_of_set(eligibility->not_for);
        return TRUE;
    case CN_RULE_SIBLINGS_SIZE:
        *out = numbers_of(eligibility->siblings_up_to, 0);
        return TRUE;
    case CN_RULE_ACCESS:
        *out = numbers_of_set(
            cn_term_set_minus(question->person->access, candidate->provider->access));
        return TRUE;
    case CN_RULE_CAPABILITY:
        *out = numbers_of_set(cn_missing_courses(question, candidate));
        return TRUE;
    case CN_RULE_DOCUMENTS:
        *out = numbers_of_set(cn_missing_documents(question, candidate));
        return TRUE;
    case CN_RULE_TOO_LATE:
        *out = numbers_of(candidate->capacity->wait_days, 0);
        return TRUE;
    case CN_RULE_FULL:
        *out = numbers_of_full(candidate);
        return TRUE;
    default:
        return FALSE;
    }
}
