/* The programme in a store: what comes back is what was given, an import corrects and never doubles,
 * reports from the store say what reports from the files say, and referrals count beside the files. */
#include "../support/random-network.h"
#include "base/error.h"
#include "format/region-file.h"
#include "store/store-programme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

/* Long after every date of the shipped programme: 2026-11-23T00:00:00+08:00 */
#define NOW_S 1795363200

typedef struct {
    CnReference *reference;
    char *folder, *path;
    carenet_store_options options;
    carenet_store *store;
} World;

static int
set_up(void **state)
{
    World *world = g_new0(World, 1);
    world->reference = test_reference();
    world->folder = test_folder();
    world->path = g_build_filename(world->folder, "store.db", NULL);
    carenet_store_options_init(&world->options);
    world->options.reference = world->reference;
    world->store =
        carenet_store_init(world->path, CARENET_STORE_DEMONSTRATION, &world->options, NULL);
    assert_non_null(world->store);
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    World *world = *state;
    carenet_store_close(world->store);
    test_folder_remove(world->folder);
    carenet_reference_unref(world->reference);
    g_free(world->path);
    g_free(world);
    return 0;
}

/* ---- Files. */

static GPtrArray *
shipped_files(const World *world)
{
    static const char *const names[] = {"network.yaml",
                                        "regions/caraga.yaml",
                                        "regions/central-luzon.yaml",
                                        "regions/central-visayas.yaml",
                                        "regions/ncr.yaml",
                                        "regions/northern-mindanao.yaml"};
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_ptr_array_add(paths, g_build_filename(world->reference->data_dir, names[i], NULL));
    return paths;
}

static void
import_shipped(World *world)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = shipped_files(world);
    if (!carenet_store_import(world->store, (const char *const *)paths->pdata, paths->len, NULL,
                              NULL, NULL, &error))
        fail_msg("%s", error->message);
}

static bool
import_text(World *world,
            const char *text,
            gboolean replace,
            carenet_table **out_issues,
            carenet_table **out_changes,
            GError **error)
{
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = replace;
    g_autofree char *path = g_build_filename(world->folder, "given.yaml", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return carenet_store_import(world->store, (const char *const[]){path}, 1, &options, out_issues,
                                out_changes, error);
}

static const char *
text_at(const carenet_table *rows, gsize row, const char *column)
{
    const gint at = carenet_table_column_index(rows, column);
    assert_true(at >= 0);
    const char *text = carenet_table_get_text(rows, row, (gsize)at);
    return text != NULL ? text : "";
}

/* "kind +added ~changed =unchanged -closed" of every kind of programme record, in one line. */
static char *
import_ok(World *world, const char *text, gboolean replace)
{
    g_autoptr(GError) error = NULL;
    carenet_table *changes = NULL;
    GString *out = g_string_new(NULL);
    if (!import_text(world, text, replace, NULL, &changes, &error))
        fail_msg("%s", error->message);
    for (gsize row = CN_KIND_PROGRAMME; row < carenet_table_rows_len(changes); row++)
        g_string_append_printf(out, "%s%s +%d ~%d =%d -%d", out->len > 0 ? ", " : "",
                               text_at(changes, row, "kind"),
                               (int)carenet_table_get_int64(changes, row, 1),
                               (int)carenet_table_get_int64(changes, row, 2),
                               (int)carenet_table_get_int64(changes, row, 3),
                               (int)carenet_table_get_int64(changes, row, 4));
    carenet_table_unref(changes);
    return g_string_free(out, FALSE);
}

#define IMPORTED(world, text, replace, expected)                        \
    do {                                                                \
        g_autofree char *found = import_ok((world), (text), (replace)); \
        assert_string_equal(found, (expected));                         \
    } while (0)

static gint64
ask(const World *world, const char *sql)
{
    gint64 answer = -1;
    assert_true(cn_store_ask_int(world->store, sql, &answer, NULL));
    return answer;
}

static void
run(const World *world, const char *sql)
{
    g_autoptr(GError) error = NULL;
    if (!cn_store_exec(world->store, sql, &error))
        fail_msg("%s: %s", sql, error->message);
}

/* ---- What comes back. */

static void
assert_same_programmes(CnNetwork *a, CnNetwork *b, const CnReference *reference)
{
    assert_int_equal(a->programmes->len, b->programmes->len);
    for (guint i = 0; i < a->programmes->len; i++) {
        CnProgramme *x = g_ptr_array_index(a->programmes, i);
        CnProgramme *y = g_ptr_array_index(b->programmes, i);
        assert_true(cn_record_equal(&cn_map_programme, x, y));
        cn_programme_identify(x, reference, a->strings);
        cn_programme_sort(y);
        for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++) {
            assert_int_equal(x->records[kind]->len, y->records[kind]->len);
            for (guint k = 0; k < x->records[kind]->len; k++) {
                const CnProgrammeRecord *p = cn_programme_get(x, kind, k);
                const CnProgrammeRecord *q = cn_programme_get(y, kind, k);
                assert_int_equal(cn_programme_compare(kind, p, q), 0);
                assert_string_equal(p->id, q->id);
            }
        }
    }
}

