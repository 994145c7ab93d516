/* See fsync-rate.h. */
#include "fsync-rate.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

double
fsync_rate(const char *folder)
{
    static const char block[4096] = {1};
    g_autofree char *path = g_build_filename(folder, "fsync", NULL);
    int fd = g_open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    gint64 start = g_get_monotonic_time(), now = start;
    guint done = 0;
    g_assert(fd >= 0);
    for (; now - start < G_USEC_PER_SEC; done++, now = g_get_monotonic_time())
        g_assert(pwrite(fd, block, sizeof block, (off_t)(done % 1000) * 4096) == sizeof block &&
                 fsync(fd) == 0);
    close(fd);
    g_unlink(path);
    return done / ((double)(now - start) / G_USEC_PER_SEC);
}
