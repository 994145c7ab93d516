/* What is different in another plan, need by need. Both are sorted by case and need, so one walk over
 * the two suffices. */
#include "model/plan.h"

#include "base/error.h"
#include "base/table.h"

#include <string.h>

static const CnColumn columns[] = {
    {"case", CARENET_COLUMN_TEXT},       {"need", CARENET_COLUMN_INT64},
    {"service", CARENET_COLUMN_TEXT},    {"change", CARENET_COLUMN_TEXT},
    {"from", CARENET_COLUMN_TEXT},       {"to", CARENET_COLUMN_TEXT},
    {"cost_from", CARENET_COLUMN_INT64}, {"cost_to", CARENET_COLUMN_INT64},
};

/* The needs of a plan in order, assigned and unmet together. */
typedef struct {
    const CnPlan *plan;
    guint assigned, unmet; /* the next of each */
} Walk;

/* One need; offering NULL where it is unmet. */
typedef struct {
    const char *ref, *service, *offering;
    guint need;
    gint64 cost;
} Step;

static gint
compare_steps(const Step *a, const Step *b)
{
    const gint order = strcmp(a->ref, b->ref);
    return order != 0 ? order : (a->need > b->need) - (a->need < b->need);
}

static gboolean
look(const Walk *walk, Step *out, gboolean *out_assigned)
{
    const CnPlan *plan = walk->plan;
    Step planned = {NULL}, unmet = {NULL};
    if (walk->assigned < plan->assignments->len) {
        const CnPlanned *at = cn_plan_assignment_at(plan, walk->assigned);
        planned = (Step){at->ref, at->service, at->offering, at->need, at->cost};
    }
    if (walk->unmet < plan->unmet->len) {
        const CnPlanUnmet *at = cn_plan_unmet_at(plan, walk->unmet);
        unmet = (Step){at->ref, at->service, NULL, at->need, 0};
    }
    if (planned.ref == NULL && unmet.ref == NULL)
        return FALSE;
    *out_assigned =
        unmet.ref == NULL || (planned.ref != NULL && compare_steps(&planned, &unmet) < 0);
    *out = *out_assigned ? planned : unmet;
    return TRUE;
}

static void
pass(Walk *walk, gboolean assigned)
{
    if (assigned)
        walk->assigned++;
    else
        walk->unmet++;
}

static const char *
name_change(const Step *a, const Step *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? "added" : "removed";
    if (strcmp(a->service, b->service) != 0)
        return "moved";
    if (a->offering == NULL || b->offering == NULL)
        return a->offering == b->offering ? NULL : a->offering == NULL ? "placed" : "lost";
    if (strcmp(a->offering, b->offering) != 0)
        return "moved";
    return a->cost != b->cost ? "cost" : NULL;
}

static void
add_cost(CnTableBuilder *table, const Step *step)
{
    if (step != NULL && step->offering != NULL)
        cn_table_add_int64(table, step->cost);
    else
        cn_table_add_null(table);
}

static void
add_row(CnTableBuilder *table, const Step *a, const Step *b)
{
    const char *change = name_change(a, b);
    const Step *known = b != NULL ? b : a;
    if (change == NULL)
        return;
    cn_table_add_text(table, known->ref);
    cn_table_add_int64(table, known->need);
    cn_table_add_text(table, known->service);
    cn_table_add_text(table, change);
    cn_table_add_text(table, a != NULL ? a->offering : NULL);
    cn_table_add_text(table, b != NULL ? b->offering : NULL);
    add_cost(table, a);
    add_cost(table, b);
}

static void
warn_of_sources(CnTableBuilder *table, const CnPlan *a, const CnPlan *b)
{
    if (strcmp(a->directory, b->directory) != 0)
        cn_table_warn(table, "the two plans were made from different directories");
    if (strcmp(a->policy, b->policy) != 0)
        cn_table_warn(table, "the two plans were made by different policies: costs do not compare");
    if (strcmp(a->cases, b->cases) != 0)
        cn_table_warn(table, "the two plans were made for different lists of cases");
}

carenet_table *
carenet_plans_compare(const carenet_plan *a, const carenet_plan *b, carenet_error **error)
{
    CN_REQUIRE_GIVEN(a, error, NULL);
    CN_REQUIRE_GIVEN(b, error, NULL);
    CnTableBuilder *table = cn_table_builder_new(columns, G_N_ELEMENTS(columns));
    Walk left = {.plan = a}, right = {.plan = b};
    Step x, y;
    gboolean x_assigned = FALSE, y_assigned = FALSE;
    gboolean has_x = look(&left, &x, &x_assigned), has_y = look(&right, &y, &y_assigned);
    warn_of_sources(table, a, b);
    while (has_x || has_y) {
        const gint order = !has_x ? 1 : !has_y ? -1 : compare_steps(&x, &y);
        add_row(table, order <= 0 ? &x : NULL, order >= 0 ? &y : NULL);
        if (order <= 0) {
            pass(&left, x_assigned);
            has_x = look(&left, &x, &x_assigned);
        }
        if (order >= 0) {
            pass(&right, y_assigned);
            has_y = look(&right, &y, &y_assigned);
        }
    }
    return cn_table_builder_finish(table);
}
