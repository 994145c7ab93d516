/* Siblings and co-victims within one list of cases.
 *
 * `require` holds for every service that siblings ask for: they are placed together or not at all, and
 * one who requires it binds them all, since nobody can stay with two who are apart. `apart` and
 * keep_apart hold for every counted service: an offering is out when the other, or a sibling who must
 * stay with the other, is known to its provider or was proposed there further up the list. */
#include "routing/route.h"

#include "base/text.h"

#include <string.h>

static gboolean
same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static gboolean
are_siblings(const CnCase *a, const CnCase *b)
{
    return a != b && same_text(a->siblings_group, b->siblings_group);
}

/* One who must be apart is apart from all. */
static gboolean
are_apart(const CnCase *a, const CnCase *b)
{
    return are_siblings(a, b) &&
           (a->siblings == CN_SIBLINGS_APART || b->siblings == CN_SIBLINGS_APART);
}

static gboolean
may_go_along(const CnCase *person, const CnCase *other, CnServiceId service)
{
    return are_siblings(person, other) && !are_apart(person, other) &&
           cn_case_need(other, service) != NULL;
}

/* Require before prefer before nothing. */
static CnSiblings
stricter_wish(CnSiblings a, CnSiblings b)
{
    if (a == CN_SIBLINGS_REQUIRE || b == CN_SIBLINGS_REQUIRE)
        return CN_SIBLINGS_REQUIRE;
    return a == CN_SIBLINGS_PREFER || b == CN_SIBLINGS_PREFER ? CN_SIBLINGS_PREFER
                                                              : CN_SIBLINGS_NONE;
}

static void
add_text(GPtrArray *list, const char *text)
{
    if (!cn_text_is_among(list, text))
        g_ptr_array_add(list, (gpointer)text);
}

static gboolean
goes_along(const CnNeedRoute *route, const CnCase *person)
{
    return g_ptr_array_find(route->companions.together, person, NULL);
}

/* Whether siblings of the group of @one who are not kept apart have to stay together. */
static gboolean
is_bound_group(const GPtrArray *circle, const CnCase *one)
{
    for (guint i = 0; i < circle->len; i++) {
        const CnCase *other = g_ptr_array_index(circle, i);
        if (other->siblings == CN_SIBLINGS_REQUIRE &&
            same_text(other->siblings_group, one->siblings_group))
            return TRUE;
    }
    return FALSE;
}

/* Where the case is known, or a sibling who must stay with it. */
static void
add_known(GPtrArray *providers, const GPtrArray *circle, const CnCase *one)
{
    const gboolean bound = one->siblings_group != NULL && is_bound_group(circle, one);
    for (guint i = 0; i < circle->len; i++) {
        const CnCase *other = g_ptr_array_index(circle, i);
        const gboolean stays = bound && are_siblings(one, other) && !are_apart(one, other);
        for (guint k = 0; (other == one || stays) && k < other->known_to->len; k++)
            add_text(providers, g_ptr_array_index(other->known_to, k));
    }
}

/* Where the other case is known, and where it was proposed, or a sibling with whom it will go, before
 * this need was looked at. */
static void
add_whereabouts(GPtrArray *providers,
                const CnRoutes *routes,
                const GPtrArray *circle,
                const CnCase *other)
{
    const CnListing *listing = routes->directory->listing;
    add_known(providers, circle, other);
    for (guint i = 0; i < routes->needs->len; i++) {
        const CnNeedRoute *former = cn_routes_need(routes, i);
        if (cn_circle_of(&routes->circles, former->person) != circle || former->ranked->len == 0 ||
            (cn_routes_case(routes, former) != other && !goes_along(former, other)))
            continue;
        guint best = g_array_index(former->ranked, CnRanked, 0).offering;
        add_text(providers, cn_listed_text(listing, cn_listed_provider_of(listing, best)->id));
    }
}

