/* The check of a store: what it finds, and that a damaged file is an answer and never a crash. */
#include "../support/random-network.h"
#include "../support/store-key.h"
#include "base/error.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

/* 2026-11-23T00:00:00+08:00 */
#define NOW_S 1795363200

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
} Fixture;

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture);
    return 0;
}

static carenet_store *
make_filled(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    const char *src = g_getenv("CARENET_TEST_SRC");
    g_autofree char *secrets =
        g_build_filename(src != NULL ? src : "tests", "fixtures", "store-secrets.yaml", NULL);
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.reference = fixture->reference;
    carenet_store *store =
        carenet_store_init(fixture->path, CARENET_STORE_DEMONSTRATION, &options, &error);
    if (store != NULL)
        test_key_give(store);
    if (store == NULL ||
        !carenet_store_import(store, (const char *const[]){secrets}, 1, NULL, NULL, NULL, &error))
        fail_msg("%s", error->message);
    return store;
}

static void
exec(carenet_store *store, const char *sql)
{
    g_autoptr(GError) error = NULL;
    if (!cn_store_exec(store, sql, &error))
        fail_msg("%s: %s", sql, error->message);
}

static const char *
cell(const carenet_table *rows, const char *check, const char *column)
{
    const ptrdiff_t at = carenet_table_column_index(rows, column);
    for (size_t row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(carenet_table_get_text(rows, row, 0), check) == 0)
            return carenet_table_get_text(rows, row, (size_t)at);
    return NULL;
}

/* One change to a sound store, and what it must be found by. */
typedef struct {
    const char *sql;
    const char *check;
    const char *status;
    const char *command; /* how it begins */
} Case;

static const Case cases[] = {
    {"INSERT OR REPLACE INTO capacity (network_id, offering_id, total, occupied, held)"
     " SELECT 1, o.id, 3, 2, 2 FROM offering AS o JOIN provider AS p ON p.id = o.provider_id"
     " WHERE p.disclosure = 'public'",
     "places", "look", "carenet export --region "},
    {"INSERT OR REPLACE INTO capacity (network_id, offering_id, total, occupied, as_of_s)"
     " SELECT 1, id, 3, 2, 1700000000 FROM offering",
     "stale", "look", "carenet capacity set OFFERING "},
    {"UPDATE capacity SET as_of_s = NULL", "stale", "look", "carenet capacity set OFFERING "},
    {"UPDATE provider SET verified_on = NULL, verified_by = NULL", "unconfirmed", "look",
     "carenet verify ID --by phone"},
    {"UPDATE provider SET verified_on = '2024-05', verified_by = 'phone'", "verified", "look",
     "carenet export --region "},
    {"UPDATE provider SET verified_on = '2062-05', verified_by = 'phone'", "verified", "look",
     "carenet export --region "},
    {"UPDATE provider SET accreditation_body = 'DSWD', accreditation_expires = '2025-01-31'",
     "accreditation", "look", "carenet export --region "},
    {"UPDATE provider SET display_name = NULL WHERE disclosure <> 'public'", "gateways", "look",
     "carenet import "},
    {"UPDATE provider SET contact_gateway = NULL WHERE disclosure <> 'public'", "gateways", "look",
     "carenet import "},
    {"UPDATE provider SET display_name = 'EXAMPLE House of CANARY' WHERE disclosure <> 'public'",
     "restricted", "bad", "carenet import "},
    {"UPDATE policy SET text = 'no: policy'", "policy", "look", "carenet route --policy "},
    {"PRAGMA foreign_keys = OFF; UPDATE provider SET organization_id = 'nobody'", "references",
     "bad", "carenet restore BACKUP "},
};

