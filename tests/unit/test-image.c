/* The image beside a store: it gives the answers of the store or it is not used, whatever happened to
 * it; and it holds nothing that is withheld. */
#define _GNU_SOURCE
#include "../support/fault-files.h"
#include "../support/random-network.h"
#include "../support/random-world.h"
#include "base/image-private.h"
#include "directory/directory-image.h"
#include "model/listing-image.h"
#include "store/store-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#define PROVIDERS 60

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    char *image;
    CnNetwork *network;
    carenet_store_options options; /* keep an image */
} Fixture;

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
make_store(const char *path, CnReference *reference, const CnNetwork *network)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store =
        cn_store_init(path, CARENET_STORE_DEMONSTRATION, reference, 20000, &error);
    if (store == NULL || !import(store, network, &error))
        fail_msg("%s", error->message);
}

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    fixture->reference = test_reference();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    fixture->image = g_strconcat(fixture->path, "-image", NULL);
    fixture->network = random_network(rand, PROVIDERS, fixture->reference);
    make_store(fixture->path, fixture->reference, fixture->network);
    carenet_store_options_init(&fixture->options);
    fixture->options.read_only = true;
    fixture->options.keep_image = true;
    fixture->options.data_dir = g_getenv("CARENET_TEST_DATA");
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    cn_network_free(fixture->network);
    g_chmod(fixture->folder, 0700);
    test_folder_remove(fixture->folder);
    carenet_reference_unref(fixture->reference);
    g_free(fixture->path);
    g_free(fixture->image);
    g_free(fixture);
    return 0;
}

