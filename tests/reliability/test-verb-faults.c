/* Every verb of referrals and places, and the application of a plan, while the disk fails at the k-th
 * operation, is full, or memory runs out at the k-th allocation of the database: what is answered "done" is
 * there whole; what is answered with an error is there whole or not at all; and the same step then goes on. */
#include "../support/fault-memory.h"
#include "../support/fault-vfs.h"
#include "../support/referral-world.h"
#include "base/error.h"
#include "referral/apply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ONE   world_offerings[0]
#define TWO   world_offerings[1]
#define OTHER "ex-alpha/individual-counseling"

/* More than goes into one transaction. */
#define PEOPLE 70

typedef struct {
    World *world;
    char *bytes; /* a store with a referral for every verb */
    gsize len;
    carenet_cases *cases, *people;
    carenet_plan *plan;
} Fixture;

/* ---- The verbs. */

typedef carenet_table *(*Verb)(const Fixture *fixture,
                               carenet_store *store,
                               const carenet_acting *acting,
                               GError **error);

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
refer(const Fixture *fixture, carenet_store *store, const carenet_acting *acting, GError **error)
{
    return send_to(fixture, store, acting, FALSE, error);
}

static carenet_table *
wait_for(const Fixture *fixture, carenet_store *store, const carenet_acting *acting, GError **error)
{
    return send_to(fixture, store, acting, TRUE, error);
}

static carenet_table *
send_draft(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_send_draft(store, "R-3", 0, NULL, acting, error);
}

static carenet_table *
receive(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_receive(store, "R-1", acting, error);
}

static carenet_table *
accept_it(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_accept(store, "R-1", acting, error);
}

static carenet_table *
start(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_start(store, "R-2", acting, error);
}

/* The place that comes free goes to the one who waits. */
static carenet_table *
complete(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_complete(store, "R-4", "met", NULL, acting, error);
}

static carenet_table *
decline(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_decline(store, "R-1", "lack-of-capacity", acting, error);
}

static carenet_table *
redirect(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_redirect(store, "R-5", ONE, NULL, acting, error);
}

static carenet_table *
cancel(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_referral_cancel(store, "R-2", "safety", acting, error);
}

static carenet_table *
report(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    carenet_capacity_report said;
    (void)f;
    carenet_capacity_report_init(&said);
    said.total = 9;
    return carenet_capacity_set(store, TWO, &said, acting, error);
}

static carenet_table *
hold(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_capacity_hold(store, ONE, 1, 0, acting, error);
}

static carenet_table *
verify(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    (void)f;
    return carenet_verify(store, "ex-one", "phone", acting, error);
}

/* Two transactions that should be one: what this test must find. */
static carenet_table *
hold_twice(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    carenet_table *row = hold(f, store, acting, error);
    if (row == NULL)
        return NULL;
    carenet_table_unref(row);
    return verify(f, store, acting, error);
}

/* Says that it is done, whatever happened. */
static carenet_table *
hold_hopefully(const Fixture *f, carenet_store *store, const carenet_acting *acting, GError **error)
{
    carenet_table *row = hold(f, store, acting, NULL);
    (void)error;
    return row != NULL ? row : carenet_plan_table(f->plan, CARENET_PLAN_PRICES);
}

typedef struct {
    const char *name;
    Verb run;
    gboolean has_key; /* the same request once more gives the same answer */
} Step;

