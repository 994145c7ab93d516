/* One need put to route by itself, and the places that a plan leaves. */
#include "routing/plan-why.h"

#include "routing/fairness.h"

#include "base/error.h"
#include "model/case-digest.h"

#include <string.h>

/* ---- What a plan belongs to. */

static gboolean
refuse_other(GError **error, const char *what)
{
    cn_error_set(error, CARENET_ERROR_CONFLICT, "the plan was made from another %s", what);
    cn_error_hint(error, "give those that it was made from, or make it anew with carenet batch");
    return FALSE;
}

static gboolean
refuse_policy(const CnPlan *plan, const CnPolicy *policy, GError **error)
{
    g_autofree char *plugins = cn_plan_plugins_told(plan, policy);
    if (plugins == NULL)
        return refuse_other(error, "policy");
    cn_error_set(error, CARENET_ERROR_CONFLICT, "%s", plugins);
    cn_error_hint(error, "give the policy with the same plug-ins, from C or Python");
    return FALSE;
}

char *
cn_plan_plugins_told(const CnPlan *plan, const CnPolicy *policy)
{
    g_autoptr(GString) ours = g_string_new(NULL);
    for (gsize i = 0; i < carenet_policy_plugins_len(policy); i++)
        g_string_append_printf(ours, "%s%s", i > 0 ? ", " : "",
                               carenet_policy_plugin_name(policy, i));
    g_autoptr(GString) theirs = g_string_new(NULL);
    for (guint i = 0; i < plan->plugins->len; i++)
        g_string_append_printf(theirs, "%s%s", i > 0 ? ", " : "",
                               (const char *)g_ptr_array_index(plan->plugins, i));
    if (g_string_equal(ours, theirs))
        return NULL;
    return g_strdup_printf("the plan was made with the plug-ins %s; the policy given has %s",
                           theirs->len > 0 ? theirs->str : "none",
                           ours->len > 0 ? ours->str : "none");
}

gboolean
cn_plan_check_sources(const CnPlan *plan, const CnPlanQuestion *asked, GError **error)
{
    if (strcmp(plan->directory, cn_directory_digest(asked->directory)) != 0)
        return refuse_other(error, "directory");
    if (strcmp(plan->policy, cn_policy_digest(asked->policy)) != 0)
        return refuse_policy(plan, asked->policy, error);
    g_autofree char *digest = cn_cases_digest(asked->cases);
    return strcmp(plan->cases, digest) == 0 || refuse_other(error, "list of cases");
}

/* ---- Places. */

void
cn_plan_use_init(CnPlanUse *use, const CnPlanNeeds *needs, const gint *offering_of)
{
    *use =
        (CnPlanUse){.needs = needs,
                    .offering_of = offering_of,
                    .used = g_new0(gint64, MAX(needs->asked.directory->listing->offerings_len, 1))};
    use->under = g_new0(gint64, needs->quotas.len + 1);
    for (guint i = 0; i < needs->needs->len; i++)
        cn_plan_use_count(use, i, 1);
}

void
cn_plan_use_count(const CnPlanUse *use, guint need, gint times)
{
    const gint offering = use->offering_of[need];
    if (offering < 0)
        return;
    const gint64 units = (gint64)times * cn_plan_need_of(use->needs, need)->units;
    use->used[offering] += units;
    cn_quotas_take(&use->needs->quotas, use->under, (guint)offering, units);
}

void
cn_plan_use_clear(CnPlanUse *use)
{
    g_clear_pointer(&use->used, g_free);
    g_clear_pointer(&use->under, g_free);
}

gint64
cn_plan_use_left(const CnPlanUse *use, guint offering)
{
    const CnListing *listing = use->needs->asked.directory->listing;
    const CnService *service =
        cn_service(listing->reference->taxonomy, listing->offerings[offering].service);
    const gint64 free = cn_capacity_free(&listing->capacity[offering], service->unit);
    const gint64 left = cn_quotas_left(&use->needs->quotas, use->under, offering);
    if (free < 0 || free == G_MAXINT64)
        return left;
    return MAX(MIN(free - use->used[offering], left), 0);
}

gint64
cn_plan_use_worth(const CnPlanUse *use, const CnPlan *plan, guint offering)
{
    const CnPlanQuestion *asked = &use->needs->asked;
    const CnListing *listing = asked->directory->listing;
    const gint64 price =
        cn_plan_price(plan, cn_listed_text(listing, listing->offerings[offering].id));
    return cn_fair_worth(asked->policy, listing, offering, price, use->used[offering]);
}

