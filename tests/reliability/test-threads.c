/* What threads may share: a directory that all ask at once, and a store whose handle locks itself.
 * Built with CARENET_SANITIZE=thread (preset thread) the thread sanitizer watches. */
#include "../support/random-network.h"
#include "../support/referral-ledger.h"

#include <carenet/carenet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define THREADS 4
#define ASKS    40
#define SENDS   25
#define PLACES  4

/* ---- One directory. */

typedef struct {
    carenet_directory *directory;
    const char *expected;
    gint different;
} Shared;

static char *
ask(carenet_directory *directory)
{
    const char *const services[] = {"mental-health"};
    carenet_find_query query;
    carenet_find_query_init(&query);
    query.services = services, query.services_len = 1;
    query.near = "Cagayan de Oro";
    carenet_directory *own = carenet_directory_ref(directory);
    carenet_table *rows = carenet_find(own, &query, NULL);
    carenet_table *shown = carenet_directory_show(own, "trauma-therapy", NULL);
    g_autofree char *found = carenet_table_to_string(rows, CARENET_FORMAT_JSON, NULL);
    g_autofree char *told = carenet_table_to_string(shown, CARENET_FORMAT_JSON, NULL);
    carenet_table_unref(rows);
    carenet_table_unref(shown);
    carenet_directory_unref(own);
    return g_strconcat(found, told, NULL);
}

static gpointer
keep_asking(gpointer data)
{
    Shared *shared = data;
    for (guint i = 0; i < ASKS; i++) {
        g_autofree char *said = ask(shared->directory);
        if (strcmp(said, shared->expected) != 0)
            g_atomic_int_inc(&shared->different);
    }
    return NULL;
}

static void
run_threads(GThreadFunc run, gpointer *data)
{
    GThread *threads[THREADS];
    for (guint i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("thread", run, data[i]);
    for (guint i = 0; i < THREADS; i++)
        g_thread_join(threads[i]);
}

static void
a_directory_answers_all(void **state)
{
    (void)state;
    CnReference *reference = test_reference();
    Shared shared = {.directory = carenet_directory_demonstration(reference, NULL)};
    gpointer data[THREADS] = {&shared, &shared, &shared, &shared};
    assert_non_null(shared.directory);
    g_autofree char *expected = ask(shared.directory);
    shared.expected = expected;
    run_threads(keep_asking, data);
    assert_int_equal(shared.different, 0);
    carenet_directory_unref(shared.directory);
    carenet_reference_unref(reference);
}

/* ---- One handle of a store. */

typedef struct {
    gpointer handle;
    guint number;
    guint taken, refused, errors;
} Writer;

/* Every take is answered, while others read. */
static gpointer
keep_sending(gpointer data)
{
    Writer *writer = data;
    for (guint i = 0; i < SENDS; i++) {
        g_autofree char *key = g_strdup_printf("t%u-%u", writer->number, i);
        LedgerAnswer answer = referral_ledger.take(writer->handle, key, i % 3, NULL);
        writer->taken += answer == LEDGER_DONE;
        writer->refused += answer == LEDGER_FULL;
        writer->errors += answer == LEDGER_ERROR;
        carenet_table *rows = carenet_capacity(writer->handle, NULL, INT64_MIN, NULL);
        writer->errors += rows == NULL;
        carenet_table_unref(rows);
    }
    return NULL;
}

static void
a_store_locks_itself(void **state)
{
    (void)state;
    Writer writers[THREADS];
    gpointer data[THREADS];
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "shared.db", NULL);
    referral_ledger.make(path, PLACES);
    gpointer handle = referral_ledger.open(path, NULL);
    assert_non_null(handle);
    for (guint i = 0; i < THREADS; i++) {
        writers[i] = (Writer){.handle = handle, .number = i};
        data[i] = &writers[i];
    }
    run_threads(keep_sending, data);
    guint taken = 0;
    for (guint i = 0; i < THREADS; i++) {
        assert_int_equal(writers[i].errors, 0);
        assert_int_equal(writers[i].taken + writers[i].refused, SENDS);
        taken += writers[i].taken;
    }
    assert_int_equal(taken, PLACES * referral_ledger.offerings);
    g_auto(LedgerState) found;
    ledger_state_init(&found, referral_ledger.offerings);
    assert_true(referral_ledger.look(handle, TRUE, &found, NULL));
    assert_int_equal(ledger_overbooked(&found) + ledger_disagreements(&found), 0);
    referral_ledger.close(handle);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_answers_all),
        cmocka_unit_test(a_store_locks_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
