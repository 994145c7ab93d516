/* What becomes of a referral when the disk fails, is full, or the file is damaged: done and there, or
 * an error that says why and nothing changed; never a place that is not there. */
#include "../support/fault-vfs.h"
#include "../support/random-network.h"
#include "../support/referral-ledger.h"
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define PLACES 2
#define STEPS  5

/* A store with one referral of each state, and what must be known of it. */
typedef struct {
    char *folder, *path;
    char *bytes;
    gsize len;
} Fixture;

/* The same steps for every fault; each key's state before and after its step. */
static const struct {
    const char *key;
    PlaceState from, to;
} steps[STEPS] = {
    {"new", PLACE_NONE, PLACE_HELD},
    {"held", PLACE_HELD, PLACE_OCCUPIED},
    {"occupied", PLACE_OCCUPIED, PLACE_RETURNED},
    {"new", PLACE_HELD, PLACE_OCCUPIED},
    {"new", PLACE_OCCUPIED, PLACE_RETURNED},
};

static LedgerAnswer
ask(gpointer handle, const char *key, PlaceState to, GError **error)
{
    if (to == PLACE_HELD)
        return referral_ledger.take(handle, key, 1, error);
    return to == PLACE_OCCUPIED ? referral_ledger.accept(handle, key, error)
                                : referral_ledger.give_back(handle, key, error);
}

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fault_vfs_install();
    fixture->folder = test_folder();
    fixture->path = g_build_filename(fixture->folder, "store.db", NULL);
    referral_ledger.make(fixture->path, PLACES);
    gpointer handle = referral_ledger.open(fixture->path, NULL);
    assert_int_equal(referral_ledger.take(handle, "held", 0, NULL), LEDGER_DONE);
    assert_int_equal(referral_ledger.take(handle, "occupied", 0, NULL), LEDGER_DONE);
    assert_int_equal(referral_ledger.accept(handle, "occupied", NULL), LEDGER_DONE);
    referral_ledger.close(handle);
    assert_true(g_file_get_contents(fixture->path, &fixture->bytes, &fixture->len, NULL));
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;
    test_folder_remove(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->bytes);
    g_free(fixture);
    return 0;
}

