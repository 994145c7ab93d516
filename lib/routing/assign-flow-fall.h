/* Part of assign-flow-body.h: prices that nothing holds up fall, all of them together.
 *
 * Each falls until somebody who is held up would come for less, or somebody who is where a price falls less
 * far, or to what the use of a place costs, or to nothing: that is Dijkstra over these columns alone. Who would come is found from the side of
 * the column, by looking at the towns that are near enough to hold one who would, and is listed for as long as
 * prices fall. Nobody goes anywhere, but what holds the prices up is known then, and the columns that
 * are short can be filled. */

/* A node to be looked at, the least key first. */
typedef struct {
    Sum key;
    guint node;
} Open;

/* A class that would come to a column if it were cheaper. */
typedef struct {
    guint class_index, column;
    Sum cost;
    gint next_here, next_of_class; /* in the pool; -1 ends */
} Comer;

typedef struct {
    Held *held;
    Warm *warm;
    GArray *loose;   /* (element-type guint) columns that nothing holds up */
    Sum *fall;       /* by column: how far its price falls at most */
    Sum *fall_of;    /* by class: how far falls where it is; FAR: not known */
    GArray *comers;  /* (element-type Comer) */
    gint *comers_at; /* by column */
    gint *comers_of; /* by class */
    Sum *
        listed; /* by column: all whose cost there less the first value is no more than this are comers */
    guint64 spent;    /* on looking at single columns since all were looked at */
    Sum *loose_price; /* by column: room for the prices of those that are looked at */
    GArray *open;     /* (element-type Open) a heap */
    Minutes *minutes; /* by town: to a column */
    guint *near;      /* towns */
} Fall;
/* How far a price has to fall until the list of comers is made longer, so many times longer each time. */
#define FALL_FIRST 8
#define FALL_TIMES 4
/* Columns that are scanned in the time that one town of a column takes, or one class. */
#define COLUMNS_FOR_TOWN  8
#define COLUMNS_FOR_CLASS 48

static void
push_open(GArray *heap, Sum key, guint node)
{
    const Open last = {key, node};
    g_array_append_val(heap, last);
    Open *open = (Open *)(gpointer)heap->data;
    guint at = heap->len - 1;
    for (; at > 0 && open[(at - 1) / 2].key > key; at = (at - 1) / 2)
        open[at] = open[(at - 1) / 2];
    open[at] = last;
}

static Open
pop_open(GArray *heap)
{
    Open *open = (Open *)(gpointer)heap->data;
    const Open first = open[0], last = open[heap->len - 1];
    const guint len = heap->len - 1;
    guint at = 0;
    for (guint child = 1; child < len; child = 2 * at + 1) {
        if (child + 1 < len && open[child + 1].key < open[child].key)
            child++;
        if (open[child].key >= last.key)
            break;
        open[at] = open[child];
        at = child;
    }
    open[at] = last;
    g_array_set_size(heap, len);
    return first;
}

static inline Comer *
comer_at(const Fall *fall, gint i)
{
    return &g_array_index(fall->comers, Comer, i);
}

/* How much cheaper the column would have to be. */
static Sum
lack_of(const Fall *fall, const Comer *comer)
{
    return comer->cost + fall->warm->flow->price[comer->column] -
           fall->warm->value[comer->class_index];
}

/* ---- Who would come. */

/* Lists the class if it was not before. */
static void
list_comer(Fall *fall, guint class_index, guint column, Sum cost)
{
    if (cost - fall->warm->first_value[class_index] <= fall->listed[column])
        return;
    const Comer comer = {.class_index = class_index,
                         .column = column,
                         .cost = cost,
                         .next_here = fall->comers_at[column],
                         .next_of_class = fall->comers_of[class_index]};
    g_array_append_val(fall->comers, comer);
    fall->comers_at[column] = fall->comers_of[class_index] = (gint)fall->comers->len - 1;
}

static void
spend(Fall *fall, guint64 columns)
{
    fall->spent += columns;
    fall->warm->flow->solve->work += columns;
}

static void
ask_class(Fall *fall, guint class_index, guint column, Sum listed)
{
    Flow *flow = fall->warm->flow;
    const Sum cost = cost_or_far(flow, class_index, view_of(flow, class_index), column);
    spend(fall, COLUMNS_FOR_CLASS);
    if (cost < FAR && cost - fall->warm->first_value[class_index] <= listed)
        list_comer(fall, class_index, column, cost);
}

