/* Batch routing end to end on random tiny worlds: against brute force over every plan (rules and costs
 * from the oracle that was written from the design text), proved by the checker, the same for any number
 * of threads and any order, and true to its word: the smallest change of an unmet need places it. */
#include "../support/random-world.h"
#include "../support/route-oracle.h"

#include "directory/change.h"
#include "format/plan-file.h"
#include "routing/plan-make.h"
#include "routing/plan-needs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS     1500
#define PLANS_MOST 60000.0 /* of one world, by brute force */

static CnReference *reference;
static gboolean use_costs; /* in the worlds that are made now */

typedef struct {
    CnNetwork *network;
    carenet_directory *directory;
    CnPolicy *policy;
    carenet_cases *cases;
} World;

static void
clear_world(World *world)
{
    carenet_cases_unref(world->cases);
    carenet_policy_unref(world->policy);
    carenet_directory_unref(world->directory);
    cn_network_free(world->network);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, clear_world)

/* Providers who take nearly anybody and have few places, so that people compete for them. */
static void
let_compete(GRand *rand, World *world)
{
    static const char *const services[] = {"trauma-therapy", "emergency-shelter"};
    for (guint i = 0; i < world->network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(world->network->providers, i);
        provider->status = CN_ACTIVE;
        provider->remote = FALSE;
        g_array_set_size(provider->serves, 0);
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            offering->service =
                cn_service_by_id(reference->taxonomy, services[world_pick(rand, 2)]);
            offering->eligibility =
                (CnEligibility){.age_min = -1, .age_max = -1, .siblings_up_to = -1};
            offering->intake_hours = "24/7";
            offering->capacity.known = TRUE;
            offering->capacity.total = world_pick(rand, 4);
            offering->capacity.occupied = 0;
        }
    }
    g_array_set_size(world->policy->capabilities, 0);
    g_array_set_size(world->policy->accreditation, 0);
    for (guint i = 0; i < world->cases->cases->len; i++) {
        CnCase *c = g_ptr_array_index(world->cases->cases, i);
        if (world_chance(rand, 80)) {
            c->max_travel_min = 0;
            c->consent = CN_CONSENT_FULL;
            g_array_set_size(c->consents, 0);
            c->access = (CnTermSet){{0, 0}};
            g_array_set_size(c->avoid.areas, 0);
            g_array_set_size(c->offender.areas, 0);
        }
        for (guint k = 0; k < c->needs->len; k++) {
            CnNeed *need = &g_array_index(c->needs, CnNeed, k);
            need->service = cn_service_by_id(reference->taxonomy, services[(i + k) % 2]);
            need->before = CN_DATE_NONE;
        }
    }
}

/* Nobody asks twice for the same: which of the two would a sibling go along with? */
static void
ask_once(carenet_cases *cases)
{
    for (guint i = 0; i < cases->cases->len; i++) {
        GArray *needs = ((CnCase *)g_ptr_array_index(cases->cases, i))->needs;
        for (guint k = needs->len; k-- > 1;)
            for (guint first = 0; first < k; first++)
                if (g_array_index(needs, CnNeed, first).service ==
                    g_array_index(needs, CnNeed, k).service) {
                    g_array_remove_index(needs, k);
                    break;
                }
    }
}

static gboolean
are_siblings(const CnCase *a, const CnCase *b)
{
    return a != b && a->siblings_group != NULL &&
           g_strcmp0(a->siblings_group, b->siblings_group) == 0;
}

/* Readers refuse lists in which siblings must stay together and must not meet. */
static void
contradict_nobody(carenet_cases *cases)
{
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *c = g_ptr_array_index(cases->cases, i);
        for (guint k = 0; k < cases->cases->len; k++) {
            const CnCase *other = g_ptr_array_index(cases->cases, k);
            for (guint at = c->keep_apart->len; at-- > 0;)
                if (strcmp(g_ptr_array_index(c->keep_apart, at), other->ref) == 0 &&
                    (c == other || are_siblings(c, other)))
                    g_ptr_array_remove_index(c->keep_apart, at);
        }
    }
}

/* Some would have one provider for all of their needs, or for two of them. */
static void
bundle_needs(GRand *rand, World *world)
{
    world->policy->other_provider = (gint32)world_pick(rand, 60);
    for (guint i = 0; i < world->cases->cases->len; i++) {
        CnCase *c = g_ptr_array_index(world->cases->cases, i);
        if (c->needs->len < 2 || world_chance(rand, 60))
            continue;
        c->bundle = world_chance(rand, 50) ? CN_BUNDLE_REQUIRE : CN_BUNDLE_PREFER;
        if (world_chance(rand, 60))
            continue;
        c->bundle_services = g_array_new(FALSE, FALSE, sizeof(CnServiceId));
        for (guint k = 0; k < 2; k++)
            g_array_append_val(c->bundle_services, g_array_index(c->needs, CnNeed, k).service);
    }
}

/* Weights as large as they may be: no cost ever buys a place of a more urgent need. */
static void
weigh_heavily(CnPolicy *policy)
{
    policy->siblings_apart = policy->other_provider = policy->leave_region = CN_COST_MOST;
    policy->not_preferred = policy->new_provider = policy->language_none_shared = CN_COST_MOST;
    policy->no_link_cost = CN_COST_MOST;
}

