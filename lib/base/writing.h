/* Files that are written as a whole: what they may take the place of, and why one could not be written. */
#pragma once

#include <carenet/carenet.h>
#include <glib.h>

/* What an errno of open(), write(), fsync(), link() or rename() is told as: storage where the disk is to
 * blame, or a limit on what may be put there; io for all others, which are of the place or its name. */
carenet_error_code cn_write_error_code(int cause);

/* Whether a file may take the name @path by rename(): nothing has it, or a file. Whoever may, would else
 * put a file in the place of /dev/null, of a pipe, or of a link to the file that was meant. */
gboolean cn_may_replace(const char *path, GError **error);

/* Sets @error to that there is something else than a file. Always FALSE. */
gboolean cn_refuse_no_file(const char *path, GError **error);
