/* Placing a list with siblings, co-victims and needs of several units, compared with the best of all
 * placements on tiny random networks: no rule is broken, nobody is parted, and the bound never says
 * more than is true. On larger lists the bound is what the checker works out, and the plan is near it. */
#include "../bench/batch-instance.h"
#include "../support/random-world.h"

#include "routing/parties.h"
#include "routing/plan-proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS        WORLD_ROUNDS(1500)
#define LONGER_ROUNDS 100
#define LEAVES_MOST   200000
#define ALL_BUT_FULL  (CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL))

static CnReference *reference;

typedef struct {
    guint compared, with_parties, best, worse, proven;
    guint with_flocks, flocks_best, flocks_proven;
    guint strict, strict_better, stopped, stopped_best;
    gboolean bundled; /* some ask for one provider for all of their needs */
    gboolean crowded; /* all need one service, most of them several units */
    guint lacking;    /* of these those who have not got all after a stop */
    gboolean fair;    /* use of offerings costs something */
    guint used;       /* placements in which somebody pays for it */
} Seen;

/* Every placement of a list, one need after the other. */
typedef struct {
    const CnMarket *market;
    const CnPlanNeeds *needs;
    GArray **choices; /* by need: (element-type gint) offerings that its own facts allow, and -1 */
    gint *at;
    gint64 *left;
    CnLevels best;
    gboolean found;
} Brute;

static CnQuestion
question_of(const CnPlanNeeds *needs, guint need, CnOrigin *origin)
{
    cn_plan_need_origin(needs, need, origin);
    return cn_plan_need_question(needs, need, origin);
}

static gint64
cost_of(const CnPlanNeeds *needs, guint need, guint offering)
{
    CnOrigin origin;
    CnCandidate candidate;
    gint64 lines[CN_COSTS_LEN];
    const CnQuestion question = question_of(needs, need, &origin);
    cn_candidate_init(&candidate, &question, offering);
    return cn_cost_lines(&question, &candidate, TRUE, lines);
}

/* What a need pays because siblings who would like to stay with it are elsewhere, or too many there. */
static gint64
cost_of_parting(const CnPlanNeeds *needs, guint need, const gint *at)
{
    const CnCase *person = cn_plan_person(needs, need);
    const CnNeed *wanted = cn_plan_need_of(needs, need);
    const CnListing *listing = needs->asked.directory->listing;
    const gint32 most = listing->offerings[at[need]].eligibility.siblings_up_to;
    gboolean prefer = person->siblings == CN_SIBLINGS_PREFER, parted = FALSE;
    gint32 persons = 1;
    if (person->siblings_group == NULL || person->siblings == CN_SIBLINGS_APART ||
        person->siblings == CN_SIBLINGS_REQUIRE ||
        cn_case_need(person, wanted->service) != wanted ||
        cn_service(reference->taxonomy, wanted->service)->unit == CN_UNIT_NONE)
        return 0;
    for (guint i = 0; i < needs->needs->len; i++) {
        const CnCase *other = cn_plan_person(needs, i);
        if (other == person || g_strcmp0(other->siblings_group, person->siblings_group) != 0 ||
            other->siblings == CN_SIBLINGS_APART ||
            cn_case_need(other, wanted->service) != cn_plan_need_of(needs, i))
            continue;
        if (other->siblings == CN_SIBLINGS_REQUIRE)
            return 0;
        prefer = prefer || other->siblings == CN_SIBLINGS_PREFER;
        parted = parted || at[i] != at[need];
        persons++;
    }
    parted = parted || (most >= 0 && most < persons);
    return prefer && persons > 1 && parted ? needs->asked.policy->siblings_apart : 0;
}

