/* Plug-ins: what they may not say, when they are asked, and that find, route, the market of batch, plans,
 * check and explain all do exactly what brute force does with them: pair by pair, and level by level. The
 * travel drawn here keeps no bound at all: the far is near, and the near may have no way. */
#include "../support/assign-oracle.h"
#include "../support/hash-plugin.h"
#include "../support/random-world.h"

#include "directory/plug.h"
#include "model/plan.h"
#include "routing/assign.h"
#include "routing/market-row.h"
#include "routing/route.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 160

static CnReference *reference;

/* ---- Filters that answer all alike. */

static bool
remove_all(const carenet_origin *from, const carenet_destinations *to, uint8_t *removed, void *user)
{
    (void)from;
    (void)user;
    memset(removed, 1, to->len);
    return true;
}

static bool
take_back(const carenet_origin *from, const carenet_destinations *to, uint8_t *removed, void *user)
{
    (void)from;
    (void)user;
    removed[to->len - 1] = 0;
    return true;
}

/* ---- Brute force: rules and costs without plug-ins, and then what the plug-ins say. */

typedef struct {
    CnNetwork *network;
    carenet_directory *directory;
    carenet_policy *plain, *policy;
    carenet_cases *cases;
    gboolean travels, scores, filters;
    gboolean include_unconfirmed, include_unknown;
    HashPlugin said;
} World;

typedef struct {
    guint worlds, pairs, eligible, removed, no_way, ranked, placed, unmet, checks, rows, origins;
} Seen;

/* Siblings who must stay together and must not meet have no place anywhere. */
static void
contradict_nobody(const carenet_cases *cases)
{
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(cases->cases, i);
        if (person->siblings_group != NULL)
            g_ptr_array_set_size(person->keep_apart, 0);
    }
}

static void
make_world(GRand *rand, World *world)
{
    *world = (World){.network = world_network(rand, reference, 60)};
    world_crowd(rand, world->network);
    world->directory = cn_directory_new(world->network, reference, 0);
    world->plain = world_policy(rand, reference);
    g_free(world->plain->id);
    world->plain->id = g_strdup("plain");
    g_free(world->plain->digest);
    world->plain->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "plain", -1);
    world->cases = world_cases(rand, reference, world->network, 12);
    contradict_nobody(world->cases);
    const guint which = 1 + world_pick(rand, 7);
    world->travels = (which & 1) != 0;
    world->scores = (which & 2) != 0;
    world->filters = (which & 4) != 0;
    world->include_unconfirmed = world_chance(rand, 70);
    world->include_unknown = world_chance(rand, 50);
    hash_plugin_init(&world->said, g_rand_int(rand));
    world->policy =
        hash_plugin_add(world->plain, &world->said, world->travels, world->scores, world->filters);
}

static void
clear_world(World *world)
{
    carenet_policy_unref(world->plain);
    assert_int_equal(world->said.freed, 0);
    carenet_policy_unref(world->policy);
    assert_int_equal(world->said.freed, world->travels || world->scores ? 1 : 0);
    carenet_cases_unref(world->cases);
    carenet_directory_unref(world->directory);
    cn_network_free(world->network);
    g_hash_table_unref(world->said.asked);
}

static const char *
code_of(CnAreaId area)
{
    return area != CN_AREA_NONE ? cn_area(reference->gazetteer, area)->code : NULL;
}

static CnQuestion
plain_question(const World *world, const CnCase *person, const CnNeed *need, CnOrigin *origin)
{
    cn_origin_init(origin, reference->gazetteer, &world->plain->speeds, person->area);
    return (CnQuestion){.listing = world->directory->listing,
                        .policy = world->plain,
                        .person = person,
                        .need = need,
                        .origin = person->area != CN_AREA_NONE ? origin : NULL,
                        .now_s = WORLD_NOW_S,
                        .today = cn_date_of(WORLD_NOW_S),
                        .at_min = cn_minute_of_week(WORLD_NOW_S),
                        .include_unconfirmed = world->include_unconfirmed,
                        .include_unknown_capacity = world->include_unknown};
}

#define WAY_RULES (CN_RULE_BIT(CN_RULE_NO_LINK) | CN_RULE_BIT(CN_RULE_TOO_FAR))

