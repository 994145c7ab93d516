/* include/carenet/case.h: case lists from facts, from text and from files. Errors name no fact. */
#include "base/error.h"
#include "base/pieces.h"
#include "directory/avoided.h"
#include "directory/partial.h"
#include "format/case-file.h"
#include "format/case-list.h"
#include "format/case-privacy.h"
#include "format/case-table.h"
#include "format/case-write.h"
#include "format/issue-error.h"
#include "format/yaml.h"
#include "model/case.h"

#include <string.h>

/* The struct as it was in version 0.1; it only ever grows at its end. */
#define FACTS_SIZE_0_1                                     \
    (G_STRUCT_OFFSET(carenet_case_facts, max_travel_min) + \
     sizeof(((carenet_case_facts *)NULL)->max_travel_min))

void
carenet_case_facts_init(carenet_case_facts *facts)
{
    if (facts != NULL)
        *facts = (carenet_case_facts){.size = sizeof *facts, .age = -1, .remote_safe = -1};
}

/* ---- One case from facts. */

/* Translates an error that quotes what was looked for into one that does not; its hint names only
 * areas, services and terms of ours. Takes @cause. */
static gboolean
refuse_name(GError *cause, GError **error, const char *what)
{
    g_autoptr(GError) owned = cause;
    carenet_error_code code = carenet_error_get_code(owned);
    cn_error_set(error, code,
                 code == CARENET_ERROR_INVALID_ARGUMENT ? "%s is a name of several"
                                                        : "%s is not one that is known",
                 what);
    const char *hint = carenet_error_get_hint(owned);
    if (hint != NULL)
        cn_error_hint(error, "%s", hint);
    return FALSE;
}

static gboolean
take_ref(CnCase *c, const char *ref, GError **error)
{
    const char *text = ref != NULL ? ref : "case";
    CnPersonal kind = cn_personal_ref(text);
    if (kind != CN_PERSONAL_NONE) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "the reference of the case looks like %s", cn_personal_noun(kind));
        cn_error_hint(error, "use an opaque reference such as C-2041");
        return FALSE;
    }
    if (!cn_ref_is_valid(text)) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "the reference of the case must be 1 to %d letters, digits and . _ : -",
                     CN_REF_MOST);
        return FALSE;
    }
    c->ref = g_strdup(text);
    return TRUE;
}

static gboolean
take_words(CnCase *c, const carenet_case_facts *facts, GError **error)
{
    if (facts->sex != NULL && !cn_sex_parse(facts->sex, &c->sex)) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "sex must be one of female, male, unstated");
        return FALSE;
    }
    if (facts->urgency != NULL && !cn_urgency_parse(facts->urgency, &c->urgency)) {
        cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                     "urgency must be one of emergency, urgent, routine");
        return FALSE;
    }
    return TRUE;
}

static gboolean
take_numbers(CnCase *c, const carenet_case_facts *facts, GError **error)
{
    CN_REQUIRE_FOR("carenet_cases_add", facts->age >= -1 && facts->age <= CN_AGE_MOST,
                   "age must be 0 to " G_STRINGIFY(CN_AGE_MOST) ", or -1", error, FALSE);
    CN_REQUIRE_FOR("carenet_cases_add", facts->remote_safe >= -1 && facts->remote_safe <= 1,
                   "remote_safe must be 1, 0 or -1", error, FALSE);
    CN_REQUIRE_FOR("carenet_cases_add",
                   facts->max_travel_min >= 0 && facts->max_travel_min <= CN_TRAVEL_LIMIT_MOST,
                   "max_travel_min must be 0 to " G_STRINGIFY(CN_TRAVEL_LIMIT_MOST), error, FALSE);
    c->age_min = c->age_max = (gint16)facts->age;
    c->remote_safe = facts->remote_safe == 1;
    c->max_travel_min = facts->max_travel_min;
    return TRUE;
}

