/* Part of assign-flow-body.h: the nearest columns of a class, kept on a short list.
 *
 * Cost + price of a column that is not on the list was no less than the list's bound when it was
 * made, and prices only rise, so whatever is found on the list and is no more than the bound is the
 * least of all columns. Only where more is asked for are all columns looked at again. */

/* Keeps the least sums, in the order of sums, then of coming; the bound of what still gets in. */
static Sum
keep_near(NearList *list, guint column, Sum value)
{
    guint i = list->len < NEAR_MOST ? list->len++ : NEAR_MOST - 1;
    for (; i > 0 && list->cost[i - 1] > value; i--) {
        list->cost[i] = list->cost[i - 1];
        list->column[i] = list->column[i - 1];
    }
    list->cost[i] = value;
    list->column[i] = column;
    return list->len < NEAR_MOST ? FAR : list->cost[NEAR_MOST - 1];
}

/* Sums of cost and price in flow->values, for the words whose least is less than FAR. */
static void
look_at_all(Flow *flow, const View *view)
{
    SCAN_VALUES(flow, view, flow->price, flow->values, flow->word_least);
    flow->solve->work += (guint64)(view->end - view->first) * CN_WORD;
}

static guint
least_word(const Flow *flow, const View *view)
{
    guint least = view->first;
    for (guint word = view->first + 1; word < view->end; word++)
        if (flow->word_least[word] < flow->word_least[least])
            least = word;
    return least;
}

static Sum
keep_word(const Flow *flow, NearList *list, guint word, Sum bound)
{
    if (flow->word_least[word] >= bound)
        return bound;
    for (guint i = word * CN_WORD; i < (word + 1) * CN_WORD; i++)
        if (flow->values[i] < bound)
            bound = keep_near(list, i, flow->values[i]);
    return bound;
}

static void
make_near(Flow *flow, guint class_index, NearList *list)
{
    const View *view = view_of(flow, class_index);
    Sum bound = FAR;
    const CnPatch *patches = patches_of(flow, view);
    look_at_all(flow, view);
    list->len = 0;
    /* The word with the nearest column first: its neighbours are near as well, and few of the others
     * get on the list only to be thrown off again. */
    guint nearest_word = view->first;
    if (view->first < view->end) {
        nearest_word = least_word(flow, view);
        bound = keep_word(flow, list, nearest_word, bound);
    }
    for (guint word = view->first; word < view->end; word++)
        if (word != nearest_word)
            bound = keep_word(flow, list, word, bound);
    for (guint i = 0; i < view->patches_len; i++) {
        guint column = patches[i].column;
        if (view->minutes[column] > view->limit)
            continue;
        Sum value = patched_cost(flow, class_index, view, &patches[i]) + flow->price[column];
        if (value < bound)
            bound = keep_near(list, column, value);
    }
    for (guint i = 0; i < list->len; i++)
        list->cost[i] -= flow->price[list->column[i]];
    list->bound = bound;
}

static NearList *
near_of(Flow *flow, guint class_index)
{
    guint *at = &flow->near_of_class[class_index];
    if (*at == 0) {
        g_array_set_size(flow->near, flow->near->len + 1);
        *at = flow->near->len;
        make_near(flow, class_index, &g_array_index(flow->near, NearList, *at - 1));
    }
    return &g_array_index(flow->near, NearList, *at - 1);
}

/* The best place but one, and its cost + price. */
static guint
second_best(Flow *flow, guint class_index, guint except, Sum *out_value)
{
    NearList *list = near_of(flow, class_index);
    for (;;) {
        Sum value = flow->penalty[flow->classes[class_index].urgency];
        guint node = flow->len;
        for (guint i = 0; i < list->len; i++) {
            guint column = list->column[i];
            Sum other = list->cost[i] + flow->price[column];
            if (column != except && (other < value || (other == value && node == flow->len))) {
                value = other;
                node = column;
            }
        }
        flow->solve->work += list->len;
        *out_value = value;
        if (value <= list->bound)
            return node;
        make_near(flow, class_index, list);
    }
}
