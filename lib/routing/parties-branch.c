/* Branch and bound over families (Land and Doig 1960): of a short list no better answer is left out.
 *
 *      the solver places whoever is not decided, families split --> prices, and what no answer below is less than
 *      where that is no better than the best known answer, nothing below is looked at
 *      where it breaks nothing, it is an answer
 *      else one family is decided in every way, the cheapest by those prices first
 *
 * What one way costs more than the least of its family, at the prices of the node, no answer below saves: so most ways
 * are dropped without being looked at. How far this goes is decided by counting, never by the clock. */
#include "routing/parties-block.h"

/* A list of so many blocks is left to the other searches. */
#define BLOCKS_MOST 400
/* Ways of one block. */
#define OPTIONS_MOST 5000
/* What making a way takes, and visiting a node besides its pairs, in pairs that are looked at. */
#define OPTION_PAIRS 20
#define NODE_PAIRS   2000
/* Pairs that are looked at altogether. */
#define BRANCH_PAIRS_MOST 20000000

typedef struct {
    CnSearch *search;
    CnPlacement *out;
    GArray *blocks;   /* (element-type CnBlock) */
    CnLevels decided; /* what that costs, without the use of places */
    guint64 pairs;    /* that were looked at */
    gboolean complete;
} Branch;

static CnBlock *
block_at(const Branch *branch, guint i)
{
    return &g_array_index(branch->blocks, CnBlock, i);
}

/* ---- What no answer below a node is less than. */

/* What the solver's places of its needs cost, which stands in the bound instead of what it costs them together. */
static CnLevels
part_of(const Branch *branch, const CnBlock *block, const CnAssignment *solved)
{
    CnLevels part = {{0}, 0}, less = {{0}, 0};
    for (guint i = 0; i < block->needs->len; i++)
        cn_search_take_off(branch->search, solved, g_array_index(block->needs, guint, i), &less);
    cn_levels_add(&part, &less, -1);
    return part;
}

static CnLevels
bound_of(Branch *branch, const CnAssignment *solved)
{
    CnLevels bound = solved->bound;
    cn_levels_add(&bound, &branch->decided, 1);
    bound.cost += cn_search_use_of_taken(branch->search);
    for (guint i = 0; i < branch->blocks->len; i++) {
        CnBlock *block = block_at(branch, i);
        if (block->decided)
            continue;
        cn_block_look(branch->search, block);
        const CnLevels part = part_of(branch, block, solved);
        cn_levels_add(&bound, &block->least, 1);
        cn_levels_add(&bound, &part, -1);
        for (guint k = 0; k < block->needs->len; k++)
            branch->pairs +=
                cn_market_row_len(branch->search->market, g_array_index(block->needs, guint, k));
    }
    return bound;
}

/* ---- What is wrong with what the solver found. */

/* Where it has all units of a need; -2 in several places. */
static gint
place_of(const CnSearch *search, const CnAssignment *solved, guint need)
{
    const guint first = cn_market_first_unit(search->market, need);
    const gint pinned = cn_market_pinned(search->market, need);
    if (pinned >= 0)
        return pinned;
    if (search->left_out[need])
        return search->offering_of[need];
    for (guint unit = first + 1; unit < cn_market_first_unit(search->market, need + 1); unit++)
        if (solved->offering[unit] != solved->offering[first])
            return -2;
    return solved->offering[first];
}

static gboolean
is_whole(const CnBlock *block, const gint *at)
{
    const guint first = g_array_index(block->needs, guint, 0);
    for (guint i = 0; i < block->needs->len; i++) {
        const gint place = at[g_array_index(block->needs, guint, i)];
        if (place < -1 || (block->kind == CN_BLOCK_PARTY && place != at[first]))
            return FALSE;
    }
    return TRUE;
}

/* How much more it pays where the solver has it than it counted on: for being apart, for another provider. */
static CnLevels
pays_more(const Branch *branch, const CnBlock *block, const CnAssignment *solved, const gint *at)
{
    CnLevels part = part_of(branch, block, solved);
    gint64 lines[CN_COSTS_LEN];
    for (guint i = 0; i < block->needs->len; i++) {
        const guint need = g_array_index(block->needs, guint, i);
        if (at[need] >= 0)
            part.cost +=
                cn_plan_bonds_cost(&branch->search->bonds, need, (guint)at[need], at, lines);
    }
    cn_levels_add(&part, &block->least, -1);
    return part;
}

static gboolean
is_open(const CnBlock *block)
{
    return !block->decided && !block->pinned;
}

/* The block to decide next: one that cannot be where it is, else one that pays more than it counted on, else any.
 * -1 where all are decided. @out_sound: whether everybody may be where they are. */
