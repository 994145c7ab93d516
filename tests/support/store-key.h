/* Gives the store of a test a key, the same every time, and opens the handle with it: what it imports of
 * restricted sites is sealed, and loaded again complete. */
#pragma once

#include "store/seal.h"

static inline void
test_key_pair(CnKeyPair *pair, guint8 seed)
{
    guint8 secret[CN_KEY_LEN];
    for (guint8 i = 0; i < CN_KEY_LEN; i++)
        secret[i] = (guint8)(seed + 7 * i);
    cn_key_pair_from_secret(pair, secret);
}

static inline void
test_key_give(carenet_store *store)
{
    const CnActing acting = {.actor = "test", .now_s = G_MININT64};
    CnKeyPair pair;
    CnSealed sealed;
    test_key_pair(&pair, 1);
    if (!cn_store_seal(store, &pair, &acting, &sealed, NULL) ||
        !cn_store_unlock(store, &pair, NULL))
        g_error("the store takes no key");
    cn_key_pair_wipe(&pair);
}
