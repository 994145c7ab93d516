/* Batch routing against the plain oracle on thousands of random markets: the compiled pairs, the
 * objective level by level, feasibility, and the certificate, recomputed here over all pairs: integer
 * prices >= 0 whose dual value is the primal one. Then that threads, processor, order of cases and
 * former prices change nothing. */
#include "../bench/batch-instance.h"
#include "../support/assign-oracle.h"
#include "../support/random-world.h"

#include "routing/assign.h"
#include "routing/market-private.h"
#include "routing/market-row.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 1000

static CnReference *reference;

/* A random world with everything a market may have. */
typedef struct {
    CnNetwork *network;
    carenet_directory *directory;
    carenet_policy *policy;
    carenet_cases *cases;
    GArray *pins;
    guint32 *taken;
    guint8 *left_out;
    AssignOracle oracle;
    CnMarket *market;
} World;

typedef struct {
    guint pairs, rows, eligible, placed, unmet, priced, parties, pins, fair, quotas, solves;
} Seen;

static void
crowd(GRand *rand, World *world)
{
    for (guint i = 0; i < world->network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(world->network->providers, i);
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnCapacity *capacity = &g_array_index(provider->offerings, CnOffering, k).capacity;
            if (capacity->known)
                capacity->total = capacity->occupied + g_rand_int_range(rand, 0, 3);
        }
    }
}

/* Weights of the size of days, so that sums need 64 bits. */
static void
make_heavy(CnPolicy *policy)
{
    policy->travel_cost_per_min = 1000;
    policy->no_link_cost = CN_COST_MOST;
    policy->leave_region = 77777;
}

/* Some needs to places that they may have. */
static void
draw_pins(GRand *rand, World *world)
{
    guint offerings = (guint)world->directory->listing->offerings_len;
    g_autofree gint64 *used = g_new0(gint64, offerings + 1);
    for (guint i = 0, need = 0; i < world->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(world->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++, need++) {
            guint offering = world_pick(rand, offerings), tries = 0;
            while (tries++ < offerings && assign_oracle_cost(&world->oracle, i, k, offering) < 0)
                offering = (offering + 1) % offerings;
            gint64 places = assign_oracle_places(&world->oracle, offering);
            gint32 units = g_array_index(person->needs, CnNeed, k).units;
            if (world_chance(rand, 60) || person->siblings_group != NULL ||
                assign_oracle_cost(&world->oracle, i, k, offering) < 0 ||
                (places >= 0 && used[offering] + units > places))
                continue;
            CnPin pin = {need, offering};
            used[offering] += units;
            g_array_append_val(world->pins, pin);
        }
    }
}

static void
draw_absences(GRand *rand, World *world)
{
    guint offerings = (guint)world->directory->listing->offerings_len, needs = 0;
    for (guint i = 0; i < world->cases->cases->len; i++)
        needs += ((const CnCase *)g_ptr_array_index(world->cases->cases, i))->needs->len;
    world->taken = g_new0(guint32, offerings + 1);
    world->left_out = g_new0(guint8, needs + 1);
    if (world_chance(rand, 70))
        return;
    for (guint i = 0; i < offerings; i++)
        world->taken[i] = world_chance(rand, 30) ? world_pick(rand, 3) : 0;
    for (guint i = 0; i < needs; i++)
        world->left_out[i] = world_chance(rand, 20);
}

static gint64
pinned_units(const World *world, guint offering)
{
    gint64 units = 0;
    for (guint i = 0, need = 0; i < world->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(world->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++, need++)
            for (guint pin = 0; pin < world->pins->len; pin++)
                if (g_array_index(world->pins, CnPin, pin).offering == offering &&
                    g_array_index(world->pins, CnPin, pin).need == need)
                    units += g_array_index(person->needs, CnNeed, k).units;
    }
    return units;
}

static gboolean
is_wanted(const World *world, guint offering)
{
    for (guint i = 0; i < world->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(world->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++)
            if (assign_oracle_cost(&world->oracle, i, k, offering) >= 0)
                return TRUE;
    }
    return FALSE;
}

/* Units of the list that are left out, so that they may have taken places. */
static guint32
units_left_out(const World *world)
{
    guint32 units = 0;
    for (guint i = 0, need = 0; i < world->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(world->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++, need++)
            units +=
                world->left_out[need] ? (guint32)g_array_index(person->needs, CnNeed, k).units : 0;
    }
    return units;
}

