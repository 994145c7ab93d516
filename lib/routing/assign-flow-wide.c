/* The flow in 64-bit sums, for policies whose weights do not fit the narrow one. */
#include "routing/assign-private.h"

#include <string.h>

typedef gint64 Sum;
typedef guint32 Minutes;
typedef struct {
    const guint32 *minutes;
    const gint64 *base;
    const guint64 *fits;
    const guint64 *foreign;
    gint64 foreign_cost, no_link, per_min, add;
    guint limit;
    guint first, end;
    guint patches, patches_len;
} View;
typedef struct {
    gint64 *sum;
    gint32 *who;
    gint64 *mirror;
    gsize stride;
} Row;
#define FAR             ((gint64)1 << 60)
#define MINUTES_NO_LINK CN_MIN_NO_LINK
#define WORDS_BEHIND    0

static inline gint64
wide_cost(const View *view, guint word, guint bit)
{
    guint i = word * CN_WORD + bit;
    gint64 way = view->minutes[i] == CN_MIN_NO_LINK ? view->no_link
                                                    : (gint64)view->minutes[i] * view->per_min;
    gint64 foreign = (view->foreign[word] >> bit) & 1 ? view->foreign_cost : 0;
    return view->base[i] + view->add + way + foreign;
}

static void
wide_least_minutes(const guint32 *row, guint len, guint32 no_link, guint32 *least)
{
    for (guint i = 0; i < len; i++) {
        guint32 minutes = row[i] == CN_MIN_NO_LINK ? no_link : row[i];
        least[i / CN_WORD] = i % CN_WORD == 0 ? minutes : MIN(least[i / CN_WORD], minutes);
    }
}

static void
wide_bounds(const View *view, guint len, const gint64 *word_price, gint64 *bounds)
{
    for (guint word = view->first; word < view->end; word++) {
        guint32 minutes = view->minutes[len + word];
        bounds[word] = view->fits[word] == 0 || minutes > view->limit
                           ? FAR
                           : view->base[len + word] + view->add + (gint64)minutes * view->per_min +
                                 word_price[word];
    }
}

static guint
wide_least_word(const View *view, const gint64 *bounds)
{
    guint least = view->first;
    for (guint word = view->first + 1; word < view->end; word++)
        if (bounds[word] < bounds[least])
            least = word;
    return least;
}

static gint64
wide_best(const View *view,
          const gint64 *price,
          gint64 *bounds,
          guint *out_column,
          guint *out_words)
{
    gint64 least = FAR;
    for (*out_words = 0;; ++*out_words) {
        guint word = wide_least_word(view, bounds);
        if (bounds[word] >= FAR || bounds[word] > least ||
            (bounds[word] == least && word > *out_column / CN_WORD))
            return least;
        bounds[word] = FAR;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * CN_WORD + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint64 value = wide_cost(view, word, bit) + price[i];
            if (value < least || (value == least && i < *out_column)) {
                least = value;
                *out_column = i;
            }
        }
    }
}

static void
wide_values(const View *view, const gint64 *price, gint64 *values, gint64 *word_least)
{
    for (guint word = view->first; word < view->end; word++) {
        gint64 least = FAR;
        for (guint bit = 0; bit < CN_WORD; bit++) {
            guint i = word * CN_WORD + bit;
            gboolean open = ((view->fits[word] >> bit) & 1) != 0 && view->minutes[i] <= view->limit;
            values[i] = open ? wide_cost(view, word, bit) + price[i] : FAR;
            least = MIN(least, values[i]);
        }
        word_least[word] = least;
    }
}

static void
wide_lower(const View *view, gint64 own, gint64 tie, const Row *row, gint32 name)
{
    for (guint word = view->first; word < view->end; word++)
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * CN_WORD + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint64 value = wide_cost(view, word, bit) - own;
            if (value >= row->sum[i] + tie)
                continue;
            row->sum[i] = value;
            row->who[i] = name;
            if (row->mirror != NULL)
                row->mirror[i * row->stride] = value;
        }
}

static gint64
wide_relax(const gint64 *way,
           gint64 start,
           gint64 *reach,
           const gint64 *hold,
           gint32 *from,
           gint32 node,
           guint len,
           guint *out_column)
{
    gint64 least = G_MAXINT64;
    for (guint i = 0; i < len; i++) {
        if (start + way[i] < reach[i]) {
            reach[i] = start + way[i];
            from[i] = node;
        }
        if (reach[i] + hold[i] < least) {
            least = reach[i] + hold[i];
            *out_column = i;
        }
    }
    return least;
}

/* They are as they are. */
#define NARROW(flow, minutes, row) memcpy((row), (minutes), (flow)->len * sizeof *(row))
#define LEAST_MINUTES(flow, row, no_link, least) \
    wide_least_minutes((row), (flow)->len, (no_link), (least))
#define SCAN_BOUNDS(flow, view, word_price, bounds_out) \
    wide_bounds((view), (flow)->len, (word_price), (bounds_out))
#define SCAN_BEST(flow, view, price, bounds, out_column, out_words) \
    wide_best((view), (price), (bounds), (out_column), (out_words))
#define SCAN_VALUES(flow, view, price, sums, word_least) \
    wide_values((view), (price), (sums), (word_least))
#define SCAN_LOWER(flow, view, own, tie, row, name) wide_lower((view), (own), (tie), (row), (name))
#define SCAN_RELAX(flow, way, start, reach, hold, from, node, len, out_column) \
    wide_relax((way), (start), (reach), (hold), (from), (node), (len), (out_column))

#include "routing/assign-flow-body.h"

gboolean
cn_flow_solve_wide(CnSolve *solve)
{
    return flow_solve(solve, solve->market->step);
}
