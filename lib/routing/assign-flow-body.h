/* The solver of one component, written once for 32-bit and for 64-bit sums. assign-flow.c and
 * assign-flow-wide.c include it after they have said what Sum, Minutes and View are and how to scan.
 *
 * Nodes are the columns and one more, behind all columns, where the unmet are. Units stand at nodes.
 * Throughout, every unit stands where its cost + price is least (at the unmet: its penalty), and a
 * column with a price is not short of units. What is wrong is that some columns hold more units than
 * places. Each step takes units away from such a column along the cheapest chain of moves
 *
 *      crowded column --unit a moves--> column --unit b moves--> ... --> column with room, or unmet
 *
 * found by Dijkstra over the nodes alone: the length of an arc is the least extra cost of any unit
 * that stands there, read off one row a node ("ways"), which is made by scanning its classes when it
 * is first needed. Prices rise by what the chain was shorter than the distance, so the first sentence
 * stays true, and prices never exceed the least ones of an optimum (docs/design/0006). */

/* Rounds of raising prices before chains of moves take over. More of them only bid up what a few
 * columns compete for. */
#define RAISE_ROUNDS 8
/* In so many parts the ways of a node are kept where so many classes stand. */
#define PARTS      16
#define PARTS_FROM 24

typedef struct {
    guint class_index; /* of the component */
    gint32 units;
    Sum cost;  /* of the class where it stands */
    gint next; /* in the pool; -1 ends */
} Stay;

typedef struct {
    CnSolve *solve;
    const CnMarket *market;
    const CnComponent *component;
    const CnClass *classes;
    guint len; /* columns with the filling; also the node of the unmet */
    Sum step, penalty[3];
    /* Rows of minutes by town, some of them. */
    guint *town_of_class;
    GArray *towns; /* (element-type CnAreaId) */
    Minutes **minutes_of_town;
    guint *minutes_ring;
    guint ring_len, ring_most, ring_hand;
    gint32 *scratch;
    /* Fixed costs by ask and home region. */
    GArray *regions; /* (element-type CnAreaId) */
    guint *region_of_town;
    Sum **base; /* by ask of the market times regions, then region */
    Sum *base_free;
    guint64 *none;
    View *views; /* by class, made when first asked for; NULL where rows of minutes come and go */
    /* Nodes. */
    Sum *price;
    gint64 *load, *places;
    gint *head;
    GArray *stays; /* (element-type Stay) */
    gint spare;
    /* Rows of ways by node, some of them. */
    Sum **way;
    guint8 *way_is_stale;
    guint *way_ring;
    guint ways_len, ways_most, ways_hand;
    /* Where many stand, part of the ways each, so that one who leaves spoils one part only. */
    guint *stays_len; /* by node */
    Sum **parts;      /* by node; NULL where few stand */
    guint32 *stale_parts;
    guint parts_len, parts_most;
    /* One search. */
    Sum *reach, *hold;
    gint32 *from;
    GArray *settled; /* (element-type guint) */
    GArray *path;    /* (element-type guint) */
    guint ticks;
} Flow;

static inline Stay *
stay_at(const Flow *flow, gint i)
{
    return &g_array_index(flow->stays, Stay, i);
}

/* ---- Stopping. */

static gboolean
is_stopped(Flow *flow)
{
    CnSolve *solve = flow->solve;
    if (solve->stopped != CN_STOPPED_NOT)
        return TRUE;
    if (solve->work_limit > 0 && solve->work > solve->work_limit)
        solve->stopped = CN_STOPPED_WORK;
    else if ((++flow->ticks & 63) == 0)
        solve->stopped = cn_stop_watch_look(solve->watch);
    return solve->stopped != CN_STOPPED_NOT;
}

/* ---- Rows. */

static void
narrow_minutes(const Flow *flow, Minutes *row)
{
    for (guint i = 0; i < flow->len; i++)
        row[i] = flow->scratch[i] == CN_MIN_NEVER     ? MINUTES_NEVER
                 : flow->scratch[i] == CN_MIN_NO_LINK ? MINUTES_NO_LINK
                                                      : (Minutes)flow->scratch[i];
}

