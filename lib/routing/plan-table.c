/* The parts of a plan as tables. */
#include "model/plan.h"

#include "base/table.h"

#include <string.h>

static void
add_need(CnTableBuilder *table, const char *ref, guint need, const char *service)
{
    cn_table_add_text(table, ref);
    cn_table_add_int64(table, need);
    cn_table_add_text(table, service);
}

static const CnColumn assignment_columns[] = {
    {"case", CARENET_COLUMN_TEXT},     {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT},  {"provider", CARENET_COLUMN_TEXT},
    {"offering", CARENET_COLUMN_TEXT}, {"units", CARENET_COLUMN_INT64},
    {"cost", CARENET_COLUMN_INT64},    {"pinned", CARENET_COLUMN_BOOL},
};

static void
add_assignments(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        add_need(table, planned->ref, planned->need, planned->service);
        cn_table_add_text(table, planned->provider);
        cn_table_add_text(table, planned->offering);
        cn_table_add_int64(table, planned->units);
        cn_table_add_int64(table, planned->cost);
        cn_table_add_bool(table, planned->pinned);
    }
}

static const CnColumn unmet_columns[] = {
    {"case", CARENET_COLUMN_TEXT},    {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT}, {"urgency", CARENET_COLUMN_TEXT},
    {"units", CARENET_COLUMN_INT64},  {"reason", CARENET_COLUMN_TEXT},
    {"detail", CARENET_COLUMN_TEXT},
};

static void
add_unmet(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        add_need(table, unmet->ref, unmet->need, unmet->service);
        cn_table_add_text(table, cn_urgency_name(unmet->urgency));
        cn_table_add_int64(table, unmet->units);
        cn_table_add_text(table, unmet->reason);
        cn_table_add_text(table, unmet->detail);
    }
}

static const CnColumn change_columns[] = {
    {"case", CARENET_COLUMN_TEXT},  {"need", CARENET_COLUMN_INT64},
    {"kind", CARENET_COLUMN_TEXT},  {"offering", CARENET_COLUMN_TEXT},
    {"field", CARENET_COLUMN_TEXT}, {"from", CARENET_COLUMN_TEXT},
    {"to", CARENET_COLUMN_TEXT},
};

static void
add_changes(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        for (guint k = 0; k < unmet->changes_len; k++) {
            const CnPlanChange *change = cn_plan_change_at(plan, unmet->changes_first + k);
            cn_table_add_text(table, unmet->ref);
            cn_table_add_int64(table, unmet->need);
            cn_table_add_text(table, change->kind);
            cn_table_add_text(table, change->offering);
            cn_table_add_text(table, change->field);
            cn_table_add_text(table, change->from);
            cn_table_add_text(table, change->to);
        }
    }
}

static const CnColumn funnel_columns[] = {
    {"service", CARENET_COLUMN_TEXT},    {"needed", CARENET_COLUMN_INT64},
    {"offered", CARENET_COLUMN_INT64},   {"eligible", CARENET_COLUMN_INT64},
    {"reachable", CARENET_COLUMN_INT64}, {"free", CARENET_COLUMN_INT64},
    {"placed", CARENET_COLUMN_INT64},
};

static void
add_funnel(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->funnel->len; i++) {
        const CnPlanFunnel *funnel = cn_plan_funnel_at(plan, i);
        cn_table_add_text(table, funnel->service);
        cn_table_add_int64(table, funnel->needed);
        cn_table_add_int64(table, funnel->offered);
        cn_table_add_int64(table, funnel->eligible);
        cn_table_add_int64(table, funnel->reachable);
        cn_table_add_int64(table, funnel->free);
        cn_table_add_int64(table, funnel->placed);
    }
}

static const CnColumn every_columns[] = {
    {"case", CARENET_COLUMN_TEXT},     {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT},  {"placed", CARENET_COLUMN_BOOL},
    {"provider", CARENET_COLUMN_TEXT}, {"offering", CARENET_COLUMN_TEXT},
    {"units", CARENET_COLUMN_INT64},   {"cost", CARENET_COLUMN_INT64},
    {"pinned", CARENET_COLUMN_BOOL},   {"urgency", CARENET_COLUMN_TEXT},
    {"reason", CARENET_COLUMN_TEXT},   {"detail", CARENET_COLUMN_TEXT},
};

static void
add_placed(CnTableBuilder *table, const CnPlanned *planned)
{
    add_need(table, planned->ref, planned->need, planned->service);
    cn_table_add_bool(table, TRUE);
    cn_table_add_text(table, planned->provider);
    cn_table_add_text(table, planned->offering);
    cn_table_add_int64(table, planned->units);
    cn_table_add_int64(table, planned->cost);
    cn_table_add_bool(table, planned->pinned);
    cn_table_add_null(table);
    cn_table_add_null(table);
    cn_table_add_null(table);
}

static void
add_left(CnTableBuilder *table, const CnPlanUnmet *unmet)
{
    add_need(table, unmet->ref, unmet->need, unmet->service);
    cn_table_add_bool(table, FALSE);
    cn_table_add_null(table);
    cn_table_add_null(table);
    cn_table_add_int64(table, unmet->units);
    cn_table_add_null(table);
    cn_table_add_bool(table, FALSE);
    cn_table_add_text(table, cn_urgency_name(unmet->urgency));
    cn_table_add_text(table, unmet->reason);
    cn_table_add_text(table, unmet->detail);
}

