/* Whether what must be sealed is: restricted facts that stand in the clear, and sites of which nothing
 * is kept because there is no key. */
#include "store/store-check.h"

static const CnSql select_clear = {
    "clear-sites",
    "SELECT p.id FROM provider AS p JOIN provider_site AS s ON s.network_id = p.network_id"
    " AND s.provider_id = p.id WHERE p.network_id = :network_id AND p.disclosure <> 'public'"
    " AND (s.name IS NOT NULL OR s.area IS NOT NULL OR s.lat_deg IS NOT NULL"
    " OR s.address IS NOT NULL OR s.phone IS NOT NULL OR s.email IS NOT NULL) ORDER BY p.id",
    NULL,
};

static const CnSql select_guarded = {
    "guarded-providers",
    "SELECT id FROM provider WHERE network_id = :network_id AND disclosure <> 'public'"
    " AND example = 0 ORDER BY id",
    NULL,
};

/* (element-type utf8) (transfer full) */
static GPtrArray *
list_ids(carenet_store *store, const CnSql *sql, GError **error)
{
    return cn_statement_texts(cn_statement(store, sql, error), error);
}

gboolean
cn_store_check_seal(CnStoreCheck *check, GError **error)
{
    guint8 public_key[CN_KEY_LEN];
    gboolean has = FALSE;
    g_autoptr(GPtrArray) clear = list_ids(check->store, &select_clear, error);
    g_autoptr(GPtrArray) guarded =
        clear != NULL ? list_ids(check->store, &select_guarded, error) : NULL;
    if (guarded == NULL || !cn_seal_public_key(check->store, public_key, &has, error))
        return FALSE;
    if (clear->len > 0)
        cn_store_check_add(check, "sealed", CN_CHECK_BAD, clear,
                           has ? "carenet key seal --key-file FILE"
                               : "carenet key create --key-file FILE",
                           "%u restricted %s in the clear: whoever has the file can read where",
                           clear->len, clear->len == 1 ? "site stands" : "sites stand");
    else if (!has && guarded->len > 0)
        cn_store_check_add(
            check, "sealed", CN_CHECK_LOOK, guarded,
            "carenet key create --key-file FILE, then carenet import the region "
            "files again",
            "there is no key, so nothing is kept of %u restricted %s but what may be "
            "shown",
            guarded->len, guarded->len == 1 ? "provider" : "providers");
    else
        cn_store_check_add(check, "sealed", CN_CHECK_OK, NULL, NULL, "%s",
                           has ? "what is kept of restricted sites and of cases is sealed"
                               : "nothing that must be sealed is kept");
    return TRUE;
}
