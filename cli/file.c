#include "file.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STDIN_MOST ((gsize)16 * 1024 * 1024)

char *
cli_stdin_read(gsize *out_len, GError **error)
{
    return cli_stdin_read_most(STDIN_MOST, out_len, error);
}

char *
cli_stdin_read_most(gsize most, gsize *out_len, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 buffer[8192];
    gsize got = 0;
    while ((got = fread(buffer, 1, sizeof buffer, stdin)) > 0 && bytes->len <= most)
        g_byte_array_append(bytes, buffer, (guint)got);
    if (ferror(stdin)) {
        cli_fail(error, CARENET_ERROR_IO, NULL, "standard input cannot be read: %s",
                 g_strerror(errno));
        return NULL;
    }
    if (bytes->len > most) {
        cli_fail(error, CARENET_ERROR_TOO_LARGE, "give the cases in several runs",
                 "standard input is longer than %u MiB", (guint)(most / 1048576));
        return NULL;
    }
    *out_len = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}

/* The text goes to a new file beside @path; it takes the name by link(), which never overwrites, or
 * by rename(). */
static gboolean
publish(const char *from, const char *path, gboolean force, GError **error)
{
    gboolean done = force ? g_rename(from, path) == 0 : link(from, path) == 0;
    const int cause = errno;
    if (done && !force)
        g_unlink(from);
    if (done)
        return TRUE;
    if (cause == EEXIST)
        cli_fail(error, CARENET_ERROR_CONFLICT, "choose another name, or add --force",
                 "%s exists already", path);
    else
        cli_fail(error, CARENET_ERROR_IO, NULL, "%s cannot be written: %s", path,
                 g_strerror(cause));
    return FALSE;
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

gboolean
cli_file_write(const char *path, const char *text, gboolean force, GError **error)
{
    g_autofree char *draft = g_strconcat(path, ".XXXXXX", NULL);
    const gsize len = strlen(text);
    int fd = g_mkstemp_full(draft, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        cli_fail(error, CARENET_ERROR_IO, "check the folder", "%s cannot be written: %s", path,
                 g_strerror(errno));
        return FALSE;
    }
    gsize done = 0;
    while (done < len) {
        gssize wrote = write(fd, text + done, len - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            break;
        done += (gsize)wrote;
    }
    gboolean written = done == len && fsync(fd) == 0;
    int cause = errno;
    if (close(fd) != 0 && written) {
        written = FALSE;
        cause = errno;
    }
    if (!written)
        cli_fail(error, CARENET_ERROR_STORAGE, NULL, "%s cannot be written: %s", path,
                 g_strerror(cause));
    if (written && publish(draft, path, force, error))
        return TRUE;
    g_unlink(draft);
    return FALSE;
}
