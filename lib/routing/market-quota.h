/* Quotas in a market: blockers.
 *
 * A group of offerings with C places of which only N may be taken gets C - N blockers: units that cost
 * nothing, may stand at any offering of the group, and weigh more than any person. In a laminar family
 * people can be placed under all quotas exactly when all blockers find a place besides them, so the
 * solver, its prices and its proof stay what they are (docs/design/0011). */
#pragma once

#include "routing/market-private.h"

/* Joins the services whose offerings share a quota that can bind. @owner is by offering: an ask that has
 * it, -1 none; @parent the asks' sets. */
void cn_market_join_quotas(CnMarket *market, const gint *owner, guint *parent);

/* Whether pins are within all quotas: CAPACITY where not; TOO_LARGE for more places under one than can be
 * counted. */
gboolean cn_market_check_quotas(const CnMarket *market, GError **error);

/* The blockers of a group as a class of a component; FALSE where it can never bind. Makes the ask and profile
 * that they need, when the component has the bitmaps of its own. */
gboolean cn_market_blockers(CnMarket *market, guint group, guint *out_component, CnClass *out);