static const Minutes *
minutes_of(Flow *flow, guint town)
{
    Minutes *row = flow->minutes_of_town[town];
    if (row != NULL)
        return row;
    if (flow->ring_len < flow->ring_most) {
        row = g_new(Minutes, flow->len);
        flow->minutes_ring[flow->ring_len++] = town;
    } else {
        row = flow->minutes_of_town[flow->minutes_ring[flow->ring_hand]];
        flow->minutes_of_town[flow->minutes_ring[flow->ring_hand]] = NULL;
        flow->minutes_ring[flow->ring_hand] = town;
        flow->ring_hand = (flow->ring_hand + 1) % flow->ring_most;
    }
    cn_component_minutes(flow->market, flow->component, g_array_index(flow->towns, CnAreaId, town),
                         flow->scratch);
    narrow_minutes(flow, row);
    flow->minutes_of_town[town] = row;
    return row;
}

static Sum *
make_base(const Flow *flow, const CnAsk *ask, guint town)
{
    Sum *row = g_new0(Sum, flow->len);
    CnAreaId area = g_array_index(flow->towns, CnAreaId, town);
    const CnPlugRow *plug = cn_plugged_from(flow->market->options.plugged, area);
    for (guint i = ask->first * CN_WORD; i < MIN(ask->end * CN_WORD, flow->component->len); i++) {
        row[i] = (Sum)ask->fixed[i];
        if (cn_column_leaves(flow->market, flow->component, i, area))
            row[i] += flow->market->policy->leave_region;
        if (plug != NULL)
            row[i] += (Sum)cn_plug_cost(plug, flow->component->offering[i]);
    }
    return row;
}

static const Sum *
base_of(Flow *flow, guint ask, guint town)
{
    Sum **row = &flow->base[ask * flow->regions->len + flow->region_of_town[town]];
    if (*row == NULL)
        *row = make_base(flow, cn_market_ask(flow->market, ask), town);
    return *row;
}

static View
make_view(Flow *flow, guint class_index)
{
    const CnClass *one = &flow->classes[class_index];
    const CnProfile *profile = cn_market_profile(flow->market, one->profile);
    const CnAsk *ask = cn_market_ask(flow->market, profile->ask);
    const CnPolicy *policy = flow->market->policy;
    guint town = flow->town_of_class[class_index];
    View view = {.minutes = minutes_of(flow, town),
                 .base = one->free ? flow->base_free : base_of(flow, profile->ask, town),
                 .fits = cn_market_bitmap(flow->market, profile->bits),
                 .foreign = profile->foreign < 0
                                ? flow->none
                                : cn_market_bitmap(flow->market, (guint)profile->foreign),
                 .first = ask->first,
                 .end = ask->end};
    view.limit =
        one->limit_min > 0 ? MIN((guint)one->limit_min, MINUTES_NO_LINK - 1) : MINUTES_NO_LINK;
    if (!one->free) {
        view.foreign_cost = policy->language_none_shared;
        view.no_link = policy->no_link_cost;
        view.per_min = policy->travel_cost_per_min;
        view.add = (Sum)profile->add;
    }
    return view;
}

static View
view_of(Flow *flow, guint class_index)
{
    if (flow->views == NULL)
        return make_view(flow, class_index);
    if (flow->views[class_index].minutes == NULL)
        flow->views[class_index] = make_view(flow, class_index);
    return flow->views[class_index];
}

/* ---- Costs of a class. */

static Sum
way_cost(const View *view, guint column)
{
    return view->minutes[column] == MINUTES_NO_LINK ? view->no_link
                                                    : (Sum)view->minutes[column] * view->per_min;
}

static const CnPatch *
patches_of(const Flow *flow, guint class_index, guint *out_len)
{
    const CnProfile *profile = cn_market_profile(flow->market, flow->classes[class_index].profile);
    *out_len = profile->patches_len;
    return profile->patches_len > 0
               ? &g_array_index(flow->market->patches, CnPatch, profile->patches)
               : NULL;
}

