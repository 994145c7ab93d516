/* Cases: the record, its words, and what only a whole list can show to be wrong. */
#include "model/case.h"

#include <string.h>

static const char *const urgency_names[] =
    {[CN_EMERGENCY] = "emergency", [CN_URGENT] = "urgent", [CN_ROUTINE] = "routine"};

gboolean
cn_urgency_parse(const char *text, CnUrgency *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(urgency_names); i++) {
        if (strcmp(text, urgency_names[i]) == 0) {
            *out = (CnUrgency)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *
cn_urgency_name(CnUrgency urgency)
{
    return urgency_names[urgency];
}

gboolean
cn_sex_parse(const char *text, CnSex *out)
{
    static const CnSex all[] = {CN_SEX_UNSTATED, CN_SEX_FEMALE, CN_SEX_MALE};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        if (strcmp(text, cn_sex_name(all[i])) == 0) {
            *out = all[i];
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
cn_ref_is_valid(const char *text)
{
    gsize len = strlen(text);
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isalnum(text[i]) && strchr("._:-", text[i]) == NULL)
            return FALSE;
    return len >= 1 && len <= CN_REF_MOST;
}

void
cn_need_clear(gpointer need)
{
    g_clear_pointer(&((CnNeed *)need)->prefer, g_ptr_array_unref);
}

static void
clear_consent(gpointer consent)
{
    g_clear_pointer(&((CnConsent *)consent)->to, g_ptr_array_unref);
}

static void
init_avoid(CnAvoid *avoid)
{
    avoid->areas = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    avoid->providers = g_ptr_array_new_with_free_func(g_free);
    avoid->organizations = g_ptr_array_new_with_free_func(g_free);
}

static void
clear_avoid(CnAvoid *avoid)
{
    g_array_unref(avoid->areas);
    g_ptr_array_unref(avoid->providers);
    g_ptr_array_unref(avoid->organizations);
}

static void
init_facts(CnCase *c)
{
    c->area = c->court_area = CN_AREA_NONE;
    c->age_min = c->age_max = -1;
    c->sex = CN_SEX_UNSTATED;
    c->urgency = CN_ROUTINE;
}

CnCase *
cn_case_new(void)
{
    CnCase *c = g_new0(CnCase, 1);
    init_facts(c);
    c->needs = g_array_new(FALSE, FALSE, sizeof(CnNeed));
    g_array_set_clear_func(c->needs, cn_need_clear);
    c->keep_apart = g_ptr_array_new_with_free_func(g_free);
    c->known_to = g_ptr_array_new_with_free_func(g_free);
    init_avoid(&c->offender);
    init_avoid(&c->avoid);
    c->assessments = g_array_new(FALSE, FALSE, sizeof(CnAssessment));
    c->consents = g_array_new(FALSE, FALSE, sizeof(CnConsent));
    g_array_set_clear_func(c->consents, clear_consent);
    return c;
}

static void
init_avoid_like(CnAvoid *avoid, const CnAvoid *empty)
{
    avoid->areas = g_array_ref(empty->areas);
    avoid->providers = g_ptr_array_ref(empty->providers);
    avoid->organizations = g_ptr_array_ref(empty->organizations);
}

CnCase *
cn_case_new_like(const CnCase *empty)
{
    CnCase *c = g_new0(CnCase, 1);
    init_facts(c);
    c->needs = g_array_ref(empty->needs);
    c->keep_apart = g_ptr_array_ref(empty->keep_apart);
    c->known_to = g_ptr_array_ref(empty->known_to);
    init_avoid_like(&c->offender, &empty->offender);
    init_avoid_like(&c->avoid, &empty->avoid);
    c->assessments = g_array_ref(empty->assessments);
    c->consents = g_array_ref(empty->consents);
    return c;
}

void
cn_case_free(CnCase *c)
{
    if (c == NULL)
        return;
    g_free(c->ref);
    g_free(c->siblings_group);
    g_free(c->responsible_office);
    g_clear_pointer(&c->bundle_services, g_array_unref);
    g_array_unref(c->needs);
    g_ptr_array_unref(c->keep_apart);
    g_ptr_array_unref(c->known_to);
    clear_avoid(&c->offender);
    clear_avoid(&c->avoid);
    g_array_unref(c->assessments);
    g_array_unref(c->consents);
    g_free(c);
}

static void
share_array(GArray **array, GArray *empty)
{
    if ((*array)->len > 0)
        return;
    g_array_unref(*array);
    *array = g_array_ref(empty);
}

static void
share_texts(GPtrArray **array, GPtrArray *empty)
{
    if ((*array)->len > 0)
        return;
    g_ptr_array_unref(*array);
    *array = g_ptr_array_ref(empty);
}

static void
share_avoid(CnAvoid *avoid, const CnAvoid *empty)
{
    share_array(&avoid->areas, empty->areas);
    share_texts(&avoid->providers, empty->providers);
    share_texts(&avoid->organizations, empty->organizations);
}

void
cn_case_share_empty(CnCase *c, const CnCase *empty)
{
    share_array(&c->needs, empty->needs);
    share_texts(&c->keep_apart, empty->keep_apart);
    share_texts(&c->known_to, empty->known_to);
    share_avoid(&c->offender, &empty->offender);
    share_avoid(&c->avoid, &empty->avoid);
    share_array(&c->assessments, empty->assessments);
    share_array(&c->consents, empty->consents);
}

static gboolean
names_service(const GArray *services, CnServiceId service)
{
    for (guint i = 0; i < services->len; i++)
        if (g_array_index(services, CnServiceId, i) == service)
            return TRUE;
    return FALSE;
}

gboolean
cn_case_bundles(const CnCase *c, const CnNeed *need)
{
    return c->bundle != CN_BUNDLE_NONE &&
           (c->bundle_services == NULL || names_service(c->bundle_services, need->service));
}

/* ---- One list as a whole. */

/* A list seen by reference and by sibling group; the keys are borrowed from the cases. */
typedef struct {
    const GPtrArray *cases; /* (element-type CnCase) */
    GHashTable *by_ref;     /* (element-type utf8 guint) position of the first that carries it */
    GHashTable *group_lens; /* (element-type utf8 guint) how many belong to a sibling group */
    GHashTable *group_of;   /* (element-type utf8 CnCase) the first of a sibling group */
    gboolean *unsound;      /* one a case; nullable */
} ListIndex;

static CnPos
first_known(CnPos pos, const CnCase *c)
{
    return pos.file != NULL ? pos : c->pos;
}

static void
add_to_group(ListIndex *index, CnCase *c)
{
    if (c->siblings_group == NULL)
        return;
    guint len = GPOINTER_TO_UINT(g_hash_table_lookup(index->group_lens, c->siblings_group));
    if (len == 0)
        g_hash_table_insert(index->group_of, c->siblings_group, c);
    g_hash_table_insert(index->group_lens, c->siblings_group, GUINT_TO_POINTER(len + 1));
}

static void
report_duplicate(const CnCase *c, CnIssueList *issues)
{
    cn_issue_add(issues, CN_SEVERITY_ERROR, "duplicate-ref", first_known(c->ref_pos, c),
                 "give every case of the list a reference of its own",
                 "another case of the list has the same reference");
}

static void
mark_unsound(const ListIndex *index, guint i)
{
    if (index->unsound != NULL)
        index->unsound[i] = TRUE;
}

/* A reference that stands twice is reported at every place, the first one included. */
static void
index_list(ListIndex *index, CnIssueList *issues)
{
    g_autoptr(GHashTable) twice = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < index->cases->len; i++) {
        CnCase *c = g_ptr_array_index(index->cases, i);
        gpointer first = NULL;
        add_to_group(index, c);
        if (c->ref == NULL)
            continue;
        if (!g_hash_table_lookup_extended(index->by_ref, c->ref, NULL, &first)) {
            g_hash_table_insert(index->by_ref, c->ref, GUINT_TO_POINTER(i));
            continue;
        }
        if (g_hash_table_add(twice, c->ref)) {
            report_duplicate(g_ptr_array_index(index->cases, GPOINTER_TO_UINT(first)), issues);
            mark_unsound(index, GPOINTER_TO_UINT(first));
        }
        report_duplicate(c, issues);
        mark_unsound(index, i);
    }
}

gint
cn_case_repeated_need(const CnCase *c)
{
    for (guint i = 1; i < c->needs->len; i++) {
        const CnServiceId service = g_array_index(c->needs, CnNeed, i).service;
        for (guint k = 0; k < i && service != CN_SERVICE_NONE; k++)
            if (g_array_index(c->needs, CnNeed, k).service == service)
                return (gint)i;
    }
    return -1;
}

static void
check_needs(const CnCase *c, CnIssueList *issues)
{
    if (c->needs->len == 0) {
        cn_issue_add(issues, CN_SEVERITY_ERROR, "no-need", first_known(c->needs_pos, c),
                     "add needs, for example needs: [trauma-therapy]",
                     "the case names no service that is needed");
        return;
    }
    const gint repeated = cn_case_repeated_need(c);
    if (repeated < 0)
        return;
    cn_issue_add(issues, CN_SEVERITY_ERROR, "duplicate-need", first_known(c->needs_pos, c),
                 "name each service once; several places of one are {service: ..., units: 2}",
                 "need %d names a service that the case needs already", repeated + 1);
}

static void
check_siblings(const ListIndex *index, const CnCase *c, CnIssueList *issues)
{
    if (c->siblings_group == NULL)
        return;
    CnPos pos = first_known(c->siblings_pos, c);
    if (GPOINTER_TO_UINT(g_hash_table_lookup(index->group_lens, c->siblings_group)) == 1)
        cn_issue_add(issues, CN_SEVERITY_WARNING, "sibling-alone", pos,
                     "put the cases of all siblings into one list",
                     "no other case of the list belongs to this sibling group");
    const CnCase *first = g_hash_table_lookup(index->group_of, c->siblings_group);
    if (first->siblings != c->siblings)
        cn_issue_add(issues, CN_SEVERITY_WARNING, "siblings-differ", pos,
                     "write the same keep for every sibling of the group",
                     "the cases of this sibling group do not say the same about staying together");
}

/* Siblings of one group who are to be placed together. */
static gboolean
must_stay_together(const CnCase *a, const CnCase *b)
{
    return a->siblings == CN_SIBLINGS_REQUIRE && b->siblings == CN_SIBLINGS_REQUIRE &&
           g_strcmp0(a->siblings_group, b->siblings_group) == 0;
}

static void
check_keep_apart(const ListIndex *index, const CnCase *c, CnIssueList *issues)
{
    CnPos pos = first_known(c->keep_apart_pos, c);
    for (guint i = 0; i < c->keep_apart->len; i++) {
        gpointer found = NULL;
        const CnCase *other = NULL;
        if (g_hash_table_lookup_extended(index->by_ref, c->keep_apart->pdata[i], NULL, &found))
            other = g_ptr_array_index(index->cases, GPOINTER_TO_UINT(found));
        if (other == NULL)
            cn_issue_add(issues, CN_SEVERITY_WARNING, "unknown-ref", pos,
                         "put the cases that must be kept apart into one list",
                         "keep_apart: number %u names no case of the list", i + 1);
        else if (other == c || must_stay_together(c, other))
            cn_issue_add(issues, CN_SEVERITY_ERROR, "contradiction", pos,
                         "take it out of keep_apart, or change keep of the siblings",
                         "keep_apart: number %u is %s", i + 1,
                         other == c ? "the case itself" : "a sibling who must stay with this one");
    }
}

static gboolean
needs_service(const CnCase *c, CnServiceId service)
{
    for (guint i = 0; i < c->needs->len; i++)
        if (g_array_index(c->needs, CnNeed, i).service == service)
            return TRUE;
    return FALSE;
}

static void
check_bundle(const CnCase *c, CnIssueList *issues)
{
    const CnPos pos = first_known(c->bundle_pos, c);
    guint bundled = 0;
    for (guint i = 0; c->bundle_services != NULL && i < c->bundle_services->len; i++)
        if (!needs_service(c, g_array_index(c->bundle_services, CnServiceId, i)))
            cn_issue_add(issues, CN_SEVERITY_ERROR, "contradiction", pos,
                         "name services of the needs of the case, or none for all of them",
                         "bundle: number %u is no service that the case needs", i + 1);
    for (guint i = 0; i < c->needs->len; i++)
        bundled += cn_case_bundles(c, &g_array_index(c->needs, CnNeed, i)) ? 1 : 0;
    if (c->bundle != CN_BUNDLE_NONE && bundled < 2)
        cn_issue_add(issues, CN_SEVERITY_WARNING, "bundle-alone", pos,
                     "leave bundle out, or name at least two needs",
                     "a bundle of fewer than two needs says nothing");
}

void
cn_cases_check_each(const GPtrArray *cases, CnIssueList *issues, gboolean *unsound)
{
    g_autoptr(GHashTable) by_ref = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) group_lens = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) group_of = g_hash_table_new(g_str_hash, g_str_equal);
    ListIndex index = {cases, by_ref, group_lens, group_of, unsound};
    index_list(&index, issues);
    for (guint i = 0; i < cases->len; i++) {
        const CnCase *c = g_ptr_array_index(cases, i);
        const guint errors = cn_issue_list_errors(issues);
        check_needs(c, issues);
        check_siblings(&index, c, issues);
        check_bundle(c, issues);
        check_keep_apart(&index, c, issues);
        if (cn_issue_list_errors(issues) > errors)
            mark_unsound(&index, i);
    }
}

