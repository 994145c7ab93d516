/* The caller's carenet_acting in the shape that the floors below take. */
#pragma once

#include "store/work.h"

/* For the public function @call. FALSE: invalid-argument. Text stays the caller's. */
gboolean cn_acting_adopt(const char *call,
                         const carenet_acting *acting,
                         CnActing *out,
                         GError **error);
/* Whether a store may go by that clock: any other moves it to where nothing can be added. G_MININT64: its own. */
#define CN_NOW_WRONG "now_s must be an instant of the years 1900 to 2199, or INT64_MIN"
gboolean cn_now_is_readable(gint64 now_s);
/* After how many days the policy of the store takes a report for stale. */
gint32 cn_stale_after_days(carenet_store *store);
