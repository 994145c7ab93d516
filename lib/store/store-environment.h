/* What a store takes from the machine: the layer under its file, the clocks, how it syncs. Tests put
 * their own in its place; everybody else passes NULL and gets the machine's. */
#pragma once

#include "store/store.h"

#define CN_BOOT_ID_SIZE 64

typedef struct {
    const char *vfs;                 /* name of a file layer of SQLite; NULL: its default */
    const char *synchronous;         /* "FULL"; a harness that must see losses asks for "NORMAL" */
    gint64 (*wall_s)(gpointer user); /* seconds since 1970 UTC; NULL: the system's clock */
    /* Seconds since boot, and which boot that is ("" unknown); NULL: the system's. */
    gint64 (*boot_s)(gpointer user, char out_boot[CN_BOOT_ID_SIZE]);
    gpointer user;
} CnStoreEnvironment;

/* As cn_store_init() and cn_store_open(). @environment is copied, nullable; its texts and user data
 * must outlive the store. */
carenet_store *cn_store_init_in(const CnStoreEnvironment *environment,
                                const char *path,
                                carenet_store_kind kind,
                                CnReference *reference,
                                gint busy_ms,
                                GError **error);
carenet_store *cn_store_open_in(const CnStoreEnvironment *environment,
                                const char *path,
                                CnReference *reference,
                                gboolean read_only,
                                gint busy_ms,
                                GError **error);
