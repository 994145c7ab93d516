/* Checking a plan: one that was solved by hand is proved; whatever is moved, dropped, repriced or swapped
 * in it is refused at the first thing that is wrong. And why each got what it got. */
#include "../support/small-world.h"
#include "format/plan-file.h"
#include "routing/plan-make.h"
#include "routing/plan-why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define STEP 1000000

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    *state = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    carenet_reference_unref(*state);
    return 0;
}

/* Three girls alike who need therapy and a bed; two places of each are free. Whoever is left, one place
 * more is worth the penalty without the cost. */
typedef struct {
    SmallWorld *world;
    CnPlanNeeds *needs;
    gint offering_of[6];
    gint64 price[2];
    CnPlan *plan;
} Solved;

static void
clear_solved(Solved *solved)
{
    carenet_plan_unref(solved->plan);
    cn_plan_needs_free(solved->needs);
    small_world_free(solved->world);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Solved, clear_solved)

static void
make_plan(Solved *solved, gint64 therapy_cost, gint64 bed_cost)
{
    const CnPlanAnswer answer = {.offering_of = solved->offering_of,
                                 .price = solved->price,
                                 .penalties = {3 * STEP, 2 * STEP, STEP},
                                 .bound = {{0, 0, 2}, 2 * (therapy_cost + bed_cost)}};
    solved->plan = cn_plan_make(solved->needs, &answer);
}

static gint64
cost_of(const CnPlanNeeds *needs, guint need, guint offering)
{
    gint64 lines[CN_COSTS_LEN];
    CnPlanWay way = {.made = FALSE};
    CnCandidate candidate;
    const CnQuestion question = cn_plan_way_question(needs, need, &way);
    cn_candidate_init(&candidate, &question, offering);
    return cn_cost_lines(&question, &candidate, TRUE, lines);
}

static Solved
solve_by_hand(carenet_reference *reference)
{
    Solved solved = {.world = small_world_new(reference)};
    small_world_add_case(solved.world, "C-2");
    small_world_add_case(solved.world, "C-3");
    small_world_route(solved.world);
    const CnListing *listing = solved.world->directory->listing;
    const gint therapy = cn_listing_offering(listing, "ex-open/trauma-therapy");
    const gint bed = cn_listing_offering(listing, "ex-shelter/emergency-shelter");
    const CnPlanQuestion asked = {.directory = solved.world->directory,
                                  .policy = solved.world->policy,
                                  .cases = solved.world->cases,
                                  .now_s = SMALL_NOW_S,
                                  .at_s = SMALL_NOW_S};
    solved.needs = cn_plan_needs_new(&asked);
    for (guint i = 0; i < 6; i++)
        solved.offering_of[i] = i >= 4 ? -1 : i % 2 == 0 ? therapy : bed;
    const gint64 therapy_cost = cost_of(solved.needs, 0, (guint)therapy);
    const gint64 bed_cost = cost_of(solved.needs, 1, (guint)bed);
    solved.price[therapy] = STEP - therapy_cost;
    solved.price[bed] = STEP - bed_cost;
    make_plan(&solved, therapy_cost, bed_cost);
    return solved;
}

/* "" where everything holds, else the check that failed. (transfer full) */
static char *
first_violation(const Solved *solved, const CnPlan *plan)
{
    g_autoptr(GError) error = NULL;
    carenet_plan_check_options options;
    carenet_plan_check_options_init(&options);
    options.threads = 2;
    g_autoptr(carenet_table) found =
        carenet_plan_check(plan, solved->world->directory, solved->world->policy,
                           solved->world->cases, &options, &error);
    assert_null(error);
    for (gsize i = 0; i < carenet_table_rows_len(found); i++)
        if (!carenet_table_get_bool(found, i, 1)) {
            assert_int_equal(i, carenet_table_rows_len(found) - 1);
            return g_strdup_printf("%s: %s", carenet_table_get_text(found, i, 0),
                                   carenet_table_get_text(found, i, 2));
        }
    assert_string_equal(carenet_table_get_text(found, carenet_table_rows_len(found) - 1, 0),
                        "status");
    return g_strdup("");
}

static void
proves_what_is_right(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    g_autofree char *violation = first_violation(&solved, solved.plan);
    assert_string_equal(violation, "");
    assert_true(solved.plan->optimal);
    g_autofree char *text = cn_plan_write(solved.plan);
    g_autoptr(carenet_plan) again = cn_plan_parse(text, strlen(text), "p", NULL);
    g_autofree char *again_violation = first_violation(&solved, again);
    assert_string_equal(again_violation, "");
}

