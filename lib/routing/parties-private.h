/* The search of parties.c: who picks, among what, and what all of it can cost at least. */
#pragma once

#include "routing/levels.h"
#include "routing/market-row.h"
#include "routing/parties.h"
#include "routing/plan-bonds.h"

/* Offerings that a party remembers: the best by the first prices. Where none of them will do it looks
 * at all again. */
#define CN_SHORT_LIST 128
/* By themselves siblings are only guessed at. */
#define CN_OWN_LIST 32

#define CN_PARTY_RULES (CN_RULES_ALL & ~CN_RULE_BIT(CN_RULE_FULL))
/* Who is where changes while parties pick; these are asked then. */
#define CN_APART_RULES                                                     \
    (CN_RULE_BIT(CN_RULE_CO_VICTIM) | CN_RULE_BIT(CN_RULE_SIBLING_APART) | \
     CN_RULE_BIT(CN_RULE_BUNDLE))

/* An offering that may take all of a party. */
typedef struct {
    guint offering;
    gint64 cost; /* of all its needs */
} CnChoice;

/* Needs that have one place to go to, or none. */
typedef struct {
    GArray *needs;   /* (element-type guint) positions, by reference */
    gint64 units;    /* that want a place: without pinned needs */
    CnLevels weight; /* what it costs to leave all of them unmet */
    gint pinned;     /* where one of them must be; -1 */
    gint at;         /* offering; -1 unmet */
    gboolean apart;  /* some of them must keep apart from somebody, or have a provider of others */
    gboolean held;   /* a flock or pack has them in this round */
    gboolean packed; /* a pack has them in bounds */
    GArray *choices; /* (element-type CnChoice) the short list, by offering */
    CnLevels least;  /* at the prices of the last look: no plan gives them less */
} CnParty;

/* Needs of a bond: all at one offering, or each by itself at a price. */
typedef struct {
    const CnBond *bond;
    gint64 units;    /* without pinned needs */
    gint pinned;     /* where one of them must be; -1 */
    gboolean parted; /* by pins: they are never together */
    gboolean apart;  /* some of them must keep apart from somebody else */
    gint at;         /* offering; -1 each by itself */
    GArray *choices; /* (element-type CnChoice) that take all of them */
    GArray **own;    /* by member: (element-type CnChoice) that take it */
    CnLevels least;  /* as above */
    CnLevels whole;  /* the same if they had to stay together */
} CnFlock;

/* Needs of one case that one provider is to meet: all by one, or, where that is only preferred, each by
 * itself at a price. Those that go where siblings go are not among them. */
typedef struct {
    const CnBond *bond;
    GArray *needs; /* (element-type guint) by number */
    GArray **own;  /* by member: (element-type CnChoice) that take it, a short list */
    gint *at;      /* by member: where the pack has it; -1 */
    gboolean joint;
    CnLevels least, weight; /* as above */
} CnPack;

/* How flocks and packs pick in a round. */
typedef enum {
    CN_FLOCKS_ASLEEP,   /* each by itself */
    CN_FLOCKS_TOGETHER, /* together wherever there is room */
    CN_FLOCKS_CHOOSE,   /* together where that is better */
    CN_FLOCKS_LEN
} CnFlockMode;

typedef struct {
    const CnMarket *market;
    const CnPlanNeeds *needs;
    const CnAssignOptions *options;
    CnPlanBonds bonds;
    GPtrArray *parties; /* (element-type CnParty) the weightiest first */
    GPtrArray *flocks;  /* (element-type CnFlock) the same */
    GPtrArray *packs;   /* (element-type CnPack) the same */
    GArray *order[3];   /* (element-type guint) of parties, flocks, packs: who picks before whom */
    gint *offering_of;  /* of the needs that pick, while they do */
    gint64 *price;      /* by offering: of the last solution; see cn_search_take_prices() */
    CnLevels *worth;    /* the same as levels */
    gint64 *places;     /* by offering: of the market */
    CnMarketRows *rows;
    GArray *row;      /* (element-type gint64) room for rows of costs */
    GPtrArray *found; /* (element-type GArray (element-type CnFound)) room for lists */
    guint32 *pinned;  /* by offering: places of pinned needs */
    guint32 *taken;   /* by offering: places of those who pick besides */
    gint64 *under;    /* by group of quotas: places of both */
    gint *party_of;   /* by need; -1 */
    gint32 *former;   /* by unit: where the solver had it last */
    guint8 *left_out; /* by need: what the solver is not asked for in this round */
    guint64 work;
    gint64 look_us;  /* that the first look at all took */
    CnLevels strict; /* no plan is below in which all flocks are together or have nothing */
} CnSearch;

