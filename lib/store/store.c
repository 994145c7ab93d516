/* A store's handle: opened, set up and closed. */
#include "store/store-private.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void
free_statement(gpointer statement)
{
    cn_statement_free(statement);
}

/* "./" keeps SQLite from seeing anything but a file in a name such as ":memory:". */
static char *
plain_path(const char *path)
{
    return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(".", path, NULL);
}

carenet_store *
cn_store_new_handle(const char *path, CnReference *reference, gboolean read_only, gint busy_ms)
{
    carenet_store *store = g_new0(carenet_store, 1);
    store->gate_fd = -1;
    g_atomic_ref_count_init(&store->refs);
    g_mutex_init(&store->lock);
    store->path = plain_path(path);
    store->reference = carenet_reference_ref(reference);
    store->read_only = read_only;
    store->busy_ms = busy_ms;
    store->statements = g_hash_table_new_full(NULL, NULL, NULL, free_statement);
    return store;
}

void
cn_store_close(carenet_store *store)
{
    if (store == NULL || !g_atomic_ref_count_dec(&store->refs))
        return;
    g_hash_table_unref(store->statements);
    for (guint i = 0; i < CN_VOCABULARIES; i++)
        g_clear_pointer(&store->terms[i], g_hash_table_unref);
    sqlite3_close(store->db);
    cn_gate_close(store);
    cn_store_lock_again(store);
    carenet_reference_unref(store->reference);
    g_mutex_clear(&store->lock);
    g_free(store->policy_text);
    carenet_policy_unref(store->policy);
    g_free(store->image_path);
    g_free(store->image_stamp);
    g_free(store->path);
    g_free(store);
}

carenet_store *
cn_store_ref(carenet_store *store)
{
    g_atomic_ref_count_inc(&store->refs);
    return store;
}

const char *
cn_store_image_path(const carenet_store *store)
{
    return store->image_path;
}

const char *
cn_store_image_stamp(const carenet_store *store)
{
    return store->image_stamp;
}

void
cn_store_keep_image(carenet_store *store, char *stamp)
{
    store->image_path = g_strconcat(store->path, CN_STORE_IMAGE_ENDING, NULL);
    store->image_stamp = stamp;
}

carenet_store_kind
cn_store_kind(const carenet_store *store)
{
    return store->kind;
}

CnReference *
cn_store_reference(const carenet_store *store)
{
    return store->reference;
}

/* ---- Opening the file. */

/* What a file says is not trusted: no triggers, no views, no functions from its schema, damaged
 * cells are noticed, and nothing of a restricted record is left in a temporary file. */
static gboolean
set_up(carenet_store *store, GError **error)
{
    static const struct {
        int option;
        int value;
    } switches[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    };
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, store->busy_ms);
    for (gsize i = 0; i < G_N_ELEMENTS(switches); i++) {
        int rc = sqlite3_db_config(store->db, switches[i].option, switches[i].value, NULL);
        if (rc != SQLITE_OK)
            return cn_store_fail(store, rc, error);
    }
    const char *synchronous = store->environment.synchronous;
    g_autofree char *sync =
        g_strdup_printf("PRAGMA synchronous = %s", synchronous != NULL ? synchronous : "FULL");
    /* Before anything is read: then the side file that readers share is not asked for. */
    if (store->alone && !cn_store_exec(store, "PRAGMA locking_mode = EXCLUSIVE", error))
        return FALSE;
    return cn_store_exec(store, sync, error) && cn_store_exec(store,
                                                              "PRAGMA cell_size_check = ON;"
                                                              "PRAGMA secure_delete = ON;"
                                                              "PRAGMA mmap_size = 0;"
                                                              "PRAGMA temp_store = MEMORY;",
                                                              error);
}

static gboolean
connect_to(carenet_store *store, const char *name, int flags, GError **error)
{
    int rc = sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_NOMUTEX, store->environment.vfs);
    if (store->db == NULL)
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK)
        return set_up(store, error);
    cn_store_fail(store, sqlite3_extended_errcode(store->db), error);
    return FALSE;
}

gboolean
cn_store_connect(carenet_store *store, GError **error)
{
    if (!connect_to(store, store->path, SQLITE_OPEN_READWRITE, error))
        return FALSE;
    /* SQLite falls back to reading in silence. */
    if (sqlite3_db_readonly(store->db, "main") == 1)
        return cn_store_fail(store, SQLITE_READONLY, error);
    return TRUE;
}

static gboolean
has_unmerged_log(const carenet_store *store)
{
    g_autofree char *log = g_strconcat(store->path, "-wal", NULL);
    GStatBuf info;
    return g_stat(log, &info) == 0 && info.st_size > 0;
}

static gboolean
is_writable(const carenet_store *store)
{
    g_autofree char *folder = g_path_get_dirname(store->path);
    return access(store->path, W_OK) == 0 && access(folder, W_OK | X_OK) == 0;
}

static gboolean
connect_to_look(carenet_store *store, GError **error)
{
    return connect_to(store, store->path, SQLITE_OPEN_READWRITE, error) &&
           cn_store_exec(store, "PRAGMA query_only = ON; SELECT count(*) FROM sqlite_schema",
                         error);
}

/* The side file that readers share takes room. Where a full disk has none, whoever has the store alone does
 * without it: others who look at the same time wait for each other. */
