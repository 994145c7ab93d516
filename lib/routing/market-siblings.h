/* Siblings who must stay together, in a market: see market-siblings.c. */
#pragma once

#include "routing/market-facets.h"

/* Narrows the profiles of those who must stay together to where all of them may go.
 * @facets are by component. */
void cn_market_join_siblings(CnMarket *market, CnFacets **facets, guint *profile_of_need);
