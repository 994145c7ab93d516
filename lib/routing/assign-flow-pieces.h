/* Part of assign-flow-body.h: what is known of the ways from a node, word by word.
 *
 * The row of a node holds for every other node the least extra cost of any unit that stands here. It
 * is known in pieces of a word of columns. Of every word a bound is known: no way there is less. It
 * costs a few sums by word for each class that stands here. The piece itself, which costs a scan of the
 * word for each of them, is made when a search comes to the bound. Columns stand by service, island and
 * town, so what a search comes to is in few words.
 *
 * Whoever comes lowers bounds and pieces; when somebody leaves they are left as they are, and say from
 * then on "no less than this". Pieces may be dropped at any time, since they can be made again: those of the
 * node that was settled longest ago. What a search relaxed of them stays, and whatever is reached anew waits
 * for them once more. */

/* Rows of pieces that are asked of the system at once, at least. */
#define ROWS_AT_ONCE 64
/* As often all of them may be dropped before there may be more. */
#define DROPPED_TIMES 4
/* In Ways.at: none is made, and a search waits for it, listed or not; or it was relaxed in this search, and is not kept. */
#define LISTED      G_MAXUINT16
#define BEYOND      (LISTED - 1)
#define RELAXED     (LISTED - 2)
#define PIECES_MOST (RELAXED - 1)

static Sum *
new_sums(gsize len, Sum value)
{
    Sum *sums = g_new(Sum, len);
    for (gsize i = 0; i < len; i++)
        sums[i] = value;
    return sums;
}

/* ---- Bounds. */

/* The least extra cost of a class that pays @own here, by word, into flow->class_least; WAY_FAR where it may
 * not go. */
static void
bound_class(Flow *flow, guint class_index, Sum own)
{
    View view = *view_of(flow, class_index);
    const CnPatch *patches = patches_of(flow, &view);
    Way *least = flow->class_least;
    view.add -= own;
    SCAN_BOUNDS(flow, &view, flow->no_cost, flow->bounds);
    for (guint word = 0; word < view.first; word++)
        least[word] = WAY_FAR;
    for (guint word = view.first; word < view.end; word++)
        least[word] = bound_of(flow->bounds[word]);
    for (guint word = view.end; word < flow->words; word++)
        least[word] = WAY_FAR;
    for (guint i = 0; i < view.patches_len; i++) {
        Way *here = &least[patches[i].column / CN_WORD];
        *here = MIN(*here, bound_of(patched_cost(flow, class_index, &view, &patches[i]) - own));
    }
    flow->solve->work += view.end - view.first;
}

static inline gboolean
has_piece(const Ways *ways, guint word)
{
    return ways->at[word] > 0 && ways->at[word] < RELAXED;
}

/* By what is in flow->class_least, where no piece is made. */
static void
lower_bounds(const Flow *flow, Ways *ways)
{
    for (guint word = 0; word < flow->words; word++)
        if (flow->class_least[word] < ways->least[word] && !has_piece(ways, word))
            ways->least[word] = flow->class_least[word];
}

/* What is listed is listed as farther than a class that comes now, and what was relaxed was so without it. */
static void
await_newcomer(const Flow *flow, Ways *ways)
{
    for (guint word = 0; word < flow->words; word++)
        if (flow->class_least[word] < (ways->at[word] == RELAXED ? WAY_FAR : ways->least[word]) &&
            !has_piece(ways, word))
            ways->at[word] = 0;
}

/* ---- Pieces. */

static Piece *
piece_of(const Flow *flow, guint node, guint word)
{
    const Ways *ways = flow->ways[node];
    return ways != NULL && has_piece(ways, word) ? &ways->pieces[ways->at[word] - 1] : NULL;
}

/* What is found of a settled node, for those who are reached from it; FAR where it is not settled. */
static void
set_start(Flow *flow, guint node, Sum start)
{
    const Ways *ways = flow->ways[node];
    flow->start[node] = start;
    for (guint i = 0; ways != NULL && i < ways->len; i++)
        set_mirror_start(flow, &ways->pieces[i], start);
}

/* Of the word no piece is there any more, of which no way is less than that. Where the search has relaxed it, it is put by
 * for whatever is reached anew. */
static void
forget_piece(Flow *flow, guint node, const Piece *piece)
{
    Ways *ways = flow->ways[node];
    Way least = ways->least[piece->word];
    for (guint i = 0; i < CN_WORD; i++)
        least = MIN(least, piece->row->sum[i]);
    ways->least[piece->word] = least;
    ways->at[piece->word] = is_settled(flow, node) ? RELAXED : 0;
    if (is_settled(flow, node))
        g_array_append_val(flow->dropped[piece->word], node);
}

static void
drop_pieces(Flow *flow, guint node)
{
    Ways *ways = flow->ways[node];
    for (guint i = 0; i < ways->len; i++) {
        const Piece *piece = &ways->pieces[i];
        drop_from_mirror(flow, piece->word, piece->slot);
        forget_piece(flow, node, piece);
        pool_give(&flow->rows, piece->row);
    }
    flow->rows_dropped += ways->len;
    g_clear_pointer(&ways->pieces, g_free);
    ways->len = ways->room = 0;
}

