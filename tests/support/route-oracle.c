/* Routing by brute force: see route-oracle.h. */
#include "route-oracle.h"

#include <string.h>

/* ---- The committed order. */

enum {
    OTHER_SERVICE,
    NOT_ROUTABLE,
    SUSPENDED,
    CLOSED,
    OFFENDER,
    AVOIDED,
    SAFETY_CHECK,
    CO_VICTIM,
    SIBLING_APART,
    CONSENT,
    AGE,
    SEX,
    GROUP,
    NOT_FOR,
    ASSESSMENT,
    REMOTE_UNSAFE,
    SIBLINGS_FIT,
    SIBLINGS_SIZE,
    ONE_PROVIDER, /* of plans only */
    ACCESS,
    PAUSED,
    UNCONFIRMED,
    ACCREDITATION,
    CAPABILITY,
    DOCUMENTS,
    NOT_SERVED,
    INTAKE_CLOSED,
    PLUG_IN, /* test-plugin.c has some */
    NO_KNOWN_LINK,
    TOO_FAR,
    TOO_LATE,
    CAPACITY_UNKNOWN,
    FULL
};

static const char *const reasons[ORACLE_REASONS] = {
    "not-offered",   "not-routable",  "suspended",     "closed",
    "offender",      "avoided",       "safety-check",  "co-victim",
    "sibling-apart", "consent",       "age",           "sex",
    "group",         "not-for",       "assessment",    "remote-unsafe",
    "siblings-fit",  "siblings-size", "one-provider",  "access",
    "paused",        "unconfirmed",   "accreditation", "capability",
    "documents",     "not-served",    "intake-closed", "plug-in",
    "no-known-link", "too-far",       "too-late",      "capacity-unknown",
    "full"};

const char *
oracle_reason(guint i)
{
    return reasons[i];
}

gboolean
oracle_is_editable(guint i)
{
    return i >= SIBLINGS_SIZE && i != ONE_PROVIDER && i != PLUG_IN && i != NO_KNOWN_LINK &&
           i != TOO_FAR;
}

const char *
oracle_cost(guint i)
{
    static const char *const names[ORACLE_COSTS] = {
        "travel",         "no-known-link",  "wait",         "restrictiveness", "language",
        "capability",     "stale",          "leave-region", "new-provider",    "not-preferred",
        "siblings-apart", "other-provider", "use"};
    return names[i];
}

/* ---- Small questions. */

gboolean
oracle_lies_in(const CnGazetteer *gazetteer, CnAreaId inner, CnAreaId outer)
{
    if (inner >= 0 && cn_area(gazetteer, inner)->geographic_province == outer && outer >= 0)
        return TRUE;
    for (CnAreaId area = inner; area >= 0; area = cn_area(gazetteer, area)->parent)
        if (area == outer)
            return TRUE;
    return FALSE;
}

/* Whether some place lies in both. */
static gboolean
overlap(const CnGazetteer *gazetteer, CnAreaId a, CnAreaId b)
{
    for (guint place = 0; place < cn_gazetteer_len(gazetteer); place++)
        if (oracle_lies_in(gazetteer, (CnAreaId)place, a) &&
            oracle_lies_in(gazetteer, (CnAreaId)place, b))
            return TRUE;
    return FALSE;
}

CnAreaId
oracle_shown_area(const CnProvider *provider)
{
    return provider->disclosure == CN_DISCLOSE_PUBLIC ? provider->site.area : provider->show_area;
}

static gboolean
has_text(const GPtrArray *list, const char *text)
{
    for (guint i = 0; list != NULL && i < list->len; i++)
        if (strcmp(list->pdata[i], text) == 0)
            return TRUE;
    return FALSE;
}

/* Days since 0001-01-01 of the first and the last day of a date of any precision. */
static gint64
first_day(CnDate date)
{
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, date.day > 0 ? (GDateDay)date.day : 1,
                   date.month > 0 ? (GDateMonth)date.month : G_DATE_JANUARY, (GDateYear)date.year);
    return g_date_get_julian(&day);
}

static gint64
last_day(CnDate date)
{
    gint month = date.month > 0 ? date.month : 12;
    gint day =
        date.day > 0 ? date.day : g_date_get_days_in_month((GDateMonth)month, (GDateYear)date.year);
    return first_day((CnDate){date.year, (gint8)month, (gint8)day});
}

