/* A plan becomes referrals: drafts or sent, each once, the most urgent first, siblings together; who lost
 * between plan and application is told and can be routed again; whatever happens in the middle, the same
 * plan once more does the rest. */
#include "../support/referral-world.h"
#include "base/error.h"
#include "referral/apply.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ALPHA "ex-alpha/individual-counseling"
#define BETA  "ex-beta/individual-counseling"

typedef struct {
    World *world;
    carenet_store *store;
    carenet_acting acting;
    carenet_apply_options options;
} Desk;

/* ---- A network of two counsellors, as many places as a test wants. */

static void
import(carenet_store *store, const World *world, const char *status, gint alpha, gint beta)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(world->folder, "apply.yaml", NULL);
    g_autoptr(GString) text =
        g_string_new("region: {id: small, name: Small, area: \"1000000000\", languages: [ceb]}\n"
                     "organizations:\n"
                     "  - {id: ex-body, example: true, name: EXAMPLE Body, kind: ngo,"
                     " data_sharing_agreement: 2026-01-10}\n"
                     "providers:\n");
    const struct {
        const char *id, *status;
        gint total;
    } providers[] = {{"ex-alpha", status, alpha}, {"ex-beta", "active", beta}};
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++)
        g_string_append_printf(
            text,
            "  - {id: %s, example: true, organization: ex-body, name: EXAMPLE %s, status: %s,\n"
            "     place: {area: \"%s\", disclosure: public}, contact: {role: desk},\n"
            "     languages: [ceb], listing_consent: 2026-01-10,\n"
            "     verified: {on: 2026-10-01, by: phone},\n"
            "     offerings: [{service: individual-counseling, capacity: {unit: slot, total: %d,"
            " occupied: 0, as_of: 2026-11-20, source: phone}}]}\n",
            providers[i].id, providers[i].id, providers[i].status,
            i == 0 ? "1030500000" : "1030900000", providers[i].total);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    if (!carenet_store_import(store, (const char *const[]){path}, 1, NULL, NULL, NULL, &error))
        fail_msg("%s", error->message);
}

static Desk *
desk_new(gint alpha, gint beta)
{
    Desk *desk = g_new0(Desk, 1);
    desk->world = world_new();
    desk->store = world_make(desk->world);
    import(desk->store, desk->world, "active", alpha, beta);
    desk->acting = world_acting();
    carenet_apply_options_init(&desk->options);
    return desk;
}

static void
desk_free(Desk *desk)
{
    carenet_store_close(desk->store);
    world_free(desk->world);
    g_free(desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static carenet_cases *
read_cases(const Desk *desk, const char *lines)
{
    g_autoptr(GError) error = NULL;
    carenet_cases_options options;
    carenet_cases_options_init(&options);
    options.format = CARENET_CASES_NDJSON;
    carenet_cases *cases = carenet_cases_read(desk->world->reference, lines, strlen(lines), "cases",
                                              &options, NULL, &error);
    if (cases == NULL)
        fail_msg("%s", error->message);
    return cases;
}

/* One person a line who needs counselling; @more is added to each record. */
static carenet_cases *
people(const Desk *desk, guint len, const char *more)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < len; i++)
        g_string_append_printf(
            text,
            "{\"ref\": \"C-%03u\", \"area\": \"1030500000\", \"age\": 15, \"sex\":"
            " \"female\", \"consent\": \"full\", \"needs\":"
            " [\"individual-counseling@%s\"]%s}\n",
            i, i % 3 == 2 ? "urgent" : "routine", more);
    return read_cases(desk, text->str);
}

static carenet_plan *
make_plan(const Desk *desk, const carenet_cases *cases)
{
    g_autoptr(GError) error = NULL;
    carenet_batch_options options;
    carenet_plan *plan = NULL;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    g_autoptr(carenet_directory) directory = carenet_directory_to_apply(desk->store, &error);
    g_autoptr(carenet_policy) policy = carenet_store_policy(desk->store, &error);
    if (!carenet_batch(directory, policy, cases, &options, &plan, &error))
        fail_msg("%s", error->message);
    return plan;
}

static carenet_table *
apply_in(Desk *desk, carenet_store *store, const carenet_plan *plan, const carenet_cases *cases)
{
    g_autoptr(GError) error = NULL;
    carenet_table *rows =
        carenet_plan_apply(plan, store, NULL, cases, &desk->options, &desk->acting, &error);
    if (rows == NULL)
        fail_msg("%s", error->message);
    return rows;
}

