/* Part of assign-flow-body.h: crowded columns raise their price to what makes the excess leave.
 *
 * Whoever has the least to lose leaves. What somebody would lose is at least what a list said once,
 * so only those are asked who might be among the first. */

/* Rounds of raising prices before chains of moves take over. More of them only bid up what a few
 * columns compete for. */
#define RAISE_ROUNDS 8
#define NOT_ASKED    G_MAXUINT

static void
list_leavers(Flow *flow, guint column)
{
    Sum own = flow->price[column];
    g_array_set_size(flow->events, 0);
    for (gint i = last_stay(flow, column); i >= 0; i = stay_before(flow, column, i)) {
        const Stay *stay = stay_at(flow, column, i);
        Event event = {.key = MAX(0, stay->other - own - stay->cost),
                       .order = stay->class_index,
                       .node = NOT_ASKED,
                       .stay = i};
        g_array_append_val(flow->events, event);
    }
    for (guint i = flow->events->len / 2; i > 0; i--)
        sink_event(flow, i - 1);
}

static void
raise_price(Flow *flow, guint column)
{
    Sum own = flow->price[column];
    list_leavers(flow, column);
    while (flow->load[column] > flow->places[column]) {
        Event *first = &g_array_index(flow->events, Event, 0);
        if (first->node == NOT_ASKED) {
            Stay *stay = stay_at(flow, column, first->stay);
            first->node = second_best(flow, stay->class_index, column, &stay->other);
            first->key = stay->other - own - stay->cost;
            sink_event(flow, 0);
            continue;
        }
        /* Nobody leaves before places are had that cost no more than leaving. */
        if (own + first->key >= next_opening(flow, column)) {
            flow->price[column] = next_opening(flow, column);
            open_places(flow, column);
            continue;
        }
        Event leaver = pop_event(flow);
        gint64 excess = flow->load[column] - flow->places[column];
        gint32 units = (gint32)MIN(excess, (gint64)stay_at(flow, column, leaver.stay)->units);
        flow->price[column] = own + leaver.key;
        move_units(flow, column, leaver.stay, leaver.node, units);
    }
}

static void
raise_prices(Flow *flow)
{
    gboolean again = TRUE;
    for (guint round = 0; again && round < RAISE_ROUNDS; round++) {
        again = FALSE;
        for (guint i = 0; i < flow->component->len && !is_stopped(flow); i++)
            if (flow->load[i] > flow->places[i]) {
                raise_price(flow, i);
                again = TRUE;
            }
    }
}