static gint64
local_day(gint64 instant_s)
{
    const gint64 epoch = 719163; /* 1970-01-01 */
    gint64 local_s = instant_s + 8 * 3600;
    g_assert(local_s >= 0);
    return epoch + local_s / 86400;
}

static gboolean
at_or_below(const CnTaxonomy *taxonomy, CnServiceId inner, CnServiceId outer)
{
    for (CnServiceId id = inner; id >= 0; id = cn_service(taxonomy, id)->parent)
        if (id == outer)
            return TRUE;
    return FALSE;
}

static gboolean
lists_service(const CnTaxonomy *taxonomy, const GArray *services, CnServiceId service)
{
    for (guint i = 0; i < services->len; i++)
        if (at_or_below(taxonomy, service, g_array_index(services, CnServiceId, i)))
            return TRUE;
    return FALSE;
}

/* The hours that random networks use, and what they mean on Monday 09:30 and any other minute. */
static gboolean
is_open(const char *hours, gint64 at_s)
{
    gint64 minute = (at_s + 8 * 3600) / 60;
    gint64 weekday = (minute / 1440 + 3) % 7; /* 1970-01-01 was a Thursday; Monday is 0 */
    gint64 clock = minute % 1440;
    if (strcmp(hours, "24/7") == 0)
        return TRUE;
    if (strcmp(hours, "Mo-Fr 08:00-17:00") == 0)
        return weekday <= 4 && clock >= 480 && clock < 1020;
    if (strcmp(hours, "Sa,Su 08:00-12:00") == 0)
        return weekday >= 5 && clock >= 480 && clock < 720;
    if (strcmp(hours, "Mo-Su 20:00-06:00") == 0)
        return clock >= 1200 || clock < 360;
    if (strcmp(hours, "Mo 09:31-10:00") == 0)
        return weekday == 0 && clock >= 571 && clock < 600;
    if (strcmp(hours, "Mo 09:30-10:00") == 0)
        return weekday == 0 && clock >= 570 && clock < 600;
    g_assert_cmpstr(hours, ==, "Mo 09:00-09:30");
    return weekday == 0 && clock >= 540 && clock < 570;
}

/* ---- One pair. */

typedef struct {
    const OracleWorld *world;
    const CnCase *person;
    const CnNeed *need;
    const CnProvider *provider;
    const CnOffering *offering;
    CnServiceId given; /* the service that would be given */
    CnTravel travel;
    gboolean has_travel;
    gboolean is_counted;
    gint64 free;       /* -1 nobody knows */
    CnOrigin *origins; /* one a case */
} Pair;

static void
prepare(Pair *pair)
{
    const CnReference *reference = pair->world->reference;
    const CnSite *site = &pair->provider->site;
    const CnCapacity *capacity = &pair->offering->capacity;
    const CnArea *shown = cn_area(reference->gazetteer, oracle_shown_area(pair->provider));
    gboolean own_point =
        pair->provider->disclosure == CN_DISCLOSE_PUBLIC && pair->provider->site.has_point;
    /* Who declares to cover all below gives what the need asks for. */
    pair->given = at_or_below(reference->taxonomy, pair->offering->service, pair->need->service)
                      ? pair->offering->service
                      : pair->need->service;
    pair->has_travel = !pair->provider->remote && pair->person->area >= 0;
    for (guint i = 0; i < pair->world->cases->len; i++)
        if (pair->world->cases->pdata[i] == pair->person && pair->has_travel)
            pair->travel =
                cn_origin_travel(&pair->origins[i], own_point ? site->lat_deg : shown->lat_deg,
                                 own_point ? site->lon_deg : shown->lon_deg, shown->island);
    pair->is_counted =
        cn_service(reference->taxonomy, pair->offering->service)->unit != CN_UNIT_NONE;
    pair->free = capacity->total - capacity->occupied - capacity->held;
    if (pair->free < 0)
        pair->free = 0;
    if (!capacity->known)
        pair->free = -1;
}