void
cn_cases_check(const GPtrArray *cases, CnIssueList *issues)
{
    cn_cases_check_each(cases, issues, NULL);
}

/* ---- The handle. */

carenet_cases *
carenet_cases_new(carenet_reference *reference)
{
    if (reference == NULL)
        return NULL;
    carenet_cases *cases = g_new0(carenet_cases, 1);
    g_atomic_ref_count_init(&cases->refs);
    cases->reference = carenet_reference_ref(reference);
    cases->cases = g_ptr_array_new_with_free_func((GDestroyNotify)cn_case_free);
    cases->by_ref = g_hash_table_new(g_str_hash, g_str_equal);
    return cases;
}

gboolean
cn_cases_append(carenet_cases *cases, CnCase *c)
{
    /* A reader fills the array directly; its references are looked at here, once. */
    for (guint i = g_hash_table_size(cases->by_ref); i < cases->cases->len; i++)
        g_hash_table_add(cases->by_ref, ((CnCase *)g_ptr_array_index(cases->cases, i))->ref);
    if (g_hash_table_contains(cases->by_ref, c->ref))
        return FALSE;
    g_hash_table_add(cases->by_ref, c->ref);
    g_ptr_array_add(cases->cases, c);
    return TRUE;
}

carenet_cases *
carenet_cases_ref(carenet_cases *cases)
{
    if (cases != NULL)
        g_atomic_ref_count_inc(&cases->refs);
    return cases;
}