static CnNetwork *
read_shipped(const World *world)
{
    g_autoptr(GPtrArray) paths = shipped_files(world);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    return cn_region_files_read((const char *const *)paths->pdata, paths->len, world->reference,
                                issues, NULL);
}

static void
everything_comes_back(void **state)
{
    World *world = *state;
    import_shipped(world);
    g_autoptr(CnNetwork) given = read_shipped(world);
    g_autoptr(CnNetwork) stored = cn_store_records(world->store, NULL);
    assert_non_null(stored);
    assert_same_programmes(given, stored, world->reference);
    /* A backup is complete; an image of the directory knows nothing of it. */
    g_autofree char *copy = g_build_filename(world->folder, "copy.db", NULL);
    assert_true(carenet_store_backup(world->store, copy, NULL, NULL));
    carenet_store *opened = carenet_store_open(copy, &world->options, NULL);
    g_autoptr(CnNetwork) restored = cn_store_records(opened, NULL);
    assert_same_programmes(given, restored, world->reference);
    carenet_store_close(opened);
}

static void
importing_again_changes_nothing(void **state)
{
    World *world = *state;
    import_shipped(world);
    const gint64 records = ask(world, "SELECT records FROM journal");
    const gint64 revision = ask(world, "SELECT revision FROM network");
    import_shipped(world);
    assert_int_equal(ask(world, "SELECT records FROM journal"), records);
    assert_int_equal(ask(world, "SELECT revision FROM network"), revision);
}

static void
an_export_changes_nothing(void **state)
{
    World *world = *state;
    import_shipped(world);
    g_autoptr(CnNetwork) before = cn_store_records(world->store, NULL);
    static const char *const regions[] = {NULL, "caraga", "northern-mindanao"};
    for (gsize i = 0; i < G_N_ELEMENTS(regions); i++) {
        char *text = carenet_store_export(world->store, regions[i], NULL);
        assert_non_null(strstr(text, "programme:"));
        assert_null(strstr(text, "care_plans"));
        assert_null(strstr(text, "EX-NMN-0"));
        /* Not even where it takes the place of what is stored: it says nothing of cases. */
        g_autofree char *changes = import_ok(world, text, TRUE);
        assert_null(strstr(changes, "~1"));
        assert_null(strstr(changes, "-1"));
        carenet_free(text);
    }
    g_autoptr(CnNetwork) after = cn_store_records(world->store, NULL);
    assert_same_programmes(before, after, world->reference);
}

/* ---- Upserts. */

#define REGION "region: {id: caraga, name: Caraga, area: \"1600000000\"}\n"
#define ORGANIZATION \
    "organizations: [{id: ex-org, example: true, name: EXAMPLE Organization, kind: ngo}]\n"
#define TRAINING(day, people)      \
    "    - {course: tic, on: " day \
    ", area: \"1600000000\", audience: officials, participants: " people "}\n"
#define PLAN(ref, rest) "    - {case: " ref ", area: \"1600000000\", on: 2022-03-01" rest "}\n"