/* Whether the rules let a need be where it is, the others being where they are. */
static gboolean
is_allowed(const CnPlanNeeds *needs, guint need, const gint *at)
{
    CnOrigin origin;
    CnCompanions companions;
    CnCandidate candidate;
    CnQuestion question = question_of(needs, need, &origin);
    const CnServiceId service = cn_plan_need_of(needs, need)->service;
    gboolean allowed = TRUE;
    cn_plan_companions_find(needs, need, at, &companions);
    question.companions = &companions;
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other =
            cn_plan_need_of_sibling(needs, g_ptr_array_index(companions.together, i), service);
        allowed = allowed && (other < 0 || at[other] == at[need]);
    }
    if (allowed && at[need] >= 0) {
        cn_candidate_init(&candidate, &question, (guint)at[need]);
        allowed = cn_rules_first_broken(&question, &candidate, ALL_BUT_FULL) == CN_RULE_NONE;
    }
    cn_plan_companions_clear(&companions);
    return allowed;
}

static gboolean
are_allowed(const CnPlanNeeds *needs, const gint *at)
{
    for (guint need = 0; need < needs->needs->len; need++)
        if (!is_allowed(needs, need, at))
            return FALSE;
    return TRUE;
}

static gboolean
keeps_quotas(const CnPlanNeeds *needs, const gint *at)
{
    const CnListing *listing = needs->asked.directory->listing;
    const CnPolicy *policy = needs->asked.policy;
    for (guint i = 0; i < policy->quotas->len; i++) {
        const CnQuota *quota = &g_array_index(policy->quotas, CnQuota, i);
        gint64 used = 0;
        for (guint need = 0; need < needs->needs->len; need++) {
            if (at[need] < 0)
                continue;
            const CnListedProvider *provider = cn_listed_provider_of(listing, (guint)at[need]);
            const char *offering = cn_listed_text(listing, listing->offerings[at[need]].id);
            const gboolean counts =
                quota->kind == CN_QUOTA_OFFERING ? strcmp(offering, quota->id) == 0
                : quota->kind == CN_QUOTA_PROVIDER
                    ? strcmp(cn_listed_text(listing, provider->id), quota->id) == 0
                    : cn_area_contains(reference->gazetteer, quota->area, provider->area);
            used += counts ? cn_plan_need_of(needs, need)->units : 0;
        }
        if (used > quota->places)
            return FALSE;
    }
    return TRUE;
}

static gint64
cost_of_use(const CnPlanNeeds *needs, const gint *at)
{
    const CnListing *listing = needs->asked.directory->listing;
    gint64 cost = 0;
    for (guint i = 0; needs->asked.policy->fairness->len > 0 && i < listing->offerings_len; i++) {
        gint64 places = 0;
        for (guint need = 0; need < needs->needs->len; need++)
            places += at[need] == (gint)i ? cn_plan_need_of(needs, need)->units : 0;
        cost += world_use(needs->asked.policy, listing, i, places);
    }
    return cost;
}

static CnLevels
value_of(const CnPlanNeeds *needs, const gint *at)
{
    CnLevels levels = {{0}, cost_of_use(needs, at)};
    for (guint need = 0; need < needs->needs->len; need++)
        if (at[need] >= 0)
            levels.cost += cost_of(needs, need, (guint)at[need]) + cost_of_parting(needs, need, at);
        else
            levels.unmet[cn_plan_need_of(needs, need)->urgency] +=
                cn_plan_need_of(needs, need)->units;
    return levels;
}

static void
try_all(Brute *brute, guint need)
{
    if (need == brute->needs->needs->len) {
        const CnLevels levels = value_of(brute->needs, brute->at);
        if ((!brute->found || cn_levels_compare(&levels, &brute->best) < 0) &&
            keeps_quotas(brute->needs, brute->at) && are_allowed(brute->needs, brute->at)) {
            brute->best = levels;
            brute->found = TRUE;
        }
        return;
    }
    const gint32 units = cn_plan_need_of(brute->needs, need)->units;
    for (guint i = 0; i < brute->choices[need]->len; i++) {
        const gint offering = g_array_index(brute->choices[need], gint, i);
        if (offering >= 0 && brute->left[offering] < units)
            continue;
        if (offering >= 0)
            brute->left[offering] -= units;
        brute->at[need] = offering;
        try_all(brute, need + 1);
        if (offering >= 0)
            brute->left[offering] += units;
    }
}

