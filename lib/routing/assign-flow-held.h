/* Part of assign-flow-body.h: prices that are held up, and places that are filled without a price's changing.
 *
 * A price is held up if somebody would come for less, and to where he is somebody else, and so on from one
 * who waits, is unmet, or is where nobody pays for the place, or pays no more than its use costs: along best columns,
 * which are known.
 * A column that is held up and short of units is filled along that way, and everybody still is at a best
 * place. A search finds such a way for all columns at once; whoever has gone is not there to go once more,
 * so it is repeated until nothing can be filled. */

typedef struct {
    Warm *warm;
    gboolean *held;   /* by node */
    gboolean *told;   /* by class: it is where what holds it up is known */
    guint *by, *from; /* by node: the class that would come, and from where */
    GArray *queue;    /* (element-type guint) nodes */
} Held;
#define BY_NOBODY G_MAXUINT

static void
hold(Held *held, guint node, guint by, guint from)
{
    if (held->held[node])
        return;
    held->held[node] = TRUE;
    held->by[node] = by;
    held->from[node] = from;
    g_array_append_val(held->queue, node);
}

static void
hold_best(Held *held, guint class_index, guint from)
{
    const Warm *warm = held->warm;
    if (held->told[class_index])
        return;
    held->told[class_index] = TRUE;
    for (gint i = warm->ties_of[class_index]; i >= 0; i = tie_at(warm, i)->next)
        if (is_best(warm, class_index, tie_at(warm, i)))
            hold(held, tie_at(warm, i)->column, class_index, from);
    if (warm->value[class_index] == penalty_of(warm, class_index))
        hold(held, warm->flow->len, class_index, from);
}

/* Whether some at the node need not be there, so that what it is asked for holds itself up. */
static gboolean
is_free(const Warm *warm, guint node)
{
    const Flow *flow = warm->flow;
    return flow->price[node] == 0 ||
           (node < flow->component->len && warm->load[node] > needed_at(flow, node));
}

/* What those who wait hold up; or also the unmet, and who need not be where he is. */
static void
find_held(Held *held, gboolean all)
{
    const Warm *warm = held->warm;
    memset(held->held, 0, (warm->waiting + 1) * sizeof *held->held);
    memset(held->told, 0, (warm->flow->component->classes_len + 1) * sizeof *held->told);
    g_array_set_size(held->queue, 0);
    hold(held, warm->waiting, BY_NOBODY, 0);
    for (guint node = 0; all && node <= warm->flow->len; node++)
        if (is_free(warm, node))
            hold(held, node, BY_NOBODY, 0);
    for (guint i = 0; i < held->queue->len; i++) {
        const guint node = g_array_index(held->queue, guint, i);
        for (gint k = warm->spots_at[node]; k >= 0; k = spot_at(warm, k)->next_here)
            if (spot_at(warm, k)->units > 0)
                hold_best(held, spot_at(warm, k)->class_index, node);
    }
}

/* Units move one node further each along the way that was found to @node, at most @most of them. How many. */
static gint32
move_along(Held *held, guint node, gint64 most)
{
    Warm *warm = held->warm;
    const Flow *flow = warm->flow;
    guint root = node;
    while (held->by[root] != BY_NOBODY)
        root = held->from[root];
    if (root < flow->component->len)
        most = MIN(most, warm->load[root] - needed_at(flow, root));
    for (guint to = node; held->by[to] != BY_NOBODY; to = held->from[to])
        most = MIN(most, (gint64)find_spot(warm, held->by[to], held->from[to])->units);
    for (guint to = node; most > 0 && held->by[to] != BY_NOBODY; to = held->from[to]) {
        Spot *spot = find_spot(warm, held->by[to], held->from[to]);
        spot->units -= (gint32)most;
        warm->load[spot->node] -= most;
        const Sum price = to < flow->len ? flow->price[to] : 0;
        add_spot(warm, held->by[to], to, (gint32)most, warm->value[held->by[to]] - price);
    }
    return (gint32)most;
}

/* How many units are missing where the price says that there are none; @any: or where there is room. */
static gint64
missing_at(const Warm *warm, guint node, gboolean any)
{
    if (node == warm->flow->len)
        return any ? G_MAXINT32 : 0;
    return any ? room_of(warm, node) : MAX(0, needed_at(warm->flow, node) - warm->load[node]);
}

/* Whether anybody went anywhere. */
static gboolean
fill_held(Held *held, gboolean any)
{
    gboolean filled = FALSE;
    for (guint i = 0; i < held->queue->len; i++) {
        const guint node = g_array_index(held->queue, guint, i);
        gint64 missing = node != held->warm->waiting && held->by[node] != BY_NOBODY
                             ? missing_at(held->warm, node, any)
                             : 0;
        for (gint32 moved = 1; missing > 0 && moved > 0; missing -= moved) {
            moved = move_along(held, node, missing);
            filled = filled || moved > 0;
        }
    }
    return filled;
}

static void
fill_all_held(Held *held, gboolean all)
{
    do {
        find_held(held, all);
        held->warm->flow->solve->work += held->warm->spots->len + held->warm->ties->len;
    } while (fill_held(held, !all) && !is_stopped(held->warm->flow));
}

static void
held_init(Held *held, Warm *warm)
{
    *held = (Held){.warm = warm,
                   .held = g_new(gboolean, warm->waiting + 1),
                   .told = g_new(gboolean, warm->flow->component->classes_len + 1),
                   .by = g_new(guint, warm->waiting + 1),
                   .from = g_new(guint, warm->waiting + 1),
                   .queue = g_array_new(FALSE, FALSE, sizeof(guint))};
}

static void
held_clear(Held *held)
{
    g_free(held->held);
    g_free(held->told);
    g_free(held->by);
    g_free(held->from);
    g_array_unref(held->queue);
}
