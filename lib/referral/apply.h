/* Applying a plan: its assignments become referrals, in transactions of bounded length. Rules are looked
 * at anew by a directory of this moment, places within the transaction that takes them. */
#pragma once

#include "directory/directory.h"
#include "model/plan.h"
#include "referral/referral.h"

/* What became of an assignment. */
typedef enum {
    CN_APPLIED_LEFT,    /* nothing yet: stopped before it */
    CN_APPLIED_DRAFTED, /* it is a draft now */
    CN_APPLIED_SENT,    /* it is sent, its places are held */
    CN_APPLIED_ALREADY, /* by this plan before, or the need has an open referral */
    CN_APPLIED_LOST,    /* a rule, the places or consent speak against it now */
    CN_APPLIED_LEN
} CnApplied;

typedef struct {
    const CnPlan *plan;
    const CnPolicy *policy;
    const struct carenet_cases *cases;
    gboolean send; /* at once, else as drafts */
    gint64 hold_s; /* of what is sent; 0: the default */
    carenet_cancel *cancel;
    bool (*progress)(const carenet_progress *progress, void *user);
    void *progress_user;
} CnApplyOptions;

typedef struct CnApply CnApply;

/* Borrows everything that it is given. NULL sets invalid-argument. (transfer full) */
CnApply *cn_apply_new(carenet_store *store,
                      const CnApplyOptions *options,
                      const CnActing *acting,
                      GError **error);
void cn_apply_free(CnApply *apply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnApply, cn_apply_free)

/* Goes on where it stands, by the rules as @directory (of the same store) tells them. *out_stale: the
 * directory has moved on; load it anew and call again. On an error what was stored before stays. Errors:
 * refused (a plan of a demonstration, and a live store, or the other way round), busy, storage. */
gboolean cn_apply_run(CnApply *apply,
                      const CnDirectory *directory,
                      gboolean *out_stale,
                      GError **error);

/* How many assignments are done. */
guint cn_apply_done(const CnApply *apply);

/* One row an assignment, as in carenet_plan_apply(). (transfer full) */
carenet_table *cn_apply_table(const CnApply *apply);

/* The needs that were lost according to @applied, as a list of cases (NDJSON) that can be routed again:
 * who must be kept apart from somebody avoids where that one goes now. NULL sets invalid-argument
 * where the table is not one of cn_apply_table(). (transfer full) */
char *cn_apply_lost(const struct carenet_cases *cases,
                    const carenet_table *applied,
                    GError **error);
