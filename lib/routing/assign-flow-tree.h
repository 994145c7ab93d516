/* Part of assign-flow-body.h: a search that goes on while units move.
 *
 * What is settled is a tree: every node hangs on the one that it was reached from, and the roots are
 * nodes that can give units. When units have moved along a branch, most of the tree still holds. What
 * hangs on a way that nobody is left to go, or on a root that has nothing left to give, is not settled
 * any more, and is reached again from what is. Who came to a settled node may open shorter ways from
 * there. Nothing is found nearer than the distance that the search is at, since no way is shorter than
 * the prices say: so it goes on from there, as if it had begun with the units where they are now. Only
 * the unmet, whose price does not move with the others, may be nearer than that where prices fall. */

/* Whether a settled node has units to give without anybody coming. Only where prices fall may that be
 * a column that is not crowded: when it is worth nothing, a place may be left empty. */
static gboolean
is_root(const Flow *flow, guint node)
{
    if (is_crowded(flow, node))
        return TRUE;
    return flow->is_falling && flow->found[node] == 0 && stays_len(flow, node) > 0;
}

/* ---- Moving. */

/* The branch to the node, into flow->path from its end to the root. */
static void
find_path(Flow *flow, guint node)
{
    gint32 from = is_settled(flow, node) ? flow->parent[node] : flow->from[node];
    g_array_set_size(flow->path, 0);
    for (; from != FROM_SELF; from = flow->parent[from]) {
        const guint before = (guint)from;
        g_array_append_val(flow->path, before);
    }
}

/* Who moves along flow->path to a node that is reached so far from the root. How many units can go all the way. */
static gint64
find_movers(Flow *flow, guint node, Sum reach)
{
    gint64 most = G_MAXINT64;
    for (guint i = 0; i < flow->path->len; i++) {
        const guint before = g_array_index(flow->path, guint, i);
        const gint mover = find_mover(flow, before, node, reach - flow->found[before]);
        if (mover < 0)
            return 0;
        flow->mover[before] = mover;
        most = MIN(most, (gint64)stay_at(flow, before, mover)->units);
        node = before;
        reach = flow->found[node];
    }
    return most;
}

/* The ways of a class that came to a settled node, whose bounds are in flow->class_least. */
static void
reach_by(Flow *flow, guint node, guint class_index, Sum cost)
{
    const Sum unmet = flow->penalty[flow->classes[class_index].urgency] - cost;
    relax_pieces(flow, node, 0);
    await_class(flow, node);
    reach_from(flow, flow->len, node, flow->found[node] + unmet);
}

/* Moves units one node further each, along flow->path to @room. */
static void
move_along_path(Flow *flow, guint room, gint32 units)
{
    guint to = room;
    for (guint i = 0; i < flow->path->len; i++) {
        guint node = g_array_index(flow->path, guint, i);
        const Stay *stay = stay_at(flow, node, flow->mover[node]);
        guint class_index = stay->class_index;
        Sum cost = stay->cost + flow->price[node] - flow->price[to];
        const gboolean is_new = move_units(flow, node, flow->mover[node], to, units);
        flow->gave[node] = TRUE;
        if (is_new && is_settled(flow, to))
            reach_by(flow, to, class_index, cost);
        to = node;
    }
}

/* ---- What still holds. */

/* Whether nobody left the node that this one hangs on, as is so for most of a tree. */
static inline gboolean
hangs_as_before(const Flow *flow, guint node)
{
    const gint32 parent = flow->parent[node];
    return parent != FROM_SELF && !flow->loose[parent] && !flow->gave[parent];
}

/* Whether the node hangs on one that is in the tree, or gives units itself. */
static gboolean
is_held(Flow *flow, guint node)
{
    if (flow->parent[node] != FROM_SELF) {
        guint parent = (guint)flow->parent[node];
        if (!flow->loose[parent] &&
            (!flow->gave[parent] ||
             find_mover(flow, parent, node, flow->found[node] - flow->found[parent]) >= 0))
            return TRUE;
    }
    if (!is_root(flow, node))
        return FALSE;
    flow->parent[node] = FROM_SELF;
    return TRUE;
}

/* Hangs the node on another one in the tree, if one is as near. Where one is nearer (only the unmet, when
 * prices fall) the node is to be reached anew; else what was found is kept for that. */
