#include "referral/life-cycle.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define IN(state) (1u << CN_##state)

static const struct {
    const char *name;
    const char *done; /* "cannot be <done>" */
    guint from;
    CnState to;
    gboolean needs_reason;
} verbs[CN_VERBS] = {
    [CN_VERB_SEND] = {"send", "sent", IN(DRAFT) | IN(WAITLISTED), CN_SENT, FALSE},
    [CN_VERB_RECEIVE] = {"receive", "received", IN(SENT), CN_RECEIVED, FALSE},
    /* A provider that says yes on the phone has received it too. */
    [CN_VERB_ACCEPT] = {"accept", "accepted", IN(SENT) | IN(RECEIVED), CN_ACCEPTED, FALSE},
    [CN_VERB_START] = {"start", "started", IN(ACCEPTED), CN_STARTED, FALSE},
    [CN_VERB_DECLINE] = {"decline", "declined", IN(SENT) | IN(RECEIVED), CN_DECLINED, TRUE},
    [CN_VERB_REDIRECT] = {"redirect", "redirected", IN(SENT) | IN(RECEIVED) | IN(WAITLISTED),
                          CN_REDIRECTED, FALSE},
    [CN_VERB_WAITLIST] = {"waitlist", "put on the waiting list",
                          IN(SENT) | IN(RECEIVED) | IN(DRAFT), CN_WAITLISTED, FALSE},
    [CN_VERB_COMPLETE] = {"complete", "completed", IN(STARTED), CN_COMPLETED, FALSE},
    [CN_VERB_GIVE_UP] = {"complete", "given up", IN(STARTED), CN_NOT_COMPLETED, TRUE},
    [CN_VERB_CANCEL] = {"cancel", "cancelled",
                        IN(DRAFT) | IN(SENT) | IN(RECEIVED) | IN(ACCEPTED) | IN(STARTED) |
                            IN(WAITLISTED),
                        CN_CANCELLED, TRUE},
};

static const struct {
    CnTakes takes;
    const char *next;
} states[CN_STATES] = {
    [CN_DRAFT] = {CN_TAKES_NOTHING, "carenet refer --send ID"},
    [CN_SENT] =
        {CN_TAKES_HELD,
         "carenet receive ID when the provider has it; or what it says on the phone: carenet "
         "accept|decline|waitlist ID --by phone"},
    [CN_RECEIVED] = {CN_TAKES_HELD, "carenet accept ID, or carenet decline ID --reason REASON"},
    [CN_ACCEPTED] = {CN_TAKES_OCCUPIED, "carenet start ID when help has begun"},
    [CN_STARTED] = {CN_TAKES_OCCUPIED,
                    "carenet complete ID, with --reason REASON where it could not be"},
    [CN_COMPLETED] = {CN_TAKES_NOTHING, NULL},
    [CN_NOT_COMPLETED] = {CN_TAKES_NOTHING, "carenet route --case FILE for another"},
    [CN_DECLINED] = {CN_TAKES_NOTHING, "carenet route --case FILE for another"},
    [CN_REDIRECTED] = {CN_TAKES_NOTHING, NULL},
    [CN_WAITLISTED] = {CN_TAKES_NOTHING,
                       "wait, or carenet redirect ID --to OFFERING; a place that comes free is "
                       "offered by itself"},
    [CN_EXPIRED] = {CN_TAKES_NOTHING, "call the provider, then carenet refer once more"},
    [CN_CANCELLED] = {CN_TAKES_NOTHING, NULL},
};

const char *
cn_verb_name(CnVerb verb)
{
    return verbs[verb].name;
}

CnState
cn_verb_leads_to(CnVerb verb)
{
    return verbs[verb].to;
}

gboolean
cn_verb_is_legal(CnVerb verb, CnState from)
{
    return (verbs[verb].from & (1u << from)) != 0;
}

gboolean
cn_verb_needs_reason(CnVerb verb)
{
    return verbs[verb].needs_reason;
}

CnTakes
cn_state_takes(CnState state)
{
    return states[state].takes;
}

const char *
cn_state_next(CnState state)
{
    return states[state].next;
}

gboolean
cn_verb_check(CnVerb verb, const CnReferral *referral, GError **error)
{
    if (cn_verb_is_legal(verb, referral->state))
        return TRUE;
    g_autofree char *id = cn_referral_id(referral->number);
    cn_error_set(error, CARENET_ERROR_STATE, "%s is %s and cannot be %s", id,
                 cn_state_name(referral->state), verbs[verb].done);
    g_autofree char *next = NULL;
    if (states[referral->state].next != NULL) {
        g_autoptr(GString) text = g_string_new(states[referral->state].next);
        g_string_replace(text, "ID", id, 0);
        next = g_strdup(text->str);
    }
    cn_error_hint(error, "%s",
                  next != NULL ? next : "it has ended; carenet show tells its history");
    return FALSE;
}

/* ---- Coded lists. */

static const char *const reasons[] = {"client-refused",
                                      "lack-of-capacity",
                                      "not-eligible",
                                      "unable-to-contact-client",
                                      "unable-to-contact-provider",
                                      "safety",
                                      "no-longer-needed",
                                      "other"};
static const char *const outcomes[] = {"met", "partly-met", "ended"};
static const char *const grounds[] = {"imminent-danger", "mandatory-report", "court-order",
                                      "best-interest"};

const char *
cn_reason_at(guint i)
{
    return i < G_N_ELEMENTS(reasons) ? reasons[i] : NULL;
}

const char *
cn_outcome_at(guint i)
{
    return i < G_N_ELEMENTS(outcomes) ? outcomes[i] : NULL;
}

const char *
cn_ground_at(guint i)
{
    return i < G_N_ELEMENTS(grounds) ? grounds[i] : NULL;
}

gboolean
cn_code_check(const char *what, const char *(*at)(guint i), const char *code, GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; at(i) != NULL; i++) {
        if (code != NULL && strcmp(at(i), code) == 0)
            return TRUE;
        g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", at(i));
    }
    /* What was typed instead may say something about somebody: it is not repeated. */
    cn_error_set(error, CARENET_ERROR_INVALID_ARGUMENT,
                 code == NULL ? "a %s must be given" : "that is no %s of the list", what);
    cn_error_hint(error, "one of %s", all->str);
    return FALSE;
}
