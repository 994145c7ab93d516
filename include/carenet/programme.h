/**
 * Programmes: what the people of a network built (trainings, ordinances, plans, bodies), and the
 * indicators that are counted from it.
 *
 *     carenet_programme *programme = carenet_programme_demonstration(reference, &error);
 *     carenet_indicator_query query;
 *     carenet_indicator_query_init(&query);
 *     query.from = "2021-08-01", query.to = "2023-04-30";
 *     carenet_table *rows = carenet_report_indicators(programme, &query, NULL, &error);
 *     carenet_table_unref(rows);
 *     carenet_programme_unref(programme);
 *
 * A programme is immutable: any number of threads may use it. It holds pseudonymous references of
 * cases, which only the lists of starts and care plans give out, and the care plan that is shown; no
 * figure does.
 */
#ifndef CARENET_PROGRAMME_H
#define CARENET_PROGRAMME_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>

#include <carenet/error.h>
#include <carenet/reference.h>
#include <carenet/store.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The programme records of a network; immutable, reference-counted. Since: 0.1 */
typedef struct carenet_programme carenet_programme;

/** Who reads a report. Since: 0.1 */
typedef enum {
    CARENET_PROFILE_INTERNAL = 0, /**< the network: every count */
    CARENET_PROFILE_PARTNER = 1,  /**< counts of persons from 1 to 4 are suppressed, with as many
                                       others as are needed so that totals do not give them back */
    CARENET_PROFILE_FUNDER = 2    /**< the same */
} carenet_profile;

/** The kinds of programme record. Since: 0.1 */
typedef enum {
    CARENET_PROGRAMME_ACTORS = 0,          /**< name, role */
    CARENET_PROGRAMME_BODIES = 1,          /**< kind, name, area, formed_on, members */
    CARENET_PROGRAMME_MEETINGS = 2,        /**< body, on, kind */
    CARENET_PROGRAMME_STRATEGIC_PLANS = 3, /**< area, conducted_on, adopted_on, until */
    CARENET_PROGRAMME_ORDINANCES = 4,      /**< area, title, passed_on, implemented_on */
    CARENET_PROGRAMME_PROTOCOLS = 5,       /**< title, area, adopted_on, policy */
    CARENET_PROGRAMME_TRAININGS = 6,       /**< course, title, on, area, audience, participants,
                                                organization */
    CARENET_PROGRAMME_TALLIES = 7,         /**< indicator, area, value, on, source */
    CARENET_PROGRAMME_STARTED = 8,         /**< case, service, area, on */
    CARENET_PROGRAMME_CARE_PLANS = 9       /**< case, area, on, review_on, status, goals, needs */
} carenet_programme_kind;

/** What is asked of the indicators. Since: 0.1 */
typedef struct {
    size_t size;             /**< set by carenet_indicator_query_init() */
    const char *from;        /**< first day ("2021-08-01", or a month or year: its first day); NULL:
                                  where the earliest programme begins */
    const char *to;          /**< last day, inclusive (of a month or year its last day); NULL: where
                                  the last programme ends */
    bool by_region;          /**< also one row a region of the network; the default is false */
    carenet_profile profile; /**< the default is internal */
    const char *indicators;  /**< path of an indicator file; NULL: the shipped one */
} carenet_indicator_query;

/** Fills `query` with the defaults. Since: 0.1 */
CARENET_API void carenet_indicator_query_init(carenet_indicator_query *query);

/** Reads the programmes of region files, which are checked as a whole, as by
 *  carenet_validate_files(). `*out_issues` (nullable) lists all findings. Errors: io, parse,
 *  invalid-data. (transfer full) Since: 0.1 */
CARENET_API carenet_programme *carenet_programme_from_files(carenet_reference *reference,
                                                            const char *const *paths,
                                                            size_t paths_len,
                                                            carenet_table **out_issues,
                                                            carenet_error **error);

/** The programmes of a store as they are now, and beside them the services that started by its
 *  referrals: a case that started with one counts like one whose start a file states, once where both
 *  do. Errors: busy, storage, corrupt. Cost: reads every record of the programme and every start.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_programme *carenet_programme_from_store(carenet_store *store,
                                                            carenet_error **error);

/** The programme of the shipped demonstration network; its records are invented. Errors: io, parse,
 *  invalid-data. (transfer full) Since: 0.1 */
CARENET_API carenet_programme *carenet_programme_demonstration(carenet_reference *reference,
                                                               carenet_error **error);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_programme *carenet_programme_ref(carenet_programme *programme);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_programme_unref(carenet_programme *programme);

/** Whether any of the records is invented (`example: true`). Since: 0.1 */
CARENET_API bool carenet_programme_is_demonstration(const carenet_programme *programme);

/** The records of a kind, in an order that does not depend on where they came from. Columns: id,
 *  region (of the file that they stand in; null: the network's), then the keys of the kind as they
 *  stand in a file; after an area, its code, comes place, its name. Days are as they were written
 *  ("2022-03"). In a store what started by a referral is among those that started, with the id of
 *  the referral. Errors: invalid-argument. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_programme_list(const carenet_programme *programme,
                                                  carenet_programme_kind kind,
                                                  carenet_error **error);

/** What there is: one row a programme with the columns region (null: the network's), example, from,
 *  until, network_formed_on, network_members, and the number of records of each kind, by the key of
 *  its list in a file. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_programme_overview(const carenet_programme *programme,
                                                      carenet_error **error);

/** The record with the id `id` for people: columns field, value. Ids are those that
 *  carenet_programme_list() gives. Errors: not-found. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_programme_show(const carenet_programme *programme,
                                                  const char *id,
                                                  carenet_error **error);

/** The indicators of a period. Columns: indicator, label, area, value (null where it is
 *  suppressed), unit, origin ("computed" from the records, or "reported" from elsewhere), additive
 *  (false: it overlaps with other figures), from, to, detail, suppressed. A record counts where the
 *  day on which it began lies in the period. Where the indicator file has errors the call fails and
 *  `*out_issues` (nullable) lists them. Errors: invalid-argument (a day that does not exist, a
 *  period that ends before it begins), io, parse, invalid-data, too-large. Cost: O(indicators x
 *  regions x records). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_report_indicators(const carenet_programme *programme,
                                                     const carenet_indicator_query *query,
                                                     carenet_table **out_issues,
                                                     carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
