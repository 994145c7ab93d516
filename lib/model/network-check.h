/* The check of a network, split by question. */
#pragma once

#include "model/network.h"

/* The next step in the words of the file at @pos: a region file has keys, a spreadsheet has columns. */
const char *cn_network_check_step(CnPos pos, const char *keys, const char *columns);

/* Whether a point lies in a box around the Philippines. */
gboolean cn_point_is_in_country(double lat_deg, double lon_deg);

/* Whether a site that must not be found can be found by what is shown, and whether it can be reached
 * at all. Appends issues. */
void cn_network_check_disclosure(const CnNetwork *network,
                                 const CnReference *reference,
                                 const CnProvider *provider,
                                 CnIssueList *issues);

/* What contradicts itself in the programmes, or names nobody. @network is sorted. Appends issues. */
void cn_network_check_programmes(const CnNetwork *network, CnIssueList *issues);
