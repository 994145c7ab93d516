/* Part of assign-flow-body.h: who goes for a way.
 *
 * A piece of a row also says whose its ways are: while that one is here, the way is right. Otherwise
 * what a search wants to use is looked up among those who are still here (-leavers), and corrected
 * where nobody is left who would go for so little. When that has cost as much as making the pieces again, they are made
 * again. Of those who go for the same a piece names the last to come, and a look at them the first to be found. */

/* What is kept of one way; nothing where its piece is not made. */
typedef struct {
    Sum *sum;
    gint32 *who;
    Sum *mirror; /* NULL: none */
} Entry;

static Entry
entry_of(const Flow *flow, guint node, guint to)
{
    if (flow->ways[node] == NULL)
        return (Entry){NULL};
    if (to == flow->len)
        return (Entry){.sum = &flow->unmet_way[node], .who = &flow->unmet_who[node]};
    const Piece *piece = piece_of(flow, node, to / CN_WORD);
    if (piece == NULL)
        return (Entry){NULL};
    const Mirror *mirror = &flow->mirrors[to / CN_WORD];
    const guint at = to % CN_WORD;
    return (Entry){.sum = piece->sum + at,
                   .who = piece->who + at,
                   .mirror = mirror->sum + (gsize)at * mirror->room + piece->slot};
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
    return entry->sum != NULL && flow->asked[node] == 0;
}

/* Who is named for the way, if he goes for so much more and is still here; else -1. */
static gint
named_mover(const Flow *flow, guint node, const Entry *entry, Sum extra)
{
    gint named = entry->sum != NULL && *entry->sum == extra ? *entry->who : -1;
    return named >= 0 && stay_at(flow, node, named)->units > 0 ? named : -1;
}

static void
name_mover(const Entry *entry, Sum extra, gint at)
{
    if (entry->sum == NULL)
        return;
    *entry->sum = extra;
    *entry->who = at;
    if (entry->mirror != NULL)
        *entry->mirror = extra;
}

/* A unit that goes from @node to @to for so much more; -1 for none, and then the row is corrected.
 * @node has nobody who goes for less. */
static gint
find_mover(Flow *flow, guint node, guint to, Sum extra)
{
    Sum least;
    const Entry entry = entry_of(flow, node, to);
    gint named = named_mover(flow, node, &entry, extra);
    if (named >= 0 || is_exact(flow, node, &entry))
        return named;
    /* No way is shorter than its row says. */
    if (entry.sum != NULL && *entry.sum > extra)
        return -1;
    if (entry.sum != NULL && is_worn(flow, node)) {
        make_again(flow, node);
        return named_mover(flow, node, &entry, extra);
    }
    named = least_leaver(flow, node, to, extra, &least);
    name_mover(&entry, least, named);
    return least == extra ? named : -1;
}
