/* Making and indexing the snapshot. */
#include "directory/directory.h"

#include "base/error.h"
#include "base/geo.h"
#include "base/text.h"
#include "directory/partial.h"

#include <math.h>

CnDirectory *
cn_directory_from_listing(CnListing *listing, gint64 revision)
{
    CnDirectory *directory = g_new0(CnDirectory, 1);
    g_atomic_ref_count_init(&directory->refs);
    directory->listing = listing;
    directory->revision = revision;
    cn_index_init(&directory->index, listing);
    cn_grid_init(&directory->grid, listing);
    return directory;
}

/* It is needed where an answer names the directory; a search does without. Whoever asks first makes it. */
const char *
cn_directory_digest(const CnDirectory *directory)
{
    char **at = &((CnDirectory *)directory)->lazy_digest;
    char *digest = g_atomic_pointer_get(at);
    if (digest != NULL)
        return digest;
    digest = cn_listing_digest(directory->listing);
    if (g_atomic_pointer_compare_and_exchange(at, NULL, digest))
        return digest;
    g_free(digest);
    return g_atomic_pointer_get(at);
}

void
cn_directory_clear(CnDirectory *directory)
{
    g_clear_pointer(&directory->listing, cn_listing_free);
    g_clear_pointer(&directory->lazy_digest, g_free);
    cn_index_clear(&directory->index);
    cn_grid_clear(&directory->grid);
}

CnDirectory *
cn_directory_new(const CnNetwork *network, CnReference *reference, gint64 revision)
{
    return cn_directory_from_listing(cn_listing_new(network, reference), revision);
}

carenet_directory *
carenet_directory_ref(carenet_directory *directory)
{
    if (directory != NULL)
        g_atomic_ref_count_inc(&directory->refs);
    return directory;
}

void
carenet_directory_unref(carenet_directory *directory)
{
    if (directory == NULL || !g_atomic_ref_count_dec(&directory->refs))
        return;
    cn_directory_clear(directory);
    cn_partial_free(directory->partial);
    g_free(directory);
}

static gboolean
is_called(const CnListing *listing, const CnListedRegion *region, const char *text)
{
    const char *name = cn_listed_text(listing, region->name);
    g_autofree char *asked = cn_text_fold(text);
    g_autofree char *folded = cn_text_fold(name != NULL ? name : "");
    return g_strcmp0(cn_listed_text(listing, region->id), text) == 0 ||
           (*asked != '\0' && strcmp(asked, folded) == 0);
}

gboolean
cn_directory_area_resolve(const CnListing *listing, const char *text, CnAreaId *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (cn_area_resolve(listing->reference->gazetteer, text, out, &cause))
        return TRUE;
    for (gsize i = 0; i < listing->regions_len; i++) {
        const CnListedRegion *region = &listing->regions[i];
        if (region->area == CN_AREA_NONE || !is_called(listing, region, text) ||
            carenet_error_get_code(cause) != CARENET_ERROR_NOT_FOUND)
            continue;
        *out = region->area;
        return TRUE;
    }
    cn_error_pass(error, g_steal_pointer(&cause));
    return FALSE;
}

const CnListedRegion *
cn_directory_nearest_region(const CnDirectory *directory, CnAreaId area, gint64 *out_distance_m)
{
    const CnListing *listing = directory->listing;
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    const CnArea *asked = cn_area(gazetteer, area);
    const CnListedRegion *nearest = NULL;
    double least_m = INFINITY;
    for (guint i = 0; i < listing->regions_len; i++) {
        const CnListedRegion *region = &listing->regions[i];
        if (cn_area_contains(gazetteer, region->area, area) ||
            cn_area_contains(gazetteer, area, region->area))
            return NULL;
        const CnArea *seat = cn_area(gazetteer, region->area);
        double distance_m =
            cn_distance_m(asked->lat_deg, asked->lon_deg, seat->lat_deg, seat->lon_deg);
        if (distance_m < least_m) {
            least_m = distance_m;
            nearest = region;
        }
    }
    if (nearest != NULL)
        *out_distance_m = (gint64)llround(least_m);
    return nearest;
}

char *
cn_directory_did_you_mean(const CnDirectory *directory, const char *text)
{
    const CnListing *listing = directory->listing;
    g_autoptr(GPtrArray) candidates = g_ptr_array_new(); /* (element-type utf8) borrowed */
    for (guint i = 0; i < listing->providers_len; i++) {
        g_ptr_array_add(candidates, (gpointer)cn_listed_text(listing, listing->providers[i].id));
        g_ptr_array_add(candidates, (gpointer)cn_listed_text(listing, listing->providers[i].name));
    }
    for (guint i = 0; i < listing->offerings_len; i++)
        g_ptr_array_add(candidates, (gpointer)cn_listed_text(listing, listing->offerings[i].id));
    return cn_text_did_you_mean(text, (const char *const *)candidates->pdata, candidates->len);
}

gboolean
cn_directory_fail_unknown(const CnDirectory *directory, const char *id, GError **error)
{
    g_autofree char *near_miss = cn_directory_did_you_mean(directory, id);
    g_autofree char *quoted = cn_text_quote(id);
    cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no provider or offering \"%s\"", quoted);
    cn_error_hint(error, "%s", near_miss != NULL ? near_miss : "carenet find lists them");
    return FALSE;
}

gboolean
cn_directory_share(const char *call,
                   const CnDirectory *directory,
                   const CnPolicy *policy,
                   const carenet_cases *cases,
                   GError **error)
{
    const char *digest = directory->listing->reference->digest;
    CN_REQUIRE_FOR(call, policy == NULL || g_strcmp0(digest, policy->reference->digest) == 0,
                   "the policy was made with other reference data than the directory", error,
                   FALSE);
    CN_REQUIRE_FOR(call, cases == NULL || g_strcmp0(digest, cases->reference->digest) == 0,
                   "the list of cases was made with other reference data than the directory", error,
                   FALSE);
    return TRUE;
}
