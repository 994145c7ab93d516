/* Part of assign-flow-body.h: the nearest columns of a class, kept on a short list.
 *
 * Cost + price of a column that is not on the list was no less than the list's bound when it was
 * made, and prices only rise, so whatever is found on the list and is no more than the bound is the
 * least of all columns. Only where more is asked for is the list made again.
 *
 * It is made word by word, the word first that may hold the nearest column: what the nearest minutes, the
 * cheapest base and the least price of a word cost together is no more than any of its columns does. So
 * the words that cannot get a column on the list are never looked at. */

/* After the price of a column rose, or of any in its word. */
static void
note_price(Flow *flow, guint column)
{
    const guint word = column / CN_WORD;
    Sum least = FAR;
    for (guint i = word * CN_WORD; i < (word + 1) * CN_WORD; i++)
        if (cn_component_has(flow->component, i))
            least = MIN(least, flow->price[i]);
    flow->word_price[word] = least;
}

static void
note_prices(Flow *flow)
{
    for (guint word = 0; word < flow->component->words; word++)
        note_price(flow, word * CN_WORD);
}

static void
make_near(Flow *flow, guint class_index, NearList *list)
{
    const View *view = view_of(flow, class_index);
    const CnPatch *patches = patches_of(flow, view);
    SCAN_BOUNDS(flow, view, flow->word_price, flow->bounds);
    guint words = SCAN_NEAR(flow, view, flow->price, flow->bounds, list);
    flow->solve->work += (guint64)words * CN_WORD + (view->end - view->first);
    for (guint i = 0; i < view->patches_len; i++) {
        guint column = patches[i].column;
        if (view->minutes[column] > view->limit)
            continue;
        Sum value = patched_cost(flow, class_index, view, &patches[i]) + flow->price[column];
        if (value < list->bound)
            cn_keep_near(list, column, value);
    }
    for (guint i = 0; i < list->len; i++)
        list->cost[i] -= flow->price[list->column[i]];
}

/* Chains of moves ask for no lists. */
static void
forget_near(Flow *flow)
{
    CN_PAGES_FREE(flow->near, flow->component->classes_len + 1);
    g_clear_pointer(&flow->known, g_free);
}

static NearList *
near_of(Flow *flow, guint class_index)
{
    if (!flow->known[class_index])
        make_near(flow, class_index, &flow->near[class_index]);
    flow->known[class_index] = TRUE;
    return &flow->near[class_index];
}

/* The best on the list but one, the unmet if nothing is better, and its cost + price. */
static inline guint
best_on_list(Flow *flow, guint class_index, const NearList *list, guint except, Sum *out_value)
{
    const Sum penalty = flow->penalty[flow->classes[class_index].urgency];
    Sum value = penalty + 1; /* a column comes before the unmet */
    guint node = flow->len;
    for (guint i = 0; i < list->len; i++) {
        const guint column = list->column[i];
        const Sum other = column != except ? list->cost[i] + flow->price[column] : FAR;
        const gboolean better = other < value;
        value = better ? other : value;
        node = better ? column : node;
    }
    flow->solve->work += list->len;
    *out_value = MIN(value, penalty);
    return node;
}

/* The best place but one, and its cost + price. */
static guint
second_best(Flow *flow, guint class_index, guint except, Sum *out_value)
{
    NearList *list = near_of(flow, class_index);
    for (;;) {
        guint node = best_on_list(flow, class_index, list, except, out_value);
        if (*out_value <= list->bound)
            return node;
        make_near(flow, class_index, list);
    }
}

/* The best place at the prices at which the list is made now, and its cost + price. */
static guint
best_at_once(Flow *flow, guint class_index, Sum *out_value)
{
    const NearList *list = near_of(flow, class_index);
    const Sum penalty = flow->penalty[flow->classes[class_index].urgency];
    *out_value = penalty;
    if (list->len == 0 || list->cost[0] + flow->price[list->column[0]] > penalty)
        return flow->len;
    *out_value = list->cost[0] + flow->price[list->column[0]];
    return list->column[0];
}
