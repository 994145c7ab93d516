/* The flow in 32-bit sums and ways, with the scans of the processor. */
#define CN_WAY_BITS 32
#include "base/pages.h"
#include "routing/assign-private.h"
#include "routing/assign-ways.h"

#include <string.h>

#define SCANS_OF(cpu)       cn_scan_table(cpu)
#define WAYS_OF(cpu)        way_table(cpu)
#define KEEPS_WAYS_OF_UNMET TRUE

#include "routing/assign-flow-body.h"

CnFlowEnd
cn_flow_solve_middle(CnSolve *solve)
{
    const CnComponent *component = cn_market_component(solve->market, solve->component);
    return flow_solve(solve, (Sum)cn_flow_step(component));
}
