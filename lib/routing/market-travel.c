/* Minutes from one town to all columns of a component, equal to cn_origin_travel() for every pair.
 *
 * On one island the loops of market-trips.c say all that they are sure of, and the model itself is
 * asked for the rest, so the answer is the model's on any processor. Between islands the legs from
 * each port are kept with the columns. */
#include "routing/market-travel.h"

#include "base/geo.h"

#include <math.h>
#include <string.h>

#define LEGS_PER_MIN 1024.0

/* ---- Laying out. */

static const CnListedProvider *
provider_of(const CnMarket *market, const CnComponent *component, guint column)
{
    return cn_listed_provider_of(market->directory->listing, component->offering[column]);
}

static gint16
island_of(const CnListedProvider *provider)
{
    if (provider->remote)
        return CN_RUN_REMOTE;
    return isnan(provider->lat_deg) || isnan(provider->lon_deg) ? -1 : provider->island;
}

/* Equal points have the same; others hardly ever. */
static guint32
number_of_point(double lat_deg, double lon_deg)
{
    guint64 lat, lon;
    lat_deg += 0.0; /* as -0.0 is */
    lon_deg += 0.0;
    memcpy(&lat, &lat_deg, sizeof lat);
    memcpy(&lon, &lon_deg, sizeof lon);
    lat = (lat ^ lon >> 32 ^ lon << 32) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    return (guint32)(lat >> 32);
}

static CnTripHome
point_of(double lat_deg, double lon_deg, const CnTravelSpeeds *speeds)
{
    const double lat = lat_deg * (G_PI / 180.0), lon = lon_deg * (G_PI / 180.0);
    return (CnTripHome){.x = cos(lat) * cos(lon),
                        .y = cos(lat) * sin(lon),
                        .z = sin(lat),
                        .minutes_per_radian = 2.0 * CN_EARTH_RADIUS_KM * speeds->detour_percent *
                                              60.0 / (100.0 * speeds->land_km_per_h),
                        .doubt = CN_TRIP_DOUBT_MIN};
}

/* The same, where 1/1024 minutes are counted. */
static CnTripHome
in_legs(CnTripHome point)
{
    point.minutes_per_radian *= LEGS_PER_MIN;
    point.doubt *= LEGS_PER_MIN;
    return point;
}

static void
place_column(const CnMarket *market,
             CnComponent *component,
             guint column,
             const CnListedProvider *provider)
{
    const CnTripHome point =
        point_of(provider->lat_deg, provider->lon_deg, &market->policy->speeds);
    component->lat_deg[column] = provider->lat_deg;
    component->lon_deg[column] = provider->lon_deg;
    component->x[column] = point.x;
    component->y[column] = point.y;
    component->z[column] = point.z;
    component->point[column] = number_of_point(provider->lat_deg, provider->lon_deg);
}

/* A leg of the model. */
static gint32
leg_of(const CnMarket *market, guint port, double lat_deg, double lon_deg)
{
    const double minutes = cn_port_min(market->policy->reference->gazetteer,
                                       &market->policy->speeds, port, lat_deg, lon_deg);
    return (gint32)MIN(minutes * LEGS_PER_MIN, (double)(G_MAXINT32 / 2));
}

/* From each port of the island to each column. */
static void
lay_legs(const CnMarket *market, CnComponent *component, CnRun *run)
{
    const CnGazetteer *gazetteer = market->policy->reference->gazetteer;
    const guint first = run->first, len = run->end - run->first;
    run->ports_len = cn_island_ports(gazetteer, run->island, &run->ports);
    run->legs = g_new(gint32, (gsize)run->ports_len * len + 1);
    for (guint port = 0; port < run->ports_len; port++) {
        const CnArea *area = cn_area(gazetteer, cn_port_area(gazetteer, run->ports + port));
        const CnTripHome home =
            in_legs(point_of(area->lat_deg, area->lon_deg, &market->policy->speeds));
        gint32 *legs = run->legs + (gsize)port * len;
        cn_trip_table(CN_CPU_AUTO)
            ->land(&home, component->x + first, component->y + first, component->z + first, len,
                   legs);
        for (guint i = 0; i < len; i++) {
            if (legs[i] < 0)
                legs[i] = leg_of(market, run->ports + port, component->lat_deg[first + i],
                                 component->lon_deg[first + i]);
            run->legs_most = MAX(run->legs_most, legs[i]);
        }
    }
}

