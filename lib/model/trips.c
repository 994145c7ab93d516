/* See trips.h. */
#include "model/trips.h"

/* ---- Points. */

/* By their bits: what is not a number is the same as itself. */
static gboolean
is_same_point(gconstpointer a, gconstpointer b)
{
    const CnListedProvider *x = a, *y = b;
    return g_int64_equal(&x->lat_deg, &y->lat_deg) && g_int64_equal(&x->lon_deg, &y->lon_deg) &&
           x->island == y->island;
}

static guint
hash_point(gconstpointer provider)
{
    const CnListedProvider *of = provider;
    return g_int64_hash(&of->lat_deg) * 31 + g_int64_hash(&of->lon_deg);
}

void
cn_points_init(CnPoints *points, const CnListing *listing)
{
    g_autoptr(GHashTable) met = g_hash_table_new(hash_point, is_same_point);
    const guint len = (guint)listing->providers_len;
    *points = (CnPoints){.of_provider = g_new0(guint, (gsize)len + 1)};
    for (guint i = 0; i < len; i++) {
        gpointer found = NULL;
        if (!g_hash_table_lookup_extended(met, &listing->providers[i], NULL, &found)) {
            found = GUINT_TO_POINTER(points->len++);
            g_hash_table_insert(met, (gpointer)&listing->providers[i], found);
        }
        points->of_provider[i] = GPOINTER_TO_UINT(found);
    }
}

void
cn_points_clear(CnPoints *points)
{
    g_free(points->of_provider);
    *points = (CnPoints){0};
}

/* ---- Ways. */

void
cn_trips_init(CnTrips *trips, const CnPoints *points)
{
    *trips = (CnTrips){.points = points,
                       .trip = g_new0(CnTrip, (gsize)points->len + 1),
                       .legs = g_new0(double *, (gsize)points->len + 1),
                       .turn = 1};
}

void
cn_trips_clear(CnTrips *trips)
{
    for (guint i = 0; i < trips->points->len; i++)
        g_free(trips->legs[i]);
    g_free(trips->legs);
    g_free(trips->trip);
    *trips = (CnTrips){0};
}

void
cn_trips_begin(CnTrips *trips)
{
    trips->turn++;
}

static double *
make_legs(const CnOrigin *origin, const CnListedProvider *to)
{
    guint first;
    const guint len = cn_island_ports(origin->gazetteer, to->island, &first);
    double *legs = g_new(double, (gsize)len + 1);
    for (guint i = 0; i < len; i++)
        legs[i] =
            cn_port_min(origin->gazetteer, &origin->speeds, first + i, to->lat_deg, to->lon_deg);
    return legs;
}

void
cn_trips_go(CnTrips *trips, const CnOrigin *origin, const CnListedProvider *to, guint point)
{
    if (to->island != origin->island && trips->legs[point] == NULL)
        trips->legs[point] = make_legs(origin, to);
    trips->trip[point] = (CnTrip){
        cn_origin_travel_by(origin, to->lat_deg, to->lon_deg, to->island, trips->legs[point]),
        trips->turn};
}
