/* Places are taken from the dearest on while all quotas leave room, as in plan-proof. Then one more place under a
 * quota that is full lets in the dearest of those that it was the smallest to refuse; and where a larger one is full, the
 * cheapest that the next such one holds leaves. Nothing else changes: whatever a smaller quota refused it refuses still, and
 * what that larger one refused is worth no more than the cheapest that it took. */
#include "routing/quota-price.h"

#include "routing/fairness.h"

/* Places of an offering that are worth the same. */
typedef struct {
    guint offering;
    gint64 places;
    CnPlanValue worth;
} Run;

/* By group. */
typedef struct {
    gint64 used;          /* by pins, then by what is taken */
    CnPlanValue refused;  /* the dearest that it was the smallest full one for */
    CnPlanValue cheapest; /* of those that it holds and that are not pinned */
    gboolean holds;       /* any of these */
} Tally;

typedef struct {
    const CnQuotaPrices *of;
    const CnQuotas *quotas;
    gint64 *used; /* by group */
    Tally *tally;
    GArray *runs; /* (element-type Run) the dearest first */
} Taking;

static gint
compare_runs(gconstpointer x, gconstpointer y)
{
    const Run *a = x, *b = y;
    const gint order = cn_plan_value_compare(&b->worth, &a->worth);
    return order != 0 ? order : (a->offering > b->offering) - (a->offering < b->offering);
}

/* Free places, and no more than tell whether its quotas bind. */
static gint64
places_of(const Taking *taking, guint offering)
{
    const CnListing *listing = taking->of->needs->asked.directory->listing;
    const CnUnit unit =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service)->unit;
    const gint64 free = cn_capacity_free(&listing->capacity[offering], unit),
                 most = cn_quotas_most(taking->quotas, offering) + 1;
    return free < 0 ? most : MIN(free, most);
}

/* Those after the pinned ones, as far as they are worth anything. */
static void
add_runs(Taking *taking, guint offering, gint64 pinned)
{
    const CnPlanQuestion *asked = &taking->of->needs->asked;
    const CnListing *listing = asked->directory->listing;
    const CnPlanValue nothing = {{0}, 0};
    const gint64 price = taking->of->price[offering],
                 next = cn_fair_extra(asked->policy, listing, offering, 1);
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(CnSlot));
    CnPlanValue told = {{0}, next};
    if (price > next)
        told = cn_plan_price_read(taking->of->penalties, price);
    cn_fair_slots(asked->policy, listing, offering, pinned, places_of(taking, offering) - pinned,
                  slots);
    for (guint i = 0; i < slots->len; i++) {
        const CnSlot *slot = &g_array_index(slots, CnSlot, i);
        Run run = {offering, slot->places, told};
        run.worth.cost -= slot->extra;
        if (run.places > 0 && cn_plan_value_compare(&run.worth, &nothing) > 0)
            g_array_append_val(taking->runs, run);
    }
}

static void
taking_init(Taking *taking, const CnQuotaPrices *of)
{
    const CnPlanNeeds *needs = of->needs;
    const gsize offerings = needs->asked.directory->listing->offerings_len;
    g_autofree gint64 *pinned = g_new0(gint64, offerings + 1);
    *taking = (Taking){.of = of,
                       .quotas = &needs->quotas,
                       .used = g_new0(gint64, (gsize)needs->quotas.len + 1),
                       .tally = g_new0(Tally, (gsize)needs->quotas.len + 1),
                       .runs = g_array_new(FALSE, FALSE, sizeof(Run))};
    for (guint i = 0; of->pinned != NULL && i < needs->needs->len; i++) {
        if (!of->pinned[i])
            continue;
        const gint32 units = cn_plan_need_of(needs, i)->units;
        pinned[of->offering_of[i]] += units;
        cn_quotas_take(taking->quotas, taking->used, (guint)of->offering_of[i], units);
    }
    for (guint i = 0; i < offerings; i++)
        if (cn_quota_of(taking->quotas, i) >= 0)
            add_runs(taking, i, pinned[i]);
    g_array_sort(taking->runs, compare_runs);
}

static void
taking_clear(Taking *taking)
{
    g_free(taking->used);
    g_free(taking->tally);
    g_array_unref(taking->runs);
}

static void
take_run(Taking *taking, const Run *run)
{
    const gint64 places =
        MIN(run->places, MAX(0, cn_quotas_left(taking->quotas, taking->used, run->offering)));
    cn_quotas_take(taking->quotas, taking->used, run->offering, places);
    for (gint g = cn_quota_of(taking->quotas, run->offering); places > 0 && g >= 0;
         g = taking->quotas->groups[g].parent) {
        taking->tally[g].cheapest = run->worth;
        taking->tally[g].holds = TRUE;
    }
    if (places == run->places)
        return;
    CnPlanValue *refused =
        &taking->tally[cn_quotas_full(taking->quotas, taking->used, run->offering, 1)].refused;
    if (cn_plan_value_compare(&run->worth, refused) > 0)
        *refused = run->worth;
}

/* The next larger one that is full; -1. */
static gint
full_above(const Taking *taking, guint group)
{
    gint g = taking->quotas->groups[group].parent;
    while (g >= 0 && taking->used[g] < cn_quota_places(taking->quotas, (guint)g))
        g = taking->quotas->groups[g].parent;
    return g;
}

static CnPlanValue
price_of(const Taking *taking, guint group)
{
    const CnPlanValue nothing = {{0}, 0};
    const gint above = full_above(taking, group);
    CnPlanValue price = taking->tally[group].refused;
    if (above >= 0 && !taking->tally[above].holds)
        return nothing;
    for (guint tier = 0; above >= 0 && tier < CN_TIERS; tier++)
        price.unmet[tier] -= taking->tally[above].cheapest.unmet[tier];
    price.cost -= above >= 0 ? taking->tally[above].cheapest.cost : 0;
    return cn_plan_value_compare(&price, &nothing) > 0 ? price : nothing;
}

CnPlanValue *
cn_quota_prices_new(const CnQuotaPrices *of)
{
    CnPlanValue *price = g_new0(CnPlanValue, (gsize)of->needs->quotas.len + 1);
    Taking taking;
    taking_init(&taking, of);
    for (guint i = 0; i < taking.runs->len; i++)
        take_run(&taking, &g_array_index(taking.runs, Run, i));
    for (guint g = 0; g < of->needs->quotas.len; g++)
        price[g] = price_of(&taking, g);
    taking_clear(&taking);
    return price;
}
