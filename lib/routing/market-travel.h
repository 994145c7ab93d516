/* Minutes from a town to all columns of a component: see market-travel.c. */
#pragma once

#include "routing/market-private.h"
#include "routing/market-trips.h"

/* Finds where the cases' towns are, and the ways from there to the ports. */
void cn_market_lay_homes(CnMarket *market);

/* Keeps points, islands and legs of the columns. */
void cn_component_lay_travel(const CnMarket *market, CnComponent *component);
void cn_component_clear_travel(CnComponent *component);

/* Fills @minutes, one a column and CN_MIN_NEVER up to the end of the last word: as
 * cn_origin_travel() or the plug-in for travel, 0 where nobody travels, CN_MIN_NO_LINK, or CN_MIN_NEVER for
 * columns that do not serve the town or that a plug-in removes. */
void cn_component_minutes(const CnMarket *market,
                          const CnComponent *component,
                          CnAreaId town,
                          CnCpuPath cpu,
                          gint32 *minutes);

/* Sets minutes_most: no trip from one of @towns takes longer. */
void cn_component_bound_travel(const CnMarket *market,
                               CnComponent *component,
                               const CnAreaId *towns,
                               guint towns_len);
