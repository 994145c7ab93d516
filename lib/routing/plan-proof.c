/* Weak duality, level by level. For any prices y >= 0 no plan is below
 *
 *     sum over needs, and groups of needs, of the least that any place for all of it would cost
 *     - what all places are worth at y: where there are no quotas the sum of places * y
 *
 * A place whose use costs something is worth y less that cost, or nothing. Pinned needs pay what they pay,
 * and the places that they have, the first ones, are nobody else's.
 *
 * A price is told as the unmet unit whose penalty it is nearest to, and a rest. Any such reading of the
 * prices proves its bound, so nothing is taken on trust; that of an optimal plan proves the optimum. A
 * group that is placed together or not at all, a need of several units, and siblings who pay for being
 * apart are looked at together, since together they have fewer choices than one by one.
 *
 * Where no more than N of those may move who keep a former place, all but N of them cost at least what
 * staying does: the sum takes staying for all, less the N largest savings of leaving. */
#include "routing/plan-proof.h"

#include "routing/fairness.h"

/* What one thread finds. */
typedef struct {
    CnPlanProof *proof;
    const gint64 *price;       /* of each offering: what one place is asked for, use included */
    const CnPlanValue *prices; /* the same, in levels */
    const gint64 *use_most;    /* of each offering: what its dearest place costs for its use */
    CnPlanValue *least;        /* of each class, of a whole need */
    const guint8 *is_alone;    /* of each class: a need of it has no company */
    guint8 *eligible;          /* of each offering */
    gint64 most_cost;
    GArray *gains; /* (element-type CnPlanValue) what leaving saves those who keep a place */
    gboolean overflown;
} Local;

/* ---- Sums. */

static void
add(CnPlanValue *sum, const CnPlanValue *value, gint64 times, gboolean *overflown)
{
    gint64 product;
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (__builtin_mul_overflow(value->unmet[tier], times, &product) ||
            __builtin_add_overflow(sum->unmet[tier], product, &sum->unmet[tier]))
            *overflown = TRUE;
    if (__builtin_mul_overflow(value->cost, times, &product) ||
        __builtin_add_overflow(sum->cost, product, &sum->cost))
        *overflown = TRUE;
}

static void
lower(CnPlanValue *least, const CnPlanValue *value)
{
    if (cn_plan_value_compare(value, least) < 0)
        *least = *value;
}

static gint64
distance(gint64 a, gint64 b)
{
    return a > b ? a - b : b - a;
}

static CnPlanValue
read_price(const gint64 penalties[CN_TIERS], gint64 price)
{
    CnPlanValue value = {{0}, price};
    for (guint tier = 0; tier < CN_TIERS; tier++)
        if (distance(price, penalties[tier]) < distance(value.cost, 0)) {
            value = (CnPlanValue){{0}, price - penalties[tier]};
            value.unmet[tier] = 1;
        }
    return value;
}

static CnPlanValue
value_of_unmet(const CnNeed *need)
{
    CnPlanValue value = {{0}, 0};
    value.unmet[need->urgency] = need->units;
    return value;
}

/* ---- One pair. */

typedef struct {
    Local *local;
    const CnQuestion *question;
    CnPlanValue least;
} Pairs;

/* Also the rule of free places: whoever wants more than an offering has cannot go there at all. */
static gboolean
is_eligible(const CnPlanProof *proof, const CnQuestion *question, guint offering, gint64 *out_cost)
{
    gint64 lines[CN_COSTS_LEN];
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, offering);
    const gint64 units =
        question->companions != NULL ? question->companions->units : question->need->units;
    if (units > cn_quotas_most(&proof->needs->quotas, offering) ||
        cn_rules_first_broken(question, &candidate, CN_RULES_ALL) != CN_RULE_NONE)
        return FALSE;
    *out_cost = cn_cost_lines(question, &candidate, TRUE, lines);
    return TRUE;
}

