/* The layout of a market, for the files that compile it and solve it.
 *
 * Component: services that share offerings, and nobody else's business. Its columns are its offerings,
 * ordered by service, island, town and id, so that what one service asks for is mostly one stretch of
 * them. The places of a column that cost the same for their use are a slot. Under a quota such a column has a
 * back, where blockers stand, who pay for no use; see market-quota.h. Ask: a service that is asked for. Profile: what of a person and a need, besides the
 * town, decides between columns. Class: units that nothing tells apart. */
#pragma once

#include "routing/market.h"
#include "routing/market-fact-numbers.h"
#include "routing/market-numbers.h"
#include "routing/market-trips.h"

/* Columns come in words of 64, the last one filled up with columns that nobody may take. */
#define CN_WORD 64

/* Minutes from a town to a column that are no minutes. */
#define CN_MIN_NEVER   G_MAXINT32       /* it does not serve the town */
#define CN_MIN_NO_LINK (G_MAXINT32 - 1) /* no way is known */

/* Columns one after the other on one island, or to be asked one by one. */
typedef struct {
    guint first, end;
    gint16 island; /* -1: ask the model for each; see CN_RUN_REMOTE */
    guint ports, ports_len;
    gint32 legs_most;
    gint32 *legs; /* by port, then column: 1/1024 minutes; CN_MIN_NO_LINK none */
} CnRun;
#define CN_RUN_REMOTE G_MININT16 /* nobody travels */

typedef struct {
    guint len; /* columns of offerings, each of one */
    guint first_back,
        end;     /* backs, from a word on behind them; both are @len where there are none */
    guint words; /* of 64 columns, backs included */
    guint *offering;
    gint64 *places;    /* of all its slots; G_MAXINT64 without end; pins are taken off */
    gint64 *extra;     /* of its first slot */
    guint *back;       /* by column of an offering: its back; 0 none */
    guint *first_slot; /* by column, one more */
    CnSlot *slots;     /* by column, the cheapest first; pins are taken off */
    gboolean stepped;  /* some column has several */
    guint *asks;       /* in CnMarket.asks; without that of blockers */
    guint asks_len;
    CnNumbers *bitmaps; /* words that its profiles name */
    guint classes_first, classes_len;
    gint64 cost_most;
    gint32 minutes_most; /* of those that are minutes */
    gint64 units;
    /* Travel: unit vectors of the columns, and runs. */
    double *x, *y, *z, *lat_deg, *lon_deg;
    guint32 *point; /* a number that equal points share */
    CnRun *runs;
    guint runs_len;
    guint *serves_columns; /* columns whose provider says whom it serves */
    guint serves_len;
} CnComponent;

typedef struct {
    CnServiceId service;
    gint component;    /* -1: nobody offers it */
    guint place;       /* among the asks of the component */
    guint first, end;  /* words that hold its columns */
    gint64 *fixed;     /* by column: cost for a person of whom nothing is known */
    guint64 *standing; /* columns that may take anybody at all */
} CnAsk;

/* A column whose cost differs from what the profile's sums say. */
typedef struct {
    guint column;
    gint64 add;
} CnPatch;

typedef struct {
    guint ask;
    guint bits;                 /* in CnMarket.bitmaps: columns that fit, without those patched */
    gint foreign;               /* in CnMarket.bitmaps: columns with no shared language; -1 none */
    gint64 add;                 /* to every column but those patched */
    guint patches, patches_len; /* in CnMarket.patches */
} CnProfile;

typedef struct {
    guint profile;
    CnAreaId town;    /* CN_AREA_NONE: nobody travels */
    gint32 limit_min; /* 0 none */
    guint8 urgency;   /* CnUrgency, or CN_BLOCKER */
    guint8 free;      /* further units of a need: no cost of their own */
    guint first_unit; /* in CnMarket.members; blockers have none */
    guint units;
} CnClass;

/* Nobody: takes a place away that a quota does not allow, and weighs more than any person. See
 * market-quota.h. */
