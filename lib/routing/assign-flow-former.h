/* Part of assign-flow-body.h: starting from a former plan, its prices and who was where.
 *
 * At former prices a class has many places that are equally good: whoever is the last to leave a column is
 * told by its price that the next one is no worse. So one scan a class asks for all that are no dearer than
 * where it was. Whoever was at one of them stays, as far as there are places; whoever is new, or was
 * at one that is best no more, goes where there is room, and first where a price says that it must be
 * filled. Who finds no room waits. Nothing that the former plan says is taken for true but what the scan
 * found: a foreign or spoilt one costs time and changes no price.
 *
 * Prices then fall as far as they must, so that none is above the least one of an optimum
 * (docs/design/0006), and those who wait come to the best places, which are crowded by it: from then on it
 * is as without a former plan. Where little changed that is a look at everybody and some moves. Where much
 * did, one search over everything is quicker (-warm), from where everybody is by then. Until then nobody
 * stands at a node. */

/* So many units of a class at a node. */
typedef struct {
    guint class_index, node;
    gint32 units;
    Sum cost;
    gint next_here, next_of_class; /* in the pool; -1 ends */
} Spot;

/* A column that is among the best of a class, or was: it is if cost + price is the value of the class. */
typedef struct {
    guint column;
    Sum cost;
    gint next; /* of the class, in the pool; -1 ends */
} Tie;

/* Units of a class that are nowhere yet. */
typedef struct {
    guint class_index;
    gint32 units;
} Rest;

typedef struct {
    Flow *flow;
    guint waiting;  /* the node of those who wait */
    GArray *spots;  /* (element-type Spot) */
    gint *spots_at; /* by node */
    gint *spots_of; /* by class */
    GArray *ties;   /* (element-type Tie) */
    gint *ties_of;  /* by class */
    GArray *rests;  /* (element-type Rest) */
    gint64 *load;   /* by node */
    Sum *value;     /* by class: cost + price where it is */
    guint *columns; /* found by a scan */
    Sum *sums;
    Sum *word_price; /* by word */
    /* Who may come to a column. */
    Sum *first_value; /* by class: when it was placed */
    Sum *key;         /* the same less what it pays anywhere */
    guint *town_ends; /* by town: of its classes */
    Sum *most,
        *most_free;   /* by town: the largest key of those who pay for the way, of the others */
    Sum *floor;       /* by column: the least that who pays for the way pays besides */
    GArray *blockers; /* (element-type guint) classes */
} Warm;

static inline Spot *
spot_at(const Warm *warm, gint i)
{
    return &g_array_index(warm->spots, Spot, i);
}

static inline Tie *
tie_at(const Warm *warm, gint i)
{
    return &g_array_index(warm->ties, Tie, i);
}

static Spot *
find_spot(const Warm *warm, guint class_index, guint node)
{
    for (gint i = warm->spots_of[class_index]; i >= 0; i = spot_at(warm, i)->next_of_class)
        if (spot_at(warm, i)->node == node)
            return spot_at(warm, i);
    return NULL;
}

static void
add_spot(Warm *warm, guint class_index, guint node, gint32 units, Sum cost)
{
    Spot *here = find_spot(warm, class_index, node);
    warm->load[node] += units;
    if (here != NULL) {
        here->units += units;
        return;
    }
    const Spot spot = {.class_index = class_index,
                       .node = node,
                       .units = units,
                       .cost = cost,
                       .next_here = warm->spots_at[node],
                       .next_of_class = warm->spots_of[class_index]};
    g_array_append_val(warm->spots, spot);
    warm->spots_at[node] = warm->spots_of[class_index] = (gint)warm->spots->len - 1;
}

static void
add_tie(Warm *warm, guint class_index, guint column, Sum cost)
{
    const Tie tie = {.column = column, .cost = cost, .next = warm->ties_of[class_index]};
    g_array_append_val(warm->ties, tie);
    warm->ties_of[class_index] = (gint)warm->ties->len - 1;
}

static gboolean
is_best(const Warm *warm, guint class_index, const Tie *tie)
{
    return tie->cost + warm->flow->price[tie->column] == warm->value[class_index];
}

