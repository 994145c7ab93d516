/* Mapping an image and checking it, block by block. */
#include "base/image-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct CnImage {
    gatomicrefcount refs;
    const guint8 *bytes;
    gsize len;
    const CnImagePlace *places;
    const guint64 *sums;
    gsize first_block; /* where in the file */
    gint *checked;     /* one bit a block */
    gint damaged;
};

/* ---- Sums. Four lanes, so that the multiplications overlap; each step is one to one in the lane and
 * the last ones are in every lane, so a changed word cannot be missed. */

#define MIX G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)

static inline guint64
mix(guint64 lane, guint64 word)
{
    lane = (lane ^ word) * MIX;
    return lane ^ (lane >> 29);
}

static guint64
last_word(const guint8 *bytes, gsize len)
{
    guint64 word = 0;
    memcpy(&word, bytes, len);
    return word;
}

guint64
cn_image_sum(gconstpointer bytes, gsize len, guint64 seed)
{
    const guint8 *at = bytes;
    guint64 lanes[4] = {seed, seed ^ 1, seed ^ 2, len};
    gsize left = len;
    for (; left >= 32; left -= 32, at += 32) {
        guint64 words[4];
        memcpy(words, at, sizeof words);
        for (guint i = 0; i < 4; i++)
            lanes[i] = mix(lanes[i], words[i]);
    }
    for (; left >= 8; left -= 8, at += 8)
        lanes[0] = mix(lanes[0], last_word(at, 8));
    if (left > 0)
        lanes[0] = mix(lanes[0], last_word(at, left));
    return mix(mix(mix(lanes[0], lanes[1]), lanes[2]), lanes[3]);
}

/* ---- Looking at the head. */

static const CnImageHead *
head_of(const guint8 *bytes)
{
    return (const CnImageHead *)(gconstpointer)bytes;
}

static gboolean
has_known_head(const guint8 *bytes, gsize len, guint64 layout)
{
    const CnImageHead *head = head_of(bytes);
    return len >= sizeof *head && memcmp(head->magic, CN_IMAGE_MAGIC, sizeof head->magic) == 0 &&
           head->order == CN_IMAGE_ORDER && head->version == CN_IMAGE_VERSION &&
           head->layout == layout && head->len == len &&
           head->sections_len <= CN_IMAGE_SECTIONS_MOST && len <= CN_IMAGE_BYTES_MOST;
}

static gboolean
is_head_whole(const guint8 *bytes, gsize len)
{
    CnImageHead head = *head_of(bytes);
    gsize first = cn_image_first_block(head.sections_len, head.blocks_len);
    if (first > len || (len - first + CN_IMAGE_BLOCK - 1) / CN_IMAGE_BLOCK != head.blocks_len)
        return FALSE;
    guint64 sum = head.sum;
    head.sum = 0;
    guint64 found = cn_image_sum(&head, sizeof head, 0);
    found = cn_image_sum(bytes + sizeof head, first - sizeof head, found);
    return found == sum && memchr(head.keys[0], '\0', CN_IMAGE_KEY_LEN) != NULL &&
           memchr(head.keys[1], '\0', CN_IMAGE_KEY_LEN) != NULL;
}

static gboolean
are_places_inside(const CnImage *image)
{
    const CnImageHead *head = head_of(image->bytes);
    for (guint i = 0; i < head->sections_len; i++) {
        const CnImagePlace *place = &image->places[i];
        if (place->record == 0 || place->at < image->first_block || place->at > image->len ||
            place->at % 64 != 0 || place->len > (image->len - place->at) / place->record)
            return FALSE;
    }
    return TRUE;
}

static void
lay_out(CnImage *image)
{
    const CnImageHead *head = head_of(image->bytes);
    image->places = (const CnImagePlace *)(gconstpointer)(image->bytes + sizeof *head);
    image->sums = (const guint64 *)(gconstpointer)(image->places + head->sections_len);
    image->first_block = cn_image_first_block(head->sections_len, head->blocks_len);
    image->checked = g_new0(gint, head->blocks_len / 32 + 1);
}

