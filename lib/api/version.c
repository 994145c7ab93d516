/* include/carenet/version.h */
#include <carenet/carenet.h>
#include <glib.h>

#include "format/template.h"
#include "format/yaml-version.h"
#include "store/engine-version.h"

const char *
carenet_version(void)
{
    return CARENET_VERSION;
}

const char *
carenet_version_libraries(void)
{
    g_autofree char *text = g_strdup_printf(
        "glib %u.%u.%u, sqlite %s, libyaml %s", glib_major_version, glib_minor_version,
        glib_micro_version, cn_engine_version(), cn_yaml_version());
    return g_intern_string(text);
}

const char *
carenet_template(const char *kind)
{
    return kind != NULL ? cn_template(kind) : NULL;
}
