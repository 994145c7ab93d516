/* The solver of one component, written once for 32-bit and for 64-bit sums. assign-flow.c and
 * assign-flow-wide.c include it after assign-scan-types.h, and say which scans a processor gets.
 *
 * Nodes are the columns and one more, behind all columns, where the unmet are. Units stand at nodes.
 * Throughout, every unit stands where its cost + price is least (at the unmet: its penalty), and a
 * column with a price is not short of units. What is wrong is that some columns hold more units than
 * places. Each step takes units away from such a column along the cheapest chain of moves
 *
 *      crowded column --unit a moves--> column --unit b moves--> ... --> column with room, or unmet
 *
 * found by Dijkstra over the nodes alone: the length of an arc is the least extra cost of any unit
 * that stands there ("ways"). Prices rise by what the chain was shorter than
 * the distance, so the first sentence stays true, and prices never exceed the least ones of an
 * optimum (docs/design/0006). Where use costs something a column has the places that its price pays
 * for, and a chain may also end at one that is asked for so much that more of them open
 * (docs/design/0012). In the order of reading:
 *
 *      -stays   who stands where
 *      -leavers who goes from one node to another
 *      -near    lists of the nearest columns of a class
 *      -place   everybody to the best at the prices given
 *      -raise   first: crowded columns raise their prices
 *      -pieces  rows of ways, word by word
 *      -rows    who goes for a way
 *      -search  Dijkstra
 *      -tree    moves along the tree of a search, which goes on
 *      -chain   then: chains of moves
 *      -warm    from prices that may be anything
 *      -former  from a former plan: who stays where he was,
 *      -held    what holds prices up, and who comes where somebody is missing,
 *      -fall    prices that nothing holds up,
 *      -start   and its frame
 *      -finish  prices in and out, and the frame */

typedef CnSum Sum;
typedef CnMinutes Minutes;
typedef CnView View;
typedef CnRow Row;
typedef CnPiece Piece;
typedef CnNear NearList;
#define FAR             CN_FAR
#define MINUTES_NO_LINK CN_MINUTES_NO_LINK

#define SCAN_BOUNDS(flow, view, word_price, bounds_out) \
    (flow)->scans->bounds((view), (flow)->len, (word_price), (bounds_out))
#define SCAN_BEST(flow, view, price, bounds, out_column, out_words) \
    (flow)->scans->best((view), (price), (bounds), (out_column), (out_words))
#define SCAN_NEAR(flow, view, price, bounds, list) \
    (flow)->scans->near((view), (price), (bounds), (list))
#define SCAN_WITHIN(flow, view, price, bounds, most, columns, sums, out_words) \
    (flow)->scans->within((view), (price), (bounds), (most), (columns), (sums), (out_words))
#define SCAN_LOWER(flow, view, word, own, tie, row, name) \
    (flow)->scans->lower((view), (word), (own), (tie), (row), (name))
#define SCAN_LEAST(flow, a, b, len, out) (flow)->scans->least((a), (b), (len), (out))
#define SCAN_NEXT_WORD(flow, out_word)                                                \
    (flow)->scans->next_word((flow)->word_key, (flow)->word_reach, (flow)->word_hold, \
                             (flow)->words_room, (out_word))
#define SCAN_RELAX_PIECES(flow, pieces, len, start, node)                              \
    (flow)->scans->relax_pieces((pieces), (len), (start), (flow)->reach, (flow)->hold, \
                                (flow)->from, (gint32)(node), (flow)->word_key)

/* Units of a class at a node. */
typedef struct {
    guint class_index; /* of the component */
    gint32 units;      /* 0: they left, and this is a gap */
    Sum cost;          /* of the class where it stands */
    Sum other; /* for -raise, where prices only rise: no other place costs less with its price */
} Stay;

typedef struct {
    guint node; /* NOWHERE for none */
    gint at;    /* position among those who stand there */
} Place;
#define NOWHERE G_MAXUINT

/* Where else the class of a stay stands. */
typedef struct {
    Place next, before;
} PlaceLink;

/* All who stand at a node, in the order of their coming; see -stays. */
typedef struct {
    Stay *stay;
    PlaceLink *link;
    guint len, gone, size; /* positions that are used, gaps among them, and room for so many */
    guint turn;            /* how often those who were left closed up */
} Standing;

/* The first who go from a node to another; see -leavers. */
#define LEAVERS_MOST      16
#define LEAVERS_BITS_MOST 15
typedef struct {
    Sum extra;
    gint at;
} Leaver;
typedef struct {
    guint node, to, turn;
    guint seen, unseen; /* positions from @unseen on and before @seen were asked */
    guint first, len;   /* on the list, without those who left first */
    gboolean is_cut;    /* others come after the last */
    Leaver leaver[LEAVERS_MOST];
} LeaverList;