/* What a need without company pays there, or -1 where it may not go; `full` is not looked at. */
static gint64
cost_by_force(const World *world, const CnQuestion *question, guint offering, Seen *seen)
{
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN];
    const char *from = code_of(question->person->area);
    cn_candidate_init(&candidate, question, offering);
    const char *id = cn_listed_text(question->listing, candidate.offered->id);
    const CnRuleMask without =
        CN_RULE_BIT(CN_RULE_FULL) | (world->travels ? WAY_RULES : (CnRuleMask)0);
    if (cn_rules_first_broken(question, &candidate, CN_RULES_ALL & ~without) != CN_RULE_NONE)
        return -1;
    if (world->filters && hash_plugin_removes(&world->said, from, id)) {
        seen->removed++;
        return -1;
    }
    gint64 cost = cn_cost_lines(question, &candidate, TRUE, lines);
    if (world->travels && candidate.has_travel) {
        const double minutes = ceil(hash_plugin_minutes(&world->said, from, id));
        const gint32 most = question->person->max_travel_min;
        seen->no_way += isinf(minutes);
        if (most > 0 && minutes > most)
            return -1;
        cost += (isinf(minutes) ? world->plain->no_link_cost
                                : (gint64)minutes * world->plain->travel_cost_per_min) -
                lines[CN_COST_TRAVEL] - lines[CN_COST_NO_LINK];
    }
    return cost + (world->scores ? hash_plugin_cost(&world->said, from, id) : 0);
}

/* ---- The market. */

static CnLevels
compare_market(const World *world, Seen *seen)
{
    g_autoptr(CnPlugged) plugged = NULL;
    AssignOracle oracle = {
        .directory = world->directory, .policy = world->policy, .cases = world->cases};
    cn_market_options_init(&oracle.options);
    assert_true(cn_plug_cases(world->directory, world->policy, world->cases, &plugged, NULL));
    oracle.options.now_s = WORLD_NOW_S;
    oracle.options.include_unconfirmed = world->include_unconfirmed;
    oracle.options.include_unknown_capacity = world->include_unknown;
    oracle.options.plugged = plugged;
    assign_oracle_prepare(&oracle);
    g_autoptr(CnMarket) market =
        cn_market_new(world->directory, world->policy, world->cases, &oracle.options, NULL);
    assert_non_null(market);
    g_autoptr(CnMarketRows) rows = cn_market_rows_new(market);
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        const guint at = cn_market_person(market, need), k = cn_market_need_in_case(market, need);
        const CnCase *person = g_ptr_array_index(world->cases->cases, at);
        const CnNeed *asked = &g_array_index(person->needs, CnNeed, k);
        CnOrigin origin;
        const CnQuestion question = plain_question(world, person, asked, &origin);
        const guint len = cn_market_row_len(market, need);
        g_autofree gint64 *costs = g_new(gint64, (gsize)len + 1);
        assert_true(cn_market_row(rows, need, costs) || len == 0);
        for (guint i = 0; i < len; i++)
            if (costs[i] != CN_ROW_NEVER)
                assert_int_equal(
                    costs[i],
                    assign_oracle_cost(&oracle, at, k, cn_market_row_offerings(market, need)[i]));
        for (guint i = 0; i < world->directory->listing->offerings_len; i++) {
            const gint64 expected = assign_oracle_cost(&oracle, at, k, i);
            gint64 cost = -1;
            if (!cn_market_pair(market, need, i, &cost))
                cost = -1;
            assert_int_equal(cost, expected);
            if (person->siblings_group == NULL && asked->units == 1)
                assert_int_equal(cost, cost_by_force(world, &question, i, seen));
            seen->pairs++;
            seen->eligible += cost >= 0;
        }
    }
    const CnLevels expected = assign_oracle_solve(&oracle);
    for (CnCpuPath cpu = CN_CPU_SCALAR; cpu <= CN_CPU_AVX512; cpu++) {
        g_auto(CnAssignment) answer = {0};
        CnAssignOptions options;
        cn_assign_options_init(&options);
        options.cpu = cpu;
        assert_true(cn_assign(market, &options, &answer, NULL));
        assert_int_equal(cn_levels_compare(&answer.primal, &expected), 0);
        assert_int_equal(cn_levels_compare(&answer.bound, &expected), 0);
    }
    assign_oracle_clear(&oracle);
    return expected;
}

/* ---- Route. */

