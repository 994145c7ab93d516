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
#include "routing/plan-proof-private.h"

#include "routing/fairness.h"

/* ---- Needs that are looked at by themselves: each class once. */

typedef struct {
    CnProofLocal *local;
    const CnQuestion *question;
    CnPlanValue least;
} Pairs;

/* The cost line of the way, whoever goes. */
static gint64
cost_of_way(const CnQuestion *question, const CnProofOffering *to)
{
    const CnPolicy *policy = question->policy;
    if (question->origin == NULL || to->point == CN_PROOF_REMOTE)
        return 0;
    const CnTravel travel =
        cn_trips_to(question->trips, question->origin,
                    cn_listed_provider_of(question->listing, to->offering), to->point);
    return travel.travel_min < 0 ? policy->no_link_cost
                                 : (gint64)travel.travel_min * policy->travel_cost_per_min;
}

/* Whether the pair could change anything that is looked for: the least value, the dearest pair, or whether
 * anybody may go there. Rules and lines only need to be asked where it could. What plug-ins say of it nobody knows. */
static gboolean
may_matter(Pairs *pairs, const CnProofOffering *known)
{
    CnProofLocal *local = pairs->local;
    const gint32 units = pairs->question->need->units;
    if (!local->eligible[known->offering] || pairs->question->plug != NULL)
        return TRUE;
    const gint64 way = cost_of_way(pairs->question, known);
    if (way + known->rest_most > local->most_cost)
        return TRUE;
    CnPlanValue value = known->least;
    value.cost += way;
    if (units != 1)
        value = cn_proof_value_at(local, way + known->rest_least, units, known->offering);
    return cn_plan_value_compare(&value, &pairs->least) < 0;
}

static void
look_at_pair(Pairs *pairs, guint offering)
{
    gint64 cost;
    if (!cn_proof_may_go(pairs->local, pairs->question, offering, &cost))
        return;
    const CnPlanValue value =
        cn_proof_value_at(pairs->local, cost, pairs->question->need->units, offering);
    cn_proof_lower(&pairs->least, &value);
}

static void
look_at_class(const CnPlanNeeds *needs, guint class, const CnQuestion *question, gpointer data)
{
    CnProofLocal *local = data;
    Pairs pairs = {local, question, cn_proof_unmet(question->need)};
    if (!local->is_alone[class])
        return;
    /* Where the plan sends one of them is mostly the least already. */
    const gint planned = local->proof->offering_of[g_array_index(needs->classes, guint, class)];
    if (planned >= 0)
        look_at_pair(&pairs, (guint)planned);
    const GArray *meeting = local->meeting[question->need->service];
    for (guint i = 0; i < meeting->len; i++) {
        const CnProofOffering *known = &g_array_index(meeting, CnProofOffering, i);
        if (may_matter(&pairs, known))
            look_at_pair(&pairs, known->offering);
    }
    local->least[class] = pairs.least;
}

/* ---- Needs that are looked at together: each group once. */

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

static void
add_gain(CnProofLocal *local, const CnPlanValue *stay, const CnPlanValue *least)
{
    CnPlanValue gain = *stay;
    cn_proof_add(&gain, least, -1, &local->overflown);
    g_array_append_val(local->gains, gain);
}

static CnPlanValue
least_of(CnProofLocal *local, const CnBond *bond, const GArray *needs, gboolean stay)
{
    return bond != NULL && bond->kind == CN_BOND_BUNDLE
               ? cn_proof_least_of_bundle(local, bond, needs, stay)
               : cn_proof_least_of_group(local, bond, needs, stay);
}