static carenet_table *
apply(Desk *desk, const carenet_plan *plan, const carenet_cases *cases)
{
    return apply_in(desk, desk->store, plan, cases);
}

static const char *
cell(const carenet_table *rows, gsize row, const char *column)
{
    return carenet_table_get_text(rows, row, (size_t)carenet_table_column_index(rows, column));
}

static guint
count(const carenet_table *rows, const char *state)
{
    guint found = 0;
    for (gsize i = 0; i < carenet_table_rows_len(rows); i++)
        found += strcmp(cell(rows, i, "state"), state) == 0 ? 1 : 0;
    return found;
}

static gint64
count_referrals(carenet_store *store, const char *state)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM referral WHERE state = '%s'", state);
    return world_ask(store, sql);
}

static gint64
count_records(carenet_store *store)
{
    return world_ask(store, "SELECT records FROM journal");
}

static void
occupy(Desk *desk, const char *offering, gint64 total, gint64 occupied)
{
    g_autoptr(GError) error = NULL;
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = total;
    report.occupied = occupied;
    g_autoptr(carenet_table) row =
        carenet_capacity_set(desk->store, offering, &report, &desk->acting, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
}

/* ---- Drafts. */

static void
a_plan_becomes_drafts_once(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 3);
    g_autoptr(carenet_cases) cases = people(desk, 7, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    const gint64 before = count_records(desk->store);
    assert_int_equal(carenet_plan_assignments_len(plan), 7);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "drafted"), 7);
    assert_int_equal(count_referrals(desk->store, "draft"), 7);
    /* One record a referral, nothing held, nothing of a case in the chain. */
    assert_int_equal(count_records(desk->store), before + 7);
    assert_int_equal(world_ask(desk->store, "SELECT sum(held) FROM capacity"), 0);
    assert_int_equal(
        world_ask(desk->store, "SELECT count(*) FROM audit_record WHERE detail LIKE '%C-0%'"), 0);
    assert_int_equal(
        world_ask(desk->store, "SELECT count(*) FROM referral WHERE home = '1000000000'"), 7);
    /* The urgent have the first numbers. */
    assert_int_equal(world_ask(desk->store, "SELECT max(number) FROM referral"
                                            " WHERE urgency = 'urgent'"),
                     2);
    g_autoptr(carenet_table) again = apply(desk, plan, cases);
    assert_int_equal(count(again, "already"), 7);
    assert_int_equal(count_records(desk->store), before + 7);
    for (gsize i = 0; i < 7; i++)
        assert_string_equal(cell(rows, i, "referral"), cell(again, i, "referral"));
    world_check_ledger(desk->store);
}

/* Another plan for the same people finds them referred, also where it would send them elsewhere. */
static void
nobody_is_referred_twice_by_two_plans(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 3);
    g_autoptr(carenet_cases) cases = people(desk, 5, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    occupy(desk, ALPHA, 4, 4);
    occupy(desk, BETA, 9, 0);
    g_autoptr(carenet_plan) other = make_plan(desk, cases);
    g_autoptr(carenet_table) again = apply(desk, other, cases);
    assert_int_equal(count(again, "already"), 5);
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM referral"), 5);
}

/* Drafts hold nothing; together they still never ask for more than is free. */
static void
drafts_count_against_each_other(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(3, 0);
    g_autoptr(carenet_cases) cases = people(desk, 3, "");
    g_autoptr(carenet_cases) others =
        read_cases(desk, "{\"ref\": \"D-1\", \"area\": \"1030500000\", \"needs\":"
                         " [\"individual-counseling\"]}\n");
    g_autoptr(carenet_plan) first = make_plan(desk, cases);
    g_autoptr(carenet_plan) second = make_plan(desk, others);
    g_autoptr(carenet_table) rows = apply(desk, first, cases);
    g_autoptr(carenet_table) late = apply(desk, second, others);
    assert_int_equal(count(rows, "drafted"), 3);
    assert_int_equal(count(late, "lost"), 1);
    assert_string_equal(cell(late, 0, "reason"), "full");
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM case_record WHERE ref = 'D-1'"),
                     0);
}

/* ---- Losing. */

