/* The map of coverage: regions as areas, shaded by how much of the package they cover. No point is ever
 * drawn, so that none can be a shelter. */
#include "report/picture.h"

#include "format/outline.h"

#include <math.h>
#include <string.h>

#define MAP_HEIGHT 560.0
#define MAP_TOP    12.0
#define LABEL_X    430.0
#define LABEL_STEP 46.0
#define WEST_DEG   116.0 /* what lies beyond is open sea and reefs */
#define SHADES     5

/* Degrees to units of the picture; an equirectangular map is good enough for one country. */
typedef struct {
    double south, north, west, east;
    double scale; /* units a degree of latitude */
    double shrink;
} Projection;

static double
x_of(const Projection *map, double lon_deg)
{
    return 10 + (lon_deg - map->west) * map->shrink * map->scale;
}

static double
y_of(const Projection *map, double lat_deg)
{
    return MAP_TOP + (map->north - lat_deg) * map->scale;
}

static void
widen(const char *code, const double *corners, guint corners_len, gpointer data)
{
    Projection *map = data;
    (void)code;
    for (guint i = 0; i < corners_len; i++) {
        const double lat_deg = corners[2 * (gsize)i],
                     lon_deg = MAX(corners[2 * (gsize)i + 1], WEST_DEG);
        map->south = MIN(map->south, lat_deg);
        map->north = MAX(map->north, lat_deg);
        map->west = MIN(map->west, lon_deg);
        map->east = MAX(map->east, lon_deg);
    }
}

static Projection
project(const CnOutlines *outlines)
{
    Projection map = {.south = 90, .north = -90, .west = 180, .east = -180};
    cn_outlines_visit(outlines, widen, &map);
    map.scale = MAP_HEIGHT / MAX(map.north - map.south, 0.1);
    map.shrink = cos((map.south + map.north) / 2 * G_PI / 180);
    return map;
}

/* ---- How much each region covers. */

typedef struct {
    const char *name;
    CnAreaId area;
    guint services, covered;
    double y; /* of its label */
} Region;

static GArray *
count_regions(const carenet_table *coverage, const CnListing *listing)
{
    const CnGazetteer *gazetteer = listing->reference->gazetteer;
    GArray *regions = g_array_new(FALSE, FALSE, sizeof(Region));
    for (gsize row = 0; row < carenet_table_rows_len(coverage); row++) {
        const char *name = cn_page_text(coverage, row, "area");
        Region *region =
            regions->len > 0 ? &g_array_index(regions, Region, regions->len - 1) : NULL;
        if (region == NULL || strcmp(region->name, name) != 0) {
            Region made = {.name = name, .area = CN_AREA_NONE};
            if (!cn_area_resolve(gazetteer, name, &made.area, NULL))
                made.area = CN_AREA_NONE;
            g_array_append_val(regions, made);
            region = &g_array_index(regions, Region, regions->len - 1);
        }
        region->services++;
        region->covered += strcmp(cn_page_text(coverage, row, "state"), "covered") == 0;
    }
    return regions;
}

/* 0 where nothing is covered, SHADES - 1 where everything is. */
static guint
shade_of(const Region *region)
{
    return region->covered * (SHADES - 1) / MAX(region->services, 1);
}

static const char *
shade_class(guint shade)
{
    static const char *const names[SHADES] = {"m0", "m1", "m2", "m3", "m4"};
    return names[MIN(shade, SHADES - 1)];
}

/* ---- Drawing. */

typedef struct {
    CnHtml *html;
    const CnGazetteer *gazetteer;
    const GArray *regions;
    Projection map;
    GString *land;     /* path of the regions that are not in the report */
    GPtrArray *shaded; /* (element-type GString) path of each that is */
} Drawing;

/* Corners that would lie on one another are left out: coasts have more than a page can show. */
static void
append_ring(GString *path, const Projection *map, const double *corners, guint corners_len)
{
    double before_x = -1e9, before_y = -1e9;
    for (guint i = 0; i < corners_len; i++) {
        const double x = x_of(map, corners[2 * (gsize)i + 1]), y = y_of(map, corners[2 * (gsize)i]);
        if (i > 0 && i + 1 < corners_len && hypot(x - before_x, y - before_y) < 0.8)
            continue;
        g_string_append_c(path, i == 0 ? 'M' : 'L');
        cn_svg_append(path, x);
        g_string_append_c(path, ' ');
        cn_svg_append(path, y);
        before_x = x, before_y = y;
    }
    g_string_append_c(path, 'Z');
}

static void
collect_ring(const char *code, const double *corners, guint corners_len, gpointer data)
{
    Drawing *drawing = data;
    const CnAreaId area = cn_area_by_code(drawing->gazetteer, code);
    GString *path = drawing->land;
    if (corners[1] < WEST_DEG)
        return;
    for (guint i = 0; area != CN_AREA_NONE && i < drawing->regions->len; i++) {
        const CnAreaId of = g_array_index(drawing->regions, Region, i).area;
        if (of != CN_AREA_NONE && cn_area_contains(drawing->gazetteer, of, area))
            path = g_ptr_array_index(drawing->shaded, i);
    }
    append_ring(path, &drawing->map, corners, corners_len);
}