static inline CnParty *
cn_search_party(const CnSearch *search, guint i)
{
    return g_ptr_array_index(search->parties, i);
}

static inline CnFlock *
cn_search_flock(const CnSearch *search, guint i)
{
    return g_ptr_array_index(search->flocks, i);
}

/* The party, flock or pack that is the @i-th to pick. */
typedef enum {
    CN_ORDER_PARTIES,
    CN_ORDER_FLOCKS,
    CN_ORDER_PACKS
} CnOrder;

static inline guint
cn_search_at(const CnSearch *search, CnOrder order, guint i)
{
    return g_array_index(search->order[order], guint, i);
}

static inline CnPack *
cn_search_pack(const CnSearch *search, guint i)
{
    return g_ptr_array_index(search->packs, i);
}

/* Of a need that nobody takes; nothing of one that is pinned: it is met. */
static inline CnLevels
cn_search_unmet(const CnSearch *search, guint need)
{
    const CnNeed *of = cn_plan_need_of(search->needs, need);
    const CnLevels one = cn_levels_of_unmet(of->urgency);
    CnLevels levels = {{0}, 0};
    if (cn_market_pinned(search->market, need) < 0)
        cn_levels_add(&levels, &one, of->units);
    return levels;
}

/* Of all of them. (element-type guint) */
static inline CnLevels
cn_search_unmet_all(const CnSearch *search, const GArray *needs)
{
    CnLevels sum = {{0}, 0};
    for (guint i = 0; i < needs->len; i++) {
        const CnLevels unmet = cn_search_unmet(search, g_array_index(needs, guint, i));
        cn_levels_add(&sum, &unmet, 1);
    }
    return sum;
}

static inline guint
cn_search_provider(const CnSearch *search, guint offering)
{
    return (guint)search->needs->asked.directory->listing->offerings[offering].provider;
}

/* ---- parties-make.c */

void cn_search_init(CnSearch *search);
void cn_search_clear(CnSearch *search);

/* ---- parties-look.c */

/* Units of so many places at an offering, at the last prices: no plan gives them less for it. */
static inline CnLevels
cn_search_value(const CnSearch *search, gint64 cost, gint64 units, guint offering)
{
    CnLevels value = {{0}, cost};
    if (search->price[offering] > 0)
        cn_levels_add(&value, &search->worth[offering], units);
    return value;
}

/* Whether it ever takes so many. */
static inline gboolean
cn_search_holds(const CnSearch *search, gint64 units, guint offering)
{
    return search->places[offering] < 0 || search->places[offering] >= units;
}

/* By offering; NULL: nothing costs anything. */
void cn_search_take_prices(CnSearch *search, const gint64 *price);

/* Calls @visit for every offering where any of @needs may go, all of one service, with what each of them pays there or
 * CN_ROW_NEVER. Who must not meet whom is not asked. @together: siblings who must stay together count. A pinned need pays
 * nothing where it is, and goes nowhere else. */
typedef void (*CnSearchVisit)(guint offering, const gint64 *costs, gpointer data);
void cn_search_visit(CnSearch *search,
                     const GArray *needs,
                     gboolean together,
                     CnSearchVisit visit,
                     gpointer data);
/* All that were found of one kind, of which the best are kept. */
typedef struct {
    CnLevels value;
    CnChoice choice;
} CnFound;
/* Room for the list @i, which is empty. */
GArray *cn_search_found(CnSearch *search, guint i);
void cn_found_add(GArray *found, const CnChoice *choice, const CnLevels *value);
/* Puts the @most best, in no order, in place of @choices; nothing is left in @found. */
void cn_found_keep(GArray *found, guint most, GArray *choices);

/* ---- parties-order.c */

/* Everybody once more, each with all the others where they are: first those who have no choice. FALSE
 * where a pin parts siblings or brings two together who must be kept apart. */
gboolean cn_search_pick_all(CnSearch *search, CnFlockMode mode, GError **error);
/* Parties that are neither pinned nor held, those of several needs first. FALSE as above. */
gboolean cn_search_pick_open(CnSearch *search, GError **error);

/* ---- parties-pick.c */

/* What cn_search_value() says, for whoever picks now: its places may be dearer for their use than anybody is asked for so far. */
CnLevels cn_search_offer(const CnSearch *search, gint64 cost, gint64 units, guint offering);
/* Gives a place of so many units, or, with less than none, gives it back. */
void cn_search_take(CnSearch *search, guint offering, gint64 units);
gboolean cn_search_has_room(const CnSearch *search, gint64 units, guint offering);
/* Whether those who have a say in it let a need be there, everybody being where @offering_of has them; no way is asked. */
gboolean cn_search_may_meet(const CnSearch *search,
                            guint need,
                            guint offering,
                            const gint *offering_of);
