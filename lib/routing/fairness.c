/* See fairness.h. */
#include "routing/fairness.h"

static gboolean
is_counted(const CnListing *listing, guint offering)
{
    const CnListedOffering *offered = &listing->offerings[offering];
    return listing->capacity[offering].known && !listing->providers[offered->provider].restricted &&
           cn_service(listing->reference->taxonomy, offered->service)->unit != CN_UNIT_NONE;
}

gboolean
cn_fair_counts(const CnPolicy *policy, const CnListing *listing, guint offering)
{
    return policy->fairness->len > 0 && is_counted(listing, offering);
}

/* The last place that is not above a step. */
static gint64
last_below(const CnListing *listing, guint offering, const CnFairStep *step)
{
    const CnLiveCapacity *capacity = &listing->capacity[offering];
    return capacity->total * step->above_percent / 100 - capacity->occupied - capacity->held;
}

gint64
cn_fair_extra(const CnPolicy *policy, const CnListing *listing, guint offering, gint64 place)
{
    gint64 extra = 0;
    for (guint i = 0; cn_fair_counts(policy, listing, offering) && i < policy->fairness->len; i++) {
        const CnFairStep *step = &g_array_index(policy->fairness, CnFairStep, i);
        if (place > last_below(listing, offering, step))
            extra = step->cost;
    }
    return extra;
}

/* How many places after @before cost the same as the next one; G_MAXINT64 without end. */
static gint64
run_after(const CnPolicy *policy, const CnListing *listing, guint offering, gint64 before)
{
    for (guint i = 0; cn_fair_counts(policy, listing, offering) && i < policy->fairness->len; i++) {
        const gint64 last =
            last_below(listing, offering, &g_array_index(policy->fairness, CnFairStep, i));
        if (last > before)
            return last - before;
    }
    return G_MAXINT64;
}

gint64
cn_fair_cost(const CnPolicy *policy,
             const CnListing *listing,
             guint offering,
             gint64 before,
             gint64 places,
             gint64 above)
{
    gint64 cost = 0;
    if (!cn_fair_counts(policy, listing, offering))
        return 0;
    while (places > 0) {
        const gint64 run = MIN(places, run_after(policy, listing, offering, before));
        const gint64 extra = cn_fair_extra(policy, listing, offering, before + 1);
        cost += run * MAX(0, extra - above);
        before += run;
        places -= run;
    }
    return cost;
}

void
cn_fair_slots(const CnPolicy *policy,
              const CnListing *listing,
              guint offering,
              gint64 before,
              gint64 places,
              GArray *slots)
{
    for (;;) {
        const gint64 run = run_after(policy, listing, offering, before);
        const CnSlot slot = {offering, MIN(places, run),
                             cn_fair_extra(policy, listing, offering, before + 1)};
        g_array_append_val(slots, slot);
        if (run >= places)
            return;
        before += run;
        places -= run;
    }
}

gint64
cn_fair_next(const CnListing *listing, guint offering, gint64 used, gint64 places)
{
    const CnUnit unit =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service)->unit;
    const gint64 free = cn_capacity_free(&listing->capacity[offering], unit);
    return free >= 0 && free - used < places ? free - places : used;
}

gint64
cn_fair_worth(const CnPolicy *policy,
              const CnListing *listing,
              guint offering,
              gint64 price,
              gint64 used)
{
    const gint64 before = cn_fair_next(listing, offering, used, 1);
    return MAX(0, price - cn_fair_extra(policy, listing, offering, before + 1));
}
