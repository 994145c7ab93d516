/* Part of assign-flow-body.h: Dijkstra over the nodes, word by word.
 *
 * Reaches are without the price of the node reached, which `hold` adds. What is found of a settled node
 * is put by until the search ends, since ways that are too low might lower it.
 *
 * When a node is settled, its ways wait: each word only learns how near it may be reached now. What
 * waits for a word is relaxed when that is the nearest that the search can go on with. So a search
 * looks at the words around what it has settled, and at few of them twice. A large search has millions of
 * ways that wait, and comes to few of them: those are listed that are within a horizon. */

#define FROM_SELF (-1)
/* Room in a list of what waits for a word; more of it is given back after a search. */
#define LATER_KEPT 64
/* Keeps a settled node from being reached again: the two add up to FAR. */
#define SETTLED_REACH (-FAR)
#define SETTLED_HOLD  (2 * FAR)

static gboolean
is_settled(const Flow *flow, guint node)
{
    return flow->hold[node] == SETTLED_HOLD;
}

/* ---- What is known by word. */

/* The nearest node of the word that is not settled, as the rows say, and how near. */
static Sum
look_at_word(Flow *flow, guint word, guint *out_node)
{
    const guint first = word * CN_WORD;
    flow->word_key[word] =
        SCAN_LEAST(flow, flow->reach + first, flow->hold + first, CN_WORD, out_node);
    *out_node += first;
    flow->solve->work += CN_WORD;
    return flow->word_key[word];
}

static void
hold_word(Flow *flow, guint word)
{
    Sum least = SETTLED_HOLD;
    for (guint i = word * CN_WORD; i < (word + 1) * CN_WORD; i++)
        least = MIN(least, flow->hold[i]);
    flow->word_hold[word] = least;
}

/* The reach or hold of a node has fallen, maybe. */
static void
note_node(Flow *flow, guint node)
{
    if (node == flow->len)
        return;
    const guint word = node / CN_WORD;
    flow->word_key[word] = MIN(flow->word_key[word], flow->reach[node] + flow->hold[node]);
    flow->word_hold[word] = MIN(flow->word_hold[word], flow->hold[node]);
}

static void
forget_later(Flow *flow, guint word)
{
    LaterHeap *heap = &flow->later[word];
    for (guint i = 0; i < heap->len; i++) {
        guint16 *at = &flow->ways[heap->all[i].node]->at[word];
        *at = *at == LISTED ? 0 : *at;
    }
    heap->len = 0;
    heap->most = flow->solve->listed_most;
    heap->horizon = heap->beyond = FAR;
    if (heap->room <= LATER_KEPT)
        return;
    g_clear_pointer(&heap->all, g_free);
    heap->room = 0;
}

/* Nothing of the node waits any more that is not listed. */
static void
forget_beyond(Flow *flow, guint node)
{
    guint16 *at = flow->ways[node]->at;
    for (guint word = 0; word < flow->words; word++)
        at[word] = at[word] == BEYOND ? 0 : at[word];
}

static void
start_search(Flow *flow)
{
    for (guint i = 0; i < flow->waits->len; i++) {
        const guint node = g_array_index(flow->waits, guint, i);
        set_start(flow, node, FAR);
        forget_beyond(flow, node);
    }
    for (guint i = 0; i <= flow->len; i++) {
        flow->reach[i] = flow->home[i];
        flow->from[i] = FROM_SELF;
    }
    memcpy(flow->hold, flow->price, flow->len * sizeof *flow->hold);
    for (guint i = flow->component->len; i < flow->len; i++)
        if (!cn_component_has(flow->component, i))
            flow->hold[i] = FAR;
    flow->hold[flow->len] = 0;
    g_array_set_size(flow->settled, 0);
    g_array_set_size(flow->waits, 0);
    for (guint word = 0; word < flow->words; word++) {
        guint node;
        look_at_word(flow, word, &node);
        hold_word(flow, word);
        flow->word_reach[word] = FAR;
        flow->seen[word] = 0;
        g_array_set_size(flow->dropped[word], 0);
        forget_later(flow, word);
    }
}

/* ---- Ways that wait. */

/* So many times as there are nodes they may begin to wait before those are forgotten that waited again. */
#define WAITS_FOR_ONE 2

