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
typedef struct {
    guint word, slot;
    gint64 *sum;
    gint32 *who;
} Piece;
#define CN_NEAR_MOST 8
typedef struct {
    guint len;
    gint64 bound;
    guint column[CN_NEAR_MOST];
    gint64 cost[CN_NEAR_MOST];
} NearList;
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

static guint
wide_within(const View *view,
            const gint64 *price,
            const gint64 *word_bounds,
            gint64 most,
            guint *columns,
            gint64 *sums,
            guint *out_words)
{
    guint len = 0;
    *out_words = 0;
    for (guint word = view->first; word < view->end; word++) {
        if (word_bounds[word] > most)
            continue;
        ++*out_words;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * CN_WORD + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint64 value = wide_cost(view, word, bit) + price[i];
            if (value > most)
                continue;
            columns[len] = i;
            sums[len++] = value;
        }
    }
    return len;
}

static void
wide_keep_near(NearList *list, guint column, gint64 value)
{
    guint i = list->len < CN_NEAR_MOST ? list->len++ : CN_NEAR_MOST - 1;
    for (; i > 0 && list->cost[i - 1] > value; i--) {
        list->cost[i] = list->cost[i - 1];
        list->column[i] = list->column[i - 1];
    }
    list->cost[i] = value;
    list->column[i] = column;
    if (list->len == CN_NEAR_MOST)
        list->bound = list->cost[CN_NEAR_MOST - 1];
}

static guint
wide_near(const View *view, const gint64 *price, gint64 *bounds, NearList *list)
{
    list->len = 0;
    list->bound = FAR;
    for (guint words = 0;; words++) {
        guint word = wide_least_word(view, bounds);
        if (bounds[word] >= list->bound)
            return words;
        bounds[word] = FAR;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * CN_WORD + bit;
            if (view->minutes[i] > view->limit)
                continue;
            gint64 value = wide_cost(view, word, bit) + price[i];
            if (value < list->bound)
                wide_keep_near(list, i, value);
        }
    }
}

static void
wide_lower(const View *view, guint word, gint64 own, gint64 tie, const Row *row, gint32 name)
{
    for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
        guint bit = (guint)__builtin_ctzll(open);
        if (view->minutes[word * CN_WORD + bit] > view->limit)
            continue;
        gint64 value = wide_cost(view, word, bit) - own;
        if (value >= row->sum[bit] + tie)
            continue;
        row->sum[bit] = value;
        row->who[bit] = name;
        if (row->mirror != NULL)
            row->mirror[bit * row->stride] = value;
    }
}

static gint64
wide_least(const gint64 *a, const gint64 *b, guint len, guint *out_column)
{
    gint64 sum = G_MAXINT64;
    for (guint i = 0; i < len; i++)
        if (a[i] + b[i] < sum) {
            sum = a[i] + b[i];
            *out_column = i;
        }
    return sum;
}

static gint64
wide_next_word(const gint64 *key,
               const gint64 *reach,
               const gint64 *hold,
               guint len,
               guint *out_word)
{
    gint64 sum = G_MAXINT64;
    for (guint i = 0; i < len; i++)
        if (MIN(key[i], reach[i] + hold[i]) < sum) {
            sum = MIN(key[i], reach[i] + hold[i]);
            *out_word = i;
        }
    return sum;
}

static void
wide_relax_pieces(const Piece *pieces,
                  guint pieces_len,
                  gint64 start,
                  gint64 *reach,
                  const gint64 *hold,
                  gint32 *from,
                  gint32 node,
                  gint64 *key)
{
    for (guint k = 0; k < pieces_len; k++) {
        const guint first = pieces[k].word * CN_WORD;
        for (guint i = 0; i < CN_WORD; i++) {
            if (start + pieces[k].sum[i] >= reach[first + i])
                continue;
            reach[first + i] = start + pieces[k].sum[i];
            from[first + i] = node;
            key[pieces[k].word] = MIN(key[pieces[k].word], reach[first + i] + hold[first + i]);
        }
    }
}

/* They are as they are. */
#define NARROW(flow, minutes, row) memcpy((row), (minutes), (flow)->len * sizeof *(row))
#define LEAST_MINUTES(flow, row, no_link, least) \
    wide_least_minutes((row), (flow)->len, (no_link), (least))
#define SCAN_BOUNDS(flow, view, word_price, bounds_out) \
    wide_bounds((view), (flow)->len, (word_price), (bounds_out))
#define SCAN_BEST(flow, view, price, bounds, out_column, out_words) \
    wide_best((view), (price), (bounds), (out_column), (out_words))
#define SCAN_NEAR(flow, view, price, bounds, list) wide_near((view), (price), (bounds), (list))
#define KEEP_NEAR(list, column, value)             wide_keep_near((list), (column), (value))
#define SCAN_WITHIN(flow, view, price, bounds, most, columns, sums, out_words) \
    wide_within((view), (price), (bounds), (most), (columns), (sums), (out_words))
#define SCAN_LOWER(flow, view, word, own, tie, row, name) \
    wide_lower((view), (word), (own), (tie), (row), (name))
#define SCAN_LEAST(flow, a, b, len, out) wide_least((a), (b), (len), (out))
#define SCAN_NEXT_WORD(flow, out_word)                                                          \
    wide_next_word((flow)->word_key, (flow)->word_reach, (flow)->word_hold, (flow)->words_room, \
                   (out_word))
#define SCAN_RELAX_PIECES(flow, pieces, len, start, node)                                  \
    wide_relax_pieces((pieces), (len), (start), (flow)->reach, (flow)->hold, (flow)->from, \
                      (gint32)(node), (flow)->word_key)

#include "routing/assign-flow-body.h"

gboolean
cn_flow_solve_wide(CnSolve *solve)
{
    return flow_solve(solve, solve->market->step);
}
