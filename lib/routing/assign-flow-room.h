/* Part of assign-flow-body.h: how many places a node has. Where use costs something that depends on its price:
 * places open as it rises and close as it falls (docs/design/0012). */

/* The price at which more places of the node can be had; FAR: never. */
static Sum
next_opening(const Flow *flow, guint node)
{
    if (flow->opening_extra == NULL || node == flow->len ||
        flow->opening[node] == flow->opening_end[node])
        return FAR;
    return flow->opening_extra[flow->opening[node]];
}

/* Whoever pays for the use of a place can have it. */
static void
open_places(Flow *flow, guint node)
{
    while (next_opening(flow, node) <= flow->price[node])
        flow->places[node] += flow->opening_places[flow->opening[node]++];
}

/* Nobody has a place whose use costs more than the price pays for. After it fell. */
static void
close_places(Flow *flow, guint node)
{
    while (flow->opening_extra != NULL && flow->opening[node] > flow->component->first_slot[node] &&
           flow->opening_extra[flow->opening[node] - 1] > flow->price[node])
        flow->places[node] -= flow->opening_places[--flow->opening[node]];
}

/* So many must be at the column: all whose places cost less than its price. */
static gint64
needed_at(const Flow *flow, guint column)
{
    gint64 needed = flow->price[column] > 0 ? flow->places[column] : 0;
    const guint first = flow->component->first_slot[column];
    for (guint i = flow->opening_extra != NULL ? flow->opening[column] : first;
         needed > 0 && i > first && flow->opening_extra[i - 1] == flow->price[column]; i--)
        needed -= flow->opening_places[i - 1];
    return needed;
}

/* Where a price that falls comes to what the use of a place costs, so that nobody has to be there any more; or to
 * nothing. */
static Sum
next_closing(const Flow *flow, guint column)
{
    guint i = flow->opening_extra != NULL ? flow->opening[column] : 0;
    const guint first = flow->opening_extra != NULL ? flow->component->first_slot[column] : 0;
    while (i > first &&
           (flow->opening_extra[i - 1] >= flow->price[column] || flow->opening_places[i - 1] == 0))
        i--;
    return i > first ? flow->opening_extra[i - 1] : 0;
}

static gint64
room_at(const Flow *flow, guint node)
{
    return node == flow->len ? G_MAXINT64 : MAX(0, flow->places[node] - flow->load[node]);
}

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
