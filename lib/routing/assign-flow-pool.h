/* Part of assign-flow-body.h: memory for many things of one size.
 *
 * They are asked of the system as many at once as there are already, so that what is much goes back to it, and what is
 * given back is taken again whoever needs it. */

static void
pool_init(Pool *pool, gsize bytes, guint least)
{
    *pool = (Pool){.bytes = bytes,
                   .least = least,
                   .chunks = g_array_new(FALSE, FALSE, sizeof(Chunk)),
                   .unused = g_ptr_array_new()};
}

static void
pool_clear(Pool *pool)
{
    for (guint i = 0; i < pool->chunks->len; i++) {
        const Chunk *chunk = &g_array_index(pool->chunks, Chunk, i);
        cn_pages_free(chunk->bytes, chunk->things * pool->bytes);
    }
    g_array_unref(pool->chunks);
    g_ptr_array_unref(pool->unused);
}

/* To @most things where so few are enough. */
static void
pool_grow(Pool *pool, guint most)
{
    const guint room = most - MIN(most, pool->len);
    const guint many = MIN(pool->len, (guint)(CN_PAGES_LEAST / pool->bytes) + 1);
    const guint things = MAX(pool->least, MIN(many, room));
    const Chunk chunk = {.bytes = cn_pages_new(things * pool->bytes), .things = things};
    g_array_append_val(pool->chunks, chunk);
    for (guint i = things; i > 0; i--)
        g_ptr_array_add(pool->unused, chunk.bytes + (i - 1) * pool->bytes);
    pool->len += things;
}

/* One that is unused. */
static gpointer
pool_take(Pool *pool)
{
    return g_ptr_array_steal_index_fast(pool->unused, pool->unused->len - 1);
}

static void
pool_give(Pool *pool, gpointer thing)
{
    g_ptr_array_add(pool->unused, thing);
}
