/* Areas: building a gazetteer and its findings, the tree, short names, and resolving what people
 * type, on a small country and on the shipped gazetteer. */
#include "base/error.h"
#include "format/reference-files.h"
#include "model/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

/* ---- A small country. */

static const CnAreaRow small[] = {
    {.code = "PH", .name = "Land", .level = CN_LEVEL_COUNTRY},
    {.code = "22", .name = "Region II (Upper)", .parent_code = "PH", .level = CN_LEVEL_REGION},
    {.code = "11",
     .name = "Region I (Lower)",
     .parent_code = "PH",
     .level = CN_LEVEL_REGION,
     .aliases = "R1; Low ;;"},
    {.code = "1102", .name = "Bay", .parent_code = "11", .level = CN_LEVEL_PROVINCE},
    {.code = "1101", .name = "Alto", .parent_code = "11", .level = CN_LEVEL_PROVINCE},
    {.code = "110102",
     .name = "Bay",
     .parent_code = "1102",
     .level = CN_LEVEL_MUNICIPALITY,
     .island = "East"},
    {.code = "110101",
     .name = "City of Bay",
     .parent_code = "1101",
     .level = CN_LEVEL_CITY,
     .aliases = "Bay",
     .island = "West"},
    {.code = "1109",
     .name = "City of Cross",
     .parent_code = "11",
     .level = CN_LEVEL_CITY,
     .geographic_province = "1102",
     .island = "East"},
    {.code = "110103", .name = "Cross", .parent_code = "1101", .level = CN_LEVEL_MUNICIPALITY},
    {.code = "220001",
     .name = "Sto. Niño De La Cruz",
     .parent_code = "22",
     .level = CN_LEVEL_MUNICIPALITY},
};

static CnGazetteer *
build(const CnAreaRow *rows, guint len, CnIssueList *issues)
{
    CnGazetteerBuilder *builder = cn_gazetteer_builder_new();
    for (guint i = 0; i < len; i++) {
        CnAreaRow row = rows[i];
        row.pos = (CnPos){"t", i + 1, 1};
        cn_gazetteer_builder_area(builder, &row);
    }
    return cn_gazetteer_builder_finish(builder, issues);
}

static CnGazetteer *
build_small(void)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnGazetteer *gazetteer = build(small, G_N_ELEMENTS(small), issues);
    assert_int_equal(cn_issue_list_len(issues), 0);
    assert_non_null(gazetteer);
    return gazetteer;
}

static void
orders_parents_before_children(void **state)
{
    static const char *const codes[] = {"PH",   "11",     "1101", "110101", "110103",
                                        "1102", "110102", "1109", "22",     "220001"};
    static const CnAreaId ends[] = {10, 8, 5, 4, 5, 7, 7, 8, 10, 10};
    static const CnAreaId parents[] = {-1, 0, 1, 2, 2, 1, 5, 1, 0, 8};
    g_autoptr(CnGazetteer) gazetteer = build_small();
    (void)state;
    assert_int_equal(cn_gazetteer_len(gazetteer), G_N_ELEMENTS(codes));
    for (CnAreaId i = 0; i < (CnAreaId)G_N_ELEMENTS(codes); i++) {
        const CnArea *area = cn_area(gazetteer, i);
        assert_string_equal(area->code, codes[i]);
        assert_int_equal(area->end, ends[i]);
        assert_int_equal(area->parent, parents[i]);
        assert_int_equal(cn_area_by_code(gazetteer, codes[i]), i);
        assert_non_null(area->aliases);
    }
    assert_int_equal(cn_area_by_code(gazetteer, "Alto"), CN_AREA_NONE);
    const CnArea *lower = cn_area(gazetteer, 1);
    assert_string_equal(lower->aliases[0], "R1");
    assert_string_equal(lower->aliases[1], "Low");
    assert_null(lower->aliases[2]);
    assert_string_equal(cn_island_name(gazetteer, cn_area(gazetteer, 3)->island), "West");
    assert_int_equal(cn_area(gazetteer, 6)->island, cn_area(gazetteer, 7)->island);
    assert_int_equal(cn_area(gazetteer, 0)->island, -1);
    assert_null(cn_island_name(gazetteer, -1));
    assert_null(cn_island_name(gazetteer, 2));
}

