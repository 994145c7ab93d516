/* What tells one state of the directory from every other one: the key of its image.
 *
 * The revision alone does not: two copies of a store that go separate ways count alike, and one may be
 * copied over the other. So a random key is drawn whenever the revision moves. It stands in a table of
 * its own that is no part of the layout: whoever does not know it leaves it behind, and a key that
 * belongs to another revision, like none at all, only means that there is no image. */
#include "store/store-private.h"

#define KEY_CHARS 32

static const char create_table[] =
    "CREATE TABLE IF NOT EXISTS directory_key ("
    "    network_id INTEGER NOT NULL PRIMARY KEY REFERENCES network (id),"
    "    revision INTEGER NOT NULL,"
    "    key TEXT NOT NULL CHECK (length(key) = 32 AND key NOT GLOB '*[^0-9a-f]*')"
    ") STRICT;";

static const char renew[] = "INSERT OR REPLACE INTO directory_key (network_id, revision, key)"
                            " SELECT id, revision, lower(hex(randomblob(16))) FROM network;";

static gboolean
has_table(carenet_store *store, gboolean *out_has, GError **error)
{
    gint64 count = 0;
    if (!cn_store_ask_int(store,
                          "SELECT count(*) FROM sqlite_schema"
                          " WHERE type = 'table' AND name = 'directory_key'",
                          &count, error))
        return FALSE;
    *out_has = count > 0;
    return TRUE;
}

gboolean
cn_store_renew_key(carenet_store *store, GError **error)
{
    return cn_store_exec(store, create_table, error) && cn_store_exec(store, renew, error);
}

gboolean
cn_store_ensure_key(carenet_store *store, GError **error)
{
    g_autofree char *key = NULL;
    gint64 revision = 0;
    g_auto(CnTransaction) transaction = {0};
    if (!cn_store_read_key(store, &key, &revision, error))
        return FALSE;
    return key != NULL ||
           (cn_transaction_begin(&transaction, store, CN_WRITE, error) &&
            cn_store_renew_key(store, error) && cn_transaction_commit(&transaction, error));
}

static const CnSql select_key = {
    "directory_key",
    "SELECT n.revision, k.key FROM network AS n LEFT JOIN directory_key AS k"
    " ON k.network_id = n.id AND k.revision = n.revision WHERE n.id = :network_id",
    NULL,
};

gboolean
cn_store_read_key(carenet_store *store, char **out_key, gint64 *out_revision, GError **error)
{
    gboolean has = FALSE, row = FALSE;
    const char *key = NULL;
    *out_key = NULL;
    if (!has_table(store, &has, error))
        return FALSE;
    if (!has)
        return TRUE;
    CnStatement *select = cn_statement(store, &select_key, error);
    if (select == NULL || !cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return cn_store_damaged(store, "network", error);
    gboolean read = cn_read_text(select, 1, &key, error);
    *out_revision = sqlite3_column_int64(select->stmt, 0);
    if (read && key != NULL)
        *out_key = g_strdup_printf("%" G_GINT64_FORMAT " %.*s", *out_revision, KEY_CHARS, key);
    sqlite3_reset(select->stmt);
    return read;
}

gboolean
cn_store_directory_key(carenet_store *store, char **out_key, gint64 *out_revision, GError **error)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    return cn_store_read_key(store, out_key, out_revision, error);
}
