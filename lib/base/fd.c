/* See fd.h. */
#include "base/fd.h"

#include <errno.h>
#include <unistd.h>

int
cn_fd_write_all(int fd, gconstpointer bytes, gsize len)
{
    for (const char *at = bytes; len > 0;) {
        const gssize written = write(fd, at, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) /* nothing written and no reason given: trying again may never end */
            return written == 0 ? ENOSPC : errno;
        at += written;
        len -= (gsize)written;
    }
    return 0;
}
