/* Region outlines: points inside, outside, in holes; files that are none. */
#include "../support/random-network.h"
#include "format/outline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A square degree at 10 N 120 E with a hole in its middle, and a far island of the same region. */
static const char squares[] =
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
    "\"properties\":{\"code\":\"A\"},\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":["
    "[[[120,10],[121,10],[121,11],[120,11],[120,10]],"
    "[[120.4,10.4],[120.6,10.4],[120.6,10.6],[120.4,10.6],[120.4,10.4]]],"
    "[[[125,10],[125.1,10],[125.1,10.1],[125,10]]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"B\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[0,0],[1,0],[0,1],[0,0]]]}}]}";

/* (transfer full) */
static CnOutlines *
read_text(const char *text, GError **error)
{
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "o.geojson", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    CnOutlines *outlines = cn_outlines_read(path, error);
    test_folder_remove(folder);
    return outlines;
}

static void
distances_are_measured(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        double lat_deg, lon_deg, km;
    } cases[] = {
        {"A", 10.2, 120.2, 0},    {"A", 10.5, 120.5, 10.9}, /* in the hole */
        {"A", 10.45, 120.5, 5.6}, {"A", 11.1, 120.5, 11.1}, {"A", 9.9, 119.9, 15.6},
        {"A", 10.05, 125.08, 0},  {"A", 10.0, 125.2, 10.9}, {"B", 0.2, 0.2, 0},
        {"B", 0.6, 0.6, 15.7},    {"C", 0.2, 0.2, -0.001},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(CnOutlines) outlines = read_text(squares, &error);
    assert_null(error);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        double m =
            cn_outlines_distance_m(outlines, cases[i].code, cases[i].lat_deg, cases[i].lon_deg);
        assert_true(fabs(m / 1000 - cases[i].km) < 0.1);
    }
}

static void
other_files_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{\"features\": [",
        "{\"features\": [1]}",
        "{\"features\": [{\"properties\": {\"code\": \"A\"}}]}",
        "{\"features\": [{\"properties\": {\"code\": \"A\"}, \"geometry\": {\"type\": \"Point\"}}]}",
        "{\"features\": [{\"properties\": {\"code\": \"A\"}, \"geometry\": {\"type\": \"Polygon\","
        " \"coordinates\": [[[0, 0], [1, 0], [0, 0]]]}}]}",
        "{\"features\": [{\"properties\": {\"code\": \"A\"}, \"geometry\": {\"type\": "
        "\"MultiPolygon\", \"coordinates\": [[[[0, 0], [1, \"x\"], [1, 1], [0, 0]]]]}}]}",
    };
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(read_text(texts[i], &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_PARSE);
    }
    g_autoptr(GError) error = NULL;
    assert_null(cn_outlines_read("none.geojson", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    cn_outlines_free(NULL);
}

/* Every town lies in the outline of its region, give or take what the check allows. */
static void
towns_lie_in_their_regions(void **state)
{
    (void)state;
    CnReference *reference = test_reference();
    const CnGazetteer *gazetteer = reference->gazetteer;
    g_autofree char *path = g_build_filename(reference->data_dir, "outlines.geojson", NULL);
    g_autoptr(CnOutlines) outlines = cn_outlines_read(path, NULL);
    guint outside = 0, towns = 0;
    assert_non_null(outlines);
    for (CnAreaId area = 0; area < (CnAreaId)cn_gazetteer_len(gazetteer); area++) {
        const CnArea *town = cn_area(gazetteer, area);
        CnAreaId region = cn_area_at_level(gazetteer, area, CN_LEVEL_REGION);
        if (town->level < CN_LEVEL_CITY || region == CN_AREA_NONE)
            continue;
        double m = cn_outlines_distance_m(outlines, cn_area(gazetteer, region)->code, town->lat_deg,
                                          town->lon_deg);
        towns++;
        if (m < 0 || m > CN_OUTLINE_TOLERANCE_M)
            outside++;
    }
    print_message("%u of %u towns outside\n", outside, towns);
    assert_true(towns > 1600);
    assert_true(outside * 100 < towns);
    carenet_reference_unref(reference);
}

/* A public provider of Northern Mindanao at a point. */
static CnProvider *
add_point(CnNetwork *network,
          const CnReference *reference,
          const char *code,
          double lat,
          double lon)
{
    CnProvider *provider = cn_network_add_provider(network);
    provider->id = "p";
    provider->site = (CnSite){.area = cn_area_by_code(reference->gazetteer, code),
                              .has_point = TRUE,
                              .lat_deg = lat,
                              .lon_deg = lon};
    return provider;
}

static void
missing_outlines_are_told_once(void **state)
{
    (void)state;
    CnReference *reference = test_reference();
    char *kept = reference->data_dir;
    reference->data_dir = (char *)"none";
    for (guint points = 0; points < 3; points++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(CnNetwork) network = cn_network_new();
        for (guint i = 0; i < points; i++)
            add_point(network, reference, "1000000000", 8.5, 124.6);
        cn_outlines_check(network, reference, issues);
        assert_int_equal(cn_issue_list_len(issues), points > 0 ? 1 : 0);
        if (points > 0)
            assert_string_equal(cn_issue_list_get(issues, 0)->tag, "no-outlines");
    }
    reference->data_dir = kept;
    carenet_reference_unref(reference);
}

static void
points_are_checked_where_it_helps(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        double lat_deg, lon_deg;
        CnDisclosure disclosure;
        guint warnings;
    } cases[] = {
        {"1000000000", 8.5, 124.6, CN_DISCLOSE_PUBLIC, 0},
        {"1000000000", 14.6, 121.0, CN_DISCLOSE_PUBLIC, 1},
        {"1000000000", 14.6, 121.0, CN_DISCLOSE_RESTRICTED, 0},
        {"1000000000", 0.0, 0.0, CN_DISCLOSE_PUBLIC, 0}, /* said elsewhere */
        {"1030500000", 8.48, 124.65, CN_DISCLOSE_PUBLIC, 0},
        {"1030500000", 14.6, 121.0, CN_DISCLOSE_PUBLIC, 1},
        {"PH", 14.6, 121.0, CN_DISCLOSE_PUBLIC, 0},
        {"none", 14.6, 121.0, CN_DISCLOSE_PUBLIC, 0},
    };
    CnReference *reference = test_reference();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autoptr(CnNetwork) network = cn_network_new();
        add_point(network, reference, cases[i].code, cases[i].lat_deg, cases[i].lon_deg)
            ->disclosure = cases[i].disclosure;
        cn_outlines_check(network, reference, issues);
        assert_int_equal(cn_issue_list_len(issues), cases[i].warnings);
    }
    carenet_reference_unref(reference);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_measured),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(towns_lie_in_their_regions),
        cmocka_unit_test(missing_outlines_are_told_once),
        cmocka_unit_test(points_are_checked_where_it_helps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
