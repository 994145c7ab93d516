/* Part of assign-flow-body.h: minutes of travel from a town to every column, made when they are first asked for.
 *
 * Behind the columns of a row stands the least of each word, whatever fits: since columns stand by service, island and town a
 * word is mostly one neighbourhood, and what its nearest and its cheapest column cost together is no more than any of its
 * columns does. */

static inline gsize
row_len(const Flow *flow)
{
    return flow->len + flow->component->words + CN_WORDS_BEHIND;
}

/* So many minutes cost no more than no link does. */
static Minutes
no_link_minutes(const Flow *flow)
{
    const CnPolicy *policy = flow->market->policy;
    if (policy->travel_cost_per_min == 0)
        return 0;
    return (Minutes)MIN(policy->no_link_cost / policy->travel_cost_per_min, MINUTES_NO_LINK - 1);
}

/* As much as goes back to the system. */
#define SLAB_BYTES CN_PAGES_LEAST

static guint
rows_of_slab(const Flow *flow)
{
    return (guint)(SLAB_BYTES / (row_len(flow) * sizeof(Minutes)) + 1);
}

static gsize
slab_len(const Flow *flow)
{
    return rows_of_slab(flow) * row_len(flow);
}

/* Room for the row of one more town. */
static Minutes *
new_minutes(const Flow *flow)
{
    if (flow->slabs == NULL)
        return g_new0(Minutes, row_len(flow));
    const guint slab = flow->ring_len / rows_of_slab(flow),
                at = flow->ring_len % rows_of_slab(flow);
    if (at == 0)
        flow->slabs[slab] = CN_PAGES_NEW(Minutes, slab_len(flow));
    return flow->slabs[slab] + at * row_len(flow);
}

static void
clear_minutes(Flow *flow)
{
    for (guint i = 0; flow->slabs == NULL && i < flow->ring_len; i++)
        g_free(flow->minutes_of_town[flow->minutes_ring[i]]);
    for (guint i = 0; flow->slabs != NULL && i < flow->ring_len; i += rows_of_slab(flow))
        CN_PAGES_FREE(flow->slabs[i / rows_of_slab(flow)], slab_len(flow));
    g_free(flow->slabs);
    g_free(flow->minutes_of_town);
    g_free(flow->minutes_ring);
}

static const Minutes *
minutes_of(Flow *flow, guint town)
{
    Minutes *row = flow->minutes_of_town[town];
    if (row != NULL)
        return row;
    if (flow->ring_len < flow->ring_most) {
        row = new_minutes(flow);
        flow->minutes_ring[flow->ring_len++] = town;
    } else {
        row = flow->minutes_of_town[flow->minutes_ring[flow->ring_hand]];
        flow->minutes_of_town[flow->minutes_ring[flow->ring_hand]] = NULL;
        flow->minutes_ring[flow->ring_hand] = town;
        flow->ring_hand = (flow->ring_hand + 1) % flow->ring_most;
    }
    cn_component_minutes(flow->market, flow->component, g_array_index(flow->towns, CnAreaId, town),
                         flow->solve->cpu, flow->scratch);
    flow->scans->narrow(flow->scratch, row, flow->len);
    flow->scans->least_minutes(row, flow->len, no_link_minutes(flow), row + flow->len);
    flow->minutes_of_town[town] = row;
    return row;
}
