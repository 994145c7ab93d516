/* Which instructions the inner loops of routing use; all forms of a loop agree to the bit. A path that
 * the processor lacks becomes the next lesser one. */
#pragma once

typedef enum {
    CN_CPU_AUTO,
    CN_CPU_SCALAR,
    CN_CPU_AVX2,
    CN_CPU_AVX512,
} CnCpuPath;