static void
a_correction_is_no_second_record(void **state)
{
    World *world = *state;
    IMPORTED(world,
             REGION "programme:\n  from: 2021-08\n  until: 2023-04\n  trainings:\n" TRAINING(
                 "2022-05-11", "10") TRAINING("2022-05-12", "7"),
             FALSE, "programme +1 ~0 =0 -0, training +2 ~0 =0 -0");
    /* Ten were eleven; the other one is not named, and stays with the period. */
    IMPORTED(world, REGION "programme:\n  trainings:\n" TRAINING("2022-05-11", "11"), FALSE,
             "programme +0 ~0 =1 -0, training +0 ~1 =0 -0");
    assert_int_equal(ask(world, "SELECT sum(participants) FROM training"), 18);
    assert_int_equal(ask(world, "SELECT from_on = '2021-08' FROM programme"), 1);
    /* With --replace the list takes the place of the stored one. */
    IMPORTED(world, REGION "programme:\n  trainings:\n" TRAINING("2022-05-11", "11"), TRUE,
             "programme +0 ~1 =0 -0, training +0 ~0 =1 -1");
    assert_int_equal(ask(world, "SELECT sum(participants) FROM training"), 11);
    /* A list that the file does not have says nothing; an empty one says that there are none. */
    IMPORTED(world, REGION "programme:\n  from: 2021-08\n", TRUE, "programme +0 ~1 =0 -0");
    assert_int_equal(ask(world, "SELECT count(*) FROM training"), 1);
    IMPORTED(world, REGION "programme:\n  from: 2021-08\n  trainings: []\n", TRUE,
             "programme +0 ~0 =1 -0, training +0 ~0 =0 -1");
    assert_int_equal(ask(world, "SELECT count(*) FROM training"), 0);
}

static void
what_is_invented_stays_marked(void **state)
{
    World *world = *state;
    IMPORTED(world, REGION "programme: {example: true, from: 2021}\n", FALSE,
             "programme +1 ~0 =0 -0");
    IMPORTED(world, REGION "programme:\n  trainings:\n" TRAINING("2022-05-11", "10"), FALSE,
             "programme +0 ~0 =1 -0, training +1 ~0 =0 -0");
    assert_int_equal(ask(world, "SELECT example FROM programme"), 1);
    IMPORTED(world, REGION "programme: {from: 2021}\n", TRUE, "programme +0 ~1 =0 -0");
    assert_int_equal(ask(world, "SELECT example FROM programme"), 0);
}

/* Two sessions on one day are two records, and stay two. */
static void
equal_records_are_told_apart(void **state)
{
    World *world = *state;
    const char *text = REGION "programme:\n  trainings:\n" TRAINING("2022-05-11", "10")
        TRAINING("2022-05-11", "10") TRAINING("2022-05-11", "12");
    IMPORTED(world, text, FALSE, "programme +1 ~0 =0 -0, training +3 ~0 =0 -0");
    IMPORTED(world, text, FALSE, "programme +0 ~0 =1 -0, training +0 ~0 =3 -0");
    assert_int_equal(ask(world, "SELECT sum(participants) FROM training"), 32);
}

static void
a_body_moves_with_its_meetings(void **state)
{
    World *world = *state;
    IMPORTED(world,
             REGION ORGANIZATION
             "programme:\n  bodies:\n    - {id: ex-council, kind: council, name: EXAMPLE Council,"
             " area: \"1600000000\", members: [ex-org],"
             " meetings: [{on: 2023-01, kind: regular}]}\n",
             FALSE, "programme +1 ~0 =0 -0, body +1 ~0 =0 -0, meeting +1 ~0 =0 -0");
    IMPORTED(world,
             "programme:\n  bodies:\n    - {id: ex-council, kind: council, name: EXAMPLE Council,"
             " area: PH, members: [ex-org], meetings: [{on: 2023-02, kind: regular}]}\n",
             FALSE, "programme +1 ~0 =0 -0, body +0 ~1 =0 -0, meeting +1 ~1 =0 -0");
    assert_int_equal(ask(world, "SELECT count(*) FROM meeting"), 2);
    assert_int_equal(ask(world, "SELECT programme_id = '' FROM body"), 1);
    g_autoptr(CnNetwork) stored = cn_store_records(world->store, NULL);
    const CnProgramme *own = g_ptr_array_index(stored->programmes, 0);
    assert_null(own->region);
    assert_int_equal(own->records[CN_PROGRAMME_MEETINGS]->len, 2);
    /* Without it in the list it goes, members and meetings too. */
    IMPORTED(world, "programme:\n  bodies: []\n", TRUE,
             "programme +0 ~0 =1 -0, body +0 ~0 =0 -1, meeting +0 ~0 =0 -2");
    assert_int_equal(ask(world, "SELECT (SELECT count(*) FROM body_member)"
                                " + (SELECT count(*) FROM meeting)"),
                     0);
}

