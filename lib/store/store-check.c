/* Whether a store is sound: its file, the rights on it, the disk below it. What a person should look
 * at in the records stands in store-check-records.c. */
#include "store/store-check.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Where less is free, an import or a backup may fail soon. */
#define FREE_LEAST ((guint64)64 * 1024 * 1024)

void
cn_store_check_add(CnStoreCheck *check,
                   const char *name,
                   CnCheckStatus status,
                   const GPtrArray *which,
                   const char *command,
                   const char *detail,
                   ...)
{
    static const char *const words[] = {"ok", "look", "bad"};
    const guint len = which != NULL ? which->len : 0;
    va_list args;
    va_start(args, detail);
    g_autofree char *text = g_strdup_vprintf(detail, args);
    va_end(args);
    cn_table_add_text(check->table, name);
    cn_table_add_text(check->table, words[status]);
    cn_table_add_text(check->table, text);
    cn_table_add_text(check->table, status != CN_CHECK_OK ? command : NULL);
    cn_table_add_list(check->table, len > 0 ? (const char *const *)which->pdata : NULL, len);
}

/* ---- The database. */

/* A damaged page makes the question itself fail: that is an answer. */
static gboolean
ask_whether(CnStoreCheck *check, const char *sql, gboolean *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    gint64 answer = 0;
    if (cn_store_ask_int(check->store, sql, &answer, &cause)) {
        *out = answer != 0;
        return TRUE;
    }
    if (carenet_error_get_code(cause) != CARENET_ERROR_CORRUPT) {
        cn_error_pass(error, g_steal_pointer(&cause));
        return FALSE;
    }
    *out = FALSE;
    return TRUE;
}

/* (transfer full) */
static char *
restore_command(const CnStoreCheck *check)
{
    g_autofree char *path = g_shell_quote(check->store->path);
    return g_strdup_printf("carenet restore BACKUP --db %s --force", path);
}

static gboolean
check_integrity(CnStoreCheck *check, GError **error)
{
    g_autofree char *command = restore_command(check);
    gboolean whole = FALSE;
    if (!ask_whether(check,
                     "SELECT count(*) = 1 AND min(integrity_check) = 'ok'"
                     " FROM pragma_integrity_check",
                     &whole, error))
        return FALSE;
    check->damaged = !whole;
    if (whole)
        cn_store_check_add(check, "file", CN_CHECK_OK, NULL, NULL, "every page of it is sound");
    else
        cn_store_check_add(check, "file", CN_CHECK_BAD, NULL, command,
                           "it is damaged: keep a copy, then restore a backup");
    return TRUE;
}

static gboolean
check_references(CnStoreCheck *check, GError **error)
{
    g_autofree char *command = restore_command(check);
    gboolean whole = FALSE;
    if (!ask_whether(check, "SELECT count(*) = 0 FROM pragma_foreign_key_check", &whole, error))
        return FALSE;
    check->damaged = check->damaged || !whole;
    if (whole)
        cn_store_check_add(check, "references", CN_CHECK_OK, NULL, NULL,
                           "every record that is referred to is there");
    else
        cn_store_check_add(check, "references", CN_CHECK_BAD, NULL, command,
                           "records refer to others that are missing: restore a backup");
    return TRUE;
}

/* The file was opened, so it is ours and not newer than we are. */
static gboolean
check_layout(CnStoreCheck *check, GError **error)
{
    gint64 layout = 0;
    if (!cn_store_ask_int(check->store, "PRAGMA user_version", &layout, error))
        return FALSE;
    cn_store_check_add(check, "layout", CN_CHECK_OK, NULL, NULL,
                       "layout %" G_GINT64_FORMAT " of a carenet store, %s", layout,
                       check->store->kind == CARENET_STORE_LIVE ? "live" : "for demonstration");
    return TRUE;
}

/* ---- The file among the other files. */

