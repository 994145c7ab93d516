/* The image beside a store, for the files that open stores and directories. */
#pragma once

#include "store/store.h"

/* What tells one state of the reference files of a folder from another: hexadecimal. NULL where
 * nothing does; see cn_image_stamp(). (transfer full) */
char *cn_reference_stamp(const char *data_dir);

/* Whether the image of a store says what the store says: all of it is read and compared. */
CnImageState cn_image_state(carenet_store *store);
