/* A directory in an image: the listing, its indexes and its digest, and the reference data that they
 * speak of. */
#pragma once

#include "base/image.h"
#include "directory/directory.h"

/* Writes the image of @directory in the place of @path; see cn_image_write(). */
gboolean cn_directory_write_image(const CnDirectory *directory,
                                  const char *path,
                                  const char *const keys[CN_IMAGE_KEYS],
                                  GError **error);

/* Maps the image at @path, written by this build; NULL where there is none. (transfer full) */
CnImage *cn_directory_image(const char *path);
/* The reference data of an image, all of it checked; NULL where it is damaged. (transfer full) */
CnReference *cn_image_reference(CnImage *image, const char *data_dir);
/* The directory of an image, with no capacity known and little of it checked; NULL where it cannot
 * be one. @reference is that of the image, or one of the same digest. (transfer full) */
CnDirectory *cn_directory_map(CnImage *image, CnReference *reference, gint64 revision);
/* Checks everything. FALSE where the image is damaged; then the directory is of no use. */
gboolean cn_directory_check_all(CnDirectory *directory);