/* ---- Mapping. */

/* A file of somebody else, or one that others may change, is not ours to believe. */
static gboolean
is_own_file(int fd, gsize *out_len)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
        (info.st_mode & (S_IWGRP | S_IWOTH)) != 0 || info.st_size < (off_t)sizeof(CnImageHead))
        return FALSE;
    *out_len = (gsize)info.st_size;
    return TRUE;
}

static const guint8 *
map_file(const char *path, gsize *out_len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    void *bytes = MAP_FAILED;
    if (is_own_file(fd, out_len))
        bytes = mmap(NULL, *out_len, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    return bytes != MAP_FAILED ? bytes : NULL;
}

CnImage *
cn_image_map(const char *path, guint64 layout)
{
    gsize len = 0;
    const guint8 *bytes = map_file(path, &len);
    if (bytes == NULL)
        return NULL;
    if (!has_known_head(bytes, len, layout) || !is_head_whole(bytes, len)) {
        munmap((gpointer)bytes, len);
        return NULL;
    }
    g_autoptr(CnImage) image = g_new0(CnImage, 1);
    g_atomic_ref_count_init(&image->refs);
    image->bytes = bytes;
    image->len = len;
    lay_out(image);
    return are_places_inside(image) ? g_steal_pointer(&image) : NULL;
}

CnImage *
cn_image_ref(CnImage *image)
{
    g_atomic_ref_count_inc(&image->refs);
    return image;
}

void
cn_image_unref(CnImage *image)
{
    if (image == NULL || !g_atomic_ref_count_dec(&image->refs))
        return;
    munmap((gpointer)image->bytes, image->len);
    g_free(image->checked);
    g_free(image);
}

const char *
cn_image_key(const CnImage *image, guint which)
{
    return head_of(image->bytes)->keys[which];
}

gconstpointer
cn_image_section(const CnImage *image, guint kind, gsize record, gsize *out_len)
{
    for (guint i = 0; i < head_of(image->bytes)->sections_len; i++) {
        const CnImagePlace *place = &image->places[i];
        if (place->kind != kind || place->record != record)
            continue;
        *out_len = (gsize)place->len;
        return image->bytes + place->at;
    }
    return NULL;
}

/* ---- Checking. */

static gboolean
check_block(CnImage *image, gsize block)
{
    gint bit = (gint)(1u << block % 32);
    if ((g_atomic_int_get(&image->checked[block / 32]) & bit) != 0)
        return TRUE;
    gsize at = image->first_block + block * CN_IMAGE_BLOCK;
    gsize len = MIN(CN_IMAGE_BLOCK, image->len - at);
    if (cn_image_sum(image->bytes + at, len, block) != image->sums[block]) {
        cn_image_set_damaged(image);
        return FALSE;
    }
    g_atomic_int_or((guint *)&image->checked[block / 32], (guint)bit);
    return TRUE;
}

gboolean
cn_image_check(CnImage *image, gconstpointer bytes, gsize len)
{
    gsize at = (gsize)((const guint8 *)bytes - image->bytes);
    if (len == 0)
        return TRUE;
    g_assert(at >= image->first_block && at <= image->len && len <= image->len - at);
    gsize last = (at + len - 1 - image->first_block) / CN_IMAGE_BLOCK;
    for (gsize block = (at - image->first_block) / CN_IMAGE_BLOCK; block <= last; block++)
        if (!check_block(image, block))
            return FALSE;
    return TRUE;
}

gboolean
cn_image_check_all(CnImage *image)
{
    return cn_image_check(image, image->bytes + image->first_block,
                          image->len - image->first_block);
}

gboolean
cn_image_is_damaged(const CnImage *image)
{
    return g_atomic_int_get(&image->damaged) != 0;
}

void
cn_image_set_damaged(CnImage *image)
{
    g_atomic_int_set(&image->damaged, 1);
}