static void
care_plans_are_corrected_by_case_and_day(void **state)
{
    World *world = *state;
    IMPORTED(world,
             REGION "programme:\n  care_plans:\n" PLAN(
                 "EX-1", ", status: active, review_on: 2022-09, goals: [\"back in school, safe\", "
                         "music], needs: [shelter, trauma-therapy]")
                 PLAN("EX-2", ", status: draft"),
             FALSE, "programme +1 ~0 =0 -0, care-plan +2 ~0 =0 -0");
    assert_int_equal(ask(world, "SELECT count(*) FROM care_plan_goal"), 2);
    IMPORTED(world,
             REGION
             "programme:\n  care_plans:\n" PLAN("EX-1", ", status: completed, goals: [music]"),
             FALSE, "programme +0 ~0 =1 -0, care-plan +0 ~1 =0 -0");
    assert_int_equal(ask(world, "SELECT count(*) FROM care_plan_goal"), 1);
    assert_int_equal(ask(world, "SELECT count(*) FROM care_plan_need"), 0);
    assert_int_equal(ask(world, "SELECT count(*) FROM care_plan WHERE status = 'completed'"
                                " AND review_on IS NULL"),
                     1);
    assert_int_equal(ask(world, "SELECT cases FROM journal"), 2);
    IMPORTED(world, REGION "programme:\n  care_plans: []\n", TRUE,
             "programme +0 ~0 =1 -0, care-plan +0 ~0 =0 -2");
    assert_int_equal(ask(world, "SELECT (SELECT count(*) FROM care_plan)"
                                " + (SELECT count(*) FROM care_plan_goal)"),
                     0);
}

/* A directory shows where networks and ordinances are: it moves with these, and with nothing else of the
 * programme; from the store it is the same as from the files. */
static void
the_directory_moves_with_coverage_only(void **state)
{
    World *world = *state;
    static const struct {
        const char *text;
        gint moves;
    } steps[] = {
        {"  from: 2021\n", 0},
        {"  trainings:\n" TRAINING("2022-05-11", "10"), 0},
        {"  care_plans:\n" PLAN("EX-1", ", status: active"), 0},
        {"  ordinances: [{area: Butuan, title: O, passed_on: 2022}]\n", 1},
        {"  ordinances: [{area: Butuan, title: O, passed_on: 2022, implemented_on: 2023}]\n", 1},
        {"  ordinances: [{area: Butuan, title: O, passed_on: 2022, implemented_on: 2023}]\n", 0},
        {"  network: {formed_on: 2022-04-19}\n", 1},
        {"  network: {formed_on: 2022-04-19, members: 25}\n", 0},
    };
    import_shipped(world);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        const gint64 before = ask(world, "SELECT revision FROM network");
        g_autofree char *text = g_strconcat("region: {id: zambo, name: Z, area: \"0900000000\"}\n"
                                            "programme:\n",
                                            steps[i].text, NULL);
        g_autofree char *changes = import_ok(world, text, FALSE);
        /* The region itself is new at first. */
        assert_int_equal(ask(world, "SELECT revision FROM network") - before,
                         steps[i].moves + (i == 0));
    }
    g_autoptr(GPtrArray) paths = shipped_files(world);
    g_autofree char *given = g_build_filename(world->folder, "given.yaml", NULL);
    char *zambo = carenet_store_export(world->store, "zambo", NULL);
    assert_true(g_file_set_contents(given, zambo, -1, NULL));
    carenet_free(zambo);
    g_ptr_array_add(paths, g_steal_pointer(&given));
    carenet_directory *files = carenet_directory_from_files(
        world->reference, (const char *const *)paths->pdata, paths->len, NULL, NULL);
    carenet_directory *stored = carenet_directory_load(world->store, NULL);
    assert_string_equal(carenet_directory_digest(files), carenet_directory_digest(stored));
    carenet_directory_unref(files);
    carenet_directory_unref(stored);
}

