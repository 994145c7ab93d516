/* Outlines of the regions, coarse, from outlines.geojson of the data folder: whether a point lies in
 * the region that it should. */
#pragma once

#include "model/network.h"

/* The outlines are simplified to about 100 m to 10 km, coasts most of all. */
#define CN_OUTLINE_TOLERANCE_M 15000.0

typedef struct CnOutlines CnOutlines;

/* Reads a GeoJSON collection of (multi)polygons with the property `code`. NULL sets io or parse.
 * (transfer full) */
CnOutlines *cn_outlines_read(const char *path, GError **error);
void cn_outlines_free(CnOutlines *outlines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnOutlines, cn_outlines_free)

/* How far a point is outside region @code, in metres; 0 inside, -1 where it has no outline. Good for
 * short distances. O(corners of the outline) */
double cn_outlines_distance_m(const CnOutlines *outlines,
                              const char *code,
                              double lat_deg,
                              double lon_deg);

/* Calls @visit for each ring of each outline, in the order of the file: @corners_len pairs of latitude
 * and longitude in degrees. */
typedef void (*CnVisitRing)(const char *code,
                            const double *corners,
                            guint corners_len,
                            gpointer data);
void cn_outlines_visit(const CnOutlines *outlines, CnVisitRing visit, gpointer data);

/* Warns of public points outside the region of their area. Reads the outlines only where a point is
 * not near its town; without them there is one information that it was not checked. */
void cn_outlines_check(const CnNetwork *network, const CnReference *reference, CnIssueList *issues);