/* Only places that there are, and that somebody may have, are taken, by those of the list. */
static void
take_only_places(World *world)
{
    const guint32 most = units_left_out(world);
    for (guint i = 0; i < world->directory->listing->offerings_len; i++) {
        const gint64 places = assign_oracle_places(&world->oracle, i);
        world->taken[i] = MIN(world->taken[i], most);
        if (!is_wanted(world, i))
            world->taken[i] = 0;
        else if (places >= 0)
            world->taken[i] =
                MIN(world->taken[i], (guint32)MAX(0, places - pinned_units(world, i)));
    }
}

/* None is less than what pins and others take. */
static void
draw_quotas(GRand *rand, World *world)
{
    take_only_places(world);
    g_auto(CnQuotas) quotas = {NULL, 0, NULL};
    world_quotas(rand, world->policy, world->network);
    assert_true(cn_quotas_init(&quotas, world->directory, world->policy, NULL));
    for (guint g = 0; g < quotas.len; g++) {
        const GArray *offerings = quotas.groups[g].offerings;
        for (guint i = 0; i < offerings->len; i++) {
            const guint offering = g_array_index(offerings, guint, i);
            CnQuota *quota = (CnQuota *)quotas.groups[g].quota;
            quota->places += world->taken[offering] + pinned_units(world, offering);
        }
    }
    assign_oracle_clear(&world->oracle);
    assign_oracle_prepare(&world->oracle);
}

static void
make_world(GRand *rand, World *world)
{
    gboolean crowded = world_chance(rand, 60);
    *world = (World){.pins = g_array_new(FALSE, FALSE, sizeof(CnPin))};
    world->network = world_network(rand, reference, 30);
    if (crowded)
        crowd(rand, world);
    world->directory = cn_directory_new(world->network, reference, 0);
    world->policy = world_policy(rand, reference);
    if (world_chance(rand, 10))
        make_heavy(world->policy);
    world->cases = world_cases(rand, reference, world->network, crowded ? 16 : 6);
    world->oracle = (AssignOracle){
        .directory = world->directory, .policy = world->policy, .cases = world->cases};
    assign_oracle_prepare(&world->oracle);
    cn_market_options_init(&world->oracle.options);
    world->oracle.options.now_s = WORLD_NOW_S;
    world->oracle.options.include_unconfirmed = world_chance(rand, 70);
    world->oracle.options.include_unknown_capacity = world_chance(rand, 50);
    if (world_chance(rand, 50))
        world_fairness(rand, world->policy);
    if (world_chance(rand, 30))
        draw_pins(rand, world);
    draw_absences(rand, world);
    if (world_chance(rand, 40))
        draw_quotas(rand, world);
    world->oracle.options.pins = (const CnPin *)(gpointer)world->pins->data;
    world->oracle.options.pins_len = world->pins->len;
    world->oracle.taken = world->taken;
    world->oracle.left_out = world->left_out;
    g_autoptr(GError) error = NULL;
    world->market = cn_market_new(world->directory, world->policy, world->cases,
                                  &world->oracle.options, &error);
    assert_null(error);
}

static void
clear_world(World *world)
{
    g_clear_pointer(&world->market, cn_market_free);
    assign_oracle_clear(&world->oracle);
    carenet_directory_unref(world->directory);
    carenet_policy_unref(world->policy);
    carenet_cases_unref(world->cases);
    cn_network_free(world->network);
    g_array_unref(world->pins);
    g_free(world->taken);
    g_free(world->left_out);
}

static CnAssignOptions
options_of(const World *world)
{
    CnAssignOptions options;
    cn_assign_options_init(&options);
    options.taken = world->taken;
    options.left_out = world->left_out;
    return options;
}

/* ---- Pairs. */

static void
compare_pairs(const World *world, Seen *seen)
{
    for (guint need = 0; need < cn_market_needs_len(world->market); need++) {
        if (cn_market_pinned(world->market, need) >= 0)
            continue;
        for (guint i = 0; i < world->directory->listing->offerings_len; i++) {
            gint64 cost = -1,
                   expected =
                       assign_oracle_cost(&world->oracle, cn_market_person(world->market, need),
                                          cn_market_need_in_case(world->market, need), i);
            if (!cn_market_pair(world->market, need, i, &cost))
                cost = -1;
            assert_int_equal(cost, expected);
            seen->pairs++;
            seen->eligible += cost >= 0;
        }
    }
}