static gboolean
is_full(const CnQuestion *question, guint offering)
{
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, offering);
    return cn_rules_first_broken(question, &candidate, CN_RULE_BIT(CN_RULE_FULL)) != CN_RULE_NONE;
}

static void
compare_ranks(const World *world, const CnNeedRoute *route, gsize top, Seen *seen)
{
    const CnCase *person = g_ptr_array_index(world->cases->cases, route->person);
    const CnNeed *need = &g_array_index(person->needs, CnNeed, route->need);
    CnOrigin origin;
    Seen unseen = {0};
    const CnQuestion question = plain_question(world, person, need, &origin);
    guint better_than_last = 0, may = 0;
    gint64 former = -1;
    for (guint i = 0; i < route->ranked->len; i++) {
        const CnRanked *ranked = &g_array_index(route->ranked, CnRanked, i);
        assert_int_equal(ranked->cost, cost_by_force(world, &question, ranked->offering, &unseen));
        assert_true(ranked->cost >= former);
        former = ranked->cost;
    }
    for (guint i = 0; i < world->directory->listing->offerings_len; i++) {
        const gint64 cost = cost_by_force(world, &question, i, &unseen);
        if (cost < 0 || is_full(&question, i))
            continue;
        may++;
        better_than_last += cost < former;
    }
    assert_int_equal(route->free, may);
    assert_int_equal(route->ranked->len, top > 0 ? MIN(may, top) : may);
    assert_true(better_than_last < MAX(1, route->ranked->len));
    seen->ranked += route->ranked->len;
}

static void
compare_routes(const World *world, Seen *seen)
{
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = options.at_s = WORLD_NOW_S;
    options.include_unconfirmed = world->include_unconfirmed != FALSE;
    options.include_unknown_capacity = world->include_unknown != FALSE;
    for (options.top = 0; options.top <= 3; options.top += 3) {
        g_autoptr(carenet_routes) routes =
            carenet_route(world->directory, world->policy, world->cases, &options, NULL);
        assert_non_null(routes);
        for (guint i = 0; i < routes->needs->len; i++) {
            const CnNeedRoute *route = cn_routes_need(routes, i);
            const CnCase *person = cn_routes_case(routes, route);
            if (person->siblings_group == NULL && route->companions.victims_at->len == 0)
                compare_ranks(world, route, options.top, seen);
        }
        carenet_free(carenet_routes_to_json(routes));
        carenet_free(carenet_routes_explain(routes));
    }
}

/* ---- Plans. */

static void
assert_proven(const World *world, const carenet_plan *plan)
{
    g_autoptr(carenet_table) found =
        carenet_plan_check(plan, world->directory, world->policy, world->cases, NULL, NULL);
    assert_non_null(found);
    for (gsize row = 0; row < carenet_table_rows_len(found); row++)
        if (!carenet_table_get_bool(found, row, 1))
            fail_msg("%s: %s", carenet_table_get_text(found, row, 0),
                     carenet_table_get_text(found, row, 2));
}

