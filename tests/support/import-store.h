/* A store that networks are imported into, and a small network whose records can be changed one by one. */
#pragma once

#include "store/store-private.h"

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    carenet_store *store;
} ImportStore;

carenet_store *import_store_make(ImportStore *fixture, carenet_store_kind kind);
/* For cmocka: an empty demonstration in a folder of its own. */
int import_store_set_up(void **state);
int import_store_tear_down(void **state);

gboolean import_store_import(ImportStore *fixture,
                             const CnNetwork *network,
                             gboolean replace,
                             gboolean dry_run,
                             carenet_table **out_changes,
                             GError **error);
/* The same, and fails the test where it is refused. */
void import_store_import_ok(ImportStore *fixture, const CnNetwork *network, gboolean replace);

/* A provider "shelter" of region "north" with one offering, a gateway "office" and its body. */
typedef struct {
    CnNetwork *network;
    CnProvider *shelter;
    CnOffering *offering;
} SmallNetwork;

SmallNetwork small_network(const CnReference *reference);