/* The same for one who may go anywhere: the pair is one of those that the penalties outweigh. */
static gboolean
may_go(Local *local, const CnQuestion *question, guint offering, gint64 *out_cost)
{
    if (!is_eligible(local->proof, question, offering, out_cost))
        return FALSE;
    local->most_cost = MAX(local->most_cost, *out_cost + local->use_most[offering]);
    local->eligible[offering] = TRUE;
    return TRUE;
}

static CnPlanValue
value_at(Local *local, gint64 cost, gint64 units, guint offering)
{
    CnPlanValue value = {{0}, cost};
    if (local->price[offering] > 0)
        add(&value, &local->prices[offering], units, &local->overflown);
    return value;
}

/* Places that a need pays for: none where it is pinned. */
static gint64
units_of(const CnPlanProof *proof, guint need)
{
    return proof->pinned[need] ? 0 : cn_plan_need_of(proof->needs, need)->units;
}

static void
look_at_pair(guint offering, gpointer data)
{
    Pairs *pairs = data;
    gint64 cost;
    if (!may_go(pairs->local, pairs->question, offering, &cost))
        return;
    const CnPlanValue value = value_at(pairs->local, cost, pairs->question->need->units, offering);
    lower(&pairs->least, &value);
}

static void
look_at_class(const CnPlanNeeds *needs, guint class, const CnQuestion *question, gpointer data)
{
    Local *local = data;
    Pairs pairs = {local, question, value_of_unmet(question->need)};
    if (!local->is_alone[class])
        return;
    cn_index_visit_meeting(&needs->asked.directory->index, question->need->service, look_at_pair,
                           &pairs);
    local->least[class] = pairs.least;
}

/* ---- Needs that are looked at together. */

/* All of one service; with what they want together. */
typedef struct {
    Local *local;
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

/* Where a need must be; -1 anywhere. */
static gint
place_of_need(const CnPlanProof *proof, guint need, gboolean stay)
{
    if (proof->pinned[need])
        return proof->offering_of[need];
    return stay ? proof->kept_at[need] : -1;
}

static gint
place_of(const Group *group, guint need)
{
    return place_of_need(group->local->proof, need, group->stay);
}

static void
group_init(Group *group, Local *local, const CnBond *bond, const GArray *needs, gboolean stay)
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
        group->own[i] = value_of_unmet(group->questions[i].need);
        group->units += group->questions[i].need->units;
        group->paid += units_of(proof, need);
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
    const CnPlanValue value = value_at(group->local, cost, group->paid, offering);
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
    if (!is_eligible(group->local->proof, &group->questions[0], offering, &cost) ||
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
        const gboolean may =
            place >= 0 ? place == (gint)offering && is_eligible(proof, question, offering, &cost)
                       : may_go(group->local, question, offering, &cost);
        const CnPlanValue value =
            value_at(group->local, cost + apart, units_of(proof, need), offering);
        if (place >= 0 && may)
            group->own[i] = value;
        else if (may)
            lower(&group->own[i], &value);
        all = all && may;
        sum += cost;
    }
    if (all && cn_bond_has_size(proof->bonds, group->bond, offering) &&
        cn_plan_proof_places(proof->needs, offering) >= group->units)
        take_together(group, sum, offering);
}

/* The least of all of them; with @stay, of those who keep a place, what staying costs. */
static CnPlanValue
least_of_group(Local *local, const CnBond *bond, const GArray *needs, gboolean stay)
{
    Group group;
    group_init(&group, local, bond, needs, stay);
    CnPlanValue least = {{0}, 0};
    cn_index_visit_meeting(&local->proof->needs->asked.directory->index,
                           group.questions[0].need->service,
                           bond == NULL ? look_at_group : look_at_bond, &group);
    for (guint i = 0; i < group.len; i++)
        add(&least, &group.own[i], 1, &local->overflown);
    if (group.can && (group.pinned < 0 || bond != NULL))
        lower(&least, &group.together);
    else if (group.can)
        least = group.together;
    group_clear(&group);
    return least;
}