static Sum
penalty_of(const Warm *warm, guint class_index)
{
    return warm->flow->penalty[warm->flow->classes[class_index].urgency];
}

/* ---- Who stays. */

/* The least sum of where units of the class were, or its penalty. */
static Sum
value_of_former(Warm *warm, guint class_index, const CnPlaced *former, guint len)
{
    Flow *flow = warm->flow;
    const View *view = view_of(flow, class_index);
    Sum least = penalty_of(warm, class_index);
    for (guint i = 0; i < len; i++) {
        if (former[i].column < 0)
            continue;
        const Sum cost = cost_or_far(flow, class_index, view, (guint)former[i].column);
        if (cost < FAR)
            least = MIN(least, cost + flow->price[former[i].column]);
    }
    return least;
}

/* The least price of each word, for scans. */
static void
find_word_prices(Warm *warm, const Sum *price)
{
    for (guint i = 0; i < warm->flow->len; i++)
        warm->word_price[i / CN_WORD] =
            i % CN_WORD == 0 ? price[i] : MIN(warm->word_price[i / CN_WORD], price[i]);
}

/* Columns whose cost + price is no more than @most: into warm->columns and warm->sums. After
 * find_word_prices(). */
static guint
scan_within(Warm *warm, guint class_index, const Sum *price, Sum most)
{
    Flow *flow = warm->flow;
    const View *view = view_of(flow, class_index);
    const CnPatch *patches = patches_of(flow, view);
    guint words;
    SCAN_BOUNDS(flow, view, warm->word_price, flow->bounds);
    guint len =
        SCAN_WITHIN(flow, view, price, flow->bounds, most, warm->columns, warm->sums, &words);
    flow->solve->work += (guint64)words * CN_WORD + (view->end - view->first);
    for (guint i = 0; i < view->patches_len; i++) {
        guint column = patches[i].column;
        if (view->minutes[column] > view->limit)
            continue;
        Sum value = patched_cost(flow, class_index, view, &patches[i]) + price[column];
        if (value > most)
            continue;
        warm->columns[len] = column;
        warm->sums[len++] = value;
    }
    return len;
}

/* The value of the class, and its best columns: into warm->columns. How many. */
static guint
find_best(Warm *warm, guint class_index, Sum most)
{
    guint len = scan_within(warm, class_index, warm->flow->price, most), best = 0;
    for (guint i = 0; i < len; i++)
        most = MIN(most, warm->sums[i]);
    for (guint i = 0; i < len; i++)
        if (warm->sums[i] == most)
            warm->columns[best++] = warm->columns[i];
    warm->value[class_index] = warm->first_value[class_index] = most;
    for (guint i = 0; i < best; i++)
        add_tie(warm, class_index, warm->columns[i], most - warm->flow->price[warm->columns[i]]);
    return best;
}

static gint64
room_of(const Warm *warm, guint column)
{
    return MAX(0, warm->flow->places[column] - warm->load[column]);
}

/* Of @units who were at a column those who may stay, if it is among the best. How many. */
static gint32
stay_at_column(Warm *warm, guint class_index, guint column, gint32 units, guint best_len)
{
    const gint32 here = (gint32)MIN((gint64)units, room_of(warm, column));
    guint i = 0;
    while (i < best_len && warm->columns[i] != column)
        i++;
    if (i == best_len || here == 0)
        return 0;
    add_spot(warm, class_index, column, here, warm->value[class_index] - warm->flow->price[column]);
    return here;
}

/* What the class pays no less for anywhere, so that its value says whether a column may be for it. */
static void
note_key(Warm *warm, guint class_index)
{
    Flow *flow = warm->flow;
    const View *view = view_of(flow, class_index);
    const CnPatch *patches = patches_of(flow, view);
    const guint town = flow->town_of_class[class_index];
    const gboolean pays = !flow->classes[class_index].free;
    Sum add = view->add;
    for (guint i = 0; pays && i < view->patches_len; i++)
        add = MIN(add, (Sum)patches[i].add);
    warm->key[class_index] = warm->value[class_index] - add;
    Sum *most = pays ? &warm->most[town] : &warm->most_free[town];
    *most = MAX(*most, warm->key[class_index]);
}