static GArray *
choices_of(const CnPlanNeeds *needs, guint need)
{
    GArray *choices = g_array_new(FALSE, FALSE, sizeof(gint));
    CnOrigin origin;
    const CnQuestion question = question_of(needs, need, &origin);
    for (gint offering = -1; offering < (gint)question.listing->offerings_len; offering++) {
        CnCandidate candidate;
        if (offering >= 0) {
            cn_candidate_init(&candidate, &question, (guint)offering);
            if (cn_rules_first_broken(&question, &candidate, ALL_BUT_FULL) != CN_RULE_NONE)
                continue;
        }
        g_array_append_val(choices, offering);
    }
    return choices;
}

/* FALSE where there are too many placements to try. */
static gboolean
brute_force(const CnMarket *market, const CnPlanNeeds *needs, CnLevels *out)
{
    const guint len = needs->needs->len;
    const gsize offerings = needs->asked.directory->listing->offerings_len;
    Brute brute = {.market = market,
                   .needs = needs,
                   .choices = g_new0(GArray *, len + 1),
                   .at = g_new0(gint, len + 1),
                   .left = g_new0(gint64, offerings + 1)};
    double leaves = 1;
    for (guint i = 0; i < len; i++) {
        brute.choices[i] = choices_of(needs, i);
        leaves *= brute.choices[i]->len;
    }
    for (guint i = 0; i < offerings; i++) {
        const gint64 places = cn_market_places(market, i);
        brute.left[i] = places < 0 ? G_MAXINT32 : places;
    }
    if (leaves <= LEAVES_MOST)
        try_all(&brute, 0);
    for (guint i = 0; i < len; i++)
        g_array_unref(brute.choices[i]);
    g_free(brute.choices);
    g_free(brute.at);
    g_free(brute.left);
    *out = brute.best;
    return leaves <= LEAVES_MOST;
}

static void
assert_sound(const CnMarket *market, const CnPlanNeeds *needs, const CnPlacement *placement)
{
    const gsize offerings = needs->asked.directory->listing->offerings_len;
    g_autofree gint64 *used = g_new0(gint64, offerings + 1);
    for (guint i = 0; i < needs->needs->len; i++)
        if (placement->offering_of[i] >= 0)
            used[placement->offering_of[i]] += cn_plan_need_of(needs, i)->units;
    for (guint i = 0; i < offerings; i++)
        assert_true(cn_market_places(market, i) < 0 || used[i] <= cn_market_places(market, i));
    assert_true(are_allowed(needs, placement->offering_of));
    assert_true(keeps_quotas(needs, placement->offering_of));
    const CnLevels levels = value_of(needs, placement->offering_of);
    assert_int_equal(cn_levels_compare(&levels, &placement->primal), 0);
    assert_true(cn_levels_compare(&placement->bound, &placement->primal) <= 0);
}

static void
compare_with_all(const CnMarket *market,
                 const CnPlanNeeds *needs,
                 const CnPlacement *placement,
                 Seen *seen)
{
    CnLevels best;
    if (!brute_force(market, needs, &best))
        return;
    const gint order = cn_levels_compare(&best, &placement->primal);
    assert_true(order <= 0);
    assert_true(cn_levels_compare(&placement->bound, &best) <= 0);
    seen->compared++;
    seen->with_parties += placement->parties > 0;
    seen->best += order == 0;
    seen->worse += order < 0;
    seen->proven += cn_levels_compare(&placement->bound, &placement->primal) == 0;
    if (placement->parties == 0)
        assert_int_equal(cn_levels_compare(&best, &placement->bound), 0);
    if (placement->flocks > 0) {
        seen->with_flocks++;
        seen->flocks_best += order == 0;
        seen->flocks_proven += cn_levels_compare(&placement->bound, &placement->primal) == 0;
    }
}