static World
make_world(GRand *rand, guint providers, guint cases)
{
    World world = {.network = world_network(rand, reference, providers)};
    world.policy = world_policy(rand, reference);
    g_free(world.policy->digest);
    world.policy->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "policy", -1);
    world.cases = world_cases(rand, reference, world.network, cases);
    if (world_chance(rand, 75))
        let_compete(rand, &world);
    ask_once(world.cases);
    contradict_nobody(world.cases);
    if (world_chance(rand, 50))
        bundle_needs(rand, &world);
    if (world_chance(rand, 15))
        weigh_heavily(world.policy);
    if (world_chance(rand, 30))
        world_quotas(rand, world.policy, world.network);
    if (use_costs)
        world_fairness(rand, world.policy);
    world.directory = cn_directory_new(world.network, reference, 3);
    return world;
}

static carenet_batch_options
options_of(GRand *rand)
{
    carenet_batch_options options;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.include_unconfirmed = world_chance(rand, 50);
    options.include_unknown_capacity = world_chance(rand, 30);
    return options;
}

static CnPlan *
batch(const World *world, const carenet_batch_options *options)
{
    g_autoptr(GError) error = NULL;
    CnPlan *plan = NULL;
    if (!carenet_batch(world->directory, world->policy, world->cases, options, &plan, &error))
        fail_msg("%s", error->message);
    return plan;
}

/* ---- Brute force. */

typedef struct {
    guint person, need; /* positions */
    const CnNeed *of;
    const CnCase *c;
    gboolean counted;
    gint64 *cost; /* of each offering; -1 not eligible */
} Item;

typedef struct {
    const World *world;
    GArray *items; /* (element-type Item) */
    gint *at;      /* of each item: offering or -1 */
    gint64 *left;  /* of each offering */
    CnPlanValue best;
    gboolean found;
    gboolean plain; /* nobody has a say in where another one goes */
    guint offerings;
    gint *kept_at; /* of each item: a place that it may leave only so often; -1; or NULL */
    gint64 max_moves;
} Brute;

static gint
full_reason(void)
{
    for (guint i = 0; i < ORACLE_REASONS; i++)
        if (strcmp(oracle_reason(i), "full") == 0)
            return (gint)i;
    return -1;
}

/* What the oracle says of a case that is alone in the world. */
static void
ask_oracle(Brute *brute, const carenet_batch_options *options, guint person)
{
    const gint full = full_reason();
    g_autoptr(GPtrArray) alone = g_ptr_array_new();
    CnCase copy = *(const CnCase *)g_ptr_array_index(brute->world->cases->cases, person);
    copy.siblings_group = NULL;
    copy.siblings = CN_SIBLINGS_NONE;
    g_ptr_array_add(alone, &copy);
    const OracleWorld asked = {.network = brute->world->network,
                               .reference = reference,
                               .policy = brute->world->policy,
                               .cases = alone,
                               .now_s = WORLD_NOW_S,
                               .at_s = WORLD_NOW_S,
                               .include_unconfirmed = options->include_unconfirmed,
                               .include_unknown_capacity = options->include_unknown_capacity};
    g_autoptr(GPtrArray) answers = oracle_route(&asked);
    for (guint need = 0; need < answers->len; need++) {
        const OracleAnswer *answer = g_ptr_array_index(answers, need);
        Item item = {.person = person, .need = need};
        item.c = g_ptr_array_index(brute->world->cases->cases, person);
        item.of = &g_array_index(item.c->needs, CnNeed, need);
        item.counted = cn_service(reference->taxonomy, item.of->service)->unit != CN_UNIT_NONE;
        item.cost = g_new(gint64, answer->offers->len);
        brute->offerings = answer->offers->len;
        for (guint i = 0; i < answer->offers->len; i++) {
            const OracleOffer *offer = &g_array_index(answer->offers, OracleOffer, i);
            gboolean eligible = TRUE;
            for (guint reason = 0; reason < ORACLE_REASONS; reason++)
                eligible = eligible && ((gint)reason == full || !offer->broken[reason]);
            /* What use costs is counted over whole plans. */
            item.cost[i] = eligible ? offer->cost - offer->lines[ORACLE_USE] : -1;
        }
        g_array_append_val(brute->items, item);
    }
}

