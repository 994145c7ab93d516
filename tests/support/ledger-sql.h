/* Reads the state of a ledger in SQL. For tests only. */
#pragma once

#include "ledger.h"

#include <sqlite3.h>

typedef void (*LedgerReader)(sqlite3_stmt *row, LedgerState *state);

/* Gives each row of @sql to @read. SQLITE_OK, or what went wrong. */
int ledger_read(sqlite3 *db, const char *sql, LedgerReader read, LedgerState *state);
/* Row: the number of an offering, then the counts of LedgerOffering in their order. */
void ledger_read_offering(sqlite3_stmt *row, LedgerState *state);
/* Row: a key, its PlaceState. A key that comes again is doubled. */
void ledger_read_place(sqlite3_stmt *row, LedgerState *state);
/* Row: 0, or the ledger is broken. */
void ledger_read_verdict(sqlite3_stmt *row, LedgerState *state);
