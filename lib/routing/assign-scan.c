/* The scans in plain C for 32-bit sums, and which form a processor gets. */
#include "routing/assign-scan.h"

#include "routing/assign-scan-plain.h"

const CnScanTable *
cn_scan_table(CnCpuPath cpu)
{
#if defined(__x86_64__)
    if ((cpu == CN_CPU_AUTO || cpu == CN_CPU_AVX512) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return &cn_scan_avx512;
    if (cpu != CN_CPU_SCALAR && __builtin_cpu_supports("avx2"))
        return &cn_scan_avx2;
#else
    (void)cpu;
#endif
    return &plain_scans;
}
