/* SHA-256, in plain C and by the processor, against GLib's: data of many lengths in pieces of many sizes. */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define BYTES_MOST 10000

static void
check(const guint8 *bytes, gsize len, GRand *random, gboolean plain)
{
    g_autofree char *expected = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, len);
    CnSha256 sum;
    if (plain)
        cn_sha256_init_plain(&sum);
    else
        cn_sha256_init(&sum);
    for (gsize at = 0; at < len;) {
        gint32 most = g_rand_boolean(random) ? 20 : 5000;
        gsize part = (gsize)g_rand_int_range(random, 1, most);
        part = MIN(part, len - at);
        cn_sha256_add(&sum, bytes + at, part);
        at += part;
    }
    g_autofree char *text = cn_sha256_finish(&sum);
    assert_string_equal(text, expected);
}

static void
agrees_with_glib(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20261125);
    g_autofree guint8 *bytes = g_malloc(BYTES_MOST);
    guint sums = 0;
    (void)state;
    for (gsize i = 0; i < BYTES_MOST; i++)
        bytes[i] = (guint8)g_rand_int(random);
    for (gsize len = 0; len < BYTES_MOST; len += len < 300 || (len > 4000 && len < 4200) ? 1 : 37)
        for (guint plain = 0; plain < 2; plain++, sums++)
            check(bytes, len, random, plain);
    print_message("%u sums, %s\n", sums,
                  cn_sha256_x86() != NULL ? "half of them by the processor" : "all in plain C");
}

static void
agrees_with_the_standard(void **state)
{
    CnSha256 sum;
    (void)state;
    cn_sha256_init(&sum);
    cn_sha256_add(&sum, "abc", 3);
    g_autofree char *text = cn_sha256_finish(&sum);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_glib),
        cmocka_unit_test(agrees_with_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
