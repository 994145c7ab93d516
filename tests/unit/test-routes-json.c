/* The answer of route as other programs read it: keys, types and sums of the JSON, and that the
 * tables and the sentences say the same. */
#include "../support/random-world.h"
#include "../support/small-world.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 100

static CnReference *reference;

static json_t *
parse(const carenet_routes *routes)
{
    json_error_t error;
    g_autofree char *text = carenet_routes_to_json(routes);
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        print_error("%s at %d in %s\n", error.text, error.position, text);
    assert_non_null(document);
    return document;
}

/* "key:types" where types are of s(tring) i(nteger) b(oolean) a(rray) o(bject) n(ull). */
static void
check_keys(const json_t *object, const char *const *keys)
{
    static const char letters[] = {
        [JSON_OBJECT] = 'o', [JSON_ARRAY] = 'a', [JSON_STRING] = 's', [JSON_INTEGER] = 'i',
        [JSON_REAL] = 'r',   [JSON_TRUE] = 'b',  [JSON_FALSE] = 'b',  [JSON_NULL] = 'n'};
    assert_true(json_is_object(object));
    for (; *keys != NULL; keys++) {
        g_auto(GStrv) parts = g_strsplit(*keys, ":", 2);
        const json_t *value = json_object_get(object, parts[0]);
        if (value == NULL || strchr(parts[1], letters[json_typeof(value)]) == NULL)
            print_error("key %s\n", *keys);
        assert_non_null(value);
        assert_non_null(strchr(parts[1], letters[json_typeof(value)]));
    }
}

static void
check_ranked(const json_t *ranked, size_t at)
{
    static const char *const keys[] = {
        "rank:i",         "provider:s", "offering:s",    "service:s",
        "cost:i",         "lines:a",    "travel_min:in", "travel_band:sn",
        "wait_days:in",   "free:in",    "notes:a",       "name:s",
        "availability:s", NULL};
    static const char *const line_keys[] = {"name:s", "value:i", NULL};
    const json_t *line;
    json_int_t sum = 0;
    size_t i;
    check_keys(ranked, keys);
    assert_int_equal(json_integer_value(json_object_get(ranked, "rank")), at + 1);
    json_array_foreach(json_object_get(ranked, "lines"), i, line)
    {
        check_keys(line, line_keys);
        assert_int_equal(json_object_size(line), 2);
        assert_true(json_integer_value(json_object_get(line, "value")) > 0);
        sum += json_integer_value(json_object_get(line, "value"));
    }
    assert_int_equal(json_integer_value(json_object_get(ranked, "cost")), sum);
}

static void
check_unmet(const json_t *need)
{
    static const char *const keys[] = {"reason:s", "detail:s", "change:a", "advice:sn", NULL};
    static const char *const change_keys[] = {"kind:s",  "offering:s", "field:s",
                                              "from:sn", "to:sn",      NULL};
    const json_t *unmet = json_object_get(need, "unmet"), *change;
    const json_t *funnel = json_object_get(need, "funnel");
    size_t i;
    gboolean met = json_integer_value(json_object_get(funnel, "free")) > 0;
    assert_int_equal(json_is_null(unmet), met);
    assert_int_equal(json_array_size(json_object_get(need, "ranked")) > 0, met);
    if (met)
        return;
    check_keys(unmet, keys);
    json_array_foreach(json_object_get(unmet, "change"), i, change) check_keys(change, change_keys);
}

static void
check_need(const json_t *need, size_t number)
{
    static const char *const keys[] = {"need:i",   "service:s", "urgency:s", "ranked:a",
                                       "funnel:o", "refused:a", "unmet:on",  NULL};
    static const char *const funnel_keys[] = {"offered:i", "eligible:i", "reachable:i", "free:i",
                                              NULL};
    static const char *const refused_keys[] = {"provider:s", "offering:s", "reason:s", "detail:s",
                                               NULL};
    const json_t *item;
    size_t i;
    check_keys(need, keys);
    assert_int_equal(json_integer_value(json_object_get(need, "need")), number + 1);
    const json_t *funnel = json_object_get(need, "funnel");
    check_keys(funnel, funnel_keys);
    json_int_t offered = json_integer_value(json_object_get(funnel, "offered"));
    json_int_t eligible = json_integer_value(json_object_get(funnel, "eligible"));
    json_int_t reachable = json_integer_value(json_object_get(funnel, "reachable"));
    json_int_t free_ = json_integer_value(json_object_get(funnel, "free"));
    assert_true(offered >= eligible && eligible >= reachable && reachable >= free_ && free_ >= 0);
    json_array_foreach(json_object_get(need, "ranked"), i, item) check_ranked(item, i);
    json_array_foreach(json_object_get(need, "refused"), i, item) check_keys(item, refused_keys);
    assert_int_equal(json_array_size(json_object_get(need, "ranked")) +
                         json_array_size(json_object_get(need, "refused")),
                     offered);
    check_unmet(need);
}