static gboolean
take_needs(CnCase *c, const CnReference *reference, const carenet_case_facts *facts, GError **error)
{
    CN_REQUIRE_FOR("carenet_cases_add",
                   facts->needs_len > 0 && cn_texts_are_given(facts->needs, facts->needs_len),
                   "needs is empty, or one of them is NULL", error, FALSE);
    for (size_t i = 0; i < facts->needs_len; i++) {
        GError *cause = NULL;
        CnNeed need = {.service = CN_SERVICE_NONE, .urgency = c->urgency, .units = 1};
        if (!cn_service_resolve(reference->taxonomy, facts->needs[i], &need.service, &cause))
            return refuse_name(cause, error, "the service of a need");
        g_array_append_val(c->needs, need);
    }
    CN_REQUIRE_FOR("carenet_cases_add", cn_case_repeated_need(c) < 0, "needs names a service twice",
                   error, FALSE);
    return TRUE;
}

static gboolean
take_terms(CnTermSet *set,
           const CnVocabulary *vocabulary,
           const char *const *terms,
           size_t len,
           const char *what,
           GError **error)
{
    if (!cn_texts_are_given(terms, len)) {
        g_autofree char *wrong = g_strconcat("one of the ", what, " is NULL", NULL);
        return cn_error_argument(error, "carenet_cases_add", wrong);
    }
    for (size_t i = 0; i < len; i++) {
        gint term = cn_term_find(vocabulary, terms[i]);
        if (term < 0) {
            g_autofree char *suggestion = cn_term_did_you_mean(vocabulary, terms[i]);
            cn_error_set(error, CARENET_ERROR_NOT_FOUND, "a word of %s is not one that is known",
                         what);
            cn_error_hint(error, "%s%scarenet terms %s lists them",
                          suggestion != NULL ? suggestion : "", suggestion != NULL ? " " : "",
                          what);
            return FALSE;
        }
        cn_term_set_add(set, term);
    }
    return TRUE;
}

static gboolean
take_vocabularies(CnCase *c,
                  const CnReference *reference,
                  const carenet_case_facts *facts,
                  GError **error)
{
    return take_terms(&c->languages, reference->terms[CARENET_TERMS_LANGUAGES], facts->languages,
                      facts->languages_len, "languages", error) &&
           take_terms(&c->groups, reference->terms[CARENET_TERMS_GROUPS], facts->groups,
                      facts->groups_len, "groups", error) &&
           take_terms(&c->access, reference->terms[CARENET_TERMS_ACCESS], facts->access,
                      facts->access_len, "access", error);
}

static gboolean
take_area(CnCase *c, const CnReference *reference, const char *area, GError **error)
{
    GError *cause = NULL;
    CN_REQUIRE_FOR("carenet_cases_add", area != NULL, "the facts have no area", error, FALSE);
    if (!cn_area_resolve(reference->gazetteer, area, &c->area, &cause))
        return refuse_name(cause, error, "the area of the case");
    return TRUE;
}

bool
carenet_cases_add(carenet_cases *cases, const carenet_case_facts *facts, carenet_error **error)
{
    CN_REQUIRE_GIVEN(cases, error, false);
    CN_REQUIRE_GIVEN(facts, error, false);
    CN_REQUIRE(facts->size >= FACTS_SIZE_0_1,
               "the size of the facts is not what carenet_case_facts_init() sets", error, false);
    carenet_case_facts known;
    carenet_case_facts_init(&known);
    memcpy(&known, facts, MIN(facts->size, sizeof known));
    const CnReference *reference = cases->reference;
    g_autoptr(CnCase) c = cn_case_new();
    if (!take_ref(c, known.ref, error) || !take_words(c, &known, error) ||
        !take_numbers(c, &known, error) || !take_area(c, reference, known.area, error) ||
        !take_needs(c, reference, &known, error) || !take_vocabularies(c, reference, &known, error))
        return false;
    if (cases->cases->len >= CN_CASES_MOST) {
        cn_error_set(error, CARENET_ERROR_TOO_LARGE, "a list holds at most %d cases",
                     CN_CASES_MOST);
        return false;
    }
    if (!cn_cases_append(cases, c)) {
        cn_error_set(error, CARENET_ERROR_CONFLICT,
                     "another case of the list has the same reference");
        cn_error_hint(error, "give every case of the list a reference of its own");
        return false;
    }
    (void)g_steal_pointer(&c);
    return true;
}

