/* Plan files. What is read is written and read again to the same bytes, speaks in tables, and differs
 * from itself in nothing; what is refused has one line that tells where, and quotes nothing. */
#include "fuzz.h"

#include "format/plan-file.h"

#include <string.h>

static void
check_plan(const CnPlan *plan)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(carenet_plan) again = cn_plan_parse(text, strlen(text), "plan.json", &error);
    g_assert_nonnull(again);
    g_autofree char *text_again = cn_plan_write(again);
    g_assert_cmpstr(text, ==, text_again);
    fuzz_check_json(text);
    for (carenet_plan_part part = CARENET_PLAN_ASSIGNMENTS; part <= CARENET_PLAN_NEEDS; part++) {
        carenet_table *table = carenet_plan_table(plan, part);
        fuzz_check_table(table);
        carenet_table_unref(table);
    }
    carenet_table *same = carenet_plans_compare(plan, again, NULL);
    g_assert_cmpuint(carenet_table_rows_len(same), ==, 0);
    carenet_table_unref(same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = fuzz_text(data, size);
    g_autoptr(carenet_plan) plan = cn_plan_parse(text, size, "plan.json", &error);
    fuzz_check_error(plan != NULL, error);
    if (plan != NULL)
        check_plan(plan);
    else
        g_assert_null(strstr(error->message, "CANARY"));
    return 0;
}
