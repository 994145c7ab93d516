/* Sums of levels, for the searches that compare more than single units: fewest unmet of the highest tier
 * first, whatever the numbers below. A price is told as the unit that has to go without and a rest, so
 * that four routine places never weigh as much as one emergency. */
#pragma once

#include "routing/market.h"

static inline void
cn_levels_add(CnLevels *sum, const CnLevels *levels, gint64 times)
{
    for (guint i = 0; i < G_N_ELEMENTS(sum->unmet); i++)
        sum->unmet[i] += levels->unmet[i] * times;
    sum->cost += levels->cost * times;
}

/* One unit of that tier unmet. */
static inline CnLevels
cn_levels_of_unmet(CnUrgency urgency)
{
    CnLevels levels = {{0}, 0};
    levels.unmet[urgency] = 1;
    return levels;
}

/* A price of the market: the tier whose penalty is nearest, and what is left. */
static inline CnLevels
cn_levels_of_price(const CnMarket *market, gint64 price)
{
    const gint64 step = cn_market_step(market);
    const gint64 steps = CLAMP((price + step / 2) / step, 0, CN_ROUTINE + 1);
    CnLevels levels = {{0}, price - steps * step};
    if (steps > 0)
        levels.unmet[CN_ROUTINE + 1 - steps] = 1;
    return levels;
}

/* What one place is worth that costs @extra for its use, where one is asked for @price; never below 0. */
static inline CnLevels
cn_levels_of_slot(const CnMarket *market, gint64 price, gint64 extra)
{
    CnLevels levels = {{0}, 0};
    if (price <= extra)
        return levels;
    levels = cn_levels_of_price(market, price);
    levels.cost -= extra;
    return levels;
}
