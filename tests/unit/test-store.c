/* Stores are made, opened and closed; every way in which a file can be the wrong one. */
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "base/error.h"
#include "store/store-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <string.h>

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
make(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    carenet_store *store =
        cn_store_init(fixture->path, CARENET_STORE_DEMONSTRATION, fixture->reference, 200, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static carenet_store *
open_again(Fixture *fixture, gboolean read_only, GError **error)
{
    return cn_store_open(fixture->path, fixture->reference, read_only, 200, error);
}

/* A store with a few providers, closed. */
static void
make_filled(Fixture *fixture, guint providers)
{
    g_autoptr(carenet_store) store = make(fixture);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(CnNetwork) network = random_network(rand, providers, fixture->reference);
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    g_autoptr(GError) error = NULL;
    carenet_import_options options;
    carenet_import_options_init(&options);
    if (!cn_store_import(store, network, &options, issues, NULL, &error))
        fail_msg("%s", error->message);
}

/* Runs SQL past the library, as a person with the sqlite3 shell would. */
static void
run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static gint64
ask(carenet_store *store, const char *sql)
{
    gint64 answer = -1;
    assert_true(cn_store_ask_int(store, sql, &answer, NULL));
    return answer;
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

/* The names and sizes of the folder's files, and the bytes of the store. */
static char *
folder_state(Fixture *fixture)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(fixture->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, (GCompareFunc)(void (*)(void))g_strcmp0);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    g_autofree char *sum =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, len);
    g_string_append_printf(out, "%u files, %s", names->len, sum);
    return g_string_free(out, FALSE);
}

static void
assert_code(const GError *error, carenet_error_code code)
{
    assert_non_null(error);
    if (error->domain != CN_ERROR || error->code != (gint)code)
        fail_msg("expected %s, got: %s", carenet_error_code_name(code), error->message);
    assert_null(strchr(error->message, '\n'));
    assert_int_not_equal(error->message[strlen(error->message) - 1], '.');
}

/* ---- Making. */

static void
test_new_store(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make(fixture);
    assert_int_equal(cn_store_kind(store), CARENET_STORE_DEMONSTRATION);
    assert_ptr_equal(cn_store_reference(store), fixture->reference);
    assert_int_equal(ask(store, "PRAGMA application_id"), CN_APPLICATION_ID);
    assert_int_equal(ask(store, "PRAGMA user_version"), cn_migrations_len);
    assert_int_equal(ask(store, "PRAGMA synchronous"), 2);
    assert_int_equal(ask(store, "PRAGMA foreign_keys"), 1);
    assert_int_equal(ask(store, "PRAGMA trusted_schema"), 0);
    assert_int_equal(ask(store, "PRAGMA secure_delete"), 1);
    assert_int_equal(ask(store, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    assert_int_equal(ask(store, "SELECT count(*) FROM area"),
                     cn_gazetteer_len(fixture->reference->gazetteer));
    assert_int_equal(ask(store, "SELECT count(*) FROM service"),
                     cn_taxonomy_len(fixture->reference->taxonomy));
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, NULL);
    assert_int_equal(network->providers->len, 0);
    g_autofree char *path = g_build_filename(fixture->reference->data_dir, "policy.yaml", NULL);
    g_autofree char *policy = NULL;
    assert_true(g_file_get_contents(path, &policy, NULL, NULL));
    assert_string_equal(cn_store_policy_text(store, NULL), policy);
}

/* The rule of the whole layout: it can be split by network. */
static void
test_network_stands_first_in_every_key(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make(fixture);
    assert_int_equal(ask(store,
                         "SELECT count(*) FROM sqlite_schema AS s, pragma_index_list(s.name) AS l,"
                         " pragma_index_info(l.name) AS i WHERE s.type = 'table' AND i.seqno = 0"
                         " AND i.name <> 'network_id'"),
                     0);
    assert_int_equal(
        ask(store, "SELECT count(*) FROM sqlite_schema AS s, pragma_foreign_key_list(s.name) AS f"
                   " WHERE s.type = 'table' AND f.seq = 0 AND f.\"from\" <> 'network_id'"),
        0);
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main'"
                                " AND name NOT LIKE 'sqlite_%' AND strict = 0"),
                     0);
}

