/* Reading reference data: the shipped folder, the tables made from it, and every way in which a
 * folder can be broken, on fixtures in a temporary folder. */
#include "base/error.h"
#include "format/csv.h"
#include "format/reference-files.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

/* ---- A small sound folder. */

enum {
    AREAS,
    LINKS,
    SERVICES,
    TERMS,
    FILES
};
static const char *const names[FILES] = {"gazetteer.csv", "sea-links.csv", "services.yaml",
                                         "terms.yaml"};

#define AREA_HEADER \
    "code,name,level,parent_code,lat,lon,population,aliases,geographic_province,island\n"
#define LINK_HEADER                                                                             \
    "kind,from_code,from_name,from_island,to_code,to_name,to_island,straight_km,verified,note," \
    "source\n"

static const char *const sound[FILES] = {
    AREA_HEADER "PH,Land,country,,12,121,100,,,\n"
                "1,\"Region \"\"One\"\", North\",region,PH,12,121,60,North;R1,,West\n"
                "2,Alto,city,1,12.5,121.5,40,,,West\n"
                "3,Bajo,municipality,1,11.5,122.5,20,,,East\n",
    LINK_HEADER "ferry,2,Alto,West,3,Bajo,East,160.5,yes,\"by night, slowly\",x\n",
    "services:\n"
    "  - {id: health, name: Health, unit: slot, sensitive: false, aliases: [MHPSS], primero: p}\n"
    "  - {id: home, name: Home, unit: bed, sensitive: true, restrictiveness: 5, gate: visit}\n"
    "  - {id: adoption, name: Adoption, unit: none, sensitive: true, routable: false, basis: x}\n",
    "groups:\n  - {id: deaf, name: Deaf}\n"
    "access:\n  - {id: ramp, name: Ramp}\n"
    "documents:\n  - {id: paper, name: Paper}\n"
    "assessments:\n  - {id: visit, name: Visit, ask: Ask the office}\n"
    "courses:\n  - {id: course, name: Course, aliases: [lesson]}\n"
    "languages:\n  - {id: en, name: English}\n"};

typedef struct {
    char *path;
} Folder;

static int
make_folder(void **state)
{
    Folder *folder = g_new0(Folder, 1);
    folder->path = g_dir_make_tmp("carenet-reference-XXXXXX", NULL);
    *state = folder;
    return folder->path == NULL;
}

/* @text NULL: no such file. */
static void
put_file(const Folder *folder, guint file, const char *text, gssize len)
{
    g_autofree char *path = g_build_filename(folder->path, names[file], NULL);
    if (text == NULL)
        g_remove(path);
    else
        assert_true(g_file_set_contents(path, text, len, NULL));
}

static void
put_sound(const Folder *folder)
{
    for (guint i = 0; i < FILES; i++)
        put_file(folder, i, sound[i], -1);
}

static int
drop_folder(void **state)
{
    Folder *folder = *state;
    for (guint i = 0; i < FILES; i++)
        put_file(folder, i, NULL, 0);
    g_rmdir(folder->path);
    g_free(folder->path);
    g_free(folder);
    return 0;
}

static void
reads_a_sound_folder(void **state)
{
    const Folder *folder = *state;
    g_autoptr(GError) error = NULL;
    put_sound(folder);
    g_autoptr(carenet_reference) reference = carenet_reference_open(folder->path, &error);
    if (reference == NULL)
        fail_msg("%s:%u:%u: %s", carenet_error_get_file(error), carenet_error_get_line(error),
                 carenet_error_get_column(error), error->message);
    assert_string_equal(reference->data_dir, folder->path);
    assert_int_equal(cn_gazetteer_len(reference->gazetteer), 4);
    const CnArea *region = cn_area(reference->gazetteer, 1);
    assert_string_equal(region->name, "Region \"One\", North");
    assert_true(region->lat_deg == 12.0 && region->population == 60);
    assert_string_equal(region->aliases[1], "R1");
    const CnService *home = cn_service(reference->taxonomy, 1);
    assert_int_equal(home->unit, CN_UNIT_BED);
    assert_true(home->sensitive && home->routable && home->restrictiveness == 5);
    assert_int_equal(home->gate, 0);
    assert_false(cn_service(reference->taxonomy, 2)->routable);
    assert_int_equal(cn_service(reference->taxonomy, 0)->gate, -1);
    assert_string_equal(cn_service(reference->taxonomy, 0)->aliases[0], "MHPSS");
    assert_string_equal(cn_term(reference->terms[CARENET_TERMS_ASSESSMENTS], 0)->detail,
                        "Ask the office");
    assert_int_equal(cn_term_find(reference->terms[CARENET_TERMS_COURSES], "lesson"), 0);

    carenet_reference *again = carenet_reference_ref(reference);
    assert_ptr_equal(again, reference);
    carenet_reference_unref(again);
    assert_null(carenet_reference_ref(NULL));
    carenet_reference_unref(NULL);
}