/* Siblings who must stay together and be kept apart: the check of a list refuses them. */
static gboolean
is_sound_list(const carenet_cases *cases)
{
    g_autoptr(CnIssueList) issues = cn_issue_list_new();
    cn_cases_check(cases->cases, issues);
    return cn_issue_list_errors(issues) == 0;
}

/* The same list from its end, placed in two threads, gives everybody the same place. */
static void
assert_order_is_nothing(const CnPlanNeeds *needs, const CnPlacement *placement)
{
    g_autoptr(carenet_cases) turned = carenet_cases_new(reference);
    const GPtrArray *cases = needs->asked.cases->cases;
    g_ptr_array_set_free_func(turned->cases, NULL);
    for (guint i = cases->len; i > 0; i--)
        g_ptr_array_add(turned->cases, g_ptr_array_index(cases, i - 1));
    CnPlanQuestion asked = needs->asked;
    asked.cases = turned;
    CnMarketOptions market_options;
    CnAssignOptions options;
    cn_market_options_init(&market_options);
    cn_assign_options_init(&options);
    market_options.now_s = market_options.at_s = WORLD_NOW_S;
    options.threads = 2;
    g_autoptr(CnPlanNeeds) other = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market =
        cn_market_new(asked.directory, asked.policy, turned, &market_options, NULL);
    g_auto(CnPlacement) again = {NULL};
    assert_true(cn_parties_place(market, other, &options, &again, NULL));
    for (guint i = 0; i < needs->needs->len; i++) {
        const gint same = cn_plan_needs_find(other, cn_plan_person(needs, i)->ref,
                                             cn_plan_need(needs, i)->need + 1);
        assert_int_equal(placement->offering_of[i], again.offering_of[same]);
    }
}

/* ---- Siblings who would like to stay together do no worse than if they had to. */

static void
assert_no_worse_than_strictly(const CnPlanNeeds *needs, const CnPlacement *placement, Seen *seen)
{
    g_autoptr(carenet_cases) strict = carenet_cases_new(reference);
    const GPtrArray *cases = needs->asked.cases->cases;
    g_autofree CnSiblings *keep = g_new(CnSiblings, cases->len + 1);
    CnPlanQuestion asked = needs->asked;
    CnMarketOptions market_options;
    CnAssignOptions options;
    guint wishes = 0;
    asked.cases = strict;
    cn_market_options_init(&market_options);
    cn_assign_options_init(&options);
    market_options.now_s = market_options.at_s = WORLD_NOW_S;
    g_ptr_array_set_free_func(strict->cases, NULL);
    for (guint i = 0; i < cases->len; i++) {
        CnCase *person = g_ptr_array_index(cases, i);
        keep[i] = person->siblings;
        wishes += person->siblings == CN_SIBLINGS_PREFER;
        if (person->siblings == CN_SIBLINGS_PREFER)
            person->siblings = CN_SIBLINGS_REQUIRE;
        g_ptr_array_add(strict->cases, person);
    }
    g_autoptr(CnPlanNeeds) other = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market =
        cn_market_new(asked.directory, asked.policy, strict, &market_options, NULL);
    g_auto(CnPlacement) found = {NULL};
    const gboolean can = wishes > 0 && market != NULL && is_sound_list(strict) &&
                         cn_parties_place(market, other, &options, &found, NULL);
    for (guint i = 0; i < cases->len; i++)
        ((CnCase *)g_ptr_array_index(cases, i))->siblings = keep[i];
    if (!can)
        return;
    const CnLevels levels = value_of(needs, found.offering_of);
    assert_true(cn_levels_compare(&placement->primal, &levels) <= 0);
    seen->strict++;
    seen->strict_better += cn_levels_compare(&placement->primal, &levels) < 0;
}

/* ---- Whoever fits is placed, and so after a stop. */

static gboolean
has_room(const CnMarket *market, const CnPlanNeeds *needs, const gint *at)
{
    const guint offerings = (guint)needs->asked.directory->listing->offerings_len;
    g_autofree gint64 *used = g_new0(gint64, offerings + 1);
    gboolean room = TRUE;
    for (guint i = 0; i < needs->needs->len; i++)
        if (at[i] >= 0)
            used[at[i]] += cn_plan_need_of(needs, i)->units;
    for (guint i = 0; i < offerings; i++)
        room = room && (cn_market_places(market, i) < 0 || used[i] <= cn_market_places(market, i));
    return room;
}

