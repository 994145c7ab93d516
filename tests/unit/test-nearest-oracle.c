/* Finding around a place, in a crowd: against the distance to every provider one by one. */
#include "../support/random-world.h"
#include "../support/route-oracle.h"

#include "directory/directory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS    12
#define PROVIDERS 2000
#define QUERIES   40

static CnReference *reference;

typedef struct {
    const char *offering;
    double distance_m; /* INFINITY by phone or online */
    gint32 travel_min; /* -1 unknown */
    gboolean unconfirmed;
    guint at;
} Neighbour;

/* The haversine formula once more, on a sphere of the mean radius. */
static double
measure_m(double lat_a, double lon_a, double lat_b, double lon_b)
{
    double rad = acos(-1.0) / 180.0;
    double lat = sin((lat_b - lat_a) * rad / 2), lon = sin((lon_b - lon_a) * rad / 2);
    double h = lat * lat + cos(lat_a * rad) * cos(lat_b * rad) * lon * lon;
    return 2 * 6371008.8 * asin(sqrt(fmin(1, h)));
}

/* (element-type Neighbour) every offering of an active provider. */
static GArray *
measure_all(const CnNetwork *network, CnAreaId near)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Neighbour));
    const CnArea *home = cn_area(reference->gazetteer, near);
    CnTravelSpeeds speeds = CN_SPEEDS_DEFAULT;
    CnOrigin origin;
    guint at = 0;
    cn_origin_init(&origin, reference->gazetteer, &speeds, near);
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = network->providers->pdata[i];
        const CnArea *area = cn_area(reference->gazetteer, oracle_shown_area(provider));
        gboolean own = provider->disclosure == CN_DISCLOSE_PUBLIC && provider->site.has_point;
        double lat_deg = own ? provider->site.lat_deg : area->lat_deg;
        double lon_deg = own ? provider->site.lon_deg : area->lon_deg;
        Neighbour neighbour = {.distance_m = INFINITY, .travel_min = -1};
        neighbour.unconfirmed = !cn_date_is_set(provider->verified_on);
        if (!provider->remote) {
            neighbour.distance_m = measure_m(home->lat_deg, home->lon_deg, lat_deg, lon_deg);
            neighbour.travel_min =
                cn_origin_travel(&origin, lat_deg, lon_deg, area->island).travel_min;
        }
        for (guint k = 0; k < provider->offerings->len; k++, at++) {
            const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            neighbour.offering = offering->id;
            neighbour.at = at;
            if (provider->status == CN_ACTIVE)
                g_array_append_val(all, neighbour);
        }
    }
    return all;
}

/* Confirmed ones first; equal to the metre is equal. */
static gint
compare_neighbours(gconstpointer x, gconstpointer y)
{
    const Neighbour *a = x, *b = y;
    double m = rint(a->distance_m), n = rint(b->distance_m);
    if (a->unconfirmed != b->unconfirmed)
        return a->unconfirmed ? 1 : -1;
    if (m != n)
        return m < n ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static gboolean
is_within(const Neighbour *neighbour, const carenet_find_query *query)
{
    if (query->within_m > 0 && !(rint(neighbour->distance_m) <= (double)query->within_m))
        return FALSE;
    return query->within_min <= 0 ||
           (neighbour->travel_min >= 0 && neighbour->travel_min <= query->within_min);
}

static void
compare_answer(const carenet_table *rows, const GArray *all, const carenet_find_query *query)
{
    size_t offering = (size_t)carenet_table_column_index(rows, "offering");
    size_t distance = (size_t)carenet_table_column_index(rows, "distance_m");
    size_t row = 0;
    for (guint i = 0; i < all->len; i++) {
        const Neighbour *neighbour = &g_array_index(all, Neighbour, i);
        if (!is_within(neighbour, query))
            continue;
        assert_true(row < carenet_table_rows_len(rows));
        assert_string_equal(carenet_table_get_text(rows, row, offering), neighbour->offering);
        if (!carenet_table_is_null(rows, row, distance))
            assert_true(fabs((double)carenet_table_get_int64(rows, row, distance) -
                             neighbour->distance_m) <= 0.5 + 1e-6);
        row++;
    }
    assert_int_equal(carenet_table_rows_len(rows), row);
}

/* No trip is faster than the straight line at the fastest speed: nearer bounds farther. */
static void
check_bound(const GArray *all)
{
    const double fastest_m_per_min = 30000.0 / 60;
    for (guint i = 0; i < all->len; i++) {
        const Neighbour *neighbour = &g_array_index(all, Neighbour, i);
        if (neighbour->travel_min >= 0)
            assert_true(neighbour->travel_min + 1e-6 >= neighbour->distance_m / fastest_m_per_min);
    }
}

static void
nearest_round(GRand *rand, gpointer data)
{
    guint *rows_len = data;
    static const gint32 metres[] = {1, 100, 1000, 10000, 40000, 100000, 1000000};
    g_autoptr(CnNetwork) network = world_network(rand, reference, PROVIDERS);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    for (guint i = 0; i < QUERIES; i++) {
        carenet_find_query query;
        carenet_find_query_init(&query);
        CnAreaId near = world_area(rand, reference->gazetteer);
        query.near = cn_area(reference->gazetteer, near)->code;
        query.sort = "distance";
        query.now_s = WORLD_NOW_S;
        if (world_chance(rand, 70))
            query.within_m = metres[world_pick(rand, G_N_ELEMENTS(metres))];
        if (world_chance(rand, 50))
            query.within_min = g_rand_int_range(rand, 1, 900);
        g_autoptr(carenet_table) rows = carenet_find(directory, &query, NULL);
        g_autoptr(GArray) all = measure_all(network, near);
        assert_non_null(rows);
        g_array_sort(all, compare_neighbours);
        compare_answer(rows, all, &query);
        check_bound(all);
        *rows_len += (guint)carenet_table_rows_len(rows);
    }
}

static void
nearest_as_brute_force_finds_them(void **state)
{
    (void)state;
    guint rows_len = 0;
    world_rounds(ROUNDS, nearest_round, &rows_len);
    assert_true(rows_len > ROUNDS * QUERIES);
}

static int
open_reference(void **state)
{
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), NULL);
    return reference == NULL;
}

static int
close_reference(void **state)
{
    (void)state;
    g_clear_pointer(&reference, carenet_reference_unref);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nearest_as_brute_force_finds_them, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
