/* Disclosure, the safety check, sealed facts and erasure through the public functions: what is given out,
 * what is refused, what stands in the chain, and what an erased case leaves. */
#include "../support/random-network.h"
#include "base/error.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#define SITE "sec-shelter/emergency-shelter/girls"

typedef struct {
    CnReference *reference;
    char *folder, *path, *key_file;
    carenet_store *store;
    carenet_key *key;
    carenet_acting acting;
} Fixture;

static void
ok(gboolean done, GError *error)
{
    if (!done)
        fail_msg("%s", error != NULL ? error->message : "?");
}

static void
expect(carenet_table *row, GError **error, carenet_error_code code)
{
    assert_null(row);
    assert_non_null(*error);
    if (carenet_error_get_code(*error) != code)
        fail_msg("%s: %s", carenet_error_code_name(carenet_error_get_code(*error)),
                 (*error)->message);
    assert_null(strstr((*error)->message, "CANARY"));
    g_clear_error(error);
}

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    const char *src = g_getenv("CARENET_TEST_SRC");
    g_autofree char *file =
        g_build_filename(src != NULL ? src : "tests", "fixtures", "store-secrets.yaml", NULL);
    GError *error = NULL;
    carenet_store_options options;
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->key_file = g_build_filename(fixture->folder, "network.key", NULL);
    carenet_store_options_init(&options);
    options.reference = fixture->reference;
    fixture->store =
        carenet_store_init(fixture->path, CARENET_STORE_DEMONSTRATION, &options, &error);
    ok(fixture->store != NULL, error);
    fixture->key = carenet_key_create(fixture->key_file, &error);
    ok(fixture->key != NULL, error);
    carenet_acting_init(&fixture->acting);
    fixture->acting.actor = "council";
    /* An import goes by the clock of the machine, and no clock goes back. */
    fixture->acting.now_s = g_get_real_time() / G_USEC_PER_SEC + 60;
    carenet_table *row = carenet_store_seal(fixture->store, fixture->key, &fixture->acting, &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
    ok(carenet_store_import(fixture->store, (const char *const[]){file}, 1, NULL, NULL, NULL,
                            &error),
       error);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    carenet_key_free(fixture->key);
    carenet_store_close(fixture->store);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture->key_file);
    g_free(fixture);
    return 0;
}

/* (transfer full) */
static carenet_cases *
make_case(Fixture *fixture, const char *ref, const char *avoid)
{
    GError *error = NULL;
    g_autofree char *text = g_strdup_printf(
        "ref: %s\narea: \"1030500000\"\nage: 12\nsex: female\ngroups: [deaf]\nlanguages: [ceb]\n"
        "needs: [{service: emergency-shelter, urgency: urgent}]\nconsent: full\n"
        "offender: {areas: [%s]}\n",
        ref, avoid);
    carenet_cases *cases = carenet_cases_parse(fixture->reference, text, strlen(text), "case.yaml",
                                               CARENET_CASES_STRICT, NULL, &error);
    ok(cases != NULL, error);
    return cases;
}

static void
refer(Fixture *fixture, const char *ref, const char *id)
{
    GError *error = NULL;
    carenet_referral_options to;
    carenet_cases *cases = make_case(fixture, ref, "");
    carenet_referral_options_init(&to);
    to.offering = SITE;
    carenet_acting acting = fixture->acting;
    acting.key = id;
    carenet_table *row = carenet_referral_send(fixture->store, cases, 0, &to, &acting, &error);
    ok(row != NULL, error);
    assert_string_equal(carenet_table_get_text(row, 0, 0), id);
    carenet_table_unref(row);
    carenet_cases_unref(cases);
}

static carenet_table *
disclose(Fixture *fixture, const char *id, GError **error)
{
    return carenet_site_disclose(fixture->store, id, "worker-7", fixture->key, &fixture->acting,
                                 error);
}

typedef carenet_table *(*Verb)(carenet_store *store,
                               const char *id,
                               const carenet_acting *acting,
                               carenet_error **error);

