/* Part of assign-flow-body.h: who stands where.
 *
 * Those who stand at a node are an array, in the order of their coming. Whoever leaves it leaves a gap, so
 * that whoever stands behind keeps his position, which names him. When most of it are gaps, those who are
 * left close up in the same order, and positions name others. A class that comes to where it stands
 * already joins its units there, and has not come anew. */

/* Gaps for each of those who stand at a node before they close up. */
#define GAPS_FOR_ONE 4

static inline Stay *
stay_at(const Flow *flow, guint node, gint at)
{
    return &flow->standing[node].stay[at];
}

/* The last to come of those before position @at; -1 for none. */
static inline gint
stay_before(const Flow *flow, guint node, gint at)
{
    const Stay *stay = flow->standing[node].stay;
    do
        at--;
    while (at >= 0 && stay[at].units == 0);
    return at;
}

static inline gint
last_stay(const Flow *flow, guint node)
{
    return stay_before(flow, node, (gint)flow->standing[node].len);
}

static guint
stays_len(const Flow *flow, guint node)
{
    return flow->standing[node].len - flow->standing[node].gone;
}

/* ---- Where a class stands. */

static PlaceLink *
link_at(const Flow *flow, Place place)
{
    return &flow->standing[place.node].link[place.at];
}

static Place *
place_before(Flow *flow, guint class_index, const PlaceLink *link)
{
    return link->before.node == NOWHERE ? &flow->first_of_class[class_index]
                                        : &link_at(flow, link->before)->next;
}

static void
link_place(Flow *flow, guint class_index, Place place)
{
    PlaceLink *link = link_at(flow, place);
    *link = (PlaceLink){.next = flow->first_of_class[class_index], .before = {.node = NOWHERE}};
    if (link->next.node != NOWHERE)
        link_at(flow, link->next)->before = place;
    flow->first_of_class[class_index] = place;
}

static void
unlink_place(Flow *flow, guint class_index, Place place)
{
    const PlaceLink *link = link_at(flow, place);
    *place_before(flow, class_index, link) = link->next;
    if (link->next.node != NOWHERE)
        link_at(flow, link->next)->before = link->before;
}

/* Where the class stands at the node; -1 nowhere. Mostly a class stands at few nodes; if not, there may be
 * fewer classes at the node, so the two are looked through side by side. */
static gint
find_stay(const Flow *flow, guint node, guint class_index)
{
    Place place = flow->first_of_class[class_index];
    gint at = place.node == NOWHERE ? -1 : last_stay(flow, node);
    for (; at >= 0 && place.node != NOWHERE; place = link_at(flow, place)->next) {
        if (place.node == node)
            return place.at;
        if (stay_at(flow, node, at)->class_index == class_index)
            return at;
        at = stay_before(flow, node, at);
    }
    return -1;
}

/* ---- Coming and leaving. */

static gint
rename_mover(gint at, const gint *now)
{
    return at >= 0 ? now[at] : -1;
}

/* Ways name people by their positions; @now has the new ones. */
static void
rename_movers(Flow *flow, guint node, const gint *now)
{
    const Ways *ways = flow->ways[node];
    if (ways == NULL)
        return;
    flow->unmet_who[node] = rename_mover(flow->unmet_who[node], now);
    for (guint k = 0; k < ways->len; k++)
        for (guint i = 0; i < CN_WORD; i++) {
            Name *who = &ways->pieces[k].row->who[i];
            *who = name_of(flow, rename_mover(position_of(*who), now));
        }
}

static void
move_place(Flow *flow, guint node, guint from, guint to)
{
    Standing *standing = &flow->standing[node];
    const PlaceLink link = standing->link[from];
    const Place place = {.node = node, .at = (gint)to};
    standing->stay[to] = standing->stay[from];
    standing->link[to] = link;
    *place_before(flow, standing->stay[to].class_index, &link) = place;
    if (link.next.node != NOWHERE)
        link_at(flow, link.next)->before = place;
}