/* The plan with one text in it written otherwise, all of them or the first. (transfer full) */
static CnPlan *
tamper(const CnPlan *plan, const char *from, const char *to)
{
    g_autofree char *text = cn_plan_write(plan);
    const char *at = strstr(text, from);
    g_autoptr(GError) error = NULL;
    if (at == NULL)
        fail_msg("%s is not in %s", from, text);
    g_autofree char *head = g_strndup(text, (gsize)(at - text));
    g_autofree char *other = g_strconcat(head, to, at + strlen(from), NULL);
    CnPlan *read = cn_plan_parse(other, strlen(other), "p", &error);
    if (read == NULL)
        fail_msg("%s", error->message);
    return read;
}

static void
refuses_what_was_tampered_with(void **state)
{
    static const struct {
        const char *what, *from, *to, *violation;
    } tampered[] = {
        {"moved to another's place",
         "\"case\": \"C-2\", \"need\": 1, \"service\": \"trauma-therapy\", "
         "\"provider\": \"ex-open\", \"offering\": \"ex-open/trauma-therapy\"",
         "\"case\": \"C-2\", \"need\": 1, \"service\": \"trauma-therapy\", \"provider\": \"ex-shelter\", "
         "\"offering\": \"ex-shelter/emergency-shelter\"",
         "rules: case C-2: need 1 at ex-shelter/emergency-shelter breaks not-offered"},
        {"another person", "\"case\": \"C-2\", \"need\": 2", "\"case\": \"C-3\", \"need\": 2",
         "needs: case C-3: need 2"},
        {"an unknown person", "\"case\": \"C-2\", \"need\": 2", "\"case\": \"C-9\", \"need\": 2",
         "needs: case C-9: need 2"},
        {"another service", "\"need\": 2, \"service\": \"emergency-shelter\"",
         "\"need\": 2, \"service\": \"trauma-therapy\"", "needs: case C-1: need 2"},
        {"more units", "\"units\": 1", "\"units\": 2", "needs: case C-1: need 1"},
        {"an unmet need made routine", "\"urgency\": \"routine\"", "\"urgency\": \"urgent\"",
         "needs: case C-3: need 1"},
        {"an offering of somebody else", "\"provider\": \"ex-open\"", "\"provider\": \"ex-other\"",
         "offerings: case C-1: need 1 goes to ex-open/trauma-therapy, which is another provider's"},
        {"an offering that is not there", "\"offering\": \"ex-open/trauma-therapy\"",
         "\"offering\": \"ex-open/none\"",
         "offerings: case C-1: need 1 goes to ex-open/none, which is not in the directory"},
        {"another cost", "\"units\": 1, \"cost\": ", "\"units\": 1, \"cost\": 1",
         "costs: case C-1"},
        {"a price", "\"price\": 9", "\"price\": 1", "bound: the prices prove no more than"},
        {"a price at nobody's", "\"offering\": \"ex-shelter/emergency-shelter\", \"price\"",
         "\"offering\": \"ex-z\", \"price\"",
         "prices: ex-z has a price and is not in the directory"},
        {"the penalties", "\"routine\": 1000000}", "\"routine\": 1}", "penalties: "},
        {"another reason", "\"reason\": \"full\"", "\"reason\": \"age\"",
         "reasons: case C-3: need 1 is unmet (full), but its reason is not"},
        {"other words", "\"detail\": \"", "\"detail\": \"nobody asked; ",
         "reasons: case C-3: need 1 is unmet (full), but its detail is not"},
        {"another edit", "\"field\": \"capacity.total\"", "\"field\": \"wait_days\"",
         "reasons: case C-3: need 1 is unmet (full), but its change is not"},
        {"more places", "\"to\": \"+", "\"to\": \"+1",
         "reasons: case C-3: need 2 is unmet (full), but its change is not"},
        {"no edit", "\"change\": [{", "\"change\": [], \"was\": [{",
         "reasons: case C-3: need 1 is unmet (full), but its change is not"},
        {"the funnel", "\"free\": 3", "\"free\": 2", "reasons: the funnel"},
        {"the name of the policy", "\"policy\": {\"id\": \"",
         "\"policy\": {\"id\": \"other\\nNext best ",
         "policy: the plan calls its policy by another id"},
        {"what the places are", "\"demonstration\": true", "\"demonstration\": false",
         "directory: the plan does not say"},
    };
    g_auto(Solved) solved = solve_by_hand(*state);
    guint refused = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(tampered); i++) {
        g_autoptr(carenet_plan) plan = tamper(solved.plan, tampered[i].from, tampered[i].to);
        g_autofree char *violation = first_violation(&solved, plan);
        if (!g_str_has_prefix(violation, tampered[i].violation))
            fail_msg("%s: \"%s\" is not \"%s\"", tampered[i].what, violation,
                     tampered[i].violation);
        refused++;
    }
    print_message("%u plans that were tampered with, each refused\n", refused);
}

