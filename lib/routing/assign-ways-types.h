/* What the scans of ways are given, written once for ways of 16, 32 and 64 bits. A file says first what assign-scan-types.h
 * asks for, and includes it.
 *
 * Ways are sums that are kept for long and in great number. The file also says what CnWay is, which holds what a place
 * costs more than another, and CN_WAY_FAR, which is more than that; and what a name is, a position at a node as far as CnName
 * holds it: CN_NAME_NONE is nobody, or one whose position it does not hold. */
#pragma once

/* Slots of a mirror that lie side by side. From one column to the next it is an odd number of halves of a line of a cache, or of
 * lines, lest all columns stand in the same ones. */
#define CN_MIRROR_SLOTS 240

/* Of each column of a word a way, and whose it is: the stay of the last to come of equals. */
typedef struct {
    CnWay sum[64];
    CnName who[64];
} CnRow;

/* The ways of a node to one word of columns. */
typedef struct {
    guint word, slot; /* see Mirror in assign-flow-body.h */
    CnRow *row;
} CnPiece;

typedef struct {
    /* Where cost - @own is less than the row in the word, or as much and @name is more than `who`, the row
     * becomes so and its `who` becomes @name; and, where @mirror is not NULL, what became less also in a column of
     * another matrix, with CN_MIRROR_SLOTS ways from one to the next. */
    void (
        *lower)(const CnView *view, guint word, CnSum own, CnRow *row, CnWay *mirror, CnName name);
    /* The least sum of a way and where it starts of all @len (a multiple of 16), and the first that has it;
     * CN_FAR where there is none. */
    CnSum (*least_way)(const CnWay *ways, const CnSum *starts, guint len, guint *out_slot);
    /* Where @start + a way is less than @reach, it becomes so and @from becomes @node; the @key of the
     * word becomes the least of these reaches + @hold, if that is less. */
    void (*relax_pieces)(const CnPiece *pieces,
                         guint pieces_len,
                         CnSum start,
                         CnSum *reach,
                         const CnSum *hold,
                         gint32 *from,
                         gint32 node,
                         CnSum *key);
} CnWayTable;