static const Step verbs[] = {
    {"refer", refer, TRUE},       {"waitlist", wait_for, TRUE}, {"send", send_draft, TRUE},
    {"receive", receive, TRUE},   {"accept", accept_it, TRUE},  {"start", start, TRUE},
    {"complete", complete, TRUE}, {"decline", decline, TRUE},   {"redirect", redirect, TRUE},
    {"cancel", cancel, TRUE},     {"report", report, FALSE},    {"hold", hold, FALSE},
    {"verify", verify, FALSE},
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

static void
must(carenet_table *row, const GError *error)
{
    if (row == NULL)
        fail_msg("%s", error->message);
    carenet_table_unref(row);
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
    must(world_send(w, store, "C-1", "routine", ONE, FALSE, &acting, &error), error);
    must(world_send(w, store, "C-2", "routine", ONE, FALSE, &acting, &error), error);
    must(carenet_referral_accept(store, "R-2", &acting, &error), error);
    must(carenet_referral_send(store, cases, 0, &draft, &acting, &error), error);
    must(world_send(w, store, "C-4", "routine", TWO, FALSE, &acting, &error), error);
    must(carenet_referral_accept(store, "R-4", &acting, &error), error);
    must(carenet_referral_start(store, "R-4", &acting, &error), error);
    must(world_send(w, store, "C-5", "urgent", TWO, TRUE, &acting, &error), error);
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
    assert_true(g_file_get_contents(fixture->world->path, &fixture->bytes, &fixture->len, NULL));
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
    g_free(fixture->bytes);
    g_free(fixture);
    return 0;
}

static void
put_back(const Fixture *fixture)
{
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *side = g_strconcat(fixture->world->path, endings[i], NULL);
        remove(side);
    }
    assert_true(g_file_set_contents_full(fixture->world->path, fixture->bytes, (gssize)fixture->len,
                                         G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- What a store says. */

static const char *const dumps[] = {
    "SELECT 'referral', number, case_id, offering_id, state, hold_until_s, basis FROM referral"
    " ORDER BY number",
    "SELECT 'event', referral, record, from_state, to_state FROM referral_event ORDER BY 2, 3",
    "SELECT 'hold', offering_id, id, units, until_s FROM hold ORDER BY 2, 3",
    "SELECT 'capacity', offering_id, total, occupied, held FROM capacity ORDER BY 2",
    "SELECT 'change', offering_id, record, kind, total, occupied, held FROM capacity_event"
    " ORDER BY 2, 3",
    "SELECT 'record', number, at_s, actor, action, subject, detail, hex(hash) FROM audit_record"
    " ORDER BY number",
    "SELECT 'journal', clock_s, referrals, holds, cases, records, hex(head) FROM journal",
    "SELECT 'request', key, subject, record FROM request ORDER BY key",
    "SELECT 'case', id, ref, consent FROM case_record ORDER BY id",
    "SELECT 'provider', id, verified_on, verified_by FROM provider ORDER BY id",
};

/* Everything that a verb may change. (transfer full) */
static char *
dump(carenet_store *store)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(dumps); i++) {
        sqlite3_stmt *select = NULL;
        assert_int_equal(sqlite3_prepare_v2(store->db, dumps[i], -1, &select, NULL), SQLITE_OK);
        while (sqlite3_step(select) == SQLITE_ROW)
            for (int column = 0; column < sqlite3_column_count(select); column++) {
                const char *text = (const char *)sqlite3_column_text(select, column);
                g_string_append_printf(out, "%s%s", text != NULL ? text : "-",
                                       column + 1 < sqlite3_column_count(select) ? " " : "\n");
            }
        sqlite3_finalize(select);
    }
    return g_string_free(out, FALSE);
}

/* What the store says once nothing fails any more; it is sound. (transfer full) */
static char *
look(const Fixture *fixture)
{
    carenet_chain chain;
    carenet_chain_init(&chain);
    g_autoptr(carenet_store) store = world_open(fixture->world, 1000);
    world_check_ledger(store);
    assert_true(carenet_audit_verify(store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    return dump(store);
}

static carenet_acting
acting_with(const char *key)
{
    carenet_acting acting = world_acting();
    acting.now_s = WORLD_NOW_S + 100;
    acting.key = key;
    return acting;
}

/* ---- Failing. */

typedef enum {
    FAIL_MEMORY = FAULT_KINDS,
    FAIL_KINDS
} Failure;

static void
arm(gint kind, guint k, gboolean forever)
{
    if (kind == FAIL_MEMORY)
        fault_memory_arm(k, forever);
    else
        fault_vfs_arm((FaultKind)kind, k, forever);
}

static gboolean
disarm(gint kind)
{
    return kind == FAIL_MEMORY ? fault_memory_disarm() : fault_vfs_disarm();
}

static void
check_error(const GError *error, const char *name, gint kind, guint k)
{
    const carenet_error_code code = carenet_error_get_code(error);
    if (error != NULL && (code == CARENET_ERROR_STORAGE || code == CARENET_ERROR_CORRUPT ||
                          code == CARENET_ERROR_IO || code == CARENET_ERROR_BUSY))
        return;
    fail_msg("%s, failure %d at %u: %s", name, kind, k,
             error != NULL ? error->message : "no error");
}

typedef struct {
    guint points, refused, stored_anyway;
    guint lost; /* answered, and not stored */
    guint half; /* stored neither whole nor not at all */
} Figures;

/* The verb with a failure at the k-th operation; FALSE where there is no such operation. */
static gboolean
run_with_failure(const Fixture *fixture,
                 const Step *step,
                 gint kind,
                 guint k,
                 gboolean forever,
                 const char *const before_after[2],
                 Figures *figures)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = acting_with(step->has_key ? "request-1" : NULL);
    put_back(fixture);
    carenet_store *store = world_open(fixture->world, 1000);
    arm(kind, k, forever);
    carenet_table *row = step->run(fixture, store, &acting, &error);
    const gboolean happened = disarm(kind);
    carenet_store_close(store);
    g_autofree char *found = look(fixture);
    const gboolean is_after = strcmp(found, before_after[1]) == 0;
    figures->points += happened ? 1 : 0;
    figures->lost += row != NULL && !is_after ? 1 : 0;
    if (row == NULL) {
        check_error(error, step->name, kind, k);
        figures->refused++;
        figures->stored_anyway += is_after ? 1 : 0;
        figures->half += !is_after && strcmp(found, before_after[0]) != 0 ? 1 : 0;
    }
    carenet_table_unref(row);
    if (!step->has_key)
        return happened;
    /* Whoever asks once more gets the same, once. */
    g_clear_error(&error);
    g_autoptr(carenet_store) again = world_open(fixture->world, 1000);
    must(step->run(fixture, again, &acting, &error), error);
    g_autofree char *final = dump(again);
    assert_string_equal(final, before_after[1]);
    return happened;
}

/* Every operation at first, then fewer and fewer: there are thousands of allocations. */
static guint
next(gint kind, guint k)
{
    return k + (kind == FAIL_MEMORY ? 1 + k / 12 : kind == FAULT_READ ? 1 + k / 10 : 1);
}

static void
sweep(const Fixture *fixture, const Step *step, Figures *figures)
{
    const carenet_acting acting = acting_with(step->has_key ? "request-1" : NULL);
    g_autoptr(GError) error = NULL;
    put_back(fixture);
    g_autofree char *before = look(fixture);
    carenet_store *store = world_open(fixture->world, 1000);
    must(step->run(fixture, store, &acting, &error), error);
    carenet_store_close(store);
    g_autofree char *after = look(fixture);
    const char *const before_after[2] = {before, after};
    assert_string_not_equal(before, after);
    for (gint kind = 0; kind < FAIL_KINDS; kind++) {
        guint k = 1;
        while (run_with_failure(fixture, step, kind, k, FALSE, before_after, figures))
            k = next(kind, k);
    }
    run_with_failure(fixture, step, FAULT_FULL, 1, TRUE, before_after, figures);
    run_with_failure(fixture, step, FAIL_MEMORY, 1, TRUE, before_after, figures);
}

static void
a_verb_is_done_or_not(void **state)
{
    Figures figures = {0};
    for (gsize verb = 0; verb < G_N_ELEMENTS(verbs); verb++)
        sweep(*state, &verbs[verb], &figures);
    print_message("%zu verbs: %u failures, %u refused, %u of them stored all the same\n",
                  G_N_ELEMENTS(verbs), figures.points, figures.refused, figures.stored_anyway);
    assert_int_equal(figures.lost + figures.half, 0);
    assert_true(figures.refused > 300);
}

static void
half_a_step_is_found(void **state)
{
    const Step step = {"hold and verify", hold_twice, FALSE};
    Figures figures = {0};
    sweep(*state, &step, &figures);
    assert_true(figures.half > 0);
}

static void
a_wrong_answer_is_found(void **state)
{
    const Step step = {"hold, hopefully", hold_hopefully, FALSE};
    Figures figures = {0};
    sweep(*state, &step, &figures);
    assert_true(figures.lost > 0);
}

/* ---- A plan. */

static carenet_table *
apply(const Fixture *fixture, carenet_store *store, GError **error)
{
    carenet_apply_options options;
    const carenet_acting acting = acting_with(NULL);
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
                   Figures *figures)
{
    g_autoptr(GError) error = NULL;
    put_back(fixture);
    carenet_store *store = world_open(fixture->world, 1000);
    arm(kind, k, forever);
    carenet_table *rows = apply(fixture, store, &error);
    const gboolean happened = disarm(kind);
    carenet_store_close(store);
    figures->points += happened ? 1 : 0;
    g_autofree char *found = look(fixture);
    if (rows == NULL) {
        check_error(error, "apply", kind, k);
        figures->refused++;
        figures->stored_anyway += strcmp(found, after) == 0 ? 1 : 0;
    } else if (strcmp(found, after) != 0) {
        fail_msg("apply, failure %d at %u: answered, and not stored", kind, k);
    }
    carenet_table_unref(rows);
    /* The same plan once more does the rest: all are there, once, in the same order. */
    g_clear_error(&error);
    g_autoptr(carenet_store) again = world_open(fixture->world, 1000);
    must(apply(fixture, again, &error), error);
    g_autofree char *final = dump(again);
    assert_string_equal(final, after);
    return happened;
}

static void
a_plan_is_applied_whole_in_the_end(void **state)
{
    const Fixture *fixture = *state;
    Figures figures = {0};
    g_autoptr(GError) error = NULL;
    put_back(fixture);
    carenet_store *store = world_open(fixture->world, 1000);
    must(apply(fixture, store, &error), error);
    carenet_store_close(store);
    g_autofree char *after = look(fixture);
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
    fault_memory_install();
    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
