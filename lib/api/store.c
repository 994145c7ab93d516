/* The public functions of stores. */
#include "api/store-image.h"
#include "directory/directory-image.h"
#include "referral/referral.h"
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

static gboolean
adopt_store_options(const char *call,
                    const carenet_store_options *given,
                    carenet_store_options *out,
                    GError **error)
{
    carenet_store_options_init(out);
    CN_ADOPT_FOR(call, given, out, error, FALSE);
    CN_REQUIRE_FOR(call, out->busy_ms >= 0, "busy_ms must be 0 or more", error, FALSE);
    return TRUE;
}

static gboolean
adopt_import_options(const carenet_import_options *given,
                     carenet_import_options *out,
                     GError **error)
{
    carenet_import_options_init(out);
    CN_ADOPT_FOR("carenet_store_import", given, out, error, FALSE);
    CN_REQUIRE_FOR("carenet_store_import", (guint)out->format <= CARENET_FILE_CSV,
                   "format is none of carenet_file_format", error, FALSE);
    const CnActing who = {.actor = out->actor};
    return out->actor == NULL || cn_acting_check(&who, error);
}

/* The places and services of the image beside the store, unless their files have changed; NULL where
 * there are none. */
static carenet_reference *
reference_of_image(const char *path, const char *data_dir, const char *stamp)
{
    g_autofree char *image_path = g_strconcat(path, CN_STORE_IMAGE_ENDING, NULL);
    g_autoptr(CnImage) image = cn_directory_image(image_path);
    if (image == NULL || strcmp(cn_image_key(image, 0), stamp) != 0)
        return NULL;
    return cn_image_reference(image, data_dir);
}

/* Whoever changes the files while they are read changes the stamp: it is of what was read, or NULL. */
static carenet_reference *
read_reference(const char *data_dir, char **stamp, GError **error)
{
    carenet_reference *reference = carenet_reference_open(data_dir, error);
    g_autofree char *after = cn_reference_stamp(data_dir);
    if (g_strcmp0(*stamp, after) != 0)
        g_clear_pointer(stamp, g_free);
    return reference;
}

/* *out_stamp (nullable) tells the files from changed ones; see cn_store_keep_image(). */
static carenet_reference *
reference_of(const char *path,
             const carenet_store_options *options,
             char **out_stamp,
             GError **error)
{
    carenet_reference *reference = NULL;
    const char *data_dir =
        options->data_dir != NULL ? options->data_dir : carenet_default_data_dir();
    if (options->reference != NULL)
        return carenet_reference_ref(options->reference);
    if (!options->keep_image)
        return carenet_reference_open(data_dir, error);
    *out_stamp = cn_reference_stamp(data_dir);
    if (*out_stamp != NULL)
        reference = reference_of_image(path, data_dir, *out_stamp);
    return reference != NULL ? reference : read_reference(data_dir, out_stamp, error);
}

static carenet_store *
with_image(carenet_store *store, const carenet_store_options *options, char **stamp)
{
    if (store != NULL && options->keep_image)
        cn_store_keep_image(store, g_steal_pointer(stamp));
    return store;
}

carenet_store *
carenet_store_init(const char *path,
                   carenet_store_kind kind,
                   const carenet_store_options *options,
                   carenet_error **error)
{
    carenet_store_options own;
    g_autofree char *stamp = NULL;
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    CN_REQUIRE(kind == CARENET_STORE_LIVE || kind == CARENET_STORE_DEMONSTRATION,
               "kind is none of carenet_store_kind", error, NULL);
    if (!adopt_store_options(G_STRFUNC, options, &own, error))
        return NULL;
    CN_REQUIRE(!own.read_only, "read_only is set, and this writes", error, NULL);
    g_autoptr(carenet_reference) reference = reference_of(path, &own, &stamp, error);
    if (reference == NULL)
        return NULL;
    return with_image(cn_store_init(path, kind, reference, own.busy_ms, error), &own, &stamp);
}

carenet_store *
carenet_store_open(const char *path, const carenet_store_options *options, carenet_error **error)
{
    carenet_store_options own;
    g_autofree char *stamp = NULL;
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    if (!adopt_store_options(G_STRFUNC, options, &own, error))
        return NULL;
    g_autoptr(carenet_reference) reference = reference_of(path, &own, &stamp, error);
    if (reference == NULL)
        return NULL;
    return with_image(cn_store_open(path, reference, own.read_only, own.busy_ms, error), &own,
                      &stamp);
}

