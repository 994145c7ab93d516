/* The life of referrals on the ledger of places: every legal and illegal step, the clock, requests that
 * come again, who waits, consent. */
#include "../support/referral-steps.h"
#include "referral/life-cycle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define ONE   world_offerings[0]
#define TWO   world_offerings[1]
#define THREE world_offerings[2]

static int
set_up(void **state)
{
    *state = world_new();
    return 0;
}

static int
tear_down(void **state)
{
    world_free(*state);
    return 0;
}

/* The steps from sent to each state; STEPS ends them. */
static const Step ways[CN_STATES][4] = {
    [CN_DRAFT] = {STEPS},
    [CN_SENT] = {STEPS},
    [CN_RECEIVED] = {RECEIVE, STEPS},
    [CN_ACCEPTED] = {ACCEPT, STEPS},
    [CN_STARTED] = {ACCEPT, START, STEPS},
    [CN_COMPLETED] = {ACCEPT, START, COMPLETE, STEPS},
    [CN_NOT_COMPLETED] = {ACCEPT, START, GIVE_UP, STEPS},
    [CN_DECLINED] = {DECLINE, STEPS},
    [CN_REDIRECTED] = {REDIRECT, STEPS},
    [CN_WAITLISTED] = {WAITLIST, STEPS},
    [CN_EXPIRED] = {STEPS},
    [CN_CANCELLED] = {CANCEL, STEPS},
};

/* A referral in @wanted. (transfer full) */
static char *
bring_to(World *world, carenet_store *store, CnState wanted, const char *ref)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    carenet_referral_options options;
    carenet_referral_options_init(&options);
    g_autofree char *text = g_strdup_printf(
        "{ref: %s, area: \"1030500000\", consent: full, needs: [{service: trauma-therapy}]}", ref);
    g_autoptr(carenet_cases) cases = carenet_cases_parse(
        world->reference, text, strlen(text), "case", CARENET_CASES_STRICT, NULL, &error);
    options.offering = ONE;
    options.draft = wanted == CN_DRAFT;
    g_autoptr(carenet_table) row =
        carenet_referral_send(store, cases, 0, &options, &acting, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
    char *id = g_strdup(world_text(row, "id"));
    for (const Step *step = ways[wanted]; *step != STEPS; step++) {
        g_autoptr(carenet_table) done = step_take(store, id, *step, &acting, &error);
        if (done == NULL)
            fail_msg("%s", error->message);
    }
    if (wanted == CN_EXPIRED)
        world->wall_s += 3 * CN_DAY_S;
    return id;
}

static void
try_step(World *world, carenet_store *store, CnState from, Step step)
{
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    g_autofree char *ref = g_strdup_printf("C-%d-%d", (int)from, (int)step);
    g_autofree char *id = bring_to(world, store, from, ref);
    const gint64 records = world_ask(store, "SELECT records FROM journal");
    g_autoptr(carenet_table) row = step_take(store, id, step, &acting, &error);
    const gint wanted = step_leads_to[from][step];
    if (wanted >= 0) {
        if (row == NULL)
            fail_msg("step %d from %s: %s", (int)step, cn_state_name(from), error->message);
        assert_string_equal(world_text(row, "state"), cn_state_name((CnState)wanted));
        assert_string_equal(world_text(row, "from"), cn_state_name(from));
    } else {
        assert_null(row);
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
        assert_non_null(strstr(error->message, cn_state_name(from)));
        assert_non_null(strstr(error->message, id));
        assert_non_null(carenet_error_get_hint(error));
        /* That it has expired is written down, since somebody was told so. */
        assert_int_equal(world_ask(store, "SELECT records FROM journal"),
                         records + (from == CN_EXPIRED));
    }
    world_check_ledger(store);
    /* Room for the next one. */
    g_autoptr(carenet_table) open = carenet_referral_list(store, NULL, NULL);
    for (size_t i = 0; i < carenet_table_rows_len(open); i++) {
        const char *each = carenet_table_get_text(open, i, 0);
        g_autoptr(carenet_table) gone =
            carenet_referral_cancel(store, each, "other", &acting, NULL);
    }
    /* A report sweeps what the clock has ended. */
    for (gint i = 0; i < 2; i++) {
        g_autoptr(carenet_table) swept =
            carenet_verify(store, world_offerings[i], "phone", &acting, NULL);
        assert_non_null(swept);
    }
    assert_int_equal(world_ask(store, "SELECT sum(occupied + held) FROM capacity"), 0);
}