static void
check_document(const carenet_routes *routes, const carenet_cases *cases)
{
    static const char *const keys[] = {"schema:s", "directory:o", "cases:a", "policy:s", NULL};
    static const char *const directory_keys[] = {"digest:s", "revision:i", NULL};
    static const char *const case_keys[] = {"ref:s", "needs:a", NULL};
    json_t *document = parse(routes);
    const json_t *one, *need;
    size_t i, k;
    check_keys(document, keys);
    check_keys(json_object_get(document, "directory"), directory_keys);
    assert_string_equal(json_string_value(json_object_get(document, "schema")), "carenet.route/1");
    assert_int_equal(json_array_size(json_object_get(document, "cases")), cases->cases->len);
    json_array_foreach(json_object_get(document, "cases"), i, one)
    {
        const CnCase *person = cases->cases->pdata[i];
        check_keys(one, case_keys);
        assert_string_equal(json_string_value(json_object_get(one, "ref")), person->ref);
        assert_int_equal(json_array_size(json_object_get(one, "needs")), person->needs->len);
        json_array_foreach(json_object_get(one, "needs"), k, need) check_need(need, k);
    }
    json_decref(document);
}

static void
contract_round(GRand *rand, gpointer data)
{
    (void)data;
    g_autoptr(CnNetwork) network = world_network(rand, reference, 30);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 7);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 4);
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.top = 0;
    g_autoptr(carenet_routes) routes = carenet_route(directory, policy, cases, &options, NULL);
    check_document(routes, cases);
    /* Same arguments, same bytes. */
    g_autoptr(carenet_routes) again = carenet_route(directory, policy, cases, &options, NULL);
    g_autofree char *a = carenet_routes_to_json(routes), *b = carenet_routes_to_json(again);
    g_autofree char *x = carenet_routes_explain(routes), *y = carenet_routes_explain(again);
    assert_string_equal(a, b);
    assert_string_equal(x, y);
}

static void
json_keeps_its_contract(void **state)
{
    (void)state;
    world_rounds(ROUNDS, contract_round, NULL);
}

/* A restricted provider: a band and a word instead of numbers. */
static void
restricted_numbers_are_withheld(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    small_world_route(world);
    json_t *document = parse(world->routes);
    const json_t *needs =
        json_object_get(json_array_get(json_object_get(document, "cases"), 0), "needs");
    const json_t *open = json_array_get(json_object_get(json_array_get(needs, 0), "ranked"), 0);
    const json_t *shelter = json_array_get(json_object_get(json_array_get(needs, 1), "ranked"), 0);
    assert_int_equal(json_integer_value(json_object_get(open, "free")), 2);
    assert_int_equal(json_integer_value(json_object_get(open, "travel_min")), 0);
    assert_true(json_is_null(json_object_get(shelter, "free")));
    assert_true(json_is_null(json_object_get(shelter, "travel_min")));
    assert_true(json_is_string(json_object_get(shelter, "travel_band")));
    assert_string_equal(json_string_value(json_object_get(shelter, "availability")), "yes");
    assert_string_equal(json_string_value(json_object_get(shelter, "name")),
                        "EXAMPLE Restricted Shelter");
    json_decref(document);
}

static void
sentences_tell_the_choice(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    small_world_route(world);
    g_autofree char *text = carenet_routes_explain(world->routes);
    assert_non_null(strstr(text, "Why ex-open for trauma-therapy: wait 24 + new-provider 5 = 29 "
                                 "(policy ph-default)"));
    assert_non_null(strstr(text, "1 offered -> 1 eligible -> 1 reachable -> 1 free -> chosen"));
    assert_non_null(strstr(text, "Contact: intake desk, (088) 850-0000"));
    assert_non_null(strstr(text, "Contact: EXAMPLE Open Desk (intake desk), (088) 850-0000"));
    assert_non_null(strstr(text, "location withheld"));
    assert_null(strstr(text, "Secret"));
    assert_null(strstr(text, "Case C-1"));
}

