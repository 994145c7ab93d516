/* What a store does when the disk fails, the file is damaged, the process dies or others write:
 * all or nothing, a clear error, never a crash. */
#include "../support/fault-vfs.h"
#include "../support/network-dump.h"
#include "../support/random-network.h"
#include "base/error.h"
#include "model/programme-list.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    CnNetwork *first;
    CnNetwork *second;
} Fixture;

static carenet_store *
open_store(Fixture *fixture, gboolean read_only, GError **error)
{
    return cn_store_open(fixture->path, fixture->reference, read_only, 20000, error);
}

static gboolean
import(carenet_store *store, const CnNetwork *network, GError **error)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    carenet_import_options options;
    carenet_import_options_init(&options);
    options.replace = TRUE;
    return cn_store_import(store, network, &options, issues, NULL, error);
}

static void
make_filled(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = cn_store_init(fixture->path, CARENET_STORE_DEMONSTRATION,
                                                   fixture->reference, 20000, &error);
    if (store == NULL || !import(store, fixture->first, &error))
        fail_msg("%s", error->message);
}

/* A programme in which each kind of record says @number somewhere. */
static void
add_programme(CnNetwork *network, gint64 number)
{
    CnProgramme *programme = cn_network_add_programme(network);
    const CnDate on = {2022, 3, (gint8)(number % 28 + 1)};
    g_autofree char *text = g_strdup_printf("number %d", (int)number);
    const char *said = cn_network_intern(network, text);
    programme->lists = (1U << CN_PROGRAMME_KINDS) - 1;
    programme->from = on;
    programme->network_members = number;
    const CnBody body = {.id = "ex-body", .kind = "council", .name = said, .formed_on = on};
    const CnMeeting meeting = {.body = body.id, .on = on, .kind = "regular"};
    const CnOrdinance ordinance = {.title = "EXAMPLE ordinance", .passed_on = on};
    const CnTraining training = {.title = "EXAMPLE day",
                                 .on = {2022, 5, 0},
                                 .audience = "officials",
                                 .course = -1,
                                 .participants = number};
    const CnStart start = {.ref = "EX-1", .on = on};
    const CnCarePlan plan = {
        .ref = "EX-1", .on = {2022, 3, 0}, .status = "active", .goals = said, .needs = NULL};
    g_array_append_val(programme->records[CN_PROGRAMME_BODIES], body);
    g_array_append_val(programme->records[CN_PROGRAMME_MEETINGS], meeting);
    g_array_append_val(programme->records[CN_PROGRAMME_ORDINANCES], ordinance);
    g_array_append_val(programme->records[CN_PROGRAMME_TRAININGS], training);
    g_array_append_val(programme->records[CN_PROGRAMME_STARTS], start);
    g_array_append_val(programme->records[CN_PROGRAMME_CARE_PLANS], plan);
}

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    fault_vfs_install();
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->first = random_network(rand, 12, fixture->reference);
    fixture->second = random_network(rand, 14, fixture->reference);
    add_programme(fixture->first, 10);
    add_programme(fixture->second, 20);
    make_filled(fixture);
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
    g_free(fixture);
    return 0;
}

/* NULL where the store cannot be read. (transfer full) */
static char *
try_dump(carenet_store *store)
{
    g_autoptr(CnNetwork) network = cn_store_records(store, NULL);
    if (network == NULL)
        return NULL;
    g_autofree char *records = network_dump(network, cn_store_reference(store));
    GString *text = g_string_new(records);
    g_autoptr(carenet_table) overview = cn_programmes_overview(network);
    g_autofree char *heads = carenet_table_to_string(overview, CARENET_FORMAT_NDJSON, NULL);
    g_string_append(text, heads);
    for (guint kind = 0; kind < CN_PROGRAMME_KINDS; kind++) {
        g_autoptr(carenet_table) list =
            cn_programmes_list(network, cn_store_reference(store), kind);
        g_autofree char *rows = carenet_table_to_string(list, CARENET_FORMAT_NDJSON, NULL);
        g_string_append(text, rows);
    }
    return g_string_free(text, FALSE);
}

static char *
dump(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = open_store(fixture, FALSE, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    char *text = try_dump(store);
    assert_non_null(text);
    return text;
}

static gboolean
is_whole(carenet_store *store)
{
    gint64 whole = 0;
    return cn_store_ask_int(store, "SELECT integrity_check = 'ok' FROM pragma_integrity_check",
                            &whole, NULL) &&
           whole;
}

static void
restore(Fixture *fixture, const char *bytes, gsize len)
{
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(fixture->path, endings[i], NULL);
        g_unlink(path);
    }
    assert_true(g_file_set_contents(fixture->path, bytes, (gssize)len, NULL));
}

/* ---- A disk that fails. */

