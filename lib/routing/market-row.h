/* What every place of its service would cost a need, read off the market: some nanoseconds a place. The same
 * places and costs as the rules and cost lines say of one pair after the other (cn_market_pair()). */
#pragma once

#include "routing/market.h"

/* Of a place that the need may not go to. */
#define CN_ROW_NEVER G_MAXINT64

/* Remembers the ways from the last town; for one thread. */
typedef struct CnMarketRows CnMarketRows;

/* @market is borrowed. */
CnMarketRows *cn_market_rows_new(const CnMarket *market);
void cn_market_rows_free(CnMarketRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnMarketRows, cn_market_rows_free)

/* How many places those who ask for the service of @need share; 0 where nobody offers it. Needs of one service
 * have the same. */
guint cn_market_row_len(const CnMarket *market, guint need);
/* The offerings of these places, some of which may be of another service. */
const guint *cn_market_row_offerings(const CnMarket *market, guint need);
/* Fills @costs, as many as there are places: what the first unit pays there, or CN_ROW_NEVER. Of an offering that
 * has several places in the row only the first is open. FALSE for a need that is pinned. */
gboolean cn_market_row(CnMarketRows *rows, guint need, gint64 *costs);
/* One pair of a need that is not pinned: what its first unit pays there, or CN_ROW_NEVER. Ways are remembered as long as
 * one asks about one component. */
gint64 cn_market_rows_pair(CnMarketRows *rows, guint need, guint offering);