static void
test_every_step_from_every_state(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    guint legal = 0;
    for (gint from = 0; from < CN_STATES; from++)
        for (gint step = 0; step < STEPS; step++) {
            try_step(world, store, (CnState)from, (Step)step);
            legal += step_leads_to[from][step] >= 0;
        }
    print_message("%d steps, %u of them legal\n", CN_STATES * STEPS, legal);
}

/* ---- Places. */

static void
test_full(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    g_autoptr(GError) full = NULL, unknown = NULL, twice = NULL;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) first =
        world_send(world, store, "C-1", "urgent", TWO, FALSE, &acting, NULL);
    assert_non_null(first);
    assert_null(world_send(world, store, "C-2", "urgent", TWO, FALSE, &acting, &full));
    assert_int_equal(carenet_error_get_code(full), CARENET_ERROR_CAPACITY);
    assert_null(world_send(world, store, "C-2", "urgent", THREE, FALSE, &acting, &unknown));
    assert_int_equal(carenet_error_get_code(unknown), CARENET_ERROR_CAPACITY);
    assert_null(world_send(world, store, "C-1", "urgent", TWO, TRUE, &acting, &twice));
    assert_int_equal(carenet_error_get_code(twice), CARENET_ERROR_CONFLICT);
    world_check_ledger(store);
}

/* More than there are is a report; nothing can be taken then, and what was held can still be accepted. */
static void
test_beds_lost(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = 1, report.occupied = 2;
    g_autoptr(carenet_table) sent =
        world_send(world, store, "C-1", "urgent", ONE, FALSE, &acting, NULL);
    g_autoptr(carenet_table) told = carenet_capacity_set(store, ONE, &report, &acting, &error);
    assert_non_null(told);
    assert_int_equal(world_int(told, "free"), 0);
    assert_null(carenet_capacity_hold(store, ONE, 1, 0, &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CAPACITY);
    g_autoptr(carenet_table) accepted =
        carenet_referral_accept(store, world_text(sent, "id"), &acting, NULL);
    assert_non_null(accepted);
    assert_int_equal(world_ask(store, "SELECT occupied FROM capacity WHERE offering_id LIKE"
                                      " 'ex-one%'"),
                     3);
}

/* ---- Reports of what was so earlier: they stand against what was told of the same offering. */

#define HOUR_S 3600

/* A report on @offering by a caller who says when; 0 where it was taken. */
static int
report_at(carenet_store *store, const char *offering, gint64 occupied, gint64 now_s)
{
    g_autoptr(GError) error = NULL;
    carenet_acting acting = world_acting();
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.occupied = occupied;
    acting.now_s = now_s;
    g_autoptr(carenet_table) row = carenet_capacity_set(store, offering, &report, &acting, &error);
    assert_true((row == NULL) == (error != NULL));
    return error != NULL ? carenet_error_get_code(error) : 0;
}

static void
expect_capacity(carenet_store *store, const char *offering, gint64 occupied, const char *as_of)
{
    g_autoptr(carenet_table) row = carenet_capacity(store, offering, INT64_MIN, NULL);
    assert_int_equal(world_int(row, "occupied"), occupied);
    assert_string_equal(world_text(row, "as_of"), as_of);
}

static void
test_earlier_reports(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    assert_int_equal(report_at(store, TWO, 1, WORLD_NOW_S), 0);
    /* The clock of the store has gone on since, and the report counts from when it was so. */
    assert_int_equal(report_at(store, ONE, 1, WORLD_NOW_S - 2 * HOUR_S), 0);
    expect_capacity(store, ONE, 1, "2026-11-22T22:00:00+08:00");
    assert_int_equal(report_at(store, ONE, 2, WORLD_NOW_S - 3 * HOUR_S), CARENET_ERROR_CONFLICT);
    assert_int_equal(report_at(store, ONE, 2, WORLD_NOW_S - 2 * HOUR_S), CARENET_ERROR_CONFLICT);
    expect_capacity(store, ONE, 1, "2026-11-22T22:00:00+08:00");
    assert_int_equal(report_at(store, ONE, 0, WORLD_NOW_S - HOUR_S), 0);
    expect_capacity(store, ONE, 0, "2026-11-22T23:00:00+08:00");
    /* The present may be told twice, with the time or without it. */
    assert_int_equal(report_at(store, ONE, 1, WORLD_NOW_S), 0);
    assert_int_equal(report_at(store, ONE, 0, WORLD_NOW_S), 0);
    assert_int_equal(report_at(store, ONE, 1, INT64_MIN), 0);
    assert_int_equal(report_at(store, THREE, 0, INT64_C(-2240524801)),
                     CARENET_ERROR_INVALID_ARGUMENT);
    world_check_ledger(store);
}

/* Who accepted somebody knows more than a provider who had reported before that. */
static void
test_report_before_acceptance(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) sent =
        world_send(world, store, "C-1", "urgent", ONE, FALSE, &acting, NULL);
    g_autoptr(carenet_table) accepted =
        carenet_referral_accept(store, world_text(sent, "id"), &acting, NULL);
    assert_non_null(accepted);
    world->wall_s += HOUR_S;
    assert_int_equal(report_at(store, TWO, 0, INT64_MIN), 0);
    assert_int_equal(report_at(store, ONE, 0, WORLD_NOW_S - HOUR_S), CARENET_ERROR_CONFLICT);
    assert_int_equal(report_at(store, ONE, 2, WORLD_NOW_S + 60), 0);
    expect_capacity(store, ONE, 2, "2026-11-23T00:01:00+08:00");
    world_check_ledger(store);
}

