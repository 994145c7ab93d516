/* An index of texts: from a text to a number, without pointers, so that it can stand in an image. The
 * texts themselves stay with their owner. */
#pragma once

#include "base/pack.h"

typedef struct {
    const guint32 *slots; /* number + 1, 0 free; linear probing */
    guint32 mask;         /* slots - 1 */
    guint32 *own;         /* the slots, unless they are borrowed */
} CnTextIndex;

/* The text of a number that was put in. */
typedef const char *(*CnTextOf)(gconstpointer owner, guint32 number);

void cn_text_index_init(CnTextIndex *index, guint32 most);
void cn_text_index_clear(CnTextIndex *index);
/* Puts @number in; of two equal texts the later one is found. */
void cn_text_index_put(CnTextIndex *index, CnTextOf text_of, gconstpointer owner, guint32 number);
/* The number with exactly this text, or -1. */
gint32 cn_text_index_find(const CnTextIndex *index,
                          CnTextOf text_of,
                          gconstpointer owner,
                          const char *text);

void cn_text_index_pack(GByteArray *out, const CnTextIndex *index);
/* Borrows the slots; every number in it is below @numbers. */
void cn_text_index_unpack(CnUnpack *in, CnTextIndex *index, guint32 numbers);
