/* Components, asks and columns of a market: see market-layout.c. */
#pragma once

#include "routing/market-private.h"

/* Fills asks, components and their columns from the cases' services and the slots. */
void cn_market_lay_out(CnMarket *market);
/* Asks that are solved together: @parent leads from each to the first of its set. */
void cn_market_join_asks(guint *parent, guint one, guint other);