/* The chain goes on by the clock of the store, and tells in words when it was so. */
static void
test_earlier_report_in_chain(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    carenet_chain chain;
    carenet_chain_init(&chain);
    assert_int_equal(report_at(store, TWO, 1, WORLD_NOW_S), 0);
    assert_int_equal(report_at(store, ONE, 1, WORLD_NOW_S - HOUR_S), 0);
    g_autoptr(carenet_table) records = carenet_audit_list(store, ONE, 1, NULL);
    assert_string_equal(world_text(records, "at"), "2026-11-23T00:00:00+08:00");
    assert_string_equal(world_text(records, "detail"),
                        "source phone; occupied; as of 2026-11-22T23:00:00+08:00");
    assert_true(carenet_audit_verify(store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    assert_int_equal(world_ask(store,
                               "SELECT count(*) FROM audit_record AS a JOIN audit_record AS b"
                               " ON b.number = a.number + 1 WHERE b.at_s < a.at_s"),
                     0);
    assert_int_equal(world_ask(store, "SELECT clock_s FROM journal"), WORLD_NOW_S);
}

static int
verify_at(carenet_store *store, const char *id, gint64 now_s)
{
    g_autoptr(GError) error = NULL;
    carenet_acting acting = world_acting();
    acting.now_s = now_s;
    g_autoptr(carenet_table) row = carenet_verify(store, id, "phone", &acting, &error);
    return row == NULL ? carenet_error_get_code(error) : 0;
}

static void
test_earlier_verification(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    assert_int_equal(verify_at(store, ONE, WORLD_NOW_S - HOUR_S), 0);
    expect_capacity(store, ONE, 0, "2026-11-22T23:00:00+08:00");
    assert_int_equal(verify_at(store, ONE, WORLD_NOW_S - 2 * HOUR_S), CARENET_ERROR_CONFLICT);
    assert_int_equal(verify_at(store, "ex-one", WORLD_NOW_S - HOUR_S), 0);
    assert_int_equal(world_ask(store, "SELECT count(*) FROM provider WHERE id = 'ex-one'"
                                      " AND verified_on = '2026-11-22'"),
                     1);
    assert_int_equal(verify_at(store, "ex-one", WORLD_NOW_S - 25 * HOUR_S), CARENET_ERROR_CONFLICT);
    assert_int_equal(verify_at(store, "ex-one", INT64_C(-2240524801)),
                     CARENET_ERROR_INVALID_ARGUMENT);
    assert_int_equal(verify_at(store, "ex-one", INT64_MIN), 0);
}

/* ---- Nothing is stored by a dry run. */

static void
test_dry_run(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    carenet_acting acting = world_acting();
    const gint64 records = world_ask(store, "SELECT records FROM journal");
    acting.dry_run = true;
    g_autoptr(carenet_table) row =
        world_send(world, store, "C-1", "urgent", ONE, FALSE, &acting, NULL);
    assert_string_equal(world_text(row, "state"), "sent");
    assert_int_equal(world_ask(store, "SELECT count(*) FROM referral"), 0);
    assert_int_equal(world_ask(store, "SELECT records FROM journal"), records);
}

/* ---- Who waits. */

static void
test_waiting_order(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    static const char *const urgencies[] = {"routine", "routine", "urgent", "emergency", "urgent"};
    static const char *const order[] = {"R-5", "R-4", "R-6", "R-2", "R-3"};
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) first =
        world_send(world, store, "C-0", "routine", TWO, FALSE, &acting, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(urgencies); i++) {
        g_autofree char *ref = g_strdup_printf("C-%zu", i + 1);
        g_autoptr(carenet_table) row =
            world_send(world, store, ref, urgencies[i], TWO, TRUE, &acting, NULL);
        assert_string_equal(world_text(row, "state"), "waitlisted");
        world->wall_s++;
    }
    g_autofree char *holder = g_strdup("R-1");
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        g_autoptr(carenet_table) row =
            carenet_referral_decline(store, holder, "other", &acting, NULL);
        const size_t offered = (size_t)carenet_table_column_index(row, "offered");
        assert_int_equal(carenet_table_list_len(row, 0, offered), 1);
        assert_string_equal(carenet_table_list_get(row, 0, offered, 0), order[i]);
        g_free(holder);
        holder = g_strdup(order[i]);
        world_check_ledger(store);
    }
}

