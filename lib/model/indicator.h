/* Indicators: what a programme achieved in a period, each a measure of its records with filters.
 * Pure: programmes in, a table out. The measures are a small fixed set; data/indicators.yaml says
 * which of them are asked and what they are called. */
#pragma once

#include "model/network.h"

typedef enum {
    CN_MEASURE_PARTICIPANTS,    /* sum of participants of trainings */
    CN_MEASURE_CASES_STARTED,   /* distinct cases for which a service started */
    CN_MEASURE_CARE_PLANS,      /* distinct cases with a care plan */
    CN_MEASURE_ORDINANCE_AREAS, /* distinct areas with an ordinance passed and implemented */
    CN_MEASURE_NETWORKS,        /* distinct areas where a network was formed */
    CN_MEASURE_NETWORK_MEMBERS, /* sum of the members of these networks */
    CN_MEASURE_BODIES,          /* bodies formed */
    CN_MEASURE_MEETINGS,        /* meetings held */
    CN_MEASURE_PLANNED_AREAS,   /* distinct areas where strategic planning was conducted */
    CN_MEASURES,
} CnMeasure;

gboolean cn_measure_parse(const char *text, CnMeasure *out);
/* "did you mean ...?", or the list of all. (transfer full) */
char *cn_measure_suggest(const char *text);
const char *cn_measure_unit(CnMeasure measure);
/* Whether a small value may tell of somebody. */
gboolean cn_measure_counts_persons(CnMeasure measure);

/* One indicator; owns its texts. Filters that are not set take everything. */
typedef struct {
    char *id;
    char *label;
    CnMeasure measure;
    CnAreaId area;
    gint course;          /* term of the courses; -1 any */
    char *title;          /* of a training without a course */
    GPtrArray *audiences; /* (element-type utf8) static words */
    GArray *services;     /* (element-type CnServiceId) these and all below them */
    const char *kind;     /* of bodies */
    const char *meeting;  /* of meetings */
    gboolean additive;    /* whether its values may be added up, with others and over areas */
} CnIndicator;

CnIndicator *cn_indicator_new(void);
void cn_indicator_free(CnIndicator *indicator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnIndicator, cn_indicator_free)

typedef struct {
    CnDate from, to; /* inclusive; unset: the period of the programmes */
    gboolean by_region;
    gboolean suppress; /* counts of persons from 1 to 4, and what would give them back */
} CnIndicatorQuery;

/* Counts of persons up to this one are not shown outside of the network. */
#define CN_SMALL_COUNT 4

/* Marks the cells of a margin that must not be shown: counts from 1 to CN_SMALL_COUNT, and as many
 * others, smallest first, as are needed so that the sum of what is hidden leaves every hidden cell
 * room for more than CN_SMALL_COUNT. Returns whether the total must be hidden, too. O(cells^2). */
gboolean cn_suppress(const gint64 *cells, gsize cells_len, gboolean *out_hidden);

/* Columns indicator, label, area, value, unit, origin, additive, from, to, detail, suppressed. A
 * record counts where the day on which it began (of a month or a year its first day) lies in the
 * period. A tally that no indicator claims becomes a warning. (transfer full) */
carenet_table *cn_indicators_compute(const GPtrArray *indicators,
                                     const CnNetwork *network,
                                     const CnReference *reference,
                                     const CnIndicatorQuery *query);
