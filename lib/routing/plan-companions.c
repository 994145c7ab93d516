/* Who of a list has a say in where a need of another one goes: siblings, co-victims, and the bundle of its case. */
#include "routing/plan-needs.h"

gboolean
cn_plan_need_is_counted(const CnPlanNeeds *needs, guint need)
{
    const CnTaxonomy *taxonomy = needs->asked.directory->listing->reference->taxonomy;
    return cn_service(taxonomy, cn_plan_need_of(needs, need)->service)->unit != CN_UNIT_NONE;
}

gboolean
cn_plan_need_is_bundled(const CnPlanNeeds *needs, guint need)
{
    const CnCase *c = cn_plan_person(needs, need);
    const CnNeed *of = cn_plan_need_of(needs, need);
    if (c->bundle != CN_BUNDLE_REQUIRE || !cn_case_bundles(c, of))
        return FALSE;
    for (guint i = 0; i < c->needs->len; i++) {
        const CnNeed *other = &g_array_index(c->needs, CnNeed, i);
        if (other != of && cn_case_bundles(c, other))
            return TRUE;
    }
    return FALSE;
}

gboolean
cn_plan_need_has_company(const CnPlanNeeds *needs, guint need)
{
    const CnCase *c = cn_plan_person(needs, need);
    return (cn_plan_need_is_counted(needs, need) &&
            (c->siblings_group != NULL || c->keep_apart->len > 0 ||
             g_hash_table_contains(needs->kept_from, c->ref))) ||
           cn_plan_need_is_bundled(needs, need);
}

gint
cn_plan_need_of_sibling(const CnPlanNeeds *needs, const CnCase *sibling, CnServiceId service)
{
    for (guint i = 0; i < sibling->needs->len; i++)
        if (g_array_index(sibling->needs, CnNeed, i).service == service)
            return cn_plan_needs_find(needs, sibling->ref, i + 1);
    return -1;
}

static CnCase *
case_at(const CnPlanNeeds *needs, guint person)
{
    return g_ptr_array_index(needs->asked.cases->cases, person);
}

static void
add_once(GPtrArray *texts, const char *text)
{
    for (guint i = 0; i < texts->len; i++)
        if (g_strcmp0(g_ptr_array_index(texts, i), text) == 0)
            return;
    g_ptr_array_add(texts, (gpointer)text);
}

/* One who must be apart is apart from all. */
static gboolean
are_apart(const CnCase *a, const CnCase *b)
{
    return a->siblings == CN_SIBLINGS_APART || b->siblings == CN_SIBLINGS_APART;
}

/* Of the group, whether those who are not kept apart have to stay together. */
static gboolean
is_bound_group(const CnPlanNeeds *needs, const GArray *group)
{
    for (guint i = 0; i < group->len; i++)
        if (case_at(needs, g_array_index(group, guint, i))->siblings == CN_SIBLINGS_REQUIRE)
            return TRUE;
    return FALSE;
}

/* Where a case is known, or a sibling who must stay with it. */
static void
add_known(const CnPlanNeeds *needs, const CnCase *other, GPtrArray *providers)
{
    const GArray *group = other->siblings_group != NULL
                              ? g_hash_table_lookup(needs->groups, other->siblings_group)
                              : NULL;
    for (guint i = 0; i < other->known_to->len; i++)
        add_once(providers, g_ptr_array_index(other->known_to, i));
    for (guint i = 0; group != NULL && is_bound_group(needs, group) && i < group->len; i++) {
        const CnCase *sibling = case_at(needs, g_array_index(group, guint, i));
        for (guint k = 0; !are_apart(other, sibling) && k < sibling->known_to->len; k++)
            add_once(providers, g_ptr_array_index(sibling->known_to, k));
    }
}

/* Where a case is known, and where its counted needs go. */
static void
add_whereabouts(const CnPlanNeeds *needs,
                const CnCase *other,
                const gint *offering_of,
                GPtrArray *providers)
{
    const CnListing *listing = needs->asked.directory->listing;
    add_known(needs, other, providers);
    const gint first = cn_plan_needs_find(needs, other->ref, 1);
    for (guint i = 0; offering_of != NULL && first >= 0 && i < other->needs->len; i++) {
        const guint need = (guint)first + i;
        if (offering_of[need] >= 0 && cn_plan_need_is_counted(needs, need))
            add_once(providers,
                     cn_listed_text(listing,
                                    cn_listed_provider_of(listing, (guint)offering_of[need])->id));
    }
}

static void
add_siblings(const CnPlanNeeds *needs, const CnCase *person, const CnNeed *need, CnCompanions *out)
{
    const GArray *group = person->siblings_group != NULL
                              ? g_hash_table_lookup(needs->groups, person->siblings_group)
                              : NULL;
    gboolean require = person->siblings == CN_SIBLINGS_REQUIRE;
    gint32 units = need->units;
    for (guint i = 0; group != NULL && i < group->len; i++) {
        CnCase *other = case_at(needs, g_array_index(group, guint, i));
        const CnNeed *same = cn_case_need(other, need->service);
        if (other == person || are_apart(person, other) || same == NULL)
            continue;
        require = require || other->siblings == CN_SIBLINGS_REQUIRE;
        units += same->units;
        g_ptr_array_add(out->together, other);
    }
    if (require)
        out->units = units;
    else
        g_ptr_array_set_size(out->together, 0);
}

