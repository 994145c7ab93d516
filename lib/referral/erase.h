/* What is kept of a case: sealed with a key of its own, opened with that of the network, erased. */
#pragma once

#include "store/erase.h"

/* What a receiving provider needs of @person for @need, sealed to the key of the case; NULL where the
 * store has no key. (transfer full) */
GBytes *cn_case_facts_seal(const CnReference *reference,
                           const CnCase *person,
                           const CnNeed *need,
                           const CnCaseRecord *record);

/* What was sent with the referral @id: columns fact, value. Written down before it is given out. Errors:
 * not-found (no such referral, or nothing is kept), state, refused, corrupt. (transfer full) */
carenet_table *cn_facts_read(carenet_store *store,
                             const char *id,
                             const CnKeyPair *key,
                             const CnActing *acting,
                             GError **error);

/* Erases the case @ref. One row: action, cases, referrals, facts, dry_run; nothing is kept under that
 * reference: all of them 0. Errors: state (a referral of it is open), busy. (transfer full) */
carenet_table *cn_erase_case(carenet_store *store,
                             const char *ref,
                             const CnActing *acting,
                             GError **error);
/* Erases every case whose last referral ended before @before_s, and the facts of referrals that did.
 * (transfer full) */
carenet_table *cn_purge(carenet_store *store,
                        gint64 before_s,
                        const CnActing *acting,
                        GError **error);
