/* Secrets that a person keeps in a file or hands over by a file descriptor: 32 bytes and what they are
 * for. They never come by a command line or the environment, which others can read. */
#pragma once

#include "base/seal.h"

/* What a key is for stands in its file, so that one is not taken for another. */
#define CN_KEY_FILE_NETWORK "carenet-network-key-1"

/* Reads the key of @kind. Errors: not-found, io, refused (others than its owner may read the file, or
 * it is another's), invalid-data (no key of this kind stands there). Nothing of it is quoted. */
gboolean cn_key_file_read(const char *path,
                          const char *kind,
                          guint8 out[CN_KEY_LEN],
                          GError **error);
/* The same from an open descriptor, to its end; it stays open. A file behind it has to be as private. */
gboolean cn_key_fd_read(int fd, const char *kind, guint8 out[CN_KEY_LEN], GError **error);

/* Writes @secret into the new file @path (mode 0600, on the disk when this returns), with @about
 * (lines, each ended) as a comment above it. Errors: conflict (the file exists), io, storage. */
gboolean cn_key_file_make(const char *path,
                          const char *kind,
                          const char *about,
                          const guint8 secret[CN_KEY_LEN],
                          GError **error);
