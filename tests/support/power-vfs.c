/* See power-vfs.h. Locks and shared memory are those of one machine: the power takes them away. */
#include "power-vfs.h"

#include <sqlite3.h>

#include <string.h>

#define SHM_LOCKS SQLITE_SHM_NLOCK

/* What the connections to one file share. */
typedef struct {
    guint readers;      /* connections at SHARED or above */
    gpointer reserved;  /* nullable: the one at RESERVED or above */
    gpointer exclusive; /* nullable */
    GPtrArray *regions; /* shared memory */
    guint shm_readers[SHM_LOCKS];
    gpointer shm_writer[SHM_LOCKS];
} Shared;

typedef struct {
    sqlite3_file base;
    PowerFile *file;
    char *remove; /* nullable: the name to remove when it is closed */
    int level;
    guint shm_read, shm_written; /* masks of what this connection has locked */
} Connection;

static sqlite3_vfs layer;
static sqlite3_vfs *below;

static Connection *
connection_of(sqlite3_file *file)
{
    return (Connection *)file;
}

static Shared *
shared_of(sqlite3_file *file)
{
    gpointer *place = power_file_shared(connection_of(file)->file);
    if (*place == NULL) {
        Shared *shared = g_new0(Shared, 1);
        shared->regions = g_ptr_array_new_with_free_func(g_free);
        *place = shared;
    }
    return *place;
}

static void
free_shared(gpointer *place)
{
    Shared *shared = *place;
    if (shared == NULL)
        return;
    g_ptr_array_unref(shared->regions);
    g_free(shared);
    *place = NULL;
}

/* ---- Contents. */