/* ---- The clock. */

static gint64
free_places(carenet_store *store, const char *offering)
{
    g_autoptr(carenet_table) row = carenet_capacity(store, offering, INT64_MIN, NULL);
    return world_int(row, "free");
}

static void
test_expiry_without_a_write(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) row =
        world_send(world, store, "C-1", "urgent", TWO, FALSE, &acting, NULL);
    assert_int_equal(free_places(store, TWO), 0);
    world->wall_s += 2 * CN_DAY_S - 1;
    assert_int_equal(free_places(store, TWO), 0);
    world->wall_s += 1;
    assert_int_equal(free_places(store, TWO), 1);
    g_autoptr(carenet_table) seen = carenet_referral_get(store, "R-1", INT64_MIN, NULL, NULL);
    assert_string_equal(world_text(seen, "state"), "expired");
    /* The directory sees it too. */
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, NULL);
    const CnProvider *two = cn_network_provider(network, "ex-two");
    assert_int_equal(g_array_index(two->offerings, CnOffering, 0).capacity.held, 0);
    g_autoptr(carenet_table) next =
        world_send(world, store, "C-2", "urgent", TWO, FALSE, &acting, NULL);
    assert_non_null(next);
    world_check_ledger(store);
}

/* Set back by any stretch, before or after anybody wrote: a hold ends no later by the boot clock, and
 * what has ended stays ended. */
static void
test_clock_set_back(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) row =
        world_send(world, store, "C-1", "urgent", TWO, FALSE, &acting, NULL);
    world->wall_s -= 30 * CN_DAY_S;
    world->boot_s += 2 * CN_DAY_S - 1;
    assert_int_equal(free_places(store, TWO), 0);
    world->boot_s += 1;
    assert_int_equal(free_places(store, TWO), 1);
    assert_null(carenet_referral_accept(store, "R-1", &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
    g_autoptr(carenet_table) other =
        world_send(world, store, "C-2", "urgent", TWO, FALSE, &acting, NULL);
    assert_non_null(other);
    /* A caller who names an earlier time does not turn it back either. */
    carenet_acting late = acting;
    late.now_s = WORLD_NOW_S - CN_DAY_S;
    g_autoptr(carenet_table) held = carenet_capacity_hold(store, ONE, 1, 60, &late, NULL);
    assert_non_null(held);
    assert_true(world_ask(store, "SELECT min(until_s) FROM hold") > WORLD_NOW_S + 2 * CN_DAY_S);
    world_check_ledger(store);
}

static gint64
no_boot(gpointer user, char out_boot[CN_BOOT_ID_SIZE])
{
    (void)user;
    out_boot[0] = '\0';
    return 0;
}

/* On a machine without a boot clock: whoever was told that it has ended is told so again, though the
 * clock was set back and nothing else was written. */
static void
test_refusal_stays(void **state)
{
    World *world = *state;
    world->environment.boot_s = no_boot;
    g_autoptr(carenet_store) store = world_make(world);
    g_autoptr(GError) late = NULL, again = NULL, ended = NULL, gone = NULL;
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) row =
        world_send(world, store, "C-1", "urgent", TWO, FALSE, &acting, NULL);
    g_autoptr(carenet_table) held = carenet_capacity_hold(store, ONE, 1, 3600, &acting, NULL);
    world->wall_s += 3 * CN_DAY_S;
    assert_null(carenet_referral_accept(store, "R-1", &acting, &late));
    assert_int_equal(carenet_error_get_code(late), CARENET_ERROR_STATE);
    assert_null(carenet_capacity_release(store, "H-1", &acting, &ended));
    assert_int_equal(carenet_error_get_code(ended), CARENET_ERROR_STATE);
    world->wall_s -= 3 * CN_DAY_S;
    assert_null(carenet_referral_accept(store, "R-1", &acting, &again));
    assert_int_equal(carenet_error_get_code(again), CARENET_ERROR_STATE);
    assert_null(carenet_capacity_release(store, "H-1", &acting, &gone));
    assert_int_equal(carenet_error_get_code(gone), CARENET_ERROR_STATE);
    assert_int_equal(free_places(store, TWO), 1);
    world_check_ledger(store);
}