/* Without the plug-ins, or with other ones, it is refused in words that name them. */
static void
assert_refused_without(const World *world, const carenet_plan *plan)
{
    g_autoptr(carenet_table) found =
        carenet_plan_check(plan, world->directory, world->plain, world->cases, NULL, NULL);
    const gsize last = carenet_table_rows_len(found) - 1;
    const char *name = world->travels || world->scores ? "roads-2026" : "night";
    assert_false(carenet_table_get_bool(found, last, 1));
    assert_string_equal(carenet_table_get_text(found, last, 0), "policy");
    assert_non_null(strstr(carenet_table_get_text(found, last, 2), name));
    GError *error = NULL;
    const CnCase *person = g_ptr_array_index(world->cases->cases, 0);
    assert_null(carenet_plan_explain(plan, world->directory, world->plain, world->cases,
                                     person->ref, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
    assert_non_null(strstr(carenet_error_get_message(error), name));
    carenet_error_free(error);
}

static void
assert_read_back(const World *world, const carenet_plan *plan)
{
    char *text = carenet_plan_to_json(plan);
    g_autoptr(carenet_plan) again = carenet_plan_parse(text, strlen(text), "plan", NULL);
    assert_non_null(again);
    char *other = carenet_plan_to_json(again);
    assert_string_equal(text, other);
    assert_proven(world, again);
    carenet_free(text);
    carenet_free(other);
}

static void
explain_all(const World *world, const carenet_plan *plan, Seen *seen)
{
    for (guint i = 0; i < world->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(world->cases->cases, i);
        g_autoptr(carenet_table) rows = carenet_plan_explain(plan, world->directory, world->policy,
                                                             world->cases, person->ref, NULL, NULL);
        assert_non_null(rows);
        seen->rows += (guint)carenet_table_rows_len(rows);
        char *text = carenet_plan_explain_text(plan, world->directory, world->policy, world->cases,
                                               person->ref, NULL);
        assert_non_null(text);
        carenet_free(text);
    }
}

static void
compare_plans(const World *world, const CnLevels *least, Seen *seen)
{
    carenet_batch_options options;
    g_autoptr(carenet_plan) plan = NULL;
    carenet_batch_options_init(&options);
    options.now_s = options.at_s = WORLD_NOW_S;
    options.include_unconfirmed = world->include_unconfirmed != FALSE;
    options.include_unknown_capacity = world->include_unknown != FALSE;
    options.threads = 2;
    assert_true(
        carenet_batch(world->directory, world->policy, world->cases, &options, &plan, NULL));
    const carenet_plan_value bound = carenet_plan_bound(plan);
    assert_int_equal(bound.emergency, least->unmet[CN_EMERGENCY]);
    assert_int_equal(bound.urgent, least->unmet[CN_URGENT]);
    assert_int_equal(bound.routine, least->unmet[CN_ROUTINE]);
    /* @least does not know what it costs to part siblings. */
    if (world->plain->siblings_apart == 0)
        assert_int_equal(bound.cost, least->cost);
    else
        assert_true(bound.cost >= least->cost);
    assert_proven(world, plan);
    assert_read_back(world, plan);
    assert_refused_without(world, plan);
    explain_all(world, plan, seen);
    g_autoptr(carenet_table) gaps =
        carenet_plan_gaps(plan, world->directory, world->policy, world->cases, NULL, NULL);
    assert_non_null(gaps);
    seen->placed += (guint)carenet_plan_assignments_len(plan);
    seen->unmet += (guint)carenet_plan_unmet_len(plan);
    seen->checks++;
}

/* ---- Once an origin. */

static void
count_origins(World *world, Seen *seen)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    guint offered = 0;
    for (guint i = 0; i < world->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(world->cases->cases, i);
        const char *code = code_of(person->area);
        g_hash_table_add(places, (gpointer)(code != NULL ? code : "nowhere"));
        for (guint k = 0; k < person->needs->len; k++)
            for (guint o = 0; o < world->directory->listing->offerings_len; o++)
                offered +=
                    cn_offering_meets(reference->taxonomy, &world->directory->listing->offerings[o],
                                      g_array_index(person->needs, CnNeed, k).service);
    }
    g_hash_table_remove_all(world->said.asked);
    g_autoptr(carenet_routes) routes =
        carenet_route(world->directory, world->policy, world->cases, NULL, NULL);
    assert_non_null(routes);
    if (!world->scores || offered == 0)
        return;
    GHashTableIter iter;
    gpointer key, value;
    assert_int_equal(g_hash_table_size(world->said.asked), g_hash_table_size(places));
    g_hash_table_iter_init(&iter, world->said.asked);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        assert_true(g_hash_table_contains(places, key));
        assert_int_equal(GPOINTER_TO_UINT(value), 1);
        seen->origins++;
    }
}

/* ---- Find. */

static gboolean
is_among(const carenet_table *rows, const char *offering)
{
    const size_t column = (size_t)carenet_table_column_index(rows, "offering");
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(carenet_table_get_text(rows, row, column), offering) == 0)
            return TRUE;
    return FALSE;
}

static double
way_by_force(const World *world, CnAreaId near, guint offering)
{
    const CnListing *listing = world->directory->listing;
    const CnListedProvider *provider = cn_listed_provider_of(listing, offering);
    CnOrigin origin;
    if (world->travels)
        return ceil(hash_plugin_minutes(&world->said, code_of(near),
                                        cn_listed_text(listing, listing->offerings[offering].id)));
    cn_origin_init(&origin, reference->gazetteer, &world->plain->speeds, near);
    const CnTravel travel =
        cn_origin_travel(&origin, provider->lat_deg, provider->lon_deg, provider->island);
    return travel.travel_min < 0 ? INFINITY : travel.travel_min;
}

