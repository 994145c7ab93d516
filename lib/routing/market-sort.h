/* Numbers in the order of their keys: see market-sort.c. */
#pragma once

#include <glib.h>

/* Sorts @numbers by @keys[number]; equal ones stay in the order in which they are. Linear in @len for each
 * twelve bits in which keys differ. */
void cn_sort_by_keys(guint *numbers, guint len, const guint64 *keys);

/* A signed number as a key. */
static inline guint64
cn_key_of(gint64 number)
{
    return (guint64)number ^ (G_GUINT64_CONSTANT(1) << 63);
}
