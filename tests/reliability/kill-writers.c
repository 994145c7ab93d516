/* See kill-writers.h. A writer tells of each step through a pipe once it is acknowledged; what it has
 * told before it is killed is what its client knows. */
#include "kill-writers.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS       3
#define KILLS_A_STORE 40
#define PLACES        6
#define MOST_SLEEP_US 20000

/* What a writer says: the key with this number has reached this state. */
typedef struct {
    guint32 number;
    guint32 state;
} Message;

typedef struct {
    guint life; /* of all writers so far; a part of its keys */
    pid_t pid;
    int ear;
    GArray *told; /* (element-type guint32) the state of each of its keys */
} Writer;

typedef struct {
    const LedgerKind *ledger;
    char *path;
    GRand *rand;
    guint lives;
    Writer writers[WRITERS];
    KillFigures *figures;
} Campaign;

static char *
key_of(guint life, guint32 number)
{
    return g_strdup_printf("w%u-%u", life, number);
}

/* ---- The writer. */

typedef struct {
    const LedgerKind *ledger;
    gpointer handle;
    GRand *rand;
    guint life;
    GArray *states; /* (element-type guint32) of each key */
} Work;

/* A new key, an old one again, or one step on with some key. */
static LedgerAnswer
make_step(Work *work, Message *out, GError **error)
{
    guint n = work->states->len, luck = (guint)g_rand_int_range(work->rand, 0, 100);
    guint32 number = n > 0 && luck < 70 ? (guint32)g_rand_int_range(work->rand, 0, (gint32)n) : n;
    guint32 state = number < n ? g_array_index(work->states, guint32, number) : PLACE_NONE;
    if (state == PLACE_RETURNED)
        number = n, state = PLACE_NONE;
    g_autofree char *key = key_of(work->life, number);
    if (number == n)
        g_array_append_val(work->states, state);
    *out = (Message){number, state};
    if (state == PLACE_NONE || (state == PLACE_HELD && luck < 10)) {
        out->state = PLACE_HELD;
        return work->ledger->take(work->handle, key, number % work->ledger->offerings, error);
    }
    if (state == PLACE_HELD && luck < 45) {
        out->state = PLACE_OCCUPIED;
        return work->ledger->accept(work->handle, key, error);
    }
    out->state = PLACE_RETURNED;
    return work->ledger->give_back(work->handle, key, error);
}

/* Works until it is killed; returns only where something fails. */
static int
work_on(const LedgerKind *ledger, const char *path, guint life, guint32 seed, int mouth)
{
    Work work = {.ledger = ledger,
                 .handle = ledger->open(path, NULL),
                 .rand = g_rand_new_with_seed(seed),
                 .life = life,
                 .states = g_array_new(FALSE, FALSE, sizeof(guint32))};
    while (work.handle != NULL) {
        Message message;
        g_autoptr(GError) error = NULL;
        LedgerAnswer answer = make_step(&work, &message, &error);
        if (answer == LEDGER_ERROR) {
            g_printerr("a writer: %s\n", error->message);
            return 2;
        }
        if (answer == LEDGER_FULL)
            continue;
        g_array_index(work.states, guint32, message.number) = message.state;
        if (write(mouth, &message, sizeof message) != sizeof message)
            return 3;
    }
    return 1;
}

static void
start_writer(Campaign *campaign, Writer *writer)
{
    int ends[2];
    guint32 seed = g_rand_int(campaign->rand);
    g_assert(pipe(ends) == 0);
    writer->life = campaign->lives++;
    writer->told = g_array_new(FALSE, TRUE, sizeof(guint32));
    writer->pid = fork();
    g_assert(writer->pid >= 0);
    if (writer->pid == 0)
        _exit(work_on(campaign->ledger, campaign->path, writer->life, seed, ends[1]));
    close(ends[1]);
    writer->ear = ends[0];
}

