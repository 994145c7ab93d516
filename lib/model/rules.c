/* The hard rules, one small function each, in the committed order of rules.h. */
#include "model/rules.h"

#include "base/text.h"

typedef gboolean (*IsBroken)(const CnQuestion *question, const CnCandidate *candidate);

static const char *
provider_id(const CnCandidate *candidate)
{
    return cn_listed_text(candidate->listing, candidate->provider->id);
}

static const CnTaxonomy *
taxonomy_of(const CnQuestion *question)
{
    return question->listing->reference->taxonomy;
}

gboolean
cn_offering_meets(const CnTaxonomy *taxonomy, const CnListedOffering *offered, CnServiceId wanted)
{
    return cn_service_contains(taxonomy, wanted, offered->service) ||
           (offered->all_below && cn_service_contains(taxonomy, offered->service, wanted));
}

static gboolean
is_other_service(const CnQuestion *question, const CnCandidate *candidate)
{
    return !cn_offering_meets(taxonomy_of(question), candidate->offered, question->need->service);
}

static gboolean
is_not_routable(const CnQuestion *question, const CnCandidate *candidate)
{
    return !cn_service(taxonomy_of(question), candidate->given)->routable;
}

static gboolean
is_suspended(const CnQuestion *question, const CnCandidate *candidate)
{
    (void)question;
    return candidate->provider->status == CN_SUSPENDED;
}

static gboolean
is_closed(const CnQuestion *question, const CnCandidate *candidate)
{
    (void)question;
    return candidate->provider->status == CN_CLOSED;
}

static gboolean
is_paused(const CnQuestion *question, const CnCandidate *candidate)
{
    (void)question;
    return candidate->provider->status == CN_PAUSED;
}

static const CnRuleMask rules_of_status =
    CN_RULE_BIT(CN_RULE_SUSPENDED) | CN_RULE_BIT(CN_RULE_CLOSED) | CN_RULE_BIT(CN_RULE_PAUSED);

/* Whether it is named, or seated in an area, on a list of what to avoid. Nobody travels to a remote
 * provider, so its area does not matter. */
static gboolean
is_on_list(const CnQuestion *question, const CnCandidate *candidate, const CnAvoid *avoid)
{
    const CnGazetteer *gazetteer = question->listing->reference->gazetteer;
    const CnListedProvider *provider = candidate->provider;
    if (cn_text_is_among(avoid->providers, cn_listed_text(candidate->listing, provider->id)) ||
        cn_text_is_among(avoid->organizations,
                         cn_listed_text(candidate->listing, provider->organization)))
        return TRUE;
    for (guint i = 0; !provider->remote && i < avoid->areas->len; i++)
        if (cn_area_contains(gazetteer, g_array_index(avoid->areas, CnAreaId, i), provider->area))
            return TRUE;
    return FALSE;
}

/* A living arrangement of restrictiveness 1 is the survivor's own household. */
static gboolean
is_own_household(const CnQuestion *question, const CnCandidate *candidate)
{
    return cn_service(taxonomy_of(question), candidate->given)->restrictiveness == 1;
}

static gboolean
is_of_offender(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnCase *person = question->person;
    if (person->offender_in_household && is_own_household(question, candidate))
        return TRUE;
    return is_on_list(question, candidate, &person->offender);
}

static gboolean
is_avoided(const CnQuestion *question, const CnCandidate *candidate)
{
    return is_on_list(question, candidate, &question->person->avoid);
}

/* A town that lies in @outer by the code and in @province by what people look under: Isabela City is
 * in both Region IX and Basilan, though neither contains the other. */
static gboolean
share_a_town(const CnGazetteer *gazetteer, CnAreaId outer, CnAreaId province)
{
    if (cn_area(gazetteer, province)->level != CN_LEVEL_PROVINCE)
        return FALSE;
    for (CnAreaId area = outer; area < cn_area(gazetteer, outer)->end; area++)
        if (cn_area(gazetteer, area)->geographic_province == province)
            return TRUE;
    return FALSE;
}