/* @paid: what who pays for the way pays there at least. */
static void
ask_town(Fall *fall, guint town, guint column, Sum paid, Sum listed)
{
    const Warm *warm = fall->warm;
    for (guint i = town > 0 ? warm->town_ends[town - 1] : 0; i < warm->town_ends[town]; i++)
        if ((warm->flow->classes[i].free ? 0 : paid) - warm->key[i] <= listed)
            ask_class(fall, i, column, listed);
}

/* Towns from which somebody may come who lacks no more: into fall->near. How many. @floor is what who pays
 * for the way pays there besides. */
static guint
near_towns(Fall *fall, guint column, Sum listed)
{
    const Warm *warm = fall->warm;
    const CnPolicy *policy = warm->flow->market->policy;
    const Sum floor = warm->floor[column] - listed, per_min = policy->travel_cost_per_min;
    guint len = 0;
    for (guint town = 0; town < warm->flow->towns->len; town++)
        fall->minutes[town] = minutes_of(warm->flow, town)[column];
    for (guint town = 0; town < warm->flow->towns->len; town++) {
        const Minutes minutes = fall->minutes[town];
        const Sum way = minutes == MINUTES_NO_LINK ? policy->no_link_cost : (Sum)minutes * per_min;
        const Sum lack = MIN(floor + way - warm->most[town], -listed - warm->most_free[town]);
        fall->near[len] = town;
        len += lack <= 0 && minutes <= MINUTES_NO_LINK ? 1 : 0;
    }
    spend(fall, (guint64)COLUMNS_FOR_TOWN * warm->flow->towns->len);
    return len;
}

static void
list_comers(Fall *fall, guint column, Sum listed)
{
    const Warm *warm = fall->warm;
    const CnPolicy *policy = warm->flow->market->policy;
    const guint len = near_towns(fall, column, listed);
    for (guint i = 0; i < len; i++) {
        const guint town = fall->near[i];
        const Minutes minutes = fall->minutes[town];
        const Sum way = minutes == MINUTES_NO_LINK ? policy->no_link_cost
                                                   : (Sum)minutes * policy->travel_cost_per_min;
        ask_town(fall, town, column, warm->floor[column] + way, listed);
    }
    for (guint i = 0; i < warm->blockers->len; i++)
        ask_class(fall, g_array_index(warm->blockers, guint, i), column, listed);
    fall->listed[column] = listed;
}

/* The same for all columns that nothing holds up yet, and prices that fall by @far: class by class, which
 * costs as much as looking at many columns. */
static void
list_all(Fall *fall, Sum far)
{
    Warm *warm = fall->warm;
    Flow *flow = warm->flow;
    Sum *price = fall->loose_price;
    for (guint i = 0; i < flow->len; i++)
        price[i] = i < flow->component->len && !fall->held->held[i] &&
                           far - flow->price[i] > fall->listed[i]
                       ? flow->price[i]
                       : FAR;
    find_word_prices(warm, price);
    for (guint i = 0; i < flow->component->classes_len; i++) {
        const guint len =
            flow->solve->units[i] > 0 ? scan_within(warm, i, price, warm->first_value[i] + far) : 0;
        for (guint k = 0; k < len; k++)
            list_comer(fall, i, warm->columns[k], warm->sums[k] - price[warm->columns[k]]);
    }
    for (guint i = 0; i < flow->component->len; i++)
        if (price[i] < FAR)
            fall->listed[i] = far - flow->price[i];
    fall->spent = 0;
}

/* What looking class by class costs, in columns. */
static guint64
cost_of_all(const Fall *fall)
{
    return (guint64)fall->warm->flow->component->classes_len * fall->warm->flow->len;
}

/* How far the price may fall before somebody comes who is not listed. */
static Sum
listed_fall(const Fall *fall, guint column)
{
    return fall->listed[column] > -FAR ? fall->listed[column] + fall->warm->flow->price[column]
                                       : -1;
}

/* ---- Falling. */

static void
push_column(Fall *fall, guint column)
{
    push_open(fall->open, MIN(fall->fall[column], listed_fall(fall, column) + 1), column);
}

static void
fall_at_most(Fall *fall, guint column, Sum most)
{
    if (most >= fall->fall[column])
        return;
    fall->fall[column] = most;
    push_column(fall, column);
}

