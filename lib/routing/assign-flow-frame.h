/* Part of assign-flow-body.h: what a solver of a component is made of, and how it goes. */

static void
list_towns(Flow *flow)
{
    const CnGazetteer *gazetteer = flow->market->policy->reference->gazetteer;
    GArray *region_of_town = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < flow->component->classes_len; i++) {
        CnAreaId town = flow->classes[i].town;
        if (flow->towns->len > 0 &&
            g_array_index(flow->towns, CnAreaId, flow->towns->len - 1) == town) {
            flow->town_of_class[i] = flow->towns->len - 1;
            continue;
        }
        CnAreaId region = town == CN_AREA_NONE ? CN_AREA_NONE
                                               : cn_area_at_level(gazetteer, town, CN_LEVEL_REGION);
        /* What plug-ins add is another cost from every town. */
        if (cn_plugged_scores(flow->market->options.plugged))
            region = town;
        guint at = 0;
        while (at < flow->regions->len && g_array_index(flow->regions, CnAreaId, at) != region)
            at++;
        if (at == flow->regions->len)
            g_array_append_val(flow->regions, region);
        g_array_append_val(region_of_town, at);
        g_array_append_val(flow->towns, town);
        flow->town_of_class[i] = flow->towns->len - 1;
    }
    flow->region_of_town = (guint *)(gpointer)g_array_free(region_of_town, FALSE);
}

/* So much goes back to the system afterwards. */
#define MINUTES_BYTES_LARGE ((gsize)16 << 20)
/* There are so many at least, if there is a town for each. */
#define MINUTES_ROWS_LEAST 32

static void
make_caches(Flow *flow)
{
    gsize rows = flow->solve->minutes_bytes / (row_len(flow) * sizeof(Minutes));
    flow->ring_most = (guint)CLAMP(rows, MINUTES_ROWS_LEAST, flow->towns->len + MINUTES_ROWS_LEAST);
    flow->minutes_of_town = g_new0(Minutes *, flow->towns->len + 1);
    flow->minutes_ring = g_new(guint, flow->ring_most);
    if (flow->ring_most * row_len(flow) * sizeof(Minutes) >= MINUTES_BYTES_LARGE)
        flow->slabs = g_new(Minutes *, flow->ring_most);
    flow->scratch = g_new(gint32, flow->len);
    flow->base = g_new0(Sum *, (gsize)flow->market->asks->len * flow->regions->len + 1);
    note_neighbours(flow);
    flow->base_free = g_new0(Sum, row_len(flow));
    for (guint i = 0; i < flow->component->len; i++)
        flow->base_free[i] = (Sum)flow->component->extra[i];
    end_with_least(flow, flow->base_free, NULL);
    flow->bounds = g_new(Sum, row_len(flow) - flow->len);
    flow->no_cost = g_new0(Sum, row_len(flow));
    flow->no_minutes = g_new0(Minutes, row_len(flow));
    flow->none = g_new0(guint64, flow->component->words);
    if (flow->ring_most >= flow->towns->len)
        flow->views = g_new0(View, flow->component->classes_len + 1);
}

