/* What the scans with AVX-512 share: costs of so many columns at once. */
#pragma once

#include "routing/assign-scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* The address sanitizer of GCC 12 puts vectors on stack frames that are not aligned enough for them
 * (PR 110027). The plain form does the same work, and is checked. */
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl"), no_sanitize_address))

typedef struct {
    __m512i limit, no_link_code, no_link, per_min, add, foreign_cost;
} Avx512Constants;

AVX512 static inline Avx512Constants
avx512_constants(const CnView *view)
{
    return (Avx512Constants){.limit = _mm512_set1_epi32((gint32)view->limit),
                             .no_link_code = _mm512_set1_epi32(CN_MINUTES_NO_LINK),
                             .no_link = _mm512_set1_epi32(view->no_link),
                             .per_min = _mm512_set1_epi32(view->per_min),
                             .add = _mm512_set1_epi32(view->add),
                             .foreign_cost = _mm512_set1_epi32(view->foreign_cost)};
}

/* The costs of 16 columns, and which of them are open. */
AVX512 static inline __m512i
avx512_cost(const CnView *view,
            const Avx512Constants *constants,
            guint i,
            __mmask16 fits,
            __mmask16 foreign,
            __mmask16 *out_open)
{
    __m512i minutes = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)(view->minutes + i)));
    *out_open = _mm512_mask_cmple_epi32_mask(fits, minutes, constants->limit);
    __mmask16 unlinked = _mm512_cmpeq_epi32_mask(minutes, constants->no_link_code);
    __m512i way = _mm512_mullo_epi32(minutes, constants->per_min);
    way = _mm512_mask_mov_epi32(way, unlinked, constants->no_link);
    __m512i cost = _mm512_add_epi32(_mm512_loadu_si512(view->base + i), constants->add);
    cost = _mm512_add_epi32(cost, way);
    return _mm512_mask_add_epi32(cost, foreign, cost, constants->foreign_cost);
}

/* The least of the lanes, and the first column that has it. */
AVX512 static inline gint32
avx512_least_lane(__m512i least, __m512i where, guint *out_column)
{
    gint32 value = _mm512_reduce_min_epi32(least);
    __mmask16 same = _mm512_cmpeq_epi32_mask(least, _mm512_set1_epi32(value));
    *out_column = _mm512_mask_reduce_min_epu32(same, where);
    return value;
}

#endif
