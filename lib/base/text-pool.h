/* A pool of texts, one behind the other with their NULs, each of them once: who has many records keeps
 * positions in it. */
#pragma once

#include <glib.h>

typedef struct {
    guint32 hash;
    guint32 at; /* in the pool; 0: free */
} CnPooled;

typedef struct {
    GString *text;   /* NUL first, so that no text stands at 0 */
    CnPooled *slots; /* a power of two of them, at most half of them taken */
    gsize slots_len;
    gsize taken;
} CnTextPool;

/* For about so many texts. */
void cn_text_pool_init(CnTextPool *pool, gsize texts);
/* Where @text stands, after it was added if need be. */
guint32 cn_text_pool_add(CnTextPool *pool, const char *text);
/* The texts, NUL first and last. (transfer full) */
char *cn_text_pool_finish(CnTextPool *pool, gsize *out_len);
