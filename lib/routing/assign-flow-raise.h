/* Part of assign-flow-body.h: crowded columns raise their price to what makes the excess leave.
 *
 * Whoever has the least to lose leaves. What somebody would lose is at least what was found once, so of
 * all who stand at the column the first ones that make up the excess are chosen by that, and those of
 * them who were not asked yet are asked. They may lose more than was thought, and not be among the first:
 * so it is chosen again, until all who are chosen were asked. Nobody else loses less than they. */

/* Rounds of raising prices before chains of moves take over. More of them only bid up what a few
 * columns compete for. */
#define RAISE_ROUNDS 8

static Loser *
loser_at(const Flow *flow, guint i)
{
    return &g_array_index(flow->losers, Loser, i);
}

static void
list_losers(Flow *flow, guint column)
{
    const Sum own = flow->price[column];
    g_array_set_size(flow->losers, 0);
    for (gint i = last_stay(flow, column); i >= 0; i = stay_before(flow, column, i)) {
        const Stay *stay = stay_at(flow, column, i);
        const Loser loser = {.loss = MAX(0, stay->other - own - stay->cost),
                             .class_index = stay->class_index,
                             .node = NOT_ASKED,
                             .at = i,
                             .units = stay->units};
        g_array_append_val(flow->losers, loser);
    }
}

static gboolean
leaves_before(const Loser *a, const Loser *b)
{
    return a->loss != b->loss ? a->loss < b->loss : a->class_index < b->class_index;
}

static void
swap_losers(Loser *a, Loser *b)
{
    const Loser was = *a;
    *a = *b;
    *b = was;
}

/* Puts those of [first, end) who leave before the one in the middle to the front. How many, and their
 * units. At least two are there; he himself is the first of the others. */
static guint
part_losers(Flow *flow, guint first, guint end, gint64 *out_units)
{
    Loser *losers = loser_at(flow, 0);
    guint before = first;
    *out_units = 0;
    swap_losers(&losers[first + (end - first) / 2], &losers[end - 1]);
    const Loser pivot = losers[end - 1];
    for (guint i = first; i < end - 1; i++)
        if (leaves_before(&losers[i], &pivot)) {
            *out_units += losers[i].units;
            swap_losers(&losers[before++], &losers[i]);
        }
    swap_losers(&losers[before], &losers[end - 1]);
    return before - first;
}

/* Puts the first who make up the excess to the front, the last of them behind the others; how many. */
static guint
choose_losers(Flow *flow, gint64 excess)
{
    guint first = 0, end = flow->losers->len;
    while (end - first > 1) {
        gint64 units;
        guint before = part_losers(flow, first, end, &units);
        if (units >= excess) {
            end = first + before;
        } else {
            /* The one in the middle, too, if he is not the last who is needed. */
            units += loser_at(flow, first + before)->units;
            first += before;
            if (units >= excess)
                return first + 1;
            excess -= units;
            first++;
        }
    }
    return end;
}

/* Whether all of the first ones had been asked. */
static gboolean
ask_losers(Flow *flow, guint column, guint len)
{
    const Sum own = flow->price[column];
    gboolean asked = TRUE;
    for (guint i = 0; i < len; i++) {
        Loser *loser = loser_at(flow, i);
        if (loser->node != NOT_ASKED)
            continue;
        Stay *stay = stay_at(flow, column, loser->at);
        loser->node = second_best(flow, loser->class_index, column, &stay->other);
        loser->loss = stay->other - own - stay->cost;
        asked = FALSE;
    }
    return asked;
}

static void
send_loser(Flow *flow, guint column, Sum own, const Loser *loser)
{
    const gint64 excess = flow->load[column] - flow->places[column];
    flow->price[column] = own + loser->loss;
    move_units(flow, column, loser->at, loser->node, (gint32)MIN(excess, (gint64)loser->units));
}

/* Until the excess is gone, or more places can be had. */
static void
raise_once(Flow *flow, guint column)
{
    const Sum own = flow->price[column], opening = next_opening(flow, column);
    guint len;
    list_losers(flow, column);
    do
        len = choose_losers(flow, flow->load[column] - flow->places[column]);
    while (!ask_losers(flow, column, len));
    const Sum most = loser_at(flow, len - 1)->loss;
    /* Nobody leaves before places are had that cost no more than leaving. */
    for (guint i = 0; i < len; i++)
        if (own + loser_at(flow, i)->loss < opening)
            send_loser(flow, column, own, loser_at(flow, i));
    if (own + most >= opening) {
        flow->price[column] = opening;
        open_places(flow, column);
    }
    note_price(flow, column);
}

static void
raise_prices(Flow *flow)
{
    gboolean again = TRUE;
    for (guint round = 0; again && round < RAISE_ROUNDS; round++) {
        again = FALSE;
        for (guint i = 0; i < flow->component->end && !is_stopped(flow); i++)
            for (; is_crowded(flow, i); again = TRUE)
                raise_once(flow, i);
    }
}
