/* Wrong calls of the functions of stores, and of all that say who acts and when. Each call ends with the error that its header
 * names, with an error to fill in and without one, prints nothing and changes nothing. */
#include "../support/random-network.h"
#include "../support/wrong-calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* ---- Stores. */

static void
opening_stores(void **state)
{
    Calls *c = *state;
    g_autofree char *path = wrong_in_folder(c, "new.db");
    g_autofree char *missing = wrong_in_folder(c, "no/such/folder.db");
    g_autofree char *endless = g_strconcat(c->folder, "/", c->long_word, NULL);
    g_autofree char *text_file = wrong_in_folder(c, "terms.yaml");
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = c->reference;
    WRONG(carenet_store_init(NULL, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_init("", CARENET_STORE_LIVE, &options, E));
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_numbers); i++)
        WRONG(carenet_store_init(path, (carenet_store_kind)wrong_numbers[i], &options, E));
    WRONG(carenet_store_init(path, (carenet_store_kind)0, &options, E));
    FAILS(CONFLICT, carenet_store_init(c->path, CARENET_STORE_LIVE, &options, E));
    FAILS(CONFLICT, carenet_store_init(c->folder, CARENET_STORE_LIVE, &options, E));
    FAILS(IO, carenet_store_init(missing, CARENET_STORE_LIVE, &options, E));
    FAILS(IO, carenet_store_init(endless, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_open(NULL, &options, E));
    WRONG(carenet_store_open("", &options, E));
    FAILS(NOT_FOUND, carenet_store_open(path, &options, E));
    FAILS(NOT_FOUND, carenet_store_open(missing, &options, E));
    FAILS(STORAGE, carenet_store_open(endless, &options, E));
    FAILS(NOT_FOUND, carenet_store_open(BYTES, &options, E));
    FAILS(CORRUPT, carenet_store_open(text_file, &options, E));
    FAILS(CORRUPT, carenet_store_open(c->folder, &options, E));
    WRONG(carenet_store_migrate(NULL, true, &options, E));
    WRONG(carenet_store_migrate("", false, &options, E));
    FAILS(NOT_FOUND, carenet_store_migrate(path, false, &options, E));
    FAILS(CORRUPT, carenet_store_migrate(text_file, true, &options, E));
    options.busy_ms = -1;
    WRONG(carenet_store_init(path, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_open(c->path, &options, E));
    WRONG(carenet_store_migrate(c->path, true, &options, E));
    options.busy_ms = 0, options.read_only = true;
    WRONG(carenet_store_init(path, CARENET_STORE_LIVE, &options, E));
    WRONG(carenet_store_migrate(c->path, true, &options, E));
    options.read_only = false, options.reference = NULL, options.data_dir = "/there/is/no/such";
    FAILS(IO, carenet_store_open(c->path, &options, E));
    options.keep_image = true;
    FAILS(IO, carenet_store_open(c->path, &options, E));
    options.data_dir = "";
    FAILS(IO, carenet_store_open(c->path, &options, E));
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    wrong_check_all(c);
}

static void
stores_that_are_none(void **state)
{
    Calls *c = *state;
    const carenet_acting *acting = &c->acting;
    carenet_chain chain;
    carenet_chain_init(&chain);
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = SITE;
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = 3;
    carenet_store_close(NULL);
    assert_null(carenet_store_reference(NULL));
    assert_int_equal(carenet_store_get_kind(NULL), CARENET_STORE_LIVE);
    carenet_store_options_init(NULL);
    carenet_import_options_init(NULL);
    carenet_copy_options_init(NULL);
    carenet_acting_init(NULL);
    carenet_capacity_report_init(NULL);
    carenet_referral_options_init(NULL);
    carenet_referral_query_init(NULL);
    carenet_apply_options_init(NULL);
    carenet_chain_init(NULL);
    carenet_report_query_init(NULL);
    carenet_indicator_query_init(NULL);
    WRONG(carenet_store_import(NULL, (const char *const *)&c->region, 1, NULL, NULL, NULL, E));
    WRONG(carenet_store_export(NULL, NULL, E));
    WRONG(carenet_store_export_all(NULL, E));
    WRONG(carenet_store_export_csv(NULL, NULL, E));
    WRONG(carenet_store_policy(NULL, E));
    WRONG(carenet_store_regions(NULL, E));
    WRONG(carenet_store_backup(NULL, "x", NULL, E));
    WRONG(carenet_store_check(NULL, 0, E));
    WRONG(carenet_directory_load(NULL, E));
    WRONG(carenet_directory_open(NULL, E));
    WRONG(carenet_directory_to_apply(NULL, E));
    WRONG(carenet_programme_from_store(NULL, E));
    WRONG(carenet_capacity(NULL, NULL, INT64_MIN, E));
    WRONG(carenet_capacity_set(NULL, SITE, &report, acting, E));
    WRONG(carenet_capacity_hold(NULL, SITE, 1, 0, acting, E));
    WRONG(carenet_capacity_release(NULL, "H-1", acting, E));
    WRONG(carenet_verify(NULL, "sec-shelter", "phone", acting, E));
    WRONG(carenet_due(NULL, 7, INT64_MIN, E));
    WRONG(carenet_referral_send(NULL, c->cases, 0, &to, acting, E));
    WRONG(carenet_referral_send_draft(NULL, "R-2", 0, NULL, acting, E));
    WRONG(carenet_referral_receive(NULL, "R-1", acting, E));
    WRONG(carenet_referral_accept(NULL, "R-1", acting, E));
    WRONG(carenet_referral_start(NULL, "R-1", acting, E));
    WRONG(carenet_referral_decline(NULL, "R-1", "full", acting, E));
    WRONG(carenet_referral_redirect(NULL, "R-1", SITE, NULL, acting, E));
    WRONG(carenet_referral_waitlist(NULL, "R-1", acting, E));
    WRONG(carenet_referral_complete(NULL, "R-1", NULL, NULL, acting, E));
    WRONG(carenet_referral_cancel(NULL, "R-1", "no-longer-needed", acting, E));
    WRONG(carenet_referral_get(NULL, "R-1", INT64_MIN, NULL, E));
    WRONG(carenet_referral_list(NULL, NULL, E));
    WRONG(carenet_store_unlock(NULL, c->key, E));
    WRONG(carenet_store_seal(NULL, c->key, acting, E));
    WRONG(carenet_store_change_key(NULL, c->key, c->other_key, acting, E));
    WRONG(carenet_store_lose_key(NULL, c->key, acting, E));
    WRONG(carenet_store_check_key(NULL, c->key, E));
    WRONG(carenet_site_disclose(NULL, "R-1", "worker-7", c->key, acting, E));
    WRONG(carenet_site_check_safety(NULL, c->cases, 0, SITE, c->key, acting, E));
    WRONG(carenet_referral_facts(NULL, "R-1", c->key, acting, E));
    WRONG(carenet_case_erase(NULL, "C-1", acting, E));
    WRONG(carenet_store_purge(NULL, 0, acting, E));
    WRONG(carenet_audit_verify(NULL, NULL, &chain, E));
    WRONG(carenet_audit_list(NULL, NULL, 0, E));
    WRONG(carenet_checkpoint_make(NULL, NULL, E));
    WRONG(carenet_plan_apply(c->plan, NULL, NULL, c->cases, NULL, acting, E));
    wrong_check_all(c);
}

static void
files_and_regions(void **state)
{
    Calls *c = *state;
    g_autofree char *missing = wrong_in_folder(c, "none.yaml");
    const char *const no_file[] = {missing}, *const hole[] = {c->region, NULL};
    const char *const file[] = {c->region}, *const folder[] = {c->folder};
    carenet_import_options options;
    carenet_import_options_init(&options);
    WRONG(carenet_store_import(c->store, NULL, 0, NULL, NULL, NULL, E));
    WRONG(carenet_store_import(c->store, NULL, 1, NULL, NULL, NULL, E));
    WRONG(carenet_store_import(c->store, hole, 0, NULL, NULL, NULL, E));
    WRONG(carenet_store_import(c->store, hole, 2, NULL, NULL, NULL, E));
    FAILS(IO, carenet_store_import(c->store, no_file, 1, NULL, NULL, NULL, E));
    FAILS(IO, carenet_store_import(c->store, folder, 1, NULL, NULL, NULL, E));
    for (gsize i = 0; i < G_N_ELEMENTS(wrong_numbers); i++) {
        options.format = (carenet_file_format)wrong_numbers[i];
        WRONG(carenet_store_import(c->store, file, 1, &options, NULL, NULL, E));
    }
    carenet_import_options_init(&options);
    const char *const actors[] = {"", "two words", BYTES, "a\nb", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(actors); i++) {
        options.actor = actors[i];
        WRONG(carenet_store_import(c->store, file, 1, &options, NULL, NULL, E));
    }
    FAILS(STORAGE, carenet_store_import(c->reader, file, 1, NULL, NULL, NULL, E));
    const char *const regions[] = {"", "nowhere", BYTES, "secret-region\n", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(regions); i++) {
        FAILS(NOT_FOUND, carenet_store_export(c->store, regions[i], E));
        FAILS(NOT_FOUND, carenet_store_export_csv(c->store, regions[i], E));
    }
    wrong_check_all(c);
}

static void
copies(void **state)
{
    Calls *c = *state;
    g_autofree char *copy = wrong_in_folder(c, "copy.db");
    g_autofree char *text_file = wrong_in_folder(c, "terms.yaml");
    g_autofree char *missing = wrong_in_folder(c, "no/such/folder.db");
    char *kept = NULL;
    carenet_copy_options options;
    carenet_copy_options_init(&options);
    WRONG(carenet_store_backup(c->store, NULL, NULL, E));
    WRONG(carenet_store_backup(c->store, "", NULL, E));
    FAILS(CONFLICT, carenet_store_backup(c->store, c->path, NULL, E));
    FAILS(CONFLICT, carenet_store_backup(c->store, text_file, NULL, E));
    FAILS(CONFLICT, carenet_store_backup(c->store, c->folder, NULL, E));
    FAILS(IO, carenet_store_backup(c->store, missing, NULL, E));
    WRONG(carenet_store_restore(NULL, copy, NULL, &kept, E));
    WRONG(carenet_store_restore("", copy, NULL, &kept, E));
    WRONG(carenet_store_restore(c->path, NULL, NULL, &kept, E));
    WRONG(carenet_store_restore(c->path, "", NULL, &kept, E));
    FAILS(NOT_FOUND, carenet_store_restore(missing, copy, NULL, &kept, E));
    FAILS(CORRUPT, carenet_store_restore(text_file, copy, NULL, &kept, E));
    FAILS(CORRUPT, carenet_store_restore(c->folder, copy, NULL, &kept, E));
    FAILS(CONFLICT, carenet_store_restore(c->path, text_file, NULL, &kept, E));
    options.replace = true;
    FAILS(CONFLICT, carenet_store_backup(c->store, c->path, &options, E));
    FAILS(CONFLICT, carenet_store_restore(c->path, c->path, &options, &kept, E));
    options.busy_ms = -1;
    WRONG(carenet_store_backup(c->store, copy, &options, E));
    WRONG(carenet_store_restore(c->path, copy, &options, &kept, E));
    assert_null(kept);
    assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
    wrong_check_all(c);
}

/* ---- Who acts, and when. */

static void
try_acting(Calls *c, const carenet_acting *acting)
{
    carenet_capacity_report report;
    carenet_capacity_report_init(&report);
    report.total = 3;
    carenet_referral_options to;
    carenet_referral_options_init(&to);
    to.offering = SITE;
    WRONG(carenet_capacity_set(c->store, SITE, &report, acting, E));
    WRONG(carenet_capacity_hold(c->store, SITE, 1, 0, acting, E));
    WRONG(carenet_capacity_release(c->store, "H-1", acting, E));
    WRONG(carenet_verify(c->store, "sec-shelter", "phone", acting, E));
    WRONG(carenet_referral_send(c->store, c->cases, 2, &to, acting, E));
    WRONG(carenet_referral_send_draft(c->store, "R-2", 0, NULL, acting, E));
    WRONG(carenet_referral_receive(c->store, "R-1", acting, E));
    WRONG(carenet_referral_accept(c->store, "R-1", acting, E));
    WRONG(carenet_referral_start(c->store, "R-1", acting, E));
    WRONG(carenet_referral_decline(c->store, "R-1", "full", acting, E));
    WRONG(carenet_referral_redirect(c->store, "R-1", OFFICE, NULL, acting, E));
    WRONG(carenet_referral_waitlist(c->store, "R-1", acting, E));
    WRONG(carenet_referral_complete(c->store, "R-1", NULL, NULL, acting, E));
    WRONG(carenet_referral_cancel(c->store, "R-1", "no-longer-needed", acting, E));
    WRONG(carenet_store_seal(c->store, c->key, acting, E));
    WRONG(carenet_store_change_key(c->store, c->key, c->other_key, acting, E));
    WRONG(carenet_store_lose_key(c->store, c->other_key, acting, E));
    WRONG(carenet_site_disclose(c->store, "R-1", "worker-7", c->key, acting, E));
    WRONG(carenet_site_check_safety(c->store, c->cases, 0, SITE, c->key, acting, E));
    WRONG(carenet_referral_facts(c->store, "R-1", c->key, acting, E));
    WRONG(carenet_case_erase(c->store, "C-9", acting, E));
    WRONG(carenet_store_purge(c->store, 0, acting, E));
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, NULL, acting, E));
}

