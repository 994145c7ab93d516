/* What the programme of a network gives a place: the network that covers it, the ordinances that hold
 * there. It goes by the area as it is disclosed, so that nothing of a restricted site is told. */
#pragma once

#include "model/network.h"

typedef struct {
    const char *network; /* id of the region whose network covers the place; NULL: none */
    CnDate network_formed_on;
    CnDate ordinance_passed_on;      /* of the first that was passed */
    CnDate ordinance_implemented_on; /* of the first that is passed and implemented */
} CnCoverage;

typedef struct CnCoverages CnCoverages;

/* Of every area, from the regions and programmes of @network; strings are borrowed from it. */
CnCoverages *cn_coverages_new(const CnNetwork *network, const CnGazetteer *gazetteer);
void cn_coverages_free(CnCoverages *coverages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnCoverages, cn_coverages_free)

/* Of @area: what holds there, or in an area that it is part of. A city that is independent of its
 * province stands under its region, as the law has it. O(depth of the tree) */
CnCoverage cn_coverage_of(const CnCoverages *coverages, CnAreaId area);
