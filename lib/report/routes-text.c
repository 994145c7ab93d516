/* The answer of route in sentences that a social worker can read aloud in a case conference. */
#include "routing/route.h"

static void
say_funnel(GString *text, const CnNeedRoute *route)
{
    g_string_append_printf(text, "%u offered -> %u eligible -> %u reachable -> %u free",
                           route->offered, route->eligible, route->reachable, route->free);
}

static void
say_lines(GString *text, const CnPolicy *policy, const CnRanked *ranked)
{
    gboolean first = TRUE;
    for (guint line = 0; line < CN_COSTS_LEN; line++) {
        if (ranked->lines[line] == 0)
            continue;
        g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, first ? "" : " + ",
                               cn_cost_name(policy, line), ranked->lines[line]);
        first = FALSE;
    }
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT, first ? "cost " : " = ", ranked->cost);
    if (ranked->price > 0)
        g_string_append_printf(
            text, ", with the price %" G_GINT64_FORMAT " of its place to others %" G_GINT64_FORMAT,
            ranked->price, ranked->cost + ranked->price);
}

static void
say_choice(GString *text,
           const CnRoutes *routes,
           const CnNeedRoute *route,
           const CnQuestion *question)
{
    const CnRanked *best = &g_array_index(route->ranked, CnRanked, 0);
    CnCandidate candidate;
    cn_candidate_init(&candidate, question, best->offering);
    g_string_append_printf(
        text, "Why %s for %s: ", cn_listed_text(question->listing, candidate.provider->id),
        cn_service(question->listing->reference->taxonomy, question->need->service)->id);
    say_lines(text, routes->policy, best);
    g_string_append_printf(text, " (policy %s); ", routes->policy->id);
    say_funnel(text, route);
    g_string_append(text, " -> chosen\n");
    g_autoptr(GPtrArray) notes = cn_route_notes(route, question, &candidate);
    for (guint i = 0; i < notes->len; i++)
        g_string_append_printf(text, "  Note: %s\n", (const char *)g_ptr_array_index(notes, i));
    const char *phone = cn_listed_text(question->listing, candidate.provider->phone);
    if (candidate.provider->contact != 0)
        g_string_append_printf(text, "  Contact: %s%s%s\n",
                               cn_listed_text(question->listing, candidate.provider->contact),
                               phone != NULL ? ", " : "", phone != NULL ? phone : "");
}

static void
say_changes(GString *text, const CnNeedRoute *route, const CnListing *listing)
{
    if (route->changes->len == 0) {
        g_string_append(text, "  No change to an offering alone would place it.\n");
        return;
    }
    g_string_append(text, "  Smallest change: ");
    for (guint i = 0; i < route->changes->len; i++) {
        const CnChange *change = &g_array_index(route->changes, CnChange, i);
        g_autofree char *from = cn_change_from(change, listing);
        g_autofree char *to = cn_change_to(change, listing);
        g_string_append_printf(text, "%s%s: %s (%s from %s to %s)", i > 0 ? "; " : "",
                               cn_listed_text(listing, listing->offerings[change->offering].id),
                               cn_change_kind(change), cn_change_field(change),
                               from != NULL && *from != '\0' ? from : "none",
                               to != NULL && *to != '\0' ? to : "none");
    }
    g_string_append(text, ".\n");
}

static void
say_unmet(GString *text,
          const CnRoutes *routes,
          const CnNeedRoute *route,
          const CnQuestion *question)
{
    g_autofree char *detail = cn_route_unmet_detail(routes, route, CN_RULE_FULL);
    g_autofree char *advice = cn_route_unmet_advice(routes, route);
    g_string_append_printf(
        text, "Nobody can take %s, first binding reason %s: %s.\n",
        cn_service(question->listing->reference->taxonomy, question->need->service)->id,
        cn_route_unmet_reason(route), detail);
    if (advice != NULL)
        g_string_append_printf(text, "  Next: %s.\n", advice);
    if (route->offered > 0)
        say_changes(text, route, question->listing);
}

char *
carenet_routes_explain(const carenet_routes *routes)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const CnCase *former = NULL;
    for (guint i = 0; routes != NULL && i < routes->needs->len; i++) {
        const CnNeedRoute *route = cn_routes_need(routes, i);
        const CnCase *person = cn_routes_case(routes, route);
        CnOrigin origin;
        CnQuestion question = cn_routes_question(routes, route, &origin);
        if (routes->cases->cases->len > 1 && person != former)
            g_string_append_printf(text, "Case %s\n", person->ref);
        former = person;
        if (route->free > 0)
            say_choice(text, routes, route, &question);
        else
            say_unmet(text, routes, route, &question);
    }
    return g_strdup(text->str);
}
