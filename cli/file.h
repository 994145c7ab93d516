/* Files that the program reads and writes for its user. */
#pragma once

#include <glib.h>

/* Everything from standard input, at most 16 MiB. (transfer full), NULL sets @error */
char *cli_stdin_read(gsize *out_len, GError **error);
/* The same, at most @most bytes. */
char *cli_stdin_read_most(gsize most, gsize *out_len, GError **error);

/* Writes a whole file or nothing, readable by its owner only. An existing file is an error unless
 * @force. */
gboolean cli_file_write(const char *path, const char *text, gboolean force, GError **error);

/* A file that an option names, NULL where it is not given. */
typedef struct {
    const char *option;
    const char *path;
    gboolean written; /* else read */
} CliFileUse;

/* Whether no file that is written is one of the others, whatever they are called: --force means the file that
 * is replaced, never the one that another option names. */
gboolean cli_file_uses_check(const CliFileUse *uses, gsize len, GError **error);

/* Whether nothing is in the way of writing to @path, nullable: known before long work is done for it. */
gboolean cli_file_is_new(const char *path, gboolean force, GError **error);

/* @word as a shell takes it: in quotes where they are needed. (transfer full) */
char *cli_shell_word(const char *word);

/* Makes the folder that the store @path stands in, for its owner only. */
gboolean cli_folder_make(const char *path, GError **error);
