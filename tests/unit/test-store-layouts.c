/* Stores that were made by carenets of earlier layouts, and are never made anew: every later carenet brings
 * them up to date, reads in them what was written, and goes on from there.
 *
 * fixtures/store-v2-referrals.db: of layout 2, made from that of layout 1 by the commands of then: referrals in every
 * state, holds that have ended and that have not, a waiting list, a redirection, consents, request keys.
 * What must be found stands in store-v2-referrals.txt; columns that came later are not looked at. */
#include "../support/referral-world.h"
#include "base/error.h"
#include "referral/referral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS 42u
/* 2026-11-16T13:00:00+08:00, twenty minutes after the last that was written. */
#define LATER_S G_GINT64_CONSTANT(1794805200)

static const char checkpoint[] =
    "42:84da9cc319dc3736a397017bed6a3225df3c9bb4e1bcea00d2e451e52f9d6e14";

static int
set_up(void **state)
{
    World *world = world_new();
    g_autofree char *from =
        g_build_filename(g_getenv("CARENET_TEST_SRC"), "fixtures", "store-v2-referrals.db", NULL);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(from, &bytes, &len, NULL));
    assert_true(g_file_set_contents_full(world->path, bytes, (gssize)len, G_FILE_SET_CONTENTS_NONE,
                                         0600, NULL));
    world->wall_s = LATER_S;
    *state = world;
    return 0;
}

static int
tear_down(void **state)
{
    world_free(*state);
    return 0;
}

static carenet_acting
acting_later(const char *key)
{
    carenet_acting acting = world_acting();
    acting.now_s = LATER_S;
    acting.key = key;
    return acting;
}

/* ---- What must be found. */

static void
say_cell(GString *out, const carenet_table *table, gsize row, const char *column)
{
    const ptrdiff_t at = carenet_table_column_index(table, column);
    assert_true(at >= 0);
    g_string_append_c(out, ' ');
    if (carenet_table_is_null(table, row, (size_t)at))
        g_string_append_c(out, '-');
    else if (carenet_table_column_type(table, (size_t)at) == CARENET_COLUMN_TEXT)
        g_string_append(out, carenet_table_get_text(table, row, (size_t)at));
    else if (carenet_table_column_type(table, (size_t)at) == CARENET_COLUMN_INT64)
        g_string_append_printf(out, "%" G_GINT64_FORMAT,
                               carenet_table_get_int64(table, row, (size_t)at));
    else
        g_string_append(out, carenet_table_get_bool(table, row, (size_t)at) ? "yes" : "no");
}

/* Takes the table. At most RECORDS rows: of the chain no more were written then. */
static void
say_table(GString *out, const char *what, const char *const *columns, carenet_table *table)
{
    assert_non_null(table);
    for (gsize row = 0; row < MIN(carenet_table_rows_len(table), RECORDS); row++) {
        g_string_append(out, what);
        for (gsize i = 0; columns[i] != NULL; i++)
            say_cell(out, table, row, columns[i]);
        g_string_append_c(out, '\n');
    }
    carenet_table_unref(table);
}

static char *
describe(carenet_store *store)
{
    static const char *const referrals[] = {
        "id",    "case",       "need",     "offering", "urgency", "units",           "state",
        "basis", "hold_until", "position", "reason",   "created", "redirected_from", NULL};
    static const char *const events[] = {"at", "actor", "from", "to", "reason", "by_phone", NULL};
    static const char *const places[] = {"offering", "unit",  "total",  "occupied", "held",
                                         "free",     "as_of", "source", "waiting",  NULL};
    static const char *const records[] = {"number",  "at",     "actor", "action",
                                          "subject", "detail", "hash",  NULL};
    carenet_referral_query query;
    GString *out = g_string_new(NULL);
    carenet_referral_query_init(&query);
    query.now_s = LATER_S;
    say_table(out, "referral", referrals, carenet_referral_list(store, &query, NULL));
    for (guint i = 1; i <= 19; i++) {
        g_autofree char *id = g_strdup_printf("R-%u", i);
        carenet_table *history = NULL;
        carenet_table_unref(carenet_referral_get(store, id, LATER_S, &history, NULL));
        say_table(out, id, events, history);
    }
    say_table(out, "places", places, carenet_capacity(store, NULL, LATER_S, NULL));
    say_table(out, "record", records, carenet_audit_list(store, NULL, 0, NULL));
    return g_string_free(out, FALSE);
}

static void
what_was_written_is_read(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_open(world, 200);
    g_autofree char *path =
        g_build_filename(g_getenv("CARENET_TEST_SRC"), "fixtures", "store-v2-referrals.txt", NULL);
    g_autofree char *found = describe(store), *expected = NULL;
    assert_int_equal(world_ask(store, "PRAGMA user_version"), (gint64)cn_migrations_len);
    assert_true(g_file_get_contents(path, &expected, NULL, NULL));
    assert_string_equal(found, expected);
}