/* Those who stay together with the case of @route, or would like to. */
static void
add_siblings(CnNeedRoute *route, const GPtrArray *circle, const CnCase *person, CnServiceId service)
{
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    CnSiblings wish = person->siblings;
    gint32 units = 0;
    for (guint i = 0; i < circle->len; i++) {
        CnCase *other = g_ptr_array_index(circle, i);
        if (!may_go_along(person, other, service))
            continue;
        wish = stricter_wish(wish, other->siblings);
        units += cn_case_need(other, service)->units;
        g_ptr_array_add(others, other);
    }
    if (wish == CN_SIBLINGS_REQUIRE) {
        g_ptr_array_extend(route->companions.together, others, NULL, NULL);
        route->companions.units += units;
    } else if (wish == CN_SIBLINGS_PREFER) {
        g_ptr_array_extend(route->preferred, others, NULL, NULL);
        route->preferred_units = units;
    }
}

/* Where those are whom @person, the case of @route or a sibling who must stay with it, must not
 * meet. */
static void
add_apart(CnNeedRoute *route, const CnRoutes *routes, const GPtrArray *circle, const CnCase *person)
{
    for (guint i = 0; i < circle->len; i++) {
        const CnCase *other = g_ptr_array_index(circle, i);
        if (other == person || other == cn_routes_case(routes, route))
            continue;
        if (cn_text_is_among(person->keep_apart, other->ref) ||
            cn_text_is_among(other->keep_apart, person->ref))
            add_whereabouts(route->companions.victims_at, routes, circle, other);
        if (are_apart(person, other))
            add_whereabouts(route->companions.siblings_at, routes, circle, other);
    }
}

void
cn_companions_find(CnNeedRoute *route, const CnRoutes *routes)
{
    const GPtrArray *circle = cn_circle_of(&routes->circles, route->person);
    const CnCase *person = cn_routes_case(routes, route);
    const CnNeed *need = &g_array_index(person->needs, CnNeed, route->need);
    gboolean counted =
        cn_service(routes->directory->listing->reference->taxonomy, need->service)->unit !=
        CN_UNIT_NONE;
    route->companions = (CnCompanions){.together = g_ptr_array_new(),
                                       .units = need->units,
                                       .victims_at = g_ptr_array_new(),
                                       .siblings_at = g_ptr_array_new()};
    route->preferred = g_ptr_array_new();
    if (!counted || circle == NULL)
        return;
    add_siblings(route, circle, person, need->service);
    add_apart(route, routes, circle, person);
    for (guint i = 0; i < route->companions.together->len; i++)
        add_apart(route, routes, circle, g_ptr_array_index(route->companions.together, i));
}

void
cn_companions_clear(CnNeedRoute *route)
{
    g_ptr_array_unref(route->companions.together);
    g_ptr_array_unref(route->companions.victims_at);
    g_ptr_array_unref(route->companions.siblings_at);
    g_ptr_array_unref(route->preferred);
}

gboolean
cn_companions_fit(const CnNeedRoute *route,
                  const CnQuestion *question,
                  const CnCandidate *candidate)
{
    if (route->preferred->len == 0)
        return TRUE;
    g_autoptr(GPtrArray) group = g_ptr_array_copy(route->companions.together, NULL, NULL);
    g_ptr_array_extend(group, route->preferred, NULL, NULL);
    CnCompanions all = {.together = group,
                        .units = route->companions.units + route->preferred_units,
                        .victims_at = route->companions.victims_at,
                        .siblings_at = route->companions.siblings_at};
    CnQuestion together = *question;
    together.companions = &all;
    return cn_rules_first_broken(&together, candidate,
                                 CN_RULE_BIT(CN_RULE_SIBLINGS_FIT) |
                                     CN_RULE_BIT(CN_RULE_SIBLINGS_SIZE) |
                                     CN_RULE_BIT(CN_RULE_FULL)) == CN_RULE_NONE;
}
