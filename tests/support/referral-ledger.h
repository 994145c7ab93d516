/* The ledger of the product, by its public verbs, for the reliability tests: every reservation is a
 * referral of one place, and its key names the request that sent it. For tests only. */
#pragma once

#include "ledger.h"

#include "store/store-environment.h"

/* A handle is a carenet_store. */
extern const LedgerKind referral_ledger;

/* What the stores that are opened from now on take from the machine; NULL: the machine's own. */
void referral_ledger_set_environment(const CnStoreEnvironment *environment);
/* How long a send of from now on holds its place, seconds; 0: as long as the product does. */
void referral_ledger_set_hold(gint64 hold_s);
