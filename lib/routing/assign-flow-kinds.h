/* Part of assign-flow-body.h: who of those at a node is of the same kind.
 *
 * Classes of one town who ask for the same pay the same for the way and the same fixed costs. What they pay more at one
 * column than at another differs only by the languages that are shared there, and by where they may go at all. So one of
 * a kind tells what all of them pay more at least (-leavers). Whoever knows or prefers some offering has costs of his
 * own, as blockers have: those are the odd ones, of whom nothing is known before they are asked.
 *
 * Who stands at a node is put together by kind when it is first asked for; from then on it is kept while people come and
 * go. Each names the one of his kind who came before him. */

#define KIND_ODD G_MAXUINT

static gboolean
is_same_kind(const Flow *flow, const CnClass *a, const CnClass *b)
{
    return a->town == b->town && a->free == b->free &&
           cn_market_profile(flow->market, a->profile)->ask ==
               cn_market_profile(flow->market, b->profile)->ask;
}

static gboolean
is_odd(const Flow *flow, const CnClass *one)
{
    return one->urgency == CN_BLOCKER ||
           cn_market_profile(flow->market, one->profile)->patches_len > 0;
}

/* A kind is named by its first class. Classes of a town stand side by side. */
static void
list_kinds(Flow *flow)
{
    g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(guint)); /* of the town */
    flow->kind_of_class = g_new(guint, flow->component->classes_len + 1);
    for (guint i = 0; i < flow->component->classes_len; i++) {
        const CnClass *one = &flow->classes[i];
        guint k = 0;
        if (i > 0 && flow->classes[i - 1].town != one->town)
            g_array_set_size(kinds, 0);
        if (is_odd(flow, one)) {
            flow->kind_of_class[i] = KIND_ODD;
            continue;
        }
        while (k < kinds->len &&
               !is_same_kind(flow, one, &flow->classes[g_array_index(kinds, guint, k)]))
            k++;
        if (k == kinds->len)
            g_array_append_val(kinds, i);
        flow->kind_of_class[i] = g_array_index(kinds, guint, k);
    }
}

/* ---- By node. */

/* The kind of a class among those at the node, where those of a kind pay the same. */
static guint
kind_at(Flow *flow, guint node, guint class_index)
{
    const guint kind = flow->kind_of_class[class_index];
    if (kind == KIND_ODD || node == flow->len)
        return KIND_ODD;
    const View *view = view_of(flow, class_index);
    return 2 * kind + (view->foreign_cost > 0 && cn_bit(view->foreign, node) ? 1 : 0);
}

static KindHere
new_kind(Flow *flow, guint node, guint kind)
{
    const guint class_index = kind / 2;
    if (kind == KIND_ODD)
        return (KindHere){.kind = kind, .town = flow->towns->len, .last = -1};
    const View *view = view_of(flow, class_index);
    return (KindHere){.kind = kind,
                      .town = flow->classes[class_index].free ? flow->towns->len
                                                              : flow->town_of_class[class_index],
                      .own = view->base[node] + way_cost(view, node) +
                             (kind % 2 == 1 ? view->foreign_cost : 0),
                      .last = -1,
                      .base = view->base};
}

static guint
find_kind(Flow *flow, guint node, guint kind)
{
    Standing *standing = &flow->standing[node];
    for (guint i = 0; i < standing->kinds_len; i++)
        if (standing->kinds[i].kind == kind)
            return i;
    if (standing->kinds_len == standing->kinds_size) {
        standing->kinds_size = MAX(4, 2 * standing->kinds_size);
        standing->kinds = g_renew(KindHere, standing->kinds, standing->kinds_size);
    }
    standing->kinds[standing->kinds_len] = new_kind(flow, node, kind);
    return standing->kinds_len++;
}

static void
join_kind(Flow *flow, guint node, gint at)
{
    Standing *standing = &flow->standing[node];
    const guint class_index = standing->stay[at].class_index;
    if (standing->same == NULL)
        return;
    const guint kind = find_kind(flow, node, kind_at(flow, node, class_index));
    KindHere *here = &standing->kinds[kind];
    standing->same[at] = (Same){.kind = kind, .before = here->last, .after = -1};
    if (here->last >= 0)
        standing->same[here->last].after = at;
    here->last = at;
}

/* The last kind takes the place of one that nobody is of any more. */
static void
drop_kind(Standing *standing, guint kind)
{
    standing->kinds[kind] = standing->kinds[--standing->kinds_len];
    for (gint at = standing->kinds[kind].last; at >= 0 && kind < standing->kinds_len;
         at = standing->same[at].before)
        standing->same[at].kind = kind;
}

static void
leave_kind(Flow *flow, guint node, gint at)
{
    Standing *standing = &flow->standing[node];
    if (standing->same == NULL)
        return;
    const Same same = standing->same[at];
    if (same.before >= 0)
        standing->same[same.before].after = same.after;
    if (same.after >= 0)
        standing->same[same.after].before = same.before;
    else
        standing->kinds[same.kind].last = same.before;
    if (standing->kinds[same.kind].last < 0)
        drop_kind(standing, same.kind);
}

/* Positions are others now. */
static void
forget_kinds(Flow *flow, guint node)
{
    g_clear_pointer(&flow->standing[node].same, g_free);
    flow->standing[node].kinds_len = 0;
}

static const Standing *
standing_by_kind(Flow *flow, guint node)
{
    Standing *standing = &flow->standing[node];
    if (standing->same != NULL)
        return standing;
    standing->same = g_new(Same, standing->size + 1);
    for (guint i = 0; i < standing->len; i++)
        if (standing->stay[i].units > 0)
            join_kind(flow, node, (gint)i);
    return standing;
}
