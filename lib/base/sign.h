/* Signatures (Ed25519): whoever has the public key sees that a text is from who has the secret one. */
#pragma once

#include "base/seal.h"

#define CN_SIGNATURE_LEN 64

/* A pair of keys from 32 secret bytes. */
typedef struct {
    guint8 public_key[CN_KEY_LEN];
    guint8 secret[64];
} CnSigner;

void cn_signer_make(CnSigner *signer, guint8 out_seed[CN_KEY_LEN]);
void cn_signer_from_seed(CnSigner *signer, const guint8 seed[CN_KEY_LEN]);
void cn_signer_wipe(CnSigner *signer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnSigner, cn_signer_wipe)

void cn_sign(const CnSigner *signer, gconstpointer bytes, gsize len, guint8 out[CN_SIGNATURE_LEN]);
gboolean cn_signature_fits(const guint8 public_key[CN_KEY_LEN],
                           gconstpointer bytes,
                           gsize len,
                           const guint8 signature[CN_SIGNATURE_LEN]);
