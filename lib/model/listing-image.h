/* A listing in an image: its arrays are sections, used in place. The reference data that its areas,
 * services and terms are positions in stands in the same image. */
#pragma once

#include "base/image.h"
#include "model/listing.h"

/* The sections of an image, for all floors: a number is never given twice. */
typedef enum {
    CN_SECTION_REFERENCE = 1,
    CN_SECTION_NETWORK,
    CN_SECTION_TEXT,
    CN_SECTION_PROVIDERS,
    CN_SECTION_OFFERINGS,
    CN_SECTION_REGIONS,
    CN_SECTION_SERVES,
    CN_SECTION_CAPABILITIES,
    CN_SECTION_INTERVALS,
    /* of lib/directory */
    CN_SECTION_DIGEST,
    CN_SECTION_INDEX_FIRST,
    CN_SECTION_INDEX_OFFERINGS,
    CN_SECTION_INDEX_AREAS,
    CN_SECTION_GRID,
    CN_SECTION_GRID_FIRST,
    CN_SECTION_GRID_OFFERINGS,
    CN_SECTION_GRID_SERVICES,
} CnSection;

/* How this build lays the records out: images of any other build are not read. */
guint64 cn_listing_layout(void);

/* The sections of listing @l, appended to @sections (element-type CnImageSection); borrowed from it. */
void cn_listing_sections(const CnListing *l, GArray *sections);

/* The listing of an image, with no capacity known. Nothing of it is checked but what is small; see
 * cn_listing_check_offering(). NULL where it cannot be one. (transfer full) */
CnListing *cn_listing_map(CnImage *image, CnReference *reference);

/* Checks everything that was not checked yet; afterwards the listing is like any other. FALSE where it
 * is damaged. */
gboolean cn_listing_check_all(CnListing *listing);