/* The tree by walking up, and the geographic province. */
static gboolean
contains_slowly(const CnGazetteer *gazetteer, CnAreaId outer, CnAreaId inner)
{
    for (CnAreaId at = inner; at >= 0; at = cn_area(gazetteer, at)->parent)
        if (at == outer)
            return TRUE;
    return cn_area(gazetteer, inner)->geographic_province == outer;
}

static void
knows_what_lies_below(void **state)
{
    g_autoptr(CnGazetteer) gazetteer = build_small();
    (void)state;
    for (CnAreaId outer = 0; outer < 10; outer++)
        for (CnAreaId inner = 0; inner < 10; inner++)
            assert_int_equal(cn_area_contains(gazetteer, outer, inner),
                             contains_slowly(gazetteer, outer, inner));
    assert_true(cn_area_contains(gazetteer, 5, 7)); /* City of Cross in Bay */
    assert_false(cn_area_contains(gazetteer, CN_AREA_NONE, 3));
    assert_false(cn_area_contains(gazetteer, 3, CN_AREA_NONE));
    assert_int_equal(cn_area_at_level(gazetteer, 4, CN_LEVEL_PROVINCE), 2);
    assert_int_equal(cn_area_at_level(gazetteer, 4, CN_LEVEL_REGION), 1);
    assert_int_equal(cn_area_at_level(gazetteer, 7, CN_LEVEL_REGION), 1);
    assert_int_equal(cn_area_at_level(gazetteer, 7, CN_LEVEL_PROVINCE), CN_AREA_NONE);
    assert_int_equal(cn_area_at_level(gazetteer, 1, CN_LEVEL_CITY), CN_AREA_NONE);
    assert_int_equal(cn_area_at_level(gazetteer, 4, CN_LEVEL_ISLAND_GROUP), CN_AREA_NONE);
    assert_int_equal(cn_area_at_level(gazetteer, CN_AREA_NONE, CN_LEVEL_REGION), CN_AREA_NONE);
}

static void
names_levels(void **state)
{
    static const char *const names[] = {"country",  "island-group", "region",
                                        "province", "city",         "municipality"};
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        CnLevel level;
        assert_true(cn_level_parse(names[i], &level));
        assert_int_equal(level, i);
        assert_string_equal(cn_level_name(level), names[i]);
    }
    CnLevel untouched = CN_LEVEL_CITY;
    assert_false(cn_level_parse("City", &untouched));
    assert_int_equal(untouched, CN_LEVEL_CITY);
}

static void
shortens_names(void **state)
{
    static const char *const names[] = {
        "Land", "Lower",    "Alto",       "Bay City", "Cross, Alto",
        "Bay",  "Bay, Bay", "Cross, Bay", "Upper",    "Sto. Niño de la Cruz"};
    g_autoptr(CnGazetteer) gazetteer = build_small();
    (void)state;
    for (CnAreaId i = 0; i < (CnAreaId)G_N_ELEMENTS(names); i++)
        assert_string_equal(cn_area_short_name(gazetteer, i), names[i]);
    for (CnAreaId i = 0; i < (CnAreaId)G_N_ELEMENTS(names); i++) {
        CnAreaId area = CN_AREA_NONE;
        assert_true(cn_area_resolve(gazetteer, names[i], &area, NULL));
        assert_int_equal(area, i);
    }
}

/* ---- Findings. */

typedef struct {
    CnAreaRow rows[4];
    guint len;
    const char *findings; /* tag@line, joined by spaces */
} FindingCase;

