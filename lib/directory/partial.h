/* Directories that are not read to the end: what a process needs that asks one question.
 *
 * The directory stands in an image of which only what is used is checked, and capacity is read for
 * the offerings that an answer shows or sorts by. find knows how to ask such a directory; everything
 * else asks for all of it first. */
#pragma once

#include "directory/directory.h"

/* Where the rest comes from. */
typedef struct {
    /* Fills the capacity of @len offerings, NULL: of all. */
    gboolean (*read_capacity)(gpointer data,
                              CnListing *listing,
                              const guint *offerings,
                              guint len,
                              GError **error);
    /* The whole directory as it is now, without the image. (transfer full) */
    CnDirectory *(*read_all)(gpointer data, GError **error);
    GDestroyNotify free;
} CnPartialSource;

/* Makes a mapped directory a partial one. (transfer full) of @data */
void cn_directory_set_partial(CnDirectory *directory,
                              CnImage *image,
                              const CnPartialSource *source,
                              gpointer data);
void cn_partial_free(CnPartial *partial);

/* One thread asks a partial directory at a time; nothing for others. */
void cn_partial_lock(const CnDirectory *directory);
void cn_partial_unlock(const CnDirectory *directory);

/* While it is locked: reads the capacity of offerings that it was not read of yet. */
gboolean cn_partial_need_capacity(const CnDirectory *directory,
                                  const guint *offerings,
                                  guint len,
                                  GError **error);
/* While it is locked: whether what was answered so far stands on a damaged image. Then the directory
 * has been read anew, and the question is to be asked again. FALSE sets @error: it could not be
 * read. */
gboolean cn_partial_mend(const CnDirectory *directory, gboolean *out_again, GError **error);

/* Reads whatever is missing. Everything but find begins with it. */
gboolean cn_directory_complete(const CnDirectory *directory, GError **error);
