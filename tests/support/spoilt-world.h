/* Small worlds, each spoilt by one change, and the hard rule that then keeps an offering away. By what is changed:
 * who is to be safe and has agreed (spoilt-safety.c), the person (spoilt-person.c), the offering and the way there
 * (spoilt-offering.c). */
#pragma once

#include "small-world.h"

#define THERAPY "ex-open/trauma-therapy"
#define BED     "ex-shelter/emergency-shelter"

typedef struct {
    const char *offering;
    void (*spoil)(SmallWorld *world);
    const char *reason; /* NULL: it stays ranked */
    const char *detail; /* NULL: the meaning of the rule; after a '*': how it ends */
} SpoiltWorld;

typedef struct {
    const SpoiltWorld *worlds;
    gsize len;
} SpoiltWorlds;

extern const SpoiltWorlds spoilt_safety, spoilt_person, spoilt_offering;

static inline void
add_area(GArray *areas, CnAreaId area)
{
    g_array_append_val(areas, area);
}
