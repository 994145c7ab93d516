/* The fewest changes: what they say, that they place the need at that very offering, that no fewer
 * would do anywhere, and what they never touch. */
#include "../support/random-world.h"
#include "../support/route-oracle.h"
#include "../support/small-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 400
/* Subsets are tried up to so many edits of one offering. */
#define EDITS_MOST 6

static CnReference *reference;

/* ---- What a change says. */

typedef void (*Spoil)(SmallWorld *world);

static void
pause_it(SmallWorld *world)
{
    world->open->status = CN_PAUSED;
}

static void
nobody_confirmed(SmallWorld *world)
{
    world->open->verified_on = CN_DATE_NONE;
}

static void
lapsed(SmallWorld *world)
{
    world->shelter->accreditation_expires = small_world_day(-1);
}

static void
never_accredited(SmallWorld *world)
{
    world->shelter->accreditation_expires = CN_DATE_NONE;
}

static void
untrained(SmallWorld *world)
{
    g_array_set_size(world->open->capabilities, 0);
}

static void
asks_for_papers(SmallWorld *world)
{
    cn_term_set_add(&world->therapy->eligibility.documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "police-report"));
    cn_term_set_add(&world->therapy->eligibility.documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "court-order"));
    cn_term_set_add(&world->person->documents,
                    small_world_term(world, CARENET_TERMS_DOCUMENTS, "court-order"));
}

static void
needs_a_ramp(SmallWorld *world)
{
    cn_term_set_add(&world->open->access,
                    small_world_term(world, CARENET_TERMS_ACCESS, "quiet-room"));
    cn_term_set_add(&world->person->access,
                    small_world_term(world, CARENET_TERMS_ACCESS, "wheelchair"));
}

static void
serves_another_town(SmallWorld *world)
{
    CnAreaId area = small_world_area(world, "Iligan");
    g_array_append_val(world->open->serves, area);
}

static void
closed_at_that_hour(SmallWorld *world)
{
    world->needs_therapy->urgency = CN_EMERGENCY;
    world->therapy->intake_hours = "Sa 08:00-12:00";
}

static void
waits_too_long(SmallWorld *world)
{
    world->needs_therapy->before = small_world_day(1);
}

static void
day_is_over(SmallWorld *world)
{
    world->needs_therapy->before = small_world_day(-1);
}

static void
all_taken(SmallWorld *world)
{
    world->therapy->capacity.occupied = 3;
}

static void
beds_lost(SmallWorld *world)
{
    world->therapy->capacity.occupied = 5;
}

static void
one_too_few(SmallWorld *world)
{
    world->needs_therapy->units = 3;
}

static void
nobody_reported(SmallWorld *world)
{
    world->therapy->capacity = cn_offering_blank().capacity;
}

static void
nobody_reported_but_held(SmallWorld *world)
{
    nobody_reported(world);
    world->therapy->capacity.held = 2;
}

static void
shelter_full(SmallWorld *world)
{
    world->bed->capacity.occupied = 5;
}

static void
shelter_overfull(SmallWorld *world)
{
    world->bed->capacity.occupied = 9;
}

static void
shelter_unreported(SmallWorld *world)
{
    world->bed->capacity = cn_offering_blank().capacity;
    world->bed->capacity.held = 2;
}

static void
too_old(SmallWorld *world)
{
    world->therapy->eligibility.age_max = 10;
}

static void
wrong_sex(SmallWorld *world)
{
    world->therapy->eligibility.sex = CN_SEX_MALE;
}

static void
no_consent(SmallWorld *world)
{
    world->person->consent = CN_CONSENT_NONE;
}

static void
to_be_avoided(SmallWorld *world)
{
    g_ptr_array_add(world->person->avoid.providers, g_strdup("ex-open"));
}

