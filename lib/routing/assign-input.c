/* What a component is given: places, units, and who was where. */
#include "routing/assign-driver.h"

#include <string.h>

gint64 *
cn_assign_places_left(const CnAssign *assign, const CnComponent *component)
{
    gint64 *places = g_new(gint64, (gsize)component->end + 1);
    memcpy(places, component->places, component->end * sizeof *places);
    for (guint i = 0; assign->options->taken != NULL && i < component->end; i++)
        if (cn_component_has(component, i) && places[i] != G_MAXINT64)
            places[i] -= MIN(places[i], (gint64)assign->options->taken[component->offering[i]]);
    return places;
}

gboolean
cn_assign_takes_part(const CnAssign *assign, guint unit)
{
    const guint8 *left_out = assign->options->left_out;
    return left_out == NULL || !left_out[cn_market_need_of_unit(assign->market, unit)];
}

/* Passes of the class, after others took the cheapest. */
static guint
passes_left(const CnAssign *assign, const CnComponent *component, const CnClass *one)
{
    guint column;
    const CnSlot *slot = cn_market_slot_of_pass(assign->market, component, one, &column);
    gint64 taken = assign->options->taken[component->offering[column]];
    for (const CnSlot *before = &component->slots[component->first_slot[column]]; before < slot;
         before++)
        taken -= MIN(taken, before->places);
    return (guint)(slot->places - MIN(taken, slot->places));
}

guint *
cn_assign_units_left(const CnAssign *assign, const CnComponent *component)
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
            if (!cn_assign_takes_part(assign, market->members[one->first_unit + k]))
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
add_former(const CnAssign *assign,
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

GArray *
cn_assign_former(const CnAssign *assign, const CnComponent *component)
{
    const CnMarket *market = assign->market;
    GArray *former = g_array_new(FALSE, FALSE, sizeof(CnPlaced));
    gboolean sorted = TRUE;
    for (guint i = 0; assign->options->former != NULL && i < component->classes_len; i++) {
        const guint class_index = component->classes_first + i, first = former->len;
        const CnClass *one = &market->classes[class_index];
        for (guint k = 0; one->urgency != CN_BLOCKER && k < one->units; k++) {
            const guint unit = market->members[one->first_unit + k];
            if (cn_assign_takes_part(assign, unit))
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