static void
make_ways(Flow *flow)
{
    const gsize piece = sizeof(Row) + CN_WORD * sizeof(Way); /* and its mirror */
    const guint scan = flow->len + CN_WORD;
    flow->words = flow->len / CN_WORD;
    flow->words_room = (flow->words + CN_WORDS_BEHIND + CN_WORD - 1) / CN_WORD * CN_WORD;
    flow->names_most = MIN(flow->solve->names_most, (guint)NAME_NONE);
    flow->ways = g_new0(Ways *, flow->len + 1);
    flow->mirrors = g_new0(Mirror, flow->words + 1);
    flow->unmet_way = new_sums(scan, FAR);
    flow->unmet_who = g_new(gint32, flow->len + 1);
    flow->asked = g_new0(guint, flow->len + 1);
    pool_init(&flow->rows, sizeof(Row), ROWS_AT_ONCE);
    pool_init(&flow->parts, sizeof(MirrorPart), 1);
    flow->holders = g_queue_new();
    flow->rows_most = (guint)MAX(flow->solve->cache_bytes / piece, flow->words) + 2 * ROWS_AT_ONCE;
    flow->rows_limit = flow->rows_most * flow->solve->cache_grows;
    flow->class_least = g_new(Way, flow->words_room);
    flow->start = new_sums(scan, FAR);
    flow->word_key = new_sums(flow->words_room, FAR);
    flow->word_hold = new_sums(flow->words_room, FAR);
    flow->word_reach = new_sums(flow->words_room, FAR);
    flow->anew = g_new(Sum, flow->len + 1);
    flow->anew_from = g_new(guint, flow->len + 1);
    flow->waits = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->dropped = g_new(GArray *, flow->words + 1);
    flow->settled_at = g_new(Sum, flow->len + 1);
    flow->seen = g_new0(guint, flow->words + 1);
    flow->later = g_new0(LaterHeap, flow->words + 1);
    for (guint word = 0; word < flow->words; word++)
        flow->dropped[word] = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->home_most = FAR;
}

/* The slots of the columns without what others took. The first ones can be had for nothing more. */
static void
make_slots(Flow *flow)
{
    const CnComponent *component = flow->component;
    const guint slots = component->first_slot[component->len];
    flow->opened = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->opening = g_new0(guint, flow->len + 1);
    flow->opening_end = g_new0(guint, flow->len + 1);
    flow->opening_extra = g_new(Sum, slots + 1);
    flow->opening_places = g_new(gint64, slots + 1);
    for (guint i = 0; i < component->len; i++) {
        gint64 taken = component->places[i] - flow->solve->places[i];
        flow->opening[i] = component->first_slot[i];
        flow->opening_end[i] = component->first_slot[i + 1];
        for (guint slot = flow->opening[i]; slot < flow->opening_end[i]; slot++) {
            const gint64 here = MIN(taken, component->slots[slot].places);
            flow->opening_places[slot] = component->slots[slot].places - here;
            flow->opening_extra[slot] = (Sum)(component->slots[slot].extra - component->extra[i]);
            taken -= here;
        }
        if (component->back[i] > 0) {
            flow->opening[i] = flow->opening_end[i] = component->first_slot[i];
            continue;
        }
        flow->places[i] = 0;
        open_places(flow, i);
    }
}

static void
make_nodes(Flow *flow)
{
    flow->price = g_new0(Sum, flow->len + 1);
    flow->load = g_new0(gint64, flow->len + 1);
    flow->places = g_new0(gint64, flow->len + 1);
    make_standing(flow);
    list_kinds(flow);
    flow->reach = g_new(Sum, flow->len + 1);
    flow->hold = g_new0(Sum, flow->len + 1);
    flow->from = g_new0(gint32, flow->len + 1);
    flow->settled = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->path = g_array_new(FALSE, FALSE, sizeof(guint));
    flow->near = CN_PAGES_NEW(NearList, flow->component->classes_len + 1);
    flow->known = g_new0(gboolean, flow->component->classes_len + 1);
    flow->word_price = g_new0(Sum, row_len(flow) - flow->len);
    flow->found = g_new0(Sum, flow->len + 1);
    flow->parent = g_new(gint32, flow->len + 1);
    flow->home = g_new(Sum, flow->len + 1);
    flow->mover = g_new(gint, flow->len + 1);
    flow->gave = g_new0(gboolean, flow->len + 1);
    flow->loose = g_new0(gboolean, flow->len + 1);
    flow->fallen = g_array_new(FALSE, FALSE, sizeof(guint));
    start_from_nowhere(flow);
    flow->losers = g_array_new(FALSE, FALSE, sizeof(Loser));
    flow->order = g_array_new(FALSE, FALSE, sizeof(gint));
    for (guint i = 0; i < flow->component->end; i++) {
        flow->places[i] = flow->solve->places[i];
        if (flow->solve->warm)
            flow->price[i] = price_from_market(flow, flow->solve->price[i]);
    }
    flow->places[flow->len] = G_MAXINT64;
    if (flow->component->stepped)
        make_slots(flow);
}

