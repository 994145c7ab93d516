/* Groups of people who keep their places, and what leaving would save them. */
#pragma once

#include "routing/keep.h"
#include "routing/levels.h"
#include "routing/plan-bonds.h"

/* Kept needs that are held or let go together: those of one party or flock. */
typedef struct {
    GArray *kept;     /* (element-type guint) positions in the list of kept */
    guint first_need; /* of all needs that are looked at together with them */
    gboolean held;
    CnLevels gain; /* at the prices last asked for: what they save at most by leaving */
} CnKeptGroup;

typedef struct {
    const CnKeepQuestion *question;
    GArray *groups;   /* (element-type CnKeptGroup) by their first kept need */
    CnMarket *open;   /* nobody held */
    CnMarket *closed; /* everybody held */
    CnPlanBonds bonds;
    /* What was solved last, where the next try begins; NULL: nothing yet. */
    gint64 *price; /* by offering, in steps of the closed market */
    gint32 *at;    /* by unit */
} CnKeep;

static inline CnKeptGroup *
cn_kept_group(const CnKeep *keep, guint i)
{
    return &g_array_index(keep->groups, CnKeptGroup, i);
}

/* A price of one market in the step of another. */
gint64 cn_keep_rescale(const CnMarket *from, const CnMarket *to, gint64 price);

/* Fills the gains at @price, in steps of the open market. O(kept * offerings of their service). */
void cn_keep_look(CnKeep *keep, const gint64 *price);