static void
test_subtrees_join_by_position(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make(fixture);
    const CnGazetteer *gazetteer = fixture->reference->gazetteer;
    CnAreaId region = cn_area_by_code(gazetteer, "1000000000");
    assert_int_equal(ask(store, "SELECT count(*) FROM area AS a JOIN area AS r"
                                " ON a.first_below >= r.first_below AND a.first_below < r.end_below"
                                " WHERE r.code = '1000000000'"),
                     cn_area(gazetteer, region)->end - region);
}

static void
test_file_is_its_owners(void **state)
{
    Fixture *fixture = *state;
    static const char *const endings[] = {"", "-wal", "-shm"};
    static const mode_t masks[] = {0, 022, 0777};
    for (gsize m = 0; m < G_N_ELEMENTS(masks); m++) {
        mode_t before = umask(masks[m]);
        g_autoptr(carenet_store) store = make(fixture);
        for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
            g_autofree char *path = g_strconcat(fixture->path, endings[i], NULL);
            GStatBuf info;
            assert_int_equal(g_stat(path, &info), 0);
            assert_int_equal(info.st_mode & 07777, 0600);
        }
        umask(before);
        g_clear_pointer(&store, cn_store_close);
        assert_int_equal(g_unlink(fixture->path), 0);
    }
}

static void
test_init_takes_no_existing_file(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    assert_true(g_file_set_contents(fixture->path, "mine", -1, NULL));
    assert_null(cn_store_init(fixture->path, CARENET_STORE_LIVE, fixture->reference, 0, &error));
    assert_code(error, CARENET_ERROR_CONFLICT);
    assert_non_null(carenet_error_get_hint(error));
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    assert_string_equal(text, "mine");
    /* A link that points nowhere is not followed either. */
    g_autoptr(GError) linked = NULL;
    g_autofree char *link = g_build_filename(fixture->folder, "link", NULL);
    assert_int_equal(symlink("nowhere", link), 0);
    assert_null(cn_store_init(link, CARENET_STORE_LIVE, fixture->reference, 0, &linked));
    assert_code(linked, CARENET_ERROR_CONFLICT);
}

static void
test_init_needs_a_folder(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fixture->folder, "no", "store.db", NULL);
    assert_null(cn_store_init(path, CARENET_STORE_LIVE, fixture->reference, 0, &error));
    assert_code(error, CARENET_ERROR_IO);
}

/* Without the default policy there is no store, and no file is left. */
static void
test_failed_init_leaves_nothing(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    char *data_dir = fixture->reference->data_dir;
    fixture->reference->data_dir = fixture->folder;
    carenet_store *store =
        cn_store_init(fixture->path, CARENET_STORE_LIVE, fixture->reference, 0, &error);
    assert_null(store);
    assert_code(error, CARENET_ERROR_IO);
    g_autofree char *policy = g_build_filename(fixture->folder, "policy.yaml", NULL);
    assert_true(g_file_set_contents(policy, "policy: {id: 7", -1, NULL));
    g_clear_error(&error);
    assert_null(cn_store_init(fixture->path, CARENET_STORE_LIVE, fixture->reference, 0, &error));
    fixture->reference->data_dir = data_dir;
    assert_code(error, CARENET_ERROR_INVALID_DATA);
    g_autoptr(GDir) dir = g_dir_open(fixture->folder, 0, NULL);
    assert_string_equal(g_dir_read_name(dir), "policy.yaml");
    assert_null(g_dir_read_name(dir));
}

