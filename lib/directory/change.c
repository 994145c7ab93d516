/* Finding, naming and applying edits. */
#include "directory/change.h"

#include <string.h>

#define ALWAYS "24/7"

/* Siblings who go along must be able to come, too: an edit serves all of them or none. */
static guint
count_siblings(const CnQuestion *question)
{
    return question->companions != NULL ? question->companions->together->len : 0;
}

static CnQuestion
question_of(const CnQuestion *question, guint sibling)
{
    return cn_question_of_sibling(question,
                                  g_ptr_array_index(question->companions->together, sibling));
}

/* Whole days until the end of the day by which the need must be met; negative when it is over. */
static gint64
days_left(const CnQuestion *question)
{
    if (!cn_date_is_set(question->need->before))
        return G_MAXINT32;
    gint64 left_s = cn_date_last_s(question->need->before) - question->now_s;
    return left_s < 0 ? -1 : left_s / CN_DAY_S;
}

static gint64
days_left_for_all(const CnQuestion *question)
{
    gint64 days = days_left(question);
    for (guint i = 0; i < count_siblings(question); i++) {
        CnQuestion of_sibling = question_of(question, i);
        days = MIN(days, days_left(&of_sibling));
    }
    return days;
}

static void
add_terms(CnTermSet *terms, CnTermSet more)
{
    terms->bits[0] |= more.bits[0];
    terms->bits[1] |= more.bits[1];
}

static CnTermSet
missing_access(const CnQuestion *question, const CnCandidate *candidate)
{
    CnTermSet missing = cn_term_set_minus(question->person->access, candidate->provider->access);
    for (guint i = 0; i < count_siblings(question); i++) {
        CnQuestion of_sibling = question_of(question, i);
        add_terms(&missing,
                  cn_term_set_minus(of_sibling.person->access, candidate->provider->access));
    }
    return missing;
}

static CnTermSet
missing_documents(const CnQuestion *question, const CnCandidate *candidate)
{
    CnTermSet missing = cn_missing_documents(question, candidate);
    for (guint i = 0; i < count_siblings(question); i++) {
        CnQuestion of_sibling = question_of(question, i);
        add_terms(&missing, cn_missing_documents(&of_sibling, candidate));
    }
    return missing;
}

/* One edit for each area from which somebody comes. */
static void
mend_areas(const CnQuestion *question, const CnCandidate *candidate, GArray *changes)
{
    guint first = changes->len;
    for (guint i = 0; i < count_siblings(question) + 1; i++) {
        CnAreaId area = i == 0 ? question->person->area : question_of(question, i - 1).person->area;
        gboolean known =
            area == CN_AREA_NONE || cn_listed_serves(question->listing, candidate->provider, area);
        for (guint k = first; k < changes->len; k++)
            known |= g_array_index(changes, CnChange, k).area == area;
        CnChange change = {.mends = CN_RULE_NOT_SERVED,
                           .offering = candidate->offering,
                           .area = area,
                           .after = changes->len - first};
        if (!known)
            g_array_append_val(changes, change);
    }
}

/* How many places are missing, counted from where nobody is more than there is room for. Of a
 * restricted provider all that are wanted are asked for: fewer would tell how many are free. */
static CnChange
mend_places(const CnQuestion *question, const CnCandidate *candidate, CnRule rule)
{
    gint64 missing = cn_places_wanted(question);
    if (!candidate->provider->restricted && rule == CN_RULE_FULL)
        missing -= cn_capacity_free(candidate->capacity, candidate->service->unit);
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
        change.terms = missing_access(question, candidate);
        break;
    case CN_RULE_DOCUMENTS:
        change.terms = missing_documents(question, candidate);
        break;
    case CN_RULE_NOT_SERVED:
        mend_areas(question, candidate, changes);
        return;
    case CN_RULE_TOO_LATE:
        change.number = days_left_for_all(question);
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
    /* Nobody can be quicker than at once. */
    if ((broken & CN_RULE_BIT(CN_RULE_TOO_LATE)) != 0 && days_left_for_all(question) < 0)
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

/* Those that are served, and those that @edits, a number of edits that stand together, add. */
static char *
join_areas(const CnListing *listing, const CnChange *edits, guint edits_len)
{
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    const CnListedProvider *provider = cn_listed_provider_of(listing, edits->offering);
    g_autoptr(GString) codes = g_string_new(NULL);
    CnSpan serves = cn_span_within(provider->serves, listing->serves_len);
    for (guint i = 0; i < serves.len; i++)
        g_string_append_printf(codes, "%s%s", i > 0 ? ";" : "",
                               cn_area(gazetteer, listing->serves[serves.first + i])->code);
    for (guint i = 0; i < edits_len; i++)
        g_string_append_printf(codes, "%s%s", codes->len > 0 ? ";" : "",
                               cn_area(gazetteer, edits[i].area)->code);
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
        return g_strdup(cn_status_name((CnStatus)provider->status));
    case CN_RULE_ACCREDITATION:
        return format_day(provider->accreditation_expires);
    case CN_RULE_DOCUMENTS:
        return join_terms(listing, CARENET_TERMS_DOCUMENTS, offered->eligibility.documents);
    case CN_RULE_NOT_SERVED:
        return join_areas(listing, change - change->after, change->after);
    case CN_RULE_INTAKE:
        return g_strdup(cn_listed_text(listing, offered->intake_known ? offered->intake_text
                                                                      : offered->hours_text));
    case CN_RULE_TOO_LATE:
        return format_number(capacity->wait_days);
    case CN_RULE_FULL:
        return provider->restricted ? NULL : format_number(capacity->total);
    default:
        return NULL;
    }
}

