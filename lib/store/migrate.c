/* Brings the layout of a store up to date by the numbered scripts of migrations/. */
#include "store/store-private.h"

#include "base/error.h"

static gboolean
run_script(carenet_store *store, const CnMigration *migration, GError **error)
{
    g_autofree char *version = g_strdup_printf("PRAGMA user_version = %d", migration->number);
    return cn_store_exec(store, migration->sql, error) && cn_store_exec(store, version, error);
}

static gboolean
refuse_newer(carenet_store *store, gint64 version, gsize latest, GError **error)
{
    cn_error_set(error, CARENET_ERROR_VERSION,
                 "%s has layout %" G_GINT64_FORMAT ", and this carenet knows layouts up to %zu",
                 store->path, version, latest);
    cn_error_hint(error, "use the newer carenet that wrote it");
    return FALSE;
}

gboolean
cn_store_migrate(carenet_store *store,
                 const CnMigration *migrations,
                 gsize migrations_len,
                 GError **error)
{
    gint64 version = 0;
    if (!cn_store_ask_int(store, "PRAGMA user_version", &version, error))
        return FALSE;
    if (version > (gint64)migrations_len)
        return refuse_newer(store, version, migrations_len, error);
    if (version < 0)
        return cn_store_damaged(store, "user_version", error);
    if (version == (gint64)migrations_len)
        return TRUE;
    g_auto(CnTransaction) transaction = {0};
    /* Asked again inside: another process may have migrated meanwhile. */
    if (!cn_transaction_begin(&transaction, store, CN_WRITE, error) ||
        !cn_store_ask_int(store, "PRAGMA user_version", &version, error))
        return FALSE;
    for (gsize i = (gsize)version; i < migrations_len; i++)
        if (!run_script(store, &migrations[i], error))
            return FALSE;
    return cn_transaction_commit(&transaction, error);
}