/* ---- Bundles: needs of one case that one provider is to meet. */

typedef struct {
    Local *local;
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
            ? may_go(bundle->local, bundle->question, offering, &cost)
            : bundle->place == (gint)offering &&
                  is_eligible(bundle->local->proof, bundle->question, offering, &cost);
    if (!may)
        return;
    if (row == NULL) {
        row = g_memdup2(bundle->unmet, sizeof *row * bundle->len);
        g_hash_table_insert(bundle->by_provider, GUINT_TO_POINTER(provider), row);
    }
    const CnPlanValue value = value_at(bundle->local, cost, bundle->paid, offering);
    if (bundle->place >= 0)
        row[bundle->member] = bundle->own[bundle->member] = value;
    lower(&row[bundle->member], &value);
    lower(&bundle->own[bundle->member], &value);
}

static CnPlanValue
sum_of(Local *local, const CnPlanValue *values, guint len)
{
    CnPlanValue sum = {{0}, 0};
    for (guint i = 0; i < len; i++)
        add(&sum, &values[i], 1, &local->overflown);
    return sum;
}

/* Whether all that have a place of their own have it there. */
static gboolean
holds_places(const CnPlanProof *proof, const GArray *needs, gboolean stay, guint provider)
{
    for (guint i = 0; i < needs->len; i++) {
        const gint place = place_of_need(proof, g_array_index(needs, guint, i), stay);
        if (place >= 0 && provider_of(proof, (guint)place) != provider)
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_places(const CnPlanProof *proof, const GArray *needs, gboolean stay)
{
    for (guint i = 0; i < needs->len; i++)
        if (place_of_need(proof, g_array_index(needs, guint, i), stay) >= 0)
            return TRUE;
    return FALSE;
}

/* All by one provider, a need that it does not take unmet; or, where that is only preferred, each
 * anywhere, for what one provider more costs. */
static CnPlanValue
least_of_bundle(Local *local, const CnBond *bond, const GArray *needs, gboolean stay)
{
    const CnPlanProof *proof = local->proof;
    const guint len = needs->len;
    g_autofree CnPlanValue *unmet = g_new0(CnPlanValue, len), *own = g_new0(CnPlanValue, len);
    g_autoptr(GHashTable) rows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (guint i = 0; i < len; i++)
        own[i] = unmet[i] =
            value_of_unmet(cn_plan_need_of(proof->needs, g_array_index(needs, guint, i)));
    for (guint i = 0; i < len; i++) {
        const guint need = g_array_index(needs, guint, i);
        CnOrigin origin;
        cn_plan_need_origin(proof->needs, need, &origin);
        const CnQuestion question = cn_plan_need_question(proof->needs, need, &origin);
        Bundle bundle = {.local = local,
                         .question = &question,
                         .member = i,
                         .len = len,
                         .paid = units_of(proof, need),
                         .place = place_of_need(proof, need, stay),
                         .by_provider = rows,
                         .unmet = unmet,
                         .own = own};
        cn_index_visit_meeting(&proof->needs->asked.directory->index, question.need->service,
                               look_at_bundle, &bundle);
    }
    const CnPlanValue nothing = sum_of(local, unmet, len);
    CnPlanValue least = sum_of(local, own, len);
    gboolean first = bond->required && has_places(proof, needs, stay);
    GHashTableIter iter;
    gpointer provider, row;
    least.cost += proof->needs->asked.policy->other_provider;
    if (bond->required)
        least = nothing;
    else if (!has_places(proof, needs, stay))
        lower(&least, &nothing);
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, &provider, &row)) {
        if (!holds_places(proof, needs, stay, GPOINTER_TO_UINT(provider)))
            continue;
        const CnPlanValue sum = sum_of(local, row, len);
        if (first)
            least = sum;
        lower(&least, &sum);
        first = FALSE;
    }
    return least;
}

