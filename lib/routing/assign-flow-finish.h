/* Part of assign-flow-body.h: prices in and out, what a stopped run gives, and the frame around it
 * all.
 *
 * A component counts in steps of its own, small enough for the sums. A price is so many steps (the
 * tier of the unit that has to go without) and a rest, a sum of cost differences along a chain. While
 * every rest is much less than half a step, the two can be told apart and put together again with the
 * market's step, without a change in any comparison. */

static Sum
price_from_market(const Flow *flow, gint64 price)
{
    gint64 market_step = flow->market->step;
    gint64 steps = CLAMP((price + market_step / 2) / market_step, 0, CN_WEIGHTS_MOST);
    gint64 rest = CLAMP(price - steps * market_step, -(gint64)(flow->step / 2), flow->step / 2);
    return (Sum)MAX(0, steps * flow->step + rest);
}

static gint64
price_to_market(const Flow *flow, Sum price, Sum *out_rest)
{
    gint64 steps = ((gint64)price + flow->step / 2) / flow->step;
    gint64 rest = (gint64)price - steps * flow->step;
    *out_rest = (Sum)ABS(rest);
    return steps * flow->market->step + rest;
}

/* Whether all prices can be told in steps and rests; then they are. */
static gboolean
give_prices(Flow *flow)
{
    Sum most = 0, rest;
    for (guint i = 0; i < flow->component->end; i++) {
        price_to_market(flow, flow->price[i], &rest);
        most = MAX(most, rest);
    }
    if (2 * (gint64)most + flow->component->cost_most >= flow->step &&
        flow->step != flow->market->step)
        return FALSE;
    for (guint i = 0; i < flow->component->end; i++)
        flow->solve->price[i] = price_to_market(flow, flow->price[i], &rest);
    return TRUE;
}

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

/* ---- A stopped run: whoever is too many, or was not asked about yet, goes where there is room, the most
 * urgent first. */

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

/* ---- The frame. */

static void
list_towns(Flow *flow)
{
    const CnGazetteer *gazetteer = flow->market->policy->reference->gazetteer;
    GArray *region_of_town = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < flow->component->classes_len; i++) {
        CnAreaId town = flow->classes[i].town;
        if (flow->towns->len > 0 &&
            g_array_index(flow->towns, CnAreaId, flow->towns->len - 1) == town) {
            flow->town_of_class[i] = flow->towns->len - 1;
            continue;
        }
        CnAreaId region = town == CN_AREA_NONE ? CN_AREA_NONE
                                               : cn_area_at_level(gazetteer, town, CN_LEVEL_REGION);
        /* What plug-ins add is another cost from every town. */
        if (cn_plugged_scores(flow->market->options.plugged))
            region = town;
        guint at = 0;
        while (at < flow->regions->len && g_array_index(flow->regions, CnAreaId, at) != region)
            at++;
        if (at == flow->regions->len)
            g_array_append_val(flow->regions, region);
        g_array_append_val(region_of_town, at);
        g_array_append_val(flow->towns, town);
        flow->town_of_class[i] = flow->towns->len - 1;
    }
    flow->region_of_town = (guint *)(gpointer)g_array_free(region_of_town, FALSE);
}

/* Rows of minutes by town are asked for in no order, so all of them are kept where there is room. */
#define MINUTES_BYTES_MOST ((gsize)96 << 20)
/* So much goes back to the system afterwards. */
#define MINUTES_BYTES_LARGE ((gsize)16 << 20)

static void
make_caches(Flow *flow)
{
    gsize rows = MINUTES_BYTES_MOST / (row_len(flow) * sizeof(Minutes));
    flow->ring_most = (guint)CLAMP(rows, 8, (gsize)flow->towns->len + 8);
    flow->minutes_of_town = g_new0(Minutes *, flow->towns->len + 1);
    flow->minutes_ring = g_new(guint, flow->ring_most);
    if (flow->ring_most * row_len(flow) * sizeof(Minutes) >= MINUTES_BYTES_LARGE)
        flow->slabs = g_new(Minutes *, flow->ring_most);
    flow->scratch = g_new(gint32, flow->len);
    flow->base = g_new0(Sum *, (gsize)flow->market->asks->len * flow->regions->len + 1);
    note_neighbours(flow);
    flow->base_free = g_new0(Sum, row_len(flow));
    for (guint i = 0; i < flow->component->len; i++)
        flow->base_free[i] = (Sum)flow->component->extra[i];
    end_with_least(flow, flow->base_free, NULL);
    flow->bounds = g_new(Sum, row_len(flow) - flow->len);
    flow->no_cost = g_new0(Sum, row_len(flow));
    flow->no_minutes = g_new0(Minutes, row_len(flow));
    flow->none = g_new0(guint64, flow->component->words);
    if (flow->ring_most >= flow->towns->len)
        flow->views = g_new0(View, flow->component->classes_len + 1);
}

