/* Part of assign-flow-body.h: rows of ways, and searches over them.
 *
 * The row of a node holds for every other node the least extra cost of any unit that stands here. It
 * is made by scanning the classes that stand here, when it is first needed. Whoever comes lowers it;
 * when somebody leaves it is left as it is, and says from then on "no less than this". The row also
 * says whose way it is: while that one is here, the way is right. Otherwise what a search wants to use
 * is looked up among those who are still here, and corrected where nobody is left who would go for so
 * little. When that has cost as much as making the row again, it is made again. Of those who go for the
 * same it is always the last to come who is named, so the answer does not depend on which rows are
 * kept. */

#define FROM_SELF (-1)
/* Columns that are scanned in the time that it takes to look one up. */
#define COLUMNS_FOR_ONE 64

static void
clear_row(const Flow *flow, Sum *row)
{
    for (guint i = 0; i <= flow->len; i++)
        row[i] = FAR;
}

/* A row of the cache for the node, which may take it away from another. */
static Sum *
claim_row(Flow *flow, guint node)
{
    if (flow->ways_len < flow->ways_most) {
        flow->way[node] = g_new(Sum, flow->len + 1);
        flow->who[node] = g_new(gint32, flow->len + 1);
        flow->way_ring[flow->ways_len++] = node;
        return flow->way[node];
    }
    guint old = flow->way_ring[flow->ways_hand];
    flow->way[node] = flow->way[old];
    flow->who[node] = flow->who[old];
    flow->way[old] = NULL;
    flow->who[old] = NULL;
    flow->way_ring[flow->ways_hand] = node;
    flow->ways_hand = (flow->ways_hand + 1) % flow->ways_most;
    return flow->way[node];
}

static const Sum *
way_of(Flow *flow, guint node)
{
    if (flow->way[node] != NULL && flow->asked[node] <= flow->len / COLUMNS_FOR_ONE)
        return flow->way[node];
    Sum *row = flow->way[node] != NULL ? flow->way[node] : claim_row(flow, node);
    flow->asked[node] = 0;
    clear_row(flow, row);
    for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next)
        lower_row(flow, i, 0);
    return row;
}

/* ---- Who goes. */

static gboolean
goes_for(Flow *flow, const Stay *stay, guint to, Sum extra)
{
    Sum cost = cost_or_far(flow, stay->class_index, view_of(flow, stay->class_index), to);
    flow->solve->work++;
    return cost < FAR && cost - stay->cost == extra;
}

/* Who is named for the way, if he is still here and goes for so much more; else -1. */
static gint
named_mover(Flow *flow, guint node, guint to, Sum extra)
{
    gint named = flow->way[node] != NULL && flow->way[node][to] == extra ? flow->who[node][to] : -1;
    if (named < 0 || stay_at(flow, named)->node != node)
        return -1;
    return goes_for(flow, stay_at(flow, named), to, extra) ? named : -1;
}

static void
name_mover(Flow *flow, guint node, guint to, Sum extra, gint at)
{
    if (flow->way[node] == NULL)
        return;
    flow->way[node][to] = extra;
    flow->who[node][to] = at;
}

/* A unit that goes from @node to @to for so much more; -1 for none, and then the row is corrected.
 * @node has nobody who goes for less. */
static gint
find_mover(Flow *flow, guint node, guint to, Sum extra)
{
    Sum least = FAR;
    gint named = named_mover(flow, node, to, extra);
    if (named >= 0)
        return named;
    flow->asked[node] += flow->asked[node] > 0;
    for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next) {
        const Stay *stay = stay_at(flow, i);
        if (!flow->is_falling && stay->other > stay->cost + extra + flow->price[to]) {
            least = MIN(least, stay->other - flow->price[to] - stay->cost);
            continue;
        }
        Sum cost = cost_or_far(flow, stay->class_index, view_of(flow, stay->class_index), to);
        flow->solve->work++;
        if (cost < FAR && cost - stay->cost == extra) {
            name_mover(flow, node, to, extra, i);
            return i;
        }
        if (cost < FAR)
            least = MIN(least, cost - stay->cost);
    }
    name_mover(flow, node, to, least, -1);
    return -1;
}