/* A run that was stopped or asked for no reasons says "full" of everybody, and nothing else. */
static void
leaves_open_what_was_not_looked_for(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlanUnmet *rows = (CnPlanUnmet *)(gpointer)solved.plan->unmet->data;
    const CnPlanUnmet was = rows[0];
    rows[0].detail = NULL, rows[0].changes_len = 0;
    rows[1].detail = CN_PLAN_NOT_LOOKED_FOR, rows[1].changes_len = 0;
    g_autofree char *open = first_violation(&solved, solved.plan);
    assert_string_equal(open, "");
    /* So many units the stages may be off, and no more. */
    CnPlanFunnel *funnel = (CnPlanFunnel *)(gpointer)solved.plan->funnel->data;
    funnel[0].free++;
    g_autofree char *off = first_violation(&solved, solved.plan);
    assert_string_equal(off, "");
    funnel[0].free += 900;
    g_autofree char *absurd = first_violation(&solved, solved.plan);
    assert_true(g_str_has_prefix(absurd, "reasons: the funnel"));
    funnel[0].free -= 901;
    rows[0].changes_len = was.changes_len;
    g_autofree char *change = first_violation(&solved, solved.plan);
    assert_true(g_str_has_prefix(change, "reasons: case C-3: need 1"));
    rows[0].changes_len = 0, rows[0].reason = "age";
    g_autofree char *reason = first_violation(&solved, solved.plan);
    assert_true(g_str_has_prefix(reason, "reasons: case C-3: need 1"));
}

static void
refuses_other_sources(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    char digest[65];
    memset(digest, 'a', 64);
    digest[64] = '\0';
    const char *own = solved.plan->directory;
    solved.plan->directory = digest;
    g_autofree char *directory = first_violation(&solved, solved.plan);
    assert_true(g_str_has_prefix(directory, "directory: the plan was made from another one"));
    solved.plan->directory = own;
    own = solved.plan->policy;
    solved.plan->policy = digest;
    g_autofree char *policy = first_violation(&solved, solved.plan);
    assert_true(g_str_has_prefix(policy, "policy: the plan was made from another one"));
    solved.plan->policy = own;
    solved.world->person->age_min = solved.world->person->age_max = 14;
    g_autofree char *cases = first_violation(&solved, solved.plan);
    assert_true(g_str_has_prefix(cases, "cases: the plan was made for other cases"));
}

/* A drop that also mends the counts, a swap that also mends the costs: the proof notices. */
static void
refuses_what_is_consistent_but_worse(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlan *plan = solved.plan;
    const CnPlanned dropped = *cn_plan_assignment_at(plan, 0);
    const CnPlanUnmet unmet = {.ref = dropped.ref,
                               .service = dropped.service,
                               .reason = "full",
                               .need = dropped.need,
                               .units = 1,
                               .urgency = CN_ROUTINE};
    g_array_remove_index(plan->assignments, 0);
    g_autofree char *missing = first_violation(&solved, plan);
    assert_true(g_str_has_prefix(missing, "needs: case C-1: need 1 is nowhere in the plan"));
    g_array_prepend_val(plan->unmet, unmet);
    g_autofree char *counts = first_violation(&solved, plan);
    assert_true(g_str_has_prefix(counts, "objective: the plan says otherwise"));
    plan->objective.cost -= dropped.cost;
    plan->objective.unmet[CN_ROUTINE]++;
    plan->bound = plan->objective;
    g_autofree char *bound = first_violation(&solved, plan);
    assert_true(g_str_has_prefix(bound, "bound: the prices prove no more than"));
}

