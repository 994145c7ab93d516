/* Reading a file within a limit, whatever it is: a large file is refused by its size, a pipe after
 * one byte too many. */
#include "base/error.h"
#include "format/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_BYTES ((gsize)16384)

typedef int CnDescriptor;

static void
close_descriptor(CnDescriptor *fd)
{
    if (*fd >= 0)
        close(*fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CnDescriptor, close_descriptor)

static gboolean
fail(GError **error, const char *path, int number)
{
    g_autoptr(GError) cause = g_error_new(G_FILE_ERROR, (gint)g_file_error_from_errno(number),
                                          "%s cannot be read: %s", path, g_strerror(number));
    cn_error_from_file(error, cause, path);
    return FALSE;
}

static void
refuse_size(CnIssueList *issues, const char *path, gsize most)
{
    cn_issue_add(issues, CN_SEVERITY_ERROR, "too-large", (CnPos){g_intern_string(path), 0, 0},
                 "split it up", "the file is larger than %" G_GSIZE_FORMAT " bytes", most);
}

static void
refuse_memory(CnIssueList *issues, const char *path)
{
    cn_issue_add(issues, CN_SEVERITY_ERROR, "too-large", (CnPos){g_intern_string(path), 0, 0},
                 "split it up", "there is no memory for the file");
}

static gssize
read_some(int fd, char *buffer, gsize size)
{
    gssize got;
    do {
        got = read(fd, buffer, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* The buffer and its last byte. FALSE: it is as it was. */
static gboolean
grow(char **text, gsize size)
{
    char *grown = g_try_realloc(*text, size + 1);
    if (grown == NULL) {
        errno = ENOMEM;
        return FALSE;
    }
    *text = grown;
    return TRUE;
}

/* Reads to the end or one byte past @most; a buffer that grows with what is really there, which memory
 * may not be there for. */
static gboolean
read_all(int fd, gsize most, char **out_text, gsize *out_len)
{
    gsize size = MIN(FIRST_BYTES, most + 1), len = 0;
    g_autofree char *text = NULL;
    if (!grow(&text, size))
        return FALSE;
    while (len <= most) {
        if (len == size) {
            size = MIN(2 * size, most + 1);
            if (!grow(&text, size))
                return FALSE;
        }
        gssize got = read_some(fd, text + len, size - len);
        if (got < 0)
            return FALSE;
        if (got == 0)
            break;
        len += (gsize)got;
    }
    text[len] = '\0';
    *out_text = g_steal_pointer(&text);
    *out_len = len;
    return TRUE;
}

gboolean
cn_yaml_read_file(const char *path,
                  const CnYamlLimits *limits,
                  char **out_text,
                  gsize *out_len,
                  CnIssueList *issues,
                  GError **error)
{
    struct stat status;
    g_autofree char *text = NULL;
    gsize len = 0, most = limits != NULL ? limits->bytes : cn_yaml_limits.bytes;
    g_auto(CnDescriptor) fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0)
        return fail(error, path, errno);
    gboolean fits = !S_ISREG(status.st_mode) || (guint64)status.st_size <= most;
    const int cause = fits && !read_all(fd, most, &text, &len) ? errno : 0;
    if (cause != 0 && cause != ENOMEM)
        return fail(error, path, cause);
    *out_text = NULL;
    *out_len = 0;
    if (cause == ENOMEM) {
        refuse_memory(issues, path);
        return TRUE;
    }
    if (!fits || len > most) {
        refuse_size(issues, path, most);
        return TRUE;
    }
    *out_text = g_steal_pointer(&text);
    *out_len = len;
    return TRUE;
}