static void
lay_runs(const CnMarket *market, CnComponent *component)
{
    GArray *runs = g_array_new(FALSE, TRUE, sizeof(CnRun));
    for (guint i = 0; i < component->len; i++) {
        gint16 island = island_of(provider_of(market, component, i));
        CnRun *last = runs->len > 0 ? &g_array_index(runs, CnRun, runs->len - 1) : NULL;
        if (last == NULL || last->island != island) {
            CnRun run = {.first = i, .end = i + 1, .island = island};
            g_array_append_val(runs, run);
        } else {
            last->end = i + 1;
        }
    }
    for (guint i = 0; i < runs->len; i++)
        if (g_array_index(runs, CnRun, i).island >= 0)
            lay_legs(market, component, &g_array_index(runs, CnRun, i));
    component->runs_len = runs->len;
    component->runs = (CnRun *)(gpointer)g_array_free(runs, FALSE);
}

void
cn_component_lay_travel(const CnMarket *market, CnComponent *component)
{
    gsize len = (gsize)component->words * CN_WORD;
    GArray *serves = g_array_new(FALSE, FALSE, sizeof(guint));
    component->x = g_new0(double, len);
    component->y = g_new0(double, len);
    component->z = g_new0(double, len);
    component->point = g_new0(guint32, len);
    component->lat_deg = g_new0(double, len);
    component->lon_deg = g_new0(double, len);
    for (guint i = 0; i < component->len; i++) {
        const CnListedProvider *provider = provider_of(market, component, i);
        place_column(market, component, i, provider);
        if (provider->serves.len > 0)
            g_array_append_val(serves, i);
    }
    component->serves_len = serves->len;
    component->serves_columns = (guint *)(gpointer)g_array_free(serves, FALSE);
    lay_runs(market, component);
}

/* ---- From one town. */

static void
lay_home_legs(CnMarketHome *home, const double *ways, guint ports_len)
{
    home->legs = g_new(gint32, (gsize)ports_len + 1);
    for (guint i = 0; i < ports_len; i++) {
        const gboolean known = !isinf(ways[i]);
        const double leg = MIN(ways[i] * LEGS_PER_MIN, (double)CN_TRIP_LEG_MOST + 1);
        home->legs[i] = known ? (gint32)leg : CN_TRIP_FAR;
        home->legs_most = known ? MAX(home->legs_most, home->legs[i]) : home->legs_most;
    }
}

/* The ports by their number, as the land loop wants them. */
typedef struct {
    double x[CN_PORTS_MOST], y[CN_PORTS_MOST], z[CN_PORTS_MOST];
} Ports;

static void
place_ports(Ports *ports, const CnGazetteer *gazetteer, const CnTravelSpeeds *speeds)
{
    for (guint i = 0; i < cn_gazetteer_ports_len(gazetteer); i++) {
        const CnArea *area = cn_area(gazetteer, cn_port_area(gazetteer, i));
        const CnTripHome point = point_of(area->lat_deg, area->lon_deg, speeds);
        ports->x[i] = point.x;
        ports->y[i] = point.y;
        ports->z[i] = point.z;
    }
}

static CnMarketHome
home_of(const CnMarket *market, const CnCrossings *crossings, const Ports *ports, CnAreaId town)
{
    const CnGazetteer *gazetteer = market->policy->reference->gazetteer;
    const CnArea *area = cn_area(gazetteer, town);
    const CnTripHome point = point_of(area->lat_deg, area->lon_deg, &market->policy->speeds);
    const CnTripHome in_legs_from = in_legs(point);
    double land[CN_PORTS_MOST], ways[CN_PORTS_MOST];
    gint32 legs[CN_PORTS_MOST];
    guint first, len = cn_island_ports(gazetteer, area->island, &first);
    cn_trip_table(CN_CPU_AUTO)
        ->land(&in_legs_from, ports->x + first, ports->y + first, ports->z + first, len, legs);
    for (guint i = 0; i < len; i++)
        land[i] = legs[i] >= 0 ? legs[i] / LEGS_PER_MIN
                               : cn_port_min(gazetteer, &market->policy->speeds, first + i,
                                             area->lat_deg, area->lon_deg);
    cn_crossings_from(crossings, area->island, land, ways);
    CnMarketHome home = {.point = point, .number = number_of_point(area->lat_deg, area->lon_deg)};
    lay_home_legs(&home, ways, market->ports_len);
    return home;
}

void
cn_market_lay_homes(CnMarket *market)
{
    const CnGazetteer *gazetteer = market->policy->reference->gazetteer;
    g_autoptr(CnCrossings) crossings = cn_crossings_new(gazetteer, &market->policy->speeds);
    Ports ports;
    place_ports(&ports, gazetteer, &market->policy->speeds);
    market->homes = g_new0(CnMarketHome, cn_gazetteer_len(gazetteer));
    market->ports_len = cn_gazetteer_ports_len(gazetteer);
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        const CnAreaId town = market->rows[need].town;
        if (town != CN_AREA_NONE && market->homes[town].legs == NULL)
            market->homes[town] = home_of(market, crossings, &ports, town);
    }
}

