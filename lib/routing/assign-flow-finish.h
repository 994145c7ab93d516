/* Part of assign-flow-body.h: all of it from beginning to end, and what is answered. */

/* What those at the columns pay for more than the first places, as far as these can be had. Where there are passes they
 * pay it. */
static gint64
cost_of_slots(const Flow *flow)
{
    const CnComponent *component = flow->component;
    gint64 cost = 0;
    for (guint i = 0; flow->opening_extra != NULL && i < component->len; i++) {
        gint64 left = flow->load[i];
        for (guint slot = component->first_slot[i]; left > 0 && slot < flow->opening[i]; slot++) {
            const gint64 here = MIN(left, flow->opening_places[slot]);
            cost += here * flow->opening_extra[slot];
            left -= here;
        }
    }
    return cost;
}

static CnLevels
levels_of(Flow *flow)
{
    CnLevels levels = {{0}, cost_of_slots(flow)};
    for (guint node = 0; node <= flow->len; node++) {
        for (gint i = last_stay(flow, node); i >= 0; i = stay_before(flow, node, i)) {
            const Stay *stay = stay_at(flow, node, i);
            const CnClass *one = &flow->classes[stay->class_index];
            if (node < flow->len)
                levels.cost += (gint64)stay->units * stay->cost;
            else if (one->urgency != CN_BLOCKER)
                levels.unmet[one->urgency] += stay->units;
        }
    }
    return levels;
}

static void
give_placed(Flow *flow)
{
    for (guint node = 0; node <= flow->len; node++) {
        for (gint i = last_stay(flow, node); i >= 0; i = stay_before(flow, node, i)) {
            const Stay *stay = stay_at(flow, node, i);
            CnPlaced placed = {.class_index = flow->component->classes_first + stay->class_index,
                               .column = node == flow->len ? -1 : (gint)node,
                               .units = stay->units};
            g_array_append_val(flow->solve->placed, placed);
        }
    }
}

/* Where prices may fall, the unmet give units. */
static gboolean
needs_ways_of_unmet(const Flow *flow, Start start)
{
    return !KEEPS_WAYS_OF_UNMET && start == START_ANY && flow->solve->stopped == CN_STOPPED_NOT;
}

static CnFlowEnd
flow_solve(CnSolve *solve, Sum step)
{
    Flow flow;
    gboolean relaxed = FALSE; /* whether what stands is the best with more places */
    flow_init(&flow, solve, step);
    const Start start = solve->warm ? start_warm(&flow) : START_COLD;
    if (needs_ways_of_unmet(&flow, start)) {
        flow_clear(&flow);
        return CN_FLOW_WAYS;
    }
    if (start == START_COLD)
        place_all(&flow);
    if (start == START_ANY && !is_stopped(&flow))
        fill_short(&flow);
    if (solve->stopped == CN_STOPPED_NOT) {
        relaxed = TRUE;
        if (start == START_COLD)
            raise_prices(&flow);
        forget_near(&flow);
        give_back_room(&flow);
        empty_all_crowded(&flow);
    }
    if (start == START_ANY && !is_stopped(&flow))
        lower_to_least(&flow);
    gboolean told = give_prices(&flow);
    if (told) {
        solve->bound = relaxed ? levels_of(&flow) : (CnLevels){0};
        if (solve->stopped != CN_STOPPED_NOT)
            make_feasible(&flow);
        solve->primal = levels_of(&flow);
        give_placed(&flow);
    }
    flow_clear(&flow);
    return told ? CN_FLOW_DONE : CN_FLOW_SUMS;
}
