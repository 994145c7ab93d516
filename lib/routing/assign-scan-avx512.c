/* The scans with AVX-512: 16 columns at once. */
#include "routing/assign-scan.h"

#include "routing/market-private.h"

#include "routing/assign-scan-avx512.h"

#if defined(__x86_64__)

AVX512 static void
narrow(const gint32 *minutes, guint16 *row, guint len)
{
    const __m512i no_link = _mm512_set1_epi32(CN_MIN_NO_LINK);
    const __m512i code = _mm512_set1_epi32(CN_MINUTES_NO_LINK);
    for (guint i = 0; i < len; i += 16) {
        __m512i all = _mm512_loadu_si512(minutes + i);
        all = _mm512_mask_mov_epi32(all, _mm512_cmpeq_epi32_mask(all, no_link), code);
        /* CN_MIN_NEVER is more than 16 bits hold, and becomes the most that they do. */
        _mm256_storeu_si256((void *)(row + i), _mm512_cvtusepi32_epi16(all));
    }
}

AVX512 static void
least_minutes(const guint16 *row, guint len, guint16 no_link, guint16 *least)
{
    const __m512i code = _mm512_set1_epi16((gint16)CN_MINUTES_NO_LINK);
    const __m512i known = _mm512_set1_epi16((gint16)no_link);
    for (guint i = 0; i < len; i += 64) {
        __m512i low = _mm512_loadu_si512(row + i), high = _mm512_loadu_si512(row + i + 32);
        low = _mm512_mask_mov_epi16(low, _mm512_cmpeq_epi16_mask(low, code), known);
        high = _mm512_mask_mov_epi16(high, _mm512_cmpeq_epi16_mask(high, code), known);
        low = _mm512_min_epu16(low, high);
        __m256i half =
            _mm256_min_epu16(_mm512_castsi512_si256(low), _mm512_extracti64x4_epi64(low, 1));
        __m128i part =
            _mm_min_epu16(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
        least[i / 64] = (guint16)_mm_extract_epi16(_mm_minpos_epu16(part), 0);
    }
}

/* Which of the eight words from @fits on hold a column, @left of them being there. */
AVX512 static inline __mmask8
words_with_any(const guint64 *fits, guint left)
{
    const __mmask8 there = (__mmask8)(left >= 8 ? 0xFF : (1U << left) - 1);
    __m512i words = _mm512_maskz_loadu_epi64(there, fits);
    return _mm512_test_epi64_mask(words, words);
}

AVX512 static void
bounds(const CnView *view, guint len, const gint32 *word_price, gint32 *word_bounds)
{
    Avx512Constants constants = avx512_constants(view);
    const __m512i far = _mm512_set1_epi32(CN_FAR);
    for (guint word = view->first; word < view->end; word += 16) {
        const guint left = view->end - word;
        guint any = words_with_any(view->fits + word, left);
        if (left > 8)
            any |= (guint)words_with_any(view->fits + word + 8, left - 8) << 8;
        __m512i minutes =
            _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)(view->minutes + len + word)));
        __mmask16 open = _mm512_mask_cmple_epi32_mask((__mmask16)any, minutes, constants.limit);
        __m512i way = _mm512_mullo_epi32(minutes, constants.per_min);
        __m512i cost = _mm512_add_epi32(_mm512_loadu_si512(view->base + len + word), constants.add);
        cost = _mm512_add_epi32(cost, _mm512_loadu_si512(word_price + word));
        _mm512_storeu_si512(word_bounds + word, _mm512_mask_add_epi32(far, open, cost, way));
    }
}

/* The first word of the least bound. */
AVX512 static guint
least_word(const CnView *view, const gint32 *word_bounds)
{
    __m512i least = _mm512_loadu_si512(word_bounds + view->first);
    for (guint word = view->first + 16; word < view->end; word += 16)
        least = _mm512_min_epi32(least, _mm512_loadu_si512(word_bounds + word));
    least = _mm512_set1_epi32(_mm512_reduce_min_epi32(least));
    for (guint word = view->first;; word += 16) {
        guint same = _mm512_cmpeq_epi32_mask(least, _mm512_loadu_si512(word_bounds + word));
        if (same != 0)
            return word + (guint)__builtin_ctz(same);
    }
}

