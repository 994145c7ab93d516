/* Travel between areas: by land on one island, between islands over the known bridges and ferries.
 *
 *      origin --land--> port ==ferry==> port --land--> port ==bridge==> port --land--> destination
 *
 * Every leg is rounded up to 1/1024 of a minute. Sums of such numbers are exact in a double, so a
 * trip takes the same minutes in both directions, whatever the order of adding. No leg is faster
 * than the straight line at the fastest speed, hence no trip is: nearer areas bound farther ones. */
#include "model/place-private.h"

#include "base/geo.h"

#include <math.h>

#define LEGS_PER_MIN    1024.0
#define TRAVEL_MIN_MOST (G_MAXINT32 / 2)

/* ---- Laying out the ways when the gazetteer is built. */

static gint
compare_ports(gconstpointer a, gconstpointer b)
{
    const CnPort *x = a, *y = b;
    if (x->island != y->island)
        return x->island < y->island ? -1 : 1;
    return (x->area > y->area) - (x->area < y->area);
}

static void
add_port(const CnGazetteer *gazetteer, GArray *ports, CnAreaId area)
{
    for (guint i = 0; i < ports->len; i++)
        if (g_array_index(ports, CnPort, i).area == area)
            return;
    CnPort port = {.area = area, .island = cn_area(gazetteer, area)->island};
    g_array_append_val(ports, port);
}

static double
distance_between_m(const CnArea *a, const CnArea *b)
{
    return cn_distance_m(a->lat_deg, a->lon_deg, b->lat_deg, b->lon_deg);
}

static double
distance_km(const CnGazetteer *gazetteer, CnAreaId a, CnAreaId b)
{
    return distance_between_m(cn_area(gazetteer, a), cn_area(gazetteer, b)) / 1000.0;
}

/* The stated length, but never less than the straight line between the two towns: a rounded figure
 * must not make a way faster than the crow flies. */
static void
add_link_ways(const CnGazetteer *gazetteer, guint from, const GArray *links, GArray *ways)
{
    CnAreaId area = gazetteer->ports[from].area;
    for (guint i = 0; i < links->len; i++) {
        const CnLink *link = &g_array_index(links, CnLink, i);
        if (link->from != area && link->to != area)
            continue;
        CnAreaId other = link->from == area ? link->to : link->from;
        CnWay way = {.kind = link->kind == CN_LINK_BRIDGE ? CN_WAY_BRIDGE : CN_WAY_FERRY,
                     .km = MAX(link->km, distance_km(gazetteer, area, other))};
        while (gazetteer->ports[way.to].area != other)
            way.to++;
        g_array_append_val(ways, way);
    }
}

static void
add_land_ways(const CnGazetteer *gazetteer, guint from, GArray *ways)
{
    guint island = (guint)gazetteer->ports[from].island;
    for (guint to = gazetteer->island_ports[island]; to < gazetteer->island_ports[island + 1];
         to++) {
        if (to == from)
            continue;
        CnWay way = {
            .to = to,
            .kind = CN_WAY_LAND,
            .km = distance_km(gazetteer, gazetteer->ports[from].area, gazetteer->ports[to].area)};
        g_array_append_val(ways, way);
    }
}

/* island_ports[i] is the first port at or behind island i. */
static void
index_islands(CnGazetteer *gazetteer)
{
    guint islands = gazetteer->islands->len, port = 0;
    gazetteer->island_ports = g_new0(guint, islands + 1);
    for (guint island = 0; island <= islands; island++) {
        while (port < gazetteer->ports_len && (guint)gazetteer->ports[port].island < island)
            port++;
        gazetteer->island_ports[island] = port;
    }
}

gboolean
cn_gazetteer_lay_ways(CnGazetteer *gazetteer, const GArray *links)
{
    g_autoptr(GArray) ports = g_array_new(FALSE, FALSE, sizeof(CnPort));
    for (guint i = 0; i < links->len && ports->len <= CN_PORTS_MOST; i++) {
        add_port(gazetteer, ports, g_array_index(links, CnLink, i).from);
        add_port(gazetteer, ports, g_array_index(links, CnLink, i).to);
    }
    if (ports->len > CN_PORTS_MOST)
        return FALSE;
    g_array_sort(ports, compare_ports);
    gazetteer->ports_len = ports->len;
    gazetteer->ports = g_new0(CnPort, ports->len + 1);
    for (guint i = 0; i < ports->len; i++)
        gazetteer->ports[i] = g_array_index(ports, CnPort, i);
    index_islands(gazetteer);

    GArray *ways = g_array_new(FALSE, FALSE, sizeof(CnWay));
    for (guint i = 0; i < ports->len; i++) {
        gazetteer->ports[i].first_way = ways->len;
        add_link_ways(gazetteer, i, links, ways);
        add_land_ways(gazetteer, i, ways);
    }
    gazetteer->ports[ports->len].first_way = ways->len;
    gazetteer->ways = (CnWay *)(gpointer)g_array_free(ways, FALSE);
    return TRUE;
}

