#include "referral-steps.h"

carenet_table *
step_take(carenet_store *store,
          const char *id,
          Step step,
          const carenet_acting *acting,
          GError **error)
{
    switch (step) {
    case RECEIVE:
        return carenet_referral_receive(store, id, acting, error);
    case ACCEPT:
        return carenet_referral_accept(store, id, acting, error);
    case START:
        return carenet_referral_start(store, id, acting, error);
    case DECLINE:
        return carenet_referral_decline(store, id, "lack-of-capacity", acting, error);
    case REDIRECT:
        return carenet_referral_redirect(store, id, world_offerings[1], NULL, acting, error);
    case WAITLIST:
        return carenet_referral_waitlist(store, id, acting, error);
    case COMPLETE:
        return carenet_referral_complete(store, id, "met", NULL, acting, error);
    case GIVE_UP:
        return carenet_referral_complete(store, id, NULL, "other", acting, error);
    default:
        return carenet_referral_cancel(store, id, "client-refused", acting, error);
    }
}

/* The drawing of the life cycle, written down once more. */
const gint step_leads_to[CN_STATES][STEPS] = {
    [CN_DRAFT] = {-1, -1, -1, -1, -1, CN_WAITLISTED, -1, -1, CN_CANCELLED},
    [CN_SENT] = {CN_RECEIVED, CN_ACCEPTED, -1, CN_DECLINED, CN_REDIRECTED, CN_WAITLISTED, -1, -1,
                 CN_CANCELLED},
    [CN_RECEIVED] = {-1, CN_ACCEPTED, -1, CN_DECLINED, CN_REDIRECTED, CN_WAITLISTED, -1, -1,
                     CN_CANCELLED},
    [CN_ACCEPTED] = {-1, -1, CN_STARTED, -1, -1, -1, -1, -1, CN_CANCELLED},
    [CN_STARTED] = {-1, -1, -1, -1, -1, -1, CN_COMPLETED, CN_NOT_COMPLETED, CN_CANCELLED},
    [CN_COMPLETED] = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
    [CN_NOT_COMPLETED] = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
    [CN_DECLINED] = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
    [CN_REDIRECTED] = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
    [CN_WAITLISTED] = {-1, -1, -1, -1, CN_REDIRECTED, -1, -1, -1, CN_CANCELLED},
    [CN_EXPIRED] = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
    [CN_CANCELLED] = {-1, -1, -1, -1, -1, -1, -1, -1, -1},
};
