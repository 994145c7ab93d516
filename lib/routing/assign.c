/* The driver: components to threads, answers to units. */
#include "routing/assign-private.h"
#include "routing/levels.h"

#include "base/error.h"
#include "base/pieces.h"

#include <math.h>
#include <string.h>

/* Rows of ways that are kept: the same for any number of threads, since of equal plans it may
 * depend on what is kept which one is found. */
#define CACHE_BYTES_MOST  ((gsize)160 << 20) /* of a component, if there is no other */
#define CACHE_BYTES_LEAST ((gsize)16 << 20)  /* of a component */
#define CACHE_GROWS_TIMES 5                  /* where that is far too little */
/* Rows of minutes by town are asked for in no order, so all of them are kept where there is room. */
#define MINUTES_BYTES_MOST ((gsize)96 << 20)
/* When ways are made again. */
#define COLUMNS_FOR_ONE 8
#define THREADS_MOST    64
/* Below this many pairs a thread costs more than it helps. */
#define PAIRS_FOR_THREADS 50000

void
cn_assign_options_init(CnAssignOptions *options)
{
    *options = (CnAssignOptions){.threads = 1};
}

CnStopped
cn_stop_watch_look(CnStopWatch *watch)
{
    gint stopped = g_atomic_int_get(&watch->stopped);
    if (stopped != CN_STOPPED_NOT)
        return (CnStopped)stopped;
    if (watch->cancel != NULL && g_atomic_int_get(watch->cancel) != 0)
        stopped = CN_STOPPED_USER;
    else if (watch->deadline_us > 0 && g_get_monotonic_time() >= watch->deadline_us)
        stopped = CN_STOPPED_TIME;
    if (stopped != CN_STOPPED_NOT)
        g_atomic_int_set(&watch->stopped, stopped);
    return (CnStopped)stopped;
}

/* ---- One component. */

typedef struct {
    const CnMarket *market;
    const CnAssignOptions *options;
    CnAssignment *out;
    CnSolve *solves;  /* by component */
    GPtrArray *order; /* (element-type CnSolve) of them */
    guint8 *named;    /* by unit: not 0, it has been told where it goes */
    CnStopWatch watch;
    GMutex lock; /* of what follows */
    guint64 pairs, pairs_done;
} Assign;

static guint64
pairs_of(const CnComponent *component)
{
    return (guint64)component->classes_len * component->len;
}

/* Places after what others took. */
static gint64 *
places_left(const Assign *assign, const CnComponent *component)
{
    gint64 *places = g_new(gint64, (gsize)component->end + 1);
    memcpy(places, component->places, component->end * sizeof *places);
    for (guint i = 0; assign->options->taken != NULL && i < component->end; i++)
        if (cn_component_has(component, i) && places[i] != G_MAXINT64)
            places[i] -= MIN(places[i], (gint64)assign->options->taken[component->offering[i]]);
    return places;
}

static gboolean
takes_part(const Assign *assign, guint unit)
{
    const guint8 *left_out = assign->options->left_out;
    return left_out == NULL || !left_out[cn_market_need_of_unit(assign->market, unit)];
}

/* Passes of the class, after others took the cheapest. */
static guint
passes_left(const Assign *assign, const CnComponent *component, const CnClass *one)
{
    guint column;
    const CnSlot *slot = cn_market_slot_of_pass(assign->market, component, one, &column);
    gint64 taken = assign->options->taken[component->offering[column]];
    for (const CnSlot *before = &component->slots[component->first_slot[column]]; before < slot;
         before++)
        taken -= MIN(taken, before->places);
    return (guint)(slot->places - MIN(taken, slot->places));
}

/* The units of each class that take part. */
static guint *
units_left(const Assign *assign, const CnComponent *component)
{
    const CnMarket *market = assign->market;
    guint *units = g_new(guint, component->classes_len + 1);
    for (guint i = 0; i < component->classes_len; i++) {
        const CnClass *one = &market->classes[component->classes_first + i];
        units[i] = one->units;
        if (assign->options->taken != NULL && cn_market_is_pass(market, one))
            units[i] = passes_left(assign, component, one);
        if (one->urgency == CN_BLOCKER)
            continue;
        for (guint k = 0; assign->options->left_out != NULL && k < one->units; k++)
            if (!takes_part(assign, market->members[one->first_unit + k]))
                units[i]--;
    }
    return units;
}