static void
sentences_tell_why_nobody_can(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    small_world_add_case(world, "C-2");
    world->open->status = CN_PAUSED;
    world->bed->eligibility.sex = CN_SEX_MALE;
    small_world_route(world);
    g_autofree char *text = carenet_routes_explain(world->routes);
    assert_non_null(strstr(text, "Case C-1\n"));
    assert_non_null(strstr(text, "Case C-2\n"));
    assert_non_null(strstr(text, "Nobody can take trauma-therapy, first binding reason paused"));
    assert_non_null(strstr(
        text, "Smallest change: ex-open/trauma-therapy: reopen (status from paused to active)"));
    assert_non_null(strstr(text, "Nobody can take emergency-shelter, first binding reason sex"));
    assert_non_null(strstr(text, "No change to an offering alone would place it"));
    assert_int_equal(carenet_routes_unmet_len(world->routes), 4);
    assert_int_equal(carenet_routes_needs_len(world->routes), 4);
}

static void
what_nobody_offers_is_said(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->needs_therapy->service = small_world_service(world, "vocational-training");
    world->options.why_not = "ex-open";
    small_world_route(world);
    json_t *document = parse(world->routes);
    const json_t *need = json_array_get(
        json_object_get(json_array_get(json_object_get(document, "cases"), 0), "needs"), 0);
    const json_t *unmet = json_object_get(need, "unmet");
    assert_string_equal(json_string_value(json_object_get(unmet, "reason")), "not-offered");
    assert_string_equal(json_string_value(json_object_get(unmet, "detail")),
                        "nobody in the directory offers vocational-training");
    assert_int_equal(json_array_size(json_object_get(unmet, "change")), 0);
    /* Asked about by name: it is told even though it was never offered. */
    const json_t *refused = json_array_get(json_object_get(need, "refused"), 0);
    assert_string_equal(json_string_value(json_object_get(refused, "offering")),
                        "ex-open/trauma-therapy");
    assert_string_equal(json_string_value(json_object_get(refused, "reason")), "not-offered");
    json_decref(document);
}

static void
nothing_is_asked_of_nothing(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    g_autoptr(GError) error = NULL;
    small_world_route(world);
    assert_null(carenet_routes_to_json(NULL));
    g_autofree char *text = carenet_routes_explain(NULL);
    assert_string_equal(text, "");
    assert_null(carenet_routes_table(world->routes, (carenet_routes_part)99));
    assert_null(carenet_routes_table(NULL, CARENET_ROUTES_NEEDS));
    assert_int_equal(carenet_routes_needs_len(NULL), 0);
    assert_int_equal(carenet_routes_unmet_len(NULL), 0);
    carenet_routes_unref(carenet_routes_ref(world->routes));
    assert_null(carenet_routes_ref(NULL));
    carenet_routes_unref(NULL);
    assert_null(carenet_route(NULL, world->policy, world->cases, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    world->options.size = 1;
    assert_null(
        carenet_route(world->directory, world->policy, world->cases, &world->options, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    world->options.size = sizeof world->options;
    world->options.why_not = "ex-opem";
    assert_null(
        carenet_route(world->directory, world->policy, world->cases, &world->options, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    assert_non_null(strstr(carenet_error_get_hint(error), "ex-open"));
    /* Without options: the defaults, and the clock of the machine. */
    g_autoptr(carenet_routes) routes =
        carenet_route(world->directory, world->policy, world->cases, NULL, NULL);
    assert_int_equal(carenet_routes_needs_len(routes), 2);
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
        cmocka_unit_test_teardown(json_keeps_its_contract, world_print_seed),
        cmocka_unit_test(restricted_numbers_are_withheld),
        cmocka_unit_test(sentences_tell_the_choice),
        cmocka_unit_test(sentences_tell_why_nobody_can),
        cmocka_unit_test(what_nobody_offers_is_said),
        cmocka_unit_test(nothing_is_asked_of_nothing),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
