/**
 * The audit chain: who did what, when, in records that hold the hash of the one before.
 *
 *     carenet_chain chain;
 *     carenet_chain_init(&chain);
 *     if (carenet_audit_verify(store, NULL, &chain, &error) && chain.broken_at == 0)
 *         printf("%lld records, end %s\n", (long long)chain.records, chain.head);
 *
 * A record is stored in the same transaction as what it tells of. An edit, a deletion and a record that
 * was put in between break the chain; what was cut off at the end shows against a checkpoint that was
 * kept elsewhere. Records name referrals, offerings and actors, never a case.
 */
#ifndef CARENET_AUDIT_H
#define CARENET_AUDIT_H

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

/** What a look at the chain found. Since: 0.1 */
typedef struct {
    size_t size;     /**< set by carenet_chain_init() */
    int64_t records; /**< how many there are */
    char head[65]; /**< the hash of the last one, hexadecimal: records and head are a checkpoint */
    int64_t broken_at; /**< the number of the first record that does not fit; 0: all fit */
    const char *what;  /**< what is wrong with it, one sentence (static); NULL: nothing */
} carenet_chain;

/** Fills `chain` with nothing. Since: 0.1 */
CARENET_API void carenet_chain_init(carenet_chain *chain);

/** Reads the whole chain. `checkpoint` (nullable) is "RECORDS:HEAD", as an earlier look gave them, or the text
 *  of a checkpoint (checkpoint.h), whose signature must fit. A broken chain is an answer. Errors:
 *  invalid-argument, invalid-data, busy, storage, corrupt. Cost: about 2 us a record. Since: 0.1 */
CARENET_API bool carenet_audit_verify(carenet_store *store,
                                      const char *checkpoint,
                                      carenet_chain *chain,
                                      carenet_error **error);

/** The newest `limit` records (0: all) about `subject` (NULL: everything), oldest first: number, at, actor,
 *  action, subject, detail, hash. Errors: storage. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_audit_list(carenet_store *store,
                                              const char *subject,
                                              size_t limit,
                                              carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