/* All places of a need at once say what the pairs say, one after the other; an offering stands there once. */
static void
compare_rows(const World *world, Seen *seen)
{
    g_autoptr(CnMarketRows) rows = cn_market_rows_new(world->market);
    const guint offerings = (guint)world->directory->listing->offerings_len;
    for (guint need = 0; need < cn_market_needs_len(world->market); need++) {
        const guint len = cn_market_row_len(world->market, need);
        const guint *at = cn_market_row_offerings(world->market, need);
        g_autofree gint64 *costs = g_new(gint64, (gsize)len + 1);
        g_autofree gint64 *found = g_new(gint64, (gsize)offerings + 1);
        if (!cn_market_row(rows, need, costs))
            continue;
        for (guint i = 0; i < offerings; i++)
            found[i] = -1;
        for (guint i = 0; i < len; i++) {
            if (costs[i] == CN_ROW_NEVER)
                continue;
            assert_int_equal(found[at[i]], -1);
            found[at[i]] = costs[i];
        }
        for (guint i = 0; i < offerings; i++) {
            gint64 cost = -1;
            if (!cn_market_pair(world->market, need, i, &cost))
                cost = -1;
            assert_int_equal(found[i], cost);
            const gint64 pair = cn_market_rows_pair(rows, need, i);
            assert_int_equal(pair == CN_ROW_NEVER ? -1 : pair, cost);
        }
        seen->rows++;
    }
}

/* ---- Certificate. */

static gint64
use_of(const World *world, guint offering, gint64 place)
{
    const CnListing *listing = world->directory->listing;
    return world_use(world->policy, listing, offering, place) -
           world_use(world->policy, listing, offering, place - 1);
}

/* A place, and what it is worth at the prices. */
typedef struct {
    guint offering;
    gint64 worth;
    gboolean done;
} Place;

/* Places that are worth anything, without those that are taken: each by itself. */
static GArray *
list_places(const World *world, const CnAssignment *answer, const gint64 *pinned)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint i = 0; i < answer->offerings_len; i++) {
        const gint64 places = assign_oracle_places(&world->oracle, i);
        const gint64 quota = cn_quotas_most(&world->oracle.quotas, i);
        assert_true(answer->price[i] >= 0);
        if (places < 0 && quota == G_MAXINT64)
            assert_int_equal(answer->price[i], 0);
        for (gint64 place = pinned[i] + world->taken[i] + 1;
             answer->price[i] > 0 && place <= (places < 0 ? quota : MIN(places, quota)) &&
             place <= cn_market_units_len(world->market) + world->taken[i];
             place++) {
            const Place one = {i, answer->price[i] - use_of(world, i, place), FALSE};
            if (one.worth > 0)
                g_array_append_val(list, one);
        }
    }
    return list;
}

/* What all places are worth that the quotas leave, the dearest first. */
static gint64
value_of_places(const World *world, const CnAssignment *answer, const gint64 *pinned)
{
    const CnQuotas *quotas = &world->oracle.quotas;
    g_autofree gint64 *used = g_new0(gint64, quotas->len + 1);
    g_autoptr(GArray) list = list_places(world, answer, pinned);
    gint64 sum = 0;
    for (guint i = 0; i < answer->offerings_len; i++)
        cn_quotas_take(quotas, used, i, pinned[i] + world->taken[i]);
    for (;;) {
        Place *best = NULL;
        for (guint i = 0; i < list->len; i++) {
            Place *one = &g_array_index(list, Place, i);
            if (!one->done && (best == NULL || one->worth > best->worth))
                best = one;
        }
        if (best == NULL)
            return sum;
        best->done = TRUE;
        if (cn_quotas_left(quotas, used, best->offering) < 1)
            continue;
        cn_quotas_take(quotas, used, best->offering, 1);
        sum += best->worth;
    }
}

static gint64
dual_value(const World *world, const CnAssignment *answer)
{
    const CnMarket *market = world->market;
    g_autofree gint64 *pinned = g_new0(gint64, answer->offerings_len + 1);
    gint64 dual = 0, pinned_cost = 0;
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        guint person = cn_market_person(market, need), k = cn_market_need_in_case(market, need);
        const CnNeed *asked = &g_array_index(
            ((const CnCase *)g_ptr_array_index(world->cases->cases, person))->needs, CnNeed, k);
        gint pin = cn_market_pinned(market, need);
        if (pin >= 0) {
            pinned[pin] += asked->units;
            pinned_cost += assign_oracle_cost(&world->oracle, person, k, (guint)pin);
            continue;
        }
        if (world->left_out[need])
            continue;
        gint64 penalty = cn_market_penalty(market, asked->urgency), first = penalty, more = penalty;
        for (guint i = 0; i < answer->offerings_len; i++) {
            gint64 cost = assign_oracle_cost(&world->oracle, person, k, i);
            if (cost < 0)
                continue;
            first = MIN(first, cost + answer->price[i]);
            more = MIN(more, answer->price[i]);
        }
        dual += first + more * (asked->units - 1);
    }
    for (guint i = 0; i < answer->offerings_len; i++)
        pinned_cost += world_use(world->policy, world->directory->listing, i, pinned[i]);
    dual -= value_of_places(world, answer, pinned);
    return dual + pinned_cost;
}

