/* The scans of ways with AVX-512, for those of CN_WAY_BITS. */
#include "routing/assign-scan-avx512.h"

#if defined(__x86_64__)

AVX512 static inline __m512i
sixteen_ways(const CnWay *ways)
{
#if CN_WAY_BITS == 16
    return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const void *)ways));
#else
    return _mm512_loadu_si512(ways);
#endif
}

AVX512 static inline void
keep_ways(CnWay *ways, __mmask16 which, __m512i sums)
{
#if CN_WAY_BITS == 16
    _mm512_mask_cvtepi32_storeu_epi16(ways, which, sums);
#else
    _mm512_mask_storeu_epi32(ways, which, sums);
#endif
}

AVX512 static inline __m512i
sixteen_names(const CnName *who)
{
#if CN_WAY_BITS == 16
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)who));
#else
    return _mm512_loadu_si512(who);
#endif
}

AVX512 static inline void
keep_names(CnName *who, __mmask16 which, __m512i names)
{
#if CN_WAY_BITS == 16
    _mm512_mask_cvtepi32_storeu_epi16(who, which, names);
#else
    _mm512_mask_storeu_epi32(who, which, names);
#endif
}

AVX512 static void
avx512_lower(const CnView *view, guint word, gint32 own, CnRow *row, CnWay *mirror, CnName name)
{
    Avx512Constants constants = avx512_constants(view);
    const __m512i names = _mm512_set1_epi32(name);
    constants.add = _mm512_sub_epi32(constants.add, _mm512_set1_epi32(own));
    guint64 fits = view->fits[word], foreign = view->foreign[word];
    for (guint part = 0; part < 4; part++, fits >>= 16, foreign >>= 16) {
        guint at = part * 16;
        __mmask16 open;
        __m512i cost = avx512_cost(view, &constants, word * 64 + at, (__mmask16)fits,
                                   (__mmask16)foreign, &open);
        __m512i was = sixteen_ways(row->sum + at);
        __m512i who = sixteen_names(row->who + at);
        __mmask16 less = _mm512_mask_cmplt_epi32_mask(open, cost, was);
        __mmask16 same = _mm512_mask_cmpeq_epi32_mask(open, cost, was);
        same = _mm512_mask_cmplt_epi32_mask(same, who, names);
        if ((less | same) == 0)
            continue;
        keep_names(row->who + at, less | same, names);
        keep_ways(row->sum + at, less, cost);
        for (guint left = mirror != NULL ? less : 0; left != 0; left &= left - 1) {
            guint lane = at + (guint)__builtin_ctz(left);
            mirror[(gsize)lane * CN_MIRROR_SLOTS] = row->sum[lane];
        }
    }
}

AVX512 static gint32
avx512_least_way(const CnWay *ways, const gint32 *starts, guint len, guint *out_slot)
{
    __m512i sums = _mm512_set1_epi32(CN_FAR), where = _mm512_setzero_si512();
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (guint i = 0; i < len; i += 16) {
        __m512i way = sixteen_ways(ways + i);
        __mmask16 known = _mm512_cmpneq_epi32_mask(way, _mm512_set1_epi32(CN_WAY_FAR));
        __m512i sum = _mm512_add_epi32(way, _mm512_loadu_si512(starts + i));
        __mmask16 less = _mm512_mask_cmplt_epi32_mask(known, sum, sums);
        sums = _mm512_mask_mov_epi32(sums, less, sum);
        where = _mm512_mask_mov_epi32(where, less, at);
        at = _mm512_add_epi32(at, _mm512_set1_epi32(16));
    }
    return avx512_least_lane(sums, where, out_slot);
}

AVX512 static void
avx512_relax_pieces(const CnPiece *pieces,
                    guint pieces_len,
                    gint32 start,
                    gint32 *reach,
                    const gint32 *hold,
                    gint32 *from,
                    gint32 node,
                    gint32 *key)
{
    const __m512i starts = _mm512_set1_epi32(start), nodes = _mm512_set1_epi32(node);
    for (guint k = 0; k < pieces_len; k++) {
        const CnPiece *piece = &pieces[k];
        const guint first = piece->word * 64;
        __m512i least = _mm512_set1_epi32(G_MAXINT32);
        guint any = 0;
        for (guint part = 0; part < 4; part++) {
            const guint at = part * 16, i = first + at;
            __m512i way = sixteen_ways(piece->row->sum + at);
            __m512i other = _mm512_add_epi32(starts, way);
            __mmask16 better = _mm512_cmplt_epi32_mask(other, _mm512_loadu_si512(reach + i));
            better = _mm512_mask_cmpneq_epi32_mask(better, way, _mm512_set1_epi32(CN_WAY_FAR));
            if (better == 0)
                continue;
            any = 1;
            _mm512_mask_storeu_epi32(reach + i, better, other);
            _mm512_mask_storeu_epi32(from + i, better, nodes);
            __m512i sum = _mm512_add_epi32(other, _mm512_loadu_si512(hold + i));
            least = _mm512_mask_min_epi32(least, better, least, sum);
        }
        if (any != 0)
            key[piece->word] = MIN(key[piece->word], _mm512_reduce_min_epi32(least));
    }
}

static const CnWayTable avx512_ways = {avx512_lower, avx512_least_way, avx512_relax_pieces};

#endif