static gboolean
on_list(const Pair *pair, const CnAvoid *avoid)
{
    if (has_text(avoid->providers, pair->provider->id) ||
        has_text(avoid->organizations, pair->provider->organization))
        return TRUE;
    for (guint i = 0; i < avoid->areas->len && !pair->provider->remote; i++)
        if (oracle_lies_in(pair->world->reference->gazetteer, oracle_shown_area(pair->provider),
                           g_array_index(avoid->areas, CnAreaId, i)))
            return TRUE;
    return FALSE;
}

/* It is not known to be inside what is avoided, and not known to be outside. */
static gboolean
may_be_on_list(const Pair *pair, const CnAvoid *avoid)
{
    const CnGazetteer *gazetteer = pair->world->reference->gazetteer;
    CnAreaId shown = oracle_shown_area(pair->provider);
    for (guint i = 0; i < avoid->areas->len && !pair->provider->remote; i++) {
        CnAreaId avoided = g_array_index(avoid->areas, CnAreaId, i);
        if (!oracle_lies_in(gazetteer, shown, avoided) && overlap(gazetteer, shown, avoided))
            return TRUE;
    }
    return FALSE;
}

static gboolean
lacks_consent(const Pair *pair)
{
    const CnCase *person = pair->person;
    gint64 today = local_day(pair->world->now_s);
    if (pair->need->urgency == CN_EMERGENCY ||
        lists_service(pair->world->reference->taxonomy, pair->world->policy->without_consent,
                      pair->given))
        return FALSE;
    if (person->consents->len == 0)
        return person->consent == CN_CONSENT_NONE;
    for (guint i = 0; i < person->consents->len; i++) {
        const CnConsent *consent = &g_array_index(person->consents, CnConsent, i);
        gboolean begun = consent->on.year == 0 || first_day(consent->on) <= today;
        gboolean over = consent->expires.year != 0 && last_day(consent->expires) < today;
        gboolean addressed = consent->to == NULL || consent->to->len == 0 ||
                             has_text(consent->to, pair->provider->id);
        /* A child's assent is asked for beside a consent, and is none. */
        if (consent->by != CN_BY_CHILD_ASSENT && !consent->offending_guardian &&
            consent->withdrawn.year == 0 && begun && !over && addressed)
            return FALSE;
    }
    return TRUE;
}

static gboolean
lacks_assessment(const Pair *pair)
{
    gint gate = cn_service(pair->world->reference->taxonomy, pair->given)->gate;
    for (guint i = 0; i < pair->person->assessments->len; i++) {
        CnAssessment assessment = g_array_index(pair->person->assessments, CnAssessment, i);
        if (assessment.kind == gate && assessment.on.year != 0 &&
            first_day(assessment.on) <= local_day(pair->world->now_s))
            return FALSE;
    }
    return gate >= 0;
}

static gboolean
lacks_terms(CnTermSet wanted, CnTermSet there)
{
    for (gint term = 0; term < CN_TERMS_MOST; term++)
        if (cn_term_set_has(wanted, term) && !cn_term_set_has(there, term))
            return TRUE;
    return FALSE;
}

static gboolean
shares_terms(CnTermSet a, CnTermSet b)
{
    for (gint term = 0; term < CN_TERMS_MOST; term++)
        if (cn_term_set_has(a, term) && cn_term_set_has(b, term))
            return TRUE;
    return FALSE;
}

static gboolean
has_course(const Pair *pair, gint course)
{
    gint64 today = local_day(pair->world->now_s);
    for (guint i = 0; i < pair->provider->capabilities->len; i++) {
        CnCapability had = g_array_index(pair->provider->capabilities, CnCapability, i);
        if (had.course == course && had.staff != 0 &&
            (had.on.year == 0 || first_day(had.on) <= today) &&
            (had.expires.year == 0 || last_day(had.expires) >= today))
            return TRUE;
    }
    return FALSE;
}

static gboolean
applies(const Pair *pair, const CnCapabilityRule *rule)
{
    return at_or_below(pair->world->reference->taxonomy, pair->given, rule->service);
}

static gboolean
lacks_capability(const Pair *pair)
{
    const GArray *rules = pair->world->policy->capabilities;
    for (guint i = 0; i < rules->len; i++) {
        const CnCapabilityRule *rule = &g_array_index(rules, CnCapabilityRule, i);
        if (rule->required && applies(pair, rule) && !has_course(pair, rule->course))
            return TRUE;
    }
    return FALSE;
}