/* Drops the pieces of the first of the holders but this one. */
static gboolean
drop_some(Flow *flow, guint except)
{
    GList *link = flow->holders->head;
    if (link != NULL && GPOINTER_TO_UINT(link->data) == except)
        link = link->next;
    if (link == NULL)
        return FALSE;
    const guint node = GPOINTER_TO_UINT(link->data);
    drop_pieces(flow, node);
    g_queue_delete_link(flow->holders, link);
    flow->ways[node]->holder = NULL;
    return TRUE;
}

/* The node is the last of the holders. */
static void
hold_pieces(Flow *flow, guint node)
{
    GList *link = flow->ways[node]->holder;
    if (link != NULL) {
        g_queue_unlink(flow->holders, link);
        g_queue_push_tail_link(flow->holders, link);
    } else {
        g_queue_push_tail(flow->holders, GUINT_TO_POINTER(node));
        flow->ways[node]->holder = flow->holders->tail;
    }
}

/* Where pieces are dropped again and again, since a search needs more of them at a time, there may be more. */
static gboolean
allow_more(Flow *flow)
{
    if (flow->rows_most >= flow->rows_limit ||
        flow->rows_dropped < (guint64)flow->rows_most * DROPPED_TIMES)
        return FALSE;
    flow->rows_most += MIN(flow->rows_most / 2, flow->rows_limit - flow->rows_most);
    flow->rows_dropped = 0;
    return TRUE;
}

/* Room for one piece. */
static Row *
take_row(Flow *flow, guint node)
{
    while (flow->rows.unused->len == 0)
        if (flow->rows.len < flow->rows_most || allow_more(flow) || !drop_some(flow, node))
            pool_grow(&flow->rows, flow->rows_most);
    return pool_take(&flow->rows);
}

static void
add_piece(Flow *flow, guint node, guint word)
{
    Ways *ways = flow->ways[node];
    Row *row = take_row(flow, node);
    if (ways->len == ways->room) {
        ways->room = ways->room + ways->room / 2 + 4;
        ways->pieces = g_renew(Piece, ways->pieces, ways->room);
    }
    ways->pieces[ways->len++] =
        (Piece){.word = word, .slot = add_to_mirror(flow, word, node), .row = row};
    ways->at[word] = (guint16)ways->len;
    ways->least[word] = WAY_FAR;
}

/* Where a class that pays @own here pays less than the piece, or as much and came later, this becomes so and names
 * @name. */
static void
lower_piece(Flow *flow, guint class_index, Sum own, const Piece *piece, Way *mirror, Name name)
{
    const CnPatch *patches;
    const View *view = view_of(flow, class_index);
    if (piece->word >= view->first && piece->word < view->end)
        SCAN_LOWER(flow, view, piece->word, own, piece->row, mirror, name);
    patches = patches_of(flow, view);
    for (guint i = 0; i < view->patches_len; i++) {
        const guint at = patches[i].column % CN_WORD;
        if (patches[i].column / CN_WORD != piece->word ||
            view->minutes[patches[i].column] > view->limit)
            continue;
        const Sum cost = patched_cost(flow, class_index, view, &patches[i]) - own;
        if (cost > piece->row->sum[at] ||
            (cost == piece->row->sum[at] && name < piece->row->who[at]))
            continue;
        piece->row->sum[at] = (Way)cost;
        piece->row->who[at] = name;
        if (mirror != NULL)
            mirror[(gsize)at * CN_MIRROR_SLOTS] = (Way)cost;
    }
    flow->solve->work += CN_WORD;
}

/* Bounds of all words, and the way to the unmet. */
static void
bound_ways(Flow *flow, guint node)
{
    Ways *ways = flow->ways[node];
    for (guint word = 0; word < flow->words; word++)
        ways->least[word] = WAY_FAR;
    flow->unmet_way[node] = FAR;
    flow->unmet_who[node] = -1;
    for (gint i = last_stay(flow, node); i >= 0; i = stay_before(flow, node, i)) {
        const Stay *stay = stay_at(flow, node, i);
        const Sum unmet = flow->penalty[flow->classes[stay->class_index].urgency] - stay->cost;
        bound_class(flow, stay->class_index, stay->cost);
        lower_bounds(flow, ways);
        if (unmet >= flow->unmet_way[node])
            continue;
        flow->unmet_way[node] = unmet;
        flow->unmet_who[node] = i;
    }
    flow->solve->work += flow->words;
}

/* Stays by which views are fetched before they are needed, and then what they hold of a word. */
#define VIEWS_AHEAD 12
#define WORDS_AHEAD 6

/* Those at the node into flow->order; kind by kind, since those of a kind look at the same rows, where they are known. */
static void
order_stays(Flow *flow, guint node)
{
    const Standing *standing = &flow->standing[node];
    g_array_set_size(flow->order, 0);
    for (gint at = last_stay(flow, node); standing->same == NULL && at >= 0;
         at = stay_before(flow, node, at))
        g_array_append_val(flow->order, at);
    for (guint i = 0; i < standing->kinds_len; i++)
        for (gint at = standing->kinds[i].last; at >= 0; at = standing->same[at].before)
            g_array_append_val(flow->order, at);
}