/* Somebody is held up, or is where a price falls so far, and holds up others that fall further. */
static void
fall_with(Fall *fall, guint class_index, Sum so_far)
{
    if (fall->fall_of[class_index] < FAR)
        return;
    fall->fall_of[class_index] = so_far;
    for (gint i = fall->comers_of[class_index]; i >= 0; i = comer_at(fall, i)->next_of_class)
        if (!fall->held->held[comer_at(fall, i)->column])
            fall_at_most(fall, comer_at(fall, i)->column,
                         so_far + lack_of(fall, comer_at(fall, i)));
}

/* So far the price falls until the list is made longer the next time. */
static Sum
next_far(const Fall *fall, guint column)
{
    return MIN(fall->warm->flow->price[column],
               MAX(FALL_FIRST, FALL_TIMES * listed_fall(fall, column)));
}

/* Those who are on the list, and whose own fall is known, hold the price up. */
static void
hold_by_comers(Fall *fall, guint column)
{
    for (gint i = fall->comers_at[column]; i >= 0; i = comer_at(fall, i)->next_here) {
        const Sum so_far = fall->fall_of[comer_at(fall, i)->class_index];
        if (so_far < FAR)
            fall->fall[column] = MIN(fall->fall[column], so_far + lack_of(fall, comer_at(fall, i)));
    }
    push_column(fall, column);
}

/* Lists who comes for less than is known. */
static void
look_further(Fall *fall, guint column)
{
    const Sum far = next_far(fall, column);
    if (fall->spent <= cost_of_all(fall)) {
        list_comers(fall, column, far - fall->warm->flow->price[column]);
        hold_by_comers(fall, column);
        return;
    }
    list_all(fall, far);
    for (guint i = 0; i < fall->loose->len; i++)
        if (!fall->held->held[g_array_index(fall->loose, guint, i)])
            hold_by_comers(fall, g_array_index(fall->loose, guint, i));
}

/* Those who are held up hold up what they would come to. Neighbours are looked at one after the other. */
static void
begin_falls(Fall *fall)
{
    const Flow *flow = fall->warm->flow;
    guint64 asked = 0;
    for (guint i = 0; i < flow->component->classes_len; i++)
        fall->fall_of[i] = fall->held->told[i] ? 0 : FAR;
    for (guint i = 0; i < fall->loose->len; i++)
        asked += listed_fall(fall, g_array_index(fall->loose, guint, i)) < 0 ? 1 : 0;
    if (asked * COLUMNS_FOR_TOWN * flow->towns->len > cost_of_all(fall))
        list_all(fall, FALL_FIRST);
    for (guint i = 0; i < fall->loose->len; i++) {
        const guint column = g_array_index(fall->loose, guint, i);
        if (listed_fall(fall, column) < 0)
            list_comers(fall, column, next_far(fall, column) - flow->price[column]);
        hold_by_comers(fall, column);
    }
}

/* FALSE after a stop. */
static gboolean
search_falls(Fall *fall)
{
    const Warm *warm = fall->warm;
    while (fall->open->len > 0) {
        const Open next = pop_open(fall->open);
        const Sum far = fall->fall[next.node], listed = listed_fall(fall, next.node);
        if (fall->held->held[next.node] || next.key != MIN(far, listed + 1))
            continue;
        if (is_stopped(warm->flow))
            return FALSE;
        if (far > listed) {
            look_further(fall, next.node);
            continue;
        }
        fall->held->held[next.node] = TRUE;
        for (gint k = warm->spots_at[next.node]; k >= 0; k = spot_at(warm, k)->next_here)
            if (spot_at(warm, k)->units > 0)
                fall_with(fall, spot_at(warm, k)->class_index, far);
    }
    return TRUE;
}

/* The class finds the column as good as where it is. */
static void
note_best(Warm *warm, const Comer *comer)
{
    gint i = warm->ties_of[comer->class_index];
    while (i >= 0 && tie_at(warm, i)->column != comer->column)
        i = tie_at(warm, i)->next;
    if (i < 0)
        add_tie(warm, comer->class_index, comer->column, comer->cost);
}