static void
who_lost_is_told_and_routed_again(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Desk) desk = desk_new(4, 3);
    g_autoptr(carenet_cases) cases = people(desk, 4, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    occupy(desk, ALPHA, 4, 3);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "drafted"), 1);
    assert_int_equal(count(rows, "lost"), 3);
    /* The urgent one keeps the place. */
    assert_string_equal(cell(rows, 2, "state"), "drafted");
    assert_string_equal(cell(rows, 0, "reason"), "full");
    assert_null(cell(rows, 0, "referral"));
    g_autofree char *lost = carenet_plan_lost(cases, rows, &error);
    assert_non_null(lost);
    g_autoptr(carenet_cases) again = read_cases(desk, lost);
    assert_int_equal(carenet_cases_len(again), 3);
    g_autoptr(carenet_plan) next = make_plan(desk, again);
    g_autoptr(carenet_table) placed = apply(desk, next, again);
    assert_int_equal(count(placed, "drafted"), 3);
    for (gsize i = 0; i < 3; i++)
        assert_string_equal(cell(placed, i, "offering"), BETA);
    world_check_ledger(desk->store);
}

static void
rules_are_looked_at_anew(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 0);
    g_autoptr(carenet_cases) cases = people(desk, 2, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    static const char *const statuses[] = {"suspended", "paused", "closed"};
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        import(desk->store, desk->world, statuses[i], 4, 0);
        g_autoptr(carenet_table) rows = apply(desk, plan, cases);
        assert_int_equal(count(rows, "lost"), 2);
        assert_string_equal(cell(rows, 0, "reason"), statuses[i]);
        assert_non_null(cell(rows, 0, "detail"));
    }
    /* It is the same plan: what was lost may be had later. */
    import(desk->store, desk->world, "active", 4, 0);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "drafted"), 2);
}

static void
a_case_that_changed_is_lost(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 0);
    g_autoptr(carenet_cases) cases = people(desk, 2, "");
    g_autoptr(carenet_cases) fewer = people(desk, 1, "");
    g_autoptr(carenet_cases) wary = people(desk, 2, ", \"avoid\": {\"providers\": [\"ex-alpha\"]}");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autoptr(carenet_table) avoiding = apply(desk, plan, wary);
    assert_int_equal(count(avoiding, "lost"), 2);
    assert_string_equal(cell(avoiding, 0, "reason"), "avoided");
    assert_int_equal(carenet_table_warnings_len(avoiding), 1);
    g_autoptr(carenet_table) rows = apply(desk, plan, fewer);
    assert_string_equal(cell(rows, 0, "state"), "drafted");
    assert_string_equal(cell(rows, 1, "reason"), "case-changed");
}

/* ---- Sent at once. */

static void
what_is_sent_holds_its_place(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 2);
    g_autoptr(carenet_cases) cases = people(desk, 5, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    desk->options.send = true;
    desk->options.hold_s = 3600;
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "sent"), 5);
    assert_int_equal(world_ask(desk->store, "SELECT sum(held) FROM capacity"), 5);
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM referral WHERE basis = 'consent'"
                                            " AND hold_until_s = created_s + 3600"),
                     5);
    world_check_ledger(desk->store);
    g_autoptr(carenet_table) again = apply(desk, plan, cases);
    assert_int_equal(count(again, "already"), 5);
    /* Who declined is not asked again by the same plan. */
    g_autoptr(carenet_table) row = carenet_referral_decline(
        desk->store, cell(rows, 0, "referral"), "lack-of-capacity", &desk->acting, NULL);
    assert_non_null(row);
    g_autoptr(carenet_table) third = apply(desk, plan, cases);
    assert_int_equal(count(third, "already"), 5);
}

static void
nothing_is_sent_without_consent(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 0);
    g_autoptr(carenet_cases) cases = read_cases(
        desk,
        "{\"ref\": \"C-1\", \"area\": \"1030500000\", \"needs\": [\"individual-counseling\"]}\n"
        "{\"ref\": \"C-2\", \"area\": \"1030500000\", \"consent\": \"full\", \"needs\":"
        " [\"individual-counseling\"]}\n");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    desk->options.send = true;
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_string_equal(cell(rows, 0, "state"), "lost");
    assert_string_equal(cell(rows, 0, "reason"), "consent");
    assert_string_equal(cell(rows, 1, "state"), "sent");
    /* A draft waits for it. */
    desk->options.send = false;
    g_autoptr(carenet_table) drafts = apply(desk, plan, cases);
    assert_string_equal(cell(drafts, 0, "state"), "drafted");
}

