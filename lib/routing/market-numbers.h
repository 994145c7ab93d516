/* Numbers for byte strings: equal strings get the same number, 0 and up in the order of coming. */
#pragma once

#include <glib.h>

typedef struct CnNumbers CnNumbers;

CnNumbers *cn_numbers_new(void);
void cn_numbers_free(CnNumbers *numbers);

guint cn_numbers_len(const CnNumbers *numbers);
/* The number of the string, which is copied where it is new: then the length grows by one. */
guint cn_numbers_of(CnNumbers *numbers, gconstpointer bytes, guint len);
/* The string with the number, aligned for 64-bit words; it stays where it is. */
gconstpointer cn_numbers_bytes(const CnNumbers *numbers, guint number, guint *out_len);
