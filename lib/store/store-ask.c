/* Small questions to an open store. */
#include "store/store-check.h"

#include "base/table.h"

static const CnSql select_revision = {
    "select-revision",
    "SELECT revision, capacity_revision FROM network WHERE id = :network_id",
    NULL,
};

gboolean
cn_store_revision(carenet_store *store, gint64 *out_directory, gint64 *out_capacity, GError **error)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    CnStatement *select = cn_statement(store, &select_revision, error);
    gboolean row;
    if (select == NULL || !cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return cn_store_damaged(store, "network", error);
    if (out_directory != NULL)
        *out_directory = sqlite3_column_int64(select->stmt, 0);
    if (out_capacity != NULL)
        *out_capacity = sqlite3_column_int64(select->stmt, 1);
    sqlite3_reset(select->stmt);
    return TRUE;
}

static const CnSql select_policy = {
    "select-default-policy",
    "SELECT text FROM policy WHERE network_id = :network_id AND is_default = 1",
    NULL,
};

static gboolean
read_policy_text(carenet_store *store, GError **error)
{
    CnStatement *select = cn_statement(store, &select_policy, error);
    const char *text = NULL;
    gboolean row;
    if (select == NULL || !cn_statement_step(select, &row, error))
        return FALSE;
    if (!row)
        return cn_store_damaged(store, "policy", error);
    gboolean read = cn_read_text(select, 0, &text, error);
    if (read)
        store->policy_text = g_strdup(text != NULL ? text : "");
    sqlite3_reset(select->stmt);
    return read;
}

const char *
cn_store_policy_text_locked(carenet_store *store, GError **error)
{
    if (store->policy_text == NULL && !read_policy_text(store, error))
        return NULL;
    return store->policy_text;
}

const char *
cn_store_policy_text(carenet_store *store, GError **error)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    return cn_store_policy_text_locked(store, error);
}

struct carenet_policy *
cn_store_kept_policy(carenet_store *store)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    return carenet_policy_ref(store->policy);
}

void
cn_store_keep_policy(carenet_store *store, struct carenet_policy *policy)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    if (store->policy == NULL)
        store->policy = carenet_policy_ref(policy);
}

static const CnSql select_regions = {
    "select-regions",
    "SELECT id, name, area,"
    " (SELECT count(*) FROM provider AS p"
    "  WHERE p.network_id = r.network_id AND p.region_id = r.id),"
    " (SELECT count(*) FROM provider AS p JOIN offering AS o"
    "  ON o.network_id = p.network_id AND o.provider_id = p.id AND o.closed = 0"
    "  WHERE p.network_id = r.network_id AND p.region_id = r.id)"
    " FROM region AS r WHERE network_id = :network_id ORDER BY id",
    NULL,
};

/* Reads the whole row before a cell is added: the table never holds half a row. */
static gboolean
add_region_row(CnStatement *select, CnTableBuilder *table, GError **error)
{
    const char *texts[3];
    for (int i = 0; i < 3; i++)
        if (!cn_read_text(select, i, &texts[i], error))
            return FALSE;
    for (int i = 0; i < 3; i++)
        cn_table_add_text(table, texts[i]);
    cn_table_add_int64(table, sqlite3_column_int64(select->stmt, 3));
    cn_table_add_int64(table, sqlite3_column_int64(select->stmt, 4));
    return TRUE;
}

static gboolean
add_region_rows(carenet_store *store, CnTableBuilder *table, GError **error)
{
    CnStatement *select = cn_statement(store, &select_regions, error);
    gboolean row = select != NULL;
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return FALSE;
        if (row && !add_region_row(select, table, error)) {
            sqlite3_reset(select->stmt);
            return FALSE;
        }
    }
    return select != NULL;
}

carenet_table *
cn_store_regions(carenet_store *store, GError **error)
{
    static const CnColumn columns[] = {{"region", CARENET_COLUMN_TEXT},
                                       {"name", CARENET_COLUMN_TEXT},
                                       {"area", CARENET_COLUMN_TEXT},
                                       {"providers", CARENET_COLUMN_INT64},
                                       {"offerings", CARENET_COLUMN_INT64}};
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    gboolean read = add_region_rows(store, table, error);
    carenet_table *rows = cn_table_builder_finish(table);
    if (!read)
        g_clear_pointer(&rows, carenet_table_unref);
    return rows;
}
