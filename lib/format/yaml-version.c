#include "format/yaml-version.h"

#include <yaml.h>

const char *
cn_yaml_version(void)
{
    return yaml_get_version_string();
}
