/* All boxes of a store at once: sealed for the first time, under another key, thrown away. */
#include "store/store-private.h"

#include "base/error.h"

#include <string.h>

/* ---- Nothing left behind. */

/* secure_delete has overwritten what was deleted. The log still holds pages as they were, and what an
 * editor without secure_delete left in the file goes with its free pages. */
static gboolean
scrub(carenet_store *store, GError **error)
{
    gint64 busy = 0;
    if (!cn_store_exec(store, "VACUUM", error) ||
        !cn_store_ask_int(store, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, error))
        return FALSE;
    return !busy || cn_store_fail(store, SQLITE_BUSY, error);
}

gboolean
cn_store_scrub(carenet_store *store, const char *next, GError **error)
{
    g_autoptr(GError) cause = NULL;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    if (scrub(store, &cause))
        return TRUE;
    const carenet_error_code code = carenet_error_get_code(cause);
    if (code == CARENET_ERROR_BUSY) {
        cn_error_set(error, code,
                     "it is done, but somebody has %s open: what was there before is still in its "
                     "log",
                     store->path);
        cn_error_hint(error, "close the others, then %s", next);
    } else {
        cn_error_set(error, code, "it is done, but what was there before may be there still: %s",
                     cause->message);
        cn_error_hint(error, "check the disk and make room on it, then %s", next);
    }
    return FALSE;
}

/* ---- The key of the store. */

static const CnSql put_key = {
    "put-seal-key",
    "INSERT INTO seal_key (network_id, public) VALUES (:network_id, :public)"
    " ON CONFLICT (network_id) DO UPDATE SET public = excluded.public",
    NULL,
};

static gboolean
store_key(carenet_store *store, const CnKeyPair *key, GError **error)
{
    CnStatement *put = cn_statement(store, &put_key, error);
    if (put == NULL)
        return FALSE;
    cn_bind_blob(put, ":public", key->public_key, CN_KEY_LEN);
    return cn_statement_run(put, error);
}

/* ---- Sealing what stands in the clear. */

static const CnSql clear_site = {
    "clear-site",
    "UPDATE provider_site SET name = NULL, area = NULL, lat_deg = NULL, lon_deg = NULL,"
    " address = NULL, phone = NULL, email = NULL"
    " WHERE network_id = :network_id AND provider_id = :id",
    NULL,
};

static gboolean
stands_clear(const CnProvider *provider)
{
    const CnSite *site = &provider->site;
    return provider->name != NULL || site->area != CN_AREA_NONE || site->has_point ||
           site->address != NULL || site->phone != NULL || site->email != NULL;
}

/* A site of which nothing is known gets its boxes, too: whether there are any tells nothing. */
static gboolean
seal_site(carenet_store *store, const CnKeyPair *key, const CnProvider *provider, GError **error)
{
    if (!cn_site_seal(store, key->public_key, provider, 0, error))
        return FALSE;
    CnStatement *clear = cn_statement(store, &clear_site, error);
    if (clear == NULL)
        return FALSE;
    cn_bind_text(clear, ":id", provider->id);
    return cn_statement_run(clear, error);
}

static gboolean
is_guarded(const CnProvider *provider)
{
    return provider->disclosure != CN_DISCLOSE_PUBLIC;
}

/* Sealed or clear: what a provider has in the clear is newer than any box of it. */
static gboolean
seal_sites(CnWork *work,
           const CnKeyPair *key,
           CnSealed *out,
           gboolean *out_were_clear,
           GError **error)
{
    g_autoptr(GHashTable) closed = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(CnNetwork) network = cn_store_load(work->store, closed, error);
    for (guint i = 0; network != NULL && i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (!is_guarded(provider) ||
            (provider->sealing != CN_NOT_SEALED && !stands_clear(provider)))
            continue;
        *out_were_clear |= stands_clear(provider);
        if (!seal_site(work->store, key, provider, error))
            return FALSE;
        out->sites++;
    }
    return network != NULL;
}