/* The second network over the first, with the k-th operation failing. Returns whether it did. */
static gboolean
import_with_fault(Fixture *fixture, FaultKind kind, guint k, gboolean forever, gboolean *out_done)
{
    g_autoptr(GError) error = NULL;
    fault_vfs_arm(kind, k, forever);
    g_autoptr(carenet_store) store = open_store(fixture, FALSE, &error);
    *out_done = store != NULL && import(store, fixture->second, &error);
    if (!*out_done && (error->domain != CN_ERROR || (error->code != CARENET_ERROR_STORAGE &&
                                                     error->code != CARENET_ERROR_CORRUPT)))
        fail_msg("fault %u at %u: %s", kind, k, error->message);
    /* Whoever closes checkpoints, on the failing disk. */
    g_clear_pointer(&store, cn_store_close);
    return fault_vfs_disarm();
}

static void
check_faults(Fixture *fixture, FaultKind kind, gboolean forever)
{
    g_autofree char *bytes = NULL;
    gsize len = 0;
    guint undone = 0, k = 1;
    g_autofree char *before = dump(fixture);
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    gboolean done;
    assert_false(import_with_fault(fixture, kind, 1000000, FALSE, &done));
    assert_true(done);
    g_autofree char *after = dump(fixture);
    assert_string_not_equal(before, after);
    for (gboolean happened = TRUE; happened; k += k < 16 ? 1 : 5) {
        restore(fixture, bytes, len);
        happened = import_with_fault(fixture, kind, k, forever, &done);
        g_autofree char *found = dump(fixture);
        /* What was acknowledged is there; what was not is there whole or not at all. */
        if (done)
            assert_string_equal(found, after);
        else if (strcmp(found, before) != 0)
            assert_string_equal(found, after);
        undone += !done;
        g_autoptr(carenet_store) store = open_store(fixture, TRUE, NULL);
        assert_true(is_whole(store));
    }
    print_message("fault %u%s: %u points, %u imports refused\n", kind, forever ? " for ever" : "",
                  k, undone);
    assert_true(undone > 0);
    restore(fixture, bytes, len);
}

static void
test_faults(void **state)
{
    for (guint i = 0; i < FAULT_KINDS * 2; i++)
        check_faults(*state, (FaultKind)(i / 2), i % 2 == 1);
}

static void
test_init_with_faults(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_build_filename(fixture->folder, "new.db", NULL);
    guint failed = 0;
    for (guint kind = 0; kind < FAULT_KINDS; kind++) {
        gboolean happened = TRUE;
        for (guint k = 1; happened; k += k < 20 ? 1 : 13) {
            g_autoptr(GError) error = NULL;
            fault_vfs_arm((FaultKind)kind, k, TRUE);
            g_autoptr(carenet_store) store =
                cn_store_init(path, CARENET_STORE_LIVE, fixture->reference, 100, &error);
            happened = fault_vfs_disarm();
            failed += store == NULL;
            /* What failed has left nothing, so that the next try can be made. */
            if (store == NULL) {
                assert_int_equal(error->code, CARENET_ERROR_STORAGE);
                assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
            }
            g_clear_pointer(&store, cn_store_close);
            g_unlink(path);
        }
    }
    assert_true(failed > 20);
}

static void
test_full_disk_names_itself(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *before = dump(fixture);
    g_autoptr(carenet_store) store = open_store(fixture, FALSE, &error);
    assert_true(cn_store_exec(store, "PRAGMA max_page_count = 1", NULL));
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    g_autoptr(CnNetwork) large = random_network(rand, 300, fixture->reference);
    assert_false(import(store, large, &error));
    assert_int_equal(error->code, CARENET_ERROR_STORAGE);
    assert_non_null(strstr(error->message, "disk is full"));
    /* The handle is as good as before. */
    g_autofree char *after = try_dump(store);
    assert_string_equal(before, after);
    assert_true(cn_store_exec(store, "PRAGMA max_page_count = 1000000", NULL));
    g_clear_error(&error);
    assert_true(import(store, large, &error));
}

/* ---- A damaged file. */

static guint
count_lines(const char *text)
{
    guint lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

typedef struct {
    guint refused, equal, found, payload;
} Damage;

/* SQLite keeps no checksums, so a bit may flip inside a text or a number and leave a store that is
 * whole. Everything else is an error, or is found by the integrity check. */
static void
look_at_damage(Fixture *fixture, const char *expected, Damage *damage)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = open_store(fixture, TRUE, &error);
    g_autofree char *text = store != NULL ? try_dump(store) : NULL;
    if (text == NULL)
        damage->refused++;
    else if (strcmp(text, expected) == 0)
        damage->equal++;
    else if (!is_whole(store))
        damage->found++;
    else {
        assert_int_equal(count_lines(text), count_lines(expected));
        damage->payload++;
    }
    if (error != NULL && error->code != CARENET_ERROR_CORRUPT &&
        error->code != CARENET_ERROR_VERSION && error->code != CARENET_ERROR_STORAGE)
        fail_msg("%s", error->message);
    if (store == NULL)
        return;
    /* Everything else that reads, and a write, must not crash either. */
    carenet_table_unref(cn_store_regions(store, NULL));
    cn_store_policy_text(store, NULL);
    g_clear_pointer(&store, cn_store_close);
    store = open_store(fixture, FALSE, NULL);
    if (store != NULL)
        (void)import(store, fixture->second, NULL);
}

