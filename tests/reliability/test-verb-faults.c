/* Every verb of referrals and places, and the application of a plan, while disk and memory fail: see
 * fault-sweep.h. */
#include "fault-sweep.h"
#include "referral/apply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ONE   world_offerings[0]
#define TWO   world_offerings[1]
#define OTHER "ex-alpha/individual-counseling"

/* More than goes into one transaction. */
#define PEOPLE 70

typedef struct {
    World *world;
    FaultBed bed; /* a store with a referral for every verb */
    carenet_cases *cases, *people;
    carenet_plan *plan;
} Fixture;

/* ---- The verbs. */

static carenet_table *
send_to(const Fixture *fixture,
        carenet_store *store,
        const carenet_acting *acting,
        gboolean waitlist,
        GError **error)
{
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = waitlist ? TWO : ONE;
    to.waitlist = waitlist;
    return carenet_referral_send(store, fixture->cases, 0, &to, acting, error);
}

static carenet_table *
refer(gconstpointer fixture, carenet_store *store, const carenet_acting *acting, GError **error)
{
    return send_to(fixture, store, acting, FALSE, error);
}

static carenet_table *
wait_for(gconstpointer fixture, carenet_store *store, const carenet_acting *acting, GError **error)
{
    return send_to(fixture, store, acting, TRUE, error);
}

static carenet_table *
send_draft(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_send_draft(store, "R-3", 0, NULL, acting, error);
}

static carenet_table *
receive(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_receive(store, "R-1", acting, error);
}

static carenet_table *
accept_it(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_accept(store, "R-1", acting, error);
}

static carenet_table *
start(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_start(store, "R-2", acting, error);
}

/* The place that comes free goes to the one who waits. */
static carenet_table *
complete(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_complete(store, "R-4", "met", NULL, acting, error);
}

static carenet_table *
decline(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_decline(store, "R-1", "lack-of-capacity", acting, error);
}

static carenet_table *
redirect(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_redirect(store, "R-5", ONE, NULL, acting, error);
}

static carenet_table *
cancel(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_cancel(store, "R-2", "safety", acting, error);
}

static carenet_table *
report(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    carenet_capacity_report said;
    (void)f;
    carenet_capacity_report_init(&said);
    said.total = 9;
    return carenet_capacity_set(store, TWO, &said, acting, error);
}

static carenet_table *
hold(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_capacity_hold(store, ONE, 1, 0, acting, error);
}

static carenet_table *
verify(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_verify(store, "ex-one", "phone", acting, error);
}

/* Two transactions that should be one: what this test must find. */
static carenet_table *
hold_twice(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    carenet_table *row = hold(f, store, acting, error);
    if (row == NULL)
        return NULL;
    carenet_table_unref(row);
    return verify(f, store, acting, error);
}

/* Says that it is done, whatever happened. */
static carenet_table *
hold_hopefully(gconstpointer f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    const Fixture *fixture = f;
    carenet_table *row = hold(fixture, store, acting, NULL);
    (void)error;
    return row != NULL ? row : carenet_plan_table(fixture->plan, CARENET_PLAN_PRICES);
}

static const FaultStep verbs[] = {
    {"refer", refer, TRUE, NULL},       {"waitlist", wait_for, TRUE, NULL},
    {"send", send_draft, TRUE, NULL},   {"receive", receive, TRUE, NULL},
    {"accept", accept_it, TRUE, NULL},  {"start", start, TRUE, NULL},
    {"complete", complete, TRUE, NULL}, {"decline", decline, TRUE, NULL},
    {"redirect", redirect, TRUE, NULL}, {"cancel", cancel, TRUE, NULL},
    {"report", report, FALSE, NULL},    {"hold", hold, FALSE, NULL},
    {"verify", verify, FALSE, NULL},
};

/* ---- The store before. */

