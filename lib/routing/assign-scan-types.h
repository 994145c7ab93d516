/* What the scans of the solver are given, written once for 32-bit and for 64-bit sums. A file says first what
 * CnSum and CnMinutes are, and CN_FAR, CN_SUM_MOST, CN_MINUTES_NEVER, CN_MINUTES_NO_LINK and CN_WORDS_BEHIND. */
#pragma once

/* One class, to be put to columns [first * 64, end * 64). Behind the columns, rows of minutes and of fixed
 * costs hold the least of each word. */
typedef struct {
    const CnMinutes *minutes;
    const CnSum *base;
    const guint64 *fits;
    const guint64 *foreign;
    CnSum foreign_cost, no_link, per_min, add;
    guint limit; /* minutes; at most CN_MINUTES_NO_LINK */
    guint first, end;
    guint patches, patches_len; /* in CnMarket.patches; not looked at by the scans */
} CnView;

/* What it costs at column @bit of a word, if it may go there. */
static inline CnSum
cn_view_cost(const CnView *view, guint word, guint bit)
{
    guint i = word * 64 + bit;
    CnSum way = view->minutes[i] == CN_MINUTES_NO_LINK ? view->no_link
                                                       : (CnSum)view->minutes[i] * view->per_min;
    CnSum foreign = (view->foreign[word] >> bit) & 1 ? view->foreign_cost : 0;
    return view->base[i] + view->add + way + foreign;
}

/* The columns with the least cost + price of a class, the best first. Whatever is not on it costs @bound
 * or more, its price included. */
#define CN_NEAR_MOST 8
typedef struct {
    guint len;
    CnSum bound;
    guint column[CN_NEAR_MOST];
    CnSum cost[CN_NEAR_MOST];
} CnNear;

typedef struct {
    /* Minutes of cn_component_minutes() in as many bits as a row has; all that are minutes are less than
     * CN_MINUTES_NO_LINK. @len is a multiple of 64. */
    void (*narrow)(const gint32 *minutes, CnMinutes *row, guint len);
    /* The least of each word of @row, where nothing known of the way counts as @no_link minutes. */
    void (*least_minutes)(const CnMinutes *row, guint len, CnMinutes no_link, CnMinutes *least);
    /* What a column of each word costs at least, @word_price included: CN_FAR where none of its
     * columns fits. All rows have @len columns. */
    void (*bounds)(const CnView *view, guint len, const CnSum *word_price, CnSum *bounds);
    /* The least cost + price, and the first column that has it; CN_FAR where none fits. Takes words
     * in the order of their bounds, which it uses up, while they may hold it; says how many. */
    CnSum (*best)(const CnView *view,
                  const CnSum *price,
                  CnSum *bounds,
                  guint *out_column,
                  guint *out_words);
    /* The list of the least, with cost + price for costs; of equal ones those that are looked at first. Uses
     * @bounds up in the same way; returns how many words were looked at. */
    guint (*near)(const CnView *view, const CnSum *price, CnSum *bounds, CnNear *list);
    /* The columns whose cost + price is @most or less, from the first on, and these sums; how many. Takes
     * the words whose bounds are no more than that, and says how many. */
    guint (*within)(const CnView *view,
                    const CnSum *price,
                    const CnSum *bounds,
                    CnSum most,
                    guint *columns,
                    CnSum *sums,
                    guint *out_words);
    /* The least @a + @b of all @len (a multiple of 16), and the first that has it. */
    CnSum (*least)(const CnSum *a, const CnSum *b, guint len, guint *out_column);
    /* The same of the lesser of @key and @reach + @hold. */
    CnSum (*next_word)(const CnSum *key,
                       const CnSum *reach,
                       const CnSum *hold,
                       guint len,
                       guint *out_word);
} CnScanTable;

/* Whether a word that costs @bound or more, as all words do that are not looked at yet, cannot hold a
 * column that is better than @least at @column, or as good and before it. */
static inline gboolean
cn_scan_is_over(CnSum bound, guint word, CnSum least, guint column)
{
    return bound >= CN_FAR || bound > least || (bound == least && word > column / 64);
}

/* Puts a sum that is less than the bound on the list. */
static inline void
cn_keep_near(CnNear *list, guint column, CnSum value)
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