/* Those of a bundle that no siblings have. (element-type guint) (transfer full) */
static GArray *
members_of(const CnPlanProof *proof, const CnBond *bond)
{
    GArray *members = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < bond->needs->len; i++) {
        const guint need = g_array_index(bond->needs, guint, i);
        if (!cn_plan_bonds_tie(proof->bonds, need))
            g_array_append_val(members, need);
    }
    return members;
}

/* ---- Which are looked at together. */

static void
add_gain(Local *local, const CnPlanValue *stay, const CnPlanValue *least)
{
    CnPlanValue gain = *stay;
    add(&gain, least, -1, &local->overflown);
    g_array_append_val(local->gains, gain);
}

static CnPlanValue
least_of(Local *local, const CnBond *bond, const GArray *needs, gboolean stay)
{
    return bond != NULL && bond->kind == CN_BOND_BUNDLE ? least_of_bundle(local, bond, needs, stay)
                                                        : least_of_group(local, bond, needs, stay);
}

static void
add_group(Local *local, const CnBond *bond, const GArray *needs)
{
    const CnPlanProof *proof = local->proof;
    const CnPlanValue least = least_of(local, bond, needs, FALSE);
    gboolean kept = FALSE;
    for (guint i = 0; i < needs->len; i++)
        kept = kept || proof->kept_at[g_array_index(needs, guint, i)] >= 0;
    add(&local->proof->bound, &least, 1, &local->overflown);
    if (!kept)
        return;
    const CnPlanValue stay = least_of(local, bond, needs, TRUE);
    add_gain(local, &stay, &least);
}

/* The need, and those of siblings who must stay with it. (element-type guint) (transfer full) */
static GArray *
group_of(const CnPlanNeeds *needs, guint need)
{
    GArray *group = g_array_new(FALSE, FALSE, sizeof(guint));
    CnCompanions companions;
    cn_plan_companions_find(needs, need, NULL, &companions);
    g_array_append_val(group, need);
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other = cn_plan_need_of_sibling(needs, g_ptr_array_index(companions.together, i),
                                                   cn_plan_need_of(needs, need)->service);
        if (other >= 0) {
            const guint one = (guint)other;
            g_array_append_val(group, one);
        }
    }
    cn_plan_companions_clear(&companions);
    return group;
}

/* Whether it is looked at with others, or by itself though others look the same. */
static gboolean
has_company(const CnPlanProof *proof, guint need)
{
    return proof->pinned[need] || cn_plan_need_has_company(proof->needs, need) ||
           cn_plan_bond_of_bundle(proof->bonds, need) != NULL;
}

/* Each group once, when the first of it is met. */
static void
add_companies(Local *local)
{
    const CnPlanProof *proof = local->proof;
    const guint len = proof->needs->needs->len;
    g_autofree guint8 *met = g_new0(guint8, MAX(len, 1));
    for (guint need = 0; need < len; need++) {
        const CnBond *bond = cn_plan_bond_of_siblings(proof->bonds, need);
        if (met[need] || !has_company(proof, need))
            continue;
        if (bond == NULL && !cn_plan_bonds_tie(proof->bonds, need))
            bond = cn_plan_bond_of_bundle(proof->bonds, need);
        g_autoptr(GArray) group = bond == NULL                   ? group_of(proof->needs, need)
                                  : bond->kind == CN_BOND_BUNDLE ? members_of(proof, bond)
                                                                 : g_array_ref(bond->needs);
        for (guint i = 0; i < group->len; i++)
            met[g_array_index(group, guint, i)] = TRUE;
        add_group(local, bond, group);
    }
}

/* ---- All of it. */

gint64
cn_plan_proof_places(const CnPlanNeeds *needs, guint offering)
{
    const CnListing *listing = needs->asked.directory->listing;
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    const gint64 free = cn_capacity_free(&listing->capacity[offering], service->unit);
    /* Where nobody knows, whoever asked for it calls first. */
    return MIN(free < 0 ? G_MAXINT64 : free, cn_quotas_most(&needs->quotas, offering));
}

