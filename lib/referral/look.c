#include "referral/look.h"

void
cn_look_init(CnLook *look,
             const CnPlanNeeds *needs,
             guint need,
             const gint *offering_of,
             CnPlanWay *way)
{
    look->question = cn_plan_way_question(needs, need, way);
    look->has_company = cn_plan_need_has_company(needs, need);
    if (look->has_company) {
        cn_plan_companions_find(needs, need, offering_of, &look->companions);
        look->question.companions = &look->companions;
    }
    cn_candidate_init(&look->candidate, &look->question, (guint)offering_of[need]);
}

void
cn_look_clear(CnLook *look)
{
    if (look->has_company)
        cn_plan_companions_clear(&look->companions);
    look->has_company = FALSE;
}
