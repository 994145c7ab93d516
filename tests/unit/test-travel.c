/* Travel over land, bridges and ferries. The oracle is Floyd and Warshall over all towns, without
 * rounding; random countries are drawn until every kind of trip has been seen. */
#include "base/geo.h"
#include "format/reference-files.h"
#include "model/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

static const CnTravelSpeeds usual = {30, 135, 18, 120};

/* ---- Random countries. */

#define TOWNS_MOST 24
#define LINKS_MOST 12

typedef struct {
    guint towns, links;
    char codes[TOWNS_MOST][8];
    char islands[TOWNS_MOST][8]; /* "" unknown */
    double lat[TOWNS_MOST], lon[TOWNS_MOST];
    struct {
        CnLinkKind kind;
        guint from, to;
        double km;
    } link[LINKS_MOST];
    CnTravelSpeeds speeds;
} Country;

static void
draw_country(GRand *random, Country *country)
{
    gint islands = g_rand_int_range(random, 1, 7);
    memset(country, 0, sizeof(*country));
    country->towns = (guint)g_rand_int_range(random, 2, TOWNS_MOST + 1);
    for (guint i = 0; i < country->towns; i++) {
        gint island = g_rand_int_range(random, -1, islands);
        g_snprintf(country->codes[i], sizeof(country->codes[i]), "%02u", i);
        if (island >= 0)
            g_snprintf(country->islands[i], sizeof(country->islands[i]), "i%d", island);
        country->lat[i] = g_rand_double_range(random, 6, 12) + island;
        country->lon[i] = g_rand_double_range(random, 120, 125) - island;
    }
    gint tries = g_rand_int_range(random, 0, 3 * LINKS_MOST);
    for (gint k = 0; k < tries && country->links < LINKS_MOST; k++) {
        guint from = (guint)g_rand_int_range(random, 0, (gint)country->towns);
        guint to = (guint)g_rand_int_range(random, 0, (gint)country->towns);
        if (country->islands[from][0] == '\0' || country->islands[to][0] == '\0' ||
            strcmp(country->islands[from], country->islands[to]) == 0)
            continue;
        double km = cn_distance_m(country->lat[from], country->lon[from], country->lat[to],
                                  country->lon[to]) /
                    1000.0;
        country->link[country->links].kind =
            g_rand_int_range(random, 0, 3) == 0 ? CN_LINK_BRIDGE : CN_LINK_FERRY;
        country->link[country->links].from = from;
        country->link[country->links].to = to;
        /* Some lengths are stated too short: the straight line stands. */
        km = km * g_rand_double_range(random, 0.9, 1.5) + 0.1;
        country->link[country->links++].km = MIN(km, 2000.0);
    }
    country->speeds =
        (CnTravelSpeeds){g_rand_int_range(random, 5, 80), g_rand_int_range(random, 100, 200),
                         g_rand_int_range(random, 5, 80), g_rand_int_range(random, 0, 200)};
}

static CnGazetteer *
build_country(const Country *country)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
    for (guint i = 0; i < country->towns; i++) {
        CnAreaRow row = {.code = country->codes[i],
                         .name = country->codes[i],
                         .level = CN_LEVEL_MUNICIPALITY,
                         .island = country->islands[i],
                         .lat_deg = country->lat[i],
                         .lon_deg = country->lon[i]};
        cn_gazetteer_builder_area(builder, &row);
    }
    for (guint k = 0; k < country->links; k++)
        cn_gazetteer_builder_link(
            builder, country->link[k].kind, country->codes[country->link[k].from],
            country->codes[country->link[k].to], country->link[k].km, (CnPos){0});
    CnGazetteer *gazetteer = cn_gazetteer_builder_finish(builder, issues);
    if (gazetteer == NULL)
        fail_msg("%s", cn_issue_list_get(issues, 0)->message);
    return gazetteer;
}

/* ---- The oracle. */

static double
straight_km(const Country *country, guint a, guint b)
{
    return cn_distance_m(country->lat[a], country->lon[a], country->lat[b], country->lon[b]) /
           1000.0;
}

static double
oracle_land_min(const Country *country, double km)
{
    return km * (country->speeds.detour_percent / 100.0) / country->speeds.land_km_per_h * 60.0;
}

