/* Backups and restoring them: complete, all or nothing, never over something by mistake. */
#include "../support/fault-vfs.h"
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "base/error.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    char *backup;
    CnNetwork *first;
    CnNetwork *second;
} Fixture;

static void
fill(carenet_store *store, const CnNetwork *network)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = TRUE;
    if (!cn_store_import(store, network, &options, issues, NULL, &error))
        fail_msg("%s", error->message);
}

static int
set_up(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(12);
    g_autoptr(GError) error = NULL;
    Fixture *fixture = g_new0(Fixture, 1);
    fault_vfs_install();
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->backup = g_build_filename(fixture->folder, "backup", NULL);
    fixture->first = random_network(rand, 10, fixture->reference);
    fixture->second = random_network(rand, 16, fixture->reference);
    g_autoptr(carenet_store) store = cn_store_init(fixture->path, CARENET_STORE_DEMONSTRATION,
                                                   fixture->reference, 20000, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    fill(store, fixture->first);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    cn_network_free(fixture->first);
    cn_network_free(fixture->second);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture->backup);
    g_free(fixture);
    return 0;
}

static carenet_store *
open_store(Fixture *fixture, const char *path)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store = cn_store_open(path, fixture->reference, FALSE, 20000, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

/* Complete, with what is never shown. */
static char *
dump_file(Fixture *fixture, const char *path)
{
    g_autoptr(carenet_store) store = open_store(fixture, path);
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, NULL);
    assert_non_null(network);
    return network_dump(network, fixture->reference);
}

static void
back_up(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = open_store(fixture, fixture->path);
    if (!carenet_store_backup(store, fixture->backup, NULL, &error))
        fail_msg("%s", error->message);
}

static void
change(Fixture *fixture)
{
    g_autoptr(carenet_store) store = open_store(fixture, fixture->path);
    fill(store, fixture->second);
}

static guint
count_files(Fixture *fixture)
{
    g_autoptr(GDir) dir = g_dir_open(fixture->folder, 0, NULL);
    guint count = 0;
    while (g_dir_read_name(dir) != NULL)
        count++;
    return count;
}