/* Puts a need, and the siblings with whom it must stay, to an offering. */
static void
put(const CnPlanNeeds *needs, guint need, gint offering, gint *at)
{
    CnCompanions companions;
    cn_plan_companions_find(needs, need, at, &companions);
    at[need] = offering;
    for (guint i = 0; i < companions.together->len; i++) {
        const gint other = cn_plan_need_of_sibling(needs, g_ptr_array_index(companions.together, i),
                                                   cn_plan_need_of(needs, need)->service);
        if (other >= 0)
            at[other] = offering;
    }
    cn_plan_companions_clear(&companions);
}

/* Nobody could be put anywhere besides, all the others staying where they are. */
static void
assert_nobody_fits(const CnMarket *market, const CnPlanNeeds *needs, const gint *offering_of)
{
    const gsize bytes = sizeof(gint) * (needs->needs->len + 1);
    g_autofree gint *at = g_malloc0(bytes);
    for (guint need = 0; need < needs->needs->len; need++) {
        g_autoptr(GArray) choices = choices_of(needs, need);
        for (guint i = 0; offering_of[need] < 0 && i < choices->len; i++) {
            const gint offering = g_array_index(choices, gint, i);
            if (offering < 0)
                continue;
            memcpy(at, offering_of, bytes - sizeof(gint));
            put(needs, need, offering, at);
            assert_false(has_room(market, needs, at) && keeps_quotas(needs, at) &&
                         are_allowed(needs, at));
        }
    }
}

static CnLevels
unmet_of(const CnPlanNeeds *needs, const gint *at)
{
    CnLevels levels = {{0}, 0};
    for (guint need = 0; need < needs->needs->len; need++)
        if (at[need] < 0)
            levels.unmet[cn_plan_need_of(needs, need)->urgency] +=
                cn_plan_need_of(needs, need)->units;
    return levels;
}

/* Puts a need to the cheapest offering of a provider that takes it, all others staying where they are. */
static void
put_at_provider(const CnMarket *market,
                const CnPlanNeeds *needs,
                guint need,
                guint provider,
                gint *at)
{
    const CnListing *listing = needs->asked.directory->listing;
    g_autoptr(GArray) choices = choices_of(needs, need);
    gint64 least = G_MAXINT64;
    gint best = -1;
    for (guint i = 0; i < choices->len; i++) {
        const gint offering = g_array_index(choices, gint, i);
        if (offering < 0 || (guint)listing->offerings[offering].provider != provider)
            continue;
        at[need] = offering;
        const CnLevels levels = value_of(needs, at);
        if (levels.cost < least && has_room(market, needs, at) && keeps_quotas(needs, at) &&
            are_allowed(needs, at)) {
            least = levels.cost;
            best = offering;
        }
    }
    at[need] = best;
}

/* A bundle that must have one provider has as much as any provider could take of it, everybody else staying where they are.
 * How many have not got all. */
static guint
assert_no_bundle_gets_more(const CnMarket *market,
                           const CnPlanNeeds *needs,
                           const gint *offering_of)
{
    const gsize bytes = sizeof(gint) * needs->needs->len;
    g_autofree gint *at = g_malloc0(bytes + sizeof(gint));
    const CnLevels now = unmet_of(needs, offering_of);
    guint lacking = 0;
    for (guint person = 0; person < needs->asked.cases->cases->len; person++) {
        const CnCase *c = g_ptr_array_index(needs->asked.cases->cases, person);
        const guint first = needs->first_need[person], end = needs->first_need[person + 1];
        gboolean lacks = FALSE;
        for (guint need = first; need < end; need++)
            lacks = lacks || (offering_of[need] < 0 && cn_plan_need_is_bundled(needs, need));
        lacking += lacks ? 1 : 0;
        for (guint provider = 0; lacks && c->siblings_group == NULL &&
                                 provider < needs->asked.directory->listing->providers_len;
             provider++) {
            memcpy(at, offering_of, bytes);
            for (guint need = first; need < end; need++)
                at[need] = cn_plan_need_is_bundled(needs, need) ? -1 : at[need];
            for (guint need = first; need < end; need++)
                if (cn_plan_need_is_bundled(needs, need))
                    put_at_provider(market, needs, need, provider, at);
            const CnLevels then = unmet_of(needs, at);
            assert_true(cn_levels_compare(&then, &now) >= 0);
        }
    }
    return lacking;
}