static gboolean
serves(const Pair *pair, CnAreaId area)
{
    for (guint i = 0; i < pair->provider->serves->len; i++)
        if (oracle_lies_in(pair->world->reference->gazetteer, area,
                           g_array_index(pair->provider->serves, CnAreaId, i)))
            return TRUE;
    return FALSE;
}

/* What hangs on the person and the pair; siblings who must stay together pass it one by one. */
static void
judge_person(const Pair *pair, gboolean *broken)
{
    const OracleWorld *world = pair->world;
    const CnCase *person = pair->person;
    const CnEligibility *takes = &pair->offering->eligibility;
    const CnService *given = cn_service(world->reference->taxonomy, pair->given);
    gboolean emergency = pair->need->urgency == CN_EMERGENCY;
    const char *intake =
        pair->offering->intake_hours != NULL ? pair->offering->intake_hours : pair->offering->hours;

    broken[OFFENDER] = on_list(pair, &person->offender) ||
                       (person->offender_in_household && given->restrictiveness == 1);
    broken[AVOIDED] = on_list(pair, &person->avoid);
    broken[SAFETY_CHECK] =
        may_be_on_list(pair, &person->offender) || may_be_on_list(pair, &person->avoid);
    broken[CONSENT] = lacks_consent(pair);
    broken[AGE] =
        person->age_min >= 0 && ((takes->age_min >= 0 && person->age_min < takes->age_min) ||
                                 (takes->age_max >= 0 && person->age_max > takes->age_max));
    broken[SEX] = (takes->sex == CN_SEX_FEMALE && person->sex == CN_SEX_MALE) ||
                  (takes->sex == CN_SEX_MALE && person->sex == CN_SEX_FEMALE);
    broken[GROUP] = lacks_terms(takes->groups, (CnTermSet){{0, 0}}) &&
                    !shares_terms(takes->groups, person->groups);
    broken[NOT_FOR] = shares_terms(takes->not_for, person->groups);
    broken[ASSESSMENT] = lacks_assessment(pair);
    broken[REMOTE_UNSAFE] = pair->provider->remote && !person->remote_safe;
    broken[ACCESS] = lacks_terms(person->access, pair->provider->access);
    broken[DOCUMENTS] = !emergency &&
                        !lists_service(world->reference->taxonomy,
                                       world->policy->documents_never_block, pair->given) &&
                        lacks_terms(takes->documents, person->documents);
    broken[NOT_SERVED] =
        pair->provider->serves->len > 0 && person->area >= 0 && !serves(pair, person->area);
    broken[INTAKE_CLOSED] = emergency && (intake == NULL || !is_open(intake, world->at_s));
    broken[NO_KNOWN_LINK] =
        person->max_travel_min > 0 && pair->has_travel && pair->travel.travel_min < 0;
    broken[TOO_FAR] = person->max_travel_min > 0 && pair->has_travel &&
                      pair->travel.travel_min > person->max_travel_min;
    broken[TOO_LATE] =
        pair->need->before.year != 0 && pair->offering->capacity.wait_days >= 0 &&
        local_day(world->now_s) + pair->offering->capacity.wait_days > last_day(pair->need->before);
}

static void
judge_provider(const Pair *pair, gboolean *broken)
{
    const OracleWorld *world = pair->world;
    const CnTaxonomy *taxonomy = world->reference->taxonomy;
    const CnProvider *provider = pair->provider;
    gboolean meets = at_or_below(taxonomy, pair->offering->service, pair->need->service) ||
                     (pair->offering->all_below &&
                      at_or_below(taxonomy, pair->need->service, pair->offering->service));
    broken[OTHER_SERVICE] = !meets;
    broken[NOT_ROUTABLE] = !cn_service(taxonomy, pair->given)->routable;
    broken[SUSPENDED] = provider->status == CN_SUSPENDED;
    broken[CLOSED] = provider->status == CN_CLOSED;
    broken[PAUSED] = provider->status == CN_PAUSED;
    broken[UNCONFIRMED] = provider->verified_on.year == 0 && !world->include_unconfirmed;
    broken[ACCREDITATION] = lists_service(taxonomy, world->policy->accreditation, pair->given) &&
                            (provider->accreditation_expires.year == 0 ||
                             last_day(provider->accreditation_expires) < local_day(world->now_s));
    broken[CAPABILITY] = lacks_capability(pair);
    broken[CAPACITY_UNKNOWN] =
        pair->is_counted && pair->free < 0 && !world->include_unknown_capacity;
}

