/* See batch-world.h. */
#include "batch-world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void
batch_world_clear(BatchWorld *world)
{
    carenet_cases_unref(world->cases);
    carenet_policy_unref(world->policy);
    carenet_directory_unref(world->directory);
    cn_network_free(world->network);
}

/* Providers who take nearly anybody and have few places, so that people compete for them. */
static void
let_compete(GRand *rand, BatchWorld *world)
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
                cn_service_by_id(world->policy->reference->taxonomy, services[world_pick(rand, 2)]);
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
            need->service =
                cn_service_by_id(world->policy->reference->taxonomy, services[(i + k) % 2]);
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

gboolean
batch_world_siblings(const CnCase *a, const CnCase *b)
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
                    (c == other || batch_world_siblings(c, other)))
                    g_ptr_array_remove_index(c->keep_apart, at);
        }
    }
}

/* Some would have one provider for all of their needs, or for two of them. */
static void
bundle_needs(GRand *rand, BatchWorld *world)
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

BatchWorld
batch_world_make(GRand *rand,
                 CnReference *reference,
                 gboolean use_costs,
                 guint providers,
                 guint cases)
{
    BatchWorld world = {.network = world_network(rand, reference, providers)};
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

carenet_batch_options
batch_world_options(GRand *rand)
{
    carenet_batch_options options;
    carenet_batch_options_init(&options);
    options.now_s = WORLD_NOW_S;
    options.include_unconfirmed = world_chance(rand, 50);
    options.include_unknown_capacity = world_chance(rand, 30);
    return options;
}

CnPlan *
batch_world_plan(const BatchWorld *world, const carenet_batch_options *options)
{
    g_autoptr(GError) error = NULL;
    CnPlan *plan = NULL;
    if (!carenet_batch(world->directory, world->policy, world->cases, options, &plan, &error))
        fail_msg("%s", error->message);
    return plan;
}

void
batch_world_assert_proved(const BatchWorld *world, const CnPlan *plan, const CnPlan *keep)
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