static gboolean
holds_avoided_area(const CnQuestion *question, const CnCandidate *candidate, const GArray *areas)
{
    const CnGazetteer *gazetteer = question->listing->reference->gazetteer;
    CnAreaId shown = candidate->provider->area;
    for (guint i = 0; i < areas->len; i++) {
        CnAreaId avoided = g_array_index(areas, CnAreaId, i);
        if (!cn_area_contains(gazetteer, avoided, shown) &&
            (cn_area_contains(gazetteer, shown, avoided) ||
             share_a_town(gazetteer, shown, avoided) || share_a_town(gazetteer, avoided, shown)))
            return TRUE;
    }
    return FALSE;
}

/* The provider is shown somewhere in an area that holds an avoided one: only a person with the right
 * to know can tell whether it is safe. The same answer wherever it really is. */
static gboolean
needs_safety_check(const CnQuestion *question, const CnCandidate *candidate)
{
    if (candidate->provider->remote)
        return FALSE;
    if (question->checked != NULL &&
        g_strcmp0(cn_listed_text(candidate->listing, candidate->provider->id), question->checked) ==
            0)
        return FALSE;
    return holds_avoided_area(question, candidate, question->person->offender.areas) ||
           holds_avoided_area(question, candidate, question->person->avoid.areas);
}

static gboolean
has_co_victim(const CnQuestion *question, const CnCandidate *candidate)
{
    return question->companions != NULL &&
           cn_text_is_among(question->companions->victims_at, provider_id(candidate));
}

static gboolean
has_sibling_to_keep_apart(const CnQuestion *question, const CnCandidate *candidate)
{
    return question->companions != NULL &&
           cn_text_is_among(question->companions->siblings_at, provider_id(candidate));
}

/* Consent that nobody recorded is a note, not a rule: nothing leaves with a proposal. */
static gboolean
lacks_consent(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnCase *person = question->person;
    if (question->policy == NULL || question->need->urgency == CN_EMERGENCY ||
        cn_policy_covers(question->policy, question->policy->without_consent, candidate->given))
        return FALSE;
    return cn_consent_to(person->consents, person->consent, provider_id(candidate),
                         question->now_s) == CN_CONSENT_REFUSED;
}

/* An age band must lie within the limits whole: it is not known where in it the person is. */
static gboolean
is_outside_age(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnEligibility *eligibility = &candidate->offered->eligibility;
    const CnCase *person = question->person;
    if (person->age_min < 0)
        return FALSE;
    return (eligibility->age_min >= 0 && person->age_min < eligibility->age_min) ||
           (eligibility->age_max >= 0 && person->age_max > eligibility->age_max);
}

static gboolean
is_other_sex(const CnQuestion *question, const CnCandidate *candidate)
{
    CnSex taken = candidate->offered->eligibility.sex, sex = question->person->sex;
    return taken != CN_SEX_UNSTATED && sex != CN_SEX_UNSTATED && taken != sex;
}

static gboolean
is_outside_groups(const CnQuestion *question, const CnCandidate *candidate)
{
    CnTermSet groups = candidate->offered->eligibility.groups;
    return !cn_term_set_is_empty(groups) &&
           !cn_term_set_intersects(groups, question->person->groups);
}

static gboolean
is_not_for(const CnQuestion *question, const CnCandidate *candidate)
{
    return cn_term_set_intersects(candidate->offered->eligibility.not_for,
                                  question->person->groups);
}

static gboolean
lacks_access(const CnQuestion *question, const CnCandidate *candidate)
{
    return !cn_term_set_is_empty(
        cn_term_set_minus(question->person->access, candidate->provider->access));
}

gboolean
cn_case_has_assessment(const CnCase *person, gint kind, gint64 now_s)
{
    for (guint i = 0; i < person->assessments->len; i++) {
        const CnAssessment *assessment = &g_array_index(person->assessments, CnAssessment, i);
        if (assessment->kind == kind && cn_date_is_set(assessment->on) &&
            cn_date_first_s(assessment->on) <= now_s)
            return TRUE;
    }
    return FALSE;
}

