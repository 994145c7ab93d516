/* What a list of cases says, as one number. */
#pragma once

#include "model/case.h"

/* SHA-256 in hexadecimal over every fact of every case, whatever the order and the format of the list
 * that it was read from. O(n log n). (transfer full) */
char *cn_cases_digest(const struct carenet_cases *cases);
