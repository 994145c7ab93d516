/* The public functions of keys and of what they seal. */
#include "api/key.h"

#include "api/acting.h"
#include "base/error.h"
#include "base/key-file.h"
#include "base/table.h"
#include "referral/referral.h"
#include "store/seal.h"

#define SHOWN_DIGITS 8

/* ---- Keys. */

/* Which key it is, for people: two keys that look alike are never met. (transfer full) */
static char *
name_key(const CnKeyPair *pair)
{
    char *hex = cn_hex(pair->public_key, SHOWN_DIGITS / 2);
    return hex;
}

static carenet_key *
take_secret(gboolean read, guint8 secret[CN_KEY_LEN])
{
    carenet_key *key = NULL;
    if (read) {
        key = g_new0(carenet_key, 1);
        cn_key_pair_from_secret(&key->pair, secret);
    }
    cn_wipe(secret, CN_KEY_LEN);
    return key;
}

carenet_key *
carenet_key_read(const char *path, carenet_error **error)
{
    guint8 secret[CN_KEY_LEN];
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    return take_secret(cn_key_file_read(path, CN_KEY_FILE_NETWORK, secret, error), secret);
}

carenet_key *
carenet_key_read_fd(int fd, carenet_error **error)
{
    guint8 secret[CN_KEY_LEN];
    CN_REQUIRE(fd >= 0, "fd is negative", error, NULL);
    return take_secret(cn_key_fd_read(fd, CN_KEY_FILE_NETWORK, secret, error), secret);
}

carenet_key *
carenet_key_create(const char *path, carenet_error **error)
{
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    carenet_key *key = g_new0(carenet_key, 1);
    cn_key_pair_make(&key->pair);
    g_autofree char *name = name_key(&key->pair);
    g_autofree char *about = g_strdup_printf(
        "# The secret key %s of a network of care: whoever has it can read where restricted sites\n"
        "# are and what is kept of cases. There is no other copy. Keep it off the machine with the\n"
        "# store, and one more copy in a safe.\n",
        name);
    if (cn_key_file_make(path, CN_KEY_FILE_NETWORK, about, key->pair.secret_key, error))
        return key;
    carenet_key_free(key);
    return NULL;
}

void
carenet_key_free(carenet_key *key)
{
    if (key == NULL)
        return;
    cn_key_pair_wipe(&key->pair);
    g_free(key);
}

/* ---- Stores. */

bool
carenet_store_unlock(carenet_store *store, const carenet_key *key, carenet_error **error)
{
    CN_REQUIRE_GIVEN(store, error, false);
    CN_REQUIRE_GIVEN(key, error, false);
    return cn_store_unlock(store, &key->pair, error);
}

/* @broken is nullable: the columns are then those of a change. */
static carenet_table *
tabulate(const char *action,
         const CnKeyPair *pair,
         const CnSealed *sealed,
         gboolean dry_run,
         const GPtrArray *broken)
{
    static const CnColumn columns[] = {
        {"action", CARENET_COLUMN_TEXT}, {"key", CARENET_COLUMN_TEXT},
        {"sites", CARENET_COLUMN_INT64}, {"cases", CARENET_COLUMN_INT64},
        {"lost", CARENET_COLUMN_INT64},  {"dry_run", CARENET_COLUMN_BOOL},
        {"broken", CARENET_COLUMN_LIST}};
    CnTableBuilder *table =
        cn_table_builder_new(columns, G_N_ELEMENTS(columns) - (broken == NULL ? 1 : 0));
    g_autofree char *name = name_key(pair);
    cn_table_add_text(table, action);
    cn_table_add_text(table, name);
    cn_table_add_int64(table, sealed->sites);
    cn_table_add_int64(table, sealed->cases);
    cn_table_add_int64(table, sealed->lost);
    cn_table_add_bool(table, dry_run);
    if (broken != NULL)
        cn_table_add_list(table, broken->len > 0 ? (const char *const *)broken->pdata : NULL,
                          broken->len);
    return cn_table_builder_finish(table);
}

carenet_table *
carenet_store_seal(carenet_store *store,
                   const carenet_key *key,
                   const carenet_acting *acting,
                   carenet_error **error)
{
    CnActing who;
    CnSealed sealed;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(key, error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error) || !cn_acting_check(&who, error) ||
        !cn_store_seal(store, &key->pair, &who, &sealed, error))
        return NULL;
    return tabulate("seal", &key->pair, &sealed, who.dry_run, NULL);
}

carenet_table *
carenet_store_change_key(carenet_store *store,
                         const carenet_key *key,
                         const carenet_key *next,
                         const carenet_acting *acting,
                         carenet_error **error)
{
    CnActing who;
    CnSealed sealed;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(key, error, NULL);
    CN_REQUIRE_GIVEN(next, error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error) || !cn_acting_check(&who, error) ||
        !cn_store_rekey(store, &key->pair, &next->pair, &who, &sealed, error))
        return NULL;
    return tabulate("change", &next->pair, &sealed, who.dry_run, NULL);
}

carenet_table *
carenet_store_lose_key(carenet_store *store,
                       const carenet_key *next,
                       const carenet_acting *acting,
                       carenet_error **error)
{
    CnActing who;
    CnSealed sealed;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(next, error, NULL);
    if (!cn_acting_adopt(G_STRFUNC, acting, &who, error) || !cn_acting_check(&who, error) ||
        !cn_store_lose_key(store, &next->pair, &who, &sealed, error))
        return NULL;
    return tabulate("lose", &next->pair, &sealed, who.dry_run, NULL);
}

carenet_table *
carenet_store_check_key(carenet_store *store, const carenet_key *key, carenet_error **error)
{
    CnSealed sealed;
    GPtrArray *broken = NULL;
    CN_REQUIRE_GIVEN(store, error, NULL);
    CN_REQUIRE_GIVEN(key, error, NULL);
    if (!cn_store_try_key(store, &key->pair, &sealed, &broken, error))
        return NULL;
    carenet_table *row = tabulate("check", &key->pair, &sealed, FALSE, broken);
    g_ptr_array_unref(broken);
    return row;
}
