/* Invented directories of national size on the real gazetteer. For benchmarks only. */
#pragma once

#include "invented.h"

#include "model/network.h"

/* A network of exactly @offerings offerings, about three a provider. Towns are drawn by population;
 * what a provider is decides what it offers, whether it is restricted, and how it is staffed. The
 * same seed gives the same network. (transfer full) */
CnNetwork *national_network(guint32 seed, guint offerings, const CnReference *reference);
