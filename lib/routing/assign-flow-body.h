/* The solver of one component, written once for 32-bit and for 64-bit sums, and for ways of 16, 32 and 64 bits.
 * assign-flow.c, assign-flow-middle.c and assign-flow-wide.c include it after assign-ways-types.h, and say which
 * scans a processor gets, and whether they keep ways of the unmet.
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
 *      -room    how many places there are
 *      -minutes minutes of travel from a town
 *      -costs   what a class pays
 *      -ways    what is kept of ways, and names
 *      -stays   who stands where
 *      -kinds   who of them is alike
 *      -leavers who goes from one node to another
 *      -near    lists of the nearest columns of a class
 *      -place   everybody to the best at the prices given
 *      -raise   first: crowded columns raise their prices
 *      -pool    memory of which much is needed for a while
 *      -mirrors rows of ways once more, by column
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
 *      -prices  prices in and out
 *      -stopped what a stopped run gives
 *      -frame   what it is made of
 *      -finish  all of it from beginning to end */

typedef CnSum Sum;
typedef CnMinutes Minutes;
typedef CnWay Way;
typedef CnName Name;
typedef CnView View;
typedef CnRow Row;
typedef CnPiece Piece;
typedef CnNear NearList;
#define FAR             CN_FAR
#define WAY_FAR         CN_WAY_FAR
#define NAME_NONE       CN_NAME_NONE
#define MINUTES_NO_LINK CN_MINUTES_NO_LINK

#define SCAN_BOUNDS(flow, view, word_price, bounds_out) \
    (flow)->scans->bounds((view), (flow)->len, (word_price), (bounds_out))
#define SCAN_BEST(flow, view, price, bounds, out_column, out_words) \
    (flow)->scans->best((view), (price), (bounds), (out_column), (out_words))
#define SCAN_NEAR(flow, view, price, bounds, list) \
    (flow)->scans->near((view), (price), (bounds), (list))
#define SCAN_WITHIN(flow, view, price, bounds, most, columns, sums, out_words) \
    (flow)->scans->within((view), (price), (bounds), (most), (columns), (sums), (out_words))
#define SCAN_LOWER(flow, view, word, own, row, mirror, name) \
    (flow)->ways_scans->lower((view), (word), (own), (row), (mirror), (name))
#define SCAN_LEAST(flow, a, b, len, out) (flow)->scans->least((a), (b), (len), (out))
#define SCAN_LEAST_WAY(flow, ways, starts, len, out) \
    (flow)->ways_scans->least_way((ways), (starts), (len), (out))
#define SCAN_NEXT_WORD(flow, out_word)                                                \
    (flow)->scans->next_word((flow)->word_key, (flow)->word_reach, (flow)->word_hold, \
                             (flow)->words_room, (out_word))
