/* The public functions of stores. */
#include "store/store.h"

#include "base/error.h"
#include "base/text.h"
#include "format/region-csv.h"
#include "format/region-file.h"

#include <string.h>

#define BUSY_MS_DEFAULT 5000

void
carenet_store_options_init(carenet_store_options *options)
{
    if (options == NULL)
        return;
    *options = (carenet_store_options){.size = sizeof *options, .busy_ms = BUSY_MS_DEFAULT};
}

void
carenet_import_options_init(carenet_import_options *options)
{
    if (options == NULL)
        return;
    *options = (carenet_import_options){.size = sizeof *options};
}

/* The caller's options in the shape of this build: a caller that was compiled against an older
 * header knows fewer of them. */
static gboolean
adopt_store_options(const carenet_store_options *given, carenet_store_options *out, GError **error)
{
    carenet_store_options_init(out);
    if (given != NULL) {
        CN_REQUIRE(given->size > sizeof given->size && given->size <= sizeof *out, error, FALSE);
        memcpy(out, given, given->size);
    }
    CN_REQUIRE(out->busy_ms >= 0, error, FALSE);
    return TRUE;
}

static gboolean
adopt_import_options(const carenet_import_options *given,
                     carenet_import_options *out,
                     GError **error)
{
    carenet_import_options_init(out);
    if (given != NULL) {
        CN_REQUIRE(given->size > sizeof given->size && given->size <= sizeof *out, error, FALSE);
        memcpy(out, given, given->size);
    }
    CN_REQUIRE(out->format >= CARENET_FILE_BY_NAME && out->format <= CARENET_FILE_CSV, error,
               FALSE);
    return TRUE;
}

static carenet_reference *
reference_of(const carenet_store_options *options, GError **error)
{
    if (options->reference != NULL)
        return carenet_reference_ref(options->reference);
    return carenet_reference_open(NULL, error);
}

carenet_store *
carenet_store_init(const char *path,
                   carenet_store_kind kind,
                   const carenet_store_options *options,
                   carenet_error **error)
{
    carenet_store_options own;
    CN_REQUIRE(path != NULL && path[0] != '\0', error, NULL);
    CN_REQUIRE(kind == CARENET_STORE_LIVE || kind == CARENET_STORE_DEMONSTRATION, error, NULL);
    if (!adopt_store_options(options, &own, error))
        return NULL;
    CN_REQUIRE(!own.read_only, error, NULL);
    g_autoptr(carenet_reference) reference = reference_of(&own, error);
    return reference != NULL ? cn_store_init(path, kind, reference, own.busy_ms, error) : NULL;
}

carenet_store *
carenet_store_open(const char *path, const carenet_store_options *options, carenet_error **error)
{
    carenet_store_options own;
    CN_REQUIRE(path != NULL && path[0] != '\0', error, NULL);
    if (!adopt_store_options(options, &own, error))
        return NULL;
    g_autoptr(carenet_reference) reference = reference_of(&own, error);
    if (reference == NULL)
        return NULL;
    return cn_store_open(path, reference, own.read_only, own.busy_ms, error);
}

void
carenet_store_close(carenet_store *store)
{
    cn_store_close(store);
}

carenet_store_kind
carenet_store_get_kind(const carenet_store *store)
{
    return store != NULL ? cn_store_kind(store) : CARENET_STORE_LIVE;
}

/* All files into one network, as they stand: they are checked together with what is stored. */
static CnNetwork *
read_files(const char *const *paths,
           size_t paths_len,
           carenet_file_format format,
           const CnReference *reference,
           CnIssueList *issues,
           GError **error)
{
    g_autoptr(CnNetwork) network = cn_network_new();
    for (size_t i = 0; i < paths_len; i++)
        if (!cn_region_file_read_as(paths[i], format, network, reference, issues, error))
            return NULL;
    return g_steal_pointer(&network);
}

/* What is left of the shipped files is real, and has no clock of its own. */
static void
leave_examples_out(CnNetwork *network)
{
    for (guint i = network->organizations->len; i-- > 0;)
        if (g_array_index(network->organizations, CnOrganization, i).example)
            g_array_remove_index(network->organizations, i);
    for (guint i = network->providers->len; i-- > 0;)
        if (((const CnProvider *)g_ptr_array_index(network->providers, i))->example)
            g_ptr_array_remove_index(network->providers, i);
    network->demonstration_now = (CnInstant){0};
}

bool
carenet_store_import(carenet_store *store,
                     const char *const *paths,
                     size_t paths_len,
                     const carenet_import_options *options,
                     carenet_table **out_issues,
                     carenet_table **out_changes,
                     carenet_error **error)
{
    carenet_import_options own;
    CN_REQUIRE(store != NULL, error, false);
    CN_REQUIRE(paths != NULL && paths_len > 0, error, false);
    for (size_t i = 0; i < paths_len; i++)
        CN_REQUIRE(paths[i] != NULL, error, false);
    if (!adopt_import_options(options, &own, error))
        return false;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network =
        read_files(paths, paths_len, own.format, cn_store_reference(store), issues, error);
    if (network == NULL)
        return false;
    if (own.skip_examples)
        leave_examples_out(network);
    bool done = cn_store_import(store, network, &own, issues, out_changes, error);
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return done;
}

static gboolean
holds_region(const CnNetwork *network, const char *region)
{
    for (guint i = 0; i < network->regions->len; i++)
        if (strcmp(g_array_index(network->regions, CnRegion, i).id, region) == 0)
            return TRUE;
    return FALSE;
}

/* The whole network, which has the region @region unless that is NULL. */
static CnNetwork *
load_region(carenet_store *store, const char *region, GError **error)
{
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, error);
    if (network == NULL || region == NULL || holds_region(network, region))
        return g_steal_pointer(&network);
    g_autofree char *quoted = cn_text_quote(region);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "the store has no region \"%s\"", quoted);
    cn_error_hint(error, "carenet_store_regions() lists them");
    return NULL;
}

char *
carenet_store_export(carenet_store *store, const char *region, carenet_error **error)
{
    CN_REQUIRE(store != NULL, error, NULL);
    g_autoptr(CnNetwork) network = load_region(store, region, error);
    return network != NULL ? cn_region_write(network, cn_store_reference(store), region) : NULL;
}

char *
carenet_store_export_csv(carenet_store *store, const char *region, carenet_error **error)
{
    CN_REQUIRE(store != NULL, error, NULL);
    gboolean own = g_strcmp0(region, CN_REGION_CSV_NETWORK) == 0;
    g_autoptr(CnNetwork) network = load_region(store, own ? NULL : region, error);
    return network != NULL ? cn_region_csv_write(network, cn_store_reference(store), region) : NULL;
}

carenet_table *
carenet_store_regions(carenet_store *store, carenet_error **error)
{
    CN_REQUIRE(store != NULL, error, NULL);
    return cn_store_regions(store, error);
}