/* ---- Costs. */

static gint64
count_stale(const Pair *pair)
{
    const CnPolicy *policy = pair->world->policy;
    const CnCapacity *capacity = &pair->offering->capacity;
    if (!capacity->known || !capacity->as_of.is_set)
        return policy->stale_most;
    gint64 age_s = pair->world->now_s - capacity->as_of.s;
    if (age_s < -3600)
        return policy->stale_most;
    gint64 days = age_s < 0 ? 0 : age_s / 86400;
    if (days <= policy->stale_after_days)
        return 0;
    return MIN((days - policy->stale_after_days) * policy->stale_cost_per_day, policy->stale_most);
}

static gint64
count_missing_courses(const Pair *pair)
{
    const GArray *rules = pair->world->policy->capabilities;
    gint64 cost = 0;
    for (guint i = 0; i < rules->len; i++) {
        const CnCapabilityRule *rule = &g_array_index(rules, CnCapabilityRule, i);
        if (!rule->required && applies(pair, rule) && !has_course(pair, rule->course))
            cost += rule->cost;
    }
    return cost;
}

static gboolean
leaves_region(const Pair *pair)
{
    const CnGazetteer *gazetteer = pair->world->reference->gazetteer;
    CnAreaId region = pair->person->area;
    while (region >= 0 && cn_area(gazetteer, region)->level != CN_LEVEL_REGION)
        region = cn_area(gazetteer, region)->parent;
    return region >= 0 && !pair->provider->remote &&
           !oracle_lies_in(gazetteer, oracle_shown_area(pair->provider), region);
}

/* The next places, one by one; who is not public does not tell how full it is. */
static gint64
count_use(const Pair *pair, gint64 places)
{
    const GArray *steps = pair->world->policy->fairness;
    const CnCapacity *capacity = &pair->offering->capacity;
    gint64 sum = 0;
    if (!capacity->known || !pair->is_counted || pair->provider->disclosure != CN_DISCLOSE_PUBLIC)
        return 0;
    for (gint64 used = capacity->occupied + capacity->held; places > 0; places--) {
        gint64 cost = 0;
        used++;
        for (guint i = 0; i < steps->len; i++) {
            const CnFairStep *step = &g_array_index(steps, CnFairStep, i);
            if (used * 100 > capacity->total * step->above_percent)
                cost = step->cost;
        }
        sum += cost;
    }
    return sum;
}

static void
weigh(const Pair *pair, gboolean siblings_fit, OracleOffer *offer)
{
    const CnPolicy *policy = pair->world->policy;
    const CnService *given = cn_service(pair->world->reference->taxonomy, pair->given);
    gint64 wait = pair->offering->capacity.wait_days;
    gint64 *line = offer->lines;
    if (pair->has_travel && pair->travel.travel_min >= 0)
        line[0] = (gint64)pair->travel.travel_min * policy->travel_cost_per_min;
    if (pair->has_travel && pair->travel.travel_min < 0)
        line[1] = policy->no_link_cost;
    if (pair->is_counted)
        line[2] = (wait < 0 ? policy->wait_unknown_days : wait) * policy->wait_cost_per_day;
    if (given->restrictiveness > 0)
        line[3] = policy->restrictiveness[given->restrictiveness - 1];
    if (lacks_terms(pair->person->languages, (CnTermSet){{0, 0}}) &&
        !shares_terms(pair->person->languages, pair->provider->languages))
        line[4] = policy->language_none_shared;
    line[5] = count_missing_courses(pair);
    if (pair->is_counted)
        line[6] = count_stale(pair);
    if (leaves_region(pair))
        line[7] = policy->leave_region;
    if (!has_text(pair->person->known_to, pair->provider->id))
        line[8] = policy->new_provider;
    if (pair->need->prefer != NULL && pair->need->prefer->len > 0 &&
        !has_text(pair->need->prefer, pair->provider->id) &&
        !has_text(pair->need->prefer, pair->offering->id))
        line[9] = policy->not_preferred;
    if (!siblings_fit)
        line[10] = policy->siblings_apart;
    line[ORACLE_USE] = count_use(pair, pair->need->units);
    for (guint i = 0; i < ORACLE_COSTS; i++)
        offer->cost += line[i];
}