/* ---- Lists from text. */

/* Takes @cases, which were checked, and gives them where nothing is wrong. */
static carenet_cases *
conclude_cases(carenet_cases *cases,
               CnIssueList *issues,
               const char *what,
               carenet_table **out_issues,
               GError **error)
{
    g_autoptr(carenet_cases) owned = cases;
    if (cn_issue_list_errors(issues) > 0)
        cn_error_from_issues(error, issues, what);
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return cn_issue_list_errors(issues) == 0 ? g_steal_pointer(&owned) : NULL;
}

static carenet_cases *
finish_cases(carenet_cases *cases,
             CnIssueList *issues,
             const char *what,
             carenet_table **out_issues,
             GError **error)
{
    cn_cases_check(cases->cases, issues);
    return conclude_cases(cases, issues, what, out_issues, error);
}

carenet_cases *
carenet_cases_parse(carenet_reference *reference,
                    const char *text,
                    size_t len,
                    const char *name,
                    carenet_cases_flags flags,
                    carenet_table **out_issues,
                    carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE_GIVEN(text, error, NULL);
    CN_REQUIRE_GIVEN(name, error, NULL);
    CN_REQUIRE((guint)flags <= CARENET_CASES_ALLOW_PERSONAL_DATA,
               "flags is none of carenet_cases_flags", error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_cases *cases = carenet_cases_new(reference);
    cn_cases_text_read(text, len, name, reference, flags, cases->cases, issues);
    return finish_cases(cases, issues, "the case text", out_issues, error);
}

carenet_cases *
carenet_cases_load(carenet_reference *reference,
                   const char *path,
                   carenet_cases_flags flags,
                   carenet_table **out_issues,
                   carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE((guint)flags <= CARENET_CASES_ALLOW_PERSONAL_DATA,
               "flags is none of carenet_cases_flags", error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!cn_yaml_read_file(path, &cn_yaml_limits, &text, &len, issues, error))
        return NULL;
    carenet_cases *cases = carenet_cases_new(reference);
    cn_cases_text_read(text, len, path, reference, flags, cases->cases, issues);
    return finish_cases(cases, issues, "the case file", out_issues, error);
}

/* ---- Long lists. */

void
carenet_cases_options_init(carenet_cases_options *options)
{
    if (options != NULL)
        *options = (carenet_cases_options){.size = sizeof *options, .threads = 1};
}

static gboolean
adopt_options(const char *call,
              const carenet_reference *reference,
              const carenet_cases_options *given,
              carenet_cases_options *out,
              GError **error)
{
    carenet_cases_options_init(out);
    CN_ADOPT_FOR(call, given, out, error, FALSE);
    CN_REQUIRE_FOR(call, (guint)out->format <= CARENET_CASES_CSV,
                   "format is none of carenet_cases_format", error, FALSE);
    CN_REQUIRE_FOR(call, (guint)out->flags <= CARENET_CASES_ALLOW_PERSONAL_DATA,
                   "flags is none of carenet_cases_flags", error, FALSE);
    CN_REQUIRE_FOR(call, out->threads >= 1 && out->threads <= CN_THREADS_MOST,
                   "threads must be 1 to " G_STRINGIFY(CN_THREADS_MOST), error, FALSE);
    if (out->directory == NULL)
        return TRUE;
    CN_REQUIRE_FOR(call,
                   g_strcmp0(out->directory->listing->reference->digest, reference->digest) == 0,
                   "the directory was made with other reference data than the list", error, FALSE);
    return cn_directory_complete(out->directory, error);
}

static void
check_avoided(const GPtrArray *cases, CnIssueList *issues, gboolean *unsound, gpointer data)
{
    cn_directory_check_avoided(data, cases, issues, unsound);
}

/* @text NULL: an issue says why. */
static carenet_cases *
read_list(carenet_reference *reference,
          const char *text,
          gsize len,
          const char *name,
          const carenet_cases_options *options,
          CnIssueList *issues,
          carenet_table **out_issues,
          GError **error)
{
    g_autoptr(carenet_cases) cases = carenet_cases_new(reference);
    const CnCaseCheck known = {check_avoided, (gpointer)options->directory};
    const gboolean read = cn_case_list_read(
        text, len, name, options, options->directory != NULL ? &known : NULL, cases, issues);
    if (!read)
        cn_error_from_issues(error, issues, "the case list");
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return read ? g_steal_pointer(&cases) : NULL;
}

carenet_cases *
carenet_cases_read(carenet_reference *reference,
                   const char *text,
                   size_t len,
                   const char *name,
                   const carenet_cases_options *options,
                   carenet_table **out_issues,
                   carenet_error **error)
{
    carenet_cases_options own;
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE_GIVEN(text, error, NULL);
    CN_REQUIRE_GIVEN(name, error, NULL);
    if (!adopt_options(G_STRFUNC, reference, options, &own, error))
        return NULL;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    /* The readers look one byte ahead of what they take. */
    g_autofree char *copy = len < G_MAXSIZE ? g_try_malloc(len + 1) : NULL;
    if (copy == NULL) {
        cn_error_set(error, CARENET_ERROR_TOO_LARGE, "there is no memory for the case list");
        cn_error_hint(error, "split it up");
        return NULL;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    return read_list(reference, copy, len, name, &own, issues, out_issues, error);
}

carenet_cases *
carenet_cases_read_file(carenet_reference *reference,
                        const char *path,
                        const carenet_cases_options *options,
                        carenet_table **out_issues,
                        carenet_error **error)
{
    carenet_cases_options own;
    static const CnYamlLimits limits = {.bytes = CN_CASE_LIST_BYTES};
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE_GIVEN(path, error, NULL);
    if (!adopt_options(G_STRFUNC, reference, options, &own, error))
        return NULL;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!cn_yaml_read_file(path, &limits, &text, &len, issues, error))
        return NULL;
    return read_list(reference, text, len, path, &own, issues, out_issues, error);
}

carenet_cases *
carenet_cases_from_table(carenet_reference *reference,
                         const carenet_table *table,
                         const char *name,
                         carenet_cases_flags flags,
                         carenet_table **out_issues,
                         carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE_GIVEN(table, error, NULL);
    CN_REQUIRE_GIVEN(name, error, NULL);
    CN_REQUIRE((guint)flags <= CARENET_CASES_ALLOW_PERSONAL_DATA,
               "flags is none of carenet_cases_flags", error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_cases *cases = carenet_cases_new(reference);
    cn_case_table_read(table, name, flags, cases, issues);
    return conclude_cases(cases, issues, "the case table", out_issues, error);
}

char *
carenet_cases_to_ndjson(const carenet_cases *cases)
{
    if (cases == NULL)
        return NULL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < cases->cases->len; i++)
        cn_case_write(text, cases->reference, g_ptr_array_index(cases->cases, i), NULL, NULL);
    return g_string_free(text, FALSE);
}

size_t
carenet_cases_refused_len(const carenet_cases *cases)
{
    return cases != NULL ? cases->refused_len : 0;
}

const char *
carenet_cases_refused(const carenet_cases *cases)
{
    return cases != NULL ? cases->refused : NULL;
}

size_t
carenet_cases_len(const carenet_cases *cases)
{
    return cases != NULL ? cases->cases->len : 0;
}

const char *
carenet_cases_ref_at(const carenet_cases *cases, size_t i)
{
    if (cases == NULL || i >= cases->cases->len)
        return NULL;
    return ((const CnCase *)g_ptr_array_index(cases->cases, i))->ref;
}

const char *
carenet_cases_area_at(const carenet_cases *cases, size_t i)
{
    if (cases == NULL || i >= cases->cases->len)
        return NULL;
    CnAreaId area = ((const CnCase *)g_ptr_array_index(cases->cases, i))->area;
    return area != CN_AREA_NONE ? cn_area(cases->reference->gazetteer, area)->code : NULL;
}
