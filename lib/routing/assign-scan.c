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

static gint32
best(const CnViewNarrow *view, const gint32 *price, guint *out_column)
{
    gint32 least = CN_FAR_NARROW;
    for (guint word = view->first; word < view->end; word++)
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint32 value = cost_at(view, word, bit) + price[i];
            if (value < least) {
                least = value;
                *out_column = i;
            }
        }
    return least;
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

const CnScanTable cn_scan_scalar = {narrow, best, values, lower, relax};

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