/* ---- Minutes. */

static double
round_leg(double minutes)
{
    return ceil(minutes * LEGS_PER_MIN) / LEGS_PER_MIN;
}

double
cn_land_min(const CnTravelSpeeds *speeds, double straight_km)
{
    return round_leg(straight_km * speeds->detour_percent * 60.0 / (100.0 * speeds->land_km_per_h));
}

static double
way_min(const CnTravelSpeeds *speeds, const CnWay *way)
{
    if (way->kind != CN_WAY_FERRY)
        return cn_land_min(speeds, way->km);
    return round_leg(speeds->boarding_min + way->km * 60.0 / speeds->sea_km_per_h);
}

/* Fewer minutes; of equal ones that which stays on land. */
static gboolean
is_better(double a_min, gboolean a_sea, double b_min, gboolean b_sea)
{
    return a_min < b_min || (a_min == b_min && !a_sea && b_sea);
}

static void
relax_ways(CnOrigin *origin, guint from)
{
    const CnGazetteer *gazetteer = origin->gazetteer;
    for (guint i = gazetteer->ports[from].first_way; i < gazetteer->ports[from + 1].first_way;
         i++) {
        const CnWay *way = &gazetteer->ways[i];
        double minutes = origin->port_min[from] + way_min(&origin->speeds, way);
        gboolean sea = origin->port_sea[from] || way->kind == CN_WAY_FERRY;
        if (is_better(minutes, sea, origin->port_min[way->to], origin->port_sea[way->to])) {
            origin->port_min[way->to] = minutes;
            origin->port_sea[way->to] = sea;
        }
    }
}

/* Dijkstra without a heap: with so few ports the scan is the cheaper queue. */
static void
settle_ports(CnOrigin *origin)
{
    guint left[CN_PORTS_MOST], left_len = origin->gazetteer->ports_len;
    for (guint i = 0; i < left_len; i++)
        left[i] = i;
    while (left_len > 0) {
        guint at = 0;
        for (guint i = 1; i < left_len; i++)
            if (is_better(origin->port_min[left[i]], origin->port_sea[left[i]],
                          origin->port_min[left[at]], origin->port_sea[left[at]]))
                at = i;
        const guint nearest = left[at];
        if (isinf(origin->port_min[nearest]))
            return;
        left[at] = left[--left_len];
        relax_ways(origin, nearest);
    }
}

/* ---- Bounds: the great circle from below, by series that end with a term that takes away. */

static double
least_cosine(double angle)
{
    return MAX(0.0, 1.0 - angle * angle / 2.0);
}

static double
least_sine(double angle)
{
    return angle * MAX(0.0, 1.0 - angle * angle / 6.0);
}

/* Whoever crosses comes by one of the ports of the island. */
static double
least_crossing_min(const CnOrigin *origin, gint16 island)
{
    const CnGazetteer *gazetteer = origin->gazetteer;
    double least = INFINITY;
    if (island < 0 || (guint)island >= gazetteer->islands->len || island == origin->island)
        return 0.0;
    for (guint i = gazetteer->island_ports[island]; i < gazetteer->island_ports[island + 1]; i++)
        least = MIN(least, origin->port_min[i]);
    return least;
}

gint32
cn_origin_least_min(const CnOrigin *origin, double lat_deg, double lon_deg, gint16 island)
{
    const double half = G_PI / 360.0;
    if (isnan(origin->lat_deg))
        return 0;
    double north = least_sine(fabs(lat_deg - origin->lat_deg) * half);
    double east = least_sine(fabs(lon_deg - origin->lon_deg) * half);
    double cosines = origin->cos_lat * least_cosine(lat_deg * (G_PI / 180.0));
    /* asin(x) >= x. A little is given away for what rounding may add. */
    double km = 2.0 * CN_EARTH_RADIUS_KM * sqrt(north * north + cosines * east * east) * 0.999999;
    double minutes = MAX(km * origin->fastest_min_a_km, least_crossing_min(origin, island));
    return (gint32)MIN(minutes, (double)TRAVEL_MIN_MOST);
}

