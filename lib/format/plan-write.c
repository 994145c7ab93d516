/* A plan as JSON, written by hand, row by row: a document of millions of rows is never held twice. */
#include "format/plan-file.h"

#include "base/json-text.h"

static void
append_key(GString *out, const char *key)
{
    g_string_append_printf(out, "\"%s\": ", key);
}

static void
append_text(GString *out, const char *key, const char *text)
{
    append_key(out, key);
    cn_json_text_append(out, text);
}

static void
append_number(GString *out, const char *key, gint64 number)
{
    g_string_append_printf(out, "\"%s\": %" G_GINT64_FORMAT, key, number);
}

static void
append_truth(GString *out, const char *key, gboolean truth)
{
    g_string_append_printf(out, "\"%s\": %s", key, truth ? "true" : "false");
}

static void
append_instant(GString *out, const char *key, gint64 instant_s)
{
    g_autofree char *text = cn_instant_format_s(instant_s);
    append_text(out, key, text);
}

static void
append_tiers(GString *out, const char *key, const gint64 numbers[CN_TIERS])
{
    append_key(out, key);
    for (guint tier = 0; tier < CN_TIERS; tier++) {
        g_string_append(out, tier == 0 ? "{" : ", ");
        append_number(out, cn_urgency_name((CnUrgency)tier), numbers[tier]);
    }
    g_string_append_c(out, '}');
}

static void
append_value(GString *out, const char *key, const CnPlanValue *value)
{
    append_key(out, key);
    g_string_append_c(out, '{');
    append_tiers(out, "unmet", value->unmet);
    g_string_append(out, ", ");
    append_number(out, "cost", value->cost);
    g_string_append(out, "},\n");
}

static void
append_gap(GString *out, const CnPlan *plan)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    const char *level = NULL;
    const double gap = cn_plan_gap(plan, &level);
    append_key(out, "gap");
    g_string_append(out, level == NULL ? "0" : g_ascii_formatd(digits, sizeof digits, "%.6f", gap));
    g_string_append(out, ",\n");
    append_text(out, "gap_level", level);
    g_string_append(out, ",\n");
}

/* Only where there are any. */
static void
append_plugins(GString *out, const CnPlan *plan)
{
    for (guint i = 0; i < plan->plugins->len; i++) {
        g_string_append(out, i == 0 ? ", \"plugins\": [" : ", ");
        cn_json_text_append(out, g_ptr_array_index(plan->plugins, i));
    }
    if (plan->plugins->len > 0)
        g_string_append_c(out, ']');
}

static void
append_sources(GString *out, const CnPlan *plan)
{
    g_string_append(out, "\"directory\": {");
    append_number(out, "revision", plan->revision);
    g_string_append(out, ", ");
    append_text(out, "digest", plan->directory);
    g_string_append(out, ", ");
    append_truth(out, "demonstration", plan->demonstration);
    g_string_append(out, "},\n\"policy\": {");
    append_text(out, "id", plan->policy_id);
    g_string_append(out, ", ");
    append_text(out, "digest", plan->policy);
    append_plugins(out, plan);
    g_string_append(out, "},\n");
    append_text(out, "cases", plan->cases);
    g_string_append(out, ",\n");
    append_number(out, "cases_len", plan->cases_len);
    g_string_append(out, ",\n");
}

static void
append_head(GString *out, const CnPlan *plan)
{
    g_string_append(out, "{\n\"schema\": \"carenet.plan/1\",\n");
    append_text(out, "status", plan->optimal ? "optimal" : "feasible");
    g_string_append(out, ",\n");
    append_text(out, "stopped_by", cn_plan_stopped_name(plan->stopped_by));
    g_string_append(out, ",\n");
    append_truth(out, "searched", plan->searched);
    g_string_append(out, ",\n");
    append_value(out, "objective", &plan->objective);
    append_value(out, "bound", &plan->bound);
    append_gap(out, plan);
    append_instant(out, "as_of", plan->now_s);
    g_string_append(out, ",\n");
    append_instant(out, "at", plan->at_s);
    g_string_append(out, ",\n");
    append_truth(out, "include_unconfirmed", plan->include_unconfirmed);
    g_string_append(out, ",\n");
    append_truth(out, "include_unknown_capacity", plan->include_unknown_capacity);
    g_string_append(out, ",\n");
    append_sources(out, plan);
    append_tiers(out, "penalties", plan->penalties);
    g_string_append(out, ",\n");
}

/* ---- Rows. */

static void
append_need(GString *out, const char *ref, guint need, const char *service)
{
    append_text(out, "case", ref);
    g_string_append(out, ", ");
    append_number(out, "need", need);
    g_string_append(out, ", ");
    append_text(out, "service", service);
    g_string_append(out, ", ");
}

static void
append_assignment(GString *out, const CnPlan *plan, guint i)
{
    const CnPlanned *planned = cn_plan_assignment_at(plan, i);
    append_need(out, planned->ref, planned->need, planned->service);
    append_text(out, "provider", planned->provider);
    g_string_append(out, ", ");
    append_text(out, "offering", planned->offering);
    g_string_append(out, ", ");
    append_number(out, "units", planned->units);
    g_string_append(out, ", ");
    append_number(out, "cost", planned->cost);
    g_string_append(out, ", ");
    append_truth(out, "pinned", planned->pinned);
}

