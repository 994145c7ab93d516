/* See market-numbers.h. A table with open addressing over strings that lie in blocks. */
#include "routing/market-numbers.h"

#include "routing/market-facts.h"

#define SLOTS_LEAST 16
#define BLOCK_LEAST ((gsize)1 << 10)
#define BLOCK_MOST  ((gsize)1 << 16)

typedef struct {
    const guint8 *bytes;
    guint32 len, hash;
} Entry;

struct CnNumbers {
    GArray *entries;   /* (element-type Entry) */
    guint *slots;      /* number + 1; 0 is empty */
    guint slots_len;   /* a power of two */
    GPtrArray *blocks; /* (element-type guint8) owned */
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

gconstpointer
cn_numbers_bytes(const CnNumbers *numbers, guint number, guint *out_len)
{
    const Entry *entry = &g_array_index(numbers->entries, Entry, number);
    *out_len = entry->len;
    return entry->bytes;
}

static guint8 *
make_room(CnNumbers *numbers, gsize len)
{
    len = (len + 7) & ~(gsize)7;
    if (numbers->room - numbers->used < len) {
        numbers->room = MAX(len, CLAMP(2 * numbers->room, BLOCK_LEAST, BLOCK_MOST));
        numbers->used = 0;
        g_ptr_array_add(numbers->blocks, g_malloc(numbers->room));
    }
    guint8 *bytes = g_ptr_array_index(numbers->blocks, numbers->blocks->len - 1);
    numbers->used += len;
    return bytes + numbers->used - len;
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
cn_numbers_of(CnNumbers *numbers, gconstpointer bytes, guint len)
{
    guint32 hash = (guint32)cn_facts_hash(bytes, len);
    guint at = hash;
    while (numbers->slots[at &= numbers->slots_len - 1] != 0) {
        const Entry *entry = &g_array_index(numbers->entries, Entry, numbers->slots[at] - 1);
        if (entry->hash == hash && entry->len == len && memcmp(entry->bytes, bytes, len) == 0)
            return numbers->slots[at] - 1;
        at++;
    }
    guint8 *copy = make_room(numbers, MAX(1, len));
    Entry entry = {.bytes = copy, .len = len, .hash = hash};
    memcpy(copy, bytes, len);
    g_array_append_val(numbers->entries, entry);
    numbers->slots[at] = numbers->entries->len;
    if ((gsize)numbers->entries->len * 2 > numbers->slots_len)
        grow(numbers);
    return numbers->entries->len - 1;
}