#define ROOT                                                    \
    {                                                           \
        .code = "PH", .name = "Land", .level = CN_LEVEL_COUNTRY \
    }

static char *
list_findings(const CnIssueList *issues)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < cn_issue_list_len(issues); i++) {
        const CnIssue *issue = cn_issue_list_get(issues, i);
        g_string_append_printf(out, "%s%s@%u", i > 0 ? " " : "", issue->tag, issue->pos.line);
        assert_false(g_str_has_suffix(issue->message, "."));
    }
    return g_string_free(out, FALSE);
}

static void
finds_what_is_wrong(void **state)
{
    static const FindingCase cases[] = {
        {{ROOT, {.code = "", .name = "X", .parent_code = "PH", .level = CN_LEVEL_REGION}},
         2,
         "missing-value@2"},
        {{ROOT, {.code = "1", .name = "", .parent_code = "PH", .level = CN_LEVEL_REGION}},
         2,
         "missing-value@2"},
        {{ROOT, ROOT}, 2, "duplicate-id@2"},
        {{ROOT, {.code = "1", .name = "X", .parent_code = "2", .level = CN_LEVEL_REGION}},
         2,
         "unknown-area@2"},
        {{ROOT,
          {.code = "1", .name = "X", .parent_code = "2", .level = CN_LEVEL_REGION},
          {.code = "2", .name = "Y", .parent_code = "1", .level = CN_LEVEL_PROVINCE}},
         3,
         "parent-cycle@2 parent-cycle@3"},
        {{ROOT, {.code = "1", .name = "X", .parent_code = "1", .level = CN_LEVEL_REGION}},
         2,
         "parent-cycle@2"},
        {{ROOT,
          {.code = "1", .name = "X", .parent_code = "PH", .level = CN_LEVEL_CITY},
          {.code = "2", .name = "Y", .parent_code = "1", .level = CN_LEVEL_PROVINCE},
          {.code = "3", .name = "Z", .parent_code = "2", .level = CN_LEVEL_PROVINCE}},
         4,
         "wrong-parent@3 wrong-parent@4"},
        {{ROOT,
          {.code = "1",
           .name = "X",
           .parent_code = "PH",
           .level = CN_LEVEL_CITY,
           .geographic_province = "9"},
          {.code = "2",
           .name = "Y",
           .parent_code = "PH",
           .level = CN_LEVEL_CITY,
           .geographic_province = "1"}},
         3,
         "unknown-area@2 unknown-area@3"},
        {{ROOT,
          {.code = "1",
           .name = "X",
           .parent_code = "PH",
           .level = CN_LEVEL_CITY,
           .lat_deg = 91,
           .population = -1}},
         2,
         "impossible-value@2 impossible-value@2"},
        {{ROOT,
          {.code = "1",
           .name = "X",
           .parent_code = "PH",
           .level = CN_LEVEL_CITY,
           .lon_deg = -G_MAXDOUBLE},
          {.code = "2",
           .name = "X",
           .parent_code = "PH",
           .level = CN_LEVEL_CITY,
           .lat_deg = __builtin_nan("")}},
         3,
         "impossible-value@2 impossible-value@3"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        assert_null(build(cases[i].rows, cases[i].len, issues));
        g_autofree char *findings = list_findings(issues);
        assert_string_equal(findings, cases[i].findings);
    }
}

static void
an_empty_gazetteer_is_one(void **state)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnGazetteer) gazetteer = build(NULL, 0, issues);
    CnAreaId area = 7;
    (void)state;
    assert_int_equal(cn_gazetteer_len(gazetteer), 0);
    assert_false(cn_area_resolve(gazetteer, "Cebu", &area, NULL));
    assert_int_equal(area, 7);
    cn_gazetteer_free(NULL);
}

