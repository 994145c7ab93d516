/* The needs and units of a market: see market-needs.c. */
#pragma once

#include "routing/market-private.h"

/* Numbers needs and units, and fills the rows of the needs. FALSE with TOO_LARGE where there are too many. */
gboolean cn_market_list_needs(CnMarket *market, GError **error);

/* Asks the memory for a case that comes a little later: cases lie anywhere, and each is behind three
 * pointers. For whoever goes through all of them in their order. */
void cn_market_look_ahead(const CnMarket *market, guint person);
