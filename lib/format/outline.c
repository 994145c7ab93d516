/* Region outlines from GeoJSON, and points in them. */
#include "format/outline.h"

#include "base/error.h"
#include "base/geo.h"
#include "format/json-read.h"
#include "model/network-check.h"

#include <math.h>
#include <string.h>

/* Of one degree of latitude on the mean sphere of base/geo.h. */
#define M_PER_DEG (CN_EARTH_RADIUS_M * G_PI / 180.0)

typedef struct {
    double lat_deg, lon_deg;
} Corner;

typedef struct {
    char *code;
    GPtrArray *rings; /* (element-type GArray) of Corner, outer rings and holes alike */
} Outline;

struct CnOutlines {
    GPtrArray *outlines; /* (element-type Outline) */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static void
free_ring(gpointer data)
{
    g_array_unref(data);
}

static void
free_outline(gpointer data)
{
    Outline *outline = data;
    g_free(outline->code);
    g_ptr_array_unref(outline->rings);
    g_free(outline);
}

void
cn_outlines_free(CnOutlines *outlines)
{
    if (outlines == NULL)
        return;
    g_ptr_array_unref(outlines->outlines);
    g_free(outlines);
}

/* ---- Reading. */

/* A list of [longitude, latitude], closed; NULL for anything else. */
static GArray *
read_ring(const json_t *list)
{
    gsize len = json_array_size(list);
    g_autoptr(GArray) ring = g_array_sized_new(FALSE, FALSE, sizeof(Corner), (guint)len);
    for (gsize i = 0; i < len; i++) {
        const json_t *lon = json_array_get(json_array_get(list, i), 0);
        const json_t *lat = json_array_get(json_array_get(list, i), 1);
        if (!json_is_number(lon) || !json_is_number(lat))
            return NULL;
        Corner corner = {.lat_deg = json_number_value(lat), .lon_deg = json_number_value(lon)};
        g_array_append_val(ring, corner);
    }
    return ring->len >= 4 ? g_steal_pointer(&ring) : NULL;
}

static gboolean
read_polygon(Outline *outline, const json_t *rings)
{
    for (gsize i = 0; i < json_array_size(rings); i++) {
        GArray *ring = read_ring(json_array_get(rings, i));
        if (ring == NULL)
            return FALSE;
        g_ptr_array_add(outline->rings, ring);
    }
    return TRUE;
}

static gboolean
read_geometry(Outline *outline, const json_t *geometry)
{
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    if (g_strcmp0(type, "Polygon") == 0)
        return read_polygon(outline, coordinates);
    if (g_strcmp0(type, "MultiPolygon") != 0)
        return FALSE;
    for (gsize i = 0; i < json_array_size(coordinates); i++)
        if (!read_polygon(outline, json_array_get(coordinates, i)))
            return FALSE;
    return TRUE;
}

static gboolean
read_feature(CnOutlines *outlines, const json_t *feature)
{
    const json_t *properties = json_object_get(feature, "properties");
    const char *code = json_string_value(json_object_get(properties, "code"));
    if (code == NULL)
        return FALSE;
    Outline *outline = g_new0(Outline, 1);
    outline->code = g_strdup(code);
    outline->rings = g_ptr_array_new_with_free_func(free_ring);
    g_ptr_array_add(outlines->outlines, outline);
    return read_geometry(outline, json_object_get(feature, "geometry"));
}

CnOutlines *
cn_outlines_read(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = NULL;
    gsize len = 0;
    json_error_t problem;
    if (!g_file_get_contents(path, &text, &len, &cause)) {
        cn_error_from_file(error, cause, path);
        return NULL;
    }
    gboolean starved = FALSE;
    g_autoptr(json_t) root = cn_json_read(text, len, 0, &problem, &starved);
    if (starved) {
        cn_error_set_at(error, CARENET_ERROR_TOO_LARGE, path, 0, 0,
                        "there is no memory for the outlines %s", path);
        return NULL;
    }
    if (root == NULL) {
        cn_error_set_at(error, CARENET_ERROR_PARSE, path, (guint)problem.line,
                        (guint)problem.column, "%s", problem.text);
        return NULL;
    }
    g_autoptr(CnOutlines) outlines = g_new0(CnOutlines, 1);
    outlines->outlines = g_ptr_array_new_with_free_func(free_outline);
    const json_t *features = json_object_get(root, "features");
    for (gsize i = 0; i < json_array_size(features); i++) {
        if (read_feature(outlines, json_array_get(features, i)))
            continue;
        cn_error_set_at(error, CARENET_ERROR_PARSE, path, 0, 0,
                        "outline %" G_GSIZE_FORMAT " is no polygon with a code", i + 1);
        return NULL;
    }
    return g_steal_pointer(&outlines);
}

/* ---- Points. */

/* The plane around the point, in metres: x east, y north. */
typedef struct {
    double x, y;
} Offset;

static Offset
offset_from(double lat_deg, double lon_deg, Corner corner)
{
    double shrink = cos(lat_deg * G_PI / 180.0);
    return (Offset){.x = (corner.lon_deg - lon_deg) * shrink * M_PER_DEG,
                    .y = (corner.lat_deg - lat_deg) * M_PER_DEG};
}

/* From the origin to the nearest point between @a and @b. */
static double
distance_to_edge(Offset a, Offset b)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    double length2 = dx * dx + dy * dy;
    double along = length2 > 0 ? -(a.x * dx + a.y * dy) / length2 : 0;
    along = CLAMP(along, 0.0, 1.0);
    return hypot(a.x + along * dx, a.y + along * dy);
}

