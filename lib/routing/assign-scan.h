/* The inner loops of the solver in 32-bit sums and 16-bit minutes: one class against all columns, one row of
 * ways against all distances. Three forms of each that agree to the bit: plain C, AVX2, AVX-512. */
#pragma once

#include "routing/assign.h"

typedef gint32 CnSum;
typedef guint16 CnMinutes;

/* Sums that stay below CN_FAR, so that two of them can be added. */
#define CN_FAR             ((CnSum)1 << 29)
#define CN_SUM_MOST        G_MAXINT32
#define CN_MINUTES_NEVER   65535
#define CN_MINUTES_NO_LINK 65534

/* Rows that are read word by word are so much longer than there are words. */
#define CN_WORDS_BEHIND 16

#include "routing/assign-scan-types.h"

/* The table of a path, or of the best that this processor has below it. */
const CnScanTable *cn_scan_table(CnCpuPath cpu);

#if defined(__x86_64__)
extern const CnScanTable cn_scan_avx2, cn_scan_avx512;
#endif
