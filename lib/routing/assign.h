/* The solver of batch routing: everybody at once, exactly, with prices that prove it.
 *
 * Objective: fewest unmet emergency, then urgent, then routine units, then least cost. Every unit
 * is placed at a cheapest offering at the prices found, an offering with a price is full, and the
 * prices are the least ones for which this holds: what one more place there would be worth. The answer
 * depends on nothing but the market, the options and the former prices: not on the number of threads,
 * the order of the cases or the processor. */
#pragma once

#include "routing/cpu-path.h"
#include "routing/market.h"

typedef enum {
    CN_STOPPED_NOT, /* optimal */
    CN_STOPPED_WORK,
    CN_STOPPED_TIME,
    CN_STOPPED_USER,
} CnStopped;

/* @done of 1.0; called from one thread at a time, not always the caller's. */
typedef void (*CnAssignProgress)(double done, gpointer data);

#define CN_FORMER_UNMET   (-1)
#define CN_FORMER_UNKNOWN (-2)

typedef struct {
    guint threads;             /* 0 or 1: the caller's alone */
    guint64 work_limit;        /* pairs looked at; 0 without end; the same answer everywhere */
    gint64 deadline_us;        /* of g_get_monotonic_time(); 0 none */
    const gint *cancel;        /* nullable; read atomically, not 0 stops */
    CnAssignProgress progress; /* nullable */
    gpointer progress_data;
    const gint64 *prices; /* nullable: by offering, to start from (a former plan's); where use costs
                           * something under a quota nothing is made of them */
    /* Nullable, only with prices: by unit, where a former plan had it: a position in the listing,
     * CN_FORMER_UNMET or CN_FORMER_UNKNOWN. Whatever it says, the objective, the bound and the prices are
     * the same; of equal plans one is found that moves few. */
    const gint32 *former;
    const guint32 *taken;   /* nullable: by offering, places that are not to be had */
    const guint8 *left_out; /* nullable: by need, not 0: neither placed nor counted */
    CnCpuPath cpu;
    /* For what can be made again, of a component. 0: what is usual for its size, and more where it would be
     * made again too often. Else it is also made again as soon as can be. */
    gsize cache_bytes;
    guint
        names_most; /* of those at an offering so many have a name, the others are asked; 0: as many as can be */
} CnAssignOptions;

typedef struct {
    gint32 *offering; /* by unit: position in the listing, -1 unmet or left out */
    guint units_len;
    /* By offering, >= 0, in the scalar objective: what one of its places is asked for, its use
     * included. The least ones where optimal, a bound at any time. */
    gint64 *price;
    guint offerings_len;
    CnLevels taken; /* what the places of `taken` are worth at these prices */
    CnLevels primal;
    CnLevels bound; /* no plan is better, level by level; equal to primal where optimal */
    CnStopped stopped_by;
    guint64 work;
} CnAssignment;

void cn_assign_options_init(CnAssignOptions *options);

/* Solves. A stopped run returns TRUE with a feasible assignment and its bound. O(cases + offerings)
 * memory besides caches of a fixed size. FALSE for options out of range. */
gboolean cn_assign(const CnMarket *market,
                   const CnAssignOptions *options,
                   CnAssignment *out,
                   GError **error);
void cn_assignment_clear(CnAssignment *assignment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnAssignment, cn_assignment_clear)
