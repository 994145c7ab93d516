/* The scans in plain C, written once for 32-bit and for 64-bit sums; see assign-scan-types.h. What the other
 * forms are compared with. */

#include "routing/market-private.h"

static void
plain_narrow(const gint32 *minutes, CnMinutes *row, guint len)
{
    for (guint i = 0; i < len; i++)
        row[i] = minutes[i] == CN_MIN_NEVER     ? CN_MINUTES_NEVER
                 : minutes[i] == CN_MIN_NO_LINK ? CN_MINUTES_NO_LINK
                                                : (CnMinutes)minutes[i];
}

static void
plain_least_minutes(const CnMinutes *row, guint len, CnMinutes no_link, CnMinutes *least)
{
    for (guint i = 0; i < len; i++) {
        CnMinutes minutes = row[i] == CN_MINUTES_NO_LINK ? no_link : row[i];
        least[i / 64] = i % 64 == 0 ? minutes : MIN(least[i / 64], minutes);
    }
}

static void
plain_bounds(const CnView *view, guint len, const CnSum *word_price, CnSum *word_bounds)
{
    for (guint word = view->first; word < view->end; word++) {
        CnMinutes minutes = view->minutes[len + word];
        word_bounds[word] = view->fits[word] == 0 || minutes > view->limit
                                ? CN_FAR
                                : view->base[len + word] + view->add +
                                      (CnSum)minutes * view->per_min + word_price[word];
    }
}

static guint
plain_least_word(const CnView *view, const CnSum *word_bounds)
{
    guint first = view->first;
    for (guint word = view->first + 1; word < view->end; word++)
        if (word_bounds[word] < word_bounds[first])
            first = word;
    return first;
}

static CnSum
plain_best(const CnView *view,
           const CnSum *price,
           CnSum *word_bounds,
           guint *out_column,
           guint *out_words)
{
    CnSum sum = CN_FAR;
    for (*out_words = 0;; ++*out_words) {
        guint word = plain_least_word(view, word_bounds);
        if (cn_scan_is_over(word_bounds[word], word, sum, *out_column))
            return sum;
        word_bounds[word] = CN_FAR;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            CnSum value = cn_view_cost(view, word, bit) + price[i];
            if (value < sum || (value == sum && i < *out_column)) {
                sum = value;
                *out_column = i;
            }
        }
    }
}

static guint
plain_within(const CnView *view,
             const CnSum *price,
             const CnSum *word_bounds,
             CnSum most,
             guint *columns,
             CnSum *sums,
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
            CnSum value = cn_view_cost(view, word, bit) + price[i];
            if (value > most)
                continue;
            columns[len] = i;
            sums[len++] = value;
        }
    }
    return len;
}

static guint
plain_near(const CnView *view, const CnSum *price, CnSum *word_bounds, CnNear *list)
{
    list->len = 0;
    list->bound = CN_FAR;
    for (guint words = 0;; words++) {
        guint word = plain_least_word(view, word_bounds);
        if (word_bounds[word] >= list->bound)
            return words;
        word_bounds[word] = CN_FAR;
        for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
            guint bit = (guint)__builtin_ctzll(open), i = word * 64 + bit;
            if (view->minutes[i] > view->limit)
                continue;
            CnSum value = cn_view_cost(view, word, bit) + price[i];
            if (value < list->bound)
                cn_keep_near(list, i, value);
        }
    }
}

static CnSum
plain_least(const CnSum *a, const CnSum *b, guint len, guint *out_column)
{
    CnSum sum = CN_SUM_MOST;
    for (guint i = 0; i < len; i++)
        if (a[i] + b[i] < sum) {
            sum = a[i] + b[i];
            *out_column = i;
        }
    return sum;
}

static CnSum
plain_next_word(const CnSum *key, const CnSum *reach, const CnSum *hold, guint len, guint *out_word)
{
    CnSum sum = CN_SUM_MOST;
    for (guint i = 0; i < len; i++)
        if (MIN(key[i], reach[i] + hold[i]) < sum) {
            sum = MIN(key[i], reach[i] + hold[i]);
            *out_word = i;
        }
    return sum;
}

static const CnScanTable plain_scans = {plain_narrow, plain_least_minutes, plain_bounds,
                                        plain_best,   plain_near,          plain_within,
                                        plain_least,  plain_next_word};