static void
import_other(const World *world, carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(world->folder, "other.yaml", NULL);
    g_autofree char *text = g_strdup_printf(
        "region: {id: small, name: Small, area: \"1000000000\", languages: [ceb]}\n"
        "organizations:\n"
        "  - {id: ex-body, example: true, name: EXAMPLE Body, kind: ngo,"
        " data_sharing_agreement: 2026-01-10}\n"
        "providers:\n"
        "  - {id: ex-alpha, example: true, organization: ex-body, name: EXAMPLE Alpha,\n"
        "     status: active, place: {area: \"1030500000\", disclosure: public},\n"
        "     contact: {role: desk}, languages: [ceb], listing_consent: 2026-01-10,\n"
        "     verified: {on: 2026-10-01, by: phone},\n"
        "     offerings: [{service: individual-counseling, capacity: {unit: slot, total: %d,"
        " occupied: 0, as_of: 2026-11-20, source: phone}}]}\n",
        PEOPLE - 2);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    if (!carenet_store_import(store, (const char *const[]){path}, 1, NULL, NULL, NULL, &error))
        fail_msg("%s", error->message);
}

/* R-1 sent and R-2 accepted at ONE, R-3 a draft, R-4 started at TWO, which is full, R-5 waiting there. */
static void
fill(const World *world, carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    static const char text[] =
        "{ref: C-3, area: \"1030500000\", consent: full, needs: [trauma-therapy]}";
    carenet_referral_options draft;
    carenet_referral_options_init(&draft);
    draft.offering = ONE;
    draft.draft = true;
    g_autoptr(carenet_cases) cases = carenet_cases_parse(
        world->reference, text, strlen(text), "case", CARENET_CASES_STRICT, NULL, &error);
    World *w = (World *)world;
    fault_must(world_send(w, store, "C-1", "routine", ONE, FALSE, &acting, &error), &error);
    fault_must(world_send(w, store, "C-2", "routine", ONE, FALSE, &acting, &error), &error);
    fault_must(carenet_referral_accept(store, "R-2", &acting, &error), &error);
    fault_must(carenet_referral_send(store, cases, 0, &draft, &acting, &error), &error);
    fault_must(world_send(w, store, "C-4", "routine", TWO, FALSE, &acting, &error), &error);
    fault_must(carenet_referral_accept(store, "R-4", &acting, &error), &error);
    fault_must(carenet_referral_start(store, "R-4", &acting, &error), &error);
    fault_must(world_send(w, store, "C-5", "urgent", TWO, TRUE, &acting, &error), &error);
}

static carenet_plan *
make_plan(const carenet_cases *people, carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    carenet_batch_options options;
    carenet_plan *plan = NULL;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    g_autoptr(carenet_directory) directory = carenet_directory_load(store, &error);
    g_autoptr(carenet_policy) policy = carenet_store_policy(store, &error);
    if (!carenet_batch(directory, policy, people, &options, &plan, &error))
        fail_msg("%s", error->message);
    return plan;
}

static const char *const dumps[] = {
    "SELECT 'basis', number, basis FROM referral ORDER BY number",
    "SELECT 'provider', id, verified_on, verified_by FROM provider ORDER BY id",
    NULL,
};

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    fixture->world = world_new();
    carenet_store *store = world_make(fixture->world);
    import_other(fixture->world, store);
    fill(fixture->world, store);
    for (guint i = 0; i < PEOPLE; i++)
        g_string_append_printf(text,
                               "- {ref: P-%02u, area: \"1030500000\", consent: full,"
                               " needs: [individual-counseling]}\n",
                               i);
    fixture->people = carenet_cases_parse(fixture->world->reference, text->str, text->len, "people",
                                          CARENET_CASES_STRICT, NULL, &error);
    fixture->plan = make_plan(fixture->people, store);
    static const char one[] =
        "{ref: C-9, area: \"1030500000\", consent: full, needs: [trauma-therapy]}";
    fixture->cases = carenet_cases_parse(fixture->world->reference, one, strlen(one), "case",
                                         CARENET_CASES_STRICT, NULL, &error);
    carenet_store_close(store);
    fixture->bed = (FaultBed){.world = fixture->world, .dumps = dumps, .user = fixture};
    fault_bed_take(&fixture->bed);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    carenet_plan_unref(fixture->plan);
    carenet_cases_unref(fixture->people);
    carenet_cases_unref(fixture->cases);
    world_free(fixture->world);
    g_free(fixture->bed.bytes);
    g_free(fixture);
    return 0;
}

/* ---- Verbs. */

