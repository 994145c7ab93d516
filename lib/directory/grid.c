/* Making and asking the grid. */
#include "directory/grid.h"

#include "model/listing-image.h"

#include <math.h>

#define CELLS_PER_DEG 4

static gint
cell_of(double deg)
{
    return (gint)floor(deg * CELLS_PER_DEG);
}

static void
measure(CnGrid *grid)
{
    const CnListing *listing = grid->listing;
    gint north = G_MININT, east = G_MININT;
    grid->south = grid->west = G_MAXINT;
    for (guint i = 0; i < listing->providers_len; i++) {
        gint row = cell_of(listing->providers[i].lat_deg);
        gint column = cell_of(listing->providers[i].lon_deg);
        grid->south = MIN(grid->south, row);
        grid->west = MIN(grid->west, column);
        north = MAX(north, row);
        east = MAX(east, column);
    }
    if (listing->providers_len == 0)
        return;
    grid->rows = (guint)(north - grid->south + 1);
    grid->columns = (guint)(east - grid->west + 1);
}

static guint
cell_of_offering(const CnGrid *grid, guint offering)
{
    const CnListedProvider *provider =
        &grid->listing->providers[grid->listing->offerings[offering].provider];
    guint row = (guint)(cell_of(provider->lat_deg) - grid->south);
    return row * grid->columns + (guint)(cell_of(provider->lon_deg) - grid->west);
}

/* The offerings by service, then by id. (transfer full) */
static guint *
sort_by_service(const CnListing *listing)
{
    guint terms = cn_taxonomy_len(listing->reference->taxonomy);
    g_autofree guint *next = g_new0(guint, terms + 1);
    guint *sorted = g_new0(guint, listing->offerings_len);
    for (guint i = 0; i < listing->offerings_len; i++)
        next[listing->offerings[i].service + 1]++;
    for (guint term = 0; term < terms; term++)
        next[term + 1] += next[term];
    for (guint i = 0; i < listing->offerings_len; i++)
        sorted[next[listing->offerings[i].service]++] = i;
    return sorted;
}

void
cn_grid_init(CnGrid *grid, const CnListing *listing)
{
    *grid = (CnGrid){.listing = listing};
    measure(grid);
    gsize cells = (gsize)grid->rows * grid->columns;
    guint *first = g_new0(guint, cells + 1);
    guint *offerings = g_new(guint, listing->offerings_len);
    CnServiceId *services = g_new(CnServiceId, listing->offerings_len);
    for (guint i = 0; i < listing->offerings_len; i++)
        first[cell_of_offering(grid, i) + 1]++;
    for (gsize cell = 0; cell < cells; cell++)
        first[cell + 1] += first[cell];
    g_autofree guint *next = g_memdup2(first, sizeof(guint) * (cells + 1));
    g_autofree guint *sorted = sort_by_service(listing);
    for (guint i = 0; i < listing->offerings_len; i++) {
        guint at = next[cell_of_offering(grid, sorted[i])]++;
        offerings[at] = sorted[i];
        services[at] = listing->offerings[sorted[i]].service;
    }
    grid->first = first;
    grid->offerings = offerings;
    grid->services = services;
}

void
cn_grid_clear(CnGrid *grid)
{
    if (!grid->is_mapped) {
        g_free((gpointer)grid->offerings);
        g_free((gpointer)grid->services);
        g_free((gpointer)grid->first);
    }
    *grid = (CnGrid){0};
}

/* ---- In an image. */

void
cn_grid_sections(const CnGrid *grid, CnGridShape *shape, GArray *sections)
{
    *shape = (CnGridShape){grid->south, grid->west, grid->rows, grid->columns};
    const CnImageSection own[] = {
        {CN_SECTION_GRID, sizeof *shape, shape, 1},
        {CN_SECTION_GRID_FIRST, sizeof(guint), grid->first, (gsize)grid->rows * grid->columns + 1},
        {CN_SECTION_GRID_OFFERINGS, sizeof(guint), grid->offerings, grid->listing->offerings_len},
        {CN_SECTION_GRID_SERVICES, sizeof(CnServiceId), grid->services,
         grid->listing->offerings_len}};
    g_array_append_vals(sections, own, G_N_ELEMENTS(own));
}

#define CELLS_MOST (G_GUINT64_CONSTANT(360) * 180 * CELLS_PER_DEG * CELLS_PER_DEG)

static gboolean
map_shape(CnGrid *grid, const CnImage *image)
{
    gsize len = 0;
    const CnGridShape *shape = cn_image_section(image, CN_SECTION_GRID, sizeof *shape, &len);
    if (shape == NULL || len != 1 ||
        !cn_image_check(grid->listing->unchecked, shape, sizeof *shape))
        return FALSE;
    grid->south = shape->south;
    grid->west = shape->west;
    grid->rows = shape->rows;
    grid->columns = shape->columns;
    return (grid->rows == 0) == (grid->columns == 0) && grid->rows <= CELLS_MOST &&
           grid->columns <= CELLS_MOST && (guint64)grid->rows * grid->columns <= CELLS_MOST;
}

static gboolean
check_bounds(const CnGrid *grid, gsize cells)
{
    if (!cn_image_check(grid->listing->unchecked, grid->first, (cells + 1) * sizeof(guint)) ||
        grid->first[0] != 0 || grid->first[cells] != grid->listing->offerings_len)
        return FALSE;
    for (gsize cell = 0; cell < cells; cell++)
        if (grid->first[cell + 1] < grid->first[cell])
            return FALSE;
    return TRUE;
}