static void
stop_and_compare(const CnMarket *market,
                 const CnPlanNeeds *needs,
                 const CnPlacement *whole,
                 Seen *seen)
{
    CnAssignOptions options;
    CnLevels best;
    cn_assign_options_init(&options);
    options.work_limit = 1;
    for (guint round = 0; round < 2; round++, options.work_limit = 1 + whole->work / 2) {
        g_auto(CnPlacement) cut = {NULL};
        assert_true(cn_parties_place(market, needs, &options, &cut, NULL));
        assert_sound(market, needs, &cut);
        if (brute_force(market, needs, &best)) {
            assert_true(cn_levels_compare(&cut.bound, &best) <= 0);
            seen->stopped_best += cn_levels_compare(&cut.primal, &best) == 0;
        }
        assert_nobody_fits(market, needs, cut.offering_of);
        seen->lacking += assert_no_bundle_gets_more(market, needs, cut.offering_of);
        seen->stopped += cut.stopped_by == CN_STOPPED_WORK;
    }
}

static void
bundle_needs(GRand *rand, const carenet_cases *cases)
{
    for (guint i = 0; i < cases->cases->len; i++) {
        CnCase *c = g_ptr_array_index(cases->cases, i);
        if (c->needs->len > 1 && world_chance(rand, 70))
            c->bundle = CN_BUNDLE_REQUIRE;
    }
}

/* Of the first offering's service. */
static void
crowd(GRand *rand, const carenet_cases *cases, const CnNetwork *network)
{
    const CnProvider *provider = g_ptr_array_index(network->providers, 0);
    const CnServiceId service = g_array_index(provider->offerings, CnOffering, 0).service;
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnCase *c = g_ptr_array_index(cases->cases, i);
        CnNeed *need = &g_array_index(c->needs, CnNeed, 0);
        g_array_set_size(c->needs, 1);
        need->service = service;
        need->units = 1 + (gint32)world_pick(rand, 3);
    }
}

static void
place_list(GRand *rand, guint providers, guint persons, Seen *seen)
{
    g_autoptr(CnNetwork) network = world_network(rand, reference, providers);
    g_autoptr(carenet_directory) directory = cn_directory_new(network, reference, 0);
    g_autoptr(carenet_policy) policy = world_policy(rand, reference);
    g_autoptr(carenet_cases) cases = world_cases(rand, reference, network, persons);
    if (world_chance(rand, 30))
        world_quotas(rand, policy, network);
    if (seen->fair)
        world_fairness(rand, policy);
    if (seen->bundled)
        bundle_needs(rand, cases);
    if (seen->crowded && ((CnProvider *)network->providers->pdata[0])->offerings->len > 0)
        crowd(rand, cases, network);
    if (!is_sound_list(cases))
        return;
    CnMarketOptions market_options;
    CnAssignOptions options;
    cn_market_options_init(&market_options);
    cn_assign_options_init(&options);
    market_options.now_s = market_options.at_s = WORLD_NOW_S;
    const CnPlanQuestion asked = {.directory = directory,
                                  .policy = policy,
                                  .cases = cases,
                                  .now_s = WORLD_NOW_S,
                                  .at_s = WORLD_NOW_S};
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market = cn_market_new(directory, policy, cases, &market_options, NULL);
    g_auto(CnPlacement) placement = {NULL};
    assert_non_null(market);
    assert_true(cn_parties_place(market, needs, &options, &placement, NULL));
    assert_sound(market, needs, &placement);
    assert_nobody_fits(market, needs, placement.offering_of);
    seen->used += cost_of_use(needs, placement.offering_of) > 0;
    compare_with_all(market, needs, &placement, seen);
    assert_order_is_nothing(needs, &placement);
    assert_no_worse_than_strictly(needs, &placement, seen);
    stop_and_compare(market, needs, &placement, seen);
}

