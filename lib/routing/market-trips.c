/* See market-trips.h. The great circle comes from the chord between unit vectors and a series for the
 * arc sine, right to 1e-7 minutes. Where that is not far enough from a whole number to know how it
 * rounds, the model has to be asked, so it does not matter that the forms differ in the last bits. */
#include "routing/market-trips.h"

#include <math.h>

/* Half chords up to here (1,800 km) are within the reach of the series. */
#define HALF_CHORD_SQUARE_MOST 0.02
#define MINUTES_MOST           1e9

/* arcsin(s) / s by the first terms of its series in q = s * s, for q up to 0.02. */
#define ARC_1 (1.0 / 6.0)
#define ARC_2 (3.0 / 40.0)
#define ARC_3 (15.0 / 336.0)
#define ARC_4 (105.0 / 3456.0)
#define ARC_5 (945.0 / 42240.0)
#define ARC_6 (10395.0 / 599040.0)
#define ARC_7 (135135.0 / 9676800.0)

static inline double
arc_ratio(double q)
{
    return 1.0 +
           q * (ARC_1 +
                q * (ARC_2 + q * (ARC_3 + q * (ARC_4 + q * (ARC_5 + q * (ARC_6 + q * ARC_7))))));
}

static gint32
land_one(const CnTripHome *home, double x, double y, double z)
{
    double dx = x - home->x, dy = y - home->y, dz = z - home->z;
    double q = (dx * dx + dy * dy + dz * dz) * .25;
    double m = sqrt(q) * arc_ratio(q) * home->minutes_per_radian;
    double up = (double)(gint32)(m < MINUTES_MOST ? m : MINUTES_MOST) + 1.0;
    double edge = MIN(up - m, m - (up - 1.0));
    return q < HALF_CHORD_SQUARE_MOST && edge > home->doubt ? (gint32)up : -1;
}

static void
land(const CnTripHome *home,
     const double *x,
     const double *y,
     const double *z,
     guint len,
     gint32 *minutes)
{
    for (guint i = 0; i < len; i++)
        minutes[i] = land_one(home, x[i], y[i], z[i]);
}

/* The same of the columns from @first on. */
static gboolean
cross_from(const CnTripPorts *ports, const guint32 *point, guint first, guint len, gint32 *minutes)
{
    gboolean met = FALSE;
    for (guint i = first; i < len; i++) {
        gint32 least = CN_TRIP_FAR;
        for (guint port = 0; port < ports->len; port++)
            least = MIN(least, ports->to[port] + ports->from[(gsize)port * len + i]);
        minutes[i] = least == CN_TRIP_FAR ? ports->no_link : (least + 1023) >> 10;
        met |= point[i] == ports->home;
    }
    return met;
}

static gboolean
cross(const CnTripPorts *ports, const guint32 *point, guint len, gint32 *minutes)
{
    return cross_from(ports, point, 0, len, minutes);
}

static const CnTripTable scalar = {land, cross};

#if defined(__x86_64__)
#include <immintrin.h>

/* See assign-scan-avx2.c. */
#define AVX2   __attribute__((target("avx2,fma"), no_sanitize_address))
#define AVX512 __attribute__((target("avx512f,avx512vl"), no_sanitize_address))

