/* SHA-256 with the instructions of x86 that do two rounds at once. */
#include "base/sha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define SHA __attribute__((target("sha,sse4.1,ssse3")))

/* The instructions want the state as (a, b, e, f) and (c, d, g, h), the last named first in memory. */
SHA static void
take_blocks(guint32 state[8], const guint8 *data, gsize blocks)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const void *)state), 0xb1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const void *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(low, high, 8);
    __m128i cdgh = _mm_blend_epi16(high, low, 0xf0);
    for (; blocks > 0; blocks--, data += CN_SHA256_BLOCK) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[16];
        for (guint i = 0; i < 16; i++) {
            if (i < 4) {
                words[i] =
                    _mm_shuffle_epi8(_mm_loadu_si128((const void *)(data + (gsize)16 * i)), order);
            } else {
                __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(words[i - 4], words[i - 3]),
                                            _mm_alignr_epi8(words[i - 1], words[i - 2], 4));
                words[i] = _mm_sha256msg2_epu32(sum, words[i - 1]);
            }
            __m128i four = _mm_add_epi32(
                words[i], _mm_loadu_si128((const void *)(cn_sha256_constants + (gsize)4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, four);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(four, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1b);
    high = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((void *)state, _mm_blend_epi16(low, high, 0xf0));
    _mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

#define SHA_BIT (1u << 29) /* in ebx of leaf 7 */

CnSha256Blocks
cn_sha256_x86(void)
{
    guint eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (!__builtin_cpu_supports("sse4.1") || !__builtin_cpu_supports("ssse3") ||
        __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0)
        return NULL;
    return (ebx & SHA_BIT) != 0 ? take_blocks : NULL;
}
#else
CnSha256Blocks
cn_sha256_x86(void)
{
    return NULL;
}
#endif
