/**
 * Checkpoints of the audit chain: where it stood, signed, to be kept elsewhere.
 *
 *     carenet_signing_key *key = carenet_signing_key_read("audit.key", &error);
 *     char *checkpoint = key != NULL ? carenet_checkpoint_make(store, key, &error) : NULL;
 *     carenet_chain chain;
 *     carenet_chain_init(&chain);
 *     if (checkpoint != NULL && carenet_audit_verify(store, checkpoint, &chain, &error))
 *         printf("%s\n", chain.broken_at == 0 ? "whole" : chain.what);
 *     carenet_free(checkpoint);
 *     carenet_signing_key_free(key);
 *
 * A chain that was cut off at the end, or written anew from some record on, fits in itself. A checkpoint that
 * was made before tells: of every record up to it, each edit, deletion and insertion shows. The signature
 * (Ed25519) tells who made the checkpoint, so that whoever can write to the store and to the place where
 * checkpoints are kept cannot make one that fits. The text has one fact a line:
 *
 * - carenet-checkpoint-1
 * - records 1234
 * - head 5f0c... (64 hexadecimal digits)
 * - at 2026-11-16T09:00:00+08:00
 * - signer 81ab... (the public key; only where it is signed)
 * - signature 20fe... (over all lines above, with their ends)
 *
 * Keys are handles of one thread at a time; texts belong to the caller.
 */
#ifndef CARENET_CHECKPOINT_H
#define CARENET_CHECKPOINT_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/audit.h>
#include <carenet/error.h>
#include <carenet/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The secret of who signs checkpoints, in memory that is wiped when it is freed. Since: 0.1 */
typedef struct carenet_signing_key carenet_signing_key;

/** Makes a new key and writes it into the new file `path` (mode 0600); it is on the disk when this returns.
 *  Errors: conflict (the file exists), not-found (no such folder), io, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_signing_key *carenet_signing_key_create(const char *path,
                                                            carenet_error **error);

/** Reads the key in the file `path`. Errors: not-found, io, refused (others than its owner may read the
 *  file), invalid-data (it holds no signing key). (transfer full) Since: 0.1 */
CARENET_API carenet_signing_key *carenet_signing_key_read(const char *path, carenet_error **error);

/** Reads a key from the open file descriptor `fd` to its end, and leaves it open. Errors: as
 *  carenet_signing_key_read(). (transfer full) Since: 0.1 */
CARENET_API carenet_signing_key *carenet_signing_key_read_fd(int fd, carenet_error **error);

/** The public key, 64 hexadecimal digits: what tells whose a signature is. Borrowed; NULL for NULL.
 *  Since: 0.1 */
CARENET_API const char *carenet_signing_key_public(const carenet_signing_key *key);

/** Wipes and frees a key; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_signing_key_free(carenet_signing_key *key);

/** Reads the whole chain and tells where it stands now, signed with `key` (NULL: not signed). Errors:
 *  corrupt (the chain is broken: carenet_audit_verify() tells where), storage. Cost: as
 *  carenet_audit_verify(). (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_checkpoint_make(carenet_store *store,
                                          const carenet_signing_key *key,
                                          carenet_error **error);

/** Whose signature the text of a checkpoint carries: a public key, or empty text where it is not signed.
 *  Whether that is the key of who should have signed is the caller's to compare. Errors: invalid-data (it is no
 *  checkpoint, or the signature is not over what it says). (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_checkpoint_signer(const char *checkpoint, carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
