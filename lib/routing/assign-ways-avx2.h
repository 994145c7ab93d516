/* The scans of ways with AVX2, for those of CN_WAY_BITS. */
#include "routing/assign-scan-avx2.h"

#if defined(__x86_64__)

AVX2 static inline __m256i
eight_ways(const CnWay *ways)
{
#if CN_WAY_BITS == 16
    return _mm256_cvtepi16_epi32(_mm_loadu_si128((const void *)ways));
#else
    return _mm256_loadu_si256((const void *)ways);
#endif
}

AVX2 static inline void
keep_eight_ways(CnWay *ways, __m256i sums)
{
#if CN_WAY_BITS == 16
    const __m128i last = _mm256_extracti128_si256(sums, 1);
    _mm_storeu_si128((void *)ways, _mm_packs_epi32(_mm256_castsi256_si128(sums), last));
#else
    _mm256_storeu_si256((void *)ways, sums);
#endif
}

AVX2 static inline __m256i
eight_names(const CnName *who)
{
#if CN_WAY_BITS == 16
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)who));
#else
    return _mm256_loadu_si256((const void *)who);
#endif
}

AVX2 static inline void
keep_eight_names(CnName *who, __m256i names)
{
#if CN_WAY_BITS == 16
    const __m128i last = _mm256_extracti128_si256(names, 1);
    _mm_storeu_si128((void *)who, _mm_packus_epi32(_mm256_castsi256_si128(names), last));
#else
    _mm256_storeu_si256((void *)who, names);
#endif
}

AVX2 static void
avx2_lower(const CnView *view, guint word, gint32 own, CnRow *row, CnWay *mirror, CnName name)
{
    Avx2Constants constants = avx2_constants(view);
    const __m256i names = _mm256_set1_epi32(name);
    constants.add = _mm256_sub_epi32(constants.add, _mm256_set1_epi32(own));
    guint64 fits = view->fits[word], foreign = view->foreign[word];
    for (guint part = 0; part < 8; part++, fits >>= 8, foreign >>= 8) {
        guint at = part * 8;
        __m256i open;
        __m256i cost = avx2_cost(view, &constants, word * 64 + at, fits, foreign, &open);
        __m256i was = eight_ways(row->sum + at);
        __m256i who = eight_names(row->who + at);
        __m256i later = _mm256_cmpgt_epi32(names, who);
        __m256i same = _mm256_and_si256(_mm256_cmpeq_epi32(was, cost), later);
        __m256i less = _mm256_and_si256(_mm256_cmpgt_epi32(was, cost), open);
        __m256i named = _mm256_or_si256(less, _mm256_and_si256(same, open));
        if (_mm256_testz_si256(named, named))
            continue;
        guint lanes = (guint)_mm256_movemask_ps(_mm256_castsi256_ps(less));
        keep_eight_names(row->who + at, _mm256_blendv_epi8(who, names, named));
        keep_eight_ways(row->sum + at, _mm256_blendv_epi8(was, cost, less));
        for (guint left = mirror != NULL ? lanes : 0; left != 0; left &= left - 1) {
            guint lane = at + (guint)__builtin_ctz(left);
            mirror[(gsize)lane * CN_MIRROR_SLOTS] = row->sum[lane];
        }
    }
}

AVX2 static gint32
avx2_least_way(const CnWay *ways, const gint32 *starts, guint len, guint *out_slot)
{
    __m256i sums = _mm256_set1_epi32(CN_FAR), where = _mm256_setzero_si256();
    __m256i at = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (guint i = 0; i < len; i += 8) {
        __m256i way = eight_ways(ways + i);
        __m256i unknown = _mm256_cmpeq_epi32(way, _mm256_set1_epi32(CN_WAY_FAR));
        __m256i sum = _mm256_add_epi32(way, _mm256_loadu_si256((const void *)(starts + i)));
        __m256i less = _mm256_andnot_si256(unknown, _mm256_cmpgt_epi32(sums, sum));
        sums = _mm256_blendv_epi8(sums, sum, less);
        where = _mm256_blendv_epi8(where, at, less);
        at = _mm256_add_epi32(at, _mm256_set1_epi32(8));
    }
    return avx2_least_lane(sums, where, out_slot);
}

AVX2 static void
avx2_relax_pieces(const CnPiece *pieces,
                  guint pieces_len,
                  gint32 start,
                  gint32 *reach,
                  const gint32 *hold,
                  gint32 *from,
                  gint32 node,
                  gint32 *key)
{
    const __m256i starts = _mm256_set1_epi32(start), nodes = _mm256_set1_epi32(node);
    for (guint k = 0; k < pieces_len; k++) {
        const CnPiece *piece = &pieces[k];
        const guint first = piece->word * 64;
        for (guint part = 0; part < 8; part++) {
            const guint at = part * 8, i = first + at;
            __m256i way = eight_ways(piece->row->sum + at);
            __m256i other = _mm256_add_epi32(starts, way);
            __m256i was = _mm256_loadu_si256((const void *)(reach + i));
            __m256i unknown = _mm256_cmpeq_epi32(way, _mm256_set1_epi32(CN_WAY_FAR));
            __m256i better = _mm256_andnot_si256(unknown, _mm256_cmpgt_epi32(was, other));
            if (_mm256_testz_si256(better, better))
                continue;
            guint column;
            _mm256_maskstore_epi32(reach + i, better, other);
            _mm256_maskstore_epi32(from + i, better, nodes);
            __m256i sum = _mm256_add_epi32(other, _mm256_loadu_si256((const void *)(hold + i)));
            sum = _mm256_blendv_epi8(_mm256_set1_epi32(G_MAXINT32), sum, better);
            key[piece->word] = MIN(key[piece->word], avx2_least_lane(sum, sum, &column));
        }
    }
}

static const CnWayTable avx2_ways = {avx2_lower, avx2_least_way, avx2_relax_pieces};

#endif