static char *
digest_of(const Folder *folder)
{
    g_autoptr(carenet_reference) reference = cn_reference_read(folder->path, NULL);
    assert_non_null(reference);
    return g_strdup(reference->digest);
}

/* The digest is stable, and any byte of any file moves it. */
static void
digests_all_files(void **state)
{
    const Folder *folder = *state;
    put_sound(folder);
    g_autofree char *digest = digest_of(folder);
    g_autofree char *again = digest_of(folder);
    assert_int_equal(strlen(digest), 64);
    assert_string_equal(digest, again);
    for (guint i = 0; i < FILES; i++) {
        g_autofree char *longer = g_strconcat(sound[i], "\n", NULL);
        put_file(folder, i, longer, -1);
        g_autofree char *other = digest_of(folder);
        assert_string_not_equal(digest, other);
        put_file(folder, i, sound[i], -1);
    }
}

/* ---- Broken folders. */

typedef struct {
    guint file;
    const char *text; /* NULL: no such file */
    carenet_error_code code;
    guint line, column;
    const char *message; /* part of it */
} Broken;

#define DATA CARENET_ERROR_INVALID_DATA
#define LAND "PH,Land,country,,12,121,100,,,\n"

static const Broken broken[] = {
    {AREAS, NULL, CARENET_ERROR_IO, 0, 0, "there is no file"},
    {LINKS, NULL, CARENET_ERROR_IO, 0, 0, "there is no file"},
    {SERVICES, NULL, CARENET_ERROR_IO, 0, 0, "there is no file"},
    {TERMS, NULL, CARENET_ERROR_IO, 0, 0, "there is no file"},
    /* CSV */
    {AREAS, "", DATA, 1, 1, "there is no header"},
    {AREAS, "\n  \n", DATA, 1, 1, "there is no header"},
    {AREAS, "code,name\n", DATA, 1, 1, "the header has no column \"level\""},
    {LINKS, "kind,kind\n", DATA, 1, 1, "the column \"kind\" twice"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,1,1,1\n", DATA, 3, 1, "7 cells, expected 10"},
    {AREAS, AREA_HEADER "PH,La\"nd,country,,12,121,100,,,\n", DATA, 2, 6, "a quote stands"},
    {AREAS, AREA_HEADER "PH,\"ñ\" x,country,,12,121,100,,,\n", DATA, 2, 8, "a quote stands"},
    {AREAS, AREA_HEADER "PH,\"Land,country,,12,121,100,,,\n" LAND, DATA, 2, 1, "never closed"},
    {AREAS, AREA_HEADER "PH,\"Land,country,,12,121,100,,,", DATA, 2, 1, "never closed"},
    {AREAS, AREA_HEADER "PH,L\tand,country,,12,121,100,,,\n", CARENET_ERROR_PARSE, 2, 5, "control"},
    {AREAS, AREA_HEADER "PH,L\rand,country,,12,121,100,,,\n", CARENET_ERROR_PARSE, 2, 5, "control"},
    {LINKS, LINK_HEADER "ñ\xFF", CARENET_ERROR_PARSE, 2, 2, "not UTF-8"},
    /* places */
    {AREAS, AREA_HEADER LAND "1,x,country-side,PH,1,1,1,,,\n", DATA, 3, 5, "no level of an area"},
    {AREAS, AREA_HEADER LAND "1,ñx,region,PH,1e,1,1,,,\n", DATA, 3, 16, "lat must be a number"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,,1,1,,,\n", DATA, 3, 15, "lat must be a number"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,nan,1,1,,,\n", DATA, 3, 15, "lat must be a number"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,90.5,1,1,,,\n", DATA, 3, 15, "from -90 to 90"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,1,-181,1,,,\n", DATA, 3, 17, "from -180 to 180"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,1,1,1.5,,,\n", DATA, 3, 19, "a whole number"},
    {AREAS, AREA_HEADER LAND "1,x,region,PH,1,1,-1,,,\n", DATA, 3, 19, "from 0 to"},
    {AREAS, AREA_HEADER LAND LAND, DATA, 3, 1, "area code PH stands in line 2 already"},
    {AREAS, AREA_HEADER LAND "1,x,region,9,1,1,1,,,\n", DATA, 3, 1, "parent 9 of area 1"},
    {AREAS, AREA_HEADER LAND "1,x,region,2,1,1,1,,,\n2,y,province,1,1,1,1,,,\n", DATA, 3, 1,
     "its own ancestor"},
    {AREAS, AREA_HEADER LAND "1,\"a, b\",region,PH,1,1,1,,9,\n", DATA, 3, 1, "is no province"},
    /* links */
    {LINKS, LINK_HEADER "raft,2,a,West,3,b,East,9,yes,,\n", DATA, 2, 1, "kind cannot be \"raft\""},
    {LINKS, LINK_HEADER "ferry,2,a,West,3,b,East,9,maybe,,\n", DATA, 2, 27, "\"maybe\""},
    {LINKS, LINK_HEADER "ferry,2,a,West,3,b,East,far,yes,,\n", DATA, 2, 25, "straight_km must be"},
    {LINKS, LINK_HEADER "ferry,2,a,West,3,b,East,0,yes,,\n", DATA, 2, 25, "straight_km must be"},
    {LINKS, LINK_HEADER "ferry,9,a,West,3,b,East,9,yes,,\n", DATA, 2, 1,
     "area 9, which is unknown"},
    {LINKS, LINK_HEADER "ferry,PH,a,West,3,b,East,9,yes,,\n", DATA, 2, 1, "island is unknown"},
    {LINKS, LINK_HEADER "ferry,2,\"a,\",Mars,3,b,East,9,yes,,\n", DATA, 2, 14, "\"Mars\""},
    {LINKS, LINK_HEADER "ferry,2,a,West,3,b,,9,yes,,\n", DATA, 2, 20, "on East"},
    {LINKS, LINK_HEADER "ferry,2,a,West,1,b,West,9,yes,,\n", DATA, 2, 1, "both on West"},
    /* services */
    {SERVICES, "", DATA, 1, 1, "the file is empty"},
    {SERVICES, "services: [", CARENET_ERROR_PARSE, 2, 1, "did not find"},
    {SERVICES, "service: []\n", DATA, 1, 1, ""},
    {SERVICES, "services: {}\n", DATA, 1, 11, ""},
    {SERVICES, "services:\n  - {name: x, unit: slot, sensitive: false}\n", DATA, 2, 5, "\"id\""},
    {SERVICES, "services:\n  - {id: a, name: x, unit: beds, sensitive: false}\n", DATA, 2, 28,
     "\"beds\" is no unit"},
    {SERVICES, "services:\n  - {id: a, name: x, unit: bed, sensitive: maybe}\n", DATA, 2, 44,
     "sensitive must be"},
    {SERVICES, "services:\n  - {id: a, name: x, unit: bed, sensitive: true, routable: 1}\n", DATA,
     2, 60, "routable must be"},
    {SERVICES, "services:\n  - {id: a, name: x, unit: bed, sensitive: true, restrictiveness: 7}\n",
     DATA, 2, 67, "restrictiveness must be"},
    {SERVICES, "services:\n  - {id: a, name: x, unit: bed, sensitive: true, gate: vist}\n", DATA, 2,
     56, "no assessment \"vist\""},
    {SERVICES, "services:\n  - {id: a, name: x, unit: bed, sensitive: true, aliases: [[]]}\n", DATA,
     2, 60, "an alias must be"},
    {SERVICES, "services:\n  - {id: a, name: x, unit: bed, sensitive: true, parent: b}\n", DATA, 2,
     5, "the parent \"b\""},
    /* vocabularies */
    {TERMS, "# nothing\n", DATA, 1, 1, "the file is empty"},
    {TERMS, "[]\n", DATA, 1, 1, ""},
    {TERMS, "groups: []\n", DATA, 1, 1, "\"access\""},
};

/* Reads the folder with one file replaced; everything else is sound. */
static void
expect_refusal(const Folder *folder, const Broken *broken_file)
{
    g_autoptr(GError) error = NULL;
    put_sound(folder);
    /* The links of the small folder need its towns. */
    if (broken_file->file == AREAS && broken_file->text != NULL)
        put_file(folder, LINKS, LINK_HEADER, -1);
    put_file(folder, broken_file->file, broken_file->text, -1);
    g_autoptr(carenet_reference) reference = cn_reference_read(folder->path, &error);
    if (reference != NULL)
        fail_msg("%s was read: %s", names[broken_file->file], broken_file->text);
    g_autofree char *path = g_build_filename(folder->path, names[broken_file->file], NULL);
    assert_string_equal(carenet_error_get_file(error), path);
    if (carenet_error_get_code(error) != broken_file->code ||
        carenet_error_get_line(error) != broken_file->line ||
        (broken_file->column != 0 && carenet_error_get_column(error) != broken_file->column) ||
        strstr(error->message, broken_file->message) == NULL)
        fail_msg("%s:%u:%u: %s\nfor: %s", names[broken_file->file], carenet_error_get_line(error),
                 carenet_error_get_column(error), error->message, broken_file->text);
    assert_null(strchr(error->message, '\n'));
}

static void
refuses_broken_folders(void **state)
{
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++)
        expect_refusal(*state, &broken[i]);
    assert_null(cn_reference_read("/nowhere/at/all", NULL));
}

static void
says_how_many_findings(void **state)
{
    static const Broken many = {
        AREAS, AREA_HEADER LAND "1,x,region,PH,a,b,c,,,\n\n2,y,city,9,1,1,1,,,\n3,\"z,city,PH\n",
        DATA,  3,
        15,    "5 errors"};
    expect_refusal(*state, &many);
}

/* A file as large as no reference file is; a link that nobody has seen. */
static void
bounds_files(void **state)
{
    const Folder *folder = *state;
    g_autoptr(GError) error = NULL;
    gsize len = 5 * 1024 * 1024;
    g_autofree char *huge = g_strnfill(len, '\n');
    for (guint i = 0; i < FILES; i++) {
        put_sound(folder);
        put_file(folder, i, huge, (gssize)len);
        assert_null(cn_reference_read(folder->path, &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_TOO_LARGE);
        g_clear_error(&error);
    }
}

static void
leaves_out_links_that_nobody_has_seen(void **state)
{
    static const CnTravelSpeeds speeds = {30, 135, 18, 120};
    const Folder *folder = *state;
    for (guint seen = 0; seen < 2; seen++) {
        CnOrigin origin;
        g_autofree char *links = g_strdup_printf(LINK_HEADER "roro,2,a,West,3,b,East,9,%s,,\r\n",
                                                 seen ? "declared" : "no");
        put_sound(folder);
        put_file(folder, LINKS, links, -1);
        g_autoptr(carenet_reference) reference = cn_reference_read(folder->path, NULL);
        assert_non_null(reference);
        cn_origin_init(&origin, reference->gazetteer, &speeds, 2);
        const CnArea *to = cn_area(reference->gazetteer, 3);
        CnTravel travel = cn_origin_travel(&origin, to->lat_deg, to->lon_deg, to->island);
        assert_int_equal(travel.travel_min > 0, seen);
    }
}

/* ---- CSV by itself. */

static void
reads_csv_as_it_stands(void **state)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "b, a ,c\r\n"
                               "1,\"x\"\"y, z\",\r\n"
                               "\r\n"
                               "ñ , \"q\" ,last";
    static const char *const columns[] = {"a", "b", "c"};
    static const struct {
        guint row, column;
        const char *cell;
        guint line, at;
    } cells[] = {{0, 0, "x\"y, z", 2, 3}, {0, 1, "1", 2, 1}, {0, 2, "", 2, 13},
                 {1, 0, "q", 4, 4},       {1, 1, "ñ", 4, 1}, {1, 2, "last", 4, 10}};
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnCsv) csv = cn_csv_parse(text, sizeof(text) - 1, "t", columns, 3, issues);
    (void)state;
    assert_int_equal(cn_issue_list_len(issues), 0);
    assert_int_equal(cn_csv_rows_len(csv), 2);
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        CnPos pos = cn_csv_pos(csv, cells[i].row, cells[i].column);
        assert_string_equal(cn_csv_cell(csv, cells[i].row, cells[i].column), cells[i].cell);
        assert_int_equal(pos.line, cells[i].line);
        assert_int_equal(pos.column, cells[i].at);
        assert_string_equal(pos.file, "t");
    }
    cn_csv_free(NULL);
}