static gboolean
on_one_island(const Country *country, guint a, guint b)
{
    return country->islands[a][0] != '\0' && strcmp(country->islands[a], country->islands[b]) == 0;
}

static void
all_pairs(const Country *country, gboolean with_ferries, double minutes[TOWNS_MOST][TOWNS_MOST])
{
    for (guint i = 0; i < country->towns; i++)
        for (guint j = 0; j < country->towns; j++)
            minutes[i][j] = i == j ? 0.0
                            : on_one_island(country, i, j)
                                ? oracle_land_min(country, straight_km(country, i, j))
                                : INFINITY;
    for (guint k = 0; k < country->links; k++) {
        guint a = country->link[k].from, b = country->link[k].to;
        gboolean ferry = country->link[k].kind == CN_LINK_FERRY;
        double km = MAX(country->link[k].km, straight_km(country, a, b));
        double trip = ferry
                          ? country->speeds.boarding_min + 60.0 * km / country->speeds.sea_km_per_h
                          : oracle_land_min(country, km);
        if (ferry && !with_ferries)
            continue;
        minutes[a][b] = MIN(minutes[a][b], trip);
        minutes[b][a] = MIN(minutes[b][a], trip);
    }
    for (guint k = 0; k < country->towns; k++)
        for (guint i = 0; i < country->towns; i++)
            for (guint j = 0; j < country->towns; j++)
                minutes[i][j] = MIN(minutes[i][j], minutes[i][k] + minutes[k][j]);
}

typedef struct {
    guint same_island, bridges, seas, unreachable, unknown;
} Seen;

static void
compare_trip(const Country *country,
             guint i,
             guint j,
             CnTravel travel,
             double all,
             double dry,
             Seen *seen)
{
    double exact =
        on_one_island(country, i, j) ? oracle_land_min(country, straight_km(country, i, j)) : all;
    assert_true(llabs(travel.distance_m - llrint(1000.0 * straight_km(country, i, j))) <= 1);
    if (i == j) {
        assert_int_equal(travel.travel_min, 0);
        assert_false(travel.crosses_sea);
    } else if (country->islands[i][0] == '\0' || country->islands[j][0] == '\0') {
        seen->unknown++;
        assert_int_equal(travel.travel_min, -1);
        assert_false(travel.crosses_sea);
    } else if (isinf(exact)) {
        seen->unreachable++;
        assert_int_equal(travel.travel_min, -1);
        assert_true(travel.crosses_sea);
    } else {
        /* Rounding up by 1/1024 of a minute a leg, then to a whole minute. */
        if (travel.travel_min < exact - 1e-6 || travel.travel_min >= exact + 1.0 + 0.1)
            fail_msg("%u to %u: %d min, exactly %f", i, j, travel.travel_min, exact);
        if (on_one_island(country, i, j)) {
            seen->same_island++;
            assert_false(travel.crosses_sea);
        } else if (dry > exact + 0.1) {
            seen->seas++;
            assert_true(travel.crosses_sea);
        } else if (dry < exact + 1e-9 && country->speeds.boarding_min > 0) {
            seen->bridges++;
            assert_false(travel.crosses_sea);
        }
    }
}

static void
agrees_with_floyd_and_warshall(void **state)
{
    static double all[TOWNS_MOST][TOWNS_MOST], dry[TOWNS_MOST][TOWNS_MOST];
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    Seen seen = {0};
    Country country;
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 300; round++) {
        draw_country(random, &country);
        g_autoptr(CnGazetteer) gazetteer = build_country(&country);
        all_pairs(&country, TRUE, all);
        all_pairs(&country, FALSE, dry);
        for (guint i = 0; i < country.towns; i++) {
            CnOrigin origin;
            CnAreaId from = cn_area_by_code(gazetteer, country.codes[i]);
            cn_origin_init(&origin, gazetteer, &country.speeds, from);
            for (guint j = 0; j < country.towns; j++) {
                const CnArea *to = cn_area(gazetteer, cn_area_by_code(gazetteer, country.codes[j]));
                CnTravel travel = cn_origin_travel(&origin, to->lat_deg, to->lon_deg, to->island);
                compare_trip(&country, i, j, travel, all[i][j], dry[i][j], &seen);
            }
        }
    }
    assert_true(seen.same_island > 0 && seen.bridges > 0 && seen.seas > 0);
    assert_true(seen.unreachable > 0 && seen.unknown > 0);
}

