/**
 * Disclosure and erasure: who is told where a site that is not public lies, and what must be gone.
 *
 *     carenet_acting acting;
 *     carenet_acting_init(&acting);
 *     acting.actor = "coordinator-1";
 *     carenet_key *key = carenet_key_read("network.key", &error);
 *     rows = carenet_site_disclose(store, "R-12", "worker-7", key, &acting, &error);
 *
 * Each call is one transaction, and its audit record is stored before anything is given out. Thread
 * rule: as in ledger.h.
 */
#ifndef CARENET_DISCLOSURE_H
#define CARENET_DISCLOSURE_H

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

/** Where the provider is that has accepted the referral `id`, for one worker: `worker` is a word like the
 *  actor of carenet_acting, and stays in the audit record for ever. One row: referral, provider, to, name,
 *  area, area_name, lat_deg, lon_deg (WGS 84), address, phone, email, dry_run; what is not known is null,
 *  and in a dry run all of the site is. Errors: not-found (no such referral, or nothing is kept of the
 *  site), state (the referral is neither accepted nor started, or the store has no key), refused (not
 *  the key of the store), invalid-argument (the provider is public), corrupt (a box does not open),
 *  busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_site_disclose(carenet_store *store,
                                                 const char *id,
                                                 const char *worker,
                                                 const carenet_key *key,
                                                 const carenet_acting *acting,
                                                 carenet_error **error);

/** Whether the true site of `offering` lies outside every area that the case `i` (from 0) must avoid, its
 *  own and the offender's; no more than that is told. One row: offering, provider, safe (null in a dry
 *  run), reason ("safety" where it is not, else null), asked (whether the site was looked at: not where
 *  the case avoids no area), dry_run. At most five questions about a provider are answered within a day,
 *  and each leaves a record without its answer. Errors: not-found (no such offering, or its area is not
 *  kept), state (the store has no key), refused (not its key, or asked too often), invalid-argument
 *  (the provider is public), invalid-data (as carenet_referral_send()), corrupt, busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_site_check_safety(carenet_store *store,
                                                     const carenet_cases *cases,
                                                     size_t i,
                                                     const char *offering,
                                                     const carenet_key *key,
                                                     const carenet_acting *acting,
                                                     carenet_error **error);

/** What was sent with the referral `id`, which the store keeps sealed with a key of the case: one row a
 *  fact with columns fact, value (need, urgency, units, area, age, sex, languages, groups, access,
 *  documents, assessment, remote_safe, custody_order, responsible_office; what was not stated is left
 *  out). Errors: not-found (no such referral; it was erased, or referred while the store had no key),
 *  state, refused, corrupt, busy, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_referral_facts(carenet_store *store,
                                                  const char *id,
                                                  const carenet_key *key,
                                                  const carenet_acting *acting,
                                                  carenet_error **error);

/** Erases the case with the reference `ref`: the reference, its consents, the requests that named it, and
 *  the key without which what was sealed for it is noise. Its referrals stay, as nobody's, so that places
 *  and figures stay true, and the audit chain stays whole: it never named the case. Needs no key. What
 *  was copied before (backups) holds the case still, and opens with the key of the network. One row:
 *  action, cases, referrals, facts (how many), dry_run; where nothing is kept under that reference,
 *  nothing is done and all are 0. Errors: state (a referral of the case is open), busy and storage (also
 *  where it is done, and what was there before could not be cleared from the file: the message then begins
 *  with "it is done", and doing it again clears it).
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_case_erase(carenet_store *store,
                                              const char *ref,
                                              const carenet_acting *acting,
                                              carenet_error **error);

/** Erases, as carenet_case_erase() does, every case whose referrals have all ended, the last of them before
 *  `before_s` (seconds since 1970 UTC, not in the future), and the facts of referrals that ended before it
 *  of cases that go on. The row is that of carenet_case_erase(), and so are the errors; besides
 *  invalid-argument.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_purge(carenet_store *store,
                                               int64_t before_s,
                                               const carenet_acting *acting,
                                               carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
