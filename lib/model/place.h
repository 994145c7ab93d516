/* Areas: the PSGC tree with names, points and islands, and travel between them.
 *
 * Areas are held in pre-order (parents first, siblings by code), so that an area handle is its
 * position and "at or below" is one comparison. The gazetteer is immutable once built. */
#pragma once

#include "base/issue.h"
#include "base/pack.h"

#include <glib.h>

typedef gint32 CnAreaId; /* position in the gazetteer; -1 none */
#define CN_AREA_NONE ((CnAreaId)-1)

typedef enum {
    CN_LEVEL_COUNTRY,
    CN_LEVEL_ISLAND_GROUP,
    CN_LEVEL_REGION,
    CN_LEVEL_PROVINCE,
    CN_LEVEL_CITY,
    CN_LEVEL_MUNICIPALITY,
} CnLevel;

typedef struct {
    const char *code;
    const char *name;
    CnLevel level;
    CnAreaId parent; /* -1 at the root */
    CnAreaId end;    /* areas at or below are [this, end) */
    CnAreaId
        geographic_province; /* the province that people look under, where PSGC says otherwise */
    double lat_deg, lon_deg;
    gint64 population;
    gint16 island;              /* index into the islands; -1 unknown */
    const char *const *aliases; /* NULL-terminated, never NULL */
} CnArea;

typedef struct CnGazetteer CnGazetteer;

/* Building: areas in any order, then links, then finish. Problems become issues; finish returns NULL
 * where an error stands. Strings are copied. */
typedef struct CnGazetteerBuilder CnGazetteerBuilder;
typedef struct {
    const char *code, *name, *parent_code, *aliases /* ";"-separated */, *geographic_province,
        *island;
    CnLevel level;
    double lat_deg, lon_deg;
    gint64 population;
    CnPos pos;
} CnAreaRow;
typedef enum {
    CN_LINK_BRIDGE,
    CN_LINK_FERRY
} CnLinkKind;
CnGazetteerBuilder *cn_gazetteer_builder_new(void);
void cn_gazetteer_builder_area(CnGazetteerBuilder *builder, const CnAreaRow *row);
void cn_gazetteer_builder_link(CnGazetteerBuilder *builder,
                               CnLinkKind kind,
                               const char *from_code,
                               const char *to_code,
                               double straight_km,
                               CnPos pos);
CnGazetteer *cn_gazetteer_builder_finish(CnGazetteerBuilder *consumed, CnIssueList *issues);
void cn_gazetteer_free(CnGazetteer *gazetteer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnGazetteer, cn_gazetteer_free)

/* For an image: the places as bytes, and read back in place; they stay the bytes' owner's. NULL
 * where they are damaged. */
void cn_gazetteer_pack(GByteArray *out, const CnGazetteer *gazetteer);
CnGazetteer *cn_gazetteer_unpack(CnUnpack *in);

gboolean cn_level_parse(const char *text, CnLevel *out_level);
const char *cn_level_name(CnLevel level); /* "island-group", ... */

guint cn_gazetteer_len(const CnGazetteer *gazetteer);
const CnArea *cn_area(const CnGazetteer *gazetteer, CnAreaId area);
CnAreaId cn_area_by_code(const CnGazetteer *gazetteer, const char *code); /* exact; -1 none */
const char *cn_island_name(const CnGazetteer *gazetteer, gint16 island);  /* NULL for -1 */

/* Whether @inner is @outer or below it, a highly urbanized city also below its geographic province. */
gboolean cn_area_contains(const CnGazetteer *gazetteer, CnAreaId outer, CnAreaId inner);
/* The area of @level at or above @area (a city under its region), or -1. */
CnAreaId cn_area_at_level(const CnGazetteer *gazetteer, CnAreaId area, CnLevel level);
/* The short name a person would say: PSGC's "City of X" is X ("Cagayan de Oro"), but "X City" where X
 * is also a province ("Cebu City"); a town whose name others bear as well has its province behind it
 * ("San Isidro, Bohol"). It resolves to the area again. Borrowed. */
const char *cn_area_short_name(const CnGazetteer *gazetteer, CnAreaId area);

/* Resolution of what a person typed, by the rules of carenet_reference_find_area(). FALSE sets
 * not-found or invalid-argument with a hint. */
