/* Siblings and co-victims of one list: who goes along, who must not meet whom, what it costs. */
#include "../support/small-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define THERAPY "ex-open/trauma-therapy"
#define BED     "ex-shelter/emergency-shelter"

/* The needs of a list of two cases in the order of the answers. */
enum {
    FIRST_THERAPY,
    FIRST_BED,
    SECOND_THERAPY,
    SECOND_BED
};

static CnReference *reference;

/* Two siblings, the first of whom has this wish, the second that. */
static SmallWorld *
make_siblings(CnSiblings first, CnSiblings second)
{
    SmallWorld *world = small_world_new(reference);
    world->person->siblings_group = g_strdup("s");
    world->person->siblings = first;
    small_world_add_case(world, "C-2")->siblings = second;
    return world;
}

static CnCase *
second_of(SmallWorld *world)
{
    return g_ptr_array_index(world->cases->cases, 1);
}

static CnNeed *
need_of(CnCase *person, guint need)
{
    return &g_array_index(person->needs, CnNeed, need);
}

static void
assert_refused(SmallWorld *world, guint need, const char *offering, const char *reason)
{
    const char *refusal = small_world_refusal(world, need, offering, NULL);
    if (g_strcmp0(refusal, reason) != 0)
        print_error("%s: %s, not %s\n", offering, refusal, reason);
    assert_true(g_strcmp0(refusal, reason) == 0);
}

static gint64
line_of(SmallWorld *world, guint need, CnCost line)
{
    const CnNeedRoute *route = cn_routes_need(world->routes, need);
    assert_true(route->ranked->len > 0);
    return g_array_index(route->ranked, CnRanked, 0).lines[line];
}

/* ---- Together. */

static void
there_must_be_places_for_all(void **state)
{
    (void)state;
    static const struct {
        gint32 first, second;
        const char *reason;
    } cases[] = {{1, 1, NULL}, {1, 2, "full"}, {2, 1, "full"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
        g_autofree char *detail = NULL;
        need_of(world->person, 0)->units = cases[i].first;
        need_of(second_of(world), 0)->units = cases[i].second;
        assert_refused(world, FIRST_THERAPY, THERAPY, cases[i].reason);
        assert_refused(world, SECOND_THERAPY, THERAPY, cases[i].reason);
        if (cases[i].reason != NULL &&
            small_world_refusal(world, FIRST_THERAPY, THERAPY, &detail) != NULL)
            assert_string_equal(detail, "2 of 3 places free, 3 wanted");
    }
}

static void
one_who_requires_it_binds_all(void **state)
{
    (void)state;
    static const CnSiblings wishes[][2] = {{CN_SIBLINGS_REQUIRE, CN_SIBLINGS_PREFER},
                                           {CN_SIBLINGS_PREFER, CN_SIBLINGS_REQUIRE},
                                           {CN_SIBLINGS_NONE, CN_SIBLINGS_REQUIRE}};
    for (gsize i = 0; i < G_N_ELEMENTS(wishes); i++) {
        g_autoptr(SmallWorld) world = make_siblings(wishes[i][0], wishes[i][1]);
        world->therapy->capacity.occupied = 2;
        assert_refused(world, FIRST_THERAPY, THERAPY, "full");
        assert_refused(world, SECOND_THERAPY, THERAPY, "full");
    }
}

/* Who asks for something else, or is of another group, or of none, does not go along. */
static void
only_siblings_with_the_same_need_go_along(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) other_need = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    other_need->therapy->capacity.occupied = 2;
    need_of(second_of(other_need), 0)->service = small_world_service(other_need, "counseling");
    assert_refused(other_need, FIRST_THERAPY, THERAPY, NULL);

    g_autoptr(SmallWorld) other_group = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    other_group->therapy->capacity.occupied = 2;
    g_free(second_of(other_group)->siblings_group);
    second_of(other_group)->siblings_group = g_strdup("t");
    assert_refused(other_group, FIRST_THERAPY, THERAPY, NULL);

    g_autoptr(SmallWorld) no_group = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    no_group->therapy->capacity.occupied = 2;
    g_clear_pointer(&no_group->person->siblings_group, g_free);
    g_clear_pointer(&second_of(no_group)->siblings_group, g_free);
    assert_refused(no_group, FIRST_THERAPY, THERAPY, NULL);
}

static void
the_house_must_take_so_many(void **state)
{
    (void)state;
    g_autofree char *detail = NULL;
    g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    world->therapy->eligibility.siblings_up_to = 2;
    assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
    world->therapy->eligibility.siblings_up_to = 1;
    small_world_route(world);
    assert_refused(world, FIRST_THERAPY, THERAPY, "siblings-size");
    small_world_refusal(world, FIRST_THERAPY, THERAPY, &detail);
    assert_string_equal(detail, "takes up to 1 siblings together");
    /* One alone is no group. */
    second_of(world)->siblings_group[0] = 't';
    small_world_route(world);
    assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
}

