/* See ledger.h. */
#include "ledger.h"

#include <glib/gstdio.h>

void
ledger_state_init(LedgerState *state, guint offerings)
{
    *state = (LedgerState){0};
    state->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    state->offerings = g_array_new(FALSE, TRUE, sizeof(LedgerOffering));
    g_array_set_size(state->offerings, offerings);
}

void
ledger_state_clear(LedgerState *state)
{
    g_clear_pointer(&state->places, g_hash_table_unref);
    g_clear_pointer(&state->offerings, g_array_unref);
}

PlaceState
ledger_place(const LedgerState *state, const char *key)
{
    return (PlaceState)GPOINTER_TO_INT(g_hash_table_lookup(state->places, key));
}

guint
ledger_overbooked(const LedgerState *state)
{
    guint found = 0;
    for (guint i = 0; i < state->offerings->len; i++) {
        const LedgerOffering *offering = &g_array_index(state->offerings, LedgerOffering, i);
        found += offering->occupied + offering->held > offering->total ||
                 offering->live_occupied + offering->live_held > offering->total ||
                 offering->occupied < 0 || offering->held < 0;
    }
    return found;
}

guint
ledger_disagreements(const LedgerState *state)
{
    guint found = 0;
    for (guint i = 0; i < state->offerings->len; i++) {
        const LedgerOffering *offering = &g_array_index(state->offerings, LedgerOffering, i);
        found += offering->held != offering->live_held ||
                 offering->occupied != offering->live_occupied ||
                 offering->held != offering->event_held ||
                 offering->occupied != offering->event_occupied;
    }
    return found;
}

void
ledger_remove(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-gate"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *name = g_strconcat(path, endings[i], NULL);
        g_unlink(name);
    }
}
