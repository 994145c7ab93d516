/* Whom to call: survivors who grow too old, drafts that nobody sends; and what the store keeps for that. */
#include "../support/referral-world.h"
#include "base/error.h"
#include "referral/referral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MINORS "ex-minors/individual-counseling"
#define YOUTH  "ex-youth/individual-counseling"
#define ADULTS "ex-adults/individual-counseling"
#define ALL    "ex-all/individual-counseling"

typedef struct {
    World *world;
    carenet_store *store;
} Desk;

static int
set_up(void **state)
{
    static const struct {
        const char *id, *age;
    } providers[] = {{"ex-minors", "age: [7, 17], "},
                     {"ex-youth", "age: [10, 20], "},
                     {"ex-adults", "age: [18, 99], "},
                     {"ex-all", ""}};
    Desk *desk = g_new0(Desk, 1);
    g_autoptr(GError) error = NULL;
    desk->world = world_new();
    desk->store = world_make(desk->world);
    g_autofree char *path = g_build_filename(desk->world->folder, "due.yaml", NULL);
    g_autoptr(GString) text =
        g_string_new("region: {id: small, name: Small, area: \"1000000000\", languages: [ceb]}\n"
                     "organizations:\n"
                     "  - {id: ex-body, example: true, name: EXAMPLE Body, kind: ngo,"
                     " data_sharing_agreement: 2026-01-10}\n"
                     "providers:\n");
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
        g_string_append_printf(
            text,
            "  - {id: %s, example: true, organization: ex-body, name: EXAMPLE %s, status: active,\n"
            "     place: {area: \"1030500000\", disclosure: public}, contact: {role: desk},\n"
            "     languages: [ceb], listing_consent: 2026-01-10,\n"
            "     verified: {on: 2026-10-01, by: phone},\n"
            "     offerings: [{service: individual-counseling, eligibility: {%ssex: any},"
            " capacity: {unit: slot, total: 20, occupied: 0, as_of: 2026-11-20, source: phone}}]}\n",
            providers[i].id, providers[i].id, providers[i].age);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    if (!carenet_store_import(desk->store, (const char *const[]){path}, 1, NULL, NULL, NULL,
                              &error))
        fail_msg("%s", error->message);
    *state = desk;
    return 0;
}

static int
tear_down(void **state)
{
    Desk *desk = *state;
    carenet_store_close(desk->store);
    world_free(desk->world);
    g_free(desk);
    return 0;
}

/* Refers somebody of that age ("age: 15", "age_band: 15-17", ""). (transfer full) */
static char *
refer(Desk *desk, const char *ref, const char *age, const char *offering, gboolean draft)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = offering;
    to.draft = draft;
    to.hold_s = 300 * CN_DAY_S;
    to.despite = true; /* one of them is too old already */
    g_autofree char *text = g_strdup_printf("{ref: %s, area: \"1030500000\", %s consent: full,"
                                            " needs: [individual-counseling]}",
                                            ref, age);
    g_autoptr(carenet_cases) cases = carenet_cases_parse(
        desk->world->reference, text, strlen(text), "case", CARENET_CASES_STRICT, NULL, &error);
    g_autoptr(carenet_table) row =
        cases != NULL ? carenet_referral_send(desk->store, cases, 0, &to, &acting, &error) : NULL;
    if (row == NULL)
        fail_msg("%s", error->message);
    return g_strdup(world_text(row, "id"));
}

/* What the store keeps of it, "-" for nothing. (transfer full) */
static char *
kept(Desk *desk, const char *id)
{
    sqlite3_stmt *select = NULL;
    assert_int_equal(sqlite3_prepare_v2(desk->store->db,
                                        "SELECT coalesce(ages_out, '-') FROM referral"
                                        " WHERE 'R-' || number = ?1",
                                        -1, &select, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(select, 1, id, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(select), SQLITE_ROW);
    char *month = g_strdup((const char *)sqlite3_column_text(select, 0));
    sqlite3_finalize(select);
    return month;
}

/* "R-1 2026-11-01 R-3 ..." of one kind. (transfer full) */
static char *
list_due(Desk *desk, const char *kind, gint days)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) rows = carenet_due(desk->store, days, INT64_MIN, &error);
    GString *out = g_string_new(NULL);
    assert_non_null(rows);
    for (gsize i = 0; i < carenet_table_rows_len(rows); i++)
        if (strcmp(carenet_table_get_text(rows, i, 0), kind) == 0)
            g_string_append_printf(out, "%s%s %.10s", out->len > 0 ? ", " : "",
                                   carenet_table_get_text(rows, i, 1),
                                   carenet_table_get_text(rows, i, 3));
    return g_string_free(out, FALSE);
}

static void
expect(char *found, const char *wanted)
{
    assert_string_equal(found, wanted);
    g_free(found);
}

/* ---- What is kept. */

