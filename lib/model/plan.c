/* The record of a plan: made, put in order, looked up, compared level by level. */
#include "model/plan.h"

#include <string.h>

#define TEXT_BLOCK ((gsize)16 * 1024)

CnPlan *
cn_plan_new(void)
{
    CnPlan *plan = g_new0(CnPlan, 1);
    g_atomic_ref_count_init(&plan->refs);
    plan->text = g_string_chunk_new(TEXT_BLOCK);
    plan->directory = plan->policy = plan->policy_id = plan->cases = "";
    plan->plugins = g_ptr_array_new();
    plan->assignments = g_array_new(FALSE, FALSE, sizeof(CnPlanned));
    plan->unmet = g_array_new(FALSE, FALSE, sizeof(CnPlanUnmet));
    plan->changes = g_array_new(FALSE, FALSE, sizeof(CnPlanChange));
    plan->prices = g_array_new(FALSE, FALSE, sizeof(CnPlanPrice));
    plan->quotas = g_array_new(FALSE, FALSE, sizeof(CnPlanQuota));
    plan->funnel = g_array_new(FALSE, FALSE, sizeof(CnPlanFunnel));
    plan->kept = g_array_new(FALSE, FALSE, sizeof(CnPlanKept));
    return plan;
}

carenet_plan *
carenet_plan_ref(carenet_plan *plan)
{
    if (plan != NULL)
        g_atomic_ref_count_inc(&plan->refs);
    return plan;
}

void
carenet_plan_unref(carenet_plan *plan)
{
    if (plan == NULL || !g_atomic_ref_count_dec(&plan->refs))
        return;
    g_array_unref(plan->kept);
    g_array_unref(plan->funnel);
    g_array_unref(plan->quotas);
    g_array_unref(plan->prices);
    g_array_unref(plan->changes);
    g_array_unref(plan->unmet);
    g_array_unref(plan->assignments);
    g_ptr_array_unref(plan->plugins);
    g_string_chunk_free(plan->text);
    g_free(plan);
}

const char *
cn_plan_text(CnPlan *plan, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(plan->text, text) : NULL;
}

/* ---- Order. */

static gint
compare_needs(const char *a_ref, guint a_need, const char *b_ref, guint b_need)
{
    const gint order = strcmp(a_ref, b_ref);
    return order != 0 ? order : (a_need > b_need) - (a_need < b_need);
}

static gint
compare_assignments(gconstpointer x, gconstpointer y)
{
    const CnPlanned *a = x, *b = y;
    return compare_needs(a->ref, a->need, b->ref, b->need);
}

static gint
compare_unmet(gconstpointer x, gconstpointer y)
{
    const CnPlanUnmet *a = x, *b = y;
    return compare_needs(a->ref, a->need, b->ref, b->need);
}

static gint
compare_kept(gconstpointer x, gconstpointer y)
{
    const CnPlanKept *a = x, *b = y;
    return compare_needs(a->ref, a->need, b->ref, b->need);
}

static gint
compare_prices(gconstpointer x, gconstpointer y)
{
    return strcmp(((const CnPlanPrice *)x)->offering, ((const CnPlanPrice *)y)->offering);
}

static gint
compare_quotas(gconstpointer x, gconstpointer y)
{
    const CnPlanQuota *a = x, *b = y;
    const gint order = strcmp(a->kind, b->kind);
    return order != 0 ? order : strcmp(a->id, b->id);
}

static gint
compare_funnels(gconstpointer x, gconstpointer y)
{
    return strcmp(((const CnPlanFunnel *)x)->service, ((const CnPlanFunnel *)y)->service);
}

void
cn_plan_sort(CnPlan *plan)
{
    g_array_sort(plan->assignments, compare_assignments);
    g_array_sort(plan->unmet, compare_unmet);
    g_array_sort(plan->kept, compare_kept);
    g_array_sort(plan->prices, compare_prices);
    g_array_sort(plan->quotas, compare_quotas);
    g_array_sort(plan->funnel, compare_funnels);
}

/* ---- Looking up. */

