/* See pieces.h. Whoever is free takes the next piece, so that nobody waits for a share that turned out large. */
#include "base/pieces.h"

typedef struct {
    CnDoPiece each;
    gpointer data;
    guint len;
    guint next; /* atomic */
} Pieces;

static gpointer
do_pieces(gpointer data)
{
    Pieces *pieces = data;
    for (;;) {
        const guint piece = (guint)g_atomic_int_add(&pieces->next, 1);
        if (piece >= pieces->len)
            return NULL;
        pieces->each(piece, pieces->data);
    }
}

void
cn_pieces_do(guint len, guint threads, CnDoPiece each, gpointer data)
{
    Pieces pieces = {.each = each, .data = data, .len = len};
    const guint others = MIN(threads, len) > 1 ? MIN(threads, len) - 1 : 0;
    g_autofree GThread **running = g_new0(GThread *, (gsize)others + 1);
    for (guint i = 0; i < others; i++)
        running[i] = g_thread_try_new("carenet-piece", do_pieces, &pieces, NULL);
    do_pieces(&pieces);
    for (guint i = 0; i < others; i++)
        if (running[i] != NULL)
            g_thread_join(running[i]);
}