/* Whether no column at all takes the class. */
static gboolean
goes_nowhere(Warm *warm, guint class_index)
{
    guint column = 0, words;
    Flow *flow = warm->flow;
    const View *view = view_of(flow, class_index);
    SCAN_BOUNDS(flow, view, warm->word_price, flow->bounds);
    const Sum least = SCAN_BEST(flow, view, flow->price, flow->bounds, &column, &words);
    flow->solve->work += (guint64)words * CN_WORD + (view->end - view->first);
    return view->patches_len == 0 && least >= FAR;
}

static void
place_class_warm(Warm *warm, guint class_index, gint32 units, const CnPlaced *former, guint len)
{
    Flow *flow = warm->flow;
    Sum most;
    if (len > 0)
        most = value_of_former(warm, class_index, former, len);
    else
        best_node(flow, class_index, view_of(flow, class_index), flow->price, &most);
    const guint best_len = find_best(warm, class_index, most);
    for (guint i = 0; i < len; i++) {
        const gint32 here = (gint32)MIN((gint64)units, former[i].units);
        if (former[i].column >= 0) {
            units -= stay_at_column(warm, class_index, (guint)former[i].column, here, best_len);
        } else if (warm->value[class_index] == penalty_of(warm, class_index)) {
            add_spot(warm, class_index, flow->len, here, warm->value[class_index]);
            units -= here;
        }
    }
    const Rest rest = {class_index, units};
    if (units > 0)
        g_array_append_val(warm->rests, rest);
    if (flow->classes[class_index].urgency == CN_BLOCKER)
        g_array_append_val(warm->blockers, class_index);
    else if (warm->value[class_index] < penalty_of(warm, class_index) ||
             !goes_nowhere(warm, class_index))
        note_key(warm, class_index);
}

/* ---- The others. */

/* As many as find room at the best columns with a price, or without one. How many are left. */
static gint32
go_where_is_room(Warm *warm, guint class_index, gboolean priced, gint32 units)
{
    const Flow *flow = warm->flow;
    for (gint i = warm->ties_of[class_index]; i >= 0 && units > 0; i = tie_at(warm, i)->next) {
        const Tie tie = *tie_at(warm, i);
        if ((flow->price[tie.column] > 0) != priced || !is_best(warm, class_index, &tie))
            continue;
        const gint32 here = (gint32)MIN((gint64)units, room_of(warm, tie.column));
        if (here > 0)
            add_spot(warm, class_index, tie.column, here, tie.cost);
        units -= here;
    }
    return units;
}

static void
place_rests(Warm *warm)
{
    for (guint i = 0; i < warm->rests->len; i++) {
        const Rest rest = g_array_index(warm->rests, Rest, i);
        const Sum value = warm->value[rest.class_index];
        gint32 units = go_where_is_room(warm, rest.class_index, TRUE, rest.units);
        units = go_where_is_room(warm, rest.class_index, FALSE, units);
        if (units > 0)
            add_spot(warm, rest.class_index,
                     value == penalty_of(warm, rest.class_index) ? warm->flow->len : warm->waiting,
                     units, value);
    }
}

/* FALSE after a stop. */
static gboolean
place_all_warm(Warm *warm)
{
    Flow *flow = warm->flow;
    const CnSolve *solve = flow->solve;
    guint next = 0;
    find_word_prices(warm, flow->price);
    for (guint i = 0; i < flow->component->classes_len; i++) {
        const guint first = next;
        while (next < solve->former_len &&
               solve->former[next].class_index == flow->component->classes_first + i)
            next++;
        warm->town_ends[flow->town_of_class[i]] = i + 1;
        if (solve->units[i] == 0)
            continue;
        if (is_stopped(flow))
            return FALSE;
        place_class_warm(warm, i, (gint32)solve->units[i], solve->former + first, next - first);
    }
    place_rests(warm);
    return TRUE;
}