/* ---- What is refused, and where it stands. */

static void
bad_records_are_refused_with_their_place(void **state)
{
    World *world = *state;
    static const struct {
        const char *text, *tag, *suggestion;
        gint line, column;
    } cases[] = {
        {"  trainings: [{course: tic, on: 2022-02-30, area: PH, audience: officials,"
         " participants: 3}]\n",
         "impossible-value", "write a day as 2026-10-01, or a month as 2026-10", 3, 33},
        {"  trainings: [{course: tic, on: 2022-02, area: PH, audience: officials,"
         " participants: -1}]\n",
         "impossible-value", "nothing is counted below 0: check the sign", 3, 87},
        {"  bodies: [{id: ex-b, kind: council, name: B, area: PH, members: [ex-orq]}]\n",
         "dangling-reference", "did you mean ex-org?", 3, 12},
        {"  trainings: [{course: tic, on: 2022-02, area: PH, audience: officials,"
         " participants: 1, organization: ex-orq}]\n",
         "dangling-reference", "did you mean ex-org?", 3, 15},
        {"  strategic_plans: [{area: PH, conducted_on: 2022-09, until: 2021}]\n", "period-reversed",
         "exchange conducted_on and until, or correct one of them", 3, 21},
        {"  from: 2023\n  until: 2022\n", "period-reversed",
         "exchange from and until, or correct one of them", 3, 3},
        {"  care_plans: [{case: Maria Santos, area: PH, on: 2022, status: active}]\n",
         "personal-data", NULL, 3, 23},
    };
    IMPORTED(world, ORGANIZATION "programme:\n  actors: [{name: A, role: funder}]\n", FALSE,
             "programme +1 ~0 =0 -0, actor +1 ~0 =0 -0");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        carenet_table *issues = NULL;
        g_autofree char *text = g_strconcat(REGION "programme:\n", cases[i].text, NULL);
        assert_false(import_text(world, text, FALSE, &issues, NULL, &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
        assert_int_equal(carenet_table_rows_len(issues), 1);
        assert_string_equal(text_at(issues, 0, "tag"), cases[i].tag);
        assert_int_equal(carenet_table_get_int64(issues, 0, 1), cases[i].line);
        assert_int_equal(carenet_table_get_int64(issues, 0, 2), cases[i].column);
        if (cases[i].suggestion != NULL)
            assert_string_equal(text_at(issues, 0, "suggestion"), cases[i].suggestion);
        assert_null(strstr(text_at(issues, 0, "message"), "Maria"));
        carenet_table_unref(issues);
    }
    assert_int_equal(ask(world, "SELECT count(*) FROM programme"), 1);
    assert_int_equal(ask(world, "SELECT cases FROM journal"), 0);
}

/* The network's file comes first: a member that only the store knows is a member. */
static void
members_may_stand_in_the_store(void **state)
{
    World *world = *state;
    IMPORTED(world, REGION ORGANIZATION, FALSE, "");
    IMPORTED(world,
             "programme:\n  bodies: [{id: ex-b, kind: council, name: B, area: PH,"
             " members: [ex-org]}]\n",
             FALSE, "programme +1 ~0 =0 -0, body +1 ~0 =0 -0");
}

static void
invented_programmes_stay_out_of_a_live_store(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    carenet_store_close(world->store);
    g_autofree char *path = g_build_filename(world->folder, "live.db", NULL);
    world->store = carenet_store_init(path, CARENET_STORE_LIVE, &world->options, NULL);
    assert_false(import_text(world, REGION "programme: {example: true, from: 2021}\n", FALSE, NULL,
                             NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_REFUSED);
    IMPORTED(world, REGION "programme: {from: 2021}\n", FALSE, "programme +1 ~0 =0 -0");
}

/* ---- Reports. */

static carenet_table *
report(const World *world, carenet_programme *programme, const char *from, const char *to)
{
    carenet_indicator_query query;
    carenet_indicator_query_init(&query);
    query.from = from;
    query.to = to;
    query.by_region = true;
    (void)world;
    carenet_table *rows = carenet_report_indicators(programme, &query, NULL, NULL);
    assert_non_null(rows);
    carenet_programme_unref(programme);
    return rows;
}

static gint64
value_of(const World *world, const char *indicator, const char *from, const char *to)
{
    g_autoptr(carenet_table) rows =
        report(world, carenet_programme_from_store(world->store, NULL), from, to);
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(text_at(rows, row, "indicator"), indicator) == 0)
            return carenet_table_get_int64(rows, row, 3);
    return -1;
}

static void
the_store_reports_what_the_files_report(void **state)
{
    World *world = *state;
    import_shipped(world);
    static const char *const periods[][2] = {
        {"2021-08-01", "2023-04-30"}, {NULL, NULL}, {"2022", "2022"}};
    for (gsize i = 0; i < G_N_ELEMENTS(periods); i++) {
        g_autoptr(carenet_table) files =
            report(world, carenet_programme_demonstration(world->reference, NULL), periods[i][0],
                   periods[i][1]);
        g_autoptr(carenet_table) stored = report(
            world, carenet_programme_from_store(world->store, NULL), periods[i][0], periods[i][1]);
        char *a = carenet_table_to_string(files, CARENET_FORMAT_CSV, NULL),
             *b = carenet_table_to_string(stored, CARENET_FORMAT_CSV, NULL);
        assert_string_equal(a, b);
        carenet_free(a);
        carenet_free(b);
    }
    assert_int_equal(value_of(world, "care-workers-trained", "2021-08-01", "2023-04-30"), 236);
    assert_int_equal(value_of(world, "reintegration-plans", "2021-08-01", "2023-04-30"), 33);
    /* One record less in the store, one less in the figure. */
    run(world, "DELETE FROM training WHERE course = 'trauma-informed-care' AND participants = 16"
               " AND audience = 'social-workers' AND area = '1000000000'");
    assert_int_equal(value_of(world, "care-workers-trained", "2021-08-01", "2023-04-30"), 220);
}

/* The rows of one indicator of our own: cases for whom case management started. */
static carenet_table *
managed_cases(const World *world, const char *period)
{
    g_autofree char *path = g_build_filename(world->folder, "own-indicators.yaml", NULL);
    carenet_indicator_query query;
    carenet_indicator_query_init(&query);
    assert_true(g_file_set_contents(path,
                                    "indicators: [{id: managed, label: Managed, measure: "
                                    "cases-started, services: [case-management]}]\n",
                                    -1, NULL));
    query.from = query.to = period;
    query.by_region = true;
    query.indicators = path;
    carenet_programme *programme = carenet_programme_from_store(world->store, NULL);
    carenet_table *rows = carenet_report_indicators(programme, &query, NULL, NULL);
    assert_non_null(rows);
    carenet_programme_unref(programme);
    return rows;
}

static gint64
managed_in(const World *world, const char *period, const char *area)
{
    g_autoptr(carenet_table) rows = managed_cases(world, period);
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(text_at(rows, row, "area"), area) == 0)
            return carenet_table_get_int64(rows, row, 3);
    return -1;
}

