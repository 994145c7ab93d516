/* The flow in 64-bit sums, for policies whose weights do not fit the narrow one. */
#include "base/pages.h"
#include "routing/assign-private.h"

#include <string.h>

typedef gint64 CnSum;
typedef guint32 CnMinutes;
typedef gint64 CnWay;
typedef gint32 CnName;
#define CN_FAR             ((CnSum)1 << 60)
#define CN_SUM_MOST        G_MAXINT64
#define CN_WAY_FAR         CN_FAR
#define CN_NAME_NONE       (-1)
#define CN_MINUTES_NEVER   CN_MIN_NEVER
#define CN_MINUTES_NO_LINK CN_MIN_NO_LINK
#define CN_WORDS_BEHIND    0

#include "routing/assign-scan-types.h"

#include "routing/assign-scan-plain.h"

#include "routing/assign-ways-types.h"

#include "routing/assign-ways-plain.h"

#define SCANS_OF(cpu)       (&plain_scans)
#define WAYS_OF(cpu)        (&plain_ways)
#define KEEPS_WAYS_OF_UNMET TRUE

#include "routing/assign-flow-body.h"

CnFlowEnd
cn_flow_solve_wide(CnSolve *solve)
{
    return flow_solve(solve, solve->market->step);
}
