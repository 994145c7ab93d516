/* The scans in plain C, and which form a processor gets. */
#include "routing/assign-scan.h"

#include "routing/market-private.h"

static inline gint32
cost_at(const CnViewNarrow *view, guint word, guint bit)
{
    guint i = word * 64 + bit;
    gint32 way =
        view->minutes[i] == CN_NARROW_NO_LINK ? view->no_link : view->minutes[i] * view->per_min;
    gint32 foreign = (view->foreign[word] >> bit) & 1 ? view->foreign_cost : 0;
    return view->base[i] + view->add + way + foreign;
}

static void
narrow(const gint32 *minutes, guint16 *row, guint len)
{
    for (guint i = 0; i < len; i++)
        row[i] = minutes[i] == CN_MIN_NEVER     ? CN_NARROW_NEVER
                 : minutes[i] == CN_MIN_NO_LINK ? CN_NARROW_NO_LINK
                                                : (guint16)minutes[i];
}

static void
least_minutes(const guint16 *row, guint len, guint16 no_link, guint16 *least)
{
    for (guint i = 0; i < len; i++) {
        guint16 minutes = row[i] == CN_NARROW_NO_LINK ? no_link : row[i];
        least[i / 64] = i % 64 == 0 ? minutes : MIN(least[i / 64], minutes);
    }
}

static void
bounds(const CnViewNarrow *view, guint len, const gint32 *word_price, gint32 *word_bounds)
{
    for (guint word = view->first; word < view->end; word++) {
        guint16 minutes = view->minutes[len + word];
        word_bounds[word] =
            view->fits[word] == 0 || minutes > view->limit
                ? CN_FAR_NARROW
                : view->base[len + word] + view->add + minutes * view->per_min + word_price[word];
    }
}

static guint
least_word(const CnViewNarrow *view, const gint32 *word_bounds)
{
    guint first = view->first;
    for (guint word = view->first + 1; word < view->end; word++)
        if (word_bounds[word] < word_bounds[first])
            first = word;
    return first;
}

static gint32
best(const CnViewNarrow *view,
     const gint32 *price,
     gint32 *word_bounds,
     guint *out_column,
     guint *out_words)
{
    gint32 sum = CN_FAR_NARROW;
    for (*out_words = 0;; ++*out_words) {
        guint word = least_word(view, word_bounds);
        if (cn_scan_is_over(word_bounds[word], word, sum, *out_column))
            return sum;
        word_bounds[word] = CN_FAR_NARROW;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint32 value = cost_at(view, word, bit) + price[i];
            if (value < sum || (value == sum && i < *out_column)) {
                sum = value;
                *out_column = i;
            }
        }
    }
}

static guint
list_within(const CnViewNarrow *view,
            const gint32 *price,
            const gint32 *word_bounds,
            gint32 most,
            guint *columns,
            gint32 *sums,
            guint *out_words)
{
    guint len = 0;
    *out_words = 0;
    for (guint word = view->first; word < view->end; word++) {
        if (word_bounds[word] > most)
            continue;
        ++*out_words;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint32 value = cost_at(view, word, bit) + price[i];
            if (value > most)
                continue;
            columns[len] = i;
            sums[len++] = value;
        }
    }
    return len;
}

static guint
near_list(const CnViewNarrow *view, const gint32 *price, gint32 *word_bounds, CnNearNarrow *list)
{
    list->len = 0;
    list->bound = CN_FAR_NARROW;
    for (guint words = 0;; words++) {
        guint word = least_word(view, word_bounds);
        if (word_bounds[word] >= list->bound)
            return words;
        word_bounds[word] = CN_FAR_NARROW;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint32 value = cost_at(view, word, bit) + price[i];
            if (value < list->bound)
                cn_keep_near(list, i, value);
        }
    }
}

static void
lower(const CnViewNarrow *view,
      guint word,
      gint32 own,
      gint32 tie,
      const CnRowNarrow *row,
      gint32 name)
{
    for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
        guint bit = (guint)__builtin_ctzll(open);
        if (view->minutes[word * 64 + bit] > view->limit)
            continue;
        gint32 value = cost_at(view, word, bit) - own;
        if (value >= row->sum[bit] + tie)
            continue;
        row->sum[bit] = value;
        row->who[bit] = name;
        if (row->mirror != NULL)
            row->mirror[bit * row->stride] = value;
    }
}

static gint32
least(const gint32 *a, const gint32 *b, guint len, guint *out_column)
{
    gint32 sum = G_MAXINT32;
    for (guint i = 0; i < len; i++)
        if (a[i] + b[i] < sum) {
            sum = a[i] + b[i];
            *out_column = i;
        }
    return sum;
}

static gint32
next_word(const gint32 *key, const gint32 *reach, const gint32 *hold, guint len, guint *out_word)
{
    gint32 sum = G_MAXINT32;
    for (guint i = 0; i < len; i++)
        if (MIN(key[i], reach[i] + hold[i]) < sum) {
            sum = MIN(key[i], reach[i] + hold[i]);
            *out_word = i;
        }
    return sum;
}

static void
relax_pieces(const CnPieceNarrow *pieces,
             guint pieces_len,
             gint32 start,
             gint32 *reach,
             const gint32 *hold,
             gint32 *from,
             gint32 node,
             gint32 *key)
{
    for (guint k = 0; k < pieces_len; k++) {
        const guint first = pieces[k].word * 64;
        for (guint i = 0; i < 64; i++) {
            gint32 other = start + pieces[k].sum[i];
            if (other >= reach[first + i])
                continue;
            reach[first + i] = other;
            from[first + i] = node;
            key[pieces[k].word] = MIN(key[pieces[k].word], other + hold[first + i]);
        }
    }
}

const CnScanTable cn_scan_scalar = {narrow,      least_minutes, bounds, best,      near_list,
                                    list_within, lower,         least,  next_word, relax_pieces};

const CnScanTable *
cn_scan_table(CnCpuPath cpu)
{
#if defined(__x86_64__)
    if ((cpu == CN_CPU_AUTO || cpu == CN_CPU_AVX512) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return &cn_scan_avx512;
    if (cpu != CN_CPU_SCALAR && __builtin_cpu_supports("avx2"))
        return &cn_scan_avx2;
#else
    (void)cpu;
#endif
    return &cn_scan_scalar;
}