static carenet_store *
open_store(const Fixture *fixture, gboolean keep)
{
    g_autoptr(GError) error = NULL;
    carenet_store_options options = fixture->options;
    options.keep_image = keep;
    carenet_store *store = carenet_store_open(fixture->path, &options, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

/* ---- What a directory says. */

static void
say_rows(GString *said, carenet_table *rows, GError *error)
{
    if (rows == NULL)
        fail_msg("%s", error->message);
    char *text = carenet_table_to_string(rows, CARENET_FORMAT_CSV, NULL);
    g_string_append(said, text);
    for (gsize i = 0; i < carenet_table_warnings_len(rows); i++)
        g_string_append_printf(said, "%s\n", carenet_table_warning(rows, i));
    carenet_free(text);
    carenet_table_unref(rows);
}

/* Orders that need capacity and such that do not; with and without limits. */
static void
ask(GString *said, const carenet_directory *directory, guint question)
{
    static const char *const regions[] = {"mindanao", "1300000000", "Cebu"};
    static const char *const services[] = {"mental-health", "shelter", "medical"};
    static const char *const sorts[] = {"default", "name", "free", "wait", "verified", "provider"};
    carenet_find_query query;
    g_autoptr(GError) error = NULL;
    carenet_find_query_init(&query);
    query.now_s = WORLD_NOW_S;
    query.sort = sorts[question % G_N_ELEMENTS(sorts)];
    query.limit = question % 4 == 3 ? 5 : 0;
    query.free = question % 5 == 4;
    query.regions = &regions[question % 3];
    query.regions_len = question % 2;
    query.services = &services[question / 2 % 3];
    query.services_len = question / 4 % 2;
    query.near = question % 6 == 5 ? "Cagayan de Oro" : NULL;
    query.within_m = query.near != NULL ? 300000 : 0;
    say_rows(said, carenet_find(directory, &query, &error), error);
}

#define QUESTIONS 12

static void
answer(GString *said, const carenet_directory *directory)
{
    g_autoptr(GError) error = NULL;
    g_string_append_printf(said, "%s %d %zu\n", carenet_directory_digest(directory),
                           (int)carenet_directory_revision(directory),
                           carenet_directory_offerings_len(directory));
    for (guint question = 0; question < QUESTIONS; question++)
        ask(said, directory, question);
    say_rows(said, carenet_directory_reporting_lines(directory, NULL, &error), error);
}

typedef carenet_directory *(*Take)(carenet_store *store, carenet_error **error);

static char *
answers(const Fixture *fixture, Take take, gboolean keep)
{
    g_autoptr(GError) error = NULL;
    GString *said = g_string_new(NULL);
    carenet_store *store = open_store(fixture, keep);
    carenet_directory *directory = take(store, &error);
    if (directory == NULL)
        fail_msg("%s", error->message);
    /* The directory does not need its caller to keep the store. */
    carenet_store_close(store);
    answer(said, directory);
    carenet_directory_unref(directory);
    return g_string_free(said, FALSE);
}

/* The answers of the store itself, against which all others are held. */
static char *
true_answers(const Fixture *fixture)
{
    return answers(fixture, carenet_directory_load, FALSE);
}

static void
assert_true_answers(const Fixture *fixture, const char *expected, const char *what, gsize at)
{
    const Take takes[] = {carenet_directory_open, carenet_directory_load};
    g_autofree char *found = answers(fixture, takes[at % 2], TRUE);
    if (strcmp(found, expected) != 0)
        fail_msg("%s at %zu: another answer than the store's", what, at);
}

static void
make_image(const Fixture *fixture)
{
    g_free(answers(fixture, carenet_directory_load, TRUE));
    assert_true(g_file_test(fixture->image, G_FILE_TEST_EXISTS));
}

static void
read_image(const Fixture *fixture, char **out_bytes, gsize *out_len)
{
    assert_true(g_file_get_contents(fixture->image, out_bytes, out_len, NULL));
}

static void
write_image(const Fixture *fixture, const char *bytes, gsize len)
{
    g_unlink(fixture->image);
    int fd = g_open(fixture->image, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (gssize)len);
    close(fd);
}

static gint64
inode_of(const char *path)
{
    GStatBuf info;
    return g_stat(path, &info) == 0 ? (gint64)info.st_ino : -1;
}

/* ---- Tests. */

static void
test_answers_are_those_of_the_store(void **state)
{
    Fixture *fixture = *state;
    GStatBuf info;
    g_autofree char *expected = true_answers(fixture);
    assert_false(g_file_test(fixture->image, G_FILE_TEST_EXISTS));
    assert_true_answers(fixture, expected, "without an image", 0);
    assert_int_equal(g_stat(fixture->image, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    gint64 inode = inode_of(fixture->image);
    assert_true_answers(fixture, expected, "opened", 0);
    assert_true_answers(fixture, expected, "loaded", 1);
    assert_int_equal(inode_of(fixture->image), inode);
}

/* Everything that is not find reads the rest first. */
static void
test_an_opened_directory_does_everything(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    make_image(fixture);
    g_autoptr(carenet_store) store = open_store(fixture, TRUE);
    g_autoptr(carenet_directory) loaded = carenet_directory_load(store, &error);
    for (guint i = 0; i < fixture->network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(fixture->network->providers, i);
        g_autoptr(carenet_directory) opened = carenet_directory_open(store, &error);
        g_autoptr(carenet_directory) apart = carenet_directory_open(store, &error);
        g_autoptr(carenet_directory) changed = carenet_directory_with(apart, NULL, 0, &error);
        g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL);
        say_rows(a, carenet_directory_show(loaded, provider->id, &error), error);
        say_rows(b, carenet_directory_show(opened, provider->id, &error), error);
        say_rows(a, carenet_directory_regions(loaded), NULL);
        say_rows(b, carenet_directory_regions(opened), NULL);
        assert_string_equal(a->str, b->str);
        g_string_truncate(a, 0);
        g_string_truncate(b, 0);
        ask(a, loaded, i);
        ask(b, changed, i);
        assert_string_equal(a->str, b->str);
    }
}

static void
test_capacity_is_that_of_the_moment(void **state)
{
    Fixture *fixture = *state;
    make_image(fixture);
    gint64 inode = inode_of(fixture->image);
    for (guint round = 0; round < 3; round++) {
        sqlite3 *db = NULL;
        assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
        assert_int_equal(
            sqlite3_exec(db,
                         "UPDATE capacity SET occupied = (occupied + 1) % (total + 1), held = 0,"
                         " as_of_s = as_of_s + 86400; UPDATE network SET"
                         " capacity_revision = capacity_revision + 1",
                         NULL, NULL, NULL),
            SQLITE_OK);
        sqlite3_close(db);
        g_autofree char *expected = true_answers(fixture);
        assert_true_answers(fixture, expected, "opened in round", 2 * round);
        assert_true_answers(fixture, expected, "loaded in round", 2 * round + 1);
    }
    assert_int_equal(inode_of(fixture->image), inode);
}

static void
test_a_stale_image_is_made_anew(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(8);
    for (gsize round = 0; round < 4; round++) {
        make_image(fixture);
        gint64 inode = inode_of(fixture->image);
        g_autoptr(CnNetwork) other = random_network(rand, 20, fixture->reference);
        carenet_store *store =
            cn_store_open(fixture->path, fixture->reference, FALSE, 20000, &error);
        assert_true(import(store, other, &error));
        carenet_store_close(store);
        g_autofree char *expected = true_answers(fixture);
        assert_true_answers(fixture, expected, "after an import", round);
        assert_true_answers(fixture, expected, "again", round);
        assert_int_not_equal(inode_of(fixture->image), inode);
    }
}

/* Two copies of a store that went separate ways count alike: one is copied over the other. */
static void
test_another_store_of_the_same_revision(void **state)
{
    Fixture *fixture = *state;
    char *bytes;
    gsize len;
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);
    g_autofree char *copy = g_build_filename(fixture->folder, "copy.db", NULL);
    assert_true(g_file_get_contents(fixture->path, &bytes, &len, NULL));
    assert_true(g_file_set_contents(copy, bytes, (gssize)len, NULL));
    g_free(bytes);
    const char *const paths[] = {fixture->path, copy};
    gint64 revisions[2] = {0, 0};
    for (guint i = 0; i < 2; i++) {
        g_autoptr(CnNetwork) other = random_network(rand, 20, fixture->reference);
        g_autoptr(carenet_store) store =
            cn_store_open(paths[i], fixture->reference, FALSE, 20000, &error);
        assert_true(import(store, other, &error));
        assert_true(cn_store_revision(store, &revisions[i], NULL, NULL));
    }
    assert_int_equal(revisions[0], revisions[1]);
    make_image(fixture);
    assert_true(g_file_get_contents(copy, &bytes, &len, NULL));
    int fd = g_open(fixture->path, O_WRONLY | O_TRUNC, 0600);
    assert_int_equal(write(fd, bytes, len), (gssize)len);
    close(fd);
    g_free(bytes);
    g_autofree char *expected = true_answers(fixture);
    assert_true_answers(fixture, expected, "after a copy", 0);
    assert_true_answers(fixture, expected, "after a copy", 1);
}

/* Where nothing tells the states of a directory apart there is no image. */
static void
test_without_a_key_there_is_no_image(void **state)
{
    Fixture *fixture = *state;
    static const char *const acts[] = {"UPDATE network SET revision = revision + 1",
                                       "DROP TABLE directory_key"};
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        sqlite3 *db = NULL;
        assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, acts[i], NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        g_autofree char *expected = true_answers(fixture);
        assert_true_answers(fixture, expected, "without a key", i);
        assert_false(g_file_test(fixture->image, G_FILE_TEST_EXISTS));
        g_autoptr(GError) error = NULL;
        /* Whoever opens the store for writing draws one. */
        carenet_store_close(cn_store_open(fixture->path, fixture->reference, FALSE, 0, &error));
        assert_null(error);
        make_image(fixture);
        g_unlink(fixture->image);
    }
}

static void
assert_image_check(const Fixture *fixture, const char *status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_store) store = open_store(fixture, TRUE);
    g_autoptr(carenet_table) rows = carenet_store_check(store, WORLD_NOW_S, &error);
    assert_non_null(rows);
    const char *found = NULL;
    for (gsize row = 0; row < carenet_table_rows_len(rows); row++)
        if (strcmp(carenet_table_get_text(rows, row, 0), "image") == 0)
            found = carenet_table_get_text(rows, row, 1);
    assert_string_equal(found, status);
}

