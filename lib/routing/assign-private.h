/* One component being solved: what the driver gives to the flow, and gets back. */
#pragma once

#include "routing/assign.h"
#include "routing/market-facets.h"
#include "routing/market-quota.h"
#include "routing/market-travel.h"

/* Asked for by every solver thread, never printed. */
typedef struct {
    gint64 deadline_us;
    const gint *cancel;
    gint stopped; /* atomically: a CnStopped that one thread saw */
} CnStopWatch;

CnStopped cn_stop_watch_look(CnStopWatch *watch);

/* So many units of a class at a column; column -1: unmet. */
typedef struct {
    guint class_index; /* in the market */
    gint column;
    gint64 units;
} CnPlaced;

typedef struct {
    const CnMarket *market;
    guint component;
    CnCpuPath cpu;
    gsize cache_bytes;   /* for rows that may be made again; may grow */
    gsize minutes_bytes; /* for rows of minutes */
    guint
        columns_for_one; /* that are scanned in the time that it takes to look one up; at most CN_WORD */
    guint names_most;   /* positions that ways name */
    guint cache_grows;  /* to so many times as much, where they are made again and again */
    guint listed_most;  /* ways that wait for a word before those are left out that are far */
    const guint *units; /* by class of the component: how many take part */
    gint64 *places;     /* by column */
    gint64 *price;      /* by column, in and out, in steps of the market */
    gboolean warm;      /* whether @price says where to start */
    const CnPlaced
        *former; /* then also who was where, as far as known: by class, the unmet first */
    guint former_len;
    guint64 work_limit; /* 0 without end */
    CnStopWatch *watch;
    /* The answer. */
    GArray *placed; /* (element-type CnPlaced) */
    CnLevels primal, bound;
    guint64 work;
    CnStopped stopped;
} CnSolve;

/* Whether a component is solved; if not, what needs more bits, and the answer is untouched. */
typedef enum {
    CN_FLOW_DONE,
    CN_FLOW_WAYS,
    CN_FLOW_SUMS
} CnFlowEnd;

/* What a unit without a place counts in 32-bit sums; 0 where costs are too large for them. */
gint64 cn_flow_step(const CnComponent *component);
/* Solves the component in 32-bit sums and ways of 16 bits. */
CnFlowEnd cn_flow_solve_narrow(CnSolve *solve);
/* The same with ways of 32 bits. */
CnFlowEnd cn_flow_solve_middle(CnSolve *solve);
/* The same in 64-bit sums, without special instructions. Always done. */
CnFlowEnd cn_flow_solve_wide(CnSolve *solve);