static gboolean
check_own_key(carenet_store *store, const CnKeyPair *key, gboolean *out_has, GError **error)
{
    guint8 public_key[CN_KEY_LEN];
    if (!cn_seal_public_key(store, public_key, out_has, error))
        return FALSE;
    if (!*out_has || memcmp(public_key, key->public_key, CN_KEY_LEN) == 0)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_CONFLICT, "the store has another key already");
    cn_error_hint(error,
                  "carenet key change gives it a new one; where the key is lost: carenet key "
                  "create --lost");
    return FALSE;
}

/* Sites are loaded as they stand, whatever key the handle has. */
static CnKeyPair *
lay_key_aside(carenet_store *store)
{
    return g_steal_pointer(&store->key);
}

static gboolean
append(CnWork *work, const char *action, const CnSealed *sealed, GError **error)
{
    g_autofree char *detail = g_strdup_printf("sites %" G_GINT64_FORMAT ", cases %" G_GINT64_FORMAT
                                              ", lost %" G_GINT64_FORMAT,
                                              sealed->sites, sealed->cases, sealed->lost);
    return cn_audit_append(work, action, "network", detail, NULL, error);
}

/* *out_is_clean: nothing ever stood in the clear, so that nothing can be left behind. Without a key carenet
 * keeps nothing of a site, and nobody else has been at a store that this handle made. */
static gboolean
seal_inside(CnWork *work,
            const CnKeyPair *key,
            CnSealed *out,
            gboolean *out_changed,
            gboolean *out_is_clean,
            GError **error)
{
    gboolean has = FALSE, were_clear = FALSE;
    if (!check_own_key(work->store, key, &has, error) ||
        (!has && !store_key(work->store, key, error)) ||
        !seal_sites(work, key, out, &were_clear, error))
        return FALSE;
    *out_changed = !has || out->sites > 0;
    *out_is_clean = work->store->is_new && !has && !were_clear;
    return !*out_changed || append(work, has ? "seal" : "key-create", out, error);
}

gboolean
cn_store_seal(carenet_store *store,
              const CnKeyPair *key,
              const CnActing *acting,
              CnSealed *out,
              GError **error)
{
    g_auto(CnWork) work = {0};
    gboolean changed = FALSE, is_clean = FALSE;
    *out = (CnSealed){0};
    if (!cn_work_begin(&work, store, acting, error))
        return FALSE;
    CnKeyPair *own = lay_key_aside(store);
    gboolean done = seal_inside(&work, key, out, &changed, &is_clean, error);
    store->key = own;
    done = done && (!changed || cn_work_commit(&work, error));
    cn_work_end(&work);
    /* Cleaning takes room for a second copy of the store. */
    return done && (acting->dry_run || is_clean || cn_store_scrub(store, CN_ONCE_MORE, error));
}

/* ---- Another key. */

/* Changing the key once more would ask for the former one, which is none any more. */
static const char seal_again[] = "carenet key seal --key-file FILE, with the new key";

static const CnSql select_boxes = {
    "provider-seals",
    "SELECT provider_id, field, box FROM provider_seal WHERE network_id = :network_id"
    " ORDER BY provider_id, field",
    NULL,
};

static const CnSql select_cases = {
    "case-boxes",
    "SELECT id, secret_box FROM case_record WHERE network_id = :network_id"
    " AND secret_box IS NOT NULL ORDER BY id",
    NULL,
};

static const CnSql put_case_box = {
    "put-case-box",
    "UPDATE case_record SET secret_box = :box WHERE network_id = :network_id AND id = :case_id",
    NULL,
};

/* (element-type utf8) providers that have boxes. */
static GPtrArray *
list_sealed(carenet_store *store, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    const char *id = NULL;
    gboolean row = TRUE;
    CnStatement *select = cn_statement(store, &select_boxes, error);
    if (select == NULL)
        return NULL;
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return NULL;
        if (row && !cn_read_text(select, 0, &id, error)) {
            sqlite3_reset(select->stmt);
            return NULL;
        }
        if (row && (ids->len == 0 || g_strcmp0(ids->pdata[ids->len - 1], id) != 0))
            g_ptr_array_add(ids, g_strdup(id));
    }
    return g_steal_pointer(&ids);
}

typedef struct {
    gint64 id;
    GBytes *box;
} CaseBox;

static void
clear_case_box(gpointer box)
{
    g_bytes_unref(((CaseBox *)box)->box);
}