static void
put_back(const Fixture *fixture, const char *bytes, gsize len)
{
    ledger_remove(fixture->path);
    assert_true(g_file_set_contents_full(fixture->path, bytes, (gssize)len,
                                         G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* ---- A disk that fails. */

static void
check_error(const GError *error, FaultKind kind, guint k)
{
    if (error->domain == CN_ERROR &&
        (error->code == CARENET_ERROR_STORAGE || error->code == CARENET_ERROR_CORRUPT))
        return;
    fail_msg("fault %u at %u: %s", kind, k, error->message);
}

/* How many steps were acknowledged before the first error. */
static guint
run_steps(gpointer handle, FaultKind kind, guint k)
{
    for (guint i = 0; i < STEPS; i++) {
        g_autoptr(GError) error = NULL;
        LedgerAnswer answer = ask(handle, steps[i].key, steps[i].to, &error);
        assert_int_not_equal(answer, LEDGER_FULL);
        if (answer == LEDGER_ERROR) {
            check_error(error, kind, k);
            return i;
        }
    }
    return STEPS;
}

static PlaceState
state_after(const char *key, guint done)
{
    PlaceState state = PLACE_NONE;
    for (guint i = STEPS; i-- > 0;)
        if (strcmp(steps[i].key, key) == 0)
            state = steps[i].from;
    for (guint i = 0; i < done; i++)
        if (strcmp(steps[i].key, key) == 0)
            state = steps[i].to;
    return state;
}

/* What was acknowledged is there; the step that failed is there whole or not at all. */
static void
check_store(const Fixture *fixture, guint done)
{
    static const char *const keys[] = {"new", "held", "occupied"};
    g_autoptr(GError) error = NULL;
    g_auto(LedgerState) state;
    ledger_state_init(&state, referral_ledger.offerings);
    gpointer handle = referral_ledger.open(fixture->path, &error);
    if (handle == NULL || !referral_ledger.look(handle, TRUE, &state, &error))
        fail_msg("%s", error->message);
    assert_false(state.broken);
    assert_int_equal(state.doubled + ledger_overbooked(&state) + ledger_disagreements(&state), 0);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        PlaceState found = ledger_place(&state, keys[i]);
        if (found != state_after(keys[i], done))
            assert_int_equal(found, state_after(keys[i], MIN(done + 1, STEPS)));
    }
    /* And it goes on from there, with the same requests. */
    for (guint i = done; i < STEPS; i++)
        if (ask(handle, steps[i].key, steps[i].to, &error) != LEDGER_DONE)
            fail_msg("%s", error != NULL ? error->message : "full");
    referral_ledger.close(handle);
}

/* The k-th operation fails, while the store is opened or at a step. Returns whether it did. */
static gboolean
run_with_fault(const Fixture *fixture, FaultKind kind, guint k, gboolean forever, guint *out_done)
{
    g_autoptr(GError) error = NULL;
    *out_done = 0;
    fault_vfs_arm(kind, k, forever);
    gpointer handle = referral_ledger.open(fixture->path, &error);
    if (handle != NULL) {
        *out_done = run_steps(handle, kind, k);
        referral_ledger.close(handle);
    } else
        check_error(error, kind, k);
    return fault_vfs_disarm();
}

static void
sweep(const Fixture *fixture, FaultKind kind, gboolean forever)
{
    guint k = 1, refused = 0;
    for (gboolean happened = TRUE; happened; k += k < 10 ? 1 : 13) {
        guint done = 0;
        put_back(fixture, fixture->bytes, fixture->len);
        happened = run_with_fault(fixture, kind, k, forever, &done);
        refused += done < STEPS;
        check_store(fixture, done);
    }
    print_message("fault %u%s: %u points, at %u of them a step was refused\n", kind,
                  forever ? " for ever" : "", k, refused);
    assert_true(refused > 0);
}

static void
a_failing_disk_loses_nothing(void **state)
{
    for (guint i = 0; i < FAULT_KINDS; i++)
        sweep(*state, (FaultKind)i, FALSE);
    sweep(*state, FAULT_FULL, TRUE);
    sweep(*state, FAULT_SYNC, TRUE);
}

/* ---- A damaged file. */

typedef struct {
    guint refused, done, full;
} Damage;

/* Whatever a damaged file says: an answer is an error or a take that the counts allow. */
static void
use_damaged(const Fixture *fixture, Damage *damage)
{
    g_autoptr(GError) error = NULL;
    g_auto(LedgerState) state;
    ledger_state_init(&state, referral_ledger.offerings);
    gpointer handle = referral_ledger.open(fixture->path, &error);
    if (handle == NULL) {
        damage->refused++;
        return;
    }
    for (guint i = 0; i < PLACES + 1; i++) {
        g_autofree char *key = g_strdup_printf("new%u", i);
        g_clear_error(&error);
        LedgerAnswer answer = referral_ledger.take(handle, key, 1, &error);
        damage->refused += answer == LEDGER_ERROR;
        damage->full += answer == LEDGER_FULL;
        damage->done += answer == LEDGER_DONE;
        if (answer == LEDGER_ERROR)
            assert_true(error->domain == CN_ERROR && error->message[0] != '\0');
        if (answer == LEDGER_ERROR)
            assert_int_not_equal(error->code, CARENET_ERROR_INTERNAL);
        if (answer == LEDGER_DONE && i == PLACES &&
            referral_ledger.look(handle, TRUE, &state, NULL) && !state.broken &&
            ledger_disagreements(&state) == 0)
            assert_int_equal(ledger_overbooked(&state), 0);
    }
    referral_ledger.close(handle);
}

static void
flipped_bits_give_no_place(void **state)
{
    const Fixture *fixture = *state;
    const char *given = g_getenv("CARENET_TEST_SEED");
    guint32 seed = given != NULL ? (guint32)g_ascii_strtoull(given, NULL, 10) : (guint32)time(NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    Damage damage = {0};
    print_message("CARENET_TEST_SEED=%u\n", seed);
    for (guint i = 0; i < 150; i++) {
        g_autofree char *copy = g_memdup2(fixture->bytes, fixture->len);
        for (guint k = 0; k < 1 + i % 8; k++) {
            gsize at = (gsize)g_rand_int_range(rand, 0, (gint32)fixture->len);
            /* The small pages at the end are those of referrals; half of the flips hit a header. */
            copy[k % 2 == 0 ? at : at / 4096 * 4096 + at % 64] ^= (char)(1 << (i % 8));
        }
        put_back(fixture, copy, fixture->len);
        use_damaged(fixture, &damage);
    }
    print_message("%u refused, %u taken, %u full\n", damage.refused, damage.done, damage.full);
    assert_true(damage.refused > 5);
}

static void
a_cut_file_gives_no_place(void **state)
{
    const Fixture *fixture = *state;
    Damage damage = {0};
    for (gsize cut = 0; cut < fixture->len; cut += cut < 4096 ? 512 : fixture->len / 40) {
        put_back(fixture, fixture->bytes, cut);
        use_damaged(fixture, &damage);
    }
    print_message("%u refused, %u taken, %u full\n", damage.refused, damage.done, damage.full);
    assert_int_equal(damage.done, 0);
    assert_true(damage.refused > 20);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_failing_disk_loses_nothing),
        T(flipped_bits_give_no_place),
        T(a_cut_file_gives_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