static gboolean
names(const GPtrArray *texts, const char *text)
{
    for (guint i = 0; i < texts->len; i++)
        if (strcmp(g_ptr_array_index(texts, i), text) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
are_apart(const CnCase *a, const CnCase *b)
{
    if (a == b)
        return FALSE;
    if (names(a->keep_apart, b->ref) || names(b->keep_apart, a->ref))
        return TRUE;
    return are_siblings(a, b) &&
           (a->siblings == CN_SIBLINGS_APART || b->siblings == CN_SIBLINGS_APART);
}

/* Whether two who may go along are bound: one of all of them with that need says so. */
static gboolean
are_bound(const Brute *brute, const Item *a, const Item *b)
{
    if (!a->counted || !are_siblings(a->c, b->c) || a->of->service != b->of->service ||
        a->c->siblings == CN_SIBLINGS_APART || b->c->siblings == CN_SIBLINGS_APART)
        return FALSE;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *other = &g_array_index(brute->items, Item, i);
        if (other->of->service == a->of->service &&
            (other->c == a->c || are_siblings(other->c, a->c)) &&
            other->c->siblings == CN_SIBLINGS_REQUIRE)
            return TRUE;
    }
    return FALSE;
}

static const char *
provider_at(const Brute *brute, gint offering)
{
    const CnListing *listing = brute->world->directory->listing;
    return cn_listed_text(listing, cn_listed_provider_of(listing, (guint)offering)->id);
}

/* Whether two needs of a case belong to its bundle. */
static gboolean
are_bundled(const Item *a, const Item *b)
{
    return a->c == b->c && a->need != b->need && cn_case_bundles(a->c, a->of) &&
           cn_case_bundles(b->c, b->of);
}

/* What a need pays because those before it in its bundle are met by others. */
static gint64
cost_of_providers(const Brute *brute, guint item)
{
    const Item *a = &g_array_index(brute->items, Item, item);
    gboolean others = FALSE;
    if (brute->at[item] < 0 || a->c->bundle != CN_BUNDLE_PREFER)
        return 0;
    for (guint i = 0; i < item; i++) {
        const Item *b = &g_array_index(brute->items, Item, i);
        if (!are_bundled(a, b) || brute->at[i] < 0)
            continue;
        if (strcmp(provider_at(brute, brute->at[i]), provider_at(brute, brute->at[item])) == 0)
            return 0;
        others = TRUE;
    }
    return others ? brute->world->policy->other_provider : 0;
}

static gboolean
keeps_company(const Brute *brute)
{
    const CnListing *listing = brute->world->directory->listing;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *a = &g_array_index(brute->items, Item, i);
        gint persons = 1;
        for (guint k = 0; k < brute->items->len; k++) {
            const Item *b = &g_array_index(brute->items, Item, k);
            if (i != k && are_bound(brute, a, b)) {
                persons++;
                if (brute->at[i] != brute->at[k])
                    return FALSE;
            }
            if (a->c->bundle == CN_BUNDLE_REQUIRE && are_bundled(a, b) && brute->at[i] >= 0 &&
                brute->at[k] >= 0 &&
                strcmp(provider_at(brute, brute->at[i]), provider_at(brute, brute->at[k])) != 0)
                return FALSE;
            if (brute->at[i] >= 0 && brute->at[k] >= 0 && a->counted && b->counted &&
                are_apart(a->c, b->c) &&
                strcmp(provider_at(brute, brute->at[i]), provider_at(brute, brute->at[k])) == 0)
                return FALSE;
        }
        for (guint k = 0; k < brute->world->cases->cases->len && brute->at[i] >= 0; k++) {
            const CnCase *other = g_ptr_array_index(brute->world->cases->cases, k);
            if (a->counted && are_apart(a->c, other) &&
                names(other->known_to, provider_at(brute, brute->at[i])))
                return FALSE;
        }
        const gint most =
            brute->at[i] >= 0 ? listing->offerings[brute->at[i]].eligibility.siblings_up_to : -1;
        if (persons > 1 && most >= 0 && most < persons)
            return FALSE;
    }
    return TRUE;
}

/* What siblings pay who would like to stay together and do not. */
static gint64
cost_of_parting(const Brute *brute, guint item)
{
    const CnListing *listing = brute->world->directory->listing;
    const Item *a = &g_array_index(brute->items, Item, item);
    gboolean prefer = a->c->siblings == CN_SIBLINGS_PREFER, parted = FALSE;
    gint persons = 1;
    if (brute->at[item] < 0 || !a->counted || a->c->siblings == CN_SIBLINGS_APART)
        return 0;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *b = &g_array_index(brute->items, Item, i);
        if (!are_siblings(a->c, b->c) || b->of->service != a->of->service ||
            b->c->siblings == CN_SIBLINGS_APART)
            continue;
        if (are_bound(brute, a, b))
            return 0;
        prefer = prefer || b->c->siblings == CN_SIBLINGS_PREFER;
        parted = parted || brute->at[i] != brute->at[item];
        persons++;
    }
    const gint most = listing->offerings[brute->at[item]].eligibility.siblings_up_to;
    parted = parted || (most >= 0 && most < persons);
    return persons > 1 && prefer && parted ? brute->world->policy->siblings_apart : 0;
}

static gint64
cost_of_use(const Brute *brute)
{
    const World *world = brute->world;
    gint64 cost = 0;
    for (guint i = 0; world->policy->fairness->len > 0 && i < brute->offerings; i++) {
        gint64 places = 0;
        for (guint k = 0; k < brute->items->len; k++)
            places += brute->at[k] == (gint)i ? g_array_index(brute->items, Item, k).of->units : 0;
        cost += world_use(world->policy, world->directory->listing, i, places);
    }
    return cost;
}

static gint64
moves_of(const Brute *brute)
{
    gint64 moves = 0;
    for (guint i = 0; brute->kept_at != NULL && i < brute->items->len; i++)
        moves += brute->kept_at[i] >= 0 && brute->kept_at[i] != brute->at[i] ? 1 : 0;
    return moves;
}

static gboolean
keeps_quotas(const Brute *brute)
{
    g_auto(CnQuotas) quotas = {NULL, 0, NULL};
    assert_true(cn_quotas_init(&quotas, brute->world->directory, brute->world->policy, NULL));
    g_autofree gint64 *used = g_new0(gint64, quotas.len + 1);
    for (guint i = 0; i < brute->items->len; i++)
        if (brute->at[i] >= 0)
            cn_quotas_take(&quotas, used, (guint)brute->at[i],
                           g_array_index(brute->items, Item, i).of->units);
    for (guint g = 0; g < quotas.len; g++)
        if (used[g] > cn_quota_places(&quotas, g))
            return FALSE;
    return TRUE;
}