static void
test_findings(void **state)
{
    Fixture *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_store) store = make_filled(fixture);
        exec(store, cases[i].sql);
        g_autoptr(carenet_table) rows = carenet_store_check(store, NOW_S, &error);
        if (rows == NULL)
            fail_msg("%s: %s", cases[i].sql, error->message);
        const char *status = cell(rows, cases[i].check, "status");
        const char *command = cell(rows, cases[i].check, "command");
        if (g_strcmp0(status, cases[i].status) != 0)
            fail_msg("%s: %s is %s", cases[i].sql, cases[i].check, status);
        assert_non_null(command);
        assert_true(g_str_has_prefix(command, cases[i].command));
        g_unlink(fixture->path);
    }
}

static void
test_open_to_others(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make_filled(fixture);
    g_autoptr(carenet_table) before = carenet_store_check(store, NOW_S, NULL);
    assert_string_equal(cell(before, "permissions", "status"), "ok");
    g_chmod(fixture->path, 0640);
    g_autoptr(carenet_table) after = carenet_store_check(store, NOW_S, NULL);
    assert_string_equal(cell(after, "permissions", "status"), "bad");
    assert_true(g_str_has_prefix(cell(after, "permissions", "command"), "chmod 600 "));
}

/* A full restricted provider is counted and not named, and nothing secret is quoted. */
static void
test_restricted_is_not_told(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make_filled(fixture);
    exec(store, "INSERT OR REPLACE INTO capacity (network_id, offering_id, total, occupied)"
                " SELECT 1, o.id, 1, 9 FROM offering AS o JOIN provider AS p"
                " ON p.id = o.provider_id WHERE p.disclosure <> 'public'");
    exec(store, "UPDATE provider SET display_name = (SELECT 'EXAMPLE ' || name FROM provider_site"
                " WHERE provider_id = provider.id) WHERE disclosure <> 'public'");
    g_autoptr(carenet_table) rows = carenet_store_check(store, NOW_S, NULL);
    assert_string_equal(cell(rows, "places", "status"), "look");
    assert_non_null(strstr(cell(rows, "places", "detail"), "restricted ones are not named"));
    assert_null(cell(rows, "places", "command"));
    char *text = carenet_table_to_string(rows, CARENET_FORMAT_JSON, NULL);
    assert_null(strstr(text, "CANARY"));
    carenet_free(text);
}

/* Bytes flipped anywhere: either the store is not opened, or the check tells something. Which of
 * both does not matter; that nothing crashes does. */
static void
test_flipped_bytes(void **state)
{
    Fixture *fixture = *state;
    const char *wanted = g_getenv("CARENET_TEST_SEED");
    guint32 seed =
        wanted != NULL ? (guint32)g_ascii_strtoull(wanted, NULL, 10) : (guint32)g_get_real_time();
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    guint opened = 0, bad = 0, refused = 0;
    print_message("CARENET_TEST_SEED=%u\n", seed);
    carenet_store_close(make_filled(fixture));
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    for (guint run = 0; run < 60; run++) {
        g_autofree char *damaged = g_memdup2(bytes, len);
        const gsize at = (gsize)g_rand_int_range(rand, 0, (gint32)(len - 64));
        for (gsize i = 0; i < 64; i++)
            damaged[at + i] = (char)g_rand_int_range(rand, 0, 256);
        assert_true(g_file_set_contents(fixture->path, damaged, (gssize)len, NULL));
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_store) store =
            cn_store_open(fixture->path, fixture->reference, TRUE, 1000, &error);
        g_autoptr(carenet_table) rows =
            store != NULL ? carenet_store_check(store, NOW_S, &error) : NULL;
        assert_true((rows == NULL) == (error != NULL));
        opened += rows != NULL;
        refused += rows == NULL;
        bad += rows != NULL && g_strcmp0(cell(rows, "file", "status"), "bad") == 0;
    }
    print_message("%u checked, %u of them damaged, %u not opened\n", opened, bad, refused);
    assert_true(bad + refused > 0);
}

static void
test_wrong_use(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(carenet_store_check(NULL, NOW_S, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_findings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_open_to_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restricted_is_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flipped_bytes, set_up, tear_down),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
