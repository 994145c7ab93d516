/* What the files that write a network share. */
#pragma once

#include "store/store-private.h"

typedef struct {
    CnWork *work;
    carenet_store *store;
    GHashTable *closed; /* stored offerings that are closed */
    const CnNetwork *stored;
    GHashTable *given_ids; /* providers and offerings that were given */
    gboolean seals;        /* whether the store has a key */
    guint8 public_key[CN_KEY_LEN];
    CnDifference *difference;
} CnWrite;

/* Counts one record that was given; returns whether it must be written. */
gboolean cn_write_count(CnWrite *write,
                        CnRecordKind kind,
                        gboolean exists,
                        gboolean equal,
                        gboolean given);
gboolean cn_write_record(carenet_store *store,
                         const CnSql *sql,
                         gconstpointer record,
                         GError **error);
/* A statement with one parameter, the id of a record. */
gboolean cn_write_for_id(carenet_store *store, const CnSql *sql, const char *id, GError **error);
/* Terms of a set as rows; @kind NULL where the table has one kind only. */
gboolean cn_write_terms(carenet_store *store,
                        const CnSql *sql,
                        const char *id,
                        const char *kind,
                        carenet_terms_kind vocabulary,
                        CnTermSet set,
                        GError **error);
gboolean cn_write_same_terms(CnTermSet a, CnTermSet b);

/* A provider with what hangs on it and its site; @old is nullable: it is new. */
gboolean cn_write_provider(CnWrite *write,
                           const CnProvider *old,
                           const CnProvider *provider,
                           GError **error);
/* Those of @provider; those that only @old has are closed. */
gboolean cn_write_offerings(CnWrite *write,
                            const CnProvider *old,
                            const CnProvider *provider,
                            GError **error);