static gboolean
hang_again(Flow *flow, guint node)
{
    guint other = 0;
    for (;;) {
        const Sum least = least_start(flow, node, &other);
        flow->anew[node] = least;
        flow->anew_from[node] = other;
        if (least > flow->found[node])
            return FALSE;
        /* Where nobody goes for so little, the row is corrected. */
        if (find_mover(flow, other, node, least - flow->found[other]) < 0)
            continue;
        if (least < flow->found[node])
            return FALSE;
        flow->parent[node] = (gint32)other;
        return TRUE;
    }
}

static void
set_loose(Flow *flow, guint node, gboolean loose)
{
    flow->loose[node] = loose;
    set_start(flow, node, loose ? FAR : flow->found[node]);
}

/* Takes out of flow->settled what hangs on nothing any more, and what hangs on that. Parents are
 * settled before those who hang on them. */
static void
loosen(Flow *flow)
{
    guint kept = 0;
    guint *settled = (guint *)(gpointer)flow->settled->data;
    g_array_set_size(flow->fallen, 0);
    for (guint i = 0; i < flow->settled->len; i++) {
        guint node = settled[i];
        if (hangs_as_before(flow, node) || is_held(flow, node)) {
            settled[kept++] = node;
            continue;
        }
        set_loose(flow, node, TRUE);
        g_array_append_val(flow->fallen, node);
    }
    g_array_set_size(flow->settled, kept);
}

/* Leaves in flow->fallen what cannot be put back to where it was. How many of these looked for the
 * nearest before the last one was put back. */
static guint
put_back(Flow *flow)
{
    guint lost = 0, outdated = 0;
    guint *fallen = (guint *)(gpointer)flow->fallen->data;
    for (guint i = 0; i < flow->fallen->len; i++) {
        guint node = fallen[i];
        if (is_held(flow, node) || hang_again(flow, node)) {
            set_loose(flow, node, FALSE);
            g_array_append_val(flow->settled, node);
            outdated = lost;
        } else {
            fallen[lost++] = node;
        }
    }
    g_array_set_size(flow->fallen, lost);
    return outdated;
}

/* After units moved along flow->path, at this distance of the search. */
static void
prune(Flow *flow, Sum distance)
{
    loosen(flow);
    const guint outdated = put_back(flow);
    for (guint i = 0; i < flow->path->len; i++)
        flow->gave[g_array_index(flow->path, guint, i)] = FALSE;
    for (guint i = 0; i < flow->fallen->len; i++) {
        guint node = g_array_index(flow->fallen, guint, i);
        flow->loose[node] = FALSE;
        flow->hold[node] = node == flow->len ? 0 : distance - flow->found[node];
        flow->home[node] = flow->is_falling && stays_len(flow, node) > 0 ? 0 : FAR;
    }
    for (guint i = 0; i < flow->fallen->len; i++) {
        guint node = g_array_index(flow->fallen, guint, i);
        if (i < outdated)
            reach_again(flow, node);
        else
            reach_anew(flow, node, flow->anew[node], flow->anew_from[node]);
    }
}

/* How many units the root of flow->path has to give, at most @most. */
static gint64
most_of_root(const Flow *flow, gint64 most)
{
    const guint root = g_array_index(flow->path, guint, flow->path->len - 1);
    if (flow->is_falling && !is_crowded(flow, root))
        return most;
    return MIN(most, flow->load[root] - flow->places[root]);
}

/* Sends as many units as can go, at most @most, from the root of its branch to the node. Others often go the same
 * way for as much, so what still hangs on the branch is looked at when nobody does. Where prices fall the unmet
 * may be nearer by then. */
static void
send_units(Flow *flow, guint node, gint64 most, Sum distance)
{
    const Sum reach = is_settled(flow, node) ? flow->found[node] : flow->reach[node];
    find_path(flow, node);
    gint64 units = find_movers(flow, node, reach);
    g_assert(units > 0);
    do {
        units = MIN(units, most_of_root(flow, most));
        move_along_path(flow, node, (gint32)units);
        most -= units;
    } while (!flow->is_falling && most_of_root(flow, most) > 0 &&
             (units = find_movers(flow, node, reach)) > 0);
    prune(flow, distance);
}
