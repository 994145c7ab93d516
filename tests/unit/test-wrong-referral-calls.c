/* Wrong calls of the functions of the ledger, referrals, keys, disclosure and the audit chain; see test-wrong-store-calls.c. */
#include "../support/random-network.h"
#include "../support/wrong-calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

/* ---- The ledger. */

static const char *const no_ids[] = {"",   "nobody", "nobody/nothing",         BYTES, "a\nb",
                                     "R-", "R--1",   "R-99999999999999999999", "H-0"};

static void
places(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_capacity_report report, spoilt;
    carenet_capacity_report_init(&report);
    WRONG(carenet_capacity_set(c->store, SITE, &report, acting, E));
    report.total = 3;
    WRONG(carenet_capacity_set(c->store, NULL, &report, acting, E));
    WRONG(carenet_capacity_set(c->store, SITE, NULL, acting, E));
    const gint64 numbers[] = {-2, 1000001, INT64_MAX, INT64_MIN};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        spoilt = report, spoilt.total = numbers[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        spoilt = report, spoilt.occupied = numbers[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        spoilt = report, spoilt.wait_days = numbers[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        WRONG(carenet_capacity_hold(c->store, SITE, numbers[i], 0, acting, E));
        if (numbers[i] != 1000001)
            WRONG(carenet_capacity_hold(c->store, SITE, 1, numbers[i], acting, E));
    }
    WRONG(carenet_capacity_hold(c->store, SITE, 0, 0, acting, E));
    const char *const sources[] = {NULL, "", "rumour", BYTES};
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        spoilt = report, spoilt.source = sources[i];
        WRONG(carenet_capacity_set(c->store, SITE, &spoilt, acting, E));
        WRONG(carenet_verify(c->store, "sec-shelter", sources[i], acting, E));
    }
    WRONG(carenet_capacity_hold(c->store, NULL, 1, 0, acting, E));
    WRONG(carenet_capacity_release(c->store, NULL, acting, E));
    WRONG(carenet_verify(c->store, NULL, "phone", acting, E));
    for (gsize i = 0; i < G_N_ELEMENTS(no_ids); i++) {
        FAILS(NOT_FOUND, carenet_capacity(c->store, no_ids[i], INT64_MIN, E));
        FAILS(NOT_FOUND, carenet_capacity_set(c->store, no_ids[i], &report, acting, E));
        FAILS(NOT_FOUND, carenet_capacity_hold(c->store, no_ids[i], 1, 0, acting, E));
        FAILS(NOT_FOUND, carenet_capacity_release(c->store, no_ids[i], acting, E));
        FAILS(NOT_FOUND, carenet_verify(c->store, no_ids[i], "phone", acting, E));
    }
    FAILS(NOT_FOUND, carenet_capacity_set(c->store, c->long_word, &report, acting, E));
    FAILS(NOT_FOUND, carenet_capacity_release(c->store, c->long_word, acting, E));
    FAILS(STORAGE, carenet_capacity_set(c->reader, SITE, &report, acting, E));
    FAILS(STORAGE, carenet_capacity_hold(c->reader, SITE, 1, 0, acting, E));
    FAILS(STORAGE, carenet_verify(c->reader, "sec-shelter", "phone", acting, E));
    const gint32 days[] = {0, -1, 367, G_MAXINT32, G_MININT32};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++)
        WRONG(carenet_due(c->store, days[i], INT64_MIN, E));
    wrong_check_all(c);
}

/* ---- Referrals. */

