/* A ledger of places as the reliability tests see it, so that each of them runs on the product and on
 * a plain table whose faults are known. For tests only.
 *
 * A reservation has a key and goes one way:  none -> held -> occupied -> returned
 *                                                       \_____________/
 */
#pragma once

#include <glib.h>

typedef enum {
    PLACE_NONE,
    PLACE_HELD,
    PLACE_OCCUPIED,
    PLACE_RETURNED,
} PlaceState;

typedef enum {
    LEDGER_DONE, /* acknowledged: it must be there whatever happens now */
    LEDGER_FULL, /* an answer: there was no place, nothing changed */
    LEDGER_ERROR,
} LedgerAnswer;

typedef struct {
    gint64 total, occupied, held;      /* what the ledger says */
    gint64 live_held, live_occupied;   /* reservations in these states */
    gint64 event_held, event_occupied; /* sums over the events */
} LedgerOffering;

/* All of it, read in one snapshot. */
typedef struct {
    GHashTable *places; /* (element-type utf8 gint) PlaceState of each key */
    GArray *offerings;  /* (element-type LedgerOffering) */
    guint doubled;      /* keys that have more than one reservation */
    gboolean broken;    /* integrity, foreign keys, or the chain of events */
} LedgerState;

typedef struct {
    const char *name;
    guint offerings;
    /* Makes it in the file @path, with the platform's own file layer: @total places each. */
    void (*make)(const char *path, gint64 total);
    /* Handles are used by one thread; NULL on error. */
    gpointer (*open)(const char *path, GError **error);
    void (*close)(gpointer handle);
    /* Each is one durable step. Asked again with the same key a take gives the stored answer. */
    LedgerAnswer (*take)(gpointer handle, const char *key, guint offering, GError **error);
    LedgerAnswer (*accept)(gpointer handle, const char *key, GError **error);
    LedgerAnswer (*give_back)(gpointer handle, const char *key, GError **error);
    /* FALSE where it cannot be read; @whole looks also at integrity and the chain. */
    gboolean (*look)(gpointer handle, gboolean whole, LedgerState *out, GError **error);
} LedgerKind;

void ledger_state_init(LedgerState *state, guint offerings);
void ledger_state_clear(LedgerState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerState, ledger_state_clear)

PlaceState ledger_place(const LedgerState *state, const char *key);
/* Offerings with more taken than there is, or a negative count. */
guint ledger_overbooked(const LedgerState *state);
/* Offerings where counts, reservations and events do not agree. */
guint ledger_disagreements(const LedgerState *state);

/* Removes the file of a ledger and what stands beside it. */
void ledger_remove(const char *path);
