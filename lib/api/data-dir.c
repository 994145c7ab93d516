/* Where the data lies that came with the library. */
#define _GNU_SOURCE /* dladdr() */

#include <carenet/carenet.h>
#include <glib.h>

#include <dlfcn.h>
#include <stdlib.h>

/* Its address is in the library, or in the program that the archive was linked into. */
static const char here = 0;

static gboolean
holds_data(const char *folder)
{
    g_autofree char *witness = g_build_filename(folder, "gazetteer.csv", NULL);
    return g_file_test(witness, G_FILE_TEST_EXISTS);
}

/* The prefix is above lib, or above a folder in lib (lib/x86_64-linux-gnu). (transfer full) (nullable) */
static char *
find_beside(const char *library)
{
    char *folder = g_path_get_dirname(library);
    for (guint up = 0; up < 2; up++) {
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
        g_autofree char *found = g_build_filename(folder, "share", "carenet", NULL);
        if (holds_data(found)) {
            g_free(folder);
            return g_steal_pointer(&found);
        }
    }
    g_free(folder);
    return NULL;
}

/* A prefix that is named only when the tree is installed, or a tree that was moved. (nullable) */
static char *
find_moved(void)
{
    Dl_info info = {0};
    if (dladdr(&here, &info) == 0 || info.dli_fname == NULL)
        return NULL;
    char *library = realpath(info.dli_fname, NULL);
    char *found = library != NULL ? find_beside(library) : NULL;
    free(library);
    return found;
}

const char *
carenet_default_data_dir(void)
{
    /* Found once: programs hold the answer, and it must not change between two calls. */
    static const char *folder = NULL;
    if (g_once_init_enter(&folder)) {
        const char *made_for = CARENET_DEFAULT_DATA_DIR;
        const char *moved = holds_data(made_for) ? NULL : find_moved();
        g_once_init_leave(&folder, moved != NULL ? moved : made_for);
    }
    return folder;
}
