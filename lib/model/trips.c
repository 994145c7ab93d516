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
                       .travel = g_new(CnTravel, (gsize)points->len + 1),
                       .made = g_new0(guint, (gsize)points->len + 1),
                       .turn = 1};
}

void
cn_trips_clear(CnTrips *trips)
{
    g_free(trips->travel);
    g_free(trips->made);
    *trips = (CnTrips){0};
}

void
cn_trips_begin(CnTrips *trips)
{
    trips->turn++;
}

CnTravel
cn_trips_to(CnTrips *trips, const CnOrigin *origin, const CnListedProvider *to, guint provider)
{
    const guint point = trips->points->of_provider[provider];
    if (trips->made[point] != trips->turn) {
        trips->made[point] = trips->turn;
        trips->travel[point] = cn_origin_travel(origin, to->lat_deg, to->lon_deg, to->island);
    }
    return trips->travel[point];
}