gboolean
cn_plan_prices_tell(const CnPlan *plan, const CnPlanNeeds *needs)
{
    return plan->optimal && plan->keep == NULL && needs->quotas.len == 0 &&
           needs->asked.policy->fairness->len == 0;
}

/* ---- Company. */

gboolean
cn_plan_others_decide(const CnPlanNeeds *needs, guint need)
{
    CnCompanions companions;
    gboolean apart = FALSE;
    if (!cn_plan_need_has_company(needs, need))
        return FALSE;
    const CnCase *c = cn_plan_person(needs, need);
    cn_plan_companions_find(needs, need, NULL, &companions);
    apart = cn_plan_keeps_apart(needs, c) || cn_plan_need_is_bundled(needs, need);
    for (guint i = 0; i < companions.together->len; i++) {
        const CnCase *sibling = g_ptr_array_index(companions.together, i);
        const gint same =
            cn_plan_need_of_sibling(needs, sibling, cn_plan_need_of(needs, need)->service);
        apart = apart || cn_plan_keeps_apart(needs, sibling) ||
                (same >= 0 && cn_plan_need_is_bundled(needs, (guint)same));
    }
    cn_plan_companions_clear(&companions);
    return apart;
}

/* ---- Route. */

/* A case with one of its needs, or with none where it does not ask for the service. */
static CnCase *
copy_with_need(const CnCase *c, const CnNeed *need)
{
    CnCase *copy = g_memdup2(c, sizeof *c);
    copy->needs = g_array_sized_new(FALSE, FALSE, sizeof(CnNeed), 1);
    if (need != NULL)
        g_array_append_vals(copy->needs, need, 1);
    return copy;
}

static void
free_copy(gpointer data)
{
    g_array_unref(((CnCase *)data)->needs);
    g_free(data);
}

static void
add_siblings(CnPlanWhy *why, const CnPlanNeeds *needs, const CnCase *person, CnServiceId service)
{
    const GArray *group = person->siblings_group != NULL
                              ? g_hash_table_lookup(needs->groups, person->siblings_group)
                              : NULL;
    for (guint i = 0; group != NULL && i < group->len; i++) {
        const CnCase *other =
            g_ptr_array_index(needs->asked.cases->cases, g_array_index(group, guint, i));
        const CnNeed *same = cn_case_need(other, service);
        if (other != person && same != NULL)
            g_ptr_array_add(why->copies, copy_with_need(other, same));
    }
}

static void
ask(CnPlanWhy *why,
    const CnPlanNeeds *needs,
    guint need,
    const char *why_not,
    gsize top,
    const CnOrigin *from)
{
    const CnPlanQuestion *asked = &needs->asked;
    const CnCase *person = cn_plan_person(needs, need);
    const CnNeed *wanted = cn_plan_need_of(needs, need);
    carenet_route_options options;
    carenet_route_options_init(&options);
    options.top = top;
    options.now_s = asked->now_s;
    options.at_s = asked->at_s;
    options.include_unconfirmed = asked->include_unconfirmed != FALSE;
    options.include_unknown_capacity = asked->include_unknown_capacity != FALSE;
    options.why_not = why_not;
    why->copies = g_ptr_array_new_with_free_func(free_copy);
    g_ptr_array_add(why->copies, copy_with_need(person, wanted));
    add_siblings(why, needs, person, wanted->service);
    why->cases = carenet_cases_new(asked->cases->reference);
    /* The list borrows: it is given back before the copies are. */
    g_ptr_array_set_free_func(why->cases->cases, NULL);
    g_ptr_array_extend(why->cases->cases, why->copies, NULL, NULL);
    why->routes =
        cn_route_from(asked->directory, asked->policy, asked->plugged, why->cases, &options, from);
    why->route = cn_routes_need(why->routes, 0);
}

void
cn_plan_why_init(CnPlanWhy *why,
                 const CnPlanNeeds *needs,
                 guint need,
                 const char *why_not,
                 const CnOrigin *from)
{
    ask(why, needs, need, why_not, 0, from);
}

void
cn_plan_why_best(CnPlanWhy *why, const CnPlanNeeds *needs, guint need, const CnOrigin *from)
{
    ask(why, needs, need, NULL, 1, from);
}

void
cn_plan_why_clear(CnPlanWhy *why)
{
    g_clear_pointer(&why->routes, carenet_routes_unref);
    g_clear_pointer(&why->cases, carenet_cases_unref);
    g_clear_pointer(&why->copies, g_ptr_array_unref);
}
