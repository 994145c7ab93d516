/* Blocks: making them, and deciding one. */
#include "routing/parties-block.h"

/* ---- Making them. */

void
cn_block_clear(gpointer block)
{
    g_array_unref(((CnBlock *)block)->needs);
}

/* Whether a flock or pack decides for it. */
static gboolean
is_of_another(const CnSearch *search, const CnParty *party)
{
    return party->packed ||
           cn_plan_bond_of_siblings(&search->bonds, g_array_index(party->needs, guint, 0)) != NULL;
}

static void
note_pins(const CnSearch *search, GArray *blocks)
{
    for (guint i = 0; i < blocks->len; i++) {
        CnBlock *block = &g_array_index(blocks, CnBlock, i);
        block->pinned = TRUE;
        for (guint k = 0; k < block->needs->len; k++)
            block->pinned = block->pinned && cn_search_is_pinned(search, cn_block_need(block, k));
    }
}

GArray *
cn_blocks_new(const CnSearch *search)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(CnBlock));
    g_array_set_clear_func(blocks, cn_block_clear);
    for (guint i = 0; i < search->parties->len; i++) {
        CnParty *party = cn_search_party(search, i);
        const CnBlock block = {
            .kind = CN_BLOCK_PARTY, .party = party, .needs = g_array_ref(party->needs)};
        if (is_of_another(search, party))
            g_array_unref(block.needs);
        else
            g_array_append_val(blocks, block);
    }
    for (guint i = 0; i < search->flocks->len; i++) {
        CnFlock *flock = cn_search_flock(search, i);
        const CnBlock block = {
            .kind = CN_BLOCK_FLOCK, .flock = flock, .needs = g_array_ref(flock->bond->needs)};
        g_array_append_val(blocks, block);
    }
    for (guint i = 0; i < search->packs->len; i++) {
        CnPack *pack = cn_search_pack(search, i);
        const CnBlock block = {
            .kind = CN_BLOCK_PACK, .pack = pack, .needs = g_array_ref(pack->needs)};
        g_array_append_val(blocks, block);
    }
    note_pins(search, blocks);
    return blocks;
}

gint64
cn_block_extra_of_singles(const CnSearch *search, const CnBlock *block)
{
    return block->kind == CN_BLOCK_FLOCK ? search->needs->asked.policy->siblings_apart : 0;
}

CnBlock
cn_block_single(const CnSearch *search, const CnBlock *block, guint i)
{
    CnBlock single = {.kind = CN_BLOCK_SINGLE,
                      .needs = g_array_new(FALSE, FALSE, sizeof(guint)),
                      .extra = cn_block_extra_of_singles(search, block)};
    const guint need = cn_block_need(block, i);
    g_array_append_val(single.needs, need);
    return single;
}

void
cn_blocks_fall_apart(const CnSearch *search, GArray *blocks, guint at)
{
    const guint len = g_array_index(blocks, CnBlock, at).needs->len;
    for (guint i = 0; i < len; i++) {
        /* Looked up anew: the array moves. */
        const CnBlock *block = &g_array_index(blocks, CnBlock, at);
        if (cn_search_is_pinned(search, cn_block_need(block, i)))
            continue;
        const CnBlock single = cn_block_single(search, block, i);
        g_array_append_val(blocks, single);
    }
}

/* ---- Deciding. */

gboolean
cn_block_may_be(const CnSearch *search, const CnBlock *block, const gint *offering_of)
{
    for (guint i = 0; i < block->needs->len; i++) {
        const guint need = cn_block_need(block, i);
        if (offering_of[need] >= 0 &&
            !cn_search_may_meet(search, need, (guint)offering_of[need], offering_of))
            return FALSE;
    }
    return TRUE;
}

void
cn_block_leave(CnSearch *search, const CnBlock *block)
{
    for (guint i = 0; i < block->needs->len; i++) {
        const guint need = cn_block_need(block, i);
        if (cn_search_is_pinned(search, need))
            continue;
        if (search->offering_of[need] >= 0)
            cn_search_take(search, (guint)search->offering_of[need],
                           -cn_search_units(search, need));
        search->offering_of[need] = -1;
        search->left_out[need] = FALSE;
    }
}

gboolean
cn_block_put(CnSearch *search, const CnBlock *block, const CnBlockOption *option)
{
    gboolean can = TRUE;
    for (guint i = 0; option->at != NULL && i < block->needs->len; i++) {
        const guint need = cn_block_need(block, i);
        const gint32 units = cn_search_units(search, need);
        if (cn_search_is_pinned(search, need))
            continue;
        search->left_out[need] = TRUE;
        if (option->at[i] < 0)
            continue;
        can = can && cn_search_has_room(search, units, (guint)option->at[i]);
        cn_search_take(search, (guint)option->at[i], units);
        search->offering_of[need] = option->at[i];
    }
    if (can && (option->at == NULL || cn_block_may_be(search, block, search->offering_of)))
        return TRUE;
    cn_block_leave(search, block);
    return FALSE;
}
