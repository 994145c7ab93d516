#include "file.h"

#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MIB         ((gsize)1024 * 1024)
#define STDIN_MOST  (16 * MIB)
#define STDIN_FIRST ((gsize)16384)

char *
cli_stdin_read(gsize *out_len, GError **error)
{
    return cli_stdin_read_most(STDIN_MOST, CLI_CASES_TOO_LONG, out_len, error);
}

/* Twice the room for text; as long as what comes in, so that memory may not be there. */
static gboolean
grow(char **text, gsize *size, const char *hint, GError **error)
{
    const gsize wanted = MAX(2 * *size, STDIN_FIRST);
    char *grown = g_try_realloc(*text, wanted);
    if (grown == NULL) {
        cli_fail(error, CARENET_ERROR_TOO_LARGE, hint, "there is no memory for standard input");
        return FALSE;
    }
    *text = grown;
    *size = wanted;
    return TRUE;
}

static void
fail_length(gsize most, const char *hint, GError **error)
{
    if (most < MIB)
        cli_fail(error, CARENET_ERROR_TOO_LARGE, hint, "standard input is longer than %u bytes",
                 (guint)most);
    else
        cli_fail(error, CARENET_ERROR_TOO_LARGE, hint, "standard input is longer than %u MiB",
                 (guint)(most / MIB));
}

char *
cli_stdin_read_most(gsize most, const char *hint, gsize *out_len, GError **error)
{
    g_autofree char *text = NULL;
    gsize size = 0, len = 0, got;
    do {
        if (len + 1 >= size && !grow(&text, &size, hint, error))
            return NULL;
        got = fread(text + len, 1, size - len - 1, stdin);
        len += got;
    } while (got > 0 && len <= most);
    if (ferror(stdin)) {
        cli_fail(error, CARENET_ERROR_IO, "check what is piped in, or name a file",
                 "standard input cannot be read: %s", g_strerror(errno));
        return NULL;
    }
    if (len > most) {
        fail_length(most, hint, error);
        return NULL;
    }
    text[len] = '\0';
    *out_len = len;
    return g_steal_pointer(&text);
}

/* The disk is to blame for these, whichever call meets them; the place or its name for all others. */
static carenet_error_code
code_of(int number)
{
    const gboolean disk =
        number == ENOSPC || number == EDQUOT || number == EFBIG || number == EIO || number == EROFS;
    return disk ? CARENET_ERROR_STORAGE : CARENET_ERROR_IO;
}

static gboolean
refuse_existing(const char *path, GError **error)
{
    cli_fail(error, CARENET_ERROR_CONFLICT, "choose another name, or add --force",
             "%s exists already", path);
    return FALSE;
}

/* Whoever may, would put a file in the place of /dev/null, or of a link to the file that was meant. */
static gboolean
may_take_place(const char *path, gboolean force, GError **error)
{
    GStatBuf info;
    if (!force || g_lstat(path, &info) != 0 || S_ISREG(info.st_mode))
        return TRUE;
    cli_fail(error, CARENET_ERROR_IO, "give the name of a file", "%s is there and is no file",
             path);
    return FALSE;
}

/* The draft takes the name by link(), which never overwrites, or by rename(). */
static gboolean
publish(const char *from, const char *path, gboolean force, GError **error)
{
    if ((force ? g_rename(from, path) : link(from, path)) == 0)
        return TRUE;
    const int cause = errno;
    if (cause == EEXIST)
        return refuse_existing(path, error);
    cli_fail(error, code_of(cause), "check the path, its permissions and the room on the disk",
             "%s cannot be written: %s", path, g_strerror(cause));
    return FALSE;
}

char *
cli_shell_word(const char *word)
{
    static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._/-:@+,=";
    return *word != '\0' && word[strspn(word, plain)] == '\0' ? g_strdup(word)
                                                              : g_shell_quote(word);
}

static gboolean
is_same_file(const char *a, const char *b)
{
    GStatBuf of_a, of_b;
    if (g_stat(a, &of_a) == 0 && g_stat(b, &of_b) == 0)
        return of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
    g_autofree char *full_a = g_canonicalize_filename(a, NULL);
    g_autofree char *full_b = g_canonicalize_filename(b, NULL);
    return strcmp(full_a, full_b) == 0;
}

/* A file that an option names. */
typedef struct {
    char *option;
    char *path;
} NamedFile;

static void
free_named(gpointer named)
{
    g_free(((NamedFile *)named)->option);
    g_free(((NamedFile *)named)->path);
    g_free(named);
}

