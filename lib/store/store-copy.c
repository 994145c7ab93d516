/* Copies of a whole store: backups, and restoring one. SQLite copies page by page under its own locks,
 * into a draft that takes its name only after it was found whole. A copy is complete: it holds what
 * must never be shown, and nobody but its owner may read it. */
#include "store/store-private.h"

#include "base/error.h"
#include "base/writing.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_MOST 1000

/* How often the caller is asked whether to go on: between so many pages that are copied, and so many
 * steps of SQLite while a copy is checked. */
#define PAGES_AT_A_TIME 256
#define STEPS_AT_A_TIME 20000

/* ---- Being stopped. */

/* NULL is never stopped. */
static gboolean
is_stopped(const carenet_copy_options *options)
{
    return options != NULL && options->proceed != NULL && !options->proceed(options->proceed_user);
}

static int
interrupt_if_stopped(void *options)
{
    return is_stopped(options);
}

/* What is asked of @store is stopped, too, until its connection is closed. */
static void
watch(carenet_store *store, const carenet_copy_options *options)
{
    sqlite3_progress_handler(store->db, STEPS_AT_A_TIME, interrupt_if_stopped, (void *)options);
}

/* ---- Pages. */

/* @options NULL: cannot be stopped. The step that fails or ends the copy. */
static int
step_pages(sqlite3_backup *backup, const carenet_copy_options *options)
{
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && !is_stopped(options))
        rc = sqlite3_backup_step(backup, options != NULL ? PAGES_AT_A_TIME : -1);
    return rc;
}