/* ---- Those of the same list. */

static gboolean
are_siblings(const CnCase *a, const CnCase *b)
{
    return a != b && a->siblings_group != NULL &&
           g_strcmp0(a->siblings_group, b->siblings_group) == 0;
}

static gboolean
are_apart(const CnCase *a, const CnCase *b)
{
    return are_siblings(a, b) &&
           (a->siblings == CN_SIBLINGS_APART || b->siblings == CN_SIBLINGS_APART);
}

static const CnNeed *
same_need(const CnCase *person, CnServiceId service)
{
    for (guint i = 0; i < person->needs->len; i++)
        if (g_array_index(person->needs, CnNeed, i).service == service)
            return &g_array_index(person->needs, CnNeed, i);
    return NULL;
}

/* The siblings who ask for the same and need not be apart. (element-type CnCase)
 * (transfer container) */
static GPtrArray *
list_group(const OracleWorld *world, const CnCase *person, CnServiceId service)
{
    GPtrArray *group = g_ptr_array_new();
    for (guint i = 0; i < world->cases->len; i++) {
        CnCase *other = world->cases->pdata[i];
        if (are_siblings(person, other) && !are_apart(person, other) &&
            same_need(other, service) != NULL)
            g_ptr_array_add(group, other);
    }
    return group;
}

/* Whether somebody of the group, the person included, has this wish. */
static gboolean
wishes(const CnCase *person, const GPtrArray *group, CnSiblings wish)
{
    for (guint i = 0; i < group->len; i++)
        if (((const CnCase *)group->pdata[i])->siblings == wish)
            return TRUE;
    return person->siblings == wish;
}

static gboolean
are_co_victims(const CnCase *a, const CnCase *b)
{
    return a != b && (has_text(a->keep_apart, b->ref) || has_text(b->keep_apart, a->ref));
}

/* Whether @person, or a sibling who must stay with them, is known to the provider. */
static gboolean
is_known(const OracleWorld *world, const CnCase *person, const CnProvider *provider)
{
    gboolean required = person->siblings == CN_SIBLINGS_REQUIRE, sibling_known = FALSE;
    for (guint i = 0; i < world->cases->len; i++) {
        const CnCase *other = world->cases->pdata[i];
        if (!are_siblings(person, other))
            continue;
        required |= other->siblings == CN_SIBLINGS_REQUIRE;
        sibling_known |= !are_apart(person, other) && has_text(other->known_to, provider->id);
    }
    return has_text(person->known_to, provider->id) || (required && sibling_known);
}

/* Whether @other is known to the provider, or was proposed there further up the list, alone or in a
 * group that stays together. */
static gboolean
is_there(const OracleWorld *world,
         const CnCase *other,
         const CnProvider *provider,
         const GPtrArray *former)
{
    if (is_known(world, other, provider))
        return TRUE;
    for (guint i = 0; i < former->len; i++) {
        const OracleAnswer *answer = former->pdata[i];
        if (answer->ranked->len == 0 ||
            (answer->person != other && !g_ptr_array_find(answer->together, other, NULL)))
            continue;
        guint best = g_array_index(answer->ranked, guint, 0);
        if (g_array_index(answer->offers, OracleOffer, best).provider == provider)
            return TRUE;
    }
    return FALSE;
}

/* Whether somebody whom @person must not meet is there. */
static void
judge_apart(const Pair *pair,
            const CnCase *person,
            const GPtrArray *former,
            gboolean *co_victim,
            gboolean *sibling)
{
    for (guint i = 0; i < pair->world->cases->len; i++) {
        const CnCase *other = pair->world->cases->pdata[i];
        if (other == pair->person || !is_there(pair->world, other, pair->provider, former))
            continue;
        *co_victim |= are_co_victims(person, other);
        *sibling |= are_apart(person, other);
    }
}

/* Those who would go together, the person included. */
typedef struct {
    gint64 units;
    gint64 persons;
    gboolean fits; /* nobody else breaks what the person does not break */
} Group;

