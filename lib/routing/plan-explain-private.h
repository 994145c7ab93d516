/* What the parts of plan-explain.c share: the offerings that a need of a plan could have, seen against where the
 * plan has everybody. */
#pragma once

#include "routing/plan-bonds.h"
#include "routing/plan-why.h"

typedef struct {
    const CnPlan *plan;
    CnPlanNeeds *needs;
    gint *offering_of;
    CnPlanBonds bonds;
    CnPlanUse use;
    gint64 *shares;   /* of each need: see plan-shares.h */
    guint first, end; /* the needs of the case */
} CnExplain;

/* An offering that the need could have, with what its last place is worth to others. */
typedef struct {
    guint offering;
    gint64 cost; /* the others being where the plan has them */
    gint64 lines[CN_COSTS_LEN];
    gint64 price;
    gboolean chosen;
    CnRule barred; /* by where the plan has others of the list; CN_RULE_NONE */
} CnOffer;

/* Who goes along with a need, or must not meet it, where the plan has them. */
typedef struct {
    CnOrigin origin;
    CnCompanions companions;
    CnQuestion question;
} CnExplainCompany;

/* Places of the plan that are left there. */
typedef enum {
    CN_LEFT_ENOUGH,
    CN_LEFT_TOO_FEW, /* for all who have to go together */
    CN_LEFT_NONE
} CnLeft;

void cn_explain_company_init(CnExplainCompany *company, const CnExplain *explain, guint need);
void cn_explain_company_clear(CnExplainCompany *company);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnExplainCompany, cn_explain_company_clear)

/* The chosen one first, then by cost and price, then those that are barred. (element-type CnOffer) (transfer full) */
GArray *cn_explain_offers(const CnExplain *explain,
                          guint need,
                          const CnNeedRoute *route,
                          const CnExplainCompany *company);
/* Whoever goes elsewhere leaves a place, and what is left under a quota: -1 leaves out the need and those who go along
 * for what is asked of what is left, 1 counts them again. */
void cn_explain_count(const CnExplain *explain,
                      guint need,
                      const CnExplainCompany *company,
                      gint times);
CnLeft cn_explain_left(const CnExplain *explain,
                       const CnOffer *offer,
                       const CnExplainCompany *company);
/* What the last place is worth to others, in words where somebody goes without for it. (transfer full) */
char *cn_explain_worth(const CnExplain *explain, const CnOffer *offer);
/* That not all who go together find room. (transfer full) */
char *cn_explain_too_few(const CnExplainCompany *company);
