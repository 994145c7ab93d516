/* The inner loops of the solver: one class against all columns, one row of ways against all
 * distances. Three forms of each that agree to the bit: plain C, AVX2, AVX-512. */
#pragma once

#include "routing/assign.h"

/* Sums that stay below CN_FAR_NARROW, so that two of them can be added. */
#define CN_FAR_NARROW     ((gint32)1 << 29)
#define CN_NARROW_NEVER   65535
#define CN_NARROW_NO_LINK 65534

/* Rows that are read word by word are so much longer than there are words. */
#define CN_WORDS_BEHIND 16

/* One class, to be put to columns [first * 64, end * 64). Behind the columns, rows of minutes and of fixed
 * costs hold the least of each word. */
typedef struct {
    const guint16 *minutes;
    const gint32 *base;
    const guint64 *fits;
    const guint64 *foreign;
    gint32 foreign_cost, no_link, per_min, add;
    guint limit; /* minutes; at most CN_NARROW_NO_LINK */
    guint first, end;
    guint patches, patches_len; /* in CnMarket.patches; not looked at by the scans */
} CnViewNarrow;

/* Of each column of a word a sum and what it is of; and, where @mirror is not NULL, the sum once more in a column
 * of another matrix, with so many sums from one to the next. */
typedef struct {
    gint32 *sum;
    gint32 *who;
    gint32 *mirror;
    gsize stride;
} CnRowNarrow;

/* The ways of a node to one word of columns. */
typedef struct {
    guint word, slot; /* see Mirror in assign-flow-body.h */
    gint32 *sum;
    gint32 *who; /* the stay that a way is of, the last to come of equals; -1 not known */
} CnPieceNarrow;

/* The columns with the least cost + price of a class, the best first. Whatever is not on it costs @bound
 * or more, its price included. */
#define CN_NEAR_MOST 8
typedef struct {
    guint len;
    gint32 bound;
    guint column[CN_NEAR_MOST];
    gint32 cost[CN_NEAR_MOST];
} CnNearNarrow;

typedef struct {
    /* Minutes of cn_component_minutes() in 16 bits; all that are minutes are less than
     * CN_NARROW_NO_LINK. @len is a multiple of 64. */
    void (*narrow)(const gint32 *minutes, guint16 *row, guint len);
    /* The least of each word of @row, where nothing known of the way counts as @no_link minutes. */
    void (*least_minutes)(const guint16 *row, guint len, guint16 no_link, guint16 *least);
    /* What a column of each word costs at least, @word_price included: CN_FAR_NARROW where none of its
     * columns fits. All rows have @len columns. */
    void (*bounds)(const CnViewNarrow *view, guint len, const gint32 *word_price, gint32 *bounds);
    /* The least cost + price, and the first column that has it; CN_FAR_NARROW where none fits. Takes words
     * in the order of their bounds, which it uses up, while they may hold it; says how many. */
    gint32 (*best)(const CnViewNarrow *view,
                   const gint32 *price,
                   gint32 *bounds,
                   guint *out_column,
                   guint *out_words);
    /* The list of the least, with cost + price for costs; of equal ones those that are looked at first. Uses
     * @bounds up in the same way; returns how many words were looked at. */
    guint (*near)(const CnViewNarrow *view,
                  const gint32 *price,
                  gint32 *bounds,
                  CnNearNarrow *list);
    /* The columns whose cost + price is @most or less, from the first on, and these sums; how many. Takes
     * the words whose bounds are no more than that, and says how many. */
    guint (*within)(const CnViewNarrow *view,
                    const gint32 *price,
                    const gint32 *bounds,
                    gint32 most,
                    guint *columns,
                    gint32 *sums,
                    guint *out_words);
    /* Where cost - @own is less than the row + @tie in the word, the row becomes so and its `who`
     * becomes @name. */
    void (*lower)(const CnViewNarrow *view,
                  guint word,
                  gint32 own,
                  gint32 tie,
                  const CnRowNarrow *row,
                  gint32 name);
    /* The least @a + @b of all @len (a multiple of 16), and the first that has it. */
    gint32 (*least)(const gint32 *a, const gint32 *b, guint len, guint *out_column);
    /* The same of the lesser of @key and @reach + @hold. */
    gint32 (*next_word)(const gint32 *key,
                        const gint32 *reach,
                        const gint32 *hold,
                        guint len,
                        guint *out_word);
    /* Where @start + a way is less than @reach, it becomes so and @from becomes @node; the @key of the
     * word becomes the least of these reaches + @hold, if that is less. */
    void (*relax_pieces)(const CnPieceNarrow *pieces,
                         guint pieces_len,
                         gint32 start,
                         gint32 *reach,
                         const gint32 *hold,
                         gint32 *from,
                         gint32 node,
                         gint32 *key);
} CnScanTable;

/* The table of a path, or of the best that this processor has below it. */
const CnScanTable *cn_scan_table(CnCpuPath cpu);

extern const CnScanTable cn_scan_scalar;
/* Whether a word that costs @bound or more, as all words do that are not looked at yet, cannot hold a
 * column that is better than @least at @column, or as good and before it. */
static inline gboolean
cn_scan_is_over(gint32 bound, guint word, gint32 least, guint column)
{
    return bound >= CN_FAR_NARROW || bound > least || (bound == least && word > column / 64);
}

/* Puts a sum that is less than the bound on the list. */
static inline void
cn_keep_near(CnNearNarrow *list, guint column, gint32 value)
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

#if defined(__x86_64__)
extern const CnScanTable cn_scan_avx2, cn_scan_avx512;
#endif
