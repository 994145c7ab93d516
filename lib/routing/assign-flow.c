/* The flow in 32-bit sums, 16-bit minutes and ways, with the scans of the processor. */
#define CN_WAY_BITS 16
#include "base/pages.h"
#include "routing/assign-private.h"
#include "routing/assign-ways.h"

#include <string.h>

#define SCANS_OF(cpu) cn_scan_table(cpu)
#define WAYS_OF(cpu)  way_table(cpu)
/* What a unit without a place counts is more than a way holds. */
#define KEEPS_WAYS_OF_UNMET FALSE

#include "routing/assign-flow-body.h"

/* CN_WEIGHTS_MOST steps and a sum of costs must stay below FAR / 2; costs far below a step. */
#define STEP_MOST  ((gint64)1 << 26)
#define STEP_LEAST 64

gint64
cn_flow_step(const CnComponent *component)
{
    const gint64 cost = component->cost_most + 1;
    const gint64 exact = 2 * ((gint64)component->end + 1) * cost + 1;
    return cost * STEP_LEAST > STEP_MOST ? 0 : MIN(exact, STEP_MOST);
}

CnFlowEnd
cn_flow_solve_narrow(CnSolve *solve)
{
    const CnComponent *component = cn_market_component(solve->market, solve->component);
    const gint64 step = cn_flow_step(component);
    if (component->minutes_most >= CN_MINUTES_NO_LINK || step == 0)
        return CN_FLOW_SUMS;
    return component->cost_most >= CN_WAY_FAR ? CN_FLOW_WAYS : flow_solve(solve, (Sum)step);
}
