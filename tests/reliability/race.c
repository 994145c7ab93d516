/* See race.h. Who holds a place counts himself in memory that all share: after the take is
 * acknowledged, until before it is given back. That count knows nothing of the ledger, and never may
 * be more than there are places. */
#include "race.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string.h>

#define PLACES           2
#define MOST_OFFERINGS   8
#define MOST_HELD        3 /* at once by one process */
#define ATTEMPTS_A_STORE 20000
#define LATENCIES        4096 /* of 0.25 ms; the last takes all above */
#define LATENCY_STEP_US  250

typedef struct {
    gint holders[MOST_OFFERINGS];
    gint attempts_left;
    gint taken, refused, overbooked, failed;
    gint latencies[LATENCIES];
    gint most_us;
} Board;

typedef struct {
    const LedgerKind *ledger;
    char *path;
    Board *board; /* shared by the processes of one store */
    guint64 latencies[LATENCIES];
    RaceFigures *figures;
} Race;

static char *
key_of(guint process, guint number)
{
    return g_strdup_printf("p%u-%u", process, number);
}

/* ---- One of the processes. */

typedef struct {
    const Race *race;
    gpointer handle;
    GRand *rand;
    GError *error; /* nullable: why it stopped */
    guint process, keys;
    struct {
        char *key;
        guint offering;
    } held[MOST_HELD];
    guint held_len;
} Runner;

static void
note_latency(Board *board, gint64 us)
{
    gint most = g_atomic_int_get(&board->most_us);
    g_atomic_int_inc(&board->latencies[MIN(us / LATENCY_STEP_US, LATENCIES - 1)]);
    while (us > most && !g_atomic_int_compare_and_exchange(&board->most_us, most, (gint)us))
        most = g_atomic_int_get(&board->most_us);
}

static gboolean
try_to_take(Runner *runner)
{
    Board *board = runner->race->board;
    guint offering =
        (guint)g_rand_int_range(runner->rand, 0, (gint32)runner->race->ledger->offerings);
    char *key = key_of(runner->process, runner->keys++);
    gint64 start = g_get_monotonic_time();
    LedgerAnswer answer = runner->race->ledger->take(runner->handle, key, offering, &runner->error);
    note_latency(board, g_get_monotonic_time() - start);
    if (answer != LEDGER_DONE) {
        g_free(key);
        g_atomic_int_inc(answer == LEDGER_FULL ? &board->refused : &board->failed);
        return answer == LEDGER_FULL;
    }
    if (g_atomic_int_add(&board->holders[offering], 1) >= PLACES)
        g_atomic_int_inc(&board->overbooked);
    g_atomic_int_inc(&board->taken);
    runner->held[runner->held_len].key = key;
    runner->held[runner->held_len++].offering = offering;
    return TRUE;
}

static gboolean
let_one_go(Runner *runner)
{
    const LedgerKind *ledger = runner->race->ledger;
    guint which = (guint)g_rand_int_range(runner->rand, 0, (gint32)runner->held_len);
    g_autofree char *key = runner->held[which].key;
    guint offering = runner->held[which].offering;
    runner->held[which] = runner->held[--runner->held_len];
    gboolean accepted = g_rand_boolean(runner->rand);
    if (accepted && ledger->accept(runner->handle, key, &runner->error) != LEDGER_DONE)
        return FALSE;
    g_atomic_int_add(&runner->race->board->holders[offering], -1);
    return ledger->give_back(runner->handle, key, &runner->error) == LEDGER_DONE;
}

static gboolean
run_to_the_end(Runner *runner)
{
    while (g_atomic_int_add(&runner->race->board->attempts_left, -1) > 0) {
        if (!try_to_take(runner))
            return FALSE;
        gboolean full = runner->held_len == MOST_HELD;
        if (full || (runner->held_len > 0 && g_rand_int_range(runner->rand, 0, 8) == 0))
            if (!let_one_go(runner))
                return FALSE;
    }
    while (runner->held_len > 0)
        if (!let_one_go(runner))
            return FALSE;
    return TRUE;
}

static int
run_process(const Race *race, guint process, guint32 seed)
{
    Runner runner = {.race = race, .rand = g_rand_new_with_seed(seed), .process = process};
    runner.handle = race->ledger->open(race->path, &runner.error);
    if (runner.handle != NULL && run_to_the_end(&runner)) {
        race->ledger->close(runner.handle);
        return 0;
    }
    g_printerr("a process: %s\n", runner.error->message);
    return 1;
}

/* ---- Who watches. */

