/* See writing.h. */
#include "base/writing.h"

#include "base/error.h"

#include <errno.h>
#include <sys/stat.h>

carenet_error_code
cn_write_error_code(int cause)
{
    switch (cause) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
    case EROFS:
        return CARENET_ERROR_STORAGE;
    default:
        return CARENET_ERROR_IO;
    }
}

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