static const struct {
    guint need;
    Spoil spoil;
    const char *changes; /* kind field from>to, joined by "; " */
} table[] = {
    {0, pause_it, "reopen status paused>active"},
    {0, nobody_confirmed, "confirm verified.on ->2026-11-16"},
    {1, lapsed, "renew-accreditation accreditation.expires 2026-11-15>2026-11-16"},
    {1, never_accredited, "renew-accreditation accreditation.expires ->2026-11-16"},
    {0, untrained, "train capabilities ->trauma-informed-care"},
    {0, asks_for_papers,
     "waive-documents eligibility.documents police-report;court-order>court-order"},
    {0, needs_a_ramp, "provide-access access quiet-room>wheelchair;quiet-room"},
    {0, serves_another_town, "serve-area serves 1030900000>1030900000;1030500000"},
    {0, closed_at_that_hour, "open-intake intake.hours Sa 08:00-12:00>24/7"},
    {0, waits_too_long, "shorten-wait capacity.wait_days 2>1"},
    {0, day_is_over, ""},
    {0, all_taken, "add-places capacity.total 3>4"},
    {0, beds_lost, "add-places capacity.total 3>6"},
    {0, one_too_few, "add-places capacity.total 3>4"},
    {0, nobody_reported, "report-places capacity.total ->1"},
    {0, nobody_reported_but_held, "report-places capacity.total ->3"},
    /* What a restricted place has is not told: not how many are there, nor how many are missing. */
    {1, shelter_full, "add-places capacity.total ->+1"},
    {1, shelter_overfull, "add-places capacity.total ->+1"},
    {1, shelter_unreported, "report-places capacity.total ->1"},
    {0, too_old, ""},
    {0, wrong_sex, ""},
    {0, no_consent, ""},
    {0, to_be_avoided, ""},
};

static char *
describe(const SmallWorld *world, const CnNeedRoute *route)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const CnListing *listing = world->directory->listing;
    for (guint i = 0; i < route->changes->len; i++) {
        const CnChange *change = &g_array_index(route->changes, CnChange, i);
        g_autofree char *from = cn_change_from(change, listing);
        g_autofree char *to = cn_change_to(change, listing);
        g_string_append_printf(text, "%s%s %s %s>%s", i > 0 ? "; " : "", cn_change_kind(change),
                               cn_change_field(change), from != NULL ? from : "-",
                               to != NULL ? to : "-");
    }
    return g_strdup(text->str);
}

static void
changes_say_what_to_do(void **state)
{
    (void)state;
    for (gsize row = 0; row < G_N_ELEMENTS(table); row++) {
        g_autoptr(SmallWorld) world = small_world_new(reference);
        table[row].spoil(world);
        small_world_route(world);
        const CnNeedRoute *route = cn_routes_need(world->routes, table[row].need);
        g_autofree char *said = describe(world, route);
        assert_int_equal(route->free, 0);
        assert_string_equal(said, table[row].changes);
        if (route->changes->len == 0)
            continue;
        /* What is proposed is enough. */
        g_autoptr(carenet_directory) changed = cn_directory_with(
            world->directory, &g_array_index(route->changes, CnChange, 0), route->changes->len);
        g_autoptr(carenet_routes) again =
            carenet_route(changed, world->policy, world->cases, &world->options, NULL);
        assert_int_equal(cn_routes_need(again, table[row].need)->free, 1);
        /* The directory that was asked stays as it is. */
        g_autoptr(carenet_routes) before =
            carenet_route(world->directory, world->policy, world->cases, &world->options, NULL);
        assert_int_equal(cn_routes_need(before, table[row].need)->free, 0);
    }
}

static void
several_changes_keep_their_order(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    all_taken(world);
    pause_it(world);
    untrained(world);
    small_world_route(world);
    g_autofree char *said = describe(world, cn_routes_need(world->routes, 0));
    assert_string_equal(said, "reopen status paused>active; train capabilities "
                              "->trauma-informed-care; add-places capacity.total 3>4");
}

/* Two siblings of two towns go to a place that serves neither: who makes the second edit keeps the first. */
static void
areas_are_added_one_after_the_other(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    world->person->siblings_group = g_strdup("s");
    world->person->siblings = CN_SIBLINGS_REQUIRE;
    small_world_add_case(world, "C-2")->area = small_world_area(world, "Malaybalay");
    g_array_set_size(world->open->serves, 0);
    serves_another_town(world);
    small_world_route(world);
    g_autofree char *said = describe(world, cn_routes_need(world->routes, 0));
    assert_string_equal(said,
                        "serve-area serves 1030900000>1030900000;1030500000; serve-area serves "
                        "1030900000;1030500000>1030900000;1030500000;1001312000");
}

/* ---- That they place the need there, and that no fewer would. */

typedef struct {
    guint placed, edits, none, subsets;
} Seen;

typedef struct {
    CnDirectory *directory;
    const CnPolicy *policy;
    const carenet_cases *cases;
    carenet_route_options options;
} Setting;

