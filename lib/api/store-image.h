/* The image beside a store, for the files that open stores and directories. */
#pragma once

#include <glib.h>

/* What tells one state of the reference files of a folder from another: hexadecimal. NULL where
 * nothing does; see cn_image_stamp(). (transfer full) */
char *cn_reference_stamp(const char *data_dir);