static void
look(Race *race, gpointer handle)
{
    g_auto(LedgerState) state;
    ledger_state_init(&state, race->ledger->offerings);
    if (!race->ledger->look(handle, FALSE, &state, NULL))
        race->figures->wrong++;
    race->figures->overbooked += ledger_overbooked(&state);
    race->figures->wrong += ledger_disagreements(&state);
    race->figures->doubled += state.doubled;
    race->figures->looks++;
}

static void
watch(Race *race, guint processes)
{
    gpointer handle = race->ledger->open(race->path, NULL);
    g_assert(handle != NULL);
    while (processes > 0) {
        int status = 0;
        if (waitpid(-1, &status, WNOHANG) > 0) {
            processes--;
            if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
                g_printerr("a process failed (%d)\n", status);
                race->figures->wrong++;
            }
            continue;
        }
        look(race, handle);
        g_usleep(2000);
    }
    race->ledger->close(handle);
}

/* Everybody has given back: every key that was taken is there, and every place can be taken. */
static void
look_at_the_end(Race *race)
{
    g_auto(LedgerState) state;
    ledger_state_init(&state, race->ledger->offerings);
    gpointer handle = race->ledger->open(race->path, NULL);
    if (!race->ledger->look(handle, TRUE, &state, NULL) || state.broken)
        race->figures->wrong++;
    guint keys = g_hash_table_size(state.places), taken = (guint)race->board->taken;
    race->figures->lost += taken > keys ? taken - keys : 0;
    race->figures->wrong += keys > taken ? keys - taken : 0;
    race->figures->wrong += ledger_disagreements(&state);
    for (guint i = 0; i < race->ledger->offerings; i++)
        for (guint k = 0; k <= PLACES; k++) {
            g_autofree char *key = key_of(1000 + i, k);
            LedgerAnswer answer = race->ledger->take(handle, key, i, NULL);
            race->figures->lost += k < PLACES && answer != LEDGER_DONE;
            race->figures->overbooked += k == PLACES && answer == LEDGER_DONE;
        }
    race->ledger->close(handle);
}

static void
add_up(Race *race, guint attempts)
{
    race->figures->attempts += attempts;
    race->figures->taken += (guint64)race->board->taken;
    race->figures->refused += (guint64)race->board->refused;
    race->figures->overbooked += (guint64)race->board->overbooked;
    race->figures->wrong += (guint64)race->board->failed;
    race->figures->most_ms = MAX(race->figures->most_ms, race->board->most_us / 1000.0);
    for (guint i = 0; i < LATENCIES; i++)
        race->latencies[i] += (guint64)race->board->latencies[i];
}

static void
run_store(Race *race, guint processes, guint attempts, GRand *rand)
{
    memset(race->board, 0, sizeof *race->board);
    race->board->attempts_left = (gint)attempts;
    race->ledger->make(race->path, PLACES);
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < processes; i++) {
        guint32 seed = g_rand_int(rand);
        pid_t child = fork();
        g_assert(child >= 0);
        if (child == 0)
            _exit(run_process(race, i, seed));
    }
    watch(race, processes);
    race->figures->seconds += (double)(g_get_monotonic_time() - start) / 1e6;
    look_at_the_end(race);
    add_up(race, attempts);
    ledger_remove(race->path);
}

static double
percentile_ms(const Race *race, double share)
{
    guint64 all = 0, seen = 0;
    guint i = 0;
    for (guint k = 0; k < LATENCIES; k++)
        all += race->latencies[k];
    while (i < LATENCIES - 1 && (double)(seen += race->latencies[i]) < share * (double)all)
        i++;
    return (i + 1) * (LATENCY_STEP_US / 1000.0);
}

void
race_run(const LedgerKind *ledger,
         const char *folder,
         guint processes,
         guint64 attempts,
         guint32 seed,
         RaceFigures *out)
{
    Race race = {
        .ledger = ledger, .path = g_build_filename(folder, "race.db", NULL), .figures = out};
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    *out = (RaceFigures){0};
    g_assert(ledger->offerings <= MOST_OFFERINGS);
    race.board =
        mmap(NULL, sizeof *race.board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert(race.board != MAP_FAILED);
    while (out->attempts < attempts)
        run_store(&race, processes, (guint)MIN(attempts - out->attempts, ATTEMPTS_A_STORE), rand);
    out->p99_ms = percentile_ms(&race, 0.99);
    munmap(race.board, sizeof *race.board);
    g_free(race.path);
}

guint64
race_findings(const RaceFigures *figures)
{
    return figures->overbooked + figures->lost + figures->doubled + figures->wrong;
}
