/* The files of a store: its database, and what stands beside it. */
#include "store/store-private.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* The database, what SQLite makes beside it, the file that writers queue at, and the image. */
const char *const cn_store_endings[] = {
    "", "-journal", "-wal", "-shm", "-gate", CN_STORE_IMAGE_ENDING, NULL};

void
cn_store_files_remove(const char *path)
{
    for (gsize i = 0; cn_store_endings[i] != NULL; i++) {
        g_autofree char *file = g_strconcat(path, cn_store_endings[i], NULL);
        g_unlink(file);
    }
}

void
cn_store_discard(carenet_store *store)
{
    if (store == NULL)
        return;
    g_autofree char *path = store->is_new ? g_strdup(store->path) : NULL;
    cn_store_close(store);
    if (path != NULL)
        cn_store_files_remove(path);
}

/* The name within the folder that it leads to: what is not there yet has no other identity. (transfer full) */
static char *
full_name(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *real = realpath(folder, NULL);
    return g_build_filename(real != NULL ? real : folder, base, NULL);
}

static gboolean
is_same_file(const char *a, const char *b)
{
    GStatBuf of_a, of_b;
    if (g_stat(a, &of_a) == 0 && g_stat(b, &of_b) == 0)
        return of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
    g_autofree char *full_a = full_name(a);
    g_autofree char *full_b = full_name(b);
    return strcmp(full_a, full_b) == 0;
}

static gboolean
is_file_of(const char *path, const char *file)
{
    for (gsize i = 0; cn_store_endings[i] != NULL; i++) {
        g_autofree char *own = g_strconcat(path, cn_store_endings[i], NULL);
        if (is_same_file(own, file))
            return TRUE;
    }
    return FALSE;
}

gboolean
cn_store_has_file(const char *path, const char *file)
{
    /* SQLite puts its files beside the one that a link leads to. */
    g_autofree char *real = realpath(path, NULL);
    return is_file_of(path, file) || (real != NULL && is_file_of(real, file));
}
