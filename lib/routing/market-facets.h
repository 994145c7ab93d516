/* Profiles: what of a person and a need decides between columns, besides the town. See
 * market-facets.c. */
#pragma once

#include "routing/market-private.h"

/* Of one component, for one thread at a time. */
typedef struct CnFacets CnFacets;

/* Also fills the fixed costs and the standing columns of the component's asks. */
CnFacets *cn_facets_new(CnMarket *market, guint component);
void cn_facets_free(CnFacets *facets);

/* Fills @profile_of_need, which is by need, for the needs of the component that are listed. Needs with the
 * same facts are answered from memory. Profiles are numbered as they come. */
void cn_facets_profiles(CnFacets *facets, const guint *needs, guint len, guint *profile_of_need);
/* A profile with only the columns of @bits, which are the component's words, and a number of siblings
 * that must find room together. */
guint cn_facets_narrow(CnFacets *facets, guint profile, const guint64 *bits, guint persons);
/* Leaves in @bits only columns that the profile may take. */
void cn_facets_meet(const CnFacets *facets, guint profile, guint64 *bits);

/* How many of each the component adds to the market. */
typedef struct {
    guint profiles, patches, bitmaps;
} CnFacetsLen;
CnFacetsLen cn_facets_len(const CnFacets *facets);
/* Puts them into the room of the market from @first to @end, profiles in the order of what they hold. Gives the
 * numbers that profiles have there. (transfer full) */
guint *cn_facets_give(CnFacets *facets, const CnFacetsLen *first, const CnFacetsLen *end);

/* Whether a profile may take a column, patched ones included. */
gboolean cn_profile_fits(const CnMarket *market, const CnProfile *profile, guint column);
/* What it adds to the column's fixed cost, apart from travel and leaving the region. */
gint64 cn_profile_add(const CnMarket *market, const CnProfile *profile, guint column);
/* Columns outside of the home region of a town, by the rules' own answer. */
gboolean cn_column_leaves(const CnMarket *market,
                          const CnComponent *component,
                          guint column,
                          CnAreaId town);
