/* Part of assign-flow-body.h: first, everybody to the best while nothing has a price.
 *
 * Nearly every class is asked for its next best later, so its list is made at once, while the row of its
 * town is at hand; the best place is on it. */

static void
place_all(Flow *flow)
{
    note_prices(flow);
    for (guint i = 0; i < flow->component->classes_len; i++) {
        gint32 units = (gint32)flow->solve->units[i];
        Sum value = flow->penalty[flow->classes[i].urgency];
        guint node = flow->len;
        if (units == 0)
            continue;
        if (!is_stopped(flow) || flow->classes[i].urgency == CN_BLOCKER)
            node = best_at_once(flow, i, &value);
        put(flow, node, i, units, value - flow->price[node]);
    }
}