static void
flow_init(Flow *flow, CnSolve *solve, Sum step)
{
    const CnComponent *component = cn_market_component(solve->market, solve->component);
    *flow = (Flow){.solve = solve,
                   .scans = SCANS_OF(solve->cpu),
                   .ways_scans = WAYS_OF(solve->cpu),
                   .market = solve->market,
                   .component = component,
                   .classes = solve->market->classes + component->classes_first,
                   .len = component->words * CN_WORD,
                   .step = step,
                   .no_link = (Sum)solve->market->policy->no_link_cost,
                   .per_min = (Sum)solve->market->policy->travel_cost_per_min};
    for (guint i = 0; i < G_N_ELEMENTS(flow->penalty); i++)
        flow->penalty[i] = step * (Sum)(i == CN_BLOCKER ? CN_WEIGHTS_MOST : CN_ROUTINE + 1 - i);
    flow->town_of_class = g_new(guint, component->classes_len + 1);
    flow->towns = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    flow->regions = g_array_new(FALSE, FALSE, sizeof(CnAreaId));
    list_towns(flow);
    make_caches(flow);
    make_ways(flow);
    make_nodes(flow);
}

static void
clear_ways(Flow *flow)
{
    for (guint i = 0; i <= flow->len; i++)
        if (flow->ways[i] != NULL) {
            g_free(flow->ways[i]->least);
            g_free(flow->ways[i]->at);
            g_free(flow->ways[i]->pieces);
            g_free(flow->ways[i]);
        }
    for (guint word = 0; word < flow->words; word++) {
        g_free(flow->mirrors[word].parts);
        g_free(flow->later[word].all);
        g_array_unref(flow->dropped[word]);
    }
    g_free(flow->ways);
    g_free(flow->mirrors);
    g_free(flow->unmet_way);
    g_free(flow->unmet_who);
    g_free(flow->asked);
    pool_clear(&flow->rows);
    pool_clear(&flow->parts);
    g_queue_free(flow->holders);
    g_free(flow->class_least);
    g_free(flow->start);
    g_free(flow->word_key);
    g_free(flow->word_hold);
    g_free(flow->word_reach);
    g_free(flow->anew);
    g_free(flow->anew_from);
    g_array_unref(flow->waits);
    g_free(flow->settled_at);
    g_free(flow->seen);
    g_free(flow->later);
    g_free(flow->dropped);
}

static void
flow_clear(Flow *flow)
{
    clear_minutes(flow);
    for (gsize i = 0; i < (gsize)flow->market->asks->len * flow->regions->len; i++)
        g_free(flow->base[i]);
    clear_ways(flow);
    g_free(flow->scratch);
    g_free(flow->base);
    g_free(flow->base_free);
    g_free(flow->beside);
    g_free(flow->bounds);
    g_free(flow->no_cost);
    g_free(flow->no_minutes);
    g_free(flow->none);
    g_free(flow->views);
    g_free(flow->price);
    g_free(flow->load);
    g_free(flow->places);
    g_clear_pointer(&flow->opened, g_array_unref);
    g_free(flow->opening);
    g_free(flow->opening_end);
    g_free(flow->opening_extra);
    g_free(flow->opening_places);
    free_standing(flow);
    g_free(flow->kind_of_class);
    g_free(flow->kind_least);
    g_free(flow->reach);
    g_free(flow->hold);
    g_free(flow->from);
    g_free(flow->town_of_class);
    g_free(flow->region_of_town);
    g_free(flow->word_price);
    forget_near(flow);
    g_free(flow->home);
    g_free(flow->found);
    g_free(flow->parent);
    g_free(flow->mover);
    g_free(flow->gave);
    g_free(flow->loose);
    g_array_unref(flow->fallen);
    g_array_unref(flow->losers);
    g_array_unref(flow->order);
    g_array_unref(flow->settled);
    g_array_unref(flow->path);
    g_array_unref(flow->towns);
    g_array_unref(flow->regions);
}
