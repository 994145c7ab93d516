/* See market-numbers.h. A table with open addressing. Memory is what a look-up costs, so a slot holds the
 * hash and where the row lies, and the number stands with the row: two places are read, not four. */
#include "routing/market-numbers.h"

#include <string.h>

#define SLOTS_LEAST 16
/* Words a block; a row that is longer has a block of its own. */
#define BLOCK_LEAST ((gsize)1 << 7)
#define PLACE_BITS  13
#define BLOCK_MOST  ((gsize)1 << PLACE_BITS)

typedef struct {
    guint32 hash;
    guint32 ref; /* block and place of a row + 1; 0 is empty */
} Slot;

/* Before the words of a row. */
typedef struct {
    guint32 number, len;
} Head;
G_STATIC_ASSERT(sizeof(Head) == sizeof(guint64));

struct CnNumbers {
    GArray *refs; /* (element-type guint32) of the rows by number */
    Slot *slots;
    guint slots_len;   /* a power of two */
    GPtrArray *blocks; /* (element-type guint64) owned */
    gsize room, used;  /* of the last block */
};

CnNumbers *
cn_numbers_new(void)
{
    CnNumbers *numbers = g_new0(CnNumbers, 1);
    numbers->refs = g_array_new(FALSE, FALSE, sizeof(guint32));
    numbers->slots_len = SLOTS_LEAST;
    numbers->slots = g_new0(Slot, SLOTS_LEAST);
    numbers->blocks = g_ptr_array_new_with_free_func(g_free);
    return numbers;
}

void
cn_numbers_free(CnNumbers *numbers)
{
    g_array_unref(numbers->refs);
    g_ptr_array_unref(numbers->blocks);
    g_free(numbers->slots);
    g_free(numbers);
}

guint
cn_numbers_len(const CnNumbers *numbers)
{
    return numbers->refs->len;
}

static guint64 *
row_at(const CnNumbers *numbers, guint32 ref)
{
    guint64 *block = g_ptr_array_index(numbers->blocks, (ref - 1) >> PLACE_BITS);
    return block + ((ref - 1) & (BLOCK_MOST - 1));
}

static Head
head_of(const guint64 *row)
{
    Head head;
    memcpy(&head, row, sizeof head);
    return head;
}

const guint64 *
cn_numbers_words(const CnNumbers *numbers, guint number, gsize *out_len)
{
    const guint64 *row = row_at(numbers, g_array_index(numbers->refs, guint32, number));
    *out_len = head_of(row).len;
    return row + 1;
}

/* Room for a row, head included. */
static guint32
make_room(CnNumbers *numbers, gsize len)
{
    if (numbers->room - numbers->used < len) {
        numbers->room = MAX(len, CLAMP(2 * numbers->room, BLOCK_LEAST, BLOCK_MOST));
        numbers->used = 0;
        g_ptr_array_add(numbers->blocks, g_new(guint64, numbers->room));
    }
    const guint32 place = (guint32)numbers->used;
    numbers->used += len;
    return ((numbers->blocks->len - 1) << PLACE_BITS | place) + 1;
}

static void
grow(CnNumbers *numbers)
{
    g_autofree Slot *old = numbers->slots;
    const guint old_len = numbers->slots_len;
    numbers->slots_len *= 2;
    numbers->slots = g_new0(Slot, numbers->slots_len);
    for (guint i = 0; i < old_len; i++) {
        guint at = old[i].hash;
        if (old[i].ref == 0)
            continue;
        while (numbers->slots[at &= numbers->slots_len - 1].ref != 0)
            at++;
        numbers->slots[at] = old[i];
    }
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
is_row(const guint64 *row, const guint64 *words, gsize len)
{
    gsize i = 0;
    if (head_of(row).len != len)
        return FALSE;
    while (i < len && row[1 + i] == words[i])
        i++;
    return i == len;
}

guint32
cn_numbers_hash(const CnNumbers *numbers, const guint64 *words, gsize len)
{
    const guint32 hash = hash_words(words, len);
    __builtin_prefetch(&numbers->slots[hash & (numbers->slots_len - 1)]);
    return hash;
}

void
cn_numbers_look_ahead(const CnNumbers *numbers, guint32 hash)
{
    const Slot *slot = &numbers->slots[hash & (numbers->slots_len - 1)];
    if (slot->ref != 0)
        __builtin_prefetch(row_at(numbers, slot->ref));
}

guint
cn_numbers_of(CnNumbers *numbers, const guint64 *words, gsize len)
{
    return cn_numbers_of_hash(numbers, words, len, hash_words(words, len));
}

guint
cn_numbers_of_hash(CnNumbers *numbers, const guint64 *words, gsize len, guint32 hash)
{
    guint at = hash;
    for (; numbers->slots[at &= numbers->slots_len - 1].ref != 0; at++) {
        const guint64 *row = row_at(numbers, numbers->slots[at].ref);
        if (numbers->slots[at].hash == hash && is_row(row, words, len))
            return head_of(row).number;
    }
    const guint32 ref = make_room(numbers, 1 + len);
    const Head head = {.number = numbers->refs->len, .len = (guint32)len};
    guint64 *row = row_at(numbers, ref);
    memcpy(row, &head, sizeof head);
    memcpy(row + 1, words, len * sizeof *row);
    numbers->slots[at] = (Slot){.hash = hash, .ref = ref};
    g_array_append_val(numbers->refs, ref);
    if ((gsize)numbers->refs->len * 2 > numbers->slots_len)
        grow(numbers);
    return head.number;
}
