/* The public functions of stores, with files: import, export, digests, a store of the first layout. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "../support/store-key.h"
#include "base/error.h"
#include "format/region-file.h"
#include "model/listing.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    carenet_store_options options;
} Fixture;

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    carenet_store_options_init(&fixture->options);
    fixture->options.reference = fixture->reference;
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

static char *
fixture_file(const char *name)
{
    const char *src = g_getenv("CARENET_TEST_SRC");
    return g_build_filename(src != NULL ? src : "tests", "fixtures", name, NULL);
}

static carenet_store *
make(Fixture *fixture, carenet_store_kind kind)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store = carenet_store_init(fixture->path, kind, &fixture->options, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    test_key_give(store);
    return store;
}

static carenet_table *
import_ok(carenet_store *store, const char *const *paths, gsize len)
{
    g_autoptr(GError) error = NULL;
    carenet_table *changes = NULL;
    if (!carenet_store_import(store, paths, len, NULL, NULL, &changes, &error))
        fail_msg("%s", error->message);
    return changes;
}

static void
import_secrets(carenet_store *store)
{
    g_autofree char *path = fixture_file("store-secrets.yaml");
    carenet_table_unref(import_ok(store, (const char *const[]){path}, 1));
}

/* (element-type utf8) the shipped files, network first */
static GPtrArray *
shipped_files(const CnReference *reference)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_build_filename(reference->data_dir, "regions", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_ptr_array_add(paths, g_build_filename(reference->data_dir, "network.yaml", NULL));
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".yaml"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    return paths;
}

static char *
dump(carenet_store *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, &error);
    if (network == NULL)
        fail_msg("%s", error->message);
    return network_dump(network, cn_store_reference(store));
}

static char *
digest(carenet_store *store)
{
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, NULL);
    g_autoptr(CnListing) listing = cn_listing_new(network, cn_store_reference(store));
    return cn_listing_digest(listing);
}

static gint64
revision_of(carenet_store *store)
{
    gint64 directory = -1, capacity = -1;
    assert_true(cn_store_revision(store, &directory, &capacity, NULL));
    return directory * 1000 + capacity;
}

static void
assert_nothing_changed(const carenet_table *changes)
{
    for (size_t i = 0; i < carenet_table_rows_len(changes); i++)
        for (size_t column = 1; column <= 4; column++)
            if (column != 3 && carenet_table_get_int64(changes, i, column) != 0)
                fail_msg("%s: column %zu is %d", carenet_table_get_text(changes, i, 0), column,
                         (int)carenet_table_get_int64(changes, i, column));
}

/* ---- Import and export. */

static void
test_shipped_files(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = shipped_files(fixture->reference);
    const char *const *files = (const char *const *)paths->pdata;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    g_autoptr(carenet_table) changes = import_ok(store, files, paths->len);
    /* A directory from the store is the directory from the files. */
    g_autoptr(CnNetwork) network =
        cn_region_files_read(files, paths->len, fixture->reference, issues, &error);
    assert_non_null(network);
    g_autofree char *expected = network_dump(network, fixture->reference);
    g_autofree char *found = dump(store);
    assert_string_equal(found, expected);
    g_autoptr(CnListing) listing = cn_listing_new(network, fixture->reference);
    g_autofree char *expected_digest = cn_listing_digest(listing);
    g_autofree char *found_digest = digest(store);
    assert_string_equal(found_digest, expected_digest);
    /* Loading twice does no harm. */
    gint64 revision = revision_of(store);
    g_autoptr(carenet_table) again = import_ok(store, files, paths->len);
    assert_nothing_changed(again);
    assert_int_equal(revision_of(store), revision);
}

/* One file after the other, in any order, gives what all at once give. */
static void
test_order_of_files_does_not_matter(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) paths = shipped_files(fixture->reference);
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    for (guint i = paths->len; i > 0; i--) {
        const char *path = g_ptr_array_index(paths, i - 1);
        carenet_table_unref(import_ok(store, &path, 1));
    }
    g_autofree char *found = dump(store);
    g_clear_pointer(&store, carenet_store_close);
    g_unlink(fixture->path);
    store = make(fixture, CARENET_STORE_DEMONSTRATION);
    carenet_table_unref(import_ok(store, (const char *const *)paths->pdata, paths->len));
    g_autofree char *expected = dump(store);
    assert_string_equal(found, expected);
}

