/* What an eligible pair of need and offering costs: additive lines from the policy, whole and never
 * negative, so that a penalty may only add. The one cost function of route, batch and check. */
#pragma once

#include "model/rules.h"

typedef enum {
    CN_COST_TRAVEL,
    CN_COST_NO_LINK,
    CN_COST_WAIT,
    CN_COST_RESTRICTIVENESS,
    CN_COST_LANGUAGE,
    CN_COST_CAPABILITY,
    CN_COST_STALE,
    CN_COST_LEAVE_REGION,
    CN_COST_NEW_PROVIDER,
    CN_COST_NOT_PREFERRED,
    CN_COST_SIBLINGS_APART,
    CN_COST_OTHER_PROVIDER, /* of plans only */
    CN_COST_USE,    /* see fairness.h: it depends on who else comes, so it is added to the others */
    CN_COST_PLUGIN, /* the first of the scores of plug-ins, in their order */
    CN_COSTS_LEN = CN_COST_PLUGIN + CARENET_PLUGINS_MOST,
} CnCost;

/* Stable slug: "travel", "wait", ...; the name of the plug-in of @policy that scores. */
const char *cn_cost_name(const CnPolicy *policy, guint cost);
/* Names that no plug-in may have; ends with NULL. */
const char *const *cn_cost_names(void);

/* Fills @lines and returns their sum. @siblings_fit: whether every sibling that the case would like
 * to stay with could be taken, too. */
gint64 cn_cost_lines(const CnQuestion *question,
                     const CnCandidate *candidate,
                     gboolean siblings_fit,
                     gint64 lines[CN_COSTS_LEN]);

/* What cn_cost_lines() of an offering are at least and at most but for the way, for whoever asks and finds his siblings
 * fit; what plug-ins add comes on top. */
void cn_cost_bounds(const CnListing *listing,
                    const CnPolicy *policy,
                    gint64 now_s,
                    guint offering,
                    gint64 *out_least,
                    gint64 *out_most);

/* Whether going there leaves the region of responsibility, the one where the survivor is. */
gboolean cn_leaves_region(const CnQuestion *question, const CnCandidate *candidate);
/* The same of a town and a provider. */
gboolean cn_lies_outside(const CnListing *listing, CnAreaId town, const CnListedProvider *provider);
/* Whether a language is known to be shared; TRUE where the case names none. */
gboolean cn_shares_language(const CnQuestion *question, const CnCandidate *candidate);
