/* See assign-oracle.h. */
#include "assign-oracle.h"

#include "random-world.h"

#include <string.h>

__extension__ typedef __int128 Weight;
/* One unmet unit weighs more than everything of the tiers below it. */
#define WEIGHT_FAR ((Weight)1 << 120)

void
assign_oracle_prepare(AssignOracle *oracle)
{
    guint len = oracle->cases->cases->len;
    cn_quotas_init(&oracle->quotas, oracle->directory, oracle->policy, NULL);
    oracle->origins = g_new(CnOrigin, len + 1);
    for (guint i = 0; i < len; i++)
        cn_origin_init(&oracle->origins[i], oracle->directory->listing->reference->gazetteer,
                       &oracle->policy->speeds,
                       ((const CnCase *)g_ptr_array_index(oracle->cases->cases, i))->area);
}

void
assign_oracle_clear(AssignOracle *oracle)
{
    cn_quotas_clear(&oracle->quotas);
    g_clear_pointer(&oracle->origins, g_free);
    g_clear_pointer(&oracle->costs, g_free);
    g_clear_pointer(&oracle->first_need, g_free);
}

void
assign_oracle_remember(AssignOracle *oracle)
{
    const guint len = oracle->cases->cases->len;
    const gsize offerings = oracle->directory->listing->offerings_len;
    g_assert(oracle->costs == NULL);
    g_autofree guint *first_need = g_new0(guint, len + 1);
    for (guint i = 0; i < len; i++)
        first_need[i + 1] =
            first_need[i] +
            ((const CnCase *)g_ptr_array_index(oracle->cases->cases, i))->needs->len;
    gint64 *costs = g_new(gint64, first_need[len] * offerings + 1);
    for (guint i = 0; i < len; i++)
        for (guint need = first_need[i]; need < first_need[i + 1]; need++)
            for (gsize k = 0; k < offerings; k++)
                costs[need * offerings + k] =
                    assign_oracle_cost(oracle, i, need - first_need[i], (guint)k);
    oracle->costs = costs;
    oracle->first_need = g_steal_pointer(&first_need);
}

static CnQuestion
ask(const AssignOracle *oracle, guint person_index, const CnNeed *need)
{
    const CnCase *person = g_ptr_array_index(oracle->cases->cases, person_index);
    gint64 now_s = oracle->options.now_s, at_s = oracle->options.at_s;
    return (CnQuestion){.listing = oracle->directory->listing,
                        .policy = oracle->policy,
                        .person = person,
                        .need = need,
                        .origin =
                            person->area != CN_AREA_NONE ? &oracle->origins[person_index] : NULL,
                        .plug = cn_plugged_from(oracle->options.plugged, person->area),
                        .now_s = now_s,
                        .today = cn_date_of(now_s),
                        .at_min = cn_minute_of_week(at_s != G_MININT64 ? at_s : now_s),
                        .include_unconfirmed = oracle->options.include_unconfirmed,
                        .include_unknown_capacity = oracle->options.include_unknown_capacity};
}

static gboolean
wants_company(const CnCase *person, const CnCase *other, CnServiceId service)
{
    return other->siblings_group != NULL &&
           strcmp(person->siblings_group, other->siblings_group) == 0 &&
           other->siblings != CN_SIBLINGS_APART && cn_case_need(other, service) != NULL;
}

/* The positions of all who must stay together with a person for @service, itself included; or itself
 * alone. */
static GArray *
party_of(const AssignOracle *oracle, guint person_index, CnServiceId service)
{
    const CnCase *person = g_ptr_array_index(oracle->cases->cases, person_index);
    GArray *party = g_array_new(FALSE, FALSE, sizeof(guint));
    gboolean required = FALSE;
    const CnTaxonomy *taxonomy = oracle->directory->listing->reference->taxonomy;
    if (person->siblings_group != NULL && person->siblings != CN_SIBLINGS_APART &&
        cn_service(taxonomy, service)->unit != CN_UNIT_NONE)
        for (guint i = 0; i < oracle->cases->cases->len; i++) {
            CnCase *other = g_ptr_array_index(oracle->cases->cases, i);
            if (!wants_company(person, other, service))
                continue;
            g_array_append_val(party, i);
            required |= other->siblings == CN_SIBLINGS_REQUIRE;
        }
    if (!required || party->len < 2) {
        g_array_set_size(party, 0);
        g_array_append_val(party, person_index);
    }
    return party;
}

static gboolean
is_pinned(const AssignOracle *oracle, guint person_index, const CnNeed *need)
{
    guint at = 0;
    for (guint i = 0; i < person_index; i++)
        at += ((const CnCase *)g_ptr_array_index(oracle->cases->cases, i))->needs->len;
    const CnCase *person = g_ptr_array_index(oracle->cases->cases, person_index);
    at += (guint)(need - (const CnNeed *)(gpointer)person->needs->data);
    for (gsize i = 0; i < oracle->options.pins_len; i++)
        if (oracle->options.pins[i].need == at)
            return TRUE;
    return FALSE;
}

