/* The driver: components to threads, answers to units. */
#include "routing/assign-driver.h"

#include "base/error.h"
#include "base/pieces.h"

#include <math.h>

/* Rows of ways that are kept: the same for any number of threads, since of equal plans it may
 * depend on what is kept which one is found. */
#define CACHE_BYTES_MOST  ((gsize)160 << 20) /* of a component, if there is no other */
#define CACHE_BYTES_LEAST ((gsize)16 << 20)  /* of a component */
#define CACHE_GROWS_TIMES 2                  /* where that is far too little */
/* Rows of minutes by town are asked for in no order, so all of them are kept where there is room. */
#define MINUTES_BYTES_MOST ((gsize)192 << 20)
/* When ways are made again. */
#define COLUMNS_FOR_ONE 8
/* Ways that wait and are listed for a word: more of them take more memory; fewer are looked for more often. The least is
 * for those who ask for little memory. */
#define LISTED_MOST  2048
#define LISTED_LEAST 12
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

static guint64
pairs_of(const CnComponent *component)
{
    return (guint64)component->classes_len * component->len;
}

/* In as few as are enough. */
static void
solve_in_few_bits(CnSolve *solve)
{
    CnFlowEnd end = cn_flow_solve_narrow(solve);
    if (end == CN_FLOW_WAYS)
        end = cn_flow_solve_middle(solve);
    if (end == CN_FLOW_DONE)
        return;
    solve->stopped = CN_STOPPED_NOT;
    cn_flow_solve_wide(solve);
}

static void
solve_component(CnSolve *solve, CnAssign *assign)
{
    const CnMarket *market = assign->market;
    const CnComponent *component = cn_market_component(market, solve->component);
    g_autofree guint *units = cn_assign_units_left(assign, component);
    solve->units = units;
    solve->places = cn_assign_places_left(assign, component);
    solve->price = g_new0(gint64, (gsize)component->end + 1);
    solve->placed = g_array_new(FALSE, FALSE, sizeof(CnPlaced));
    g_autoptr(GArray) former = cn_assign_former(assign, component);
    solve->former = (const CnPlaced *)(gconstpointer)former->data;
    solve->former_len = former->len;
    for (guint i = 0; solve->warm && i < component->len; i++)
        solve->price[i] =
            MAX(0, assign->options->prices[component->offering[i]] - component->extra[i]);
    solve_in_few_bits(solve);
    solve->units = NULL;
    solve->former = NULL;
    cn_assign_give_members(assign, solve);
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
prepare(CnAssign *assign)
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
            .names_most = options->names_most > 0 ? options->names_most : G_MAXUINT,
            .listed_most = options->cache_bytes > 0 ? LISTED_LEAST : LISTED_MOST,
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
    CnAssign *assign = data;
    solve_component(g_ptr_array_index(assign->order, piece), assign);
}

static void
solve_all(CnAssign *assign, guint threads)
{
    const guint len = assign->market->components->len;
    g_autoptr(GPtrArray) order = g_ptr_array_sized_new(len);
    for (guint i = 0; i < len; i++)
        g_ptr_array_add(order, &assign->solves[i]);
    g_ptr_array_sort_with_data(order, compare_sizes, (gpointer)assign->market);
    assign->order = order;
    cn_pieces_do(len, assign->pairs >= PAIRS_FOR_THREADS ? threads : 1, solve_piece, assign);
}

gboolean
cn_assign(const CnMarket *market, const CnAssignOptions *options, CnAssignment *out, GError **error)
{
    CnAssignOptions defaults;
    cn_assign_options_init(&defaults);
    options = options != NULL ? options : &defaults;
    CN_REQUIRE_FOR("carenet_batch", options->threads <= CN_THREADS_MOST,
                   "threads must be 1 to " G_STRINGIFY(CN_THREADS_MOST), error, FALSE);
    CnAssign assign = {.market = market, .options = options, .out = out};
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
        cn_assign_give_component(&assign, &assign.solves[i]);
        g_free(assign.solves[i].places);
        g_free(assign.solves[i].price);
    }
    cn_assign_give_others(&assign);
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
