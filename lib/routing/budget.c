/* Spending a limit of time. The shares were measured with lists of 200,000 and a million needs. */
#include "routing/budget.h"

/* In hundredths of the time that grouping took: putting where there is room whoever a search that is
 * stopped leaves, costs of the plan, and its rows. */
#define FINISH_SHARE 100
#define COSTS_SHARE  90
#define ROWS_SHARE   60
/* Of what is left for search and reasons, the reasons have so many hundredths. */
#define REASONS_SHARE 20

static gint64
share_of(gint64 us, gint64 hundredths)
{
    return us / 100 * hundredths;
}

gint64
cn_budget_search_end(const CnBudget *budget, gint64 spent_us)
{
    if (budget->limit_us <= 0)
        return 0;
    const gint64 kept = share_of(budget->group_us, FINISH_SHARE + COSTS_SHARE + ROWS_SHARE);
    const gint64 left = MAX(budget->limit_us - kept - spent_us, 0);
    return spent_us + share_of(left, budget->reasons ? 100 - REASONS_SHARE : 100);
}

gint64
cn_budget_reasons_end(const CnBudget *budget)
{
    if (budget->limit_us <= 0)
        return 0;
    return MAX(budget->limit_us - share_of(budget->group_us, ROWS_SHARE), 1);
}
