/* Ways from one town to the providers of a listing, each worked out when it is first asked for: for callers who
 * put many persons of one town to the same providers, of whom many sit at the same point. */
#pragma once

#include "model/listing.h"
#include "model/place.h"

/* Where the providers of a listing sit, told apart. */
typedef struct {
    guint *of_provider;
    guint len;
} CnPoints;

void cn_points_init(CnPoints *points, const CnListing *listing);
void cn_points_clear(CnPoints *points);

static inline guint
cn_points_of(const CnPoints *points, guint provider)
{
    return points->of_provider[provider];
}

/* The way to a point, and the turn in which it was worked out. */
typedef struct {
    CnTravel travel;
    guint turn;
} CnTrip;

/* One thread's. */
typedef struct {
    const CnPoints *points; /* borrowed */
    CnTrip *trip;           /* by point */
    double **legs;          /* by point: from the ports of its island; NULL: nobody came over one */
    guint turn;
} CnTrips;

void cn_trips_init(CnTrips *trips, const CnPoints *points);
void cn_trips_clear(CnTrips *trips);
/* From now on the ways are those of another origin. */
void cn_trips_begin(CnTrips *trips);
void cn_trips_go(CnTrips *trips, const CnOrigin *origin, const CnListedProvider *to, guint point);

/* cn_origin_travel() to @to, which is at the point; always of the same origin since cn_trips_begin(). */
static inline CnTravel
cn_trips_to(CnTrips *trips, const CnOrigin *origin, const CnListedProvider *to, guint point)
{
    if (trips->trip[point].turn != trips->turn)
        cn_trips_go(trips, origin, to, point);
    return trips->trip[point].travel;
}