/* Nobody goes together or apart here, so there was nothing to search beyond what prices prove. */
static void
refuses_a_search_of_nothing(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlan *plan = solved.plan;
    plan->bound.cost--;
    plan->optimal = FALSE;
    g_autofree char *unproven = first_violation(&solved, plan);
    assert_string_equal(unproven, "");
    plan->searched = TRUE;
    g_autofree char *violation = first_violation(&solved, plan);
    assert_true(g_str_has_prefix(violation, "status: it claims that it was searched"));
}

/* Needs that would rather have one provider are something to search, though no rule binds them. */
static void
takes_a_search_of_wishes(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlanAnswer answer = {.offering_of = solved.offering_of,
                           .price = solved.price,
                           .penalties = {3 * STEP, 2 * STEP, STEP},
                           .searched = TRUE};
    for (guint i = 0; i < 3; i++)
        ((CnCase *)g_ptr_array_index(solved.world->cases->cases, i))->bundle = CN_BUNDLE_PREFER;
    g_clear_pointer(&solved.needs, cn_plan_needs_free);
    const CnPlanQuestion asked = {.directory = solved.world->directory,
                                  .policy = solved.world->policy,
                                  .cases = solved.world->cases,
                                  .now_s = SMALL_NOW_S,
                                  .at_s = SMALL_NOW_S};
    solved.needs = cn_plan_needs_new(&asked);
    g_autoptr(carenet_plan) plan = cn_plan_make(solved.needs, &answer);
    assert_true(plan->searched);
    g_autofree char *violation = first_violation(&solved, plan);
    assert_string_equal(violation, "");
}

static void
refuses_more_than_there_are_places(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlanAnswer answer = {.offering_of = solved.offering_of,
                           .price = solved.price,
                           .penalties = {3 * STEP, 2 * STEP, STEP}};
    solved.offering_of[4] = solved.offering_of[0];
    g_autoptr(carenet_plan) plan = cn_plan_make(solved.needs, &answer);
    g_autofree char *violation = first_violation(&solved, plan);
    assert_string_equal(violation,
                        "places: ex-open/trauma-therapy takes 3 units, more than are free "
                        "as it is reported now");
}

static void
refuses_parted_siblings(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlanAnswer answer = {.offering_of = solved.offering_of,
                           .price = solved.price,
                           .penalties = {3 * STEP, 2 * STEP, STEP}};
    for (guint i = 0; i < 3; i++) {
        CnCase *person = g_ptr_array_index(solved.world->cases->cases, i);
        person->siblings_group = g_strdup("S");
        person->siblings = CN_SIBLINGS_REQUIRE;
    }
    g_clear_pointer(&solved.needs, cn_plan_needs_free);
    const CnPlanQuestion asked = {.directory = solved.world->directory,
                                  .policy = solved.world->policy,
                                  .cases = solved.world->cases,
                                  .now_s = SMALL_NOW_S,
                                  .at_s = SMALL_NOW_S};
    solved.needs = cn_plan_needs_new(&asked);
    g_autoptr(carenet_plan) plan = cn_plan_make(solved.needs, &answer);
    g_autofree char *violation = first_violation(&solved, plan);
    assert_true(g_str_has_prefix(violation, "together: case C-1: need 1 is parted"));
    for (guint i = 0; i < 3; i++)
        ((CnCase *)g_ptr_array_index(solved.world->cases->cases, i))->siblings = CN_SIBLINGS_APART;
    g_clear_pointer(&solved.needs, cn_plan_needs_free);
    solved.needs = cn_plan_needs_new(&asked);
    g_autoptr(carenet_plan) apart = cn_plan_make(solved.needs, &answer);
    g_autofree char *breaks = first_violation(&solved, apart);
    assert_non_null(strstr(breaks, "breaks sibling-apart"));
}

/* ---- Former places. */

