/* Referrals and the cases that they are for, as they are stored. The rules of the life cycle stand in
 * referral/life-cycle.h; here is only how records are read, written and listed. */
#pragma once

#include "model/case.h"
#include "store/work.h"

typedef enum {
    CN_DRAFT,
    CN_SENT,
    CN_RECEIVED,
    CN_ACCEPTED,
    CN_STARTED,
    CN_COMPLETED,
    CN_NOT_COMPLETED,
    CN_DECLINED,
    CN_REDIRECTED,
    CN_WAITLISTED,
    CN_EXPIRED,
    CN_CANCELLED,
    CN_STATES,
} CnState;

/* "draft", "not-completed", ... (static) */
const char *cn_state_name(CnState state);
gboolean cn_state_parse(const char *text, CnState *out);

typedef struct {
    gint64 number; /* R-<number>; 0 before it is stored */
    gint64 case_id;
    char *ref; /* of the case; NULL: erased */
    char *need, *offering, *provider, *service;
    CnUrgency urgency;
    gint32 units;
    gboolean counted;
    CnState state;
    gint64 hold_until_s; /* G_MININT64: none */
    gint64 waiting_s;    /* G_MININT64: does not wait */
    char *reason;        /* nullable */
    char *basis;         /* none, consent, not-asked, override */
    char *basis_reason;  /* nullable */
    gint64 from_number;  /* 0: none */
    gint64 created_s, changed_s;
    CnDate
        ages_out; /* the month from which on the survivor may be too old; unset: unknown, or never */
    char *home;   /* PSGC code of the region of the survivor; NULL: not known, or erased */
} CnReferral;
void cn_referral_clear(CnReferral *referral);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnReferral, cn_referral_clear)

/* "R-12" (transfer full); and back, FALSE where it is none. */
char *cn_referral_id(gint64 number);
gboolean cn_referral_id_parse(const char *id, gint64 *out_number);
/* The same with an error: not-found. */
gboolean cn_referral_id_read(const char *id, gint64 *out_number, GError **error);

/* Errors: not-found. */
gboolean cn_referral_load(CnWork *work, gint64 number, CnReferral *out, GError **error);
/* Gives it the next number. @facts (nullable) are sealed to the key of the case. */
gboolean cn_referral_insert(CnWork *work, CnReferral *referral, GBytes *facts, GError **error);
/* Stores state, hold_until_s, waiting_s, reason, basis and basis_reason. */
gboolean cn_referral_update(CnWork *work, const CnReferral *referral, GError **error);
/* What is sealed about the case goes along with a redirection. */
gboolean cn_referral_copy_facts(CnWork *work, gint64 from, gint64 to, GError **error);
/* @from_state -1: it was made. */
gboolean cn_referral_event(CnWork *work,
                           const CnReferral *referral,
                           gint from_state,
                           gint64 record,
                           gboolean by_phone,
                           GError **error);
/* Referrals to the offering whose answer is overdue expire, in their own name and time. */
gboolean cn_referrals_expire(CnWork *work, const char *offering, GError **error);

/* An open referral of the case for the same need to the same offering; 0: none. */
gboolean cn_referral_open_same(CnWork *work,
                               const CnReferral *referral,
                               gint64 *out_number,
                               GError **error);

/* The same to whatever offering. */
gboolean cn_referral_open_for(CnWork *work,
                              gint64 case_id,
                              const char *need,
                              gint64 *out_number,
                              GError **error);
/* The providers at which the case @ref has open referrals for services whose places are counted, drafts
 * among them. (transfer full) (element-type utf8) */
GPtrArray *cn_referral_providers_of(CnWork *work, const char *ref, GError **error);

/* What the store holds of one @offering and of the @provider that gives it (see cn_ledger_look()), as a
 * directory is made of; an offering that was closed is left out. @waits: with how long people wait, as
 * referrals tell. Organizations and regions are not read. (transfer full) */
CnNetwork *cn_store_offering(CnWork *work,
                             const char *provider,
                             const char *offering,
                             gboolean waits,
                             GError **error);

/* Places that open drafts to the offering ask for, and do not hold. */
gboolean cn_referral_drafted(CnWork *work, const char *offering, gint64 *out_units, GError **error);

/* The same of every offering that has any. (transfer full) (element-type utf8 gint64) */
GHashTable *cn_referral_drafts(CnWork *work, GError **error);

/* Who waits for a place of the offering: by urgency, then time, then number. Nobody less urgent than
 * @least. (transfer full) (element-type gint64) */
GArray *cn_referrals_waiting(CnWork *work, const char *offering, CnUrgency least, GError **error);
/* Offerings that anybody waits for. (transfer full) (element-type utf8) */
GPtrArray *cn_offerings_waited_for(CnWork *work, GError **error);
/* Where it stands among those who wait for the same offering, from 1; 0 where it does not wait. */
gboolean cn_referral_position(CnWork *work,
                              const CnReferral *referral,
                              gint64 *out_position,
                              GError **error);

/* The state at the record of an earlier request; see cn_request_find(). */
gboolean cn_referral_at_record(CnWork *work, gint64 record, CnReferral *referral, GError **error);

/* Which referrals to list. NULL and 0: all. */
typedef struct {
    gint64 number;
    const char *ref, *provider, *offering, *state;
    gboolean open;
    gsize limit;
} CnReferralFilter;

/* One row a referral, newest first: id, case, need, service, offering, provider, urgency, units, state,
 * hold_until, position, reason, basis, redirected_from, created, changed, sent, started, home,
 * ground. (transfer full) */
carenet_table *cn_referral_table(CnWork *work, const CnReferralFilter *filter, GError **error);
/* Whom to call until @until_s: kind (overdue, unanswered, draft, accreditation, ageing-out,
 * stale), subject, provider, due, detail.
 * (transfer full) */
carenet_table *cn_due_table(CnWork *work, gint64 until_s, gint32 stale_after_days, GError **error);
/* at, actor, from, to, reason, by_phone, record. (transfer full) */
carenet_table *cn_referral_history(CnWork *work, gint64 number, GError **error);
/* The services that a need for @need can be met by: whether @service is it or below it. */
gboolean cn_service_is_below(CnWork *work,
                             const char *service,
                             const char *need,
                             gboolean *out,
                             GError **error);

/* ---- Cases. */

typedef struct {
    gint64 id;
    gboolean has_key;
    guint8 public_key[32];
} CnCaseRecord;

/* The record of the case @person, made where there is none; its consents take the place of those that
 * are stored. */
gboolean cn_case_store(CnWork *work, const CnCase *person, CnCaseRecord *out, GError **error);
/* A case that programme records name gets a record where it has none. */
gboolean cn_case_name(CnWork *work, const char *ref, GError **error);
/* The record of the case @ref; its id is 0 where there is none. */
gboolean cn_case_find(CnWork *work, const char *ref, CnCaseRecord *out, GError **error);
/* Level and consents of a case. Array elements as CnCase.consents. (transfer full) */
GArray *cn_case_consents(CnWork *work, gint64 case_id, CnConsentLevel *out_level, GError **error);
