/* Kills writers of a ledger without warning, and looks whether what they acknowledged is there. */
#pragma once

#include "../support/ledger.h"

typedef struct {
    guint64 kills;
    guint64 acknowledged; /* steps that a writer told of before it was killed */
    guint64 unheard;      /* steps that were made and not told of */
    /* Findings; all of them stay 0 on a ledger that keeps its word. */
    guint64 lost;    /* acknowledged, and not there */
    guint64 doubled; /* more than one reservation of one key */
    guint64 damaged; /* cannot be opened or read, or is not whole */
    guint64 wrong;   /* overbooked, counts that do not agree, or more unheard than one a writer */
} KillFigures;

/* Three writers at a time on stores of their own in @folder, one after the other. */
void kill_writers_run(const LedgerKind *ledger,
                      const char *folder,
                      guint64 kills,
                      guint32 seed,
                      KillFigures *out);
guint64 kill_writers_findings(const KillFigures *figures);