gboolean cn_area_resolve(const CnGazetteer *gazetteer,
                         const char *name,
                         CnAreaId *out_area,
                         GError **error);

/* The same; where @hint is FALSE without looking for what was meant. */
gboolean cn_area_resolve_hint(const CnGazetteer *gazetteer,
                              const char *name,
                              gboolean hint,
                              CnAreaId *out_area,
                              GError **error);

/* ---- Travel. A lower bound by land on one island; crossings only over known bridges and ferries. */

/* The weights of the policy that travel needs. */
typedef struct {
    gint32 land_km_per_h;
    gint32 detour_percent;
    gint32 sea_km_per_h;
    gint32 boarding_min;
} CnTravelSpeeds;

/* One origin with the least minutes to every port; a value struct, cheap to make (Dijkstra over the
 * ports of data/sea-links.csv), then O(ports of the island) a destination. */
#define CN_PORTS_MOST 256
typedef struct {
    const CnGazetteer *gazetteer;
    CnTravelSpeeds speeds;
    CnAreaId area;
    double lat_deg, lon_deg;
    gint16 island;
    double cos_lat;                 /* a little less than the cosine, for bounds */
    double fastest_min_a_km;        /* over land or sea */
    double port_min[CN_PORTS_MOST]; /* INFINITY where unreachable */
    gboolean port_sea[CN_PORTS_MOST];
} CnOrigin;

typedef struct {
    gint64 distance_m; /* straight line, rounded; -1 from an unknown origin */
    gint32 travel_min; /* rounded up; -1 where no link is known */
    gboolean crosses_sea;
} CnTravel;

void cn_origin_init(CnOrigin *origin,
                    const CnGazetteer *gazetteer,
                    const CnTravelSpeeds *speeds,
                    CnAreaId area);
/* The ways between all ports, for callers who begin in very many towns: O(ports^3), and then
 * cn_origin_init_across() is cn_origin_init() to the bit without one. Borrows the gazetteer. */
typedef struct CnCrossings CnCrossings;
CnCrossings *cn_crossings_new(const CnGazetteer *gazetteer, const CnTravelSpeeds *speeds);
void cn_crossings_free(CnCrossings *crossings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnCrossings, cn_crossings_free)
void cn_origin_init_across(CnOrigin *origin, const CnCrossings *crossings, CnAreaId area);
/* Only the ways to every port from somewhere on an island, from which its ports are so many minutes away by
 * cn_port_min(): minutes and less than 1/1024 more; INFINITY out of reach. */
void cn_crossings_from(const CnCrossings *crossings,
                       gint16 island,
                       const double *port_min,
                       double *ways);
/* Whole minutes that no trip to the point can take less than; cheap. 0 from an unknown origin. */
gint32 cn_origin_least_min(const CnOrigin *origin, double lat_deg, double lon_deg, gint16 island);
CnTravel cn_origin_travel(const CnOrigin *origin, double lat_deg, double lon_deg, gint16 island);
/* The same for who keeps cn_port_min() to the point, from each port of its island in their order; nullable. */
CnTravel cn_origin_travel_by(const CnOrigin *origin,
                             double lat_deg,
                             double lon_deg,
                             gint16 island,
                             const double *legs);

/* The ways of cn_origin_travel() one by one, for callers that look at very many pairs. A trip on one
 * island takes ceil(cn_land_min()) minutes; one to another island ceil of the least port_min plus
 * cn_port_min() over the ports [first, first + len) of the island; equal points take none. */
double cn_land_min(const CnTravelSpeeds *speeds, double straight_km);
guint cn_gazetteer_ports_len(const CnGazetteer *gazetteer);
CnAreaId cn_port_area(const CnGazetteer *gazetteer, guint port);
guint cn_island_ports(const CnGazetteer *gazetteer, gint16 island, guint *out_first);
/* From a port to a point on its island, in whole 1/1024 of a minute. */
double cn_port_min(const CnGazetteer *gazetteer,
                   const CnTravelSpeeds *speeds,
                   guint port,
                   double lat_deg,
                   double lon_deg);

/* The band that holds @travel_min: "0-30min", "30-60min", ..., "480min+"; "unknown" for -1.
 * @bounds ascend. (transfer full) */
char *cn_travel_band(gint32 travel_min, const gint32 *bounds, guint bounds_len);
