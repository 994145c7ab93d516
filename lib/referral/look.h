/* What the hard rules say at this moment to a need that is to go to an offering: for a plan that is applied,
 * and for a referral that is sent. */
#pragma once

#include "routing/plan-needs.h"

/* Free places are the transaction's to look at. */
#define CN_LOOK_RULES \
    (CN_RULES_ALL & ~(CN_RULE_BIT(CN_RULE_FULL) | CN_RULE_BIT(CN_RULE_UNKNOWN_CAPACITY)))

/* One need put to one offering, with those of the list who have a say in it. It stays where it is: the
 * question points into it. */
typedef struct {
    CnQuestion question;
    CnCandidate candidate;
    CnCompanions companions; /* made where it has company */
    gboolean has_company;
} CnLook;

/* @offering_of tells for each need of the list where it goes, -1 nowhere; for @need the offering that is
 * looked at. @way as in cn_plan_way_question(). */
void cn_look_init(CnLook *look,
                  const CnPlanNeeds *needs,
                  guint need,
                  const gint *offering_of,
                  CnPlanWay *way);
void cn_look_clear(CnLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnLook, cn_look_clear)