/* Places that those of a party want who have none yet. */
static gint64
units_wanted(const AssignOracle *oracle, const GArray *party, const CnNeed *asked)
{
    gint64 units = 0;
    for (guint i = 0; i < party->len; i++) {
        const guint at = g_array_index(party, guint, i);
        const CnCase *member = g_ptr_array_index(oracle->cases->cases, at);
        const CnNeed *need = party->len > 1 ? cn_case_need(member, asked->service) : asked;
        if (!is_pinned(oracle, at, need))
            units += need->units;
    }
    return units;
}

/* Free places that its quotas leave; -1 without end. */
static gint64
places_of(const AssignOracle *oracle, guint offering)
{
    const gint64 free = assign_oracle_places(oracle, offering);
    const gint64 most = cn_quotas_most(&oracle->quotas, offering);
    if (most == G_MAXINT64)
        return free;
    return free < 0 ? most : MIN(free, most);
}

gint64
assign_oracle_cost(const AssignOracle *oracle, guint person_index, guint need_index, guint offering)
{
    const CnCase *person = g_ptr_array_index(oracle->cases->cases, person_index);
    const CnNeed *need = &g_array_index(person->needs, CnNeed, need_index);
    const CnListing *listing = oracle->directory->listing;
    if (oracle->costs != NULL)
        return oracle
            ->costs[(oracle->first_need[person_index] + need_index) * listing->offerings_len +
                    offering];
    gint32 most = listing->offerings[offering].eligibility.siblings_up_to;
    g_autoptr(GArray) party = party_of(oracle, person_index, need->service);
    gint64 cost = 0, lines[CN_COSTS_LEN];
    if (party->len > 1 && most >= 0 && (guint)most < party->len)
        return -1;
    const gint64 places = places_of(oracle, offering);
    if (places >= 0 && (party->len > 1 || need->units > 1) &&
        units_wanted(oracle, party, need) > places)
        return -1;
    for (guint i = 0; i < party->len; i++) {
        guint at = g_array_index(party, guint, i);
        const CnCase *member = g_ptr_array_index(oracle->cases->cases, at);
        CnCandidate candidate;
        CnQuestion question = ask(oracle, at, cn_case_need(member, need->service));
        cn_candidate_init(&candidate, &question, offering);
        if (cn_rules_first_broken(&question, &candidate,
                                  CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL)) != CN_RULE_NONE)
            return -1;
        if (member == person)
            cost = cn_cost_lines(&question, &candidate, TRUE, lines);
    }
    return cost;
}

gint64
assign_oracle_places(const AssignOracle *oracle, guint offering)
{
    const CnListing *listing = oracle->directory->listing;
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    gint64 free = cn_capacity_free(&listing->capacity[offering], service->unit);
    return free < 0 || free == G_MAXINT64 ? -1 : free;
}

/* ---- The network: units, slots, and one node for the unmet. */

typedef struct {
    guint from, to;
    gint64 room;
    Weight cost;
} Arc;

typedef struct {
    GArray *arcs; /* (element-type Arc) each followed by its reverse */
    guint nodes;
} Network;

static void
connect(Network *network, guint from, guint to, gint64 room, Weight cost)
{
    Arc there = {from, to, room, cost}, back = {to, from, 0, -cost};
    g_array_append_val(network->arcs, there);
    g_array_append_val(network->arcs, back);
}

/* Sends one unit from @source to @sink the cheapest way. */
static Weight
send_one(Network *network, guint source, guint sink)
{
    g_autofree Weight *distance = g_new(Weight, network->nodes);
    g_autofree gint *by = g_new(gint, network->nodes);
    gboolean changed = TRUE;
    for (guint i = 0; i < network->nodes; i++) {
        distance[i] = i == source ? 0 : WEIGHT_FAR;
        by[i] = -1;
    }
    while (changed) {
        changed = FALSE;
        for (guint i = 0; i < network->arcs->len; i++) {
            const Arc *arc = &g_array_index(network->arcs, Arc, i);
            if (arc->room > 0 && distance[arc->from] < WEIGHT_FAR &&
                distance[arc->from] + arc->cost < distance[arc->to]) {
                distance[arc->to] = distance[arc->from] + arc->cost;
                by[arc->to] = (gint)i;
                changed = TRUE;
            }
        }
    }
    g_assert(distance[sink] < WEIGHT_FAR);
    for (guint node = sink; node != source;) {
        gint at = by[node];
        g_array_index(network->arcs, Arc, at).room--;
        g_array_index(network->arcs, Arc, at ^ 1).room++;
        node = g_array_index(network->arcs, Arc, at).from;
    }
    return distance[sink];
}

static gint
pin_of(const AssignOracle *oracle, guint need)
{
    for (gsize i = 0; i < oracle->options.pins_len; i++)
        if (oracle->options.pins[i].need == need)
            return (gint)oracle->options.pins[i].offering;
    return -1;
}