static void
reads_on_behind_broken_rows(void **state)
{
    static const char text[] = "a,b\n1,2\n3\n4,\"5\n6,7\n8,9,10\n\"11\"x,12\n13,14\n";
    static const char *const columns[] = {"a"};
    static const char *const good[] = {"1", "6", "13"};
    static const struct {
        guint line;
        const char *tag;
    } findings[] = {{3, "wrong-cells"}, {4, "bad-quote"}, {6, "wrong-cells"}, {7, "bad-quote"}};
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(CnCsv) csv = cn_csv_parse(text, strlen(text), "t", columns, 1, issues);
    (void)state;
    assert_int_equal(cn_issue_list_len(issues), G_N_ELEMENTS(findings));
    for (guint i = 0; i < G_N_ELEMENTS(findings); i++) {
        assert_int_equal(cn_issue_list_get(issues, i)->pos.line, findings[i].line);
        assert_string_equal(cn_issue_list_get(issues, i)->tag, findings[i].tag);
    }
    assert_int_equal(cn_csv_rows_len(csv), G_N_ELEMENTS(good));
    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        assert_string_equal(cn_csv_cell(csv, i, 0), good[i]);
}

static void
bounds_cells(void **state)
{
    static const char *const columns[] = {"a"};
    (void)state;
    for (guint commas = 63; commas <= 64; commas++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        g_autofree char *rest = g_strnfill(commas, ',');
        g_autofree char *text = g_strconcat("a", rest, "\n", NULL);
        g_autoptr(CnCsv) csv = cn_csv_parse(text, strlen(text), "t", columns, 1, issues);
        assert_int_equal(csv != NULL, commas == 63);
        assert_int_equal(cn_issue_list_errors(issues) > 0, commas == 64);
    }
}

