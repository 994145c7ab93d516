/**
 * Reports: what a network of care covers, and where it falls short.
 *
 *     carenet_report_query query;
 *     carenet_report_query_init(&query);
 *     query.regions = (const char *const[]){"caraga"}, query.regions_len = 1;
 *     carenet_table *rows =
 *         carenet_report_table(directory, policy, CARENET_REPORT_COVERAGE, &query, &error);
 *     carenet_table_unref(rows);
 *
 * Everything is worked out from the disclosed directory: no number tells where a restricted site is.
 * A report never holds the reference of a case. docs/report.md says what each figure means.
 */
#ifndef CARENET_REPORT_H
#define CARENET_REPORT_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/case.h>
#include <carenet/directory.h>
#include <carenet/error.h>
#include <carenet/plan.h>
#include <carenet/policy.h>
#include <carenet/programme.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A report. Since: 0.1 */
typedef enum {
    /** Who lives within reach of a service. One row a service and area: service, area, population (of
     *  the towns of the area), offerings (that can take somebody, seated in the area or serving it),
     *  available (of those, with a free place), remote (of those, by phone or online), within_<N>min
     *  (people whose nearest offering is at most so far, wherever it is; one column for each travel
     *  band of the policy), beyond (people farther away than the last band), nobody (a list of whom no
     *  offering accepts, such as "boys over 12"; "anybody" where there is no offering) */
    CARENET_REPORT_GAPS = 1,
    /** Each area against the minimum package of the policy. One row an area and service: area,
     *  service, state (covered, full, call, remote, unconfirmed, paused, unqualified, missing),
     *  offerings, available, remote, unconfirmed, paused, unqualified (offerings), within_min (how far
     *  the policy says that it may be), population, within (people for whom it is not farther),
     *  within_percent (rounded down), nobody, detail (what is missing, in words; null: nothing) */
    CARENET_REPORT_COVERAGE = 2,
    /** Places of counted services: service, area (a region of the network; null: elsewhere, and for
     *  outsiders all), stale, unit, offerings, total, taken, free (null in rows of restricted sites and
     *  of those that nobody reported on, and where suppressed), suppressed */
    CARENET_REPORT_CAPACITY = 3,
    /** Referrals: home (region of the survivor; null: not known), serving (region of the provider),
     *  outcome (helped, underway, waiting, refused; null: not told to outsiders), referrals,
     *  suppressed */
    CARENET_REPORT_FLOW = 4,
    /** Referrals by days of waiting: state (started: from sending to the start of help; waiting: until
     *  now; ended: without help), from_days, to_days (null: no end), referrals, suppressed */
    CARENET_REPORT_WAITING = 5,
    /** Needs of the plan that nobody takes: service, area (region of the case), needed (null for
     *  outsiders), unmet, suppressed */
    CARENET_REPORT_UNMET = 6,
    /** Where units of needs of the plan are lost: stage (needed; not-offered, not-eligible,
     *  not-reachable, no-free-place, places-taken, placed, which add up to it), units, suppressed */
    CARENET_REPORT_FUNNEL = 7,
    /** Indicators of the programme by region, as by carenet_report_indicators() */
    CARENET_REPORT_INDICATORS = 8,
    /** All of them on one page; carenet_report_html() only */
    CARENET_REPORT_FULL = 9
} carenet_report_kind;

/** What to report on. Since: 0.1 */
typedef struct {
    size_t size;                /**< set by carenet_report_query_init() */
    const char *const *regions; /**< areas by code or name; none: the regions of the network */
    size_t regions_len;
    const char *const
        *services; /**< services by id, name or alias; none: the minimum package of the
                                      policy, and for gaps every service where it has none */
    size_t services_len;
    bool include_unconfirmed; /**< count providers that nobody has confirmed as if they were */
    int64_t now_s; /**< the present instant, seconds since 1970 UTC (the years 1900 to 2199);
                        INT64_MIN: the system clock */
    carenet_profile profile; /**< who reads it; the default is internal. Partners and funders see no
                                   count of persons from 1 to 4, nor what would give one back */
    const char *from;        /**< first day of referrals and indicators; NULL: all */
    const char *to;          /**< last day, inclusive; NULL: all */
    const carenet_table *referrals;     /**< as of carenet_referral_list(); NULL: none */
    const carenet_cases *cases;         /**< nullable: where cases live, by reference (flow: only
                                        * of those whose referral does not say) */
    const carenet_plan *plan;           /**< nullable: a plan for exactly these cases */
    const carenet_programme *programme; /**< nullable: for indicators */
    const char *indicators;             /**< path of an indicator file; NULL: the shipped one */
} carenet_report_query;

/** Fills `query` with "the whole network". Since: 0.1 */
CARENET_API void carenet_report_query_init(carenet_report_query *query);

/** A report as a table; the columns stand with each carenet_report_kind. `query` is nullable. Errors:
 *  invalid-argument (also an ambiguous name, a period that ends before it begins, `FULL`, and what the
 *  kind needs and the query has not: a plan with its cases, a programme), not-found (an area, a service;
 *  coverage by a policy without a minimum package), conflict (the plan is of other cases), those of
 *  carenet_report_indicators(). (transfer full) Cost: O(towns * offerings of the services).
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_report_table(const carenet_directory *directory,
                                                const carenet_policy *policy,
                                                carenet_report_kind kind,
                                                const carenet_report_query *query,
                                                carenet_error **error);

/** The needs that the referrals of the query (from, to) did not meet, as cases for carenet_batch() and
 *  carenet_plan_gaps(), so that it is solved anew where they could go now and where one more place helps.
 *  A need counts where a referral was declined, has expired or waits, and no other referral of the same
 *  need is underway or has helped. Each is a case of its own with the id of the referral as its reference
 *  and the facts of the query's `cases`; where these do not know it, it is supposed to live near the
 *  provider that was asked, and nothing that is not known stands in the way. Errors: invalid-argument.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_report_unmet_cases(const carenet_directory *directory,
                                                      const carenet_report_query *query,
                                                      carenet_error **error);

/** A report as one HTML file: pictures, each with its text and its table, and a footer that names the
 *  directory, the policy, the profile and the rule of suppression. It has no script and asks for
 *  nothing, and can be printed. For the kind FULL what the query has not is left out, or the page says
 *  that there is nothing. Errors: as carenet_report_table(). (transfer full, carenet_free) Since: 0.1 */
CARENET_API char *carenet_report_html(const carenet_directory *directory,
                                      const carenet_policy *policy,
                                      carenet_report_kind kind,
                                      const carenet_report_query *query,
                                      carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
