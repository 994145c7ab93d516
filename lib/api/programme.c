/* The public functions of programmes: read from files, and asked for their indicators. */
#include "api/shipped.h"
#include "base/error.h"
#include "base/text.h"
#include "format/indicators-file.h"
#include "format/issue-error.h"
#include "format/region-file.h"
#include "format/yaml.h"
#include "model/programme-list.h"
#include "store/store.h"

/* The public carenet_programme: a network of which only regions and programmes are kept. */
struct carenet_programme {
    gatomicrefcount refs;
    CnNetwork *network;
    CnReference *reference;
};
typedef struct carenet_programme CnKeptProgramme;

static CnKeptProgramme *
keep_programmes(CnNetwork *network, CnReference *reference)
{
    CnKeptProgramme *programme = g_new0(CnKeptProgramme, 1);
    g_atomic_ref_count_init(&programme->refs);
    g_ptr_array_set_size(network->providers, 0);
    g_array_set_size(network->organizations, 0);
    for (guint i = 0; i < network->programmes->len; i++)
        cn_programme_identify(g_ptr_array_index(network->programmes, i), reference,
                              network->strings);
    programme->network = network;
    programme->reference = carenet_reference_ref(reference);
    return programme;
}

carenet_programme *
carenet_programme_from_files(carenet_reference *reference,
                             const char *const *paths,
                             size_t paths_len,
                             carenet_table **out_issues,
                             carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE(paths_len > 0 && cn_texts_are_given(paths, paths_len),
               "paths is empty, or one of them is NULL", error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnNetwork *network = cn_region_files_read(paths, paths_len, reference, issues, error);
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return network != NULL ? keep_programmes(network, reference) : NULL;
}

carenet_programme *
carenet_programme_from_store(carenet_store *store, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    CnNetwork *network = cn_store_programmes(store, error);
    return network != NULL ? keep_programmes(network, cn_store_reference(store)) : NULL;
}

carenet_programme *
carenet_programme_demonstration(carenet_reference *reference, carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    g_autoptr(GPtrArray) paths = cn_shipped_files(reference, error);
    if (paths == NULL)
        return NULL;
    return carenet_programme_from_files(reference, (const char *const *)paths->pdata, paths->len,
                                        NULL, error);
}

carenet_programme *
carenet_programme_ref(carenet_programme *programme)
{
    if (programme != NULL)
        g_atomic_ref_count_inc(&programme->refs);
    return programme;
}

void
carenet_programme_unref(carenet_programme *programme)
{
    if (programme == NULL || !g_atomic_ref_count_dec(&programme->refs))
        return;
    cn_network_free(programme->network);
    carenet_reference_unref(programme->reference);
    g_free(programme);
}

bool
carenet_programme_is_demonstration(const carenet_programme *programme)
{
    for (guint i = 0; programme != NULL && i < programme->network->programmes->len; i++)
        if (((const CnProgramme *)g_ptr_array_index(programme->network->programmes, i))->example)
            return true;
    return false;
}

/* ---- Records. */

G_STATIC_ASSERT((guint)CARENET_PROGRAMME_ACTORS == (guint)CN_PROGRAMME_ACTORS &&
                (guint)CARENET_PROGRAMME_BODIES == (guint)CN_PROGRAMME_BODIES &&
                (guint)CARENET_PROGRAMME_MEETINGS == (guint)CN_PROGRAMME_MEETINGS &&
                (guint)CARENET_PROGRAMME_STRATEGIC_PLANS == (guint)CN_PROGRAMME_PLANS &&
                (guint)CARENET_PROGRAMME_ORDINANCES == (guint)CN_PROGRAMME_ORDINANCES &&
                (guint)CARENET_PROGRAMME_PROTOCOLS == (guint)CN_PROGRAMME_PROTOCOLS &&
                (guint)CARENET_PROGRAMME_TRAININGS == (guint)CN_PROGRAMME_TRAININGS &&
                (guint)CARENET_PROGRAMME_TALLIES == (guint)CN_PROGRAMME_TALLIES &&
                (guint)CARENET_PROGRAMME_STARTED == (guint)CN_PROGRAMME_STARTS &&
                (guint)CARENET_PROGRAMME_CARE_PLANS == (guint)CN_PROGRAMME_CARE_PLANS);

carenet_table *
carenet_programme_list(const carenet_programme *programme,
                       carenet_programme_kind kind,
                       carenet_error **error)
{
    CN_REQUIRE_GIVEN(programme, error, NULL);
    CN_REQUIRE((guint)kind < CN_PROGRAMME_KINDS, "kind is none of carenet_programme_kind", error,
               NULL);
    return cn_programmes_list(programme->network, programme->reference, (CnProgrammeKind)kind);
}

carenet_table *
carenet_programme_overview(const carenet_programme *programme, carenet_error **error)
{
    CN_REQUIRE_GIVEN(programme, error, NULL);
    return cn_programmes_overview(programme->network);
}

carenet_table *
carenet_programme_show(const carenet_programme *programme, const char *id, carenet_error **error)
{
    CN_REQUIRE_GIVEN(programme, error, NULL);
    CN_REQUIRE_GIVEN(id, error, NULL);
    carenet_table *shown = cn_programmes_show(programme->network, programme->reference, id);
    if (shown != NULL)
        return shown;
    g_autofree char *quoted = cn_text_quote(id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no programme record \"%s\"", quoted);
    cn_error_hint(error, "carenet_programme_list() lists those of a kind");
    return NULL;
}

/* ---- Indicators. */

void
carenet_indicator_query_init(carenet_indicator_query *query)
{
    if (query == NULL)
        return;
    *query = (carenet_indicator_query){.size = sizeof *query, .profile = CARENET_PROFILE_INTERNAL};
}

static gboolean
adopt_query(const carenet_indicator_query *given,
            carenet_indicator_query *own,
            CnIndicatorQuery *out,
            GError **error)
{
    carenet_indicator_query_init(own);
    CN_ADOPT_FOR("carenet_report_indicators", given, own, error, FALSE);
    CN_REQUIRE_FOR("carenet_report_indicators", (guint)own->profile <= CARENET_PROFILE_FUNDER,
                   "profile is none of carenet_profile", error, FALSE);
    if (!cn_date_read("from", own->from, &out->from, error) ||
        !cn_date_read("to", own->to, &out->to, error))
        return FALSE;
    out->by_region = own->by_region;
    out->suppress = own->profile != CARENET_PROFILE_INTERNAL;
    if (!cn_date_is_set(out->from) || !cn_date_is_set(out->to) ||
        cn_date_first_s(out->from) <= cn_date_last_s(out->to))
        return TRUE;
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 "the period ends (%s) before it begins (%s)", own->to, own->from);
    cn_error_hint(error, "exchange from and to");
    return FALSE;
}