static Sum
patched_cost(const Flow *flow, guint class_index, const View *view, const CnPatch *patch)
{
    Sum add = flow->classes[class_index].free ? 0 : (Sum)patch->add;
    return view->base[patch->column] + add + way_cost(view, patch->column);
}

/* What the class pays at a column that it may take; at the unmet, its penalty. */
static Sum
cost_at(Flow *flow, guint class_index, const View *view, guint node)
{
    guint patches_len;
    if (node == flow->len)
        return flow->penalty[flow->classes[class_index].urgency];
    const CnPatch *patches = patches_of(flow, class_index, &patches_len);
    for (guint i = 0; i < patches_len; i++)
        if (patches[i].column == node)
            return patched_cost(flow, class_index, view, &patches[i]);
    Sum foreign = cn_bit(view->foreign, node) ? view->foreign_cost : 0;
    return view->base[node] + view->add + way_cost(view, node) + foreign;
}

/* The same, or FAR where it may not go. */
static Sum
cost_or_far(Flow *flow, guint class_index, const View *view, guint node)
{
    guint patches_len;
    if (node == flow->len)
        return cost_at(flow, class_index, view, node);
    if (view->minutes[node] > view->limit)
        return FAR;
    if (cn_bit(view->fits, node))
        return cost_at(flow, class_index, view, node);
    const CnPatch *patches = patches_of(flow, class_index, &patches_len);
    for (guint i = 0; i < patches_len; i++)
        if (patches[i].column == node)
            return patched_cost(flow, class_index, view, &patches[i]);
    return FAR;
}

/* The node with the least cost + price, a column before the unmet, and that sum. */
static guint
best_node(Flow *flow, guint class_index, const View *view, const Sum *price, Sum *out_value)
{
    guint column = 0, patches_len;
    Sum value = SCAN_BEST(flow, view, price, &column);
    const CnPatch *patches = patches_of(flow, class_index, &patches_len);
    flow->solve->work += (guint64)(view->end - view->first) * CN_WORD;
    for (guint i = 0; i < patches_len; i++) {
        guint at = patches[i].column;
        if (view->minutes[at] > view->limit)
            continue;
        Sum other = patched_cost(flow, class_index, view, &patches[i]) + price[at];
        if (other < value || (other == value && at < column)) {
            value = other;
            column = at;
        }
    }
    Sum penalty = flow->penalty[flow->classes[class_index].urgency];
    *out_value = MIN(value, penalty);
    return value <= penalty ? column : flow->len;
}

/* ---- Who stands where. */

static gint
new_stay(Flow *flow, Stay stay)
{
    gint at = flow->spare;
    if (at < 0) {
        g_array_append_val(flow->stays, stay);
        return (gint)flow->stays->len - 1;
    }
    flow->spare = stay_at(flow, at)->next;
    *stay_at(flow, at) = stay;
    return at;
}

static void
lower_row(Flow *flow, Sum *row, guint node, guint class_index, Sum own)
{
    View view = view_of(flow, class_index);
    guint patches_len;
    const CnPatch *patches = patches_of(flow, class_index, &patches_len);
    SCAN_LOWER(flow, &view, own, row);
    for (guint i = 0; i < patches_len; i++)
        if (view.minutes[patches[i].column] <= view.limit) {
            Sum cost = patched_cost(flow, class_index, &view, &patches[i]) - own;
            row[patches[i].column] = MIN(row[patches[i].column], cost);
        }
    if (node != flow->len)
        row[flow->len] =
            MIN(row[flow->len], flow->penalty[flow->classes[class_index].urgency] - own);
    flow->solve->work += (guint64)(view.end - view.first) * CN_WORD;
}

static Sum *
part_of(const Flow *flow, guint node, guint part)
{
    return flow->parts[node] + (gsize)part * (flow->len + 1);
}