/* ---- Who was where. */

static gint
compare_former(gconstpointer a, gconstpointer b)
{
    const CnPlaced *x = a, *y = b;
    if (x->class_index != y->class_index)
        return x->class_index < y->class_index ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Adds where a unit was, if that is known and its component knows it. */
static void
add_former(const Assign *assign,
           const CnComponent *component,
           guint class_index,
           guint unit,
           GArray *former)
{
    const gint32 at = assign->options->former[unit];
    CnPlaced placed = {.class_index = class_index, .column = -1, .units = 1};
    if (at >= (gint32)assign->market->directory->listing->offerings_len || at <= CN_FORMER_UNKNOWN)
        return;
    if (at >= 0 && (placed.column = cn_market_column(assign->market, component, (guint)at)) < 0)
        return;
    CnPlaced *last = former->len > 0 ? &g_array_index(former, CnPlaced, former->len - 1) : NULL;
    if (last != NULL && last->class_index == class_index && last->column == placed.column)
        last->units++;
    else
        g_array_append_val(former, placed);
}

/* The units of one class and offering together. */
static void
join_former(GArray *former)
{
    guint kept = 0;
    CnPlaced *all = (CnPlaced *)(gpointer)former->data;
    for (guint i = 0; i < former->len; i++)
        if (kept > 0 && compare_former(&all[kept - 1], &all[i]) == 0)
            all[kept - 1].units += all[i].units;
        else
            all[kept++] = all[i];
    g_array_set_size(former, kept);
}

/* (element-type CnPlaced) by class, then column (transfer full) */
static GArray *
former_of(const Assign *assign, const CnComponent *component)
{
    const CnMarket *market = assign->market;
    GArray *former = g_array_new(FALSE, FALSE, sizeof(CnPlaced));
    gboolean sorted = TRUE;
    for (guint i = 0; assign->options->former != NULL && i < component->classes_len; i++) {
        const guint class_index = component->classes_first + i, first = former->len;
        const CnClass *one = &market->classes[class_index];
        for (guint k = 0; one->urgency != CN_BLOCKER && k < one->units; k++) {
            const guint unit = market->members[one->first_unit + k];
            if (takes_part(assign, unit))
                add_former(assign, component, class_index, unit, former);
        }
        sorted = sorted && former->len <= first + 1;
    }
    if (!sorted) {
        g_array_sort(former, compare_former);
        join_former(former);
    }
    return former;
}

static void give_members(Assign *assign, CnSolve *solve);

static void
solve_component(CnSolve *solve, Assign *assign)
{
    const CnMarket *market = assign->market;
    const CnComponent *component = cn_market_component(market, solve->component);
    g_autofree guint *units = units_left(assign, component);
    solve->units = units;
    solve->places = places_left(assign, component);
    solve->price = g_new0(gint64, (gsize)component->end + 1);
    solve->placed = g_array_new(FALSE, FALSE, sizeof(CnPlaced));
    g_autoptr(GArray) former = former_of(assign, component);
    solve->former = (const CnPlaced *)(gconstpointer)former->data;
    solve->former_len = former->len;
    for (guint i = 0; solve->warm && i < component->len; i++)
        solve->price[i] =
            MAX(0, assign->options->prices[component->offering[i]] - component->extra[i]);
    if (!cn_flow_solve_narrow(solve)) {
        solve->stopped = CN_STOPPED_NOT;
        cn_flow_solve_wide(solve);
    }
    solve->units = NULL;
    solve->former = NULL;
    give_members(assign, solve);
    g_mutex_lock(&assign->lock);
    assign->pairs_done += pairs_of(component);
    if (assign->options->progress != NULL)
        assign->options->progress((double)assign->pairs_done / (double)MAX(1, assign->pairs),
                                  assign->options->progress_data);
    g_mutex_unlock(&assign->lock);
}

/* The largest first, so that no thread is left with it alone at the end. */
static gint
compare_sizes(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnMarket *market = data;
    const CnSolve *x = *(CnSolve *const *)a, *y = *(CnSolve *const *)b;
    guint64 p = pairs_of(cn_market_component(market, x->component));
    guint64 q = pairs_of(cn_market_component(market, y->component));
    if (p != q)
        return p > q ? -1 : 1;
    return (x->component > y->component) - (x->component < y->component);
}

static gsize
cache_of(const CnMarket *market, guint component)
{
    double own = cn_market_component(market, component)->len, all = 0;
    for (guint i = 0; i < market->components->len; i++)
        all += (double)cn_market_component(market, i)->len * cn_market_component(market, i)->len;
    return MAX(CACHE_BYTES_LEAST, (gsize)(CACHE_BYTES_MOST * (own / sqrt(all))));
}

/* What a place is asked for does not say what it is worth to blockers at its back. */
static gboolean
knows_prices(const CnMarket *market, guint component)
{
    const CnComponent *of = cn_market_component(market, component);
    return of->first_back == of->end;
}

static void
prepare(Assign *assign)
{
    const CnAssignOptions *options = assign->options;
    guint len = assign->market->components->len;
    assign->solves = g_new0(CnSolve, len + 1);
    for (guint i = 0; i < len; i++)
        assign->pairs += pairs_of(cn_market_component(assign->market, i));
    for (guint i = 0; i < len; i++) {
        guint64 own = pairs_of(cn_market_component(assign->market, i));
        double share = (double)own / (double)MAX(1, assign->pairs);
        assign->solves[i] = (CnSolve){
            .market = assign->market,
            .component = i,
            .cpu = options->cpu,
            .cache_bytes =
                options->cache_bytes > 0 ? options->cache_bytes : cache_of(assign->market, i),
            .minutes_bytes = options->cache_bytes > 0 ? options->cache_bytes : MINUTES_BYTES_MOST,
            .columns_for_one = options->cache_bytes > 0 ? CN_WORD : COLUMNS_FOR_ONE,
            .cache_grows = options->cache_bytes > 0 ? 1 : CACHE_GROWS_TIMES,
            .warm = options->prices != NULL && knows_prices(assign->market, i),
            .watch = &assign->watch};
        if (options->work_limit > 0)
            assign->solves[i].work_limit = 1 + (guint64)((double)options->work_limit * share);
    }
}

static void
solve_piece(guint piece, gpointer data)
{
    Assign *assign = data;
    solve_component(g_ptr_array_index(assign->order, piece), assign);
}

static void
solve_all(Assign *assign, guint threads)
{
    const guint len = assign->market->components->len;
    g_autoptr(GPtrArray) order = g_ptr_array_sized_new(len);
    for (guint i = 0; i < len; i++)
        g_ptr_array_add(order, &assign->solves[i]);
    g_ptr_array_sort_with_data(order, compare_sizes, (gpointer)assign->market);
    assign->order = order;
    cn_pieces_do(len, assign->pairs >= PAIRS_FOR_THREADS ? threads : 1, solve_piece, assign);
}

/* ---- Answers. */

static void
add_levels(CnLevels *sum, const CnLevels *levels)
{
    for (guint i = 0; i < G_N_ELEMENTS(sum->unmet); i++)
        sum->unmet[i] += levels->unmet[i];
    sum->cost += levels->cost;
}

/* By class, then offering; the unmet last. */
static gint
compare_placed(gconstpointer a, gconstpointer b, gpointer data)
{
    const CnComponent *component = data;
    const CnPlaced *x = a, *y = b;
    if (x->class_index != y->class_index)
        return x->class_index < y->class_index ? -1 : 1;
    guint p = x->column >= 0 ? component->offering[x->column] : G_MAXUINT;
    guint q = y->column >= 0 ? component->offering[y->column] : G_MAXUINT;
    if (p != q)
        return p < q ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* A member goes where one of the class is. */
static void
name_member(Assign *assign, const CnComponent *component, guint unit, CnPlaced *placed)
{
    if (placed->column >= 0)
        assign->out->offering[unit] = (gint32)component->offering[placed->column];
    placed->units--;
    assign->named[unit] = TRUE;
}

/* Of equal persons those who were there stay there. */
static void
keep_members(Assign *assign,
             const CnComponent *component,
             const CnClass *one,
             CnPlaced *placed,
             guint len)
{
    for (guint k = 0; k < one->units; k++) {
        const guint unit = assign->market->members[one->first_unit + k];
        const gint32 at = assign->options->former[unit];
        guint i = 0;
        if (!takes_part(assign, unit))
            continue;
        while (i < len &&
               (placed[i].units == 0 ||
                at != (placed[i].column < 0 ? CN_FORMER_UNMET
                                            : (gint32)component->offering[placed[i].column])))
            i++;
        if (i < len)
            name_member(assign, component, unit, &placed[i]);
    }
}

/* The members of a class by reference, over its offerings by id. */
static void
name_class(Assign *assign, const CnComponent *component, CnPlaced *placed, guint len)
{
    const CnMarket *market = assign->market;
    const CnClass *one = &market->classes[placed->class_index];
    if (one->urgency == CN_BLOCKER)
        return;
    if (assign->options->former != NULL)
        keep_members(assign, component, one, placed, len);
    guint next = one->first_unit;
    for (guint i = 0; i < len; i++)
        while (placed[i].units > 0) {
            const guint unit = market->members[next++];
            if (takes_part(assign, unit) && !assign->named[unit])
                name_member(assign, component, unit, &placed[i]);
        }
}

static void
name_members(Assign *assign, const CnSolve *solve)
{
    const CnComponent *component = cn_market_component(assign->market, solve->component);
    CnPlaced *placed = (CnPlaced *)(gpointer)solve->placed->data;
    g_array_sort_with_data(solve->placed, compare_placed, (gpointer)component);
    for (guint first = 0, end = 0; first < solve->placed->len; first = end) {
        while (end < solve->placed->len && placed[end].class_index == placed[first].class_index)
            end++;
        name_class(assign, component, placed + first, end - first);
    }
}

/* ---- What places are worth. */

/* What others took of a column. */
static gint64
taken_at(const CnSolve *solve, const CnComponent *component, guint column)
{
    return component->places[column] - solve->places[column];
}

/* What a place is asked for that blockers might have; 0 where they have no columns of their own. */
static gint64
price_of_back(const CnSolve *solve, const CnComponent *component, guint column)
{
    return component->back[column] > 0 ? solve->price[component->back[column]] : 0;
}

/* What the dearest place costs that others took; 0 where they took none. */
static gint64
dearest_taken(const CnSolve *solve, const CnComponent *component, guint column)
{
    gint64 left = taken_at(solve, component, column), dearest = 0;
    for (guint i = component->first_slot[column]; left > 0; i++) {
        dearest = component->slots[i].places > 0 ? component->slots[i].extra : dearest;
        left -= MIN(left, component->slots[i].places);
    }
    return dearest;
}

/* What a place of the column is asked for, its use included: at least what the first one costs that is not
 * pinned, and what those cost that others took; where these are under a quota, others have a say in what they
 * are worth. Where it is all pinned: what keeps everybody away. */
static gint64
price_of_column(const CnSolve *solve, const CnComponent *component, guint column)
{
    gint64 asked = solve->price[column] + component->extra[column];
    guint slot = component->first_slot[column];
    while (slot < component->first_slot[column + 1] && component->slots[slot].places == 0)
        slot++;
    if (slot == component->first_slot[column + 1])
        return asked;
    asked = MAX(asked, price_of_back(solve, component, column) + component->slots[slot].extra);
    const gint64 taken = component->back[column] > 0 ? 0 : dearest_taken(solve, component, column);
    return MAX(asked, taken);
}

/* What places of a column that others took are worth. */
static void
add_taken(Assign *assign, const CnSolve *solve, const CnComponent *component, guint column)
{
    const CnMarket *market = assign->market;
    const gint64 price = assign->out->price[component->offering[column]],
                 back = price_of_back(solve, component, column);
    gint64 left = taken_at(solve, component, column);
    for (guint i = component->first_slot[column]; left > 0; i++) {
        const CnSlot *slot = &component->slots[i];
        const gint64 here = MIN(left, slot->places);
        const CnLevels worth = back > price - slot->extra
                                   ? cn_levels_of_price(market, back)
                                   : cn_levels_of_slot(market, price, slot->extra);
        cn_levels_add(&assign->out->taken, &worth, here);
        left -= here;
    }
}

/* What is told of the members of a component as soon as it is solved: those of another one are others. */
static void
give_members(Assign *assign, CnSolve *solve)
{
    name_members(assign, solve);
    g_clear_pointer(&solve->placed, g_array_unref);
}

static void
give_component(Assign *assign, const CnSolve *solve)
{
    CnAssignment *out = assign->out;
    const CnComponent *component = cn_market_component(assign->market, solve->component);
    g_assert(solve->price != NULL);
    add_levels(&out->primal, &solve->primal);
    add_levels(&out->bound, &solve->bound);
    out->work += solve->work;
    if (out->stopped_by == CN_STOPPED_NOT)
        out->stopped_by = solve->stopped;
    for (guint i = 0; i < component->len; i++) {
        out->price[component->offering[i]] = price_of_column(solve, component, i);
        add_taken(assign, solve, component, i);
    }
}

/* Pins have their places; needs of which nobody offers the service have none. */
static void
give_others(Assign *assign)
{
    const CnMarket *market = assign->market;
    const CnAssignOptions *options = assign->options;
    CnLevels others = market->pinned_levels;
    for (guint need = 0; need < cn_market_needs_len(market); need++) {
        if (market->class_of_need[need] != CN_NO_CLASS)
            continue;
        gint pinned = cn_market_pinned(market, need);
        const CnCase *person =
            g_ptr_array_index(market->cases->cases, cn_market_person(market, need));
        const CnNeed *asked =
            &g_array_index(person->needs, CnNeed, cn_market_need_in_case(market, need));
        for (guint unit = cn_market_first_unit(market, need);
             unit < cn_market_first_unit(market, need + 1); unit++)
            assign->out->offering[unit] = pinned;
        if (pinned < 0 && (options->left_out == NULL || !options->left_out[need]))
            others.unmet[asked->urgency] += cn_market_units_of(market, need);
    }
    add_levels(&assign->out->primal, &others);
    add_levels(&assign->out->bound, &others);
}

gboolean
cn_assign(const CnMarket *market, const CnAssignOptions *options, CnAssignment *out, GError **error)
{
    CnAssignOptions defaults;
    cn_assign_options_init(&defaults);
    options = options != NULL ? options : &defaults;
    CN_REQUIRE_FOR("carenet_batch", options->threads <= THREADS_MOST,
                   "threads must be 1 to " G_STRINGIFY(THREADS_MOST), error, FALSE);
    Assign assign = {.market = market, .options = options, .out = out};
    guint threads = MAX(1, options->threads);
    assign.watch.deadline_us = options->deadline_us;
    assign.watch.cancel = options->cancel;
    g_mutex_init(&assign.lock);
    *out = (CnAssignment){.units_len = cn_market_units_len(market),
                          .offerings_len = (guint)market->directory->listing->offerings_len};
    out->offering = g_new(gint32, out->units_len + 1);
    out->price = g_new0(gint64, out->offerings_len + 1);
    assign.named = g_new0(guint8, out->units_len + 1);
    for (guint i = 0; i < out->units_len; i++)
        out->offering[i] = -1;
    prepare(&assign);
    solve_all(&assign, threads);
    for (guint i = 0; i < market->components->len; i++) {
        give_component(&assign, &assign.solves[i]);
        g_free(assign.solves[i].places);
        g_free(assign.solves[i].price);
    }
    give_others(&assign);
    g_free(assign.solves);
    g_free(assign.named);
    g_mutex_clear(&assign.lock);
    return TRUE;
}

void
cn_assignment_clear(CnAssignment *assignment)
{
    g_clear_pointer(&assignment->offering, g_free);
    g_clear_pointer(&assignment->price, g_free);
}
