/* The canonical order of classes: see market-order.c. */
#pragma once

#include "routing/market-private.h"

/* Makes the classes of the market of @classes (element-type CnClass), and class_of_need and class_of_more,
 * which are positions in @classes, to positions there. */
void cn_market_order_classes(CnMarket *market, const GArray *classes);

static inline guint
cn_market_component_of(const CnMarket *market, const CnClass *one)
{
    const CnProfile *profile = cn_market_profile(market, one->profile);
    return (guint)cn_market_ask(market, profile->ask)->component;
}
