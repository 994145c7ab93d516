/* Levels of a plan in the figures of benchmarks. */
#pragma once

#include "routing/market.h"

#include <jansson.h>

/* Units unmet by urgency, the gravest first, then cost. (transfer full) */
json_t *levels_json(const CnLevels *levels);
