/* Large memory: whole, apart from others, and given back with its size. */
#include "base/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
holds_what_is_written(void **state)
{
    const gsize sizes[] = {1, 4096, CN_PAGES_LEAST - 1, CN_PAGES_LEAST, 2 * CN_PAGES_LEAST + 1};
    guint8 *pages[G_N_ELEMENTS(sizes)];
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        pages[i] = cn_pages_new(sizes[i]);
        memset(pages[i], (int)(1 + i), sizes[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        assert_int_equal(pages[i][0], 1 + i);
        assert_int_equal(pages[i][sizes[i] - 1], 1 + i);
        assert_int_equal((guintptr)pages[i] % sizeof(gint64), 0);
        cn_pages_free(pages[i], sizes[i]);
    }
}

static void
frees_nothing(void **state)
{
    guint64 *none = NULL, *some = CN_PAGES_NEW(guint64, CN_PAGES_LEAST);
    (void)state;
    cn_pages_free(NULL, 1);
    CN_PAGES_FREE(none, CN_PAGES_LEAST);
    some[CN_PAGES_LEAST - 1] = 1;
    CN_PAGES_FREE(some, CN_PAGES_LEAST);
    assert_null(some);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(holds_what_is_written),
                                       cmocka_unit_test(frees_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
