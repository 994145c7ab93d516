/* See fault-vfs.h: a shim over the platform's own layer. */
#include "fault-vfs.h"

#include <sqlite3.h>

#include <string.h>

static struct {
    FaultKind kind;
    guint countdown; /* 0: not armed */
    gboolean forever;
    gboolean happened;
} fault;

typedef struct {
    sqlite3_file base;
    sqlite3_file *real; /* in the bytes behind this struct */
} ShimFile;

static sqlite3_vfs shim;
static sqlite3_vfs *below;

static gboolean
fails_now(FaultKind kind)
{
    if (fault.kind != kind || fault.countdown == 0)
        return FALSE;
    if (fault.countdown > 1) {
        fault.countdown--;
        return FALSE;
    }
    fault.happened = TRUE;
    if (!fault.forever)
        fault.countdown = 0;
    return TRUE;
}

static sqlite3_file *
real_of(sqlite3_file *file)
{
    return ((ShimFile *)file)->real;
}

static int
close_file(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int
read_file(sqlite3_file *file, void *to, int len, sqlite3_int64 offset)
{
    if (fails_now(FAULT_READ))
        return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), to, len, offset);
}

/* A failing write has often written a part. */
static int
write_file(sqlite3_file *file, const void *from, int len, sqlite3_int64 offset)
{
    gboolean broken = fails_now(FAULT_WRITE), full = fails_now(FAULT_FULL);
    if (!broken && !full)
        return real_of(file)->pMethods->xWrite(real_of(file), from, len, offset);
    real_of(file)->pMethods->xWrite(real_of(file), from, len / 2, offset);
    return broken ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int
truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int
sync_file(sqlite3_file *file, int flags)
{
    if (fails_now(FAULT_SYNC))
        return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int
size_of_file(sqlite3_file *file, sqlite3_int64 *out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), out);
}

static int
lock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int
unlock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int
check_lock(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int
control_file(sqlite3_file *file, int op, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}

static int
sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int
characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int
map_shm(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int
lock_shm(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void
barrier_shm(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int
unmap_shm(sqlite3_file *file, int delete)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shm,
    .xShmLock = lock_shm,
    .xShmBarrier = barrier_shm,
    .xShmUnmap = unmap_shm,
};

static int
open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    ShimFile *own = (ShimFile *)file;
    (void)vfs;
    memset(own, 0, sizeof *own);
    own->real = (sqlite3_file *)(own + 1);
    int rc = below->xOpen(below, name, own->real, flags, out_flags);
    if (own->real->pMethods != NULL)
        own->base.pMethods = &methods;
    return rc;
}

void
fault_vfs_install(void)
{
    if (below != NULL)
        return;
    below = sqlite3_vfs_find(NULL);
    shim = *below;
    shim.zName = "fault";
    shim.szOsFile = (int)sizeof(ShimFile) + below->szOsFile;
    shim.xOpen = open_file;
    sqlite3_vfs_register(&shim, 1);
}

void
fault_vfs_arm(FaultKind kind, guint k, gboolean forever)
{
    fault.kind = kind;
    fault.countdown = k;
    fault.forever = forever;
    fault.happened = FALSE;
}

gboolean
fault_vfs_disarm(void)
{
    fault.countdown = 0;
    return fault.happened;
}
