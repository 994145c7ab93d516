/* Part of assign-flow-body.h: what a stopped run gives. Whoever is too many, or was not asked about yet, goes where there is room,
 * the most urgent first. */

typedef struct {
    Stay stay;
    gint at; /* position at the column that it stood at */
} Sent;

/* A quota within another one is kept first: its blockers have fewer places to go. */
static guint
choices_of(const Flow *flow, const Stay *stay)
{
    const CnProfile *profile =
        cn_market_profile(flow->market, flow->classes[stay->class_index].profile);
    const guint64 *words = cn_market_bitmap(flow->market, profile->bits);
    guint columns = 0;
    for (guint i = 0; i < flow->component->words; i++)
        columns += (guint)__builtin_popcountll(words[i]);
    return columns;
}

/* Blockers before all people; of those the most urgent. */
static Sum
weight_of(const Flow *flow, const Stay *stay)
{
    return flow->penalty[flow->classes[stay->class_index].urgency];
}

static gint
compare_urgency(gconstpointer a, gconstpointer b, gpointer data)
{
    const Flow *flow = data;
    const Stay *x = &((const Sent *)a)->stay, *y = &((const Sent *)b)->stay;
    Sum p = weight_of(flow, x), q = weight_of(flow, y);
    if (p != q)
        return p > q ? -1 : 1;
    if (p == flow->penalty[CN_BLOCKER] && choices_of(flow, x) != choices_of(flow, y))
        return choices_of(flow, x) < choices_of(flow, y) ? -1 : 1;
    return (x->class_index > y->class_index) - (x->class_index < y->class_index);
}

static gboolean
has_blockers(const Flow *flow)
{
    for (guint i = 0; i < flow->component->classes_len; i++)
        if (flow->classes[i].urgency == CN_BLOCKER)
            return TRUE;
    return FALSE;
}

/* Takes away from a column what is more than @most, the least urgent first. */
static void
send_away(Flow *flow, guint column, gint64 most, GArray *sent)
{
    g_autoptr(GArray) here = g_array_new(FALSE, FALSE, sizeof(Sent));
    for (gint i = last_stay(flow, column); i >= 0; i = stay_before(flow, column, i)) {
        const Sent one = {.stay = *stay_at(flow, column, i), .at = i};
        g_array_append_val(here, one);
    }
    g_array_sort_with_data(here, compare_urgency, flow);
    for (guint i = here->len; i > 0 && flow->load[column] > most; i--) {
        Sent one = g_array_index(here, Sent, i - 1);
        gint64 excess = flow->load[column] - most;
        one.stay.units = (gint32)MIN(excess, (gint64)one.stay.units);
        take(flow, column, one.at, one.stay.units);
        g_array_append_val(sent, one);
    }
}

/* Columns without room cost FAR, the others nothing. How many have room. */
static guint
hold_full(Flow *flow)
{
    guint rooms = 0;
    for (guint i = 0; i < flow->len; i++) {
        const gboolean room = flow->load[i] < flow->places[i];
        flow->hold[i] = room ? 0 : FAR;
        rooms += room ? 1 : 0;
    }
    return rooms;
}

/* Where nobody has room any more nobody is asked. */
static void
place_sent(Flow *flow, const GArray *sent)
{
    guint rooms = hold_full(flow);
    for (guint i = 0; i < sent->len; i++) {
        Stay one = g_array_index(sent, Sent, i).stay;
        while (one.units > 0) {
            Sum value = flow->penalty[flow->classes[one.class_index].urgency];
            guint node = rooms > 0 ? best_node(flow, one.class_index,
                                               view_of(flow, one.class_index), flow->hold, &value)
                                   : flow->len;
            gint32 units = one.units;
            if (node != flow->len)
                units = (gint32)MIN((gint64)units, flow->places[node] - flow->load[node]);
            put(flow, node, one.class_index, units, value);
            if (node != flow->len && flow->load[node] >= flow->places[node]) {
                flow->hold[node] = FAR;
                rooms--;
            }
            one.units -= units;
        }
    }
}

/* However dear they are. */
static void
open_all_places(Flow *flow)
{
    for (guint i = 0; flow->opening_extra != NULL && i < flow->component->len; i++) {
        flow->places[i] = flow->solve->places[i];
        flow->opening[i] = flow->opening_end[i];
    }
}

/* People find room where blockers have left it. */
static void
leave_room(Flow *flow)
{
    const CnComponent *component = flow->component;
    for (guint i = 0; i < component->len; i++)
        if (component->back[i] > 0)
            flow->places[i] = flow->places[component->back[i]] - flow->load[component->back[i]];
}

/* As many as there are people go to the back, those that pay least. */
static void
place_passes(Flow *flow)
{
    const CnComponent *component = flow->component;
    g_autofree gint64 *people = g_memdup2(flow->load, flow->len * sizeof *flow->load);
    for (guint i = 0; i < component->classes_len; i++) {
        guint column;
        if (!cn_market_is_pass(flow->market, &flow->classes[i]))
            continue;
        const CnSlot *slot =
            cn_market_slot_of_pass(flow->market, component, &flow->classes[i], &column);
        const gint32 units = (gint32)flow->solve->units[i],
                     used = (gint32)MIN((gint64)units, people[column]);
        people[column] -= used;
        if (used > 0)
            put(flow, component->back[column], i, used,
                (Sum)(slot->extra - component->extra[column]));
        if (units > used)
            put(flow, column, i, units - used, 0);
    }
}

/* Of those who were sent away: blockers, or people. Passes are placed last. */
static GArray *
sent_of(const Flow *flow, const GArray *sent, gboolean blockers)
{
    GArray *some = g_array_new(FALSE, FALSE, sizeof(Sent));
    for (guint i = 0; i < sent->len; i++) {
        const Sent *one = &g_array_index(sent, Sent, i);
        const CnClass *of = &flow->classes[one->stay.class_index];
        if ((of->urgency == CN_BLOCKER) == blockers && !cn_market_is_pass(flow->market, of))
            g_array_append_val(some, *one);
    }
    return some;
}

static void
make_feasible(Flow *flow)
{
    g_autoptr(GArray) sent = g_array_new(FALSE, FALSE, sizeof(Sent));
    const gboolean all = has_blockers(flow);
    open_all_places(flow);
    for (guint i = 0; i < flow->component->end; i++)
        if (all || flow->load[i] > flow->places[i])
            send_away(flow, i, all ? 0 : flow->places[i], sent);
    send_away(flow, flow->len, 0, sent);
    g_array_sort_with_data(sent, compare_urgency, flow);
    g_autoptr(GArray) blockers = sent_of(flow, sent, TRUE);
    g_autoptr(GArray) people = sent_of(flow, sent, FALSE);
    place_sent(flow, blockers);
    leave_room(flow);
    place_sent(flow, people);
    place_passes(flow);
}
