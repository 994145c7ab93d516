/**
 * Batch routing: everybody of a list at once, with a proof that no better plan exists.
 *
 *     carenet_batch_options run;
 *     carenet_batch_options_init(&run);
 *     run.threads = 2;
 *     carenet_plan *plan = NULL;
 *     if (carenet_batch(directory, policy, cases, &run, &plan, &error))
 *         carenet_plan_save(plan, "plan.json", false, &error);
 *
 * Fewest unmet emergency needs come first, then urgent, then routine, then least cost: level by level.
 * The answer depends on the arguments only: not on the number of threads nor on the order of the list.
 * docs/plan-file.md says what proves it.
 */
#ifndef CARENET_BATCH_H
#define CARENET_BATCH_H

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

/** A handle with which another thread, or a handler of signals, stops a run. Since: 0.1 */
typedef struct carenet_cancel carenet_cancel;

/** A handle that asks for nothing yet. (transfer full) Since: 0.1 */
CARENET_API carenet_cancel *carenet_cancel_new(void);

/** Asks every run that has the handle to stop with the best that it has. Any thread, any number of
 *  times; safe in a handler of signals. Since: 0.1 */
CARENET_API void carenet_cancel_request(carenet_cancel *cancel);

/** Whether it was asked for. Since: 0.1 */
CARENET_API bool carenet_cancel_is_requested(const carenet_cancel *cancel);

/** Frees the handle, which no run may use any more; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_cancel_free(carenet_cancel *cancel);

/** Where a run is. Since: 0.1 */
typedef struct {
    size_t size;       /**< of this struct */
    const char *stage; /**< "search", then "reasons": of the unmet, and what would place them */
    double done;       /**< the share that is done, roughly; 0 to 1 */
    size_t needs_len;  /**< needs of the list */
} carenet_progress;

/** A need that shall go to an offering whatever it costs. Since: 0.1 */
typedef struct {
    const char *ref;      /**< of the case */
    size_t need;          /**< its number in the case, from 1 */
    const char *offering; /**< id */
} carenet_pin;

/** Pins from a file. Since: 0.1 */
typedef struct carenet_pins carenet_pins;

/** Reads pins: CSV with the columns ref, need and offering. `*out_issues` (nullable) lists what is wrong.
 *  Errors: io, too-large, invalid-data. (transfer full) Since: 0.1 */
CARENET_API carenet_pins *carenet_pins_load(const char *path,
                                            carenet_table **out_issues,
                                            carenet_error **error);

/** The pins, borrowed; `*out_len` (nullable) is how many. NULL for NULL. Since: 0.1 */
CARENET_API const carenet_pin *carenet_pins_get(const carenet_pins *pins, size_t *out_len);

/** Frees the pins; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_pins_free(carenet_pins *pins);

/** How to run. Since: 0.1 */
typedef struct {
    size_t size;                   /**< set by carenet_batch_options_init() */
    bool include_unconfirmed;      /**< also providers that nobody has confirmed */
    bool include_unknown_capacity; /**< also offerings whose free places nobody knows */
    int64_t at_s;                  /**< when intake must be open, as `now_s`; INT64_MIN: `now_s` */
    int64_t now_s;    /**< the present instant, seconds since 1970 UTC (the years 1900 to 2199);
                        INT64_MIN: the system clock */
    uint32_t threads; /**< 1 to 64; default 1: the library makes no thread unasked */
    uint64_t
        work_limit; /**< pairs to look at before the best so far is taken; the same answer on every
                               machine; 0 no limit */
    double
        time_limit_s; /**< seconds that the call may take, all of it; 0 no limit. The search ends early
                             enough for the plan to be made, and where the time is over reasons are no
                             longer looked for: such unmet needs have no detail. What must be done in any
                             case (grouping the needs, their costs) is done: about 10 s a million needs */
    const carenet_pin *pins;
    size_t pins_len;
    bool
        skip_reasons; /**< do not look for the reasons of the unmet nor for what would place them */
    const carenet_plan
        *former; /**< a plan whose prices and places to begin with: quicker, and as good,
                                   though ties may fall otherwise; NULL */
    const carenet_plan
        *keep;              /**< a former plan: whoever it placed stays there, unless the place can
                                   take them no more; NULL: nobody is asked to stay */
    uint64_t max_moves;     /**< so many of those who could stay may leave where that is better */
    carenet_cancel *cancel; /**< nullable; ends the search, and the looking for reasons */
    /** Called now and then, from one thread at a time, not always the caller's; nullable. False stops the
     *  run. */
    bool (*progress)(const carenet_progress *progress, void *user);
    void *progress_user;
} carenet_batch_options;

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_batch_options_init(carenet_batch_options *options);

/** Routes every need of every case together and puts the plan into `*out_plan` (transfer full). A run
 *  that is stopped by a limit or by hand returns true with a feasible plan and its bound. `options` is
 *  nullable. Errors: invalid-argument, not-found and conflict (a pin that names nobody, or breaks a hard
 *  rule), invalid-data (an id under `avoid` or `offender` that the directory does not know), too-large.
 *  Cost: see docs/benchmarks.md; memory O(cases + offerings). Since: 0.1 */
CARENET_API bool carenet_batch(const carenet_directory *directory,
                               const carenet_policy *policy,
                               const carenet_cases *cases,
                               const carenet_batch_options *options,
                               carenet_plan **out_plan,
                               carenet_error **error);

/** How to look for gaps. Since: 0.1 */
typedef struct {
    size_t size;     /**< set by carenet_gaps_options_init() */
    bool by_service; /**< one row a service */
    bool by_region;  /**< one row a region where the survivors are */
    size_t top; /**< for so many rows the true effect of one more place is worked out; 0 to 1000 */
    uint32_t threads; /**< 1 to 64; default 1 */
} carenet_gaps_options;

/** Fills `options` with the defaults: by service and region, top 5. Since: 0.1 */
CARENET_API void carenet_gaps_options_init(carenet_gaps_options *options);

/** Where places are missing, most urgent first: one row a service and region, with the columns service,
 *  region, needed, placed, unmet, emergency, urgent, routine (units), offering (where a place is dearest),
 *  price (what the plan's prices say that one more place there is worth), placed_by_one and cost_by_one
 *  (what one more place really does: units placed more, and cost added, solved anew; for the first `top`
 *  rows), reason (the first binding reason of most of the unmet units; null where all are placed). What one
 *  more place under a quota saves at most, the plan itself tells (CARENET_PLAN_QUOTAS). Errors:
 *  invalid-argument, conflict (the plan was made from others). Cost: one run for each of the first rows.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_plan_gaps(const carenet_plan *plan,
                                             const carenet_directory *directory,
                                             const carenet_policy *policy,
                                             const carenet_cases *cases,
                                             const carenet_gaps_options *options,
                                             carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
