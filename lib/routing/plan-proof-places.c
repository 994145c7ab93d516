/* The proof of a plan: what all places together are worth at the prices. */
#include "routing/plan-proof-private.h"

#include "routing/fairness.h"

/* Where nobody knows, whoever asked for it calls first. */
static gint64
free_places(const CnListing *listing, guint offering)
{
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    const gint64 free = cn_capacity_free(&listing->capacity[offering], service->unit);
    return free < 0 ? G_MAXINT64 : free;
}

gint64
cn_plan_proof_places(const CnPlanNeeds *needs, guint offering)
{
    return MIN(free_places(needs->asked.directory->listing, offering),
               cn_quotas_most(&needs->quotas, offering));
}

/* Places of an offering that are worth the same. */
typedef struct {
    guint offering;
    gint64 places;
    CnPlanValue worth;
} Slot;

static gint
compare_slots(gconstpointer x, gconstpointer y)
{
    const Slot *a = x, *b = y;
    const gint order = cn_plan_value_compare(&b->worth, &a->worth);
    return order != 0 ? order : (a->offering > b->offering) - (a->offering < b->offering);
}

/* The places of pinned needs are the first ones, and paid for. */
static void
pay_pinned(CnProofLocal *local, gint64 *pinned, gint64 *used)
{
    CnPlanProof *proof = local->proof;
    const CnPlanNeeds *needs = proof->needs;
    const CnPlanQuestion *asked = &needs->asked;
    for (guint i = 0; i < needs->needs->len; i++)
        if (proof->pinned[i]) {
            const gint32 units = cn_plan_need_of(needs, i)->units;
            pinned[proof->offering_of[i]] += units;
            cn_quotas_take(&needs->quotas, used, (guint)proof->offering_of[i], units);
        }
    for (guint i = 0; i < asked->directory->listing->offerings_len; i++) {
        const CnPlanValue use = {
            {0}, cn_fair_cost(asked->policy, asked->directory->listing, i, 0, pinned[i], 0)};
        cn_proof_add(&proof->bound, &use, 1, &local->overflown);
    }
}

/* Free places, and under quotas one more than these let be taken: it may be had if one of them is raised. */
static gint64
places_within(const CnPlanNeeds *needs, guint offering)
{
    const CnListing *listing = needs->asked.directory->listing;
    const gint64 free = free_places(listing, offering),
                 most = cn_quotas_most(&needs->quotas, offering);
    return MIN(free, most == G_MAXINT64 ? most : most + 1);
}

/* The places after those that are pinned, as far as they are worth anything. */
static void
add_slots(CnProofLocal *local, guint offering, gint64 pinned, GArray *slots)
{
    const CnPlanNeeds *needs = local->proof->needs;
    const CnPlanValue nothing = {{0}, 0};
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(CnSlot));
    cn_fair_slots(needs->asked.policy, needs->asked.directory->listing, offering, pinned,
                  places_within(needs, offering) - pinned, runs);
    for (guint i = 0; i < runs->len; i++) {
        const CnSlot *run = &g_array_index(runs, CnSlot, i);
        Slot slot = {offering, run->places, local->prices[offering]};
        slot.worth.cost -= run->extra;
        if (slot.places > 0 && cn_plan_value_compare(&slot.worth, &nothing) > 0)
            g_array_append_val(slots, slot);
    }
}

/* Adds what all places together are worth at most, @times: the dearest are taken first while quotas let them.
 * Sets that a laminar family allows are a matroid's, so that nothing is worth more (Edmonds 1971). */
static void
take_dearest(CnProofLocal *local, const GArray *slots, gint64 *used, gint64 times, CnPlanValue *sum)
{
    const CnQuotas *quotas = &local->proof->needs->quotas;
    for (guint i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        const gint64 places =
            MIN(slot->places, MAX(0, cn_quotas_left(quotas, used, slot->offering)));
        cn_quotas_take(quotas, used, slot->offering, places);
        cn_proof_add(sum, &slot->worth, places * times, &local->overflown);
    }
}

/* What they are worth more with one more place under each quota that is full; others have no say. */
static void
raise_quotas(CnProofLocal *local, const GArray *slots, const gint64 *pinned, const gint64 *used)
{
    const CnQuotas *quotas = &local->proof->needs->quotas;
    const gsize size = sizeof *used * ((gsize)quotas->len + 1);
    g_autofree gint64 *before = g_memdup2(pinned, size);
    CnPlanValue worth = {{0}, 0};
    take_dearest(local, slots, before, 1, &worth);
    for (guint g = 0; g < quotas->len; g++) {
        g_autofree gint64 *after = g_memdup2(pinned, size);
        if (used[g] < cn_quota_places(quotas, g))
            continue;
        after[g]--;
        take_dearest(local, slots, after, 1, &local->proof->more[g]);
        cn_proof_add(&local->proof->more[g], &worth, -1, &local->overflown);
    }
}

void
cn_proof_take_places(CnProofLocal *local)
{
    CnPlanProof *proof = local->proof;
    const CnPlanNeeds *needs = proof->needs;
    const gsize offerings = needs->asked.directory->listing->offerings_len;
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    g_autofree gint64 *used = g_new0(gint64, needs->quotas.len + 1);
    g_autofree gint64 *pinned = g_new0(gint64, offerings + 1);
    pay_pinned(local, pinned, used);
    g_autofree gint64 *before = g_memdup2(used, sizeof *used * ((gsize)needs->quotas.len + 1));
    for (guint i = 0; i < offerings; i++)
        if (local->price[i] > 0)
            add_slots(local, i, pinned[i], slots);
    if (needs->quotas.len > 0)
        g_array_sort(slots, compare_slots);
    take_dearest(local, slots, used, -1, &proof->bound);
    if (proof->more != NULL)
        raise_quotas(local, slots, before, used);
}
