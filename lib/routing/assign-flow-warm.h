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
    flow->home[flow->len] = flow->head[flow->len] >= 0 ? 0 : FAR;
    start_search(flow);
}

static void
start_from_nowhere(Flow *flow)
{
    clear_row(flow, flow->home);
}

static guint
nearest_held(const Flow *flow, Sum *out_distance)
{
    guint nearest = 0;
    Sum least = FAR;
    for (guint i = 0; i < flow->component->len; i++)
        if (flow->reach[i] + flow->hold[i] < least) {
            least = flow->reach[i] + flow->hold[i];
            nearest = i;
        }
    *out_distance = least;
    return nearest;
}

/* The nearest column that is short, from anywhere; FALSE where stopped. */
static gboolean
search_short(Flow *flow, guint *out_node, Sum *out_distance)
{
    Sum distance;
    start_from_everywhere(flow);
    guint next = nearest_held(flow, &distance);
    gboolean unmet_waits = flow->reach[flow->len] < FAR;
    for (;;) {
        if (unmet_waits && flow->reach[flow->len] <= distance) {
            next = flow->len;
            unmet_waits = FALSE;
        } else if (is_short(flow, next)) {
            *out_node = next;
            *out_distance = distance;
            end_search(flow);
            return TRUE;
        }
        next = settle(flow, next, &distance);
        if (is_stopped(flow))
            return FALSE;
    }
}

static void
lower_all(Flow *flow, Sum distance)
{
    for (guint i = 0; i < flow->component->len; i++) {
        Sum own = flow->reach[i] + flow->price[i];
        flow->price[i] = MAX(0, flow->price[i] - MIN(own, distance));
    }
}

static void
fill_short(Flow *flow)
{
    guint node;
    Sum distance;
    flow->is_falling = TRUE;
    for (guint i = 0; i < flow->component->len; i++)
        while (is_short(flow, i)) {
            if (!search_short(flow, &node, &distance))
                return;
            guint origin = node;
            while (flow->from[origin] != FROM_SELF)
                origin = (guint)flow->from[origin];
            lower_all(flow, distance);
            if (origin == node)
                continue;
            gint64 most = flow->places[node] - flow->load[node];
            if (origin != flow->len && flow->load[origin] > flow->places[origin])
                most = MIN(most, flow->load[origin] - flow->places[origin]);
            move_along(flow, origin, node, most);
        }
}

/* Prices fell: what stays know of other places is no more than that these are not better. */
static void
forget_others(Flow *flow)
{
    flow->is_falling = FALSE;
    for (guint node = 0; node <= flow->len; node++)
        for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next)
            stay_at(flow, i)->other = stay_at(flow, i)->cost + flow->price[node];
}

/* The least prices that keep everybody where he stands: what an optimum's prices have in common. */
static void
lower_to_least(Flow *flow)
{
    Sum distance;
    for (guint i = 0; i < flow->component->len; i++)
        flow->home[i] = 0;
    if (flow->head[flow->len] >= 0)
        flow->home[flow->len] = 0;
    start_search(flow);
    if (flow->head[flow->len] >= 0)
        settle(flow, flow->len, &distance);
    guint next = nearest_held(flow, &distance);
    while (distance < FAR / 2) {
        next = settle(flow, next, &distance);
        if (is_stopped(flow))
            return;
    }
    end_search(flow);
    for (guint i = 0; i < flow->component->len; i++)
        flow->price[i] = MAX(0, -flow->reach[i]);
}
