/* Part of assign-flow-body.h: the mirrors of words.
 *
 * The mirror of a word holds its pieces once more, turned: by column, then by slot, so that the rows
 * over which a column may be reached stand side by side. Slots come in parts of equal size, which go from word to word as
 * searches do. */

/* Slots that are made ready, and looked at, at once. */
#define SLOTS_AT_ONCE 16

static MirrorPart *
part_of_slot(const Flow *flow, guint word, guint slot)
{
    return flow->mirrors[word].parts[slot / CN_MIRROR_SLOTS];
}

/* Where the first column of the piece is. */
static Way *
mirror_of(const Flow *flow, const Piece *piece)
{
    return part_of_slot(flow, piece->word, piece->slot)->sum + piece->slot % CN_MIRROR_SLOTS;
}

static void
set_mirror_start(const Flow *flow, const Piece *piece, Sum start)
{
    part_of_slot(flow, piece->word, piece->slot)->start[piece->slot % CN_MIRROR_SLOTS] = start;
}

static void
add_part(Flow *flow, Mirror *mirror)
{
    if (mirror->parts_len == mirror->parts_room) {
        mirror->parts_room = 2 * mirror->parts_room + 1;
        mirror->parts = g_renew(MirrorPart *, mirror->parts, mirror->parts_room);
    }
    if (flow->parts.unused->len == 0)
        pool_grow(&flow->parts, G_MAXUINT);
    mirror->parts[mirror->parts_len++] = pool_take(&flow->parts);
}

/* A scan looks at slots that nobody has, too. */
static void
clear_slots(MirrorPart *part, guint first)
{
    for (guint i = first; i < first + SLOTS_AT_ONCE; i++)
        part->start[i] = FAR;
    for (gsize column = 0; column < CN_WORD; column++)
        for (guint i = first; i < first + SLOTS_AT_ONCE; i++)
            part->sum[column * CN_MIRROR_SLOTS + i] = WAY_FAR;
}

/* A slot for the node, from which nobody is reached yet. */
static guint
add_to_mirror(Flow *flow, guint word, guint node)
{
    Mirror *mirror = &flow->mirrors[word];
    const guint slot = mirror->len++, at = slot % CN_MIRROR_SLOTS;
    if (slot == mirror->parts_len * CN_MIRROR_SLOTS)
        add_part(flow, mirror);
    MirrorPart *part = part_of_slot(flow, word, slot);
    if (at % SLOTS_AT_ONCE == 0)
        clear_slots(part, at);
    part->node[at] = node;
    return slot;
}

/* What is in the last slot moves to that one. */
static void
move_last(Flow *flow, guint word, guint slot)
{
    const guint last = flow->mirrors[word].len - 1, at = last % CN_MIRROR_SLOTS;
    const MirrorPart *from = part_of_slot(flow, word, last);
    MirrorPart *to = part_of_slot(flow, word, slot);
    const guint node = from->node[at];
    Ways *ways = flow->ways[node];
    Piece *piece = &ways->pieces[ways->at[word] - 1];
    piece->slot = slot;
    Way *sum = mirror_of(flow, piece);
    for (gsize i = 0; i < CN_WORD; i++)
        sum[i * CN_MIRROR_SLOTS] = from->sum[i * CN_MIRROR_SLOTS + at];
    to->start[slot % CN_MIRROR_SLOTS] = from->start[at];
    to->node[slot % CN_MIRROR_SLOTS] = node;
}

static void
drop_from_mirror(Flow *flow, guint word, guint slot)
{
    Mirror *mirror = &flow->mirrors[word];
    const guint last = mirror->len - 1;
    if (slot != last)
        move_last(flow, word, slot);
    part_of_slot(flow, word, last)->start[last % CN_MIRROR_SLOTS] = FAR;
    mirror->len = last;
    /* Searches move on to other words. */
    if (mirror->len + CN_MIRROR_SLOTS / 2 < (mirror->parts_len - 1) * CN_MIRROR_SLOTS)
        pool_give(&flow->parts, mirror->parts[--mirror->parts_len]);
}

/* The least sum of what is found of a settled node and its way to the column; FAR where there is none. */
static Sum
least_in_mirror(Flow *flow, guint column, guint *out_from)
{
    const Mirror *mirror = &flow->mirrors[column / CN_WORD];
    Sum least = FAR;
    for (guint first = 0; first < mirror->len; first += CN_MIRROR_SLOTS) {
        const MirrorPart *part = mirror->parts[first / CN_MIRROR_SLOTS];
        const guint len = MIN(mirror->len - first, CN_MIRROR_SLOTS);
        guint slot = 0;
        const Sum here = SCAN_LEAST_WAY(
            flow, part->sum + (gsize)(column % CN_WORD) * CN_MIRROR_SLOTS, part->start,
            (len + SLOTS_AT_ONCE - 1) / SLOTS_AT_ONCE * SLOTS_AT_ONCE, &slot);
        if (here >= least)
            continue;
        least = here;
        *out_from = part->node[slot];
    }
    flow->solve->work += mirror->len;
    return least;
}