static void
add_sibling(const Pair *pair, const gboolean *own, const CnCase *sibling, Group *group)
{
    static const guint personal[] = {
        OFFENDER,   AVOIDED,       SAFETY_CHECK, CONSENT,       AGE,          SEX,
        GROUP,      NOT_FOR,       ASSESSMENT,   REMOTE_UNSAFE, ACCESS,       DOCUMENTS,
        NOT_SERVED, INTAKE_CLOSED, TOO_LATE,     TOO_FAR,       NO_KNOWN_LINK};
    gboolean broken[ORACLE_REASONS] = {FALSE};
    Pair of_sibling = *pair;
    of_sibling.person = sibling;
    of_sibling.need = same_need(sibling, pair->need->service);
    prepare(&of_sibling);
    judge_person(&of_sibling, broken);
    for (guint k = 0; k < G_N_ELEMENTS(personal); k++)
        group->fits &= own[personal[k]] || !broken[personal[k]];
    group->units += of_sibling.need->units;
    group->persons++;
}

static gboolean
exceeds_siblings(const Pair *pair, const Group *group)
{
    gint64 most = pair->offering->eligibility.siblings_up_to;
    return group->persons > 1 && most >= 0 && group->persons > most;
}

static gboolean
exceeds_places(const Pair *pair, const Group *group)
{
    return pair->is_counted && pair->free >= 0 && pair->free < group->units;
}

/* ---- One need. */

static gint64
weigh_sibling(const Pair *pair, const CnCase *sibling)
{
    OracleOffer offer = {0};
    Pair of_sibling = *pair;
    of_sibling.person = sibling;
    of_sibling.need = same_need(sibling, pair->need->service);
    prepare(&of_sibling);
    weigh(&of_sibling, TRUE, &offer);
    return offer.cost - offer.lines[ORACLE_USE];
}

static void
judge_companions(const Pair *pair,
                 const GPtrArray *together,
                 const GPtrArray *preferred,
                 const GPtrArray *former,
                 OracleOffer *offer)
{
    const CnTaxonomy *taxonomy = pair->world->reference->taxonomy;
    Group group = {.units = pair->need->units, .persons = 1, .fits = TRUE};
    Group wished = group;
    if (cn_service(taxonomy, pair->need->service)->unit != CN_UNIT_NONE)
        judge_apart(pair, pair->person, former, &offer->broken[CO_VICTIM],
                    &offer->broken[SIBLING_APART]);
    /* Who must stay with the person must not meet the wrong ones either. */
    for (guint i = 0; i < together->len; i++) {
        add_sibling(pair, offer->broken, together->pdata[i], &group);
        judge_apart(pair, together->pdata[i], former, &offer->broken[CO_VICTIM],
                    &offer->broken[SIBLING_APART]);
    }
    /* Those who would like to stay: only a cost, and only where all of them could. */
    for (guint i = 0; i < preferred->len; i++)
        add_sibling(pair, offer->broken, preferred->pdata[i], &wished);
    offer->broken[SIBLINGS_FIT] = !group.fits;
    offer->broken[SIBLINGS_SIZE] = exceeds_siblings(pair, &group);
    offer->broken[FULL] = exceeds_places(pair, &group);
    weigh(pair,
          preferred->len == 0 ||
              (wished.fits && !exceeds_siblings(pair, &wished) && !exceeds_places(pair, &wished)),
          offer);
    /* Their places come one after the other. */
    offer->group_cost = offer->cost - offer->lines[ORACLE_USE] + count_use(pair, group.units);
    for (guint i = 0; i < together->len; i++)
        offer->group_cost += weigh_sibling(pair, together->pdata[i]);
}

static void
judge(Pair *pair,
      const GPtrArray *together,
      const GPtrArray *preferred,
      const GPtrArray *former,
      OracleOffer *offer)
{
    prepare(pair);
    offer->provider = pair->provider;
    offer->offering = pair->offering;
    judge_provider(pair, offer->broken);
    judge_person(pair, offer->broken);
    judge_companions(pair, together, preferred, former, offer);
    offer->first = -1;
    for (gint i = ORACLE_REASONS - 1; i >= 0; i--)
        if (offer->broken[i])
            offer->first = i;
}