carenet_table *
carenet_store_migrate(const char *path,
                      bool dry_run,
                      const carenet_store_options *options,
                      carenet_error **error)
{
    carenet_store_options own;
    g_autofree char *stamp = NULL;
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    if (!adopt_store_options(G_STRFUNC, options, &own, error))
        return NULL;
    CN_REQUIRE(!own.read_only, "read_only is set, and this writes", error, NULL);
    g_autoptr(carenet_reference) reference = reference_of(path, &own, &stamp, error);
    if (reference == NULL)
        return NULL;
    return cn_store_bring_up_to_date(path, reference, dry_run, own.busy_ms, error);
}

void
carenet_store_close(carenet_store *store)
{
    cn_store_close(store);
}

void
carenet_store_discard(carenet_store *store)
{
    cn_store_discard(store);
}

bool
carenet_store_has_file(const char *path, const char *file)
{
    return path != NULL && file != NULL && *path != '\0' && *file != '\0' &&
           cn_store_has_file(path, file);
}

carenet_store_kind
carenet_store_get_kind(const carenet_store *store)
{
    return store != NULL ? cn_store_kind(store) : CARENET_STORE_LIVE;
}

carenet_reference *
carenet_store_reference(const carenet_store *store)
{
    return store != NULL ? carenet_reference_ref(cn_store_reference(store)) : NULL;
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
    g_ptr_array_set_size(network->programmes, 0);
    network->demonstration_now = (CnInstant){0};
}

/* Whoever waits for places that the import reports is sent, and somebody has to call. The import is stored: where
 * nobody can be sent now, whoever acts at the offering next does it. */
static void
offer_places(carenet_store *store, const char *actor, CnIssueList *issues)
{
    const CnActing acting = {.actor = actor != NULL ? actor : "import", .now_s = G_MININT64};
    g_autoptr(GPtrArray) offered = g_ptr_array_new_with_free_func(g_free);
    cn_offer_all_overdue(store, &acting, offered, NULL);
    for (guint i = 0; i < offered->len; i++)
        cn_issue_add(issues, CN_SEVERITY_INFO, "place-offered", (CnPos){0},
                     "call the provider; carenet show tells which", "a free place is offered to %s",
                     (const char *)g_ptr_array_index(offered, i));
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
    CN_REQUIRE_GIVEN(store, error, false);
    CN_REQUIRE(paths_len > 0 && cn_texts_are_given(paths, paths_len),
               "paths is empty, or one of them is NULL", error, false);
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
    if (done && !own.dry_run)
        offer_places(store, own.actor, issues);
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
    g_autoptr(CnNetwork) network = cn_store_records(store, error);
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
    CN_REQUIRE_GIVEN(store, error, NULL);
    g_autoptr(CnNetwork) network = load_region(store, region, error);
    return network != NULL ? cn_region_write(network, cn_store_reference(store), region) : NULL;
}

carenet_table *
carenet_store_export_all(carenet_store *store, carenet_error **error)
{
    static const CnColumn columns[] = {{"region", CARENET_COLUMN_TEXT},
                                       {"text", CARENET_COLUMN_TEXT}};
    CN_REQUIRE_GIVEN(store, error, NULL);
    g_autoptr(CnNetwork) network = cn_store_records(store, error);
    if (network == NULL)
        return NULL;
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (guint i = 0; i <= network->regions->len; i++) {
        const char *region =
            i < network->regions->len ? g_array_index(network->regions, CnRegion, i).id : NULL;
        g_autofree char *text = cn_region_write(network, cn_store_reference(store), region);
        cn_table_add_text(table, region);
        cn_table_add_text(table, text);
    }
    return cn_table_builder_finish(table);
}

char *
carenet_store_export_csv(carenet_store *store, const char *region, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    gboolean own = g_strcmp0(region, CN_REGION_CSV_NETWORK) == 0;
    g_autoptr(CnNetwork) network = load_region(store, own ? NULL : region, error);
    return network != NULL ? cn_region_csv_write(network, cn_store_reference(store), region) : NULL;
}

carenet_table *
carenet_store_regions(carenet_store *store, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    return cn_store_regions(store, error);
}
