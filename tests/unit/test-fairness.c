/* Fairness: what the places of an offering cost for their use, whose use is not told, and what a plan says of
 * it. What it does to plans is compared with brute force in test-assign, test-parties and test-batch. */
#include "../support/small-world.h"
#include "routing/fairness.h"
#include "routing/plan-shares.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static CnReference *reference;

static void
add_step(CnPolicy *policy, gint32 above_percent, gint32 cost)
{
    const CnFairStep step = {above_percent, cost};
    g_array_append_val(policy->fairness, step);
}

/* The offering, with other places. */
static guint
set_places(SmallWorld *world, const char *id, gint64 total, gint64 occupied, gint64 held)
{
    const gint offering = cn_listing_offering(world->directory->listing, id);
    assert_true(offering >= 0);
    CnLiveCapacity *capacity = &world->directory->listing->capacity[offering];
    capacity->known = TRUE;
    capacity->total = total;
    capacity->occupied = occupied;
    capacity->held = held;
    return (guint)offering;
}

static SmallWorld *
make_world(void)
{
    SmallWorld *world = small_world_new(reference);
    small_world_route(world);
    add_step(world->policy, 50, 10);
    add_step(world->policy, 75, 30);
    return world;
}

static void
counts_what_is_used(void **state)
{
    static const gint64 extras[] = {0, 10, 10, 30, 30, 30};
    (void)state;
    SmallWorld *world = make_world();
    const CnListing *listing = world->directory->listing;
    /* Of eight two are occupied and one is held: the first new one is the fourth. */
    const guint open = set_places(world, "ex-open/trauma-therapy", 8, 2, 1);
    for (gint64 place = 1; place <= 6; place++)
        assert_int_equal(cn_fair_extra(world->policy, listing, open, place), extras[place - 1]);
    assert_int_equal(cn_fair_cost(world->policy, listing, open, 0, 5, 0), 80);
    assert_int_equal(cn_fair_cost(world->policy, listing, open, 2, 2, 0), 40);
    assert_int_equal(cn_fair_cost(world->policy, listing, open, 0, 5, 15), 30);
    assert_int_equal(cn_fair_cost(world->policy, listing, open, 0, 0, 0), 0);
    /* More are there than there are places. */
    set_places(world, "ex-open/trauma-therapy", 8, 12, 0);
    assert_int_equal(cn_fair_extra(world->policy, listing, open, 1), 30);
    set_places(world, "ex-open/trauma-therapy", 0, 0, 0);
    assert_int_equal(cn_fair_extra(world->policy, listing, open, 1), 30);
    small_world_free(world);
}

static void
makes_slots(void **state)
{
    (void)state;
    SmallWorld *world = make_world();
    const CnListing *listing = world->directory->listing;
    const guint open = set_places(world, "ex-open/trauma-therapy", 8, 2, 1);
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(CnSlot));
    cn_fair_slots(world->policy, listing, open, 0, 5, slots);
    assert_int_equal(slots->len, 3);
    const CnSlot *slot = (const CnSlot *)(gconstpointer)slots->data;
    assert_int_equal(slot[0].places, 1);
    assert_int_equal(slot[1].places, 2);
    assert_int_equal(slot[1].extra, 10);
    assert_int_equal(slot[2].places, 2);
    assert_int_equal(slot[2].extra, 30);
    g_array_set_size(slots, 0);
    cn_fair_slots(world->policy, listing, open, 2, 1, slots);
    assert_int_equal(slots->len, 1);
    g_array_set_size(slots, 0);
    cn_fair_slots(world->policy, listing, open, 5, 0, slots);
    assert_int_equal(slots->len, 1);
    assert_int_equal(g_array_index(slots, CnSlot, 0).places, 0);
    g_array_set_size(world->policy->fairness, 0);
    g_array_set_size(slots, 0);
    cn_fair_slots(world->policy, listing, open, 3, G_MAXINT64, slots);
    assert_int_equal(slots->len, 1);
    assert_true(g_array_index(slots, CnSlot, 0).places == G_MAXINT64);
    small_world_free(world);
}

