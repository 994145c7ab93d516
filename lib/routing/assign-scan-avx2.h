/* What the scans with AVX2 share: costs of so many columns at once. */
#pragma once

#include "routing/assign-scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* The address sanitizer of GCC 12 puts vectors on stack frames that are not aligned enough for them
 * (PR 110027). The plain form does the same work, and is checked. */
#define AVX2 __attribute__((target("avx2"), no_sanitize_address))

typedef struct {
    __m256i limit, no_link_code, no_link, per_min, add, foreign_cost;
} Avx2Constants;

AVX2 static inline Avx2Constants
avx2_constants(const CnView *view)
{
    return (Avx2Constants){.limit = _mm256_set1_epi32((gint32)view->limit),
                           .no_link_code = _mm256_set1_epi32(CN_MINUTES_NO_LINK),
                           .no_link = _mm256_set1_epi32(view->no_link),
                           .per_min = _mm256_set1_epi32(view->per_min),
                           .add = _mm256_set1_epi32(view->add),
                           .foreign_cost = _mm256_set1_epi32(view->foreign_cost)};
}

/* Eight bits become eight lanes, all ones or all zeros. */
AVX2 static inline __m256i
avx2_spread(guint64 bits)
{
    const __m256i each = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    __m256i all = _mm256_set1_epi32((gint32)(bits & 0xFF));
    return _mm256_cmpeq_epi32(_mm256_and_si256(all, each), each);
}

AVX2 static inline __m256i
avx2_cost(const CnView *view,
          const Avx2Constants *constants,
          guint i,
          guint64 fits,
          guint64 foreign,
          __m256i *out_open)
{
    __m256i minutes = _mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)(view->minutes + i)));
    *out_open =
        _mm256_andnot_si256(_mm256_cmpgt_epi32(minutes, constants->limit), avx2_spread(fits));
    __m256i unlinked = _mm256_cmpeq_epi32(minutes, constants->no_link_code);
    __m256i way = _mm256_mullo_epi32(minutes, constants->per_min);
    way = _mm256_blendv_epi8(way, constants->no_link, unlinked);
    __m256i base = _mm256_loadu_si256((const void *)(view->base + i));
    __m256i cost = _mm256_add_epi32(_mm256_add_epi32(base, constants->add), way);
    return _mm256_add_epi32(cost, _mm256_and_si256(avx2_spread(foreign), constants->foreign_cost));
}

/* The least of the lanes, and the first column that has it. */
AVX2 static inline gint32
avx2_least_lane(__m256i least, __m256i where, guint *out_column)
{
    gint32 values[8];
    guint columns[8];
    _mm256_storeu_si256((void *)values, least);
    _mm256_storeu_si256((void *)columns, where);
    gint32 value = values[0];
    *out_column = columns[0];
    for (guint i = 1; i < 8; i++)
        if (values[i] < value || (values[i] == value && columns[i] < *out_column)) {
            value = values[i];
            *out_column = columns[i];
        }
    return value;
}

#endif
