/* The ledger under contention: processes and threads that take the last places, the gate of writers, and
 * stores of the layout before. */
#include "../support/random-network.h"
#include "../support/referral-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 6
#define ROUNDS    40
#define ONE       world_offerings[0]

static int
set_up(void **state)
{
    *state = world_new();
    return 0;
}

static int
tear_down(void **state)
{
    world_free(*state);
    return 0;
}

/* Takes and gives back the places of one offering; the exit status is how often something was wrong. */
static int
compete(World *world, guint seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    g_autoptr(carenet_store) store = world_open(world, 20000);
    const carenet_acting acting = world_acting();
    int wrong = 0;
    for (gint i = 0; i < ROUNDS; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) held = carenet_capacity_hold(
            store, ONE, 1 + g_rand_int_range(rand, 0, 2), 3600, &acting, &error);
        if (held == NULL) {
            wrong += carenet_error_get_code(error) != CARENET_ERROR_CAPACITY;
            continue;
        }
        /* At every moment that anybody can see. */
        g_autoptr(carenet_table) seen = carenet_capacity(store, ONE, INT64_MIN, NULL);
        wrong += seen == NULL ||
                 world_int(seen, "occupied") + world_int(seen, "held") > world_int(seen, "total");
        g_autoptr(carenet_table) gone =
            carenet_capacity_release(store, world_text(held, "hold"), &acting, &error);
        wrong += gone == NULL;
    }
    return wrong;
}

static void
test_processes(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    pid_t children[PROCESSES];
    for (guint i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(MIN(compete(world, i), 100));
    }
    for (guint i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(world_ask(store, "SELECT sum(held) FROM capacity"), 0);
    world_check_ledger(store);
    carenet_chain chain;
    carenet_chain_init(&chain);
    assert_true(carenet_audit_verify(store, NULL, &chain, NULL));
    assert_int_equal(chain.broken_at, 0);
    print_message("%d processes, %d rounds each, %d records\n", PROCESSES, ROUNDS,
                  (int)chain.records);
}

/* ---- Threads: one handle that locks itself, and a handle each. */

typedef struct {
    World *world;
    carenet_store *shared; /* NULL: a handle of its own */
    gint taken;
} Taker;

static gpointer
take_all(gpointer data)
{
    Taker *taker = data;
    carenet_store *own = taker->shared == NULL ? world_open(taker->world, 20000) : NULL;
    carenet_store *store = own != NULL ? own : taker->shared;
    const carenet_acting acting = world_acting();
    for (gint i = 0; i < 20; i++) {
        g_autoptr(carenet_table) held = carenet_capacity_hold(store, ONE, 1, 3600, &acting, NULL);
        taker->taken += held != NULL;
    }
    cn_store_close(own);
    return NULL;
}

static void
compete_in_threads(World *world, carenet_store *store, gboolean shared)
{
    Taker takers[4];
    GThread *threads[4];
    gint taken = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(takers); i++) {
        takers[i] = (Taker){world, shared ? store : NULL, 0};
        threads[i] = g_thread_new("taker", take_all, &takers[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(takers); i++) {
        g_thread_join(threads[i]);
        taken += takers[i].taken;
    }
    assert_int_equal(taken, 3);
    world_check_ledger(store);
}

static void
test_threads_share_a_handle(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    compete_in_threads(world, store, TRUE);
}

static void
test_threads_with_own_handles(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    compete_in_threads(world, store, FALSE);
}

/* ---- The gate. */

/* Busy comes after the deadline of the caller and not before, whether somebody stands in the gate or
 * holds the lock of the database. */
static void
test_busy_after_the_deadline(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    const carenet_acting acting = world_acting();
    for (gint gated = 0; gated < 2; gated++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_store) other = world_open(world, 200);
        g_auto(CnTransaction) transaction = {0};
        if (gated)
            assert_true(cn_transaction_begin(&transaction, other, CN_WRITE, NULL));
        else
            assert_true(cn_store_exec(other, "BEGIN IMMEDIATE", NULL));
        const gint64 before = g_get_monotonic_time();
        assert_null(carenet_capacity_hold(store, ONE, 1, 0, &acting, &error));
        const gint64 waited_ms = (g_get_monotonic_time() - before) / 1000;
        assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_BUSY);
        assert_non_null(carenet_error_get_hint(error));
        assert_true(waited_ms >= 190 && waited_ms < 2000);
        if (!gated)
            assert_true(cn_store_exec(other, "ROLLBACK", NULL));
    }
    g_autoptr(carenet_table) held = carenet_capacity_hold(store, ONE, 1, 0, &acting, NULL);
    assert_non_null(held);
}

/* A writer that dies in the gate leaves it open. */
static void
test_dead_writer(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) store = world_make(world);
    const carenet_acting acting = world_acting();
    pid_t child = fork();
    if (child == 0) {
        carenet_store *own = world_open(world, 200);
        CnTransaction transaction = {0};
        _exit(cn_transaction_begin(&transaction, own, CN_WRITE, NULL) ? 0 : 1);
    }
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    g_autoptr(carenet_table) held = carenet_capacity_hold(store, ONE, 1, 0, &acting, NULL);
    assert_non_null(held);
}

/* Without a side file only the order is lost. */
static void
test_no_side_file(void **state)
{
    World *world = *state;
    g_autoptr(carenet_store) made = world_make(world);
    g_clear_pointer(&made, cn_store_close);
    g_autofree char *gate = g_strconcat(world->path, "-gate", NULL);
    g_unlink(gate);
    assert_int_equal(g_mkdir(gate, 0700), 0);
    g_autoptr(carenet_store) store = world_open(world, 200);
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) held = carenet_capacity_hold(store, ONE, 1, 0, &acting, NULL);
    assert_non_null(held);
}

/* ---- Layout 1. */

/* A store of the layout before is brought up; what it held is the opening of the ledger. */
static void
test_layout_1(void **state)
{
    World *world = *state;
    g_autoptr(GError) error = NULL;
    const char *src = g_getenv("CARENET_TEST_SRC");
    g_autofree char *from = g_build_filename(src, "fixtures", "store-v1.db", NULL), *bytes = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(from, &bytes, &len, NULL));
    assert_true(g_file_set_contents(world->path, bytes, (gssize)len, NULL));
    g_autoptr(carenet_store) store = world_open(world, 200);
    assert_int_equal(world_ask(store, "SELECT count(*) FROM capacity_opening AS o JOIN capacity"
                                      " USING (network_id, offering_id, total, occupied, held)"),
                     world_ask(store, "SELECT count(*) FROM capacity"));
    assert_true(world_ask(store, "SELECT count(*) FROM capacity") > 0);
    assert_int_equal(world_ask(store, "SELECT count(*) FROM journal"), 1);
    const carenet_acting acting = world_acting();
    g_autoptr(carenet_table) all = carenet_capacity(store, NULL, INT64_MIN, &error);
    assert_non_null(all);
    const size_t at = (size_t)carenet_table_column_index(all, "offering");
    gboolean held = FALSE;
    for (size_t i = 0; i < carenet_table_rows_len(all) && !held; i++) {
        g_autoptr(carenet_table) row =
            carenet_capacity_hold(store, carenet_table_get_text(all, i, at), 1, 0, &acting, NULL);
        held = row != NULL;
    }
    assert_true(held);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_processes),
        TEST(test_threads_share_a_handle),
        TEST(test_threads_with_own_handles),
        TEST(test_busy_after_the_deadline),
        TEST(test_dead_writer),
        TEST(test_no_side_file),
        TEST(test_layout_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