static void
append_change(GString *out, const CnPlanChange *change)
{
    static const char *const keys[] = {"kind", "offering", "field", "from", "to"};
    const char *const texts[] = {change->kind, change->offering, change->field, change->from,
                                 change->to};
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_string_append(out, i == 0 ? "{" : ", ");
        append_text(out, keys[i], texts[i]);
    }
    g_string_append_c(out, '}');
}

static void
append_unmet(GString *out, const CnPlan *plan, guint i)
{
    const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
    append_need(out, unmet->ref, unmet->need, unmet->service);
    append_text(out, "urgency", cn_urgency_name(unmet->urgency));
    g_string_append(out, ", ");
    append_number(out, "units", unmet->units);
    g_string_append(out, ", ");
    append_text(out, "reason", unmet->reason);
    g_string_append(out, ", ");
    append_text(out, "detail", unmet->detail);
    g_string_append(out, ", \"change\": [");
    for (guint k = 0; k < unmet->changes_len; k++) {
        if (k > 0)
            g_string_append(out, ", ");
        append_change(out, cn_plan_change_at(plan, unmet->changes_first + k));
    }
    g_string_append_c(out, ']');
}

static void
append_funnel(GString *out, const CnPlan *plan, guint i)
{
    static const char *const keys[] = {"needed",    "offered", "eligible",
                                       "reachable", "free",    "placed"};
    const CnPlanFunnel *funnel = cn_plan_funnel_at(plan, i);
    const gint64 numbers[] = {funnel->needed,    funnel->offered, funnel->eligible,
                              funnel->reachable, funnel->free,    funnel->placed};
    append_text(out, "service", funnel->service);
    for (guint k = 0; k < G_N_ELEMENTS(keys); k++) {
        g_string_append(out, ", ");
        append_number(out, keys[k], numbers[k]);
    }
}

static void
append_price(GString *out, const CnPlan *plan, guint i)
{
    const CnPlanPrice *price = cn_plan_price_at(plan, i);
    append_text(out, "offering", price->offering);
    g_string_append(out, ", ");
    append_number(out, "price", price->price);
}

static void
append_quota(GString *out, const CnPlan *plan, guint i)
{
    const CnPlanQuota *quota = cn_plan_quota_at(plan, i);
    append_text(out, "kind", quota->kind);
    g_string_append(out, ", ");
    append_text(out, "id", quota->id);
    g_string_append(out, ", ");
    append_text(out, "name", quota->name);
    g_string_append(out, ", ");
    append_number(out, "places", quota->places);
    g_string_append(out, ", ");
    append_number(out, "used", quota->used);
    g_string_append(out, ", ");
    append_key(out, "saves");
    if (!quota->told) {
        g_string_append(out, "null");
        return;
    }
    g_string_append_c(out, '{');
    append_tiers(out, "unmet", quota->saves.unmet);
    g_string_append(out, ", ");
    append_number(out, "cost", quota->saves.cost);
    g_string_append_c(out, '}');
}

static void
append_kept(GString *out, const CnPlan *plan, guint i)
{
    const CnPlanKept *kept = cn_plan_kept_at(plan, i);
    append_need(out, kept->ref, kept->need, kept->service);
    append_text(out, "offering", kept->offering);
    g_string_append(out, ", ");
    append_text(out, "state", cn_kept_state_name(kept->state));
    g_string_append(out, ", ");
    append_text(out, "reason", kept->reason);
}

static void
append_rows(GString *out,
            const char *key,
            const CnPlan *plan,
            guint len,
            void (*append_row)(GString *out, const CnPlan *plan, guint i))
{
    g_string_append_printf(out, "\"%s\": [", key);
    for (guint i = 0; i < len; i++) {
        g_string_append(out, i == 0 ? "\n{" : ",\n{");
        append_row(out, plan, i);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void
append_keep(GString *out, const CnPlan *plan)
{
    if (plan->keep == NULL)
        return;
    append_key(out, "keep");
    g_string_append_c(out, '{');
    append_text(out, "plan", plan->keep);
    g_string_append(out, ", ");
    append_number(out, "max_moves", plan->max_moves);
    g_string_append(out, "},\n");
    append_rows(out, "kept", plan, plan->kept->len, append_kept);
    g_string_append(out, ",\n");
}

char *
cn_plan_write(const CnPlan *plan)
{
    GString *out = g_string_new(NULL);
    append_head(out, plan);
    append_keep(out, plan);
    append_rows(out, "assignments", plan, plan->assignments->len, append_assignment);
    g_string_append(out, ",\n");
    append_rows(out, "unmet", plan, plan->unmet->len, append_unmet);
    g_string_append(out, ",\n");
    append_rows(out, "funnel", plan, plan->funnel->len, append_funnel);
    g_string_append(out, ",\n");
    append_rows(out, "prices", plan, plan->prices->len, append_price);
    if (plan->quotas->len > 0) {
        g_string_append(out, ",\n");
        append_rows(out, "quotas", plan, plan->quotas->len, append_quota);
    }
    g_string_append(out, "\n}\n");
    return g_string_free(out, FALSE);
}
