/* Putting a directory into an image, and using it there. */
#include "directory/directory-image.h"

#include "model/listing-image.h"

#include <string.h>

CnImage *
cn_directory_image(const char *path)
{
    return cn_image_map(path, cn_listing_layout());
}

gboolean
cn_directory_write_image(const CnDirectory *directory,
                         const char *path,
                         const char *const keys[CN_IMAGE_KEYS],
                         GError **error)
{
    g_autoptr(GArray) sections = g_array_new(FALSE, FALSE, sizeof(CnImageSection));
    g_autoptr(GByteArray) reference = g_byte_array_new();
    CnGridShape shape;
    const char *digest = cn_directory_digest(directory);
    cn_reference_pack(reference, directory->listing->reference);
    const CnImageSection own[] = {{CN_SECTION_REFERENCE, 1, reference->data, reference->len},
                                  {CN_SECTION_DIGEST, 1, digest, strlen(digest) + 1}};
    g_array_append_vals(sections, own, G_N_ELEMENTS(own));
    cn_listing_sections(directory->listing, sections);
    cn_index_sections(&directory->index, sections);
    cn_grid_sections(&directory->grid, &shape, sections);
    return cn_image_write(path, cn_listing_layout(), keys,
                          (const CnImageSection *)(gpointer)sections->data, sections->len, error);
}

static void
release_image(gpointer image)
{
    cn_image_unref(image);
}

CnReference *
cn_image_reference(CnImage *image, const char *data_dir)
{
    gsize len = 0;
    gconstpointer bytes = cn_image_section(image, CN_SECTION_REFERENCE, 1, &len);
    if (bytes == NULL || !cn_image_check(image, bytes, len))
        return NULL;
    CnReference *reference =
        cn_reference_unpack(bytes, len, data_dir, cn_image_ref(image), release_image);
    if (reference == NULL)
        cn_image_unref(image);
    return reference;
}

static char *
digest_of(CnImage *image)
{
    gsize len = 0;
    const char *digest = cn_image_section(image, CN_SECTION_DIGEST, 1, &len);
    if (digest == NULL || len == 0 || !cn_image_check(image, digest, len) ||
        memchr(digest, '\0', len) != digest + len - 1)
        return NULL;
    return g_strdup(digest);
}

CnDirectory *
cn_directory_map(CnImage *image, CnReference *reference, gint64 revision)
{
    CnListing *listing = cn_listing_map(image, reference);
    if (listing == NULL)
        return NULL;
    g_autoptr(carenet_directory) directory = g_new0(CnDirectory, 1);
    g_atomic_ref_count_init(&directory->refs);
    directory->listing = listing;
    directory->revision = revision;
    directory->lazy_digest = digest_of(image);
    if (directory->lazy_digest == NULL || !cn_index_map(&directory->index, image, listing) ||
        !cn_grid_map(&directory->grid, image, listing))
        return NULL;
    return g_steal_pointer(&directory);
}

gboolean
cn_directory_check_all(CnDirectory *directory)
{
    return cn_listing_check_all(directory->listing) && cn_index_check_all(&directory->index) &&
           cn_grid_check_all(&directory->grid);
}