static void
who_acts(void **state)
{
    Calls *c = *state;
    const char *const actors[] = {NULL, "", "two words", BYTES, "a\nb", c->long_word};
    carenet_acting acting = c->acting;
    try_acting(c, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(actors); i++) {
        acting.actor = actors[i];
        try_acting(c, &acting);
    }
    acting = c->acting, acting.size = 0;
    try_acting(c, &acting);
    acting.size = sizeof acting + 1;
    try_acting(c, &acting);
    const char *const keys[] = {"", BYTES, "a\nb", c->long_word};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        acting = c->acting, acting.key = keys[i];
        try_acting(c, &acting);
    }
    acting = c->acting, acting.key = "a-key";
    WRONG(carenet_plan_apply(c->plan, c->store, NULL, c->cases, NULL, &acting, E));
    wrong_check_all(c);
}

/* No clock shows these, and what is added to them has no number. */
static const gint64 no_time[] = {INT64_MIN + 1, INT64_MAX, INT64_MAX - 1, (gint64)1 << 60,
                                 -((gint64)1 << 60)};

static void
when_it_is(void **state)
{
    Calls *c = *state;
    carenet_referral_query query;
    carenet_referral_query_init(&query);
    for (gsize i = 0; i < G_N_ELEMENTS(no_time); i++) {
        carenet_acting acting = c->acting;
        acting.now_s = no_time[i];
        try_acting(c, &acting);
        query.now_s = no_time[i];
        WRONG(carenet_capacity(c->store, NULL, no_time[i], E));
        WRONG(carenet_due(c->store, 7, no_time[i], E));
        WRONG(carenet_referral_get(c->store, "R-1", no_time[i], NULL, E));
        WRONG(carenet_referral_list(c->store, &query, E));
        WRONG(carenet_store_check(c->store, no_time[i], E));
        WRONG(carenet_store_purge(c->store, no_time[i], &c->acting, E));
    }
    WRONG(carenet_store_check(c->store, INT64_MIN, E));
    WRONG(carenet_store_purge(c->store, INT64_MIN, &c->acting, E));
    WRONG(carenet_store_purge(c->store, g_get_real_time() / G_USEC_PER_SEC + 86400, &c->acting, E));
    wrong_check_all(c);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening_stores, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(stores_that_are_none, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(files_and_regions, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(copies, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(who_acts, wrong_set_up, wrong_tear_down),
        cmocka_unit_test_setup_teardown(when_it_is, wrong_set_up, wrong_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