/* ---- Requests that come again. */

static void
test_same_request(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    g_autoptr(GError) error = NULL, other_verb = NULL;
    carenet_acting acting = world_acting();
    acting.key = "key-1";
    g_autoptr(carenet_table) first =
        world_send(world, store, "C-1", "urgent", ONE, FALSE, &acting, NULL);
    acting.key = NULL;
    g_autoptr(carenet_table) accepted = carenet_referral_accept(store, "R-1", &acting, NULL);
    acting.key = "key-1";
    g_autoptr(carenet_table) again =
        world_send(world, store, "C-1", "urgent", ONE, FALSE, &acting, NULL);
    assert_string_equal(world_text(again, "id"), "R-1");
    /* The answer of then, not of now. */
    assert_string_equal(world_text(again, "state"), "sent");
    assert_string_equal(world_text(again, "hold_until"), world_text(first, "hold_until"));
    assert_int_equal(world_ask(store, "SELECT count(*) FROM referral"), 1);
    assert_null(world_send(world, store, "C-2", "urgent", ONE, FALSE, &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
    assert_null(carenet_referral_start(store, "R-1", &acting, &other_verb));
    assert_int_equal(carenet_error_get_code(other_verb), CARENET_ERROR_CONFLICT);
}

/* ---- Consent. */

static void
test_consent(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    static const struct {
        const char *text;
        const char *basis; /* NULL: refused */
    } cases[] = {
        {"consent: full", "consent"},
        {"consent: minimum", "consent"},
        {"consent: none", NULL},
        {"languages: [ceb]", NULL},
        {"consents: [{by: child-assent}]", NULL},
        {"consents: [{by: child-assent}, {by: lswdo}]", "consent"},
        {"consents: [{by: lswdo, to: ex-two}]", NULL},
        {"consents: [{by: lswdo, to: [ex-two, ex-one]}]", "consent"},
        {"consents: [{by: lswdo, expires: 2026-11-22}]", NULL},
        {"consents: [{by: lswdo, withdrawn: 2026-11-21}]", NULL},
        {"consents: [{by: non-offending-guardian, on: 2026-11-30}]", NULL},
        {"urgency: emergency", "not-asked"},
    };
    const carenet_acting acting = world_acting();
    carenet_referral_options options;
    carenet_referral_options_init(&options);
    options.offering = ONE;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strdup_printf(
            "{ref: C-%zu, area: \"1030500000\", %s, needs: [{service: trauma-therapy}]}", i,
            cases[i].text);
        g_autoptr(carenet_cases) list = carenet_cases_parse(
            world->reference, text, strlen(text), "case", CARENET_CASES_STRICT, NULL, &error);
        assert_non_null(list);
        carenet_acting dry = acting;
        dry.dry_run = true;
        g_autoptr(carenet_table) row =
            carenet_referral_send(store, list, 0, &options, &dry, &error);
        if (cases[i].basis != NULL) {
            assert_non_null(row);
            assert_string_equal(world_text(row, "basis"), cases[i].basis);
        } else {
            assert_null(row);
            assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_REFUSED);
        }
    }
}

/* ---- The chain. */

