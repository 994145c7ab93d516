/* The public functions of checkpoints. */
#include "base/error.h"
#include "base/key-file.h"
#include "format/checkpoint-file.h"
#include "store/work.h"

#define KEY_KIND "carenet-signing-key-1"

/* The public carenet_signing_key. */
struct carenet_signing_key {
    CnSigner signer;
    char *public_hex;
};

/* ---- Keys. */

static carenet_signing_key *
key_new(const guint8 seed[CN_KEY_LEN])
{
    carenet_signing_key *key = g_new0(carenet_signing_key, 1);
    cn_signer_from_seed(&key->signer, seed);
    key->public_hex = cn_hex(key->signer.public_key, CN_KEY_LEN);
    return key;
}

/* Says in the file which public key belongs to it, so that it need not be asked for. */
carenet_signing_key *
carenet_signing_key_create(const char *path, carenet_error **error)
{
    g_auto(CnSigner) signer;
    guint8 seed[CN_KEY_LEN];
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    cn_signer_make(&signer, seed);
    carenet_signing_key *key = key_new(seed);
    g_autofree char *about = g_strdup_printf(
        "# Signs checkpoints of the audit chain. Keep it away from the store.\n# public: %s\n",
        key->public_hex);
    const gboolean made = cn_key_file_make(path, KEY_KIND, about, seed, error);
    cn_wipe(seed, sizeof seed);
    if (!made)
        g_clear_pointer(&key, carenet_signing_key_free);
    return key;
}

carenet_signing_key *
carenet_signing_key_read(const char *path, carenet_error **error)
{
    guint8 seed[CN_KEY_LEN];
    CN_REQUIRE_GIVEN(path, error, NULL);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, NULL);
    if (!cn_key_file_read(path, KEY_KIND, seed, error))
        return NULL;
    carenet_signing_key *key = key_new(seed);
    cn_wipe(seed, sizeof seed);
    return key;
}

carenet_signing_key *
carenet_signing_key_read_fd(int fd, carenet_error **error)
{
    guint8 seed[CN_KEY_LEN];
    CN_REQUIRE(fd >= 0, "fd is negative", error, NULL);
    if (!cn_key_fd_read(fd, KEY_KIND, seed, error))
        return NULL;
    carenet_signing_key *key = key_new(seed);
    cn_wipe(seed, sizeof seed);
    return key;
}

const char *
carenet_signing_key_public(const carenet_signing_key *key)
{
    return key != NULL ? key->public_hex : NULL;
}

void
carenet_signing_key_free(carenet_signing_key *key)
{
    if (key == NULL)
        return;
    cn_signer_wipe(&key->signer);
    g_free(key->public_hex);
    g_free(key);
}

/* ---- Checkpoints. */

char *
carenet_checkpoint_make(carenet_store *store, const carenet_signing_key *key, carenet_error **error)
{
    g_auto(CnWork) work = {0};
    CnChainState state;
    CN_REQUIRE_GIVEN(store, error, NULL);
    if (!cn_work_begin_reading(&work, store, G_MININT64, error) ||
        !cn_audit_scan(&work, NULL, &state, error))
        return NULL;
    if (state.broken_at == 0)
        return cn_checkpoint_text_write(state.records, state.end.head, work.now_s,
                                        key != NULL ? &key->signer : NULL);
    cn_error_set(error, CARENET_ERROR_CORRUPT,
                 "the audit chain is broken at record %" G_GINT64_FORMAT ": %s", state.broken_at,
                 state.what);
    cn_error_hint(error, "keep a copy of the store, and compare it with a backup");
    return NULL;
}

char *
carenet_checkpoint_signer(const char *checkpoint, carenet_error **error)
{
    CnCheckpointText read;
    CN_REQUIRE_GIVEN(checkpoint, error, NULL);
    if (!cn_checkpoint_text_read(checkpoint, &read, error))
        return NULL;
    return read.is_signed ? cn_hex(read.signer, CN_KEY_LEN) : g_strdup("");
}
