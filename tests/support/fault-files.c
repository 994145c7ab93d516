/* See fault-files.h. The real calls are made directly, past the C library's names for them. */
#define _GNU_SOURCE
#include "fault-files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static FaultFileKind armed_kind;
static guint left; /* calls until the fault; 0: none */
static gboolean happened;

void
fault_files_arm(FaultFileKind kind, guint k)
{
    armed_kind = kind;
    left = k;
    happened = FALSE;
}

gboolean
fault_files_disarm(void)
{
    left = 0;
    return happened;
}

static gboolean
is_due(FaultFileKind kind)
{
    if (left == 0 || armed_kind != kind || --left > 0)
        return FALSE;
    happened = TRUE;
    return TRUE;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
    if (is_due(FAULT_FILE_WRITE)) {
        errno = ENOSPC;
        return -1;
    }
    if (is_due(FAULT_FILE_SHORT)) {
        fault_files_arm(FAULT_FILE_WRITE, 1);
        len /= 2;
    }
    return syscall(SYS_write, fd, bytes, len);
}

int
fsync(int fd)
{
    if (is_due(FAULT_FILE_SYNC)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int
rename(const char *from, const char *to)
{
    if (is_due(FAULT_FILE_RENAME)) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat, -100, from, -100, to);
}

void *
mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    if (fd >= 0 && is_due(FAULT_FILE_MAP)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

/* ---- Allocations. GLib's own come from the C library. */

gpointer
g_try_malloc(gsize len)
{
    return len > 0 && !is_due(FAULT_MEMORY) ? malloc(len) : NULL;
}

gpointer
g_try_malloc0(gsize len)
{
    return len > 0 && !is_due(FAULT_MEMORY) ? calloc(1, len) : NULL;
}

gpointer
g_try_realloc(gpointer memory, gsize len)
{
    return len > 0 && !is_due(FAULT_MEMORY) ? realloc(memory, len) : NULL;
}

gpointer
g_try_malloc_n(gsize len, gsize size)
{
    return len > 0 && size > 0 && len <= G_MAXSIZE / size ? g_try_malloc(len * size) : NULL;
}

gpointer
g_try_malloc0_n(gsize len, gsize size)
{
    return len > 0 && size > 0 && len <= G_MAXSIZE / size ? g_try_malloc0(len * size) : NULL;
}