static void
place_and_compare(GRand *rand, gpointer data)
{
    place_list(rand, 8, 5, data);
}

/* So few that somebody mostly goes without. */
static void
place_at_few(GRand *rand, gpointer data)
{
    place_list(rand, 1 + world_pick(rand, 2), 6, data);
}

static void
place_more(GRand *rand, gpointer data)
{
    place_list(rand, 12, 60, data);
}

static void
compare_rounds(gboolean fair)
{
    Seen seen = {.fair = fair};
    world_rounds(ROUNDS, place_and_compare, &seen);
    if (fair)
        print_message("%u in which somebody pays for use:\n", seen.used);
    print_message("%u compared, %u with parties: %u the best, %u not; %u proven\n", seen.compared,
                  seen.with_parties, seen.best, seen.worse, seen.proven);
    print_message("%u with siblings who would like to stay together: %u the best, %u proven\n",
                  seen.with_flocks, seen.flocks_best, seen.flocks_proven);
    print_message("%u against the same siblings if they had to: %u better\n", seen.strict,
                  seen.strict_better);
    print_message("%u runs stopped by work, with nobody left who fits: %u the best\n", seen.stopped,
                  seen.stopped_best);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.strict > ROUNDS / 15 && seen.stopped > ROUNDS / 15);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.with_parties > ROUNDS / 15 && seen.proven > ROUNDS / 15 &&
                    seen.flocks_best > ROUNDS / 15);
    if (fair && g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.used > ROUNDS / 15);
}

static void
keeps_parties_whole_and_bounds_honest(void **state)
{
    (void)state;
    compare_rounds(FALSE);
}

static void
the_same_where_use_costs(void **state)
{
    (void)state;
    compare_rounds(TRUE);
}

static void
holds_where_places_are_few(void **state)
{
    (void)state;
    Seen seen = {.crowded = TRUE};
    world_rounds(ROUNDS, place_at_few, &seen);
    seen.bundled = TRUE;
    world_rounds(ROUNDS, place_at_few, &seen);
    print_message("%u compared, %u with parties: %u the best, %u not; %u proven\n", seen.compared,
                  seen.with_parties, seen.best, seen.worse, seen.proven);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.with_parties > ROUNDS / 3 && seen.worse * 50 < seen.compared);
}

/* Too many to try all: no rule is broken, no wish makes a list dearer, no stop leaves out who fits. */
static void
holds_on_longer_lists(void **state)
{
    (void)state;
    Seen seen = {0};
    world_rounds(LONGER_ROUNDS, place_more, &seen);
    seen.fair = TRUE;
    world_rounds(LONGER_ROUNDS / 2, place_more, &seen);
    print_message("%u longer lists against the same siblings if they had to: %u better\n",
                  seen.strict, seen.strict_better);
    print_message("%u runs of longer lists stopped by work\n", seen.stopped);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.strict > 20 && seen.stopped > 80);
}

/* The same where some ask for one provider: no stop leaves out a need, nor a bundle that another provider could take more of. */
static void
holds_for_bundles(void **state)
{
    (void)state;
    Seen seen = {.bundled = TRUE};
    world_rounds(ROUNDS / 2, place_and_compare, &seen);
    world_rounds(LONGER_ROUNDS, place_more, &seen);
    print_message("%u runs of lists with bundles stopped by work, %u bundles without all\n",
                  seen.stopped, seen.lacking);
    if (g_getenv("CARENET_TEST_SEED") == NULL)
        assert_true(seen.stopped > ROUNDS / 15 && seen.lacking > ROUNDS / 15);
}

