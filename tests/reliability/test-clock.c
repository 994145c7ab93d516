/* Clocks that jump: a hold never grows longer, and what has ended never comes back.
 *
 * Time goes on truly; the clock of the wall is set forward and back under the store, and the machine
 * is started anew. The test knows true time, and asks only for what must hold whatever the store
 * makes of its clocks. */
#include "../support/random-network.h"
#include "../support/referral-ledger.h"
#include "base/error.h"

#include <carenet/carenet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define HOLD_S 100
#define ROUNDS 40
#define STEPS  30

typedef struct {
    gint64 first_s;  /* what the wall shows first: behind nothing that a store has seen */
    gint64 true_s;   /* since the beginning of the round */
    gint64 offset_s; /* of the wall */
    guint boot;
    gint64 booted_s; /* true time of the last start */
    gboolean no_boot_clock;
} Machine;

static gint64
tomorrow(void)
{
    return (gint64)time(NULL) + CN_DAY_S;
}

static gint64
wall_s(gpointer user)
{
    const Machine *machine = user;
    return machine->first_s + machine->true_s + machine->offset_s;
}

static gint64
boot_s(gpointer user, char out_boot[CN_BOOT_ID_SIZE])
{
    const Machine *machine = user;
    g_snprintf(out_boot, CN_BOOT_ID_SIZE, "boot-%u", machine->boot);
    if (machine->no_boot_clock)
        out_boot[0] = '\0';
    return machine->true_s - machine->booted_s;
}

/* What the test knows of a hold. */
typedef struct {
    char key[16];
    guint offering;
    gint64 sent_s; /* true time */
    guint boot;    /* of when it was sent */
    gboolean gone; /* the store has said that it ended */
    gboolean accepted;
} Hold;

typedef struct {
    Machine machine;
    GRand *rand;
    gpointer handle;
    GArray *holds; /* (element-type Hold) */
    gboolean jumps;
    guint lengthened, revived, shortened, blocked;
} Round;

static guint
draw(Round *round, guint n)
{
    return (guint)g_rand_int_range(round->rand, 0, (gint32)n);
}

/* Whatever happened to the wall: the machine's own clock has counted it out. */
static gboolean
has_surely_ended(const Round *round, const Hold *hold)
{
    return hold->boot == round->machine.boot && round->machine.true_s - hold->sent_s >= HOLD_S;
}

/* An offering has one place: who may stand on it? */
static gboolean
may_be_taken(const Round *round, guint offering)
{
    for (guint i = 0; i < round->holds->len; i++) {
        const Hold *hold = &g_array_index(round->holds, Hold, i);
        if (hold->offering == offering &&
            (hold->accepted || !(hold->gone || has_surely_ended(round, hold))))
            return TRUE;
    }
    return FALSE;
}

static void
send(Round *round)
{
    g_autoptr(GError) error = NULL;
    Hold hold = {.offering = draw(round, referral_ledger.offerings),
                 .sent_s = round->machine.true_s,
                 .boot = round->machine.boot};
    g_snprintf(hold.key, sizeof hold.key, "k%u", round->holds->len);
    LedgerAnswer answer = referral_ledger.take(round->handle, hold.key, hold.offering, &error);
    if (answer == LEDGER_ERROR)
        fail_msg("%s", error->message);
    /* A hold that has ended leaves its place, without anybody having written anything. */
    if (answer == LEDGER_FULL)
        round->blocked += !may_be_taken(round, hold.offering);
    else
        g_array_append_val(round->holds, hold);
}

static void
answer_one(Round *round)
{
    g_autoptr(GError) error = NULL;
    if (round->holds->len == 0)
        return;
    Hold *hold = &g_array_index(round->holds, Hold, draw(round, round->holds->len));
    if (hold->accepted)
        return;
    LedgerAnswer answer = referral_ledger.accept(round->handle, hold->key, &error);
    if (answer == LEDGER_DONE) {
        round->lengthened += has_surely_ended(round, hold);
        round->revived += hold->gone;
        hold->accepted = TRUE;
        return;
    }
    if (error->domain != CN_ERROR || error->code != CARENET_ERROR_STATE)
        fail_msg("%s", error->message);
    round->shortened += !round->jumps && round->machine.true_s - hold->sent_s < HOLD_S;
    hold->gone = TRUE;
}

static void
look(Round *round)
{
    g_auto(LedgerState) state;
    ledger_state_init(&state, referral_ledger.offerings);
    assert_true(referral_ledger.look(round->handle, FALSE, &state, NULL));
    assert_int_equal(ledger_overbooked(&state) + ledger_disagreements(&state), 0);
    assert_false(state.broken);
}

static void
step(Round *round)
{
    guint luck = draw(round, 100);
    round->machine.true_s += draw(round, 40);
    if (round->jumps && luck < 25)
        round->machine.offset_s = g_rand_int_range(round->rand, -500, 500);
    if (round->jumps && luck < 3) {
        round->machine.boot++;
        round->machine.booted_s = round->machine.true_s;
    }
    if (draw(round, 2) == 0)
        send(round);
    else
        answer_one(round);
}

