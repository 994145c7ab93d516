/* Great-circle distance. The haversine keeps its digits for near points, where the cosine law loses
 * them; the sphere costs at most 0.6 % against the ellipsoid, far less than roads do. */
#include "base/geo.h"

#include <math.h>

static double
square_of_sine(double degrees)
{
    double sine = sin(degrees * (G_PI / 360.0)); /* of half the angle */
    return sine * sine;
}

double
cn_distance_m(double lat1_deg, double lon1_deg, double lat2_deg, double lon2_deg)
{
    /* Differences are taken without sign so that both directions give the same bits. */
    double h = square_of_sine(fabs(lat2_deg - lat1_deg)) +
               cos(lat1_deg * (G_PI / 180.0)) * cos(lat2_deg * (G_PI / 180.0)) *
                   square_of_sine(fabs(lon2_deg - lon1_deg));
    /* Rounding may lift antipodes over 1; an unknown point (NAN) must stay unknown. */
    return 2.0 * CN_EARTH_RADIUS_M * asin(sqrt(h > 1.0 ? 1.0 : h));
}