static gint
compare_ranked(gconstpointer x, gconstpointer y, gpointer data)
{
    const GArray *offers = data;
    guint a = *(const guint *)x, b = *(const guint *)y;
    gint64 cost_a = g_array_index(offers, OracleOffer, a).group_cost;
    gint64 cost_b = g_array_index(offers, OracleOffer, b).group_cost;
    return cost_a != cost_b ? (cost_a < cost_b ? -1 : 1) : (a < b ? -1 : a > b);
}

/* One rule after the other, over all offerings at once: the first that leaves nobody binds. */
static const char *
find_binding(const OracleAnswer *answer)
{
    guint left = answer->offered;
    for (guint rule = 0; rule < ORACLE_REASONS; rule++) {
        for (guint i = 0; i < answer->offers->len; i++)
            left -= rule > 0 && g_array_index(answer->offers, OracleOffer, i).first == (gint)rule;
        if (left == 0)
            return reasons[rule];
    }
    return NULL;
}

static void
finish(OracleAnswer *answer)
{
    for (guint i = 0; i < answer->offers->len; i++) {
        const OracleOffer *offer = &g_array_index(answer->offers, OracleOffer, i);
        gint first = offer->first < 0 ? ORACLE_REASONS : offer->first;
        answer->offered += first > OTHER_SERVICE;
        answer->eligible += first >= NO_KNOWN_LINK;
        answer->reachable += first >= CAPACITY_UNKNOWN;
        answer->free += offer->first < 0;
        if (offer->first < 0)
            g_array_append_val(answer->ranked, i);
    }
    g_array_sort_with_data(answer->ranked, compare_ranked, answer->offers);
    if (answer->free == 0)
        answer->binding = find_binding(answer);
}

static void
free_answer(gpointer data)
{
    OracleAnswer *answer = data;
    g_array_unref(answer->offers);
    g_array_unref(answer->ranked);
    g_ptr_array_unref(answer->together);
    g_free(answer);
}

static OracleAnswer *
answer_need(const OracleWorld *world,
            const CnCase *person,
            const CnNeed *need,
            CnOrigin *origins,
            const GPtrArray *former)
{
    OracleAnswer *answer = g_new0(OracleAnswer, 1);
    answer->person = person;
    answer->offers = g_array_new(FALSE, TRUE, sizeof(OracleOffer));
    answer->ranked = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GPtrArray) group = list_group(world, person, need->service);
    g_autoptr(GPtrArray) nobody = g_ptr_array_new();
    gboolean counted = cn_service(world->reference->taxonomy, need->service)->unit != CN_UNIT_NONE;
    gboolean required = counted && wishes(person, group, CN_SIBLINGS_REQUIRE);
    gboolean preferred = counted && !required && wishes(person, group, CN_SIBLINGS_PREFER);
    answer->together = g_ptr_array_ref(required ? group : nobody);
    for (guint i = 0; i < world->network->providers->len; i++) {
        const CnProvider *provider = world->network->providers->pdata[i];
        for (guint k = 0; k < provider->offerings->len; k++) {
            OracleOffer offer = {0};
            Pair pair = {.world = world,
                         .person = person,
                         .need = need,
                         .provider = provider,
                         .offering = &g_array_index(provider->offerings, CnOffering, k),
                         .origins = origins};
            judge(&pair, answer->together, preferred ? group : nobody, former, &offer);
            g_array_append_val(answer->offers, offer);
        }
    }
    finish(answer);
    return answer;
}

GPtrArray *
oracle_route(const OracleWorld *world)
{
    GPtrArray *answers = g_ptr_array_new_with_free_func(free_answer);
    g_autofree CnOrigin *origins = g_new0(CnOrigin, world->cases->len);
    for (guint i = 0; i < world->cases->len; i++)
        cn_origin_init(&origins[i], world->reference->gazetteer, &world->policy->speeds,
                       ((const CnCase *)world->cases->pdata[i])->area);
    for (guint i = 0; i < world->cases->len; i++) {
        const CnCase *person = world->cases->pdata[i];
        for (guint k = 0; k < person->needs->len; k++)
            g_ptr_array_add(answers,
                            answer_need(world, person, &g_array_index(person->needs, CnNeed, k),
                                        origins, answers));
    }
    return answers;
}
