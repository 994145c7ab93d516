/* See power-cut.h. A store lives through some cuts, then a new one takes its place. */
#include "power-cut.h"

#include "../support/power-vfs.h"

#include <sqlite3.h>

#include <string.h>

#define CUTS_A_LIFE 8

/* What the client of the ledger knows of one key. */
typedef struct {
    char *key;
    guint offering;
    PlaceState acknowledged;
    PlaceState asked; /* of the step that the cut met; else as acknowledged */
    guint undone;     /* a bit for the state of each step that an earlier cut undid */
} Known;

typedef struct {
    const LedgerKind *ledger;
    const char *path;
    GRand *rand;
    GArray *known;   /* (element-type Known) */
    gpointer handle; /* nullable */
    guint64 keys;
    gboolean spoilt; /* something was found: what follows would be found again */
    PowerFigures *figures;
} Client;

static int pages_before_checkpoint;

/* A log that is merged often has more ways to break. */
static int
set_checkpoints(sqlite3 *db, char **message, const sqlite3_api_routines *routines)
{
    (void)message, (void)routines;
    sqlite3_wal_autocheckpoint(db, pages_before_checkpoint);
    return SQLITE_OK;
}

static guint
draw(Client *client, guint n)
{
    return (guint)g_rand_int_range(client->rand, 0, (gint32)n);
}

static void
clear_known(gpointer data)
{
    g_free(((Known *)data)->key);
}

static void
close_handle(Client *client)
{
    if (client->handle != NULL)
        client->ledger->close(client->handle);
    client->handle = NULL;
}

/* ---- Steps. */

static Known *
pick(Client *client, PlaceState state)
{
    guint n = client->known->len, first = n > 0 ? draw(client, n) : 0;
    for (guint i = 0; i < n; i++) {
        Known *known = &g_array_index(client->known, Known, (first + i) % n);
        if (known->acknowledged == state)
            return known;
    }
    return NULL;
}

static Known *
new_key(Client *client)
{
    Known known = {.key = g_strdup_printf("k%" G_GUINT64_FORMAT, client->keys++),
                   .offering = draw(client, client->ledger->offerings)};
    g_array_append_val(client->known, known);
    return &g_array_index(client->known, Known, client->known->len - 1);
}

static LedgerAnswer
ask(Client *client, Known *known, PlaceState to, GError **error)
{
    known->asked = to;
    if (to == PLACE_HELD)
        return client->ledger->take(client->handle, known->key, known->offering, error);
    if (to == PLACE_OCCUPIED)
        return client->ledger->accept(client->handle, known->key, error);
    return client->ledger->give_back(client->handle, known->key, error);
}

/* A new take, the same take again, an acceptance, or a place given back. */
static Known *
choose(Client *client, PlaceState *out_to)
{
    guint luck = draw(client, 100);
    Known *known = NULL;
    *out_to = luck < 45 ? PLACE_HELD : luck < 65 ? PLACE_OCCUPIED : PLACE_RETURNED;
    if (*out_to == PLACE_HELD && luck < 10)
        known = pick(client, PLACE_HELD);
    else if (*out_to == PLACE_OCCUPIED)
        known = pick(client, PLACE_HELD);
    else if (*out_to == PLACE_RETURNED)
        known = pick(client, luck % 2 == 0 ? PLACE_HELD : PLACE_OCCUPIED);
    if (known == NULL)
        *out_to = PLACE_HELD;
    return known != NULL ? known : new_key(client);
}

/* A step that a cut has undone may still come: its frames lie in the log, and where the next step
 * begins with the same frames and is cut too, they are valid again. What was stored since then has
 * taken their place. */
static void
bury_undone(Client *client)
{
    for (guint i = 0; i < client->known->len; i++)
        g_array_index(client->known, Known, i).undone = 0;
}

/* FALSE where the power went. An error while there is power is a finding. */
static gboolean
step(Client *client)
{
    PlaceState to;
    g_autoptr(GError) error = NULL;
    Known *known = choose(client, &to);
    guint64 changes = power_disk_changes();
    LedgerAnswer answer = ask(client, known, to, &error);
    if (answer == LEDGER_DONE) {
        known->acknowledged = to;
        client->figures->acknowledged++;
        if (power_disk_changes() != changes)
            bury_undone(client);
        return TRUE;
    }
    if (answer == LEDGER_FULL) {
        known->asked = known->acknowledged;
        return TRUE;
    }
    if (!power_disk_is_dead()) {
        g_printerr("%s: %s\n", client->ledger->name, error->message);
        client->figures->wrong++;
        client->spoilt = TRUE;
    }
    return FALSE;
}

static gboolean
open_handle(Client *client)
{
    g_autoptr(GError) error = NULL;
    client->handle = client->ledger->open(client->path, &error);
    if (client->handle != NULL || power_disk_is_dead())
        return client->handle != NULL;
    client->figures->damaged++;
    client->spoilt = TRUE;
    return FALSE;
}

