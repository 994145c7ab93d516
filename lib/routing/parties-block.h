/* What branch and bound (parties-branch.c) decides at once: where a party goes, a flock, a pack, or one need of those
 * that fell apart. */
#pragma once

#include "routing/parties-private.h"

typedef enum {
    CN_BLOCK_PARTY,
    CN_BLOCK_FLOCK,
    CN_BLOCK_PACK,
    CN_BLOCK_SINGLE /* a need of a flock or pack that fell apart */
} CnBlockKind;

typedef struct {
    CnBlockKind kind;
    CnParty *party; /* of the first three kinds one; borrowed */
    CnFlock *flock;
    CnPack *pack;
    GArray *needs;    /* (element-type guint) */
    gint64 extra;     /* what a single pays besides, wherever it is placed */
    gboolean decided; /* where it goes, or that it falls apart */
    gboolean pinned;  /* all of its needs are: there is nothing to decide */
    CnLevels least;   /* at the prices of the last look: no plan gives it less */
} CnBlock;

/* One way to decide it. */
typedef struct {
    CnLevels value; /* at the prices at which it was listed */
    CnLevels cost;  /* the same without prices */
    gint *at;       /* by need: offering, -1 unmet; NULL: it falls apart, each need by itself */
} CnBlockOption;

/* What an answer costs at least without the block, and what is to be better than. */
typedef struct {
    CnLevels rest;
    CnLevels known;
} CnBlockLimit;

static inline gboolean
cn_block_is_hopeless(const CnBlockLimit *limit, const CnLevels *value)
{
    CnLevels sum = limit->rest;
    cn_levels_add(&sum, value, 1);
    return cn_levels_compare(&sum, &limit->known) >= 0;
}

static inline guint
cn_block_need(const CnBlock *block, guint i)
{
    return g_array_index(block->needs, guint, i);
}

static inline gboolean
cn_search_is_pinned(const CnSearch *search, guint need)
{
    return cn_market_pinned(search->market, need) >= 0;
}

static inline gint32
cn_search_units(const CnSearch *search, guint need)
{
    return cn_plan_need_of(search->needs, need)->units;
}

/* ---- parties-block.c */

void cn_block_clear(gpointer block);

/* Those of a search that has parties, flocks or packs, all of them open. (element-type CnBlock) (transfer full) */
GArray *cn_blocks_new(const CnSearch *search);

/* Needs that are not pinned, each a block by itself, are put behind the others. */
void cn_blocks_fall_apart(const CnSearch *search, GArray *blocks, guint at);
/* The block of its need @i by itself. To be cleared. */
CnBlock cn_block_single(const CnSearch *search, const CnBlock *block, guint i);
/* What each of these pays besides. */
gint64 cn_block_extra_of_singles(const CnSearch *search, const CnBlock *block);

/* Puts it where @option says, everybody who is decided being where they are. FALSE where there is no room for that or a
 * rule is broken: then nobody is put anywhere. Undone by cn_block_leave(). */
gboolean cn_block_put(CnSearch *search, const CnBlock *block, const CnBlockOption *option);
void cn_block_leave(CnSearch *search, const CnBlock *block);

/* Whether those of whom company is asked may be where @offering_of has them. */
gboolean cn_block_may_be(const CnSearch *search, const CnBlock *block, const gint *offering_of);

/* ---- parties-ways.c */

/* Finds the least of a block. */
void cn_block_look(CnSearch *search, CnBlock *block);

/* All ways below @limit, the least value first, at the last prices. NULL where there are more than @most.
 * (element-type CnBlockOption) (transfer full) */
GArray *cn_block_options(CnSearch *search,
                         const CnBlock *block,
                         const CnBlockLimit *limit,
                         guint most);