/* (element-type CaseBox) */
static GArray *
list_cases(carenet_store *store, GError **error)
{
    g_autoptr(GArray) cases = g_array_new(FALSE, FALSE, sizeof(CaseBox));
    gboolean row = TRUE;
    g_array_set_clear_func(cases, clear_case_box);
    CnStatement *select = cn_statement(store, &select_cases, error);
    if (select == NULL)
        return NULL;
    while (row) {
        if (!cn_statement_step(select, &row, error))
            return NULL;
        if (!row)
            break;
        const CaseBox box = {sqlite3_column_int64(select->stmt, 0),
                             g_bytes_new(sqlite3_column_blob(select->stmt, 1),
                                         (gsize)sqlite3_column_bytes(select->stmt, 1))};
        g_array_append_val(cases, box);
    }
    return g_steal_pointer(&cases);
}

/* What is opened goes from text to text: an area that this carenet does not know stays what it is. */
static gboolean
move_site(CnWork *work,
          const CnKeyPair *key,
          const CnKeyPair *next,
          const char *provider,
          GError **error)
{
    g_auto(CnOpenedSite) site = {0};
    gboolean known = FALSE;
    return cn_site_open(work, key, provider, &site, &known, error) &&
           cn_opened_site_seal(work->store, next->public_key, provider, &site, error);
}

static gboolean
move_case(CnWork *work,
          const CnKeyPair *key,
          const CnKeyPair *next,
          const CaseBox *from,
          GError **error)
{
    g_auto(CnKeyPair) pair;
    gsize len = 0, box_len = 0;
    gconstpointer bytes = g_bytes_get_data(from->box, &len);
    cn_key_pair_wipe(&pair);
    if (!cn_case_unwrap(key, from->id, bytes, len, &pair, error))
        return FALSE;
    g_autoptr(GBytes) box = cn_case_wrap(next->public_key, from->id, &pair);
    gconstpointer wrapped = g_bytes_get_data(box, &box_len);
    CnStatement *put = cn_statement(work->store, &put_case_box, error);
    if (put == NULL)
        return FALSE;
    cn_bind_int(put, ":case_id", from->id);
    cn_bind_blob(put, ":box", wrapped, box_len);
    return cn_statement_run(put, error);
}

static gboolean
rekey_inside(CnWork *work,
             const CnKeyPair *key,
             const CnKeyPair *next,
             CnSealed *out,
             GError **error)
{
    if (!cn_seal_check_key(work->store, key, error))
        return FALSE;
    g_autoptr(GPtrArray) sites = list_sealed(work->store, error);
    g_autoptr(GArray) cases = sites != NULL ? list_cases(work->store, error) : NULL;
    if (cases == NULL)
        return FALSE;
    for (guint i = 0; i < sites->len; i++)
        if (!move_site(work, key, next, g_ptr_array_index(sites, i), error))
            return FALSE;
    for (guint i = 0; i < cases->len; i++)
        if (!move_case(work, key, next, &g_array_index(cases, CaseBox, i), error))
            return FALSE;
    out->sites = sites->len;
    out->cases = cases->len;
    return store_key(work->store, next, error) && append(work, "key-change", out, error);
}

gboolean
cn_store_rekey(carenet_store *store,
               const CnKeyPair *key,
               const CnKeyPair *next,
               const CnActing *acting,
               CnSealed *out,
               GError **error)
{
    g_auto(CnWork) work = {0};
    *out = (CnSealed){0};
    if (!cn_work_begin(&work, store, acting, error) ||
        !rekey_inside(&work, key, next, out, error) || !cn_work_commit(&work, error))
        return FALSE;
    if (!acting->dry_run)
        cn_store_lock_again(store);
    return acting->dry_run || cn_store_scrub(store, seal_again, error);
}

/* ---- A key that is lost. */

static const CnSql drop_case_keys = {
    "drop-case-keys",
    "UPDATE case_record SET public = NULL, secret_box = NULL WHERE network_id = :network_id",
    NULL,
};

static const CnSql drop_facts = {
    "drop-facts",
    "UPDATE referral SET facts = NULL WHERE network_id = :network_id AND facts IS NOT NULL",
    NULL,
};

static gboolean
run(carenet_store *store, const CnSql *sql, GError **error)
{
    CnStatement *statement = cn_statement(store, sql, error);
    return statement != NULL && cn_statement_run(statement, error);
}

