/* What is told of components: who goes where, and what places are worth. */
#include "routing/assign-driver.h"
#include "routing/levels.h"

/* ---- Who goes where. */

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
name_member(CnAssign *assign, const CnComponent *component, guint unit, CnPlaced *placed)
{
    if (placed->column >= 0)
        assign->out->offering[unit] = (gint32)component->offering[placed->column];
    placed->units--;
    assign->named[unit] = TRUE;
}

/* Of equal persons those who were there stay there. */
static void
keep_members(CnAssign *assign,
             const CnComponent *component,
             const CnClass *one,
             CnPlaced *placed,
             guint len)
{
    for (guint k = 0; k < one->units; k++) {
        const guint unit = assign->market->members[one->first_unit + k];
        const gint32 at = assign->options->former[unit];
        guint i = 0;
        if (!cn_assign_takes_part(assign, unit))
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
name_class(CnAssign *assign, const CnComponent *component, CnPlaced *placed, guint len)
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
            if (cn_assign_takes_part(assign, unit) && !assign->named[unit])
                name_member(assign, component, unit, &placed[i]);
        }
}

static void
name_members(CnAssign *assign, const CnSolve *solve)
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
add_taken(CnAssign *assign, const CnSolve *solve, const CnComponent *component, guint column)
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

void
cn_assign_give_members(CnAssign *assign, CnSolve *solve)
{
    name_members(assign, solve);
    g_clear_pointer(&solve->placed, g_array_unref);
}

void
cn_assign_give_component(CnAssign *assign, const CnSolve *solve)
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

void
cn_assign_give_others(CnAssign *assign)
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
