/* The proof of a plan: the least that needs of one case cost which one provider is to meet. */
#include "routing/plan-proof-private.h"

typedef struct {
    CnProofLocal *local;
    const CnQuestion *question;
    guint member, len;
    gint64 paid;             /* places that it pays for */
    gint place;              /* where it must be; -1 */
    GHashTable *by_provider; /* (element-type guint CnPlanValue) by member, the least there */
    const CnPlanValue *unmet;
    CnPlanValue *own; /* by member */
} Bundle;

static guint
provider_of(const CnPlanProof *proof, guint offering)
{
    return (guint)proof->needs->asked.directory->listing->offerings[offering].provider;
}

static void
look_at_bundle(guint offering, gpointer data)
{
    Bundle *bundle = data;
    const guint provider = provider_of(bundle->local->proof, offering);
    CnPlanValue *row = g_hash_table_lookup(bundle->by_provider, GUINT_TO_POINTER(provider));
    gint64 cost;
    const gboolean may =
        bundle->place < 0
            ? cn_proof_may_go(bundle->local, bundle->question, offering, &cost)
            : bundle->place == (gint)offering &&
                  cn_proof_is_eligible(bundle->local->proof, bundle->question, offering, &cost);
    if (!may)
        return;
    if (row == NULL) {
        row = g_memdup2(bundle->unmet, sizeof *row * bundle->len);
        g_hash_table_insert(bundle->by_provider, GUINT_TO_POINTER(provider), row);
    }
    const CnPlanValue value = cn_proof_value_at(bundle->local, cost, bundle->paid, offering);
    if (bundle->place >= 0)
        row[bundle->member] = bundle->own[bundle->member] = value;
    cn_proof_lower(&row[bundle->member], &value);
    cn_proof_lower(&bundle->own[bundle->member], &value);
}

static CnPlanValue
sum_of(CnProofLocal *local, const CnPlanValue *values, guint len)
{
    CnPlanValue sum = {{0}, 0};
    for (guint i = 0; i < len; i++)
        cn_proof_add(&sum, &values[i], 1, &local->overflown);
    return sum;
}

/* Whether all that have a place of their own have it there. */
static gboolean
holds_places(const CnPlanProof *proof, const GArray *needs, gboolean stay, guint provider)
{
    for (guint i = 0; i < needs->len; i++) {
        const gint place = cn_proof_place(proof, g_array_index(needs, guint, i), stay);
        if (place >= 0 && provider_of(proof, (guint)place) != provider)
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_places(const CnPlanProof *proof, const GArray *needs, gboolean stay)
{
    for (guint i = 0; i < needs->len; i++)
        if (cn_proof_place(proof, g_array_index(needs, guint, i), stay) >= 0)
            return TRUE;
    return FALSE;
}

/* What each of them costs at each provider into @rows, and at the best into @own, which begins as @unmet. */
static void
look_at_members(CnProofLocal *local,
                const GArray *needs,
                gboolean stay,
                GHashTable *rows,
                const CnPlanValue *unmet,
                CnPlanValue *own)
{
    const CnPlanProof *proof = local->proof;
    for (guint i = 0; i < needs->len; i++) {
        const guint need = g_array_index(needs, guint, i);
        CnOrigin origin;
        cn_plan_need_origin(proof->needs, need, &origin);
        const CnQuestion question = cn_plan_need_question(proof->needs, need, &origin);
        Bundle bundle = {.local = local,
                         .question = &question,
                         .member = i,
                         .len = needs->len,
                         .paid = cn_proof_units(proof, need),
                         .place = cn_proof_place(proof, need, stay),
                         .by_provider = rows,
                         .unmet = unmet,
                         .own = own};
        cn_index_visit_meeting(&proof->needs->asked.directory->index, question.need->service,
                               look_at_bundle, &bundle);
    }
}

/* The least over all providers that hold the places that some have already; @least where none is less. */
static CnPlanValue
least_of_providers(CnProofLocal *local,
                   const GArray *needs,
                   gboolean stay,
                   GHashTable *rows,
                   gboolean must,
                   CnPlanValue least)
{
    GHashTableIter iter;
    gpointer provider, row;
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, &provider, &row)) {
        if (!holds_places(local->proof, needs, stay, GPOINTER_TO_UINT(provider)))
            continue;
        const CnPlanValue sum = sum_of(local, row, needs->len);
        if (must)
            least = sum;
        must = FALSE;
        cn_proof_lower(&least, &sum);
    }
    return least;
}

CnPlanValue
cn_proof_least_of_bundle(CnProofLocal *local,
                         const CnBond *bond,
                         const GArray *needs,
                         gboolean stay)
{
    const CnPlanProof *proof = local->proof;
    const guint len = needs->len;
    const gboolean placed = has_places(proof, needs, stay);
    g_autofree CnPlanValue *unmet = g_new0(CnPlanValue, len), *own = g_new0(CnPlanValue, len);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (guint i = 0; i < len; i++)
        own[i] = unmet[i] =
            cn_proof_unmet(cn_plan_need_of(proof->needs, g_array_index(needs, guint, i)));
    look_at_members(local, needs, stay, rows, unmet, own);
    const CnPlanValue nothing = sum_of(local, unmet, len);
    CnPlanValue least = sum_of(local, own, len);
    least.cost += proof->needs->asked.policy->other_provider;
    if (bond->required)
        least = nothing;
    else if (!placed)
        cn_proof_lower(&least, &nothing);
    return least_of_providers(local, needs, stay, rows, bond->required && placed, least);
}
