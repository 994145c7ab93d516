/* See plan-shares.h. */
#include "routing/plan-shares.h"

#include "routing/fairness.h"

#include <string.h>

static gint
compare_needs(gconstpointer x, gconstpointer y, gpointer data)
{
    const CnPlanNeeds *needs = data;
    const guint a = *(const guint *)x, b = *(const guint *)y;
    const gint order = strcmp(cn_plan_person(needs, a)->ref, cn_plan_person(needs, b)->ref);
    return order != 0 ? order : (a > b) - (a < b);
}

/* Those who are where use costs something. (element-type guint) (transfer full) */
static GArray *
list_placed(const CnPlanNeeds *needs, const gint *offering_of)
{
    const CnPlanQuestion *asked = &needs->asked;
    GArray *placed = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint need = 0; need < needs->needs->len; need++)
        if (offering_of[need] >= 0 &&
            cn_fair_counts(asked->policy, asked->directory->listing, (guint)offering_of[need]))
            g_array_append_val(placed, need);
    g_array_sort_with_data(placed, compare_needs, (gpointer)needs);
    return placed;
}

gint64 *
cn_plan_shares_new(const CnPlanNeeds *needs, const gint *offering_of)
{
    const CnPlanQuestion *asked = &needs->asked;
    const CnListing *listing = asked->directory->listing;
    if (asked->policy->fairness->len == 0)
        return NULL;
    gint64 *shares = g_new0(gint64, (gsize)needs->needs->len + 1);
    g_autofree gint64 *used = g_new0(gint64, listing->offerings_len + 1);
    g_autoptr(GArray) placed = list_placed(needs, offering_of);
    for (guint i = 0; i < placed->len; i++) {
        const guint need = g_array_index(placed, guint, i), at = (guint)offering_of[need];
        const gint32 units = cn_plan_need_of(needs, need)->units;
        shares[need] = cn_fair_cost(asked->policy, listing, at, used[at], units, 0);
        used[at] += units;
    }
    return shares;
}
