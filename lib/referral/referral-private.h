/* What the files of this floor share. */
#pragma once

#include "base/seal.h"
#include "referral/referral.h"

/* What a call did, until it is a table. */
typedef struct {
    CnReferral referral;
    gint from;            /* the state before; -1: it was made */
    gint64 position;      /* on the waiting list; 0: does not wait */
    gint64 redirected_to; /* 0: nowhere */
    GPtrArray *offered;   /* (element-type utf8) who got a place that came free */
    GPtrArray *despite;   /* (element-type utf8) rules that it was sent despite; nullable */
    gboolean replayed;    /* it was done before, by the same request */
    gboolean dry_run;
} CnOutcome;
void cn_outcome_clear(CnOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnOutcome, cn_outcome_clear)
carenet_table *cn_outcome_to_table(const CnOutcome *outcome);

/* What cn_referral_send() does, within a transaction that may do more. outcome->offered is made. */
gboolean cn_referral_send_within(CnWork *work,
                                 const CnCase *person,
                                 const CnNeed *need,
                                 const struct carenet_policy *policy,
                                 const CnSend *send,
                                 CnOutcome *outcome,
                                 gint64 *out_record,
                                 GError **error);

/* What every hard rule says to it, by what the store holds now; places and consent are the transaction's to
 * look at, and whoever is unconfirmed may be sent to. *out_site: the one thing against it is that its site
 * has to be looked at, for which send->site_key is there. Rules that send->despite passes over are appended
 * to @despite, in words. Nothing is written. Errors: refused (safety), state. */
gboolean cn_send_check_rules(CnWork *work,
                             const CnSendCase *of,
                             const CnSend *send,
                             const CnPlaces *places,
                             gboolean *out_site,
                             GPtrArray *despite,
                             GError **error);

/* Moves a stored referral to another state, and its places with it; writes record and event. The
 * offering was swept. *out_freed: whether a place came free. */
gboolean cn_referral_move(CnWork *work,
                          CnReferral *referral,
                          CnState to,
                          const char *action,
                          const char *reason,
                          gint64 *out_record,
                          gboolean *out_freed,
                          GError **error);

/* Places that are free go to those who wait, by urgency, then time; nobody less urgent than @least.
 * Who got one is appended to @offered. */
gboolean cn_offer_places(CnWork *work,
                         const char *offering,
                         CnUrgency least,
                         GPtrArray *offered,
                         GError **error);

/* The same to all of them but the referral @except. */
gboolean cn_offer_to_others(CnWork *work,
                            const char *offering,
                            gint64 except,
                            GPtrArray *offered,
                            GError **error);

/* Time frees places, and nobody is there to offer them: who acts at an offering does so first, in a transaction by itself,
 * so that it stays whatever becomes of what was asked. The referral @except (0 none) is acted on itself. Nothing in a dry
 * run, or where nobody has that offering. */
gboolean cn_offer_overdue(carenet_store *store,
                          const char *offering,
                          gint64 except,
                          const CnActing *acting,
                          GPtrArray *offered,
                          GError **error);

/* Where the request fails all the same: says in the hint of @error who was offered a place. */
void cn_offered_tell(const GPtrArray *offered, GError **error);

/* Whether anything of the case may go to the provider, and on what ground; sets basis and
 * basis_reason. Errors: refused. */
gboolean cn_referral_check_consent(CnWork *work,
                                   CnReferral *referral,
                                   const char *ground,
                                   gboolean never_asked,
                                   GError **error);

/* ---- What a new referral and a verb have in common. */

/* Whether the provider takes anybody. Errors: refused, state. */
gboolean cn_referral_check_provider(const CnWork *work,
                                    const char *offering,
                                    const CnPlaces *places,
                                    GError **error);
/* The offering's service is what is needed or below it; or it covers all below its own. Errors:
 * invalid-argument. */
gboolean cn_referral_check_service(CnWork *work,
                                   const char *offering,
                                   const CnPlaces *places,
                                   const char *need,
                                   GError **error);
/* Whether a place can be held for so long, 0 for as long as is usual; and until when that is. */
gboolean cn_hold_check(gint64 hold_s, GError **error);
gint64 cn_hold_until(const CnWork *work, gint64 hold_s);

/* Facts of the case are left out: a digest of them could be guessed at. */
void cn_request_digest(const char *const *words, gsize len, gint64 number, guint8 out[CN_HASH_LEN]);
/* *out_found: the request was answered before, and @outcome is that answer. */
gboolean cn_request_answer(CnWork *work,
                           const guint8 digest[CN_HASH_LEN],
                           CnOutcome *outcome,
                           gboolean *out_found,
                           GError **error);

/* Stores a referral in its first state, with its places. Consent was checked, the offering swept. */
gboolean cn_referral_make(CnWork *work,
                          CnReferral *referral,
                          GBytes *facts,
                          const char *action,
                          gint64 *out_record,
                          GError **error);
