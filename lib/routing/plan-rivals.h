/* How many others compete for a place that somebody who is unmet would get: with so many more at one offering the need
 * is placed, whoever else comes. */
#pragma once

#include "routing/plan-why.h"

/* Terms that needs and offerings connect are sets: who is in one of them never takes from another. */
typedef struct {
    guint *parent;             /* of each term */
    gint64 (*unmet)[CN_TIERS]; /* of each set: units that are as urgent or more so */
    gint64 *bound; /* of each set: units of those who are placed whole or apart, placed or not */
    gboolean *company; /* of each set: others have a say in where somebody goes */
} CnRivals;

void cn_rivals_init(CnRivals *rivals, const CnPlanUse *use);
void cn_rivals_clear(CnRivals *rivals);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnRivals, cn_rivals_clear)

/* All who are as urgent, and could come to the same offerings at all; the need is one of them. */
gint64 cn_rivals_of(const CnRivals *rivals, const CnPlanNeeds *needs, guint need);

/* Whether nobody of its set has company, so that prices of a proven plan say who would come. */
gboolean cn_rivals_are_single(const CnRivals *rivals, const CnPlanNeeds *needs, guint need);

/* Somebody who is unmet, alone. */
typedef struct {
    guint need;
    gint64
        short_by; /* its cheapest place costs, with its price, so much more than going without does */
    gint64 number; /* of those, itself included, who are as urgent and short by no more */
} CnRival;

/* Fills the numbers. @unmet is put into another order. O(n log n) */
void cn_rivals_number(const CnRivals *rivals, const CnPlanNeeds *needs, GArray *unmet);