/* A place each, where use costs anything; what pins and others took is taken off the first ones. */
static void
connect_places(const AssignOracle *oracle,
               Network *network,
               guint offering,
               guint node,
               guint sink,
               gint64 pinned)
{
    const CnListing *listing = oracle->directory->listing;
    const gint64 off = pinned + (oracle->taken != NULL ? oracle->taken[offering] : 0);
    const gint64 places = assign_oracle_places(oracle, offering);
    gint64 before = world_use(oracle->policy, listing, offering, off);
    if (oracle->policy->fairness->len == 0 || places < 0) {
        connect(network, node, sink, places < 0 ? G_MAXINT32 : places - MIN(off, places), 0);
        return;
    }
    for (gint64 place = off + 1; place <= places; place++) {
        const gint64 sum = world_use(oracle->policy, listing, offering, place);
        connect(network, node, sink, 1, sum - before);
        before = sum;
    }
}

/* Every quota is an arc from its node to that of the next larger one, or to the sink. */
static void
connect_quotas(const AssignOracle *oracle,
               Network *network,
               guint first,
               guint sink,
               const gint64 *pinned)
{
    const CnQuotas *quotas = &oracle->quotas;
    for (guint g = 0; g < quotas->len; g++) {
        const GArray *offerings = quotas->groups[g].offerings;
        const gint parent = quotas->groups[g].parent;
        gint64 left = quotas->groups[g].quota->places;
        for (guint i = 0; i < offerings->len; i++) {
            const guint offering = g_array_index(offerings, guint, i);
            left -= pinned[offering] + (oracle->taken != NULL ? oracle->taken[offering] : 0);
        }
        g_assert(left >= 0);
        connect(network, first + g, parent >= 0 ? first + (guint)parent : sink, left, 0);
    }
}

static Weight
penalty_of(CnUrgency urgency)
{
    return (Weight)1 << (100 - 24 * (gint)urgency);
}

static void
count_unmet(const Network *network, guint unmet, CnLevels *levels)
{
    for (guint i = 0; i < network->arcs->len; i += 2) {
        const Arc *arc = &g_array_index(network->arcs, Arc, i);
        if (arc->to != unmet || arc->room > 0)
            continue;
        for (guint tier = 0; tier < 3; tier++)
            levels->unmet[tier] += arc->cost == penalty_of((CnUrgency)tier);
    }
}

static guint
count_units(const AssignOracle *oracle)
{
    guint units = 0;
    for (guint i = 0; i < oracle->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(oracle->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++)
            units += (guint)g_array_index(person->needs, CnNeed, k).units;
    }
    return units;
}

CnLevels
assign_oracle_solve(const AssignOracle *oracle)
{
    guint offerings = (guint)oracle->directory->listing->offerings_len;
    guint groups = offerings + 1; /* of quotas */
    guint unmet = offerings, sink = groups + oracle->quotas.len;
    Network network = {.arcs = g_array_new(FALSE, FALSE, sizeof(Arc)),
                       .nodes = sink + 1 + count_units(oracle)};
    g_autofree gint64 *pinned = g_new0(gint64, offerings + 1);
    CnLevels levels = {0};
    Weight sum = 0;
    guint used = 0;
    for (guint i = 0, need = 0; i < oracle->cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(oracle->cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++, need++) {
            const CnNeed *asked = &g_array_index(person->needs, CnNeed, k);
            gint pin = pin_of(oracle, need);
            if (pin >= 0) {
                pinned[pin] += asked->units;
                levels.cost += assign_oracle_cost(oracle, i, k, (guint)pin);
                continue;
            }
            if (oracle->left_out != NULL && oracle->left_out[need])
                continue;
            for (gint32 one = 0; one < asked->units; one++) {
                guint unit = sink + 1 + used++;
                connect(&network, unit, unmet, 1, penalty_of(asked->urgency));
                for (guint offering = 0; offering < offerings; offering++) {
                    gint64 cost = assign_oracle_cost(oracle, i, k, offering);
                    if (cost >= 0)
                        connect(&network, unit, offering, 1, one == 0 ? cost : 0);
                }
            }
        }
    }
    connect(&network, unmet, sink, G_MAXINT32, 0);
    for (guint offering = 0; offering < offerings; offering++)
        levels.cost +=
            world_use(oracle->policy, oracle->directory->listing, offering, pinned[offering]);
    for (guint offering = 0; offering < offerings; offering++)
        connect_places(oracle, &network, offering, offering,
                       cn_quota_of(&oracle->quotas, offering) >= 0
                           ? groups + (guint)cn_quota_of(&oracle->quotas, offering)
                           : sink,
                       pinned[offering]);
    connect_quotas(oracle, &network, groups, sink, pinned);
    for (guint unit = 0; unit < used; unit++)
        sum += send_one(&network, sink + 1 + unit, sink);
    count_unmet(&network, unmet, &levels);
    for (guint tier = 0; tier < 3; tier++)
        sum -= levels.unmet[tier] * penalty_of((CnUrgency)tier);
    levels.cost += (gint64)sum;
    g_array_unref(network.arcs);
    return levels;
}
