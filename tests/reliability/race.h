/* Many processes that want the few places of hot offerings at once. */
#pragma once

#include "../support/ledger.h"

typedef struct {
    guint64 attempts; /* takes that were asked for */
    guint64 taken, refused;
    guint64 looks; /* snapshots that an observer took meanwhile */
    double seconds;
    double p99_ms, most_ms; /* how long a take took */
    /* Findings; all of them stay 0 on a ledger that keeps its word. */
    guint64 overbooked; /* more holders at once than places, or a snapshot that says so */
    guint64 lost;       /* taken, and not there; places that nobody can take any more */
    guint64 doubled;    /* more than one reservation of one key */
    guint64 wrong;      /* errors, counts that do not agree */
} RaceFigures;

/* @processes of them on stores of their own in @folder, one after the other. */
void race_run(const LedgerKind *ledger,
              const char *folder,
              guint processes,
              guint64 attempts,
              guint32 seed,
              RaceFigures *out);
guint64 race_findings(const RaceFigures *figures);