/* What callers rely on for pruning: the same minutes both ways, and no trip faster than the straight
 * line at the fastest speed. */
static void
check_pair(const CnGazetteer *gazetteer, const CnTravelSpeeds *speeds, CnAreaId a, CnAreaId b)
{
    CnOrigin there, back;
    const CnArea *x = cn_area(gazetteer, a), *y = cn_area(gazetteer, b);
    cn_origin_init(&there, gazetteer, speeds, a);
    cn_origin_init(&back, gazetteer, speeds, b);
    CnTravel out = cn_origin_travel(&there, y->lat_deg, y->lon_deg, y->island);
    CnTravel home = cn_origin_travel(&back, x->lat_deg, x->lon_deg, x->island);
    if (out.travel_min != home.travel_min || out.distance_m != home.distance_m ||
        out.crosses_sea != home.crosses_sea)
        fail_msg("%s to %s: %d and %d min", x->code, y->code, out.travel_min, home.travel_min);
    double fastest =
        MAX(speeds->land_km_per_h * 100.0 / speeds->detour_percent, (double)speeds->sea_km_per_h);
    double crow_m = cn_distance_m(x->lat_deg, x->lon_deg, y->lat_deg, y->lon_deg);
    if (out.travel_min >= 0 && out.travel_min < crow_m / 1000.0 / fastest * 60.0 - 1e-6)
        fail_msg("%s to %s: %d min for %f m", x->code, y->code, out.travel_min, crow_m);
}

static void
is_symmetric_and_no_faster_than_a_crow(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    Country country;
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 200; round++) {
        draw_country(random, &country);
        g_autoptr(CnGazetteer) gazetteer = build_country(&country);
        for (CnAreaId a = 0; a < (CnAreaId)country.towns; a++)
            for (CnAreaId b = 0; b < a; b++)
                check_pair(gazetteer, &country.speeds, a, b);
    }
}

/* Every field, as bits; gives how many ports were compared that can be reached. */
static guint
assert_same_origin(const CnOrigin *one, const CnOrigin *other, guint ports)
{
    guint reached = 0;
    assert_memory_equal(&one->lat_deg, &other->lat_deg, sizeof one->lat_deg);
    assert_memory_equal(&one->lon_deg, &other->lon_deg, sizeof one->lon_deg);
    assert_memory_equal(&one->cos_lat, &other->cos_lat, sizeof one->cos_lat);
    assert_memory_equal(&one->fastest_min_a_km, &other->fastest_min_a_km,
                        sizeof one->fastest_min_a_km);
    assert_int_equal(one->island, other->island);
    assert_memory_equal(one->port_min, other->port_min, sizeof one->port_min);
    for (guint i = 0; i < ports; i++) {
        assert_int_equal(one->port_sea[i] != FALSE, other->port_sea[i] != FALSE);
        reached += !isinf(one->port_min[i]);
    }
    return reached;
}

static guint
compare_origins(const CnGazetteer *gazetteer, const CnTravelSpeeds *speeds)
{
    g_autoptr(CnCrossings) crossings = cn_crossings_new(gazetteer, speeds);
    guint reached = 0;
    for (CnAreaId town = CN_AREA_NONE; town < (CnAreaId)cn_gazetteer_len(gazetteer); town++) {
        CnOrigin alone, across;
        cn_origin_init(&alone, gazetteer, speeds, town);
        cn_origin_init_across(&across, crossings, town);
        reached += assert_same_origin(&alone, &across, cn_gazetteer_ports_len(gazetteer));
    }
    return reached;
}

static void
crosses_as_from_one_town_alone(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    Country country;
    guint reached = 0;
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 300; round++) {
        draw_country(random, &country);
        if (round % 3 == 0) /* as quick at sea: many ways are equal */
            country.speeds = (CnTravelSpeeds){20, 100, 20, 0};
        g_autoptr(CnGazetteer) gazetteer = build_country(&country);
        reached += compare_origins(gazetteer, &country.speeds);
    }
    assert_true(reached > 1000);
    print_message("%u ports of random countries\n", reached);
}

