/* The public functions that copy whole stores. */
#include "base/error.h"
#include "store/store.h"

#define BUSY_MS_DEFAULT 5000

void
carenet_copy_options_init(carenet_copy_options *options)
{
    if (options == NULL)
        return;
    *options = (carenet_copy_options){.size = sizeof *options, .busy_ms = BUSY_MS_DEFAULT};
}

static gboolean
adopt_options(const carenet_copy_options *given, carenet_copy_options *out, GError **error)
{
    carenet_copy_options_init(out);
    CN_ADOPT(given, out, error, FALSE);
    CN_REQUIRE(out->busy_ms >= 0, error, FALSE);
    return TRUE;
}

bool
carenet_store_backup(carenet_store *store,
                     const char *path,
                     const carenet_copy_options *options,
                     carenet_error **error)
{
    carenet_copy_options own;
    CN_REQUIRE(store != NULL, error, false);
    CN_REQUIRE(path != NULL && path[0] != '\0', error, false);
    if (!adopt_options(options, &own, error))
        return false;
    return cn_store_backup(store, path, own.replace, error);
}

bool
carenet_store_restore(const char *backup,
                      const char *path,
                      const carenet_copy_options *options,
                      char **out_kept,
                      carenet_error **error)
{
    carenet_copy_options own;
    g_autofree char *kept = NULL;
    CN_REQUIRE(backup != NULL && backup[0] != '\0', error, false);
    CN_REQUIRE(path != NULL && path[0] != '\0', error, false);
    if (!adopt_options(options, &own, error) ||
        !cn_store_restore(backup, path, own.replace, own.busy_ms, &kept, error))
        return false;
    if (out_kept != NULL)
        *out_kept = g_steal_pointer(&kept);
    return true;
}