static gboolean
is_part_fresh(const Flow *flow, guint node, guint part)
{
    return flow->parts[node] != NULL && ((flow->stale_parts[node] >> part) & 1) == 0;
}

/* One more stands at @node: his ways join those that are known. */
static void
lower_ways(Flow *flow, guint node, const Stay *stay)
{
    guint part = stay->class_index % PARTS;
    if (is_part_fresh(flow, node, part))
        lower_row(flow, part_of(flow, node, part), node, stay->class_index, stay->cost);
    if (flow->way[node] != NULL && !flow->way_is_stale[node])
        lower_row(flow, flow->way[node], node, stay->class_index, stay->cost);
}

static void
put(Flow *flow, guint node, guint class_index, gint32 units)
{
    flow->load[node] += units;
    /* Only a class of several units can stand here already. */
    if (flow->classes[class_index].units > 1 && node != flow->len)
        for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next)
            if (stay_at(flow, i)->class_index == class_index) {
                stay_at(flow, i)->units += units;
                return;
            }
    View view = view_of(flow, class_index);
    Stay stay = {.class_index = class_index,
                 .units = units,
                 .cost = cost_at(flow, class_index, &view, node),
                 .next = flow->head[node]};
    flow->head[node] = new_stay(flow, stay);
    flow->stays_len[node]++;
    lower_ways(flow, node, &stay);
}

/* Takes @units away from the stay that @link points at. */
static void
take(Flow *flow, guint node, gint stay, gint32 units)
{
    flow->load[node] -= units;
    stay_at(flow, stay)->units -= units;
    if (stay_at(flow, stay)->units > 0)
        return;
    gint next = stay_at(flow, stay)->next;
    if (flow->head[node] == stay) {
        flow->head[node] = next;
    } else {
        gint before = flow->head[node];
        while (stay_at(flow, before)->next != stay)
            before = stay_at(flow, before)->next;
        stay_at(flow, before)->next = next;
    }
    stay_at(flow, stay)->next = flow->spare;
    flow->spare = stay;
    flow->stays_len[node]--;
    flow->way_is_stale[node] = 1;
    flow->stale_parts[node] |= (guint32)1 << (stay_at(flow, stay)->class_index % PARTS);
}

static void
clear_row(const Flow *flow, Sum *row)
{
    for (guint i = 0; i <= flow->len; i++)
        row[i] = FAR;
}

/* Brings the parts up to date, and puts them together. */
static void
join_parts(Flow *flow, guint node, Sum *restrict row)
{
    for (guint part = 0; part < PARTS; part++)
        if (!is_part_fresh(flow, node, part))
            clear_row(flow, part_of(flow, node, part));
    for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next) {
        guint class_index = stay_at(flow, i)->class_index, part = class_index % PARTS;
        if (!is_part_fresh(flow, node, part))
            lower_row(flow, part_of(flow, node, part), node, class_index, stay_at(flow, i)->cost);
    }
    flow->stale_parts[node] = 0;
    clear_row(flow, row);
    for (guint part = 0; part < PARTS; part++) {
        const Sum *restrict other = part_of(flow, node, part);
        for (guint i = 0; i <= flow->len; i++)
            row[i] = MIN(row[i], other[i]);
    }
    flow->solve->work += (guint64)flow->len * PARTS / 4;
}

/* A row of the cache for the node, which may take it away from another. */
static Sum *
claim_row(Flow *flow, guint node)
{
    if (flow->way[node] != NULL)
        return flow->way[node];
    if (flow->ways_len < flow->ways_most) {
        flow->way[node] = g_new(Sum, flow->len + 1);
        flow->way_ring[flow->ways_len++] = node;
        return flow->way[node];
    }
    guint old = flow->way_ring[flow->ways_hand];
    flow->way[node] = flow->way[old];
    flow->way[old] = NULL;
    flow->way_ring[flow->ways_hand] = node;
    flow->ways_hand = (flow->ways_hand + 1) % flow->ways_most;
    return flow->way[node];
}

