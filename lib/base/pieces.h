/* Work that falls into pieces, done by several threads. */
#pragma once

#include <glib.h>

/* That a caller may ask for. */
#define CN_THREADS_MOST 64

typedef void (*CnDoPiece)(guint piece, gpointer data);

/* Calls @each once for every piece from 0 to @len - 1, in @threads threads at most, the caller's among
 * them, and comes back when all are done. Pieces are begun in their order, so put the large ones first.
 * Where a thread cannot be had the others do its work. */
void cn_pieces_do(guint len, guint threads, CnDoPiece each, gpointer data);