/* Names that SQLite would read as something else than a file. */
static void
test_odd_names_are_files(void **state)
{
    Fixture *fixture = *state;
    static const char *const names[] = {":memory:", "file:x?mode=memory", "with space %41?#.db"};
    char *before = g_get_current_dir();
    assert_int_equal(g_chdir(fixture->folder), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_store) store =
            cn_store_init(names[i], CARENET_STORE_LIVE, fixture->reference, 0, &error);
        assert_non_null(store);
        assert_true(g_file_test(names[i], G_FILE_TEST_IS_REGULAR));
        g_clear_pointer(&store, cn_store_close);
        store = cn_store_open(names[i], fixture->reference, FALSE, 0, &error);
        assert_non_null(store);
    }
    assert_int_equal(g_chdir(before), 0);
    g_free(before);
}

/* ---- Opening the wrong thing. */

static void
spoil_missing(Fixture *fixture)
{
    g_unlink(fixture->path);
}

static void
spoil_folder(Fixture *fixture)
{
    g_unlink(fixture->path);
    assert_int_equal(g_mkdir(fixture->path, 0700), 0);
}

static void
spoil_empty(Fixture *fixture)
{
    assert_true(g_file_set_contents(fixture->path, "", 0, NULL));
}

static void
spoil_text(Fixture *fixture)
{
    g_autofree char *text = g_strnfill(5000, 'x');
    assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
}

static void
spoil_other_application(Fixture *fixture)
{
    run_sql(fixture->path, "PRAGMA application_id = 1");
}

static void
spoil_plain_database(Fixture *fixture)
{
    g_unlink(fixture->path);
    run_sql(fixture->path, "CREATE TABLE contacts (name TEXT)");
}

static void
spoil_newer(Fixture *fixture)
{
    run_sql(fixture->path, "PRAGMA user_version = 99");
}

static void
spoil_version(Fixture *fixture)
{
    run_sql(fixture->path, "PRAGMA user_version = -3");
}

static void
spoil_tables(Fixture *fixture)
{
    run_sql(fixture->path, "PRAGMA foreign_keys = OFF; DROP TABLE network");
}

static void
spoil_network(Fixture *fixture)
{
    run_sql(fixture->path, "PRAGMA foreign_keys = OFF; DELETE FROM network");
}

static void
spoil_kind(Fixture *fixture)
{
    run_sql(fixture->path, "PRAGMA ignore_check_constraints = ON; UPDATE network SET kind = 'x'");
}

static void
spoil_truncated(Fixture *fixture)
{
    assert_int_equal(truncate(fixture->path, 4096), 0);
}

typedef struct {
    const char *name;
    void (*spoil)(Fixture *fixture);
    carenet_error_code code;
    const char *says;
} OpenCase;

static const OpenCase open_cases[] = {
    {"missing", spoil_missing, CARENET_ERROR_NOT_FOUND, "there is no store"},
    {"a folder", spoil_folder, CARENET_ERROR_CORRUPT, "is not a file"},
    {"empty", spoil_empty, CARENET_ERROR_CORRUPT, "is not a carenet store"},
    {"text", spoil_text, CARENET_ERROR_CORRUPT, "is not a carenet store"},
    {"other application", spoil_other_application, CARENET_ERROR_CORRUPT, "not a carenet store"},
    {"plain database", spoil_plain_database, CARENET_ERROR_CORRUPT, "not a carenet store"},
    {"newer layout", spoil_newer, CARENET_ERROR_VERSION, "layout 99"},
    {"negative layout", spoil_version, CARENET_ERROR_CORRUPT, "user_version"},
    {"no tables", spoil_tables, CARENET_ERROR_CORRUPT, "network"},
    {"no network", spoil_network, CARENET_ERROR_CORRUPT, "damaged"},
    {"no kind", spoil_kind, CARENET_ERROR_CORRUPT, "kind"},
    {"truncated", spoil_truncated, CARENET_ERROR_CORRUPT, "damaged"},
};

