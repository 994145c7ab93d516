/**
 * Plans: the answer of batch routing for a whole list of cases, with what proves it.
 *
 *     carenet_plan *plan = carenet_plan_load("plan.json", &error);
 *     carenet_table *found = carenet_plan_check(plan, directory, policy, cases, NULL, &error);
 *     carenet_table *unmet = carenet_plan_table(plan, CARENET_PLAN_UNMET);
 *     carenet_table_unref(unmet);
 *     carenet_table_unref(found);
 *     carenet_plan_unref(plan);
 *
 * A plan is a proposal for a case conference: nothing is reserved or sent. It is immutable; any number
 * of threads may use it. It knows cases by their reference only. docs/plan-file.md describes the file.
 */
#ifndef CARENET_PLAN_H
#define CARENET_PLAN_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/case.h>
#include <carenet/directory.h>
#include <carenet/error.h>
#include <carenet/policy.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A plan; immutable, reference-counted. Since: 0.1 */
typedef struct carenet_plan carenet_plan;

/** What is known of a plan. Since: 0.1 */
typedef enum {
    CARENET_PLAN_FEASIBLE = 0, /**< it breaks no rule; how far it may be from the best is its gap */
    CARENET_PLAN_OPTIMAL = 1   /**< there is no better one: the gap is 0 */
} carenet_plan_status;

/** What ended the search before the proof. Since: 0.1 */
typedef enum {
    CARENET_STOPPED_NOT = 0,
    CARENET_STOPPED_BY_TIME = 1,
    CARENET_STOPPED_BY_WORK = 2,
    CARENET_STOPPED_BY_USER = 3
} carenet_stopped;

/** How good a plan is, or how good any plan could be: compared level by level, fewest unmet units of
 *  emergency needs first, then urgent, then routine, then least cost. Since: 0.1 */
typedef struct {
    int64_t emergency; /**< unmet units */
    int64_t urgent;
    int64_t routine;
    int64_t cost; /**< of all assignments, as the policy counts */
} carenet_plan_value;

/** A part of a plan as a table. Since: 0.1 */
typedef enum {
    CARENET_PLAN_ASSIGNMENTS =
        1,                    /**< case, need (its number in the case, from 1), service, provider,
                                       offering, units, cost, pinned; by case, then need */
    CARENET_PLAN_UNMET = 2,   /**< case, need, service, urgency, units, reason, detail; by case,
                                       then need */
    CARENET_PLAN_CHANGES = 3, /**< case, need, kind, offering, field, from, to: the edits that would
                                       place an unmet need */
    CARENET_PLAN_FUNNEL = 4,  /**< service, needed, offered, eligible, reachable, free, placed:
                                       for how many units somebody is left at each stage */
    CARENET_PLAN_PRICES = 5,  /**< offering, price: what one more place there is worth; offerings
                                       that are not here are worth 0. By a policy with fairness
                                       what one place is asked for, its use included */
    CARENET_PLAN_NEEDS = 6, /**< every need: case, need, service, placed, provider, offering, units,
                                       cost, pinned, urgency (of an unmet one), reason, detail */
    CARENET_PLAN_KEPT = 7, /**< who was placed by the plan whose places were to be kept: case, need,
                                       service, offering (where), state (stays, moved, released),
                                       reason (of a release), to (where now; null: nobody takes it) */
    CARENET_PLAN_QUOTAS =
        8 /**< the quotas of the policy, by kind, then id: kind (offering, provider,
                                       area), id (of an area its code), name (in words), places, used
                                       (units of the plan), told (whether what follows is known),
                                       emergency, urgent, routine, cost (one more place under it lowers
                                       the bound by no more, compared level by level; what is saved in
                                       one may be lost in those after it; null: not known, it would
                                       let in somebody who needs them all), worth (the same in words;
                                       null: nothing, or not known) */
} carenet_plan_part;

/** Reads a plan from JSON text of `len` bytes; `name` stands for the file in errors. Every damage is an
 *  error that names its place. Errors: parse, version, invalid-data. (transfer full) Since: 0.1 */
CARENET_API carenet_plan *carenet_plan_parse(const char *text,
                                             size_t len,
                                             const char *name,
                                             carenet_error **error);

/** The same from a file. Errors: io, too-large and those of carenet_plan_parse(). (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_plan *carenet_plan_load(const char *path, carenet_error **error);

/** Writes the plan to a file that only its owner can read: the whole file, or nothing. A file that is
 *  there is replaced with `replace`, else it is an error. Errors: conflict, io, storage. Since: 0.1 */
CARENET_API bool carenet_plan_save(const carenet_plan *plan,
                                   const char *path,
                                   bool replace,
                                   carenet_error **error);

/** The plan as JSON, schema "carenet.plan/1". (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_plan_to_json(const carenet_plan *plan);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_plan *carenet_plan_ref(carenet_plan *plan);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_plan_unref(carenet_plan *plan);

/** Whether it is proven to be the best. Since: 0.1 */
CARENET_API carenet_plan_status carenet_plan_get_status(const carenet_plan *plan);

/** What ended the search. Since: 0.1 */
CARENET_API carenet_stopped carenet_plan_get_stopped(const carenet_plan *plan);

