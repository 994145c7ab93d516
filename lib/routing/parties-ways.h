/* Ways to decide a block (parties-ways.c), for the files that list them. */
#pragma once

#include "routing/parties-block.h"

/* Adds a way that is not hopeless. @at is copied; NULL: it falls apart. */
void cn_ways_add(GArray *options,
                 const CnBlockLimit *limit,
                 const CnLevels *value,
                 const CnLevels *cost,
                 const gint *at,
                 guint len);

/* Adds those in which one provider meets at least one need of a bundle that is not pinned: parties-ways-bundle.c.
 * Ends early where there are more than @most. */
void cn_ways_add_bundled(CnSearch *search,
                         const CnBlock *block,
                         const CnBlockLimit *limit,
                         GArray *options,
                         guint most);
