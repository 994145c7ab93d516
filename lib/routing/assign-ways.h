/* The inner loops over ways in 32-bit sums: one class against a word of ways, ways against all distances. In three forms that
 * agree to the bit, as those of assign-scan.h. A file says first how many CN_WAY_BITS a way has, 16 or 32. */
#pragma once

#include "routing/assign-scan.h"

#if CN_WAY_BITS == 16
typedef gint16 CnWay;
typedef guint16 CnName;
#define CN_WAY_FAR   G_MAXINT16
#define CN_NAME_NONE G_MAXUINT16
#else
typedef gint32 CnWay;
typedef gint32 CnName;
#define CN_WAY_FAR   CN_FAR
#define CN_NAME_NONE (-1)
#endif

#include "routing/assign-ways-types.h"

#include "routing/assign-ways-plain.h"

#include "routing/assign-ways-avx2.h"

#include "routing/assign-ways-avx512.h"

/* As cn_scan_table(). */
static const CnWayTable *
way_table(CnCpuPath cpu)
{
#if defined(__x86_64__)
    const CnScanTable *scans = cn_scan_table(cpu);
    if (scans == &cn_scan_avx512)
        return &avx512_ways;
    if (scans == &cn_scan_avx2)
        return &avx2_ways;
#else
    (void)cpu;
#endif
    return &plain_ways;
}