/* Keeps of each node the last time that it began to wait: what it waited for before is listed or is looked at then. */
static void
forget_waits(Flow *flow)
{
    guint *waits = (guint *)(gpointer)flow->waits->data;
    const guint len = flow->waits->len;
    g_autofree guint *last = g_new(guint, flow->len + 1);
    g_autofree guint *kept = g_new(guint, len + 1); /* of so many */
    for (guint i = 0; i < len; i++)
        last[waits[i]] = i;
    kept[0] = 0;
    for (guint i = 0; i < len; i++) {
        kept[i + 1] = kept[i];
        if (last[waits[i]] == i)
            waits[kept[i + 1]++] = waits[i];
    }
    for (guint word = 0; word < flow->words; word++)
        flow->seen[word] = kept[flow->seen[word]];
    g_array_set_size(flow->waits, kept[len]);
}

static void
add_wait(Flow *flow, guint node)
{
    if (flow->waits->len == WAITS_FOR_ONE * (flow->len + 1))
        forget_waits(flow);
    g_array_append_val(flow->waits, node);
}

static void
lower_reaches(Flow *flow, const Way *least, Sum start)
{
    for (guint word = 0; word < flow->words; word++)
        flow->word_reach[word] = MIN(flow->word_reach[word], start + extra_of(least[word]));
    flow->solve->work += flow->words;
}

/* The ways of a settled node of which no piece is made wait until the search comes to them. */
static void
await_ways(Flow *flow, guint node)
{
    lower_reaches(flow, flow->ways[node]->least, flow->found[node]);
    add_wait(flow, node);
}

/* So do those of a class that came to it, whose bounds are in flow->class_least. */
static void
await_class(Flow *flow, guint node)
{
    lower_reaches(flow, flow->class_least, flow->found[node]);
    add_wait(flow, node);
}

static gboolean
is_sooner(const Later *a, const Later *b)
{
    return a->reach != b->reach ? a->reach < b->reach : a->node < b->node;
}

/* Puts one more into a heap, which has @len of them with it. */
static void
rise_later(Later *all, guint len, Later later)
{
    guint hole = len - 1;
    for (; hole > 0 && is_sooner(&later, &all[(hole - 1) / 2]); hole = (hole - 1) / 2)
        all[hole] = all[(hole - 1) / 2];
    all[hole] = later;
}

/* How far they are in the heap on the average. All of them together may be more than a sum holds. */
static Sum
mean_reach(const LaterHeap *heap)
{
    const Sum least = heap->all[0].reach, len = (Sum)heap->len;
    Sum mean = 0, rest = 0;
    for (guint i = 0; i < heap->len; i++) {
        mean += (heap->all[i].reach - least) / len;
        rest += (heap->all[i].reach - least) % len;
    }
    return least + mean + rest / len;
}

/* Leaves out what is farther than the others are on the average: it waits, but is not listed. Where that is little, there
 * may be more. */
static void
draw_in(Flow *flow, guint word)
{
    LaterHeap *heap = &flow->later[word];
    const guint was = heap->len;
    heap->horizon = mean_reach(heap);
    heap->len = 0;
    for (guint i = 0; i < was; i++) {
        const Later later = heap->all[i];
        guint16 *at = &flow->ways[later.node]->at[word];
        if (later.reach <= heap->horizon) {
            rise_later(heap->all, ++heap->len, later);
            continue;
        }
        heap->beyond = MIN(heap->beyond, later.reach);
        *at = *at == LISTED ? BEYOND : *at;
    }
    if (heap->len > heap->most - heap->most / 4)
        heap->most *= 2;
}

/* Into the heap of what the search has not come to. */
static void
push_later(Flow *flow, guint word, Later later)
{
    LaterHeap *heap = &flow->later[word];
    if (later.reach >= flow->home_most)
        return;
    guint16 *at = &flow->ways[later.node]->at[word];
    if (later.reach > heap->horizon) {
        *at = BEYOND;
        heap->beyond = MIN(heap->beyond, later.reach);
        return;
    }
    *at = LISTED;
    if (heap->len == heap->room) {
        heap->room += heap->room / 4 + LATER_KEPT / 4;
        heap->all = g_renew(Later, heap->all, heap->room);
    }
    rise_later(heap->all, ++heap->len, later);
    if (heap->len == heap->most)
        draw_in(flow, word);
}