static gboolean
lacks_assessment(const CnQuestion *question, const CnCandidate *candidate)
{
    gint gate = cn_service(taxonomy_of(question), candidate->given)->gate;
    return gate >= 0 && !cn_case_has_assessment(question->person, gate, question->now_s);
}

static gboolean
is_remote_unsafe(const CnQuestion *question, const CnCandidate *candidate)
{
    return candidate->provider->remote && !question->person->remote_safe;
}

/* What each sibling who must come along has to pass, too: every rule in which the person or the need
 * has a say. Siblings then have the same offerings to go to, whoever of them is asked for. */
static const CnRuleMask person_rules =
    CN_RULE_BIT(CN_RULE_OFFENDER) | CN_RULE_BIT(CN_RULE_AVOIDED) |
    CN_RULE_BIT(CN_RULE_SAFETY_CHECK) | CN_RULE_BIT(CN_RULE_CONSENT) | CN_RULE_BIT(CN_RULE_AGE) |
    CN_RULE_BIT(CN_RULE_SEX) | CN_RULE_BIT(CN_RULE_GROUP) | CN_RULE_BIT(CN_RULE_NOT_FOR) |
    CN_RULE_BIT(CN_RULE_ASSESSMENT) | CN_RULE_BIT(CN_RULE_REMOTE) | CN_RULE_BIT(CN_RULE_ACCESS) |
    CN_RULE_BIT(CN_RULE_DOCUMENTS) | CN_RULE_BIT(CN_RULE_NOT_SERVED) | CN_RULE_BIT(CN_RULE_INTAKE) |
    CN_RULE_BIT(CN_RULE_PLUGIN) | CN_RULE_BIT(CN_RULE_NO_LINK) | CN_RULE_BIT(CN_RULE_TOO_FAR) |
    CN_RULE_BIT(CN_RULE_TOO_LATE);

const CnNeed *
cn_case_need(const CnCase *person, CnServiceId service)
{
    for (guint i = 0; i < person->needs->len; i++)
        if (g_array_index(person->needs, CnNeed, i).service == service)
            return &g_array_index(person->needs, CnNeed, i);
    return NULL;
}

CnQuestion
cn_question_of_sibling(const CnQuestion *question, const CnCase *sibling)
{
    CnQuestion of_sibling = *question;
    const CnNeed *need = cn_case_need(sibling, question->need->service);
    of_sibling.person = sibling;
    of_sibling.companions = NULL;
    if (question->plug != NULL)
        of_sibling.plug = cn_plugged_from(question->plug->plugged, sibling->area);
    if (need != NULL)
        of_sibling.need = need;
    return of_sibling;
}

/* What both break is told as what it is: whoever mends it for the one mends it for the other. */
static gboolean
breaks_more(const CnQuestion *question,
            const CnCandidate *candidate,
            const CnQuestion *of_sibling,
            const CnCandidate *for_sibling)
{
    if (cn_rules_first_broken(of_sibling, for_sibling, person_rules) == CN_RULE_NONE)
        return FALSE;
    CnRuleMask own = cn_rules_broken(question, candidate, person_rules);
    return cn_rules_first_broken(of_sibling, for_sibling, person_rules & ~own) != CN_RULE_NONE;
}

/* The sibling's own need and own way: it may be more urgent, and begin elsewhere. */
static gboolean
fits_sibling(const CnQuestion *question, const CnCandidate *candidate, const CnCase *sibling)
{
    CnQuestion of_sibling = cn_question_of_sibling(question, sibling);
    CnCandidate for_sibling = *candidate;
    CnOrigin origin;
    /* Only a limit asks for the way, and siblings mostly live at one place. */
    if (sibling->max_travel_min > 0 && sibling->area != question->person->area) {
        of_sibling.origin = NULL;
        if (sibling->area != CN_AREA_NONE && question->policy != NULL) {
            cn_origin_init(&origin, question->listing->reference->gazetteer,
                           &question->policy->speeds, sibling->area);
            of_sibling.origin = &origin;
        }
        cn_candidate_init(&for_sibling, &of_sibling, candidate->offering);
    }
    return !breaks_more(question, candidate, &of_sibling, &for_sibling);
}