static void
survives_any_csv(void **state)
{
    static const char *const pieces[] = {"a", ",",    "\"",    "\"\"", "\n", "\r\n", "\r",   " ",
                                         "ñ", "\xC3", "a,b\n", "\t",   "1",  "",     "\"x\""};
    static const char *const columns[] = {"a", "b"};
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    guint read = 0;
    (void)state;
    print_message("seed %u\n", seed);
    for (guint round = 0; round < 20000; round++) {
        g_autoptr(CnIssueList) issues = cn_issue_list_new();
        GString *text = g_string_new(round % 2 == 0 ? "a,b\n" : "");
        for (gint k = g_rand_int_range(random, 0, 12); k > 0; k--)
            g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        /* Not NUL-terminated, so that a byte too far is seen. */
        g_autofree char *exact = g_memdup2(text->str, text->len);
        g_autoptr(CnCsv) csv = cn_csv_parse(exact, text->len, "t", columns, 2, issues);
        assert_true(csv != NULL || cn_issue_list_errors(issues) > 0);
        for (guint row = 0; csv != NULL && row < cn_csv_rows_len(csv); row++, read++)
            assert_true(cn_csv_pos(csv, row, 1).column > 0 && cn_csv_cell(csv, row, 1) != NULL);
        g_string_free(text, TRUE);
    }
    assert_true(read > 100);
}