/* The cost lines of a need there. @way is quick for needs of one area one after the other. */
gint64 cn_search_cost(const CnSearch *search, guint need, guint offering, CnPlanWay *way);

/* Every offering that may take the party, or the best of them; and the least it may cost. With
 * @only_least its list stays as it is. */
void cn_party_look(CnSearch *search, CnParty *party, gboolean only_least);
/* Picks by the last prices, everybody else being where they are. */
void cn_party_pick(CnSearch *search, CnParty *party);
/* Takes it away from where it is. */
void cn_party_leave(CnSearch *search, CnParty *party);
/* Puts it to a place that it may have; -1 none. */
void cn_party_put(CnSearch *search, CnParty *party, gint offering);

/* ---- parties-flock.c: the same for a flock. */

CnFlock *cn_flock_new(CnSearch *search, const CnBond *bond);
void cn_flock_free(gpointer data);
void cn_flock_look(CnSearch *search, CnFlock *flock, gboolean only_least);
void cn_flock_pick(CnSearch *search, CnFlock *flock, CnFlockMode mode);
/* Puts it where all of it is; else each is by itself. */
void cn_flock_put(CnSearch *search, CnFlock *flock, const gint *offering_of);

/* ---- parties-pack.c: the same for a pack; NULL where siblings have all of its needs. */

CnPack *cn_pack_new(CnSearch *search, const CnBond *bond);
void cn_pack_free(gpointer data);
void cn_pack_look(CnSearch *search, CnPack *pack, gboolean only_least);
void cn_pack_leave(CnSearch *search, CnPack *pack);
/* FALSE where pins take a case to two providers that asks for one. */
gboolean cn_pack_pick(CnSearch *search, CnPack *pack, CnFlockMode mode);

/* ---- parties-bound.c */

/* What no plan is below, by the prices of @solved, which the solver found with search->left_out and
 * search->taken as they are. */
CnLevels cn_search_bound(CnSearch *search, const CnAssignment *solved);

/* Takes off what the units of a need pay in @solved, which is the least that each of them can. */
void cn_search_take_off(const CnSearch *search,
                        const CnAssignment *solved,
                        guint need,
                        CnLevels *bound);

/* What changes of it with the prices, at those of the last look; where there are no quotas and use costs nothing. */
CnLevels cn_search_sum(CnSearch *search);

/* ---- parties-ascent.c */

/* Prices at which the bound of @out may say more, of which only the cost is below that of the plan; NULL where
 * nothing was tried. A stop ends it early. (transfer full) */
gint64 *cn_search_ascend(CnSearch *search, CnPlacement *out);

/* ---- parties-exchange.c */

/* Lets families of the answer in @out change places with those who stand elsewhere, while that costs less. Whether any
 * did. Nobody who picks is anywhere before and after. */
gboolean cn_search_exchange(CnSearch *search, CnPlacement *out);

/* ---- parties-branch.c */

/* Looks at every way to place the families of a short list that could be better than @out, and keeps the best. Says in
 * @out whether it came to its end. Nobody who picks is anywhere before; after it they have to be left once more. */
gboolean cn_search_branch(CnSearch *search, CnPlacement *out, GError **error);

/* ---- parties.c */

/* Asks the solver for all who are not left out; its prices and places are where one begins the next time. */
gboolean cn_search_solve(CnSearch *search, CnPlacement *out, CnAssignment *rest, GError **error);

/* Whether the time is over, or somebody asked to stop: looked up between two looks, each of which is short. */
gboolean cn_search_is_stopped(const CnSearch *search, CnPlacement *out);

/* ---- parties-value.c */

/* Of another answer than that in @out, whose value is known. */
CnLevels cn_search_levels(const CnSearch *search, const CnPlacement *out, const gint *offering_of);
/* What those who picked pay for the use of their places, pinned needs having theirs before them. */
gint64 cn_search_use_of_taken(const CnSearch *search);
/* Keeps in @out what @rest and those who were left out are, where it is the best so far. Its value. */
CnLevels cn_search_keep_better(const CnSearch *search, const CnAssignment *rest, CnPlacement *out);

/* ---- parties-fill.c */

/* Whoever has nothing goes where there still is room, those first whom it is worst to leave. */
void cn_search_fill(CnSearch *search, CnPlacement *out);

/* ---- parties-strict.c */

/* The answer where siblings who would like to stay together have to, on a market of its own. FALSE where nobody
 * would like to, or where pins or the list itself do not allow it. */
gboolean cn_search_place_strictly(const CnSearch *search,
                                  const CnAssignOptions *options,
                                  CnPlacement *strict);