/* With no boarding time and one speed, a detour by way of a third town is never shorter by more than
 * the rounding. */
static void
detours_are_no_shorter(void **state)
{
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    Country country;
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 100; round++) {
        draw_country(random, &country);
        country.speeds = (CnTravelSpeeds){20, 100, 20, 0};
        g_autoptr(CnGazetteer) gazetteer = build_country(&country);
        static gint32 minutes[TOWNS_MOST][TOWNS_MOST];
        for (CnAreaId a = 0; a < (CnAreaId)country.towns; a++) {
            CnOrigin origin;
            cn_origin_init(&origin, gazetteer, &country.speeds, a);
            for (CnAreaId b = 0; b < (CnAreaId)country.towns; b++) {
                const CnArea *to = cn_area(gazetteer, b);
                minutes[a][b] =
                    cn_origin_travel(&origin, to->lat_deg, to->lon_deg, to->island).travel_min;
            }
        }
        for (guint a = 0; a < country.towns; a++)
            for (guint b = 0; b < country.towns; b++)
                for (guint c = 0; c < country.towns; c++)
                    if (minutes[a][b] >= 0 && minutes[b][c] >= 0)
                        assert_true(minutes[a][c] >= 0 &&
                                    minutes[a][c] <= minutes[a][b] + minutes[b][c] + 1);
    }
}

/* ---- By hand. */

static void
knows_simple_trips(void **state)
{
    /* One degree of latitude is 111.195 km: 300.2 min by land at 30 km/h and 135 %. */
    static const CnAreaRow rows[] = {
        {.code = "A",
         .name = "A",
         .level = CN_LEVEL_CITY,
         .lat_deg = 10,
         .lon_deg = 120,
         .island = "West"},
        {.code = "B",
         .name = "B",
         .level = CN_LEVEL_CITY,
         .lat_deg = 11,
         .lon_deg = 120,
         .island = "West"},
        {.code = "C",
         .name = "C",
         .level = CN_LEVEL_CITY,
         .lat_deg = 12,
         .lon_deg = 120,
         .island = "East"},
        {.code = "D",
         .name = "D",
         .level = CN_LEVEL_CITY,
         .lat_deg = 13,
         .lon_deg = 120,
         .island = "Alone"},
        {.code = "E", .name = "E", .level = CN_LEVEL_CITY, .lat_deg = 14, .lon_deg = 120},
    };
    static const struct {
        const char *from, *to;
        gint32 travel_min;
        gboolean crosses_sea;
    } cases[] =
        {
            {"A", "A", 0, FALSE},  {"A", "B", 301, FALSE},
            {"B", "C", 491, TRUE}, /* 120 + 111.195 / 18 h */
            {"A", "C", 791, TRUE}, /* 300.2 + 490.6 */
            {"A", "D", -1, TRUE},  {"D", "A", -1, TRUE},
            {"A", "E", -1, FALSE}, {"E", "A", -1, FALSE},
            {"E", "E", 0, FALSE},
        };
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        cn_gazetteer_builder_area(builder, &rows[i]);
    cn_gazetteer_builder_link(builder, CN_LINK_FERRY, "B", "C", 111.1, (CnPos){0});
    g_autoptr(CnGazetteer) gazetteer = cn_gazetteer_builder_finish(builder, issues);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnOrigin origin;
        const CnArea *to = cn_area(gazetteer, cn_area_by_code(gazetteer, cases[i].to));
        cn_origin_init(&origin, gazetteer, &usual, cn_area_by_code(gazetteer, cases[i].from));
        CnTravel travel = cn_origin_travel(&origin, to->lat_deg, to->lon_deg, to->island);
        if (travel.travel_min != cases[i].travel_min || travel.crosses_sea != cases[i].crosses_sea)
            fail_msg("%s to %s: %d min", cases[i].from, cases[i].to, travel.travel_min);
    }
    CnOrigin nowhere;
    cn_origin_init(&nowhere, gazetteer, &usual, CN_AREA_NONE);
    CnTravel travel = cn_origin_travel(&nowhere, 10, 120, 0);
    assert_int_equal(travel.travel_min, -1);
    assert_int_equal(travel.distance_m, -1);
    cn_origin_init(&nowhere, gazetteer, &usual, 0);
    assert_int_equal(cn_origin_travel(&nowhere, 10, 121, 99).travel_min, -1);
}

