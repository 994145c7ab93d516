/* Sorting by whole numbers without comparing: the least significant digits first. Digits in which all keys
 * agree cost nothing, so keys may be put together from fields as wide as their types. Short lists have short
 * digits, since every digit that there may be is looked at. */
#include "routing/market-sort.h"

#include "base/pages.h"

#include <string.h>

#define DIGIT_BITS_MOST 12
#define DIGIT_BITS_FEW  6
#define LONG            4096

typedef struct {
    guint64 key;
    guint number;
} Entry;

static guint
digit_of(const Entry *entry, guint shift, guint digits)
{
    return (guint)(entry->key >> shift) & (digits - 1);
}

static void
sort_digit(const Entry *from, Entry *to, guint len, guint shift, guint digits)
{
    guint next[1U << DIGIT_BITS_MOST];
    memset(next, 0, digits * sizeof *next);
    for (guint i = 0; i < len; i++)
        next[digit_of(&from[i], shift, digits)]++;
    for (guint digit = 0, sum = 0; digit < digits; digit++) {
        const guint here = next[digit];
        next[digit] = sum;
        sum += here;
    }
    for (guint i = 0; i < len; i++)
        to[next[digit_of(&from[i], shift, digits)]++] = from[i];
}

void
cn_sort_by_keys(guint *numbers, guint len, const guint64 *keys)
{
    Entry *entries = CN_PAGES_NEW(Entry, (gsize)len + 1);
    Entry *others = CN_PAGES_NEW(Entry, (gsize)len + 1);
    const guint bits = len < LONG ? DIGIT_BITS_FEW : DIGIT_BITS_MOST, digits = 1U << bits;
    guint64 any = 0, all = G_MAXUINT64;
    for (guint i = 0; i < len; i++) {
        entries[i] = (Entry){.key = keys[numbers[i]], .number = numbers[i]};
        any |= entries[i].key;
        all &= entries[i].key;
    }
    for (guint shift = 0; shift < 64; shift += bits) {
        if (len == 0 || (((any ^ all) >> shift) & (digits - 1)) == 0)
            continue;
        sort_digit(entries, others, len, shift, digits);
        Entry *swap = entries;
        entries = others;
        others = swap;
    }
    for (guint i = 0; i < len; i++)
        numbers[i] = entries[i].number;
    CN_PAGES_FREE(entries, (gsize)len + 1);
    CN_PAGES_FREE(others, (gsize)len + 1);
}
