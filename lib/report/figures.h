/* The figures of the reports, as tables of which everything may be shown to whoever reads them: counts
 * of persons that must not be are null there already, and pictures see these tables only.
 *
 * Tables of persons stand each by itself below one total (CnFigures.referrals, .needed, .unmet): they
 * share nothing else, so that no count can be found by comparing them. docs/report.md tells why that
 * is enough. */
#pragma once

#include "directory/directory.h"
#include "model/plan.h"
#include "model/policy.h"

/* What the figures are made from. */
typedef struct {
    const CnDirectory *directory;
    const CnPolicy *policy;
    const carenet_table *referrals;    /* as of carenet_referral_list(); NULL: none */
    const struct carenet_cases *cases; /* nullable: where cases live, by reference; for
                                        * the flow where a referral does not say */
    const CnPlan *plan;                /* nullable: of these cases */
    CnDate from, to; /* of referrals, by the day on which they were made; unset: all */
    gint64 now_s;
    gboolean suppress;
} CnFigureQuestion;

/* A total that tables share; -1: it is from 1 to 4, and must not be shown. */
#define CN_TOTAL_HIDDEN (-1)

/* Columns service, area (a region; null: all of them, as outsiders get it), stale, unit, offerings,
 * total, taken, free, suppressed. Restricted sites and unknown capacities are counted in offerings of
 * rows whose numbers are null. (transfer full) */
carenet_table *cn_figure_capacity(const CnFigureQuestion *asked);

/* Columns home, serving (regions; null: not known), outcome (helped, underway, waiting, refused; null:
 * not told to outsiders), referrals, suppressed. Referrals that were redirected go on as another one.
 * (transfer full) */
carenet_table *cn_figure_flow(const CnFigureQuestion *asked, gint64 *out_total);

/* Columns state (started: from sending to the start; waiting: until now; ended: without help),
 * from_days, to_days (null: no end), referrals, suppressed. (transfer full) */
carenet_table *cn_figure_waiting(const CnFigureQuestion *asked);

/* Columns service, area (of the cases; null: not known), needed (null for outsiders), unmet,
 * suppressed; every service that is needed by every region. NULL without a plan. (transfer full) */
carenet_table *cn_figure_unmet(const CnFigureQuestion *asked);

/* Columns stage (needed, not-offered, not-eligible, not-reachable, no-free-place, places-taken,
 * placed), units, suppressed: needed is the sum of the others. NULL without a plan. (transfer full) */
carenet_table *cn_figure_funnel(const CnFigureQuestion *asked);

/* The needs of the referrals that nobody met: one case each, called by its referral. A need counts where
 * a referral of the period was declined, expired or waits, and no other one of the same need is underway
 * or has helped. What is not known of a case does not stand in the way. (transfer full) */
carenet_cases *cn_figure_unmet_cases(const CnFigureQuestion *asked);

/* ---- What they share. */

/* Hides what must be hidden of the cells that make up a total of persons. Where that total is from 1
 * to 4, or cells cannot be protected one by one, all are hidden, empty ones too. */
void cn_figure_hide(const gint64 *cells, gsize cells_len, gboolean *out_hidden);
/* The total as it may be shown. */
gint64 cn_figure_total(const CnFigureQuestion *asked, gint64 total);
/* The cases of the question by reference. (element-type utf8 CnCase) borrowed. (transfer container) */
GHashTable *cn_figure_cases(const CnFigureQuestion *asked);
/* The region of the network that an area lies in; their number: elsewhere, or not known. */
guint cn_figure_region(const CnListing *listing, CnAreaId area);
/* Appends @value or null, and whether it is suppressed. */
void cn_figure_add(CnTableBuilder *table, gint64 value, gboolean hidden);