static Later
pop_later(Flow *flow, guint word)
{
    LaterHeap *heap = &flow->later[word];
    Later *all = heap->all;
    const guint len = --heap->len;
    const Later first = all[0], last = all[len];
    guint hole = 0;
    for (guint child = 1; child < len; child = 2 * hole + 1) {
        if (child + 1 < len && is_sooner(&all[child + 1], &all[child]))
            child++;
        if (!is_sooner(&all[child], &last))
            break;
        all[hole] = all[child];
        hole = child;
    }
    if (len > 0)
        all[hole] = last;
    return first;
}

/* Relaxes the pieces from @first on. */
static void
relax_pieces(Flow *flow, guint node, guint first)
{
    const Ways *ways = flow->ways[node];
    for (guint i = first; i < ways->len; i++)
        set_mirror_start(flow, &ways->pieces[i], flow->found[node]);
    SCAN_RELAX_PIECES(flow, ways->pieces + first, ways->len - first, flow->found[node], node);
    flow->solve->work += (guint64)(ways->len - first) * CN_WORD;
}

/* No column of the word is reached for less over the node. */
static Sum
reach_of_word(const Flow *flow, guint node, guint word)
{
    return flow->found[node] + extra_of(flow->ways[node]->least[word]);
}

/* What was beyond the horizon is looked for again, since the search came to it. */
static void
list_beyond(Flow *flow, guint word)
{
    LaterHeap *heap = &flow->later[word];
    heap->horizon = heap->beyond = FAR;
    for (guint i = 0; i < flow->waits->len; i++) {
        const guint node = g_array_index(flow->waits, guint, i);
        guint16 *at = &flow->ways[node]->at[word];
        if (*at == BEYOND && !is_settled(flow, node))
            *at = 0;
        else if (*at == BEYOND)
            push_later(flow, word, (Later){.node = node, .reach = reach_of_word(flow, node, word)});
    }
}

/* Takes note of what began to wait since the word was looked at. What is listed is listed as near. */
static void
list_waiting(Flow *flow, guint word)
{
    for (; flow->seen[word] < flow->waits->len; flow->seen[word]++) {
        const guint node = g_array_index(flow->waits, guint, flow->seen[word]);
        const Ways *ways = flow->ways[node];
        if (is_settled(flow, node) && ways->at[word] == 0 && ways->least[word] < WAY_FAR)
            push_later(flow, word, (Later){.node = node, .reach = reach_of_word(flow, node, word)});
    }
}

/* Relaxes what waits for the word and may reach it within @most. */
static void
relax_waiting(Flow *flow, guint word, Sum most)
{
    const LaterHeap *heap = &flow->later[word];
    list_waiting(flow, word);
    if (heap->beyond <= most)
        list_beyond(flow, word);
    while (heap->len > 0 && heap->all[0].reach <= most) {
        Later later = pop_later(flow, word);
        Ways *ways = flow->ways[later.node];
        if (has_piece(ways, word) || ways->at[word] == RELAXED)
            continue; /* it was listed twice */
        ways->at[word] = 0;
        if (!is_settled(flow, later.node))
            continue;
        later.reach = reach_of_word(flow, later.node, word);
        if (later.reach > most) {
            push_later(flow, word, later);
            continue;
        }
        relax_pieces(flow, later.node,
                     make_pieces(flow, later.node, word, later.reach + flow->word_hold[word]));
    }
    flow->word_reach[word] = MIN(heap->beyond, heap->len > 0 ? heap->all[0].reach : FAR);
}

/* ---- Reaching. */

/* Over which settled node the node is reached for least; FAR for none. The unmet stand in no word; their ways are kept by
 * node. */
static Sum
least_start(Flow *flow, guint node, guint *out_from)
{
    if (node != flow->len)
        return least_in_mirror(flow, node, out_from);
    flow->solve->work += flow->len;
    return SCAN_LEAST(flow, flow->unmet_way, flow->start, flow->len + CN_WORD, out_from);
}

static void
reach_from(Flow *flow, guint node, guint from, Sum reach)
{
    if (reach >= flow->reach[node])
        return;
    flow->reach[node] = reach;
    flow->from[node] = (gint32)from;
}

