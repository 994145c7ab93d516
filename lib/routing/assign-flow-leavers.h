/* Part of assign-flow-body.h: who goes from one node to another for least.
 *
 * When the one who is named for a way has left, it is asked who goes there for least now. What those of a kind pay more at
 * least is one sum; they themselves are asked only where that may be the least, from the last to come on, until nobody of
 * the kind can pay less. Mostly it is known that nobody at all goes for less than so much: then the first to be found who
 * goes for that is the one. */

/* Kinds that are looked at in the time that it takes to ask one person. */
#define KINDS_FOR_ONE 16

typedef struct {
    Sum extra; /* FAR: nobody may go */
    gint at;
} Leaver;

/* Nobody of the kind goes for less, who has so many minutes to travel, or more. */
static Sum
least_of_kind(const Flow *flow, const KindHere *here, guint to, Minutes minutes)
{
    if (here->kind == KIND_ODD)
        return -FAR;
    if (minutes > MINUTES_NO_LINK)
        return FAR;
    return here->base[to] - here->own +
           (minutes == MINUTES_NO_LINK ? flow->no_link : (Sum)minutes * flow->per_min);
}

/* Rows stand by town, so each that is looked at is waited for; but not one after the other. */
static void
fetch_minutes(const Flow *flow, const Standing *standing, guint to)
{
    for (guint i = 0; i < standing->kinds_len; i++) {
        const Minutes *row = flow->minutes_of_town[standing->kinds[i].town];
        if (row != NULL)
            __builtin_prefetch(&row[to]);
    }
}

/* Those of a kind, the last to come first, until one goes for @least: nobody of the kind goes for less. */
static void
ask_kind(Flow *flow, guint node, const KindHere *here, guint to, Sum least, Leaver *best)
{
    const Standing *standing = &flow->standing[node];
    guint asked = 0;
    for (gint at = here->last; at >= 0 && best->extra > least; at = standing->same[at].before) {
        const Stay *stay = &standing->stay[at];
        const Sum cost = cost_or_far(flow, stay->class_index, view_of(flow, stay->class_index), to);
        asked++;
        if (cost < FAR && cost - stay->cost < best->extra)
            *best = (Leaver){.extra = cost - stay->cost, .at = at};
    }
    flow->asked[node] += asked;
    flow->solve->work += asked;
}

/* No way from the town is less; nothing where its row is not kept, or nobody travels. */
static Minutes
least_minutes(const Flow *flow, guint town, guint to)
{
    const Minutes *row = flow->minutes_of_town[town];
    return row != NULL ? row[to] : 0;
}

/* What those of each kind pay more at least, into flow->kind_least; asks those who may go for @enough, until one does. */
static Leaver
ask_for_enough(Flow *flow, guint node, guint to, Sum enough)
{
    const Standing *standing = &flow->standing[node];
    const gboolean is_column = to < flow->component->len; /* not a back */
    Leaver best = {.extra = FAR, .at = -1};
    Sum *least = flow->kind_least;
    fetch_minutes(flow, standing, to);
    for (guint i = 0; i < standing->kinds_len && best.extra > enough; i++) {
        const KindHere *here = &standing->kinds[i];
        least[i] =
            is_column ? least_of_kind(flow, here, to, least_minutes(flow, here->town, to)) : -FAR;
        if (least[i] > enough)
            continue;
        ask_kind(flow, node, here, to, enough, &best);
        least[i] = FAR;
    }
    return best;
}

/* Asks the others, those first who may pay the least, while one may pay less than @best. */
static void
ask_others(Flow *flow, guint node, guint to, Leaver *best)
{
    const Standing *standing = &flow->standing[node];
    Sum *least = flow->kind_least;
    for (;;) {
        guint next = 0;
        for (guint i = 1; i < standing->kinds_len; i++)
            next = least[i] < least[next] ? i : next;
        if (least[next] >= best->extra)
            return;
        ask_kind(flow, node, &standing->kinds[next], to, least[next], best);
        least[next] = FAR;
    }
}

/* The position of one who goes from @node to @to for least, and what it costs; -1 and FAR where nobody may.
 * Nobody goes for less than @enough. */
static gint
least_leaver(Flow *flow, guint node, guint to, Sum enough, Sum *out_extra)
{
    const Standing *standing = standing_by_kind(flow, node);
    if (standing->kinds_len > flow->kind_least_len) {
        flow->kind_least_len = 2 * standing->kinds_len;
        flow->kind_least = g_renew(Sum, flow->kind_least, flow->kind_least_len);
    }
    Leaver best = ask_for_enough(flow, node, to, enough);
    if (best.extra > enough && standing->kinds_len > 0)
        ask_others(flow, node, to, &best);
    flow->asked[node] += 1 + standing->kinds_len / KINDS_FOR_ONE;
    flow->solve->work += standing->kinds_len;
    *out_extra = best.extra;
    return best.at;
}