static char *
write_export(Fixture *fixture, carenet_store *store, const char *region)
{
    g_autoptr(GError) error = NULL;
    char *text = carenet_store_export(store, region, &error);
    if (text == NULL)
        fail_msg("%s", error->message);
    static const char *const secrets[] = {"CANARY", "canary", "912-345", "912345"};
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (strstr(text, secrets[i]) != NULL)
            fail_msg("the export of %s holds %s", region != NULL ? region : "the network",
                     secrets[i]);
    char *path = g_strdup_printf("%s/%s.yaml", fixture->folder, region != NULL ? region : "net");
    assert_true(g_file_set_contents(path, text, -1, NULL));
    carenet_free(text);
    return path;
}

static void
export_all(Fixture *fixture, carenet_store *store, GPtrArray *paths)
{
    g_autoptr(carenet_table) regions = carenet_store_regions(store, NULL);
    assert_non_null(regions);
    g_ptr_array_add(paths, write_export(fixture, store, NULL));
    for (size_t i = 0; i < carenet_table_rows_len(regions); i++)
        g_ptr_array_add(paths, write_export(fixture, store, carenet_table_get_text(regions, i, 0)));
}

/* An export knows no secret, and importing it loses none. */
static void
test_export_and_back(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) files = shipped_files(fixture->reference);
    g_autoptr(GPtrArray) exports = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    carenet_table_unref(import_ok(store, (const char *const *)files->pdata, files->len));
    import_secrets(store);
    assert_true(cn_store_exec(store, "UPDATE capacity SET held = 1", NULL));
    g_autofree char *before = dump(store), *digest_before = digest(store);
    assert_non_null(strstr(before, "7 CANARY Street"));
    assert_non_null(strstr(before, "House of CANARY"));
    assert_non_null(strstr(before, "0917-912-3456"));
    assert_non_null(strstr(before, "8.4912"));
    gint64 revision = revision_of(store);
    export_all(fixture, store, exports);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_table) changes = NULL;
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = true;
    if (!carenet_store_import(store, (const char *const *)exports->pdata, exports->len, &options,
                              &issues, &changes, &error))
        fail_msg("%s", error->message);
    assert_nothing_changed(changes);
    g_autofree char *after = dump(store), *digest_after = digest(store);
    assert_string_equal(after, before);
    assert_string_equal(digest_after, digest_before);
    assert_int_equal(revision_of(store), revision);
}

/* In a store that never knew the secrets, an export is enough to list the provider. */
static void
test_export_into_another_store(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) exports = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    import_secrets(store);
    export_all(fixture, store, exports);
    g_autofree char *expected = digest(store);
    g_clear_pointer(&store, carenet_store_close);
    g_unlink(fixture->path);
    store = make(fixture, CARENET_STORE_DEMONSTRATION);
    carenet_table_unref(import_ok(store, (const char *const *)exports->pdata, exports->len));
    g_autofree char *found = digest(store);
    assert_string_equal(found, expected);
}

/* All at once is what each region is by itself. */
static void
test_export_of_all(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    import_secrets(store);
    carenet_table *files = carenet_store_export_all(store, NULL);
    carenet_table *names = carenet_store_regions(store, NULL);
    const gsize len = carenet_table_rows_len(names);
    assert_int_equal(carenet_table_rows_len(files), len + 1);
    for (gsize row = 0; row <= len; row++) {
        const char *region = carenet_table_get_text(files, row, 0);
        char *text = carenet_store_export(store, region, NULL);
        assert_true((region == NULL) == (row == len));
        if (region != NULL)
            assert_string_equal(region, carenet_table_get_text(names, row, 0));
        assert_string_equal(carenet_table_get_text(files, row, 1), text);
        carenet_free(text);
    }
    carenet_table_unref(files);
    carenet_table_unref(names);
}

