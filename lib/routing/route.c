/* Routing case by case: the questions, the answers, and what callers may ask for. Each need is routed by itself, after those
 * before it. */
#include "routing/route-private.h"

#include "base/error.h"
#include "directory/avoided.h"
#include "directory/partial.h"
#include "directory/plug.h"
#include "model/plan.h"

CnQuestion
cn_routes_question(const CnRoutes *routes, const CnNeedRoute *route, CnOrigin *origin)
{
    const CnCase *person = cn_routes_case(routes, route);
    const CnOrigin *from = routes->from;
    if (from == NULL || from->area != person->area) {
        cn_origin_init(origin, routes->directory->listing->reference->gazetteer,
                       &routes->policy->speeds, person->area);
        from = origin;
    }
    return (CnQuestion){.listing = routes->directory->listing,
                        .policy = routes->policy,
                        .person = person,
                        .need = &g_array_index(person->needs, CnNeed, route->need),
                        .origin = person->area != CN_AREA_NONE ? from : NULL,
                        .plug = cn_plugged_from(routes->plugged, person->area),
                        .companions = &route->companions,
                        .now_s = routes->now_s,
                        .today = cn_date_of(routes->now_s),
                        .at_min = cn_minute_of_week(routes->at_s),
                        .include_unconfirmed = routes->options.include_unconfirmed,
                        .checked = routes->options.checked,
                        .include_unknown_capacity = routes->options.include_unknown_capacity};
}

void
carenet_route_options_init(carenet_route_options *options)
{
    if (options != NULL)
        *options = (carenet_route_options){
            .size = sizeof *options, .top = 3, .at_s = G_MININT64, .now_s = G_MININT64};
}

static gboolean
check_why_not(const CnDirectory *directory, const char *id, GError **error)
{
    return id == NULL || cn_listing_provider(directory->listing, id) >= 0 ||
           cn_listing_offering(directory->listing, id) >= 0 ||
           cn_directory_fail_unknown(directory, id, error);
}

/* By offering; NULL where none count. */
static gint64 *
read_prices(const CnDirectory *directory, const CnPlan *plan)
{
    if (plan == NULL)
        return NULL;
    gint64 *prices = g_new0(gint64, MAX(directory->listing->offerings_len, 1));
    for (guint i = 0; i < plan->prices->len; i++) {
        const CnPlanPrice *price = cn_plan_price_at(plan, i);
        const gint offering = cn_listing_offering(directory->listing, price->offering);
        if (offering >= 0)
            prices[offering] = price->price;
    }
    return prices;
}

static CnRoutes *
new_routes(const CnDirectory *directory,
           const CnPolicy *policy,
           CnPlugged *plugged,
           const carenet_cases *cases,
           const carenet_route_options *options)
{
    CnRoutes *routes = g_new0(CnRoutes, 1);
    g_atomic_ref_count_init(&routes->refs);
    /* Records are immutable for everybody; only their counts move. */
    routes->directory = carenet_directory_ref((CnDirectory *)directory);
    routes->policy = carenet_policy_ref((CnPolicy *)policy);
    routes->cases = carenet_cases_ref((carenet_cases *)cases);
    routes->plugged = cn_plugged_ref(plugged);
    routes->prices = read_prices(directory, options->prices);
    routes->options = *options;
    routes->options.prices = NULL;
    routes->options.why_not = g_strdup(options->why_not);
    routes->options.checked = g_strdup(options->checked);
    routes->now_s =
        options->now_s != G_MININT64 ? options->now_s : g_get_real_time() / G_USEC_PER_SEC;
    routes->at_s = options->at_s != G_MININT64 ? options->at_s : routes->now_s;
    routes->needs = g_ptr_array_new_with_free_func(cn_need_route_free);
    cn_circles_init(&routes->circles, cases->cases);
    return routes;
}

CnRoutes *
cn_route(const CnDirectory *directory,
         const CnPolicy *policy,
         CnPlugged *plugged,
         const carenet_cases *cases,
         const carenet_route_options *options)
{
    return cn_route_from(directory, policy, plugged, cases, options, NULL);
}

CnRoutes *
cn_route_from(const CnDirectory *directory,
              const CnPolicy *policy,
              CnPlugged *plugged,
              const carenet_cases *cases,
              const carenet_route_options *options,
              const CnOrigin *from)
{
    CnRoutes *routes = new_routes(directory, policy, plugged, cases, options);
    routes->from = from;
    for (guint i = 0; i < cases->cases->len; i++) {
        const CnCase *person = g_ptr_array_index(cases->cases, i);
        for (guint k = 0; k < person->needs->len; k++)
            cn_route_need(routes, i, k);
    }
    return routes;
}

carenet_routes *
carenet_route(const carenet_directory *directory,
              const carenet_policy *policy,
              const carenet_cases *cases,
              const carenet_route_options *options,
              carenet_error **error)
{
    carenet_route_options own;
    CN_REQUIRE_GIVEN(directory, error, NULL);
    CN_REQUIRE_GIVEN(policy, error, NULL);
    CN_REQUIRE_GIVEN(cases, error, NULL);
    if (!cn_directory_share(G_STRFUNC, directory, policy, cases, error))
        return NULL;
    carenet_route_options_init(&own);
    CN_ADOPT(options, &own, error, NULL);
    CN_REQUIRE(cn_instant_is_usable(own.now_s), CN_INSTANT_WRONG("now_s"), error, NULL);
    CN_REQUIRE(cn_instant_is_usable(own.at_s), CN_INSTANT_WRONG("at_s"), error, NULL);
    if (!cn_directory_complete(directory, error) ||
        !cn_directory_knows_avoided(directory, cases, error))
        return NULL;
    if (!check_why_not(directory, own.why_not, error))
        return NULL;
    if (cases->cases->len > CN_ROUTE_CASES_MOST) {
        cn_error_set(error, CARENET_ERROR_TOO_LARGE, "at most %d cases are routed one by one",
                     CN_ROUTE_CASES_MOST);
        cn_error_hint(error, "route them together: carenet batch, carenet_batch()");
        return NULL;
    }
    g_autoptr(CnPlugged) plugged = NULL;
    if (!cn_plug_cases(directory, policy, cases, &plugged, error))
        return NULL;
    return cn_route(directory, policy, plugged, cases, &own);
}

carenet_routes *
carenet_routes_ref(carenet_routes *routes)
{
    if (routes != NULL)
        g_atomic_ref_count_inc(&routes->refs);
    return routes;
}

void
carenet_routes_unref(carenet_routes *routes)
{
    if (routes == NULL || !g_atomic_ref_count_dec(&routes->refs))
        return;
    g_ptr_array_unref(routes->needs);
    cn_circles_clear(&routes->circles);
    g_free((gpointer)routes->options.why_not);
    cn_plugged_unref(routes->plugged);
    g_free(routes->prices);
    g_free((gpointer)routes->options.checked);
    carenet_cases_unref(routes->cases);
    carenet_policy_unref(routes->policy);
    carenet_directory_unref(routes->directory);
    g_free(routes);
}

size_t
carenet_routes_needs_len(const carenet_routes *routes)
{
    return routes != NULL ? routes->needs->len : 0;
}

size_t
carenet_routes_unmet_len(const carenet_routes *routes)
{
    size_t unmet = 0;
    for (guint i = 0; routes != NULL && i < routes->needs->len; i++)
        unmet += cn_routes_need(routes, i)->free == 0;
    return unmet;
}
