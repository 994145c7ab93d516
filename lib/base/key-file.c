/* Key files: comment lines with a hash sign, then one line "KIND HEX". */
#include "base/key-file.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/writing.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MOST 4096

/* What was read, wiped at the end of the scope. */
typedef struct {
    char bytes[TEXT_MOST + 1];
    gsize len;
} Text;

static void
wipe_text(Text *text)
{
    cn_wipe(text, sizeof *text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Text, wipe_text)

static gboolean
fail(GError **error, const char *name, const char *what)
{
    const int cause = errno;
    cn_error_set(error,
                 cause == ENOENT || cause == ENOTDIR ? CARENET_ERROR_NOT_FOUND
                                                     : cn_write_error_code(cause),
                 "%s cannot be %s: %s", name, what, g_strerror(cause));
    cn_error_hint(error, "check the path, its permissions and the disk");
    return FALSE;
}

/* A pipe has no other readers; a file must be its owner's alone. */
static gboolean
check_private(int fd, const char *name, GError **error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return fail(error, name, "read");
    if (!S_ISREG(info.st_mode))
        return TRUE;
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        g_autofree char *quoted = g_shell_quote(name);
        cn_error_set(error, CARENET_ERROR_REFUSED, "others than its owner may read the key in %s",
                     name);
        cn_error_hint(error, "chmod 600 %s; if others have read it, change the key", quoted);
        return FALSE;
    }
    if (info.st_uid == geteuid() || geteuid() == 0)
        return TRUE;
    cn_error_set(error, CARENET_ERROR_REFUSED, "the key in %s belongs to somebody else", name);
    cn_error_hint(error, "use a key file of your own");
    return FALSE;
}

static gboolean
read_text(int fd, const char *name, Text *text, GError **error)
{
    while (text->len < TEXT_MOST) {
        const gssize got = read(fd, text->bytes + text->len, TEXT_MOST - text->len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(error, name, "read");
        if (got == 0)
            break;
        text->len += (gsize)got;
    }
    text->bytes[text->len] = '\0';
    return TRUE;
}

static gboolean
fail_to_find(const char *name, const char *kind, GError **error)
{
    cn_error_set(error, CARENET_ERROR_INVALID_DATA, "%s holds no key of the kind %s", name, kind);
    cn_error_hint(error, "name the file that carenet made for it; the key stands in one line "
                         "after its kind, whole");
    return FALSE;
}

/* The one line that is no comment. Nothing that was read may be quoted: it may be another key. */
static gboolean
parse_text(Text *text, const char *name, const char *kind, guint8 *out, GError **error)
{
    char *line = text->bytes, *next = NULL;
    const gsize kind_len = strlen(kind);
    gboolean found = FALSE;
    if (strlen(text->bytes) != text->len)
        return fail_to_find(name, kind, error);
    for (; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        g_strstrip(line);
        if (*line == '#' || *line == '\0')
            continue;
        if (found || strncmp(line, kind, kind_len) != 0 || line[kind_len] != ' ' ||
            !cn_hex_parse(line + kind_len + 1, out, CN_KEY_LEN)) {
            cn_wipe(out, CN_KEY_LEN);
            return fail_to_find(name, kind, error);
        }
        found = TRUE;
    }
    return found || fail_to_find(name, kind, error);
}

static gboolean
read_key(int fd, const char *name, const char *kind, guint8 *out, GError **error)
{
    g_auto(Text) text = {.len = 0};
    return check_private(fd, name, error) && read_text(fd, name, &text, error) &&
           parse_text(&text, name, kind, out, error);
}

gboolean
cn_key_file_read(const char *path, const char *kind, guint8 out[CN_KEY_LEN], GError **error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(error, path, "read");
    const gboolean done = read_key(fd, path, kind, out, error);
    close(fd);
    return done;
}

gboolean
cn_key_fd_read(int fd, const char *kind, guint8 out[CN_KEY_LEN], GError **error)
{
    g_autofree char *name = g_strdup_printf("file descriptor %d", fd);
    return read_key(fd, name, kind, out, error);
}

/* ---- Making one. */

/* Onto the disk, for its owner alone. FALSE: errno says why. */
static gboolean
write_key(int fd, const char *text, gsize len)
{
    errno = cn_fd_write_all(fd, text, len);
    return errno == 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0 && fsync(fd) == 0;
}

static void
sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* O_EXCL: a key that is there opens what nothing else opens. */
static int
create_file(const char *path, GError **error)
{
    const int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (fd >= 0)
        return fd;
    if (errno == EEXIST) {
        cn_error_set(error, CARENET_ERROR_CONFLICT, "%s exists already", path);
        cn_error_hint(error, "a key is never overwritten: name a new file");
    } else {
        fail(error, path, "written");
    }
    return -1;
}

gboolean
cn_key_file_make(const char *path,
                 const char *kind,
                 const char *about,
                 const guint8 secret[CN_KEY_LEN],
                 GError **error)
{
    const int fd = create_file(path, error);
    if (fd < 0)
        return FALSE;
    char *hex = cn_hex(secret, CN_KEY_LEN);
    char *text = g_strconcat(about, kind, " ", hex, "\n", NULL);
    const gsize len = strlen(text);
    const gboolean done = write_key(fd, text, len) || fail(error, path, "written");
    cn_wipe(hex, strlen(hex));
    cn_wipe(text, len);
    g_free(hex);
    g_free(text);
    close(fd);
    if (done)
        sync_folder(path);
    else
        g_unlink(path);
    return done;
}