/* The order of rows does not matter. */
static void
rows_come_in_any_order(void **state)
{
    g_autoptr(CnGazetteer) straight = build_small();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    CnAreaRow reversed[G_N_ELEMENTS(small)];
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(small); i++)
        reversed[i] = small[G_N_ELEMENTS(small) - 1 - i];
    g_autoptr(CnGazetteer) other = build(reversed, G_N_ELEMENTS(small), issues);
    for (CnAreaId i = 0; i < (CnAreaId)G_N_ELEMENTS(small); i++) {
        assert_string_equal(cn_area(straight, i)->code, cn_area(other, i)->code);
        assert_int_equal(cn_area(straight, i)->end, cn_area(other, i)->end);
        assert_int_equal(cn_area(straight, i)->island, cn_area(other, i)->island);
        assert_string_equal(cn_area_short_name(straight, i), cn_area_short_name(other, i));
    }
}

/* ---- The shipped gazetteer. */

static int
open_shipped(void **state)
{
    g_autoptr(GError) error = NULL;
    *state = cn_reference_read(g_getenv("CARENET_TEST_DATA"), &error);
    if (*state == NULL)
        print_error("%s\n", error->message);
    return *state == NULL;
}

static int
close_shipped(void **state)
{
    carenet_reference_unref(*state);
    return 0;
}

static void
resolves_names(void **state)
{
    static const struct {
        const char *name, *code;
    } cases[] = {
        {"1030500000", "1030500000"},
        {"PH-MIN", "PH-MIN"},
        /* the highest level wins */
        {"Cebu", "0702200000"},
        {"cebu", "0702200000"},
        {"Caraga", "1600000000"},
        {"caraga", "1600000000"},
        {"Isabela", "0203100000"},
        {"iloilo", "0603000000"},
        {"mindanao", "PH-MIN"},
        {"Quezon", "0405600000"},
        {"COTABATO", "1204700000"},
        /* folded */
        {"northern-mindanao", "1000000000"},
        {"central-luzon", "0300000000"},
        {"central-visayas", "0700000000"},
        {"ncr", "1300000000"},
        {"  Metro   Manila ", "1300000000"},
        {"calabarzon", "0400000000"},
        {"region iv-a", "0400000000"},
        {"REGION 10", "1000000000"},
        {"Paranaque", "1381000000"},
        {"PARAÑAQUE", "1381000000"},
        {"cagayan de oro", "1030500000"},
        {"CDO", "1030500000"},
        {"mlang", "1204710000"},
        {"Gen. Santos", "1230800000"},
        {"sto tomas, batangas", "0401028000"},
        {"Santo Tomas, Batangas", "0401028000"},
        {"Mt. Province", "1404400000"},
        /* words that name the level */
        {"Cebu City", "0730600000"},
        {"City of Cebu", "0730600000"},
        {"city of cebu", "0730600000"},
        {"cebu province", "0702200000"},
        {"Province of Cebu", "0702200000"},
        {"Isabela City", "0990101000"},
        {"isabela town", "1804514000"},
        {"Municipality of Caraga", "1102504000"},
        {"Northern Mindanao Region", "1000000000"},
        {"Luzon island group", "PH-LUZ"},
        {"Quezon City", "1381300000"},
        /* within */
        {"City of San Fernando, Pampanga", "0305416000"},
        {"San Fernando, La Union", "0103314000"},
        {"San Fernando, Cebu", "0702241000"},
        {"Cebu, Cebu", "0730600000"},
        {"Cebu, Central Visayas", "0702200000"},
        {"Cebu City, Cebu", "0730600000"},
        {"Isabela, Isabela", "0203100000"},
        {"Isabela, Basilan", "0990101000"},
        {"isabela, negros occ.", "1804514000"},
        {"San Isidro, bohol", "0701237000"},
        {"Quezon, Quezon", "0405637000"},
        {"Tagoloan, Misamis Oriental, Northern Mindanao", "1004324000"},
        {"Manila, Philippines", "1380600000"},
        {"Maguing, Lanao del Sur", "1903634000"},
        {"Cebu,", "0702200000"},
        {", Cebu", "0702200000"},
        {"Cotabato City, Maguindanao", "1908703000"},
    };
    const CnReference *reference = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnAreaId area = CN_AREA_NONE;
        g_autoptr(GError) error = NULL;
        if (!cn_area_resolve(reference->gazetteer, cases[i].name, &area, &error))
            fail_msg("\"%s\": %s", cases[i].name, error->message);
        const char *code = cn_area(reference->gazetteer, area)->code;
        if (strcmp(code, cases[i].code) != 0)
            fail_msg("\"%s\" is %s", cases[i].name, code);
    }
}

