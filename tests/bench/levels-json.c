/* See levels-json.h. */
#include "levels-json.h"

json_t *
levels_json(const CnLevels *levels)
{
    return json_pack("[I,I,I,I]", (json_int_t)levels->unmet[0], (json_int_t)levels->unmet[1],
                     (json_int_t)levels->unmet[2], (json_int_t)levels->cost);
}
