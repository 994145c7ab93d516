/* Sorting by whole numbers without comparing: the least significant digits first. Digits in which all keys
 * agree cost nothing, so keys may be put together from fields as wide as their types. */
#include "routing/market-sort.h"

#define DIGIT_BITS 12
#define DIGITS     (1U << DIGIT_BITS)

typedef struct {
    guint64 key;
    guint number;
} Entry;

static guint
digit_of(const Entry *entry, guint shift)
{
    return (guint)(entry->key >> shift) & (DIGITS - 1);
}

static void
sort_digit(const Entry *from, Entry *to, guint len, guint shift)
{
    guint next[DIGITS] = {0};
    for (guint i = 0; i < len; i++)
        next[digit_of(&from[i], shift)]++;
    for (guint digit = 0, sum = 0; digit < DIGITS; digit++) {
        const guint here = next[digit];
        next[digit] = sum;
        sum += here;
    }
    for (guint i = 0; i < len; i++)
        to[next[digit_of(&from[i], shift)]++] = from[i];
}

void
cn_sort_by_keys(guint *numbers, guint len, const guint64 *keys)
{
    g_autofree Entry *entries = g_new(Entry, (gsize)len + 1);
    g_autofree Entry *others = g_new(Entry, (gsize)len + 1);
    guint64 any = 0, all = G_MAXUINT64;
    for (guint i = 0; i < len; i++) {
        entries[i] = (Entry){.key = keys[numbers[i]], .number = numbers[i]};
        any |= entries[i].key;
        all &= entries[i].key;
    }
    for (guint shift = 0; shift < 64; shift += DIGIT_BITS) {
        if (len == 0 || (((any ^ all) >> shift) & (DIGITS - 1)) == 0)
            continue;
        sort_digit(entries, others, len, shift);
        Entry *swap = entries;
        entries = others;
        others = swap;
    }
    for (guint i = 0; i < len; i++)
        numbers[i] = entries[i].number;
}
