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
    guint least = view->first;
    for (guint word = view->first + 1; word < view->end; word++)
        if (word_bounds[word] < word_bounds[least])
            least = word;
    return least;
}

static gint32
best(const CnViewNarrow *view,
     const gint32 *price,
     gint32 *word_bounds,
     guint *out_column,
     guint *out_words)
{
    gint32 least = CN_FAR_NARROW;
    for (*out_words = 0;; ++*out_words) {
        guint word = least_word(view, word_bounds);
        if (cn_scan_is_over(word_bounds[word], word, least, *out_column))
            return least;
        word_bounds[word] = CN_FAR_NARROW;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint32 value = cost_at(view, word, bit) + price[i];
            if (value < least || (value == least && i < *out_column)) {
                least = value;
                *out_column = i;
            }
        }
    }
}

static void
values(const CnViewNarrow *view, const gint32 *price, gint32 *sums, gint32 *word_least)
{
    for (guint word = view->first; word < view->end; word++) {
        gint32 least = CN_FAR_NARROW;
        for (guint bit = 0; bit < 64 && view->fits[word] != 0; bit++) {
            guint i = word * 64 + bit;
            gboolean open = ((view->fits[word] >> bit) & 1) != 0 && view->minutes[i] <= view->limit;
            sums[i] = open ? cost_at(view, word, bit) + price[i] : CN_FAR_NARROW;
            least = MIN(least, sums[i]);
        }
        word_least[word] = least;
    }
}

static void
lower(const CnViewNarrow *view, gint32 own, gint32 tie, const CnRowNarrow *row, gint32 name)
{
    for (guint word = view->first; word < view->end; word++)
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint32 value = cost_at(view, word, bit) - own;
            if (value >= row->sum[i] + tie)
                continue;
            row->sum[i] = value;
            row->who[i] = name;
            if (row->mirror != NULL)
                row->mirror[i * row->stride] = value;
        }
}

static gint32
relax(const gint32 *way,
      gint32 start,
      gint32 *reach,
      const gint32 *hold,
      gint32 *from,
      gint32 node,
      guint len,
      guint *out_column)
{
    gint32 least = G_MAXINT32;
    for (guint i = 0; i < len; i++) {
        gint32 other = start + way[i];
        if (other < reach[i]) {
            reach[i] = other;
            from[i] = node;
        }
        gint32 key = reach[i] + hold[i];
        if (key < least) {
            least = key;
            *out_column = i;
        }
    }
    return least;
}

const CnScanTable cn_scan_scalar = {narrow, least_minutes, bounds, best, values, lower, relax};

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
