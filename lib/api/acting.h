/* The caller's carenet_acting in the shape that the floors below take. */
#pragma once

#include "store/work.h"

/* For the public function @call. FALSE: invalid-argument. Text stays the caller's. */
gboolean cn_acting_adopt(const char *call,
                         const carenet_acting *acting,
                         CnActing *out,
                         GError **error);
/* Whether the directory of the store knows whom case @i, or a sibling, avoids; it is loaded only where one does. */
gboolean cn_store_knows_avoided(carenet_store *store,
                                const carenet_cases *cases,
                                size_t i,
                                GError **error);
/* After how many days the policy of the store takes a report for stale. */
gint32 cn_stale_after_days(carenet_store *store);
