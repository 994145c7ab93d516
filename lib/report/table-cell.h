/* What the writers of tables share: numbers as text. */
#pragma once

#include "base/table.h"

/* Appends a number so that reading it back gives the same bits, in as few digits as 15 or 17 allow.
 * The caller has looked that it is finite. */
void cn_cell_append_double(GString *out, double value);

/* Appends a cell that is not null as plain text, the members of a list joined by @separator. A
 * number that is not finite is the empty text. */
void cn_cell_append_plain(GString *out,
                          const carenet_table *table,
                          gsize row,
                          gsize column,
                          const char *separator);