static gint
choose(const Branch *branch, const CnAssignment *solved, gboolean *out_sound)
{
    const CnSearch *search = branch->search;
    g_autofree gint *at = g_new(gint, (gsize)search->needs->needs->len + 1);
    gint paying = -1, any = -1;
    CnLevels most = {{0}, 0};
    for (guint need = 0; need < search->needs->needs->len; need++)
        at[need] = place_of(search, solved, need);
    *out_sound = FALSE;
    for (guint i = 0; i < branch->blocks->len; i++) {
        const CnBlock *block = block_at(branch, i);
        if (is_open(block) && !is_whole(block, at))
            return (gint)i;
    }
    for (guint i = 0; i < branch->blocks->len; i++) {
        const CnBlock *block = block_at(branch, i);
        if (!is_open(block))
            continue;
        if (!cn_block_may_be(search, block, at))
            return (gint)i;
        const CnLevels more = pays_more(branch, block, solved, at);
        any = any < 0 ? (gint)i : any;
        if (cn_levels_compare(&more, &most) > 0) {
            most = more;
            paying = (gint)i;
        }
    }
    *out_sound = TRUE;
    return paying >= 0 ? paying : any;
}

/* ---- The tree. */

static gboolean visit(Branch *branch, GError **error);

static gboolean
visit_below(Branch *branch, guint at, const CnBlockOption *option, GError **error)
{
    CnSearch *search = branch->search;
    const guint len = branch->blocks->len;
    if (!cn_block_put(search, block_at(branch, at), option))
        return TRUE;
    block_at(branch, at)->decided = TRUE;
    cn_levels_add(&branch->decided, &option->cost, 1);
    if (option->at == NULL)
        cn_blocks_fall_apart(search, branch->blocks, at);
    const gboolean ok = visit(branch, error);
    g_array_set_size(branch->blocks, len);
    cn_levels_add(&branch->decided, &option->cost, -1);
    block_at(branch, at)->decided = FALSE;
    cn_block_leave(search, block_at(branch, at));
    return ok;
}

/* Ways come with the least value first. What was found meanwhile may be better than all that are left. */
static gboolean
decide(Branch *branch, guint at, const CnLevels *bound, GError **error)
{
    CnBlockLimit limit = {*bound, branch->out->primal};
    cn_levels_add(&limit.rest, &block_at(branch, at)->least, -1);
    g_autoptr(GArray) options =
        cn_block_options(branch->search, block_at(branch, at), &limit, OPTIONS_MOST);
    branch->complete = branch->complete && options != NULL;
    branch->pairs += options != NULL ? (guint64)options->len * OPTION_PAIRS : 0;
    for (guint i = 0; options != NULL && i < options->len; i++) {
        const CnBlockOption *option = &g_array_index(options, CnBlockOption, i);
        limit.known = branch->out->primal;
        if (cn_block_is_hopeless(&limit, &option->value))
            break;
        if (!visit_below(branch, at, option, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_over(Branch *branch)
{
    if (branch->pairs >= BRANCH_PAIRS_MOST || cn_search_is_stopped(branch->search, branch->out))
        branch->complete = FALSE;
    return !branch->complete;
}

static gboolean
visit(Branch *branch, GError **error)
{
    g_auto(CnAssignment) solved = {NULL};
    gboolean sound;
    if (is_over(branch))
        return TRUE;
    if (!cn_search_solve(branch->search, branch->out, &solved, error))
        return FALSE;
    branch->pairs += solved.work + NODE_PAIRS;
    if (is_over(branch))
        return TRUE;
    const CnLevels bound = bound_of(branch, &solved);
    if (cn_levels_compare(&bound, &branch->out->primal) >= 0)
        return TRUE;
    const gint next = choose(branch, &solved, &sound);
    if (sound)
        cn_search_keep_better(branch->search, &solved, branch->out);
    if (next < 0 || cn_levels_compare(&bound, &branch->out->primal) >= 0)
        return TRUE;
    return decide(branch, (guint)next, &bound, error);
}

/* Nobody is decided; needs that are pinned are where they are. */
static void
open_all(Branch *branch)
{
    CnSearch *search = branch->search;
    for (guint i = 0; i < branch->blocks->len; i++)
        cn_block_leave(search, block_at(branch, i));
}

gboolean
cn_search_branch(CnSearch *search, CnPlacement *out, GError **error)
{
    Branch branch = {.search = search, .out = out, .complete = TRUE};
    gboolean ok = TRUE;
    branch.blocks = cn_blocks_new(search);
    if (branch.blocks->len > 0 && branch.blocks->len <= BLOCKS_MOST) {
        open_all(&branch);
        ok = visit(&branch, error);
        out->searched = ok && branch.complete;
    }
    g_array_unref(branch.blocks);
    return ok;
}