#define SCAN_RELAX_PIECES(flow, pieces, len, start, node)                                   \
    (flow)->ways_scans->relax_pieces((pieces), (len), (start), (flow)->reach, (flow)->hold, \
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

/* Those of a kind who stand at a node; see -kinds. */
typedef struct {
    guint kind; /* and whether they share no language here; see kind_at() */
    guint town;
    Sum own;   /* what they pay here, without what each adds */
    gint last; /* the position of the last to come */
    const Sum *base;
} KindHere;

/* Who of his kind came just before and after a stay; -1 nobody. */
typedef struct {
    guint kind; /* in Standing.kinds */
    gint before, after;
} Same;

/* All who stand at a node, in the order of their coming; see -stays. */
typedef struct {
    Stay *stay;
    PlaceLink *link;
    guint len, gone, size; /* positions that are used, gaps among them, and room for so many */
    Same *same;            /* NULL: nobody has asked for kinds */
    KindHere *kinds;
    guint kinds_len, kinds_size;
} Standing;

/* What is known of the ways of a node. */
typedef struct {
    Way *least;  /* by word of which no piece is made: no way there is less; else WAY_FAR */
    guint16 *at; /* by word: its piece + 1; 0 none is made; see -pieces */
    Piece *pieces;
    guint len, room;
    GList *holder; /* of it in Flow.holders; NULL: it has no pieces */
} Ways;

/* Memory for so many things of a pool. */
typedef struct {
    char *bytes;
    guint things;
} Chunk;

/* Things of one size, which are asked of the system many at a time; see -pool. */
typedef struct {
    gsize bytes;       /* of one */
    guint least;       /* that are asked for at once */
    guint len;         /* all that there are */
    GArray *chunks;    /* (element-type Chunk) */
    GPtrArray *unused; /* of them */
} Pool;

/* Slots of the mirror of a word, CN_MIRROR_SLOTS of them; see -mirrors. */
typedef struct {
    Sum start
        [CN_MIRROR_SLOTS]; /* what is found of the node, if it is settled and the piece relaxed; else FAR */
    guint node[CN_MIRROR_SLOTS];
    Way sum[CN_WORD * CN_MIRROR_SLOTS]; /* by column, then slot */
} MirrorPart;

/* All pieces of a word, turned. */
typedef struct {
    guint len, parts_len, parts_room;
    MirrorPart **parts;
} Mirror;

/* Ways of a settled node to one word, which a search may come to yet. */
typedef struct {
    guint node;
    Sum reach; /* no column of the word is reached for less by them */
} Later;

/* A heap: the nearest is the first. What is farther than a horizon is not in it. */
typedef struct {
    Later *all;
    guint len, room;
    guint most;  /* more of them draw the horizon in */
    Sum horizon; /* FAR: there is none */
    Sum beyond;  /* nothing that waits beyond it reaches the word for less; FAR: nothing does */
} LaterHeap;

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
    const CnWayTable *ways_scans;
    const CnMarket *market;
    const CnComponent *component;
    const CnClass *classes;
    guint len; /* columns with the filling; also the node of the unmet */
    Sum step, penalty[CN_WEIGHTS_MOST];
    Sum no_link, per_min; /* what it costs to travel */
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
    guint *kind_of_class;
    Sum *kind_least; /* of those who are asked: by kind at a node */
    guint kind_least_len;
    /* Ways by node; NULL where none were asked for. */
    guint words, words_room; /* of the columns; rounded up to what can be scanned */
    guint names_most;        /* positions before it have a name */
    Ways **ways;
    Mirror *mirrors;   /* by word */
    Sum *unmet_way;    /* by node: to the unmet */
    gint32 *unmet_who; /* whose it is */
    guint *asked;      /* by node: how many were asked instead of its ways since somebody left;
                                 * 0 they are exact */
    Pool rows, parts;  /* memory for pieces, and for mirrors */
    guint rows_most, rows_limit;
    guint64 rows_dropped; /* since there may be so many */
    GQueue *holders;      /* nodes that have pieces, who was settled last at the end */
    Way *class_least;     /* by word, of the class that was asked for last */
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
    LaterHeap *later;    /* by word */
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
    GArray *order;   /* (element-type gint) positions of those at a node */
    GArray *settled; /* (element-type guint) */
    GArray *path;    /* (element-type guint) */
    guint ticks;
} Flow;

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

static gboolean is_settled(const Flow *flow, guint node);
static void lower_ways(Flow *flow, guint node, guint class_index, Sum cost, gint at);
static void join_kind(Flow *flow, guint node, gint at);
static void leave_kind(Flow *flow, guint node, gint at);
static void forget_kinds(Flow *flow, guint node);

/* In this order. */
#include "routing/assign-flow-room.h"

#include "routing/assign-flow-minutes.h"

#include "routing/assign-flow-costs.h"

#include "routing/assign-flow-ways.h"

#include "routing/assign-flow-stays.h"

#include "routing/assign-flow-kinds.h"

#include "routing/assign-flow-pool.h"

#include "routing/assign-flow-mirrors.h"

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

#include "routing/assign-flow-prices.h"

#include "routing/assign-flow-stopped.h"

#include "routing/assign-flow-frame.h"

#include "routing/assign-flow-finish.h"