/* The revision tells nothing of what is done by hand; the check of the store does. */
static void
test_rows_changed_by_hand_are_told(void **state)
{
    Fixture *fixture = *state;
    sqlite3 *db = NULL;
    assert_image_check(fixture, "ok");
    make_image(fixture);
    assert_image_check(fixture, "ok");
    assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE provider SET contact_role = 'somebody else'", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    assert_image_check(fixture, "bad");
}

/* ---- Damage. */

static void
assert_flip_is_harmless(const Fixture *fixture,
                        const char *expected,
                        char *bytes,
                        gsize len,
                        gsize at)
{
    const char bit = (char)(1 << at % 7);
    bytes[at] = (char)(bytes[at] ^ bit);
    write_image(fixture, bytes, len);
    bytes[at] = (char)(bytes[at] ^ bit);
    assert_true_answers(fixture, expected, "one bit changed", at);
}

static gboolean
is_shown(guint kind)
{
    return kind == CN_SECTION_TEXT || kind == CN_SECTION_PROVIDERS || kind == CN_SECTION_OFFERINGS;
}

#define FLIPS_A_SECTION 67

static void
test_changed_bytes(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    g_autofree char *bytes = NULL;
    gsize len, flips = 0;
    make_image(fixture);
    read_image(fixture, &bytes, &len);
    gsize data = cn_image_first_block(((CnImageHead *)(gpointer)bytes)->sections_len,
                                      ((CnImageHead *)(gpointer)bytes)->blocks_len);
    /* The head densely, the rest with a step that meets every block and every offset in one. */
    for (gsize at = 0; at < len; at += at < 900 ? 13 : at < data ? 211 : 2011, flips++)
        assert_flip_is_harmless(fixture, expected, bytes, len, at);
    /* Most of it is places that nobody asks for; texts and records are shown. */
    const CnImageHead *head = (const CnImageHead *)(gpointer)bytes;
    const CnImagePlace *places = (const CnImagePlace *)(gconstpointer)(head + 1);
    for (guint i = 0; i < head->sections_len; i++)
        for (gsize k = 0; is_shown(places[i].kind) && k < FLIPS_A_SECTION; k++, flips++) {
            const gsize size = (gsize)places[i].len * places[i].record;
            assert_flip_is_harmless(fixture, expected, bytes, len,
                                    (gsize)places[i].at + size * k / FLIPS_A_SECTION);
        }
    print_message("%zu changed bits, no other answer\n", flips);
}

