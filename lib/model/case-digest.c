/* The digest of a list of cases: each case in one canonical text, the cases by their reference. Each
 * field is length-prefixed, so that no two lists can run together into the same bytes. */
#include "model/case-digest.h"

#include <string.h>

/* Bump when the set or the order of the fields changes. */
#define DIGEST_LAYOUT "carenet.cases/1"

static void
add_number(GString *out, gint64 number)
{
    const gint64 bytes = GINT64_TO_LE(number);
    g_string_append_len(out, (const char *)&bytes, sizeof bytes);
}

/* NULL and "" differ. */
static void
add_text(GString *out, const char *text)
{
    add_number(out, text != NULL ? (gint64)strlen(text) : -1);
    if (text != NULL)
        g_string_append(out, text);
}

static void
add_date(GString *out, CnDate date)
{
    add_number(out, date.year * 10000 + date.month * 100 + date.day);
}

static void
add_texts(GString *out, const GPtrArray *texts)
{
    add_number(out, texts != NULL ? texts->len : 0);
    for (guint i = 0; texts != NULL && i < texts->len; i++)
        add_text(out, g_ptr_array_index(texts, i));
}

/* Terms by id: their positions may move when a vocabulary grows. */
static void
add_terms(GString *out, const CnReference *reference, carenet_terms_kind kind, CnTermSet set)
{
    const CnVocabulary *vocabulary = reference->terms[kind];
    for (guint term = 0; !cn_term_set_is_empty(set) && term < cn_vocabulary_len(vocabulary); term++)
        if (cn_term_set_has(set, (gint)term))
            add_text(out, cn_term(vocabulary, (gint)term)->id);
    add_text(out, NULL);
}

static void
add_area(GString *out, const CnReference *reference, CnAreaId area)
{
    add_text(out, area != CN_AREA_NONE ? cn_area(reference->gazetteer, area)->code : NULL);
}

static void
add_avoid(GString *out, const CnReference *reference, const CnAvoid *avoid)
{
    add_number(out, avoid->areas->len);
    for (guint i = 0; i < avoid->areas->len; i++)
        add_area(out, reference, g_array_index(avoid->areas, CnAreaId, i));
    add_texts(out, avoid->providers);
    add_texts(out, avoid->organizations);
}

static void
add_need(GString *out, const CnReference *reference, const CnNeed *need)
{
    add_text(out, cn_service(reference->taxonomy, need->service)->id);
    add_number(out, need->urgency);
    add_number(out, need->units);
    add_texts(out, need->prefer);
    add_date(out, need->before);
}

static void
add_assessments(GString *out, const CnReference *reference, const CnCase *c)
{
    const CnVocabulary *vocabulary = reference->terms[CARENET_TERMS_ASSESSMENTS];
    add_number(out, c->assessments->len);
    for (guint i = 0; i < c->assessments->len; i++) {
        const CnAssessment *assessment = &g_array_index(c->assessments, CnAssessment, i);
        add_text(out, cn_term(vocabulary, assessment->kind)->id);
        add_date(out, assessment->on);
    }
}

static void
add_consents(GString *out, const CnCase *c)
{
    add_number(out, c->consent);
    add_number(out, c->consents->len);
    for (guint i = 0; i < c->consents->len; i++) {
        const CnConsent *consent = &g_array_index(c->consents, CnConsent, i);
        add_number(out, consent->by);
        add_number(out, consent->offending_guardian);
        add_texts(out, consent->to);
        add_date(out, consent->on);
        add_date(out, consent->expires);
        add_date(out, consent->withdrawn);
    }
}

static void
add_person(GString *out, const CnReference *reference, const CnCase *c)
{
    add_text(out, c->ref);
    add_area(out, reference, c->area);
    add_number(out, c->age_min);
    add_number(out, c->age_max);
    add_number(out, c->sex);
    add_terms(out, reference, CARENET_TERMS_LANGUAGES, c->languages);
    add_terms(out, reference, CARENET_TERMS_GROUPS, c->groups);
    add_terms(out, reference, CARENET_TERMS_ACCESS, c->access);
    add_terms(out, reference, CARENET_TERMS_DOCUMENTS, c->documents);
    add_text(out, c->siblings_group);
    add_number(out, c->siblings);
    add_texts(out, c->keep_apart);
    add_texts(out, c->known_to);
    add_number(out, c->offender_in_household);
    add_avoid(out, reference, &c->offender);
    add_avoid(out, reference, &c->avoid);
    add_number(out, c->remote_safe);
    add_number(out, c->max_travel_min);
    add_text(out, c->responsible_office);
    add_area(out, reference, c->court_area);
    add_number(out, c->custody_order);
}

/* Only where there is one: lists without bundles have the digests that they had. What stands before it can
 * be no length of a text. */
static void
add_bundle(GString *out, const CnReference *reference, const CnCase *c)
{
    if (c->bundle == CN_BUNDLE_NONE)
        return;
    add_number(out, -2);
    add_number(out, c->bundle);
    add_number(out, c->bundle_services != NULL ? (gint64)c->bundle_services->len : -1);
    for (guint i = 0; c->bundle_services != NULL && i < c->bundle_services->len; i++)
        add_text(
            out,
            cn_service(reference->taxonomy, g_array_index(c->bundle_services, CnServiceId, i))->id);
}

static void
add_case(GString *out, const CnReference *reference, const CnCase *c)
{
    add_person(out, reference, c);
    add_number(out, c->needs->len);
    for (guint i = 0; i < c->needs->len; i++)
        add_need(out, reference, &g_array_index(c->needs, CnNeed, i));
    add_assessments(out, reference, c);
    add_consents(out, c);
    add_bundle(out, reference, c);
}

static gint
compare_refs(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const CnCase *const *)a)->ref, (*(const CnCase *const *)b)->ref);
}

char *
cn_cases_digest(const struct carenet_cases *cases)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(GPtrArray) sorted = g_ptr_array_sized_new(cases->cases->len); /* borrows */
    g_autoptr(GString) text = g_string_new(DIGEST_LAYOUT);
    g_ptr_array_extend(sorted, cases->cases, NULL, NULL);
    g_ptr_array_sort(sorted, compare_refs);
    add_number(text, sorted->len);
    for (guint i = 0; i < sorted->len; i++) {
        add_case(text, cases->reference, g_ptr_array_index(sorted, i));
        g_checksum_update(sum, (const guchar *)text->str, (gssize)text->len);
        g_string_truncate(text, 0);
    }
    if (sorted->len == 0)
        g_checksum_update(sum, (const guchar *)text->str, (gssize)text->len);
    return g_strdup(g_checksum_get_string(sum));
}