static void
fetch_ahead(const Flow *flow, const Stay *stay, guint i, guint word)
{
    const gint *order = (const gint *)(gconstpointer)flow->order->data;
    if (i + VIEWS_AHEAD < flow->order->len) {
        const View *view = &flow->views[stay[order[i + VIEWS_AHEAD]].class_index];
        __builtin_prefetch(view);
        __builtin_prefetch(&view->limit);
    }
    if (i + WORDS_AHEAD < flow->order->len) {
        const View *view = &flow->views[stay[order[i + WORDS_AHEAD]].class_index];
        if (view->minutes != NULL) {
            __builtin_prefetch(&view->fits[word]);
            __builtin_prefetch(&view->foreign[word]);
        }
    }
}

/* Fills the pieces from @first on. */
static void
fill_pieces(Flow *flow, guint node, guint first)
{
    Ways *ways = flow->ways[node];
    if (first == ways->len) /* as when only the unmet are asked for */
        return;
    for (guint k = first; k < ways->len; k++)
        for (guint i = 0; i < CN_WORD; i++) {
            ways->pieces[k].row->sum[i] = WAY_FAR;
            ways->pieces[k].row->who[i] = NAME_NONE;
        }
    order_stays(flow, node);
    for (guint i = 0; i < flow->order->len; i++) {
        const gint at = g_array_index(flow->order, gint, i);
        const Stay *stay = stay_at(flow, node, at);
        if (flow->views != NULL)
            fetch_ahead(flow, flow->standing[node].stay, i, ways->pieces[first].word);
        for (guint k = first; k < ways->len; k++)
            lower_piece(flow, stay->class_index, stay->cost, &ways->pieces[k], NULL,
                        name_of(flow, at));
    }
    for (guint k = first; k < ways->len; k++) {
        const Piece *piece = &ways->pieces[k];
        Way *mirror = mirror_of(flow, piece);
        for (gsize i = 0; i < CN_WORD; i++)
            mirror[i * CN_MIRROR_SLOTS] = piece->row->sum[i];
    }
}

/* Makes the piece, to which a search came at this distance, and with it those that it will come to soon, since
 * to look at those who stand here costs more than to scan a word; but not those that it is done with. Where the new ones begin. */
static guint
make_pieces(Flow *flow, guint node, guint word, Sum distance)
{
    Ways *ways = flow->ways[node];
    const Sum soon = distance + (distance - flow->settled_at[node]) / 2 - flow->found[node];
    if (ways->len + flow->words > PIECES_MOST)
        drop_pieces(flow, node);
    const guint first = ways->len;
    add_piece(flow, node, word);
    for (guint i = 0; i < flow->words; i++)
        if (ways->at[i] != RELAXED && extra_of(ways->least[i]) + flow->word_hold[i] <= soon)
            add_piece(flow, node, i);
    hold_pieces(flow, node);
    fill_pieces(flow, node, first);
    return first;
}

/* The ways of the node, with bounds for all words. */
static Ways *
ways_of(Flow *flow, guint node)
{
    if (flow->ways[node] != NULL)
        return flow->ways[node];
    flow->ways[node] = g_new0(Ways, 1);
    flow->ways[node]->least = g_new(Way, flow->words);
    flow->ways[node]->at = g_new0(guint16, flow->words + 1);
    flow->asked[node] = 0;
    bound_ways(flow, node);
    return flow->ways[node];
}

/* Makes everything that is known anew. What was known of a word still is so, since whoever came has lowered it; it may be
 * more than the new bound, where it was read off a piece, and what is listed is listed as that far. */
static void
make_again(Flow *flow, guint node)
{
    Way *least = flow->ways[node]->least;
    g_autofree Way *was = g_memdup2(least, flow->words * sizeof *least);
    flow->asked[node] = 0;
    bound_ways(flow, node);
    for (guint word = 0; word < flow->words; word++)
        least[word] = MAX(least[word], was[word]);
    fill_pieces(flow, node, 0);
}

/* A class comes to a node of which ways are known; its bounds where none is made are in flow->class_least then. He comes
 * before those who go for the same. */
static void
lower_ways(Flow *flow, guint node, guint class_index, Sum cost, gint at)
{
    Ways *ways = flow->ways[node];
    const Sum unmet = flow->penalty[flow->classes[class_index].urgency] - cost;
    bound_class(flow, class_index, cost);
    await_newcomer(flow, ways);
    lower_bounds(flow, ways);
    for (guint i = 0; i < ways->len; i++) {
        const Piece *piece = &ways->pieces[i];
        if (flow->class_least[piece->word] < WAY_FAR)
            lower_piece(flow, class_index, cost, piece, mirror_of(flow, piece), name_of(flow, at));
        flow->class_least[piece->word] = WAY_FAR;
    }
    if (unmet > flow->unmet_way[node])
        return;
    flow->unmet_way[node] = unmet;
    flow->unmet_who[node] = at;
}
