/* The spatial index of a directory: a grid of a quarter of a degree (about 27 km) over the disclosed
 * points, so that "within 40 km" looks at a few cells only. */
#pragma once

#include "directory/index.h"

/* A degree of latitude is 110.57 km at the equator and longer elsewhere; the smallest value gives the
 * widest box, so nothing within a circle is missed. */
#define CN_GRID_M_PER_DEG 110500.0

typedef struct {
    const CnListing *listing; /* borrowed */
    gint south, west;         /* of the first cell, in cells from the equator and Greenwich */
    guint rows, columns;
    const guint *first;          /* offerings of cell c are offerings[first[c] .. first[c + 1]) */
    const guint *offerings;      /* by cell, then by service, then by id */
    const CnServiceId *services; /* of each of them */
    gboolean is_mapped;          /* the arrays are an image's */
} CnGrid;

/* O(n + cells). */
void cn_grid_init(CnGrid *grid, const CnListing *listing);
void cn_grid_clear(CnGrid *grid);
/* As for the index (index.h). */
gboolean cn_grid_map(CnGrid *grid, const CnImage *image, const CnListing *listing);
gboolean cn_grid_check_all(const CnGrid *grid);
/* @shape holds what is no array, and must outlive the sections. */
typedef struct {
    gint32 south, west;
    guint32 rows, columns;
} CnGridShape;
void cn_grid_sections(const CnGrid *grid, CnGridShape *shape, GArray *sections);

/* The cells that a circle touches: a superset of the offerings within @radius_m of the point. */
typedef struct {
    guint row, row_end, column, column_end;
} CnCells;
CnCells cn_grid_cells(const CnGrid *grid, double lat_deg, double lon_deg, double radius_m);
gsize cn_cells_len(CnCells cells);
/* Those of the terms [from, to). O(cells * log n), and what is visited. */
guint cn_grid_count(const CnGrid *grid, CnCells cells, CnServiceId from, CnServiceId to);
void cn_grid_visit(const CnGrid *grid,
                   CnCells cells,
                   CnServiceId from,
                   CnServiceId to,
                   CnVisitOffering visit,
                   gpointer data);
