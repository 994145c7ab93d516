/**
 * The ledger of places: how many an offering has, how many are taken and held, and who reported it.
 *
 *     carenet_acting acting;
 *     carenet_acting_init(&acting);
 *     acting.actor = "intake-desk-1", acting.by_phone = true;
 *     carenet_table *row = carenet_capacity_hold(store, "ex-nmn-014/trauma-therapy", 1, 0, &acting, &error);
 *     carenet_table_unref(row);
 *
 * free = total - occupied - held. A place is taken by one conditional statement: no take ever makes
 * occupied and held together exceed the total, whoever takes at the same moment. A hold ends by the
 * clock of the store, which never goes back, and its place is free again without anybody doing
 * anything. Places that come free are offered to referrals that wait.
 *
 * Thread rule: as for stores; each call is one transaction. A writer waits for its turn for at most the
 * `busy_ms` of the store, then fails with busy.
 */
#ifndef CARENET_LEDGER_H
#define CARENET_LEDGER_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/store.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Who acts, and how. Text is borrowed for the call. Since: 0.1 */
typedef struct {
    size_t size; /**< set by carenet_acting_init() */
    const char
        *actor;    /**< required: a word of 1 to 64 letters, digits and ._@:+- that names a desk or
                            a login, neither an e-mail address nor a phone number; it stays in the audit record
                            for ever */
    int64_t now_s; /**< the present instant, seconds since 1970 UTC; INT64_MIN: the clock of the
                            demonstration, else of the system. An instant before the last one that
                             the store saw counts as that one, but for reports and verifications,
                             which tell how it was then; the years 1900 to 2199 */
    bool by_phone; /**< a worker writes down what a provider said */
    bool dry_run;  /**< check and answer, store nothing */
    const char *
        key; /**< nullable, 1 to 128 bytes of UTF-8 without control characters: names the request of a referral. The same key
                            and request again give the answer of the first time (`replayed`); the
                            same key with another request is a conflict */
    const char *ground; /**< nullable: of carenet_referral_receive(), carenet_referral_accept(),
                             carenet_referral_waitlist() and carenet_referral_redirect(): consent is not waited for, on that
                             ground of carenet_referral_options. Others do not look at it */
} carenet_acting;

/** A provider's report of its places. Since: 0.1 */
typedef struct {
    size_t size;        /**< set by carenet_capacity_report_init() */
    int64_t total;      /**< places, 0 to 1000000; -1: as it was */
    int64_t occupied;   /**< taken places, also more than the total (beds lost); -1: as it was */
    int64_t wait_days;  /**< days; -1: as it was */
    const char *source; /**< "phone" (default), "visit", "email", "document", "report" */
} carenet_capacity_report;

/** Fills `acting` with nothing: the actor must be named. Since: 0.1 */
CARENET_API void carenet_acting_init(carenet_acting *acting);

/** Fills `report` with "as it was, by phone". Since: 0.1 */
CARENET_API void carenet_capacity_report_init(carenet_capacity_report *report);

/** The places of the offering `offering`, or of all offerings whose places are counted where it is NULL,
 *  as of `now_s` (INT64_MIN: as in carenet_acting). One row an offering by id: provider, offering,
 *  service, unit, total, occupied, held, free, availability (yes, full, call), as_of, source, waiting
 *  (referrals on the waiting list), stale, disclosure, waited_days (the mean from sending a referral to
 *  the start of help in the last year), status (of the provider: one that is paused, closed or
 *  suspended has no place free, and its availability is `full`). Numbers of offerings that are not public are null. Errors:
 *  not-found, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_capacity(carenet_store *store,
                                            const char *offering,
                                            int64_t now_s,
                                            carenet_error **error);

/** Stores what a provider reports, as of `now_s` of `acting` (its places count as known since then, where
 *  `occupied` is given: whoever tells the rest alone was not asked how many are there), also where the store has gone on since. A `now_s` before the last report of this offering, or before somebody
 *  was accepted there, is a conflict; so is the same instant, where it is not the present. One row: action, provider, offering, hold,
 *  total, occupied, held, free, availability, offered (referrals that got a place that came free),
 *  dry_run, status (as of carenet_capacity()). Errors: invalid-argument, not-found, conflict, busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_capacity_set(carenet_store *store,
                                                const char *offering,
                                                const carenet_capacity_report *report,
                                                const carenet_acting *acting,
                                                carenet_error **error);

/** Holds `units` places (1 to 1000) for `hold_s` seconds (0: two days; at most 366 days). The row is that
 *  of carenet_capacity_set(), with the id of the hold. Errors: capacity (not so many are free, or
 *  nobody knows), refused (the provider is suspended, or several places of one that is not public in a dry run), state (it
 *  takes nobody), and those of
 *  carenet_capacity_set(). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_capacity_hold(carenet_store *store,
                                                 const char *offering,
                                                 int64_t units,
                                                 int64_t hold_s,
                                                 const carenet_acting *acting,
                                                 carenet_error **error);

/** Gives the places of the hold `id` ("H-7") back. The row is that of carenet_capacity_set(). Errors:
 *  not-found, state (it was released or has ended before, or belongs to a referral), busy, storage. (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_capacity_release(carenet_store *store,
                                                    const char *id,
                                                    const carenet_acting *acting,
                                                    carenet_error **error);

/** Writes down that the provider `id` was verified on the day of `now_s` of `acting` `by` "phone", "visit",
 *  "email" or "document"; or, for an offering, that its places are still as they were reported. What was
 *  written down of a later day, or reported later, is a conflict. The row is that of
 *  carenet_capacity_set(). Errors: invalid-argument, not-found, conflict, busy, storage. (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_verify(carenet_store *store,
                                          const char *id,
                                          const char *by,
                                          const carenet_acting *acting,
                                          carenet_error **error);

/** Whom to call within `days` (1 to 366) from `now_s` (as in carenet_capacity()): kind (overdue:
 *  a referral whose answer has not come in time; unanswered: one whose answer is expected within `days`;
 *  draft: one that nobody has sent for two days; accreditation: it ends;
 *  ageing-out: the survivor of an open referral may be older than the offering takes within `days` and 90
 *  more, `due` being the earliest; stale: nobody has reported the places for longer than the policy
 *  takes for fresh), subject, provider, due, detail. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_due(carenet_store *store,
                                       int32_t days,
                                       int64_t now_s,
                                       carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