static void
try_items(Brute *brute, guint item, CnPlanValue value)
{
    if (brute->found && cn_plan_value_compare(&value, &brute->best) >= 0)
        return;
    if (item == brute->items->len) {
        for (guint i = 0; i < brute->items->len; i++)
            value.cost += cost_of_parting(brute, i) + cost_of_providers(brute, i);
        value.cost += cost_of_use(brute);
        if (moves_of(brute) > brute->max_moves || !keeps_quotas(brute))
            return;
        if ((!brute->found || cn_plan_value_compare(&value, &brute->best) < 0) &&
            keeps_company(brute)) {
            brute->best = value;
            brute->found = TRUE;
        }
        return;
    }
    const Item *of = &g_array_index(brute->items, Item, item);
    for (guint offering = 0; offering < brute->offerings; offering++) {
        if (of->cost[offering] < 0 || brute->left[offering] < of->of->units)
            continue;
        CnPlanValue more = value;
        more.cost += of->cost[offering];
        brute->at[item] = (gint)offering;
        brute->left[offering] -= of->of->units;
        try_items(brute, item + 1, more);
        brute->left[offering] += of->of->units;
    }
    brute->at[item] = -1;
    value.unmet[of->of->urgency] += of->of->units;
    try_items(brute, item + 1, value);
}

static void
clear_item(gpointer data)
{
    g_free(((Item *)data)->cost);
}

/* How many plans there are to look at. */
static double
count_plans(const Brute *brute)
{
    double plans = 1;
    for (guint i = 0; i < brute->items->len; i++) {
        guint options = 1;
        for (guint k = 0; k < brute->offerings; k++)
            options += g_array_index(brute->items, Item, i).cost[k] >= 0;
        plans *= options;
    }
    return plans;
}

static void
find_relations(Brute *brute)
{
    brute->plain = TRUE;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *a = &g_array_index(brute->items, Item, i);
        brute->plain = brute->plain && a->of->units == 1 && a->c->bundle == CN_BUNDLE_NONE;
        for (guint k = 0; k < brute->items->len; k++) {
            const Item *b = &g_array_index(brute->items, Item, k);
            brute->plain = brute->plain && !are_apart(a->c, b->c) && !are_siblings(a->c, b->c);
        }
        for (guint k = 0; k < brute->world->cases->cases->len; k++)
            brute->plain =
                brute->plain && !are_apart(a->c, g_ptr_array_index(brute->world->cases->cases, k));
    }
}

/* The places that the plan says could be kept. */
static void
take_kept(Brute *brute, const CnPlan *plan)
{
    if (plan->keep == NULL)
        return;
    brute->kept_at = g_new(gint, MAX(brute->items->len, 1));
    brute->max_moves = plan->max_moves;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *item = &g_array_index(brute->items, Item, i);
        brute->kept_at[i] = -1;
        for (guint k = 0; k < plan->kept->len; k++) {
            const CnPlanKept *kept = cn_plan_kept_at(plan, k);
            if (strcmp(kept->ref, item->c->ref) == 0 && kept->need == item->need + 1 &&
                kept->state != CN_KEPT_RELEASED)
                brute->kept_at[i] =
                    cn_listing_offering(brute->world->directory->listing, kept->offering);
        }
    }
}

/* FALSE where it would take too long. */
static gboolean
solve_by_force(Brute *brute,
               const World *world,
               const carenet_batch_options *options,
               const CnPlan *plan)
{
    const CnListing *listing = world->directory->listing;
    *brute = (Brute){.world = world, .items = g_array_new(FALSE, FALSE, sizeof(Item))};
    g_array_set_clear_func(brute->items, clear_item);
    for (guint person = 0; person < world->cases->cases->len; person++)
        ask_oracle(brute, options, person);
    take_kept(brute, plan);
    const gboolean small = count_plans(brute) <= PLANS_MOST;
    if (small) {
        const CnPlanValue nothing = {{0}, 0};
        brute->at = g_new(gint, MAX(brute->items->len, 1));
        brute->left = g_new(gint64, MAX(listing->offerings_len, 1));
        for (guint i = 0; i < listing->offerings_len; i++) {
            const gint64 free = cn_capacity_free(
                &listing->capacity[i],
                cn_service(reference->taxonomy, listing->offerings[i].service)->unit);
            brute->left[i] = free < 0 ? G_MAXINT64 : free;
        }
        find_relations(brute);
        try_items(brute, 0, nothing);
    }
    return small;
}

static void
clear_brute(Brute *brute)
{
    g_array_unref(brute->items);
    g_free(brute->at);
    g_free(brute->left);
    g_free(brute->kept_at);
}

typedef struct {
    guint compared, plain, optimal, checked, unmet, changed, proven, stay, moved, released, used;
} Counts;

/* Whether somebody of the plan pays for use. */
static gboolean
pays_for_use(const World *world, const CnPlan *plan)
{
    const CnListing *listing = world->directory->listing;
    g_autofree gint64 *used = g_new0(gint64, listing->offerings_len + 1);
    gint64 cost = 0;
    for (guint i = 0; i < plan->assignments->len; i++) {
        const CnPlanned *planned = cn_plan_assignment_at(plan, i);
        used[cn_listing_offering(listing, planned->offering)] += planned->units;
    }
    for (guint i = 0; i < listing->offerings_len; i++)
        cost += world_use(world->policy, listing, i, used[i]);
    return cost > 0;
}

static void
assert_use_was_paid(const Counts *counts)
{
    if (!use_costs)
        return;
    print_message("in %u of them somebody pays for use\n", counts->used);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(counts->used > ROUNDS / 5);
}