static gboolean
connect_to_read(carenet_store *store, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (connect_to_look(store, &cause))
        return TRUE;
    const int code = store->db != NULL ? sqlite3_errcode(store->db) & 0xff : SQLITE_NOMEM;
    if (code != SQLITE_FULL && code != SQLITE_IOERR) {
        cn_error_pass(error, g_steal_pointer(&cause));
        return FALSE;
    }
    sqlite3_close(store->db);
    store->db = NULL;
    store->alone = TRUE;
    return connect_to_look(store, error);
}

/* Reading leaves the file and its folder as they are:
 * - where a writer's log exists it must be read, and a plain reader needs the side files that are
 *   there already;
 * - without one, where we may write, a handle that could write removes the side files that it made
 *   when it is closed, which a read-only handle does not; query_only keeps it from writing;
 * - without one, where we may not write, nobody else of our rights can: the file is taken as is. */
static gboolean
connect_by_rights(carenet_store *store, GError **error)
{
    if (has_unmerged_log(store))
        return connect_to(store, store->path, SQLITE_OPEN_READONLY, error);
    if (is_writable(store))
        return connect_to_read(store, error);
    g_autofree char *escaped = g_uri_escape_string(store->path, "/", FALSE);
    g_autofree char *uri = g_strconcat("file:", escaped, "?immutable=1", NULL);
    return connect_to(store, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error);
}

static gboolean
check_file(carenet_store *store, GError **error)
{
    GStatBuf info;
    if (g_stat(store->path, &info) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return cn_store_fail(store, SQLITE_CANTOPEN, error);
        cn_error_set(error, CARENET_ERROR_NOT_FOUND, "there is no store %s", store->path);
        cn_error_hint(error, "check the path, or make one with carenet init");
        return FALSE;
    }
    if (!S_ISREG(info.st_mode)) {
        cn_error_set(error, CARENET_ERROR_CORRUPT, "%s is not a file", store->path);
        cn_error_hint(error, "name the file of the store");
        return FALSE;
    }
    return TRUE;
}

gboolean
cn_store_connect_read_only(carenet_store *store, GError **error)
{
    return check_file(store, error) && connect_by_rights(store, error);
}

/* ---- What is in the file. */

gboolean
cn_store_check_identity(carenet_store *store, GError **error)
{
    gint64 application_id = 0;
    if (!cn_store_ask_int(store, "PRAGMA application_id", &application_id, error))
        return FALSE;
    if (application_id == CN_APPLICATION_ID)
        return TRUE;
    return cn_store_fail(store, SQLITE_NOTADB, error);
}

static gboolean
check_layout_to_read(carenet_store *store, GError **error)
{
    gint64 version = 0;
    if (!cn_store_ask_int(store, "PRAGMA user_version", &version, error))
        return FALSE;
    if (version < 1)
        return cn_store_damaged(store, "user_version", error);
    if (version == (gint64)cn_migrations_len)
        return TRUE;
    if (version > (gint64)cn_migrations_len)
        return cn_store_migrate(store, cn_migrations, cn_migrations_len, error);
    cn_error_set(error, CARENET_ERROR_VERSION,
                 "%s has the older layout %" G_GINT64_FORMAT " and cannot be migrated read-only",
                 store->path, version);
    cn_error_hint(error, "carenet migrate --db '%s' brings it up to date", store->path);
    return FALSE;
}

gboolean
cn_store_read_kind(carenet_store *store, GError **error)
{
    gint64 kind = 0;
    if (!cn_store_ask_int(store,
                          "SELECT CASE kind WHEN 'live' THEN 1 WHEN 'demonstration' THEN 2 END"
                          " FROM network WHERE id = 1",
                          &kind, error))
        return FALSE;
    if (kind != CARENET_STORE_LIVE && kind != CARENET_STORE_DEMONSTRATION)
        return cn_store_damaged(store, "network (kind)", error);
    store->kind = (carenet_store_kind)kind;
    return TRUE;
}

/* WAL: readers never wait for the writer. Some file systems cannot do it. */
gboolean
cn_store_use_log(carenet_store *store, GError **error)
{
    gint64 is_wal = 0;
    if (!cn_store_exec(store, "PRAGMA journal_mode = WAL", error) ||
        !cn_store_ask_int(store, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", &is_wal,
                          error))
        return FALSE;
    if (is_wal)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_STORAGE,
                 "the file system of %s cannot share a database between processes", store->path);
    cn_error_hint(error, "keep the store on a local disk");
    return FALSE;
}

carenet_store *
cn_store_open(const char *path,
              CnReference *reference,
              gboolean read_only,
              gint busy_ms,
              GError **error)
{
    return cn_store_open_in(NULL, path, reference, read_only, busy_ms, error);
}

carenet_store *
cn_store_open_in(const CnStoreEnvironment *environment,
                 const char *path,
                 CnReference *reference,
                 gboolean read_only,
                 gint busy_ms,
                 GError **error)
{
    g_autoptr(carenet_store) store = cn_store_new_handle(path, reference, read_only, busy_ms);
    if (environment != NULL)
        store->environment = *environment;
    if (read_only) {
        if (!cn_store_connect_read_only(store, error) || !cn_store_check_identity(store, error) ||
            !check_layout_to_read(store, error) || !cn_store_read_kind(store, error))
            return NULL;
        return g_steal_pointer(&store);
    }
    if (!check_file(store, error) || !cn_store_connect(store, error) ||
        !cn_store_check_identity(store, error) || !cn_store_use_log(store, error) ||
        !cn_store_migrate(store, cn_migrations, cn_migrations_len, error) ||
        !cn_store_read_kind(store, error) || !cn_store_refresh_reference(store, error) ||
        !cn_store_ensure_key(store, error))
        return NULL;
    return g_steal_pointer(&store);
}