void
carenet_cases_unref(carenet_cases *cases)
{
    if (cases == NULL || !g_atomic_ref_count_dec(&cases->refs))
        return;
    g_free(cases->refused);
    g_hash_table_unref(cases->by_ref);
    g_ptr_array_unref(cases->cases);
    carenet_reference_unref(cases->reference);
    g_free(cases);
}

/* ---- Consent. */

static gboolean
names_provider(const CnConsent *consent, const char *provider)
{
    if (consent->to == NULL || consent->to->len == 0)
        return TRUE;
    for (guint i = 0; i < consent->to->len; i++)
        if (strcmp(g_ptr_array_index(consent->to, i), provider) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_in_scope(const CnConsent *consent, const char *provider, gint64 now_s)
{
    if (consent->by == CN_BY_CHILD_ASSENT || consent->offending_guardian ||
        cn_date_is_set(consent->withdrawn))
        return FALSE;
    if (cn_date_is_set(consent->on) && cn_date_first_s(consent->on) > now_s)
        return FALSE;
    if (cn_date_is_set(consent->expires) && cn_date_last_s(consent->expires) < now_s)
        return FALSE;
    return names_provider(consent, provider);
}

CnConsentAnswer
cn_consent_to(const GArray *consents, CnConsentLevel level, const char *provider, gint64 now_s)
{
    for (guint i = 0; i < consents->len; i++)
        if (is_in_scope(&g_array_index(consents, CnConsent, i), provider, now_s))
            return CN_CONSENT_GIVEN;
    if (consents->len > 0 || level == CN_CONSENT_NONE)
        return CN_CONSENT_REFUSED;
    return level == CN_CONSENT_UNSTATED ? CN_CONSENT_NOT_RECORDED : CN_CONSENT_GIVEN;
}
