/* Hashes, keys and sealed boxes. What is sealed to a public key opens only with the secret key that
 * belongs to it; whoever seals cannot open again. */
#pragma once

#include <glib.h>

#define CN_HASH_LEN 32
#define CN_KEY_LEN  32

/* Before libsodium draws keys or checks what they signed: it chooses the source of randomness. Safe to call
 * often and from any thread. */
void cn_sodium_start(void);

/* SHA-256. */
void cn_hash(gconstpointer bytes, gsize len, guint8 out[CN_HASH_LEN]);
/* "0a1b..." (transfer full) */
char *cn_hex(gconstpointer bytes, gsize len);
/* FALSE where @text is not exactly @len bytes in hexadecimal. */
gboolean cn_hex_parse(const char *text, guint8 *out, gsize len);

/* A pair of keys; the secret half never leaves memory that is wiped. */
typedef struct {
    guint8 public_key[CN_KEY_LEN];
    guint8 secret_key[CN_KEY_LEN];
} CnKeyPair;

void cn_key_pair_make(CnKeyPair *pair);
/* The pair of a secret key. */
void cn_key_pair_from_secret(CnKeyPair *pair, const guint8 secret_key[CN_KEY_LEN]);
void cn_key_pair_wipe(CnKeyPair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnKeyPair, cn_key_pair_wipe)

/* Overwrites memory that held a secret. */
void cn_wipe(gpointer bytes, gsize len);

/* Seals @len bytes as @label (what and whose it is: it is bound to that). The box is as long for any
 * text of the same 64 bytes. (transfer full) */
GBytes *cn_seal(const guint8 public_key[CN_KEY_LEN],
                const char *label,
                gconstpointer bytes,
                gsize len);
/* What was sealed as @label; NULL where the key or the label is another one, or the box was changed.
 * There is a NUL after the bytes. (transfer full) */
GBytes *cn_unseal(const CnKeyPair *pair, const char *label, gconstpointer box, gsize box_len);