static gpointer
find(const GArray *sorted, gsize size, gconstpointer wanted, GCompareFunc compare)
{
    gsize low = 0, high = sorted->len;
    while (low < high) {
        const gsize middle = low + (high - low) / 2;
        gpointer at = sorted->data + middle * size;
        const gint order = compare(wanted, at);
        if (order == 0)
            return at;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const CnPlanned *
cn_plan_assignment(const CnPlan *plan, const char *ref, guint need)
{
    const CnPlanned wanted = {.ref = ref, .need = need};
    return find(plan->assignments, sizeof wanted, &wanted, compare_assignments);
}

const CnPlanUnmet *
cn_plan_unmet(const CnPlan *plan, const char *ref, guint need)
{
    const CnPlanUnmet wanted = {.ref = ref, .need = need};
    return find(plan->unmet, sizeof wanted, &wanted, compare_unmet);
}

gint64
cn_plan_price(const CnPlan *plan, const char *offering)
{
    const CnPlanPrice wanted = {.offering = offering};
    const CnPlanPrice *price = find(plan->prices, sizeof wanted, &wanted, compare_prices);
    return price != NULL ? price->price : 0;
}

/* ---- Values. */

gint
cn_plan_value_compare(const CnPlanValue *a, const CnPlanValue *b)
{
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (a->unmet[tier] != b->unmet[tier])
            return a->unmet[tier] < b->unmet[tier] ? -1 : 1;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

double
cn_plan_gap(const CnPlan *plan, const char **out_level)
{
    const CnPlanValue *value = &plan->objective, *bound = &plan->bound;
    const char *level = NULL;
    gint64 has = 0, could = 0;
    for (guint tier = 0; tier < CN_TIERS && level == NULL; tier++) {
        has = value->unmet[tier];
        could = bound->unmet[tier];
        level = has != could ? cn_urgency_name((CnUrgency)tier) : NULL;
    }
    if (level == NULL) {
        has = value->cost;
        could = bound->cost;
        level = has != could ? "cost" : NULL;
    }
    if (out_level != NULL)
        *out_level = level;
    return level != NULL ? (double)(has - could) / (double)MAX(has, 1) : 0;
}

const CnPlanQuota *
cn_plan_quota_find(const CnPlan *plan, const char *kind, const char *id)
{
    for (guint i = 0; i < plan->quotas->len; i++)
        if (strcmp(cn_plan_quota_at(plan, i)->kind, kind) == 0 &&
            strcmp(cn_plan_quota_at(plan, i)->id, id) == 0)
            return cn_plan_quota_at(plan, i);
    return NULL;
}

/* The unmet unit whose penalty is nearest, if any is nearer than nothing, and a rest of cost. */
CnPlanValue
cn_plan_price_read(const gint64 penalties[CN_TIERS], gint64 price)
{
    CnPlanValue value = {{0}, price};
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (ABS(price - penalties[tier]) < ABS(value.cost)) {
            value = (CnPlanValue){{0}, price - penalties[tier]};
            value.unmet[tier] = 1;
        }
    return value;
}

/* What @value has of one sign. */
static void
append_side(GString *text, const CnPlanValue *value, gint sign, const char *before)
{
    const char *join = before;
    for (guint tier = 0; tier < CN_TIERS; tier++) {
        const gint64 units = value->unmet[tier] * sign;
        if (units <= 0)
            continue;
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s %s", join, units,
                               cn_urgency_name((CnUrgency)tier), units == 1 ? "unit" : "units");
        join = " and ";
    }
    if (value->cost * sign > 0)
        g_string_append_printf(text, "%scost %" G_GINT64_FORMAT, join, value->cost * sign);
}

char *
cn_plan_saving_told(const CnPlanValue *saving)
{
    GString *text = g_string_new(NULL);
    append_side(text, saving, 1, "");
    append_side(text, saving, -1, ", for ");
    return g_string_free(text, FALSE);
}

const char *
cn_plan_stopped_name(CnPlanStopped stopped)
{
    static const char *const names[CN_PLAN_STOPPED_LEN] = {[CN_PLAN_STOPPED_TIME] = "time",
                                                           [CN_PLAN_STOPPED_WORK] = "work",
                                                           [CN_PLAN_STOPPED_USER] = "user"};
    return names[stopped];
}

const char *
cn_kept_state_name(CnKeptState state)
{
    static const char *const names[CN_KEPT_LEN] = {
        [CN_KEPT_STAYS] = "stays", [CN_KEPT_MOVED] = "moved", [CN_KEPT_RELEASED] = "released"};
    return names[state];
}

char *
cn_plan_assignments_digest(const CnPlan *plan)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        const gint64 number = GINT64_TO_LE((gint64)planned->need);
        const char *const texts[] = {planned->ref, planned->service, planned->offering};
        for (gsize k = 0; k < G_N_ELEMENTS(texts); k++)
            g_checksum_update(sum, (const guchar *)texts[k], (gssize)strlen(texts[k]) + 1);
        g_checksum_update(sum, (const guchar *)&number, sizeof number);
    }
    return g_strdup(g_checksum_get_string(sum));
}