static void
test_cut_off_and_grown(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    g_autofree char *bytes = NULL;
    gsize len;
    make_image(fixture);
    read_image(fixture, &bytes, &len);
    const gsize lengths[] = {0, 1, 7, 8, 100, 511, 512, 4095, 4096, len / 2, len - 4096, len - 1};
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        write_image(fixture, bytes, lengths[i]);
        assert_true_answers(fixture, expected, "cut off", lengths[i]);
    }
    g_autofree char *longer = g_malloc0(len + 4096);
    memcpy(longer, bytes, len);
    write_image(fixture, longer, len + 4096);
    assert_true_answers(fixture, expected, "grown", len);
}

/* A head that says another build, another machine or another layout. */
static void
test_foreign_images(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    g_autofree char *bytes = NULL;
    gsize len;
    make_image(fixture);
    read_image(fixture, &bytes, &len);
    CnImageHead *head = (CnImageHead *)(gpointer)bytes;
    for (guint i = 0; i < 4; i++) {
        CnImageHead sound = *head;
        if (i == 0)
            head->order = GUINT32_SWAP_LE_BE(head->order);
        else if (i == 1)
            head->version++;
        else if (i == 2)
            head->layout ^= 1;
        else
            head->magic[0] = 'c';
        gsize first = cn_image_first_block(head->sections_len, head->blocks_len);
        head->sum = 0;
        guint64 sum = cn_image_sum(head, sizeof *head, 0);
        head->sum = cn_image_sum(head + 1, first - sizeof *head, sum);
        write_image(fixture, bytes, len);
        assert_null(cn_directory_image(fixture->image));
        assert_true_answers(fixture, expected, "foreign", i);
        *head = sound;
    }
}