/* ---- The shipped data and the public functions. */

static carenet_reference *
open_shipped(void)
{
    g_autoptr(GError) error = NULL;
    carenet_reference *reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    if (reference == NULL)
        fail_msg("%s:%u:%u: %s", carenet_error_get_file(error), carenet_error_get_line(error),
                 carenet_error_get_column(error), error->message);
    return reference;
}

static void
the_shipped_data_is_whole(void **state)
{
    static const guint levels[] = {1, 3, 18, 82, 149, 1493};
    guint found[G_N_ELEMENTS(levels)] = {0};
    g_autoptr(carenet_reference) reference = open_shipped();
    (void)state;
    for (guint i = 0; i < cn_gazetteer_len(reference->gazetteer); i++) {
        const CnArea *area = cn_area(reference->gazetteer, (CnAreaId)i);
        found[area->level]++;
        assert_true(area->island >= 0);
        assert_true(area->lat_deg > 4 && area->lat_deg < 22);
        assert_true(area->lon_deg > 114 && area->lon_deg < 127);
    }
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
        assert_int_equal(found[i], levels[i]);
    guint groups = 0;
    for (guint i = 0; i < cn_taxonomy_len(reference->taxonomy); i++)
        groups += cn_service(reference->taxonomy, (CnServiceId)i)->parent < 0;
    assert_int_equal(groups, 9);
    for (guint i = 0; i < CN_VOCABULARIES; i++)
        assert_true(cn_vocabulary_len(reference->terms[i]) > 0);
}

