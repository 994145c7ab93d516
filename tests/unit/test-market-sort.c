/* Sorting by digits: against a sort that compares, for keys of many widths. */
#include "routing/market-sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static gint
compare_by_key(gconstpointer a, gconstpointer b, gpointer keys)
{
    const guint64 x = ((const guint64 *)keys)[*(const guint *)a];
    const guint64 y = ((const guint64 *)keys)[*(const guint *)b];
    return (x > y) - (x < y);
}

static guint64
draw_key(GRand *random, guint64 mask)
{
    return ((guint64)g_rand_int(random) << 32 | g_rand_int(random)) & mask;
}

static void
check_sort(GRand *random, guint len, guint64 mask, guint64 base)
{
    g_autofree guint64 *keys = g_new(guint64, len + 1);
    g_autofree guint *numbers = g_new(guint, len + 1);
    g_autofree guint *expected = g_new(guint, len + 1);
    for (guint i = 0; i < len; i++) {
        keys[i] = base ^ draw_key(random, mask);
        numbers[i] = expected[i] = len - 1 - i;
    }
    /* Stable, as this one is. */
    g_qsort_with_data(expected, (gint)len, sizeof *expected, compare_by_key, keys);
    cn_sort_by_keys(numbers, len, keys);
    assert_memory_equal(numbers, expected, len * sizeof *numbers);
}

static void
sorts_as_comparing_does(void **state)
{
    static const guint64 masks[] = {0,
                                    1,
                                    0xFFF,
                                    0x1FFF,
                                    G_GUINT64_CONSTANT(0xF00000000000000F),
                                    G_GUINT64_CONSTANT(0x00000FFF00000000),
                                    G_MAXUINT64};
    static const guint lens[] = {0, 1, 2, 3, 100, 5000};
    guint32 seed = g_random_int();
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    guint sorts = 0;
    (void)state;
    print_message("seed %u\n", seed);
    for (guint i = 0; i < G_N_ELEMENTS(masks); i++)
        for (guint k = 0; k < G_N_ELEMENTS(lens); k++, sorts += 2) {
            check_sort(random, lens[k], masks[i], 0);
            check_sort(random, lens[k], masks[i], G_MAXUINT64);
        }
    print_message("%u lists\n", sorts);
}

static void
orders_signed_numbers(void **state)
{
    static const gint64 rising[] = {G_MININT64, -4096, -1, 0, 1, 4096, G_MAXINT64};
    (void)state;
    for (guint i = 1; i < G_N_ELEMENTS(rising); i++)
        assert_true(cn_key_of(rising[i - 1]) < cn_key_of(rising[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_as_comparing_does),
        cmocka_unit_test(orders_signed_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
