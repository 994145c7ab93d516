/* The verbs of a referral as things to choose from, and what each leads to. */
#pragma once

#include "referral-world.h"
#include "referral/life-cycle.h"

typedef enum {
    RECEIVE,
    ACCEPT,
    START,
    DECLINE,
    REDIRECT,
    WAITLIST,
    COMPLETE,
    GIVE_UP,
    CANCEL,
    STEPS
} Step;

/* What each step leads to from each state, -1 where it is illegal. */
extern const gint step_leads_to[CN_STATES][STEPS];

/* Takes a step of the referral @id; NULL sets @error. */
carenet_table *step_take(carenet_store *store,
                         const char *id,
                         Step step,
                         const carenet_acting *acting,
                         GError **error);
