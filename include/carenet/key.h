/**
 * Keys: what a store keeps of sites that are not public, and of cases, is sealed, and only the key of the
 * network opens it. The key is the role.
 *
 *     carenet_acting acting;
 *     carenet_acting_init(&acting);
 *     acting.actor = "coordinator-1";
 *     carenet_key *key = carenet_key_create("/media/safe/network.key", &error);
 *     carenet_table *row = carenet_store_seal(store, key, &acting, &error);
 *     carenet_table_unref(row);
 *     carenet_key_free(key);
 *
 * - A store holds the public half of its key, so whoever may write can seal: imports and referrals need
 *   no key. Reading what is sealed needs the secret half, which no store holds.
 * - A store without a key keeps nothing of a site that is not public beyond what may be shown of it.
 * - A key comes from a file that only its owner may read, or from a file descriptor: never from a
 *   command line or the environment.
 * - Each field is sealed on its own (libsodium: X25519, XSalsa20-Poly1305), padded, and bound to what it
 *   is and whose: a box that was changed or stands in another's place is the error `corrupt`.
 *
 * Thread rule: a key is immutable and may be shared; what takes a store is as in ledger.h. What changes
 * boxes gives one row: action, key (the first eight digits of the public half: which key it is), sites
 * (providers that are not public), cases, lost (sites whose facts cannot be read any more), dry_run.
 */
#ifndef CARENET_KEY_H
#define CARENET_KEY_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/ledger.h>
#include <carenet/store.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The key of a network, in memory that is wiped when it is freed. Since: 0.1 */
typedef struct carenet_key carenet_key;

/** Reads the key in the file `path`. Errors: not-found, io, refused (others than its owner may read the
 *  file), invalid-data (it holds no key of a network). (transfer full) Since: 0.1 */
CARENET_API carenet_key *carenet_key_read(const char *path, carenet_error **error);

/** Reads a key from the open file descriptor `fd` to its end, and leaves it open. Errors: as
 *  carenet_key_read(). (transfer full) Since: 0.1 */
CARENET_API carenet_key *carenet_key_read_fd(int fd, carenet_error **error);

/** Makes a new key and writes it into the new file `path` (mode 0600); it is on the disk when this
 *  returns. There is no other copy: where it is lost, what is sealed with it is lost. Errors: conflict
 *  (the file exists), not-found (no such folder), io, storage. (transfer full) Since: 0.1 */
CARENET_API carenet_key *carenet_key_create(const char *path, carenet_error **error);

/** Wipes and frees a key; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_key_free(carenet_key *key);

/** From here on the handle `store` opens what is sealed: an import knows what is stored already, and a
 *  check looks at restricted records, too. What may be shown stays the same. Errors: refused (not the key
 *  of the store), state (the store has none), storage. Since: 0.1 */
CARENET_API bool carenet_store_unlock(carenet_store *store,
                                      const carenet_key *key,
                                      carenet_error **error);

/** Gives a store its key, and seals whatever of sites that are not public stands in the clear, as stores
 *  of older versions hold it; nothing of it is left in the file and its log afterwards. Done again it
 *  changes nothing. Copies that were made before hold it still. Errors: conflict (the store has another
 *  key), busy and storage (also where it is done, and what was there before could not be cleared from the
 *  file: the message then begins with "it is done", and doing it once more clears it).
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_seal(carenet_store *store,
                                              const carenet_key *key,
                                              const carenet_acting *acting,
                                              carenet_error **error);

/** Seals everything anew with `next` instead of `key`: whoever kept the former key opens nothing of this
 *  store any more, but still what was copied before. Errors: refused, state, corrupt (a box does not
 *  open), busy and storage (also where it is done: the message then begins with "it is done", `next` is
 *  the key, and carenet_store_seal() with it clears the file). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_change_key(carenet_store *store,
                                                    const carenet_key *key,
                                                    const carenet_key *next,
                                                    const carenet_acting *acting,
                                                    carenet_error **error);

/** The key of the store is lost: what was sealed is thrown away, and `next` takes its place. Importing the
 *  region files again seals what they state; what was kept of cases is gone. Errors: busy and storage, as
 *  carenet_store_change_key(). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_lose_key(carenet_store *store,
                                                  const carenet_key *next,
                                                  const carenet_acting *acting,
                                                  carenet_error **error);

/** Opens every box of the store and shows none. The row has a column `broken` besides (a list of the
 *  providers and cases of which one does not open); `lost` counts them. Errors: refused, state, storage.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_store_check_key(carenet_store *store,
                                                   const carenet_key *key,
                                                   carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