/** How good it is. Since: 0.1 */
CARENET_API carenet_plan_value carenet_plan_objective(const carenet_plan *plan);

/** No plan for the same question is better than this. Since: 0.1 */
CARENET_API carenet_plan_value carenet_plan_bound(const carenet_plan *plan);

/** How far the objective may be from the best in the first level that is not proven, as a share of what
 *  it is there: 0.01 is one percent; 0 is proven. Since: 0.1 */
CARENET_API double carenet_plan_gap(const carenet_plan *plan);

/** The level that the gap is about ("emergency", "urgent", "routine", "cost"); NULL where it is 0.
 *  Since: 0.1 */
CARENET_API const char *carenet_plan_gap_level(const carenet_plan *plan);

/** Whether the search looked at every way to place families, bundles and needs of several units that could have been
 *  better: then no plan for the same question is, though the gap says that the bound does not prove it. This is
 *  the word of the search, which carenet_plan_check() does not repeat. FALSE of plans that are proven, and of long
 *  lists, for which that would take too long. Since: 0.1 */
CARENET_API bool carenet_plan_is_searched(const carenet_plan *plan);

/** The number of assignments. Since: 0.1 */
CARENET_API size_t carenet_plan_assignments_len(const carenet_plan *plan);

/** The number of needs that nobody takes. Since: 0.1 */
CARENET_API size_t carenet_plan_unmet_len(const carenet_plan *plan);

/** How many of them are told without a reason, since the run was stopped before it was looked for: the plan
 * may be optimal all the same. 0 where no reasons were asked for. Since: 0.1 */
CARENET_API size_t carenet_plan_unexplained_len(const carenet_plan *plan);

/** The id of the policy that it was made by. Borrowed. Since: 0.1 */
CARENET_API const char *carenet_plan_policy_id(const carenet_plan *plan);

/** The digest of the directory that it was made from. Borrowed. Since: 0.1 */
CARENET_API const char *carenet_plan_directory_digest(const carenet_plan *plan);

/** The instant for which it was made, in seconds. Since: 0.1 */
CARENET_API int64_t carenet_plan_now(const carenet_plan *plan);

/** One part of the plan; NULL for an unknown part. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_plan_table(const carenet_plan *plan, carenet_plan_part part);

/** How to check. Since: 0.1 */
typedef struct {
    size_t size;              /**< set by carenet_plan_check_options_init() */
    uint32_t threads;         /**< 1 to 64; default 1: the library makes no thread unasked */
    const carenet_plan *keep; /**< the plan whose places were kept: that it is this one is checked,
                                   too; nullable */
} carenet_plan_check_options;

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_plan_check_options_init(carenet_plan_check_options *options);

/** Proves a plan anew, from nothing but the plan, the directory, the policy and the cases, and without
 *  any part of what made it but the rules and the costs: that it belongs to them, that every need
 *  stands once, every hard rule, the places, who keeps a former place and how many moved, every cost, the
 *  counts, and that the prices prove the bound over every pair of need and offering; last, that the unmet
 *  needs are unmet for the reasons that the plan tells, with the words, edits and funnel that are found anew
 *  (which needs are pinned is taken from the plan). One row a check, in that order, with the columns check,
 *  ok, detail; the first one that fails is the last row. Cost: O(different needs * offerings of their
 *  service). `options` is nullable. Errors: invalid-argument. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_plan_check(const carenet_plan *plan,
                                              const carenet_directory *directory,
                                              const carenet_policy *policy,
                                              const carenet_cases *cases,
                                              const carenet_plan_check_options *options,
                                              carenet_error **error);

/** Why a case got what the plan says: one row an offering that its needs could meet, with the columns
 *  case, need, service, offering, provider, name, state (chosen, free, full, refused), cost, price, lines
 *  (texts such as "travel 12"), reason, detail; chosen first, then by cost and price, then the refused. An
 *  offering that has no place for all who go together any more is full, and its price is what one more place is
 *  worth. One that is refused because of where the plan has siblings, co-victims or other needs of the case has a
 *  cost and a price, too.
 *  `why_not` (nullable) is an offering or provider that is listed also where it was never offered.
 *  Errors: invalid-argument, not-found (the case or `why_not`), conflict (the plan was made from
 *  another directory, policy or list of cases). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_plan_explain(const carenet_plan *plan,
                                                const carenet_directory *directory,
                                                const carenet_policy *policy,
                                                const carenet_cases *cases,
                                                const char *ref,
                                                const char *why_not,
                                                carenet_error **error);

/** The same in sentences, for reading aloud. Errors: as carenet_plan_explain(). (transfer full,
 *  carenet_free) Since: 0.1 */
CARENET_API char *carenet_plan_explain_text(const carenet_plan *plan,
                                            const carenet_directory *directory,
                                            const carenet_policy *policy,
                                            const carenet_cases *cases,
                                            const char *ref,
                                            carenet_error **error);

/** What is different in `b`: one row a need, with the columns case, need, service, change (moved, placed,
 *  lost, added, removed, cost), from, to (offerings; null: nobody), cost_from, cost_to. Warnings say where
 *  the two were made from another directory, policy or list of cases. Errors: invalid-argument.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_plans_compare(const carenet_plan *a,
                                                 const carenet_plan *b,
                                                 carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