static GPtrArray *
read_indicators(const CnReference *reference,
                const char *given,
                carenet_table **out_issues,
                GError **error)
{
    g_autofree char *shipped = g_build_filename(reference->data_dir, "indicators.yaml", NULL);
    const char *path = given != NULL ? given : shipped;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autofree char *text = NULL;
    gsize len = 0;
    if (!cn_yaml_read_file(path, NULL, &text, &len, issues, error))
        return NULL;
    GPtrArray *indicators =
        cn_indicators_text_read(text, len, g_intern_string(path), reference, issues);
    if (indicators == NULL || cn_issue_list_errors(issues) > 0)
        cn_error_from_issues(error, issues, "the indicator file");
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return indicators;
}

carenet_table *
carenet_report_indicators(const carenet_programme *programme,
                          const carenet_indicator_query *query,
                          carenet_table **out_issues,
                          carenet_error **error)
{
    carenet_indicator_query own;
    CnIndicatorQuery understood = {.from = CN_DATE_NONE, .to = CN_DATE_NONE};
    CN_REQUIRE_GIVEN(programme, error, NULL);
    if (!adopt_query(query, &own, &understood, error))
        return NULL;
    g_autoptr(GPtrArray) indicators =
        read_indicators(programme->reference, own.indicators, out_issues, error);
    if (indicators == NULL)
        return NULL;
    return cn_indicators_compute(indicators, programme->network, programme->reference, &understood);
}
