/* Brings the layout of a store up to date by the numbered scripts of migrations/. */
#include "store/store-private.h"

#include "base/error.h"
#include "base/table.h"

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

/* ---- The steps, told. */

static gboolean
read_layout(const char *path, CnReference *reference, gint64 *out_layout, GError **error)
{
    g_autoptr(carenet_store) store = cn_store_new_handle(path, reference, TRUE, 0);
    return cn_store_connect_read_only(store, error) && cn_store_check_identity(store, error) &&
           cn_store_ask_int(store, "PRAGMA user_version", out_layout, error);
}

static carenet_table *
list_steps(gint64 from, gboolean done)
{
    static const CnColumn columns[] = {
        {"layout", CARENET_COLUMN_INT64},
        {"name", CARENET_COLUMN_TEXT},
        {"done", CARENET_COLUMN_BOOL},
    };
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    for (gsize i = (gsize)MAX(0, from); i < cn_migrations_len; i++) {
        cn_table_add_int64(table, cn_migrations[i].number);
        cn_table_add_text(table, cn_migrations[i].name);
        cn_table_add_bool(table, done);
    }
    return cn_table_builder_finish(table);
}

carenet_table *
cn_store_bring_up_to_date(const char *path,
                          CnReference *reference,
                          gboolean dry_run,
                          gint busy_ms,
                          GError **error)
{
    gint64 from = 0;
    if (!read_layout(path, reference, &from, error))
        return NULL;
    if (!dry_run || from > (gint64)cn_migrations_len || from < 1) {
        g_autoptr(carenet_store) store = cn_store_open(path, reference, FALSE, busy_ms, error);
        if (store == NULL)
            return NULL;
    }
    return list_steps(from, !dry_run);
}
