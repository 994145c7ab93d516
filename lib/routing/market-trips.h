/* The inner loops of travel: one town to many columns. Plain C, AVX2 and AVX-512. */
#pragma once

#include "routing/cpu-path.h"

#include <glib.h>

/* A town as a unit vector. */
typedef struct {
    double x, y, z;
    double minutes_per_radian; /* of half the angle */
} CnTripHome;

typedef struct {
    /* Whole minutes over land to columns given as unit vectors, or -1 where the model has to be asked:
     * what is not -1 is the model's answer in every form. */
    void (*land)(const CnTripHome *home,
                 const double *x,
                 const double *y,
                 const double *z,
                 guint len,
                 gint32 *minutes);
    /* least = MIN(least, port_leg + legs). */
    void (*port)(gint32 port_leg, const gint32 *legs, guint len, gint32 *least);
} CnTripTable;

/* The table of a path, or of the best that this processor has below it. */
const CnTripTable *cn_trip_table(CnCpuPath cpu);
