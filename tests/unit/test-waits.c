/* How long people wait for help is taken from referrals where enough of them tell, else from what the
 * provider says. */
#include "../support/random-network.h"
#include "../support/referral-world.h"

#include "directory/directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ONE   world_offerings[0]
#define DAY_S 86400

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

/* One is sent, and helped after @days. */
static void
help(World *world, carenet_store *store, guint number, gint64 days)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    g_autofree char *ref = g_strdup_printf("C-%u", number);
    g_autoptr(carenet_table) sent =
        world_send(world, store, ref, "routine", ONE, FALSE, &acting, &error);
    if (sent == NULL)
        fail_msg("%s", error->message);
    const char *id = world_text(sent, "id");
    g_autoptr(carenet_table) accepted = carenet_referral_accept(store, id, &acting, &error);
    assert_non_null(accepted);
    world->wall_s += days * DAY_S;
    world->boot_s += days * DAY_S;
    g_autoptr(carenet_table) started = carenet_referral_start(store, id, &acting, &error);
    assert_non_null(started);
    g_autoptr(carenet_table) done =
        carenet_referral_complete(store, id, NULL, NULL, &acting, &error);
    if (done == NULL)
        fail_msg("%s", error->message);
}

static CnLiveCapacity
capacity_of(carenet_directory *directory)
{
    const gint offering = cn_listing_offering(directory->listing, ONE);
    assert_true(offering >= 0);
    return directory->listing->capacity[offering];
}

/* Read from the tables, and overlaid on the image that stands beside them. */
static void
expect(carenet_store *store, gint32 days, gboolean waited)
{
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_directory) directory = carenet_directory_load(store, &error);
        if (directory == NULL)
            fail_msg("%s", error->message);
        const CnLiveCapacity capacity = capacity_of(directory);
        assert_int_equal(capacity.wait_days, days);
        assert_int_equal(capacity.waited, waited);
    }
}

static void
report_wait(carenet_store *store, gint64 days)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    carenet_capacity_report told;
    carenet_capacity_report_init(&told);
    told.wait_days = days;
    g_autoptr(carenet_table) row = carenet_capacity_set(store, ONE, &told, &acting, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
}

static void
five_starts_tell(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    report_wait(store, 40);
    for (guint i = 0; i < 4; i++)
        help(world, store, i, 2);
    expect(store, 40, FALSE);
    help(world, store, 4, 3); /* a mean of 2.2 days: the third has begun */
    expect(store, 3, TRUE);
    /* What the provider says is kept as it was said. */
    assert_int_equal(world_ask(store, "SELECT wait_days FROM capacity WHERE offering_id ="
                                      " 'ex-one/trauma-therapy'"),
                     40);
}

static void
a_year_is_forgotten(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    for (guint i = 0; i < 5; i++)
        help(world, store, i, 1);
    expect(store, 1, TRUE);
    world->wall_s += 366 * (gint64)DAY_S;
    world->boot_s += 366 * (gint64)DAY_S;
    expect(store, -1, FALSE);
}

static void
restricted_sites_do_not_tell(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    for (guint i = 0; i < 5; i++)
        help(world, store, i, 1);
    expect(store, 1, TRUE);
    world_ask(store, "UPDATE provider SET disclosure = 'restricted', show_area = '1000000000'"
                     " WHERE id = 'ex-one' RETURNING 1");
    expect(store, -1, FALSE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(five_starts_tell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_year_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(restricted_sites_do_not_tell, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