static void
test_flipped_bytes(void **state)
{
    Fixture *fixture = *state;
    guint32 seed = (guint32)time(NULL);
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autofree char *bytes = NULL;
    gsize len = 0;
    g_autofree char *expected = dump(fixture);
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    Damage damage = {0};
    for (guint i = 0; i < 300; i++) {
        gsize offset = (gsize)g_rand_int_range(rand, 0, (gint)len);
        if (i < 100)
            offset = i; /* the file's header */
        else if (i % 2 == 0)
            offset = offset / 4096 * 4096 + (gsize)g_rand_int_range(rand, 0, 64); /* a page's */
        g_autofree char *copy = g_memdup2(bytes, len);
        copy[offset] ^= (char)(1 << g_rand_int_range(rand, 0, 8));
        restore(fixture, copy, len);
        look_at_damage(fixture, expected, &damage);
    }
    print_message("%u refused, %u without effect, %u found by the check, %u in a value\n",
                  damage.refused, damage.equal, damage.found, damage.payload);
    assert_true(damage.refused > 10);
}

/* Names are the same to SQLite however they are spelt, and so they are to us. */
static void
test_capitals_in_the_layout(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = dump(fixture);
    sqlite3 *db = NULL;
    Damage damage = {0};
    assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA writable_schema = 1;"
                                  "UPDATE sqlite_schema SET sql = upper(sql) WHERE type = 'table'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    look_at_damage(fixture, expected, &damage);
    assert_int_equal(damage.equal, 1);
}

static void
test_truncated_file(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *bytes = NULL;
    gsize len = 0;
    g_autofree char *expected = dump(fixture);
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    Damage damage = {0};
    for (gsize cut = 0; cut < len; cut += cut < 4096 ? 97 : 5 * 4096 - 1) {
        restore(fixture, bytes, cut);
        look_at_damage(fixture, expected, &damage);
    }
    assert_int_equal(damage.payload, 0);
    assert_true(damage.refused > 40);
}

/* A log that a crash tore: what was committed before it is there. */
static void
test_torn_log(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
    g_autofree char *before = dump(fixture), *bytes = NULL, *frames = NULL;
    gsize len = 0, frames_len = 0;
    g_autoptr(carenet_store) store = open_store(fixture, FALSE, NULL);
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    assert_true(import(store, fixture->second, NULL));
    g_autofree char *after = try_dump(store);
    assert_true(g_file_get_contents(log, &frames, &frames_len, NULL));
    g_clear_pointer(&store, cn_store_close);
    guint complete = 0;
    for (gsize cut = 0; cut <= frames_len; cut += cut + 4120 < frames_len ? 4120 : 1) {
        restore(fixture, bytes, len);
        assert_true(g_file_set_contents(log, frames, (gssize)cut, NULL));
        g_autofree char *found = dump(fixture);
        complete += strcmp(found, after) == 0;
        if (strcmp(found, after) != 0)
            assert_string_equal(found, before);
        if (cut + 4120 >= frames_len && cut < frames_len)
            cut = frames_len - 1;
    }
    assert_int_equal(complete, 1);
}

/* ---- Several processes. All offerings of a network say the same number, so that half an import
 * would be seen. */

static CnNetwork *
numbered_network(const CnReference *reference, gint64 number)
{
    CnNetwork *network = cn_network_new();
    for (guint i = 0; i < 40; i++) {
        CnProvider *provider = cn_network_add_provider(network);
        g_autofree char *id = g_strdup_printf("p%u", i);
        g_autofree char *offering_id = g_strconcat(id, "/mental-health", NULL);
        provider->id = cn_network_intern(network, id);
        provider->name = provider->id;
        provider->site.area = 0;
        provider->accreditation_level = (gint32)number;
        CnOffering offering = cn_offering_blank();
        offering.id = cn_network_intern(network, offering_id);
        offering.service = cn_service_by_id(reference->taxonomy, "mental-health");
        offering.capacity = (CnCapacity){.known = TRUE,
                                         .total = number,
                                         .as_of = {.s = number, .is_set = TRUE},
                                         .wait_days = -1};
        g_array_append_val(provider->offerings, offering);
    }
    add_programme(network, number);
    return network;
}