static void
test_there_and_back(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    carenet_copy_options options;
    char *kept = NULL;
    GStatBuf info;
    carenet_copy_options_init(&options);
    options.replace = true;
    g_autofree char *before = dump_file(fixture, fixture->path);
    back_up(fixture);
    assert_int_equal(g_stat(fixture->backup, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    change(fixture);
    g_autofree char *changed = dump_file(fixture, fixture->path);
    assert_string_not_equal(before, changed);
    if (!carenet_store_restore(fixture->backup, fixture->path, &options, &kept, &error))
        fail_msg("%s", error->message);
    g_autofree char *after = dump_file(fixture, fixture->path);
    g_autofree char *former = dump_file(fixture, kept);
    assert_string_equal(after, before);
    assert_string_equal(former, changed);
    assert_int_equal(g_stat(kept, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    carenet_free(kept);
    /* The next one does not take away what this one kept. */
    assert_true(carenet_store_restore(fixture->backup, fixture->path, &options, &kept, &error));
    assert_true(g_str_has_suffix(kept, ".before-restore-2"));
    carenet_free(kept);
}

/* A writer goes on while the backup is made; a restore waits for everybody to be gone. */
static void
test_others(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) other = open_store(fixture, fixture->path);
    carenet_copy_options options;
    carenet_copy_options_init(&options);
    options.replace = true;
    options.busy_ms = 50;
    assert_true(cn_store_exec(other, "BEGIN IMMEDIATE", NULL));
    back_up(fixture);
    assert_true(cn_store_exec(other, "ROLLBACK", NULL));
    assert_false(carenet_store_restore(fixture->backup, fixture->path, &options, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_BUSY);
    assert_int_equal(count_files(fixture), 5); /* the store, its three side files, the backup */
}

/* Whatever fails at whatever moment: the store is the former one or the restored one, whole, and no
 * draft is left. */
static void
test_failing_disk(void **state)
{
    Fixture *fixture = *state;
    carenet_copy_options options;
    guint failed = 0, done = 0;
    carenet_copy_options_init(&options);
    options.replace = true;
    g_autofree char *saved = dump_file(fixture, fixture->path);
    back_up(fixture);
    change(fixture);
    g_autofree char *changed = dump_file(fixture, fixture->path);
    for (FaultKind kind = FAULT_WRITE; kind < FAULT_READ; kind++) {
        for (guint k = 1; k < 400 && done < 3; k += kind == FAULT_SYNC ? 1 : 23) {
            g_autoptr(GError) error = NULL;
            char *kept = NULL;
            fault_vfs_arm(kind, k, TRUE);
            gboolean restored =
                carenet_store_restore(fixture->backup, fixture->path, &options, &kept, &error);
            fault_vfs_disarm();
            g_autofree char *now = dump_file(fixture, fixture->path);
            if (restored) {
                assert_string_equal(now, saved);
                change(fixture);
                done++;
            } else {
                assert_non_null(error);
                if (strcmp(now, changed) != 0 && strcmp(now, saved) != 0)
                    fail_msg("fault %d at %u left something else", kind, k);
                if (strcmp(now, saved) == 0)
                    change(fixture);
                failed++;
            }
            carenet_free(kept);
        }
        done = 0;
    }
    print_message("%u restores failed\n", failed);
    assert_true(failed > 10);
}

static bool
count_down(void *left)
{
    return (*(gint *)left)-- > 0;
}

/* Whenever the caller says no, nothing has changed and no copy is left over. */
static void
test_stopped(void **state)
{
    Fixture *fixture = *state;
    carenet_copy_options options;
    gint left = 0;
    gboolean done = FALSE;
    back_up(fixture);
    change(fixture);
    g_autofree char *changed = dump_file(fixture, fixture->path);
    const guint files = count_files(fixture);
    carenet_copy_options_init(&options);
    options.replace = true;
    options.proceed = count_down;
    options.proceed_user = &left;
    for (gint round = 0; !done && round < 200; round++) {
        g_autoptr(GError) error = NULL;
        left = round;
        done = carenet_store_restore(fixture->backup, fixture->path, &options, NULL, &error);
        if (done)
            break;
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
        assert_int_equal(count_files(fixture), files);
        g_autofree char *now = dump_file(fixture, fixture->path);
        assert_string_equal(now, changed);
    }
    assert_true(done && left >= 0);
    g_autoptr(carenet_store) store = open_store(fixture, fixture->path);
    g_autoptr(GError) error = NULL;
    left = 1;
    assert_false(carenet_store_backup(store, fixture->backup, &options, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
}

/* What stands beside a store is the store's, under any name; nothing is copied over it. */
static void
test_own_files(void **state)
{
    Fixture *fixture = *state;
    static const char *const endings[] = {"", "-journal", "-wal", "-shm", "-gate", "-image"};
    g_autoptr(carenet_store) store = open_store(fixture, fixture->path);
    g_autofree char *link_path = g_build_filename(fixture->folder, "link", NULL);
    g_autofree char *folder_link = g_build_filename(fixture->folder, "here", NULL);
    g_autofree char *other = g_strconcat(fixture->path, "-other", NULL);
    carenet_copy_options options;
    carenet_copy_options_init(&options);
    options.replace = true;
    assert_int_equal(symlink(fixture->path, link_path), 0);
    assert_int_equal(symlink(fixture->folder, folder_link), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *file = g_strconcat(fixture->path, endings[i], NULL);
        g_autofree char *name = g_strconcat("store.db", endings[i], NULL);
        g_autofree char *linked = g_build_filename(folder_link, name, NULL);
        assert_true(carenet_store_has_file(fixture->path, file));
        assert_true(carenet_store_has_file(link_path, file));
        assert_true(carenet_store_has_file(fixture->path, linked));
        assert_false(carenet_store_backup(store, linked, &options, &error));
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_CONFLICT);
    }
    assert_false(carenet_store_has_file(fixture->path, other));
    assert_false(carenet_store_has_file(NULL, other));
    assert_false(carenet_store_has_file(fixture->path, ""));
}

/* What was just made is taken back whole; what was there is only closed. */
static void
test_discard(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    carenet_store *opened = open_store(fixture, fixture->path);
    g_autofree char *path = g_build_filename(fixture->folder, "new.db", NULL);
    g_autofree char *gate = g_strconcat(path, "-gate", NULL);
    carenet_store *made =
        cn_store_init(path, CARENET_STORE_DEMONSTRATION, fixture->reference, 20000, &error);
    carenet_store_discard(NULL);
    carenet_store_discard(opened);
    assert_true(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
    assert_non_null(made);
    fill(made, fixture->first);
    assert_true(g_file_test(gate, G_FILE_TEST_EXISTS));
    carenet_store_discard(made);
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_false(g_file_test(gate, G_FILE_TEST_EXISTS));
}

static void
test_wrong_use(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = open_store(fixture, fixture->path);
    carenet_copy_options options;
    carenet_copy_options_init(NULL);
    carenet_copy_options_init(&options);
    options.size = 1000;
    g_autoptr(GError) error = NULL;
    assert_false(carenet_store_backup(NULL, "x", NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_false(carenet_store_backup(store, "", NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_false(carenet_store_backup(store, "x", &options, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    assert_false(carenet_store_restore(NULL, "x", NULL, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
    g_clear_error(&error);
    carenet_copy_options_init(&options);
    options.busy_ms = -1;
    assert_false(carenet_store_restore("x", "y", &options, NULL, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_INVALID_ARGUMENT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_there_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failing_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_discard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_use, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
