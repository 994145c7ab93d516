/* The scans with AVX2: 8 columns at once. */
#include "routing/assign-scan.h"

#include "routing/market-private.h"

#include "routing/assign-scan-avx2.h"

#if defined(__x86_64__)

AVX2 static __m256i
narrow_eight(const gint32 *minutes)
{
    __m256i all = _mm256_loadu_si256((const void *)minutes);
    __m256i unlinked = _mm256_cmpeq_epi32(all, _mm256_set1_epi32(CN_MIN_NO_LINK));
    return _mm256_blendv_epi8(all, _mm256_set1_epi32(CN_MINUTES_NO_LINK), unlinked);
}

AVX2 static void
narrow(const gint32 *minutes, guint16 *row, guint len)
{
    for (guint i = 0; i < len; i += 16) {
        /* CN_MIN_NEVER is more than 16 bits hold, and becomes the most that they do. */
        __m256i both =
            _mm256_packus_epi32(narrow_eight(minutes + i), narrow_eight(minutes + i + 8));
        both = _mm256_permute4x64_epi64(both, _MM_SHUFFLE(3, 1, 2, 0));
        _mm256_storeu_si256((void *)(row + i), both);
    }
}

/* The lesser of 16 columns and those at @row, which are made known. */
AVX2 static inline __m256i
lesser_minutes(__m256i least, const guint16 *row, __m256i no_link)
{
    __m256i all = _mm256_loadu_si256((const void *)row);
    __m256i unlinked = _mm256_cmpeq_epi16(all, _mm256_set1_epi16((gint16)CN_MINUTES_NO_LINK));
    return _mm256_min_epu16(least, _mm256_blendv_epi8(all, no_link, unlinked));
}

AVX2 static void
least_minutes(const guint16 *row, guint len, guint16 no_link, guint16 *least)
{
    const __m256i known = _mm256_set1_epi16((gint16)no_link);
    for (guint i = 0; i < len; i += 64) {
        __m256i all = _mm256_set1_epi16(-1);
        for (guint part = 0; part < 64; part += 16)
            all = lesser_minutes(all, row + i + part, known);
        __m128i half = _mm_min_epu16(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
        least[i / 64] = (guint16)_mm_extract_epi16(_mm_minpos_epu16(half), 0);
    }
}

/* Eight lanes, all ones where the word from @fits on holds no column, @left of them being there. */
AVX2 static inline __m256i
words_without_any(const guint64 *fits, guint left)
{
    gint32 none[8];
    for (guint i = 0; i < 8; i++)
        none[i] = i < left && fits[i] != 0 ? 0 : -1;
    return _mm256_loadu_si256((const void *)none);
}

AVX2 static void
bounds(const CnView *view, guint len, const gint32 *word_price, gint32 *word_bounds)
{
    Avx2Constants constants = avx2_constants(view);
    const __m256i far = _mm256_set1_epi32(CN_FAR);
    for (guint word = view->first; word < view->end; word += 8) {
        __m256i none = words_without_any(view->fits + word, view->end - word);
        __m256i minutes =
            _mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)(view->minutes + len + word)));
        none = _mm256_or_si256(none, _mm256_cmpgt_epi32(minutes, constants.limit));
        __m256i cost = _mm256_mullo_epi32(minutes, constants.per_min);
        cost = _mm256_add_epi32(cost, constants.add);
        cost = _mm256_add_epi32(cost, _mm256_loadu_si256((const void *)(view->base + len + word)));
        cost = _mm256_add_epi32(cost, _mm256_loadu_si256((const void *)(word_price + word)));
        _mm256_storeu_si256((void *)(word_bounds + word), _mm256_blendv_epi8(cost, far, none));
    }
}

/* The first word of the least bound. */
AVX2 static guint
least_word(const CnView *view, const gint32 *word_bounds)
{
    __m256i least = _mm256_set1_epi32(G_MAXINT32), where = _mm256_setzero_si256();
    __m256i at = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    at = _mm256_add_epi32(at, _mm256_set1_epi32((gint32)view->first));
    for (guint word = view->first; word < view->end; word += 8) {
        __m256i all = _mm256_loadu_si256((const void *)(word_bounds + word));
        __m256i less = _mm256_cmpgt_epi32(least, all);
        least = _mm256_min_epi32(least, all);
        where = _mm256_blendv_epi8(where, at, less);
        at = _mm256_add_epi32(at, _mm256_set1_epi32(8));
    }
    guint word;
    avx2_least_lane(least, where, &word);
    return word;
}

/* The least cost + price of a word, and the first column that has it. */
AVX2 static inline gint32
best_of_word(const CnView *view,
             const Avx2Constants *constants,
             const gint32 *price,
             guint word,
             guint *out_column)
{
    guint64 fits = view->fits[word], foreign = view->foreign[word];
    __m256i least = _mm256_set1_epi32(CN_FAR), where = _mm256_setzero_si256();
    __m256i at = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    at = _mm256_add_epi32(at, _mm256_set1_epi32((gint32)word * 64));
    for (guint part = 0; part < 8; part++, fits >>= 8, foreign >>= 8) {
        guint i = word * 64 + part * 8;
        __m256i open;
        __m256i cost = avx2_cost(view, constants, i, fits, foreign, &open);
        __m256i value = _mm256_add_epi32(cost, _mm256_loadu_si256((const void *)(price + i)));
        __m256i less = _mm256_and_si256(open, _mm256_cmpgt_epi32(least, value));
        least = _mm256_blendv_epi8(least, value, less);
        where = _mm256_blendv_epi8(where, at, less);
        at = _mm256_add_epi32(at, _mm256_set1_epi32(8));
    }
    return avx2_least_lane(least, where, out_column);
}