static void
test_open_the_wrong_thing(void **state)
{
    Fixture *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(open_cases) * 2; i++) {
        const OpenCase *expected = &open_cases[i / 2];
        g_autoptr(GError) error = NULL;
        cn_store_close(make(fixture));
        expected->spoil(fixture);
        carenet_store *store = open_again(fixture, i % 2 == 1, &error);
        if (store != NULL)
            fail_msg("%s was opened", expected->name);
        assert_code(error, expected->code);
        if (strstr(error->message, expected->says) == NULL)
            fail_msg("%s: \"%s\" does not say \"%s\"", expected->name, error->message,
                     expected->says);
        assert_non_null(carenet_error_get_hint(error));
        g_remove(fixture->path);
    }
}

static void
test_newer_layout_names_both(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    cn_store_close(make(fixture));
    spoil_newer(fixture);
    assert_null(open_again(fixture, FALSE, &error));
    g_autofree char *known = g_strdup_printf("up to %zu", cn_migrations_len);
    assert_non_null(strstr(error->message, "99"));
    assert_non_null(strstr(error->message, known));
}

/* Values that no writer of ours stored: never a wrong answer, always "damaged". */
static void
test_impossible_values_are_damage(void **state)
{
    Fixture *fixture = *state;
    static const char *const statements[] = {
        "UPDATE provider SET status = 'open'",
        "UPDATE provider SET disclosure = 'all'",
        "UPDATE provider SET disclosure = 'restricted', show_area = NULL",
        "UPDATE provider SET disclosure = 'public'; UPDATE provider_site SET area = NULL",
        "UPDATE provider SET remote = 2",
        "UPDATE provider SET verified_on = '2026-13-01'",
        "UPDATE provider SET accreditation_level = -1",
        "UPDATE provider SET accreditation_level = 99999999999",
        "UPDATE provider SET contact_role = cast(x'c328' AS TEXT)",
        "UPDATE provider SET contact_role = cast(x'610062' AS TEXT)",
        "DELETE FROM provider_site",
        "DELETE FROM provider",
        "UPDATE provider_site SET lat_deg = 91, lon_deg = 0",
        "UPDATE provider_site SET lat_deg = 9, lon_deg = NULL",
        "UPDATE provider_serves SET area = '0'",
        "UPDATE OR REPLACE provider_term SET kind = 'x'",
        "UPDATE offering SET age_min = 99999",
        "UPDATE offering SET age_min = -2",
        "UPDATE offering SET closed = 7",
        "UPDATE offering SET sex = 'any'",
        "UPDATE OR REPLACE offering_term SET kind = 'x'",
        "UPDATE capacity SET total = -1",
        "UPDATE capacity SET total = 1000001",
        "UPDATE capacity SET occupied = 9223372036854775807",
        "UPDATE capacity SET held = -1",
        "UPDATE capacity SET held = 9223372036854775807",
        "UPDATE capacity SET moved_s = 9223372036854775807",
        "UPDATE capacity SET as_of_day_only = 3",
        "DELETE FROM offering",
        "UPDATE OR REPLACE region_language SET region_id = 'nowhere'",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_autofree char *sql = g_strconcat("PRAGMA foreign_keys = OFF;"
                                           "PRAGMA ignore_check_constraints = ON;",
                                           statements[i], NULL);
        make_filled(fixture, 20);
        run_sql(fixture->path, sql);
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_store) store = open_again(fixture, TRUE, &error);
        assert_non_null(store);
        g_autoptr(CnNetwork) network = cn_store_network(store, NULL, &error);
        if (network != NULL)
            fail_msg("%s was believed", statements[i]);
        assert_code(error, CARENET_ERROR_CORRUPT);
        /* The handle is usable after the error, and still says so. */
        assert_null(cn_store_network(store, NULL, NULL));
        g_clear_pointer(&store, cn_store_close);
        g_unlink(fixture->path);
    }
}

