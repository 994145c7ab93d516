/* See pages.h. */
#include "base/pages.h"

#include <sys/mman.h>

/* Whatever looks for mistakes in the use of memory must see all of it. GCC and clang say differently that it looks. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define IS_WATCHED
#endif
#elif defined __SANITIZE_ADDRESS__
#define IS_WATCHED
#endif

static gboolean
is_mapped(gsize bytes)
{
#if defined IS_WATCHED
    (void)bytes;
    return FALSE;
#else
    return bytes >= CN_PAGES_LEAST;
#endif
}

gpointer
cn_pages_new(gsize bytes)
{
    if (!is_mapped(bytes))
        return g_malloc(bytes);
    gpointer pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        g_error("failed to allocate %" G_GSIZE_FORMAT " bytes", bytes);
    return pages;
}

void
cn_pages_free(gpointer pages, gsize bytes)
{
    if (!is_mapped(bytes))
        g_free(pages);
    else if (pages != NULL)
        munmap(pages, bytes);
}
