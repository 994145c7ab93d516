/* What threads may share: a directory that all ask at once, also one that is read when it is first asked,
 * cases, a policy and a plan, and a store whose handle locks itself.
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

/* ---- A directory that is read from its image when it is asked, a plan, and the chain. */

/* What threads share of one store. */
typedef struct {
    carenet_store *store;
    carenet_directory *directory; /* of the image: whoever asks first reads */
    carenet_policy *policy;
    carenet_cases *cases;
    carenet_plan *plan;
    char *checkpoint;
    gint wrong;
} World;

static carenet_store *
open_with_image(const char *path)
{
    g_autoptr(GError) error = NULL;
    carenet_store_options options;
    carenet_store_options_init(&options);
    options.data_dir = g_getenv("CARENET_TEST_DATA");
    options.keep_image = true;
    carenet_store *store = carenet_store_open(path, &options, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static void
fill_world(World *world, const char *path)
{
    g_autoptr(GError) error = NULL;
    static const char text[] =
        "- {ref: C-1, area: \"1030500000\", consent: full, needs: [individual-counseling]}\n"
        "- {ref: C-2, area: \"1030500000\", consent: full, needs: [individual-counseling]}\n"
        "- {ref: C-3, area: \"1030500000\", consent: full, needs: [individual-counseling]}\n";
    carenet_batch_options run;
    carenet_batch_options_init(&run);
    run.include_unconfirmed = true;
    run.threads = 2;
    *world = (World){.store = open_with_image(path)};
    carenet_directory_unref(carenet_directory_load(world->store, &error));
    world->directory = carenet_directory_open(world->store, &error);
    world->policy = carenet_store_policy(world->store, &error);
    carenet_reference *reference = carenet_store_reference(world->store);
    world->cases = carenet_cases_parse(reference, text, strlen(text), "cases", CARENET_CASES_STRICT,
                                       NULL, &error);
    carenet_reference_unref(reference);
    world->checkpoint = carenet_checkpoint_make(world->store, NULL, &error);
    if (world->cases == NULL ||
        !carenet_batch(world->directory, world->policy, world->cases, &run, &world->plan, &error))
        fail_msg("%s", error->message);
}

static void
clear_world(World *world)
{
    carenet_free(world->checkpoint);
    carenet_plan_unref(world->plan);
    carenet_cases_unref(world->cases);
    carenet_policy_unref(world->policy);
    carenet_directory_unref(world->directory);
    carenet_store_close(world->store);
}

/* Asks of everything that may be shared; an answer is enough, the sanitizer looks at how. */
static gpointer
use_world(gpointer data)
{
    World *world = data;
    carenet_chain chain;
    carenet_acting acting;
    carenet_acting_init(&acting);
    acting.actor = "thread";
    for (guint i = 0; i < 3; i++) {
        g_autofree char *found = ask(world->directory);
        carenet_routes *routes =
            carenet_route(world->directory, world->policy, world->cases, NULL, NULL);
        carenet_table *checked = carenet_plan_check(world->plan, world->directory, world->policy,
                                                    world->cases, NULL, NULL);
        carenet_table *applied = carenet_plan_apply(world->plan, world->store, world->policy,
                                                    world->cases, NULL, &acting, NULL);
        carenet_chain_init(&chain);
        if (found == NULL || routes == NULL || checked == NULL || applied == NULL ||
            !carenet_audit_verify(world->store, world->checkpoint, &chain, NULL) ||
            chain.broken_at != 0)
            g_atomic_int_inc(&world->wrong);
        carenet_table_unref(applied);
        carenet_table_unref(checked);
        carenet_routes_unref(routes);
    }
    return NULL;
}

static void
a_world_is_shared(void **state)
{
    (void)state;
    World world;
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "world.db", NULL);
    referral_ledger.make(path, PLACES);
    fill_world(&world, path);
    gpointer data[THREADS] = {&world, &world, &world, &world};
    run_threads(use_world, data);
    assert_int_equal(world.wrong, 0);
    carenet_referral_query query;
    carenet_referral_query_init(&query);
    carenet_table *drafts = carenet_referral_list(world.store, &query, NULL);
    assert_int_equal(carenet_table_rows_len(drafts), carenet_plan_assignments_len(world.plan));
    assert_true(carenet_table_rows_len(drafts) > 0);
    carenet_table_unref(drafts);
    clear_world(&world);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_answers_all),
        cmocka_unit_test(a_world_is_shared),
        cmocka_unit_test(a_store_locks_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
