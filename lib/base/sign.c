/* Detached signatures of libsodium. */
#include "base/sign.h"

#include <sodium.h>

G_STATIC_ASSERT(CN_SIGNATURE_LEN == crypto_sign_BYTES);
G_STATIC_ASSERT(CN_KEY_LEN == crypto_sign_PUBLICKEYBYTES && CN_KEY_LEN == crypto_sign_SEEDBYTES);
G_STATIC_ASSERT(sizeof((CnSigner *)NULL)->secret == crypto_sign_SECRETKEYBYTES);

void
cn_signer_from_seed(CnSigner *signer, const guint8 seed[CN_KEY_LEN])
{
    cn_sodium_start();
    crypto_sign_seed_keypair(signer->public_key, signer->secret, seed);
}

void
cn_signer_make(CnSigner *signer, guint8 out_seed[CN_KEY_LEN])
{
    cn_sodium_start();
    randombytes_buf(out_seed, CN_KEY_LEN);
    cn_signer_from_seed(signer, out_seed);
}

void
cn_signer_wipe(CnSigner *signer)
{
    sodium_memzero(signer, sizeof *signer);
}

void
cn_sign(const CnSigner *signer, gconstpointer bytes, gsize len, guint8 out[CN_SIGNATURE_LEN])
{
    crypto_sign_detached(out, NULL, bytes, len, signer->secret);
}

gboolean
cn_signature_fits(const guint8 public_key[CN_KEY_LEN],
                  gconstpointer bytes,
                  gsize len,
                  const guint8 signature[CN_SIGNATURE_LEN])
{
    cn_sodium_start();
    return crypto_sign_verify_detached(signature, bytes, len, public_key) == 0;
}
