/* Part of assign-flow-body.h: prices in and out.
 *
 * A component counts in steps of its own, small enough for the sums. A price is so many steps (the
 * tier of the unit that has to go without) and a rest, a sum of cost differences along a chain. While
 * every rest is much less than half a step, the two can be told apart and put together again with the
 * market's step, without a change in any comparison. */

static Sum
price_from_market(const Flow *flow, gint64 price)
{
    gint64 market_step = flow->market->step;
    gint64 steps = CLAMP((price + market_step / 2) / market_step, 0, CN_WEIGHTS_MOST);
    gint64 rest = CLAMP(price - steps * market_step, -(gint64)(flow->step / 2), flow->step / 2);
    return (Sum)MAX(0, steps * flow->step + rest);
}

static gint64
price_to_market(const Flow *flow, Sum price, Sum *out_rest)
{
    gint64 steps = ((gint64)price + flow->step / 2) / flow->step;
    gint64 rest = (gint64)price - steps * flow->step;
    *out_rest = (Sum)ABS(rest);
    return steps * flow->market->step + rest;
}

/* Whether all prices can be told in steps and rests; then they are. */
static gboolean
give_prices(Flow *flow)
{
    Sum most = 0, rest;
    for (guint i = 0; i < flow->component->end; i++) {
        price_to_market(flow, flow->price[i], &rest);
        most = MAX(most, rest);
    }
    if (2 * (gint64)most + flow->component->cost_most >= flow->step &&
        flow->step != flow->market->step)
        return FALSE;
    for (guint i = 0; i < flow->component->end; i++)
        flow->solve->price[i] = price_to_market(flow, flow->price[i], &rest);
    return TRUE;
}