static void
compare_find(const World *world, GRand *rand)
{
    const CnListing *listing = world->directory->listing;
    const CnAreaId near = world_area(rand, reference->gazetteer);
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.near = code_of(near);
    query.now_s = WORLD_NOW_S;
    query.policy = world->plain;
    g_autoptr(carenet_table) all = carenet_find(world->directory, &query, NULL);
    query.policy = world->policy;
    query.within_min = g_rand_int_range(rand, 1, 900);
    g_autoptr(carenet_table) rows = carenet_find(world->directory, &query, NULL);
    assert_non_null(rows);
    for (guint i = 0; i < listing->offerings_len; i++) {
        const char *id = cn_listed_text(listing, listing->offerings[i].id);
        const gboolean removed =
            world->filters && hash_plugin_removes(&world->said, code_of(near), id);
        const gboolean expected = is_among(all, id) && !removed &&
                                  !cn_listed_provider_of(listing, i)->remote &&
                                  way_by_force(world, near, i) <= query.within_min;
        assert_int_equal(is_among(rows, id), expected);
        g_autoptr(carenet_table) why = carenet_find_why_not(world->directory, &query, id, NULL);
        gboolean told = FALSE;
        for (gsize row = 0; row < carenet_table_rows_len(why); row++)
            told |= g_strcmp0(carenet_table_get_text(why, row, 4), "plug-in") == 0;
        assert_int_equal(told, removed);
    }
}

/* ---- All of it. */

static void
plugin_round(GRand *rand, gpointer data)
{
    Seen *seen = data;
    World world;
    make_world(rand, &world);
    const CnLevels least = compare_market(&world, seen);
    compare_routes(&world, seen);
    compare_plans(&world, &least, seen);
    count_origins(&world, seen);
    compare_find(&world, rand);
    seen->worlds++;
    clear_world(&world);
}

static void
does_as_brute_force_does(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, plugin_round, &seen);
    print_message(
        "%u worlds, %u pairs (%u eligible, %u removed, %u without a way), %u ranked, "
        "%u placed, %u unmet, %u plans proven, %u rows explained, %u origins asked once\n",
        seen.worlds, seen.pairs, seen.eligible, seen.removed, seen.no_way, seen.ranked, seen.placed,
        seen.unmet, seen.checks, seen.rows, seen.origins);
    if (g_getenv("CARENET_TEST_SEED") != NULL)
        return;
    assert_true(seen.eligible > ROUNDS && seen.removed > ROUNDS / 4 && seen.no_way > ROUNDS / 10);
    assert_true(seen.placed > ROUNDS && seen.unmet > ROUNDS && seen.origins > ROUNDS);
}

/* ---- What is no answer. */

typedef struct {
    const char *bad, *message;
} BadAnswer;

static void
assert_named(GError *error, const char *message)
{
    assert_non_null(error);
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
    assert_non_null(strstr(carenet_error_get_message(error), message));
    assert_non_null(strstr(carenet_error_get_message(error), "roads-2026"));
    assert_non_null(carenet_error_get_hint(error));
    carenet_error_free(error);
}

static void
refuse_everywhere(const World *world, const carenet_policy *bad, const char *message)
{
    const CnCase *person = g_ptr_array_index(world->cases->cases, 0);
    GError *error = NULL;
    carenet_plan *plan = NULL;
    carenet_find_query query;
    carenet_batch_options run;
    carenet_find_query_init(&query);
    query.policy = bad;
    query.near = "Cagayan de Oro";
    assert_null(carenet_find(world->directory, &query, &error));
    assert_named(g_steal_pointer(&error), message);
    assert_null(carenet_find_why_not(world->directory, &query, "ex-1", &error));
    assert_named(g_steal_pointer(&error), message);
    assert_null(carenet_route(world->directory, bad, world->cases, NULL, &error));
    assert_named(g_steal_pointer(&error), message);
    carenet_batch_options_init(&run);
    assert_false(carenet_batch(world->directory, bad, world->cases, &run, &plan, &error));
    assert_named(g_steal_pointer(&error), message);
    assert_null(plan);
    assert_true(carenet_batch(world->directory, world->policy, world->cases, &run, &plan, NULL));
    assert_null(carenet_plan_check(plan, world->directory, bad, world->cases, NULL, &error));
    assert_named(g_steal_pointer(&error), message);
    assert_null(
        carenet_plan_explain(plan, world->directory, bad, world->cases, person->ref, NULL, &error));
    assert_named(g_steal_pointer(&error), message);
    assert_null(carenet_plan_gaps(plan, world->directory, bad, world->cases, NULL, &error));
    assert_named(g_steal_pointer(&error), message);
    carenet_plan_unref(plan);
}