/* What is known of the ways of a node. */
typedef struct {
    Sum *least;  /* by word of which no piece is made: no way there is less; else FAR */
    guint16 *at; /* by word: its piece + 1; 0 none is made; see -pieces */
    Piece *pieces;
    guint len, room;
    GList *holder; /* of it in Flow.holders; NULL: it has no pieces */
} Ways;

/* All pieces of a word, turned. */
typedef struct {
    guint len, room;
    guint *node; /* by slot */
    Sum *
        start; /* by slot: what is found of the node, if it is settled and the piece relaxed; else FAR */
    Sum *sum; /* by column, then slot */
} Mirror;

/* Memory for so many pieces. */
typedef struct {
    char *bytes;
    guint blocks;
} Chunk;

/* Ways of a settled node to one word, which a search may come to yet. */
typedef struct {
    guint node;
    Sum reach; /* no column of the word is reached for less by them */
} Later;

/* Who stands at a crowded column; see -raise. */
typedef struct {
    Sum loss;          /* by leaving: at least so much until he is asked */
    guint class_index; /* of those who lose the same the first one leaves */
    guint node;        /* his best other place; NOT_ASKED */
    gint at;
    gint32 units;
} Loser;
#define NOT_ASKED G_MAXUINT

typedef struct {
    CnSolve *solve;
    const CnScanTable *scans;
    const CnMarket *market;
    const CnComponent *component;
    const CnClass *classes;
    guint len; /* columns with the filling; also the node of the unmet */
    Sum step, penalty[CN_WEIGHTS_MOST];
    /* Rows of minutes by town, some of them. */
    guint *town_of_class;
    GArray *towns; /* (element-type CnAreaId) */
    Minutes **minutes_of_town;
    Minutes **slabs; /* rows side by side, where all of them are large; NULL: each by itself */
    guint *minutes_ring;
    guint ring_len, ring_most, ring_hand;
    gint32 *scratch;
    /* Fixed costs by ask and home region. */
    GArray *regions; /* (element-type CnAreaId) */
    guint *region_of_town;
    Sum **base; /* by ask of the market times regions, then region */
    Sum *base_free;
    guint64 *beside; /* columns that are where the one before them is */
    Sum *bounds;     /* by word: what its columns cost at least */
    Sum *no_cost;    /* blockers pay nothing and travel nowhere */
    Minutes *no_minutes;
    guint64 *none;
    View *views; /* by class, made when first asked for; NULL where rows of minutes come and go */
    View view;   /* then the one that was asked for last */
    /* Nodes. */
    Sum *price;
    gint64 *load;
    gint64 *places; /* that can be had at the price */
    guint *opening,
        *opening_end;   /* by node: dearer places, which the price does not reach yet, among */
    Sum *opening_extra; /* what they cost more than the first ones; NULL: nobody pays more */
    gint64 *opening_places;
    GArray *opened;        /* (element-type guint) where places opened just now */
    Standing *standing;    /* by node */
    Place *first_of_class; /* by class: one of the places where it stands */
    /* Ways by node; NULL where none were asked for. */
    guint words, words_room; /* of the columns; rounded up to what can be scanned */
    Ways **ways;
    Mirror *mirrors;   /* by word */
    Sum *unmet_way;    /* by node: to the unmet */
    gint32 *unmet_who; /* whose it is */
    guint *asked;      /* by node: how many were asked instead of its ways since somebody left;
                                 * 0 they are exact */
    LeaverList *leavers;
    guint leavers_bits;
    GArray *chunks;    /* (element-type Chunk) memory for pieces, */
    GPtrArray *blocks; /* and what of it is not used */
    guint blocks_len, blocks_most, blocks_limit;
    guint64 blocks_dropped; /* since there may be so many */
    GQueue *holders;        /* nodes that have pieces, who was settled last at the end */
    Sum *class_least;       /* by word, of the class that was asked for last */
    /* Nearest columns of the classes that were asked for them. */
    NearList *near;  /* by class */
    gboolean *known; /* by class: whether it has its list */
    Sum *word_price; /* no price of a column of the word is less; kept while prices rise */
    /* One search. */
    Sum *home;     /* how far a node is from the start without any move */
    Sum home_most; /* no home is farther */
    Sum *reach, *hold;
    gint32 *from;
    Sum *found; /* of settled nodes: reach and from */
    gint32 *parent;
    Sum *start;          /* by node: what is found of it; FAR where it is not settled */
    Sum *word_key;       /* by word: no reach + hold is less */
    Sum *word_hold;      /* no hold is less */
    Sum *word_reach;     /* no reach of what waits is less */
    GArray *waits;       /* (element-type guint) nodes, as their ways began to wait */
    GArray **later;      /* by word (element-type Later) */
    guint *seen;         /* by word: so many of the waits are listed or done */
    Sum *settled_at;     /* by node: the distance */
    GArray **dropped;    /* by word (element-type guint) settled nodes whose piece was dropped */
    gboolean is_falling; /* it lets prices fall, so that columns may come to be worth nothing */
    /* A branch of its tree: who moves away from a node, who has, and what does not hang on it any more. */
    gint *mover;
    gboolean *gave, *loose;
    Sum *
        anew; /* by node that fell: how near it is to the nearest that did not, and which that is */
    guint *anew_from;
    GArray *fallen;  /* (element-type guint) */
    GArray *losers;  /* (element-type Loser) */
    GArray *settled; /* (element-type guint) */
    GArray *path;    /* (element-type guint) */
    guint ticks;
} Flow;