/* Counts what was answered, from scratch; there are so many places. */
static CnLevels
count_answer(const World *world, const CnAssignment *answer)
{
    const CnMarket *market = world->market;
    g_autofree gint64 *load = g_new0(gint64, answer->offerings_len + 1);
    CnLevels levels = {0};
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        guint person = cn_market_person(market, need), k = cn_market_need_in_case(market, need);
        const CnNeed *asked = &g_array_index(
            ((const CnCase *)g_ptr_array_index(world->cases->cases, person))->needs, CnNeed, k);
        for (gint32 i = 0; i < asked->units; i++) {
            gint32 at = answer->offering[cn_market_first_unit(market, need) + (guint)i];
            if (world->left_out[need] && cn_market_pinned(market, need) < 0) {
                assert_int_equal(at, -1);
                continue;
            }
            levels.unmet[asked->urgency] += at < 0;
            if (at < 0)
                continue;
            gint64 cost = assign_oracle_cost(&world->oracle, person, k, (guint)at);
            assert_true(cost >= 0);
            levels.cost += i == 0 ? cost : 0;
            load[at]++;
        }
    }
    for (guint i = 0; i < answer->offerings_len; i++) {
        gint64 places = cn_market_places(market, i);
        assert_true(places < 0 ||
                    load[i] + MIN((gint64)world->taken[i], MAX(0, places - load[i])) <= places);
        /* The first places are those of pins, then what others took. */
        const CnListing *listing = world->directory->listing;
        const gint64 own = pinned_units(world, i);
        const gint64 off = places < 0 ? 0 : MIN((gint64)world->taken[i], places - own);
        levels.cost += world_use(world->policy, listing, i, own) +
                       world_use(world->policy, listing, i, load[i] + off) -
                       world_use(world->policy, listing, i, own + off);
    }
    return levels;
}

static void
assert_levels(const CnLevels *a, const CnLevels *b)
{
    for (guint i = 0; i < 3; i++)
        assert_int_equal(a->unmet[i], b->unmet[i]);
    assert_int_equal(a->cost, b->cost);
}

static void
check_optimal(const World *world, const CnAssignment *answer, const CnLevels *expected)
{
    CnLevels counted = count_answer(world, answer);
    assert_int_equal(answer->stopped_by, CN_STOPPED_NOT);
    assert_levels(&answer->primal, &counted);
    assert_levels(&answer->primal, expected);
    assert_levels(&answer->bound, expected);
    assert_int_equal(dual_value(world, answer), cn_market_scalar(world->market, expected));
}

static void
assert_same_bytes(const CnAssignment *a, const CnAssignment *b)
{
    assert_int_equal(a->units_len, b->units_len);
    assert_memory_equal(a->offering, b->offering, a->units_len * sizeof *a->offering);
    assert_memory_equal(a->price, b->price, a->offerings_len * sizeof *a->price);
    assert_levels(&a->primal, &b->primal);
    assert_int_equal(a->work, b->work);
}

/* Compiling on any number of threads gives the same market. */
static void
compile_again(const World *world, const CnAssignOptions *how, const CnAssignment *answer)
{
    static const guint threads[] = {2, 8};
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        CnMarketOptions options = world->oracle.options;
        options.threads = threads[i];
        g_autoptr(CnMarket) market =
            cn_market_new(world->directory, world->policy, world->cases, &options, NULL);
        g_auto(CnAssignment) again = {0};
        assert_non_null(market);
        assert_int_equal(cn_market_classes_len(market), cn_market_classes_len(world->market));
        assert_true(cn_assign(market, how, &again, NULL));
        assert_same_bytes(answer, &again);
    }
}

static void
solve_round(GRand *rand, gpointer data)
{
    Seen *seen = data;
    World world;
    make_world(rand, &world);
    CnLevels expected = assign_oracle_solve(&world.oracle);
    g_auto(CnAssignment) answer = {0};
    CnAssignOptions options = options_of(&world);
    compare_pairs(&world, seen);
    compare_rows(&world, seen);
    assert_true(cn_assign(world.market, &options, &answer, NULL));
    check_optimal(&world, &answer, &expected);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) again = {0};
        options.cpu = cpu;
        options.threads = 1 + (guint)cpu;
        assert_true(cn_assign(world.market, &options, &again, NULL));
        assert_same_bytes(&answer, &again);
    }
    compile_again(&world, &options, &answer);
    for (guint i = 0; i < answer.offerings_len; i++)
        seen->priced += answer.price[i] > 0;
    for (guint i = 0; i < answer.units_len; i++)
        seen->placed += answer.offering[i] >= 0;
    for (guint i = 0; i < 3; i++)
        seen->unmet += (guint)expected.unmet[i];
    seen->pins += world.pins->len;
    seen->fair += world.policy->fairness->len > 0;
    seen->quotas += world.oracle.quotas.len;
    seen->solves++;
    clear_world(&world);
}

