/* Making and asking the grid. */
#include "directory/grid.h"

#include <math.h>

#define CELLS_PER_DEG 4
/* A degree of latitude is 110.57 km at the equator and longer elsewhere; the smallest value gives the
 * widest box, so nothing within the circle is missed. */
#define M_PER_DEG 110500.0

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

void
cn_grid_init(CnGrid *grid, const CnListing *listing)
{
    *grid = (CnGrid){.listing = listing, .offerings = g_new(guint, listing->offerings_len)};
    measure(grid);
    gsize cells = (gsize)grid->rows * grid->columns;
    grid->first = g_new0(guint, cells + 1);
    for (guint i = 0; i < listing->offerings_len; i++)
        grid->first[cell_of_offering(grid, i) + 1]++;
    for (gsize cell = 0; cell < cells; cell++)
        grid->first[cell + 1] += grid->first[cell];
    g_autofree guint *next = g_memdup2(grid->first, sizeof(guint) * (cells + 1));
    for (guint i = 0; i < listing->offerings_len; i++)
        grid->offerings[next[cell_of_offering(grid, i)]++] = i;
}

void
cn_grid_clear(CnGrid *grid)
{
    g_clear_pointer(&grid->offerings, g_free);
    g_clear_pointer(&grid->first, g_free);
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
    double lat_span = radius_m / M_PER_DEG;
    /* Meridians are closest at the end of the box that is nearer to a pole. */
    double farthest = MIN(89.0, fabs(lat_deg) + lat_span);
    double lon_span = MIN(360.0, lat_span / cos(farthest * G_PI / 180.0));
    span(lat_deg - lat_span, lat_deg + lat_span, grid->south, grid->rows, &cells.row,
         &cells.row_end);
    span(lon_deg - lon_span, lon_deg + lon_span, grid->west, grid->columns, &cells.column,
         &cells.column_end);
    return cells;
}

guint
cn_grid_count(const CnGrid *grid, CnCells cells)
{
    guint count = 0;
    if (cells.column >= cells.column_end)
        return 0;
    for (guint row = cells.row; row < cells.row_end; row++)
        count += grid->first[row * grid->columns + cells.column_end] -
                 grid->first[row * grid->columns + cells.column];
    return count;
}

void
cn_grid_visit(const CnGrid *grid, CnCells cells, CnVisitOffering visit, gpointer data)
{
    if (cells.column >= cells.column_end)
        return;
    for (guint row = cells.row; row < cells.row_end; row++) {
        guint from = grid->first[row * grid->columns + cells.column];
        guint to = grid->first[row * grid->columns + cells.column_end];
        for (guint i = from; i < to; i++)
            visit(grid->offerings[i], data);
    }
}