/* Whoever waits and is as urgent is served before the plan. */
static void
who_waits_comes_first(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Desk) desk = desk_new(1, 0);
    g_autoptr(carenet_cases) cases = people(desk, 1, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autoptr(carenet_cases) others = people(desk, 3, "");
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = ALPHA;
    to.hold_s = 60;
    to.waitlist = true;
    for (gsize i = 1; i < 3; i++) {
        g_autoptr(carenet_table) row =
            carenet_referral_send(desk->store, others, i, &to, &desk->acting, &error);
        assert_non_null(row);
    }
    /* The hold of the first has ended: its place goes to the one who waits. */
    desk->world->wall_s += 120;
    desk->world->boot_s += 120;
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_string_equal(cell(rows, 0, "state"), "lost");
    assert_string_equal(cell(rows, 0, "reason"), "full");
}

/* ---- Siblings and co-victims. */

static void
siblings_go_together_or_not_at_all(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(3, 0);
    g_autoptr(carenet_cases) cases =
        people(desk, 3, ", \"siblings\": {\"group\": \"S-1\", \"keep\": \"require\"}");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    assert_int_equal(carenet_plan_assignments_len(plan), 3);
    occupy(desk, ALPHA, 3, 1);
    const gint64 before = count_records(desk->store);
    for (gint send = 0; send < 2; send++) {
        desk->options.send = send == 1;
        g_autoptr(carenet_table) rows = apply(desk, plan, cases);
        assert_int_equal(count(rows, "lost"), 3);
        assert_int_equal(count_records(desk->store), before);
        assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM case_record"), 0);
    }
    occupy(desk, ALPHA, 3, 0);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "sent"), 3);
    world_check_ledger(desk->store);
}

/* They are together where they were referred to, whatever a later plan proposes. */
static void
siblings_who_were_referred_together_are_not_lost(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(3, 3);
    g_autoptr(carenet_cases) cases =
        people(desk, 3, ", \"siblings\": {\"group\": \"S-1\", \"keep\": \"require\"}");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autoptr(carenet_table) sent = apply(desk, plan, cases);
    assert_int_equal(carenet_table_rows_len(sent), 3);
    g_autofree char *first = g_strdup(cell(sent, 0, "offering"));
    desk->options.send = true;
    occupy(desk, first, 3, 3);
    g_autoptr(carenet_plan) later = make_plan(desk, cases);
    g_autoptr(carenet_table) rows = apply(desk, later, cases);
    assert_string_not_equal(cell(rows, 0, "offering"), first);
    assert_int_equal(count(rows, "already"), 3);
}

static void
who_must_be_apart_stays_apart_when_routed_again(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(1, 1);
    g_autoptr(carenet_cases) cases = read_cases(
        desk,
        "{\"ref\": \"C-1\", \"area\": \"1030500000\", \"keep_apart\": [\"C-2\"], \"needs\":"
        " [\"individual-counseling@urgent\"]}\n"
        "{\"ref\": \"C-2\", \"area\": \"1030500000\", \"known_to\": [\"ex-three\"], \"needs\":"
        " [\"individual-counseling\"]}\n");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    assert_int_equal(carenet_plan_assignments_len(plan), 2);
    occupy(desk, BETA, 1, 1);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "drafted"), 1);
    g_autofree char *lost = carenet_plan_lost(cases, rows, NULL);
    const char *left = strcmp(cell(rows, 0, "state"), "lost") == 0 ? "C-1" : "C-2";
    assert_non_null(strstr(lost, left));
    assert_non_null(strstr(lost, "\"avoid\": {\"providers\": [\"ex-alpha\""));
    occupy(desk, ALPHA, 9, 0);
    g_autoptr(carenet_cases) again = read_cases(desk, lost);
    g_autoptr(carenet_plan) next = make_plan(desk, again);
    assert_int_equal(carenet_plan_assignments_len(next), 0);
}

/* ---- Trying. */