static void
solves_as_the_oracle_does(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, solve_round, &seen);
    print_message(
        "%u markets, %u pairs (%u eligible), %u rows, %u placed, %u unmet, %u prices, %u pins, %u "
        "where use costs something, %u quotas\n",
        seen.solves, seen.pairs, seen.eligible, seen.rows, seen.placed, seen.unmet, seen.priced,
        seen.pins, seen.fair, seen.quotas);
    if (g_getenv("CARENET_TEST_SEED") != NULL)
        return;
    assert_true(seen.quotas > ROUNDS / 4 && seen.placed > ROUNDS && seen.unmet > ROUNDS &&
                seen.priced > ROUNDS / 4);
    assert_true(seen.pins > 50 && seen.fair > ROUNDS / 4);
}

/* ---- A former plan. */

/* Prices that are nearly those of today, for a round in ten anything. */
static gint64 *
former_prices(GRand *rand, const World *world, const CnAssignment *cold)
{
    const gint64 step = cn_market_step(world->market);
    const gboolean any = world_chance(rand, 10);
    gint64 *prices = g_new(gint64, cold->offerings_len + 1);
    for (guint i = 0; i < cold->offerings_len; i++) {
        gint64 noise = world_pick(rand, 3) == 0 ? g_rand_int_range(rand, -200, 200) : 0;
        prices[i] = MAX(0, cold->price[i] + noise + (world_chance(rand, 10) ? step : 0));
        if (any)
            prices[i] = (gint64)world_pick(rand, 4) * step + (gint64)world_pick(rand, 400);
        if (cn_market_places(world->market, i) < 0)
            prices[i] = world_chance(rand, 50) ? 7 : 0;
    }
    return prices;
}

/* Everybody where they are, but for so many in a hundred. */
static gint32 *
former_places(GRand *rand, const CnAssignment *cold, guint others)
{
    gint32 *places = g_new(gint32, cold->units_len + 1);
    for (guint i = 0; i < cold->units_len; i++)
        places[i] = world_chance(rand, others)
                        ? (gint32)world_pick(rand, cold->offerings_len + 4) + CN_FORMER_UNKNOWN
                        : cold->offering[i];
    return places;
}

static void
former_round(GRand *rand, gpointer data)
{
    guint *moved = data;
    static const guint others[] = {0, 10, 50, 100};
    World world;
    make_world(rand, &world);
    g_auto(CnAssignment) cold = {0};
    CnAssignOptions options = options_of(&world);
    assert_true(cn_assign(world.market, &options, &cold, NULL));
    g_autofree gint64 *prices = former_prices(rand, &world, &cold);
    g_autofree gint32 *places =
        former_places(rand, &cold, others[world_pick(rand, G_N_ELEMENTS(others))]);
    options.prices = prices;
    options.former = places;
    g_auto(CnAssignment) warm = {0}, same = {0};
    assert_true(cn_assign(world.market, &options, &warm, NULL));
    check_optimal(&world, &warm, &cold.primal);
    assert_memory_equal(warm.price, cold.price, cold.offerings_len * sizeof *cold.price);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) again = {0};
        options.cpu = cpu;
        options.threads = 1 + (guint)cpu;
        assert_true(cn_assign(world.market, &options, &again, NULL));
        assert_same_bytes(&warm, &again);
    }
    for (guint i = 0; i < cold.units_len; i++)
        *moved += warm.offering[i] != places[i] && places[i] != CN_FORMER_UNKNOWN;
    /* From itself nobody moves; but what quotas take away may have been somewhere else. */
    options.prices = warm.price;
    options.former = warm.offering;
    assert_true(cn_assign(world.market, &options, &same, NULL));
    if (world.oracle.quotas.len == 0)
        assert_memory_equal(same.offering, warm.offering, warm.units_len * sizeof *warm.offering);
    assert_memory_equal(same.price, cold.price, cold.offerings_len * sizeof *cold.price);
    clear_world(&world);
}

static void
starts_from_any_places(void **state)
{
    (void)state;
    guint moved = 0;
    world_rounds(ROUNDS, former_round, &moved);
    print_message("%u units moved away from where they were said to be\n", moved);
}

