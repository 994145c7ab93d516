/* Part of assign-flow-body.h: who goes from one node to another for least.
 *
 * When the one who is named for a way has left, everybody at the node is asked what going there would
 * cost. Soon afterwards the next one leaves by the same way: so the first of them in the order of who
 * goes, for least and of equals the last to come, are kept on a short list. It is the beginning of that
 * order among those who had come: whoever came later is asked when the list is looked at. So the first
 * on it who is still there is the first of all, and the list is made anew only when they have all left.
 *
 * Where it is known that nobody goes for less, the first to be found who goes for so much is enough: people are
 * asked from the last to come on, and whoever came before him comes after him in the order, too. They are asked
 * when that is not enough any more. */

/* Positions by which views, and then ways, are fetched before they are needed. */
#define VIEWS_AHEAD 16
#define WAYS_AHEAD  8

static gboolean
goes_before(const Leaver *a, const Leaver *b)
{
    return a->extra != b->extra ? a->extra < b->extra : a->at > b->at;
}

/* Lists begin anew where another way wants the room. */
static LeaverList *
leavers_of(Flow *flow, guint node, guint to)
{
    const guint32 hash = (node * 0x9E3779B1U) ^ (to * 0x85EBCA77U);
    LeaverList *list = &flow->leavers[hash >> (32 - flow->leavers_bits)];
    const Standing *standing = &flow->standing[node];
    if (list->node != node || list->to != to || list->turn != standing->turn)
        *list = (LeaverList){.node = node,
                             .to = to,
                             .turn = standing->turn,
                             .seen = standing->len,
                             .unseen = standing->len};
    return list;
}

static void
keep_leaver(LeaverList *list, Leaver leaver)
{
    guint i = list->len;
    if (i == LEAVERS_MOST) {
        list->is_cut = TRUE;
        i--;
    }
    list->len = i + 1;
    for (; i > list->first && goes_before(&leaver, &list->leaver[i - 1]); i--)
        list->leaver[i] = list->leaver[i - 1];
    list->leaver[i] = leaver;
}

/* What position @at pays more at @to; not kept where he comes after those who may not be all. */
static void
ask_leaver(Flow *flow, LeaverList *list, gint at)
{
    const Stay *stay = stay_at(flow, list->node, at);
    const Sum cost =
        cost_or_far(flow, stay->class_index, view_of(flow, stay->class_index), list->to);
    const Leaver leaver = {.extra = cost - stay->cost, .at = at};
    flow->solve->work++;
    flow->asked[list->node]++;
    if (cost >= FAR)
        return;
    if (list->len == LEAVERS_MOST || list->is_cut)
        if (!goes_before(&leaver, &list->leaver[list->len - 1])) {
            list->is_cut = TRUE;
            return;
        }
    keep_leaver(list, leaver);
}

/* The views of some who will be asked are fetched ahead, and of some of those the way. */
#define FETCH_VIEW(flow, stay)                                         \
    do {                                                               \
        __builtin_prefetch(&(flow)->views[(stay)->class_index]);       \
        __builtin_prefetch(&(flow)->views[(stay)->class_index].limit); \
    } while (0)
#define FETCH_WAY(flow, stay, to)                                \
    do {                                                         \
        const View *ahead = &(flow)->views[(stay)->class_index]; \
        if (ahead->minutes != NULL)                              \
            __builtin_prefetch(&ahead->minutes[to]);             \
    } while (0)

static gboolean
has_one_for(const LeaverList *list, Sum enough)
{
    return list->len > list->first && list->leaver[list->first].extra <= enough;
}

/* Those who came since, the last first. */
static void
ask_new(Flow *flow, LeaverList *list)
{
    const guint seen = list->seen;
    list->seen = flow->standing[list->node].len;
    for (gint i = last_stay(flow, list->node); i >= (gint)seen;
         i = stay_before(flow, list->node, i))
        ask_leaver(flow, list, i);
}

/* Those who came before, the last first, until one goes for @enough. */
static void
ask_old(Flow *flow, LeaverList *list, Sum enough)
{
    const Stay *stay = flow->standing[list->node].stay;
    const gboolean fetches = flow->views != NULL;
    gint i = (gint)list->unseen;
    if (has_one_for(list, enough))
        return;
    for (gint k = MAX(0, i - VIEWS_AHEAD); fetches && k < i; k++)
        FETCH_VIEW(flow, &stay[k]);
    for (gint k = MAX(0, i - WAYS_AHEAD); fetches && k < i; k++)
        FETCH_WAY(flow, &stay[k], list->to);
    do {
        i = stay_before(flow, list->node, i);
        if (i < 0)
            break;
        if (fetches && i >= VIEWS_AHEAD)
            FETCH_VIEW(flow, &stay[i - VIEWS_AHEAD]);
        if (fetches && i >= WAYS_AHEAD)
            FETCH_WAY(flow, &stay[i - WAYS_AHEAD], list->to);
        ask_leaver(flow, list, i);
    } while (!has_one_for(list, enough));
    list->unseen = (guint)MAX(i, 0);
}

static void
forget_gone(const Flow *flow, LeaverList *list)
{
    while (list->first < list->len &&
           stay_at(flow, list->node, list->leaver[list->first].at)->units == 0)
        list->first++;
}

/* All on the list have left. If others came after the last of them, people are asked anew. */
static void
begin_again(const Flow *flow, LeaverList *list)
{
    if (list->is_cut)
        list->seen = list->unseen = flow->standing[list->node].len;
    list->first = list->len = 0;
    list->is_cut = FALSE;
}

/* The position of who goes from @node to @to for least, and what it costs; -1 and FAR where nobody may.
 * Nobody goes for less than @enough. */
static gint
least_leaver(Flow *flow, guint node, guint to, Sum enough, Sum *out_extra)
{
    LeaverList *list = leavers_of(flow, node, to);
    forget_gone(flow, list);
    if (list->first == list->len)
        begin_again(flow, list);
    ask_new(flow, list);
    ask_old(flow, list, enough);
    *out_extra = list->len > list->first ? list->leaver[list->first].extra : FAR;
    return list->len > list->first ? list->leaver[list->first].at : -1;
}

static void
make_leavers(Flow *flow)
{
    /* As many as ways that are asked for in the same part of a search. */
    flow->leavers_bits = 6;
    while (flow->leavers_bits < LEAVERS_BITS_MOST &&
           ((guint)1 << flow->leavers_bits) < 4 * flow->len)
        flow->leavers_bits++;
    flow->leavers = g_new0(LeaverList, (gsize)1 << flow->leavers_bits);
    for (guint i = 0; i < (guint)1 << flow->leavers_bits; i++)
        flow->leavers[i].node = NOWHERE;
}
