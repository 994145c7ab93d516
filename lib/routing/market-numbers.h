/* Numbers for rows of words: equal rows get the same number, 0 and up in the order of coming. */
#pragma once

#include <glib.h>

typedef struct CnNumbers CnNumbers;

CnNumbers *cn_numbers_new(void);
void cn_numbers_free(CnNumbers *numbers);

guint cn_numbers_len(const CnNumbers *numbers);
/* The number of the row, which is copied where it is new: then the length grows by one. */
guint cn_numbers_of(CnNumbers *numbers, const guint64 *words, gsize len);
/* The row with the number; it stays where it is. */
const guint64 *cn_numbers_words(const CnNumbers *numbers, guint number, gsize *out_len);

/* For many rows at once: the hash of each, with its slot asked from the memory; then the row that is
 * there; then the number as cn_numbers_of() gives it. */
guint32 cn_numbers_hash(const CnNumbers *numbers, const guint64 *words, gsize len);
void cn_numbers_look_ahead(const CnNumbers *numbers, guint32 hash);
guint cn_numbers_of_hash(CnNumbers *numbers, const guint64 *words, gsize len, guint32 hash);
