/* The needs and units of a market: see market-needs.c. */
#pragma once

#include "routing/market-private.h"

/* Numbers needs and units, and fills the rows of the needs. FALSE with TOO_LARGE where there are too many. */
gboolean cn_market_list_needs(CnMarket *market, GError **error);

/* While rows are there. -1: nobody offers what it asks for. */
static inline gint
cn_market_component_of_need(const CnMarket *market, guint need)
{
    const gint ask = market->ask_of_service[market->rows[need].service];
    return cn_market_ask(market, (guint)ask)->component;
}

/* The needs that are neither pinned nor without an offering, component by component. */
typedef struct {
    guint *needs, needs_len;
    guint *first; /* by component, one more */
} CnNeedLists;
void cn_need_lists_init(CnNeedLists *lists, const CnMarket *market);
void cn_need_lists_clear(CnNeedLists *lists);