/* ---- What only the other one breaks. */

typedef void (*Spoil)(SmallWorld *world);

static void
brother_for_girls(SmallWorld *world)
{
    world->therapy->eligibility.sex = CN_SEX_FEMALE;
    second_of(world)->sex = CN_SEX_MALE;
}

static void
too_young(SmallWorld *world)
{
    world->therapy->eligibility.age_min = 10;
    second_of(world)->age_min = second_of(world)->age_max = 6;
}

static void
without_paper(SmallWorld *world)
{
    cn_term_set_add(&world->therapy->eligibility.documents, 0);
    cn_term_set_add(&world->person->documents, 0);
}

static void
avoids_the_town(SmallWorld *world)
{
    CnAreaId town = small_world_area(world, "Cagayan de Oro");
    g_array_append_val(second_of(world)->avoid.areas, town);
}

static void
lives_too_far_away(SmallWorld *world)
{
    second_of(world)->area = small_world_area(world, "Butuan");
    second_of(world)->max_travel_min = 60;
}

static void
in_more_of_a_hurry(SmallWorld *world)
{
    need_of(second_of(world), 0)->before = small_world_day(1);
}

static void
in_an_emergency_at_a_closed_door(SmallWorld *world)
{
    world->therapy->hours = "Sa 08:00-12:00";
    need_of(second_of(world), 0)->urgency = CN_EMERGENCY;
}

static void
every_sibling_must_fit(void **state)
{
    (void)state;
    static const Spoil spoils[] = {brother_for_girls,
                                   too_young,
                                   without_paper,
                                   avoids_the_town,
                                   lives_too_far_away,
                                   in_more_of_a_hurry,
                                   in_an_emergency_at_a_closed_door};
    for (gsize i = 0; i < G_N_ELEMENTS(spoils); i++) {
        g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
        assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
        spoils[i](world);
        small_world_route(world);
        assert_refused(world, FIRST_THERAPY, THERAPY, "siblings-fit");
        /* The other one is told its own reason. */
        assert_non_null(small_world_refusal(world, SECOND_THERAPY, THERAPY, NULL));
        assert_string_not_equal(small_world_refusal(world, SECOND_THERAPY, THERAPY, NULL),
                                "siblings-fit");
    }
}

/* What both break is told as what it is. */
static void
a_common_reason_is_told(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    world->therapy->eligibility.age_max = 10;
    assert_refused(world, FIRST_THERAPY, THERAPY, "age");
    assert_refused(world, SECOND_THERAPY, THERAPY, "age");
}

/* ---- Would like to stay together. */

static void
to_prefer_is_a_cost(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_PREFER, CN_SIBLINGS_NONE);
    small_world_route(world);
    assert_int_equal(line_of(world, FIRST_THERAPY, CN_COST_SIBLINGS_APART), 0);
    world->therapy->capacity.occupied = 2;
    small_world_route(world);
    assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
    assert_int_equal(line_of(world, FIRST_THERAPY, CN_COST_SIBLINGS_APART),
                     world->policy->siblings_apart);
    assert_int_equal(line_of(world, SECOND_THERAPY, CN_COST_SIBLINGS_APART),
                     world->policy->siblings_apart);
    world->therapy->capacity.occupied = 1;
    brother_for_girls(world);
    small_world_route(world);
    assert_int_equal(line_of(world, FIRST_THERAPY, CN_COST_SIBLINGS_APART),
                     world->policy->siblings_apart);
}

/* ---- Apart. */

static void
a_sibling_apart_is_not_met(void **state)
{
    (void)state;
    static const CnSiblings wishes[][2] = {{CN_SIBLINGS_APART, CN_SIBLINGS_APART},
                                           {CN_SIBLINGS_APART, CN_SIBLINGS_REQUIRE},
                                           {CN_SIBLINGS_PREFER, CN_SIBLINGS_APART}};
    for (gsize i = 0; i < G_N_ELEMENTS(wishes); i++) {
        g_autoptr(SmallWorld) world = make_siblings(wishes[i][0], wishes[i][1]);
        /* The first is proposed there, so the second cannot be. */
        assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
        assert_refused(world, SECOND_THERAPY, THERAPY, "sibling-apart");
        assert_refused(world, SECOND_BED, BED, "sibling-apart");
        /* Where the second is known, the first cannot be. */
        g_ptr_array_add(second_of(world)->known_to, g_strdup("ex-open"));
        small_world_route(world);
        assert_refused(world, FIRST_THERAPY, THERAPY, "sibling-apart");
        assert_refused(world, SECOND_THERAPY, THERAPY, NULL);
    }
}