static void
warm_round(GRand *rand, gpointer data)
{
    guint *differ = data;
    World world;
    make_world(rand, &world);
    g_auto(CnAssignment) cold = {0};
    CnAssignOptions options = options_of(&world);
    assert_true(cn_assign(world.market, &options, &cold, NULL));
    g_autofree gint64 *prices = former_prices(rand, &world, &cold);
    options.prices = prices;
    g_auto(CnAssignment) warm = {0};
    assert_true(cn_assign(world.market, &options, &warm, NULL));
    check_optimal(&world, &warm, &cold.primal);
    assert_memory_equal(warm.price, cold.price, cold.offerings_len * sizeof *cold.price);
    *differ += memcmp(warm.offering, cold.offering, cold.units_len * sizeof *cold.offering) != 0;
    clear_world(&world);
}

static void
starts_from_any_prices(void **state)
{
    (void)state;
    guint differ = 0;
    world_rounds(ROUNDS, warm_round, &differ);
    /* The last who is unmet comes to a column whose price was too high, while another one is crowded. */
    g_autoptr(GRand) rand = g_rand_new_with_seed(704067);
    warm_round(rand, &differ);
    print_message("%u of %d warm starts chose another of equal plans\n", differ, ROUNDS);
}

/* ---- Markets that are larger than the lists and words of the solver. */

/* Hundreds of columns for a service, so that what the solver keeps of them is never all of them. */
static void
make_large(World *world, guint32 seed, guint times, double supply, gboolean heavy, gboolean fair)
{
    BatchSize size = {
        .seed = seed, .cases = times * 800, .offerings = times * 600, .supply = supply};
    BatchInstance instance;
    batch_instance_make(&instance, &size, reference);
    *world = (World){.directory = instance.directory,
                     .cases = instance.cases,
                     .policy = carenet_policy_load(reference, NULL, NULL, NULL),
                     .network = cn_network_new(),
                     .pins = g_array_new(FALSE, FALSE, sizeof(CnPin))};
    if (heavy)
        make_heavy(world->policy);
    if (fair) {
        static const CnFairStep steps[] = {{30, 3}, {50, 10}, {75, 25}, {90, 100}};
        g_array_append_vals(world->policy->fairness, steps, G_N_ELEMENTS(steps));
    }
    world->oracle = (AssignOracle){
        .directory = world->directory, .policy = world->policy, .cases = world->cases};
    assign_oracle_prepare(&world->oracle);
    cn_market_options_init(&world->oracle.options);
    world->oracle.options.now_s = BATCH_NOW_S;
    world->taken = g_new0(guint32, size.offerings + 1);
    world->left_out = g_new0(guint8, size.cases + 1);
    world->market =
        cn_market_new(world->directory, world->policy, world->cases, &world->oracle.options, NULL);
    assert_non_null(world->market);
}

/* From prices of which so many in a hundred are others, and then also from as many other places. */
static void
check_start(const World *world,
            CnAssignOptions *options,
            const CnAssignment *cold,
            guint32 seed,
            guint percent)
{
    const gint32 step = (gint32)MIN(cn_market_step(world->market), G_MAXINT32 / 2);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed + percent);
    g_autofree gint64 *prices = g_new(gint64, cold->offerings_len + 1);
    for (guint i = 0; i < cold->offerings_len; i++) {
        const gint32 most = world_chance(rand, 5) ? step : 100;
        const gint64 other = world_chance(rand, percent) ? g_rand_int_range(rand, -most, most) : 0;
        prices[i] = MAX(0, cold->price[i] + other);
    }
    g_autofree gint32 *places = former_places(rand, cold, percent);
    for (guint way = 0; way < 3; way++) {
        g_auto(CnAssignment) warm = {0};
        options->prices = way < 2 ? prices : cold->price;
        options->former = way > 0 ? places : NULL;
        assert_true(cn_assign(world->market, options, &warm, NULL));
        check_optimal(world, &warm, &cold->primal);
        assert_memory_equal(warm.price, cold->price, cold->offerings_len * sizeof *cold->price);
    }
    options->prices = NULL;
    options->former = NULL;
}

/* With hardly any room for what is kept, so that it is dropped and made again all the time. */
static void
check_tight(const World *world, CnAssignOptions options, const CnAssignment *answer)
{
    g_auto(CnAssignment) tight = {0};
    options.cache_bytes = 1;
    assert_true(cn_assign(world->market, &options, &tight, NULL));
    check_optimal(world, &tight, &answer->primal);
    assert_memory_equal(tight.price, answer->price, answer->offerings_len * sizeof *tight.price);
}

