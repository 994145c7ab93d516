/* Filling and asking the index of texts. */
#include "base/text-index.h"

#define SLOTS_MOST (1u << 28)

void
cn_text_index_init(CnTextIndex *index, guint32 most)
{
    guint32 slots = 8;
    while (slots < SLOTS_MOST && slots / 2 < most)
        slots *= 2;
    index->own = g_new0(guint32, slots);
    index->slots = index->own;
    index->mask = slots - 1;
}

void
cn_text_index_clear(CnTextIndex *index)
{
    g_clear_pointer(&index->own, g_free);
    index->slots = NULL;
}

/* FNV-1a: it must not change between two processes. */
static guint32
hash(const char *text)
{
    guint32 hash = 2166136261u;
    for (const guchar *at = (const guchar *)text; *at != '\0'; at++)
        hash = (hash ^ *at) * 16777619u;
    return hash ^ hash >> 15;
}

/* The slot of @text, or the free one where it would stand; G_MAXUINT32 where there is neither, which
 * only a damaged index can hold. */
static guint32
seek(const CnTextIndex *index, CnTextOf text_of, gconstpointer owner, const char *text)
{
    guint32 at = hash(text) & index->mask;
    for (guint32 tries = 0; tries <= index->mask; tries++, at = (at + 1) & index->mask)
        if (index->slots[at] == 0 || strcmp(text_of(owner, index->slots[at] - 1), text) == 0)
            return at;
    return G_MAXUINT32;
}

void
cn_text_index_put(CnTextIndex *index, CnTextOf text_of, gconstpointer owner, guint32 number)
{
    index->own[seek(index, text_of, owner, text_of(owner, number))] = number + 1;
}

gint32
cn_text_index_find(const CnTextIndex *index,
                   CnTextOf text_of,
                   gconstpointer owner,
                   const char *text)
{
    guint32 at = seek(index, text_of, owner, text);
    return at != G_MAXUINT32 ? (gint32)index->slots[at] - 1 : -1;
}

void
cn_text_index_pack(GByteArray *out, const CnTextIndex *index)
{
    cn_pack_int(out, index->mask);
    cn_pack_records(out, index->slots, sizeof(guint32), (gsize)index->mask + 1);
}

void
cn_text_index_unpack(CnUnpack *in, CnTextIndex *index, guint32 numbers)
{
    index->mask = (guint32)cn_unpack_int_in(in, 7, SLOTS_MOST - 1);
    if ((index->mask & (index->mask + 1)) != 0)
        in->broken = TRUE;
    index->slots = cn_unpack_records(in, sizeof(guint32), (gsize)index->mask + 1);
    for (guint32 i = 0; index->slots != NULL && i <= index->mask; i++)
        if (index->slots[i] > numbers)
            in->broken = TRUE;
}
