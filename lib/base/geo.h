/* Distance on the earth. Points are WGS 84 degrees. */
#pragma once

#include <glib.h>

/* Great-circle distance in metres by the haversine formula on the mean radius 6,371,008.8 m
 * (IUGG). Within 0.6 % of the geodesic on the ellipsoid; symmetric; 0 for equal points; NAN where one is NAN. */
double cn_distance_m(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg);
