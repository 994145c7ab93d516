/* Finding, naming and applying edits. */
#include "directory/change.h"

#define ALWAYS "24/7"

static CnChange
mend_wait(const CnQuestion *question, guint offering)
{
    gint64 left_s = cn_date_last_s(question->need->before) - question->now_s;
    return (CnChange){
        .mends = CN_RULE_TOO_LATE, .offering = offering, .number = MAX(0, left_s / CN_DAY_S)};
}

/* How many places are missing. Of a restricted provider all that are wanted are asked for: fewer
 * would tell how many are free. */
static CnChange
mend_places(const CnQuestion *question, const CnCandidate *candidate, CnRule rule)
{
    gint64 wanted = cn_places_wanted(question);
    gint64 free = cn_capacity_free(candidate->capacity, candidate->service->unit);
    /* A report of more occupied than total must be made good first. */
    gint64 overfull = MAX(0, candidate->capacity->occupied + candidate->capacity->held -
                                 candidate->capacity->total);
    gint64 missing = wanted - free + overfull;
    if (candidate->provider->restricted || rule == CN_RULE_UNKNOWN_CAPACITY)
        missing = wanted + overfull;
    return (CnChange){.mends = rule, .offering = candidate->offering, .number = missing};
}

static void
mend_courses(const CnQuestion *question, const CnCandidate *candidate, GArray *changes)
{
    CnTermSet missing = cn_missing_courses(question, candidate);
    for (gint course = 0; course < CN_TERMS_MOST; course++) {
        if (!cn_term_set_has(missing, course))
            continue;
        CnChange change = {.mends = CN_RULE_CAPABILITY,
                           .offering = candidate->offering,
                           .term = course,
                           .day = question->today};
        g_array_append_val(changes, change);
    }
}

static void
mend(const CnQuestion *question, const CnCandidate *candidate, CnRule rule, GArray *changes)
{
    CnChange change = {.mends = rule, .offering = candidate->offering, .day = question->today};
    switch (rule) {
    case CN_RULE_CAPABILITY:
        mend_courses(question, candidate, changes);
        return;
    case CN_RULE_SIBLINGS_SIZE:
        change.number = question->companions->together->len + 1;
        break;
    case CN_RULE_ACCESS:
        change.terms = cn_term_set_minus(question->person->access, candidate->provider->access);
        break;
    case CN_RULE_DOCUMENTS:
        change.terms = cn_missing_documents(question, candidate);
        break;
    case CN_RULE_NOT_SERVED:
        change.area = question->person->area;
        break;
    case CN_RULE_TOO_LATE:
        change = mend_wait(question, candidate->offering);
        break;
    case CN_RULE_UNKNOWN_CAPACITY:
    case CN_RULE_FULL:
        change = mend_places(question, candidate, rule);
        break;
    default: /* status, verified, accreditation, intake: the rule says it all */
        break;
    }
    g_array_append_val(changes, change);
}

gboolean
cn_changes_for(const CnQuestion *question,
               const CnCandidate *candidate,
               CnRuleMask broken,
               GArray *changes)
{
    for (guint rule = 0; rule < CN_RULES_LEN; rule++)
        if ((broken & CN_RULE_BIT(rule)) != 0 && !cn_rule_is_editable(rule))
            return FALSE;
    for (guint rule = 0; rule < CN_RULES_LEN; rule++)
        if ((broken & CN_RULE_BIT(rule)) != 0)
            mend(question, candidate, (CnRule)rule, changes);
    return TRUE;
}

static const struct {
    CnRule mends;
    const char *kind;
    const char *field;
} names[] = {
    {CN_RULE_SIBLINGS_SIZE, "take-more-siblings", "eligibility.siblings_up_to"},
    {CN_RULE_ACCESS, "provide-access", "access"},
    {CN_RULE_PAUSED, "reopen", "status"},
    {CN_RULE_UNCONFIRMED, "confirm", "verified.on"},
    {CN_RULE_ACCREDITATION, "renew-accreditation", "accreditation.expires"},
    {CN_RULE_CAPABILITY, "train", "capabilities"},
    {CN_RULE_DOCUMENTS, "waive-documents", "eligibility.documents"},
    {CN_RULE_NOT_SERVED, "serve-area", "serves"},
    {CN_RULE_INTAKE, "open-intake", "intake.hours"},
    {CN_RULE_TOO_LATE, "shorten-wait", "capacity.wait_days"},
    {CN_RULE_UNKNOWN_CAPACITY, "report-places", "capacity.total"},
    {CN_RULE_FULL, "add-places", "capacity.total"},
};