/* ---- What is left. */

static void
compare(Client *client, Known *known, const LedgerState *state)
{
    PlaceState place = ledger_place(state, known->key);
    gboolean met = known->asked != known->acknowledged;
    if (place == known->acknowledged) {
        client->figures->undone += met;
        known->undone |= met ? 1U << known->asked : 0;
        known->asked = place;
        return;
    }
    if (place == known->asked)
        client->figures->made++;
    else if ((known->undone >> place) & 1)
        client->figures->revived++;
    else if (place < known->acknowledged)
        client->figures->lost++, client->spoilt = TRUE;
    else if (place > known->acknowledged)
        client->figures->wrong++, client->spoilt = TRUE;
    known->acknowledged = known->asked = place;
}

static void
compare_all(Client *client, const LedgerState *state)
{
    guint wrong = ledger_overbooked(state) + ledger_disagreements(state), found = 0;
    for (guint i = 0; i < client->known->len; i++) {
        Known *known = &g_array_index(client->known, Known, i);
        found += g_hash_table_contains(state->places, known->key);
        compare(client, known, state);
    }
    wrong += g_hash_table_size(state->places) - found;
    client->figures->wrong += wrong;
    client->figures->doubled += state->doubled;
    client->spoilt = client->spoilt || wrong > 0 || state->doubled > 0;
}

/* FALSE where the power went before the answer. */
static gboolean
look(Client *client)
{
    g_autoptr(GError) error = NULL;
    g_auto(LedgerState) state;
    ledger_state_init(&state, client->ledger->offerings);
    gboolean done = client->ledger->look(client->handle, TRUE, &state, &error);
    if (power_disk_is_dead())
        return FALSE;
    if (done && !state.broken) {
        compare_all(client, &state);
        return TRUE;
    }
    client->figures->damaged++;
    client->spoilt = TRUE;
    return TRUE;
}

/* The power goes and comes back. Whoever had the file open is gone with it. */
static void
restart(Client *client)
{
    power_disk_cut();
    close_handle(client);
    power_disk_start();
    client->figures->cuts++;
}

/* The power may go again while the log is merged. */
static void
recover(Client *client, guint64 cuts)
{
    restart(client);
    if (draw(client, 4) == 0 && client->figures->cuts < cuts) {
        power_disk_arm(1 + draw(client, 12));
        if (open_handle(client))
            look(client);
        if (client->spoilt)
            return;
        restart(client);
    }
    if (open_handle(client))
        look(client);
}

static void
work(Client *client)
{
    static const guint most_changes[] = {16, 48, 160, 480};
    guint steps = 1 + draw(client, 14);
    power_disk_arm(1 + draw(client, most_changes[draw(client, G_N_ELEMENTS(most_changes))]));
    for (guint i = 0; i < steps && !power_disk_is_dead() && !client->spoilt; i++) {
        if (draw(client, 16) == 0) {
            close_handle(client);
            if (!open_handle(client))
                return;
        }
        if (!step(client))
            return;
    }
}

static void
live(Client *client, guint64 cuts)
{
    g_array_set_size(client->known, 0);
    client->spoilt = FALSE;
    pages_before_checkpoint = (int[]){1000, 12, 3}[draw(client, 3)];
    if (!open_handle(client))
        return;
    for (guint i = 0; i < CUTS_A_LIFE && client->figures->cuts < cuts && !client->spoilt; i++) {
        work(client);
        if (client->spoilt)
            break;
        recover(client, cuts);
    }
}

void
power_cut_run(const LedgerKind *ledger,
              const PowerDisk *disk,
              const char *path,
              GBytes *image,
              guint64 cuts,
              guint32 seed,
              PowerFigures *out)
{
    Client client = {.ledger = ledger,
                     .path = path,
                     .rand = g_rand_new_with_seed(seed),
                     .known = g_array_new(FALSE, FALSE, sizeof(Known)),
                     .figures = out};
    *out = (PowerFigures){0};
    g_array_set_clear_func(client.known, clear_known);
    power_vfs_install();
    sqlite3_auto_extension((void (*)(void))set_checkpoints);
    while (out->cuts < cuts) {
        gsize len;
        gconstpointer bytes = g_bytes_get_data(image, &len);
        power_disk_reset(disk, g_rand_int(client.rand));
        power_disk_load(path, bytes, len);
        live(&client, cuts);
        /* Leaving is no test: the disk is thrown away. */
        power_disk_cut();
        close_handle(&client);
    }
    sqlite3_cancel_auto_extension((void (*)(void))set_checkpoints);
    power_vfs_uninstall();
    g_array_unref(client.known);
    g_rand_free(client.rand);
}

guint64
power_cut_findings(const PowerFigures *figures)
{
    return figures->lost + figures->doubled + figures->damaged + figures->wrong;
}