/* ---- One row. */

typedef struct {
    const CnMarket *market;
    const CnTripTable *table;
    CnAreaId town;
    const CnArea *area;
    const CnMarketHome *home;
    gboolean asked; /* whether @origin is filled */
    CnOrigin origin;
} Trips;

static gint32
ask_model(Trips *trips, const CnComponent *component, guint column, gint16 island)
{
    if (!trips->asked)
        cn_origin_init(&trips->origin, trips->market->policy->reference->gazetteer,
                       &trips->market->policy->speeds, trips->town);
    trips->asked = TRUE;
    CnTravel travel = cn_origin_travel(&trips->origin, component->lat_deg[column],
                                       component->lon_deg[column], island);
    return travel.travel_min < 0 ? CN_MIN_NO_LINK : travel.travel_min;
}

static gboolean
is_at_home(const Trips *trips, double lat_deg, double lon_deg)
{
    return lat_deg == trips->area->lat_deg && lon_deg == trips->area->lon_deg;
}

/* The model's answer on one island, for which no port need be known. */
static gint32
land_minutes(const Trips *trips, double lat_deg, double lon_deg)
{
    const CnArea *home = trips->area;
    if (is_at_home(trips, lat_deg, lon_deg))
        return 0;
    double m = cn_distance_m(home->lat_deg, home->lon_deg, lat_deg, lon_deg);
    double minutes = ceil(cn_land_min(&trips->market->policy->speeds, m / 1000.0));
    return (gint32)MIN(minutes, (double)(G_MAXINT32 / 2));
}

static void
fill_land(const Trips *trips, const CnComponent *component, const CnRun *run, gint32 *minutes)
{
    guint first = run->first;
    trips->table->land(&trips->home->point, component->x + first, component->y + first,
                       component->z + first, run->end - first, minutes + first);
    for (guint i = first; i < run->end; i++)
        if (minutes[i] < 0)
            minutes[i] = land_minutes(trips, component->lat_deg[i], component->lon_deg[i]);
}

/* Whether every way is short enough for whole numbers of 1/1024 minutes. */
static gboolean
fits_legs(const Trips *trips, const CnRun *run)
{
    return trips->home->legs_most <= CN_TRIP_LEG_MOST && run->legs_most <= CN_TRIP_LEG_MOST;
}

static void
fill_crossing(const Trips *trips, const CnComponent *component, const CnRun *run, gint32 *minutes)
{
    const guint first = run->first, end = run->end;
    const CnTripPorts ports = {.len = run->ports_len,
                               .to = trips->home->legs + run->ports,
                               .from = run->legs,
                               .no_link = CN_MIN_NO_LINK,
                               .home = trips->home->number};
    if (!trips->table->cross(&ports, component->point + first, end - first, minutes + first))
        return;
    for (guint i = first; i < end; i++)
        if (is_at_home(trips, component->lat_deg[i], component->lon_deg[i]))
            minutes[i] = 0;
}

static void
fill_run(Trips *trips, const CnComponent *component, const CnRun *run, gint32 *minutes)
{
    gboolean known = run->island >= 0 && trips->area->island >= 0 && !isnan(trips->area->lat_deg);
    if (run->island == CN_RUN_REMOTE)
        memset(minutes + run->first, 0, (run->end - run->first) * sizeof *minutes);
    else if (known && run->island == trips->area->island)
        fill_land(trips, component, run, minutes);
    else if (known && fits_legs(trips, run))
        fill_crossing(trips, component, run, minutes);
    else
        for (guint i = run->first; i < run->end; i++)
            minutes[i] = ask_model(trips, component, i, run->island);
}

static void
mark_not_served(const CnMarket *market,
                const CnComponent *component,
                CnAreaId town,
                gint32 *minutes)
{
    const CnListing *listing = market->directory->listing;
    for (guint i = 0; i < component->serves_len; i++) {
        guint column = component->serves_columns[i];
        if (!cn_listed_serves(listing, provider_of(market, component, column), town))
            minutes[column] = CN_MIN_NEVER;
    }
}

/* ---- Plug-ins. */

static void
fill_plugged(const CnMarket *market,
             const CnComponent *component,
             const CnPlugRow *row,
             gint32 *minutes)
{
    for (guint i = 0; i < component->len; i++) {
        const gint32 own = provider_of(market, component, i)->remote
                               ? 0
                               : cn_plug_minutes(row, component->offering[i], CN_PLUG_NO_WAY);
        minutes[i] = own == CN_PLUG_NO_WAY ? CN_MIN_NO_LINK : own;
    }
}

