/* Part of assign-flow-body.h: first, everybody to the best at the prices given.
 *
 * At former prices a class has many places that are equally good: whoever is the last to leave a column
 * is told by its price that the next one is no worse. The first of them would be crowded and the others
 * short, and each unit that is in the wrong one costs a search later. So a class goes where there is
 * room, and first where a price says that it must be filled.
 *
 * Nearly every class is asked for its next best later, so its list is made at once, while the row of its
 * town is at hand; the best place is on it. */

static gint64
room_at(const Flow *flow, guint node)
{
    return node == flow->len ? G_MAXINT64 : MAX(0, flow->places[node] - flow->load[node]);
}

/* Sends as many of @units as find room to columns of the list that cost @value, those with a price or
 * those without; how many are left. */
static gint32
put_equal(Flow *flow, guint class_index, Sum value, gboolean priced, gint32 units)
{
    const NearList list = *near_of(flow, class_index);
    for (guint i = 0; i < list.len && units > 0; i++) {
        guint column = list.column[i];
        if (list.cost[i] + flow->price[column] != value || (flow->price[column] > 0) != priced)
            continue;
        gint32 here = (gint32)MIN((gint64)units, room_at(flow, column));
        if (here > 0)
            put(flow, column, class_index, here, list.cost[i]);
        units -= here;
    }
    return units;
}

static void
place_class(Flow *flow, guint class_index, gint32 units)
{
    Sum value;
    guint node = best_at_once(flow, class_index, &value);
    if (flow->solve->warm && node != flow->len &&
        (flow->price[node] == 0 || room_at(flow, node) < units)) {
        units = put_equal(flow, class_index, value, TRUE, units);
        units = put_equal(flow, class_index, value, FALSE, units);
    }
    if (units > 0)
        put(flow, node, class_index, units, value - flow->price[node]);
}

static void
place_all(Flow *flow)
{
    note_prices(flow);
    for (guint i = 0; i < flow->component->classes_len; i++) {
        gint32 units = (gint32)flow->solve->units[i];
        if (units > 0 && is_stopped(flow) && flow->classes[i].urgency != CN_BLOCKER)
            put(flow, flow->len, i, units, flow->penalty[flow->classes[i].urgency]);
        else if (units > 0)
            place_class(flow, i, units);
    }
    /* Prices may fall now, and what is not on a list become better than the list says. */
    if (flow->solve->warm)
        memset(flow->known, 0, flow->component->classes_len * sizeof *flow->known);
}
