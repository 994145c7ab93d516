/* The proof of a plan: the least that needs of one service cost which stay together, or would like to. */
#include "routing/plan-proof-private.h"

/* All of one service; with what they want together. */
typedef struct {
    CnProofLocal *local;
    const CnBond *bond; /* NULL: together or not at all */
    guint *needs;
    guint len;
    CnQuestion *questions;
    CnOrigin *origins;
    CnCompanions companions; /* of the first, where they must stay together */
    gint64 units;
    gint64 paid;   /* of them those that are not pinned */
    gboolean stay; /* those who keep a place are there */
    gint pinned;   /* where one of them must be; -1 */
    gboolean parted;
    CnPlanValue *own; /* by need: the least by itself */
    CnPlanValue together;
    gboolean can; /* be together anywhere */
} Group;

static gint
place_of(const Group *group, guint need)
{
    return cn_proof_place(group->local->proof, need, group->stay);
}

static void
group_init(Group *group,
           CnProofLocal *local,
           const CnBond *bond,
           const GArray *needs,
           gboolean stay)
{
    const CnPlanProof *proof = local->proof;
    *group = (Group){.local = local,
                     .bond = bond,
                     .needs = (guint *)(gpointer)needs->data,
                     .len = needs->len,
                     .stay = stay,
                     .questions = g_new(CnQuestion, needs->len),
                     .origins = g_new(CnOrigin, needs->len),
                     .pinned = -1,
                     .own = g_new0(CnPlanValue, needs->len)};
    for (guint i = 0; i < group->len; i++) {
        const guint need = group->needs[i];
        cn_plan_need_origin(proof->needs, need, &group->origins[i]);
        group->questions[i] = cn_plan_need_question(proof->needs, need, &group->origins[i]);
        group->own[i] = cn_proof_unmet(group->questions[i].need);
        group->units += group->questions[i].need->units;
        group->paid += cn_proof_units(proof, need);
        const gint place = place_of(group, need);
        if (place < 0)
            continue;
        group->parted = group->parted || (group->pinned >= 0 && group->pinned != place);
        group->pinned = place;
    }
    cn_plan_companions_find(proof->needs, group->needs[0], NULL, &group->companions);
    if (bond == NULL)
        group->questions[0].companions = &group->companions;
}

static void
group_clear(Group *group)
{
    cn_plan_companions_clear(&group->companions);
    g_free(group->questions);
    g_free(group->origins);
    g_free(group->own);
}

static void
take_together(Group *group, gint64 cost, guint offering)
{
    const CnPlanValue value = cn_proof_value_at(group->local, cost, group->paid, offering);
    if (!group->can || cn_plan_value_compare(&value, &group->together) < 0)
        group->together = value;
    group->can = TRUE;
}

/* Those who must stay together: the first is asked for all of them. */
static void
look_at_group(guint offering, gpointer data)
{
    Group *group = data;
    gint64 cost, sum = 0;
    if (!cn_proof_is_eligible(group->local->proof, &group->questions[0], offering, &cost) ||
        (group->pinned >= 0 && (guint)group->pinned != offering))
        return;
    for (guint i = 0; i < group->len; i++) {
        gint64 lines[CN_COSTS_LEN];
        CnCandidate candidate;
        cn_candidate_init(&candidate, &group->questions[i], offering);
        cost = cn_cost_lines(&group->questions[i], &candidate, TRUE, lines);
        if (!group->local->proof->pinned[group->needs[i]])
            group->local->most_cost =
                MAX(group->local->most_cost, cost + group->local->use_most[offering]);
        sum += cost;
    }
    group->local->eligible[offering] = TRUE;
    take_together(group, sum, offering);
}

/* Those who would like to: each may also go by itself, and pay for it. */
static void
look_at_bond(guint offering, gpointer data)
{
    Group *group = data;
    const CnPlanProof *proof = group->local->proof;
    const gint64 apart = proof->needs->asked.policy->siblings_apart;
    gint64 sum = 0;
    gboolean all = !group->parted;
    for (guint i = 0; i < group->len; i++) {
        const guint need = group->needs[i];
        const gint place = place_of(group, need);
        const CnQuestion *question = &group->questions[i];
        gint64 cost = 0;
        const gboolean may = place >= 0 ? place == (gint)offering &&
                                              cn_proof_is_eligible(proof, question, offering, &cost)
                                        : cn_proof_may_go(group->local, question, offering, &cost);
        const CnPlanValue value =
            cn_proof_value_at(group->local, cost + apart, cn_proof_units(proof, need), offering);
        if (place >= 0 && may)
            group->own[i] = value;
        else if (may)
            cn_proof_lower(&group->own[i], &value);
        all = all && may;
        sum += cost;
    }
    if (all && cn_bond_has_size(proof->bonds, group->bond, offering) &&
        cn_plan_proof_places(proof->needs, offering) >= group->units)
        take_together(group, sum, offering);
}

CnPlanValue
cn_proof_least_of_group(CnProofLocal *local, const CnBond *bond, const GArray *needs, gboolean stay)
{
    Group group;
    group_init(&group, local, bond, needs, stay);
    CnPlanValue least = {{0}, 0};
    cn_index_visit_meeting(&local->proof->needs->asked.directory->index,
                           group.questions[0].need->service,
                           bond == NULL ? look_at_group : look_at_bond, &group);
    for (guint i = 0; i < group.len; i++)
        cn_proof_add(&least, &group.own[i], 1, &local->overflown);
    if (group.can && (group.pinned < 0 || bond != NULL))
        cn_proof_lower(&least, &group.together);
    else if (group.can)
        least = group.together;
    group_clear(&group);
    return least;
}
