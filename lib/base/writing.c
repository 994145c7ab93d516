/* See writing.h. */
#include "base/writing.h"

#include "base/error.h"

#include <sys/stat.h>

gboolean
cn_refuse_no_file(const char *path, GError **error)
{
    cn_error_set(error, CARENET_ERROR_IO, "%s is there and is no file", path);
    cn_error_hint(error, "give the name of a file");
    return FALSE;
}

gboolean
cn_may_replace(const char *path, GError **error)
{
    struct stat info;
    return lstat(path, &info) != 0 || S_ISREG(info.st_mode) || cn_refuse_no_file(path, error);
}