/* Kills it and hears what it has still said. A writer that ended by itself is a finding. */
static void
kill_writer(Campaign *campaign, Writer *writer)
{
    int status = 0;
    Message message;
    g_assert(kill(writer->pid, SIGKILL) == 0);
    g_assert(waitpid(writer->pid, &status, 0) == writer->pid);
    if (!WIFSIGNALED(status)) {
        g_printerr("a writer ended by itself (%d)\n", WEXITSTATUS(status));
        campaign->figures->wrong++;
    }
    while (read(writer->ear, &message, sizeof message) == sizeof message) {
        if (message.number >= writer->told->len)
            g_array_set_size(writer->told, message.number + 1);
        g_array_index(writer->told, guint32, message.number) = message.state;
        campaign->figures->acknowledged++;
    }
    close(writer->ear);
}

/* ---- What is left. */

static void
compare(Campaign *campaign, const Writer *writer, const LedgerState *state)
{
    guint unheard = 0;
    /* One more: the key that it had just begun. */
    for (guint i = 0; i <= writer->told->len; i++) {
        g_autofree char *key = key_of(writer->life, i);
        guint32 told = i < writer->told->len ? g_array_index(writer->told, guint32, i) : PLACE_NONE;
        PlaceState place = ledger_place(state, key);
        campaign->figures->lost += place < told;
        unheard += place > told;
    }
    campaign->figures->unheard += unheard;
    campaign->figures->wrong += unheard > 1;
}

static void
look(Campaign *campaign, gboolean whole, const Writer *dead)
{
    g_auto(LedgerState) state;
    ledger_state_init(&state, campaign->ledger->offerings);
    gpointer handle = campaign->ledger->open(campaign->path, NULL);
    if (handle == NULL || !campaign->ledger->look(handle, whole, &state, NULL) || state.broken)
        campaign->figures->damaged++;
    else {
        campaign->figures->doubled += state.doubled;
        campaign->figures->wrong += ledger_overbooked(&state) + ledger_disagreements(&state);
        compare(campaign, dead, &state);
    }
    if (handle != NULL)
        campaign->ledger->close(handle);
}

static void
bury(Writer *writer)
{
    g_array_unref(writer->told);
    writer->told = NULL;
}

/* One store: kills some writers while the others go on, then all of them. */
static void
run_store(Campaign *campaign, guint64 kills)
{
    campaign->ledger->make(campaign->path, PLACES);
    for (guint i = 0; i < WRITERS; i++)
        start_writer(campaign, &campaign->writers[i]);
    for (guint64 i = 0; i < kills; i++) {
        gboolean last = i + WRITERS >= kills;
        guint which = (guint)g_rand_int_range(campaign->rand, 0, WRITERS);
        while (campaign->writers[which].told == NULL)
            which = (which + 1) % WRITERS;
        Writer *writer = &campaign->writers[which];
        g_usleep((gulong)g_rand_int_range(campaign->rand, 0, MOST_SLEEP_US));
        kill_writer(campaign, writer);
        campaign->figures->kills++;
        look(campaign, i + 1 == kills, writer);
        bury(writer);
        if (!last)
            start_writer(campaign, writer);
    }
}

void
kill_writers_run(const LedgerKind *ledger,
                 const char *folder,
                 guint64 kills,
                 guint32 seed,
                 KillFigures *out)
{
    Campaign campaign = {.ledger = ledger,
                         .path = g_build_filename(folder, "killed.db", NULL),
                         .rand = g_rand_new_with_seed(seed),
                         .figures = out};
    *out = (KillFigures){0};
    while (out->kills < kills) {
        guint64 left = kills - out->kills;
        run_store(&campaign, CLAMP(left, WRITERS, KILLS_A_STORE));
        ledger_remove(campaign.path);
    }
    g_rand_free(campaign.rand);
    g_free(campaign.path);
}

guint64
kill_writers_findings(const KillFigures *figures)
{
    return figures->lost + figures->doubled + figures->damaged + figures->wrong;
}