static void
prefers_land_where_minutes_are_equal(void **state)
{
    /* A bridge and a ferry between the same towns, at one speed and without boarding. */
    static const CnTravelSpeeds even = {20, 100, 20, 0};
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    (void)state;
    for (guint order = 0; order < 2; order++) {
        CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
        CnAreaRow a = {.code = "A", .name = "A", .level = CN_LEVEL_CITY, .island = "West"};
        CnAreaRow b = {
            .code = "B", .name = "B", .level = CN_LEVEL_CITY, .island = "East", .lat_deg = 1};
        cn_gazetteer_builder_area(builder, &a);
        cn_gazetteer_builder_area(builder, &b);
        for (guint k = 0; k < 2; k++)
            cn_gazetteer_builder_link(builder, k == order ? CN_LINK_BRIDGE : CN_LINK_FERRY, "A",
                                      "B", 150, (CnPos){0});
        g_autoptr(CnGazetteer) gazetteer = cn_gazetteer_builder_finish(builder, issues);
        CnOrigin origin;
        cn_origin_init(&origin, gazetteer, &even, 0);
        CnTravel travel = cn_origin_travel(&origin, 1, 0, cn_area(gazetteer, 1)->island);
        assert_int_equal(travel.travel_min, 450);
        assert_false(travel.crosses_sea);
    }
}

static void
checks_links(void **state)
{
    static const struct {
        const char *from, *to;
        double km;
        const char *tags;
    } cases[] = {{"A", "X", 10, "unknown-area"},
                 {"A", "N", 10, "unknown-island"},
                 {"A", "S", 10, "same-island"},
                 {"A", "B", 0, "impossible-value"},
                 {"A", "B", -5, "impossible-value"},
                 {"A", "B", 2001, "impossible-value"},
                 {"A", "B", INFINITY, "impossible-value"},
                 {"A", "B", NAN, "impossible-value"},
                 {"X", "N", NAN, "unknown-area unknown-island impossible-value"}};
    static const struct {
        const char *code, *island;
    } towns[] = {{"A", "West"}, {"S", "West"}, {"B", "East"}, {"N", NULL}};
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
        for (guint k = 0; k < G_N_ELEMENTS(towns); k++) {
            CnAreaRow row = {.code = towns[k].code,
                             .name = towns[k].code,
                             .level = CN_LEVEL_CITY,
                             .island = towns[k].island};
            cn_gazetteer_builder_area(builder, &row);
        }
        cn_gazetteer_builder_link(builder, CN_LINK_BRIDGE, cases[i].from, cases[i].to, cases[i].km,
                                  (CnPos){"links", 7, 1});
        assert_null(cn_gazetteer_builder_finish(builder, issues));
        GString *tags = g_string_new(NULL);
        for (guint k = 0; k < cn_issue_list_len(issues); k++) {
            assert_int_equal(cn_issue_list_get(issues, k)->pos.line, 7);
            g_string_append_printf(tags, "%s%s", k > 0 ? " " : "",
                                   cn_issue_list_get(issues, k)->tag);
        }
        assert_string_equal(tags->str, cases[i].tags);
        g_string_free(tags, TRUE);
    }
}

/* A chain of islands, as many ports as there may be, then one more. */
static void
bounds_the_ports(void **state)
{
    (void)state;
    for (guint ports = CN_PORTS_MOST; ports <= CN_PORTS_MOST + 1; ports++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
        char code[8], before[8] = "";
        for (guint i = 0; i < ports; i++) {
            g_snprintf(code, sizeof(code), "%03u", i);
            CnAreaRow row = {.code = code,
                             .name = code,
                             .level = CN_LEVEL_CITY,
                             .island = code,
                             .lat_deg = 0.01 * i};
            cn_gazetteer_builder_area(builder, &row);
            if (i > 0)
                cn_gazetteer_builder_link(builder, CN_LINK_FERRY, before, code, 1, (CnPos){0});
            memcpy(before, code, sizeof(before));
        }
        g_autoptr(CnGazetteer) gazetteer = cn_gazetteer_builder_finish(builder, issues);
        if (ports > CN_PORTS_MOST) {
            assert_null(gazetteer);
            assert_string_equal(cn_issue_list_get(issues, 0)->tag, "too-many");
            continue;
        }
        CnOrigin origin;
        cn_origin_init(&origin, gazetteer, &usual, 0);
        const CnArea *last = cn_area(gazetteer, (CnAreaId)ports - 1);
        CnTravel travel = cn_origin_travel(&origin, last->lat_deg, last->lon_deg, last->island);
        assert_true(travel.travel_min > (gint32)(ports - 1) * 120);
        assert_true(travel.crosses_sea);
    }
}