static gboolean
comes_first(const CnPlanned *planned, const CnPlanUnmet *unmet)
{
    const gint order = strcmp(planned->ref, unmet->ref);
    return order < 0 || (order == 0 && planned->need < unmet->need);
}

/* Both lists are in order. */
static void
add_every(CnTableBuilder *table, const CnPlan *plan)
{
    guint a = 0, b = 0;
    while (a < plan->assignments->len || b < plan->unmet->len) {
        const gboolean placed =
            b == plan->unmet->len ||
            (a < plan->assignments->len &&
             comes_first(cn_plan_assignment_at(plan, a), cn_plan_unmet_at(plan, b)));
        if (placed)
            add_placed(table, cn_plan_assignment_at(plan, a++));
        else
            add_left(table, cn_plan_unmet_at(plan, b++));
    }
}

static const CnColumn price_columns[] = {{"offering", CARENET_COLUMN_TEXT},
                                         {"price", CARENET_COLUMN_INT64}};

static void
add_prices(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->prices->len; i++) {
        cn_table_add_text(table, cn_plan_price_at(plan, i)->offering);
        cn_table_add_int64(table, cn_plan_price_at(plan, i)->price);
    }
}

static const CnColumn quota_columns[] = {
    {"kind", CARENET_COLUMN_TEXT},       {"id", CARENET_COLUMN_TEXT},
    {"name", CARENET_COLUMN_TEXT},       {"places", CARENET_COLUMN_INT64},
    {"used", CARENET_COLUMN_INT64},      {"told", CARENET_COLUMN_BOOL},
    {"emergency", CARENET_COLUMN_INT64}, {"urgent", CARENET_COLUMN_INT64},
    {"routine", CARENET_COLUMN_INT64},   {"cost", CARENET_COLUMN_INT64},
    {"worth", CARENET_COLUMN_TEXT},
};

static void
add_saving(CnTableBuilder *table, const CnPlanQuota *quota)
{
    g_autofree char *worth = cn_plan_saving_told(&quota->saves);
    for (guint tier = 0; tier < CN_TIERS; tier++) {
        if (quota->told)
            cn_table_add_int64(table, quota->saves.unmet[tier]);
        else
            cn_table_add_null(table);
    }
    if (quota->told)
        cn_table_add_int64(table, quota->saves.cost);
    else
        cn_table_add_null(table);
    cn_table_add_text(table, quota->told && *worth != '\0' ? worth : NULL);
}

static void
add_quotas(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->quotas->len; i++) {
        const CnPlanQuota *quota = cn_plan_quota_at(plan, i);
        cn_table_add_text(table, quota->kind);
        cn_table_add_text(table, quota->id);
        cn_table_add_text(table, quota->name);
        cn_table_add_int64(table, quota->places);
        cn_table_add_int64(table, quota->used);
        cn_table_add_bool(table, quota->told);
        add_saving(table, quota);
    }
}

static const CnColumn kept_columns[] = {
    {"case", CARENET_COLUMN_TEXT},    {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT}, {"offering", CARENET_COLUMN_TEXT},
    {"state", CARENET_COLUMN_TEXT},   {"reason", CARENET_COLUMN_TEXT},
    {"to", CARENET_COLUMN_TEXT},
};

static void
add_kept(CnTableBuilder *table, const CnPlan *plan)
{
    for (guint i = 0; i < plan->kept->len; i++) {
        const CnPlanKept *kept = cn_plan_kept_at(plan, i);
        const CnPlanned *planned = cn_plan_assignment(plan, kept->ref, kept->need);
        add_need(table, kept->ref, kept->need, kept->service);
        cn_table_add_text(table, kept->offering);
        cn_table_add_text(table, cn_kept_state_name(kept->state));
        cn_table_add_text(table, kept->reason);
        cn_table_add_text(table, planned != NULL ? planned->offering : NULL);
    }
}

carenet_table *
carenet_plan_table(const carenet_plan *plan, carenet_plan_part part)
{
    static const struct {
        carenet_plan_part part;
        const CnColumn *columns;
        guint columns_len;
        void (*add_rows)(CnTableBuilder *table, const CnPlan *plan);
    } parts[] = {
        {CARENET_PLAN_ASSIGNMENTS, assignment_columns, G_N_ELEMENTS(assignment_columns),
         add_assignments},
        {CARENET_PLAN_UNMET, unmet_columns, G_N_ELEMENTS(unmet_columns), add_unmet},
        {CARENET_PLAN_CHANGES, change_columns, G_N_ELEMENTS(change_columns), add_changes},
        {CARENET_PLAN_FUNNEL, funnel_columns, G_N_ELEMENTS(funnel_columns), add_funnel},
        {CARENET_PLAN_PRICES, price_columns, G_N_ELEMENTS(price_columns), add_prices},
        {CARENET_PLAN_NEEDS, every_columns, G_N_ELEMENTS(every_columns), add_every},
        {CARENET_PLAN_QUOTAS, quota_columns, G_N_ELEMENTS(quota_columns), add_quotas},
        {CARENET_PLAN_KEPT, kept_columns, G_N_ELEMENTS(kept_columns), add_kept},
    };
    for (gsize i = 0; plan != NULL && i < G_N_ELEMENTS(parts); i++) {
        if (parts[i].part != part)
            continue;
        CnTableBuilder *table = cn_table_builder_new(parts[i].columns, parts[i].columns_len);
        parts[i].add_rows(table, plan);
        return cn_table_builder_finish(table);
    }
    return NULL;
}
