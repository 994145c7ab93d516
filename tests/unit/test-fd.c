/* Writing to a descriptor: all of it, or why not. */
#include "base/fd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LEN 1000000 /* more than a pipe holds */

static gpointer
read_slowly(gpointer data)
{
    GByteArray *got = g_byte_array_new();
    guint8 buffer[4999];
    gssize len;
    while ((len = read(GPOINTER_TO_INT(data), buffer, sizeof buffer)) > 0)
        g_byte_array_append(got, buffer, (guint)len);
    return got;
}

static void
all_of_it_arrives(void **state)
{
    (void)state;
    int ends[2];
    g_autofree guint8 *bytes = g_malloc(LEN);
    for (guint i = 0; i < LEN; i++)
        bytes[i] = (guint8)(i % 251);
    assert_int_equal(pipe(ends), 0);
    GThread *reader = g_thread_new("reader", read_slowly, GINT_TO_POINTER(ends[0]));
    assert_int_equal(cn_fd_write_all(ends[1], bytes, LEN), 0);
    assert_int_equal(cn_fd_write_all(ends[1], NULL, 0), 0);
    close(ends[1]);
    g_autoptr(GByteArray) got = g_thread_join(reader);
    close(ends[0]);
    assert_int_equal(got->len, LEN);
    assert_memory_equal(got->data, bytes, LEN);
}

static void
what_goes_wrong_is_told(void **state)
{
    (void)state;
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    const int reading = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(cn_fd_write_all(reading, "x", 1), EBADF);
    assert_int_equal(cn_fd_write_all(-1, "x", 1), EBADF);
    if (full >= 0) {
        assert_int_equal(cn_fd_write_all(full, "x", 1), ENOSPC);
        close(full);
    }
    close(reading);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_arrives),
        cmocka_unit_test(what_goes_wrong_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
