/* See market-numbers.h. A table with open addressing over rows that lie in blocks. */
#include "routing/market-numbers.h"

#include <string.h>

#define SLOTS_LEAST 16
#define BLOCK_LEAST ((gsize)1 << 7) /* words */
#define BLOCK_MOST  ((gsize)1 << 13)

typedef struct {
    const guint64 *words;
    guint32 len, hash;
} Entry;

struct CnNumbers {
    GArray *entries;   /* (element-type Entry) */
    guint *slots;      /* number + 1; 0 is empty */
    guint slots_len;   /* a power of two */
    GPtrArray *blocks; /* (element-type guint64) owned */
    gsize room, used;  /* of the last block */
};

CnNumbers *
cn_numbers_new(void)
{
    CnNumbers *numbers = g_new0(CnNumbers, 1);
    numbers->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    numbers->slots_len = SLOTS_LEAST;
    numbers->slots = g_new0(guint, SLOTS_LEAST);
    numbers->blocks = g_ptr_array_new_with_free_func(g_free);
    return numbers;
}

void
cn_numbers_free(CnNumbers *numbers)
{
    g_array_unref(numbers->entries);
    g_ptr_array_unref(numbers->blocks);
    g_free(numbers->slots);
    g_free(numbers);
}

guint
cn_numbers_len(const CnNumbers *numbers)
{
    return numbers->entries->len;
}

const guint64 *
cn_numbers_words(const CnNumbers *numbers, guint number, gsize *out_len)
{
    const Entry *entry = &g_array_index(numbers->entries, Entry, number);
    *out_len = entry->len;
    return entry->words;
}

static guint64 *
make_room(CnNumbers *numbers, gsize len)
{
    if (numbers->room - numbers->used < len) {
        numbers->room = MAX(len, CLAMP(2 * numbers->room, BLOCK_LEAST, BLOCK_MOST));
        numbers->used = 0;
        g_ptr_array_add(numbers->blocks, g_new(guint64, numbers->room));
    }
    guint64 *words = g_ptr_array_index(numbers->blocks, numbers->blocks->len - 1);
    numbers->used += len;
    return words + numbers->used - len;
}

static guint32
hash_words(const guint64 *words, gsize len)
{
    guint64 hash = len;
    for (gsize i = 0; i < len; i++) {
        hash = (hash ^ words[i]) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    hash *= G_GUINT64_CONSTANT(0xC2B2AE3D27D4EB4F);
    return (guint32)(hash >> 32);
}

/* Most rows are of a few words: no call is worth while. */
static gboolean
same_words(const guint64 *a, const guint64 *b, gsize len)
{
    gsize i = 0;
    while (i < len && a[i] == b[i])
        i++;
    return i == len;
}

static void
grow(CnNumbers *numbers)
{
    g_free(numbers->slots);
    numbers->slots_len *= 2;
    numbers->slots = g_new0(guint, numbers->slots_len);
    for (guint i = 0; i < numbers->entries->len; i++) {
        guint at = g_array_index(numbers->entries, Entry, i).hash;
        while (numbers->slots[at &= numbers->slots_len - 1] != 0)
            at++;
        numbers->slots[at] = i + 1;
    }
}

guint
cn_numbers_of(CnNumbers *numbers, const guint64 *words, gsize len)
{
    const guint32 hash = hash_words(words, len);
    guint at = hash;
    while (numbers->slots[at &= numbers->slots_len - 1] != 0) {
        const Entry *entry = &g_array_index(numbers->entries, Entry, numbers->slots[at] - 1);
        if (entry->hash == hash && entry->len == len && same_words(entry->words, words, len))
            return numbers->slots[at] - 1;
        at++;
    }
    guint64 *copy = make_room(numbers, MAX(1, len));
    Entry entry = {.words = copy, .len = (guint32)len, .hash = hash};
    memcpy(copy, words, len * sizeof *copy);
    g_array_append_val(numbers->entries, entry);
    numbers->slots[at] = numbers->entries->len;
    if ((gsize)numbers->entries->len * 2 > numbers->slots_len)
        grow(numbers);
    return numbers->entries->len - 1;
}