/* Of one who depends on nobody. */
static CnPlanValue
value_of_staying(Local *local, guint need, CnPlanWay *way)
{
    const CnPlanProof *proof = local->proof;
    const CnQuestion question = cn_plan_way_question(proof->needs, need, way);
    CnPlanValue value = value_of_unmet(question.need);
    gint64 cost;
    if (is_eligible(proof, &question, (guint)proof->kept_at[need], &cost))
        value = value_at(local, cost, question.need->units, (guint)proof->kept_at[need]);
    return value;
}

static void
add_classes(Local *local)
{
    CnPlanProof *proof = local->proof;
    CnPlanWay way = {.made = FALSE};
    for (guint at = 0; at < proof->needs->needs->len; at++) {
        const guint i = proof->needs->order[at];
        const CnPlanValue *least = &local->least[cn_plan_need(proof->needs, i)->class];
        if (has_company(proof, i))
            continue;
        add(&proof->bound, least, 1, &local->overflown);
        if (proof->kept_at[i] < 0)
            continue;
        const CnPlanValue stay = value_of_staying(local, i, &way);
        add_gain(local, &stay, least);
    }
}

static gint
compare_gains(gconstpointer x, gconstpointer y)
{
    return cn_plan_value_compare(y, x);
}

/* Each group that leaves is at least one move, so no more than so many gains are had. */
static void
keep_places(Local *local)
{
    g_array_sort(local->gains, compare_gains);
    for (guint i = 0; i < local->gains->len; i++)
        if ((gint64)i >= local->proof->max_moves)
            add(&local->proof->bound, &g_array_index(local->gains, CnPlanValue, i), 1,
                &local->overflown);
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
pay_pinned(Local *local, gint64 *pinned, gint64 *used)
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
        add(&proof->bound, &use, 1, &local->overflown);
    }
}

/* The places after those that are pinned, as far as they are worth anything. */
static void
add_slots(Local *local, guint offering, gint64 pinned, GArray *slots)
{
    const CnPlanNeeds *needs = local->proof->needs;
    const CnPlanValue nothing = {{0}, 0};
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(CnSlot));
    cn_fair_slots(needs->asked.policy, needs->asked.directory->listing, offering, pinned,
                  cn_plan_proof_places(needs, offering) - pinned, runs);
    for (guint i = 0; i < runs->len; i++) {
        const CnSlot *run = &g_array_index(runs, CnSlot, i);
        Slot slot = {offering, run->places, local->prices[offering]};
        slot.worth.cost -= run->extra;
        if (slot.places > 0 && cn_plan_value_compare(&slot.worth, &nothing) > 0)
            g_array_append_val(slots, slot);
    }
}

/* What all places together are worth at most: the dearest are taken first while its quotas let them.
 * Sets that a laminar family allows are a matroid's, so that nothing is worth more (Edmonds 1971). */
static void
take_places(Local *local)
{
    CnPlanProof *proof = local->proof;
    const CnPlanNeeds *needs = proof->needs;
    const gsize offerings = needs->asked.directory->listing->offerings_len;
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    g_autofree gint64 *used = g_new0(gint64, needs->quotas.len + 1);
    g_autofree gint64 *pinned = g_new0(gint64, offerings + 1);
    pay_pinned(local, pinned, used);
    for (guint i = 0; i < offerings; i++)
        if (local->price[i] > 0)
            add_slots(local, i, pinned[i], slots);
    if (needs->quotas.len > 0)
        g_array_sort(slots, compare_slots);
    for (guint i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        const gint64 places =
            MIN(slot->places, cn_quotas_left(&needs->quotas, used, slot->offering));
        cn_quotas_take(&needs->quotas, used, slot->offering, places);
        add(&proof->bound, &slot->worth, -places, &local->overflown);
    }
}