/* Room for so many, and a few more. */
static guint
room_for(guint len)
{
    return len + len / 4 + 4;
}

static void
set_room(Standing *standing, guint size)
{
    standing->size = size;
    standing->stay = g_renew(Stay, standing->stay, size);
    standing->link = g_renew(PlaceLink, standing->link, size);
    if (standing->same != NULL)
        standing->same = g_renew(Same, standing->same, size);
}

/* Gives back what was needed where crowds stood that have left. */
static void
give_back_room(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++) {
        Standing *standing = &flow->standing[i];
        if (standing->size > room_for(standing->len))
            set_room(standing, room_for(standing->len));
    }
}

static void
close_gaps(Flow *flow, guint node)
{
    Standing *standing = &flow->standing[node];
    g_autofree gint *now = g_new(gint, standing->len);
    guint len = 0;
    for (guint i = 0; i < standing->len; i++) {
        now[i] = standing->stay[i].units > 0 ? (gint)len++ : -1;
        if (now[i] >= 0)
            move_place(flow, node, i, (guint)now[i]);
    }
    rename_movers(flow, node, now);
    standing->len = len;
    standing->gone = 0;
    forget_kinds(flow, node);
    set_room(standing, room_for(len));
}

/* The position of one more. */
static gint
new_stay(Flow *flow, guint node)
{
    Standing *standing = &flow->standing[node];
    if (GAPS_FOR_ONE * stays_len(flow, node) < standing->gone)
        close_gaps(flow, node);
    if (standing->len == standing->size)
        set_room(standing, room_for(standing->len));
    return (gint)standing->len++;
}

/* @cost is what the class pays at the node, which is among its best. Whether it did not stand there. */
static gboolean
put(Flow *flow, guint node, guint class_index, gint32 units, Sum cost)
{
    const Sum value = cost + flow->price[node];
    gint at = find_stay(flow, node, class_index);
    flow->load[node] += units;
    if (at >= 0) {
        Stay *here = stay_at(flow, node, at);
        here->units += units;
        here->other = MIN(here->other, value);
        return FALSE;
    }
    at = new_stay(flow, node);
    *stay_at(flow, node, at) =
        (Stay){.class_index = class_index, .units = units, .cost = cost, .other = value};
    link_place(flow, class_index, (Place){.node = node, .at = at});
    join_kind(flow, node, at);
    if (flow->ways[node] != NULL)
        lower_ways(flow, node, class_index, cost, at);
    return TRUE;
}

/* Takes @units away from a stay at the node. */
static void
take(Flow *flow, guint node, gint at, gint32 units)
{
    Stay *stay = stay_at(flow, node, at);
    flow->load[node] -= units;
    stay->units -= units;
    if (stay->units > 0)
        return;
    unlink_place(flow, stay->class_index, (Place){.node = node, .at = at});
    leave_kind(flow, node, at);
    flow->standing[node].gone++;
    flow->asked[node] = MAX(1, flow->asked[node]);
}

/* To another place that costs as much, prices included; as put(). */
static gboolean
move_units(Flow *flow, guint node, gint at, guint to, gint32 units)
{
    const Stay stay = *stay_at(flow, node, at);
    take(flow, node, at, units);
    return put(flow, to, stay.class_index, units, stay.cost + flow->price[node] - flow->price[to]);
}

/* ---- The frame. */

static void
make_standing(Flow *flow)
{
    flow->standing = g_new0(Standing, flow->len + 1);
    flow->first_of_class = g_new(Place, flow->component->classes_len + 1);
    for (guint i = 0; i < flow->component->classes_len; i++)
        flow->first_of_class[i] = (Place){.node = NOWHERE};
}

static void
free_standing(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++) {
        g_free(flow->standing[i].stay);
        g_free(flow->standing[i].link);
        g_free(flow->standing[i].same);
        g_free(flow->standing[i].kinds);
    }
    g_free(flow->standing);
    g_free(flow->first_of_class);
}