static void
a_dry_run_says_what_would_be_and_changes_nothing(void **state)
{
    (void)state;
    for (gint send = 0; send < 2; send++) {
        g_autoptr(Desk) desk = desk_new(90, 60);
        g_autoptr(carenet_cases) cases = people(desk, 150, "");
        g_autoptr(carenet_plan) plan = make_plan(desk, cases);
        occupy(desk, ALPHA, 90, 5);
        const gint64 before = count_records(desk->store);
        desk->options.send = send == 1;
        desk->acting.dry_run = true;
        g_autoptr(carenet_table) tried = apply(desk, plan, cases);
        assert_int_equal(count_records(desk->store), before);
        assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM referral"), 0);
        desk->acting.dry_run = false;
        g_autoptr(carenet_table) rows = apply(desk, plan, cases);
        for (gsize i = 0; i < 150; i++)
            assert_string_equal(cell(tried, i, "state"), cell(rows, i, "state"));
        assert_int_equal(count(rows, "lost"), 5);
        assert_null(cell(tried, 0, "referral"));
    }
}

/* ---- In the middle. */

typedef struct {
    guint calls, most;
    World *world;
    carenet_store *other; /* whose directory moves; NULL: none does */
} Watch;

static bool
stop_after(const carenet_progress *progress, void *data)
{
    Watch *watch = data;
    assert_string_equal(progress->stage, "apply");
    return watch->calls++ < watch->most;
}

static void
who_stops_goes_on_with_the_same_plan(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(100, 100);
    g_autoptr(carenet_cases) cases = people(desk, 200, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    Watch watch = {.most = 2};
    desk->options.progress = stop_after;
    desk->options.progress_user = &watch;
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "drafted"), 128);
    assert_int_equal(count(rows, "left"), 72);
    desk->options.progress = NULL;
    carenet_cancel *cancel = carenet_cancel_new();
    carenet_cancel_request(cancel);
    desk->options.cancel = cancel;
    g_autoptr(carenet_table) none = apply(desk, plan, cases);
    assert_int_equal(count(none, "left"), 200);
    desk->options.cancel = NULL;
    carenet_cancel_free(cancel);
    g_autoptr(carenet_table) rest = apply(desk, plan, cases);
    assert_int_equal(count(rest, "already"), 128);
    assert_int_equal(count(rest, "drafted"), 72);
    assert_int_equal(world_ask(desk->store, "SELECT count(DISTINCT case_id) FROM referral"), 200);
}

/* Somebody suspends the provider while the plan is being applied. */
static bool
suspend_after(const carenet_progress *progress, void *data)
{
    Watch *watch = data;
    (void)progress;
    if (watch->calls++ == watch->most)
        import(watch->other, watch->world, "suspended", 200, 0);
    return true;
}

static void
a_directory_that_moves_is_looked_at_anew(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(200, 0);
    g_autoptr(carenet_cases) cases = people(desk, 200, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    carenet_store *other = world_open(desk->world, 1000);
    Watch watch = {.most = 1, .world = desk->world, .other = other};
    desk->options.progress = suspend_after;
    desk->options.progress_user = &watch;
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "drafted"), 64);
    assert_int_equal(count(rows, "lost"), 136);
    for (gsize i = 0; i < 200; i++)
        if (strcmp(cell(rows, i, "state"), "lost") == 0)
            assert_string_equal(cell(rows, i, "reason"), "suspended");
    carenet_store_close(other);
}

/* ---- Several at once. */

static bool
die_after(const carenet_progress *progress, void *data)
{
    Watch *watch = data;
    (void)progress;
    if (watch->calls++ == watch->most)
        kill(getpid(), SIGKILL);
    return true;
}