gboolean
cn_grid_map(CnGrid *grid, const CnImage *image, const CnListing *listing)
{
    gsize bounds = 0, offerings = 0, services = 0;
    *grid = (CnGrid){.listing = listing, .is_mapped = TRUE};
    grid->first = cn_image_section(image, CN_SECTION_GRID_FIRST, sizeof(guint), &bounds);
    grid->offerings = cn_image_section(image, CN_SECTION_GRID_OFFERINGS, sizeof(guint), &offerings);
    grid->services =
        cn_image_section(image, CN_SECTION_GRID_SERVICES, sizeof(CnServiceId), &services);
    if (grid->first == NULL || grid->offerings == NULL || grid->services == NULL ||
        !map_shape(grid, image))
        return FALSE;
    gsize cells = (gsize)grid->rows * grid->columns;
    return bounds == cells + 1 && offerings == listing->offerings_len && services == offerings &&
           check_bounds(grid, cells);
}

gboolean
cn_grid_check_all(const CnGrid *grid)
{
    for (gsize i = 0; i < grid->listing->offerings_len; i++)
        if (grid->offerings[i] >= grid->listing->offerings_len)
            return FALSE;
    return TRUE;
}

/* Whether positions [from, to) of the grid may be used. */
static gboolean
check_range(const CnGrid *grid, guint from, guint to)
{
    CnImage *image = grid->listing->unchecked;
    if (G_LIKELY(image == NULL))
        return TRUE;
    if (!cn_image_check(image, grid->offerings + from, (to - from) * sizeof(guint)))
        return FALSE;
    for (guint i = from; i < to; i++)
        if (grid->offerings[i] >= grid->listing->offerings_len) {
            cn_image_set_damaged(image);
            return FALSE;
        }
    return TRUE;
}

/* Whether the services of positions [from, to) may be read. What they say is compared only. */
static gboolean
check_services(const CnGrid *grid, guint from, guint to)
{
    CnImage *image = grid->listing->unchecked;
    return image == NULL ||
           cn_image_check(image, grid->services + from, (to - from) * sizeof(CnServiceId));
}

/* The cells of [from, to] degrees along one axis, cut to the grid. */
static void
span(double from_deg, double to_deg, gint origin, guint len, guint *out_first, guint *out_end)
{
    double first = floor(from_deg * CELLS_PER_DEG) - origin;
    double end = floor(to_deg * CELLS_PER_DEG) - origin + 1;
    *out_first = (guint)CLAMP(first, 0, len);
    *out_end = (guint)CLAMP(end, 0, len);
}

CnCells
cn_grid_cells(const CnGrid *grid, double lat_deg, double lon_deg, double radius_m)
{
    CnCells cells = {0, 0, 0, 0};
    double lat_span = radius_m / CN_GRID_M_PER_DEG;
    /* Meridians are closest at the end of the box that is nearer to a pole. */
    double farthest = MIN(89.0, fabs(lat_deg) + lat_span);
    double lon_span = MIN(360.0, lat_span / cos(farthest * G_PI / 180.0));
    span(lat_deg - lat_span, lat_deg + lat_span, grid->south, grid->rows, &cells.row,
         &cells.row_end);
    span(lon_deg - lon_span, lon_deg + lon_span, grid->west, grid->columns, &cells.column,
         &cells.column_end);
    return cells;
}

gsize
cn_cells_len(CnCells cells)
{
    return (gsize)(cells.row_end - cells.row) * (cells.column_end - cells.column);
}

/* The first position in [low, end) whose service is at or behind @service. */
static guint
lower_bound(const CnGrid *grid, guint low, guint end, CnServiceId service)
{
    while (low < end) {
        guint middle = low + (end - low) / 2;
        if (grid->services[middle] < service)
            low = middle + 1;
        else
            end = middle;
    }
    return low;
}

/* The positions [out_first, out_end) of a cell with the terms [from, to). */
static void
span_terms(const CnGrid *grid,
           guint cell,
           CnServiceId from,
           CnServiceId to,
           guint *out_first,
           guint *out_end)
{
    guint first = grid->first[cell], end = grid->first[cell + 1];
    *out_first = *out_end = first;
    if (first == end || !check_services(grid, first, end))
        return;
    *out_first = lower_bound(grid, first, end, from);
    *out_end = lower_bound(grid, *out_first, end, to);
}

guint
cn_grid_count(const CnGrid *grid, CnCells cells, CnServiceId from, CnServiceId to)
{
    guint count = 0;
    for (guint row = cells.row; row < cells.row_end; row++)
        for (guint column = cells.column; column < cells.column_end; column++) {
            guint first, end;
            span_terms(grid, row * grid->columns + column, from, to, &first, &end);
            count += end - first;
        }
    return count;
}

void
cn_grid_visit(const CnGrid *grid,
              CnCells cells,
              CnServiceId from,
              CnServiceId to,
              CnVisitOffering visit,
              gpointer data)
{
    for (guint row = cells.row; row < cells.row_end; row++)
        for (guint column = cells.column; column < cells.column_end; column++) {
            guint first, end;
            span_terms(grid, row * grid->columns + column, from, to, &first, &end);
            if (!check_range(grid, first, end))
                return;
            for (guint i = first; i < end; i++)
                visit(grid->offerings[i], data);
        }
}
