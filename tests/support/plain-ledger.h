/* A ledger in three small tables, with faults on request: what the harnesses must find in it shows
 * that they can find something. For tests only. */
#pragma once

#include "ledger.h"

typedef struct {
    const char *synchronous;     /* NULL: FULL */
    gboolean counts_first;       /* looks for a place, then takes it: two transactions */
    gboolean forgets_keys;       /* a request that comes again is another one */
    gboolean splits_moves;       /* the count in one transaction, the reservation in the next */
    gboolean acknowledges_early; /* a move is stored with the next step */
} PlainFaults;

extern const LedgerKind plain_ledger;

/* For what is opened from now on. */
void plain_ledger_set_faults(const PlainFaults *faults);