/* Prices fall, and with them what those who are there pay. */
static void
lower_loose(Fall *fall)
{
    Warm *warm = fall->warm;
    for (guint i = 0; i < fall->loose->len; i++) {
        const guint column = g_array_index(fall->loose, guint, i);
        warm->flow->price[column] -= fall->fall[column];
        close_places(warm->flow, column);
        for (gint k = warm->spots_at[column]; k >= 0; k = spot_at(warm, k)->next_here)
            if (spot_at(warm, k)->units > 0)
                warm->value[spot_at(warm, k)->class_index] =
                    spot_at(warm, k)->cost + warm->flow->price[column];
    }
    for (guint i = 0; i < fall->loose->len; i++) {
        const guint column = g_array_index(fall->loose, guint, i);
        for (gint k = fall->comers_at[column]; k >= 0; k = comer_at(fall, k)->next_here)
            if (lack_of(fall, comer_at(fall, k)) == 0)
                note_best(warm, comer_at(fall, k));
    }
}

static void
find_loose(Fall *fall)
{
    const Flow *flow = fall->warm->flow;
    g_array_set_size(fall->loose, 0);
    for (guint i = 0; i < flow->component->len; i++) {
        fall->fall[i] = flow->price[i] - next_closing(flow, i);
        if (!fall->held->held[i])
            g_array_append_val(fall->loose, i);
    }
}

static void
fall_init(Fall *fall, Held *held)
{
    const Flow *flow = held->warm->flow;
    *fall = (Fall){.held = held,
                   .warm = held->warm,
                   .loose = g_array_new(FALSE, FALSE, sizeof(guint)),
                   .fall = g_new(Sum, flow->len + 1),
                   .fall_of = g_new(Sum, flow->component->classes_len + 1),
                   .comers = g_array_new(FALSE, FALSE, sizeof(Comer)),
                   .comers_at = g_new(gint, flow->len + 1),
                   .comers_of = g_new(gint, flow->component->classes_len + 1),
                   .listed = g_new(Sum, flow->len + 1),
                   .loose_price = g_new(Sum, flow->len + 1),
                   .open = g_array_new(FALSE, FALSE, sizeof(Open)),
                   .minutes = g_new(Minutes, flow->towns->len + 1),
                   .near = g_new(guint, flow->towns->len + 1)};
    for (guint i = 0; i < flow->len; i++) {
        fall->comers_at[i] = -1;
        fall->listed[i] = -FAR;
    }
    for (guint i = 0; i < flow->component->classes_len; i++)
        fall->comers_of[i] = -1;
}

static void
fall_clear(Fall *fall)
{
    g_array_unref(fall->loose);
    g_free(fall->fall);
    g_free(fall->fall_of);
    g_array_unref(fall->comers);
    g_free(fall->comers_at);
    g_free(fall->comers_of);
    g_free(fall->listed);
    g_free(fall->loose_price);
    g_array_unref(fall->open);
    g_free(fall->minutes);
    g_free(fall->near);
}

/* Where more of the columns are loose than one in so many, most of the component is to be looked at anyway, and
 * rows of ways are quicker; but for a few. */
#define LOOSE_SHARE 3
#define LOOSE_FEW   3
/* Where use costs something there is no such way but to begin from nothing, and prices fall from step to step. After
 * looking at every pair so many times it is given up. */
#define WORK_USUAL   4
#define WORK_STEPPED 8

/* Until every price is held up, and nobody is missing where there is one. FALSE after a stop, or where
 * another way is quicker. */
static gboolean
let_all_fall(Warm *warm)
{
    Flow *flow = warm->flow;
    const gboolean stepped = flow->opening_extra != NULL;
    const guint64 work_most = flow->solve->work + (stepped ? WORK_STEPPED : WORK_USUAL) *
                                                      (guint64)flow->component->classes_len *
                                                      flow->len;
    Held held;
    Fall fall;
    gboolean done = FALSE, given_up = FALSE;
    held_init(&held, warm);
    fall_init(&fall, &held);
    fill_all_held(&held, FALSE);
    while (!done && !given_up) {
        fill_all_held(&held, TRUE);
        find_loose(&fall);
        done = fall.loose->len == 0;
        given_up = is_stopped(flow) || flow->solve->work > work_most ||
                   (!stepped && fall.loose->len > LOOSE_FEW &&
                    fall.loose->len * LOOSE_SHARE > flow->component->len);
        if (done || given_up)
            break;
        begin_falls(&fall);
        given_up = !search_falls(&fall);
        if (!given_up)
            lower_loose(&fall);
    }
    held_clear(&held);
    fall_clear(&fall);
    return done;
}
