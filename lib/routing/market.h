/* The market of batch routing: a directory, a policy and a list of cases compiled once, so that all
 * needs can be put to all offerings together without a pair ever being stored.
 *
 *     needs, flat --> classes (same service, town, facts, tier) --> components --> cn_assign()
 *
 * Who may take whom, and at what cost, is exactly what the hard rules and the cost lines say, without
 * companions of the list and without the rule `full`: the compiled form is made by asking them about
 * one person of each kind. Siblings who must stay together (`require`) each keep their own cost but
 * may only go where every one of them may: the market that splits them is a lower bound.
 *
 * A market is immutable and may be used by several threads. It borrows nothing but the records that
 * it holds a reference to. */
#pragma once

#include "directory/directory.h"
#include "model/case.h"
#include "model/policy.h"
#include "routing/cost.h"
#include "routing/fairness.h"
#include "routing/quota.h"

#define CN_UNITS_OF_MARKET_MOST 100000000 /* units of all needs together */

/* A need that has its place already. */
typedef struct {
    guint need;
    guint offering; /* position in the listing */
} CnPin;

typedef struct {
    gint64 now_s; /* G_MININT64: the present */
    gint64 at_s;  /* when intake must be open; G_MININT64: now */
    gboolean include_unconfirmed;
    gboolean include_unknown_capacity;
    CnPlugged *plugged; /* nullable: what plug-ins said of these cases */
    const CnPin *pins;
    gsize pins_len;
    guint threads; /* of compiling; 0 or 1: the caller's alone */
} CnMarketOptions;

typedef struct CnMarket CnMarket;

void cn_market_options_init(CnMarketOptions *options);

/* Compiles, to the same market whatever the number of threads. O(needs + kinds of persons * offerings of their
 * services). NULL with CONFLICT where a pin
 * breaks a hard rule, CAPACITY where the pins do not fit, INVALID_ARGUMENT for a pin out of
 * range, TOO_LARGE for too many units or weights whose sums could not be told apart. (transfer full) */
CnMarket *cn_market_new(const CnDirectory *directory,
                        const CnPolicy *policy,
                        const carenet_cases *cases,
                        const CnMarketOptions *options,
                        GError **error);
void cn_market_free(CnMarket *market);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnMarket, cn_market_free)

/* ---- Needs, numbered case by case; units, numbered need by need. */

guint cn_market_needs_len(const CnMarket *market);
guint cn_market_person(const CnMarket *market, guint need);       /* position in the cases */
guint cn_market_need_in_case(const CnMarket *market, guint need); /* position in the case */
guint cn_market_first_need(const CnMarket *market, guint person); /* of a case */
guint cn_market_units_len(const CnMarket *market);
guint cn_market_first_unit(const CnMarket *market, guint need);
guint cn_market_need_of_unit(const CnMarket *market, guint unit);
/* Where a need is pinned, or -1. */
gint cn_market_pinned(const CnMarket *market, guint need);

/* The question that the rules and costs are asked about a need, from the area of its person. @origin is borrowed. */
CnQuestion cn_market_question(const CnMarket *market, guint need, const CnOrigin *origin);

/* The compiled answer for a pair: whether the need may go there, and the cost of its first unit without
 * that of use. The siblings with whom it must stay count. O(log offerings). For tests. */
gboolean cn_market_pair(const CnMarket *market, guint need, guint offering, gint64 *out_cost);

/* How many needs stand for themselves in the solver. For tests and benchmarks. */
guint cn_market_classes_len(const CnMarket *market);

/* ---- The objective. */

/* Unmet units by tier and cost, compared level by level. */
typedef struct {
    gint64 unmet[3]; /* by CnUrgency */
    gint64 cost;
} CnLevels;

gint cn_levels_compare(const CnLevels *a, const CnLevels *b);

/* The scalar form: routine weighs one step, urgent two, emergency three. A step is more than any
 * exchange of places can cost, so fewest unmet of the highest tier come first. */
gint64 cn_market_step(const CnMarket *market);
gint64 cn_market_penalty(const CnMarket *market, CnUrgency urgency);
/* For tests and benchmarks. */
gint64 cn_market_scalar(const CnMarket *market, const CnLevels *levels);

/* Free places of an offering before pins, within its quotas; -1 without end. */
gint64 cn_market_places(const CnMarket *market, guint offering);
const CnQuotas *cn_market_quotas(const CnMarket *market);
/* What the next @places after @before of an offering cost for their use, each as far as it costs more than
 * @above. */
gint64 cn_market_use(const CnMarket *market,
                     guint offering,
                     gint64 before,
                     gint64 places,
                     gint64 above);
