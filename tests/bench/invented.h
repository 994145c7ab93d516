/* What the invented networks of benchmarks have in common: their present, luck, and towns. */
#pragma once

#include "model/reference.h"

/* The instant at which they are looked at: Monday 2026-11-16, 09:00 in Manila. */
#define INVENTED_NOW_S G_GINT64_CONSTANT(1794790800)

/* The same seed draws the same. */
typedef struct {
    GRand *rand;
    GArray *towns;      /* (element-type CnAreaId) cities and municipalities */
    GArray *population; /* (element-type gint64) of that town and all before it */
} Luck;

void luck_begin(Luck *luck, guint32 seed, const CnGazetteer *gazetteer);
void luck_end(Luck *luck);
/* TRUE in @percent of 100. */
gboolean luck_chance(Luck *luck, gint percent);
/* The town of somebody. */
CnAreaId luck_town(Luck *luck);
