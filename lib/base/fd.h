/* Writing to an open descriptor. */
#pragma once

#include <glib.h>

/* Writes all of it, however often it is interrupted: 0, or the errno of what went wrong. It is not on the
 * disk before fsync(). */
int cn_fd_write_all(int fd, gconstpointer bytes, gsize len);
