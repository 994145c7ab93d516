/* SHA-256 of much data that comes in small pieces: fields are gathered, and blocks are hashed by the
 * instructions of the processor where it has them. */
#pragma once

#include <glib.h>
#include <string.h>

#define CN_SHA256_BLOCK    64
#define CN_SHA256_GATHERED 4096 /* a multiple of the block */

/* Takes whole blocks into the state. */
typedef void (*CnSha256Blocks)(guint32 state[8], const guint8 *data, gsize blocks);

typedef struct {
    guint32 state[8];
    guint64 len; /* of all that was gathered before */
    gsize gathered_len;
    CnSha256Blocks take_blocks;
    guint8 gathered[CN_SHA256_GATHERED];
} CnSha256;

void cn_sha256_init(CnSha256 *sum);
/* With plain C whatever the processor can: for tests. */
void cn_sha256_init_plain(CnSha256 *sum);
void cn_sha256_add_much(CnSha256 *sum, gconstpointer data, gsize len);
/* The sum in hexadecimal; nothing can be added any more. (transfer full) */
char *cn_sha256_finish(CnSha256 *sum);

static inline void
cn_sha256_add(CnSha256 *sum, gconstpointer data, gsize len)
{
    if (G_UNLIKELY(len > CN_SHA256_GATHERED - sum->gathered_len)) {
        cn_sha256_add_much(sum, data, len);
        return;
    }
    memcpy(sum->gathered + sum->gathered_len, data, len);
    sum->gathered_len += len;
}

/* The blocks with the instructions of x86; NULL where the processor, or the compiler, has none. */
CnSha256Blocks cn_sha256_x86(void);
extern const guint32 cn_sha256_constants[64];