/* Whether the ray from the origin to the east crosses the edge. */
static gboolean
is_crossed(Offset a, Offset b)
{
    if ((a.y > 0) == (b.y > 0))
        return FALSE;
    return a.x - a.y * (b.x - a.x) / (b.y - a.y) > 0;
}

static const Outline *
find_outline(const CnOutlines *outlines, const char *code)
{
    for (guint i = 0; i < outlines->outlines->len; i++) {
        const Outline *outline = g_ptr_array_index(outlines->outlines, i);
        if (strcmp(outline->code, code) == 0)
            return outline;
    }
    return NULL;
}

double
cn_outlines_distance_m(const CnOutlines *outlines, const char *code, double lat_deg, double lon_deg)
{
    const Outline *outline = find_outline(outlines, code);
    gboolean inside = FALSE;
    double nearest = INFINITY;
    if (outline == NULL)
        return -1;
    for (guint i = 0; i < outline->rings->len; i++) {
        const GArray *ring = g_ptr_array_index(outline->rings, i);
        for (guint k = 1; k < ring->len; k++) {
            Offset a = offset_from(lat_deg, lon_deg, g_array_index(ring, Corner, k - 1));
            Offset b = offset_from(lat_deg, lon_deg, g_array_index(ring, Corner, k));
            inside ^= is_crossed(a, b);
            nearest = MIN(nearest, distance_to_edge(a, b));
        }
    }
    return inside ? 0 : nearest;
}

void
cn_outlines_visit(const CnOutlines *outlines, CnVisitRing visit, gpointer data)
{
    G_STATIC_ASSERT(sizeof(Corner) == 2 * sizeof(double));
    for (guint i = 0; i < outlines->outlines->len; i++) {
        const Outline *outline = g_ptr_array_index(outlines->outlines, i);
        for (guint k = 0; k < outline->rings->len; k++) {
            const GArray *ring = g_ptr_array_index(outline->rings, k);
            visit(outline->code, &((const Corner *)(void *)ring->data)->lat_deg, ring->len, data);
        }
    }
}

/* ---- The check. */

/* A point near its town lies in its region, whatever the coarse outline says. */
static gboolean
is_near_town(const CnSite *site, const CnGazetteer *gazetteer)
{
    const CnArea *town = cn_area(gazetteer, site->area);
    return town->level >= CN_LEVEL_CITY &&
           cn_distance_m(site->lat_deg, site->lon_deg, town->lat_deg, town->lon_deg) <=
               CN_OUTLINE_TOLERANCE_M;
}

/* The region that the point should lie in, or NULL where there is nothing to check. Restricted sites
 * are left alone: a message about one would tell where it is not. So is what is far outside, which
 * has been reported already. */
static const CnArea *
region_to_check(const CnProvider *provider, const CnGazetteer *gazetteer)
{
    const CnSite *site = &provider->site;
    if (provider->disclosure != CN_DISCLOSE_PUBLIC || !site->has_point ||
        site->area == CN_AREA_NONE || !cn_point_is_in_country(site->lat_deg, site->lon_deg) ||
        is_near_town(site, gazetteer))
        return NULL;
    CnAreaId region = cn_area_at_level(gazetteer, site->area, CN_LEVEL_REGION);
    return region != CN_AREA_NONE ? cn_area(gazetteer, region) : NULL;
}

static void
check_provider(const CnOutlines *outlines,
               const CnProvider *provider,
               const CnArea *region,
               CnIssueList *issues)
{
    if (cn_outlines_distance_m(outlines, region->code, provider->site.lat_deg,
                               provider->site.lon_deg) <= CN_OUTLINE_TOLERANCE_M)
        return;
    cn_issue_add(issues, CN_SEVERITY_WARNING, "point-far", provider->site_pos,
                 "check the point and the area's code", "the point of \"%s\" lies outside %s",
                 provider->id, region->name);
}

/* The outlines, or NULL and one information that points are not checked. */
static CnOutlines *
read_or_tell(const CnReference *reference, CnIssueList *issues)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(reference->data_dir, "outlines.geojson", NULL);
    CnOutlines *outlines = cn_outlines_read(path, &error);
    if (outlines == NULL)
        cn_issue_add(issues, CN_SEVERITY_INFO, "no-outlines", (CnPos){g_intern_string(path), 0, 0},
                     NULL, "points are not checked against the outlines of regions: %s",
                     error->message);
    return outlines;
}

void
cn_outlines_check(const CnNetwork *network, const CnReference *reference, CnIssueList *issues)
{
    g_autoptr(CnOutlines) outlines = NULL;
    for (guint i = 0; i < network->providers->len; i++) {
        const CnProvider *provider = g_ptr_array_index(network->providers, i);
        const CnArea *region = region_to_check(provider, reference->gazetteer);
        if (region == NULL)
            continue;
        if (outlines == NULL)
            outlines = read_or_tell(reference, issues);
        if (outlines == NULL)
            return;
        check_provider(outlines, provider, region, issues);
    }
}
