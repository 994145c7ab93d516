/* How a run spends a limit of time: sums only, so that they can be tested without a clock.
 *
 *     begin --group--> --compile, search--> --costs of the plan--> --reasons--> --rows--> end
 *
 * Everything is counted from the beginning, in microseconds. What must be done whatever the time is (costs
 * and rows of the plan) takes about as long as grouping the needs did, on any machine and under any load:
 * so that is measured, and kept back. */
#pragma once

#include <glib.h>

typedef struct {
    gint64 limit_us;  /* of the call; 0 without end */
    gint64 group_us;  /* what it took to group the needs */
    gboolean reasons; /* of the unmet are looked for */
} CnBudget;

/* When the search must be over that begins at @spent_us; never before that. 0 without end. */
gint64 cn_budget_search_end(const CnBudget *budget, gint64 spent_us);
/* When no more reasons may be looked for; 0 without end. */
gint64 cn_budget_reasons_end(const CnBudget *budget);