/* Others may not write to what is believed, and it is no link to somewhere else. */
static void
test_files_that_are_not_believed(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *elsewhere = g_build_filename(fixture->folder, "elsewhere", NULL);
    make_image(fixture);
    CnImage *image = cn_directory_image(fixture->image);
    assert_non_null(image);
    cn_image_unref(image);
    assert_int_equal(g_chmod(fixture->image, 0620), 0);
    assert_null(cn_directory_image(fixture->image));
    assert_int_equal(g_chmod(fixture->image, 0600), 0);
    assert_int_equal(g_rename(fixture->image, elsewhere), 0);
    assert_int_equal(symlink(elsewhere, fixture->image), 0);
    assert_null(cn_directory_image(fixture->image));
    g_unlink(fixture->image);
    assert_int_equal(g_mkdir(fixture->image, 0700), 0);
    g_autofree char *expected = true_answers(fixture);
    assert_true_answers(fixture, expected, "a folder in its place", 0);
    g_rmdir(fixture->image);
    assert_int_equal(mkfifo(fixture->image, 0600), 0);
    assert_true_answers(fixture, expected, "a pipe in its place", 0);
}

/* Sums that fit, and numbers that point anywhere: written by somebody who wants harm. */
static void
test_hostile_numbers(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    g_autofree char *bytes = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(10);
    gsize len;
    make_image(fixture);
    read_image(fixture, &bytes, &len);
    CnImageHead *head = (CnImageHead *)(gpointer)bytes;
    CnImagePlace *places = (CnImagePlace *)(gpointer)(head + 1);
    guint64 *sums = (guint64 *)(gpointer)(places + head->sections_len);
    gsize first = cn_image_first_block(head->sections_len, head->blocks_len);
    for (guint round = 0; round < 300; round++) {
        g_autofree char *harmed = g_memdup2(bytes, len);
        const CnImagePlace *place = &places[round % head->sections_len];
        for (guint i = 0; i < 40 && place->len > 0; i++) {
            gsize at =
                place->at +
                (gsize)g_rand_int_range(rand, 0, (gint32)(place->len * place->record / 4 + 1)) * 4;
            guint32 value = g_rand_boolean(rand) ? g_rand_int(rand) : g_rand_int(rand) % 1000;
            if (at + 4 <= len)
                memcpy(harmed + at, &value, 4);
        }
        CnImageHead *of = (CnImageHead *)(gpointer)harmed;
        guint64 *of_sums = (guint64 *)(gpointer)(harmed + ((char *)sums - bytes));
        for (guint block = 0; block < head->blocks_len; block++) {
            gsize from = first + (gsize)block * CN_IMAGE_BLOCK;
            of_sums[block] = cn_image_sum(harmed + from, MIN(CN_IMAGE_BLOCK, len - from), block);
        }
        of->sum = 0;
        guint64 sum = cn_image_sum(of, sizeof *of, 0);
        of->sum = cn_image_sum(of + 1, first - sizeof *of, sum);
        write_image(fixture, harmed, len);
        /* What it says may be wrong: whoever may write there may lie. It must not crash. */
        g_free(answers(fixture, round % 2 == 0 ? carenet_directory_open : carenet_directory_load,
                       TRUE));
    }
    g_unlink(fixture->image);
    assert_true_answers(fixture, expected, "afterwards", 0);
}

/* ---- Writing. */

static guint
count_files(const char *folder)
{
    guint count = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        count++;
    return count;
}

static void
test_writing_fails(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    guint faults = 0;
    for (FaultFileKind kind = 0; kind < FAULT_FILE_KINDS; kind++) {
        gboolean happened = TRUE;
        for (guint k = 1; happened && k < 40; k++) {
            g_unlink(fixture->image);
            if (kind == FAULT_FILE_MAP || k % 2 == 0)
                make_image(fixture);
            if (kind != FAULT_FILE_MAP && k % 2 == 0)
                write_image(fixture, "old", 3);
            guint before = count_files(fixture->folder);
            carenet_store *store = open_store(fixture, TRUE);
            g_autoptr(GError) error = NULL;
            GString *said = g_string_new(NULL);
            fault_files_arm(kind, k);
            carenet_directory *directory = carenet_directory_open(store, &error);
            happened = fault_files_disarm();
            assert_non_null(directory);
            answer(said, directory);
            assert_string_equal(said->str, expected);
            carenet_directory_unref(directory);
            carenet_store_close(store);
            if (happened && kind != FAULT_FILE_MAP)
                assert_int_equal(count_files(fixture->folder), before);
            g_string_free(said, TRUE);
            faults += happened;
        }
    }
    print_message("%u faults, no other answer, nothing left behind\n", faults);
    assert_true(faults >= 8);
}