static void
who_was_killed_goes_on_with_the_same_plan(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(150, 50);
    g_autoptr(carenet_cases) cases = people(desk, 200, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_clear_pointer(&desk->store, carenet_store_close);
    desk->options.send = true;
    for (guint most = 0; most < 3; most++) {
        const pid_t child = fork();
        if (child == 0) {
            Watch watch = {.most = most};
            carenet_store *store = world_open(desk->world, 5000);
            desk->options.progress = die_after;
            desk->options.progress_user = &watch;
            carenet_table_unref(apply_in(desk, store, plan, cases));
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
    }
    desk->store = world_open(desk->world, 5000);
    world_check_ledger(desk->store);
    const gint64 there = count_referrals(desk->store, "sent");
    assert_int_equal(there, 128);
    g_autoptr(carenet_table) rows = apply(desk, plan, cases);
    assert_int_equal(count(rows, "already"), there);
    assert_int_equal(count(rows, "sent"), 200 - there);
    assert_int_equal(world_ask(desk->store, "SELECT count(DISTINCT case_id) FROM referral"), 200);
    world_check_ledger(desk->store);
}

/* Applies in a process of its own, and exits with success. */
static pid_t
apply_beside(Desk *desk, const carenet_plan *plan, const carenet_cases *cases)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    carenet_store *store = world_open(desk->world, 20000);
    carenet_table_unref(apply_in(desk, store, plan, cases));
    carenet_store_close(store);
    _exit(0);
}

static void
await(pid_t child)
{
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
race(gboolean send)
{
    g_autoptr(Desk) desk = desk_new(60, 40);
    g_autoptr(carenet_cases) cases = people(desk, 100, "");
    g_autoptr(carenet_cases) others =
        people(desk, 100, ", \"languages\": [\"ceb\"]"); /* the same people, asked otherwise */
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autoptr(carenet_plan) other = make_plan(desk, others);
    g_clear_pointer(&desk->store, carenet_store_close);
    desk->options.send = send;
    const pid_t children[] = {apply_beside(desk, plan, cases), apply_beside(desk, plan, cases),
                              apply_beside(desk, other, others)};
    for (gsize i = 0; i < G_N_ELEMENTS(children); i++)
        await(children[i]);
    desk->store = world_open(desk->world, 5000);
    world_check_ledger(desk->store);
    /* Each person once, whoever came first. */
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM referral"), 100);
    assert_int_equal(world_ask(desk->store, "SELECT count(DISTINCT case_id) FROM referral"), 100);
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM capacity WHERE total < (SELECT"
                                            " coalesce(sum(units), 0) FROM referral AS r"
                                            " WHERE r.offering_id = capacity.offering_id)"),
                     0);
}

static void
two_desks_refer_nobody_twice(void **state)
{
    (void)state;
    race(FALSE);
    race(TRUE);
}

/* Two lists want the same places; whoever comes late loses, and no place is given twice. */
static void
two_lists_never_share_a_place(void **state)
{
    (void)state;
    for (gint send = 0; send < 2; send++) {
        g_autoptr(Desk) desk = desk_new(50, 30);
        g_autoptr(carenet_cases) cases = people(desk, 80, "");
        g_autoptr(GString) renamed = g_string_new(NULL);
        for (guint i = 0; i < 80; i++)
            g_string_append_printf(renamed,
                                   "{\"ref\": \"D-%u\", \"area\": \"1030500000\", \"consent\":"
                                   " \"full\", \"needs\": [\"individual-counseling\"]}\n",
                                   i);
        g_autoptr(carenet_cases) others = read_cases(desk, renamed->str);
        g_autoptr(carenet_plan) plan = make_plan(desk, cases);
        g_autoptr(carenet_plan) other = make_plan(desk, others);
        desk->options.send = send == 1;
        g_clear_pointer(&desk->store, carenet_store_close);
        const pid_t children[] = {apply_beside(desk, plan, cases),
                                  apply_beside(desk, other, others)};
        await(children[0]);
        await(children[1]);
        desk->store = world_open(desk->world, 5000);
        world_check_ledger(desk->store);
        assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM referral"), 80);
        assert_int_equal(world_ask(desk->store,
                                   "SELECT count(*) FROM capacity WHERE total < (SELECT"
                                   " coalesce(sum(units), 0) FROM referral AS r"
                                   " WHERE r.offering_id = capacity.offering_id)"),
                         0);
    }
}

/* ---- Refused. */

static void
expect_error(const Desk *desk,
             const carenet_plan *plan,
             carenet_store *store,
             const carenet_cases *cases,
             carenet_error_code code)
{
    g_autoptr(GError) error = NULL;
    assert_null(
        carenet_plan_apply(plan, store, NULL, cases, &desk->options, &desk->acting, &error));
    assert_int_equal(carenet_error_get_code(error), code);
}

static void
what_cannot_be_applied_is_refused(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    g_autoptr(Desk) desk = desk_new(4, 0);
    g_autoptr(carenet_cases) cases = people(desk, 2, "");
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autofree char *path = g_build_filename(desk->world->folder, "live.db", NULL);
    carenet_store *live = cn_store_init_in(&desk->world->environment, path, CARENET_STORE_LIVE,
                                           desk->world->reference, 200, NULL);
    assert_non_null(live);
    expect_error(desk, plan, live, cases, CARENET_ERROR_REFUSED);
    carenet_store_close(live);
    expect_error(desk, NULL, desk->store, cases, CARENET_ERROR_INVALID_ARGUMENT);
    expect_error(desk, plan, NULL, cases, CARENET_ERROR_INVALID_ARGUMENT);
    expect_error(desk, plan, desk->store, NULL, CARENET_ERROR_INVALID_ARGUMENT);
    desk->acting.key = "mine";
    expect_error(desk, plan, desk->store, cases, CARENET_ERROR_INVALID_ARGUMENT);
    desk->acting.key = NULL;
    desk->options.hold_s = -1;
    expect_error(desk, plan, desk->store, cases, CARENET_ERROR_INVALID_ARGUMENT);
    desk->options.hold_s = 0;
    desk->acting.by_phone = true;
    expect_error(desk, plan, desk->store, cases, CARENET_ERROR_INVALID_ARGUMENT);
    g_autoptr(carenet_table) other = carenet_plan_table(plan, CARENET_PLAN_PRICES);
    assert_null(carenet_plan_lost(cases, other, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    assert_int_equal(world_ask(desk->store, "SELECT count(*) FROM referral"), 0);
}

/* ---- A store is live or a demonstration by what it is, though nobody is in it. */

static carenet_store *
empty_store(const Desk *desk, const char *name, carenet_store_kind kind)
{
    g_autofree char *path = g_build_filename(desk->world->folder, name, NULL);
    carenet_store *store =
        cn_store_init_in(&desk->world->environment, path, kind, desk->world->reference, 200, NULL);
    assert_non_null(store);
    return store;
}

static carenet_plan *
plan_of(Desk *desk, carenet_store *store, const carenet_cases *cases)
{
    carenet_store *own = desk->store;
    desk->store = store;
    carenet_plan *plan = make_plan(desk, cases);
    desk->store = own;
    return plan;
}

static void
an_empty_store_is_what_it_was_made_for(void **state)
{
    (void)state;
    g_autoptr(Desk) desk = desk_new(4, 0);
    g_autoptr(carenet_cases) cases = people(desk, 2, "");
    carenet_store *live = empty_store(desk, "live.db", CARENET_STORE_LIVE);
    carenet_store *demo = empty_store(desk, "demo.db", CARENET_STORE_DEMONSTRATION);
    g_autoptr(carenet_plan) plan = make_plan(desk, cases);
    g_autoptr(carenet_plan) of_live = plan_of(desk, live, cases);
    g_autoptr(carenet_plan) of_demo = plan_of(desk, demo, cases);
    expect_error(desk, of_live, demo, cases, CARENET_ERROR_REFUSED);
    expect_error(desk, of_demo, live, cases, CARENET_ERROR_REFUSED);
    g_autoptr(carenet_table) lost = apply_in(desk, demo, plan, cases);
    assert_int_equal(count(lost, "lost"), 2);
    g_autoptr(carenet_table) none = apply_in(desk, demo, of_demo, cases);
    assert_int_equal(carenet_table_rows_len(none), 0);
    carenet_store_close(demo);
    carenet_store_close(live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_becomes_drafts_once),
        cmocka_unit_test(nobody_is_referred_twice_by_two_plans),
        cmocka_unit_test(drafts_count_against_each_other),
        cmocka_unit_test(who_lost_is_told_and_routed_again),
        cmocka_unit_test(rules_are_looked_at_anew),
        cmocka_unit_test(a_case_that_changed_is_lost),
        cmocka_unit_test(what_is_sent_holds_its_place),
        cmocka_unit_test(nothing_is_sent_without_consent),
        cmocka_unit_test(who_waits_comes_first),
        cmocka_unit_test(siblings_go_together_or_not_at_all),
        cmocka_unit_test(siblings_who_were_referred_together_are_not_lost),
        cmocka_unit_test(who_must_be_apart_stays_apart_when_routed_again),
        cmocka_unit_test(a_dry_run_says_what_would_be_and_changes_nothing),
        cmocka_unit_test(who_stops_goes_on_with_the_same_plan),
        cmocka_unit_test(a_directory_that_moves_is_looked_at_anew),
        cmocka_unit_test(who_was_killed_goes_on_with_the_same_plan),
        cmocka_unit_test(two_desks_refer_nobody_twice),
        cmocka_unit_test(two_lists_never_share_a_place),
        cmocka_unit_test(what_cannot_be_applied_is_refused),
        cmocka_unit_test(an_empty_store_is_what_it_was_made_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