static void
assert_is_proved_with(const World *world, const CnPlan *plan, const CnPlan *keep)
{
    g_autoptr(GError) error = NULL;
    carenet_plan_check_options options;
    carenet_plan_check_options_init(&options);
    options.keep = keep;
    g_autoptr(carenet_table) found =
        carenet_plan_check(plan, world->directory, world->policy, world->cases, &options, &error);
    assert_non_null(found);
    const gsize last = carenet_table_rows_len(found) - 1;
    if (!carenet_table_get_bool(found, last, 1))
        fail_msg("%s: %s", carenet_table_get_text(found, last, 0),
                 carenet_table_get_text(found, last, 2));
    assert_string_equal(carenet_table_get_text(found, last, 0), "status");
}

static void
assert_is_proved(const World *world, const CnPlan *plan)
{
    assert_is_proved_with(world, plan, NULL);
}

/* What is explained is what was counted: the chosen offering of every need, at the plan's cost. */
static void
assert_is_explained(const World *world, const CnPlan *plan)
{
    guint chosen = 0;
    for (guint i = 0; i < world->cases->cases->len; i++) {
        const CnCase *c = g_ptr_array_index(world->cases->cases, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(carenet_table) rows = carenet_plan_explain(plan, world->directory, world->policy,
                                                             world->cases, c->ref, NULL, &error);
        assert_non_null(rows);
        for (gsize row = 0; row < carenet_table_rows_len(rows); row++) {
            if (strcmp(carenet_table_get_text(rows, row, 6), "chosen") != 0)
                continue;
            const CnPlanned *planned =
                cn_plan_assignment(plan, c->ref, (guint)carenet_table_get_int64(rows, row, 1));
            assert_string_equal(carenet_table_get_text(rows, row, 3), planned->offering);
            assert_int_equal(carenet_table_get_int64(rows, row, 7), planned->cost);
            chosen++;
        }
    }
    assert_int_equal(chosen, plan->assignments->len);
}

static void
compare_with_force(GRand *rand, gpointer data)
{
    Counts *counts = data;
    g_auto(World) world = make_world(rand, 1 + world_pick(rand, 4), 1 + world_pick(rand, 4));
    const carenet_batch_options options = options_of(rand);
    Brute brute;
    g_autoptr(carenet_plan) plan = batch(&world, &options);
    assert_is_proved(&world, plan);
    assert_is_explained(&world, plan);
    counts->checked++;
    counts->used += pays_for_use(&world, plan);
    if (solve_by_force(&brute, &world, &options, plan)) {
        assert_true(cn_plan_value_compare(&plan->bound, &brute.best) <= 0);
        assert_true(cn_plan_value_compare(&brute.best, &plan->objective) <= 0);
        if (brute.plain) {
            assert_int_equal(cn_plan_value_compare(&brute.best, &plan->objective), 0);
            assert_true(plan->optimal);
        }
        counts->compared++;
        counts->plain += brute.plain;
        counts->optimal += cn_plan_value_compare(&brute.best, &plan->objective) == 0;
    }
    clear_brute(&brute);
}

static void
is_as_good_as_any_plan(void **state)
{
    Counts counts = {0};
    (void)state;
    world_rounds(ROUNDS, compare_with_force, &counts);
    print_message("%u plans proved; %u compared with brute force: %u without company, all optimal; "
                  "%u optimal in all\n",
                  counts.checked, counts.compared, counts.plain, counts.optimal);
    assert_use_was_paid(&counts);
}

/* ---- Places that are kept. */

static void
shuffle(GRand *rand, GPtrArray *list)
{
    for (guint i = list->len; i > 1; i--) {
        const guint k = world_pick(rand, i);
        gpointer other = g_ptr_array_index(list, k);
        g_ptr_array_index(list, k) = g_ptr_array_index(list, i - 1);
        g_ptr_array_index(list, i - 1) = other;
    }
}

/* Places that are gone since, and a few that are new. */
static void
let_time_pass(GRand *rand, World *world)
{
    for (guint i = 0; i < world->network->providers->len; i++) {
        CnProvider *provider = g_ptr_array_index(world->network->providers, i);
        if (world_chance(rand, 10))
            provider->status = CN_PAUSED;
        for (guint k = 0; k < provider->offerings->len; k++) {
            CnOffering *offering = &g_array_index(provider->offerings, CnOffering, k);
            if (offering->capacity.known && world_chance(rand, 30))
                offering->capacity.total = world_pick(rand, 4);
        }
    }
    carenet_directory_unref(world->directory);
    world->directory = cn_directory_new(world->network, reference, 4);
}

/* A plan of other days: other weights, not everybody there yet. (transfer full) */
static CnPlan *
plan_before(GRand *rand, const World *world, const carenet_batch_options *options)
{
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = carenet_cases_new(reference);
    World before = *world;
    g_free(policy->digest);
    policy->digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "before", -1);
    g_ptr_array_set_free_func(cases->cases, NULL);
    for (guint i = 0; i < world->cases->cases->len; i++)
        if (world_chance(rand, 80))
            g_ptr_array_add(cases->cases, g_ptr_array_index(world->cases->cases, i));
    before.policy = policy;
    before.cases = cases;
    return batch(&before, options);
}

static void
count_states(const CnPlan *plan, Counts *counts)
{
    for (guint i = 0; i < plan->kept->len; i++) {
        const CnKeptState state = cn_plan_kept_at(plan, i)->state;
        counts->stay += state == CN_KEPT_STAYS;
        counts->moved += state == CN_KEPT_MOVED;
        counts->released += state == CN_KEPT_RELEASED;
    }
}

