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

/* The distance at which a settled node is asked for so much that more places can be had there. */
static Sum
opening_at(const Flow *flow, guint node)
{
    const Sum opening = next_opening(flow, node);
    return opening < FAR ? flow->found[node] + opening : FAR;
}

static Sum
nearest_opening(const Flow *flow)
{
    Sum least = FAR;
    for (guint i = 0; flow->opening_extra != NULL && i < flow->settled->len; i++)
        least = MIN(least, opening_at(flow, g_array_index(flow->settled, guint, i)));
    return least;
}

/* Places open at columns in the tree. Some of them are crowded no more, and have nothing to give. */
static void
open_settled(Flow *flow, Sum distance)
{
    g_array_set_size(flow->opened, 0);
    for (guint i = 0; i < flow->settled->len; i++) {
        guint node = g_array_index(flow->settled, guint, i);
        if (next_opening(flow, node) > flow->price[node])
            continue;
        open_places(flow, node);
        g_array_append_val(flow->opened, node);
    }
    g_array_set_size(flow->path, 0);
    prune(flow, distance);
}

/* Units come to them, as many as can. What is not in the tree any more is found like any room. */
static void
fill_opened(Flow *flow, Sum distance)
{
    for (guint i = 0; i < flow->opened->len; i++) {
        guint node = g_array_index(flow->opened, guint, i);
        while (is_settled(flow, node) && has_room(flow, node))
            send_units(flow, node, flow->places[node] - flow->load[node], distance);
    }
}

static void
empty_crowded(Flow *flow, guint column)
{
    Sum distance, raised = -1;
    start_search(flow);
    flow->reach[column] = -flow->price[column];
    guint next = settle(flow, column, &distance);
    Sum opening = opening_at(flow, column);
    while (flow->settled->len > 0 && !is_stopped(flow)) {
        if (opening > distance && !has_room(flow, next)) {
            const guint node = next;
            next = settle(flow, node, &distance);
            opening = MIN(opening, opening_at(flow, node));
            continue;
        }
        Sum at = MIN(opening, distance);
        if (raised != at)
            raise_settled(flow, at);
        raised = at;
        if (opening <= distance) {
            open_settled(flow, at);
            fill_opened(flow, at);
        } else {
            send_units(flow, next,
                       next == flow->len ? G_MAXINT64 : flow->places[next] - flow->load[next], at);
        }
        opening = nearest_opening(flow);
        if (flow->settled->len > 0)
            next = nearest(flow, &distance);
    }
}

static void
empty_all_crowded(Flow *flow)
{
    for (guint i = 0; i < flow->component->end; i++)
        while (is_crowded(flow, i) && !is_stopped(flow))
            empty_crowded(flow, i);
}