static guint
column(const carenet_table *table, const char *name)
{
    ptrdiff_t found = carenet_table_column_index(table, name);
    if (found < 0)
        fail_msg("no column %s", name);
    return (guint)found;
}

static gint64
row_of(const carenet_table *table, const char *id)
{
    for (gsize row = 0; row < carenet_table_rows_len(table); row++)
        if (strcmp(carenet_table_get_text(table, row, 0), id) == 0)
            return (gint64)row;
    return -1;
}

static void
lists_areas(void **state)
{
    g_autoptr(carenet_reference) reference = open_shipped();
    g_autoptr(GError) error = NULL;
    (void)state;
    g_autoptr(carenet_table) all = carenet_reference_areas(reference, NULL, &error);
    assert_int_equal(carenet_table_rows_len(all), 1746);
    g_autoptr(carenet_table) cebu = carenet_reference_areas(reference, "0702200000", &error);
    assert_string_equal(carenet_table_get_text(cebu, 0, column(cebu, "area")), "0702200000");
    gint64 row = row_of(cebu, "0730600000"); /* a highly urbanized city */
    assert_true(row > 0);
    gsize at = (gsize)row;
    assert_string_equal(carenet_table_get_text(cebu, at, column(cebu, "name")), "City of Cebu");
    assert_string_equal(carenet_table_get_text(cebu, at, column(cebu, "level")), "city");
    assert_string_equal(carenet_table_get_text(cebu, at, column(cebu, "parent")), "0700000000");
    assert_string_equal(carenet_table_get_text(cebu, at, column(cebu, "region")), "0700000000");
    assert_string_equal(carenet_table_get_text(cebu, at, column(cebu, "island")), "Cebu");
    assert_true(carenet_table_get_double(cebu, at, column(cebu, "lat_deg")) > 10.0);
    assert_true(carenet_table_get_double(cebu, at, column(cebu, "lon_deg")) > 123.0);
    assert_true(carenet_table_get_int64(cebu, at, column(cebu, "population")) > 900000);
    assert_int_equal(carenet_table_get_int64(cebu, at, column(cebu, "depth")), 3);
    assert_string_equal(carenet_table_list_get(cebu, at, column(cebu, "aliases"), 0), "Cebu");
    assert_true(carenet_table_is_null(all, 0, column(all, "parent")));
    assert_true(carenet_table_is_null(all, 0, column(all, "region")));

    assert_null(carenet_reference_areas(reference, "Cebu", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    carenet_error_clear(&error);
    assert_null(carenet_reference_areas(NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
}

static void
lists_services(void **state)
{
    g_autoptr(carenet_reference) reference = open_shipped();
    (void)state;
    g_autoptr(carenet_table) table = carenet_reference_services(reference);
    gsize kinship = (gsize)row_of(table, "kinship-care");
    assert_string_equal(carenet_table_get_text(table, kinship, column(table, "parent")),
                        "alternative-care");
    assert_string_equal(carenet_table_get_text(table, kinship, column(table, "gate")),
                        "kinship-assessment");
    assert_string_equal(carenet_table_get_text(table, kinship, column(table, "unit")), "caseload");
    assert_int_equal(carenet_table_get_int64(table, kinship, column(table, "restrictiveness")), 2);
    assert_int_equal(carenet_table_get_int64(table, kinship, column(table, "depth")), 1);
    assert_true(carenet_table_get_bool(table, kinship, column(table, "sensitive")));
    assert_true(carenet_table_get_bool(table, kinship, column(table, "routable")));
    gsize adoption = (gsize)row_of(table, "adoption");
    assert_false(carenet_table_get_bool(table, adoption, column(table, "routable")));
    assert_true(carenet_table_is_null(table, adoption, column(table, "gate")));
    assert_true(carenet_table_is_null(table, adoption, column(table, "restrictiveness")));
    gsize health = (gsize)row_of(table, "mental-health");
    assert_true(carenet_table_is_null(table, health, column(table, "parent")));
    assert_string_equal(carenet_table_list_get(table, health, column(table, "aliases"), 0),
                        "MHPSS");
    assert_string_equal(carenet_table_get_text(table, health, column(table, "primero")),
                        "psychosocial_service");
    g_autoptr(carenet_table) none = carenet_reference_services(NULL);
    assert_int_equal(carenet_table_rows_len(none), 0);
}

static void
lists_terms(void **state)
{
    static const char *const present[] = {
        "deaf", "wheelchair", "police-report", "case-conference", "trauma-informed-care",
        "ceb",  "age"};
    g_autoptr(carenet_reference) reference = open_shipped();
    g_autoptr(GError) error = NULL;
    (void)state;
    for (gint kind = CARENET_TERMS_GROUPS; kind <= CARENET_TERMS_REASONS; kind++) {
        g_autoptr(carenet_table) table =
            carenet_reference_terms(reference, (carenet_terms_kind)kind, &error);
        assert_true(row_of(table, present[kind]) >= 0);
        gsize row = (gsize)row_of(table, present[kind]);
        assert_non_null(carenet_table_get_text(table, row, column(table, "name")));
        assert_false(carenet_table_is_null(table, row, column(table, "aliases")));
        assert_int_equal(carenet_table_is_null(table, row, column(table, "detail")),
                         kind != CARENET_TERMS_ASSESSMENTS);
    }
    for (gint kind = -1; kind <= CARENET_TERMS_REASONS + 1; kind += CARENET_TERMS_REASONS + 2) {
        assert_null(carenet_reference_terms(reference, (carenet_terms_kind)kind, &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
        carenet_error_clear(&error);
    }
    assert_null(carenet_reference_terms(NULL, CARENET_TERMS_GROUPS, NULL));
}

static void
finds_by_name(void **state)
{
    g_autoptr(carenet_reference) reference = open_shipped();
    g_autoptr(GError) error = NULL;
    const char *out = "untouched";
    (void)state;
    assert_true(carenet_reference_find_area(reference, "Cagayan de Oro", &out, &error));
    assert_string_equal(out, "1030500000");
    assert_true(carenet_reference_find_service(reference, "mhpss", &out, &error));
    assert_string_equal(out, "mental-health");
    assert_false(carenet_reference_find_area(reference, "Cagayn", &out, NULL));
    assert_false(carenet_reference_find_service(reference, "mental-helth", &out, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    assert_non_null(strstr(carenet_error_get_hint(error), "mental-health"));
    assert_string_equal(out, "mental-health");
    carenet_error_clear(&error);
    assert_false(carenet_reference_find_area(NULL, "x", &out, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_false(carenet_reference_find_area(reference, NULL, &out, NULL));
    assert_false(carenet_reference_find_area(reference, "x", NULL, NULL));
    assert_false(carenet_reference_find_service(NULL, "x", &out, NULL));
    assert_false(carenet_reference_find_service(reference, NULL, &out, NULL));
    assert_false(carenet_reference_find_service(reference, "x", NULL, NULL));
    assert_true(g_str_has_suffix(carenet_default_data_dir(), "/carenet"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_sound_folder),
        cmocka_unit_test(digests_all_files),
        cmocka_unit_test(refuses_broken_folders),
        cmocka_unit_test(says_how_many_findings),
        cmocka_unit_test(bounds_files),
        cmocka_unit_test(leaves_out_links_that_nobody_has_seen),
        cmocka_unit_test(reads_csv_as_it_stands),
        cmocka_unit_test(reads_on_behind_broken_rows),
        cmocka_unit_test(bounds_cells),
        cmocka_unit_test(survives_any_csv),
        cmocka_unit_test(the_shipped_data_is_whole),
        cmocka_unit_test(lists_areas),
        cmocka_unit_test(lists_services),
        cmocka_unit_test(lists_terms),
        cmocka_unit_test(finds_by_name),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
