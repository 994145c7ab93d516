/* Part of assign-flow-body.h: starting from former prices.
 *
 * A price from yesterday may be too high today: its column is short of units. Then either the price
 * falls, or units come along a chain of moves, whichever is nearer. The search starts from every place
 * that a unit may come from: the unmet, crowded columns, and any column at the cost of its price,
 * since a place that is left empty must be worth nothing. In the end prices are lowered to the least
 * ones, so that they do not remember where they came from. */

static gboolean
is_short(const Flow *flow, guint column)
{
    return flow->price[column] > 0 && flow->load[column] < flow->places[column];
}

static void
start_from_everywhere(Flow *flow)
{
    for (guint i = 0; i < flow->component->len; i++)
        flow->home[i] = flow->load[i] > flow->places[i]          ? -flow->price[i]
                        : flow->load[i] > 0 || is_short(flow, i) ? 0
                                                                 : FAR;
    flow->home[flow->len] = stays_len(flow, flow->len) > 0 ? 0 : FAR;
    start_search(flow);
}

static void
start_from_nowhere(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++)
        flow->home[i] = FAR;
}

static guint
count_short(const Flow *flow)
{
    guint found = 0;
    for (guint i = 0; i < flow->component->len; i++)
        found += is_short(flow, i) ? 1 : 0;
    return found;
}

/* Everybody's price falls by @distance, but not below what keeps those in the tree where they are. */
static void
lower_all(Flow *flow, Sum distance)
{
    for (guint i = 0; i < flow->component->len; i++)
        flow->price[i] = MAX(0, is_settled(flow, i) ? -flow->found[i] : flow->hold[i] - distance);
}

/* Whether a node that is not settled is short at the price that the search has come to. */
static gboolean
is_wanting(const Flow *flow, guint node, Sum distance)
{
    return node != flow->len && flow->load[node] < flow->places[node] &&
           flow->hold[node] > distance;
}

/* Units come to a column that is short. */
static void
fill_from_tree(Flow *flow, guint column, Sum distance)
{
    for (guint i = 0; i < flow->settled->len; i++) {
        guint node = g_array_index(flow->settled, guint, i);
        flow->price[node] = MAX(0, -flow->found[node]);
    }
    flow->price[column] = flow->hold[column] - distance;
    send_units(flow, column, flow->places[column] - flow->load[column], distance);
}

/* One search for all, from every place that a unit may come from. */
static void
fill_short(Flow *flow)
{
    guint left = count_short(flow);
    Sum distance = 0, fallen = 0;
    if (left == 0)
        return;
    flow->is_falling = TRUE;
    start_from_everywhere(flow);
    guint next = nearest(flow, &distance);
    while (left > 0 && !is_stopped(flow)) {
        /* The unmet, whose price never falls, may be reached anew from less far away. */
        fallen = MAX(fallen, distance);
        if (is_wanting(flow, next, distance)) {
            fill_from_tree(flow, next, distance);
            left -= is_short(flow, next) ? 0 : 1;
            next = nearest(flow, &distance);
            continue;
        }
        /* Nothing was nearer than its being worth nothing. */
        if (next != flow->len && flow->from[next] == FROM_SELF && is_short(flow, next)) {
            flow->price[next] = 0;
            left--;
        }
        next = settle(flow, next, &distance);
    }
    lower_all(flow, fallen);
    flow->is_falling = FALSE;
    start_from_nowhere(flow);
}

/* The least prices that keep everybody where he stands: what an optimum's prices have in common. */
static void
lower_to_least(Flow *flow)
{
    Sum distance;
    for (guint i = 0; i < flow->component->len; i++)
        flow->home[i] = 0;
    if (stays_len(flow, flow->len) > 0)
        flow->home[flow->len] = 0;
    flow->home_most = 0;
    start_search(flow);
    if (stays_len(flow, flow->len) > 0)
        settle(flow, flow->len, &distance);
    guint next = nearest(flow, &distance);
    while (distance < FAR / 2) {
        next = settle(flow, next, &distance);
        if (is_stopped(flow))
            return;
    }
    for (guint i = 0; i < flow->component->len; i++)
        flow->price[i] = MAX(0, -flow->found[i]);
}