static gboolean
does_not_fit_siblings(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnCompanions *companions = question->companions;
    for (guint i = 0; companions != NULL && i < companions->together->len; i++)
        if (!fits_sibling(question, candidate, g_ptr_array_index(companions->together, i)))
            return TRUE;
    return FALSE;
}

static guint
persons_together(const CnQuestion *question)
{
    return question->companions != NULL ? question->companions->together->len + 1 : 1;
}

static gboolean
is_group_too_large(const CnQuestion *question, const CnCandidate *candidate)
{
    gint32 most = candidate->offered->eligibility.siblings_up_to;
    guint persons = persons_together(question);
    return persons > 1 && most >= 0 && (guint)most < persons;
}

/* Where others of a bundle are, there the need goes, too. */
static gboolean
is_another_provider(const CnQuestion *question, const CnCandidate *candidate)
{
    const GPtrArray *bundle_at =
        question->companions != NULL ? question->companions->bundle_at : NULL;
    for (guint i = 0; bundle_at != NULL && i < bundle_at->len; i++)
        if (g_strcmp0(g_ptr_array_index(bundle_at, i), provider_id(candidate)) != 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_unconfirmed(const CnQuestion *question, const CnCandidate *candidate)
{
    return candidate->provider->unconfirmed && !question->include_unconfirmed;
}

static gboolean
lacks_accreditation(const CnQuestion *question, const CnCandidate *candidate)
{
    return question->policy != NULL &&
           cn_policy_covers(question->policy, question->policy->accreditation, candidate->given) &&
           !cn_listed_is_accredited(candidate->provider, question->today);
}

CnTermSet
cn_missing_courses(const CnQuestion *question, const CnCandidate *candidate)
{
    CnTermSet missing = {{0, 0}};
    for (guint i = 0; question->policy != NULL && i < question->policy->capabilities->len; i++) {
        const CnCapabilityRule *rule =
            &g_array_index(question->policy->capabilities, CnCapabilityRule, i);
        if (rule->required && rule->service <= candidate->given &&
            cn_service_contains(taxonomy_of(question), rule->service, candidate->given) &&
            !cn_listed_has_course(question->listing, candidate->provider, rule->course,
                                  question->today))
            cn_term_set_add(&missing, rule->course);
    }
    return missing;
}

static gboolean
lacks_capability(const CnQuestion *question, const CnCandidate *candidate)
{
    return !cn_term_set_is_empty(cn_missing_courses(question, candidate));
}

CnTermSet
cn_missing_documents(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnTermSet none = {{0, 0}};
    if (question->policy == NULL || question->need->urgency == CN_EMERGENCY ||
        cn_policy_covers(question->policy, question->policy->documents_never_block,
                         candidate->given))
        return none;
    return cn_term_set_minus(candidate->offered->eligibility.documents,
                             question->person->documents);
}

static gboolean
lacks_documents(const CnQuestion *question, const CnCandidate *candidate)
{
    return !cn_term_set_is_empty(cn_missing_documents(question, candidate));
}

static gboolean
is_not_served(const CnQuestion *question, const CnCandidate *candidate)
{
    return candidate->provider->serves.len > 0 && question->person->area != CN_AREA_NONE &&
           !cn_listed_serves(question->listing, candidate->provider, question->person->area);
}

/* In an emergency somebody must be there to take the survivor in; unknown hours are no promise. */
static gboolean
is_intake_closed(const CnQuestion *question, const CnCandidate *candidate)
{
    const CnListedOffering *offered = candidate->offered;
    if (question->need->urgency != CN_EMERGENCY)
        return FALSE;
    if (offered->intake_known)
        return !cn_listed_is_open(candidate->listing, offered->intake, question->at_min);
    return !offered->hours_known ||
           !cn_listed_is_open(candidate->listing, offered->hours, question->at_min);
}

static gboolean
is_removed(const CnQuestion *question, const CnCandidate *candidate)
{
    return cn_plug_removed_by(question->plug, candidate->offering) != NULL;
}

static gboolean
has_no_link(const CnQuestion *question, const CnCandidate *candidate)
{
    return question->person->max_travel_min > 0 && candidate->has_travel &&
           candidate->travel.travel_min < 0;
}

static gboolean
is_too_far(const CnQuestion *question, const CnCandidate *candidate)
{
    return question->person->max_travel_min > 0 && candidate->has_travel &&
           candidate->travel.travel_min > question->person->max_travel_min;
}

static gboolean
is_too_late(const CnQuestion *question, const CnCandidate *candidate)
{
    CnDate before = question->need->before;
    gint32 wait_days = candidate->capacity->wait_days;
    return cn_date_is_set(before) && wait_days >= 0 &&
           question->now_s + (gint64)wait_days * CN_DAY_S > cn_date_last_s(before);
}

gint32
cn_places_wanted(const CnQuestion *question)
{
    return question->companions != NULL ? question->companions->units : question->need->units;
}

static gboolean
is_capacity_unknown(const CnQuestion *question, const CnCandidate *candidate)
{
    return cn_capacity_free(candidate->capacity, candidate->service->unit) < 0 &&
           !question->include_unknown_capacity;
}

static gboolean
is_full(const CnQuestion *question, const CnCandidate *candidate)
{
    gint64 free = cn_capacity_free(candidate->capacity, candidate->service->unit);
    return free >= 0 && free < cn_places_wanted(question);
}

static const struct {
    const char *reason;
    const char *meaning;
    CnStage stage;
    gboolean editable;
    IsBroken is_broken;
} rules[CN_RULES_LEN] = {
    [CN_RULE_SERVICE] = {"not-offered", "it does not offer the service asked for", CN_STAGE_OFFERED,
                         FALSE, is_other_service},
    [CN_RULE_NOT_ROUTABLE] = {"not-routable",
                              "the service is decided by an authority and never proposed",
                              CN_STAGE_ELIGIBLE, FALSE, is_not_routable},
    [CN_RULE_SUSPENDED] = {"suspended", "the provider is suspended for a safeguarding concern",
                           CN_STAGE_ELIGIBLE, FALSE, is_suspended},
    [CN_RULE_CLOSED] = {"closed", "the provider is closed", CN_STAGE_ELIGIBLE, FALSE, is_closed},
    [CN_RULE_OFFENDER] = {"offender",
                          "it is the offender's own household, or the offender is connected with "
                          "the provider, its organization or its area",
                          CN_STAGE_ELIGIBLE, FALSE, is_of_offender},
    [CN_RULE_AVOIDED] = {"avoided",
                         "the case asks to avoid the provider, its organization or its area",
                         CN_STAGE_ELIGIBLE, FALSE, is_avoided},
    [CN_RULE_SAFETY_CHECK] =
        {"safety-check",
         "an area to avoid lies within the area where the provider is shown: a "
         "coordinator must check the location",
         CN_STAGE_ELIGIBLE, FALSE, needs_safety_check},
    [CN_RULE_CO_VICTIM] = {"co-victim",
                           "a survivor who must be kept apart is known or proposed there",
                           CN_STAGE_ELIGIBLE, FALSE, has_co_victim},
    [CN_RULE_SIBLING_APART] = {"sibling-apart",
                               "a sibling who must be kept apart is known or proposed there",
                               CN_STAGE_ELIGIBLE, FALSE, has_sibling_to_keep_apart},
    [CN_RULE_CONSENT] = {"consent", "there is no valid consent for a referral to it",
                         CN_STAGE_ELIGIBLE, FALSE, lacks_consent},
    [CN_RULE_AGE] = {"age", "it takes other ages", CN_STAGE_ELIGIBLE, FALSE, is_outside_age},
    [CN_RULE_SEX] = {"sex", "it takes the other sex only", CN_STAGE_ELIGIBLE, FALSE, is_other_sex},
    [CN_RULE_GROUP] = {"group", "it takes only members of groups that the case does not name",
                       CN_STAGE_ELIGIBLE, FALSE, is_outside_groups},
    [CN_RULE_NOT_FOR] = {"not-for", "it cannot take members of a group that the case names",
                         CN_STAGE_ELIGIBLE, FALSE, is_not_for},
    [CN_RULE_ASSESSMENT] = {"assessment",
                            "an assessment must be made before this service may be given",
                            CN_STAGE_ELIGIBLE, FALSE, lacks_assessment},
    [CN_RULE_REMOTE] = {"remote-unsafe",
                        "it is given by phone or online, which the case does not call safe",
                        CN_STAGE_ELIGIBLE, FALSE, is_remote_unsafe},
    [CN_RULE_SIBLINGS_FIT] = {"siblings-fit", "it cannot take every sibling who must stay together",
                              CN_STAGE_ELIGIBLE, FALSE, does_not_fit_siblings},
    [CN_RULE_SIBLINGS_SIZE] = {"siblings-size", "it takes only smaller groups of siblings",
                               CN_STAGE_ELIGIBLE, TRUE, is_group_too_large},
    [CN_RULE_BUNDLE] = {"one-provider",
                        "the case asks for one provider, and its other needs are met elsewhere",
                        CN_STAGE_ELIGIBLE, FALSE, is_another_provider},
    [CN_RULE_ACCESS] = {"access", "it lacks access that the survivor needs", CN_STAGE_ELIGIBLE,
                        TRUE, lacks_access},
    [CN_RULE_PAUSED] = {"paused", "the provider takes nobody at present", CN_STAGE_ELIGIBLE, TRUE,
                        is_paused},
    [CN_RULE_UNCONFIRMED] = {"unconfirmed", "nobody has confirmed the provider yet: call it",
                             CN_STAGE_ELIGIBLE, TRUE, is_unconfirmed},
    [CN_RULE_ACCREDITATION] = {"accreditation",
                               "the accreditation that the service needs is missing or has lapsed",
                               CN_STAGE_ELIGIBLE, TRUE, lacks_accreditation},
    [CN_RULE_CAPABILITY] = {"capability", "staff trained in a required course are missing",
                            CN_STAGE_ELIGIBLE, TRUE, lacks_capability},
    [CN_RULE_DOCUMENTS] = {"documents", "it asks for documents that the case does not list",
                           CN_STAGE_ELIGIBLE, TRUE, lacks_documents},
    [CN_RULE_NOT_SERVED] = {"not-served", "it does not serve the area where the survivor is",
                            CN_STAGE_ELIGIBLE, TRUE, is_not_served},
    [CN_RULE_INTAKE] = {"intake-closed",
                        "its intake is not known to be open at that time of an emergency",
                        CN_STAGE_ELIGIBLE, TRUE, is_intake_closed},
    [CN_RULE_PLUGIN] = {"plug-in", "a plug-in of the policy removes it", CN_STAGE_ELIGIBLE, FALSE,
                        is_removed},
    [CN_RULE_NO_LINK] =
        {"no-known-link",
         "no bridge or ferry to its island is known, so the travel limit cannot be kept",
         CN_STAGE_REACHABLE, FALSE, has_no_link},
    [CN_RULE_TOO_FAR] = {"too-far", "it is beyond the travel limit of the case", CN_STAGE_REACHABLE,
                         FALSE, is_too_far},
    [CN_RULE_TOO_LATE] = {"too-late",
                          "its waiting time ends after the day by which the need must be met",
                          CN_STAGE_REACHABLE, TRUE, is_too_late},
    [CN_RULE_UNKNOWN_CAPACITY] = {"capacity-unknown",
                                  "nobody knows whether it has a free place: call it",
                                  CN_STAGE_FREE, TRUE, is_capacity_unknown},
    [CN_RULE_FULL] = {"full", "it has not enough free places", CN_STAGE_FREE, TRUE, is_full},
};

guint
cn_rules_len(void)
{
    return CN_RULES_LEN;
}

const char *
cn_rule_reason(guint rule)
{
    return rules[rule].reason;
}

const char *
cn_rule_meaning(guint rule)
{
    return rules[rule].meaning;
}

CnStage
cn_rule_stage(guint rule)
{
    return rules[rule].stage;
}

gboolean
cn_rule_is_editable(guint rule)
{
    return rules[rule].editable;
}

/* The lower one of the offered and the asked service where one lies below the other. */
static CnServiceId
given_service(const CnQuestion *question, const CnListedOffering *offered)
{
    const CnServiceId wanted = question->need->service;
    /* Terms are in pre-order: what is below another comes behind it. */
    if (wanted <= offered->service)
        return offered->service;
    return cn_service_contains(taxonomy_of(question), offered->service, wanted) ? wanted
                                                                                : offered->service;
}

/* What stands in a damaged image in the place of a record: the answer is thrown away. */
static const CnListedOffering no_offering;
static const CnListedProvider no_provider;
static const CnLiveCapacity no_capacity;

static void
take_records(CnCandidate *candidate, const CnListing *listing, guint offering)
{
    if (G_UNLIKELY(!cn_listing_check_offering(listing, offering))) {
        candidate->offered = &no_offering;
        candidate->provider = &no_provider;
        candidate->capacity = &no_capacity;
        return;
    }
    candidate->offered = &listing->offerings[offering];
    candidate->provider = &listing->providers[candidate->offered->provider];
    candidate->capacity = &listing->capacity[offering];
}

void
cn_candidate_look(CnCandidate *candidate, const CnQuestion *question, guint offering)
{
    const CnListing *listing = question->listing;
    candidate->listing = listing;
    candidate->offering = offering;
    take_records(candidate, listing, offering);
    candidate->service = cn_service(listing->reference->taxonomy, candidate->offered->service);
    candidate->given = given_service(question, candidate->offered);
    candidate->has_travel = question->origin != NULL && !candidate->provider->remote;
    candidate->travel = (CnTravel){0};
}

void
cn_candidate_go(CnCandidate *candidate, const CnQuestion *question)
{
    const CnListedProvider *provider = candidate->provider;
    if (candidate->has_travel && question->trips != NULL)
        candidate->travel =
            cn_trips_to(question->trips, question->origin, provider,
                        cn_points_of(question->trips->points, candidate->offered->provider));
    else if (candidate->has_travel)
        candidate->travel = cn_origin_travel(question->origin, provider->lat_deg, provider->lon_deg,
                                             provider->island);
    if (candidate->has_travel && question->plug != NULL)
        candidate->travel.travel_min =
            cn_plug_minutes(question->plug, candidate->offering, candidate->travel.travel_min);
}

void
cn_candidate_init(CnCandidate *candidate, const CnQuestion *question, guint offering)
{
    cn_candidate_look(candidate, question, offering);
    cn_candidate_go(candidate, question);
}

CnRule
cn_rules_first_broken(const CnQuestion *question, const CnCandidate *candidate, CnRuleMask among)
{
    /* Three rules ask for the status, and most providers are active. */
    if (candidate->provider->status == CN_ACTIVE)
        among &= ~rules_of_status;
    for (CnRuleMask left = among & CN_RULES_ALL; left != 0; left &= left - 1) {
        guint rule = (guint)__builtin_ctzll(left);
        if (rules[rule].is_broken(question, candidate))
            return (CnRule)rule;
    }
    return CN_RULE_NONE;
}

CnRuleMask
cn_rules_broken(const CnQuestion *question, const CnCandidate *candidate, CnRuleMask among)
{
    CnRuleMask broken = 0;
    for (CnRuleMask left = among & CN_RULES_ALL; left != 0; left &= left - 1) {
        guint rule = (guint)__builtin_ctzll(left);
        if (rules[rule].is_broken(question, candidate))
            broken |= CN_RULE_BIT(rule);
    }
    return broken;
}