/* What gaps says of one more place is what comes of it with everybody pinned and kept as they were. */
static void
assert_effects(const World *world, const carenet_batch_options *options, const CnPlan *plan)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_table) gaps =
        carenet_plan_gaps(plan, world->directory, world->policy, world->cases, NULL, &error);
    if (gaps == NULL)
        fail_msg("%s", error->message);
    const size_t offering = (size_t)carenet_table_column_index(gaps, "offering");
    const size_t placed = (size_t)carenet_table_column_index(gaps, "placed_by_one");
    const size_t cost = (size_t)carenet_table_column_index(gaps, "cost_by_one");
    for (gsize row = 0; row < carenet_table_rows_len(gaps); row++) {
        if (carenet_table_is_null(gaps, row, placed))
            continue;
        const carenet_change change = {.id = carenet_table_get_text(gaps, row, offering),
                                       .places = 1};
        World more = *world;
        carenet_batch_options same = *options;
        same.former = plan;
        same.threads = 1;
        more.directory = carenet_directory_with(world->directory, &change, 1, NULL);
        g_autoptr(carenet_plan) then = batch(&more, &same);
        gint64 units = 0;
        for (guint tier = 0; tier < CN_TIERS; tier++)
            units += plan->objective.unmet[tier] - then->objective.unmet[tier];
        assert_int_equal(carenet_table_get_int64(gaps, row, placed), units);
        assert_int_equal(carenet_table_get_int64(gaps, row, cost),
                         then->objective.cost - plan->objective.cost);
        carenet_directory_unref(more.directory);
    }
}

static void
keep_and_compare(GRand *rand, gpointer data)
{
    Counts *counts = data;
    g_auto(World) world = make_world(rand, 1 + world_pick(rand, 4), 1 + world_pick(rand, 5));
    carenet_batch_options options = options_of(rand);
    g_autoptr(carenet_plan) before = plan_before(rand, &world, &options);
    Brute brute;
    let_time_pass(rand, &world);
    options.keep = before;
    options.max_moves = world_pick(rand, 4);
    g_autoptr(carenet_plan) plan = batch(&world, &options);
    g_autofree char *text = cn_plan_write(plan);
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_plan) read = cn_plan_parse(text, strlen(text), "p", &error);
    if (read == NULL)
        fail_msg("%s", error->message);
    assert_is_proved_with(&world, read, before);
    assert_is_explained(&world, plan);
    assert_effects(&world, &options, plan);
    counts->checked++;
    count_states(plan, counts);
    counts->used += pays_for_use(&world, plan);
    if (solve_by_force(&brute, &world, &options, plan)) {
        assert_true(brute.found);
        assert_true(cn_plan_value_compare(&plan->bound, &brute.best) <= 0);
        assert_true(cn_plan_value_compare(&brute.best, &plan->objective) <= 0);
        if (brute.plain && options.max_moves == 0)
            assert_true(plan->optimal);
        counts->compared++;
        counts->optimal += cn_plan_value_compare(&brute.best, &plan->objective) == 0;
        counts->proven += plan->optimal;
    }
    clear_brute(&brute);
    shuffle(rand, world.cases->cases);
    options.threads = 2;
    g_autoptr(carenet_plan) again = batch(&world, &options);
    g_autofree char *same = cn_plan_write(again);
    assert_string_equal(text, same);
}

static void
keeps_places(void **state)
{
    Counts counts = {0};
    (void)state;
    world_rounds(ROUNDS, keep_and_compare, &counts);
    print_message(
        "%u plans proved: %u stay, %u moved, %u released; %u compared with brute force: %u "
        "optimal, %u proven\n",
        counts.checked, counts.stay, counts.moved, counts.released, counts.compared, counts.optimal,
        counts.proven);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(counts.moved > 100 && counts.released > 100);
    assert_use_was_paid(&counts);
}

/* ---- The same bytes. */

static void
compare_orders(GRand *rand, gpointer data)
{
    static const guint threads[] = {1, 2, 8};
    g_auto(World) world = make_world(rand, 2 + world_pick(rand, 12), 2 + world_pick(rand, 20));
    carenet_batch_options options = options_of(rand);
    g_autofree char *first = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        options.threads = threads[i];
        g_autoptr(carenet_plan) plan = batch(&world, &options);
        g_autofree char *text = cn_plan_write(plan);
        if (first == NULL)
            first = g_strdup(text);
        assert_string_equal(text, first);
        shuffle(rand, world.cases->cases);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(carenet_plan) again = cn_plan_parse(first, strlen(first), "p", &error);
    if (again == NULL)
        fail_msg("%s", error->message);
    assert_is_proved(&world, again);
    /* The prices of a former plan make it quicker, not worse; ties may fall otherwise. */
    options.former = again;
    g_autoptr(carenet_plan) warm = batch(&world, &options);
    assert_is_proved(&world, warm);
    assert_int_equal(cn_plan_value_compare(&warm->bound, &again->bound), 0);
    if (again->optimal)
        assert_int_equal(cn_plan_value_compare(&warm->bound, &again->objective), 0);
    (*(guint *)data)++;
}

static void
depends_on_nothing_else(void **state)
{
    guint worlds = 0;
    (void)state;
    world_rounds(200, compare_orders, &worlds);
    print_message("%u worlds, the same bytes with 1, 2 and 8 threads, in any order, from former "
                  "prices\n",
                  worlds);
}

/* ---- The smallest change. */

static gint
term_of(carenet_terms_kind kind, const char *id)
{
    const gint term = cn_term_find(reference->terms[kind], id);
    assert_true(term >= 0);
    return term;
}