/* All but the ports, which are out of reach. NULL for an unknown area. */
static const CnArea *
begin_origin(CnOrigin *origin,
             const CnGazetteer *gazetteer,
             const CnTravelSpeeds *speeds,
             CnAreaId area)
{
    *origin = (CnOrigin){.gazetteer = gazetteer, .speeds = *speeds, .area = area, .island = -1};
    for (guint i = 0; i < CN_PORTS_MOST; i++)
        origin->port_min[i] = INFINITY;
    origin->lat_deg = origin->lon_deg = NAN;
    if (area < 0)
        return NULL;
    const CnArea *home = cn_area(gazetteer, area);
    origin->lat_deg = home->lat_deg;
    origin->lon_deg = home->lon_deg;
    origin->island = home->island;
    origin->cos_lat = least_cosine(home->lat_deg * (G_PI / 180.0));
    origin->fastest_min_a_km = MIN(speeds->detour_percent * 60.0 / (100.0 * speeds->land_km_per_h),
                                   60.0 / speeds->sea_km_per_h);
    return home;
}

void
cn_origin_init(CnOrigin *origin,
               const CnGazetteer *gazetteer,
               const CnTravelSpeeds *speeds,
               CnAreaId area)
{
    const CnArea *home = begin_origin(origin, gazetteer, speeds, area);
    if (home == NULL)
        return;
    for (guint i = 0; i < gazetteer->ports_len; i++) {
        const CnPort *port = &gazetteer->ports[i];
        if (port->island == origin->island)
            origin->port_min[i] = cn_land_min(
                speeds, distance_between_m(home, cn_area(gazetteer, port->area)) / 1000.0);
    }
    settle_ports(origin);
}

/* ---- Many origins. */

/* What is the least way from a town is the least over the ports of its island, by land to there and on
 * from there: sums of legs are exact, so both ways of adding them up give the same bits. Legs are whole
 * numbers of 1/1024 minutes, and a crossing by sea adds one of 1/1048576 to them: of equal ways the one
 * that crosses least is the least number, and whether it crosses is whether anything is left. With no more than
 * CN_PORTS_MOST crossings that is no minute, and all of it fits into a double. */
#define CROSSING (1.0 / (LEGS_PER_MIN * 1024.0))
G_STATIC_ASSERT(CN_PORTS_MOST < 1024);

struct CnCrossings {
    const CnGazetteer *gazetteer;
    CnTravelSpeeds speeds;
    double *ways; /* from a port to each port, port by port; INFINITY out of reach */
};

static void
lay_crossings(CnCrossings *crossings)
{
    const CnGazetteer *gazetteer = crossings->gazetteer;
    const guint len = gazetteer->ports_len;
    for (guint from = 0; from < len; from++) {
        double *row = crossings->ways + (gsize)from * len;
        for (guint to = 0; to < len; to++)
            row[to] = INFINITY;
        row[from] = 0.0;
        for (guint i = gazetteer->ports[from].first_way; i < gazetteer->ports[from + 1].first_way;
             i++) {
            const CnWay *way = &gazetteer->ways[i];
            const double sea = way->kind == CN_WAY_FERRY ? CROSSING : 0.0;
            row[way->to] = MIN(row[way->to], way_min(&crossings->speeds, way) + sea);
        }
    }
}

/* row = MIN(row, leg + on). */
static void
go_on(double *restrict row, double leg, const double *restrict on, guint len)
{
    for (guint to = 0; to < len; to++)
        row[to] = leg + on[to] < row[to] ? leg + on[to] : row[to];
}

CnCrossings *
cn_crossings_new(const CnGazetteer *gazetteer, const CnTravelSpeeds *speeds)
{
    CnCrossings *crossings = g_new0(CnCrossings, 1);
    const guint len = gazetteer->ports_len;
    crossings->gazetteer = gazetteer;
    crossings->speeds = *speeds;
    crossings->ways = g_new(double, (gsize)len *len + 1);
    lay_crossings(crossings);
    /* Floyd and Warshall: after a round ways may lead over one port more. */
    for (guint over = 0; over < len; over++) {
        const double *on = crossings->ways + (gsize)over * len;
        for (guint from = 0; from < len; from++) {
            double *row = crossings->ways + (gsize)from * len;
            if (from != over && !isinf(row[over]))
                go_on(row, row[over], on, len);
        }
    }
    return crossings;
}

void
cn_crossings_free(CnCrossings *crossings)
{
    if (crossings == NULL)
        return;
    g_free(crossings->ways);
    g_free(crossings);
}

void
cn_crossings_from(const CnCrossings *crossings, gint16 island, const double *port_min, double *ways)
{
    const guint all = crossings->gazetteer->ports_len;
    guint first, len = cn_island_ports(crossings->gazetteer, island, &first);
    for (guint to = 0; to < all; to++)
        ways[to] = INFINITY;
    for (guint port = 0; port < len; port++)
        go_on(ways, port_min[port], crossings->ways + (gsize)(first + port) * all, all);
}