static int
read_file(sqlite3_file *file, void *to, int len, sqlite3_int64 offset)
{
    gsize there = 0;
    if (!power_file_read(connection_of(file)->file, (guint64)offset, to, (gsize)len, &there))
        return SQLITE_IOERR_READ;
    return there == (gsize)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
write_file(sqlite3_file *file, const void *from, int len, sqlite3_int64 offset)
{
    gboolean done = power_file_write(connection_of(file)->file, (guint64)offset, from, (gsize)len);
    return done ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int
truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    gboolean done = power_file_truncate(connection_of(file)->file, (guint64)size);
    return done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int
sync_file(sqlite3_file *file, int flags)
{
    (void)flags;
    return power_file_sync(connection_of(file)->file) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int
size_of_file(sqlite3_file *file, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)power_file_size(connection_of(file)->file);
    return power_disk_is_dead() ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
control_file(sqlite3_file *file, int op, void *argument)
{
    (void)file, (void)op, (void)argument;
    return SQLITE_NOTFOUND;
}

static int
sector_size(sqlite3_file *file)
{
    (void)file;
    return (int)power_disk_kind()->sector;
}

/* What the platform's own layer says of every disk: bytes beside a write stay whole. */
static int
characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- Locks of the file. */

static int
lock_file(sqlite3_file *file, int level)
{
    Connection *own = connection_of(file);
    Shared *shared = shared_of(file);
    if (own->level >= level)
        return SQLITE_OK;
    if (shared->exclusive != NULL && shared->exclusive != own)
        return SQLITE_BUSY;
    if (own->level == SQLITE_LOCK_NONE)
        shared->readers++, own->level = SQLITE_LOCK_SHARED;
    if (level == SQLITE_LOCK_SHARED)
        return SQLITE_OK;
    if (shared->reserved != NULL && shared->reserved != own)
        return SQLITE_BUSY;
    shared->reserved = own;
    own->level = SQLITE_LOCK_RESERVED;
    if (level == SQLITE_LOCK_RESERVED)
        return SQLITE_OK;
    if (shared->readers > 1)
        return SQLITE_BUSY;
    shared->exclusive = own;
    own->level = level;
    return SQLITE_OK;
}

static int
unlock_file(sqlite3_file *file, int level)
{
    Connection *own = connection_of(file);
    Shared *shared = shared_of(file);
    if (own->level <= level)
        return SQLITE_OK;
    if (shared->reserved == own)
        shared->reserved = NULL;
    if (shared->exclusive == own)
        shared->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE)
        shared->readers--;
    own->level = level;
    return SQLITE_OK;
}

static int
check_lock(sqlite3_file *file, int *out)
{
    *out = shared_of(file)->reserved != NULL;
    return SQLITE_OK;
}

/* ---- Shared memory, which the log's index needs. */

static int
map_shm(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    Shared *shared = shared_of(file);
    *out = NULL;
    while (shared->regions->len <= (guint)region && extend)
        g_ptr_array_add(shared->regions, g_malloc0((gsize)size));
    if (shared->regions->len > (guint)region)
        *out = shared->regions->pdata[region];
    return SQLITE_OK;
}

static gboolean
may_lock_shm(const Shared *shared, const Connection *own, int i, gboolean exclusive)
{
    guint others = shared->shm_readers[i] - ((own->shm_read >> i) & 1);
    gboolean written = shared->shm_writer[i] != NULL && shared->shm_writer[i] != own;
    return !written && (!exclusive || others == 0);
}

static void
unlock_one_shm(Shared *shared, Connection *own, int i)
{
    if ((own->shm_read >> i) & 1)
        shared->shm_readers[i]--;
    if ((own->shm_written >> i) & 1)
        shared->shm_writer[i] = NULL;
    own->shm_read &= ~(1U << i);
    own->shm_written &= ~(1U << i);
}

static void
lock_one_shm(Shared *shared, Connection *own, int i, gboolean exclusive)
{
    if (exclusive) {
        shared->shm_writer[i] = own;
        own->shm_written |= 1U << i;
    } else if (((own->shm_read >> i) & 1) == 0) {
        shared->shm_readers[i]++;
        own->shm_read |= 1U << i;
    }
}

static int
lock_shm(sqlite3_file *file, int offset, int n, int flags)
{
    Connection *own = connection_of(file);
    Shared *shared = shared_of(file);
    gboolean exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (int i = offset; i < offset + n; i++)
        if ((flags & SQLITE_SHM_LOCK) && !may_lock_shm(shared, own, i, exclusive))
            return SQLITE_BUSY;
    for (int i = offset; i < offset + n; i++) {
        if (flags & SQLITE_SHM_LOCK)
            lock_one_shm(shared, own, i, exclusive);
        else
            unlock_one_shm(shared, own, i);
    }
    return SQLITE_OK;
}

static void
barrier_shm(sqlite3_file *file)
{
    (void)file;
}

static int
unmap_shm(sqlite3_file *file, int delete)
{
    Connection *own = connection_of(file);
    Shared *shared = shared_of(file);
    (void)delete;
    for (int i = 0; i < SHM_LOCKS; i++)
        unlock_one_shm(shared, own, i);
    if (power_file_openers(own->file) == 1)
        g_ptr_array_set_size(shared->regions, 0);
    return SQLITE_OK;
}

/* ---- Opening and closing. */

static int
close_file(sqlite3_file *file)
{
    Connection *own = connection_of(file);
    unlock_file(file, SQLITE_LOCK_NONE);
    unmap_shm(file, 0);
    if (power_file_openers(own->file) == 1)
        free_shared(power_file_shared(own->file));
    power_file_close(own->file);
    if (own->remove != NULL)
        power_file_remove(own->remove, FALSE);
    g_free(own->remove);
    return SQLITE_OK;
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
    Connection *own = (Connection *)file;
    (void)vfs;
    memset(own, 0, sizeof *own);
    own->file = power_file_open(name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (own->file == NULL)
        return power_disk_is_dead() ? SQLITE_IOERR : SQLITE_CANTOPEN;
    if (flags & SQLITE_OPEN_DELETEONCLOSE)
        own->remove = g_strdup(name);
    own->base.pMethods = &methods;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static int
remove_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (!power_disk_is_dead() && !power_file_exists(name))
        return SQLITE_IOERR_DELETE_NOENT;
    return power_file_remove(name, sync) ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

static int
look_for_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs, (void)flags;
    *out = power_file_exists(name);
    return power_disk_is_dead() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

void
power_vfs_install(void)
{
    if (below == NULL)
        below = sqlite3_vfs_find(NULL);
    layer = *below;
    layer.zName = "power";
    layer.szOsFile = (int)sizeof(Connection);
    layer.xOpen = open_file;
    layer.xDelete = remove_file;
    layer.xAccess = look_for_file;
    sqlite3_vfs_register(&layer, 1);
}

void
power_vfs_uninstall(void)
{
    sqlite3_vfs_unregister(&layer);
    sqlite3_vfs_register(below, 1);
}