/* Whether the need of the only case is placed at @offering once the edits are made. */
static gboolean
is_placed(const Setting *setting, guint need, guint offering, const CnChange *edits, guint len)
{
    g_autoptr(carenet_directory) changed = cn_directory_with(setting->directory, edits, len);
    g_autoptr(carenet_routes) routes =
        carenet_route(changed, setting->policy, setting->cases, &setting->options, NULL);
    const CnNeedRoute *route = cn_routes_need(routes, need);
    for (guint i = 0; i < route->ranked->len; i++)
        if (g_array_index(route->ranked, CnRanked, i).offering == offering)
            return TRUE;
    return FALSE;
}

/* What a what-if must leave alone: who is taken, where it is, and whether it may be known. */
static void
compare_untouched(const CnListing *before, const CnListing *after)
{
    assert_int_equal(before->offerings_len, after->offerings_len);
    for (guint i = 0; i < before->offerings_len; i++) {
        CnEligibility x = before->offerings[i].eligibility, y = after->offerings[i].eligibility;
        assert_int_equal(x.age_min, y.age_min);
        assert_int_equal(x.age_max, y.age_max);
        assert_int_equal(x.sex, y.sex);
        assert_memory_equal(&x.groups, &y.groups, sizeof x.groups);
        assert_memory_equal(&x.not_for, &y.not_for, sizeof x.not_for);
        assert_int_equal(before->offerings[i].service, after->offerings[i].service);
        assert_int_equal(before->offerings[i].all_below, after->offerings[i].all_below);
    }
    for (guint i = 0; i < before->providers_len; i++) {
        const CnListedProvider *x = &before->providers[i], *y = &after->providers[i];
        assert_int_equal(x->area, y->area);
        assert_true(x->lat_deg == y->lat_deg && x->lon_deg == y->lon_deg);
        assert_int_equal(x->remote, y->remote);
        assert_int_equal(x->restricted, y->restricted);
        assert_int_equal(x->disclosure, y->disclosure);
        assert_ptr_equal(x->organization, y->organization);
        if (x->status != y->status)
            assert_true(x->status == CN_PAUSED && y->status == CN_ACTIVE);
    }
}

/* Fewest edits that would mend an offering by the brute force: one for each broken rule, and for
 * courses one each. G_MAXUINT where a rule is nobody's to mend. */
static guint
count_edits(const Setting *setting, const CnNeed *need, const OracleOffer *offer)
{
    const CnTaxonomy *taxonomy = reference->taxonomy;
    CnServiceId given = cn_service_contains(taxonomy, offer->offering->service, need->service)
                            ? need->service
                            : offer->offering->service;
    CnTermSet missing = {{0, 0}};
    guint edits = 0;
    for (guint rule = 0; rule < ORACLE_REASONS; rule++) {
        if (!offer->broken[rule])
            continue;
        if (!oracle_is_editable(rule))
            return G_MAXUINT;
        if (strcmp(oracle_reason(rule), "too-late") == 0 &&
            cn_date_last_s(need->before) < WORLD_NOW_S)
            return G_MAXUINT;
        edits += strcmp(oracle_reason(rule), "capability") != 0;
    }
    for (guint i = 0; i < setting->policy->capabilities->len; i++) {
        CnCapabilityRule rule = g_array_index(setting->policy->capabilities, CnCapabilityRule, i);
        gboolean had = FALSE;
        for (guint k = 0; k < offer->provider->capabilities->len; k++) {
            CnCapability course = g_array_index(offer->provider->capabilities, CnCapability, k);
            had |= course.course == rule.course && course.staff != 0 &&
                   cn_date_first_s(course.on) <= WORLD_NOW_S &&
                   cn_date_last_s(course.expires) >= WORLD_NOW_S;
        }
        if (rule.required && !had && cn_service_contains(taxonomy, rule.service, given))
            cn_term_set_add(&missing, rule.course);
    }
    for (gint course = 0; course < CN_TERMS_MOST; course++)
        edits += cn_term_set_has(missing, course) ? 1 : 0;
    return edits;
}

/* No part of the proposed edits is enough. */
static void
try_subsets(const Setting *setting, guint need, const GArray *changes, Seen *seen)
{
    if (changes->len > EDITS_MOST)
        return;
    guint offering = g_array_index(changes, CnChange, 0).offering;
    for (guint mask = 0; mask + 1 < 1U << changes->len; mask++) {
        CnChange part[EDITS_MOST];
        guint len = 0;
        for (guint i = 0; i < changes->len; i++)
            if ((mask >> i & 1) != 0)
                part[len++] = g_array_index(changes, CnChange, i);
        assert_false(is_placed(setting, need, offering, part, len));
        seen->subsets++;
    }
}

