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
 * carenet_referral_send() looks at every hard rule of routing itself, by what the store holds at that moment
 * and its policy: what `route` would refuse is refused, whoever asks. That needs the case, and a store keeps
 * nothing of its facts that can be read without the key of the network. So carenet_referral_send_draft() and
 * carenet_referral_redirect() look at what stands in the open only: whether the provider takes anybody, the
 * service, consent, places. A draft was looked at when it was written. Whoever sends one later, or
 * redirects, routes the case again before (carenet_route(), with `why_not`).
 *
 * What every function that changes a referral returns is one row: id, case, need, service, offering,
 * provider, urgency, units, state, hold_until, position (on the waiting list), reason, basis, from (the
 * state before, null for a new one), redirected_to, redirected_from, offered (a list of referrals that
 * got a place that came free), replayed, dry_run, next (what to do next), despite (a list of the rules that
 * it was sent despite, in words: "takes ages 7 to 21 [age]"; they are told once and not stored).
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
#include <carenet/key.h>
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
    const carenet_key *
        site_key; /**< nullable: the key of the network. Where an area to avoid lies within the one that
                        the provider shows (`safety-check`), the site is looked at with it */
    bool
        despite; /**< send it though a hard rule of routing speaks against it; never one of safety, nor
                        where the provider is closed or paused or gives another service */
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

/** Sends a need of the case `i` (from 0) to an offering, in one transaction, in this order:
 *
 *  1. The same request (`key` of carenet_acting) again gives the answer of the first time.
 *  2. Every hard rule of routing. Reasons of safety are `refused`, whatever the options say: suspended,
 *     offender, avoided, safety-check, co-victim, sibling-apart. Any other is `state`, unless `despite`. The
 *     message ends with the reason in brackets. Not looked at here: full, capacity-unknown and consent, which
 *     follow, and unconfirmed, since whoever sends has called. Plug-ins are not asked. The list of cases says
 *     who goes along and who must not meet whom, as in carenet_route(); where those are is what it says
 *     (`known_to`), and the open referrals of theirs that the store has, drafts among them.
 *  3. With `site_key`, and only where `safety-check` is all that speaks against it: whether the site lies
 *     where the case must not go, as carenet_site_check_safety() tells it, with its record and its limits.
 *     "no" is `refused`, and so is every dry run, which tells nothing. That the site was looked at stays
 *     recorded, whatever becomes of the referral; nothing is told before that is stored.
 *  4. Consent, then the check for a free place, the hold and the audit record.
 *
 *  On an error nothing is stored, but for the record of 3. A draft and a place on the waiting list are looked
 *  at in the same way. Errors: invalid-argument, invalid-data (an id under `avoid` or `offender` of the case
 *  or a sibling that the store does not know), not-found, capacity (full, or nobody knows), refused
 *  (safety, consent, an invented provider, a key that is not that of the store, a site that was looked at
 *  too often), state (a rule of routing; the provider takes nobody), conflict (the request key was used for
 *  another request, or the case has an open referral for that need to that offering), corrupt, busy,
 *  storage. Cost: that of the cases of the list that have a say, and O(1) otherwise, but for a look through
 *  the list. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_send(carenet_store *store,
                                                 const carenet_cases *cases,
                                                 size_t i,
                                                 const carenet_referral_options *options,
                                                 const carenet_acting *acting,
                                                 carenet_error **error);

/** Sends the draft `id`. `hold_s` and `ground` as in carenet_referral_options. Of the rules of routing only
 *  the provider's status is looked at once more, since the store cannot read the case: route it again before
 *  where time has passed. Errors: not-found, capacity, refused (consent, suspended), state (it is no draft,
 *  or the provider takes nobody), invalid-argument, conflict, busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_send_draft(carenet_store *store,
                                                       const char *id,
                                                       int64_t hold_s,
                                                       const char *ground,
                                                       const carenet_acting *acting,
                                                       carenet_error **error);

/** The provider has the referral. Errors: not-found, state (also: it has closed), refused (consent was
 *  withdrawn or has expired, or the provider is suspended), conflict, busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_receive(carenet_store *store,
                                                    const char *id,
                                                    const carenet_acting *acting,
                                                    carenet_error **error);

/** The provider takes the survivor in: the held place is occupied. Consent is looked at where the referral was
 *  not received yet. Errors: as carenet_referral_receive(). (transfer full) Since: 0.1 */
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
 *  it came from. `reason` is nullable. Of the rules of routing only service and status are looked at, since
 *  the store cannot read the case: whom the other offering takes, and whether it is safe there, is for
 *  whoever redirects to ask first, with carenet_route() and `why_not`, or carenet_site_check_safety(). Errors:
 *  those of carenet_referral_send_draft(). (transfer full) Since: 0.1 */
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
 *  first time), started, home (PSGC code of the region of the survivor; null: not known, or erased),
 *  ground (where the basis is override). Nobody found is an empty table.
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