/* Legs from ports to columns and from towns to ports are the model's to 1/1024 minute. */
static guint
check_legs(const World *world)
{
    const CnGazetteer *gazetteer = world->policy->reference->gazetteer;
    const CnTravelSpeeds *speeds = &world->policy->speeds;
    guint checked = 0;
    for (guint i = 0; i < world->market->components->len; i++) {
        const CnComponent *component = cn_market_component(world->market, i);
        for (const CnRun *run = component->runs; run < component->runs + component->runs_len; run++)
            for (guint k = 0; run->island >= 0 && k < run->ports_len * (run->end - run->first);
                 k++) {
                const guint column = run->first + k % (run->end - run->first);
                const double minutes =
                    cn_port_min(gazetteer, speeds, run->ports + k / (run->end - run->first),
                                component->lat_deg[column], component->lon_deg[column]);
                assert_true(run->legs[k] == minutes * 1024.0);
                checked++;
            }
    }
    for (CnAreaId town = 0; town < (CnAreaId)cn_gazetteer_len(gazetteer); town++) {
        CnOrigin origin;
        cn_origin_init(&origin, gazetteer, speeds, town);
        for (guint k = 0; world->market->homes[town].legs != NULL && k < world->market->ports_len;
             k++, checked++)
            assert_true(world->market->homes[town].legs[k] ==
                        (isinf(origin.port_min[k]) ? CN_TRIP_FAR : origin.port_min[k] * 1024.0));
    }
    return checked;
}

/* The certificate proves what the plain oracle would take too long to find. */
static void
check_large(guint32 seed, guint times, double supply, gboolean heavy, gboolean fair)
{
    World world;
    make_large(&world, seed, times, supply, heavy, fair);
    CnAssignOptions options = options_of(&world);
    g_auto(CnAssignment) answer = {0};
    assert_true(cn_assign(world.market, &options, &answer, NULL));
    check_optimal(&world, &answer, &answer.primal);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) again = {0};
        options.cpu = cpu;
        options.threads = 1 + (guint)cpu;
        assert_true(cn_assign(world.market, &options, &again, NULL));
        assert_same_bytes(&answer, &again);
    }
    check_tight(&world, options, &answer);
    compile_again(&world, &options, &answer);
    assert_true(check_legs(&world) > 10000);
    for (guint percent = 10; percent <= 100; percent += 90)
        check_start(&world, &options, &answer, seed, percent);
    clear_world(&world);
}

static void
proves_large_markets(void **state)
{
    (void)state;
    check_large(1, 1, 2.5, FALSE, FALSE);
    check_large(6, 2, 1.0, FALSE, FALSE);
    check_large(3, 1, 1.0, FALSE, FALSE);
    check_large(4, 1, 0.8, FALSE, FALSE);
    check_large(5, 1, 1.0, TRUE, FALSE);
    check_large(1, 1, 2.5, FALSE, TRUE);
    check_large(3, 1, 1.0, FALSE, TRUE);
    check_large(4, 1, 0.8, FALSE, TRUE);
    check_large(5, 1, 1.0, TRUE, TRUE);
}

/* ---- Order. */

static guint
find_person(const carenet_cases *cases, const char *ref)
{
    for (guint i = 0; i < cases->cases->len; i++)
        if (strcmp(((const CnCase *)g_ptr_array_index(cases->cases, i))->ref, ref) == 0)
            return i;
    assert_true(FALSE);
    return 0;
}

static void
shuffle(GRand *rand, GPtrArray *list)
{
    for (guint i = list->len; i > 1; i--) {
        guint k = world_pick(rand, i);
        gpointer one = list->pdata[i - 1];
        list->pdata[i - 1] = list->pdata[k];
        list->pdata[k] = one;
    }
}

static void
shuffle_round(GRand *rand, gpointer data)
{
    (void)data;
    World world;
    make_world(rand, &world);
    g_autoptr(CnMarket) before = NULL;
    CnMarketOptions plain = world.oracle.options;
    plain.pins_len = 0;
    before = cn_market_new(world.directory, world.policy, world.cases, &plain, NULL);
    g_auto(CnAssignment) first = {0}, second = {0};
    assert_true(cn_assign(before, NULL, &first, NULL));
    g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < world.cases->cases->len; i++)
        g_ptr_array_add(refs, g_strdup(((CnCase *)world.cases->cases->pdata[i])->ref));
    g_autofree guint *needs = g_new(guint, refs->len + 1);
    for (guint i = 0; i < refs->len; i++)
        needs[i] = cn_market_first_unit(before, cn_market_first_need(before, i));
    guint units = cn_market_units_len(before);
    shuffle(rand, world.cases->cases);
    g_autoptr(CnMarket) after =
        cn_market_new(world.directory, world.policy, world.cases, &plain, NULL);
    assert_true(cn_assign(after, NULL, &second, NULL));
    assert_levels(&first.primal, &second.primal);
    assert_memory_equal(first.price, second.price, first.offerings_len * sizeof *first.price);
    for (guint i = 0; i < refs->len; i++) {
        guint person = find_person(world.cases, g_ptr_array_index(refs, i));
        guint at = cn_market_first_unit(after, cn_market_first_need(after, person));
        guint end = i + 1 < refs->len ? needs[i + 1] : units;
        for (guint unit = needs[i]; unit < end; unit++)
            assert_int_equal(first.offering[unit], second.offering[at + unit - needs[i]]);
    }
    clear_world(&world);
}