/* C-3 had the place of C-2, who was nowhere: one may move. Or C-1 is of another service and hidden. */
static void
refuses_more_moves_than_may_be(void **state)
{
    static const struct {
        const char *what, *from, *to, *violation;
    } tampered[] = {
        {"one more moved", "\"max_moves\": 1", "\"max_moves\": 0",
         "kept: case C-3: need 1 left ex-open/trauma-therapy: more than 0 moved"},
        {"a move that is hidden", "\"state\": \"moved\"", "\"state\": \"stays\"",
         "kept: case C-3: need 1 left a place that it could keep, the plan says otherwise"},
        {"a release for nothing", "\"state\": \"moved\", \"reason\": null",
         "\"state\": \"released\", \"reason\": \"age\"",
         "kept: case C-3: need 1 left a place that it could keep, the plan says otherwise"},
        {"a place that nobody had", "\"offering\": \"ex-shelter/emergency-shelter\", \"state\"",
         "\"offering\": \"ex-none/x\", \"state\"", "kept: case C-1: need 2 it does not offer"},
        {"a need that is not there",
         "\"case\": \"C-1\", \"need\": 2, \"service\": \"emergency-shelter\", "
         "\"offering\": \"ex-shelter/emergency-shelter\", \"state\"",
         "\"case\": \"C-1\", \"need\": 3, \"service\": \"emergency-shelter\", "
         "\"offering\": \"ex-shelter/emergency-shelter\", \"state\"",
         "kept: case C-1: need 3 is said to have a place"},
    };
    g_auto(Solved) solved = solve_by_hand(*state);
    CnPlan *plan = solved.plan;
    const CnPlanned *own = cn_plan_assignment(plan, "C-1", 1),
                    *bed = cn_plan_assignment(plan, "C-1", 2);
    const CnPlanKept rows[] = {{"C-1", own->service, own->offering, NULL, 1, CN_KEPT_STAYS},
                               {"C-1", bed->service, bed->offering, NULL, 2, CN_KEPT_STAYS},
                               {"C-3", own->service, own->offering, NULL, 1, CN_KEPT_MOVED}};
    g_autofree char *digest = cn_plan_assignments_digest(plan);
    plan->keep = digest;
    plan->max_moves = 1;
    g_array_append_vals(plan->kept, rows, G_N_ELEMENTS(rows));
    g_autofree char *none = first_violation(&solved, plan);
    assert_string_equal(none, "");
    for (gsize i = 0; i < G_N_ELEMENTS(tampered); i++) {
        g_autoptr(carenet_plan) other = tamper(plan, tampered[i].from, tampered[i].to);
        g_autofree char *violation = first_violation(&solved, other);
        if (!g_str_has_prefix(violation, tampered[i].violation))
            fail_msg("%s: \"%s\" is not \"%s\"", tampered[i].what, violation,
                     tampered[i].violation);
    }
}

/* ---- Reasons. */

static void
says_why(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    const CnPlanUnmet *unmet = cn_plan_unmet(solved.plan, "C-3", 1);
    assert_string_equal(unmet->reason, "full");
    assert_string_equal(unmet->detail, "1 offered; 1 full (its places go to others of the list)");
    assert_int_equal(unmet->changes_len, 1);
    const CnPlanChange *change = cn_plan_change_at(solved.plan, unmet->changes_first);
    assert_string_equal(change->kind, "add-places");
    assert_string_equal(change->from, "3");
    assert_string_equal(change->to, "4");
    const CnPlanChange *bed =
        cn_plan_change_at(solved.plan, cn_plan_unmet(solved.plan, "C-3", 2)->changes_first);
    assert_null(bed->from); /* how many it has is nobody's business */
    assert_string_equal(bed->to, "+1");
    assert_int_equal(solved.plan->funnel->len, 2);
    const CnPlanFunnel *funnel = cn_plan_funnel_at(solved.plan, 0);
    assert_string_equal(funnel->service, "emergency-shelter");
    assert_int_equal(funnel->needed, 3);
    assert_int_equal(funnel->free, 3);
    assert_int_equal(funnel->placed, 2);
}