static void
test_unknown_words_of_the_reference(void **state)
{
    Fixture *fixture = *state;
    static const char *const statements[] = {
        "UPDATE provider_site SET area = '9999999999'",
        "UPDATE offering SET service_id = 'unheard-of', id = provider_id || '/unheard-of/' ||"
        " variant WHERE id = (SELECT min(id) FROM offering)",
        "UPDATE OR REPLACE capability SET course = 'unheard-of'",
        "UPDATE provider_term SET term = 'unheard-of' WHERE term = (SELECT min(term) FROM"
        " provider_term)",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_autofree char *sql = g_strconcat("PRAGMA foreign_keys = OFF; DELETE FROM capacity;"
                                           " DELETE FROM offering_term;",
                                           statements[i], NULL);
        make_filled(fixture, 20);
        run_sql(fixture->path, sql);
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_store) store = open_again(fixture, TRUE, &error);
        assert_non_null(store);
        assert_null(cn_store_network(store, NULL, &error));
        assert_code(error, CARENET_ERROR_VERSION);
        /* An area may be the place that must not be found. */
        assert_null(strstr(error->message, "9999999999"));
        g_clear_pointer(&store, cn_store_close);
        g_unlink(fixture->path);
    }
}

/* ---- Schema tricks: a trigger or a view of a hostile file is never run. */

static void
test_triggers_and_views_are_dead(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_filled(fixture, 10);
    run_sql(fixture->path, "CREATE TRIGGER evil AFTER UPDATE ON network BEGIN"
                           " DELETE FROM capacity; END");
    g_autoptr(carenet_store) store = open_again(fixture, FALSE, &error);
    assert_non_null(store);
    gint64 before = ask(store, "SELECT count(*) FROM capacity");
    assert_true(before > 0);
    assert_true(cn_store_exec(store, "UPDATE network SET revision = revision + 1", NULL));
    assert_int_equal(ask(store, "SELECT count(*) FROM capacity"), before);
}

/* ---- Reading only. */

static void
test_read_only_leaves_no_trace(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_filled(fixture, 10);
    g_autofree char *before = folder_state(fixture);
    g_autoptr(carenet_store) store = open_again(fixture, TRUE, &error);
    assert_non_null(store);
    g_autofree char *content = dump(store);
    g_autoptr(CnNetwork) network = cn_network_new();
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    assert_false(cn_store_import(store, network, &options, issues, NULL, &error));
    assert_code(error, CARENET_ERROR_STORAGE);
    /* Not even past the library's own guard. */
    assert_false(cn_store_exec(store, "UPDATE network SET revision = 7", NULL));
    g_clear_pointer(&store, cn_store_close);
    g_autofree char *after = folder_state(fixture);
    assert_string_equal(before, after);
}

/* The whole of a read-only visit in a child process without root's rights. */
static int
visit_without_rights(Fixture *fixture)
{
    if (getuid() == 0 && setuid(65534) != 0)
        return 3;
    g_autoptr(GError) error = NULL;
    carenet_store *store = open_again(fixture, TRUE, &error);
    if (store == NULL)
        return 1;
    g_autoptr(CnNetwork) network = cn_store_network(store, NULL, &error);
    cn_store_close(store);
    if (network == NULL)
        return 2;
    store = open_again(fixture, FALSE, &error);
    return store == NULL && error->code == CARENET_ERROR_STORAGE ? 0 : 4;
}

