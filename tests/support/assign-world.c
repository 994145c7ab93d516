/* See assign-world.h. */
#include "assign-world.h"

#include "routing/market-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void
assign_world_weigh(CnPolicy *policy, AssignWeight weight)
{
    if (weight == ASSIGN_LIGHT)
        return;
    policy->travel_cost_per_min = weight == ASSIGN_MIDDLE ? 20 : 1000;
    policy->no_link_cost = weight == ASSIGN_MIDDLE ? 33333 : CN_COST_MOST;
    policy->leave_region = 77777;
}

/* Some needs to places that they may have. */
static void
draw_pins(GRand *rand, AssignWorld *world)
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
draw_absences(GRand *rand, AssignWorld *world)
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
pinned_units(const AssignWorld *world, guint offering)
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
is_wanted(const AssignWorld *world, guint offering)
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
units_left_out(const AssignWorld *world)
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
take_only_places(AssignWorld *world)
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
draw_quotas(GRand *rand, AssignWorld *world)
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

void
assign_world_make(GRand *rand, CnReference *reference, AssignWorld *world)
{
    gboolean crowded = world_chance(rand, 60);
    *world = (AssignWorld){.pins = g_array_new(FALSE, FALSE, sizeof(CnPin))};
    world->network = world_network(rand, reference, 30);
    if (crowded)
        world_crowd(rand, world->network);
    world->directory = cn_directory_new(world->network, reference, 0);
    world->policy = world_policy(rand, reference);
    if (world_chance(rand, 10))
        assign_world_weigh(world->policy, world_chance(rand, 50) ? ASSIGN_MIDDLE : ASSIGN_HEAVY);
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

void
assign_world_clear(AssignWorld *world)
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

CnAssignOptions
assign_world_options(const AssignWorld *world)
{
    CnAssignOptions options;
    cn_assign_options_init(&options);
    options.taken = world->taken;
    options.left_out = world->left_out;
    return options;
}

/* ---- Certificate. */

static gint64
use_of(const AssignWorld *world, guint offering, gint64 place)
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
list_places(const AssignWorld *world, const CnAssignment *answer, const gint64 *pinned)
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
value_of_places(const AssignWorld *world, const CnAssignment *answer, const gint64 *pinned)
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

gint64
assign_world_dual(const AssignWorld *world, const CnAssignment *answer)
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
CnLevels
assign_world_count(const AssignWorld *world, const CnAssignment *answer)
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

void
assign_world_assert_levels(const CnLevels *a, const CnLevels *b)
{
    for (guint i = 0; i < 3; i++)
        assert_int_equal(a->unmet[i], b->unmet[i]);
    assert_int_equal(a->cost, b->cost);
}

void
assign_world_check_optimal(const AssignWorld *world,
                           const CnAssignment *answer,
                           const CnLevels *expected)
{
    CnLevels counted = assign_world_count(world, answer);
    assert_int_equal(answer->stopped_by, CN_STOPPED_NOT);
    assign_world_assert_levels(&answer->primal, &counted);
    assign_world_assert_levels(&answer->primal, expected);
    assign_world_assert_levels(&answer->bound, expected);
    assert_int_equal(assign_world_dual(world, answer), cn_market_scalar(world->market, expected));
}

void
assign_world_assert_same(const CnAssignment *a, const CnAssignment *b)
{
    assert_int_equal(a->units_len, b->units_len);
    assert_memory_equal(a->offering, b->offering, a->units_len * sizeof *a->offering);
    assert_memory_equal(a->price, b->price, a->offerings_len * sizeof *a->price);
    assign_world_assert_levels(&a->primal, &b->primal);
    assert_int_equal(a->work, b->work);
}