static void
explains_a_case(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    const SmallWorld *world = solved.world;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) chosen = carenet_plan_explain(
        solved.plan, world->directory, world->policy, world->cases, "C-1", NULL, &error);
    assert_non_null(chosen);
    assert_int_equal(carenet_table_rows_len(chosen), 2);
    assert_string_equal(carenet_table_get_text(chosen, 0, 6), "chosen");
    g_autoptr(carenet_table) left = carenet_plan_explain(
        solved.plan, world->directory, world->policy, world->cases, "C-3", "ex-shelter", &error);
    assert_int_equal(carenet_table_rows_len(left), 3);
    assert_string_equal(carenet_table_get_text(left, 0, 6), "full");
    assert_string_equal(carenet_table_get_text(left, 1, 6), "refused");
    assert_string_equal(carenet_table_get_text(left, 1, 10), "not-offered");
    char *text = carenet_plan_explain_text(solved.plan, world->directory, world->policy,
                                           world->cases, "C-3", &error);
    assert_non_null(strstr(text, "full: its last place is worth 1 routine unit, for cost "));
    assert_non_null(strstr(text, "Smallest change: ex-open/trauma-therapy: add-places"));
    carenet_free(text);
    assert_null(carenet_plan_explain(solved.plan, world->directory, world->policy, world->cases,
                                     "C-9", NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    g_clear_error(&error);
    assert_null(carenet_plan_explain(solved.plan, world->directory, world->policy, world->cases,
                                     "C-1", "nobody", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    g_clear_error(&error);
    world->person->age_min = 3;
    assert_null(carenet_plan_explain_text(solved.plan, world->directory, world->policy,
                                          world->cases, "C-1", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
}

static void
refuses_missing_arguments(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    const SmallWorld *world = solved.world;
    carenet_plan_check_options options = {0};
    assert_null(
        carenet_plan_check(NULL, world->directory, world->policy, world->cases, NULL, NULL));
    assert_null(carenet_plan_check(solved.plan, NULL, world->policy, world->cases, NULL, NULL));
    assert_null(carenet_plan_check(solved.plan, world->directory, NULL, world->cases, NULL, NULL));
    assert_null(carenet_plan_check(solved.plan, world->directory, world->policy, NULL, NULL, NULL));
    assert_null(carenet_plan_check(solved.plan, world->directory, world->policy, world->cases,
                                   &options, NULL));
    carenet_plan_check_options_init(&options);
    options.threads = 0;
    assert_null(carenet_plan_check(solved.plan, world->directory, world->policy, world->cases,
                                   &options, NULL));
    assert_null(carenet_plan_explain(solved.plan, world->directory, world->policy, world->cases,
                                     NULL, NULL, NULL));
    assert_null(
        carenet_plan_explain_text(NULL, world->directory, world->policy, world->cases, "C", NULL));
}

/* ---- What if. */

static void
supposes_changes(void **state)
{
    g_auto(Solved) solved = solve_by_hand(*state);
    const CnDirectory *directory = solved.world->directory;
    g_autoptr(GError) error = NULL;
    const carenet_change changes[] = {{"ex-open", 5, false},
                                      {"ex-shelter/emergency-shelter", -9, false}};
    g_autoptr(carenet_directory) with = carenet_directory_with(directory, changes, 2, &error);
    assert_non_null(with);
    const gint therapy = cn_listing_offering(with->listing, "ex-open/trauma-therapy");
    const gint bed = cn_listing_offering(with->listing, "ex-shelter/emergency-shelter");
    assert_int_equal(with->listing->capacity[therapy].total, 8);
    assert_int_equal(with->listing->capacity[bed].total, 3); /* as many as are taken */
    assert_int_equal(directory->listing->capacity[therapy].total, 3);
    const carenet_change closing[] = {{"ex-shelter", 0, true}, {"ex-open/trauma-therapy", 0, true}};
    g_autoptr(carenet_directory) closed = carenet_directory_with(directory, closing, 2, &error);
    assert_int_equal(cn_listed_provider_of(closed->listing, (guint)bed)->status, CN_CLOSED);
    assert_int_equal(closed->listing->capacity[therapy].total, 0);
    const carenet_change unknown[] = {{"ex-opem", 1, false}};
    assert_null(carenet_directory_with(directory, unknown, 1, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    const carenet_change absurd[] = {{"ex-open", 100000000, false}};
    assert_null(carenet_directory_with(directory, absurd, 1, NULL));
    assert_null(carenet_directory_with(NULL, NULL, 0, NULL));
    assert_null(carenet_directory_with(directory, NULL, 1, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_what_is_right),
        cmocka_unit_test(refuses_what_was_tampered_with),
        cmocka_unit_test(leaves_open_what_was_not_looked_for),
        cmocka_unit_test(refuses_other_sources),
        cmocka_unit_test(refuses_what_is_consistent_but_worse),
        cmocka_unit_test(refuses_a_search_of_nothing),
        cmocka_unit_test(takes_a_search_of_wishes),
        cmocka_unit_test(refuses_more_than_there_are_places),
        cmocka_unit_test(refuses_parted_siblings),
        cmocka_unit_test(refuses_more_moves_than_may_be),
        cmocka_unit_test(says_why),
        cmocka_unit_test(explains_a_case),
        cmocka_unit_test(supposes_changes),
        cmocka_unit_test(refuses_missing_arguments),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