static void
says_why_not(void **state)
{
    static const struct {
        const char *name;
        carenet_error_code code;
        const char *message, *hint; /* parts of them */
    } cases[] = {
        {"San Isidro", CARENET_ERROR_INVALID_ARGUMENT, "the name of 9 areas",
         "San Isidro, Bohol; "},
        {"san fernando", CARENET_ERROR_INVALID_ARGUMENT, "7 areas", "San Fernando, Pampanga; "},
        {"Maguindanao", CARENET_ERROR_INVALID_ARGUMENT, "2 areas", "Maguindanao del Norte; "},
        {"Maguing", CARENET_ERROR_INVALID_ARGUMENT, "2 areas",
         "Lumba-Bayabao; Maguing, Lanao del Sur"},
        {"Naga City", CARENET_ERROR_INVALID_ARGUMENT, "2 areas", "Naga, Cebu"},
        {"cagayn de oro", CARENET_ERROR_NOT_FOUND, "no area is called \"cagayn de oro\"",
         "did you mean Cagayan de Oro"},
        {"San Isidor", CARENET_ERROR_NOT_FOUND, "no area", "did you mean San Isidro"},
        {"Cavite City, Caviet", CARENET_ERROR_NOT_FOUND, "\"Caviet\"", "did you mean Cavite"},
        {"San Isidro, Cavite", CARENET_ERROR_NOT_FOUND,
         "no area called \"San Isidro\" lies in \"Cavite\"", "San Isidro, Bohol"},
        {"City of San Isidro", CARENET_ERROR_NOT_FOUND, "no area", NULL},
        {"Cavite province, Bohol", CARENET_ERROR_NOT_FOUND, "lies in \"Bohol\"", NULL},
        {"", CARENET_ERROR_NOT_FOUND, "no area is called \"\"", "PSGC code"},
        {" , ,", CARENET_ERROR_NOT_FOUND, "no area", "PSGC code"},
        {"...", CARENET_ERROR_NOT_FOUND, "no area", "PSGC code"},
        {"\xFF\xFE", CARENET_ERROR_NOT_FOUND, "no area", "PSGC code"},
        {"a\nb", CARENET_ERROR_NOT_FOUND, "\"a b\"", NULL},
        {"0730600001", CARENET_ERROR_NOT_FOUND, "no area", NULL},
        {"Poblacion, Cebu, Cebu, Cebu, Cebu, Cebu", CARENET_ERROR_NOT_FOUND, "no area", NULL},
    };
    const CnReference *reference = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnAreaId area = 12345;
        g_autoptr(GError) error = NULL;
        if (cn_area_resolve(reference->gazetteer, cases[i].name, &area, &error))
            fail_msg("\"%s\" was found", cases[i].name);
        assert_int_equal(area, 12345);
        assert_int_equal(carenet_error_get_code(error), cases[i].code);
        const char *hint = carenet_error_get_hint(error);
        if (strstr(error->message, cases[i].message) == NULL ||
            (cases[i].hint != NULL && (hint == NULL || strstr(hint, cases[i].hint) == NULL)))
            fail_msg("\"%s\": %s; %s", cases[i].name, error->message, hint);
        assert_null(strchr(error->message, '\n'));
        assert_false(cn_area_resolve(reference->gazetteer, cases[i].name, &area, NULL));
    }
}

