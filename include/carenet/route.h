/**
 * Routing one case, or a short list, one by one: who can really take each need, and why.
 *
 *     carenet_routes *routes =
 *         carenet_route(directory, policy, cases, NULL, &error);
 *     carenet_table *ranked = carenet_routes_table(routes, CARENET_ROUTES_RANKED);
 *     char *why = carenet_routes_explain(routes);
 *     carenet_table_unref(ranked);
 *     carenet_routes_unref(routes);
 *
 * A social worker decides; this proposes and explains. Nothing is reserved or sent. Results depend
 * on the arguments only: same directory, policy, cases and options, same bytes.
 */
#ifndef CARENET_ROUTE_H
#define CARENET_ROUTE_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/case.h>
#include <carenet/directory.h>
#include <carenet/error.h>
#include <carenet/plan.h>
#include <carenet/policy.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The answer for a list of cases; immutable, reference-counted. Since: 0.1 */
typedef struct carenet_routes carenet_routes;

/** How to route. Since: 0.1 */
typedef struct {
    size_t size;                   /**< set by carenet_route_options_init() */
    size_t top;                    /**< ranked offerings a need; 0 all; default 3 */
    bool include_unconfirmed;      /**< also providers that nobody has confirmed */
    bool include_unknown_capacity; /**< also offerings whose free places nobody knows */
    int64_t at_s;                  /**< when intake must be open, as `now_s`; INT64_MIN: `now_s` */
    int64_t now_s; /**< the present instant, seconds since 1970 UTC (the years 1900 to 2199);
                        INT64_MIN: the system clock */
    const carenet_plan
        *prices;         /**< a plan whose prices count beside the cost, such as that of a day
                                     like this one: a place that others will need is left to them. NULL:
                                     none count. Offerings that the directory does not have are passed
                                     over. Prices of a day on which places were missing say that each is
                                     worth a person, and make far places come before near ones */
    const char *why_not; /**< an offering or provider: listed in the refusals of every need, also
                              where it was never offered; NULL none */
    const char *checked; /**< a provider whose site somebody with the key has found safe for the
                              cases (carenet_site_check_safety()): the rule safety-check does not
                              refuse it; NULL none */
} carenet_route_options;

/** A part of the answer. Every table begins with the columns case and need (the number of the need
 *  in its case, from 1). Since: 0.1 */
typedef enum {
    CARENET_ROUTES_NEEDS = 1,  /**< service, urgency, units, offered, eligible, reachable, free,
                                    unmet (bool), reason, detail, advice */
    CARENET_ROUTES_RANKED = 2, /**< rank, provider, name, offering, service, cost, travel_min,
                                    travel_band, wait_days, free, availability, contact, notes; with
                                    `prices` also price: of the places that the need takes. Ranked by
                                    cost and price together */
    CARENET_ROUTES_LINES = 3,  /**< offering, name, value: they add up to the cost */
    CARENET_ROUTES_REFUSED =
        4, /**< provider, offering, reason, detail; reason = first rule broken */
    CARENET_ROUTES_CHANGES = 5 /**< kind, offering, field, from, to: the fewest edits to offerings
                                    that would place an unmet need */
} carenet_routes_part;

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_route_options_init(carenet_route_options *options);

/** Routes every need of every case on its own (siblings and co-victims of the list are looked at
 *  together), at most 100,000 cases. `options` is nullable. Errors: invalid-argument, not-found
 *  (`why_not`), invalid-data (an id under `avoid` or `offender` that the directory does not know),
 *  too-large. Cost: O(offerings at or below the services asked for). (transfer full) Since: 0.1 */
CARENET_API carenet_routes *carenet_route(const carenet_directory *directory,
                                          const carenet_policy *policy,
                                          const carenet_cases *cases,
                                          const carenet_route_options *options,
                                          carenet_error **error);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_routes *carenet_routes_ref(carenet_routes *routes);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_routes_unref(carenet_routes *routes);

/** The number of needs over all cases. Since: 0.1 */
CARENET_API size_t carenet_routes_needs_len(const carenet_routes *routes);

/** The number of needs that nobody in the directory can take. Since: 0.1 */
CARENET_API size_t carenet_routes_unmet_len(const carenet_routes *routes);

/** One part of the answer as a table; NULL for an unknown part. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_routes_table(const carenet_routes *routes,
                                                carenet_routes_part part);

/** The whole answer as JSON, schema "carenet.route/1"; NULL where there is no memory for it. (transfer full,
 *  carenet_free) Since: 0.1 */
CARENET_API char *carenet_routes_to_json(const carenet_routes *routes);

/** Why, in sentences: for each need what was chosen, from how many, at what cost; or why nobody can
 *  take it and what would have to change. (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_routes_explain(const carenet_routes *routes);

#ifdef __cplusplus
}
#endif

#endif
