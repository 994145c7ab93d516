/* Quotas in a market: blockers.
 *
 * A group of offerings with C places of which only N may be taken gets C - N blockers: units that cost
 * nothing, may stand at any offering of the group, and weigh more than any person. In a laminar family
 * people can be placed under all quotas exactly when all blockers find a place besides them, so the
 * solver, its prices and its proof stay what they are (docs/design/0011).
 *
 * Blockers pay for no use, so where use costs something people and blockers are told apart by two columns of as
 * many places each, and between them goes for each place a pass:
 *
 *      people --> column <-- pass --> back <-- blockers
 *
 * A pass stands at the column for nothing while nobody has the place, and at the back for what the place costs
 * while somebody has: n people at the column send n passes to the back, the cheapest first, and leave that many places fewer
 * to the blockers. A pass weighs what a blocker does. So use is a cost of single units once more (docs/design/0012). */
#pragma once

#include "routing/market-private.h"

/* Joins the services whose offerings share a quota that can bind. @owner is by offering: an ask that has
 * it, -1 none; @parent the asks' sets. */
void cn_market_join_quotas(CnMarket *market, const gint *owner, guint *parent);

/* Whether the offering is in a group that can bind. */
gboolean cn_market_can_bind(const CnMarket *market, guint offering);

/* Whether pins are within all quotas: CAPACITY where not; TOO_LARGE for more places under one than can be
 * counted. */
gboolean cn_market_check_quotas(const CnMarket *market, GError **error);

/* The blockers of a group as a class of a component; FALSE where it can never bind. Makes the ask and profile
 * that they need, when the component has the bitmaps of its own. */
gboolean cn_market_blockers(CnMarket *market, guint group, guint *out_component, CnClass *out);

/* Appends the passes of a component to @classes (element-type CnClass), a class for each slot, those of a column by what
 * they pay; and gives backs their places. */
void cn_market_passes(CnMarket *market, guint component, GArray *classes);

/* Whether the class is one of passes. */
gboolean cn_market_is_pass(const CnMarket *market, const CnClass *one);
/* The slot that passes of the class stand for, and their column. */
const CnSlot *cn_market_slot_of_pass(const CnMarket *market,
                                     const CnComponent *component,
                                     const CnClass *one,
                                     guint *out_column);
