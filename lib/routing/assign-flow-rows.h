/* Part of assign-flow-body.h: who goes for a way.
 *
 * A piece of a row also says whose its ways are: while that one is here, the way is right. Otherwise
 * what a search wants to use is looked up among those who are still here (-leavers), and corrected
 * where nobody is left who would go for so little. When that has cost as much as making the pieces again, they are made
 * again. Of those who go for the same a piece names the last to come, and a look at them the first to be found. */

/* What is kept of one way; nothing where its piece is not made. */
typedef struct {
    gboolean is_kept;
    Sum extra;          /* FAR: nobody may go */
    gint named;         /* who goes for that; -1 not known */
    const Piece *piece; /* NULL: to the unmet */
    guint column;       /* in its word */
} Entry;

static Entry
entry_of(const Flow *flow, guint node, guint to)
{
    if (flow->ways[node] == NULL)
        return (Entry){.is_kept = FALSE};
    if (to == flow->len)
        return (Entry){
            .is_kept = TRUE, .extra = flow->unmet_way[node], .named = flow->unmet_who[node]};
    const Piece *piece = piece_of(flow, node, to / CN_WORD);
    const guint column = to % CN_WORD;
    if (piece == NULL)
        return (Entry){.is_kept = FALSE};
    return (Entry){.is_kept = TRUE,
                   .extra = extra_of(piece->row->sum[column]),
                   .named = position_of(piece->row->who[column]),
                   .piece = piece,
                   .column = column};
}

/* Whether those who were asked cost as much as making the pieces of the node. */
static gboolean
is_worn(const Flow *flow, guint node)
{
    return flow->ways[node] != NULL && flow->asked[node] / ((1 + flow->ways[node]->len) * CN_WORD /
                                                            flow->solve->columns_for_one) >
                                           stays_len(flow, node);
}

/* ---- Who goes. */

/* Whether nobody left since what is known of the way was made. */
static gboolean
is_exact(const Flow *flow, guint node, const Entry *entry)
{
    return entry->is_kept && flow->asked[node] == 0;
}

/* Who is named for the way, if he goes for so much more and is still here; else -1. */
static gint
named_mover(const Flow *flow, guint node, const Entry *entry, Sum extra)
{
    const gint named = entry->is_kept && entry->extra == extra ? entry->named : -1;
    return named >= 0 && stay_at(flow, node, named)->units > 0 ? named : -1;
}

static void
name_mover(const Flow *flow, guint node, const Entry *entry, Sum extra, gint at)
{
    const Piece *piece = entry->piece;
    if (piece != NULL) {
        piece->row->sum[entry->column] = way_of(extra);
        piece->row->who[entry->column] = name_of(flow, at);
        mirror_of(flow, piece)[(gsize)entry->column * CN_MIRROR_SLOTS] = way_of(extra);
    } else if (entry->is_kept) {
        flow->unmet_way[node] = extra;
        flow->unmet_who[node] = at;
    }
}

/* A unit that goes from @node to @to for so much more; -1 for none, and then the row is corrected.
 * @node has nobody who goes for less. */
static gint
find_mover(Flow *flow, guint node, guint to, Sum extra)
{
    Sum least;
    Entry entry = entry_of(flow, node, to);
    gint named = named_mover(flow, node, &entry, extra);
    if (named >= 0)
        return named;
    /* No way is shorter than its row says. */
    if (entry.is_kept &&
        (entry.extra > extra || (entry.extra < extra && is_exact(flow, node, &entry))))
        return -1;
    if (entry.is_kept && is_worn(flow, node)) {
        make_again(flow, node);
        entry = entry_of(flow, node, to);
        named = named_mover(flow, node, &entry, extra);
        if (named >= 0 || entry.extra != extra)
            return named;
    }
    named = least_leaver(flow, node, to, extra, &least);
    name_mover(flow, node, &entry, least, named);
    return least == extra ? named : -1;
}
