/* Files that the program reads and writes for its user. */
#pragma once

#include "common.h"

/* What to do where standard input is too long for a list of cases. */
#define CLI_CASES_TOO_LONG N_("give the cases in several runs")

/* Everything from standard input, the case or cases of a file: at most 16 MiB. (transfer full), NULL sets
 * @error */
char *cli_stdin_read(gsize *out_len, GError **error);
/* The same, whatever it is, at most @most bytes; @hint says what to do where it is longer. */
char *cli_stdin_read_most(gsize most, const char *hint, gsize *out_len, GError **error);

/* Notes that @option names the file @path, nullable, for what is written later. cli_parse() does so for every
 * option that takes a file; operands that are files are the command's. */
void cli_file_note(Cli *cli, const char *option, const char *path);

/* Whether @option may write to @path, nullable: --force means the file that is replaced, never the store, what
 * stands beside it, or a file that another option names, whatever they are called. */
gboolean cli_file_may_write(const Cli *cli, const char *option, const char *path, GError **error);

/* The same, and nothing stands there yet unless @force: known before long work is done for it. */
gboolean cli_file_is_new(const Cli *cli,
                         const char *option,
                         const char *path,
                         gboolean force,
                         GError **error);

/* Writes a whole file or nothing, readable by its owner only, where cli_file_may_write(). An existing file is
 * an error unless @force. */
gboolean cli_file_write(const Cli *cli,
                        const char *option,
                        const char *path,
                        const char *text,
                        gboolean force,
                        GError **error);

/* What a file shall hold. */
typedef struct {
    const char *path;
    const char *text;
} CliText;

/* The same for several files: a full disk, or a file that stands there already, leaves none. *out_written
 * of them, from the first on, are there: all, or fewer where a name is refused at the very end. */
gboolean cli_files_write(const Cli *cli,
                         const char *option,
                         const CliText *texts,
                         gsize texts_len,
                         gboolean force,
                         gsize *out_written,
                         GError **error);

/* @word as a shell takes it: in quotes where they are needed. (transfer full) */
char *cli_shell_word(const char *word);

/* Makes the folder that the store @path stands in, for its owner only. */
gboolean cli_folder_make(const char *path, GError **error);
