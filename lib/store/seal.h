/* Sealed fields: what the store keeps of sites that are not public, and of cases, in boxes that open
 * with the key of the network only. The store holds the public half of it: anybody who may write can
 * seal, and only who brings the key can read. Without a key a store keeps nothing of such sites. */
#pragma once

#include "base/seal.h"
#include "store/work.h"

/* The public key of the store; *out_has FALSE where it has none. For tests. */
gboolean cn_store_public_key(carenet_store *store,
                             guint8 out[CN_KEY_LEN],
                             gboolean *out_has,
                             GError **error);
/* The same inside a transaction. */
gboolean cn_seal_public_key(carenet_store *store,
                            guint8 out[CN_KEY_LEN],
                            gboolean *out_has,
                            GError **error);
/* Whether @key is that of the store. Errors: state (it has none), refused (it is another one). */
gboolean cn_seal_check_key(carenet_store *store, const CnKeyPair *key, GError **error);

/* From here on this handle opens what it loads, and its imports know what is sealed already. Errors:
 * as cn_seal_check_key(). */
gboolean cn_store_unlock(carenet_store *store, const CnKeyPair *key, GError **error);

/* What was done to boxes. */
typedef struct {
    gint64 sites; /* providers that are not public */
    gint64 cases;
    gint64 lost; /* sites whose facts cannot be read any more */
} CnSealed;

/* Gives the store its key where it has none, and seals every restricted fact that stands in the clear.
 * Errors: conflict (it has another key). */
gboolean cn_store_seal(carenet_store *store,
                       const CnKeyPair *key,
                       const CnActing *acting,
                       CnSealed *out,
                       GError **error);
/* Every box under @next instead of @key. Errors: state, refused, corrupt (a box does not open). */
gboolean cn_store_rekey(carenet_store *store,
                        const CnKeyPair *key,
                        const CnKeyPair *next,
                        const CnActing *acting,
                        CnSealed *out,
                        GError **error);
/* The key is lost: what was sealed is thrown away, and @next takes its place. */
gboolean cn_store_lose_key(carenet_store *store,
                           const CnKeyPair *next,
                           const CnActing *acting,
                           CnSealed *out,
                           GError **error);
/* Opens every box. *out_broken (transfer full) (element-type utf8): the providers and cases of which
 * one does not open. Errors: as cn_seal_check_key(). */
gboolean cn_store_try_key(carenet_store *store,
                          const CnKeyPair *key,
                          CnSealed *out,
                          GPtrArray **out_broken,
                          GError **error);

#define CN_ONCE_MORE "do it once more"

/* Leaves nothing of what was overwritten or deleted in the file and its log. Outside of transactions: what
 * was done before stays done, and the error says so and what comes @next. Errors: busy, while somebody else
 * reads an older state; storage. */
gboolean cn_store_scrub(carenet_store *store, const char *next, GError **error);

/* ---- One site, inside a transaction. */

typedef struct {
    char *name, *area, *point, *address, *phone, *email; /* NULL: not stated */
    gboolean has_point;
    double lat_deg, lon_deg;
} CnOpenedSite;
void cn_opened_site_clear(CnOpenedSite *site);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnOpenedSite, cn_opened_site_clear)

/* Opens the site of @provider with @key; all fields, or none. *out_known FALSE: nothing is sealed for
 * it. Errors: corrupt (a box was changed, or is another's). */
gboolean cn_site_open(CnWork *work,
                      const CnKeyPair *key,
                      const char *provider,
                      CnOpenedSite *out,
                      gboolean *out_known,
                      GError **error);

/* How many records of @action about @subject are younger than @after_s. */
gboolean cn_audit_count(CnWork *work,
                        const char *action,
                        const char *subject,
                        gint64 after_s,
                        gint64 *out,
                        GError **error);

/* ---- Cases. */

/* The key pair of a case, opened with the key of the network. *out_has FALSE: it has none, or was
 * erased. Errors: corrupt. */
gboolean cn_case_open_key(CnWork *work,
                          const CnKeyPair *key,
                          gint64 case_id,
                          CnKeyPair *out,
                          gboolean *out_has,
                          GError **error);
/* "case/12/facts": what the box of a case is sealed as. (transfer full) */
char *cn_case_label(gint64 case_id, const char *field);