static void
sending(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_referral_options to, spoilt;
    carenet_referral_options_init(&to);
    WRONG(carenet_referral_send(c->store, c->cases, 2, &to, acting, E));
    to.offering = SITE;
    WRONG(carenet_referral_send(c->store, NULL, 0, &to, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 2, NULL, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 3, &to, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, SIZE_MAX, &to, acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 1, &to, acting, E)); /* which need? */
    WRONG(carenet_referral_send(c->store, c->foreign_cases, 0, &to, acting, E));
    const gint64 holds[] = {-1, INT64_MIN, INT64_MAX, 367 * 86400};
    for (gsize i = 0; i < G_N_ELEMENTS(holds); i++) {
        spoilt = to, spoilt.hold_s = holds[i];
        WRONG(carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
        WRONG(carenet_referral_send_draft(c->store, "R-2", holds[i], NULL, acting, E));
    }
    const char *const words[] = {"", "because", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        spoilt = to, spoilt.ground = words[i];
        WRONG(carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
        WRONG(carenet_referral_send_draft(c->store, "R-2", 0, words[i], acting, E));
        spoilt = to, spoilt.service = words[i];
        FAILS(NOT_FOUND, carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
        spoilt = to, spoilt.offering = words[i];
        FAILS(NOT_FOUND, carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
    }
    spoilt = to, spoilt.offering = OFFICE; /* which gives something else */
    FAILS(STATE, carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
    spoilt.despite = true;
    WRONG(carenet_referral_send(c->store, c->cases, 2, &spoilt, acting, E));
    FAILS(STORAGE, carenet_referral_send(c->reader, c->cases, 2, &to, acting, E));
    FAILS(CONFLICT, carenet_referral_send(c->store, c->cases, 0, &to, acting, E));
    wrong_check_all(c);
}

static void
referrals_that_are_none(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    const char *const ids[] = {NULL,   "",     "nobody",    BYTES,  "R-",
                               "R--1", "R-0",  "R-1x",      " R-1", "R-99999999999999999999",
                               "H-1",  "R-99", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        const char *id = ids[i];
#define NONE(call)                  \
    do {                            \
        if (id == NULL)             \
            WRONG(call);            \
        else                        \
            FAILS(NOT_FOUND, call); \
    } while (0)
        NONE(carenet_referral_send_draft(c->store, id, 0, NULL, acting, E));
        NONE(carenet_referral_receive(c->store, id, acting, E));
        NONE(carenet_referral_accept(c->store, id, acting, E));
        NONE(carenet_referral_start(c->store, id, acting, E));
        NONE(carenet_referral_decline(c->store, id, "full", acting, E));
        NONE(carenet_referral_redirect(c->store, id, OFFICE, NULL, acting, E));
        NONE(carenet_referral_waitlist(c->store, id, acting, E));
        NONE(carenet_referral_complete(c->store, id, NULL, NULL, acting, E));
        NONE(carenet_referral_cancel(c->store, id, "no-longer-needed", acting, E));
        NONE(carenet_referral_get(c->store, id, INT64_MIN, NULL, E));
        NONE(carenet_site_disclose(c->store, id, "worker-7", c->key, acting, E));
        NONE(carenet_referral_facts(c->store, id, c->key, acting, E));
    }
    wrong_check_all(c);
}

/* R-1 has started, R-2 is a draft. */
static void
verbs(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    FAILS(STATE, carenet_referral_send_draft(c->store, "R-1", 0, NULL, acting, E));
    FAILS(STATE, carenet_referral_receive(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_accept(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_receive(c->store, "R-2", acting, E));
    FAILS(STATE, carenet_referral_accept(c->store, "R-2", acting, E));
    FAILS(STATE, carenet_referral_start(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_start(c->store, "R-2", acting, E));
    FAILS(STATE, carenet_referral_decline(c->store, "R-1", "full", acting, E));
    FAILS(STATE, carenet_referral_redirect(c->store, "R-1", OFFICE, NULL, acting, E));
    FAILS(STATE, carenet_referral_waitlist(c->store, "R-1", acting, E));
    FAILS(STATE, carenet_referral_complete(c->store, "R-2", NULL, NULL, acting, E));
    const char *const words[] = {"", "because", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        WRONG(carenet_referral_cancel(c->store, "R-1", words[i], acting, E));
        WRONG(carenet_referral_complete(c->store, "R-1", NULL, words[i], acting, E));
        WRONG(carenet_referral_complete(c->store, "R-1", words[i], NULL, acting, E));
    }
    WRONG(carenet_referral_cancel(c->store, "R-1", NULL, acting, E));
    WRONG(carenet_referral_complete(c->store, "R-1", "met", "no-longer-needed", acting, E));
    FAILS(STORAGE, carenet_referral_complete(c->reader, "R-1", NULL, NULL, acting, E));
    assert_null(carenet_referral_reason(SIZE_MAX));
    wrong_check_all(c);
}

static void
lists_of_referrals(void **state)
{
    Calls *c = *state;
    carenet_referral_query query;
    carenet_referral_query_init(&query);
    const char *const words[] = {"", "asleep", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        query.state = words[i];
        WRONG(carenet_referral_list(c->store, &query, E));
    }
    carenet_referral_query_init(&query);
    query.size = 0;
    WRONG(carenet_referral_list(c->store, &query, E));
    carenet_referral_query_init(&query);
    query.case_ref = BYTES, query.provider = c->long_word, query.offering = "";
    query.limit = SIZE_MAX;
    carenet_table *nobody = carenet_referral_list(c->store, &query, NULL);
    assert_int_equal(carenet_table_rows_len(nobody), 0);
    carenet_table_unref(nobody);
    wrong_check_all(c);
}

/* ---- Keys, disclosure and erasure. */

static void
keys(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    g_autofree char *text_file = wrong_in_folder(c, "terms.yaml");
    g_autofree char *missing = wrong_in_folder(c, "no/such/file.key");
    g_autofree char *network = wrong_in_folder(c, "network.key");
    g_autofree char *signing = wrong_in_folder(c, "audit.key");
    const int closed = dup(0);
    close(closed);
    WRONG(carenet_key_read(NULL, E));
    WRONG(carenet_key_read("", E));
    FAILS(NOT_FOUND, carenet_key_read(missing, E));
    FAILS(INVALID_DATA, carenet_key_read(signing, E));
    FAILS(IO, carenet_key_read(c->folder, E));
    WRONG(carenet_key_read_fd(-1, E));
    WRONG(carenet_key_read_fd(G_MININT, E));
    FAILS(IO, carenet_key_read_fd(closed, E));
    WRONG(carenet_key_create(NULL, E));
    WRONG(carenet_key_create("", E));
    FAILS(CONFLICT, carenet_key_create(text_file, E));
    FAILS(CONFLICT, carenet_key_create(c->folder, E));
    FAILS(NOT_FOUND, carenet_key_create(missing, E));
    WRONG(carenet_signing_key_read(NULL, E));
    WRONG(carenet_signing_key_read("", E));
    FAILS(NOT_FOUND, carenet_signing_key_read(missing, E));
    FAILS(INVALID_DATA, carenet_signing_key_read(network, E));
    WRONG(carenet_signing_key_read_fd(-1, E));
    FAILS(IO, carenet_signing_key_read_fd(closed, E));
    WRONG(carenet_signing_key_create(NULL, E));
    WRONG(carenet_signing_key_create("", E));
    FAILS(CONFLICT, carenet_signing_key_create(network, E));
    assert_null(carenet_signing_key_public(NULL));
    carenet_key_free(NULL);
    carenet_signing_key_free(NULL);
    WRONG(carenet_store_unlock(c->store, NULL, E));
    FAILS(REFUSED, carenet_store_unlock(c->store, c->other_key, E));
    WRONG(carenet_store_seal(c->store, NULL, acting, E));
    FAILS(CONFLICT, carenet_store_seal(c->store, c->other_key, acting, E));
    WRONG(carenet_store_change_key(c->store, NULL, c->other_key, acting, E));
    WRONG(carenet_store_change_key(c->store, c->key, NULL, acting, E));
    FAILS(REFUSED, carenet_store_change_key(c->store, c->other_key, c->key, acting, E));
    WRONG(carenet_store_lose_key(c->store, NULL, acting, E));
    WRONG(carenet_store_check_key(c->store, NULL, E));
    FAILS(REFUSED, carenet_store_check_key(c->store, c->other_key, E));
    FAILS(STORAGE, carenet_store_seal(c->reader, c->key, acting, E));
    FAILS(STORAGE, carenet_store_change_key(c->reader, c->key, c->other_key, acting, E));
    wrong_check_all(c);
}

static void
stores_without_a_key(void **state)
{
    Calls *c = *state;
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = c->reference;
    g_autofree char *path = wrong_in_folder(c, "plain.db");
    carenet_store *plain = carenet_store_init(path, CARENET_STORE_LIVE, &options, NULL);
    assert_non_null(plain);
    FAILS(STATE, carenet_store_unlock(plain, c->key, E));
    FAILS(STATE, carenet_store_check_key(plain, c->key, E));
    FAILS(STATE, carenet_store_change_key(plain, c->key, c->other_key, &c->acting, E));
    FAILS(REFUSED,
          carenet_store_import(plain, (const char *const *)&c->region, 1, NULL, NULL, NULL, E));
    carenet_acting acting = c->acting;
    acting.now_s = g_get_real_time() / G_USEC_PER_SEC + 2 * 86400;
    WRONG(carenet_store_seal(plain, c->key, &acting, E));
    FAILS(REFUSED, carenet_plan_apply(c->plan, plain, NULL, c->cases, NULL, &c->acting, E));
    carenet_store_close(plain);
    wrong_check_all(c);
}

static void
disclosure(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    WRONG(carenet_site_disclose(c->store, "R-1", NULL, c->key, acting, E));
    WRONG(carenet_site_disclose(c->store, "R-1", "worker-7", NULL, acting, E));
    const char *const workers[] = {"", "two words", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(workers); i++)
        WRONG(carenet_site_disclose(c->store, "R-1", workers[i], c->key, acting, E));
    FAILS(REFUSED, carenet_site_disclose(c->store, "R-1", "worker-7", c->other_key, acting, E));
    FAILS(STATE, carenet_site_disclose(c->store, "R-2", "worker-7", c->key, acting, E));
    FAILS(STORAGE, carenet_site_disclose(c->reader, "R-1", "worker-7", c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, NULL, 0, SITE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 3, SITE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, SIZE_MAX, SITE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, NULL, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, SITE, NULL, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, OFFICE, c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->foreign_cases, 0, SITE, c->key, acting, E));
    FAILS(REFUSED, carenet_site_check_safety(c->store, c->cases, 0, SITE, c->other_key, acting, E));
    for (gsize i = 0; i < G_N_ELEMENTS(no_ids); i++)
        FAILS(NOT_FOUND,
              carenet_site_check_safety(c->store, c->cases, 0, no_ids[i], c->key, acting, E));
    WRONG(carenet_referral_facts(c->store, "R-1", NULL, acting, E));
    FAILS(REFUSED, carenet_referral_facts(c->store, "R-1", c->other_key, acting, E));
    WRONG(carenet_case_erase(c->store, NULL, acting, E));
    FAILS(STATE, carenet_case_erase(c->store, "C-1", acting, E));
    FAILS(STORAGE, carenet_case_erase(c->reader, "C-1", acting, E));
    FAILS(STORAGE, carenet_store_purge(c->reader, 0, acting, E));
    wrong_check_all(c);
}

/* ---- The audit chain. */

static void
chains(void **state)
{
    Calls *c = *state;
    carenet_chain chain;
    carenet_chain_init(&chain);
    WRONG(carenet_audit_verify(c->store, NULL, NULL, E));
    const char *const marks[] = {
        "",
        ":",
        "1:",
        "1:00",
        "-1:00",
        BYTES,
        c->long_word,
        "x:y",
        "99999999999999999999:"
        "0000000000000000000000000000000000000000000000000000000000000000"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        WRONG(carenet_audit_verify(c->store, marks[i], &chain, E));
    FAILS(INVALID_DATA,
          carenet_audit_verify(c->store, "carenet-checkpoint-1\nrecords x\n", &chain, E));
    chain.size = 0;
    WRONG(carenet_audit_verify(c->store, NULL, &chain, E));
    chain.size = sizeof chain + 1;
    WRONG(carenet_audit_verify(c->store, NULL, &chain, E));
    WRONG(carenet_checkpoint_signer(NULL, E));
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        FAILS(INVALID_DATA, carenet_checkpoint_signer(marks[i], E));
    const char *const subjects[] = {"", BYTES, c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        carenet_table *nothing = carenet_audit_list(c->store, subjects[i], SIZE_MAX, NULL);
        assert_non_null(nothing);
        assert_int_equal(carenet_table_rows_len(nothing), 0);
        carenet_table_unref(nothing);
    }
    wrong_check_all(c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(sending, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(referrals_that_are_none, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(verbs, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(lists_of_referrals, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(keys, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(stores_without_a_key, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(disclosure, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(chains, wrong_set_up, wrong_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