/* A report of more occupied than total (beds lost) must be made good first. */
static gint64
total_or_taken(const CnLiveCapacity *capacity)
{
    return MAX(capacity->total, capacity->occupied + capacity->held);
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
        add_terms(&access, change->terms);
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
        return join_areas(listing, change - change->after, change->after + 1);
    case CN_RULE_INTAKE:
        return g_strdup(ALWAYS);
    case CN_RULE_FULL:
        if (provider->restricted)
            return g_strdup_printf("+%" G_GINT64_FORMAT, change->number);
        return format_number(total_or_taken(capacity) + change->number);
    case CN_RULE_UNKNOWN_CAPACITY: /* held places are known even where nobody reported the total */
        return format_number(change->number +
                             (provider->restricted ? 0 : capacity->occupied + capacity->held));
    default: /* a number of siblings, days or places */
        return format_number(change->number);
    }
}

/* The pool with the span's records and one more at its end; the former ones stay where they are. */
static gpointer
extend(gpointer pool, gsize *len, gsize size, CnSpan *span, gconstpointer record)
{
    CnSpan former = cn_span_within(*span, *len);
    guint8 *bytes = g_realloc_n(pool, *len + former.len + 1, size);
    memcpy(bytes + *len * size, bytes + former.first * size, former.len * size);
    memcpy(bytes + (*len + former.len) * size, record, size);
    *span = (CnSpan){(guint32)*len, former.len + 1};
    *len += span->len;
    return bytes;
}

static CnText
add_text(CnListing *listing, const char *text)
{
    gsize len = strlen(text) + 1;
    CnText at = (CnText)listing->text_len;
    char *pool = g_realloc((gpointer)listing->text, listing->text_len + len);
    memcpy(pool + at, text, len);
    listing->text = pool;
    listing->text_len += len;
    return at;
}

static void
open_always(CnListing *listing, CnListedOffering *offered)
{
    static const CnOpenInterval week = {0, CN_WEEK_MIN};
    offered->intake = (CnSpan){0, 0};
    offered->intake_known = TRUE;
    offered->intake_text = add_text(listing, ALWAYS);
    listing->intervals =
        extend(listing->intervals, &listing->intervals_len, sizeof week, &offered->intake, &week);
}

static void
add_area(CnListing *listing, CnListedProvider *provider, CnAreaId area)
{
    listing->serves =
        extend(listing->serves, &listing->serves_len, sizeof area, &provider->serves, &area);
}

static void
add_course(CnListing *listing, CnListedProvider *provider, const CnChange *change)
{
    const CnCapability capability = {.course = change->term, .staff = 1, .on = change->day};
    listing->capabilities = extend(listing->capabilities, &listing->capabilities_len,
                                   sizeof capability, &provider->capabilities, &capability);
}

static void
add_places(CnLiveCapacity *capacity, gint64 places)
{
    capacity->total =
        (capacity->known ? total_or_taken(capacity) : capacity->occupied + capacity->held) + places;
    capacity->known = TRUE;
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
        add_terms(&provider->access, change->terms);
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
        add_course(listing, provider, change);
        break;
    case CN_RULE_DOCUMENTS:
        offered->eligibility.documents =
            cn_term_set_minus(offered->eligibility.documents, change->terms);
        break;
    case CN_RULE_NOT_SERVED:
        add_area(listing, provider, change->area);
        break;
    case CN_RULE_INTAKE:
        open_always(listing, offered);
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
    return changed;
}
