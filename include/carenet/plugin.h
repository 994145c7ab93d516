/**
 * Plug-ins: travel times, costs and refusals of your own, asked once an origin for all offerings.
 *
 *     bool road_minutes(const carenet_origin *from, const carenet_destinations *to, double *minutes,
 *                       void *user); // yours: fills minutes[0] to minutes[to->len - 1]
 *     carenet_plugin plugin;
 *     carenet_plugin_init(&plugin);
 *     plugin.name = "osrm-2026-10", plugin.travel = road_minutes;
 *     carenet_policy *own = carenet_policy_with_plugins(policy, &plugin, 1, &error);
 *     carenet_policy_unref(own);
 *
 * Whatever takes the policy then asks the plug-ins: find, route, batch, check, explain and gaps, with the
 * same answers. Travel replaces the minutes of the model; a score adds to the cost, as a line with the
 * plug-in's name; a filter removes offerings, with the reason `plug-in`. None of them can make an
 * offering eligible that a hard rule refuses, so explanations stay true.
 *
 * **When and where they are called.** At the beginning of each call that takes the policy: once for each
 * place where a case of the call lives (and once for cases that name none), in the order of the
 * gazetteer, one after the other, in the thread of the caller. Never from the threads of a run, never a pair
 * at a time, and not again until the next call. carenet_plan_gaps() is one such call for each row that it
 * solves anew. A policy that several threads use calls its plug-ins from all of them, perhaps at once.
 *
 * **What they see.** What everybody may see: a restricted provider stands at the point of the area where
 * it is shown.
 *
 * **What they must do.** Give the same answer to the same question: a plan is checked by asking again. Two
 * plug-ins that answer differently need different names, since a plan remembers names.
 */
#ifndef CARENET_PLUGIN_H
#define CARENET_PLUGIN_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

/** At most so many plug-ins a policy. Since: 0.1 */
#define CARENET_PLUGINS_MOST 8

/** Where the survivors are about whom it is asked. Since: 0.1 */
typedef struct {
    size_t size;      /**< of this struct */
    const char *area; /**< code of the place; NULL: the cases name none */
    const char *name; /**< of the place; NULL with `area` */
    double lat_deg;   /**< WGS 84; NAN where it is not known */
    double lon_deg;   /**< the same */
} carenet_origin;

/** The offerings that are asked about: arrays of `len` entries, borrowed for the call. Since: 0.1 */
typedef struct {
    size_t size; /**< of this struct */
    size_t len;
    const char *const *offering; /**< ids */
    const char *const *provider; /**< ids */
    const char *const *service;  /**< ids, of what is offered */
    const char *const *area; /**< code of the place as it is shown; an entry is NULL where nobody
                                      knows */
    const double *lat_deg;   /**< WGS 84, as it is shown; NAN where nobody knows */
    const double *lon_deg;   /**< the same */
    const uint8_t *remote;   /**< 1: by phone or online. Travel is not asked about those */
    const int32_t
        *travel_min; /**< whole minutes from the origin, by the plug-in for travel where there
                                      is one; 0 remote, -1 no way is known, or the cases name no place.
                                      NULL for travel */
} carenet_destinations;

/** A plug-in: one to three callbacks under one name. Each returns false where it has no answer; the call
 *  that asked then fails. Since: 0.1 */
typedef struct {
    size_t size; /**< set by carenet_plugin_init() */
    const char
        *name; /**< 1 to 64 of a-z, 0-9, `-` and `.`, first a letter; not the name of a cost line
                             of carenet ("travel", "wait", ...) nor of another plug-in */
    const char
        *reason; /**< why its filter removes an offering, in words for people; NULL: no words */
    /** Fills `minutes`: 0 to 1,000,000, rounded up to whole minutes; INFINITY: no way is known. Entries
     *  that are left alone are an error, as are NAN and numbers below 0. Not asked where the cases name no
     *  place. One plug-in of a policy at most. */
    bool (*travel)(const carenet_origin *origin,
                   const carenet_destinations *destinations,
                   double *minutes,
                   void *user);
    /** Fills `costs`: 0 to 1,000,000, in the unit of the policy's weights (with the shipped policy: minutes
     *  of travel). Entries that are left alone are an error. */
    bool (*score)(const carenet_origin *origin,
                  const carenet_destinations *destinations,
                  int64_t *costs,
                  void *user);
    /** Sets entries of `removed` from 0 to 1. What a plug-in before it has removed comes as 1; to take a 1
     *  back is an error, as is any other number. */
    bool (*filter)(const carenet_origin *origin,
                   const carenet_destinations *destinations,
                   uint8_t *removed,
                   void *user);
    /** Called once, with `user`, when the last thing that could ask the plug-in is gone; from whatever
     *  thread. NULL: nothing to do. */
    void (*destroy)(void *user);
    void *user; /**< given to every callback */
} carenet_plugin;

/** Fills `plugin` with the defaults: nothing. Since: 0.1 */
CARENET_API void carenet_plugin_init(carenet_plugin *plugin);

/** The policy with 1 to CARENET_PLUGINS_MOST plug-ins, asked in this order. Its id is that of `policy` and
 *  the names, joined by "+"; its digest depends on `policy`, the names and what each of them does. It owns
 *  what `user` points to from now on (see `destroy`); on failure the caller still does. Answers that are
 *  no answers (above) make the call that asked fail with invalid-data, and the message names the plug-in.
 *  Memory of such a call: 4 bytes an offering that is asked about, its place of origin and callback.
 *  Errors: invalid-argument (names, numbers, a policy that has plug-ins already). (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_policy *carenet_policy_with_plugins(carenet_policy *policy,
                                                        const carenet_plugin *plugins,
                                                        size_t plugins_len,
                                                        carenet_error **error);

/** The number of plug-ins; 0 for NULL. Since: 0.1 */
CARENET_API size_t carenet_policy_plugins_len(const carenet_policy *policy);

/** The name of plug-in `i`, borrowed; NULL beyond the last. Since: 0.1 */
CARENET_API const char *carenet_policy_plugin_name(const carenet_policy *policy, size_t i);

#ifdef __cplusplus
}
#endif

#endif