static void
mark_removed(const CnComponent *component, const CnPlugRow *row, gint32 *minutes)
{
    for (guint i = 0; i < component->len; i++)
        if (cn_plug_removed_by(row, component->offering[i]) != NULL)
            minutes[i] = CN_MIN_NEVER;
}

/* By the model. */
static void
fill_trips(const CnMarket *market,
           const CnComponent *component,
           CnAreaId town,
           CnCpuPath cpu,
           gint32 *minutes)
{
    Trips trips;
    trips.market = market;
    trips.table = cn_trip_table(cpu);
    trips.town = town;
    trips.area = cn_area(market->policy->reference->gazetteer, town);
    trips.home = &market->homes[town];
    trips.asked = FALSE;
    for (guint i = 0; i < component->runs_len; i++)
        fill_run(&trips, component, &component->runs[i], minutes);
}

void
cn_component_minutes(const CnMarket *market,
                     const CnComponent *component,
                     CnAreaId town,
                     CnCpuPath cpu,
                     gint32 *minutes)
{
    gsize len = (gsize)component->words * CN_WORD;
    for (gsize i = component->len; i < len; i++)
        minutes[i] = CN_MIN_NEVER;
    const CnPlugged *plugged = market->options.plugged;
    const CnPlugRow *row = cn_plugged_from(plugged, town);
    if (town == CN_AREA_NONE)
        memset(minutes, 0, component->len * sizeof *minutes);
    else if (cn_plugged_travels(plugged))
        fill_plugged(market, component, row, minutes);
    else
        fill_trips(market, component, town, cpu, minutes);
    if (town != CN_AREA_NONE)
        mark_not_served(market, component, town, minutes);
    if (cn_plugged_filters(plugged))
        mark_removed(component, row, minutes);
}

/* ---- How long at most. */

static double
widest_km(const CnComponent *component,
          const CnGazetteer *gazetteer,
          const CnAreaId *towns,
          guint len)
{
    double south = 90, north = -90, west = 180, east = -180;
    for (guint i = 0; i < component->len; i++) {
        if (isnan(component->lat_deg[i]) || isnan(component->lon_deg[i]))
            continue;
        south = MIN(south, component->lat_deg[i]), north = MAX(north, component->lat_deg[i]);
        west = MIN(west, component->lon_deg[i]), east = MAX(east, component->lon_deg[i]);
    }
    for (guint i = 0; i < len; i++) {
        const CnArea *area = towns[i] != CN_AREA_NONE ? cn_area(gazetteer, towns[i]) : NULL;
        if (area == NULL || isnan(area->lat_deg))
            continue;
        south = MIN(south, area->lat_deg), north = MAX(north, area->lat_deg);
        west = MIN(west, area->lon_deg), east = MAX(east, area->lon_deg);
    }
    /* Along a meridian, then along a parallel, is no shorter than the great circle. */
    double degrees = MAX(0, north - south) + MAX(0, east - west);
    return MIN(degrees, 180.0) * (G_PI / 180.0) * CN_EARTH_RADIUS_KM;
}

void
cn_component_bound_travel(const CnMarket *market,
                          CnComponent *component,
                          const CnAreaId *towns,
                          guint towns_len)
{
    const CnGazetteer *gazetteer = market->policy->reference->gazetteer;
    if (cn_plugged_travels(market->options.plugged)) {
        component->minutes_most = cn_plugged_minutes_most(market->options.plugged) + 2;
        return;
    }
    double most =
        cn_land_min(&market->policy->speeds, widest_km(component, gazetteer, towns, towns_len));
    gint32 ports = 0, legs = 0;
    for (guint i = 0; i < component->runs_len; i++)
        legs = MAX(legs, component->runs[i].legs_most);
    for (guint i = 0; i < towns_len; i++) {
        if (towns[i] != CN_AREA_NONE)
            ports = MAX(ports, market->homes[towns[i]].legs_most);
    }
    gboolean fits = ports <= CN_TRIP_LEG_MOST && legs <= CN_TRIP_LEG_MOST;
    most = fits ? MAX(most, (ports + legs) / LEGS_PER_MIN) : G_MAXINT32;
    component->minutes_most = (gint32)MIN(most + 2, (double)(G_MAXINT32 / 2));
}

void
cn_component_clear_travel(CnComponent *component)
{
    for (guint i = 0; i < component->runs_len; i++)
        g_free(component->runs[i].legs);
    g_free(component->runs);
    g_free(component->serves_columns);
    g_free(component->x);
    g_free(component->y);
    g_free(component->z);
    g_free(component->point);
    g_free(component->lat_deg);
    g_free(component->lon_deg);
}
