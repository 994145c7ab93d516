/* The inner loops of travel: one town to many columns. Plain C, AVX2 and AVX-512. */
#pragma once

#include "routing/cpu-path.h"

#include <glib.h>

/* A town or a port as a unit vector. */
typedef struct {
    double x, y, z;
    double minutes_per_radian; /* of half the angle; or another unit, and */
    double doubt;              /* how near to a whole number of it the model has to be asked */
} CnTripHome;

/* Hundred times what the series may be wrong by. */
#define CN_TRIP_DOUBT_MIN 1e-5

/* Legs are whole numbers of 1/1024 minutes up to CN_TRIP_LEG_MOST, CN_TRIP_FAR where there is no way. */
#define CN_TRIP_LEG_MOST (G_MAXINT32 / 4)
#define CN_TRIP_FAR      (G_MAXINT32 / 2)
typedef struct {
    guint len;
    const gint32 *to;   /* by port: from the town */
    const gint32 *from; /* by port, then by column */
    gint32 no_link;     /* minutes where there is no way */
    guint32 home;       /* the number of the town's point */
} CnTripPorts;

typedef struct {
    /* Whole minutes over land to columns given as unit vectors, or -1 where the model has to be asked:
     * what is not -1 is the model's answer in every form. */
    void (*land)(const CnTripHome *home,
                 const double *x,
                 const double *y,
                 const double *z,
                 guint len,
                 gint32 *minutes);
    /* Whole minutes over the ports of an island. TRUE where the number of some point is that of the home:
     * such a column may be at home. */
    gboolean (*cross)(const CnTripPorts *ports, const guint32 *point, guint len, gint32 *minutes);
} CnTripTable;

/* The table of a path, or of the best that this processor has below it. */
const CnTripTable *cn_trip_table(CnCpuPath cpu);