/* The least cost + price of a word, and the first column that has it. */
AVX512 static inline gint32
best_of_word(const CnView *view,
             const Avx512Constants *constants,
             const gint32 *price,
             guint word,
             guint *out_column)
{
    const __m512i far = _mm512_set1_epi32(CN_FAR);
    guint64 fits = view->fits[word], foreign = view->foreign[word];
    __m512i sums[4];
    for (guint part = 0; part < 4; part++, fits >>= 16, foreign >>= 16) {
        guint i = word * 64 + part * 16;
        __mmask16 open;
        __m512i cost = avx512_cost(view, constants, i, (__mmask16)fits, (__mmask16)foreign, &open);
        sums[part] = _mm512_mask_add_epi32(far, open, cost, _mm512_loadu_si512(price + i));
    }
    __m512i least =
        _mm512_min_epi32(_mm512_min_epi32(sums[0], sums[1]), _mm512_min_epi32(sums[2], sums[3]));
    gint32 value = _mm512_reduce_min_epi32(least);
    guint64 same = 0;
    for (guint part = 4; part-- > 0;)
        same = same << 16 | _mm512_cmpeq_epi32_mask(sums[part], _mm512_set1_epi32(value));
    *out_column = word * 64 + (guint)__builtin_ctzll(same);
    return value;
}

AVX512 static gint32
best(const CnView *view,
     const gint32 *price,
     gint32 *word_bounds,
     guint *out_column,
     guint *out_words)
{
    Avx512Constants constants = avx512_constants(view);
    gint32 least = CN_FAR;
    for (*out_words = 0;; ++*out_words) {
        guint column, word = least_word(view, word_bounds);
        if (cn_scan_is_over(word_bounds[word], word, least, *out_column))
            return least;
        word_bounds[word] = CN_FAR;
        gint32 value = best_of_word(view, &constants, price, word, &column);
        if (value < least || (value == least && column < *out_column)) {
            least = value;
            *out_column = column;
        }
    }
}

AVX512 static guint
list_within(const CnView *view,
            const gint32 *price,
            const gint32 *word_bounds,
            gint32 most,
            guint *columns,
            gint32 *sums,
            guint *out_words)
{
    Avx512Constants constants = avx512_constants(view);
    const __m512i bound = _mm512_set1_epi32(most);
    guint len = 0;
    *out_words = 0;
    for (guint word = view->first; word < view->end; word++) {
        if (word_bounds[word] > most)
            continue;
        ++*out_words;
        guint64 fits = view->fits[word], foreign = view->foreign[word];
        for (guint part = 0; part < 4; part++, fits >>= 16, foreign >>= 16) {
            guint i = word * 64 + part * 16;
            gint32 lanes[16];
            __mmask16 open;
            __m512i cost =
                avx512_cost(view, &constants, i, (__mmask16)fits, (__mmask16)foreign, &open);
            __m512i value = _mm512_add_epi32(cost, _mm512_loadu_si512(price + i));
            guint left = _mm512_mask_cmple_epi32_mask(open, value, bound);
            if (left == 0)
                continue;
            _mm512_storeu_si512(lanes, value);
            for (; left != 0; left &= left - 1) {
                columns[len] = i + (guint)__builtin_ctz(left);
                sums[len++] = lanes[__builtin_ctz(left)];
            }
        }
    }
    return len;
}

/* A list in two vectors, in order, with more lanes than it may have; the lanes behind it are far. */
typedef struct {
    __m512i cost, column;
} Near;

/* Puts the lanes of @less in: every lane becomes the value that comes, if it is between it and the one in
 * front, or the one in front where that is more. Whatever comes to stand behind the last one is off the
 * list. */
AVX512 static inline void
keep(Near *all, __m512i sums, guint first, __mmask16 less)
{
    const __m512i before_all = _mm512_set1_epi32(G_MININT32);
    for (guint left = less; left != 0; left &= left - 1) {
        const gint32 lane = __builtin_ctz(left);
        __m512i value = _mm512_permutexvar_epi32(_mm512_set1_epi32(lane), sums);
        __m512i column = _mm512_set1_epi32((gint32)first + lane);
        __m512i in_front = _mm512_alignr_epi32(all->cost, before_all, 15);
        __m512i shifted = _mm512_alignr_epi32(all->column, before_all, 15);
        __mmask16 stays = _mm512_cmple_epi32_mask(all->cost, value);
        __mmask16 moves = _mm512_cmpgt_epi32_mask(in_front, value);
        all->cost = _mm512_min_epi32(all->cost, _mm512_max_epi32(in_front, value));
        column = _mm512_mask_mov_epi32(column, stays, all->column);
        all->column = _mm512_mask_mov_epi32(column, moves, shifted);
    }
}