static CnTermSet
terms_of(carenet_terms_kind kind, const char *ids)
{
    CnTermSet set = {{0, 0}};
    g_auto(GStrv) parts = g_strsplit(ids != NULL ? ids : "", ";", -1);
    for (guint i = 0; parts[i] != NULL; i++)
        if (*parts[i] != '\0')
            cn_term_set_add(&set, term_of(kind, parts[i]));
    return set;
}

/* From the words of a plan back to an edit, as whoever reads the plan would make it. */
static CnChange
read_change(const CnListing *listing, const CnPlanChange *words)
{
    static const struct {
        const char *kind;
        CnRule rule;
    } kinds[] = {{"take-more-siblings", CN_RULE_SIBLINGS_SIZE},
                 {"provide-access", CN_RULE_ACCESS},
                 {"reopen", CN_RULE_PAUSED},
                 {"confirm", CN_RULE_UNCONFIRMED},
                 {"renew-accreditation", CN_RULE_ACCREDITATION},
                 {"train", CN_RULE_CAPABILITY},
                 {"waive-documents", CN_RULE_DOCUMENTS},
                 {"serve-area", CN_RULE_NOT_SERVED},
                 {"open-intake", CN_RULE_INTAKE},
                 {"shorten-wait", CN_RULE_TOO_LATE},
                 {"report-places", CN_RULE_UNKNOWN_CAPACITY},
                 {"add-places", CN_RULE_FULL}};
    const gint offering = cn_listing_offering(listing, words->offering);
    assert_true(offering >= 0);
    const CnLiveCapacity *capacity = &listing->capacity[offering];
    CnChange change = {.offering = (guint)offering, .day = cn_date_of(WORLD_NOW_S)};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, words->kind) == 0)
            change.mends = kinds[i].rule;
    change.number = words->to != NULL ? g_ascii_strtoll(words->to, NULL, 10) : 0;
    if (change.mends == CN_RULE_FULL && words->to[0] != '+')
        change.number -= MAX(capacity->total, capacity->occupied + capacity->held);
    if (change.mends == CN_RULE_UNKNOWN_CAPACITY &&
        !cn_listed_provider_of(listing, (guint)offering)->restricted)
        change.number -= capacity->occupied + capacity->held;
    if (change.mends == CN_RULE_CAPABILITY)
        change.term = term_of(CARENET_TERMS_COURSES, words->to);
    if (change.mends == CN_RULE_ACCESS)
        change.terms = terms_of(CARENET_TERMS_ACCESS, words->to);
    if (change.mends == CN_RULE_DOCUMENTS)
        change.terms = cn_term_set_minus(terms_of(CARENET_TERMS_DOCUMENTS, words->from),
                                         terms_of(CARENET_TERMS_DOCUMENTS, words->to));
    if (change.mends == CN_RULE_NOT_SERVED)
        change.area = cn_area_by_code(reference->gazetteer, strrchr(words->to, ';') != NULL
                                                                ? strrchr(words->to, ';') + 1
                                                                : words->to);
    return change;
}

static void
apply_changes(GRand *rand, gpointer data)
{
    Counts *counts = data;
    g_auto(World) world = make_world(rand, 1 + world_pick(rand, 6), 1 + world_pick(rand, 12));
    const carenet_batch_options options = options_of(rand);
    g_autoptr(carenet_plan) plan = batch(&world, &options);
    for (guint i = 0; i < plan->unmet->len; i++) {
        const CnPlanUnmet *unmet = cn_plan_unmet_at(plan, i);
        g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(CnChange));
        for (guint k = 0; k < unmet->changes_len; k++) {
            const CnChange change = read_change(world.directory->listing,
                                                cn_plan_change_at(plan, unmet->changes_first + k));
            g_array_append_val(changes, change);
        }
        counts->unmet++;
        if (changes->len == 0)
            continue;
        World changed = world;
        changed.directory = cn_directory_with(
            world.directory, (const CnChange *)(gconstpointer)changes->data, changes->len);
        g_autoptr(carenet_plan) then = batch(&changed, &options);
        if (cn_plan_assignment(then, unmet->ref, unmet->need) == NULL) {
            const CnPlanUnmet *still = cn_plan_unmet(then, unmet->ref, unmet->need);
            fail_msg("%s/%u, %s (%s): not placed by %s %s to %s; then %s (%s)", unmet->ref,
                     unmet->need, unmet->reason, unmet->detail,
                     cn_plan_change_at(plan, unmet->changes_first)->offering,
                     cn_plan_change_at(plan, unmet->changes_first)->kind,
                     cn_plan_change_at(plan, unmet->changes_first)->to, still->reason,
                     still->detail);
        }
        counts->changed++;
        carenet_directory_unref(changed.directory);
    }
}

static void
the_smallest_change_places_it(void **state)
{
    Counts counts = {0};
    (void)state;
    world_rounds(400, apply_changes, &counts);
    print_message("%u unmet needs; for %u of them edits were named, and each placed its need\n",
                  counts.unmet, counts.changed);
}

/* ---- Pins, stopping, and what is asked wrongly. */

static void
keep_pins(GRand *rand, gpointer data)
{
    g_auto(World) world = make_world(rand, 2 + world_pick(rand, 5), 1 + world_pick(rand, 6));
    carenet_batch_options options = options_of(rand);
    g_autoptr(carenet_plan) free_plan = batch(&world, &options);
    if (free_plan->assignments->len == 0)
        return;
    const CnPlanned *chosen =
        cn_plan_assignment_at(free_plan, world_pick(rand, free_plan->assignments->len));
    const carenet_pin pin = {chosen->ref, chosen->need, chosen->offering};
    options.pins = &pin;
    options.pins_len = 1;
    g_autoptr(carenet_plan) plan = batch(&world, &options);
    assert_is_proved(&world, plan);
    const CnPlanned *pinned = cn_plan_assignment(plan, pin.ref, (guint)pin.need);
    assert_non_null(pinned);
    assert_string_equal(pinned->offering, pin.offering);
    assert_true(pinned->pinned);
    assert_effects(&world, &options, plan);
    assert_true(cn_plan_value_compare(&free_plan->bound, &plan->objective) <= 0);
    (*(guint *)data)++;
}

