/**
 * Applying a plan: its assignments become referrals.
 *
 *     carenet_acting acting;
 *     carenet_acting_init(&acting);
 *     acting.actor = "intake-desk-1";
 *     carenet_plan *plan = carenet_plan_load("plan.json", &error);
 *     carenet_table *rows = carenet_plan_apply(plan, store, NULL, cases, NULL, &acting, &error);
 *     char *again = rows != NULL ? carenet_plan_lost(cases, rows, &error) : NULL;
 *     carenet_free(again);
 *     carenet_table_unref(rows);
 *     carenet_plan_unref(plan);
 *
 * Between a plan and its application places are taken by others and providers change: so every hard rule is
 * looked at once more by the directory of this moment, and places are looked at in the transaction that
 * stores the referral. Whoever loses is told, and routed again. As drafts (the default) nothing leaves and
 * nothing is held: a person sends each one; drafts count against each other, so that together they never
 * ask for more than is free. Sent at once, places are held.
 *
 * A plan is its own request key: applied twice it sends nothing twice, and after a crash the same call does
 * the rest. Thread rule: as for stores.
 */
#ifndef CARENET_APPLY_H
#define CARENET_APPLY_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/batch.h>
#include <carenet/case.h>
#include <carenet/directory.h>
#include <carenet/error.h>
#include <carenet/ledger.h>
#include <carenet/plan.h>
#include <carenet/policy.h>
#include <carenet/store.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a plan is applied. Since: 0.1 */
typedef struct {
    size_t size;            /**< set by carenet_apply_options_init() */
    bool send;              /**< send at once, with consent and places held; else write drafts */
    int64_t hold_s;         /**< how long a provider may take to answer, seconds; 0: two days */
    carenet_cancel *cancel; /**< nullable; looked at between transactions */
    /** Called between transactions; nullable. False stops. */
    bool (*progress)(const carenet_progress *progress, void *user);
    void *progress_user;
} carenet_apply_options;

/** Fills `options` with the defaults: drafts. Since: 0.1 */
CARENET_API void carenet_apply_options_init(carenet_apply_options *options);

/** The directory as it is now, for a plan that is to be applied: places that open drafts ask for count as
 *  held, so that nobody is planned into them. Cost: as carenet_directory_load(). Errors: storage, corrupt.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_to_apply(carenet_store *store,
                                                          carenet_error **error);

/** Makes a referral of every assignment of the plan, the most urgent first, in transactions of at most
 *  some dozens of referrals; siblings who must stay together go together or not at all. `policy` is
 *  nullable: that of the store; `options` is nullable; `acting->key` must be NULL. One row an assignment
 *  in the order of the plan: case, need (its number in the case), service, provider, offering, units,
 *  state, referral, reason, detail, offered (referrals of others that got a place that came free meanwhile),
 *  dry_run. `state` is "drafted" or "sent"; "already" (this plan was applied before, or the need has an open
 *  referral: `referral` names it); "lost" (`reason` is a rule of `carenet terms reasons`, or
 *  "case-changed"); "left" (stopped before it). On an error what was stored before it stays: call again with
 *  the same plan. Errors: invalid-argument, invalid-data (as carenet_batch()), refused (a plan of a demonstration for a live store, or the other
 *  way round), busy (also where the directory changes all the time), storage. Cost: O(assignments).
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_plan_apply(const carenet_plan *plan,
                                              carenet_store *store,
                                              const carenet_policy *policy,
                                              const carenet_cases *cases,
                                              const carenet_apply_options *options,
                                              const carenet_acting *acting,
                                              carenet_error **error);

/** The needs that `applied`, a table of carenet_plan_apply(), calls lost, as a list of cases in NDJSON that
 *  carenet_cases_read() takes: to be routed again. Who must be kept apart from somebody of the list avoids
 *  the providers where that one goes. It holds facts of cases; empty text where nothing is lost. Errors:
 *  invalid-argument. (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_plan_lost(const carenet_cases *cases,
                                    const carenet_table *applied,
                                    carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
