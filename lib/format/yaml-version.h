/* The version of the YAML reader that runs. */
#pragma once

const char *cn_yaml_version(void); /* such as "0.2.5" */