/* What was dropped of settled nodes waits once more for the word. */
static void
await_dropped(Flow *flow, guint word)
{
    GArray *dropped = flow->dropped[word];
    for (guint i = 0; i < dropped->len; i++) {
        const guint node = g_array_index(dropped, guint, i);
        if (!is_settled(flow, node) || flow->ways[node]->at[word] != RELAXED)
            continue;
        const Sum reach = reach_of_word(flow, node, word);
        flow->ways[node]->at[word] = 0;
        push_later(flow, word, (Later){.node = node, .reach = reach});
        flow->word_reach[word] = MIN(flow->word_reach[word], reach);
    }
    g_array_set_size(dropped, 0);
}

/* Reaches the node anew, from home or from a settled node. What waits for its word waits on. */
static void
reach_anew(Flow *flow, guint node, Sum least, guint from)
{
    if (node != flow->len)
        await_dropped(flow, node / CN_WORD);
    flow->reach[node] = flow->home[node];
    flow->from[node] = FROM_SELF;
    if (least < FAR)
        reach_from(flow, node, from, least);
    note_node(flow, node);
}

/* The same from what is settled now. */
static void
reach_again(Flow *flow, guint node)
{
    guint from = 0;
    const Sum least = least_start(flow, node, &from);
    reach_anew(flow, node, least, from);
}

/* Whether the node can be reached as the rows say; if not, it is reached as they say now. */
static gboolean
is_reached(Flow *flow, guint node)
{
    if (flow->from[node] == FROM_SELF)
        return TRUE;
    guint from = (guint)flow->from[node];
    if (is_settled(flow, from)) {
        const Sum extra = flow->reach[node] - flow->found[from];
        const Entry entry = entry_of(flow, from, node);
        if (is_exact(flow, from, &entry) ? entry.extra == extra
                                         : find_mover(flow, from, node, extra) >= 0)
            return TRUE;
    }
    reach_again(flow, node);
    return FALSE;
}

/* The nearest column that is not settled, and its distance; FAR / 2 and more where there is none. */
static guint
nearest_column(Flow *flow, Sum *out_distance)
{
    for (;;) {
        guint word = 0, node = 0;
        *out_distance = SCAN_NEXT_WORD(flow, &word);
        flow->solve->work += flow->words;
        if (*out_distance >= FAR / 2)
            return 0;
        if (flow->word_key[word] > *out_distance)
            relax_waiting(flow, word, flow->word_reach[word]);
        else if (look_at_word(flow, word, &node) == *out_distance && is_reached(flow, node))
            return node;
    }
}

/* The nearest node that is not settled, the unmet only where it is nearer. */
static guint
nearest(Flow *flow, Sum *out_distance)
{
    const guint next = nearest_column(flow, out_distance);
    while (!is_settled(flow, flow->len) && flow->reach[flow->len] < *out_distance) {
        if (is_reached(flow, flow->len)) {
            *out_distance = flow->reach[flow->len];
            return flow->len;
        }
    }
    return next;
}

/* What was relaxed when the node was settled before is to be relaxed again; and, where it is nearer now, what is
 * listed is listed as farther than it is. Only the unmet, and what is reached over them, ever come nearer,
 * and only when prices fall. */
static void
forget_relaxed(Flow *flow, guint node, gboolean is_nearer)
{
    Ways *ways = flow->ways[node];
    for (guint word = 0; word < flow->words; word++)
        if (ways->at[word] == RELAXED || (is_nearer && ways->at[word] >= BEYOND))
            ways->at[word] = 0;
}

/* Settles @node; its ways wait. The next node and its distance. */
static guint
settle(Flow *flow, guint node, Sum *out_distance)
{
    ways_of(flow, node);
    g_array_append_val(flow->settled, node);
    forget_relaxed(flow, node, flow->reach[node] < flow->found[node]);
    flow->found[node] = flow->start[node] = flow->reach[node];
    flow->parent[node] = flow->from[node];
    flow->settled_at[node] = flow->reach[node] + flow->hold[node];
    const gboolean is_least =
        node != flow->len && flow->hold[node] == flow->word_hold[node / CN_WORD];
    flow->reach[node] = SETTLED_REACH;
    flow->hold[node] = SETTLED_HOLD;
    if (is_least)
        hold_word(flow, node / CN_WORD);
    relax_pieces(flow, node, 0);
    if (flow->ways[node]->len > 0)
        hold_pieces(flow, node);
    await_ways(flow, node);
    if (flow->unmet_way[node] < FAR)
        reach_from(flow, flow->len, node, flow->found[node] + flow->unmet_way[node]);
    return nearest(flow, out_distance);
}
