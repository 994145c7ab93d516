/* Large memory that goes back to the system at once. What is freed to the heap is kept for whoever asks for as
 * much again; with lists of a million that is more than what is in use. */
#pragma once

#include <glib.h>

/* Smaller ones are of the heap, which is quicker where the same is asked for again and again. */
#define CN_PAGES_LEAST ((gsize)8 << 20)

/* What is never written to takes no room where it is large. Ends the program where there is none, as g_malloc()
 * does. To be given back with cn_pages_free() and the same size. */
gpointer cn_pages_new(gsize bytes);
void cn_pages_free(gpointer pages, gsize bytes);

#define CN_PAGES_NEW(type, len) ((type *)cn_pages_new((gsize)(len) * sizeof(type)))
#define CN_PAGES_FREE(list, len) \
    (cn_pages_free((list), (gsize)(len) * sizeof *(list)), (list) = NULL)