/* Names in conflict are listed so that each can be copied into the next try. */
static void
short_names_lead_back(void **state)
{
    const CnReference *reference = *state;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < cn_gazetteer_len(reference->gazetteer); i++) {
        CnAreaId area = CN_AREA_NONE;
        const char *name = cn_area_short_name(reference->gazetteer, (CnAreaId)i);
        assert_true(g_hash_table_add(seen, (gpointer)name));
        if (!cn_area_resolve(reference->gazetteer, name, &area, NULL) || area != (CnAreaId)i)
            fail_msg("\"%s\" does not lead back to its area", name);
    }
}

static void
short_names_are_what_people_say(void **state)
{
    static const struct {
        const char *code, *name;
    } cases[] = {{"1030500000", "Cagayan de Oro"},
                 {"0730600000", "Cebu City"},
                 {"0702200000", "Cebu"},
                 {"1000000000", "Northern Mindanao"},
                 {"1300000000", "NCR"},
                 {"0701237000", "San Isidro, Bohol"},
                 {"0305416000", "San Fernando, Pampanga"},
                 {"1381300000", "Quezon City"},
                 {"0301420000", "San Jose del Monte"},
                 {"1380600000", "Manila"}};
    const CnReference *reference = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CnAreaId area = cn_area_by_code(reference->gazetteer, cases[i].code);
        assert_string_equal(cn_area_short_name(reference->gazetteer, area), cases[i].name);
    }
}

/* Every name in capitals and without accents finds an area that bears it, or a conflict of such. */
static void
every_name_is_found(void **state)
{
    const CnReference *reference = *state;
    const CnGazetteer *gazetteer = reference->gazetteer;
    for (guint i = 0; i < cn_gazetteer_len(gazetteer); i++) {
        const CnArea *bearer = cn_area(gazetteer, (CnAreaId)i);
        CnAreaId area = CN_AREA_NONE;
        g_autoptr(GError) error = NULL;
        g_autofree char *capitals = g_utf8_strup(bearer->name, -1);
        if (cn_area_resolve(gazetteer, capitals, &area, &error))
            assert_true(cn_area(gazetteer, area)->level <= bearer->level);
        else
            assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    }
}

static void
survives_any_name(void **state)
{
    static const char *const pieces[] = {"City of ", "cebu",   ",",    " ",  "province",
                                         "San ",     "Isidro", "\xFF", "ñ",  "of ",
                                         "town",     "x",      "sto.", "\n", "07"};
    const CnReference *reference = *state;
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 300; round++) {
        CnAreaId area = CN_AREA_NONE;
        g_autoptr(GError) error = NULL;
        GString *text = g_string_new(NULL);
        for (gint k = g_rand_int_range(random, 0, 8); k > 0; k--)
            g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        gboolean ok = cn_area_resolve(reference->gazetteer, text->str, &area, &error);
        assert_true(ok == (area >= 0) && ok == (error == NULL));
        g_string_free(text, TRUE);
    }
    g_autofree char *huge = g_strnfill(5000000, 'a');
    assert_false(cn_area_resolve(reference->gazetteer, huge, &(CnAreaId){0}, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_parents_before_children),
        cmocka_unit_test(knows_what_lies_below),
        cmocka_unit_test(names_levels),
        cmocka_unit_test(shortens_names),
        cmocka_unit_test(finds_what_is_wrong),
        cmocka_unit_test(an_empty_gazetteer_is_one),
        cmocka_unit_test(rows_come_in_any_order),
        cmocka_unit_test(resolves_names),
        cmocka_unit_test(says_why_not),
        cmocka_unit_test(short_names_lead_back),
        cmocka_unit_test(short_names_are_what_people_say),
        cmocka_unit_test(every_name_is_found),
        cmocka_unit_test(survives_any_name),
    };
    return cmocka_run_group_tests(tests, open_shipped, close_shipped);
}