static void
co_victims_are_kept_apart_from_both_sides(void **state)
{
    (void)state;
    for (guint side = 0; side < 2; side++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        CnCase *second = small_world_add_case(world, "C-2");
        g_ptr_array_add(side == 0 ? world->person->keep_apart : second->keep_apart,
                        g_strdup(side == 0 ? "C-2" : "C-1"));
        assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
        assert_refused(world, SECOND_THERAPY, THERAPY, "co-victim");
        assert_refused(world, SECOND_BED, BED, "co-victim");
        g_ptr_array_add(second->known_to, g_strdup("ex-shelter"));
        small_world_route(world);
        assert_refused(world, FIRST_BED, BED, "co-victim");
        assert_refused(world, FIRST_THERAPY, THERAPY, NULL);
    }
}

/* A hotline has no waiting room. */
static void
where_nobody_is_counted_nobody_meets(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    CnCase *second = small_world_add_case(world, "C-2");
    world->therapy->service = small_world_service(world, "crisis-line");
    need_of(world->person, 0)->service = world->therapy->service;
    need_of(second, 0)->service = world->therapy->service;
    g_ptr_array_add(second->keep_apart, g_strdup("C-1"));
    assert_refused(world, SECOND_THERAPY, THERAPY, NULL);
}

/* A sibling who must come along brings its own co-victims. */
static void
co_victims_of_a_sibling_count(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    CnCase *third = small_world_add_case(world, "C-3");
    g_clear_pointer(&third->siblings_group, g_free);
    g_ptr_array_add(third->known_to, g_strdup("ex-open"));
    g_ptr_array_add(second_of(world)->keep_apart, g_strdup("C-3"));
    assert_refused(world, FIRST_THERAPY, THERAPY, "co-victim");
    assert_refused(world, SECOND_THERAPY, THERAPY, "co-victim");
    assert_refused(world, FIRST_BED, BED, NULL);
}

/* All come to the same first choice, though each alone would go elsewhere. */
static void
the_group_shares_its_first_choice(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = make_siblings(CN_SIBLINGS_REQUIRE, CN_SIBLINGS_REQUIRE);
    CnProvider *away = cn_network_add_provider(world->network);
    GArray *capabilities = away->capabilities, *offerings = away->offerings;
    GPtrArray *withheld = away->withheld;
    GArray *serves = away->serves;
    *away = *world->open;
    away->id = "ex-away";
    away->capabilities = capabilities;
    away->offerings = offerings;
    away->withheld = withheld;
    away->serves = serves;
    away->site.area = small_world_area(world, "Butuan");
    g_array_append_vals(capabilities, world->open->capabilities->data, 1);
    CnOffering offering = *world->therapy;
    offering.id = "ex-away/trauma-therapy";
    g_array_append_val(offerings, offering);
    second_of(world)->area = away->site.area;
    cn_network_sort(world->network);
    small_world_route(world);
    const CnNeedRoute *first = cn_routes_need(world->routes, FIRST_THERAPY);
    const CnNeedRoute *second = cn_routes_need(world->routes, SECOND_THERAPY);
    assert_int_equal(first->ranked->len, 2);
    assert_int_equal(g_array_index(first->ranked, CnRanked, 0).offering,
                     g_array_index(second->ranked, CnRanked, 0).offering);
    /* Without the wish each goes where it is at home. */
    world->person->siblings = second_of(world)->siblings = CN_SIBLINGS_NONE;
    small_world_route(world);
    first = cn_routes_need(world->routes, FIRST_THERAPY);
    second = cn_routes_need(world->routes, SECOND_THERAPY);
    assert_int_not_equal(g_array_index(first->ranked, CnRanked, 0).offering,
                         g_array_index(second->ranked, CnRanked, 0).offering);
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
        cmocka_unit_test(there_must_be_places_for_all),
        cmocka_unit_test(one_who_requires_it_binds_all),
        cmocka_unit_test(only_siblings_with_the_same_need_go_along),
        cmocka_unit_test(the_house_must_take_so_many),
        cmocka_unit_test(every_sibling_must_fit),
        cmocka_unit_test(a_common_reason_is_told),
        cmocka_unit_test(to_prefer_is_a_cost),
        cmocka_unit_test(a_sibling_apart_is_not_met),
        cmocka_unit_test(co_victims_are_kept_apart_from_both_sides),
        cmocka_unit_test(where_nobody_is_counted_nobody_meets),
        cmocka_unit_test(co_victims_of_a_sibling_count),
        cmocka_unit_test(the_group_shares_its_first_choice),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