static void
names_bands(void **state)
{
    static const gint32 bounds[] = {30, 60, 120, 240, 480};
    static const struct {
        gint32 travel_min;
        guint bounds_len;
        const char *band;
    } cases[] = {{-1, 5, "unknown"},     {0, 5, "0-30min"},   {29, 5, "0-30min"},
                 {30, 5, "30-60min"},    {59, 5, "30-60min"}, {119, 5, "60-120min"},
                 {479, 5, "240-480min"}, {480, 5, "480min+"}, {G_MAXINT32, 5, "480min+"},
                 {5, 0, "0min+"},        {45, 1, "30min+"}};
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *band = cn_travel_band(cases[i].travel_min, bounds, cases[i].bounds_len);
        assert_string_equal(band, cases[i].band);
    }
}

/* ---- The shipped map. */

static void
travels_in_the_philippines(void **state)
{
    static const struct {
        const char *from, *to;
        gint32 least, most;
        gboolean crosses_sea;
    } cases[] = {
        {"Cagayan de Oro", "Butuan", 300, 600, FALSE},
        {"Cebu City", "Lapu-Lapu", 10, 60, FALSE}, /* over the bridge */
        {"Tacloban", "Calbayog", 200, 600, FALSE}, /* San Juanico bridge */
        {"Manila", "Calapan", 300, 700, TRUE},
        {"Manila", "Cebu City", 1200, 3000, TRUE},
        {"Cebu City", "Cagayan de Oro", 800, 2500, TRUE},
        {"Cagayan de Oro", "Basco", 3000, 9000, TRUE},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_reference) reference =
        cn_reference_read(g_getenv("CARENET_TEST_DATA"), &error);
    (void)state;
    if (reference == NULL)
        fail_msg("%s", error->message);
    const CnGazetteer *gazetteer = reference->gazetteer;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnAreaId from, to;
        CnOrigin origin;
        assert_true(cn_area_resolve(gazetteer, cases[i].from, &from, NULL));
        assert_true(cn_area_resolve(gazetteer, cases[i].to, &to, NULL));
        cn_origin_init(&origin, gazetteer, &usual, from);
        const CnArea *there = cn_area(gazetteer, to);
        CnTravel travel = cn_origin_travel(&origin, there->lat_deg, there->lon_deg, there->island);
        if (travel.travel_min < cases[i].least || travel.travel_min > cases[i].most ||
            travel.crosses_sea != cases[i].crosses_sea)
            fail_msg("%s to %s: %d min", cases[i].from, cases[i].to, travel.travel_min);
    }
    print_message("%u ports\n", compare_origins(gazetteer, &usual));
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    gint32 len = (gint32)cn_gazetteer_len(gazetteer);
    print_message("seed %u\n", seed);
    for (guint i = 0; i < 2000; i++)
        check_pair(gazetteer, &usual, g_rand_int_range(random, 0, len),
                   g_rand_int_range(random, 0, len));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_floyd_and_warshall),
        cmocka_unit_test(is_symmetric_and_no_faster_than_a_crow),
        cmocka_unit_test(crosses_as_from_one_town_alone),
        cmocka_unit_test(detours_are_no_shorter),
        cmocka_unit_test(knows_simple_trips),
        cmocka_unit_test(prefers_land_where_minutes_are_equal),
        cmocka_unit_test(checks_links),
        cmocka_unit_test(bounds_the_ports),
        cmocka_unit_test(names_bands),
        cmocka_unit_test(travels_in_the_philippines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
