/* Reading the rest of a partial directory when it is needed. */
#include "directory/partial.h"

#include "directory/directory-image.h"

/* Beyond so many offerings one pass over all of them is the shorter way. */
#define READ_SINGLY_MOST 4096

struct CnPartial {
    GMutex lock;
    CnImage *image; /* NULL once everything is checked */
    CnPartialSource source;
    gpointer data;
    guint32 *has_capacity; /* one bit an offering; NULL: all have it */
    CnDirectory *former;   /* what was borrowed from it may still be in use */
};

void
cn_directory_set_partial(CnDirectory *directory,
                         CnImage *image,
                         const CnPartialSource *source,
                         gpointer data)
{
    CnPartial *partial = g_new0(CnPartial, 1);
    g_mutex_init(&partial->lock);
    partial->image = cn_image_ref(image);
    partial->source = *source;
    partial->data = data;
    partial->has_capacity = g_new0(guint32, directory->listing->offerings_len / 32 + 1);
    directory->partial = partial;
}

void
cn_partial_free(CnPartial *partial)
{
    if (partial == NULL)
        return;
    carenet_directory_unref(partial->former);
    cn_image_unref(partial->image);
    partial->source.free(partial->data);
    g_free(partial->has_capacity);
    g_mutex_clear(&partial->lock);
    g_free(partial);
}

void
cn_partial_lock(const CnDirectory *directory)
{
    if (directory->partial != NULL)
        g_mutex_lock(&directory->partial->lock);
}

void
cn_partial_unlock(const CnDirectory *directory)
{
    if (directory->partial != NULL)
        g_mutex_unlock(&directory->partial->lock);
}

/* ---- Capacity. */

static gboolean
read_all_capacity(const CnDirectory *directory, GError **error)
{
    CnPartial *partial = directory->partial;
    if (!partial->source.read_capacity(partial->data, directory->listing, NULL, 0, error))
        return FALSE;
    g_clear_pointer(&partial->has_capacity, g_free);
    return TRUE;
}

gboolean
cn_partial_need_capacity(const CnDirectory *directory,
                         const guint *offerings,
                         guint len,
                         GError **error)
{
    CnPartial *partial = directory->partial;
    if (partial == NULL || partial->has_capacity == NULL)
        return TRUE;
    if (len > READ_SINGLY_MOST)
        return read_all_capacity(directory, error);
    g_autofree guint *missing = g_new(guint, len + 1);
    guint missing_len = 0;
    for (guint i = 0; i < len; i++)
        if ((partial->has_capacity[offerings[i] / 32] >> offerings[i] % 32 & 1) == 0)
            missing[missing_len++] = offerings[i];
    if (!partial->source.read_capacity(partial->data, directory->listing, missing, missing_len,
                                       error))
        return FALSE;
    for (guint i = 0; i < missing_len; i++)
        partial->has_capacity[missing[i] / 32] |= (guint32)1 << missing[i] % 32;
    return TRUE;
}

/* ---- Damage. */

/* Takes the contents of a directory that was read from the store over; records are immutable for
 * everybody else. */
static void
take_over(CnDirectory *directory, CnDirectory *fresh)
{
    CnDirectory former = *directory;
    directory->listing = fresh->listing;
    directory->lazy_digest = (char *)cn_directory_digest(fresh);
    directory->revision = fresh->revision;
    directory->index = fresh->index;
    directory->grid = fresh->grid;
    fresh->listing = former.listing;
    fresh->lazy_digest = former.lazy_digest;
    fresh->index = former.index;
    fresh->grid = former.grid;
    directory->partial->former = fresh;
    g_clear_pointer(&directory->partial->has_capacity, g_free);
    g_clear_pointer(&directory->partial->image, cn_image_unref);
}

gboolean
cn_partial_mend(const CnDirectory *directory, gboolean *out_again, GError **error)
{
    CnPartial *partial = directory->partial;
    *out_again = partial != NULL && partial->image != NULL && cn_image_is_damaged(partial->image);
    if (!*out_again)
        return TRUE;
    CnDirectory *fresh = partial->source.read_all(partial->data, error);
    if (fresh == NULL)
        return FALSE;
    take_over((CnDirectory *)directory, fresh);
    return TRUE;
}

/* ---- All of it. */

static gboolean
complete(const CnDirectory *directory, GError **error)
{
    CnPartial *partial = directory->partial;
    gboolean again = FALSE;
    if (partial->image != NULL && !cn_directory_check_all((CnDirectory *)directory))
        cn_image_set_damaged(partial->image);
    if (!cn_partial_mend(directory, &again, error))
        return FALSE;
    g_clear_pointer(&partial->image, cn_image_unref);
    return partial->has_capacity == NULL || read_all_capacity(directory, error);
}

gboolean
cn_directory_complete(const CnDirectory *directory, GError **error)
{
    if (directory->partial == NULL)
        return TRUE;
    cn_partial_lock(directory);
    gboolean done = complete(directory, error);
    cn_partial_unlock(directory);
    return done;
}
