/* The home region of referrals: the region and nothing finer, whoever makes the referral, until the case is
 * erased. */
#include "../support/random-network.h"
#include "../support/referral-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ONE world_offerings[0]
#define TWO world_offerings[1]

static int
set_up(void **state)
{
    *state = world_new();
    return 0;
}

static int
tear_down(void **state)
{
    world_free(*state);
    return 0;
}

/* Refers somebody of that place ("area: Butuan,", ""). (transfer full) the id */
static char *
refer(World *world, carenet_store *store, const char *ref, const char *area, gboolean draft)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = ONE;
    to.draft = draft;
    g_autofree char *text = g_strdup_printf(
        "{ref: %s, %s age: 15, sex: female, consent: full, needs: [trauma-therapy]}", ref, area);
    g_autoptr(carenet_cases) cases =
        carenet_cases_parse(world->reference, text, strlen(text), "case", 0, NULL, &error);
    g_autoptr(carenet_table) row =
        cases != NULL ? carenet_referral_send(store, cases, 0, &to, &acting, &error) : NULL;
    if (row == NULL)
        fail_msg("%s", error->message);
    return g_strdup(world_text(row, "id"));
}

/* What the list says of it. */
static void
expect_home(carenet_store *store, const char *id, const char *home)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) row = carenet_referral_get(store, id, INT64_MIN, NULL, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
    const size_t at = (size_t)carenet_table_column_index(row, "home");
    assert_int_equal(at, 18); /* columns are only added behind */
    if (home != NULL)
        assert_string_equal(carenet_table_get_text(row, 0, at), home);
    else
        assert_true(carenet_table_is_null(row, 0, at));
}

/* A town, a city that is no part of its province, the province and the region itself; and what lies in no
 * region. */
static void
the_region_and_nothing_finer(void **state)
{
    static const struct {
        const char *area, *home;
    } places[] = {
        {"area: \"1030500000\",", "1000000000"},
        {"area: Cebu City,", "0700000000"},
        {"area: Agusan del Norte,", "1600000000"},
        {"area: \"1600000000\",", "1600000000"},
        {"area: Isabela City,", "0900000000"},
        {"area: PH-MIN,", NULL},
        {"area: PH,", NULL},
    };
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(places); i++) {
        g_autofree char *ref = g_strdup_printf("C-%zu", i);
        g_autofree char *id = refer(world, store, ref, places[i / 2].area, TRUE);
        expect_home(store, id, places[i / 2].home);
    }
    assert_int_equal(world_ask(store, "SELECT count(*) FROM referral WHERE home NOT IN"
                                      " (SELECT code FROM area WHERE level = 'region')"),
                     0);
}

/* Sent at once or kept as a draft and sent later. */
static void
it_stays_through_its_life(void **state)
{
    World *world = *state;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_store) store = world_make(world);
    g_autofree char *sent = refer(world, store, "C-1", "area: Butuan,", FALSE);
    g_autofree char *draft = refer(world, store, "C-2", "area: Butuan,", TRUE);
    expect_home(store, sent, "1600000000");
    g_autoptr(carenet_table) later =
        carenet_referral_send_draft(store, draft, 0, NULL, &acting, NULL);
    g_autoptr(carenet_table) accepted = carenet_referral_accept(store, draft, &acting, NULL);
    assert_non_null(accepted);
    g_autoptr(carenet_table) ended = carenet_referral_cancel(store, draft, "other", &acting, NULL);
    assert_non_null(ended);
    expect_home(store, draft, "1600000000");
}

static void
a_redirection_takes_it_along(void **state)
{
    World *world = *state;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_store) store = world_make(world);
    g_autofree char *known = refer(world, store, "C-1", "area: Butuan,", FALSE);
    g_autoptr(carenet_table) moved =
        carenet_referral_redirect(store, known, TWO, NULL, &acting, NULL);
    assert_non_null(moved);
    expect_home(store, known, "1600000000");
    expect_home(store, world_text(moved, "redirected_to"), "1600000000");
}

/* As one of an older carenet. */
static void
a_redirection_makes_none_up(void **state)
{
    World *world = *state;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_store) store = world_make(world);
    g_autofree char *of_before = refer(world, store, "C-1", "area: Butuan,", FALSE);
    assert_int_equal(sqlite3_exec(store->db, "UPDATE referral SET home = NULL", NULL, NULL, NULL),
                     SQLITE_OK);
    g_autoptr(carenet_table) moved =
        carenet_referral_redirect(store, of_before, TWO, NULL, &acting, NULL);
    assert_non_null(moved);
    expect_home(store, world_text(moved, "redirected_to"), NULL);
}

/* Of that case only, and of all its referrals; and by day. */
static void
erasure_clears_it(void **state)
{
    World *world = *state;
    carenet_acting acting = world_acting();
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = world_make(world);
    g_autofree char *first = refer(world, store, "C-1", "area: Butuan,", FALSE);
    g_autofree char *other = refer(world, store, "C-2", "area: Butuan,", FALSE);
    g_autoptr(carenet_table) moved =
        carenet_referral_redirect(store, first, TWO, NULL, &acting, &error);
    assert_non_null(moved);
    const char *second = world_text(moved, "redirected_to");
    g_autoptr(carenet_table) ended =
        carenet_referral_cancel(store, second, "other", &acting, &error);
    g_autoptr(carenet_table) erased = carenet_case_erase(store, "C-1", &acting, &error);
    if (erased == NULL)
        fail_msg("%s", error->message);
    expect_home(store, first, NULL);
    expect_home(store, second, NULL);
    expect_home(store, other, "1600000000");
    g_autoptr(carenet_table) other_ended =
        carenet_referral_cancel(store, other, "other", &acting, &error);
    world->wall_s += (gint64)40 * CN_DAY_S;
    g_autoptr(carenet_table) purged =
        carenet_store_purge(store, WORLD_NOW_S + CN_DAY_S, &acting, &error);
    if (purged == NULL)
        fail_msg("%s", error->message);
    expect_home(store, other, NULL);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(the_region_and_nothing_finer),
        T(it_stays_through_its_life),
        T(a_redirection_takes_it_along),
        T(a_redirection_makes_none_up),
        T(erasure_clears_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
