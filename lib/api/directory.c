/* The public directory: made from files or from the shipped data; and its facts. */
#include "directory/partial.h"

#include "api/shipped.h"
#include "base/error.h"
#include "format/region-file.h"

#include <string.h>

carenet_directory *
carenet_directory_from_files(carenet_reference *reference,
                             const char *const *paths,
                             size_t paths_len,
                             carenet_table **out_issues,
                             carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    CN_REQUIRE(paths_len > 0 && cn_texts_are_given(paths, paths_len),
               "paths is empty, or one of them is NULL", error, NULL);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnNetwork) network = cn_region_files_read(paths, paths_len, reference, issues, error);
    if (out_issues != NULL)
        *out_issues = cn_issue_list_to_table(issues);
    return network != NULL ? cn_directory_new(network, reference, 0) : NULL;
}

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *
cn_shipped_files(const CnReference *reference, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *folder = g_build_filename(reference->data_dir, "regions", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
    if (dir == NULL) {
        cn_error_from_file(error, cause, folder);
        return NULL;
    }
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, compare_paths);
    g_ptr_array_insert(paths, 0, g_build_filename(reference->data_dir, "network.yaml", NULL));
    return paths;
}

carenet_directory *
carenet_directory_demonstration(carenet_reference *reference, carenet_error **error)
{
    CN_REQUIRE_GIVEN(reference, error, NULL);
    g_autoptr(GPtrArray) paths = cn_shipped_files(reference, error);
    if (paths == NULL)
        return NULL;
    return carenet_directory_from_files(reference, (const char *const *)paths->pdata, paths->len,
                                        NULL, error);
}

const char *
carenet_directory_digest(const carenet_directory *directory)
{
    return directory != NULL ? cn_directory_digest(directory) : NULL;
}

int64_t
carenet_directory_revision(const carenet_directory *directory)
{
    return directory != NULL ? directory->revision : 0;
}

bool
carenet_directory_is_demonstration(const carenet_directory *directory)
{
    return directory != NULL && directory->listing->network.demonstration != 0;
}

int64_t
carenet_directory_demonstration_now(const carenet_directory *directory)
{
    if (directory == NULL || !directory->listing->network.has_demonstration_now)
        return INT64_MIN;
    return directory->listing->network.demonstration_now_s;
}

size_t
carenet_directory_providers_len(const carenet_directory *directory)
{
    return directory != NULL ? directory->listing->providers_len : 0;
}

size_t
carenet_directory_offerings_len(const carenet_directory *directory)
{
    return directory != NULL ? directory->listing->offerings_len : 0;
}

carenet_table *
carenet_directory_regions(const carenet_directory *directory)
{
    static const CnColumn columns[] = {{"region", CARENET_COLUMN_TEXT},
                                       {"name", CARENET_COLUMN_TEXT},
                                       {"area", CARENET_COLUMN_TEXT},
                                       {"providers", CARENET_COLUMN_INT64},
                                       {"offerings", CARENET_COLUMN_INT64}};
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    const CnListing *listing = NULL;
    if (directory != NULL && cn_directory_complete(directory, NULL))
        listing = directory->listing;
    for (guint i = 0; listing != NULL && i < listing->regions_len; i++) {
        const CnListedRegion *region = &listing->regions[i];
        gint64 providers = 0, offerings = 0;
        for (guint k = 0; k < listing->providers_len; k++) {
            if (g_strcmp0(cn_listed_text(listing, listing->providers[k].region),
                          cn_listed_text(listing, region->id)) != 0)
                continue;
            providers++;
            offerings += listing->providers[k].offerings.len;
        }
        cn_table_add_text(table, cn_listed_text(listing, region->id));
        cn_table_add_text(table, cn_listed_text(listing, region->name));
        cn_table_add_text(table, cn_area(listing->reference->gazetteer, region->area)->code);
        cn_table_add_int64(table, providers);
        cn_table_add_int64(table, offerings);
    }
    return cn_table_builder_finish(table);
}
