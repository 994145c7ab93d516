/* What people do with places: report them, hold some, give them back, verify a provider. */
#pragma once

#include "store/ledger.h"

typedef struct {
    gint64 total;       /* -1: as it was */
    gint64 occupied;    /* -1: as it was */
    gint64 wait_days;   /* -1: as it was */
    const char *source; /* phone, visit, email, document, report */
} CnReport;

/* One row: action, offering, hold, total, occupied, held, free, availability, offered (list), dry_run;
 * numbers are null where the provider is not public. (transfer full) */
carenet_table *cn_capacity_report(carenet_store *store,
                                  const char *offering,
                                  const CnReport *report,
                                  const CnActing *acting,
                                  GError **error);
carenet_table *cn_capacity_hold(carenet_store *store,
                                const char *offering,
                                gint64 units,
                                gint64 hold_s,
                                const CnActing *acting,
                                GError **error);
carenet_table *cn_capacity_release(carenet_store *store,
                                   const char *id,
                                   const CnActing *acting,
                                   GError **error);

/* A provider was verified, or, where @id is an offering, its places are still as they were reported.
 * The row is that of cn_capacity_report(); for a provider offering and numbers are null. */
carenet_table *cn_capacity_verify(carenet_store *store,
                                  const char *id,
                                  const char *by,
                                  const CnActing *acting,
                                  GError **error);
