/* The flow in 64-bit sums, for policies whose weights do not fit the narrow one. */
#include "base/pages.h"
#include "routing/assign-private.h"

#include <string.h>

typedef gint64 CnSum;
typedef guint32 CnMinutes;
#define CN_FAR             ((CnSum)1 << 60)
#define CN_SUM_MOST        G_MAXINT64
#define CN_MINUTES_NEVER   CN_MIN_NEVER
#define CN_MINUTES_NO_LINK CN_MIN_NO_LINK
#define CN_WORDS_BEHIND    0

#include "routing/assign-scan-types.h"

#include "routing/assign-scan-plain.h"

#define SCANS_OF(cpu) (&plain_scans)

#include "routing/assign-flow-body.h"

gboolean
cn_flow_solve_wide(CnSolve *solve)
{
    return flow_solve(solve, solve->market->step);
}