#define CN_BLOCKER      3
#define CN_WEIGHTS_MOST 4 /* tiers, and blockers */

/* What of a need is asked for again and again while a market is compiled. */
typedef struct {
    CnServiceId service;
    CnAreaId town;
    gint32 limit_min;
    guint8 urgency;
} CnNeedRow;

/* A town of the cases. */
typedef struct {
    gint32 *legs; /* to all ports, as CnTripPorts has them */
    gint32 legs_most;
    CnTripHome point;
    guint32 number; /* of the point; see CnComponent.point */
} CnMarketHome;

struct CnMarket {
    CnDirectory *directory;
    CnPolicy *policy;
    carenet_cases *cases;
    CnMarketOptions options; /* without pins */
    gint64 now_s, at_s;
    guint needs_len, units_len;
    guint *first_need; /* by person, one more; NULL: everybody has one need */
    guint *person;     /* by need; NULL the same */
    guint *first_unit; /* by need, one more; NULL: every need has one unit */
    CnNeedRow *rows;   /* by need, while it is compiled */
    guint32 *facts;    /* by need, then kind: numbers of @fact_numbers; while it is compiled */
    CnFactNumbers fact_numbers;
    gboolean in_order;    /* cases by their references */
    gboolean families;    /* whether a case names a group of siblings */
    gint32 *pinned;       /* by need, or NULL: none */
    guint *class_of_need; /* of the first unit; CN_NO_CLASS pinned or not offered */
    guint *class_of_more; /* of the further units, or NULL: no need has any */
    CnQuotas quotas;
    guint8 *asked;        /* by offering: whether anybody asks for it; NULL without quotas */
    gint64 *quota_offers; /* by group of quotas: places, if it had none itself; NULL the same */
    GArray *asks;         /* (element-type CnAsk) */
    gint *ask_of_service; /* by service; -1 nobody asks */
    GArray *components;   /* (element-type CnComponent) */
    guint *column_of;     /* by offering: its column; see cn_market_column() */
    GArray *profiles;     /* (element-type CnProfile) */
    GArray *patches;      /* (element-type CnPatch) */
    GArray *bitmaps;      /* (element-type guint64*) words of a component, which has them */
    CnClass *classes;
    guint classes_len;
    guint *members; /* units by class, by reference of the case */
    CnLevels pinned_levels;
    gint64 step;
    CnMarketHome *homes; /* by area; nothing where nobody lives */
    guint ports_len;
};
#define CN_NO_CLASS G_MAXUINT

/* Whether it is a column or a back, and not there to fill a word. */
static inline gboolean
cn_component_has(const CnComponent *component, guint column)
{
    return column < component->len || (column >= component->first_back && column < component->end);
}

static inline gboolean
cn_bit(const guint64 *words, guint i)
{
    return ((words[i / CN_WORD] >> (i % CN_WORD)) & 1) != 0;
}

static inline guint
cn_market_units_of(const CnMarket *market, guint need)
{
    return market->first_unit != NULL ? market->first_unit[need + 1] - market->first_unit[need] : 1;
}

static inline CnComponent *
cn_market_component(const CnMarket *market, guint i)
{
    return &g_array_index(market->components, CnComponent, i);
}

static inline CnAsk *
cn_market_ask(const CnMarket *market, guint i)
{
    return &g_array_index(market->asks, CnAsk, i);
}

/* The column of the offering, not its back; -1 where the component has none. */
static inline gint
cn_market_column(const CnMarket *market, const CnComponent *component, guint offering)
{
    const guint column = market->column_of[offering];
    return column < component->len && component->offering[column] == offering ? (gint)column : -1;
}

static inline const CnProfile *
cn_market_profile(const CnMarket *market, guint i)
{
    return &g_array_index(market->profiles, CnProfile, i);
}

static inline const guint64 *
cn_market_bitmap(const CnMarket *market, guint i)
{
    return g_array_index(market->bitmaps, const guint64 *, i);
}
