/* Random networks as files may say them. For tests only. */
#pragma once

#include "model/network.h"

/* Leaves of a random network what a file may say. @guarded: providers that are not public stay so;
 * else all are public. */
void tame_network(CnNetwork *network, const CnReference *reference, gboolean guarded);