static void
free_path(gpointer path)
{
    g_string_free(path, TRUE);
}

static void
draw_outlines(Drawing *drawing, const CnOutlines *outlines)
{
    g_autoptr(GPtrArray) shaded = g_ptr_array_new_with_free_func(free_path);
    drawing->land = g_string_new(NULL);
    drawing->shaded = shaded;
    for (guint i = 0; i < drawing->regions->len; i++)
        g_ptr_array_add(shaded, g_string_new(NULL));
    cn_outlines_visit(outlines, collect_ring, drawing);
    cn_svg_path(drawing->html, "land", drawing->land->str);
    for (guint i = 0; i < drawing->regions->len; i++) {
        const GString *path = g_ptr_array_index(shaded, i);
        if (path->len > 0)
            cn_svg_path(drawing->html,
                        shade_class(shade_of(&g_array_index(drawing->regions, Region, i))),
                        path->str);
    }
    g_string_free(drawing->land, TRUE);
}

static gint
compare_by_label(gconstpointer a, gconstpointer b)
{
    const Region *const x = *(Region *const *)a, *const y = *(Region *const *)b;
    return (x->y > y->y) - (x->y < y->y);
}

/* From north to south, each at least a step below the one before, so that no label covers another. */
static GPtrArray *
place_labels(const Drawing *drawing)
{
    GPtrArray *order = g_ptr_array_new();
    for (guint i = 0; i < drawing->regions->len; i++) {
        Region *region = &g_array_index(drawing->regions, Region, i);
        if (region->area == CN_AREA_NONE)
            continue;
        region->y = y_of(&drawing->map, cn_area(drawing->gazetteer, region->area)->lat_deg);
        g_ptr_array_add(order, region);
    }
    g_ptr_array_sort(order, compare_by_label);
    for (guint i = 0; i < order->len; i++) {
        Region *region = g_ptr_array_index(order, i);
        const double least = i > 0 ? ((Region *)g_ptr_array_index(order, i - 1))->y + LABEL_STEP
                                   : MAP_TOP + 160; /* below the legend */
        region->y = MAX(region->y, least);
    }
    /* What was pushed off the page goes up again. */
    double most = MAP_TOP + MAP_HEIGHT - 30;
    for (guint i = order->len; i > 0; i--) {
        Region *region = g_ptr_array_index(order, i - 1);
        region->y = MIN(region->y, most);
        most = region->y - LABEL_STEP;
    }
    return order;
}

static void
draw_labels(const Drawing *drawing)
{
    g_autoptr(GPtrArray) order = place_labels(drawing);
    for (guint i = 0; i < order->len; i++) {
        const Region *region = g_ptr_array_index(order, i);
        const CnArea *area = cn_area(drawing->gazetteer, region->area);
        g_autofree char *count =
            g_strdup_printf("%u of %u services covered", region->covered, region->services);
        cn_svg_line(drawing->html, "lead-line", x_of(&drawing->map, area->lon_deg),
                    y_of(&drawing->map, area->lat_deg), LABEL_X - 8, region->y - 4);
        cn_svg_text(drawing->html, "big", "start", LABEL_X, region->y, region->name);
        cn_svg_text(drawing->html, "mut", "start", LABEL_X, region->y + 17, count);
    }
}

static void
draw_legend(CnHtml *html)
{
    static const char *const texts[SHADES] = {"less", "a quarter or more", "half or more",
                                              "three quarters or more", "all of it"};
    double y = MAP_TOP + 34;
    cn_svg_text(html, "mut", "start", LABEL_X, MAP_TOP + 10, "Share of the minimum package");
    for (guint i = SHADES; i > 0; i--) {
        (void)cn_picture_key(html, shade_class(i - 1), LABEL_X, y, texts[i - 1]);
        y += 20;
    }
}

static void
draw(CnHtml *html, const CnOutlines *outlines, const GArray *regions, const CnListing *listing)
{
    Drawing drawing = {.html = html,
                       .gazetteer = listing->reference->gazetteer,
                       .regions = regions,
                       .map = project(outlines)};
    cn_svg_open(html, "map", CN_PICTURE_WIDTH, MAP_TOP + MAP_HEIGHT + 14,
                "Map of the regions by how much of the minimum package they cover",
                "Outlines of regions, darker where more services are covered. The table below has "
                "the same figures.");
    draw_outlines(&drawing, outlines);
    draw_labels(&drawing);
    draw_legend(html);
    cn_svg_close(html);
}

void
cn_picture_map(CnHtml *html, const carenet_table *coverage, const CnListing *listing)
{
    g_autofree char *path =
        g_build_filename(listing->reference->data_dir, "outlines.geojson", NULL);
    g_autoptr(CnOutlines) outlines = cn_outlines_read(path, NULL);
    g_autoptr(GArray) regions = count_regions(coverage, listing);
    if (outlines == NULL)
        cn_page_note(html, "There are no outlines of regions to draw a map from.");
    else
        draw(html, outlines, regions, listing);
}
