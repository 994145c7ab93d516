/* Needs become classes: see market-classes.c. */
#pragma once

#include "routing/market-private.h"

/* The lots of one component: the first unit of a need, its further units, or what a quota takes away. */
typedef struct {
    CnMarket *market;
    guint component;
    GArray *blockers; /* (element-type CnClass) */
    guint *what;      /* 2 * need, and one more for its further units */
    gsize what_room;
    guint needs_len; /* lots of needs; blockers stand behind them */
    guint len;
    /* By town, then by profile, limit and tier: equal keys are one class. */
    guint64 *place_keys, *person_keys;
    guint *order;
    guint classes, units; /* that they make; units of needs */
} CnLots;

/* None yet; blockers are for the caller to add. */
void cn_lots_init(CnLots *lots, CnMarket *market, guint component);
void cn_lots_clear(CnLots *lots);
/* Lists the lots of the needs, puts all into order and counts. */
void cn_lots_sort(CnLots *lots, const guint *needs, guint len, const guint *profile_of_need);
/* Fills the classes of the component, class_of_need, class_of_more and members, behind those of others. */
void cn_lots_cut(const CnLots *lots, guint first_class, guint first_member);
