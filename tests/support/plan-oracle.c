/* See plan-oracle.h. */
#include "plan-oracle.h"

#include "route-oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define PLANS_MOST 60000.0 /* of one world */

typedef PlanOracleItem Item;

static CnReference *
reference_of(const PlanOracle *brute)
{
    return brute->world->policy->reference;
}

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
ask_oracle(PlanOracle *brute, const carenet_batch_options *options, guint person)
{
    const gint full = full_reason();
    g_autoptr(GPtrArray) alone = g_ptr_array_new();
    CnCase copy = *(const CnCase *)g_ptr_array_index(brute->world->cases->cases, person);
    copy.siblings_group = NULL;
    copy.siblings = CN_SIBLINGS_NONE;
    g_ptr_array_add(alone, &copy);
    const OracleWorld asked = {.network = brute->world->network,
                               .reference = reference_of(brute),
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
        item.counted =
            cn_service(reference_of(brute)->taxonomy, item.of->service)->unit != CN_UNIT_NONE;
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
    return batch_world_siblings(a, b) &&
           (a->siblings == CN_SIBLINGS_APART || b->siblings == CN_SIBLINGS_APART);
}

/* Whether two who may go along are bound: one of all of them with that need says so. */
static gboolean
are_bound(const PlanOracle *brute, const Item *a, const Item *b)
{
    if (!a->counted || !batch_world_siblings(a->c, b->c) || a->of->service != b->of->service ||
        a->c->siblings == CN_SIBLINGS_APART || b->c->siblings == CN_SIBLINGS_APART)
        return FALSE;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *other = &g_array_index(brute->items, Item, i);
        if (other->of->service == a->of->service &&
            (other->c == a->c || batch_world_siblings(other->c, a->c)) &&
            other->c->siblings == CN_SIBLINGS_REQUIRE)
            return TRUE;
    }
    return FALSE;
}

static const char *
provider_at(const PlanOracle *brute, gint offering)
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
cost_of_providers(const PlanOracle *brute, guint item)
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

/* Whether somebody, or a sibling who must stay with them, is known to a provider. */
static gboolean
is_known(const PlanOracle *brute, const CnCase *person, const char *provider)
{
    const GPtrArray *cases = brute->world->cases->cases;
    gboolean required = person->siblings == CN_SIBLINGS_REQUIRE, sibling_known = FALSE;
    for (guint i = 0; i < cases->len; i++) {
        const CnCase *other = g_ptr_array_index(cases, i);
        if (!batch_world_siblings(person, other))
            continue;
        required = required || other->siblings == CN_SIBLINGS_REQUIRE;
        sibling_known =
            sibling_known || (!are_apart(person, other) && names(other->known_to, provider));
    }
    return names(person->known_to, provider) || (required && sibling_known);
}

static gboolean
keeps_company(const PlanOracle *brute)
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
                is_known(brute, other, provider_at(brute, brute->at[i])))
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
cost_of_parting(const PlanOracle *brute, guint item)
{
    const CnListing *listing = brute->world->directory->listing;
    const Item *a = &g_array_index(brute->items, Item, item);
    gboolean prefer = a->c->siblings == CN_SIBLINGS_PREFER, parted = FALSE;
    gint persons = 1;
    if (brute->at[item] < 0 || !a->counted || a->c->siblings == CN_SIBLINGS_APART)
        return 0;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *b = &g_array_index(brute->items, Item, i);
        if (!batch_world_siblings(a->c, b->c) || b->of->service != a->of->service ||
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
cost_of_use(const PlanOracle *brute)
{
    const BatchWorld *world = brute->world;
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
moves_of(const PlanOracle *brute)
{
    gint64 moves = 0;
    for (guint i = 0; brute->kept_at != NULL && i < brute->items->len; i++)
        moves += brute->kept_at[i] >= 0 && brute->kept_at[i] != brute->at[i] ? 1 : 0;
    return moves;
}

static gboolean
keeps_quotas(const PlanOracle *brute)
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
try_items(PlanOracle *brute, guint item, CnPlanValue value)
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
count_plans(const PlanOracle *brute)
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
find_relations(PlanOracle *brute)
{
    brute->plain = TRUE;
    for (guint i = 0; i < brute->items->len; i++) {
        const Item *a = &g_array_index(brute->items, Item, i);
        brute->plain = brute->plain && a->of->units == 1 && a->c->bundle == CN_BUNDLE_NONE;
        for (guint k = 0; k < brute->items->len; k++) {
            const Item *b = &g_array_index(brute->items, Item, k);
            brute->plain =
                brute->plain && !are_apart(a->c, b->c) && !batch_world_siblings(a->c, b->c);
        }
        for (guint k = 0; k < brute->world->cases->cases->len; k++)
            brute->plain =
                brute->plain && !are_apart(a->c, g_ptr_array_index(brute->world->cases->cases, k));
    }
}

/* The places that the plan says could be kept. */
static void
take_kept(PlanOracle *brute, const CnPlan *plan)
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

gboolean
plan_oracle_solve(PlanOracle *brute,
                  const BatchWorld *world,
                  const carenet_batch_options *options,
                  const CnPlan *plan)
{
    const CnListing *listing = world->directory->listing;
    *brute = (PlanOracle){.world = world, .items = g_array_new(FALSE, FALSE, sizeof(Item))};
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
                cn_service(reference_of(brute)->taxonomy, listing->offerings[i].service)->unit);
            brute->left[i] = free < 0 ? G_MAXINT64 : free;
        }
        find_relations(brute);
        try_items(brute, 0, nothing);
    }
    return small;
}

void
plan_oracle_clear(PlanOracle *brute)
{
    g_array_unref(brute->items);
    g_free(brute->at);
    g_free(brute->left);
    g_free(brute->kept_at);
}
