/* Routing one by one with the prices of a former plan: the order is that of cost and price together,
 * however many are shown; and a day that is routed case by case with yesterday's prices comes closer to
 * the best that could have been done with all of the day known than one without. */
#include "../support/random-world.h"

#include "model/plan.h"
#include "routing/cost.h"
#include "routing/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 300

static CnReference *reference;

/* ---- The order. */

static CnPlan *
draw_prices(GRand *rand, const CnListing *listing)
{
    CnPlan *plan = cn_plan_new();
    for (guint i = 0; i < listing->offerings_len; i++) {
        const CnPlanPrice price = {
            cn_plan_text(plan, cn_listed_text(listing, listing->offerings[i].id)),
            world_chance(rand, 10) ? G_MAXINT64 / 4 : g_rand_int_range(rand, 1, 300)};
        if (world_chance(rand, 60))
            g_array_append_val(plan->prices, price);
    }
    const CnPlanPrice gone = {"zz-gone/therapy", 5};
    g_array_append_val(plan->prices, gone);
    return plan;
}

typedef struct {
    guint ranked, moved;
} Seen;

/* What the next places are worth to others: each its price, as far as its use is not paid for already. */
static gint64
price_of_places(const CnPolicy *policy,
                const CnListing *listing,
                guint offering,
                gint64 price,
                gint32 places)
{
    gint64 sum = 0;
    if (price > G_MAXINT64 / 8 && places > 1)
        return G_MAXINT64 / 4;
    for (gint32 place = 1; place <= places; place++)
        sum += MAX(0, price + world_use(policy, listing, offering, place - 1) -
                          world_use(policy, listing, offering, place));
    return sum;
}

static void
compare_needs(const CnNeedRoute *all,
              const CnNeedRoute *few,
              const CnNeedRoute *plain,
              const CnPlan *plan,
              const CnPolicy *policy,
              const CnListing *listing,
              Seen *seen)
{
    assert_int_equal(few->ranked->len, MIN(3, all->ranked->len));
    assert_int_equal(all->ranked->len, plain->ranked->len);
    for (guint i = 0; i < all->ranked->len; i++) {
        const CnRanked *ranked = &g_array_index(all->ranked, CnRanked, i);
        const gint64 price =
            cn_plan_price(plan, cn_listed_text(listing, listing->offerings[ranked->offering].id));
        const guint at = ranked->offering;
        const gint32 places = all->companions.units;
        assert_true(ranked->price >= price - world_use(policy, listing, at, 1));
        assert_int_equal(ranked->by - ranked->group_cost,
                         price_of_places(policy, listing, at, price, places));
        if (i > 0)
            assert_true(g_array_index(all->ranked, CnRanked, i - 1).by <= ranked->by);
        if (i < few->ranked->len)
            assert_memory_equal(ranked, &g_array_index(few->ranked, CnRanked, i), sizeof *ranked);
        seen->moved += ranked->offering != g_array_index(plain->ranked, CnRanked, i).offering;
        seen->ranked++;
    }
}

static void
order_round(GRand *rand, gpointer data)
{
    CnNetwork *network = world_network(rand, reference, 40);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_plan) plan = draw_prices(rand, directory->listing);
    carenet_cases *cases = world_cases(rand, reference, network, 6);
    if (world_chance(rand, 50))
        world_fairness(rand, policy);
    carenet_route_options options;
    carenet_route_options_init(&options);
    /* Where others were proposed changes where one may go: without. */
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *person = g_ptr_array_index(cases->cases, i);
        g_ptr_array_set_size(person->keep_apart, 0);
        if (person->siblings == CN_SIBLINGS_APART)
            person->siblings = CN_SIBLINGS_REQUIRE;
    }
    options.now_s = WORLD_NOW_S;
    options.include_unconfirmed = options.include_unknown_capacity = true;
    options.top = 0;
    g_autoptr(carenet_routes) plain = carenet_route(directory, policy, cases, &options, NULL);
    options.prices = plan;
    g_autoptr(carenet_routes) all = carenet_route(directory, policy, cases, &options, NULL);
    options.top = 3;
    g_autoptr(carenet_routes) few = carenet_route(directory, policy, cases, &options, NULL);
    for (guint i = 0; i < all->needs->len; i++)
        compare_needs(cn_routes_need(all, i), cn_routes_need(few, i), cn_routes_need(plain, i),
                      plan, policy, directory->listing, data);
    g_autoptr(carenet_table) ranked = carenet_routes_table(few, CARENET_ROUTES_RANKED);
    assert_true(carenet_table_column_index(ranked, "price") >= 0);
    g_autoptr(carenet_table) priceless = carenet_routes_table(plain, CARENET_ROUTES_RANKED);
    assert_true(carenet_table_column_index(priceless, "price") < 0);
    carenet_free(carenet_routes_to_json(few));
    carenet_cases_unref(cases);
    cn_network_free(network);
}

static void
ranks_by_cost_and_price(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, order_round, &seen);
    print_message("%u ranked, %u of them elsewhere than by cost alone\n", seen.ranked, seen.moved);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.ranked > ROUNDS && seen.moved > ROUNDS / 10);
}

/* ---- A day, one by one. */

/* What a need that nobody takes counts when days are compared: more than the longest way. */
#define UNMET_WEIGHS 3000
#define PLACES_MORE  40
#define CASES_A_DAY  140

/* The shipped network with so many places of a therapy more at each offering that few of them are too few
 * where everybody goes to the nearest. */
