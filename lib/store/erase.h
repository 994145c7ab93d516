/* What is kept of cases, sealed, and what becomes of it: rows only, inside a transaction. When a case
 * may be erased is for referral/erase.h to say. */
#pragma once

#include "store/referrals.h"
#include "store/seal.h"

/* What was erased. */
typedef struct {
    gint64 cases;
    gint64 referrals; /* of those cases */
    gint64 facts;     /* sealed facts of referrals, of those cases and of others */
} CnErased;

/* The first referral of the case that is open; *out_number 0: none is. */
gboolean cn_case_open_referral(CnWork *work, gint64 case_id, gint64 *out_number, GError **error);
/* Cases whose referrals have all ended, the last of them before @before_s. (element-type gint64)
 * (transfer full) */
GArray *cn_cases_ended(CnWork *work, gint64 before_s, GError **error);
/* Offerings with referrals that have expired and nobody has written it down. (element-type utf8)
 * (transfer full) */
GPtrArray *cn_offerings_overdue(CnWork *work, GError **error);

/* Destroys the key of the case, its reference, home region, consents, facts and requests; its referrals
 * stay, nobody's. Adds to @out. *out_first is the number of its first referral, 0 where it has none. */
gboolean cn_case_erase(CnWork *work,
                       gint64 case_id,
                       CnErased *out,
                       gint64 *out_first,
                       GError **error);
/* Drops the facts of referrals that ended before @before_s, whose cases go on. Adds to @out. */
gboolean cn_facts_drop(CnWork *work, gint64 before_s, CnErased *out, GError **error);

/* The box of what was sent with a referral; NULL and no error where nothing is kept. (transfer full) */
GBytes *cn_referral_facts(CnWork *work, gint64 number, GError **error);