static void
does_not_depend_on_order(void **state)
{
    (void)state;
    world_rounds(500, shuffle_round, NULL);
}

/* ---- Stopping. */

static void
stop_round(GRand *rand, gpointer data)
{
    guint *stopped = data;
    World world;
    gint cancel = 1;
    make_world(rand, &world);
    g_auto(CnAssignment) best = {0}, cut = {0}, again = {0}, none = {0};
    g_autofree gint64 *prices = NULL;
    g_autofree gint32 *places = NULL;
    CnAssignOptions options = options_of(&world);
    assert_true(cn_assign(world.market, &options, &best, NULL));
    if (world_chance(rand, 50)) {
        options.prices = prices = former_prices(rand, &world, &best);
        options.former = places = former_places(rand, &best, 30);
    }
    options.work_limit = 1 + (guint64)(g_rand_double(rand) * (double)best.work);
    assert_true(cn_assign(world.market, &options, &cut, NULL));
    options.threads = 2;
    assert_true(cn_assign(world.market, &options, &again, NULL));
    assert_same_bytes(&cut, &again);
    options.work_limit = 0;
    options.cancel = &cancel;
    assert_true(cn_assign(world.market, &options, &none, NULL));
    const CnAssignment *answers[] = {&cut, &none};
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
        CnLevels counted = count_answer(&world, answers[i]);
        assert_levels(&answers[i]->primal, &counted);
        assert_true(cn_levels_compare(&answers[i]->bound, &best.primal) <= 0);
        assert_true(cn_levels_compare(&best.primal, &answers[i]->primal) <= 0);
        assert_true(dual_value(&world, answers[i]) <= cn_market_scalar(world.market, &best.primal));
    }
    *stopped += cut.stopped_by == CN_STOPPED_WORK;
    clear_world(&world);
}

static void
stops_with_a_plan_and_a_bound(void **state)
{
    (void)state;
    guint stopped = 0;
    world_rounds(ROUNDS, stop_round, &stopped);
    print_message("%u of %d runs stopped by work\n", stopped, ROUNDS);
}

/* ---- Errors. */

static void
refuse_round(GRand *rand, gpointer data)
{
    guint *refused = data;
    World world;
    make_world(rand, &world);
    guint needs = cn_market_needs_len(world.market);
    guint offerings = (guint)world.directory->listing->offerings_len;
    CnPin pin = {world_pick(rand, needs), offerings > 0 ? world_pick(rand, offerings) : 0};
    CnMarketOptions options = world.oracle.options;
    g_autoptr(GError) error = NULL;
    options.pins = &pin;
    options.pins_len = offerings > 0;
    g_autoptr(CnMarket) market =
        cn_market_new(world.directory, world.policy, world.cases, &options, &error);
    assert_true((market == NULL) == (error != NULL));
    if (market == NULL) {
        assert_true(error->code == CARENET_ERROR_CONFLICT || error->code == CARENET_ERROR_CAPACITY);
        (*refused)++;
    }
    pin.need = needs;
    g_clear_error(&error);
    options.pins_len = 1;
    assert_null(cn_market_new(world.directory, world.policy, world.cases, &options, &error));
    assert_int_equal(error->code, CARENET_ERROR_INVALID_ARGUMENT);
    clear_world(&world);
}

static void
refuses_pins_that_break_a_rule(void **state)
{
    (void)state;
    guint refused = 0;
    world_rounds(200, refuse_round, &refused);
    assert_true(refused > 20);
}

static int
open_reference(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    if (reference == NULL)
        print_error("%s\n", error->message);
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
        cmocka_unit_test_teardown(solves_as_the_oracle_does, world_print_seed),
        cmocka_unit_test_teardown(starts_from_any_prices, world_print_seed),
        cmocka_unit_test_teardown(starts_from_any_places, world_print_seed),
        cmocka_unit_test(proves_large_markets),
        cmocka_unit_test_teardown(does_not_depend_on_order, world_print_seed),
        cmocka_unit_test_teardown(stops_with_a_plan_and_a_bound, world_print_seed),
        cmocka_unit_test_teardown(refuses_pins_that_break_a_rule, world_print_seed),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