static void
pins_hold(void **state)
{
    guint kept = 0;
    (void)state;
    world_rounds(300, keep_pins, &kept);
    print_message("%u pins held\n", kept);
}

static bool
stop_at_once(const carenet_progress *progress, void *user)
{
    (void)progress;
    (*(guint *)user)++;
    return false;
}

static void
asks_wrongly(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_auto(World) world = make_world(rand, 4, 4);
    g_autoptr(GError) error = NULL;
    carenet_batch_options options;
    CnPlan *plan = NULL;
    guint calls = 0;
    (void)state;
    carenet_batch_options_init(NULL);
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    assert_false(carenet_batch(NULL, world.policy, world.cases, &options, &plan, NULL));
    assert_false(carenet_batch(world.directory, NULL, world.cases, &options, &plan, NULL));
    assert_false(carenet_batch(world.directory, world.policy, NULL, &options, &plan, NULL));
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, NULL, NULL));
    options.threads = 0;
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    options.threads = 1;
    options.time_limit_s = -1;
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    options.time_limit_s = 0;
    options.size = 1;
    assert_false(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    carenet_batch_options_init(&options);
    const carenet_pin nobody = {"nobody", 1, "nothing"};
    options.pins = &nobody;
    options.pins_len = 1;
    assert_false(
        carenet_batch(world.directory, world.policy, world.cases, &options, &plan, &error));
    assert_int_equal(carenet_error_get_code(error), CARENET_ERROR_NOT_FOUND);
    assert_null(plan);
    options.pins_len = 0;
    options.progress = stop_at_once;
    options.progress_user = &calls;
    assert_true(carenet_batch(world.directory, world.policy, world.cases, &options, &plan, NULL));
    carenet_plan_unref(plan);
}

static void
stops_when_asked(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_auto(World) world = make_world(rand, 6, 12);
    carenet_batch_options options;
    carenet_cancel *cancel = carenet_cancel_new();
    (void)state;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.cancel = cancel;
    assert_false(carenet_cancel_is_requested(cancel));
    carenet_cancel_request(cancel);
    assert_true(carenet_cancel_is_requested(cancel));
    g_autoptr(carenet_plan) plan = batch(&world, &options);
    assert_true(plan->optimal || plan->stopped_by == CN_PLAN_STOPPED_USER);
    assert_is_proved(&world, plan);
    carenet_cancel_free(cancel);
    carenet_cancel_request(NULL);
    assert_false(carenet_cancel_is_requested(NULL));
}

static void
nobody_at_all(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_auto(World) world = make_world(rand, 3, 3);
    g_autoptr(carenet_cases) empty = carenet_cases_new(reference);
    carenet_batch_options options;
    CnPlan *plan = NULL;
    (void)state;
    carenet_batch_options_init(&options);
    assert_true(carenet_batch(world.directory, world.policy, empty, &options, &plan, NULL));
    assert_int_equal(carenet_plan_assignments_len(plan), 0);
    assert_int_equal(carenet_plan_get_status(plan), CARENET_PLAN_OPTIMAL);
    carenet_plan_unref(plan);
}

/* ---- All of it once more where use costs something. */

static void
is_as_good_where_use_costs(void **state)
{
    use_costs = TRUE;
    is_as_good_as_any_plan(state);
}

static void
keeps_places_where_use_costs(void **state)
{
    use_costs = TRUE;
    keeps_places(state);
}

static void
depends_on_nothing_else_where_use_costs(void **state)
{
    use_costs = TRUE;
    depends_on_nothing_else(state);
}

static void
the_smallest_change_places_it_where_use_costs(void **state)
{
    use_costs = TRUE;
    the_smallest_change_places_it(state);
}

static void
pins_hold_where_use_costs(void **state)
{
    use_costs = TRUE;
    pins_hold(state);
}

static int
close_world(void **state)
{
    use_costs = FALSE;
    return world_print_seed(state);
}

static int
open_reference(void **state)
{
    g_autoptr(GError) error = NULL;
    (void)state;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    assert_null(error);
    return 0;
}

static int
close_reference(void **state)
{
    (void)state;
    carenet_reference_unref(reference);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(is_as_good_as_any_plan, world_print_seed),
        cmocka_unit_test_teardown(keeps_places, world_print_seed),
        cmocka_unit_test_teardown(depends_on_nothing_else, world_print_seed),
        cmocka_unit_test_teardown(the_smallest_change_places_it, world_print_seed),
        cmocka_unit_test_teardown(pins_hold, world_print_seed),
        cmocka_unit_test_teardown(is_as_good_where_use_costs, close_world),
        cmocka_unit_test_teardown(keeps_places_where_use_costs, close_world),
        cmocka_unit_test_teardown(depends_on_nothing_else_where_use_costs, close_world),
        cmocka_unit_test_teardown(the_smallest_change_places_it_where_use_costs, close_world),
        cmocka_unit_test_teardown(pins_hold_where_use_costs, close_world),
        cmocka_unit_test(asks_wrongly),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(nobody_at_all),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