/* A case that started by a referral counts; where its care plan or start says where it lives it counts
 * there, and only once where a file states a start of the same case. */
static void
referrals_count_beside_the_files(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize len = 0;
    const char *src = g_getenv("CARENET_TEST_SRC");
    g_autofree char *frozen =
        g_build_filename(src != NULL ? src : "tests", "fixtures", "store-v2-referrals.db", NULL);
    assert_true(g_file_get_contents(frozen, &bytes, &len, NULL));
    carenet_store_close(world->store);
    g_autofree char *path = g_build_filename(world->folder, "two.db", NULL);
    assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
    /* A store of layout 2: of V-01 to V-12 three started with case management in Cagayan de Oro. */
    world->store = carenet_store_open(path, &world->options, &error);
    if (world->store == NULL)
        fail_msg("%s", error->message);
    assert_int_equal(ask(world, "PRAGMA user_version"), cn_migrations_len);
    assert_int_equal(ask(world, "SELECT count(*) FROM programme"), 0);
    assert_int_equal(managed_in(world, "2026", "Philippines"), 3);
    assert_int_equal(managed_in(world, "2025", "Philippines"), 0);
    assert_int_equal(managed_in(world, "2026", "Northern Mindanao"), 3);
    IMPORTED(world,
             REGION "programme:\n  started:\n    - {case: V-04, service: case-management,"
                    " area: \"1600000000\", on: 2026-05}\n    - {case: EX-7, service:"
                    " case-management, area: \"1600000000\", on: 2026-06}\n",
             FALSE, "programme +1 ~0 =0 -0, start +2 ~0 =0 -0");
    assert_int_equal(managed_in(world, "2026", "Philippines"), 4);
    /* V-04 lives in Caraga, as its start says, though it is served in Northern Mindanao. */
    assert_int_equal(managed_in(world, "2026-11", "Philippines"), 3);
    assert_int_equal(managed_in(world, "2026-11", "Caraga"), 1);
    assert_int_equal(managed_in(world, "2026-11", "Northern Mindanao"), 2);
    /* Whoever is erased is still one who was served. */
    run(world, "UPDATE case_record SET ref = NULL, erased_s = 1 WHERE ref = 'V-04'");
    assert_int_equal(managed_in(world, "2026", "Philippines"), 4);
    IMPORTED(world, REGION "programme: {from: 2026}\n", FALSE, "programme +0 ~1 =0 -0");
    assert_int_equal(ask(world, "SELECT count(*) FROM service_start"), 2);
}