static Sum
exact_way(Flow *flow, guint node, guint to)
{
    Sum least = FAR;
    for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next) {
        const Stay *stay = stay_at(flow, i);
        Sum cost = cost_or_far(flow, stay->class_index, view_of(flow, stay->class_index), to);
        if (cost < FAR)
            least = MIN(least, cost - stay->cost);
        flow->solve->work++;
    }
    return least;
}

/* ---- Dijkstra. Reaches are without the price of the node reached, which `hold` adds. What is found
 * of a settled node is put by until the search ends, since rows that are too low might lower it. */

/* Keeps a settled node from being reached again: the two add up to FAR. */
#define SETTLED_REACH (-FAR)
#define SETTLED_HOLD  (2 * FAR)

static void
start_search(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++) {
        flow->reach[i] = flow->home[i];
        flow->from[i] = FROM_SELF;
    }
    memcpy(flow->hold, flow->price, flow->len * sizeof *flow->hold);
    for (guint i = flow->component->len; i < flow->len; i++)
        flow->hold[i] = FAR;
    flow->hold[flow->len] = 0;
    g_array_set_size(flow->settled, 0);
}

/* Whether the node can be reached as the rows say; if not, as they say now. */
static gboolean
is_reached(Flow *flow, guint node)
{
    if (flow->from[node] == FROM_SELF)
        return TRUE;
    guint from = (guint)flow->from[node];
    if (flow->way[from] != NULL && flow->asked[from] == 0)
        return TRUE;
    if (find_mover(flow, from, node, flow->reach[node] - flow->found[from]) >= 0)
        return TRUE;
    flow->reach[node] = flow->home[node];
    flow->from[node] = FROM_SELF;
    for (guint i = 0; i < flow->settled->len; i++) {
        guint other = g_array_index(flow->settled, guint, i);
        Sum extra =
            flow->way[other] != NULL ? flow->way[other][node] : exact_way(flow, other, node);
        if (flow->found[other] + extra < flow->reach[node]) {
            flow->reach[node] = flow->found[other] + extra;
            flow->from[node] = (gint32)other;
        }
    }
    flow->solve->work += flow->settled->len;
    return FALSE;
}

/* Settles @node and relaxes its ways; the next node and its distance. */
static guint
settle(Flow *flow, guint node, Sum *out_distance)
{
    guint next = 0;
    const Sum *way = way_of(flow, node);
    Sum start = flow->reach[node];
    flow->hops[node] = flow->from[node] == FROM_SELF ? 0 : flow->hops[(guint)flow->from[node]] + 1;
    g_array_append_val(flow->settled, node);
    flow->found[node] = start;
    flow->parent[node] = flow->from[node];
    flow->reach[node] = SETTLED_REACH;
    flow->hold[node] = SETTLED_HOLD;
    if (start + way[flow->len] < flow->reach[flow->len]) {
        flow->reach[flow->len] = start + way[flow->len];
        flow->from[flow->len] = (gint32)node;
    }
    for (;; way = flow->no_way) {
        *out_distance = SCAN_RELAX(flow, way, start, flow->reach, flow->hold, flow->from,
                                   (gint32)node, flow->len, &next);
        flow->solve->work += flow->len;
        if (*out_distance >= FAR / 2 || is_reached(flow, next))
            break;
    }
    while (flow->hold[flow->len] == 0 && flow->reach[flow->len] <= *out_distance &&
           !is_reached(flow, flow->len)) {
    }
    return next;
}

static void
end_search(Flow *flow)
{
    for (guint i = 0; i < flow->settled->len; i++) {
        guint node = g_array_index(flow->settled, guint, i);
        flow->reach[node] = flow->found[node];
        flow->from[node] = flow->parent[node];
    }
}

/* Moves as many units as can go along the whole chain, at most @most, from where it begins. */
static void
move_along(Flow *flow, guint from, guint to, gint64 most)
{
    for (guint node = to; node != from; node = (guint)flow->from[node]) {
        guint before = (guint)flow->from[node];
        gint mover = find_mover(flow, before, node, flow->reach[node] - flow->reach[before]);
        g_assert(mover >= 0);
        flow->mover[before] = mover;
        most = MIN(most, (gint64)stay_at(flow, mover)->units);
    }
    for (guint node = to; node != from; node = (guint)flow->from[node]) {
        guint before = (guint)flow->from[node];
        move_units(flow, before, flow->mover[before], node, (gint32)most);
    }
}
