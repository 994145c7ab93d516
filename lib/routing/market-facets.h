/* Profiles: what of a person and a need decides between columns, besides the town. See
 * market-facets.c. */
#pragma once

#include "routing/market-private.h"

typedef struct CnFacets CnFacets;

/* Also fills the fixed costs and the standing columns of the asks. */
CnFacets *cn_facets_new(CnMarket *market);
void cn_facets_free(CnFacets *facets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnFacets, cn_facets_free)

/* Puts profiles in the place of all CN_TO_BE_MADE, by need. Needs with the same facts are answered from
 * memory. */
#define CN_TO_BE_MADE 0
void cn_facets_profiles(CnFacets *facets, guint *profile_of_need);
/* A profile with only the columns of @bits, which are the component's words, and a number of siblings
 * that must find room together. */
guint cn_facets_narrow(CnFacets *facets, guint profile, const guint64 *bits, guint persons);

/* Whether a profile may take a column, patched ones included. */
gboolean cn_profile_fits(const CnMarket *market, const CnProfile *profile, guint column);
/* What it adds to the column's fixed cost, apart from travel and leaving the region. */
gint64 cn_profile_add(const CnMarket *market, const CnProfile *profile, guint column);
/* Columns outside of the home region of a town, by the rules' own answer. */
gboolean cn_column_leaves(const CnMarket *market,
                          const CnComponent *component,
                          guint column,
                          CnAreaId town);