/* A restricted provider does not tell how full it is, nor does a cost. */
static void
keeps_to_itself_what_is_withheld(void **state)
{
    (void)state;
    SmallWorld *world = make_world();
    const CnListing *listing = world->directory->listing;
    const guint bed = set_places(world, "ex-shelter/emergency-shelter", 8, 7, 0);
    assert_true(cn_listed_provider_of(listing, bed)->restricted);
    assert_false(cn_fair_counts(world->policy, listing, bed));
    assert_int_equal(cn_fair_cost(world->policy, listing, bed, 0, 3, 0), 0);
    const guint open = set_places(world, "ex-open/trauma-therapy", 8, 7, 0);
    assert_true(cn_fair_counts(world->policy, listing, open));
    world->directory->listing->capacity[open].known = FALSE;
    assert_false(cn_fair_counts(world->policy, listing, open));
    assert_int_equal(cn_fair_extra(world->policy, listing, open, 9), 0);
    small_world_free(world);
}

static void
tells_worth_from_use(void **state)
{
    (void)state;
    SmallWorld *world = make_world();
    const CnListing *listing = world->directory->listing;
    const guint open = set_places(world, "ex-open/trauma-therapy", 8, 2, 1);
    assert_int_equal(cn_fair_next(listing, open, 2, 1), 2);
    assert_int_equal(cn_fair_next(listing, open, 5, 1), 4);
    assert_int_equal(cn_fair_next(listing, open, 4, 2), 3);
    /* While there is room nobody pays for more than the use. */
    assert_int_equal(cn_fair_worth(world->policy, listing, open, 10, 1), 0);
    assert_int_equal(cn_fair_worth(world->policy, listing, open, 25, 1), 15);
    assert_int_equal(cn_fair_worth(world->policy, listing, open, 1000, 5), 970);
    assert_int_equal(cn_fair_worth(world->policy, listing, open, 0, 5), 0);
    small_world_free(world);
}

/* The first by reference has the first place, whatever the order of the list. */
static void
shares_by_reference(void **state)
{
    (void)state;
    SmallWorld *world = small_world_new(reference);
    small_world_add_case(world, "C-3");
    small_world_add_case(world, "C-2");
    small_world_route(world);
    const guint open = set_places(world, "ex-open/trauma-therapy", 8, 2, 1);
    const CnPlanQuestion asked = {.directory = world->directory,
                                  .policy = world->policy,
                                  .cases = world->cases,
                                  .now_s = SMALL_NOW_S,
                                  .at_s = SMALL_NOW_S};
    CnPlanNeeds *needs = cn_plan_needs_new(&asked);
    gint offering_of[6] = {(gint)open, -1, (gint)open, -1, (gint)open, -1};
    assert_int_equal(needs->needs->len, G_N_ELEMENTS(offering_of));
    assert_null(cn_plan_shares_new(needs, offering_of));
    assert_int_equal(cn_plan_share(NULL, 0), 0);
    add_step(world->policy, 50, 10);
    add_step(world->policy, 75, 30);
    g_array_index(((CnCase *)g_ptr_array_index(world->cases->cases, 2))->needs, CnNeed, 0).units =
        2;
    g_autofree gint64 *shares = cn_plan_shares_new(needs, offering_of);
    assert_int_equal(shares[0], 0);       /* C-1: the fourth of eight */
    assert_int_equal(shares[4], 10 + 10); /* C-2: two places */
    assert_int_equal(shares[2], 30);      /* C-3 */
    assert_int_equal(shares[1], 0);
    cn_plan_needs_free(needs);
    small_world_free(world);
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
        cmocka_unit_test(counts_what_is_used),
        cmocka_unit_test(makes_slots),
        cmocka_unit_test(tells_worth_from_use),
        cmocka_unit_test(shares_by_reference),
        cmocka_unit_test(keeps_to_itself_what_is_withheld),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
