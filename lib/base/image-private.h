/* The layout of an image file, for the files that write and map it. */
#pragma once

#include "base/image.h"

#define CN_IMAGE_MAGIC         "CNIMAGE"
#define CN_IMAGE_VERSION       1
#define CN_IMAGE_ORDER         0x01020304u
#define CN_IMAGE_BLOCK         4096u
#define CN_IMAGE_SECTIONS_MOST 64u
#define CN_IMAGE_BYTES_MOST    (G_GUINT64_CONSTANT(1) << 36)

/*   head | places of the sections | one sum a block | (a block begins) sections */
typedef struct {
    char magic[8];
    guint32 order;   /* how this machine writes numbers */
    guint32 version; /* of this layout */
    guint64 layout;  /* of the records, as their owners say */
    guint64 len;     /* of the file */
    guint64 sum;     /* of all that stands before the first block, with 0 in this place */
    guint32 sections_len;
    guint32 blocks_len;
    char keys[CN_IMAGE_KEYS][CN_IMAGE_KEY_LEN];
} CnImageHead;

typedef struct {
    guint32 kind;
    guint32 record;
    guint64 at; /* bytes from the beginning of the file */
    guint64 len;
} CnImagePlace;

static inline gsize
cn_image_round_up(gsize at)
{
    return (at + CN_IMAGE_BLOCK - 1) / CN_IMAGE_BLOCK * CN_IMAGE_BLOCK;
}

static inline gsize
cn_image_first_block(gsize sections_len, gsize blocks_len)
{
    return cn_image_round_up(sizeof(CnImageHead) + sections_len * sizeof(CnImagePlace) +
                             blocks_len * sizeof(guint64));
}