static void
test_export_of_an_unknown_region(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_LIVE);
    assert_null(carenet_store_export(store, "atlantis", &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
}

static void
test_regions_table(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    import_secrets(store);
    g_autoptr(carenet_table) regions = carenet_store_regions(store, NULL);
    assert_int_equal(carenet_table_rows_len(regions), 1);
    assert_string_equal(carenet_table_get_text(regions, 0, 0), "secret-region");
    assert_string_equal(carenet_table_get_text(regions, 0, 1), "Secret Region");
    assert_string_equal(carenet_table_get_text(regions, 0, 2), "1000000000");
    assert_int_equal(carenet_table_get_int64(regions, 0, 3), 2);
    assert_int_equal(carenet_table_get_int64(regions, 0, 4), 3);
}

/* ---- Files that are refused. */

static char *
write_file(Fixture *fixture, const char *name, const char *text)
{
    char *path = g_build_filename(fixture->folder, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static const char dangling[] = "region: {id: caraga, name: Caraga, area: \"1600000000\"}\n"
                               "organizations:\n"
                               "  - {id: own-body, name: Own Body, kind: ngo}\n"
                               "providers:\n"
                               "  - id: desk\n"
                               "    organization: sec-real-body\n"
                               "    name: Desk\n"
                               "    place: {area: \"1600000000\", disclosure: public}\n"
                               "    contact: {role: desk, gateway: ex-sec-office}\n"
                               "    status: active\n"
                               "    source: {title: A page, on: 2026-01-01}\n"
                               "    offerings:\n"
                               "      - service: case-management\n";

static void
test_references_into_the_store(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = write_file(fixture, "caraga.yaml", dangling);
    const char *const paths[] = {path};
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    g_autofree char *before = dump(store);
    /* Nobody knows the organization and the gateway yet. */
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autoptr(carenet_table) changes = NULL;
    assert_false(carenet_store_import(store, paths, 1, NULL, &issues, &changes, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_DATA);
    assert_string_equal(carenet_error_get_file(error), path);
    assert_true(carenet_error_get_line(error) > 0);
    assert_null(changes);
    assert_true(carenet_table_rows_len(issues) >= 2);
    g_autofree char *after = dump(store);
    assert_string_equal(before, after);
    /* Now the store does. */
    import_secrets(store);
    g_autoptr(carenet_table) added = import_ok(store, paths, 1);
    g_autofree char *stored = dump(store);
    assert_non_null(strstr(stored, "provider desk\n"));
}

/* One bad file among good ones: nothing of any of them, and what is wrong in each. */
static void
test_all_files_or_none(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autofree char *good = fixture_file("store-secrets.yaml");
    g_autofree char *bad = write_file(fixture, "bad.yaml", "region: {id: bad, nme: Bad}\n");
    g_autofree char *worse = write_file(fixture, "worse.yaml", "region: [\n");
    const char *const paths[] = {good, bad, worse};
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    g_autofree char *before = dump(store);
    assert_false(carenet_store_import(store, paths, 3, NULL, &issues, NULL, &error));
    g_autofree char *after = dump(store);
    assert_string_equal(before, after);
    guint in_bad = 0, in_worse = 0;
    for (size_t i = 0; i < carenet_table_rows_len(issues); i++) {
        in_bad += strcmp(carenet_table_get_text(issues, i, 0), bad) == 0;
        in_worse += strcmp(carenet_table_get_text(issues, i, 0), worse) == 0;
    }
    assert_true(in_bad > 0);
    assert_true(in_worse > 0);
}

static void
test_missing_file(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *good = fixture_file("store-secrets.yaml");
    const char *const paths[] = {good, "/nowhere/file.yaml"};
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_DEMONSTRATION);
    assert_false(carenet_store_import(store, paths, 2, NULL, NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_IO);
    assert_int_equal(revision_of(store), 0);
}

static void
test_live_store_refuses_the_shipped_examples(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) issues = NULL;
    g_autofree char *path = fixture_file("store-secrets.yaml");
    const char *const paths[] = {path};
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_LIVE);
    assert_int_equal(carenet_store_get_kind(store), CARENET_STORE_LIVE);
    assert_false(carenet_store_import(store, paths, 1, NULL, &issues, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_REFUSED);
    assert_string_equal(carenet_error_get_file(error), path);
    assert_true(carenet_error_get_line(error) > 0);
    assert_non_null(issues);
    assert_int_equal(revision_of(store), 0);
}

/* ---- The caller's mistakes. */

static void
test_arguments(void **state)
{
    Fixture *fixture = *state;
    carenet_store_options options = fixture->options;
    carenet_import_options import_options;
    carenet_import_options_init(&import_options);
    g_autoptr(carenet_store) store = make(fixture, CARENET_STORE_LIVE);
    const char *const none[] = {NULL};
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func((GDestroyNotify)g_error_free);
#define REFUSED(call)                                                                    \
    do {                                                                                 \
        carenet_error *error = NULL;                                                     \
        assert_false(call);                                                              \
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT); \
        g_ptr_array_add(errors, error);                                                  \
    } while (0)
    REFUSED(carenet_store_init(NULL, CARENET_STORE_LIVE, NULL, &error) != NULL);
    REFUSED(carenet_store_init("", CARENET_STORE_LIVE, NULL, &error) != NULL);
    REFUSED(carenet_store_init("x", (carenet_store_kind)7, NULL, &error) != NULL);
    REFUSED(carenet_store_open(NULL, NULL, &error) != NULL);
    options.read_only = true;
    REFUSED(carenet_store_init("x", CARENET_STORE_LIVE, &options, &error) != NULL);
    options.busy_ms = -1;
    REFUSED(carenet_store_open("x", &options, &error) != NULL);
    options.size = 0;
    REFUSED(carenet_store_open("x", &options, &error) != NULL);
    options.size = sizeof options + 8;
    REFUSED(carenet_store_open("x", &options, &error) != NULL);
    REFUSED(carenet_store_import(NULL, none, 1, NULL, NULL, NULL, &error));
    REFUSED(carenet_store_import(store, NULL, 1, NULL, NULL, NULL, &error));
    REFUSED(carenet_store_import(store, none, 0, NULL, NULL, NULL, &error));
    REFUSED(carenet_store_import(store, none, 1, NULL, NULL, NULL, &error));
    import_options.size = 1;
    REFUSED(carenet_store_import(store, (const char *const[]){"x"}, 1, &import_options, NULL, NULL,
                                 &error));
    REFUSED(carenet_store_export(NULL, NULL, &error) != NULL);
    REFUSED(carenet_store_export_all(NULL, &error) != NULL);
    REFUSED(carenet_store_regions(NULL, &error) != NULL);
    carenet_store_close(NULL);
    carenet_store_options_init(NULL);
    carenet_import_options_init(NULL);
}

/* ---- Stores of earlier layouts. */

static void
test_store_of_layout_1(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *frozen = fixture_file("store-v1.db"), *bytes = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(frozen, &bytes, &len, NULL));
    assert_true(g_file_set_contents(fixture->path, bytes, (gssize)len, NULL));
    g_autoptr(carenet_store) store = carenet_store_open(fixture->path, &fixture->options, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    gint64 version = 0;
    assert_true(cn_store_ask_int(store, "PRAGMA user_version", &version, NULL));
    assert_int_equal(version, cn_migrations_len);
    assert_int_equal(carenet_store_get_kind(store), CARENET_STORE_DEMONSTRATION);
    /* It was made from the network file and the fixture of its time, with two places held of
     * everything that is counted. */
    g_autofree char *found = dump(store);
    g_autofree char *expected_path = fixture_file("store-v1.txt"), *expected = NULL;
    assert_true(g_file_get_contents(expected_path, &expected, NULL, NULL));
    assert_string_equal(found, expected);
    assert_non_null(strstr(found, "capacity.held: 2"));
    import_secrets(store);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_shipped_files),
        T(test_order_of_files_does_not_matter),
        T(test_export_and_back),
        T(test_export_into_another_store),
        T(test_export_of_all),
        T(test_export_of_an_unknown_region),
        T(test_regions_table),
        T(test_references_into_the_store),
        T(test_all_files_or_none),
        T(test_missing_file),
        T(test_live_store_refuses_the_shipped_examples),
        T(test_arguments),
        T(test_store_of_layout_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
