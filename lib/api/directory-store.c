/* Directories of a store: read from it, or mapped from the image that stands beside it, with the
 * capacity of this moment. */
#include "api/store-image.h"
#include "base/error.h"
#include "directory/directory-image.h"
#include "directory/partial.h"
#include "store/store.h"

#include <string.h>

/* ---- Keys. */

char *
cn_reference_stamp(const char *data_dir)
{
    /* The files that a reference is read from; see format/reference-files.c. */
    static const char *const files[] = {"gazetteer.csv", "sea-links.csv", "services.yaml",
                                        "terms.yaml"};
    g_autoptr(GString) stamp = g_string_new(data_dir);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(data_dir, files[i], NULL);
        g_string_append_c(stamp, '\n');
        if (!cn_image_stamp(stamp, path))
            return NULL;
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, stamp->str, (gssize)stamp->len);
}

static char *
directory_key(const char *store_key, const CnReference *reference)
{
    return g_strconcat(store_key, " ", reference->digest, NULL);
}

/* ---- Reading the whole. */

static CnDirectory *
read_store(carenet_store *store, GError **error)
{
    gint64 revision = 0;
    g_autoptr(CnNetwork) network = cn_store_network(store, &revision, error);
    if (network == NULL)
        return NULL;
    return cn_directory_new(network, cn_store_reference(store), revision);
}

/* Somebody may write between two readings: the image gets the key that stood before and after. That it
 * cannot be written is no error: the folder may be read-only, the disk full. */
static CnDirectory *
read_and_keep(carenet_store *store, GError **error)
{
    gint64 revision = 0;
    g_autofree char *key = NULL, *key_after = NULL;
    if (!cn_store_directory_key(store, &key, &revision, error))
        return NULL;
    CnDirectory *directory = read_store(store, error);
    if (directory == NULL || key == NULL ||
        !cn_store_directory_key(store, &key_after, &revision, NULL) ||
        g_strcmp0(key, key_after) != 0)
        return directory;
    /* Where the files cannot be told from changed ones, the places of the image are not used again. */
    const char *stamp = cn_store_image_stamp(store);
    g_autofree char *of_directory = directory_key(key, cn_store_reference(store));
    const char *const keys[CN_IMAGE_KEYS] = {stamp != NULL ? stamp : "", of_directory};
    cn_directory_write_image(directory, cn_store_image_path(store), keys, NULL);
    return directory;
}

/* ---- The image. */

/* What is asked of the store later on. */
static gboolean
read_capacity(gpointer data, CnListing *listing, const guint *offerings, guint len, GError **error)
{
    gboolean stale = FALSE;
    return cn_store_read_capacity(data, NULL, listing, offerings, len, &stale, error);
}

static CnDirectory *
read_all(gpointer data, GError **error)
{
    return read_and_keep(data, error);
}

static void
close_store(gpointer store)
{
    cn_store_close(store);
}

static const CnPartialSource source = {.read_capacity = read_capacity,
                                       .read_all = read_all,
                                       .free = close_store};

/* The directory of the image if it is that of the store as it is now; NULL without an error where it
 * is not. */
static CnDirectory *
map_fresh(carenet_store *store, CnImage *image, char **out_key, GError **error)
{
    gint64 revision = 0;
    CnReference *reference = cn_store_reference(store);
    g_autofree char *key = NULL;
    if (!cn_store_directory_key(store, &key, &revision, error) || key == NULL)
        return NULL;
    g_autofree char *wanted = directory_key(key, reference);
    const char *stamp = cn_store_image_stamp(store);
    /* The places may have been read from files that the image does not know: it is to have them. */
    if (strcmp(wanted, cn_image_key(image, 1)) != 0 ||
        (stamp != NULL && strcmp(stamp, cn_image_key(image, 0)) != 0))
        return NULL;
    *out_key = g_steal_pointer(&key);
    return cn_directory_map(image, reference, revision);
}

/* Everything is checked and every capacity is read: nothing is asked of the store any more. */
static CnDirectory *
map_whole(carenet_store *store, CnImage *image, GError **error)
{
    g_autofree char *key = NULL;
    gboolean stale = FALSE;
    g_autoptr(carenet_directory) directory = map_fresh(store, image, &key, error);
    if (directory == NULL || !cn_directory_check_all(directory) ||
        !cn_store_read_capacity(store, key, directory->listing, NULL, 0, &stale, error) || stale)
        return NULL;
    return g_steal_pointer(&directory);
}

CnImageState
cn_image_state(carenet_store *store)
{
    g_autofree char *key = NULL;
    if (cn_store_image_path(store) == NULL)
        return CN_IMAGE_NOT_KEPT;
    g_autoptr(CnImage) image = cn_directory_image(cn_store_image_path(store));
    g_autoptr(carenet_directory) mapped =
        image != NULL ? map_fresh(store, image, &key, NULL) : NULL;
    if (mapped == NULL || !cn_directory_check_all(mapped))
        return CN_IMAGE_NONE;
    g_autoptr(carenet_directory) read = read_store(store, NULL);
    g_autofree char *said = cn_listing_digest(mapped->listing);
    return read == NULL || strcmp(cn_directory_digest(read), said) == 0 ? CN_IMAGE_SOUND
                                                                        : CN_IMAGE_WRONG;
}

carenet_directory *
carenet_directory_load(carenet_store *store, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    g_autoptr(GError) cause = NULL;
    if (cn_store_image_path(store) == NULL)
        return read_store(store, error);
    g_autoptr(CnImage) image = cn_directory_image(cn_store_image_path(store));
    CnDirectory *directory = image != NULL ? map_whole(store, image, &cause) : NULL;
    if (directory == NULL && cause == NULL)
        return read_and_keep(store, error);
    if (cause != NULL)
        cn_error_pass(error, g_steal_pointer(&cause));
    return directory;
}

carenet_directory *
carenet_directory_open(carenet_store *store, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, NULL);
    g_autoptr(GError) cause = NULL;
    g_autofree char *key = NULL;
    if (cn_store_image_path(store) == NULL)
        return read_store(store, error);
    g_autoptr(CnImage) image = cn_directory_image(cn_store_image_path(store));
    CnDirectory *directory = image != NULL ? map_fresh(store, image, &key, &cause) : NULL;
    if (directory != NULL)
        cn_directory_set_partial(directory, image, &source, cn_store_ref(store));
    else if (cause != NULL)
        cn_error_pass(error, g_steal_pointer(&cause));
    else
        directory = read_and_keep(store, error);
    return directory;
}
