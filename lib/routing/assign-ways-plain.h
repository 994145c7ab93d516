/* The scans of ways in plain C, behind those of assign-scan-plain.h. */

static void
plain_lower(const CnView *view, guint word, CnSum own, CnRow *row, CnWay *mirror, CnName name)
{
    for (guint64 open = view->fits[word]; open != 0; open &= open - 1) {
        guint bit = (guint)__builtin_ctzll(open);
        if (view->minutes[word * 64 + bit] > view->limit)
            continue;
        CnSum value = cn_view_cost(view, word, bit) - own;
        if (value > row->sum[bit] || (value == row->sum[bit] && name < row->who[bit]))
            continue;
        row->sum[bit] = (CnWay)value;
        row->who[bit] = name;
        if (mirror != NULL)
            mirror[(gsize)bit * CN_MIRROR_SLOTS] = (CnWay)value;
    }
}

static CnSum
plain_least_way(const CnWay *ways, const CnSum *starts, guint len, guint *out_slot)
{
    CnSum sum = CN_FAR;
    for (guint i = 0; i < len; i++)
        if (ways[i] != CN_WAY_FAR && starts[i] + ways[i] < sum) {
            sum = starts[i] + ways[i];
            *out_slot = i;
        }
    return sum;
}

static void
plain_relax_pieces(const CnPiece *pieces,
                   guint pieces_len,
                   CnSum start,
                   CnSum *reach,
                   const CnSum *hold,
                   gint32 *from,
                   gint32 node,
                   CnSum *key)
{
    for (guint k = 0; k < pieces_len; k++) {
        const guint first = pieces[k].word * 64;
        for (guint i = 0; i < 64; i++) {
            CnSum other = start + pieces[k].row->sum[i];
            if (pieces[k].row->sum[i] == CN_WAY_FAR || other >= reach[first + i])
                continue;
            reach[first + i] = other;
            from[first + i] = node;
            key[pieces[k].word] = MIN(key[pieces[k].word], other + hold[first + i]);
        }
    }
}

static const CnWayTable plain_ways = {plain_lower, plain_least_way, plain_relax_pieces};
