/* The ledger of places: how many an offering has, how many are taken and held, and every change of
 * them. A place is taken by one conditional statement, so that occupied and held together never come
 * to exceed the total by a take, whoever else takes at the same moment. */
#pragma once

#include "store/work.h"

typedef struct {
    gboolean counted; /* the service is one whose places are counted */
    gboolean known;   /* somebody has reported them */
    gint64 total, occupied, held, free;
    gint64 waiting;  /* referrals on the waiting list */
    CnInstant as_of; /* of what was told last, or done by a referral; not set: nobody knows when */
    gboolean is_public;       /* numbers of others are not shown */
    gboolean example, open;   /* whether it is invented, and not closed */
    gboolean all_below;       /* it also meets every need below its service */
    gint age_max;             /* the greatest age that it takes; -1: none */
    char *provider, *service; /* owned */
    char *unit;
    char *status;
} CnPlaces;
void cn_places_clear(CnPlaces *places);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnPlaces, cn_places_clear)

/* What is known of an offering at the time of @work; holds that have ended are free again. Errors:
 * not-found. */
gboolean cn_ledger_look(CnWork *work, const char *offering, CnPlaces *out, GError **error);

/* Writes down that holds of the offering have ended, and that their referrals have expired. Comes
 * before everything that takes or gives a place. */
gboolean cn_ledger_sweep(CnWork *work, const char *offering, GError **error);

/* Holds @units places for @id until then, by the one conditional statement. Errors: capacity. */
gboolean cn_ledger_hold(CnWork *work,
                        const char *offering,
                        const char *id,
                        gint64 units,
                        gint64 until_s,
                        gint64 referral,
                        gint64 record,
                        GError **error);
/* Gives back what @id holds; *out_units (nullable) is 0 where it holds nothing. */
gboolean cn_ledger_release(CnWork *work,
                           const char *offering,
                           const char *id,
                           gint64 record,
                           gint64 *out_units,
                           GError **error);
/* What @id holds becomes occupied. */
gboolean cn_ledger_occupy(CnWork *work,
                          const char *offering,
                          const char *id,
                          gint64 record,
                          GError **error);
/* @units occupied places are free again, or as many as the provider last reported to be occupied. */
gboolean cn_ledger_free(CnWork *work,
                        const char *offering,
                        gint64 units,
                        gint64 record,
                        GError **error);
/* The provider reported, and it was so at @as_of_s: -1 leaves a number as it was. @source: phone, visit,
 * email, document, report. */
gboolean cn_ledger_report(CnWork *work,
                          const char *offering,
                          gint64 total,
                          gint64 occupied,
                          gint64 wait_days,
                          const char *source,
                          gint64 as_of_s,
                          gint64 record,
                          GError **error);

/* The offering and referral (0: none) of a hold. Errors: not-found, state (it has ended). (transfer full) */
char *cn_ledger_hold_offering(CnWork *work, const char *id, gint64 *out_referral, GError **error);

/* One row an offering whose places are counted, or only @offering: provider, offering, service, unit,
 * total, occupied, held, free, availability, as_of, source, waiting, stale, disclosure, waited_days (the
 * mean from sending to the start of help in the last year), status (of the provider: whoever is not active has
 * no place free). Numbers of offerings that are not public are null. (transfer full) */
carenet_table *cn_ledger_table(CnWork *work,
                               const char *offering,
                               gint32 stale_after_days,
                               gboolean all_numbers,
                               GError **error);

/* The provider was verified @on that day: by phone, visit, email or document. Errors: not-found; conflict
 * where @only_newer and it was verified on a later day. */
gboolean cn_provider_set_verified(CnWork *work,
                                  const char *provider,
                                  const char *on,
                                  const char *by,
                                  gboolean only_newer,
                                  GError **error);
