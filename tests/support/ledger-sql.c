/* See ledger-sql.h. A damaged file may say anything. */
#include "ledger-sql.h"

int
ledger_read(sqlite3 *db, const char *sql, LedgerReader read, LedgerState *state)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        read(stmt, state);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void
ledger_read_offering(sqlite3_stmt *row, LedgerState *state)
{
    gint64 i = sqlite3_column_int64(row, 0);
    if (i < 0 || i >= state->offerings->len) {
        state->broken = TRUE;
        return;
    }
    LedgerOffering *offering = &g_array_index(state->offerings, LedgerOffering, (guint)i);
    gint64 *const numbers[] = {&offering->total,         &offering->occupied,
                               &offering->held,          &offering->live_held,
                               &offering->live_occupied, &offering->event_held,
                               &offering->event_occupied};
    for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
        *numbers[k] = sqlite3_column_int64(row, (int)k + 1);
}

void
ledger_read_place(sqlite3_stmt *row, LedgerState *state)
{
    const char *key = (const char *)sqlite3_column_text(row, 0);
    gint place = sqlite3_column_int(row, 1);
    if (key == NULL)
        state->broken = TRUE;
    else if (!g_hash_table_insert(state->places, g_strdup(key), GINT_TO_POINTER(place)))
        state->doubled++;
}

void
ledger_read_verdict(sqlite3_stmt *row, LedgerState *state)
{
    state->broken = state->broken || sqlite3_column_int(row, 0) != 0;
}