static void
make_ways(Flow *flow)
{
    const gsize piece = CN_WORD * (2 * sizeof(Sum) + sizeof(gint32)); /* and its mirror */
    const guint scan = flow->len + CN_WORD;
    flow->words = flow->len / CN_WORD;
    flow->words_room = (flow->words + CN_WORDS_BEHIND + CN_WORD - 1) / CN_WORD * CN_WORD;
    flow->ways = g_new0(Ways *, flow->len + 1);
    flow->mirrors = g_new0(Mirror, flow->words + 1);
    flow->unmet_way = new_sums(scan, FAR);
    flow->unmet_who = g_new(gint32, flow->len + 1);
    flow->asked = g_new0(guint, flow->len + 1);
    flow->chunks = g_array_new(FALSE, FALSE, sizeof(Chunk));
    flow->blocks = g_ptr_array_new();
    flow->holders = g_queue_new();
    flow->blocks_most =
        (guint)MAX(flow->solve->cache_bytes / piece, flow->words) + 2 * BLOCKS_AT_ONCE;
    flow->blocks_limit = flow->blocks_most * flow->solve->cache_grows;
    flow->class_least = new_sums(flow->words_room, FAR);
    flow->start = new_sums(scan, FAR);
    flow->word_key = new_sums(flow->words_room, FAR);
    flow->word_hold = new_sums(flow->words_room, FAR);
    flow->word_reach = new_sums(flow->words_room, FAR);
    flow->anew = g_new(Sum, flow->len + 1);
    flow->anew_from = g_new(guint, flow->len + 1);
    flow->waits = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->dropped = g_new(GArray *, flow->words + 1);
    flow->settled_at = g_new(Sum, flow->len + 1);
    flow->seen = g_new0(guint, flow->words + 1);
    flow->later = g_new(GArray *, flow->words + 1);
    for (guint word = 0; word < flow->words; word++) {
        flow->later[word] = g_array_new(FALSE, FALSE, sizeof(Later));
        flow->dropped[word] = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    flow->home_most = FAR;
}

/* The slots of the columns without what others took. The first ones can be had for nothing more. */
static void
make_slots(Flow *flow)
{
    const CnComponent *component = flow->component;
    const guint slots = component->first_slot[component->len];
    flow->opened = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->opening = g_new0(guint, flow->len + 1);
    flow->opening_end = g_new0(guint, flow->len + 1);
    flow->opening_extra = g_new(Sum, slots + 1);
    flow->opening_places = g_new(gint64, slots + 1);
    for (guint i = 0; i < component->len; i++) {
        gint64 taken = component->places[i] - flow->solve->places[i];
        flow->opening[i] = component->first_slot[i];
        flow->opening_end[i] = component->first_slot[i + 1];
        for (guint slot = flow->opening[i]; slot < flow->opening_end[i]; slot++) {
            const gint64 here = MIN(taken, component->slots[slot].places);
            flow->opening_places[slot] = component->slots[slot].places - here;
            flow->opening_extra[slot] = (Sum)(component->slots[slot].extra - component->extra[i]);
            taken -= here;
        }
        if (component->back[i] > 0) {
            flow->opening[i] = flow->opening_end[i] = component->first_slot[i];
            continue;
        }
        flow->places[i] = 0;
        open_places(flow, i);
    }
}

static void
make_nodes(Flow *flow)
{
    flow->price = g_new0(Sum, flow->len + 1);
    flow->load = g_new0(gint64, flow->len + 1);
    flow->places = g_new0(gint64, flow->len + 1);
    make_standing(flow);
    make_leavers(flow);
    flow->reach = g_new(Sum, flow->len + 1);
    flow->hold = g_new0(Sum, flow->len + 1);
    flow->from = g_new0(gint32, flow->len + 1);
    flow->settled = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->path = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->near = CN_PAGES_NEW(NearList, flow->component->classes_len + 1);
    flow->known = g_new0(gboolean, flow->component->classes_len + 1);
    flow->word_price = g_new0(Sum, row_len(flow) - flow->len);
    flow->found = g_new0(Sum, flow->len + 1);
    flow->parent = g_new(gint32, flow->len + 1);
    flow->home = g_new(Sum, flow->len + 1);
    flow->mover = g_new(gint, flow->len + 1);
    flow->gave = g_new0(gboolean, flow->len + 1);
    flow->loose = g_new0(gboolean, flow->len + 1);
    flow->fallen = g_array_new(FALSE, FALSE, sizeof(guint));
    start_from_nowhere(flow);
    flow->losers = g_array_new(FALSE, FALSE, sizeof(Loser));
    for (guint i = 0; i < flow->component->end; i++) {
        flow->places[i] = flow->solve->places[i];
        if (flow->solve->warm)
            flow->price[i] = price_from_market(flow, flow->solve->price[i]);
    }
    flow->places[flow->len] = G_MAXINT64;
    if (flow->component->stepped)
        make_slots(flow);
}

static void
flow_init(Flow *flow, CnSolve *solve, Sum step)
{
    const CnComponent *component = cn_market_component(solve->market, solve->component);
    *flow = (Flow){.solve = solve,
                   .scans = SCANS_OF(solve->cpu),
                   .market = solve->market,
                   .component = component,
                   .classes = solve->market->classes + component->classes_first,
                   .len = component->words * CN_WORD,
                   .step = step};
    for (guint i = 0; i < G_N_ELEMENTS(flow->penalty); i++)
        flow->penalty[i] = step * (Sum)(i == CN_BLOCKER ? CN_WEIGHTS_MOST : CN_ROUTINE + 1 - i);
    flow->town_of_class = g_new(guint, component->classes_len + 1);
    flow->towns = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    flow->regions = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    list_towns(flow);
    make_caches(flow);
    make_ways(flow);
    make_nodes(flow);
}

static void
clear_ways(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++)
        if (flow->ways[i] != NULL) {
            g_free(flow->ways[i]->least);
            g_free(flow->ways[i]->at);
            g_free(flow->ways[i]->pieces);
            g_free(flow->ways[i]);
        }
    for (guint word = 0; word < flow->words; word++) {
        g_free(flow->mirrors[word].node);
        g_free(flow->mirrors[word].start);
        g_free(flow->mirrors[word].sum);
        g_array_unref(flow->later[word]);
        g_array_unref(flow->dropped[word]);
    }
    g_free(flow->ways);
    g_free(flow->mirrors);
    g_free(flow->unmet_way);
    g_free(flow->unmet_who);
    g_free(flow->asked);
    clear_chunks(flow);
    g_ptr_array_unref(flow->blocks);
    g_queue_free(flow->holders);
    g_free(flow->class_least);
    g_free(flow->start);
    g_free(flow->word_key);
    g_free(flow->word_hold);
    g_free(flow->word_reach);
    g_free(flow->anew);
    g_free(flow->anew_from);
    g_array_unref(flow->waits);
    g_free(flow->settled_at);
    g_free(flow->seen);
    g_free(flow->later);
    g_free(flow->dropped);
}