void
cn_origin_init_across(CnOrigin *origin, const CnCrossings *crossings, CnAreaId area)
{
    const CnGazetteer *gazetteer = crossings->gazetteer;
    double land[CN_PORTS_MOST] = {0}, ways[CN_PORTS_MOST];
    begin_origin(origin, gazetteer, &crossings->speeds, area);
    guint first, len = cn_island_ports(gazetteer, origin->island, &first);
    for (guint port = 0; port < len; port++)
        land[port] = cn_port_min(gazetteer, &crossings->speeds, first + port, origin->lat_deg,
                                 origin->lon_deg);
    cn_crossings_from(crossings, origin->island, land, ways);
    for (guint to = 0; to < gazetteer->ports_len; to++) {
        if (isinf(ways[to]))
            continue;
        origin->port_min[to] = floor(ways[to] * LEGS_PER_MIN) / LEGS_PER_MIN;
        origin->port_sea[to] = origin->port_min[to] != ways[to];
    }
}

guint
cn_gazetteer_ports_len(const CnGazetteer *gazetteer)
{
    return gazetteer->ports_len;
}

CnAreaId
cn_port_area(const CnGazetteer *gazetteer, guint port)
{
    return gazetteer->ports[port].area;
}

guint
cn_island_ports(const CnGazetteer *gazetteer, gint16 island, guint *out_first)
{
    *out_first = 0;
    if (island < 0 || (guint)island >= gazetteer->islands->len)
        return 0;
    *out_first = gazetteer->island_ports[island];
    return gazetteer->island_ports[island + 1] - *out_first;
}

double
cn_port_min(const CnGazetteer *gazetteer,
            const CnTravelSpeeds *speeds,
            guint port,
            double lat_deg,
            double lon_deg)
{
    const CnArea *area = cn_area(gazetteer, gazetteer->ports[port].area);
    double m = cn_distance_m(area->lat_deg, area->lon_deg, lat_deg, lon_deg);
    return cn_land_min(speeds, m / 1000.0);
}

/* The best way over a port of the destination's island; INFINITY where there is none. */
static double
crossing_min(const CnOrigin *origin,
             double lat_deg,
             double lon_deg,
             gint16 island,
             const double *legs,
             gboolean *out_sea)
{
    const CnGazetteer *gazetteer = origin->gazetteer;
    double best = INFINITY;
    gboolean best_sea = TRUE;
    const guint first = gazetteer->island_ports[island];
    for (guint i = first; i < gazetteer->island_ports[island + 1]; i++) {
        /* Also where it is beyond the best before the last leg. */
        if (isinf(origin->port_min[i]) || origin->port_min[i] > best)
            continue;
        const double leg = legs != NULL
                               ? legs[i - first]
                               : cn_port_min(gazetteer, &origin->speeds, i, lat_deg, lon_deg);
        double minutes = origin->port_min[i] + leg;
        if (is_better(minutes, origin->port_sea[i], best, best_sea)) {
            best = minutes;
            best_sea = origin->port_sea[i];
        }
    }
    *out_sea = best_sea;
    return best;
}

static gint32
whole_minutes(double minutes)
{
    return isinf(minutes) ? -1 : (gint32)MIN(ceil(minutes), (double)TRAVEL_MIN_MOST);
}

CnTravel
cn_origin_travel(const CnOrigin *origin, double lat_deg, double lon_deg, gint16 island)
{
    return cn_origin_travel_by(origin, lat_deg, lon_deg, island, NULL);
}

CnTravel
cn_origin_travel_by(const CnOrigin *origin,
                    double lat_deg,
                    double lon_deg,
                    gint16 island,
                    const double *legs)
{
    double distance_m = cn_distance_m(origin->lat_deg, origin->lon_deg, lat_deg, lon_deg);
    if (isnan(distance_m))
        return (CnTravel){.distance_m = -1, .travel_min = -1};
    CnTravel travel = {.distance_m = (gint64)rint(distance_m)};
    if (origin->lat_deg == lat_deg && origin->lon_deg == lon_deg)
        return travel;
    if (origin->island < 0 || island < 0 || (guint)island >= origin->gazetteer->islands->len)
        travel.travel_min = -1;
    else if (origin->island == island)
        travel.travel_min = whole_minutes(cn_land_min(&origin->speeds, distance_m / 1000.0));
    else
        travel.travel_min = whole_minutes(
            crossing_min(origin, lat_deg, lon_deg, island, legs, &travel.crosses_sea));
    return travel;
}

char *
cn_travel_band(gint32 travel_min, const gint32 *bounds, guint bounds_len)
{
    if (travel_min < 0)
        return g_strdup("unknown");
    gint32 from = 0;
    for (guint i = 0; i < bounds_len; i++) {
        if (travel_min < bounds[i])
            return g_strdup_printf("%d-%dmin", from, bounds[i]);
        from = bounds[i];
    }
    return g_strdup_printf("%dmin+", from);
}