AVX512 static inline gint32
last_cost(const Near *all)
{
    __m128i last = _mm512_extracti32x4_epi32(all->cost, (CN_NEAR_MOST - 1) / 4);
    return _mm_extract_epi32(last, (CN_NEAR_MOST - 1) % 4);
}

/* Puts on the list what is less than its bound in a word; the new bound. */
AVX512 static inline gint32
keep_word(const CnView *view,
          const Avx512Constants *constants,
          const gint32 *price,
          guint word,
          Near *all,
          gint32 bound)
{
    guint64 fits = view->fits[word], foreign = view->foreign[word];
    for (guint part = 0; part < 4; part++, fits >>= 16, foreign >>= 16) {
        guint i = word * 64 + part * 16;
        __mmask16 open;
        __m512i cost = avx512_cost(view, constants, i, (__mmask16)fits, (__mmask16)foreign, &open);
        __m512i sums = _mm512_add_epi32(cost, _mm512_loadu_si512(price + i));
        __mmask16 less = _mm512_mask_cmplt_epi32_mask(open, sums, _mm512_set1_epi32(bound));
        if (less == 0)
            continue;
        keep(all, sums, i, less);
        bound = last_cost(all);
    }
    return bound;
}

AVX512 static guint
near_list(const CnView *view, const gint32 *price, gint32 *word_bounds, CnNear *list)
{
    Avx512Constants constants = avx512_constants(view);
    const __mmask16 lanes = (__mmask16)((1U << CN_NEAR_MOST) - 1);
    Near all = {_mm512_set1_epi32(CN_FAR), _mm512_setzero_si512()};
    gint32 bound = CN_FAR;
    guint words = 0;
    for (;; words++) {
        guint word = least_word(view, word_bounds);
        if (word_bounds[word] >= bound)
            break;
        word_bounds[word] = CN_FAR;
        bound = keep_word(view, &constants, price, word, &all, bound);
    }
    const __mmask16 there =
        _mm512_mask_cmplt_epi32_mask(lanes, all.cost, _mm512_set1_epi32(CN_FAR));
    list->len = (guint)__builtin_popcount(there);
    list->bound = bound;
    _mm512_mask_storeu_epi32(list->cost, there, all.cost);
    _mm512_mask_storeu_epi32(list->column, there, all.column);
    return words;
}

AVX512 static gint32
least(const gint32 *a, const gint32 *b, guint len, guint *out_column)
{
    __m512i sums = _mm512_set1_epi32(G_MAXINT32), where = _mm512_setzero_si512();
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (guint i = 0; i < len; i += 16) {
        __m512i sum = _mm512_add_epi32(_mm512_loadu_si512(a + i), _mm512_loadu_si512(b + i));
        __mmask16 less = _mm512_cmplt_epi32_mask(sum, sums);
        sums = _mm512_min_epi32(sums, sum);
        where = _mm512_mask_mov_epi32(where, less, at);
        at = _mm512_add_epi32(at, _mm512_set1_epi32(16));
    }
    return avx512_least_lane(sums, where, out_column);
}

AVX512 static gint32
next_word(const gint32 *key, const gint32 *reach, const gint32 *hold, guint len, guint *out_word)
{
    __m512i sums = _mm512_set1_epi32(G_MAXINT32), where = _mm512_setzero_si512();
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (guint i = 0; i < len; i += 16) {
        __m512i sum = _mm512_add_epi32(_mm512_loadu_si512(reach + i), _mm512_loadu_si512(hold + i));
        sum = _mm512_min_epi32(sum, _mm512_loadu_si512(key + i));
        __mmask16 less = _mm512_cmplt_epi32_mask(sum, sums);
        sums = _mm512_min_epi32(sums, sum);
        where = _mm512_mask_mov_epi32(where, less, at);
        at = _mm512_add_epi32(at, _mm512_set1_epi32(16));
    }
    return avx512_least_lane(sums, where, out_word);
}

const CnScanTable cn_scan_avx512 = {narrow,    least_minutes, bounds, best,
                                    near_list, list_within,   least,  next_word};
#endif