/* ---- Hundreds of places: the bound is proven independently, and near. */

static void
assert_proven(const CnPlanNeeds *needs, const CnPlacement *placement)
{
    g_auto(CnPlanBonds) bonds = {NULL};
    g_autofree guint8 *pinned = g_new0(guint8, (gsize)needs->needs->len + 1);
    g_autofree gint *kept_at = g_new(gint, (gsize)needs->needs->len + 1);
    for (guint i = 0; i < needs->needs->len; i++)
        kept_at[i] = -1;
    cn_plan_bonds_init(&bonds, needs);
    CnPlanProof proof = {.needs = needs,
                         .bonds = &bonds,
                         .penalties = placement->penalties,
                         .price = placement->price,
                         .offering_of = placement->offering_of,
                         .pinned = pinned,
                         .kept_at = kept_at,
                         .threads = 2};
    cn_plan_prove(&proof);
    assert_false(proof.overflown);
    assert_memory_equal(proof.bound.unmet, placement->bound.unmet, sizeof proof.bound.unmet);
    assert_int_equal(proof.bound.cost, placement->bound.cost);
}

/* How much the plan costs more than the bound, in millionths; that no more people are unmet than proven. */
static gint64
gap_of_families(guint32 seed)
{
    const BatchSize size = {.seed = seed, .cases = 2000, .offerings = 400, .supply = 1.2};
    g_auto(CnPlacement) placement = {NULL};
    BatchInstance instance;
    CnAssignOptions options;
    cn_assign_options_init(&options);
    batch_instance_make(&instance, &size, reference);
    batch_instance_join(&instance, seed, 15, CN_SIBLINGS_PREFER);
    g_autoptr(carenet_policy) policy = carenet_policy_load(reference, NULL, NULL, NULL);
    const CnPlanQuestion asked = {.directory = instance.directory,
                                  .policy = policy,
                                  .cases = instance.cases,
                                  .now_s = INVENTED_NOW_S,
                                  .at_s = INVENTED_NOW_S};
    g_autoptr(CnPlanNeeds) needs = cn_plan_needs_new(&asked);
    g_autoptr(CnMarket) market = batch_instance_market(&instance, policy, 1, NULL);
    assert_true(cn_parties_place(market, needs, &options, &placement, NULL));
    assert_true(placement.flocks > 50);
    assert_proven(needs, &placement);
    assert_memory_equal(placement.primal.unmet, placement.bound.unmet,
                        sizeof placement.bound.unmet);
    const gint64 over = placement.primal.cost - placement.bound.cost;
    batch_instance_clear(&instance);
    return over * 1000000 / placement.bound.cost;
}

/* Without better prices for families it is some 5500 millionths. */
static void
comes_near_the_bound(void **state)
{
    (void)state;
    gint64 sum = 0;
    for (guint32 seed = 1; seed <= 3; seed++)
        sum += gap_of_families(seed);
    print_message("a mean of %" G_GINT64_FORMAT " millionths more than the bound\n", sum / 3);
    assert_true(sum / 3 < 4000);
}

static int
open_reference(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    reference = carenet_reference_open(g_getenv("CARENET_TEST_DATA"), &error);
    if (reference == NULL)
        print_error("%s\n", error->message);
    return reference == NULL;
}

static int
close_reference(void **state)
{
    (void)state;
    g_clear_pointer(&reference, carenet_reference_unref);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(keeps_parties_whole_and_bounds_honest, world_print_seed),
        cmocka_unit_test_teardown(the_same_where_use_costs, world_print_seed),
        cmocka_unit_test_teardown(holds_where_places_are_few, world_print_seed),
        cmocka_unit_test_teardown(holds_on_longer_lists, world_print_seed),
        cmocka_unit_test_teardown(holds_for_bundles, world_print_seed),
        cmocka_unit_test(comes_near_the_bound),
    };
    return cmocka_run_group_tests(tests, open_reference, close_reference);
}
