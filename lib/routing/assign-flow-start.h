/* Part of assign-flow-body.h: the frame of starting from a former plan. */

static void
warm_init(Warm *warm, Flow *flow)
{
    const CnComponent *component = flow->component;
    const guint classes = component->classes_len, nodes = flow->len + 2, towns = flow->towns->len;
    *warm = (Warm){.flow = flow,
                   .waiting = flow->len + 1,
                   .spots = g_array_new(FALSE, FALSE, sizeof(Spot)),
                   .spots_at = g_new(gint, nodes),
                   .spots_of = g_new(gint, classes + 1),
                   .ties = g_array_new(FALSE, FALSE, sizeof(Tie)),
                   .ties_of = g_new(gint, classes + 1),
                   .rests = g_array_new(FALSE, FALSE, sizeof(Rest)),
                   .load = g_new0(gint64, nodes),
                   .value = g_new0(Sum, classes + 1),
                   .first_value = g_new0(Sum, classes + 1),
                   .key = g_new(Sum, classes + 1),
                   .town_ends = g_new0(guint, towns + 1),
                   .most = g_new(Sum, towns + 1),
                   .most_free = g_new(Sum, towns + 1),
                   .floor = g_new(Sum, nodes),
                   .blockers = g_array_new(FALSE, FALSE, sizeof(guint)),
                   .columns = g_new(guint, nodes),
                   .sums = g_new(Sum, nodes),
                   .word_price = g_new0(Sum, row_len(flow) - flow->len)};
    for (guint i = 0; i < nodes; i++) {
        warm->spots_at[i] = -1;
        warm->floor[i] = FAR;
    }
    for (guint i = 0; i < classes; i++) {
        warm->spots_of[i] = warm->ties_of[i] = -1;
        warm->key[i] = -FAR;
    }
    for (guint i = 0; i < towns; i++)
        warm->most[i] = warm->most_free[i] = -FAR;
    /* Columns without end are worth nothing. */
    for (guint i = 0; i < component->len; i++)
        if (flow->places[i] == G_MAXINT64)
            flow->price[i] = 0;
}

static void
warm_clear(Warm *warm)
{
    g_array_unref(warm->spots);
    g_free(warm->spots_at);
    g_free(warm->spots_of);
    g_array_unref(warm->ties);
    g_free(warm->ties_of);
    g_array_unref(warm->rests);
    g_free(warm->load);
    g_free(warm->value);
    g_free(warm->first_value);
    g_free(warm->key);
    g_free(warm->town_ends);
    g_free(warm->most);
    g_free(warm->most_free);
    g_free(warm->floor);
    g_array_unref(warm->blockers);
    g_free(warm->columns);
    g_free(warm->sums);
    g_free(warm->word_price);
}

/* What anybody pays at a column who pays for the way, without the way. */
static void
find_floors(Warm *warm)
{
    const Flow *flow = warm->flow;
    for (guint i = 0; i < flow->market->asks->len; i++) {
        const CnAsk *ask = cn_market_ask(flow->market, i);
        if (ask->component != (gint)flow->solve->component || ask->service == CN_SERVICE_NONE)
            continue;
        const guint end = MIN(ask->end * CN_WORD, flow->component->len);
        for (guint column = ask->first * CN_WORD; column < end; column++)
            warm->floor[column] = MIN(warm->floor[column], (Sum)ask->fixed[column]);
    }
}

/* Those who wait to where there is room by now, or else to a best column, which is crowded then. */
static void
stop_waiting(Warm *warm, guint class_index, gint32 units)
{
    Flow *flow = warm->flow;
    gint best = -1;
    for (gint i = warm->ties_of[class_index]; i >= 0 && units > 0; i = tie_at(warm, i)->next) {
        const Tie tie = *tie_at(warm, i);
        if (!is_best(warm, class_index, &tie))
            continue;
        const gint32 here = (gint32)MIN((gint64)units, room_at(flow, tie.column));
        if (here > 0)
            put(flow, tie.column, class_index, here, tie.cost);
        units -= here;
        best = i;
    }
    if (units > 0)
        put(flow, tie_at(warm, best)->column, class_index, units, tie_at(warm, best)->cost);
}

static void
stand_at_nodes(Warm *warm)
{
    for (guint i = 0; i < warm->spots->len; i++) {
        const Spot *spot = spot_at(warm, (gint)i);
        if (spot->units > 0 && spot->node != warm->waiting)
            put(warm->flow, spot->node, spot->class_index, spot->units, spot->cost);
    }
    for (guint i = 0; i < warm->spots->len; i++) {
        const Spot *spot = spot_at(warm, (gint)i);
        if (spot->units > 0 && spot->node == warm->waiting)
            stop_waiting(warm, spot->class_index, spot->units);
    }
}

/* What is known of the state to begin with. */
typedef enum {
    START_COLD,  /* nobody is anywhere, and nothing has a price */
    START_LEAST, /* no price is above the least one of an optimum */
    START_ANY    /* columns may be short, and prices too high */
} Start;

static Start
start_warm(Flow *flow)
{
    Warm warm;
    Start start = START_COLD;
    warm_init(&warm, flow);
    find_floors(&warm);
    if (place_all_warm(&warm)) {
        /* Where rows of minutes come and go, looking at one column costs as much as looking at all. The one
         * search over everything knows no places that close. */
        if (flow->views != NULL && let_all_fall(&warm))
            start = START_LEAST;
        else if (flow->opening_extra == NULL)
            start = START_ANY;
    }
    if (start != START_COLD)
        stand_at_nodes(&warm);
    warm_clear(&warm);
    for (guint i = 0; start == START_COLD && i < flow->component->len; i++) {
        flow->price[i] = 0;
        close_places(flow, i);
    }
    return start;
}