static void
check_unmet(const Setting *setting,
            const CnNeedRoute *route,
            const CnNeed *need,
            const OracleAnswer *answer,
            Seen *seen)
{
    const GArray *changes = route->changes;
    guint fewest = G_MAXUINT;
    for (guint i = 0; i < answer->offers->len; i++) {
        const OracleOffer *offer = &g_array_index(answer->offers, OracleOffer, i);
        if (!offer->broken[0])
            fewest = MIN(fewest, count_edits(setting, need, offer));
    }
    assert_int_equal(fewest == G_MAXUINT, changes->len == 0);
    if (changes->len == 0) {
        seen->none++;
        return;
    }
    guint offering = g_array_index(changes, CnChange, 0).offering;
    assert_int_equal(changes->len, fewest);
    for (guint i = 0; i < changes->len; i++) {
        const CnChange *change = &g_array_index(changes, CnChange, i);
        assert_int_equal(change->offering, offering);
        assert_true(cn_rule_is_editable(change->mends));
    }
    const CnChange *edits = &g_array_index(changes, CnChange, 0);
    assert_true(is_placed(setting, route->need, offering, edits, changes->len));
    try_subsets(setting, route->need, changes, seen);
    g_autoptr(carenet_directory) changed =
        cn_directory_with(setting->directory, edits, changes->len);
    compare_untouched(setting->directory->listing, changed->listing);
    seen->placed++;
    seen->edits += changes->len;
}

static void
change_round(GRand *rand, gpointer data)
{
    g_autoptr(CnNetwork) network = world_network(rand, reference, 8);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, 1);
    Setting setting = {.directory = directory, .policy = policy, .cases = cases};
    carenet_route_options_init(&setting.options);
    setting.options.top = 0;
    setting.options.now_s = WORLD_NOW_S;
    OracleWorld world = {.network = network,
                         .reference = reference,
                         .policy = policy,
                         .cases = cases->cases,
                         .now_s = WORLD_NOW_S,
                         .at_s = WORLD_NOW_S};
    g_autoptr(carenet_routes) routes =
        carenet_route(directory, policy, cases, &setting.options, NULL);
    g_autoptr(GPtrArray) answers = oracle_route(&world);
    const CnCase *person = cases->cases->pdata[0];
    for (guint i = 0; i < answers->len; i++) {
        const CnNeedRoute *route = cn_routes_need(routes, i);
        const CnNeed *need = &g_array_index(person->needs, CnNeed, i);
        if (route->free == 0)
            check_unmet(&setting, route, need, answers->pdata[i], data);
        else
            assert_int_equal(route->changes->len, 0);
    }
}

static void
changes_are_enough_and_the_fewest(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(ROUNDS, change_round, &seen);
    print_message("%u placed by %u edits, %u parts tried, %u nobody's to mend\n", seen.placed,
                  seen.edits, seen.subsets, seen.none);
    if (g_getenv("CARENET_TEST_SEED") != NULL)
        return;
    assert_true(seen.placed > ROUNDS / 4);
    assert_true(seen.edits > seen.placed);
    assert_true(seen.none > ROUNDS / 4);
}

/* ---- A what-if is a directory of its own. */

static void
a_what_if_outlives_what_it_was_made_from(void **state)
{
    (void)state;
    g_autoptr(SmallWorld) world = small_world_new(reference);
    pause_it(world);
    small_world_route(world);
    const GArray *changes = cn_routes_need(world->routes, 0)->changes;
    g_autoptr(carenet_directory) changed =
        cn_directory_with(world->directory, &g_array_index(changes, CnChange, 0), changes->len);
    assert_string_not_equal(carenet_directory_digest(changed),
                            carenet_directory_digest(world->directory));
    g_clear_pointer(&world->routes, carenet_routes_unref);
    g_clear_pointer(&world->directory, carenet_directory_unref);
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.now_s = SMALL_NOW_S;
    g_autoptr(carenet_table) rows = carenet_find(changed, &query, NULL);
    assert_int_equal(carenet_table_rows_len(rows), 2);
    g_autoptr(carenet_directory) same = cn_directory_with(changed, NULL, 0);
    assert_string_equal(carenet_directory_digest(same), carenet_directory_digest(changed));
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
        cmocka_unit_test(changes_say_what_to_do),
        cmocka_unit_test(several_changes_keep_their_order),
        cmocka_unit_test(areas_are_added_one_after_the_other),
        cmocka_unit_test_teardown(changes_are_enough_and_the_fewest, world_print_seed),
        cmocka_unit_test(a_what_if_outlives_what_it_was_made_from),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