/* ---- The check. */

static const char *
status_of(const carenet_table *rows, const char *check)
{
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(text_at(rows, row, "check"), check) == 0)
            return text_at(rows, row, "status");
    fail_msg("no row %s", check);
    return NULL;
}

static void
the_check_looks_at_the_programme(void **state)
{
    World *world = *state;
    static const char *const checks[] = {"programme", "ordinances", "care-plans"};
    static const struct {
        const char *text, *sql;
        gsize check;
    } cases[] = {
        {"  bodies: [{id: ex-b, kind: council, name: B, area: PH, members: [ex-org]}]\n",
         "UPDATE body_member SET member = 'ex-nobody'", 0},
        {"  ordinances: [{area: PH, title: O, passed_on: 2022-03}]\n", NULL, 1},
        {"  care_plans: [{case: EX-1, area: PH, on: 2022, review_on: 2023-01, status: active}]\n",
         NULL, 2},
    };
    IMPORTED(world, REGION ORGANIZATION "programme: {from: 2021}\n", FALSE,
             "programme +1 ~0 =0 -0");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        carenet_table *before = carenet_store_check(world->store, NOW_S, NULL);
        assert_string_equal(status_of(before, checks[cases[i].check]), "ok");
        carenet_table_unref(before);
        g_autofree char *text = g_strconcat(REGION "programme:\n", cases[i].text, NULL);
        g_autofree char *changes = import_ok(world, text, FALSE);
        if (cases[i].sql != NULL)
            run(world, cases[i].sql);
        carenet_table *after = carenet_store_check(world->store, NOW_S, NULL);
        assert_string_equal(status_of(after, checks[cases[i].check]), "look");
        char *csv = carenet_table_to_string(after, CARENET_FORMAT_CSV, NULL);
        assert_null(strstr(csv, "EX-1"));
        carenet_free(csv);
        carenet_table_unref(after);
    }
    /* What is done, ended or not yet due is no finding. */
    IMPORTED(world,
             REGION "programme:\n  ordinances: [{area: PH, title: O, passed_on: 2022-03,"
                    " implemented_on: 2023}]\n  care_plans: [{case: EX-1, area: PH, on: 2022,"
                    " review_on: 2023-01, status: completed}]\n",
             FALSE, "programme +0 ~0 =1 -0, ordinance +0 ~1 =0 -0, care-plan +0 ~1 =0 -0");
    carenet_table *last = carenet_store_check(world->store, NOW_S, NULL);
    assert_string_equal(status_of(last, "ordinances"), "ok");
    assert_string_equal(status_of(last, "care-plans"), "ok");
    carenet_table_unref(last);
}

/* ---- Damage. */

