/* How a command comes to the key of the network: by a file or a file descriptor, never by its words or
 * the environment. */
#pragma once

#include "common.h"

typedef struct {
    char *file;
    char *fd;
} CliKey;

void cli_key_clear(CliKey *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliKey, cli_key_clear)

/* Rows of a table of options. */
#define CLI_KEY_FILE_ENTRIES(key)                                             \
    {"key-file",                                                              \
     0,                                                                       \
     0,                                                                       \
     G_OPTION_ARG_FILENAME,                                                   \
     &(key)->file,                                                            \
     N_("the key of the network: a file that only you can read"),             \
     "FILE"},                                                                 \
    {                                                                         \
        "key-fd", 0, 0, G_OPTION_ARG_STRING, &(key)->fd,                      \
            N_("read the key from this file descriptor, such as 0 or 3"), "N" \
    }

gboolean cli_key_is_given(const CliKey *key);
/* (transfer full), NULL sets @error: none was named, or it cannot be had. */
carenet_key *cli_key_read(const CliKey *key, GError **error);
/* Opens the handle of the store with the key, where one was named. */
gboolean cli_key_unlock(Cli *cli, const CliKey *key, GError **error);
