/* Who could go under a quota only if it had one more place than it has, however few use it: one who wants, or
 * siblings who want together, just so many. Settled once, as quotas are, for plans and for their check. */
#pragma once

#include "routing/plan-bonds.h"

/* By group: whether there is anybody of the list whom one more place would so let in. What one more place saves
 * does not follow from prices then, since these say nothing of pairs that cannot be. At least all of them are found:
 * rules that look at siblings together are not asked. (transfer full) */
guint8 *cn_quotas_let_in_new(const CnPlanNeeds *needs, const CnPlanBonds *bonds);

/* By group: units placed. (transfer full) */
gint64 *cn_quotas_used_new(const CnPlanNeeds *needs, const gint *offering_of);

/* The most that one more place lowers a plan's bound by, @price being what it is worth. Where the bound says of its costs
 * no more than that they are not below nothing, what is lost besides is not counted on. */
CnPlanValue cn_quota_saving(const CnPlanValue *bound, const CnPlanValue *price);