static void
test_a_folder_that_cannot_be_written(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    assert_int_equal(g_chmod(fixture->folder, 0500), 0);
    assert_true_answers(fixture, expected, "read-only folder", 0);
    assert_true_answers(fixture, expected, "read-only folder", 1);
    assert_int_equal(g_chmod(fixture->folder, 0700), 0);
}

static void
test_writers_at_once(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *expected = true_answers(fixture);
    pid_t children[4];
    for (guint i = 0; i < G_N_ELEMENTS(children); i++) {
        children[i] = fork();
        if (children[i] != 0)
            continue;
        for (guint round = 0; round < 10; round++) {
            g_unlink(fixture->image);
            g_autofree char *found = answers(fixture, carenet_directory_open, TRUE);
            if (strcmp(found, expected) != 0)
                _exit(1);
        }
        _exit(0);
    }
    for (guint i = 0; i < G_N_ELEMENTS(children); i++) {
        int status = -1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_true_answers(fixture, expected, "after all of them", 0);
}

/* ---- What is in it. */

static void
test_moving_a_site_changes_no_byte(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GError) error = NULL;
    guint secrets_seen = 0;
    for (guint32 seed = 1; seed <= 12; seed++) {
        g_autoptr(GRand) a = g_rand_new_with_seed(seed), b = g_rand_new_with_seed(seed);
        g_autoptr(CnNetwork) before = world_network(a, fixture->reference, 14);
        g_autoptr(CnNetwork) after = world_network(b, fixture->reference, 14);
        world_move_secrets(b, after, fixture->reference);
        const char *const keys[CN_IMAGE_KEYS] = {"places", "7 key"};
        const CnNetwork *networks[] = {before, after};
        char *bytes[2];
        gsize lens[2];
        for (guint i = 0; i < 2; i++) {
            g_autoptr(carenet_directory) directory =
                cn_directory_new(networks[i], fixture->reference, 7);
            assert_true(cn_directory_write_image(directory, fixture->image, keys, &error));
            read_image(fixture, &bytes[i], &lens[i]);
            g_autoptr(GPtrArray) secrets = world_secrets(networks[i]);
            for (guint k = 0; k < secrets->len; k++)
                if (memmem(bytes[i], lens[i], secrets->pdata[k], strlen(secrets->pdata[k])) != NULL)
                    fail_msg("the image holds %s", (const char *)secrets->pdata[k]);
            secrets_seen += secrets->len;
        }
        assert_int_equal(lens[0], lens[1]);
        assert_memory_equal(bytes[0], bytes[1], lens[0]);
        g_free(bytes[0]);
        g_free(bytes[1]);
    }
    assert_true(secrets_seen > 100);
}

static void
test_reference_comes_back(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GByteArray) packed = g_byte_array_new(), again = g_byte_array_new();
    cn_reference_pack(packed, fixture->reference);
    g_autoptr(carenet_reference) read =
        cn_reference_unpack(packed->data, packed->len, "somewhere", NULL, NULL);
    assert_non_null(read);
    assert_string_equal(read->data_dir, "somewhere");
    cn_reference_pack(again, read);
    assert_int_equal(packed->len, again->len);
    assert_memory_equal(packed->data, again->data, packed->len);
    for (gsize len = 0; len < packed->len; len += 977)
        assert_null(cn_reference_unpack(packed->data, len, "somewhere", NULL, NULL));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_answers_are_those_of_the_store),
        TEST(test_an_opened_directory_does_everything),
        TEST(test_capacity_is_that_of_the_moment),
        TEST(test_a_stale_image_is_made_anew),
        TEST(test_another_store_of_the_same_revision),
        TEST(test_without_a_key_there_is_no_image),
        TEST(test_rows_changed_by_hand_are_told),
        TEST(test_changed_bytes),
        TEST(test_cut_off_and_grown),
        TEST(test_foreign_images),
        TEST(test_files_that_are_not_believed),
        TEST(test_hostile_numbers),
        TEST(test_writing_fails),
        TEST(test_a_folder_that_cannot_be_written),
        TEST(test_writers_at_once),
        TEST(test_moving_a_site_changes_no_byte),
        TEST(test_reference_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
