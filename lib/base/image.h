/* Images: records in a file that is mapped and used in place.
 *
 * An image is a copy of what can be made again. It is written whole under another name and renamed, is
 * readable by its owner only, and is never changed afterwards. Opening one looks at its head: who
 * made it, for what (two keys), and where its sections lie. Every block of the sections has a
 * checksum; a block is compared with it when it is first used, so that opening does not depend on how
 * large the image is. What does not fit is no error: the image is as good as none. */
#pragma once

#include <glib.h>

/* What an image was made for: [0] the reference data, [1] the directory. */
#define CN_IMAGE_KEYS    2
#define CN_IMAGE_KEY_LEN 160 /* with the NUL */

typedef struct CnImage CnImage;

/* Maps the image at @path; NULL where there is none that this build, this machine and this user
 * made, or whose head is damaged. (transfer full) */
CnImage *cn_image_map(const char *path, guint64 layout);
CnImage *cn_image_ref(CnImage *image);
void cn_image_unref(CnImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnImage, cn_image_unref)

const char *cn_image_key(const CnImage *image, guint which);

/* The records of a section, of exactly @record bytes each; NULL where there is no such section. They
 * are not checked. */
gconstpointer cn_image_section(const CnImage *image, guint kind, gsize record, gsize *out_len);

/* Whether the blocks that hold these bytes of a section are as they were written. Any thread. */
gboolean cn_image_check(CnImage *image, gconstpointer bytes, gsize len);
gboolean cn_image_check_all(CnImage *image);
/* Whether a check has failed, or the image was declared damaged. */
gboolean cn_image_is_damaged(const CnImage *image);
void cn_image_set_damaged(CnImage *image);

/* ---- Writing. */

typedef struct {
    guint kind;
    gsize record; /* bytes of one */
    gconstpointer records;
    gsize len;
} CnImageSection;

/* Writes an image in the place of @path: a temporary file beside it, mode 0600, synced, renamed. On
 * any error nothing is left behind, and what stood at @path stays. */
gboolean cn_image_write(const char *path,
                        guint64 layout,
                        const char *const keys[CN_IMAGE_KEYS],
                        const CnImageSection *sections,
                        guint sections_len,
                        GError **error);

/* Sums of bytes: any change of one 64-bit word changes them. Not for secrets. */
guint64 cn_image_sum(gconstpointer bytes, gsize len, guint64 seed);

/* Appends what tells one state of a file from another (its place on disk, length, times); FALSE where
 * it cannot be told: it is missing, or was touched so lately that the next change could leave the
 * same times. */
gboolean cn_image_stamp(GString *stamp, const char *path);
