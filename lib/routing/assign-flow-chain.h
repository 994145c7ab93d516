/* Part of assign-flow-body.h: chains of moves from crowded columns to room.
 *
 * One search goes from one crowded column as far as the nearest room. All columns that it came by
 * raise their prices, after which many chains of moves cost nothing. As many units as can go at once
 * do so, from all crowded columns that the search came by, each move one step further from where the
 * search began: so they never go in circles. */

static gboolean
has_room(const Flow *flow, guint node)
{
    return node == flow->len || flow->load[node] < flow->places[node];
}

static gboolean
is_crowded(const Flow *flow, guint node)
{
    return node != flow->len && flow->load[node] > flow->places[node];
}

/* The nearest node with room, or the unmet, from a crowded column; FALSE where stopped. */
static gboolean
search_room(Flow *flow, guint source, guint *out_node, Sum *out_distance)
{
    guint node = source;
    start_search(flow);
    flow->reach[source] = -flow->price[source];
    for (;;) {
        guint next = settle(flow, node, out_distance);
        if (is_stopped(flow))
            return FALSE;
        if (flow->reach[flow->len] < *out_distance) {
            next = flow->len;
            *out_distance = flow->reach[flow->len];
        }
        if (has_room(flow, next)) {
            *out_node = next;
            end_search(flow);
            return TRUE;
        }
        node = next;
    }
}

/* ---- Further chains that cost nothing. */

/* Rooms that the search may have come to at the same distance. */
static void
list_rooms(Flow *flow, Sum distance)
{
    g_array_set_size(flow->rooms, 0);
    for (guint i = 0; i < flow->component->len; i++)
        if (flow->reach[i] + flow->hold[i] == distance && has_room(flow, i))
            g_array_append_val(flow->rooms, i);
    if (flow->reach[flow->len] == distance)
        g_array_append_val(flow->rooms, flow->len);
}

static gboolean
is_room_left(const Flow *flow)
{
    for (guint i = 0; i < flow->rooms->len; i++)
        if (has_room(flow, g_array_index(flow->rooms, guint, i)))
            return TRUE;
    return FALSE;
}

/* The settled nodes by moves from the start: those with @hops are at [layer[hops], layer[hops + 1]). */
static void
list_layers(Flow *flow)
{
    guint most = 0;
    for (guint i = 0; i < flow->settled->len; i++)
        most = MAX(most, flow->hops[g_array_index(flow->settled, guint, i)]);
    memset(flow->layer, 0, (most + 3) * sizeof *flow->layer);
    for (guint i = 0; i < flow->settled->len; i++)
        flow->layer[flow->hops[g_array_index(flow->settled, guint, i)] + 2]++;
    for (guint i = 2; i < most + 3; i++)
        flow->layer[i] += flow->layer[i - 1];
    for (guint i = 0; i < flow->settled->len; i++) {
        guint node = g_array_index(flow->settled, guint, i);
        flow->layered[flow->layer[flow->hops[node] + 1]++] = node;
        flow->current[node] = 0;
    }
}

/* The next target of moves from the node that cost nothing: first the rooms, then one move further. */
static gboolean
next_move(Flow *flow, guint node, guint *out_to)
{
    const Sum *way = flow->way[node];
    guint first = flow->layer[flow->hops[node] + 1], end = flow->layer[flow->hops[node] + 2];
    guint rooms = flow->rooms->len, len = rooms + end - first;
    for (guint *i = &flow->current[node]; way != NULL && *i < len; (*i)++) {
        guint to =
            *i < rooms ? g_array_index(flow->rooms, guint, *i) : flow->layered[first + *i - rooms];
        Sum extra = flow->price[node] - flow->price[to];
        if (way[to] > extra || (*i < rooms && !has_room(flow, to)))
            continue;
        flow->mover[node] = find_mover(flow, node, to, extra);
        *out_to = to;
        if (flow->mover[node] >= 0)
            return TRUE;
    }
    return FALSE;
}

/* Moves units along flow->path to @room. */
static void
move_along_path(Flow *flow, guint room)
{
    guint source = g_array_index(flow->path, guint, 0), to = room;
    gint64 most = flow->load[source] - flow->places[source];
    if (room != flow->len)
        most = MIN(most, flow->places[room] - flow->load[room]);
    for (guint i = 0; i < flow->path->len; i++) {
        guint node = g_array_index(flow->path, guint, i);
        most = MIN(most, (gint64)stay_at(flow, flow->mover[node])->units);
    }
    for (guint i = flow->path->len; i > 0; i--) {
        guint node = g_array_index(flow->path, guint, i - 1);
        move_units(flow, node, flow->mover[node], to, (gint32)most);
        to = node;
    }
}

/* Sends the excess of a column along moves that cost nothing, while there are any. */
static void
send_excess(Flow *flow, guint column)
{
    g_array_set_size(flow->path, 0);
    g_array_append_val(flow->path, column);
    while (is_crowded(flow, column) && flow->path->len > 0) {
        guint node = g_array_index(flow->path, guint, flow->path->len - 1), to;
        if (!next_move(flow, node, &to)) {
            g_array_set_size(flow->path, flow->path->len - 1);
            if (flow->path->len > 0)
                flow->current[g_array_index(flow->path, guint, flow->path->len - 1)]++;
        } else if (has_room(flow, to)) {
            move_along_path(flow, to);
            g_array_set_size(flow->path, 1);
        } else {
            g_array_append_val(flow->path, to);
        }
    }
}

static void
empty_crowded(Flow *flow, guint column)
{
    guint node;
    Sum distance;
    while (is_crowded(flow, column) && search_room(flow, column, &node, &distance)) {
        gint64 most = flow->load[column] - flow->places[column];
        list_rooms(flow, distance);
        for (guint i = 0; i < flow->settled->len; i++) {
            guint settled = g_array_index(flow->settled, guint, i);
            flow->price[settled] = distance - flow->reach[settled];
        }
        if (node != flow->len)
            most = MIN(most, flow->places[node] - flow->load[node]);
        move_along(flow, column, node, most);
        if (!is_room_left(flow))
            continue;
        list_layers(flow);
        for (guint i = 0; i < flow->settled->len; i++)
            send_excess(flow, g_array_index(flow->settled, guint, i));
    }
}

static void
empty_all_crowded(Flow *flow)
{
    for (guint i = 0; i < flow->component->len && !is_stopped(flow); i++)
        empty_crowded(flow, i);
}
