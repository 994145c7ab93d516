/* The flow in 32-bit sums and 16-bit minutes, with the scans of the processor. */
#include "base/pages.h"
#include "routing/assign-private.h"
#include "routing/assign-scan.h"

#include <string.h>

#define SCANS_OF(cpu) cn_scan_table(cpu)

#include "routing/assign-flow-body.h"

/* CN_WEIGHTS_MOST steps and a sum of costs must stay below FAR / 2; costs far below a step. */
#define STEP_MOST  ((gint64)1 << 26)
#define STEP_LEAST 64

gboolean
cn_flow_solve_narrow(CnSolve *solve)
{
    const CnComponent *component = cn_market_component(solve->market, solve->component);
    gint64 cost = component->cost_most + 1;
    gint64 exact = 2 * ((gint64)component->end + 1) * cost + 1;
    if (component->minutes_most >= CN_MINUTES_NO_LINK || cost * STEP_LEAST > STEP_MOST)
        return FALSE;
    return flow_solve(solve, (Sum)MIN(exact, STEP_MOST));
}