/* ---- Places. */

/* The price at which more places of the node can be had; FAR: never. */
static Sum
next_opening(const Flow *flow, guint node)
{
    if (flow->opening_extra == NULL || node == flow->len ||
        flow->opening[node] == flow->opening_end[node])
        return FAR;
    return flow->opening_extra[flow->opening[node]];
}

/* Whoever pays for the use of a place can have it. */
static void
open_places(Flow *flow, guint node)
{
    while (next_opening(flow, node) <= flow->price[node])
        flow->places[node] += flow->opening_places[flow->opening[node]++];
}

/* Nobody has a place whose use costs more than the price pays for. After it fell. */
static void
close_places(Flow *flow, guint node)
{
    while (flow->opening_extra != NULL && flow->opening[node] > flow->component->first_slot[node] &&
           flow->opening_extra[flow->opening[node] - 1] > flow->price[node])
        flow->places[node] -= flow->opening_places[--flow->opening[node]];
}

/* So many must be at the column: all whose places cost less than its price. */
static gint64
needed_at(const Flow *flow, guint column)
{
    gint64 needed = flow->price[column] > 0 ? flow->places[column] : 0;
    const guint first = flow->component->first_slot[column];
    for (guint i = flow->opening_extra != NULL ? flow->opening[column] : first;
         needed > 0 && i > first && flow->opening_extra[i - 1] == flow->price[column]; i--)
        needed -= flow->opening_places[i - 1];
    return needed;
}

/* Where a price that falls comes to what the use of a place costs, so that nobody has to be there any more; or to
 * nothing. */
static Sum
next_closing(const Flow *flow, guint column)
{
    guint i = flow->opening_extra != NULL ? flow->opening[column] : 0;
    const guint first = flow->opening_extra != NULL ? flow->component->first_slot[column] : 0;
    while (i > first &&
           (flow->opening_extra[i - 1] >= flow->price[column] || flow->opening_places[i - 1] == 0))
        i--;
    return i > first ? flow->opening_extra[i - 1] : 0;
}

static gboolean
has_room(const Flow *flow, guint node)
{
    return node == flow->len || flow->load[node] < flow->places[node];
}

static gboolean
is_crowded(const Flow *flow, guint node)
{
    return node != flow->len && flow->load[node] > flow->places[node];
}

/* ---- Stopping. */

static gboolean
is_stopped(Flow *flow)
{
    CnSolve *solve = flow->solve;
    if (solve->stopped != CN_STOPPED_NOT)
        return TRUE;
    if (solve->work_limit > 0 && solve->work > solve->work_limit)
        solve->stopped = CN_STOPPED_WORK;
    else if ((++flow->ticks & 63) == 0)
        solve->stopped = cn_stop_watch_look(solve->watch);
    return solve->stopped != CN_STOPPED_NOT;
}

/* ---- Rows. Behind the columns stands the least of each word, whatever fits: since columns stand by
 * service, island and town a word is mostly one neighbourhood, and what its nearest and its cheapest column
 * cost together is no more than any of its columns does. */

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

static gboolean is_settled(const Flow *flow, guint node);
static void lower_ways(Flow *flow, guint node, guint class_index, Sum cost, gint at);

/* In this order. */
#include "routing/assign-flow-stays.h"

#include "routing/assign-flow-pieces.h"

#include "routing/assign-flow-leavers.h"

#include "routing/assign-flow-near.h"

#include "routing/assign-flow-place.h"

#include "routing/assign-flow-raise.h"

#include "routing/assign-flow-rows.h"

#include "routing/assign-flow-search.h"

#include "routing/assign-flow-tree.h"

#include "routing/assign-flow-chain.h"

#include "routing/assign-flow-warm.h"

#include "routing/assign-flow-former.h"

#include "routing/assign-flow-held.h"

#include "routing/assign-flow-fall.h"

#include "routing/assign-flow-start.h"

#include "routing/assign-flow-finish.h"
