/* Part of assign-flow-body.h: rows of ways, and searches over them.
 *
 * The row of a node holds for every other node the least extra cost of any unit that stands here. It
 * is made by scanning the classes that stand here, when it is first needed. Whoever comes lowers it;
 * when somebody leaves it is left as it is, and says from then on "no less than this". The row also
 * says whose way it is: while that one is here, the way is right. Otherwise what a search wants to use
 * is looked up among those who are still here (-leavers), and corrected where nobody is left who would go
 * for so little. When that has cost as much as making the row again, it is made again. Of those who go
 * for the same it is always the last to come who is named, so the answer does not depend on which rows
 * are kept. */

#define FROM_SELF (-1)
/* Columns that are scanned in the time that it takes to look one up. */
#define COLUMNS_FOR_ONE 16

static void
clear_row(const Flow *flow, Sum *row)
{
    for (guint i = 0; i <= flow->len; i++)
        row[i] = FAR;
}

/* A row of the cache for the node, which may take it away from another. */
static void
claim_row(Flow *flow, guint node)
{
    guint slot = flow->ways_len;
    if (slot < flow->ways_most) {
        flow->way[node] = g_new(Sum, flow->len + 1);
        flow->who[node] = g_new(gint32, flow->len + 1);
        flow->ways_len++;
    } else {
        /* What is settled may be asked for soon. */
        for (guint i = 1; i < flow->ways_most && flow->starts[flow->ways_hand] != FAR; i++)
            flow->ways_hand = (flow->ways_hand + 1) % flow->ways_most;
        slot = flow->ways_hand;
        guint old = flow->way_ring[slot];
        flow->way[node] = g_steal_pointer(&flow->way[old]);
        flow->who[node] = g_steal_pointer(&flow->who[old]);
        flow->ways_hand = (slot + 1) % flow->ways_most;
    }
    flow->way_ring[slot] = node;
    flow->slot[node] = slot;
    flow->starts[slot] = FAR;
}

/* Whether those who were asked cost as much as scanning all who stand at the node. */
static gboolean
is_asked_out(const Flow *flow, guint node)
{
    return flow->asked[node] / (flow->len / COLUMNS_FOR_ONE + 1) > stays_len(flow, node);
}

static const Sum *
way_of(Flow *flow, guint node)
{
    if (flow->way[node] != NULL && !is_asked_out(flow, node))
        return flow->way[node];
    if (flow->way[node] == NULL)
        claim_row(flow, node);
    Row row = {.sum = flow->way[node], .who = flow->who[node]};
    Sum *mirror = mirror_of(flow, node);
    flow->asked[node] = 0;
    clear_row(flow, row.sum);
    for (gint i = last_stay(flow, node); i >= 0; i = stay_before(flow, node, i))
        lower_by(flow, stay_at(flow, node, i)->class_index, stay_at(flow, node, i)->cost, 0, &row,
                 i);
    for (guint i = 0; i <= flow->len; i++)
        mirror[(gsize)i * flow->slots] = row.sum[i];
    return row.sum;
}

/* ---- Who goes. */

/* Whether nobody left since the row of the node was made. */
static gboolean
is_exact(const Flow *flow, guint node)
{
    return flow->way[node] != NULL && flow->asked[node] == 0;
}

/* Who is named for the way, if he goes for so much more and is still here; else -1. */
static gint
named_mover(const Flow *flow, guint node, guint to, Sum extra)
{
    gint named = flow->way[node] != NULL && flow->way[node][to] == extra ? flow->who[node][to] : -1;
    return named >= 0 && stay_at(flow, node, named)->units > 0 ? named : -1;
}

static void
name_mover(Flow *flow, guint node, guint to, Sum extra, gint at)
{
    if (flow->way[node] == NULL)
        return;
    flow->way[node][to] = extra;
    flow->who[node][to] = at;
    mirror_of(flow, node)[(gsize)to * flow->slots] = extra;
}

/* A unit that goes from @node to @to for so much more; -1 for none, and then the row is corrected.
 * @node has nobody who goes for less. */