static carenet_policy *
plug_one(carenet_policy *policy, HashPlugin *said)
{
    carenet_plugin plugin;
    carenet_plugin_init(&plugin);
    plugin.name = "roads-2026";
    plugin.travel = hash_plugin_travel;
    plugin.score = hash_plugin_score;
    plugin.filter = hash_plugin_filter;
    plugin.user = said;
    carenet_policy *own = carenet_policy_with_plugins(policy, &plugin, 1, NULL);
    assert_non_null(own);
    return own;
}

static void
refuses_bad_answers(void **state)
{
    (void)state;
    static const BadAnswer answers[] = {
        {"negative travel", "below 0"},      {"nan travel", "not a number"},
        {"endless travel", "above 1000000"}, {"no travel", "has no travel from"},
        {"negative score", "below 0"},       {"huge score", "above 1000000"},
        {"no score", "has no score from"},   {"odd filter", "neither 0 nor 1"},
        {"no filter", "has no filter from"}};
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    World world;
    do {
        make_world(rand, &world);
        const CnCase *person = g_ptr_array_index(world.cases->cases, 0);
        const CnNeed *need = &g_array_index(person->needs, CnNeed, 0);
        guint near = 0;
        for (guint i = 0; i < world.directory->listing->offerings_len; i++)
            near += !cn_listed_provider_of(world.directory->listing, i)->remote &&
                    cn_offering_meets(reference->taxonomy, &world.directory->listing->offerings[i],
                                      need->service);
        if (person->area != CN_AREA_NONE && near > 0)
            break;
        clear_world(&world);
    } while (TRUE);
    carenet_policy_unref(world.policy);
    world.said.freed = 0;
    world.travels = world.scores = FALSE;
    world.policy = plug_one(world.plain, &world.said);
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        HashPlugin said;
        hash_plugin_init(&said, world.said.salt);
        said.bad = answers[i].bad;
        g_autoptr(carenet_policy) bad = plug_one(world.plain, &said);
        /* The plan is another one's, whose plug-ins have the same names. */
        refuse_everywhere(&world, bad, answers[i].message);
        assert_true(said.calls > 0);
        g_hash_table_unref(said.asked);
    }
    clear_world(&world);
    print_message("%u bad answers refused in 7 calls each, by name\n",
                  (guint)G_N_ELEMENTS(answers));
}

static void
a_filter_takes_nothing_back(void **state)
{
    (void)state;
    g_autoptr(carenet_directory) directory = carenet_directory_demonstration(reference, NULL);
    g_autoptr(carenet_policy) plain = carenet_policy_load(reference, NULL, NULL, NULL);
    carenet_plugin plugins[2];
    carenet_find_query query;
    GError *error = NULL;
    carenet_plugin_init(&plugins[0]);
    carenet_plugin_init(&plugins[1]);
    plugins[0].name = "all";
    plugins[0].filter = remove_all;
    plugins[1].name = "roads-2026";
    plugins[1].filter = take_back;
    g_autoptr(carenet_policy) both = carenet_policy_with_plugins(plain, plugins, 2, NULL);
    carenet_find_query_init(&query);
    query.policy = both;
    assert_null(carenet_find(directory, &query, &error));
    assert_named(error, "takes back");
    g_autoptr(carenet_policy) one = carenet_policy_with_plugins(plain, plugins, 1, NULL);
    query.policy = one;
    g_autoptr(carenet_table) nobody = carenet_find(directory, &query, NULL);
    assert_int_equal(carenet_table_rows_len(nobody), 0);
    gboolean told = FALSE;
    for (gsize i = 0; i < carenet_table_warnings_len(nobody); i++)
        told |= strstr(carenet_table_warning(nobody, i), "a plug-in of the policy") != NULL;
    assert_true(told);
}

/* ---- What is no plug-in. */

