/* Distance on the earth. Points are WGS 84 degrees. */
#pragma once

#include <glib.h>

/* The mean radius (IUGG); in kilometres the same number, to the last bit. */
#define CN_EARTH_RADIUS_M  6371008.8
#define CN_EARTH_RADIUS_KM (CN_EARTH_RADIUS_M / 1000.0)

/* Great-circle distance in metres by the haversine formula on the mean radius. Within 0.6 % of the geodesic on the ellipsoid; symmetric; 0 for equal points; NAN where one is NAN. */
double cn_distance_m(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg);
