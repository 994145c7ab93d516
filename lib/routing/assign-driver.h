/* The parts of the driver: what components are given, and what is told of them. */
#pragma once

#include "routing/assign-private.h"

typedef struct {
    const CnMarket *market;
    const CnAssignOptions *options;
    CnAssignment *out;
    CnSolve *solves;  /* by component */
    GPtrArray *order; /* (element-type CnSolve) of them */
    guint8 *named;    /* by unit: not 0, it has been told where it goes */
    CnStopWatch watch;
    GMutex lock; /* of what follows */
    guint64 pairs, pairs_done;
} CnAssign;

/* ---- What a component is given: assign-input.c. */

gboolean cn_assign_takes_part(const CnAssign *assign, guint unit);
/* By column: places after what others took. */
gint64 *cn_assign_places_left(const CnAssign *assign, const CnComponent *component);
/* By class: how many units take part. */
guint *cn_assign_units_left(const CnAssign *assign, const CnComponent *component);
/* Who was where. (element-type CnPlaced) by class, then column (transfer full) */
GArray *cn_assign_former(const CnAssign *assign, const CnComponent *component);

/* ---- Its answer: assign-answer.c. */

/* What is told of the members of a component as soon as it is solved: those of another one are others. */
void cn_assign_give_members(CnAssign *assign, CnSolve *solve);
void cn_assign_give_component(CnAssign *assign, const CnSolve *solve);
/* Pins have their places; needs of which nobody offers the service have none. */
void cn_assign_give_others(CnAssign *assign);