static carenet_directory *
make_places(void)
{
    g_autoptr(carenet_directory) shipped = carenet_directory_demonstration(reference, NULL);
    const CnListing *listing = shipped->listing;
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(carenet_change));
    const CnServiceId therapy = cn_service_by_id(reference->taxonomy, "trauma-therapy");
    for (guint i = 0; i < listing->offerings_len; i++) {
        const carenet_change change = {.id = cn_listed_text(listing, listing->offerings[i].id),
                                       .places = PLACES_MORE};
        if (listing->offerings[i].service == therapy)
            g_array_append_val(changes, change);
    }
    return carenet_directory_with(shipped, (const carenet_change *)(gpointer)changes->data,
                                  changes->len, NULL);
}

/* A day's cases. */
static carenet_cases *
draw_day(GRand *rand, guint len)
{
    static const char *const towns[] = {"Cagayan de Oro", "Iligan",     "Valencia", "Butuan",
                                        "Surigao",        "Cebu City",  "Mandaue",  "Tagbilaran",
                                        "Quezon City",    "Manila",     "Pasig",    "Angeles",
                                        "Malolos",        "Cabanatuan", "Oroquieta"};
    carenet_cases *cases = carenet_cases_new(reference);
    for (guint i = 0; i < len; i++) {
        g_autofree char *ref = g_strdup_printf("D-%u", i);
        const char *const need = "trauma-therapy";
        carenet_case_facts facts;
        carenet_case_facts_init(&facts);
        facts.ref = ref;
        facts.area = towns[g_rand_int_range(rand, 0, G_N_ELEMENTS(towns))];
        facts.age = g_rand_int_range(rand, 7, 18);
        facts.sex = world_chance(rand, 75) ? "female" : "male";
        facts.needs = &need;
        facts.needs_len = 1;
        assert_true(carenet_cases_add(cases, &facts, NULL));
    }
    return cases;
}

static carenet_plan *
plan_of(const carenet_directory *directory, const carenet_policy *policy, const carenet_cases *day)
{
    carenet_batch_options options;
    carenet_plan *plan = NULL;
    carenet_batch_options_init(&options);
    options.now_s = carenet_directory_demonstration_now(directory);
    options.skip_reasons = true;
    assert_true(carenet_batch(directory, policy, day, &options, &plan, NULL));
    assert_int_equal(carenet_plan_get_status(plan), CARENET_PLAN_OPTIMAL);
    return plan;
}

static gint64
weight_of(const carenet_plan *plan)
{
    const carenet_plan_value value = carenet_plan_objective(plan);
    return value.cost + UNMET_WEIGHS * (value.emergency + value.urgent + value.routine);
}

/* Everybody at his best place as he comes, which then has one place less. */
static gint64
route_day(const carenet_directory *begin,
          const carenet_policy *policy,
          const carenet_cases *day,
          const carenet_plan *prices)
{
    carenet_directory *directory = carenet_directory_ref((carenet_directory *)begin);
    gint64 weight = 0;
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = carenet_directory_demonstration_now(begin);
    options.top = 1;
    options.prices = prices;
    for (guint i = 0; i < day->cases->len; i++) {
        carenet_cases *one = carenet_cases_new(reference);
        g_ptr_array_set_free_func(one->cases, NULL);
        g_ptr_array_add(one->cases, g_ptr_array_index(day->cases, i));
        g_autoptr(carenet_routes) routes = carenet_route(directory, policy, one, &options, NULL);
        const CnNeedRoute *route = cn_routes_need(routes, 0);
        carenet_cases_unref(one);
        const CnRanked *best =
            route->ranked->len > 0 ? &g_array_index(route->ranked, CnRanked, 0) : NULL;
        if (best == NULL) {
            weight += UNMET_WEIGHS;
            continue;
        }
        const CnListing *listing = directory->listing;
        const carenet_change change = {
            .id = cn_listed_text(listing, listing->offerings[best->offering].id), .places = -1};
        weight += best->cost;
        if (cn_service(reference->taxonomy, listing->offerings[best->offering].service)->unit ==
            CN_UNIT_NONE)
            continue;
        carenet_directory *less = carenet_directory_with(directory, &change, 1, NULL);
        assert_non_null(less);
        carenet_directory_unref(directory);
        directory = less;
    }
    carenet_directory_unref(directory);
    return weight;
}

static void
yesterdays_prices_help_today(void **state)
{
    (void)state;
    g_autoptr(carenet_directory) directory = make_places();
    g_autoptr(carenet_policy) policy = carenet_policy_load(reference, NULL, NULL, NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261125);
    gint64 hindsight = 0, greedy = 0, priced = 0;
    for (guint day = 0; day < 6; day++) {
        carenet_cases *yesterday = draw_day(rand, CASES_A_DAY),
                      *today = draw_day(rand, CASES_A_DAY);
        g_autoptr(carenet_plan) former = plan_of(directory, policy, yesterday);
        g_autoptr(carenet_plan) best = plan_of(directory, policy, today);
        const gint64 least = weight_of(best), without = route_day(directory, policy, today, NULL),
                     with = route_day(directory, policy, today, former);
        print_message("day %u: hindsight %" G_GINT64_FORMAT ", greedy %.3f of it, with yesterday's "
                      "prices %.3f\n",
                      day + 1, least, (double)without / (double)least,
                      (double)with / (double)least);
        assert_true(without >= least && with >= least);
        hindsight += least;
        greedy += without;
        priced += with;
        carenet_cases_unref(yesterday);
        carenet_cases_unref(today);
    }
    print_message("all days: greedy %.3f, with prices %.3f of the hindsight optimum\n",
                  (double)greedy / (double)hindsight, (double)priced / (double)hindsight);
    assert_true(100 * priced < 102 * hindsight && 100 * greedy > 110 * hindsight);
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
    carenet_reference_unref(reference);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(ranks_by_cost_and_price, world_print_seed),
        cmocka_unit_test(yesterdays_prices_help_today),
    };
    return cmocka_run_group_tests_name("route-prices", tests, open_reference, close_reference);
}