static const Sum *
way_of(Flow *flow, guint node)
{
    if (flow->way[node] != NULL && !flow->way_is_stale[node])
        return flow->way[node];
    Sum *row = claim_row(flow, node);
    if (flow->parts[node] == NULL && flow->stays_len[node] >= PARTS_FROM &&
        flow->parts_len < flow->parts_most) {
        flow->parts[node] = g_new(Sum, (gsize)PARTS * (flow->len + 1));
        flow->stale_parts[node] = G_MAXUINT32;
        flow->parts_len++;
    }
    if (flow->parts[node] != NULL) {
        join_parts(flow, node, row);
    } else {
        clear_row(flow, row);
        for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next)
            lower_row(flow, row, node, stay_at(flow, i)->class_index, stay_at(flow, i)->cost);
    }
    flow->way_is_stale[node] = 0;
    return row;
}

/* ---- First: everybody to the best at the prices given. */

static void
place_all(Flow *flow)
{
    for (guint i = 0; i < flow->component->classes_len; i++) {
        guint units = flow->solve->units[i];
        Sum value;
        if (units == 0)
            continue;
        if (is_stopped(flow)) {
            put(flow, flow->len, i, (gint32)units);
            continue;
        }
        View view = view_of(flow, i);
        put(flow, best_node(flow, i, &view, flow->price, &value), i, (gint32)units);
    }
}

/* ---- Then: crowded columns raise their price to what makes the excess leave. */

typedef struct {
    gint stay;
    guint class_index, to;
    Sum margin;
} Leaver;

static gint
compare_leavers(gconstpointer a, gconstpointer b)
{
    const Leaver *x = a, *y = b;
    if (x->margin != y->margin)
        return x->margin < y->margin ? -1 : 1;
    return (x->class_index > y->class_index) - (x->class_index < y->class_index);
}

static void
raise_price(Flow *flow, guint column, GArray *leavers)
{
    Sum own = flow->price[column];
    g_array_set_size(leavers, 0);
    flow->price[column] = FAR;
    for (gint i = flow->head[column]; i >= 0; i = stay_at(flow, i)->next) {
        Leaver leaver = {.stay = i, .class_index = stay_at(flow, i)->class_index};
        View view = view_of(flow, leaver.class_index);
        Sum value;
        leaver.to = best_node(flow, leaver.class_index, &view, flow->price, &value);
        leaver.margin = value - own - stay_at(flow, i)->cost;
        g_array_append_val(leavers, leaver);
    }
    flow->price[column] = own;
    g_array_sort(leavers, compare_leavers);
    for (guint i = 0; flow->load[column] > flow->places[column]; i++) {
        const Leaver *leaver = &g_array_index(leavers, Leaver, i);
        gint64 excess = flow->load[column] - flow->places[column];
        gint32 units = (gint32)MIN(excess, (gint64)stay_at(flow, leaver->stay)->units);
        flow->price[column] = own + leaver->margin;
        take(flow, column, leaver->stay, units);
        put(flow, leaver->to, leaver->class_index, units);
    }
}

static void
raise_prices(Flow *flow)
{
    g_autoptr(GArray) leavers = g_array_new(FALSE, FALSE, sizeof(Leaver));
    gboolean again = TRUE;
    for (guint round = 0; again && round < RAISE_ROUNDS; round++) {
        again = FALSE;
        for (guint i = 0; i < flow->component->len && !is_stopped(flow); i++)
            if (flow->load[i] > flow->places[i]) {
                raise_price(flow, i, leavers);
                again = TRUE;
            }
    }
}

/* ---- Then: chains of moves. */

static void
start_search(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++)
        flow->reach[i] = FAR;
    memcpy(flow->hold, flow->price, flow->len * sizeof *flow->hold);
    for (guint i = flow->component->len; i < flow->len; i++)
        flow->hold[i] = FAR;
    g_array_set_size(flow->settled, 0);
}