/* The number that all say; -1 where two differ. */
static gint64
number_of(const CnNetwork *network)
{
    gint64 number = -2;
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        if (provider->id[0] != 'p' || strchr(provider->id, '-') != NULL ||
            provider->offerings->len == 0)
            continue;
        const CnOffering *offering = &g_array_index(provider->offerings, CnOffering, 0);
        if (number == -2)
            number = offering->capacity.total;
        if (number != offering->capacity.total || number != provider->accreditation_level)
            return -1;
    }
    /* The programme says the same. */
    for (guint i = 0; i < network->programmes->len; i++) {
        const CnProgramme *programme = g_ptr_array_index(network->programmes, i);
        if (programme->network_members != number ||
            programme->records[CN_PROGRAMME_TRAININGS]->len != 1)
            return -1;
        const CnTraining *training = cn_programme_get(programme, CN_PROGRAMME_TRAININGS, 0);
        if (training->participants != number)
            return -1;
    }
    return number;
}

/* Imports @times numbers; after each one a byte is written to @told (-1: nobody listens). */
static int
write_numbers(Fixture *fixture, gint64 first, guint times, int told)
{
    g_autoptr(carenet_store) store = open_store(fixture, FALSE, NULL);
    for (guint i = 0; store != NULL && i < times; i++) {
        g_autoptr(CnNetwork) network = numbered_network(fixture->reference, first + i);
        if (!import(store, network, NULL))
            return 1;
        if (told >= 0 && write(told, "", 1) != 1)
            return 3;
    }
    return store != NULL ? 0 : 2;
}

static void
start_empty(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    test_folder_remove(g_steal_pointer(&fixture->folder));
    fixture->folder = test_folder();
    g_free(fixture->path);
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    g_autoptr(carenet_store) store = cn_store_init(fixture->path, CARENET_STORE_DEMONSTRATION,
                                                   fixture->reference, 20000, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
}

static void
check_one_number(Fixture *fixture, gint64 *out_number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = open_store(fixture, TRUE, &error);
    g_autoptr(CnNetwork) network = store != NULL ? cn_store_records(store, &error) : NULL;
    if (network == NULL)
        fail_msg("%s", error->message);
    *out_number = number_of(network);
    if (*out_number == -1)
        fail_msg("half an import was seen");
}

static void
test_two_writers_and_a_reader(void **state)
{
    Fixture *fixture = *state;
    pid_t children[2];
    start_empty(fixture);
    for (gint i = 0; i < 2; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(write_numbers(fixture, 1000 + i * 100000, 15, -1));
    }
    guint running = 2, looks = 0;
    while (running > 0) {
        int status = 0;
        if (waitpid(-1, &status, WNOHANG) > 0) {
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), 0);
            running--;
        }
        g_autoptr(carenet_store) store = open_store(fixture, TRUE, NULL);
        assert_non_null(store);
        g_autoptr(CnNetwork) network = cn_store_network(store, NULL, NULL);
        assert_non_null(network);
        assert_true(network->providers->len == 0 || network->providers->len == 40);
        looks++;
    }
    g_autoptr(carenet_store) store = open_store(fixture, TRUE, NULL);
    gint64 revision = 0;
    assert_true(cn_store_revision(store, &revision, NULL, NULL));
    /* 30 imports, each of which changed something: none was lost. */
    assert_int_equal(revision, 30);
    assert_true(is_whole(store));
    print_message("%u looks\n", looks);
}

/* A writer in a child process, killed at a random time after its first import. Returns how many
 * imports it had acknowledged. */
static gint64
kill_writer(Fixture *fixture, gint64 first, GRand *rand)
{
    int ends[2];
    char byte;
    gint64 acknowledged = 1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(write_numbers(fixture, first, 1000, ends[1]));
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    g_usleep((gulong)g_rand_int_range(rand, 0, 60000));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    while (read(ends[0], &byte, 1) == 1)
        acknowledged++;
    close(ends[0]);
    return acknowledged;
}

static void
test_killed_writer(void **state)
{
    Fixture *fixture = *state;
    guint32 seed = (guint32)time(NULL);
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    start_empty(fixture);
    gint64 first = 1;
    for (guint i = 0; i < 20; i++) {
        gint64 number = -2, acknowledged = kill_writer(fixture, first, rand);
        check_one_number(fixture, &number);
        /* All that was acknowledged, and at most the one import that was being made. */
        assert_true(number >= first + acknowledged - 1);
        assert_true(number <= first + acknowledged);
        first = number + 1;
    }
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_faults),        T(test_init_with_faults),         T(test_full_disk_names_itself),
        T(test_flipped_bytes), T(test_capitals_in_the_layout),   T(test_truncated_file),
        T(test_torn_log),      T(test_two_writers_and_a_reader), T(test_killed_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
