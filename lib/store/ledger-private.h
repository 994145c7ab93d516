/* What the files of the ledger share. */
#pragma once

#include "store/ledger.h"

/* Places of the offering o that are held by what has ended at :now_s, whether or not somebody has written
 * that down yet. */
#define CN_ENDED_HOLDS                                                                 \
    "(SELECT coalesce(sum(units), 0) FROM hold AS h WHERE h.network_id = o.network_id" \
    " AND h.offering_id = o.id AND h.until_s <= :now_s)"

/* Returns FALSE: nobody has that offering. */
gboolean cn_ledger_fail_unknown(const char *offering, GError **error);
