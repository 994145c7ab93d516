/* What people do with referrals. Each call is one transaction: state, places, event and audit record
 * are stored together or not at all. */
#pragma once

#include "base/seal.h"
#include "referral/life-cycle.h"
#include "store/ledger.h"

/* How long a provider has to answer, where nobody says: two days; a year at most. */
#define CN_HOLD_S_DEFAULT ((gint64)2 * CN_DAY_S)
#define CN_HOLD_S_MOST    ((gint64)366 * CN_DAY_S)

typedef struct {
    const char *need;     /* service id of the need */
    const char *offering; /* where to */
    gint64 hold_s;        /* 0: the default */
    const char *ground;   /* nullable: consent is not waited for, on this ground */
    gboolean waitlist;    /* wait where nothing is free */
    gboolean draft;       /* write it down and send nothing */
    gboolean despite;     /* though a rule of routing speaks against it; never one of safety */
    const CnKeyPair
        *site_key; /* nullable: a site that has to be looked at is, with the key of the network */
} CnSend;

/* Whose need it is. Borrowed. */
typedef struct {
    const struct carenet_cases *cases;
    guint person;       /* position in the list */
    const CnNeed *need; /* one of the case's own */
    const struct carenet_policy *policy;
} CnSendCase;

typedef struct {
    CnVerb verb;
    const char *reason; /* nullable; of the list */
    const char *to;     /* redirect: the offering */
    gint64 hold_s;      /* send, redirect; 0: the default */
    const char *ground; /* as in CnSend */
} CnChange;

/* One row: id, case, need, service, offering, provider, state, hold_until, reason, from, position,
 * units, urgency, basis, redirected_to, redirected_from, offered (list), replayed, dry_run, next, despite
 * (list). (transfer full) */
carenet_table *cn_referral_send(carenet_store *store,
                                const CnSendCase *of,
                                const CnSend *send,
                                const CnActing *acting,
                                GError **error);
carenet_table *cn_referral_change(carenet_store *store,
                                  const char *id,
                                  const CnChange *change,
                                  const CnActing *acting,
                                  GError **error);

/* Places that came free while nobody acted, as by an import, go to those who wait. Ids of their referrals are appended to
 * @offered. */
gboolean cn_offer_all_overdue(carenet_store *store,
                              const CnActing *acting,
                              GPtrArray *offered,
                              GError **error);

/* Who acts must have said so, in a word that may stand in the chain for ever. */
/* Neither an e-mail address nor a phone number. */
gboolean cn_actor_check_impersonal(const char *actor, GError **error);
gboolean cn_acting_check(const CnActing *acting, GError **error);
