/* Cuts the power of a ledger's disk again and again, and looks at what is left. */
#pragma once

#include "../support/ledger.h"
#include "../support/power-disk.h"

typedef struct {
    guint64 cuts;
    guint64 acknowledged; /* steps that were acknowledged */
    guint64 undone;       /* steps that the cut met and that were not made */
    guint64 made;         /* steps that the cut met and that were made whole */
    guint64 revived;      /* steps that one cut undid and the next one made */
    /* Findings; all of them stay 0 on a ledger that keeps its word. */
    guint64 lost;    /* acknowledged, and not there */
    guint64 doubled; /* more than one reservation of one key */
    guint64 damaged; /* cannot be opened or read, or is not whole */
    guint64 wrong;   /* overbooked, counts that do not agree, or what nobody asked for */
} PowerFigures;

/* Runs random steps on @ledger until the power was cut @cuts times. @image is the ledger's file as
 * it begins; @path a file of the same name must exist, since a program may look for it. */
void power_cut_run(const LedgerKind *ledger,
                   const PowerDisk *disk,
                   const char *path,
                   GBytes *image,
                   guint64 cuts,
                   guint32 seed,
                   PowerFigures *out);
guint64 power_cut_findings(const PowerFigures *figures);
