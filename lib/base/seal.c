/* Sealed boxes of libsodium (X25519, XSalsa20-Poly1305), padded, with a label inside. */
#include "base/seal.h"

#include <sodium.h>
#include <string.h>

#define PAD_TO 64

G_STATIC_ASSERT(CN_HASH_LEN == crypto_hash_sha256_BYTES);
G_STATIC_ASSERT(CN_KEY_LEN == crypto_box_PUBLICKEYBYTES && CN_KEY_LEN == crypto_box_SECRETKEYBYTES);

void
cn_sodium_start(void)
{
    const int rc = sodium_init();
    g_assert(rc >= 0);
}

void
cn_hash(gconstpointer bytes, gsize len, guint8 out[CN_HASH_LEN])
{
    crypto_hash_sha256(out, bytes, len);
}

char *
cn_hex(gconstpointer bytes, gsize len)
{
    char *text = g_malloc(2 * len + 1);
    return sodium_bin2hex(text, 2 * len + 1, bytes, len);
}

gboolean
cn_hex_parse(const char *text, guint8 *out, gsize len)
{
    size_t got = 0;
    return text != NULL && strlen(text) == 2 * len &&
           sodium_hex2bin(out, len, text, 2 * len, NULL, &got, NULL) == 0 && got == len;
}

void
cn_key_pair_make(CnKeyPair *pair)
{
    cn_sodium_start();
    crypto_box_keypair(pair->public_key, pair->secret_key);
}

void
cn_key_pair_from_secret(CnKeyPair *pair, const guint8 secret_key[CN_KEY_LEN])
{
    memcpy(pair->secret_key, secret_key, CN_KEY_LEN);
    crypto_scalarmult_base(pair->public_key, secret_key);
}

void
cn_wipe(gpointer bytes, gsize len)
{
    sodium_memzero(bytes, len);
}

void
cn_key_pair_wipe(CnKeyPair *pair)
{
    sodium_memzero(pair, sizeof *pair);
}

/* The label with its NUL, then the bytes, then padding to a multiple of PAD_TO. */
GBytes *
cn_seal(const guint8 public_key[CN_KEY_LEN], const char *label, gconstpointer bytes, gsize len)
{
    const gsize label_len = strlen(label) + 1;
    const gsize room = (label_len + len) / PAD_TO * PAD_TO + PAD_TO;
    g_autofree guint8 *plain = g_malloc0(room);
    guint8 *box = g_malloc(room + crypto_box_SEALBYTES);
    size_t padded = 0;
    cn_sodium_start();
    memcpy(plain, label, label_len);
    if (len > 0)
        memcpy(plain + label_len, bytes, len);
    int failed = sodium_pad(&padded, plain, label_len + len, PAD_TO, room);
    failed |= crypto_box_seal(box, plain, padded, public_key);
    g_assert(failed == 0);
    sodium_memzero(plain, room);
    return g_bytes_new_take(box, padded + crypto_box_SEALBYTES);
}

static GBytes *
take_content(const guint8 *plain, gsize plain_len, const char *label)
{
    const gsize label_len = strlen(label) + 1;
    size_t len = 0;
    if (sodium_unpad(&len, plain, plain_len, PAD_TO) != 0 || len < label_len ||
        memcmp(plain, label, label_len) != 0)
        return NULL;
    guint8 *content = g_malloc0(len - label_len + 1);
    memcpy(content, plain + label_len, len - label_len);
    return g_bytes_new_take(content, len - label_len);
}

GBytes *
cn_unseal(const CnKeyPair *pair, const char *label, gconstpointer box, gsize box_len)
{
    if (box_len <= crypto_box_SEALBYTES)
        return NULL;
    const gsize plain_len = box_len - crypto_box_SEALBYTES;
    g_autofree guint8 *plain = g_malloc(plain_len);
    GBytes *content = NULL;
    if (crypto_box_seal_open(plain, box, box_len, pair->public_key, pair->secret_key) == 0)
        content = take_content(plain, plain_len, label);
    sodium_memzero(plain, plain_len);
    return content;
}