static void
assert_no_plugin(carenet_policy *policy, const carenet_plugin *plugins, gsize len, const char *why)
{
    GError *error = NULL;
    assert_null(carenet_policy_with_plugins(policy, plugins, len, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    if (why != NULL)
        assert_non_null(strstr(carenet_error_get_message(error), why));
    carenet_error_free(error);
}

static void
refuses_what_is_no_plugin(void **state)
{
    (void)state;
    static const char *const names[] = {NULL,
                                        "",
                                        "9a",
                                        "-a",
                                        "Ab",
                                        "a b",
                                        "a+b",
                                        "\xC3\xA1",
                                        "a234567890123456789012345678901234567890123456789012345678"
                                        "9012345"};
    g_autoptr(carenet_policy) plain = carenet_policy_load(reference, NULL, NULL, NULL);
    carenet_plugin plugins[CARENET_PLUGINS_MOST + 1];
    HashPlugin said;
    hash_plugin_init(&said, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(plugins); i++) {
        static const char *const own[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
        carenet_plugin_init(&plugins[i]);
        plugins[i].name = own[i];
        plugins[i].score = hash_plugin_score;
        plugins[i].user = &said;
        plugins[i].destroy = hash_plugin_ended;
    }
    assert_no_plugin(NULL, plugins, 1, NULL);
    assert_no_plugin(plain, NULL, 1, NULL);
    assert_no_plugin(plain, plugins, 0, NULL);
    assert_no_plugin(plain, plugins, G_N_ELEMENTS(plugins), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        plugins[0].name = names[i];
        assert_no_plugin(plain, plugins, 1, "a name is");
    }
    plugins[0].name = "travel";
    assert_no_plugin(plain, plugins, 1, "has that name");
    plugins[0].name = "b";
    assert_no_plugin(plain, plugins, 2, "has that name");
    plugins[0].name = "a";
    plugins[0].score = NULL;
    assert_no_plugin(plain, plugins, 1, "neither");
    plugins[0].travel = plugins[1].travel = hash_plugin_travel;
    assert_no_plugin(plain, plugins, 2, "travel already");
    plugins[0].size--;
    assert_no_plugin(plain, plugins, 1, NULL);
    assert_int_equal(said.freed, 0);
    carenet_plugin_init(NULL);
    assert_int_equal(carenet_policy_plugins_len(NULL), 0);
    assert_int_equal(carenet_policy_plugins_len(plain), 0);
    assert_null(carenet_policy_plugin_name(plain, 0));
    g_hash_table_unref(said.asked);
}

static void
a_policy_with_plugins_is_another_policy(void **state)
{
    (void)state;
    g_autoptr(carenet_policy) plain = carenet_policy_load(reference, NULL, NULL, NULL);
    HashPlugin said;
    hash_plugin_init(&said, 1);
    carenet_policy *first = hash_plugin_add(plain, &said, TRUE, FALSE, TRUE);
    carenet_policy *same = hash_plugin_add(plain, &said, TRUE, FALSE, TRUE);
    carenet_policy *other = hash_plugin_add(plain, &said, FALSE, TRUE, TRUE);
    assert_string_equal(carenet_policy_id(first), "ph-default+roads-2026+night");
    assert_int_equal(carenet_policy_plugins_len(first), 2);
    assert_string_equal(carenet_policy_plugin_name(first, 1), "night");
    assert_null(carenet_policy_plugin_name(first, 2));
    assert_string_equal(cn_policy_digest(first), cn_policy_digest(same));
    assert_string_not_equal(cn_policy_digest(first), cn_policy_digest(plain));
    assert_string_not_equal(cn_policy_digest(first), cn_policy_digest(other));
    carenet_plugin more;
    carenet_plugin_init(&more);
    more.name = "more";
    more.filter = hash_plugin_filter;
    assert_no_plugin(first, &more, 1, "has plug-ins already");
    carenet_policy_unref(carenet_policy_ref(first));
    assert_int_equal(said.freed, 0);
    carenet_policy_unref(first);
    carenet_policy_unref(same);
    carenet_policy_unref(other);
    assert_int_equal(said.freed, 3);
    g_hash_table_unref(said.asked);
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
        cmocka_unit_test_teardown(does_as_brute_force_does, world_print_seed),
        cmocka_unit_test(refuses_bad_answers),
        cmocka_unit_test(a_filter_takes_nothing_back),
        cmocka_unit_test(refuses_what_is_no_plugin),
        cmocka_unit_test(a_policy_with_plugins_is_another_policy),
    };
    return cmocka_run_group_tests_name("plugin", tests, open_reference, close_reference);
}