static gint
find_mover(Flow *flow, guint node, guint to, Sum extra)
{
    Sum least;
    gint named = named_mover(flow, node, to, extra);
    if (named >= 0 || is_exact(flow, node))
        return named;
    if (flow->way[node] != NULL && is_asked_out(flow, node)) {
        way_of(flow, node);
        return named_mover(flow, node, to, extra);
    }
    named = least_leaver(flow, node, to, &least);
    name_mover(flow, node, to, least, named);
    return least == extra ? named : -1;
}

static Sum
exact_way(Flow *flow, guint node, guint to)
{
    Sum least;
    least_leaver(flow, node, to, &least);
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
    for (guint i = 0; i < flow->slots; i++)
        flow->starts[i] = FAR;
    g_array_set_size(flow->settled, 0);
}

static gboolean
is_settled(const Flow *flow, guint node)
{
    return flow->hold[node] == SETTLED_HOLD;
}

static void
reach_from(Flow *flow, guint node, guint from, Sum reach)
{
    if (reach >= flow->reach[node])
        return;
    flow->reach[node] = reach;
    flow->from[node] = (gint32)from;
}

/* How near the node can be reached over a row that is kept, and over which slot. */
static Sum
least_start(Flow *flow, guint node, guint *out_slot)
{
    Sum *column = flow->turned + (gsize)node * flow->slots;
    flow->solve->work += flow->slots;
    /* No ways relax nothing: this finds the least of the sums. */
    return SCAN_RELAX(flow, flow->no_way, 0, column, flow->starts, flow->from, 0, flow->slots,
                      out_slot);
}

/* Reaches the node anew, from what is settled now. */
static void
reach_again(Flow *flow, guint node)
{
    guint slot = 0;
    flow->reach[node] = flow->home[node];
    flow->from[node] = FROM_SELF;
    Sum least = least_start(flow, node, &slot);
    if (least < FAR)
        reach_from(flow, node, flow->way_ring[slot], least);
    for (guint i = 0; flow->ways_most <= flow->len && i < flow->settled->len; i++) {
        guint other = g_array_index(flow->settled, guint, i);
        if (flow->way[other] == NULL)
            reach_from(flow, node, other, flow->found[other] + exact_way(flow, other, node));
    }
}

/* Whether the node can be reached as the rows say; if not, it is reached as they say now. */
static gboolean
is_reached(Flow *flow, guint node)
{
    if (flow->from[node] == FROM_SELF)
        return TRUE;
    guint from = (guint)flow->from[node];
    if (is_settled(flow, from)) {
        Sum extra = flow->reach[node] - flow->found[from];
        if (is_exact(flow, from) ? flow->way[from][node] == extra
                                 : find_mover(flow, from, node, extra) >= 0)
            return TRUE;
    }
    reach_again(flow, node);
    return FALSE;
}

/* Relaxes a row of ways; the next node and its distance, the unmet only where it is nearer. */
static guint
reach_next(Flow *flow, const Sum *way, Sum start, guint node, Sum *out_distance)
{
    guint next = 0;
    for (;; way = flow->no_way, start = 0) {
        *out_distance = SCAN_RELAX(flow, way, start, flow->reach, flow->hold, flow->from,
                                   (gint32)node, flow->len, &next);
        flow->solve->work += flow->len;
        if (*out_distance >= FAR / 2 || is_reached(flow, next))
            break;
    }
    while (!is_settled(flow, flow->len) && flow->reach[flow->len] < *out_distance) {
        if (is_reached(flow, flow->len)) {
            *out_distance = flow->reach[flow->len];
            return flow->len;
        }
    }
    return next;
}

/* The nearest node that is not settled. */
static guint
nearest(Flow *flow, Sum *out_distance)
{
    return reach_next(flow, flow->no_way, 0, 0, out_distance);
}

/* Settles @node and relaxes its ways; the next node and its distance. */
static guint
settle(Flow *flow, guint node, Sum *out_distance)
{
    const Sum *way = way_of(flow, node);
    Sum start = flow->reach[node];
    g_array_append_val(flow->settled, node);
    flow->found[node] = flow->starts[flow->slot[node]] = start;
    flow->parent[node] = flow->from[node];
    flow->reach[node] = SETTLED_REACH;
    flow->hold[node] = SETTLED_HOLD;
    if (start + way[flow->len] < flow->reach[flow->len]) {
        flow->reach[flow->len] = start + way[flow->len];
        flow->from[flow->len] = (gint32)node;
    }
    return reach_next(flow, way, start, node, out_distance);
}
