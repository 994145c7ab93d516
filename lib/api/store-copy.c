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
adopt_options(const char *call,
              const carenet_copy_options *given,
              carenet_copy_options *out,
              GError **error)
{
    carenet_copy_options_init(out);
    CN_ADOPT_FOR(call, given, out, error, FALSE);
    CN_REQUIRE_FOR(call, out->busy_ms >= 0, "busy_ms must be 0 or more", error, FALSE);
    return TRUE;
}

bool
carenet_store_backup(carenet_store *store,
                     const char *path,
                     const carenet_copy_options *options,
                     carenet_error **error)
{
    carenet_copy_options own;
    CN_REQUIRE_GIVEN(store, error, false);
    CN_REQUIRE_GIVEN(path, error, false);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, false);
    if (!adopt_options(G_STRFUNC, options, &own, error))
        return false;
    return cn_store_backup(store, path, &own, error);
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
    CN_REQUIRE_GIVEN(backup, error, false);
    CN_REQUIRE(backup[0] != '\0', "backup is empty", error, false);
    CN_REQUIRE_GIVEN(path, error, false);
    CN_REQUIRE(path[0] != '\0', "path is empty", error, false);
    if (!adopt_options(G_STRFUNC, options, &own, error) ||
        !cn_store_restore(backup, path, &own, &kept, error))
        return false;
    if (out_kept != NULL)
        *out_kept = g_steal_pointer(&kept);
    return true;
}
