/* Which needs are better met together, and the cost lines where they are not. */
#include "routing/plan-bonds.h"

#include <string.h>

/* ---- Finding them. */

/* A need of one who belongs to a group of siblings. */
typedef struct {
    CnServiceId service;
    guint need;
    CnSiblings wish;
    const char *ref;
} Member;

static gint
compare_members(gconstpointer x, gconstpointer y)
{
    const Member *a = x, *b = y;
    if (a->service != b->service)
        return a->service < b->service ? -1 : 1;
    const gint order = strcmp(a->ref, b->ref);
    return order != 0 ? order : (a->need > b->need) - (a->need < b->need);
}

/* Of each sibling the first need for each counted service. */
static void
add_members(const CnPlanNeeds *needs, guint person, GArray *members)
{
    const CnCase *c = g_ptr_array_index(needs->asked.cases->cases, person);
    if (c->siblings == CN_SIBLINGS_APART)
        return;
    for (guint i = 0; i < c->needs->len; i++) {
        const CnNeed *need = &g_array_index(c->needs, CnNeed, i);
        const Member member = {need->service, needs->first_need[person] + i, c->siblings, c->ref};
        if (cn_case_need(c, need->service) == need && cn_plan_need_is_counted(needs, member.need))
            g_array_append_val(members, member);
    }
}

/* One who requires it binds them all; one who prefers it lets all of them pay. */
static gboolean
is_preferred(const Member *members, guint len)
{
    gboolean preferred = FALSE;
    for (guint i = 0; i < len; i++) {
        if (members[i].wish == CN_SIBLINGS_REQUIRE)
            return FALSE;
        preferred = preferred || members[i].wish == CN_SIBLINGS_PREFER;
    }
    return preferred && len > 1;
}

/* Takes the bond; @bond_of is made when it is first needed. */
static void
add_bond(CnPlanBonds *bonds, gint **bond_of, const CnBond *bond)
{
    const guint len = bonds->needs->needs->len;
    if (*bond_of == NULL) {
        *bond_of = g_new(gint, len);
        for (guint i = 0; i < len; i++)
            (*bond_of)[i] = -1;
    }
    for (guint i = 0; i < bond->needs->len; i++)
        (*bond_of)[g_array_index(bond->needs, guint, i)] = (gint)bonds->bonds->len;
    g_array_append_vals(bonds->bonds, bond, 1);
}

static void
add_siblings(CnPlanBonds *bonds, const Member *members, guint len)
{
    const CnBond bond = {.kind = CN_BOND_SIBLINGS,
                         .needs = g_array_sized_new(FALSE, FALSE, sizeof(guint), len)};
    for (guint i = 0; i < len; i++)
        g_array_append_val(bond.needs, members[i].need);
    add_bond(bonds, &bonds->siblings_of, &bond);
}

static void
add_bundle(CnPlanBonds *bonds, guint person)
{
    const CnPlanNeeds *needs = bonds->needs;
    const CnCase *c = g_ptr_array_index(needs->asked.cases->cases, person);
    if (c->bundle == CN_BUNDLE_NONE)
        return;
    const CnBond bond = {.kind = CN_BOND_BUNDLE,
                         .required = c->bundle == CN_BUNDLE_REQUIRE,
                         .needs = g_array_new(FALSE, FALSE, sizeof(guint))};
    for (guint i = 0; i < c->needs->len; i++) {
        const guint need = needs->first_need[person] + i;
        if (cn_case_bundles(c, &g_array_index(c->needs, CnNeed, i)))
            g_array_append_val(bond.needs, need);
    }
    if (bond.needs->len > 1)
        add_bond(bonds, &bonds->bundle_of, &bond);
    else
        g_array_unref(bond.needs);
}

static void
add_group(CnPlanBonds *bonds, const GArray *group)
{
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(Member));
    for (guint i = 0; i < group->len; i++)
        add_members(bonds->needs, g_array_index(group, guint, i), members);
    g_array_sort(members, compare_members);
    for (guint i = 0, end; i < members->len; i = end) {
        const Member *first = &g_array_index(members, Member, i);
        for (end = i; end < members->len; end++)
            if (g_array_index(members, Member, end).service != first->service)
                break;
        if (is_preferred(first, end - i))
            add_siblings(bonds, first, end - i);
    }
}

static void
clear_bond(gpointer bond)
{
    g_array_unref(((CnBond *)bond)->needs);
}