/* Nobody is unmet less than not at all: where the sum says so, nothing is known of that level nor of those
 * below. */
static void
clamp(CnPlanValue *bound)
{
    gboolean known = TRUE;
    for (guint tier = 0; tier < CN_TIERS; tier++) {
        known = known && bound->unmet[tier] >= 0;
        bound->unmet[tier] = known ? bound->unmet[tier] : 0;
    }
    bound->cost = known ? MAX(bound->cost, 0) : 0;
}

/* Whatever the plan says: the next place is asked for at least what it costs for its use. */
static void
read_offering(const CnPlanProof *proof,
              guint offering,
              gint64 *price,
              CnPlanValue *in_levels,
              gint64 *use_most)
{
    const CnPlanQuestion *asked = &proof->needs->asked;
    const CnListing *listing = asked->directory->listing;
    const gint64 next = cn_fair_extra(asked->policy, listing, offering, 1);
    *price = MAX(proof->price[offering], next);
    *in_levels = (CnPlanValue){{0}, next};
    if (*price > next)
        *in_levels = read_price(proof->penalties, *price);
    if (cn_fair_counts(asked->policy, listing, offering)) {
        const gint64 places = cn_plan_proof_places(proof->needs, offering);
        *use_most = cn_fair_extra(asked->policy, listing, offering, MAX(places, 1));
    }
}

static void
join_threads(CnPlanProof *proof, Local *locals)
{
    const guint len = (guint)proof->needs->asked.directory->listing->offerings_len;
    for (guint offering = 0; offering < len; offering++) {
        gboolean eligible = FALSE;
        for (guint i = 0; i < proof->threads; i++)
            eligible = eligible || locals[i].eligible[offering];
        proof->eligible_len += eligible ? 1 : 0;
    }
    for (guint i = 0; i < proof->threads; i++) {
        proof->most_cost = MAX(proof->most_cost, locals[i].most_cost);
        proof->overflown = proof->overflown || locals[i].overflown;
        g_free(locals[i].eligible);
    }
}

void
cn_plan_prove(CnPlanProof *proof)
{
    const guint len = (guint)proof->needs->asked.directory->listing->offerings_len;
    const guint classes = proof->needs->classes->len;
    g_autofree Local *locals = g_new0(Local, proof->threads);
    g_autofree CnPlanValue *prices = g_new0(CnPlanValue, MAX(len, 1));
    g_autofree gint64 *price = g_new0(gint64, MAX(len, 1));
    g_autofree gint64 *use_most = g_new0(gint64, MAX(len, 1));
    g_autofree CnPlanValue *least = g_new0(CnPlanValue, MAX(classes, 1));
    g_autofree guint8 *is_alone = g_new0(guint8, MAX(classes, 1));
    for (guint i = 0; i < len; i++)
        read_offering(proof, i, &price[i], &prices[i], &use_most[i]);
    for (guint i = 0; i < proof->needs->needs->len; i++)
        if (!has_company(proof, i))
            is_alone[cn_plan_need(proof->needs, i)->class] = TRUE;
    g_autoptr(GArray) gains = g_array_new(FALSE, FALSE, sizeof(CnPlanValue));
    for (guint i = 0; i < proof->threads; i++)
        locals[i] = (Local){.proof = proof,
                            .price = price,
                            .prices = prices,
                            .use_most = use_most,
                            .least = least,
                            .is_alone = is_alone,
                            .gains = gains,
                            .eligible = g_new0(guint8, MAX(len, 1))};
    cn_plan_visit_classes(proof->needs, proof->threads, look_at_class, locals, sizeof(Local));
    add_companies(&locals[0]);
    add_classes(&locals[0]);
    keep_places(&locals[0]);
    take_places(&locals[0]);
    clamp(&proof->bound);
    join_threads(proof, locals);
}