static gboolean
copy_pages(carenet_store *from,
           carenet_store *to,
           const carenet_copy_options *options,
           GError **error)
{
    g_auto(CnTransaction) reading = {0};
    gint64 tables = 0;
    /* One state of the store for all steps, from the first read on: the copy would begin anew whenever
     * somebody writes. */
    if (!cn_transaction_begin(&reading, from, CN_READ, error) ||
        !cn_store_ask_int(from, "SELECT count(*) FROM sqlite_master", &tables, error))
        return FALSE;
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
    int rc = SQLITE_OK;
    if (backup != NULL) {
        rc = step_pages(backup, options);
        sqlite3_backup_finish(backup);
    } else {
        rc = sqlite3_extended_errcode(to->db);
    }
    if (rc == SQLITE_DONE)
        return TRUE;
    if (rc == SQLITE_OK)
        return cn_store_fail(from, SQLITE_INTERRUPT, error);
    /* Only what is read can be damaged. */
    const gboolean damaged = (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
    return cn_store_fail(damaged ? from : to, rc, error);
}

/* A carenet store, not newer than we are, every page and every reference of it sound. */
static gboolean
check_whole(carenet_store *store, GError **error)
{
    gint64 id = 0, layout = 0, whole = 0, dangling = 0;
    if (!cn_store_ask_int(store, "PRAGMA application_id", &id, error) ||
        !cn_store_ask_int(store, "PRAGMA user_version", &layout, error))
        return FALSE;
    if (id != CN_APPLICATION_ID)
        return cn_store_fail(store, SQLITE_NOTADB, error);
    if (layout < 1)
        return cn_store_damaged(store, "user_version", error);
    if (layout > (gint64)cn_migrations_len) {
        cn_error_set(error, CARENET_ERROR_VERSION,
                     "%s has the layout %" G_GINT64_FORMAT ", this carenet knows up to %zu",
                     store->path, layout, cn_migrations_len);
        cn_error_hint(error, "use the newer carenet that wrote it");
        return FALSE;
    }
    if (!cn_store_ask_int(store,
                          "SELECT count(*) = 1 AND min(integrity_check) = 'ok'"
                          " FROM pragma_integrity_check",
                          &whole, error) ||
        !cn_store_ask_int(store, "SELECT count(*) FROM pragma_foreign_key_check", &dangling, error))
        return FALSE;
    return (whole && dangling == 0) || cn_store_fail(store, SQLITE_CORRUPT, error);
}

/* ---- Drafts and names. */

/* A file of our own beside the one that it shall become, removed at the end of the scope. */
typedef struct {
    char *path; /* NULL: none */
} Draft;

static void
remove_draft(Draft *draft)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    for (gsize i = 0; draft->path != NULL && i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(draft->path, endings[i], NULL);
        g_unlink(path);
    }
    g_clear_pointer(&draft->path, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, remove_draft)

static gboolean
fail_to_write(const char *path, GError **error)
{
    const int cause = errno;
    cn_error_set(error, cn_write_error_code(cause), "%s cannot be written: %s", path,
                 g_strerror(cause));
    cn_error_hint(error, "check the folder and its permissions");
    return FALSE;
}

static gboolean
create_draft(const char *path, Draft *draft, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_to_write(path, error);
    gboolean done = fchmod(fd, 0600) == 0;
    close(fd);
    draft->path = g_steal_pointer(&name);
    return done || fail_to_write(path, error);
}

/* One file without side files, so that it can be carried away: no log. Messages name @path, which
 * the draft shall become. */
static gboolean
fill_copy(carenet_store *from,
          carenet_store *to,
          const char *path,
          const carenet_copy_options *options,
          GError **error)
{
    g_free(to->path);
    to->path = g_strdup(path);
    watch(to, options);
    return copy_pages(from, to, options, error) &&
           cn_store_exec(to, "PRAGMA journal_mode = DELETE", error) && check_whole(to, error);
}

static gboolean
fill_draft(carenet_store *from,
           const char *path,
           const carenet_copy_options *options,
           Draft *draft,
           GError **error)
{
    if (!create_draft(path, draft, error))
        return FALSE;
    g_autoptr(carenet_store) to =
        cn_store_new_handle(draft->path, from->reference, FALSE, from->busy_ms);
    return cn_store_connect(to, error) && fill_copy(from, to, path, options, error);
}

static void
sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static gboolean
fail_existing(const char *path, GError **error)
{
    cn_error_set(error, CARENET_ERROR_CONFLICT, "%s exists already", path);
    cn_error_hint(error, "choose another name, or add --force");
    return FALSE;
}

/* link() never overwrites, rename() always does; both are all or nothing. */
static gboolean
publish(Draft *draft, const char *path, gboolean replace, GError **error)
{
    if ((replace ? g_rename(draft->path, path) : link(draft->path, path)) != 0)
        return errno == EEXIST ? fail_existing(path, error) : fail_to_write(path, error);
    remove_draft(draft);
    sync_folder(path);
    return TRUE;
}

static gboolean
check_apart(const char *store_path, const char *path, GError **error)
{
    if (!cn_store_has_file(store_path, path))
        return TRUE;
    cn_error_set(error, CARENET_ERROR_CONFLICT, "%s is the store itself, or a file of it", path);
    cn_error_hint(error, "choose another name");
    return FALSE;
}

/* ---- Backup. */

gboolean
cn_store_backup(carenet_store *store,
                const char *path,
                const carenet_copy_options *options,
                GError **error)
{
    const gboolean replace = options->replace;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    g_auto(Draft) draft = {NULL};
    if (!check_apart(store->path, path, error))
        return FALSE;
    /* Asked first to spare the work; the link decides. */
    if (!replace && g_file_test(path, G_FILE_TEST_EXISTS))
        return fail_existing(path, error);
    if (replace && !cn_may_replace(path, error))
        return FALSE;
    return fill_draft(store, path, options, &draft, error) && publish(&draft, path, replace, error);
}

/* ---- Restore. */

/* The draft under the first free name of path.before-restore, -2, -3, ...: a second restore must not
 * take away what the first one kept. */
static gboolean
keep_as(const char *from, const char *path, char **out_kept, GError **error)
{
    for (guint i = 1; i <= KEPT_MOST; i++) {
        g_autofree char *name = i == 1 ? g_strconcat(path, ".before-restore", NULL)
                                       : g_strdup_printf("%s.before-restore-%u", path, i);
        if (link(from, name) == 0) {
            *out_kept = g_steal_pointer(&name);
            return TRUE;
        }
        if (errno != EEXIST)
            return fail_to_write(name, error);
    }
    errno = EEXIST;
    return fail_to_write(path, error);
}

/* In exclusive mode SQLite refuses while anybody else has the store open, and keeps everybody out
 * until we close it: nothing that somebody stores meanwhile is lost. */
static gboolean
seize(carenet_store *store, GError **error)
{
    return cn_store_connect(store, error) &&
           cn_store_exec(store, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;", error);
}

/* What is invented and what is real never take each other's place, whatever is forced. */
static gboolean
check_same_kind(carenet_store *former, carenet_store *from, GError **error)
{
    if (!cn_store_read_kind(former, error) || !cn_store_read_kind(from, error))
        return FALSE;
    if (former->kind == from->kind)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_REFUSED, "%s is %s, and the backup is of %s", former->path,
                 former->kind == CARENET_STORE_LIVE ? "a live store" : "a demonstration",
                 former->kind == CARENET_STORE_LIVE ? "a demonstration" : "a live store");
    cn_error_hint(error, "restore it under another name");
    return FALSE;
}

/* The former store is sound: its pages are copied out, and those of the backup in, as one
 * transaction. */
static gboolean
replace_pages(carenet_store *former,
              carenet_store *from,
              const carenet_copy_options *options,
              char **out_kept,
              GError **error)
{
    g_auto(Draft) kept = {NULL};
    if (!create_draft(former->path, &kept, error))
        return FALSE;
    g_autoptr(carenet_store) copy =
        cn_store_new_handle(kept.path, former->reference, FALSE, former->busy_ms);
    if (!cn_store_connect(copy, error) || !fill_copy(former, copy, former->path, options, error) ||
        !keep_as(kept.path, former->path, out_kept, error))
        return FALSE;
    return copy_pages(from, former, NULL, error) && check_whole(former, error);
}

/* Nobody can work with a damaged file, so it is moved out of the way, its log with it. */
static gboolean
replace_file(const char *path, Draft *draft, char **out_kept, GError **error)
{
    static const char *const endings[] = {"-journal", "-wal", "-shm"};
    if (!keep_as(path, path, out_kept, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *side = g_strconcat(path, endings[i], NULL);
        g_autofree char *kept = g_strconcat(*out_kept, endings[i], NULL);
        if (g_rename(side, kept) != 0 && errno != ENOENT)
            return fail_to_write(kept, error);
    }
    return publish(draft, path, TRUE, error);
}

static gboolean
replace_store(carenet_store *from,
              Draft *draft,
              const char *path,
              const carenet_copy_options *options,
              char **out_kept,
              GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(carenet_store) former =
        cn_store_new_handle(path, from->reference, FALSE, from->busy_ms);
    if (seize(former, &cause) && check_same_kind(former, from, &cause) &&
        replace_pages(former, from, options, out_kept, &cause))
        return TRUE;
    if (carenet_error_get_code(cause) != CARENET_ERROR_CORRUPT || *out_kept != NULL) {
        cn_error_pass(error, g_steal_pointer(&cause));
        return FALSE;
    }
    g_clear_pointer(&former, cn_store_close);
    return replace_file(path, draft, out_kept, error);
}

gboolean
cn_store_restore(const char *from_path,
                 const char *path,
                 const carenet_copy_options *options,
                 char **out_kept,
                 GError **error)
{
    g_auto(Draft) draft = {NULL};
    g_autoptr(carenet_store) from = cn_store_new_handle(from_path, NULL, TRUE, options->busy_ms);
    const gboolean exists = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!cn_store_connect_read_only(from, error) || !check_whole(from, error) ||
        !check_apart(path, from_path, error))
        return FALSE;
    if (exists && !options->replace)
        return fail_existing(path, error);
    /* A store may be reached by a link; a device reads as a damaged one, and would be moved away. */
    if (exists && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return cn_refuse_no_file(path, error);
    if (!fill_draft(from, path, options, &draft, error))
        return FALSE;
    return exists ? replace_store(from, &draft, path, options, out_kept, error)
                  : publish(&draft, path, FALSE, error);
}
