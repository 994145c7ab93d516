/* A small store with a few offerings to refer to, cases, and a clock that a test moves. */
#pragma once

#include "model/case.h"
#include "store/store-private.h"

#define WORLD_NOW_S     1795363200 /* 2026-11-23T00:00:00+08:00 */
#define WORLD_OFFERINGS 3
/* ex-one/trauma-therapy with 3 places, ex-two/trauma-therapy with 1, and one that nobody reported. */
extern const char *const world_offerings[WORLD_OFFERINGS];

typedef struct {
    CnReference *reference;
    char *folder;
    char *path;
    gint64 wall_s; /* the clock of the wall, and that of the boot */
    gint64 boot_s;
    CnStoreEnvironment environment;
} World;

World *world_new(void);
void world_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/* Makes the store, and imports the providers. */
carenet_store *world_make(World *world);
carenet_store *world_open(World *world, gint busy_ms);

/* Sends the need of the case @ref to an offering; NULL sets @error. */
carenet_table *world_send(World *world,
                          carenet_store *store,
                          const char *ref,
                          const char *urgency,
                          const char *offering,
                          gboolean waitlist,
                          const carenet_acting *acting,
                          GError **error);
carenet_acting world_acting(void);

/* A cell of the first row. */
const char *world_text(const carenet_table *table, const char *column);
gint64 world_int(const carenet_table *table, const char *column);
/* A number that SQL gives. */
gint64 world_ask(carenet_store *store, const char *sql);
/* Holds of the ledger are those of referrals and of people; counts are those that the events lead to. */
void world_check_ledger(carenet_store *store);
