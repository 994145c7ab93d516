#include "store/engine-version.h"

#include <sqlite3.h>

const char *
cn_engine_version(void)
{
    return sqlite3_libversion();
}