/* Each site keeps its boxes, now of nothing: what is not known any more is not told by their absence. */
static gboolean
lose_inside(CnWork *work, const CnKeyPair *next, CnSealed *out, GError **error)
{
    static const CnOpenedSite nothing = {0};
    gboolean were_clear = FALSE;
    carenet_store *store = work->store;
    g_autoptr(GPtrArray) sites = list_sealed(store, error);
    g_autoptr(GArray) cases = sites != NULL ? list_cases(store, error) : NULL;
    if (cases == NULL)
        return FALSE;
    for (guint i = 0; i < sites->len; i++)
        if (!cn_opened_site_seal(store, next->public_key, g_ptr_array_index(sites, i), &nothing,
                                 error))
            return FALSE;
    if (!store_key(store, next, error) || !run(store, &drop_case_keys, error) ||
        !run(store, &drop_facts, error) || !seal_sites(work, next, out, &were_clear, error))
        return FALSE;
    out->lost = sites->len;
    out->cases = cases->len;
    return append(work, "key-lost", out, error);
}

gboolean
cn_store_lose_key(carenet_store *store,
                  const CnKeyPair *next,
                  const CnActing *acting,
                  CnSealed *out,
                  GError **error)
{
    g_auto(CnWork) work = {0};
    *out = (CnSealed){0};
    if (!cn_work_begin(&work, store, acting, error))
        return FALSE;
    cn_store_lock_again(store);
    return lose_inside(&work, next, out, error) && cn_work_commit(&work, error) &&
           (acting->dry_run || cn_store_scrub(store, seal_again, error));
}

/* ---- Whether everything opens. */

static gboolean
is_corrupt(GError *cause, GError **error)
{
    if (carenet_error_get_code(cause) == CARENET_ERROR_CORRUPT) {
        g_error_free(cause);
        return TRUE;
    }
    cn_error_pass(error, cause);
    return FALSE;
}

static gboolean
try_sites(CnWork *work, const CnKeyPair *key, CnSealed *out, GPtrArray *broken, GError **error)
{
    g_autoptr(GPtrArray) sites = list_sealed(work->store, error);
    for (guint i = 0; sites != NULL && i < sites->len; i++) {
        g_auto(CnOpenedSite) site = {0};
        const char *id = g_ptr_array_index(sites, i);
        GError *cause = NULL;
        gboolean known = FALSE;
        out->sites++;
        if (cn_site_open(work, key, id, &site, &known, &cause))
            continue;
        if (!is_corrupt(cause, error))
            return FALSE;
        g_ptr_array_add(broken, g_strdup(id));
    }
    return sites != NULL;
}

static gboolean
try_cases(CnWork *work, const CnKeyPair *key, CnSealed *out, GPtrArray *broken, GError **error)
{
    g_autoptr(GArray) cases = list_cases(work->store, error);
    for (guint i = 0; cases != NULL && i < cases->len; i++) {
        const CaseBox *box = &g_array_index(cases, CaseBox, i);
        g_auto(CnKeyPair) pair;
        gsize len = 0;
        gconstpointer bytes = g_bytes_get_data(box->box, &len);
        cn_key_pair_wipe(&pair);
        out->cases++;
        if (!cn_case_unwrap(key, box->id, bytes, len, &pair, NULL))
            g_ptr_array_add(broken, g_strdup_printf("case %" G_GINT64_FORMAT, box->id));
    }
    return cases != NULL;
}

gboolean
cn_store_try_key(carenet_store *store,
                 const CnKeyPair *key,
                 CnSealed *out,
                 GPtrArray **out_broken,
                 GError **error)
{
    g_auto(CnWork) work = {0};
    g_autoptr(GPtrArray) broken = g_ptr_array_new_with_free_func(g_free);
    *out = (CnSealed){0};
    if (!cn_work_begin_reading(&work, store, G_MININT64, error) ||
        !cn_seal_check_key(store, key, error) || !try_sites(&work, key, out, broken, error) ||
        !try_cases(&work, key, out, broken, error))
        return FALSE;
    out->lost = broken->len;
    *out_broken = g_steal_pointer(&broken);
    return TRUE;
}