/* Where survivors lived was not written then, and is not known now. */
static void
homes_are_not_made_up(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = world_open(world, 200);
    g_autoptr(carenet_table) rows = carenet_referral_list(store, NULL, &error);
    assert_int_equal(carenet_table_rows_len(rows), 19);
    for (gsize i = 0; i < 19; i++)
        assert_true(
            carenet_table_is_null(rows, i, (size_t)carenet_table_column_index(rows, "home")));
    assert_int_equal(world_ask(store, "SELECT count(home) FROM referral"), 0);
}

/* The chain of then fits, also to the checkpoint of then, whatever a migration appends. */
static void
the_chain_of_then_fits(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    carenet_chain chain;
    carenet_chain_init(&chain);
    g_autoptr(carenet_store) store = world_open(world, 200);
    assert_true(carenet_audit_verify(store, checkpoint, &chain, &error));
    assert_int_equal(chain.broken_at, 0);
    assert_true(chain.records >= RECORDS);
    g_autoptr(carenet_table) found = carenet_store_check(store, LATER_S, &error);
    assert_non_null(found);
    for (gsize i = 0; i < carenet_table_rows_len(found); i++) {
        const char *check = carenet_table_get_text(found, i, 0);
        if (strcmp(check, "ledger") == 0 || strcmp(check, "audit") == 0 ||
            strcmp(check, "references") == 0 || strcmp(check, "file") == 0)
            assert_string_equal(carenet_table_get_text(found, i, 1), "ok");
    }
}

/* ---- Going on. */

static void
expect_state(carenet_table *row, const char *state, const GError *error)
{
    if (row == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(world_text(row, "state"), state);
    carenet_table_unref(row);
}

static void
referrals_go_on(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = acting_later(NULL);
    g_autoptr(carenet_store) store = world_open(world, 200);
    expect_state(carenet_referral_send_draft(store, "R-11", 0, NULL, &acting, &error), "sent",
                 error);
    expect_state(carenet_referral_accept(store, "R-2", &acting, &error), "accepted", error);
    expect_state(carenet_referral_start(store, "R-3", &acting, &error), "started", error);
    expect_state(carenet_referral_complete(store, "R-4", "met", NULL, &acting, &error), "completed",
                 error);
    expect_state(carenet_referral_cancel(store, "R-10", "safety", &acting, &error), "cancelled",
                 error);
    /* What has ended stays so. */
    assert_null(carenet_referral_accept(store, "R-12", &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
    /* What was held in layout 1 is nobody's; all else is that of the holds. */
    assert_int_equal(world_ask(store, "SELECT count(*) FROM capacity AS c WHERE held <>"
                                      " (SELECT coalesce(sum(units), 0) FROM hold AS h"
                                      "  WHERE h.offering_id = c.offering_id) +"
                                      " (SELECT coalesce(sum(held), 0) FROM capacity_opening AS o"
                                      "  WHERE o.offering_id = c.offering_id)"),
                     0);
}

/* Who waits gets the place that comes free: the emergency first. */
static void
who_waited_is_served(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    const carenet_acting acting = acting_later(NULL);
    g_autoptr(carenet_store) store = world_open(world, 200);
    g_autoptr(carenet_table) row =
        carenet_referral_cancel(store, "R-13", "no-longer-needed", &acting, &error);
    assert_non_null(row);
    const size_t at = (size_t)carenet_table_column_index(row, "offered");
    assert_int_equal(carenet_table_list_len(row, 0, at), 1);
    assert_string_equal(carenet_table_list_get(row, 0, at, 0), "R-15");
}

/* The request that was made then is answered as it was then. */
static void
a_request_of_then_is_answered(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    static const char text[] = "{ref: V-04, area: \"1030500000\", age: 15, sex: female,"
                               " languages: [ceb], consent: full,"
                               " needs: [{service: case-management, urgency: routine}]}";
    carenet_acting acting = acting_later("key-04");
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = "ex-sec-office/case-management";
    to.hold_s = 72 * 3600;
    g_autoptr(carenet_store) store = world_open(world, 200);
    g_autoptr(carenet_cases) cases = carenet_cases_parse(
        world->reference, text, strlen(text), "case", CARENET_CASES_STRICT, NULL, &error);
    g_autoptr(carenet_table) row = carenet_referral_send(store, cases, 0, &to, &acting, &error);
    if (row == NULL)
        fail_msg("%s", error->message);
    assert_string_equal(world_text(row, "id"), "R-4");
    assert_string_equal(world_text(row, "state"), "sent");
    acting.key = "key-05";
    assert_null(carenet_referral_send(store, cases, 0, &to, &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_was_written_is_read), T(homes_are_not_made_up), T(the_chain_of_then_fits),
        T(referrals_go_on),          T(who_waited_is_served),  T(a_request_of_then_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