AVX2 static gint32
best(const CnView *view,
     const gint32 *price,
     gint32 *word_bounds,
     guint *out_column,
     guint *out_words)
{
    Avx2Constants constants = avx2_constants(view);
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

AVX2 static guint
list_within(const CnView *view,
            const gint32 *price,
            const gint32 *word_bounds,
            gint32 most,
            guint *columns,
            gint32 *sums,
            guint *out_words)
{
    Avx2Constants constants = avx2_constants(view);
    const __m256i bound = _mm256_set1_epi32(most);
    guint len = 0;
    *out_words = 0;
    for (guint word = view->first; word < view->end; word++) {
        if (word_bounds[word] > most)
            continue;
        ++*out_words;
        guint64 fits = view->fits[word], foreign = view->foreign[word];
        for (guint part = 0; part < 8; part++, fits >>= 8, foreign >>= 8) {
            guint i = word * 64 + part * 8;
            gint32 lanes[8];
            __m256i open;
            __m256i cost = avx2_cost(view, &constants, i, fits, foreign, &open);
            __m256i value = _mm256_add_epi32(cost, _mm256_loadu_si256((const void *)(price + i)));
            __m256i near = _mm256_andnot_si256(_mm256_cmpgt_epi32(value, bound), open);
            guint left = (guint)_mm256_movemask_ps(_mm256_castsi256_ps(near));
            if (left == 0)
                continue;
            _mm256_storeu_si256((void *)lanes, value);
            for (; left != 0; left &= left - 1) {
                columns[len] = i + (guint)__builtin_ctz(left);
                sums[len++] = lanes[__builtin_ctz(left)];
            }
        }
    }
    return len;
}

/* Puts on the list what is less than its bound in a word. */
AVX2 static inline void
keep_word(const CnView *view,
          const Avx2Constants *constants,
          const gint32 *price,
          guint word,
          CnNear *list)
{
    guint64 fits = view->fits[word], foreign = view->foreign[word];
    for (guint part = 0; part < 8; part++, fits >>= 8, foreign >>= 8) {
        guint i = word * 64 + part * 8;
        gint32 sums[8];
        __m256i open;
        __m256i cost = avx2_cost(view, constants, i, fits, foreign, &open);
        __m256i value = _mm256_add_epi32(cost, _mm256_loadu_si256((const void *)(price + i)));
        __m256i less = _mm256_cmpgt_epi32(_mm256_set1_epi32(list->bound), value);
        less = _mm256_and_si256(less, open);
        guint left = (guint)_mm256_movemask_ps(_mm256_castsi256_ps(less));
        if (left == 0)
            continue;
        _mm256_storeu_si256((void *)sums, value);
        for (; left != 0; left &= left - 1) {
            guint lane = (guint)__builtin_ctz(left);
            if (sums[lane] < list->bound)
                cn_keep_near(list, i + lane, sums[lane]);
        }
    }
}

AVX2 static guint
near_list(const CnView *view, const gint32 *price, gint32 *word_bounds, CnNear *list)
{
    Avx2Constants constants = avx2_constants(view);
    list->len = 0;
    list->bound = CN_FAR;
    for (guint words = 0;; words++) {
        guint word = least_word(view, word_bounds);
        if (word_bounds[word] >= list->bound)
            return words;
        word_bounds[word] = CN_FAR;
        keep_word(view, &constants, price, word, list);
    }
}

AVX2 static gint32
least(const gint32 *a, const gint32 *b, guint len, guint *out_column)
{
    __m256i sums = _mm256_set1_epi32(G_MAXINT32), where = _mm256_setzero_si256();
    __m256i at = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (guint i = 0; i < len; i += 8) {
        __m256i sum = _mm256_add_epi32(_mm256_loadu_si256((const void *)(a + i)),
                                       _mm256_loadu_si256((const void *)(b + i)));
        __m256i less = _mm256_cmpgt_epi32(sums, sum);
        sums = _mm256_min_epi32(sums, sum);
        where = _mm256_blendv_epi8(where, at, less);
        at = _mm256_add_epi32(at, _mm256_set1_epi32(8));
    }
    return avx2_least_lane(sums, where, out_column);
}

AVX2 static gint32
next_word(const gint32 *key, const gint32 *reach, const gint32 *hold, guint len, guint *out_word)
{
    __m256i sums = _mm256_set1_epi32(G_MAXINT32), where = _mm256_setzero_si256();
    __m256i at = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (guint i = 0; i < len; i += 8) {
        __m256i sum = _mm256_add_epi32(_mm256_loadu_si256((const void *)(reach + i)),
                                       _mm256_loadu_si256((const void *)(hold + i)));
        sum = _mm256_min_epi32(sum, _mm256_loadu_si256((const void *)(key + i)));
        __m256i less = _mm256_cmpgt_epi32(sums, sum);
        sums = _mm256_min_epi32(sums, sum);
        where = _mm256_blendv_epi8(where, at, less);
        at = _mm256_add_epi32(at, _mm256_set1_epi32(8));
    }
    return avx2_least_lane(sums, where, out_word);
}

const CnScanTable cn_scan_avx2 = {narrow,    least_minutes, bounds, best,
                                  near_list, list_within,   least,  next_word};
#endif
