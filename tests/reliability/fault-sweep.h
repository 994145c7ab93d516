/* One step on a store while the disk fails at the k-th operation, is full, or memory runs out at the k-th
 * allocation of the database: what is answered "done" is there whole; what is answered with an error is
 * there whole or not at all; and the same step then goes on. */
#pragma once

#include "../support/fault-memory.h"
#include "../support/fault-vfs.h"
#include "../support/referral-world.h"

typedef enum {
    FAIL_MEMORY = FAULT_KINDS,
    FAIL_KINDS
} Failure;

/* What a step is tried on. */
typedef struct {
    World *world;
    char *bytes; /* of the store before each try */
    gsize len;
    /* Queries that show what else than the ledger, cases and referrals a step may change; NULL ends them. */
    const char *const *dumps;
    /* Where a step writes the whole file anew: after the k-th operation the one k / thin + 1 later; 0: all
     * writes and syncs. */
    guint thin;
    /* Fails the test where a store that was found is not sound; nullable. */
    void (*check)(gconstpointer user, carenet_store *store);
    /* Whether what a step has to destroy is in the files still, with @store open; nullable. */
    gboolean (*is_left)(gconstpointer user, const char *step, carenet_store *store);
    gconstpointer user;
} FaultBed;

typedef carenet_table *(*FaultVerb)(gconstpointer user,
                                    carenet_store *store,
                                    const carenet_acting *acting,
                                    GError **error);

typedef struct {
    const char *name;
    FaultVerb run;
    gboolean has_key; /* the same request once more gives the same answer */
    FaultVerb finish; /* nullable: what somebody does who got an error, where it is another step */
} FaultStep;

typedef struct {
    guint points, refused, stored_anyway;
    guint lost;   /* answered, and not stored */
    guint half;   /* stored neither whole nor not at all */
    guint left;   /* answered, and what had to be destroyed is there still */
    guint denied; /* stored, and the error says that nothing was */
} FaultFigures;

/* Lets SQLite's files and memory fail where they are told to. Before the first store is opened. */
void fault_sweep_install(void);

/* Takes the store of the world as it stands for what each step begins with. */
void fault_bed_take(FaultBed *bed);
void fault_bed_put_back(const FaultBed *bed);
/* What the store says once nothing fails any more; it is sound. (transfer full) */
char *fault_bed_look(const FaultBed *bed);
/* The same of a handle, unchecked. (transfer full) */
char *fault_bed_dump(const FaultBed *bed, carenet_store *store);

void fault_arm(gint kind, guint k, gboolean forever);
gboolean fault_disarm(gint kind);
/* The error of a step that did not go through says that the store, the disk or memory is why. */
void fault_check_error(const GError *error, const char *name, gint kind, guint k);
/* Fails the test where there is no @row; frees it. @error is looked at after the call that made both. */
void fault_must(carenet_table *row, GError *const *error);
/* A tester who acts 100 seconds after the clock of the world. @key is nullable. */
carenet_acting fault_acting(const FaultBed *bed, const char *key);

/* The step with a failure at every operation of every kind. Adds to @figures. */
void fault_sweep(const FaultBed *bed, const FaultStep *step, FaultFigures *figures);