static void
add_group(CnProofLocal *local, const CnBond *bond, const GArray *needs)
{
    const CnPlanProof *proof = local->proof;
    const CnPlanValue least = least_of(local, bond, needs, FALSE);
    gboolean kept = FALSE;
    for (guint i = 0; i < needs->len; i++)
        kept = kept || proof->kept_at[g_array_index(needs, guint, i)] >= 0;
    cn_proof_add(&local->proof->bound, &least, 1, &local->overflown);
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
add_companies(CnProofLocal *local)
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

/* Of one who depends on nobody. */
static CnPlanValue
value_of_staying(CnProofLocal *local, guint need, CnPlanWay *way)
{
    const CnPlanProof *proof = local->proof;
    const CnQuestion question = cn_plan_way_question(proof->needs, need, way);
    CnPlanValue value = cn_proof_unmet(question.need);
    gint64 cost;
    if (cn_proof_is_eligible(proof, &question, (guint)proof->kept_at[need], &cost))
        value = cn_proof_value_at(local, cost, question.need->units, (guint)proof->kept_at[need]);
    return value;
}

static void
add_classes(CnProofLocal *local)
{
    CnPlanProof *proof = local->proof;
    CnPlanWay way = {.made = FALSE};
    for (guint at = 0; at < proof->needs->needs->len; at++) {
        const guint i = proof->needs->order[at];
        const CnPlanValue *least = &local->least[cn_plan_need(proof->needs, i)->class];
        if (has_company(proof, i))
            continue;
        cn_proof_add(&proof->bound, least, 1, &local->overflown);
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
keep_places(CnProofLocal *local)
{
    g_array_sort(local->gains, compare_gains);
    for (guint i = 0; i < local->gains->len; i++)
        if ((gint64)i >= local->proof->max_moves)
            cn_proof_add(&local->proof->bound, &g_array_index(local->gains, CnPlanValue, i), 1,
                         &local->overflown);
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
read_price(const CnPlanProof *proof,
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
        *in_levels = cn_plan_price_read(proof->penalties, *price);
    if (cn_fair_counts(asked->policy, listing, offering)) {
        const gint64 places = cn_plan_proof_places(proof->needs, offering);
        *use_most = cn_fair_extra(asked->policy, listing, offering, MAX(places, 1));
    }
}

/* A higher price is absurd. Taken for this one it still bounds from below, and a way can be added to it. */
#define COST_MOST (G_MAXINT64 / 4)

/* What offerings cost, for one service after the other. */
typedef struct {
    const CnPlanNeeds *needs;
    const CnPlanValue *prices;
    const gint64 *use_most;
    GArray *known; /* (element-type CnProofOffering) */
} Reading;

static void
read_offering(guint offering, gpointer data)
{
    const Reading *reading = data;
    const CnPlanQuestion *asked = &reading->needs->asked;
    const CnListing *listing = asked->directory->listing;
    const guint provider = listing->offerings[offering].provider;
    CnProofOffering known = {.least = reading->prices[offering],
                             .offering = offering,
                             .point = listing->providers[provider].remote
                                          ? CN_PROOF_REMOTE
                                          : cn_points_of(&reading->needs->points, provider)};
    cn_cost_bounds(listing, asked->policy, asked->now_s, offering, &known.rest_least,
                   &known.rest_most);
    known.least.cost = MIN(known.least.cost, COST_MOST) + known.rest_least;
    known.rest_most += reading->use_most[offering];
    g_array_append_val(reading->known, known);
}

static guint
services_len(const CnPlanNeeds *needs)
{
    return cn_taxonomy_len(needs->asked.directory->listing->reference->taxonomy);
}

/* (transfer full) */
static GArray **
read_meeting(const CnPlanNeeds *needs, const CnPlanValue *prices, const gint64 *use_most)
{
    GArray **meeting = g_new0(GArray *, (gsize)services_len(needs) + 1);
    for (guint i = 0; i < needs->classes->len; i++) {
        const CnServiceId service =
            cn_plan_need_of(needs, g_array_index(needs->classes, guint, i))->service;
        Reading reading = {needs, prices, use_most, meeting[service]};
        if (meeting[service] != NULL)
            continue;
        meeting[service] = reading.known = g_array_new(FALSE, FALSE, sizeof(CnProofOffering));
        cn_index_visit_meeting(&needs->asked.directory->index, service, read_offering, &reading);
    }
    return meeting;
}

static void
free_meeting(const CnPlanNeeds *needs, GArray **meeting)
{
    for (guint service = 0; service < services_len(needs); service++)
        g_clear_pointer(&meeting[service], g_array_unref);
    g_free(meeting);
}

static void
join_threads(CnPlanProof *proof, CnProofLocal *locals)
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
    g_autofree CnProofLocal *locals = g_new0(CnProofLocal, proof->threads);
    g_autofree CnPlanValue *prices = g_new0(CnPlanValue, MAX(len, 1));
    g_autofree gint64 *price = g_new0(gint64, MAX(len, 1));
    g_autofree gint64 *use_most = g_new0(gint64, MAX(len, 1));
    g_autofree CnPlanValue *least = g_new0(CnPlanValue, MAX(classes, 1));
    g_autofree guint8 *is_alone = g_new0(guint8, MAX(classes, 1));
    for (guint i = 0; i < len; i++)
        read_price(proof, i, &price[i], &prices[i], &use_most[i]);
    GArray **meeting = read_meeting(proof->needs, prices, use_most);
    for (guint i = 0; i < proof->needs->needs->len; i++)
        if (!has_company(proof, i))
            is_alone[cn_plan_need(proof->needs, i)->class] = TRUE;
    g_autoptr(GArray) gains = g_array_new(FALSE, FALSE, sizeof(CnPlanValue));
    for (guint i = 0; i < proof->threads; i++)
        locals[i] = (CnProofLocal){.proof = proof,
                                   .price = price,
                                   .prices = prices,
                                   .use_most = use_most,
                                   .least = least,
                                   .is_alone = is_alone,
                                   .meeting = meeting,
                                   .gains = gains,
                                   .eligible = g_new0(guint8, MAX(len, 1))};
    cn_plan_visit_classes(proof->needs, proof->threads, look_at_class, locals,
                          sizeof(CnProofLocal));
    free_meeting(proof->needs, meeting);
    add_companies(&locals[0]);
    add_classes(&locals[0]);
    keep_places(&locals[0]);
    cn_proof_take_places(&locals[0]);
    clamp(&proof->bound);
    join_threads(proof, locals);
}
