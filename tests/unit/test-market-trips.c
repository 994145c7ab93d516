/* The inner loops of travel in every form that this processor has: near a whole number of minutes they say that the
 * model has to be asked, elsewhere they say what it says; and minutes over ports round up. */
#include "routing/market-trips.h"

#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ROUNDS      20000
#define COLUMNS     37 /* no multiple of what is done at once */
#define ANGLE_MOST  0.28
#define MINUTES_TOP 3000

static void
unit_vector(double lat, double lon, double *vector)
{
    vector[0] = cos(lat) * cos(lon);
    vector[1] = cos(lat) * sin(lon);
    vector[2] = sin(lat);
}

/* Half the angle between two unit vectors, as well as can be told. */
static double
half_angle(const double *a, const double *b)
{
    const long double x = (long double)a[0] - b[0], y = (long double)a[1] - b[1],
                      z = (long double)a[2] - b[2];
    return (double)asinl(sqrtl(x * x + y * y + z * z) / 2);
}

/* All columns are at one point, which is so many minutes away. */
static void
check_minutes(const double *from, const double *to, double minutes, gint32 expected)
{
    double x[COLUMNS], y[COLUMNS], z[COLUMNS];
    gint32 found[COLUMNS];
    const CnTripHome home = {.x = from[0],
                             .y = from[1],
                             .z = from[2],
                             .minutes_per_radian = minutes / half_angle(from, to),
                             .doubt = CN_TRIP_DOUBT_MIN};
    for (guint i = 0; i < COLUMNS; i++) {
        x[i] = to[0];
        y[i] = to[1];
        z[i] = to[2];
    }
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        cn_trip_table(cpu)->land(&home, x, y, z, COLUMNS, found);
        for (guint i = 0; i < COLUMNS; i++)
            assert_int_equal(found[i], expected);
    }
}

static void
asks_the_model_where_it_is_in_doubt(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    (void)state;
    for (guint round = 0; round < ROUNDS; round++) {
        const double lat = g_rand_double_range(rand, 0.08, 0.37),
                     lon = g_rand_double_range(rand, 2.0, 2.2);
        const double whole = g_rand_int_range(rand, 1, MINUTES_TOP);
        double from[3], to[3];
        unit_vector(lat, lon, from);
        unit_vector(lat + g_rand_double_range(rand, .0001, ANGLE_MOST / 2),
                    lon + g_rand_double_range(rand, .0001, ANGLE_MOST / 2), to);
        if (half_angle(from, to) >= ANGLE_MOST / 2)
            continue;
        check_minutes(from, to, whole + g_rand_double_range(rand, -.9, .9) * CN_TRIP_DOUBT_MIN, -1);
        check_minutes(from, to, whole - 1.1 * CN_TRIP_DOUBT_MIN, (gint32)whole);
        check_minutes(from, to, whole + 1.1 * CN_TRIP_DOUBT_MIN, (gint32)whole + 1);
    }
}

static void
rounds_up_over_ports(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    (void)state;
    for (guint round = 0; round < ROUNDS / 10; round++) {
        gint32 to[3], from[3 * COLUMNS], found[COLUMNS];
        guint32 point[COLUMNS] = {0};
        for (guint port = 0; port < 3; port++) {
            to[port] = g_rand_int_range(rand, 0, 9) == 0 ? CN_TRIP_FAR
                                                         : g_rand_int_range(rand, 0, 9) * 512;
            for (guint i = 0; i < COLUMNS; i++)
                from[port * COLUMNS + i] = g_rand_int_range(rand, 0, 9) * 512;
        }
        const CnTripPorts ports = {.len = 3, .to = to, .from = from, .no_link = -7, .home = 1};
        for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
            assert_false(cn_trip_table(cpu)->cross(&ports, point, COLUMNS, found));
            for (guint i = 0; i < COLUMNS; i++) {
                gint32 least = CN_TRIP_FAR;
                for (guint port = 0; port < 3; port++)
                    least = MIN(least, to[port] + from[port * COLUMNS + i]);
                assert_int_equal(found[i],
                                 least >= CN_TRIP_FAR ? -7 : (gint32)ceil((double)least / 1024.0));
            }
        }
        point[COLUMNS - 1] = 1;
        assert_true(cn_trip_table(CN_CPU_AUTO)->cross(&ports, point, COLUMNS, found));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_the_model_where_it_is_in_doubt),
        cmocka_unit_test(rounds_up_over_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