static void
a_month_is_kept_while_it_is_needed(void **state)
{
    Desk *desk = *state;
    const struct {
        const char *age, *offering, *month;
    } people[] = {
        {"age: 15,", MINORS, "2028-11"},
        {"age: 17,", MINORS, "2026-11"},
        {"age: 19,", MINORS, "2026-11"},
        {"age_band: 13-15,", MINORS, "2028-11"},
        {"", MINORS, "-"},
        {"age: 15,", YOUTH, "2031-11"},
        {"age: 40,", ADULTS, "-"},
        {"age: 15,", ALL, "-"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        g_autofree char *ref = g_strdup_printf("C-%zu", i);
        g_autofree char *id = refer(desk, ref, people[i].age, people[i].offering, i % 2 == 0);
        expect(kept(desk, id), people[i].month);
    }
}

static void
it_goes_with_the_end_of_the_referral(void **state)
{
    Desk *desk = *state;
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    g_autofree char *id = refer(desk, "C-1", "age: 15,", MINORS, FALSE);
    carenet_table_unref(carenet_referral_accept(desk->store, id, &acting, NULL));
    carenet_table_unref(carenet_referral_start(desk->store, id, &acting, NULL));
    expect(kept(desk, id), "2028-11");
    carenet_table_unref(carenet_referral_complete(desk->store, id, "met", NULL, &acting, NULL));
    expect(kept(desk, id), "-");
    /* A redirection takes it along, for the years of the other offering. */
    g_autofree char *other = refer(desk, "C-2", "age: 16,", MINORS, FALSE);
    g_autoptr(carenet_table) row =
        carenet_referral_redirect(desk->store, other, YOUTH, NULL, &acting, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
    g_autofree char *next = g_strdup(world_text(row, "redirected_to"));
    expect(kept(desk, other), "-");
    expect(kept(desk, next), "2030-11");
    g_autoptr(carenet_table) far =
        carenet_referral_redirect(desk->store, next, ALL, NULL, &acting, &error);
    expect(kept(desk, world_text(far, "redirected_to")), "-");
}

/* ---- What is told. */

/* As all other days, not the midnight of another clock. */
static void
an_accreditation_ends_on_a_day_of_the_network(void **state)
{
    Desk *desk = *state;
    static const char *const cases[][2] = {{"2026-11-20", "2026-11-20T00:00:00+08:00"},
                                           {"2026-11", "2026-11-28T00:00:00+08:00"},
                                           {"2026", "2026-12-31T00:00:00+08:00"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *update = g_strdup_printf(
            "UPDATE provider SET accreditation_body = 'DSWD', accreditation_expires = '%s'"
            " WHERE id = (SELECT min(id) FROM provider WHERE status = 'active')",
            cases[i][0]);
        assert_int_equal(sqlite3_exec(desk->store->db, update, NULL, NULL, NULL), SQLITE_OK);
        g_autoptr(carenet_table) rows = carenet_due(desk->store, 60, INT64_MIN, NULL);
        gsize row = 0;
        while (strcmp(carenet_table_get_text(rows, row, 0), "accreditation") != 0)
            row++;
        assert_string_equal(carenet_table_get_text(rows, row, 3), cases[i][1]);
    }
}

static void
who_grows_too_old_is_told_in_time(void **state)
{
    Desk *desk = *state;
    const carenet_acting acting = world_acting();
    g_autofree char *now = refer(desk, "C-1", "age: 17,", MINORS, FALSE);
    g_autofree char *next_year = refer(desk, "C-2", "age: 16,", MINORS, FALSE);
    g_autofree char *far = refer(desk, "C-3", "age: 12,", MINORS, FALSE);
    assert_string_equal(now, "R-1");
    expect(list_due(desk, "ageing-out", 7), "R-1 2026-11-01");
    expect(list_due(desk, "ageing-out", 366), "R-1 2026-11-01, R-2 2027-11-01");
    /* 90 days before, and a week: not a day earlier. */
    desk->world->wall_s +=
        (343 - 97 - 1) * CN_DAY_S; /* from 2026-11-23 to 2027-11-01 are 343 days */
    desk->world->boot_s += (343 - 97 - 1) * CN_DAY_S;
    expect(list_due(desk, "ageing-out", 7), "R-1 2026-11-01");
    desk->world->wall_s += CN_DAY_S;
    desk->world->boot_s += CN_DAY_S;
    expect(list_due(desk, "ageing-out", 7), "R-1 2026-11-01, R-2 2027-11-01");
    carenet_table_unref(
        carenet_referral_cancel(desk->store, now, "no-longer-needed", &acting, NULL));
    expect(list_due(desk, "ageing-out", 7), "R-2 2027-11-01");
}

static void
a_draft_that_nobody_sends_is_told(void **state)
{
    Desk *desk = *state;
    const carenet_acting acting = world_acting();
    g_autofree char *id = refer(desk, "C-1", "age: 15,", MINORS, TRUE);
    expect(list_due(desk, "draft", 7), "");
    desk->world->wall_s += 2 * CN_DAY_S;
    desk->world->boot_s += 2 * CN_DAY_S;
    expect(list_due(desk, "draft", 7), "R-1 2026-11-23");
    carenet_table_unref(carenet_referral_send_draft(desk->store, id, 0, NULL, &acting, NULL));
    expect(list_due(desk, "draft", 7), "");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_month_is_kept_while_it_is_needed),
        T(it_goes_with_the_end_of_the_referral),
        T(an_accreditation_ends_on_a_day_of_the_network),
        T(who_grows_too_old_is_told_in_time),
        T(a_draft_that_nobody_sends_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
