/* Part of assign-flow-body.h: chains of moves from crowded columns to room.
 *
 * The tree of a search grows from one crowded column until it meets room. Whatever is in it has raised
 * its price by then to what makes the way there cost nothing, and a chain of moves follows. So it goes
 * on as long as some column in the tree is crowded. */

static void
raise_settled(Flow *flow, Sum distance)
{
    for (guint i = 0; i < flow->settled->len; i++) {
        guint node = g_array_index(flow->settled, guint, i);
        flow->price[node] = distance - flow->found[node];
    }
}

static void
empty_crowded(Flow *flow, guint column)
{
    Sum distance, raised = -1;
    start_search(flow);
    flow->reach[column] = -flow->price[column];
    guint next = settle(flow, column, &distance);
    while (flow->settled->len > 0 && !is_stopped(flow)) {
        if (!has_room(flow, next)) {
            next = settle(flow, next, &distance);
            continue;
        }
        if (raised != distance)
            raise_settled(flow, distance);
        raised = distance;
        send_units(flow, next,
                   next == flow->len ? G_MAXINT64 : flow->places[next] - flow->load[next],
                   distance);
        if (flow->settled->len > 0)
            next = nearest(flow, &distance);
    }
}

static void
empty_all_crowded(Flow *flow)
{
    for (guint i = 0; i < flow->component->len; i++)
        while (is_crowded(flow, i) && !is_stopped(flow))
            empty_crowded(flow, i);
}