const char *
cn_change_kind(const CnChange *change)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].mends == change->mends)
            return names[i].kind;
    g_assert_not_reached();
}

const char *
cn_change_field(const CnChange *change)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].mends == change->mends)
            return names[i].field;
    g_assert_not_reached();
}

static char *
join_terms(const CnListing *listing, carenet_terms_kind kind, CnTermSet set)
{
    return cn_term_set_join(listing->reference->terms[kind], set, ";");
}

static char *
join_areas(const CnListing *listing, const CnListedProvider *provider, CnAreaId also)
{
    g_autoptr(GString) codes = g_string_new(NULL);
    for (guint i = 0; i < provider->serves_len; i++)
        g_string_append_printf(codes, "%s%s", codes->len > 0 ? ";" : "",
                               cn_area(listing->reference->gazetteer, provider->serves[i])->code);
    if (also != CN_AREA_NONE)
        g_string_append_printf(codes, ";%s", cn_area(listing->reference->gazetteer, also)->code);
    return g_strdup(codes->str);
}

static char *
format_day(CnDate day)
{
    char text[11];
    return cn_date_is_set(day) ? g_strdup(cn_date_format(day, text)) : NULL;
}

static char *
format_number(gint64 number)
{
    return number >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
}

char *
cn_change_from(const CnChange *change, const CnListing *listing)
{
    const CnListedOffering *offered = &listing->offerings[change->offering];
    const CnListedProvider *provider = &listing->providers[offered->provider];
    const CnLiveCapacity *capacity = &listing->capacity[change->offering];
    switch (change->mends) {
    case CN_RULE_SIBLINGS_SIZE:
        return format_number(offered->eligibility.siblings_up_to);
    case CN_RULE_ACCESS:
        return join_terms(listing, CARENET_TERMS_ACCESS, provider->access);
    case CN_RULE_PAUSED:
        return g_strdup(cn_status_name(provider->status));
    case CN_RULE_ACCREDITATION:
        return format_day(provider->accreditation_expires);
    case CN_RULE_DOCUMENTS:
        return join_terms(listing, CARENET_TERMS_DOCUMENTS, offered->eligibility.documents);
    case CN_RULE_NOT_SERVED:
        return join_areas(listing, provider, CN_AREA_NONE);
    case CN_RULE_INTAKE:
        return g_strdup(offered->intake_known ? offered->intake_text : offered->hours_text);
    case CN_RULE_TOO_LATE:
        return format_number(capacity->wait_days);
    case CN_RULE_FULL:
        return provider->restricted ? NULL : format_number(capacity->total);
    default:
        return NULL;
    }
}

char *
cn_change_to(const CnChange *change, const CnListing *listing)
{
    const CnListedOffering *offered = &listing->offerings[change->offering];
    const CnListedProvider *provider = &listing->providers[offered->provider];
    const CnLiveCapacity *capacity = &listing->capacity[change->offering];
    CnTermSet access = provider->access;
    switch (change->mends) {
    case CN_RULE_ACCESS:
        access.bits[0] |= change->terms.bits[0];
        access.bits[1] |= change->terms.bits[1];
        return join_terms(listing, CARENET_TERMS_ACCESS, access);
    case CN_RULE_PAUSED:
        return g_strdup(cn_status_name(CN_ACTIVE));
    case CN_RULE_UNCONFIRMED:
    case CN_RULE_ACCREDITATION:
        return format_day(change->day);
    case CN_RULE_CAPABILITY:
        return g_strdup(
            cn_term(listing->reference->terms[CARENET_TERMS_COURSES], change->term)->id);
    case CN_RULE_DOCUMENTS:
        return join_terms(listing, CARENET_TERMS_DOCUMENTS,
                          cn_term_set_minus(offered->eligibility.documents, change->terms));
    case CN_RULE_NOT_SERVED:
        return join_areas(listing, provider, change->area);
    case CN_RULE_INTAKE:
        return g_strdup(ALWAYS);
    case CN_RULE_FULL:
        if (provider->restricted)
            return g_strdup_printf("+%" G_GINT64_FORMAT, change->number);
        return format_number(capacity->total + change->number);
    default: /* a number of siblings, days or places */
        return format_number(change->number);
    }
}