static void
check_permissions(CnStoreCheck *check)
{
    static const char *const endings[] = {
        "", "-wal", "-shm", "-journal", ".before-restore", CN_STORE_IMAGE_ENDING};
    g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) command = g_string_new("chmod 600");
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(check->store->path, endings[i], NULL);
        g_autofree char *quoted = g_shell_quote(path);
        GStatBuf info;
        if (g_stat(path, &info) != 0 || (info.st_mode & (S_IRWXG | S_IRWXO)) == 0)
            continue;
        /* The side files take over the mode of the file, and are gone when it is closed. */
        if (open->len > 0 && endings[i][0] == '-')
            continue;
        g_string_append_printf(command, " %s", quoted);
        g_ptr_array_add(open, g_steal_pointer(&path));
    }
    if (open->len == 0)
        cn_store_check_add(check, "permissions", CN_CHECK_OK, NULL, NULL,
                           "only its owner can read it");
    else
        cn_store_check_add(check, "permissions", CN_CHECK_BAD, open, command->str,
                           "others than its owner can read it");
}

static void
check_disk(CnStoreCheck *check)
{
    g_autofree char *folder = g_path_get_dirname(check->store->path);
    g_autofree char *quoted = g_shell_quote(folder);
    g_autofree char *command = g_strdup_printf("df -h %s", quoted);
    struct statvfs disk;
    GStatBuf info;
    if (statvfs(folder, &disk) != 0 || g_stat(check->store->path, &info) != 0)
        return;
    const guint64 left = (guint64)disk.f_bavail * disk.f_frsize;
    const guint64 wanted = MAX(FREE_LEAST, 2 * (guint64)info.st_size);
    if (left >= wanted)
        cn_store_check_add(check, "disk", CN_CHECK_OK, NULL, NULL,
                           "room for a backup and for what is to come");
    else
        cn_store_check_add(check, "disk", CN_CHECK_LOOK, NULL, command,
                           "only %" G_GUINT64_FORMAT " MiB are left: make room on the disk",
                           left / (G_GUINT64_CONSTANT(1024) * 1024));
}

/* Rows that were changed by hand, past the revision, are not in the image. */
static void
check_image(CnStoreCheck *check)
{
    g_autofree char *path = g_strconcat(check->store->path, CN_STORE_IMAGE_ENDING, NULL);
    g_autofree char *quoted = g_shell_quote(path);
    g_autofree char *command = g_strdup_printf("rm %s", quoted);
    if (check->image == CN_IMAGE_SOUND)
        cn_store_check_add(check, "image", CN_CHECK_OK, NULL, NULL,
                           "the image beside the store says what the store says");
    else if (check->image == CN_IMAGE_NONE)
        cn_store_check_add(check, "image", CN_CHECK_OK, NULL, NULL,
                           "there is no image beside the store: answers take longer");
    else if (check->image == CN_IMAGE_WRONG)
        cn_store_check_add(check, "image", CN_CHECK_BAD, NULL, command,
                           "the image beside the store says something else: rows were changed by "
                           "hand; remove it");
}

static gboolean
check_all(CnStoreCheck *check, GError **error)
{
    if (!check_integrity(check, error) || !check_references(check, error) ||
        !check_layout(check, error))
        return FALSE;
    check_permissions(check);
    check_disk(check);
    check_image(check);
    if (check->damaged) {
        cn_table_warn(check->table, "the records are not checked while the file is damaged");
        return TRUE;
    }
    return cn_store_check_records(check, error) && cn_store_check_seal(check, error) &&
           cn_store_check_ledger(check, error);
}

carenet_table *
cn_store_check(carenet_store *store, CnImageState image, gint64 now_s, GError **error)
{
    static const CnColumn columns[] = {{"check", CARENET_COLUMN_TEXT},
                                       {"status", CARENET_COLUMN_TEXT},
                                       {"detail", CARENET_COLUMN_TEXT},
                                       {"command", CARENET_COLUMN_TEXT},
                                       {"which", CARENET_COLUMN_LIST}};
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    g_auto(CnTransaction) transaction = {0};
    CnStoreCheck check = {.store = store,
                          .table = cn_table_builder_new(columns, G_N_ELEMENTS(columns)),
                          .image = image,
                          .now_s = now_s};
    /* One transaction: everything is looked at as of one instant. */
    gboolean done =
        cn_transaction_begin(&transaction, store, CN_READ, error) && check_all(&check, error);
    carenet_table *rows = cn_table_builder_finish(check.table);
    if (!done)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}