AVX2 static inline __m128i
land_avx2_four(const CnTripHome *home, __m256d x, __m256d y, __m256d z)
{
    static const double terms[] = {ARC_6, ARC_5, ARC_4, ARC_3, ARC_2, ARC_1, 1.0};
    __m256d dx = _mm256_sub_pd(x, _mm256_set1_pd(home->x));
    __m256d dy = _mm256_sub_pd(y, _mm256_set1_pd(home->y));
    __m256d dz = _mm256_sub_pd(z, _mm256_set1_pd(home->z));
    __m256d q = _mm256_fmadd_pd(dz, dz, _mm256_fmadd_pd(dy, dy, _mm256_mul_pd(dx, dx)));
    q = _mm256_mul_pd(q, _mm256_set1_pd(.25));
    __m256d ratio = _mm256_set1_pd(ARC_7);
    for (guint i = 0; i < G_N_ELEMENTS(terms); i++)
        ratio = _mm256_fmadd_pd(ratio, q, _mm256_set1_pd(terms[i]));
    __m256d m = _mm256_mul_pd(_mm256_mul_pd(_mm256_sqrt_pd(q), ratio),
                              _mm256_set1_pd(home->minutes_per_radian));
    m = _mm256_min_pd(m, _mm256_set1_pd(MINUTES_MOST));
    __m128i down = _mm256_cvttpd_epi32(m);
    __m256d below = _mm256_sub_pd(m, _mm256_cvtepi32_pd(down));
    __m256d edge = _mm256_min_pd(below, _mm256_sub_pd(_mm256_set1_pd(1.0), below));
    __m256d sure =
        _mm256_and_pd(_mm256_cmp_pd(edge, _mm256_set1_pd(home->doubt), _CMP_GT_OQ),
                      _mm256_cmp_pd(q, _mm256_set1_pd(HALF_CHORD_SQUARE_MOST), _CMP_LT_OQ));
    __m256i lanes = _mm256_permutevar8x32_epi32(_mm256_castpd_si256(sure),
                                                _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
    __m128i up = _mm_add_epi32(down, _mm_set1_epi32(1));
    return _mm_blendv_epi8(_mm_set1_epi32(-1), up, _mm256_castsi256_si128(lanes));
}

AVX2 static void
land_avx2(const CnTripHome *home,
          const double *x,
          const double *y,
          const double *z,
          guint len,
          gint32 *minutes)
{
    guint i = 0;
    for (; i + 4 <= len; i += 4)
        _mm_storeu_si128((void *)(minutes + i),
                         land_avx2_four(home, _mm256_loadu_pd(x + i), _mm256_loadu_pd(y + i),
                                        _mm256_loadu_pd(z + i)));
    land(home, x + i, y + i, z + i, len - i, minutes + i);
}

AVX2 static gboolean
cross_avx2(const CnTripPorts *ports, const guint32 *point, guint len, gint32 *minutes)
{
    const __m256i far = _mm256_set1_epi32(CN_TRIP_FAR),
                  home = _mm256_set1_epi32((gint32)ports->home);
    __m256i met = _mm256_setzero_si256();
    guint i = 0;
    for (; i + 8 <= len; i += 8) {
        const gint32 *from = ports->from + i;
        __m256i least = far;
        for (guint port = 0; port < ports->len; port++, from += len)
            least = _mm256_min_epi32(least, _mm256_add_epi32(_mm256_loadu_si256((const void *)from),
                                                             _mm256_set1_epi32(ports->to[port])));
        __m256i up = _mm256_srai_epi32(_mm256_add_epi32(least, _mm256_set1_epi32(1023)), 10);
        up = _mm256_blendv_epi8(up, _mm256_set1_epi32(ports->no_link),
                                _mm256_cmpeq_epi32(least, far));
        _mm256_storeu_si256((void *)(minutes + i), up);
        met = _mm256_or_si256(
            met, _mm256_cmpeq_epi32(_mm256_loadu_si256((const void *)(point + i)), home));
    }
    return (cross_from(ports, point, i, len, minutes) || !_mm256_testz_si256(met, met));
}

static const CnTripTable avx2 = {land_avx2, cross_avx2};

AVX512 static void
land_avx512(const CnTripHome *home,
            const double *x,
            const double *y,
            const double *z,
            guint len,
            gint32 *minutes)
{
    static const double terms[] = {ARC_6, ARC_5, ARC_4, ARC_3, ARC_2, ARC_1, 1.0};
    for (guint i = 0; i < len; i += 8) {
        __mmask8 here = (__mmask8)(len - i >= 8 ? 0xFF : (1u << (len - i)) - 1);
        __m512d dx = _mm512_sub_pd(_mm512_maskz_loadu_pd(here, x + i), _mm512_set1_pd(home->x));
        __m512d dy = _mm512_sub_pd(_mm512_maskz_loadu_pd(here, y + i), _mm512_set1_pd(home->y));
        __m512d dz = _mm512_sub_pd(_mm512_maskz_loadu_pd(here, z + i), _mm512_set1_pd(home->z));
        __m512d q = _mm512_fmadd_pd(dz, dz, _mm512_fmadd_pd(dy, dy, _mm512_mul_pd(dx, dx)));
        q = _mm512_mul_pd(q, _mm512_set1_pd(.25));
        __m512d ratio = _mm512_set1_pd(ARC_7);
        for (guint k = 0; k < G_N_ELEMENTS(terms); k++)
            ratio = _mm512_fmadd_pd(ratio, q, _mm512_set1_pd(terms[k]));
        __m512d m = _mm512_mul_pd(_mm512_mul_pd(_mm512_sqrt_pd(q), ratio),
                                  _mm512_set1_pd(home->minutes_per_radian));
        m = _mm512_min_pd(m, _mm512_set1_pd(MINUTES_MOST));
        __m256i down = _mm512_cvttpd_epi32(m);
        __m512d below = _mm512_sub_pd(m, _mm512_cvtepi32_pd(down));
        __m512d edge = _mm512_min_pd(below, _mm512_sub_pd(_mm512_set1_pd(1.0), below));
        __mmask8 sure = _mm512_cmp_pd_mask(edge, _mm512_set1_pd(home->doubt), _CMP_GT_OQ);
        sure = _mm512_mask_cmp_pd_mask(sure, q, _mm512_set1_pd(HALF_CHORD_SQUARE_MOST), _CMP_LT_OQ);
        __m256i up = _mm256_mask_add_epi32(_mm256_set1_epi32(-1), sure, down, _mm256_set1_epi32(1));
        _mm256_mask_storeu_epi32(minutes + i, here, up);
    }
}

AVX512 static gboolean
cross_avx512(const CnTripPorts *ports, const guint32 *point, guint len, gint32 *minutes)
{
    const __m512i far = _mm512_set1_epi32(CN_TRIP_FAR),
                  home = _mm512_set1_epi32((gint32)ports->home);
    __mmask16 met = 0;
    for (guint i = 0; i < len; i += 16) {
        const __mmask16 here = (__mmask16)(len - i >= 16 ? 0xFFFF : (1u << (len - i)) - 1);
        const gint32 *from = ports->from + i;
        __m512i least = far;
        for (guint port = 0; port < ports->len; port++, from += len)
            least = _mm512_min_epi32(least, _mm512_add_epi32(_mm512_maskz_loadu_epi32(here, from),
                                                             _mm512_set1_epi32(ports->to[port])));
        __m512i up = _mm512_srai_epi32(_mm512_add_epi32(least, _mm512_set1_epi32(1023)), 10);
        up = _mm512_mask_mov_epi32(up, _mm512_cmpeq_epi32_mask(least, far),
                                   _mm512_set1_epi32(ports->no_link));
        _mm512_mask_storeu_epi32(minutes + i, here, up);
        met |= _mm512_mask_cmpeq_epi32_mask(here, _mm512_maskz_loadu_epi32(here, point + i), home);
    }
    return met != 0;
}

static const CnTripTable avx512 = {land_avx512, cross_avx512};
#endif

const CnTripTable *
cn_trip_table(CnCpuPath cpu)
{
#if defined(__x86_64__)
    if ((cpu == CN_CPU_AUTO || cpu == CN_CPU_AVX512) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512vl"))
        return &avx512;
    if (cpu != CN_CPU_SCALAR && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &avx2;
#else
    (void)cpu;
#endif
    return &scalar;
}
