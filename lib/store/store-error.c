/* What a result code of SQLite means to the caller. Messages name the file and never a value. */
#include "store/store-private.h"

#include "base/error.h"

#include <errno.h>
#include <unistd.h>

static void
set_layout_error(carenet_store *store, GError **error)
{
    cn_error_set(error, CARENET_ERROR_CORRUPT, "%s has not the tables of a carenet store: %s",
                 store->path, sqlite3_errmsg(store->db));
    cn_error_hint(error, "restore a backup, or make a new store with carenet init and import the "
                         "region files again");
}

static void
set_damaged(carenet_store *store, GError **error)
{
    cn_error_set(error, CARENET_ERROR_CORRUPT, "%s is damaged", store->path);
    cn_error_hint(error, "keep a copy of the file, then restore a backup, or make a new store with "
                         "carenet init and import the region files again");
}

static void
set_busy(carenet_store *store, GError **error)
{
    cn_error_set(error, CARENET_ERROR_BUSY, "somebody else is writing to %s (waited %d ms)",
                 store->path, store->busy_ms);
    cn_error_hint(error, "try again in a moment");
}

static void
set_io_error(carenet_store *store, int rc, GError **error)
{
    int system = sqlite3_system_errno(store->db);
    if (system == ENOSPC || system == EDQUOT) {
        cn_error_set(error, CARENET_ERROR_STORAGE, "the disk is full: %s", store->path);
        cn_error_hint(error, "make room and try again; nothing was stored");
        return;
    }
    cn_error_set(error, CARENET_ERROR_STORAGE, "%s cannot be read or written: %s (%d)", store->path,
                 system != 0 ? g_strerror(system) : sqlite3_errstr(rc), rc);
    cn_error_hint(error, "check the disk; nothing was stored");
}

/* A reader that may not write in the folder cannot use a log that needs recovery. */
static void
set_read_only(carenet_store *store, int rc, GError **error)
{
    if (rc == SQLITE_READONLY_CANTINIT || rc == SQLITE_READONLY_RECOVERY ||
        rc == SQLITE_CANTOPEN_DIRTYWAL) {
        cn_error_set(error, CARENET_ERROR_STORAGE, "%s has a log that must be merged first",
                     store->path);
        cn_error_hint(error, "open it once with the right to write in its folder");
        return;
    }
    if (access(store->path, W_OK) != 0 && errno == EROFS) {
        cn_error_set(error, CARENET_ERROR_STORAGE, "%s can only be read: its disk is read-only",
                     store->path);
        cn_error_hint(error, "copy it to a disk that can be written, or mount this one so");
        return;
    }
    cn_error_set(error, CARENET_ERROR_STORAGE, "%s can only be read", store->path);
    cn_error_hint(error, "check the permissions of the file and of its folder");
}

/* SQLite falls back to reading, and then lacks the side files that only a writer makes. */
static void
set_cannot_open(carenet_store *store, int rc, GError **error)
{
    const gboolean is_fallback =
        !store->read_only && store->db != NULL && sqlite3_db_readonly(store->db, "main") == 1;
    if (rc == SQLITE_CANTOPEN_DIRTYWAL || is_fallback) {
        set_read_only(store, rc, error);
        return;
    }
    cn_error_set(error, CARENET_ERROR_STORAGE, "%s cannot be opened", store->path);
    cn_error_hint(error, "check the permissions of the file and of its folder");
}

static void
set_constraint(carenet_store *store, int rc, GError **error)
{
    if (rc == SQLITE_CONSTRAINT_FOREIGNKEY) {
        cn_error_set(error, CARENET_ERROR_INVALID_DATA,
                     "a record refers to something that %s does not hold", store->path);
        cn_error_hint(error, "import the files that refer to each other together");
        return;
    }
    cn_error_set(error, CARENET_ERROR_INVALID_DATA, "a record breaks a rule of the store: %s",
                 sqlite3_errmsg(store->db));
}

gboolean
cn_store_fail(carenet_store *store, int rc, GError **error)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        set_busy(store, error);
        break;
    case SQLITE_NOTADB:
        cn_error_set(error, CARENET_ERROR_CORRUPT, "%s is not a carenet store", store->path);
        cn_error_hint(error, "check the path; a new store is made with carenet init");
        break;
    case SQLITE_CORRUPT:
        set_damaged(store, error);
        break;
    case SQLITE_FULL:
        cn_error_set(error, CARENET_ERROR_STORAGE, "the disk is full: %s", store->path);
        cn_error_hint(error, "make room and try again; nothing was stored");
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        set_read_only(store, rc, error);
        break;
    case SQLITE_CANTOPEN:
        set_cannot_open(store, rc, error);
        break;
    case SQLITE_IOERR:
        if (rc == SQLITE_IOERR_CORRUPTFS)
            set_damaged(store, error);
        else
            set_io_error(store, rc, error);
        break;
    case SQLITE_CONSTRAINT:
        set_constraint(store, rc, error);
        break;
    case SQLITE_INTERRUPT:
        cn_error_set(error, CARENET_ERROR_STATE,
                     "stopped before %s was copied; nothing has changed", store->path);
        break;
    case SQLITE_TOOBIG:
        cn_error_set(error, CARENET_ERROR_TOO_LARGE, "a record is too large for %s", store->path);
        break;
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
        set_layout_error(store, error);
        break;
    default:
        cn_error_set(error, CARENET_ERROR_STORAGE, "%s: %s (%d)", store->path, sqlite3_errstr(rc),
                     rc);
        break;
    }
    return FALSE;
}

gboolean
cn_store_damaged(carenet_store *store, const char *where, GError **error)
{
    cn_error_set(error, CARENET_ERROR_CORRUPT, "%s is damaged: impossible value in %s", store->path,
                 where);
    cn_error_hint(error, "keep a copy of the file, then restore a backup");
    return FALSE;
}