static void
flow_clear(Flow *flow)
{
    clear_minutes(flow);
    for (gsize i = 0; i < (gsize)flow->market->asks->len * flow->regions->len; i++)
        g_free(flow->base[i]);
    clear_ways(flow);
    g_free(flow->scratch);
    g_free(flow->base);
    g_free(flow->base_free);
    g_free(flow->beside);
    g_free(flow->bounds);
    g_free(flow->no_cost);
    g_free(flow->no_minutes);
    g_free(flow->none);
    g_free(flow->views);
    g_free(flow->price);
    g_free(flow->load);
    g_free(flow->places);
    g_clear_pointer(&flow->opened, g_array_unref);
    g_free(flow->opening);
    g_free(flow->opening_end);
    g_free(flow->opening_extra);
    g_free(flow->opening_places);
    free_standing(flow);
    g_free(flow->leavers);
    g_free(flow->reach);
    g_free(flow->hold);
    g_free(flow->from);
    g_free(flow->town_of_class);
    g_free(flow->region_of_town);
    g_free(flow->known);
    g_free(flow->word_price);
    CN_PAGES_FREE(flow->near, flow->component->classes_len + 1);
    g_free(flow->home);
    g_free(flow->found);
    g_free(flow->parent);
    g_free(flow->mover);
    g_free(flow->gave);
    g_free(flow->loose);
    g_array_unref(flow->fallen);
    g_array_unref(flow->losers);
    g_array_unref(flow->settled);
    g_array_unref(flow->path);
    g_array_unref(flow->towns);
    g_array_unref(flow->regions);
}

static gboolean
flow_solve(CnSolve *solve, Sum step)
{
    Flow flow;
    gboolean relaxed = FALSE; /* whether what stands is the best with more places */
    flow_init(&flow, solve, step);
    const Start start = solve->warm ? start_warm(&flow) : START_COLD;
    if (start == START_COLD)
        place_all(&flow);
    if (start == START_ANY && !is_stopped(&flow))
        fill_short(&flow);
    if (solve->stopped == CN_STOPPED_NOT) {
        relaxed = TRUE;
        if (start == START_COLD)
            raise_prices(&flow);
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
    return told;
}