static void
add_round(guint32 seed, gboolean jumps, gboolean no_boot_clock, const char *path, Round *sum)
{
    Round round = {.machine = {.boot = 1, .no_boot_clock = no_boot_clock, .first_s = tomorrow()},
                   .rand = g_rand_new_with_seed(seed),
                   .holds = g_array_new(FALSE, FALSE, sizeof(Hold)),
                   .jumps = jumps};
    const CnStoreEnvironment environment = {
        .synchronous = "OFF", .wall_s = wall_s, .boot_s = boot_s, .user = &round.machine};
    referral_ledger.make(path, 1);
    referral_ledger_set_environment(&environment);
    round.handle = referral_ledger.open(path, NULL);
    assert_non_null(round.handle);
    for (guint i = 0; i < STEPS; i++)
        step(&round);
    look(&round);
    referral_ledger.close(round.handle);
    referral_ledger_set_environment(NULL);
    sum->lengthened += round.lengthened, sum->revived += round.revived;
    sum->shortened += round.shortened, sum->blocked += round.blocked;
    for (guint i = 0; i < round.holds->len; i++)
        sum->machine.true_s += g_array_index(round.holds, Hold, i).accepted;
    g_array_unref(round.holds);
    g_rand_free(round.rand);
}

static Round
run_rounds(gboolean jumps, gboolean no_boot_clock)
{
    Round sum = {0};
    guint32 seed = (guint32)time(NULL);
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "clock.db", NULL);
    referral_ledger_set_hold(HOLD_S);
    for (guint i = 0; i < ROUNDS; i++)
        add_round(seed + i, jumps, no_boot_clock, path, &sum);
    referral_ledger_set_hold(0);
    test_folder_remove(folder);
    print_message("seed %u: %u rounds, %d accepted; %u lengthened, %u revived, %u shortened, %u "
                  "blocked\n",
                  seed, (guint)ROUNDS, (int)sum.machine.true_s, sum.lengthened, sum.revived,
                  sum.shortened, sum.blocked);
    return sum;
}

static void
jumps_lengthen_and_revive_nothing(void **state)
{
    (void)state;
    Round sum = run_rounds(TRUE, FALSE);
    assert_int_equal(sum.lengthened + sum.revived + sum.blocked, 0);
    assert_true(sum.machine.true_s > 0);
}

static void
a_steady_clock_shortens_nothing(void **state)
{
    (void)state;
    Round sum = run_rounds(FALSE, FALSE);
    assert_int_equal(sum.lengthened + sum.revived + sum.blocked + sum.shortened, 0);
    assert_true(sum.machine.true_s > 0);
}

/* A store that had only the wall would hold for longer when it is set back: the test sees that. */
static void
the_wall_alone_lengthens(void **state)
{
    (void)state;
    Round sum = run_rounds(TRUE, TRUE);
    assert_true(sum.lengthened + sum.blocked > 0);
    assert_int_equal(sum.revived, 0);
}

/* A hold without a referral, looked at while the clock of the wall stood ahead. */
static void
a_hold_that_ended_stays_so(void **state)
{
    (void)state;
    Machine machine = {.boot = 1, .first_s = tomorrow()};
    const CnStoreEnvironment environment = {.wall_s = wall_s, .boot_s = boot_s, .user = &machine};
    carenet_acting acting;
    carenet_error *error = NULL;
    g_auto(LedgerState) found;
    char *folder = test_folder();
    g_autofree char *path = g_build_filename(folder, "clock.db", NULL);
    referral_ledger.make(path, 1);
    referral_ledger_set_environment(&environment);
    gpointer store = referral_ledger.open(path, NULL);
    referral_ledger_set_environment(NULL);
    carenet_acting_init(&acting);
    acting.actor = "desk";
    carenet_table *row =
        carenet_capacity_hold(store, "p0/individual-counseling", 1, HOLD_S, &acting, NULL);
    assert_non_null(row);
    carenet_table_unref(row);
    machine.offset_s = HOLD_S;
    assert_null(carenet_capacity_release(store, "H-1", &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
    carenet_error_free(error);
    error = NULL;
    machine.offset_s = 0;
    assert_null(carenet_capacity_release(store, "H-1", &acting, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_STATE);
    carenet_error_free(error);
    ledger_state_init(&found, referral_ledger.offerings);
    assert_true(referral_ledger.look(store, TRUE, &found, NULL));
    assert_false(found.broken);
    assert_int_equal(g_array_index(found.offerings, LedgerOffering, 0).held, 0);
    assert_int_equal(referral_ledger.take(store, "next", 0, NULL), LEDGER_DONE);
    referral_ledger.close(store);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jumps_lengthen_and_revive_nothing),
        cmocka_unit_test(a_steady_clock_shortens_nothing),
        cmocka_unit_test(the_wall_alone_lengthens),
        cmocka_unit_test(a_hold_that_ended_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