static void
open_always(CnListedOffering *offered)
{
    guint offset = 0;
    const char *reason = NULL;
    cn_hours_clear(&offered->intake);
    offered->intake_known = cn_hours_parse(ALWAYS, &offered->intake, &offset, &reason);
    offered->intake_text = ALWAYS;
}

static void
add_area(CnListedProvider *provider, CnAreaId area)
{
    CnAreaId *serves = g_new(CnAreaId, provider->serves_len + 1);
    for (guint i = 0; i < provider->serves_len; i++)
        serves[i] = provider->serves[i];
    serves[provider->serves_len++] = area;
    g_free((gpointer)provider->serves);
    provider->serves = serves;
}

static void
add_course(CnListedProvider *provider, const CnChange *change)
{
    CnCapability *capabilities = g_new(CnCapability, provider->capabilities_len + 1);
    for (guint i = 0; i < provider->capabilities_len; i++)
        capabilities[i] = provider->capabilities[i];
    capabilities[provider->capabilities_len++] =
        (CnCapability){.course = change->term, .staff = 1, .on = change->day};
    g_free((gpointer)provider->capabilities);
    provider->capabilities = capabilities;
}

static void
add_places(CnLiveCapacity *capacity, gint64 places)
{
    if (!capacity->known) {
        capacity->known = TRUE;
        capacity->total = capacity->occupied + capacity->held;
    }
    capacity->total += places;
}

static void
apply(CnListing *listing, const CnChange *change)
{
    CnListedOffering *offered = &listing->offerings[change->offering];
    CnListedProvider *provider = &listing->providers[offered->provider];
    switch (change->mends) {
    case CN_RULE_SIBLINGS_SIZE:
        offered->eligibility.siblings_up_to = (gint32)change->number;
        break;
    case CN_RULE_ACCESS:
        provider->access.bits[0] |= change->terms.bits[0];
        provider->access.bits[1] |= change->terms.bits[1];
        break;
    case CN_RULE_PAUSED:
        provider->status = CN_ACTIVE;
        break;
    case CN_RULE_UNCONFIRMED:
        provider->verified_on = change->day;
        provider->verified_by = CN_VERIFIED_PHONE;
        provider->unconfirmed = FALSE;
        break;
    case CN_RULE_ACCREDITATION:
        provider->accreditation_expires = change->day;
        break;
    case CN_RULE_CAPABILITY:
        add_course(provider, change);
        break;
    case CN_RULE_DOCUMENTS:
        offered->eligibility.documents =
            cn_term_set_minus(offered->eligibility.documents, change->terms);
        break;
    case CN_RULE_NOT_SERVED:
        add_area(provider, change->area);
        break;
    case CN_RULE_INTAKE:
        open_always(offered);
        break;
    case CN_RULE_TOO_LATE:
        listing->capacity[change->offering].wait_days = (gint32)change->number;
        break;
    case CN_RULE_UNKNOWN_CAPACITY:
    case CN_RULE_FULL:
        add_places(&listing->capacity[change->offering], change->number);
        break;
    default:
        g_assert_not_reached();
    }
}

CnDirectory *
cn_directory_with(CnDirectory *directory, const CnChange *changes, guint changes_len)
{
    CnListing *listing = cn_listing_copy(directory->listing);
    for (guint i = 0; i < changes_len; i++)
        apply(listing, &changes[i]);
    CnDirectory *changed = cn_directory_from_listing(listing, directory->revision);
    changed->base = carenet_directory_ref(directory);
    return changed;
}
