/* Great-circle distance, checked against PROJ's geodesic where PROJ is there. */
#include "base/geo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#ifdef CN_TEST_WITH_PROJ
#include <geodesic.h>
#endif

static void
knows_distances(void **state)
{
    static const struct {
        double lat1, lon1, lat2, lon2, km, within;
    } cases[] = {
        {0, 0, 0, 0, 0, 0},
        {14.6, 121.0, 14.6, 121.0, 0, 0},
        {0, 0, 0, 1, 111.195, 0.001},
        {0, 0, 90, 0, 10007.557, 0.001},
        {0, 0, 0, 180, 20015.115, 0.001},
        {-90, 0, 90, 77, 20015.115, 0.001},
        {0, 179.5, 0, -179.5, 111.195, 0.001},
        {14.6042, 120.9822, 10.2931, 123.9022, 572.5, 3.0}, /* Manila, Cebu */
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        double km =
            cn_distance_m(cases[i].lat1, cases[i].lon1, cases[i].lat2, cases[i].lon2) / 1000.0;
        if (fabs(km - cases[i].km) > cases[i].within)
            fail_msg("case %zu: %.4f km", i, km);
    }
}

/* Answers of earlier versions were made with either. */
static void
the_radius_is_one_in_both_units(void **state)
{
    (void)state;
    assert_true(CN_EARTH_RADIUS_M == 6371008.8);
    assert_true(CN_EARTH_RADIUS_KM == 6371.0088);
}

static void
keeps_the_unknown_unknown(void **state)
{
    (void)state;
    assert_true(isnan(cn_distance_m(NAN, 0, 0, 0)));
    assert_true(isnan(cn_distance_m(0, NAN, 0, 0)));
    assert_true(isnan(cn_distance_m(0, 0, NAN, 0)));
    assert_true(isnan(cn_distance_m(0, 0, 0, NAN)));
}

static double
random_degrees(GRand *random, double most)
{
    return g_rand_double_range(random, -most, most);
}

static void
both_ways_alike(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    (void)state;
    print_message("seed %u\n", seed);
    for (guint i = 0; i < 20000; i++) {
        double a[2] = {random_degrees(random, 90), random_degrees(random, 180)};
        double b[2] = {random_degrees(random, 90), random_degrees(random, 180)};
        double there = cn_distance_m(a[0], a[1], b[0], b[1]);
        double back = cn_distance_m(b[0], b[1], a[0], a[1]);
        assert_true(there == back);
        assert_true(there >= 0.0 && there <= 20015200.0);
    }
}

static void
agrees_with_the_geodesic(void **state)
{
    (void)state;
#ifdef CN_TEST_WITH_PROJ
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    struct geod_geodesic earth;
    geod_init(&earth, 6378137.0, 1.0 / 298.257223563);
    print_message("seed %u\n", seed);
    for (guint i = 0; i < 20000; i++) {
        /* Half of the pairs anywhere, half in the Philippines. */
        double lat1 = random_degrees(random, 90), lon1 = random_degrees(random, 180);
        double lat2 = random_degrees(random, 90), lon2 = random_degrees(random, 180);
        if (i % 2 == 0) {
            lat1 = g_rand_double_range(random, 4.5, 21.0);
            lon1 = g_rand_double_range(random, 117.0, 126.7);
            lat2 = g_rand_double_range(random, 4.5, 21.0);
            lon2 = g_rand_double_range(random, 117.0, 126.7);
        }
        double exact, ours = cn_distance_m(lat1, lon1, lat2, lon2);
        geod_inverse(&earth, lat1, lon1, lat2, lon2, &exact, NULL, NULL);
        if (fabs(ours - exact) > 0.006 * exact)
            fail_msg("%f,%f to %f,%f: %f m, geodesic %f m", lat1, lon1, lat2, lon2, ours, exact);
    }
#else
    skip(); /* PROJ, which scripts/install-packages brings on Debian, is not here to compare with */
#endif
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_distances),
        cmocka_unit_test(the_radius_is_one_in_both_units),
        cmocka_unit_test(keeps_the_unknown_unknown),
        cmocka_unit_test(both_ways_alike),
        cmocka_unit_test(agrees_with_the_geodesic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
