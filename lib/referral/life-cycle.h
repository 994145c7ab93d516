/* The life of a referral: which verb leads from which state to which, what that does to the places of
 * the offering, and the words for it. One table; nothing else decides.
 *
 *   draft -> sent -> received -> accepted -> started -> completed | not-completed
 *            sent, received -> declined | redirected | waitlisted | expired (by the clock)
 *            waitlisted -> sent (a place is offered) | redirected
 *            any open state -> cancelled */
#pragma once

#include "store/referrals.h"

typedef enum {
    CN_VERB_SEND,
    CN_VERB_RECEIVE,
    CN_VERB_ACCEPT,
    CN_VERB_START,
    CN_VERB_DECLINE,
    CN_VERB_REDIRECT,
    CN_VERB_WAITLIST,
    CN_VERB_COMPLETE,
    CN_VERB_GIVE_UP, /* complete, with a reason why it could not be */
    CN_VERB_CANCEL,
    CN_VERBS,
} CnVerb;

/* What a referral in a state takes of the places of its offering. */
typedef enum {
    CN_TAKES_NOTHING,
    CN_TAKES_HELD,
    CN_TAKES_OCCUPIED,
} CnTakes;

const char *cn_verb_name(CnVerb verb);
CnState cn_verb_leads_to(CnVerb verb);
gboolean cn_verb_is_legal(CnVerb verb, CnState from);
/* Whether a reason of the list must be given. */
gboolean cn_verb_needs_reason(CnVerb verb);
CnTakes cn_state_takes(CnState state);
/* What somebody does next, with ID for the referral; NULL where there is nothing more to do. */
const char *cn_state_next(CnState state);

/* FALSE sets the error that names the state and what may be done in it. */
gboolean cn_verb_check(CnVerb verb, const CnReferral *referral, GError **error);

/* The coded lists: why it ended, what came of it, on what ground consent was not waited for. NULL
 * beyond the end. */
const char *cn_reason_at(guint i);
const char *cn_outcome_at(guint i);
const char *cn_ground_at(guint i);
/* FALSE sets invalid-argument that lists what may stand there. */
gboolean cn_code_check(const char *what,
                       const char *(*at)(guint i),
                       const char *code,
                       GError **error);
