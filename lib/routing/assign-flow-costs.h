/* Part of assign-flow-body.h: what a class pays at a column. Nothing is kept by pair: a view says where the parts of a cost
 * stand, which are minutes from the town, fixed costs by what is asked for and the home region, and what the class itself adds. */

/* ---- Fixed costs. */

/* Of the columns in @which; all, where it is NULL. */
static void
end_with_least(const Flow *flow, Sum *row, const guint64 *which)
{
    for (guint word = 0; word < flow->component->words; word++)
        row[flow->len + word] = FAR;
    for (guint i = 0; i < flow->component->len; i++)
        if (which == NULL || cn_bit(which, i))
            row[flow->len + i / CN_WORD] = MIN(row[flow->len + i / CN_WORD], row[i]);
}

/* Whether a column is where the one before it is, as most are. */
static gboolean
is_beside(const Flow *flow, guint column)
{
    const CnListing *listing = flow->market->directory->listing;
    const CnListedProvider *one =
        cn_listed_provider_of(listing, flow->component->offering[column - 1]);
    const CnListedProvider *other =
        cn_listed_provider_of(listing, flow->component->offering[column]);
    return one->area == other->area && one->remote == other->remote;
}

static void
note_neighbours(Flow *flow)
{
    flow->beside = g_new0(guint64, flow->component->words);
    for (guint i = 1; i < flow->component->len; i++)
        if (is_beside(flow, i))
            flow->beside[i / CN_WORD] |= G_GUINT64_CONSTANT(1) << (i % CN_WORD);
}

static Sum *
make_base(const Flow *flow, const CnAsk *ask, guint town)
{
    Sum *row = g_new0(Sum, row_len(flow));
    CnAreaId area = g_array_index(flow->towns, CnAreaId, town);
    const CnPlugRow *plug = cn_plugged_from(flow->market->options.plugged, area);
    const guint first = ask->first * CN_WORD;
    gboolean leaves = FALSE;
    for (guint i = first; i < MIN(ask->end * CN_WORD, flow->component->len); i++) {
        if (i == first || !cn_bit(flow->beside, i))
            leaves = cn_column_leaves(flow->market, flow->component, i, area);
        row[i] = (Sum)ask->fixed[i] + (leaves ? flow->market->policy->leave_region : 0);
        if (plug != NULL)
            row[i] += (Sum)cn_plug_cost(plug, flow->component->offering[i]);
    }
    end_with_least(flow, row, ask->standing);
    return row;
}

static const Sum *
base_of(Flow *flow, guint ask, guint town)
{
    Sum **row = &flow->base[ask * flow->regions->len + flow->region_of_town[town]];
    if (*row == NULL)
        *row = make_base(flow, cn_market_ask(flow->market, ask), town);
    return *row;
}

/* ---- Views. */

static View
view_of_blocker(Flow *flow, const CnProfile *profile)
{
    return (View){.minutes = flow->no_minutes,
                  .base = flow->no_cost,
                  .fits = cn_market_bitmap(flow->market, profile->bits),
                  .foreign = flow->none,
                  .limit = MINUTES_NO_LINK,
                  .end = cn_market_ask(flow->market, profile->ask)->end,
                  .patches = profile->patches,
                  .patches_len = profile->patches_len};
}

static View
make_view(Flow *flow, guint class_index)
{
    const CnClass *one = &flow->classes[class_index];
    const CnProfile *profile = cn_market_profile(flow->market, one->profile);
    if (one->urgency == CN_BLOCKER)
        return view_of_blocker(flow, profile);
    const CnAsk *ask = cn_market_ask(flow->market, profile->ask);
    const CnPolicy *policy = flow->market->policy;
    guint town = flow->town_of_class[class_index];
    View view = {.minutes = minutes_of(flow, town),
                 .base = one->free ? flow->base_free : base_of(flow, profile->ask, town),
                 .fits = cn_market_bitmap(flow->market, profile->bits),
                 .foreign = profile->foreign < 0
                                ? flow->none
                                : cn_market_bitmap(flow->market, (guint)profile->foreign),
                 .first = ask->first,
                 .end = ask->end,
                 .patches = profile->patches,
                 .patches_len = profile->patches_len};
    view.limit =
        one->limit_min > 0 ? MIN((guint)one->limit_min, MINUTES_NO_LINK - 1) : MINUTES_NO_LINK;
    if (!one->free) {
        view.foreign_cost = policy->language_none_shared;
        view.no_link = policy->no_link_cost;
        view.per_min = policy->travel_cost_per_min;
        view.add = (Sum)profile->add;
    }
    return view;
}

/* Valid until the next one is asked for. */
static const View *
view_of(Flow *flow, guint class_index)
{
    View *view = flow->views != NULL ? &flow->views[class_index] : &flow->view;
    if (flow->views == NULL || view->minutes == NULL)
        *view = make_view(flow, class_index);
    return view;
}

/* ---- Costs of a class. */

static Sum
way_cost(const View *view, guint column)
{
    return view->minutes[column] == MINUTES_NO_LINK ? view->no_link
                                                    : (Sum)view->minutes[column] * view->per_min;
}

static const CnPatch *
patches_of(const Flow *flow, const View *view)
{
    return view->patches_len > 0 ? &g_array_index(flow->market->patches, CnPatch, view->patches)
                                 : NULL;
}

static Sum
patched_cost(const Flow *flow, guint class_index, const View *view, const CnPatch *patch)
{
    Sum add = flow->classes[class_index].free ? 0 : (Sum)patch->add;
    return view->base[patch->column] + add + way_cost(view, patch->column);
}

/* What the class pays, at the unmet its penalty; FAR where it may not go. */
static Sum
cost_or_far(Flow *flow, guint class_index, const View *view, guint node)
{
    if (node == flow->len)
        return flow->penalty[flow->classes[class_index].urgency];
    /* Few classes fit where they are asked for, and what fits takes less memory than minutes. */
    if (cn_bit(view->fits, node)) { /* then it is not patched */
        if (view->minutes[node] > view->limit)
            return FAR;
        Sum foreign = cn_bit(view->foreign, node) ? view->foreign_cost : 0;
        return view->base[node] + view->add + way_cost(view, node) + foreign;
    }
    const CnPatch *patches = patches_of(flow, view);
    for (guint i = 0; i < view->patches_len; i++)
        if (patches[i].column == node && view->minutes[node] <= view->limit)
            return patched_cost(flow, class_index, view, &patches[i]);
    return FAR;
}

/* The node with the least cost + price, a column before the unmet, and that sum. */
static guint
best_node(Flow *flow, guint class_index, const View *view, const Sum *price, Sum *out_value)
{
    guint column = 0, words;
    SCAN_BOUNDS(flow, view, flow->no_cost, flow->bounds);
    Sum value = SCAN_BEST(flow, view, price, flow->bounds, &column, &words);
    const CnPatch *patches = patches_of(flow, view);
    flow->solve->work += (guint64)words * CN_WORD + (view->end - view->first);
    for (guint i = 0; i < view->patches_len; i++) {
        guint at = patches[i].column;
        if (view->minutes[at] > view->limit)
            continue;
        Sum other = patched_cost(flow, class_index, view, &patches[i]) + price[at];
        if (other < value || (other == value && at < column)) {
            value = other;
            column = at;
        }
    }
    Sum penalty = flow->penalty[flow->classes[class_index].urgency];
    *out_value = MIN(value, penalty);
    return value <= penalty ? column : flow->len;
}
