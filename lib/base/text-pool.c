/* Pools of texts: an open table of positions, so that no text is kept twice or allocated by itself. */
#include "base/text-pool.h"

#include <string.h>

#define SLOTS_FEW 64

void
cn_text_pool_init(CnTextPool *pool, gsize texts)
{
    gsize slots = SLOTS_FEW;
    while (slots < 2 * texts)
        slots *= 2;
    *pool = (CnTextPool){
        .text = g_string_new_len("", 1), .slots = g_new0(CnPooled, slots), .slots_len = slots};
}

/* Eight bytes at a time; never written down, so that it may be another one tomorrow. */
static guint32
hash_of(const char *text, gsize len)
{
    const guint64 factor = G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    guint64 hash = len * factor;
    for (; len >= sizeof hash; len -= sizeof hash, text += sizeof hash) {
        guint64 part;
        memcpy(&part, text, sizeof part);
        hash = (hash ^ part) * factor;
        hash ^= hash >> 32;
    }
    guint64 rest = 0;
    memcpy(&rest, text, len);
    hash = (hash ^ rest) * factor;
    return (guint32)(hash >> 32);
}

static void
grow(CnTextPool *pool)
{
    const gsize len = 2 * pool->slots_len;
    CnPooled *slots = g_new0(CnPooled, len);
    for (gsize i = 0; i < pool->slots_len; i++) {
        gsize at = pool->slots[i].hash & (len - 1);
        if (pool->slots[i].at == 0)
            continue;
        while (slots[at].at != 0)
            at = (at + 1) & (len - 1);
        slots[at] = pool->slots[i];
    }
    g_free(pool->slots);
    pool->slots = slots;
    pool->slots_len = len;
}

guint32
cn_text_pool_add(CnTextPool *pool, const char *text)
{
    const gsize len = strlen(text);
    const guint32 hash = hash_of(text, len);
    if (2 * pool->taken >= pool->slots_len)
        grow(pool);
    gsize slot = hash & (pool->slots_len - 1);
    for (; pool->slots[slot].at != 0; slot = (slot + 1) & (pool->slots_len - 1))
        if (pool->slots[slot].hash == hash &&
            strcmp(pool->text->str + pool->slots[slot].at, text) == 0)
            return pool->slots[slot].at;
    pool->slots[slot] = (CnPooled){.hash = hash, .at = (guint32)pool->text->len};
    pool->taken++;
    g_string_append_len(pool->text, text, (gssize)len + 1);
    return pool->slots[slot].at;
}

char *
cn_text_pool_finish(CnTextPool *pool, gsize *out_len)
{
    *out_len = pool->text->len;
    char *text = g_string_free(pool->text, FALSE);
    g_free(pool->slots);
    *pool = (CnTextPool){0};
    return text;
}