static void
test_read_only_folder(void **state)
{
    Fixture *fixture = *state;
    make_filled(fixture, 10);
    g_autofree char *before = folder_state(fixture);
    assert_int_equal(g_chmod(fixture->path, 0444), 0);
    assert_int_equal(g_chmod(fixture->folder, 0555), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(visit_without_rights(fixture));
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(g_chmod(fixture->folder, 0700), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    g_autofree char *after = folder_state(fixture);
    assert_string_equal(before, after);
}

/* A writer's log that was not merged belongs to the store: what it committed is seen. */
static void
test_read_only_sees_the_log(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_filled(fixture, 5);
    g_autoptr(carenet_store) writer = open_again(fixture, FALSE, &error);
    assert_non_null(writer);
    assert_true(cn_store_exec(writer, "UPDATE network SET revision = 4711", NULL));
    g_autoptr(carenet_store) reader = open_again(fixture, TRUE, &error);
    assert_non_null(reader);
    gint64 revision = 0;
    assert_true(cn_store_revision(reader, &revision, NULL, NULL));
    assert_int_equal(revision, 4711);
}

/* Nor is it passed over where it cannot be used: better no answer than an old one. */
static int
visit_unmerged(Fixture *fixture)
{
    if (getuid() == 0 && setuid(65534) != 0)
        return 3;
    g_autoptr(GError) error = NULL;
    carenet_store *store = open_again(fixture, TRUE, &error);
    gint64 revision = 4711;
    if (store == NULL)
        return error->code == CARENET_ERROR_STORAGE ? 0 : 1;
    gboolean read = cn_store_revision(store, &revision, NULL, &error);
    cn_store_close(store);
    return read && revision == 4711 ? 0 : 2;
}

static void
test_read_only_folder_with_a_log(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
    g_autofree char *bytes = NULL, *frames = NULL;
    gsize len = 0, frames_len = 0;
    make_filled(fixture, 5);
    g_autoptr(carenet_store) writer = open_again(fixture, FALSE, NULL);
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    assert_true(cn_store_exec(writer, "UPDATE network SET revision = 4711", NULL));
    assert_true(g_file_get_contents(log, &frames, &frames_len, NULL));
    g_clear_pointer(&writer, cn_store_close);
    /* As a crash leaves it: the file of before, the log, no shared memory. */
    assert_true(g_file_set_contents(fixture->path, bytes, (gssize)len, NULL));
    assert_true(g_file_set_contents(log, frames, (gssize)frames_len, NULL));
    assert_int_equal(g_chmod(fixture->path, 0444), 0);
    assert_int_equal(g_chmod(log, 0444), 0);
    assert_int_equal(g_chmod(fixture->folder, 0555), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(visit_unmerged(fixture));
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(g_chmod(fixture->folder, 0700), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_read_only_refuses_to_migrate(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    cn_store_close(make(fixture));
    run_sql(fixture->path, "PRAGMA user_version = 0");
    assert_null(open_again(fixture, TRUE, &error));
    assert_code(error, CARENET_ERROR_CORRUPT);
}

/* ---- Somebody else. */

static void
test_locked_by_a_writer(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    make_filled(fixture, 5);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    /* Opening and reading go on. */
    g_autoptr(carenet_store) store = open_again(fixture, FALSE, &error);
    assert_non_null(store);
    g_autofree char *content = dump(store);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    g_autoptr(CnNetwork) network = random_network(rand, 3, fixture->reference);
    carenet_import_options options;
    carenet_import_options_init(&options);
    gint64 start = g_get_monotonic_time();
    assert_false(cn_store_import(store, network, &options, issues, NULL, &error));
    assert_true(g_get_monotonic_time() - start >= 200 * 1000);
    assert_code(error, CARENET_ERROR_BUSY);
    assert_non_null(carenet_error_get_hint(error));
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    g_clear_error(&error);
    assert_true(cn_store_import(store, network, &options, issues, NULL, &error));
}

static void
test_locked_exclusively(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_filled(fixture, 5);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other,
                                  "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
                                  "UPDATE network SET revision = revision",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_null(open_again(fixture, FALSE, &error));
    assert_code(error, CARENET_ERROR_BUSY);
    sqlite3_close(other);
}

/* ---- What the engine's results mean to a caller. */

static void
test_errors_of_the_engine(void **state)
{
    static const struct {
        int rc;
        carenet_error_code code;
        const char *says;
    } cases[] = {
        {SQLITE_BUSY, CARENET_ERROR_BUSY, "200 ms"},
        {SQLITE_BUSY_SNAPSHOT, CARENET_ERROR_BUSY, "writing"},
        {SQLITE_LOCKED, CARENET_ERROR_BUSY, "writing"},
        {SQLITE_NOTADB, CARENET_ERROR_CORRUPT, "not a carenet store"},
        {SQLITE_CORRUPT, CARENET_ERROR_CORRUPT, "damaged"},
        {SQLITE_CORRUPT_INDEX, CARENET_ERROR_CORRUPT, "damaged"},
        {SQLITE_IOERR_CORRUPTFS, CARENET_ERROR_CORRUPT, "damaged"},
        {SQLITE_FULL, CARENET_ERROR_STORAGE, "full"},
        {SQLITE_IOERR_READ, CARENET_ERROR_STORAGE, "read or written"},
        {SQLITE_IOERR_FSYNC, CARENET_ERROR_STORAGE, "read or written"},
        {SQLITE_READONLY, CARENET_ERROR_STORAGE, "only be read"},
        {SQLITE_READONLY_CANTINIT, CARENET_ERROR_STORAGE, "merged"},
        {SQLITE_CANTOPEN, CARENET_ERROR_STORAGE, "opened"},
        {SQLITE_CANTOPEN_DIRTYWAL, CARENET_ERROR_STORAGE, "merged"},
        {SQLITE_CONSTRAINT_CHECK, CARENET_ERROR_INVALID_DATA, "rule"},
        {SQLITE_CONSTRAINT_FOREIGNKEY, CARENET_ERROR_INVALID_DATA, "refers"},
        {SQLITE_TOOBIG, CARENET_ERROR_TOO_LARGE, "too large"},
        {SQLITE_ERROR, CARENET_ERROR_CORRUPT, "tables"},
        {SQLITE_NOMEM, CARENET_ERROR_STORAGE, "memory"},
    };
    Fixture *fixture = *state;
    g_autoptr(carenet_store) store = make(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(cn_store_fail(store, cases[i].rc, &error));
        assert_code(error, cases[i].code);
        if (strstr(error->message, cases[i].says) == NULL)
            fail_msg("%d: \"%s\" does not say \"%s\"", cases[i].rc, error->message, cases[i].says);
    }
    assert_false(cn_store_fail(store, SQLITE_BUSY, NULL));
}

/* ---- Places and services follow the reference data. */

static void
test_reference_is_refreshed(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_filled(fixture, 5);
    run_sql(fixture->path, "PRAGMA foreign_keys = ON;"
                           "UPDATE area SET name = 'Old';"
                           "INSERT INTO area SELECT network_id, 'gone', 'Gone', level, NULL, NULL,"
                           " NULL, 1, 1, 1, 99999, 100000 FROM area LIMIT 1;"
                           "UPDATE network SET reference_digest = 'old', revision = 5");
    /* A reader takes what is there. */
    g_autoptr(carenet_store) reader = open_again(fixture, TRUE, &error);
    assert_non_null(reader);
    assert_true(ask(reader, "SELECT count(*) FROM area WHERE name = 'Old'") > 1);
    g_clear_pointer(&reader, cn_store_close);
    g_autoptr(carenet_store) store = open_again(fixture, FALSE, &error);
    assert_non_null(store);
    assert_int_equal(ask(store, "SELECT count(*) FROM area WHERE name IN ('Old', 'Gone')"), 0);
    assert_int_equal(ask(store, "SELECT count(*) FROM area"),
                     cn_gazetteer_len(fixture->reference->gazetteer));
    assert_int_equal(ask(store, "SELECT revision FROM network"), 6);
    assert_int_equal(ask(store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    /* Once is enough. */
    g_clear_pointer(&store, cn_store_close);
    store = open_again(fixture, FALSE, &error);
    assert_int_equal(ask(store, "SELECT revision FROM network"), 6);
}

static void
test_reference_that_lost_a_place(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_filled(fixture, 5);
    run_sql(fixture->path, "INSERT INTO area SELECT network_id, 'gone', 'Gone', level, NULL, NULL,"
                           " NULL, 1, 1, 1, 99999, 100000 FROM area LIMIT 1;"
                           "UPDATE provider_site SET area = 'gone';"
                           "UPDATE network SET reference_digest = 'old'");
    g_autofree char *before = folder_state(fixture);
    assert_null(open_again(fixture, FALSE, &error));
    assert_code(error, CARENET_ERROR_CONFLICT);
    assert_null(strstr(error->message, "gone"));
    g_autofree char *after = folder_state(fixture);
    assert_string_equal(before, after);
}

/* ---- Migrations. */

/* Those of this version and two more. (transfer full) */
static CnMigration *
add_migrations(const char *second, const char *third)
{
    const gint len = (gint)cn_migrations_len;
    CnMigration *all = g_new(CnMigration, cn_migrations_len + 2);
    memcpy(all, cn_migrations, cn_migrations_len * sizeof *all);
    all[len] = (CnMigration){len + 1, "second", second};
    all[len + 1] = (CnMigration){len + 2, "third", third};
    return all;
}

static void
test_migrations_run_in_order(void **state)
{
    Fixture *fixture = *state;
    const gsize len = cn_migrations_len + 2;
    g_autofree CnMigration *later =
        add_migrations("CREATE TABLE second (x INTEGER) STRICT;", "INSERT INTO second VALUES (3);");
    g_autoptr(carenet_store) store = make(fixture);
    g_autoptr(GError) error = NULL;
    assert_true(cn_store_migrate(store, later, len, &error));
    assert_int_equal(ask(store, "PRAGMA user_version"), len);
    assert_int_equal(ask(store, "SELECT x FROM second"), 3);
    assert_true(cn_store_migrate(store, later, len, &error));
    assert_int_equal(ask(store, "SELECT count(*) FROM second"), 1);
}

static void
test_failed_migration_changes_nothing(void **state)
{
    Fixture *fixture = *state;
    g_autofree CnMigration *later = add_migrations("CREATE TABLE second (x INTEGER) STRICT;",
                                                   "INSERT INTO nothing VALUES (3);");
    g_autoptr(carenet_store) store = make(fixture);
    g_autoptr(GError) error = NULL;
    assert_false(cn_store_migrate(store, later, cn_migrations_len + 2, &error));
    assert_int_equal(ask(store, "PRAGMA user_version"), cn_migrations_len);
    assert_int_equal(ask(store, "SELECT count(*) FROM sqlite_schema WHERE name = 'second'"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(test_new_store),
        T(test_network_stands_first_in_every_key),
        T(test_subtrees_join_by_position),
        T(test_file_is_its_owners),
        T(test_init_takes_no_existing_file),
        T(test_init_needs_a_folder),
        T(test_failed_init_leaves_nothing),
        T(test_odd_names_are_files),
        T(test_open_the_wrong_thing),
        T(test_newer_layout_names_both),
        T(test_impossible_values_are_damage),
        T(test_unknown_words_of_the_reference),
        T(test_triggers_and_views_are_dead),
        T(test_read_only_leaves_no_trace),
        T(test_read_only_folder),
        T(test_read_only_sees_the_log),
        T(test_read_only_folder_with_a_log),
        T(test_read_only_refuses_to_migrate),
        T(test_errors_of_the_engine),
        T(test_locked_by_a_writer),
        T(test_locked_exclusively),
        T(test_reference_is_refreshed),
        T(test_reference_that_lost_a_place),
        T(test_migrations_run_in_order),
        T(test_failed_migration_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
