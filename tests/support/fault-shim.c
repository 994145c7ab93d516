/* File calls and allocations of the command that fail on purpose; tests/reliability/faults.py puts it before
 * the C library with LD_PRELOAD. The environment says what fails:
 *
 *   CARENET_FAULT=KIND:K:WHERE   the K-th call of that kind and all after it; WHERE is the folder whose files
 *                                count, and for memory the least size
 *   CARENET_FAULT_ONCE=1         only the K-th
 *   CARENET_FAULT_TOLD=FILE      is made when something failed
 *
 * The real calls are made directly, past the C library's names for them. For tests only. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef enum {
    FAULT_NONE,
    FAULT_READ,        /* EIO */
    FAULT_SHORT_READ,  /* a third of what is asked for; no error */
    FAULT_INTERRUPT,   /* a read or write is interrupted by a signal; no error */
    FAULT_WRITE,       /* EIO */
    FAULT_FULL,        /* ENOSPC */
    FAULT_SHORT_WRITE, /* half of the bytes, the next one ENOSPC */
    FAULT_SYNC,        /* EIO */
    FAULT_CLOSE,       /* EIO */
    FAULT_NAME,        /* link() or rename(): ENOSPC */
    FAULT_MEMORY,      /* an allocation of at least so many bytes */
} Kind;

static const char *const kinds[] = {"none",  "read", "short-read",  "interrupt",
                                    "write", "full", "short-write", "sync",
                                    "close", "name", "memory"};

static struct {
    bool begun, once;
    Kind kind;
    unsigned long left; /* calls up to the one that fails */
    char folder[512];
    size_t least;
} fault;

static void
begin(void)
{
    const char *text = getenv("CARENET_FAULT");
    fault.begun = true;
    if (text == NULL)
        return;
    for (unsigned i = 1; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t len = strlen(kinds[i]);
        if (strncmp(text, kinds[i], len) != 0 || text[len] != ':')
            continue;
        char *rest = NULL;
        fault.left = strtoul(text + len + 1, &rest, 10);
        snprintf(fault.folder, sizeof fault.folder, "%s", rest + 1);
        fault.least = strtoul(rest + 1, NULL, 10);
        fault.once = getenv("CARENET_FAULT_ONCE") != NULL;
        fault.kind = (Kind)i;
    }
}

static void
tell(void)
{
    const char *path = getenv("CARENET_FAULT_TOLD");
    if (path == NULL)
        return;
    const long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        syscall(SYS_close, (int)fd);
}

static bool
is_due(Kind kind)
{
    if (!fault.begun)
        begin();
    if (fault.kind != kind || fault.left == 0 || --fault.left > 0)
        return false;
    fault.left = fault.once ? 0 : 1;
    tell();
    return true;
}

/* Whether the file that @fd is open at lies in the folder. */
static bool
counts(Kind kind, int fd)
{
    char link[64], path[512];
    if (!fault.begun)
        begin();
    if (fault.kind != kind)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const long len = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (len <= 0)
        return false;
    path[len] = '\0';
    return strncmp(path, fault.folder, strlen(fault.folder)) == 0;
}

static bool
fails(Kind kind, int fd, int number)
{
    if (!counts(kind, fd) || !is_due(kind))
        return false;
    errno = number;
    return true;
}

ssize_t
read(int fd, void *bytes, size_t len)
{
    if (fails(FAULT_READ, fd, EIO) || fails(FAULT_INTERRUPT, fd, EINTR))
        return -1;
    if (fails(FAULT_SHORT_READ, fd, 0))
        len = (len + 2) / 3;
    return syscall(SYS_read, fd, bytes, len);
}

static ssize_t
read_at(int fd, void *bytes, size_t len, off_t offset)
{
    if (fails(FAULT_READ, fd, EIO))
        return -1;
    return syscall(SYS_pread64, fd, bytes, len, offset);
}

ssize_t
pread(int fd, void *bytes, size_t len, off_t offset)
{
    return read_at(fd, bytes, len, offset);
}

ssize_t
pread64(int fd, void *bytes, size_t len, off64_t offset)
{
    return read_at(fd, bytes, len, offset);
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
    if (fails(FAULT_WRITE, fd, EIO) || fails(FAULT_FULL, fd, ENOSPC) ||
        fails(FAULT_INTERRUPT, fd, EINTR))
        return -1;
    if (fails(FAULT_SHORT_WRITE, fd, 0)) {
        fault.kind = FAULT_FULL;
        fault.left = 1;
        len /= 2;
    }
    return syscall(SYS_write, fd, bytes, len);
}

int
fsync(int fd)
{
    if (fails(FAULT_SYNC, fd, EIO))
        return -1;
    return (int)syscall(SYS_fsync, fd);
}

int
close(int fd)
{
    const bool broken = fails(FAULT_CLOSE, fd, EIO);
    const int closed = (int)syscall(SYS_close, fd);
    if (broken)
        errno = EIO;
    return broken ? -1 : closed;
}

static bool
name_fails(void)
{
    const bool due = is_due(FAULT_NAME);
    if (due)
        errno = ENOSPC;
    return due;
}

int
rename(const char *from, const char *to)
{
    if (name_fails())
        return -1;
    return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int
link(const char *from, const char *to)
{
    if (name_fails())
        return -1;
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* ---- Memory. glibc's own, which a sanitizer replaces: not for such builds. */

#ifdef CARENET_FAULT_ALLOCATIONS

extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t n, size_t len);
extern void *__libc_realloc(void *memory, size_t len);

static bool
starves(size_t len)
{
    if (!fault.begun)
        begin();
    if (fault.kind != FAULT_MEMORY || len < fault.least || !is_due(FAULT_MEMORY))
        return false;
    errno = ENOMEM;
    return true;
}

void *
malloc(size_t len)
{
    return starves(len) ? NULL : __libc_malloc(len);
}

void *
calloc(size_t n, size_t len)
{
    return starves(len != 0 && n > SIZE_MAX / len ? SIZE_MAX : n * len) ? NULL
                                                                        : __libc_calloc(n, len);
}

void *
realloc(void *memory, size_t len)
{
    return starves(len) ? NULL : __libc_realloc(memory, len);
}

#endif