void
cn_plan_bonds_init(CnPlanBonds *bonds, const CnPlanNeeds *needs)
{
    const GPtrArray *cases = needs->asked.cases->cases;
    *bonds = (CnPlanBonds){.needs = needs, .bonds = g_array_new(FALSE, FALSE, sizeof(CnBond))};
    g_array_set_clear_func(bonds->bonds, clear_bond);
    /* Each group where its first member stands: the order of a hash table is nobody's business. */
    for (guint person = 0; person < cases->len; person++) {
        const CnCase *c = g_ptr_array_index(cases, person);
        const GArray *group = c->siblings_group != NULL
                                  ? g_hash_table_lookup(needs->groups, c->siblings_group)
                                  : NULL;
        if (group != NULL && g_array_index(group, guint, 0) == person)
            add_group(bonds, group);
        add_bundle(bonds, person);
    }
}

void
cn_plan_bonds_clear(CnPlanBonds *bonds)
{
    g_clear_pointer(&bonds->bonds, g_array_unref);
    g_clear_pointer(&bonds->siblings_of, g_free);
    g_clear_pointer(&bonds->bundle_of, g_free);
}

const CnBond *
cn_plan_bond_of_siblings(const CnPlanBonds *bonds, guint need)
{
    const gint bond = bonds->siblings_of != NULL ? bonds->siblings_of[need] : -1;
    return bond >= 0 ? cn_plan_bond(bonds, (guint)bond) : NULL;
}

const CnBond *
cn_plan_bond_of_bundle(const CnPlanBonds *bonds, guint need)
{
    const gint bond = bonds->bundle_of != NULL ? bonds->bundle_of[need] : -1;
    return bond >= 0 ? cn_plan_bond(bonds, (guint)bond) : NULL;
}

gboolean
cn_plan_bonds_tie(const CnPlanBonds *bonds, guint need)
{
    CnCompanions companions;
    if (cn_plan_bond_of_siblings(bonds, need) != NULL)
        return TRUE;
    if (cn_plan_person(bonds->needs, need)->siblings_group == NULL)
        return FALSE;
    cn_plan_companions_find(bonds->needs, need, NULL, &companions);
    const gboolean tied = companions.together->len > 0;
    cn_plan_companions_clear(&companions);
    return tied;
}

/* ---- What they cost. */

gboolean
cn_bond_has_size(const CnPlanBonds *bonds, const CnBond *bond, guint offering)
{
    const CnListing *listing = bonds->needs->asked.directory->listing;
    const gint32 most = listing->offerings[offering].eligibility.siblings_up_to;
    return most < 0 || (guint)most >= bond->needs->len;
}

static gboolean
are_together(const CnPlanBonds *bonds,
             const CnBond *bond,
             guint need,
             guint offering,
             const gint *offering_of)
{
    for (guint i = 0; i < bond->needs->len; i++) {
        const guint other = g_array_index(bond->needs, guint, i);
        if (other != need && offering_of[other] != (gint)offering)
            return FALSE;
    }
    return cn_bond_has_size(bonds, bond, offering);
}

/* Whether needs before it are met, but none of them by that provider. */
static gboolean
is_another_provider(const CnPlanBonds *bonds,
                    const CnBond *bond,
                    guint need,
                    guint offering,
                    const gint *offering_of)
{
    const CnListing *listing = bonds->needs->asked.directory->listing;
    gboolean another = FALSE;
    for (guint i = 0; i < bond->needs->len; i++) {
        const guint other = g_array_index(bond->needs, guint, i);
        if (other == need)
            break;
        if (offering_of[other] < 0)
            continue;
        if (cn_listed_provider_of(listing, (guint)offering_of[other]) ==
            cn_listed_provider_of(listing, offering))
            return FALSE;
        another = TRUE;
    }
    return another;
}

gint64
cn_plan_bonds_cost(const CnPlanBonds *bonds,
                   guint need,
                   guint offering,
                   const gint *offering_of,
                   gint64 lines[CN_COSTS_LEN])
{
    const CnPolicy *policy = bonds->needs->asked.policy;
    const CnBond *siblings = cn_plan_bond_of_siblings(bonds, need);
    const CnBond *bundle = cn_plan_bond_of_bundle(bonds, need);
    gint64 cost = 0;
    if (siblings != NULL && !are_together(bonds, siblings, need, offering, offering_of))
        cost += lines[CN_COST_SIBLINGS_APART] = policy->siblings_apart;
    if (bundle != NULL && !bundle->required &&
        is_another_provider(bonds, bundle, need, offering, offering_of))
        cost += lines[CN_COST_OTHER_PROVIDER] = policy->other_provider;
    return cost;
}