static void
move(Fixture *fixture, Verb verb, const char *id)
{
    GError *error = NULL;
    carenet_table *row = verb(fixture->store, id, &fixture->acting, &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
}

static void
cancel(Fixture *fixture, const char *id)
{
    GError *error = NULL;
    carenet_table *row =
        carenet_referral_cancel(fixture->store, id, "no-longer-needed", &fixture->acting, &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
}

static const char *
text(const carenet_table *table, const char *column)
{
    return carenet_table_get_text(table, 0, (size_t)carenet_table_column_index(table, column));
}

static gint64
records_of(Fixture *fixture, const char *action)
{
    gint64 count = 0;
    g_autofree char *sql =
        g_strdup_printf("SELECT count(*) FROM audit_record WHERE action = '%s'", action);
    assert_true(cn_store_ask_int(fixture->store, sql, &count, NULL));
    return count;
}

/* ---- Disclosure. */

static void
test_only_while_somebody_helps(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    refer(fixture, "C-1", "R-1");
    expect(disclose(fixture, "R-1", &error), &error, CARENET_ERROR_STATE);
    move(fixture, carenet_referral_receive, "R-1");
    expect(disclose(fixture, "R-1", &error), &error, CARENET_ERROR_STATE);
    assert_int_equal(records_of(fixture, "disclose"), 0);
    move(fixture, carenet_referral_accept, "R-1");
    carenet_acting dry = fixture->acting;
    dry.dry_run = true;
    carenet_table *row =
        carenet_site_disclose(fixture->store, "R-1", "worker-7", fixture->key, &dry, &error);
    ok(row != NULL, error);
    assert_null(text(row, "address"));
    assert_null(text(row, "name"));
    assert_null(text(row, "area"));
    carenet_table_unref(row);
    assert_int_equal(records_of(fixture, "disclose"), 0);
    row = disclose(fixture, "R-1", &error);
    ok(row != NULL, error);
    assert_string_equal(text(row, "address"), "7 CANARY Street, Barangay CANARY");
    assert_string_equal(text(row, "to"), "worker-7");
    carenet_table_unref(row);
    assert_int_equal(records_of(fixture, "disclose"), 1);
    move(fixture, carenet_referral_start, "R-1");
    row = disclose(fixture, "R-1", &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
    cancel(fixture, "R-1");
    expect(disclose(fixture, "R-1", &error), &error, CARENET_ERROR_STATE);
    assert_int_equal(records_of(fixture, "disclose"), 2);
}

static void
test_who_may_not(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    g_autofree char *other_file = g_build_filename(fixture->folder, "other.key", NULL);
    refer(fixture, "C-1", "R-1");
    move(fixture, carenet_referral_accept, "R-1");
    carenet_key *other = carenet_key_create(other_file, &error);
    expect(
        carenet_site_disclose(fixture->store, "R-1", "worker-7", other, &fixture->acting, &error),
        &error, CARENET_ERROR_REFUSED);
    static const char *const workers[] = {"", "Maria Santos", "a/b", "x\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(workers); i++)
        expect(carenet_site_disclose(fixture->store, "R-1", workers[i], fixture->key,
                                     &fixture->acting, &error),
               &error, CARENET_ERROR_INVALID_ARGUMENT);
    expect(disclose(fixture, "R-2", &error), &error, CARENET_ERROR_NOT_FOUND);
    expect(disclose(fixture, "sec-shelter", &error), &error, CARENET_ERROR_NOT_FOUND);
    expect(carenet_site_disclose(fixture->store, "R-1", "w", NULL, &fixture->acting, &error),
           &error, CARENET_ERROR_INVALID_ARGUMENT);
    assert_int_equal(records_of(fixture, "disclose"), 0);
    /* A box that was changed gives nothing out, and leaves no record that it did. */
    assert_true(cn_store_exec(fixture->store,
                              "UPDATE provider_seal SET box = zeroblob(112) WHERE field = 'phone'",
                              NULL));
    expect(disclose(fixture, "R-1", &error), &error, CARENET_ERROR_CORRUPT);
    assert_int_equal(records_of(fixture, "disclose"), 0);
    carenet_key_free(other);
}

/* ---- Safety. */

static carenet_table *
ask_safety(Fixture *fixture, const char *avoid, GError **error)
{
    carenet_cases *cases = make_case(fixture, "C-1", avoid);
    carenet_table *row = carenet_site_check_safety(fixture->store, cases, 0, SITE, fixture->key,
                                                   &fixture->acting, error);
    carenet_cases_unref(cases);
    return row;
}

static void
expect_safety(Fixture *fixture, const char *avoid, gboolean safe)
{
    GError *error = NULL;
    carenet_table *row = ask_safety(fixture, avoid, &error);
    ok(row != NULL, error);
    const size_t column = (size_t)carenet_table_column_index(row, "safe");
    assert_int_equal(carenet_table_get_bool(row, 0, column), safe);
    carenet_table_unref(row);
}

static void
test_safety_and_its_limit(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    expect_safety(fixture, "", TRUE); /* nobody looked */
    assert_int_equal(records_of(fixture, "safety-check"), 0);
    expect_safety(fixture, "\"1030500000\"", FALSE); /* its town */
    expect_safety(fixture, "\"1030900000\"", TRUE);  /* another one */
    expect_safety(fixture, "\"1030900000\", \"1030500000\"", FALSE);
    expect_safety(fixture, "\"1000000000\"", FALSE); /* its region */
    expect_safety(fixture, "\"1300000000\"", TRUE);
    assert_int_equal(records_of(fixture, "safety-check"), 5);
    expect(ask_safety(fixture, "\"1030500000\"", &error), &error, CARENET_ERROR_REFUSED);
    assert_int_equal(records_of(fixture, "safety-check"), 5);
    fixture->acting.now_s += 86400 + 1;
    expect_safety(fixture, "\"1030500000\"", FALSE);
    /* No record tells what was answered, nor what was asked. */
    gint64 told = 0;
    assert_true(cn_store_ask_int(fixture->store,
                                 "SELECT count(DISTINCT detail) FROM audit_record"
                                 " WHERE action = 'safety-check'",
                                 &told, NULL));
    assert_int_equal(told, 1);
}

/* ---- To refer asks the same. */

#define NEAR "\"1030500000\""
#define FAR  "\"1030900000\""

typedef struct {
    const carenet_key *key;
    gboolean dry_run, despite;
    const char *request;
} How;

static carenet_table *
send_with(Fixture *fixture, carenet_cases *cases, How how, GError **error)
{
    carenet_referral_options to;
    carenet_acting acting = fixture->acting;
    carenet_referral_options_init(&to);
    to.offering = SITE;
    to.site_key = how.key;
    to.despite = how.despite;
    acting.dry_run = how.dry_run;
    acting.key = how.request;
    carenet_table *row = carenet_referral_send(fixture->store, cases, 0, &to, &acting, error);
    carenet_cases_unref(cases);
    return row;
}

static void
expect_counts(Fixture *fixture, gint64 looks, gint64 referrals)
{
    gint64 count = -1;
    assert_int_equal(records_of(fixture, "safety-check"), looks);
    assert_true(cn_store_ask_int(fixture->store, "SELECT count(*) FROM referral", &count, NULL));
    assert_int_equal(count, referrals);
    carenet_chain chain;
    carenet_chain_init(&chain);
    assert_true(carenet_audit_verify(fixture->store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
}

/* The error that it ends with; (transfer full) */
static char *
refuse_with(Fixture *fixture, carenet_cases *cases, How how, carenet_error_code code)
{
    GError *error = NULL;
    carenet_table *row = send_with(fixture, cases, how, &error);
    char *message = g_strdup(error != NULL ? error->message : NULL);
    expect(row, &error, code);
    return message;
}

static void
test_refer_looks_at_the_site(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    const How with_key = {.key = fixture->key};
    g_autofree char *without =
        refuse_with(fixture, make_case(fixture, "C-1", FAR), (How){0}, CARENET_ERROR_REFUSED);
    assert_true(g_str_has_suffix(without, "[safety-check]"));
    expect_counts(fixture, 0, 0);
    for (gint i = 0; i < 2; i++) {
        const How how = {.key = fixture->key, .despite = i > 0};
        g_autofree char *near =
            refuse_with(fixture, make_case(fixture, "C-1", NEAR), how, CARENET_ERROR_REFUSED);
        assert_string_equal(near, SITE " is refused: not for this case [safety]");
    }
    expect_counts(fixture, 2, 0);
    carenet_table *row = send_with(fixture, make_case(fixture, "C-1", FAR), with_key, &error);
    ok(row != NULL, error);
    assert_string_equal(text(row, "state"), "sent");
    carenet_table_unref(row);
    expect_counts(fixture, 3, 1);
    /* It was looked at before it was sent. */
    gint64 first = 0;
    assert_true(cn_store_ask_int(fixture->store,
                                 "SELECT (SELECT number FROM audit_record WHERE action = 'refer')"
                                 " - (SELECT max(number) FROM audit_record"
                                 "    WHERE action = 'safety-check')",
                                 &first, NULL));
    assert_int_equal(first, 1);
}

/* A dry run says the same of every site, and leaves nothing. */
static void
test_refer_tells_nothing_in_a_dry_run(void **state)
{
    Fixture *fixture = *state;
    const How how = {.key = fixture->key, .dry_run = TRUE};
    g_autofree char *near =
        refuse_with(fixture, make_case(fixture, "C-1", NEAR), how, CARENET_ERROR_REFUSED);
    g_autofree char *far =
        refuse_with(fixture, make_case(fixture, "C-1", FAR), how, CARENET_ERROR_REFUSED);
    assert_string_equal(near, SITE " is refused: in a dry run nobody looks where it is");
    assert_string_equal(near, far);
    expect_counts(fixture, 0, 0);
}

/* Nobody looks where nothing is to be looked at, or something else speaks against it. */
static void
test_refer_looks_only_where_it_must(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    g_autofree char *other_file = g_build_filename(fixture->folder, "other.key", NULL);
    carenet_key *other = carenet_key_create(other_file, &error);
    static const char old[] = "ref: C-2\narea: \"1030500000\"\nage: 30\nsex: female\n"
                              "groups: [deaf]\nneeds: [emergency-shelter]\nconsent: full\n"
                              "offender: {areas: [\"1030900000\"]}\n";
    carenet_cases *grown = carenet_cases_parse(fixture->reference, old, strlen(old), "case.yaml",
                                               CARENET_CASES_STRICT, NULL, &error);
    ok(grown != NULL, error);
    g_autofree char *age =
        refuse_with(fixture, grown, (How){.key = fixture->key}, CARENET_ERROR_STATE);
    assert_true(g_str_has_suffix(age, "[age]"));
    g_autofree char *wrong = refuse_with(fixture, make_case(fixture, "C-1", FAR),
                                         (How){.key = other}, CARENET_ERROR_REFUSED);
    assert_null(strstr(wrong, "safety"));
    expect_counts(fixture, 0, 0);
    carenet_table *row =
        send_with(fixture, make_case(fixture, "C-1", ""), (How){.key = fixture->key}, &error);
    ok(row != NULL, error);
    carenet_table_unref(row);
    expect_counts(fixture, 0, 1);
    carenet_key_free(other);
}

/* Whoever learns that there is no place has learnt that the site is safe: the record stays. */
static void
test_what_was_looked_at_stays_recorded(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    const How with_key = {.key = fixture->key};
    refer(fixture, "C-1", "R-1"); /* the last place */
    g_autofree char *full =
        refuse_with(fixture, make_case(fixture, "C-2", FAR), with_key, CARENET_ERROR_CAPACITY);
    assert_non_null(full);
    expect_counts(fixture, 1, 1);
    gint64 cases = 0;
    assert_true(cn_store_ask_int(fixture->store, "SELECT count(*) FROM case_record", &cases, NULL));
    assert_int_equal(cases, 1);
    cancel(fixture, "R-1");
    const How once = {.key = fixture->key, .request = "once"};
    for (gint i = 0; i < 2; i++) {
        carenet_table *row = send_with(fixture, make_case(fixture, "C-2", FAR), once, &error);
        ok(row != NULL, error);
        assert_string_equal(text(row, "id"), "R-2");
        carenet_table_unref(row);
    }
    /* The second time nobody looked. */
    expect_counts(fixture, 2, 2);
    for (gint i = 0; i < 3; i++)
        g_free(
            refuse_with(fixture, make_case(fixture, "C-3", NEAR), with_key, CARENET_ERROR_REFUSED));
    expect_counts(fixture, 5, 2);
    g_autofree char *often =
        refuse_with(fixture, make_case(fixture, "C-3", FAR), with_key, CARENET_ERROR_REFUSED);
    assert_non_null(strstr(often, "5 times within a day"));
    expect_counts(fixture, 5, 2);
}

/* ---- Facts and erasure. */

static carenet_table *
facts(Fixture *fixture, const char *id, GError **error)
{
    return carenet_referral_facts(fixture->store, id, fixture->key, &fixture->acting, error);
}

static void
exec(Fixture *fixture, const char *sql)
{
    GError *error = NULL;
    ok(cn_store_exec(fixture->store, sql, &error), error);
}

static void
test_facts_are_bound_to_their_case(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    refer(fixture, "C-1", "R-1");
    cancel(fixture, "R-1");
    refer(fixture, "C-2", "R-2");
    carenet_table *rows = facts(fixture, "R-1", &error);
    ok(rows != NULL, error);
    assert_string_equal(carenet_table_get_text(rows, 0, 1), "emergency-shelter");
    carenet_table_unref(rows);
    assert_int_equal(records_of(fixture, "read-facts"), 1);
    exec(fixture, "UPDATE referral SET facts = (SELECT facts FROM referral WHERE number = 2)"
                  " WHERE number = 1");
    expect(facts(fixture, "R-1", &error), &error, CARENET_ERROR_CORRUPT);
    exec(fixture, "UPDATE case_record SET secret_box = (SELECT secret_box FROM case_record"
                  " WHERE ref = 'C-2') WHERE ref = 'C-1'");
    expect(facts(fixture, "R-1", &error), &error, CARENET_ERROR_CORRUPT);
    assert_int_equal(records_of(fixture, "read-facts"), 1);
}

static carenet_table *
erase(Fixture *fixture, const char *ref, GError **error)
{
    return carenet_case_erase(fixture->store, ref, &fixture->acting, error);
}

static void
expect_erased(carenet_table *row, GError *error, int64_t cases, int64_t referrals)
{
    ok(row != NULL, error);
    assert_int_equal(carenet_table_get_int64(row, 0, 1), cases);
    assert_int_equal(carenet_table_get_int64(row, 0, 2), referrals);
    carenet_table_unref(row);
}

/* What was copied before opens no more: not even with the key of the network. */
static void
test_an_erased_case_is_noise(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    carenet_chain chain;
    refer(fixture, "C-1", "R-1");
    expect(erase(fixture, "C-1", &error), &error, CARENET_ERROR_STATE);
    cancel(fixture, "R-1");
    refer(fixture, "C-1", "R-2");
    cancel(fixture, "R-2");
    refer(fixture, "C-2", "R-3");
    exec(fixture, "CREATE TABLE stolen AS SELECT number, facts FROM referral");
    expect_erased(erase(fixture, "C-1", &error), error, 1, 2);
    expect(facts(fixture, "R-1", &error), &error, CARENET_ERROR_NOT_FOUND);
    exec(fixture, "UPDATE referral SET facts = (SELECT facts FROM stolen AS s"
                  " WHERE s.number = referral.number)");
    expect(facts(fixture, "R-1", &error), &error, CARENET_ERROR_NOT_FOUND);
    carenet_table *others = facts(fixture, "R-3", &error);
    ok(others != NULL, error);
    carenet_table_unref(others);
    /* Done again it changes nothing, and the same reference may come again. */
    expect_erased(erase(fixture, "C-1", &error), error, 0, 0);
    assert_int_equal(records_of(fixture, "erase"), 1);
    gint64 requests = -1;
    assert_true(cn_store_ask_int(fixture->store, "SELECT count(*) FROM request", &requests, NULL));
    assert_int_equal(requests, 1);
    carenet_chain_init(&chain);
    ok(carenet_audit_verify(fixture->store, NULL, &chain, &error), error);
    assert_int_equal(chain.broken_at, 0);
    cancel(fixture, "R-3");
    refer(fixture, "C-1", "R-4");
}

static void
test_purge_by_day(void **state)
{
    Fixture *fixture = *state;
    GError *error = NULL;
    const int64_t first_s = fixture->acting.now_s;
    refer(fixture, "C-1", "R-1");
    cancel(fixture, "R-1");
    refer(fixture, "C-2", "R-2");
    cancel(fixture, "R-2");
    fixture->acting.now_s += (gint64)40 * 86400;
    refer(fixture, "C-2", "R-3"); /* goes on */
    expect_erased(carenet_store_purge(fixture->store, first_s, &fixture->acting, &error), error, 0,
                  0);
    expect(carenet_store_purge(fixture->store, fixture->acting.now_s + 1, &fixture->acting, &error),
           &error, CARENET_ERROR_INVALID_ARGUMENT);
    carenet_acting dry = fixture->acting;
    dry.dry_run = true;
    expect_erased(carenet_store_purge(fixture->store, first_s + 86400, &dry, &error), error, 1, 1);
    expect_erased(carenet_store_purge(fixture->store, first_s + 86400, &fixture->acting, &error),
                  error, 1, 1);
    expect(facts(fixture, "R-2", &error), &error, CARENET_ERROR_NOT_FOUND);
    carenet_table *rows = facts(fixture, "R-3", &error);
    ok(rows != NULL, error);
    carenet_table_unref(rows);
    expect_erased(carenet_store_purge(fixture->store, first_s + 86400, &fixture->acting, &error),
                  error, 0, 0);
    /* Nobody answers R-3 in time: it has ended, though nobody wrote it down. */
    fixture->acting.now_s += (gint64)400 * 86400;
    expect_erased(erase(fixture, "C-2", &error), error, 1, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_only_while_somebody_helps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_may_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_safety_and_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refer_looks_at_the_site, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refer_tells_nothing_in_a_dry_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refer_looks_only_where_it_must, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_was_looked_at_stays_recorded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_facts_are_bound_to_their_case, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_erased_case_is_noise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_purge_by_day, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
