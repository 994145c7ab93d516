/* The check of a store, split by question: the file, and what is recorded in it. */
#pragma once

#include "store/store-private.h"

#include "base/table.h"

typedef enum {
    CN_CHECK_OK,
    CN_CHECK_LOOK, /* a person should look at it */
    CN_CHECK_BAD,  /* the store is damaged, or tells what it must not */
} CnCheckStatus;

typedef struct {
    carenet_store *store;
    CnTableBuilder *table;
    CnImageState image;
    gint64 now_s;
    gboolean damaged; /* a check of the file was bad: the records are not worth reading */
} CnStoreCheck;

/* One row. @which (element-type utf8, nullable): what it is about; @command mends it and is only
 * told where something is to be mended. */
void cn_store_check_add(CnStoreCheck *check,
                        const char *name,
                        CnCheckStatus status,
                        const GPtrArray *which,
                        const char *command,
                        const char *detail,
                        ...) G_GNUC_PRINTF(6, 7);

/* As cn_store_policy_text(), for a caller that holds the lock. */
const char *cn_store_policy_text_locked(carenet_store *store, GError **error);

/* Rows about places, referrals and the chain of records. */
gboolean cn_store_check_ledger(CnStoreCheck *check, GError **error);

/* Rows about the programme, whose records are appended to @network. */
gboolean cn_store_check_programme(CnStoreCheck *check, CnNetwork *network, GError **error);
/* A row about what must be sealed. */
gboolean cn_store_check_seal(CnStoreCheck *check, GError **error);

/* Rows about the records. Damage is a row; FALSE sets @error where the store cannot be read now. */
gboolean cn_store_check_records(CnStoreCheck *check, GError **error);