void
cli_file_note(Cli *cli, const char *option, const char *path)
{
    /* "-" is standard input. */
    if (path == NULL || strcmp(path, "-") == 0)
        return;
    if (cli->named_files == NULL)
        cli->named_files = g_ptr_array_new_with_free_func(free_named);
    NamedFile *named = g_new(NamedFile, 1);
    *named = (NamedFile){g_strdup(option), g_strdup(path)};
    g_ptr_array_add(cli->named_files, named);
}

static gboolean
check_store(const Cli *cli, const char *option, const char *path, GError **error)
{
    gboolean is_given = FALSE;
    g_autofree char *store = cli_store_path(cli, &is_given);
    if (!carenet_store_has_file(store, path))
        return TRUE;
    g_autofree char *hint = g_strdup_printf("give %s another name", option);
    cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint,
             "%s names the store itself, or a file of it: %s", option, path);
    return FALSE;
}

gboolean
cli_file_may_write(const Cli *cli, const char *option, const char *path, GError **error)
{
    if (path == NULL)
        return TRUE;
    for (guint i = 0; cli->named_files != NULL && i < cli->named_files->len; i++) {
        const NamedFile *named = g_ptr_array_index(cli->named_files, i);
        if (strcmp(named->option, option) == 0 || !is_same_file(named->path, path))
            continue;
        g_autofree char *hint = g_strdup_printf("give %s another name", option);
        cli_fail(error, CARENET_ERROR_INVALID_ARGUMENT, hint, "%s and %s name the same file, %s",
                 option, named->option, path);
        return FALSE;
    }
    return check_store(cli, option, path, error);
}

gboolean
cli_file_is_new(const Cli *cli,
                const char *option,
                const char *path,
                gboolean force,
                GError **error)
{
    if (!cli_file_may_write(cli, option, path, error))
        return FALSE;
    return path == NULL || force || !g_file_test(path, G_FILE_TEST_EXISTS) ||
           refuse_existing(path, error);
}

gboolean
cli_folder_make(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, 0700) == 0)
        return TRUE;
    cli_fail(error, CARENET_ERROR_IO, "choose another place: --db PATH",
             "the folder %s cannot be made: %s", folder, g_strerror(errno));
    return FALSE;
}

/* The text is on the disk as a whole, or errno says why not. */
static gboolean
fill_draft(int fd, const char *text)
{
    const gsize len = strlen(text);
    gsize done = 0;
    while (done < len) {
        gssize wrote = write(fd, text + done, len - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            break;
        done += (gsize)wrote;
    }
    const gboolean written = done == len && fsync(fd) == 0;
    const int cause = errno;
    const gboolean closed = close(fd) == 0;
    if (!written)
        errno = cause;
    return written && closed;
}

/* A new file beside @path, which it shall become; its name. (transfer full), NULL sets @error */
static char *
write_draft(const char *path, const char *text, GError **error)
{
    g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(draft, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        cli_fail(error, code_of(errno), "check the folder", "%s cannot be written: %s", path,
                 g_strerror(errno));
        return NULL;
    }
    if (fill_draft(fd, text))
        return g_steal_pointer(&draft);
    cli_fail(error, CARENET_ERROR_STORAGE, "make room on the disk; nothing was written",
             "%s cannot be written: %s", path, g_strerror(errno));
    g_unlink(draft);
    return NULL;
}

static void
remove_draft(gpointer draft)
{
    g_unlink(draft);
    g_free(draft);
}

gboolean
cli_files_write(const Cli *cli,
                const char *option,
                const CliText *texts,
                gsize texts_len,
                gboolean force,
                gsize *out_written,
                GError **error)
{
    /* (element-type filename), removed with the array: none is left over, whatever happened. */
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func(remove_draft);
    *out_written = 0;
    for (gsize i = 0; i < texts_len; i++)
        if (!cli_file_is_new(cli, option, texts[i].path, force, error) ||
            !may_take_place(texts[i].path, force, error))
            return FALSE;
    for (gsize i = 0; i < texts_len; i++) {
        char *draft = write_draft(texts[i].path, texts[i].text, error);
        if (draft == NULL)
            return FALSE;
        g_ptr_array_add(drafts, draft);
    }
    for (gsize i = 0; i < texts_len; i++) {
        if (!publish(drafts->pdata[i], texts[i].path, force, error))
            return FALSE;
        *out_written = i + 1;
    }
    return TRUE;
}

gboolean
cli_file_write(const Cli *cli,
               const char *option,
               const char *path,
               const char *text,
               gboolean force,
               GError **error)
{
    gsize written;
    return cli_files_write(cli, option, &(CliText){path, text}, 1, force, &written, error);
}
