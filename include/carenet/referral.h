/**
 * Referrals: a need of a case sent to an offering, and what becomes of it.
 *
 *     carenet_acting acting;
 *     carenet_acting_init(&acting);
 *     acting.actor = "intake-desk-1";
 *     carenet_referral_options to;
 *     carenet_referral_options_init(&to);
 *     to.offering = "ex-nmn-014/trauma-therapy";
 *     rows = carenet_referral_send(store, cases, 0, &to, &acting, &error);
 *     carenet_table_unref(rows);
 *     rows = carenet_referral_accept(store, "R-1", &acting, &error);
 *
 * - draft -> sent -> received -> accepted -> started -> completed | not-completed
 *   sent, received -> declined | redirected | waitlisted | expired (by the clock)
 *   waitlisted -> sent (a place is offered) | redirected;  any open state -> cancelled
 *
 * sent and received hold a place until an instant, accepted and started occupy it, every other state
 * takes none. A verb that the state does not allow is the error `state`, which names it. Nothing goes to
 * a provider without consent in scope (`refused`), except in an emergency, for services that the policy
 * exempts, and on a lawful ground that is written down. Thread rule and transactions: as in ledger.h.
 *
 * What every function that changes a referral returns is one row: id, case, need, service, offering,
 * provider, urgency, units, state, hold_until, position (on the waiting list), reason, basis, from (the
 * state before, null for a new one), redirected_to, redirected_from, offered (a list of referrals that
 * got a place that came free), replayed, dry_run, next (what to do next).
 */
#ifndef CARENET_REFERRAL_H
#define CARENET_REFERRAL_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/case.h>
#include <carenet/error.h>
#include <carenet/ledger.h>
#include <carenet/store.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a need is sent. Since: 0.1 */
typedef struct {
    size_t size; /**< set by carenet_referral_options_init() */
    const char
        *service; /**< id of the service that is needed: a need of the case; NULL where the case
                               has one need only */
    const char *offering; /**< required: where to */
    int64_t hold_s;       /**< how long the provider may take to answer, seconds; 0: two days */
    const char *ground;   /**< nullable: consent is not waited for, on the lawful ground
                               "imminent-danger", "mandatory-report", "court-order" or
                               "best-interest" */
    bool waitlist;        /**< wait for a place where none is free */
    bool draft;           /**< write it down and send nothing; no place is held */
} carenet_referral_options;

/** Which referrals to list. Since: 0.1 */
typedef struct {
    size_t size;          /**< set by carenet_referral_query_init() */
    const char *case_ref; /**< NULL: all */
    const char *provider;
    const char *offering;
    const char *state;
    bool open;     /**< only those that have not ended */
    size_t limit;  /**< 0: all */
    int64_t now_s; /**< as in carenet_acting */
} carenet_referral_query;

/** Fills `options` with the defaults. Since: 0.1 */
CARENET_API void carenet_referral_options_init(carenet_referral_options *options);

/** Fills `query` with "all". Since: 0.1 */
CARENET_API void carenet_referral_query_init(carenet_referral_query *query);

/** Sends a need of the case `i` (from 0) to an offering. The check for a free place, the hold and the
 *  audit record are one transaction. Errors: invalid-argument, not-found, capacity (full, or nobody
 *  knows), refused (consent, a suspended or invented provider), state (the provider takes nobody),
 *  conflict (the key was used for another request, or
 *  the case has an open referral for that need to that offering), busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_send(carenet_store *store,
                                                 const carenet_cases *cases,
                                                 size_t i,
                                                 const carenet_referral_options *options,
                                                 const carenet_acting *acting,
                                                 carenet_error **error);

/** Sends the draft `id`. `hold_s` and `ground` as in carenet_referral_options. Errors: those of
 *  carenet_referral_send(), state. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_send_draft(carenet_store *store,
                                                       const char *id,
                                                       int64_t hold_s,
                                                       const char *ground,
                                                       const carenet_acting *acting,
                                                       carenet_error **error);

/** The provider has the referral. Errors: not-found, state, refused (consent was withdrawn or has
 *  expired), conflict, busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_receive(carenet_store *store,
                                                    const char *id,
                                                    const carenet_acting *acting,
                                                    carenet_error **error);

/** The provider takes the survivor in: the held place is occupied. Errors: not-found, state, conflict,
 *  busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_accept(carenet_store *store,
                                                   const char *id,
                                                   const carenet_acting *acting,
                                                   carenet_error **error);

/** Help has begun. Errors: as carenet_referral_accept(). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_start(carenet_store *store,
                                                  const char *id,
                                                  const carenet_acting *acting,
                                                  carenet_error **error);

/** The provider says no, for a `reason` of the list (carenet_referral_reason()); the place is given back.
 *  Errors: as carenet_referral_accept(), invalid-argument. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_decline(carenet_store *store,
                                                    const char *id,
                                                    const char *reason,
                                                    const carenet_acting *acting,
                                                    carenet_error **error);

/** Sends the need to another `offering` and ends this referral; the new one (`redirected_to`) tells where
 *  it came from. `reason` is nullable. Errors: those of carenet_referral_send(), state.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_redirect(carenet_store *store,
                                                     const char *id,
                                                     const char *offering,
                                                     const char *reason,
                                                     const carenet_acting *acting,
                                                     carenet_error **error);

/** Waits for a place: the order is urgency, then time. Errors: as carenet_referral_receive().
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_waitlist(carenet_store *store,
                                                     const char *id,
                                                     const carenet_acting *acting,
                                                     carenet_error **error);

/** Help has ended with an `outcome` ("met", "partly-met", "ended"; nullable), or, where `reason` is given,
 *  could not be completed. Its place is free. Errors: as carenet_referral_accept(), invalid-argument.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_complete(carenet_store *store,
                                                     const char *id,
                                                     const char *outcome,
                                                     const char *reason,
                                                     const carenet_acting *acting,
                                                     carenet_error **error);

/** Calls an open referral off, for a `reason` of the list; its place is given back. Errors: as
 *  carenet_referral_accept(), invalid-argument. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_cancel(carenet_store *store,
                                                   const char *id,
                                                   const char *reason,
                                                   const carenet_acting *acting,
                                                   carenet_error **error);

/** The referral `id` as of `now_s` (as in carenet_acting): one row as in carenet_referral_list(). What
 *  happened to it is `*out_history` (nullable): at, actor, from, to, reason, by_phone, record.
 *  Errors: not-found, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_get(carenet_store *store,
                                                const char *id,
                                                int64_t now_s,
                                                carenet_table **out_history,
                                                carenet_error **error);

/** Referrals, newest first: id, case, need, service, offering, provider, urgency, units, state, hold_until,
 *  position, reason, basis, redirected_from, created, changed, sent (or put on the waiting list, for the
 *  first time), started, home (PSGC code of the region of the survivor; null: not known, or erased).
 *  Nobody found is an empty table.
 *  Errors: invalid-argument, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_list(carenet_store *store,
                                                 const carenet_referral_query *query,
                                                 carenet_error **error);

/** Reason `i` (from 0) of the list of coded reasons, or NULL beyond its end. (static) Since: 0.1 */
CARENET_API const char *carenet_referral_reason(size_t i);

#ifdef __cplusplus
}
#endif

#endif
