/* Writing an image: laid out, summed, put into the place of the former one. */
#include "base/image-private.h"

#include "base/error.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* How long after its last change a file can still change without a new time. */
#define SETTLED_S 2

typedef struct {
    CnImageHead *head; /* and all that stands before the first block */
    gsize first_block;
    CnImagePlace *places;
    guint64 *sums;
    guint8 *blocks; /* the sections as they will stand */
    gsize blocks_bytes;
} Layout;

static void
clear_layout(Layout *layout)
{
    g_free(layout->head);
    g_free(layout->blocks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Layout, clear_layout)

/* Sections begin at 64 bytes, so that any record is aligned. */
static gsize
end_of(gsize at, const CnImageSection *section)
{
    return at + (section->record * section->len + 63) / 64 * 64;
}

static gboolean
fail(GError **error, const char *path, int number)
{
    cn_error_set(error, CARENET_ERROR_IO, "%s cannot be written: %s", path, g_strerror(number));
    return FALSE;
}

/* The image is as large as its input: memory may not be there. */
static gboolean
reserve(Layout *layout, const CnImageSection *sections, guint len)
{
    gsize bytes = 0;
    for (guint i = 0; i < len; i++)
        bytes = end_of(bytes, &sections[i]);
    gsize blocks = (bytes + CN_IMAGE_BLOCK - 1) / CN_IMAGE_BLOCK;
    layout->first_block = cn_image_first_block(len, blocks);
    layout->blocks_bytes = bytes;
    layout->head = g_try_malloc0(layout->first_block);
    layout->blocks = g_try_malloc0(MAX(bytes, 1));
    if (layout->head == NULL || layout->blocks == NULL)
        return FALSE;
    layout->head->blocks_len = (guint32)blocks;
    layout->places = (CnImagePlace *)(gpointer)(layout->head + 1);
    layout->sums = (guint64 *)(gpointer)(layout->places + len);
    return TRUE;
}

static void
place_sections(Layout *layout, const CnImageSection *sections, guint len)
{
    gsize at = 0;
    for (guint i = 0; i < len; i++) {
        const CnImageSection *section = &sections[i];
        layout->places[i] = (CnImagePlace){.kind = section->kind,
                                           .record = (guint32)section->record,
                                           .at = layout->first_block + at,
                                           .len = section->len};
        if (section->len > 0)
            memcpy(layout->blocks + at, section->records, section->record * section->len);
        at = end_of(at, section);
    }
    for (gsize block = 0; block < layout->head->blocks_len; block++) {
        gsize from = block * CN_IMAGE_BLOCK;
        layout->sums[block] = cn_image_sum(layout->blocks + from,
                                           MIN(CN_IMAGE_BLOCK, layout->blocks_bytes - from), block);
    }
}

static void
fill_head(Layout *layout,
          guint64 records,
          const char *const keys[CN_IMAGE_KEYS],
          guint sections_len)
{
    CnImageHead *head = layout->head;
    memcpy(head->magic, CN_IMAGE_MAGIC, sizeof head->magic);
    head->order = CN_IMAGE_ORDER;
    head->version = CN_IMAGE_VERSION;
    head->layout = records;
    head->len = layout->first_block + layout->blocks_bytes;
    head->sections_len = sections_len;
    for (guint i = 0; i < CN_IMAGE_KEYS; i++)
        g_strlcpy(head->keys[i], keys[i], CN_IMAGE_KEY_LEN);
    guint64 sum = cn_image_sum(head, sizeof *head, 0);
    head->sum =
        cn_image_sum((const guint8 *)head + sizeof *head, layout->first_block - sizeof *head, sum);
}

/* 0, or what went wrong. */
static int
fill_file(int fd, const Layout *layout)
{
    int number = cn_fd_write_all(fd, layout->head, layout->first_block);
    if (number == 0)
        number = cn_fd_write_all(fd, layout->blocks, layout->blocks_bytes);
    if (number == 0 && fsync(fd) != 0)
        number = errno;
    return number;
}

/* Two processes may write at once: each has a file of its own, and the last rename stays. */
static gboolean
put_in_place(const char *path, const Layout *layout, GError **error)
{
    g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(draft, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, path, errno);
    int number = fill_file(fd, layout);
    if (close(fd) != 0 && number == 0)
        number = errno;
    if (number == 0 && rename(draft, path) != 0)
        number = errno;
    if (number == 0)
        return TRUE;
    unlink(draft);
    return fail(error, path, number);
}

gboolean
cn_image_write(const char *path,
               guint64 layout,
               const char *const keys[CN_IMAGE_KEYS],
               const CnImageSection *sections,
               guint sections_len,
               GError **error)
{
    g_auto(Layout) file = {0};
    g_assert(sections_len <= CN_IMAGE_SECTIONS_MOST);
    if (!reserve(&file, sections, sections_len))
        return fail(error, path, ENOMEM);
    place_sections(&file, sections, sections_len);
    fill_head(&file, layout, keys, sections_len);
    return put_in_place(path, &file, error);
}

gboolean
cn_image_stamp(GString *stamp, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return FALSE;
    gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;
    if (MAX(info.st_mtim.tv_sec, info.st_ctim.tv_sec) > now_s - SETTLED_S)
        return FALSE;
    g_string_append_printf(stamp, "%ju %ju %jd %jd.%09ld %jd.%09ld\n", (uintmax_t)info.st_dev,
                           (uintmax_t)info.st_ino, (intmax_t)info.st_size,
                           (intmax_t)info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
                           (intmax_t)info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
    return TRUE;
}
