/* A network as canonical text, complete with what must never be shown: equal texts, equal networks.
 * For tests only. */
#pragma once

#include "model/network.h"

/* One line a field, records in the order of cn_network_sort() (@network is sorted by this). Places
 * in files are left out. (transfer full) */
char *network_dump(CnNetwork *network, const CnReference *reference);