/* Settles @node and relaxes its ways; the next node and its distance. */
static guint
settle(Flow *flow, guint node, Sum *out_distance)
{
    guint next = 0;
    const Sum *way = way_of(flow, node);
    Sum start = flow->reach[node];
    g_array_append_val(flow->settled, node);
    if (node != flow->len)
        flow->hold[node] = FAR;
    Sum key = SCAN_RELAX(flow, way, start, flow->reach, flow->hold, flow->from, (gint32)node,
                         flow->len, &next);
    if (node != flow->len && start + way[flow->len] < flow->reach[flow->len]) {
        flow->reach[flow->len] = start + way[flow->len];
        flow->from[flow->len] = (gint32)node;
    }
    flow->solve->work += flow->len;
    *out_distance = key;
    return next;
}

/* The nearest node with room, or the unmet, from a crowded column; FALSE where stopped. */
static gboolean
search_room(Flow *flow, guint source, guint *out_node, Sum *out_distance)
{
    guint node = source;
    Sum distance;
    start_search(flow);
    flow->reach[source] = -flow->price[source];
    for (;;) {
        guint next = settle(flow, node, &distance);
        if (is_stopped(flow))
            return FALSE;
        if (flow->reach[flow->len] < distance) {
            next = flow->len;
            distance = flow->reach[flow->len];
        }
        if (next == flow->len || flow->load[next] < flow->places[next]) {
            *out_node = next;
            *out_distance = distance;
            return TRUE;
        }
        node = next;
    }
}

/* The unit that moves from @node to @to at the cost that the search found. */
static gint
find_mover(Flow *flow, guint node, guint to)
{
    Sum extra = flow->reach[to] - flow->reach[node];
    gint best = -1;
    for (gint i = flow->head[node]; i >= 0; i = stay_at(flow, i)->next) {
        guint class_index = stay_at(flow, i)->class_index;
        View view = view_of(flow, class_index);
        Sum cost = cost_or_far(flow, class_index, &view, to);
        if (cost < FAR && cost - stay_at(flow, i)->cost == extra &&
            (best < 0 || class_index < stay_at(flow, best)->class_index))
            best = i;
    }
    g_assert(best >= 0);
    return best;
}

/* Moves as many units as can go along the whole chain, at most @most, from where it begins. */
static void
move_along(Flow *flow, guint from, guint to, gint64 most)
{
    g_autoptr(GArray) movers = g_array_new(FALSE, FALSE, sizeof(gint));
    g_array_set_size(flow->path, 0);
    for (guint node = to;; node = (guint)flow->from[node]) {
        g_array_append_val(flow->path, node);
        if (node == from)
            break;
    }
    for (guint i = flow->path->len - 1; i > 0; i--) {
        gint mover = find_mover(flow, g_array_index(flow->path, guint, i),
                                g_array_index(flow->path, guint, i - 1));
        most = MIN(most, (gint64)stay_at(flow, mover)->units);
        g_array_append_val(movers, mover);
    }
    for (guint i = flow->path->len - 1, k = 0; i > 0; i--, k++) {
        gint mover = g_array_index(movers, gint, k);
        guint class_index = stay_at(flow, mover)->class_index;
        take(flow, g_array_index(flow->path, guint, i), mover, (gint32)most);
        put(flow, g_array_index(flow->path, guint, i - 1), class_index, (gint32)most);
    }
}

static void
empty_crowded(Flow *flow, guint column)
{
    guint node;
    Sum distance;
    while (flow->load[column] > flow->places[column] &&
           search_room(flow, column, &node, &distance)) {
        for (guint i = 0; i < flow->settled->len; i++) {
            guint settled = g_array_index(flow->settled, guint, i);
            flow->price[settled] = distance - flow->reach[settled];
        }
        gint64 most = flow->load[column] - flow->places[column];
        if (node != flow->len)
            most = MIN(most, flow->places[node] - flow->load[node]);
        move_along(flow, column, node, most);
    }
}

static void
empty_all_crowded(Flow *flow)
{
    for (guint i = 0; i < flow->component->len && !is_stopped(flow); i++)
        empty_crowded(flow, i);
}

#include "routing/assign-flow-warm.h"

#include "routing/assign-flow-finish.h"