static void
add_apart(const CnPlanNeeds *needs,
          const CnCase *person,
          const CnCase *asked,
          const gint *offering_of,
          CnCompanions *out)
{
    const GArray *group = person->siblings_group != NULL
                              ? g_hash_table_lookup(needs->groups, person->siblings_group)
                              : NULL;
    const GArray *namers = g_hash_table_lookup(needs->kept_from, person->ref);
    for (guint i = 0; group != NULL && i < group->len; i++) {
        const CnCase *other = case_at(needs, g_array_index(group, guint, i));
        if (other != person && other != asked && are_apart(person, other))
            add_whereabouts(needs, other, offering_of, out->siblings_at);
    }
    for (guint i = 0; namers != NULL && i < namers->len; i++) {
        const CnCase *other = case_at(needs, g_array_index(namers, guint, i));
        if (other != person && other != asked)
            add_whereabouts(needs, other, offering_of, out->victims_at);
    }
    for (guint i = 0; i < person->keep_apart->len; i++) {
        gpointer found = NULL;
        if (!g_hash_table_lookup_extended(needs->by_ref, g_ptr_array_index(person->keep_apart, i),
                                          NULL, &found))
            continue;
        const CnCase *other = case_at(needs, GPOINTER_TO_UINT(found));
        if (other != person && other != asked)
            add_whereabouts(needs, other, offering_of, out->victims_at);
    }
}

/* Where the other needs of a bundle are met of which @service is one. */
static void
add_bundle(const CnPlanNeeds *needs,
           const CnCase *c,
           guint need,
           const gint *offering_of,
           CnCompanions *out)
{
    const CnListing *listing = needs->asked.directory->listing;
    const gint first = cn_plan_needs_find(needs, c->ref, 1);
    if (offering_of == NULL || !cn_plan_need_is_bundled(needs, need))
        return;
    for (guint i = 0; i < c->needs->len; i++) {
        const guint other = (guint)first + i;
        if (other == need || offering_of[other] < 0 ||
            !cn_case_bundles(c, &g_array_index(c->needs, CnNeed, i)))
            continue;
        if (out->bundle_at == NULL)
            out->bundle_at = g_ptr_array_new();
        add_once(
            out->bundle_at,
            cn_listed_text(listing, cn_listed_provider_of(listing, (guint)offering_of[other])->id));
    }
}

void
cn_plan_companions_find(const CnPlanNeeds *needs,
                        guint need,
                        const gint *offering_of,
                        CnCompanions *out)
{
    const CnCase *person = cn_plan_person(needs, need);
    const CnNeed *wanted = cn_plan_need_of(needs, need);
    *out = (CnCompanions){.together = g_ptr_array_new(),
                          .units = wanted->units,
                          .victims_at = g_ptr_array_new(),
                          .siblings_at = g_ptr_array_new()};
    add_bundle(needs, person, need, offering_of, out);
    if (!cn_plan_need_is_counted(needs, need))
        return;
    add_siblings(needs, person, wanted, out);
    add_apart(needs, person, person, offering_of, out);
    for (guint i = 0; i < out->together->len; i++) {
        const CnCase *sibling = g_ptr_array_index(out->together, i);
        const gint same = cn_plan_need_of_sibling(needs, sibling, wanted->service);
        add_apart(needs, sibling, person, offering_of, out);
        if (same >= 0)
            add_bundle(needs, sibling, (guint)same, offering_of, out);
    }
}

gboolean
cn_plan_keeps_apart(const CnPlanNeeds *needs, const CnCase *c)
{
    const GArray *group =
        c->siblings_group != NULL ? g_hash_table_lookup(needs->groups, c->siblings_group) : NULL;
    if (c->keep_apart->len > 0 || g_hash_table_contains(needs->kept_from, c->ref))
        return TRUE;
    for (guint i = 0; group != NULL && i < group->len; i++) {
        const CnCase *other = case_at(needs, g_array_index(group, guint, i));
        if (other != c && are_apart(c, other))
            return TRUE;
    }
    return FALSE;
}

gboolean
cn_plan_need_is_bound(const CnPlanNeeds *needs, guint need)
{
    CnCompanions companions;
    if (cn_plan_need_of(needs, need)->units > 1 || cn_plan_need_is_bundled(needs, need))
        return TRUE;
    if (!cn_plan_need_has_company(needs, need))
        return FALSE;
    cn_plan_companions_find(needs, need, NULL, &companions);
    const gboolean together = companions.together->len > 0;
    cn_plan_companions_clear(&companions);
    return together || cn_plan_keeps_apart(needs, cn_plan_person(needs, need));
}

void
cn_plan_companions_clear(CnCompanions *companions)
{
    g_ptr_array_unref(companions->together);
    g_ptr_array_unref(companions->victims_at);
    g_ptr_array_unref(companions->siblings_at);
    g_clear_pointer(&companions->bundle_at, g_ptr_array_unref);
}
