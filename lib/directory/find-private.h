/* Between the parts of find: what was found, the order of it, and the rows that show it. */
#pragma once

#include "directory/find.h"

/* An offering that was found. Only those that are shown get more than this. */
typedef struct {
    /* What it is sorted by (find-order.c): the less, the earlier; then by id. Offerings are held in
     * the order of their ids. */
    guint64 first, second;
    gint64 distance_m; /* -1: there is no way, or it has no length */
    gint32 travel_min; /* -1 the same */
    guint offering;
    guint8 unit; /* CnUnit */
    guint8 unconfirmed;
    guint8 restricted;
} CnMatch;

/* (array len) */
typedef struct {
    CnMatch *list;
    gsize len;
    gsize room;
} CnMatches;

/* One more, with nothing in it; until the next. */
CnMatch *cn_matches_add(CnMatches *matches);
void cn_matches_clear(CnMatches *matches);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnMatches, cn_matches_clear)

typedef enum {
    CN_SORT_DEFAULT,
    CN_SORT_DISTANCE,
    CN_SORT_WAIT,
    CN_SORT_FREE,
    CN_SORT_NAME,
    CN_SORT_PROVIDER,
    CN_SORT_VERIFIED
} CnSortKey;

/* NULL is the default; FALSE sets invalid-argument. */
gboolean cn_sort_key_parse(const char *text, CnSortKey *out_key, GError **error);
gboolean cn_sort_key_reads_capacity(CnSortKey key);

/* Fills in what each match is sorted by, from the rest of it, capacity and the day of confirmation. */
void cn_matches_set_order(CnMatches *matches, CnSortKey key, const CnListing *listing);
/* Brings the first @most matches of the order to the front, in order, and forgets the others. O(n) and
 * a little, where few are asked for. */
void cn_matches_sort(CnMatches *matches, gsize most, CnSortKey key, const CnListing *listing);

/* The table of find, without rows. (transfer full) */
CnTableBuilder *cn_find_table(void);
void cn_find_add_rows(CnTableBuilder *table, const CnFind *find, const CnMatches *matches);