/* Whatever is changed in any record, taken out or put in shows. */
static void
test_tampering(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    static const char *const changes[] = {
        "UPDATE audit_record SET at_s = at_s + 1 WHERE number =",
        "UPDATE audit_record SET actor = actor || 'x' WHERE number =",
        "UPDATE audit_record SET action = 'start' WHERE number =",
        "UPDATE audit_record SET subject = substr(subject, 2) || '1' WHERE number =",
        "UPDATE audit_record SET detail = detail || ' ' WHERE number =",
        "UPDATE audit_record SET hash = zeroblob(32) WHERE number =",
        ("UPDATE audit_record SET actor = actor || substr(action, 1, 1),"
         " action = substr(action, 2) WHERE number ="),
        "DELETE FROM audit_record WHERE number =",
        "DELETE FROM audit_record WHERE number >=",
        "UPDATE audit_record SET number = 100 WHERE number =",
    };
    const carenet_acting acting = world_acting();
    for (gint i = 0; i < 3; i++) {
        g_autofree char *ref = g_strdup_printf("C-%d", i);
        g_autoptr(carenet_table) row =
            world_send(world, store, ref, "urgent", ONE, FALSE, &acting, NULL);
    }
    carenet_chain chain;
    carenet_chain_init(&chain);
    assert_true(carenet_audit_verify(store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    assert_int_equal(chain.records, 4);
    g_clear_pointer(&store, cn_store_close);
    g_autofree char *whole = NULL;
    gsize len = 0;
    guint found = 0;
    assert_true(g_file_get_contents(world->path, &whole, &len, NULL));
    for (gint record = 1; record <= 4; record++)
        for (gsize i = 0; i < G_N_ELEMENTS(changes); i++, found++) {
            g_autofree char *sql = g_strdup_printf("%s %d", changes[i], record);
            assert_true(g_file_set_contents(world->path, whole, (gssize)len, NULL));
            g_autoptr(carenet_store) changed = world_open(world, 200);
            assert_true(cn_store_exec(changed, "PRAGMA foreign_keys = OFF", NULL));
            assert_true(cn_store_exec(changed, sql, NULL));
            assert_true(carenet_audit_verify(changed, NULL, &chain, NULL));
            if (chain.broken_at < 1 || chain.broken_at > record + 1)
                fail_msg("not found: %s", sql);
        }
    print_message("%u changes found\n", found);
}

/* ---- The doctor. */

static const char *
find_status(const carenet_table *rows, const char *name)
{
    const size_t check = (size_t)carenet_table_column_index(rows, "check");
    const size_t status = (size_t)carenet_table_column_index(rows, "status");
    for (size_t i = 0; i < carenet_table_rows_len(rows); i++)
        if (strcmp(carenet_table_get_text(rows, i, check), name) == 0)
            return carenet_table_get_text(rows, i, status);
    return "?";
}

static void
test_doctor(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    static const struct {
        const char *sql;
        const char *ledger, *audit, *answers;
    } cases[] = {
        {"SELECT 1", "ok", "ok", "ok"},
        {"UPDATE capacity SET occupied = occupied + 1", "bad", "ok", "ok"},
        {"UPDATE capacity SET held = held + 1", "bad", "ok", "ok"},
        {"DELETE FROM hold", "bad", "ok", "ok"},
        {"UPDATE referral SET state = 'accepted', hold_until_s = NULL", "bad", "ok", "ok"},
        {"UPDATE audit_record SET actor = 'x' WHERE number = 2", "ok", "bad", "ok"},
        {"UPDATE referral SET hold_until_s = 5", "ok", "ok", "look"},
    };
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) row =
        world_send(world, store, "C-1", "urgent", ONE, FALSE, &acting, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_true(cn_store_exec(store, "PRAGMA foreign_keys = OFF", NULL));
        g_autofree char *whole = g_strconcat(world->folder, "/whole-", NULL);
        g_autofree char *copy = g_strdup_printf("%s%zu", whole, i);
        assert_true(carenet_store_backup(store, copy, NULL, NULL));
        g_autoptr(carenet_store) changed = cn_store_open(copy, world->reference, FALSE, 200, NULL);
        assert_true(cn_store_exec(changed, "PRAGMA foreign_keys = OFF", NULL));
        assert_true(cn_store_exec(changed, cases[i].sql, NULL));
        g_autoptr(carenet_table) rows = carenet_store_check(changed, WORLD_NOW_S, NULL);
        assert_string_equal(find_status(rows, "ledger"), cases[i].ledger);
        assert_string_equal(find_status(rows, "audit"), cases[i].audit);
        assert_string_equal(find_status(rows, "answers"), cases[i].answers);
    }
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_every_step_from_every_state),
        TEST(test_full),
        TEST(test_beds_lost),
        TEST(test_earlier_reports),
        TEST(test_report_before_acceptance),
        TEST(test_earlier_report_in_chain),
        TEST(test_earlier_verification),
        TEST(test_dry_run),
        TEST(test_waiting_order),
        TEST(test_expiry_without_a_write),
        TEST(test_clock_set_back),
        TEST(test_refusal_stays),
        TEST(test_same_request),
        TEST(test_consent),
        TEST(test_tampering),
        TEST(test_doctor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
