/* SHA-256 (FIPS 180-4) in plain C, and what is gathered for it. */
#include "base/sha256.h"

const guint32 cn_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static guint32
turn(guint32 x, guint bits)
{
    return x >> bits | x << (32 - bits);
}

static void
spread(const guint8 *block, guint32 words[64])
{
    for (guint i = 0; i < 16; i++) {
        guint32 word;
        memcpy(&word, block + i * sizeof word, sizeof word);
        words[i] = GUINT32_FROM_BE(word);
    }
    for (guint i = 16; i < 64; i++) {
        guint32 a = words[i - 15], b = words[i - 2];
        words[i] = words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + words[i - 7] +
                   (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
}

/* One round moves every register on by one. */
static void
take_block(guint32 state[8], const guint8 *block)
{
    guint32 words[64], r[8];
    spread(block, words);
    memcpy(r, state, sizeof r);
    for (guint i = 0; i < 64; i++) {
        guint32 chosen = (r[4] & r[5]) ^ (~r[4] & r[6]);
        guint32 most = (r[0] & r[1]) ^ (r[0] & r[2]) ^ (r[1] & r[2]);
        guint32 x = r[7] + (turn(r[4], 6) ^ turn(r[4], 11) ^ turn(r[4], 25)) + chosen +
                    cn_sha256_constants[i] + words[i];
        guint32 y = (turn(r[0], 2) ^ turn(r[0], 13) ^ turn(r[0], 22)) + most;
        r[7] = r[6], r[6] = r[5], r[5] = r[4], r[4] = r[3] + x;
        r[3] = r[2], r[2] = r[1], r[1] = r[0], r[0] = x + y;
    }
    for (guint i = 0; i < 8; i++)
        state[i] += r[i];
}

static void
take_blocks(guint32 state[8], const guint8 *data, gsize blocks)
{
    for (gsize i = 0; i < blocks; i++)
        take_block(state, data + i * CN_SHA256_BLOCK);
}

void
cn_sha256_init_plain(CnSha256 *sum)
{
    static const guint32 start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(sum->state, start, sizeof start);
    sum->len = 0;
    sum->gathered_len = 0;
    sum->take_blocks = take_blocks;
}

void
cn_sha256_init(CnSha256 *sum)
{
    CnSha256Blocks by_processor = cn_sha256_x86();
    cn_sha256_init_plain(sum);
    if (by_processor != NULL)
        sum->take_blocks = by_processor;
}

void
cn_sha256_add_much(CnSha256 *sum, gconstpointer data, gsize len)
{
    const guint8 *bytes = data;
    while (len > 0) {
        gsize part = MIN(len, CN_SHA256_GATHERED - sum->gathered_len);
        memcpy(sum->gathered + sum->gathered_len, bytes, part);
        sum->gathered_len += part;
        bytes += part;
        len -= part;
        if (sum->gathered_len < CN_SHA256_GATHERED)
            continue;
        sum->take_blocks(sum->state, sum->gathered, CN_SHA256_GATHERED / CN_SHA256_BLOCK);
        sum->len += CN_SHA256_GATHERED;
        sum->gathered_len = 0;
    }
}

/* A bit, zeros, and the length in bits, up to the end of a block. */
static void
pad(CnSha256 *sum)
{
    const guint64 bits = GUINT64_TO_BE((sum->len + sum->gathered_len) * 8);
    const guint8 one = 0x80, zero = 0;
    cn_sha256_add(sum, &one, 1);
    while (sum->gathered_len % CN_SHA256_BLOCK != CN_SHA256_BLOCK - sizeof bits)
        cn_sha256_add(sum, &zero, 1);
    cn_sha256_add(sum, &bits, sizeof bits);
}

char *
cn_sha256_finish(CnSha256 *sum)
{
    GString *text = g_string_sized_new(64);
    pad(sum);
    sum->take_blocks(sum->state, sum->gathered, sum->gathered_len / CN_SHA256_BLOCK);
    for (guint i = 0; i < 8; i++)
        g_string_append_printf(text, "%08x", sum->state[i]);
    return g_string_free(text, FALSE);
}
