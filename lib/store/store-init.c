/* Making a store: the file, the layout, places and services, the default policy. */
#include "store/store-private.h"

#include "base/error.h"
#include "base/writing.h"
#include "format/policy-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLICY_BYTES_MOST ((gsize)4 * 1024 * 1024)

/* The file exists, readable by its owner only, before SQLite sees it; the side files take over its
 * mode. The folder is synced, since SQLite does so only for files that it made. */
static gboolean
create_file(const carenet_store *store, GError **error)
{
    int fd = open(store->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST) {
        cn_error_set(error, CARENET_ERROR_CONFLICT, "%s exists already", store->path);
        cn_error_hint(error, "open it, or choose another path");
        return FALSE;
    }
    if (fd < 0) {
        const int cause = errno;
        cn_error_set(error, cn_write_error_code(cause), "%s cannot be made: %s", store->path,
                     g_strerror(cause));
        cn_error_hint(error, "check the folder and its permissions");
        return FALSE;
    }
    /* The umask may have taken rights from the owner. */
    gboolean done = fchmod(fd, 0600) == 0;
    close(fd);
    g_autofree char *folder = g_path_get_dirname(store->path);
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        fsync(dir);
        close(dir);
    }
    return done || cn_store_fail((carenet_store *)store, SQLITE_PERM, error);
}

static const CnSql insert_network = {
    "insert-network",
    "INSERT INTO network (id, kind, reference_digest) VALUES (:network_id, :kind, :digest)",
    NULL,
};

static const CnSql insert_journal = {
    "insert-journal",
    "INSERT INTO journal (network_id) VALUES (:network_id)",
    NULL,
};

static gboolean
store_journal_row(carenet_store *store, GError **error)
{
    CnStatement *insert = cn_statement(store, &insert_journal, error);
    return insert != NULL && cn_statement_run(insert, error);
}

static gboolean
store_network_row(carenet_store *store, GError **error)
{
    CnStatement *insert = cn_statement(store, &insert_network, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_text(insert, ":kind", store->kind == CARENET_STORE_LIVE ? "live" : "demonstration");
    cn_bind_text(insert, ":digest", store->reference->digest);
    return cn_statement_run(insert, error);
}

static const CnSql insert_policy = {
    "insert-policy",
    "INSERT INTO policy (network_id, id, is_default, text) VALUES (:network_id, :id, 1, :text)",
    NULL,
};

static gboolean
read_default_policy(carenet_store *store, char **out_id, char **out_text, GError **error)
{
    g_autofree char *path = g_build_filename(store->reference->data_dir, "policy.yaml", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    gsize len = 0;
    if (!g_file_get_contents(path, &text, &len, &cause)) {
        cn_error_from_file(error, cause, path);
        return FALSE;
    }
    if (len > POLICY_BYTES_MOST) {
        cn_error_set(error, CARENET_ERROR_TOO_LARGE, "%s is too large for a policy", path);
        return FALSE;
    }
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_policy) policy =
        cn_policy_text_read(text, len, g_intern_string(path), store->reference, issues);
    if (policy == NULL) {
        cn_error_set(error, CARENET_ERROR_INVALID_DATA, "the default policy %s has errors", path);
        cn_error_hint(error, "check it with carenet validate");
        return FALSE;
    }
    *out_id = g_strdup(policy->id);
    *out_text = g_steal_pointer(&text);
    return TRUE;
}

static gboolean
store_policy(carenet_store *store, GError **error)
{
    g_autofree char *id = NULL;
    g_autofree char *text = NULL;
    if (!read_default_policy(store, &id, &text, error))
        return FALSE;
    CnStatement *insert = cn_statement(store, &insert_policy, error);
    if (insert == NULL)
        return FALSE;
    cn_bind_text(insert, ":id", id);
    cn_bind_text(insert, ":text", text);
    return cn_statement_run(insert, error);
}

/* Everything in one transaction: a crash leaves an empty database, which no open takes for a store.
 * application_id and user_version stand in the file's header and are part of it. */
static gboolean
fill_new_store(carenet_store *store, GError **error)
{
    g_autofree char *identity =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %zu;", CN_APPLICATION_ID,
                        cn_migrations_len);
    g_auto(CnTransaction) transaction = {0};
    if (!cn_store_use_log(store, error) ||
        !cn_transaction_begin(&transaction, store, CN_WRITE, error))
        return FALSE;
    for (gsize i = 0; i < cn_migrations_len; i++)
        if (!cn_store_exec(store, cn_migrations[i].sql, error))
            return FALSE;
    return cn_store_exec(store, identity, error) && store_network_row(store, error) &&
           store_journal_row(store, error) && cn_store_fill_reference(store, error) &&
           store_policy(store, error) && cn_store_renew_key(store, error) &&
           cn_transaction_commit(&transaction, error);
}

carenet_store *
cn_store_init(const char *path,
              carenet_store_kind kind,
              CnReference *reference,
              gint busy_ms,
              GError **error)
{
    return cn_store_init_in(NULL, path, kind, reference, busy_ms, error);
}

carenet_store *
cn_store_init_in(const CnStoreEnvironment *environment,
                 const char *path,
                 carenet_store_kind kind,
                 CnReference *reference,
                 gint busy_ms,
                 GError **error)
{
    g_autoptr(carenet_store) store = cn_store_new_handle(path, reference, FALSE, busy_ms);
    if (environment != NULL)
        store->environment = *environment;
    store->kind = kind;
    if (!create_file(store, error))
        return NULL;
    if (cn_store_connect(store, error) && fill_new_store(store, error)) {
        store->is_new = TRUE;
        return g_steal_pointer(&store);
    }
    g_hash_table_remove_all(store->statements);
    sqlite3_close(store->db);
    store->db = NULL;
    cn_store_files_remove(store->path);
    return NULL;
}
