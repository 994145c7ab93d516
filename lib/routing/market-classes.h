/* Needs become classes: see market-classes.c. */
#pragma once

#include "routing/market-private.h"

/* Fills the classes of the market, class_of_need, class_of_more and members, from the profiles of the
 * needs; those without a class have none. */
void cn_market_make_classes(CnMarket *market, const guint *profile_of_need);

static inline guint
cn_market_component_of(const CnMarket *market, const CnClass *one)
{
    const CnProfile *profile = cn_market_profile(market, one->profile);
    return (guint)cn_market_ask(market, profile->ask)->component;
}