static void
a_verb_is_done_or_not(void **state)
{
    const Fixture *fixture = *state;
    FaultFigures figures = {0};
    for (gsize verb = 0; verb < G_N_ELEMENTS(verbs); verb++)
        fault_sweep(&fixture->bed, &verbs[verb], &figures);
    print_message("%zu verbs: %u failures, %u refused, %u of them stored all the same\n",
                  G_N_ELEMENTS(verbs), figures.points, figures.refused, figures.stored_anyway);
    assert_int_equal(figures.lost + figures.half, 0);
    assert_true(figures.refused > 300);
}

static void
half_a_step_is_found(void **state)
{
    const Fixture *fixture = *state;
    const FaultStep step = {"hold and verify", hold_twice, FALSE, NULL};
    FaultFigures figures = {0};
    fault_sweep(&fixture->bed, &step, &figures);
    assert_true(figures.half > 0);
}

static void
a_wrong_answer_is_found(void **state)
{
    const Fixture *fixture = *state;
    const FaultStep step = {"hold, hopefully", hold_hopefully, FALSE, NULL};
    FaultFigures figures = {0};
    fault_sweep(&fixture->bed, &step, &figures);
    assert_true(figures.lost > 0);
}

/* ---- A plan. */

static carenet_table *
apply(const Fixture *fixture, carenet_store *store, GError **error)
{
    carenet_apply_options options;
    const carenet_acting acting = fault_acting(&fixture->bed, NULL);
    carenet_apply_options_init(&options);
    options.send = true;
    return carenet_plan_apply(fixture->plan, store, NULL, fixture->people, &options, &acting,
                              error);
}

static gboolean
apply_with_failure(const Fixture *fixture,
                   gint kind,
                   guint k,
                   gboolean forever,
                   const char *after,
                   FaultFigures *figures)
{
    g_autoptr(GError) error = NULL;
    fault_bed_put_back(&fixture->bed);
    carenet_store *store = world_open(fixture->world, 1000);
    fault_arm(kind, k, forever);
    carenet_table *rows = apply(fixture, store, &error);
    const gboolean happened = fault_disarm(kind);
    carenet_store_close(store);
    figures->points += happened ? 1 : 0;
    g_autofree char *found = fault_bed_look(&fixture->bed);
    if (rows == NULL) {
        fault_check_error(error, "apply", kind, k);
        figures->refused++;
        figures->stored_anyway += strcmp(found, after) == 0 ? 1 : 0;
    } else if (strcmp(found, after) != 0) {
        fail_msg("apply, failure %d at %u: answered, and not stored", kind, k);
    }
    carenet_table_unref(rows);
    /* The same plan once more does the rest: all are there, once, in the same order. */
    g_clear_error(&error);
    g_autoptr(carenet_store) again = world_open(fixture->world, 1000);
    fault_must(apply(fixture, again, &error), &error);
    g_autofree char *final = fault_bed_dump(&fixture->bed, again);
    assert_string_equal(final, after);
    return happened;
}

static void
a_plan_is_applied_whole_in_the_end(void **state)
{
    const Fixture *fixture = *state;
    FaultFigures figures = {0};
    g_autoptr(GError) error = NULL;
    fault_bed_put_back(&fixture->bed);
    carenet_store *store = world_open(fixture->world, 1000);
    fault_must(apply(fixture, store, &error), &error);
    carenet_store_close(store);
    g_autofree char *after = fault_bed_look(&fixture->bed);
    for (gint kind = 0; kind < FAIL_KINDS; kind++) {
        guint k = 1;
        while (apply_with_failure(fixture, kind, k, FALSE, after, &figures))
            k += kind == FAULT_SYNC ? 1 : 1 + k / 3;
    }
    apply_with_failure(fixture, FAULT_FULL, 1, TRUE, after, &figures);
    apply_with_failure(fixture, FAULT_FULL, 60, TRUE, after, &figures);
    print_message("a plan of %d: %u failures, %u refused, %u of them stored all the same\n", PEOPLE,
                  figures.points, figures.refused, figures.stored_anyway);
    assert_true(figures.refused > 30);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_verb_is_done_or_not),
        T(half_a_step_is_found),
        T(a_wrong_answer_is_found),
        T(a_plan_is_applied_whole_in_the_end),
    };
    fault_sweep_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