static void
damage_is_noticed(void **state)
{
    World *world = *state;
    static const char *const harms[] = {
        "UPDATE training SET audience = 'everybody'",
        "UPDATE training SET held_on = '2022-99'",
        "UPDATE training SET participants = -5",
        "UPDATE training SET area = 'nowhere'",
        "UPDATE training SET programme_id = 'nobody'",
        "UPDATE body SET kind = 'club'",
        "UPDATE care_plan SET status = ''",
        "DELETE FROM care_plan WHERE id IN (SELECT care_plan_id FROM care_plan_goal)",
        "UPDATE programme SET region_id = 'ncr' WHERE id = ''",
        "UPDATE tally SET value = -1",
    };
    import_shipped(world);
    run(world,
        "INSERT INTO care_plan_goal SELECT network_id, id, 99, 'music' FROM care_plan LIMIT 1");
    run(world, "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF");
    for (gsize i = 0; i < G_N_ELEMENTS(harms); i++) {
        g_autoptr(GError) error = NULL;
        run(world, "BEGIN");
        run(world, harms[i]);
        g_autoptr(CnNetwork) network = cn_network_new();
        if (cn_store_load_programmes(world->store, network, &error))
            fail_msg("%s", harms[i]);
        const gint code = carenet_error_get_code(error);
        assert_true(code == CARENET_ERROR_CORRUPT || code == CARENET_ERROR_VERSION);
        run(world, "ROLLBACK");
    }
}

/* ---- Many. */

#define MANY 20000

/* A store grows by records of years; an import of one more is no matter of them. */
static void
many_records(void **state)
{
    World *world = *state;
    g_autoptr(CnNetwork) network = cn_network_new();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    CnProgramme *programme = cn_network_add_programme(network);
    programme->lists = 1U << CN_PROGRAMME_CARE_PLANS | 1U << CN_PROGRAMME_TRAININGS;
    const CnAreaId area = cn_area_by_code(world->reference->gazetteer, "1600000000");
    for (guint i = 0; i < MANY; i++) {
        g_autofree char *ref = g_strdup_printf("EX-%u", i);
        const CnDate on = {2022, (gint8)(i % 12 + 1), (gint8)(i / 12 % 28 + 1)};
        const CnCarePlan plan = {.ref = cn_network_intern(network, ref),
                                 .area = area,
                                 .on = on,
                                 .status = "active",
                                 .goals = "music"};
        const CnTraining training = {
            .course = 0, .on = on, .area = area, .audience = "officials", .participants = 3};
        g_array_append_val(programme->records[CN_PROGRAMME_CARE_PLANS], plan);
        g_array_append_val(programme->records[CN_PROGRAMME_TRAININGS], training);
    }
    const gint64 begin_us = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    if (!cn_store_import(world->store, network, &options, issues, NULL, &error))
        fail_msg("%s", error->message);
    const gint64 first_us = g_get_monotonic_time();
    assert_true(cn_store_import(world->store, network, &options, issues, NULL, NULL));
    const gint64 again_us = g_get_monotonic_time();
    assert_int_equal(value_of(world, "reintegration-plans", NULL, NULL), MANY);
    const gint64 end_us = g_get_monotonic_time();
    assert_int_equal(ask(world, "SELECT count(*) FROM training"), MANY);
    print_message("%d records: import %d ms, again %d ms, report %d ms\n", 2 * MANY,
                  (int)((first_us - begin_us) / 1000), (int)((again_us - first_us) / 1000),
                  (int)((end_us - again_us) / 1000));
    assert_true(end_us - begin_us < 60 * G_USEC_PER_SEC);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(everything_comes_back),
        T(importing_again_changes_nothing),
        T(an_export_changes_nothing),
        T(a_correction_is_no_second_record),
        T(what_is_invented_stays_marked),
        T(equal_records_are_told_apart),
        T(a_body_moves_with_its_meetings),
        T(care_plans_are_corrected_by_case_and_day),
        T(the_directory_moves_with_coverage_only),
        T(bad_records_are_refused_with_their_place),
        T(members_may_stand_in_the_store),
        T(invented_programmes_stay_out_of_a_live_store),
        T(the_store_reports_what_the_files_report),
        T(referrals_count_beside_the_files),
        T(the_check_looks_at_the_programme),
        T(damage_is_noticed),
        T(many_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
