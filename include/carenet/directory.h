/**
 * Directories: an immutable snapshot of who can help, and the question "who?".
 *
 *     carenet_find_query query;
 *     carenet_find_query_init(&query);
 *     query.regions = (const char *const[]){"mindanao"}, query.regions_len = 1;
 *     query.services = (const char *const[]){"mental-health"}, query.services_len = 1;
 *     carenet_table *rows = carenet_find(directory, &query, &error);
 *     carenet_table_unref(rows);
 *
 * Immutable: any number of threads may ask it at once. A directory holds the disclosed view only:
 * no address, point, exact area, phone, name or occupancy of a restricted provider is in it.
 */
#ifndef CARENET_DIRECTORY_H
#define CARENET_DIRECTORY_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/policy.h>
#include <carenet/reference.h>
#include <carenet/store.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An immutable snapshot of a network's providers and offerings. Since: 0.1 */
typedef struct carenet_directory carenet_directory;

/** Whether remote providers are wanted. Since: 0.1 */
typedef enum {
    CARENET_REMOTE_ANY = 0,
    CARENET_REMOTE_YES = 1, /**< only by phone or online */
    CARENET_REMOTE_NO = 2   /**< only in person */
} carenet_remote;

/** Whether something may, must or must not be there. Since: 0.1 */
typedef enum {
    CARENET_COVERED_ANY = 0,
    CARENET_COVERED_YES = 1,
    CARENET_COVERED_NO = 2
} carenet_covered;

/** What to look for. Every filter that is set must hold; a list matches where one of its members
 *  does, except `languages`, `groups` and `access`, of which every member must be met.
 *  Since: 0.1 */
typedef struct {
    size_t size;                /**< set by carenet_find_query_init() */
    const char *const *regions; /**< seat of the offering: areas by code or name, all below count */
    size_t regions_len;
    const char *const *services; /**< services by id, name or alias; all below count */
    size_t services_len;
    const char *serving; /**< also offerings elsewhere that serve this area, and remote ones */
    const char *near;    /**< an area: distances and travel times are from here */
    int32_t within_min;  /**< at most so many minutes from `near`; 0 no limit */
    int64_t within_m;    /**< at most so many metres from `near`; 0 no limit */
    int32_t age;         /**< years; -1 any */
    const char *sex;     /**< "female", "male"; NULL any */
    const char *const *languages;
    size_t languages_len;
    const char *const *groups;
    size_t groups_len;
    const char *const *access;
    size_t access_len;
    int64_t free; /**< at least so many free places; 0 any */
    carenet_remote remote;
    bool open_at_set;             /**< whether `open_at_s` filters */
    int64_t open_at_s;            /**< open at this instant; the years 1900 to 2199 */
    int32_t verified_within_days; /**< 0 any */
    bool confirmed_only;
    const char *sort; /**< "default", "distance", "wait", "free", "name", "provider", "verified" */
    size_t limit;     /**< at most so many rows; 0 all */
    int64_t now_s; /**< the present instant for staleness, seconds since 1970 UTC (the years 1900 to
                        2199); INT64_MIN: the system clock */
    const carenet_policy
        *policy; /**< travel speeds, bands, staleness and plug-ins; NULL: the defaults */
    carenet_covered ordinance; /**< whether an ordinance of its local government is passed and
                                       implemented at `now_s`, by the area that is shown */
    carenet_covered network;   /**< whether a network that was formed covers that area */
    bool
        wider; /**< also what is shown only for a wider area that holds one of `regions` (restricted, or no town on
                     record), and may or may not be there: `via` is `wider` */
} carenet_find_query;

/** Fills `query` with "everything". Since: 0.1 */
CARENET_API void carenet_find_query_init(carenet_find_query *query);

/** Checks region files without storing anything: one table of all findings, with columns file,
 *  line, column, severity (error, warning, info), tag, message, suggestion. Errors: io.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_validate_files(carenet_reference *reference,
                                                  const char *const *paths,
                                                  size_t paths_len,
                                                  carenet_error **error);

/** Builds a directory straight from region files. Fails with invalid-data where they have errors;
 *  `*out_issues` (nullable) lists all findings either way. Errors: io, parse, invalid-data.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_from_files(carenet_reference *reference,
                                                            const char *const *paths,
                                                            size_t paths_len,
                                                            carenet_table **out_issues,
                                                            carenet_error **error);

/** The shipped directory: `network.yaml` and every file of `regions/` in the reference data's
 *  folder. Errors: io, parse, invalid-data. (transfer full) Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_demonstration(carenet_reference *reference,
                                                               carenet_error **error);

/** A snapshot of a store as it is now. The same content gives the same digest as
 *  carenet_directory_from_files(). Errors: busy, storage, corrupt. (transfer full) Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_load(carenet_store *store, carenet_error **error);

/** The directory of a store, for a program that asks one question and ends. It gives the same answers
 *  as carenet_directory_load(), and does not read what no answer needs: of the store's image (see
 *  carenet_store_options) what is used is checked when it is first used, and the capacity of an
 *  offering is read when an answer first depends on it, as it is then. Everything but
 *  carenet_find(), carenet_directory_reporting_lines() and the facts of a directory reads the rest
 *  first. It keeps the store open until it is given back; calls wait for one another. Errors: as
 *  carenet_directory_load(), and those of the store at every question. (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_open(carenet_store *store, carenet_error **error);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_ref(carenet_directory *directory);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_directory_unref(carenet_directory *directory);

/** SHA-256 in hexadecimal over the disclosed directory (not over capacities). Since: 0.1 */
CARENET_API const char *carenet_directory_digest(const carenet_directory *directory);

/** The revision of the store that it came from; 0 where it came from files. Since: 0.1 */
CARENET_API int64_t carenet_directory_revision(const carenet_directory *directory);

/** Whether it is of a demonstration store, or holds invented providers. Since: 0.1 */
CARENET_API bool carenet_directory_is_demonstration(const carenet_directory *directory);

/** The instant at which a demonstration network is looked at, so that its dates stay meaningful;
 *  INT64_MIN where the network names none. Since: 0.1 */
CARENET_API int64_t carenet_directory_demonstration_now(const carenet_directory *directory);

/** The number of providers. Since: 0.1 */
CARENET_API size_t carenet_directory_providers_len(const carenet_directory *directory);

/** The number of offerings. Since: 0.1 */
CARENET_API size_t carenet_directory_offerings_len(const carenet_directory *directory);

/** Who can help. One row an offering of an active provider, confirmed ones first, with the columns
 *  provider, name, organization, offering, service, place, area, via (place, serves, remote, wider), free,
 *  total, unit, as_of, availability (yes, full, call), wait_days, languages, contact, phone, email,
 *  verified_on, unconfirmed, stale, example, disclosure, remote, travel_min, travel_band,
 *  distance_m, open, only_for (groups; empty: anybody), note. Restricted providers have no free,
 *  total, travel_min or distance_m.
 *  Warnings of the table say what the reader must know (a region outside the network, what was
 *  left out). Errors: not-found, invalid-argument (also an ambiguous name). (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_find(const carenet_directory *directory,
                                        const carenet_find_query *query,
                                        carenet_error **error);

/** Why a provider or an offering is not among the rows of that query. One row an offering with the
 *  columns provider, offering, service, listed, reason, detail: every filter that it misses, in the
 *  order of checking, one row each. Errors: as carenet_find(). (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_find_why_not(const carenet_directory *directory,
                                                const carenet_find_query *query,
                                                const char *id,
                                                carenet_error **error);

/** The lines to report abuse that serve `area` (code or name; NULL: the whole network): columns
 *  provider, name, phone, contact, unconfirmed, source_on, area. Errors: not-found, invalid-argument (ambiguous name).
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_directory_reporting_lines(const carenet_directory *directory,
                                                             const char *area,
                                                             carenet_error **error);

/** Everything disclosed about a provider, an offering, an organization, a service or an area with
 *  that id, code or name: columns field, value. Errors: not-found (the hint names near misses).
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_directory_show(const carenet_directory *directory,
                                                  const char *id,
                                                  carenet_error **error);

/** What to suppose of a directory. Since: 0.1 */
typedef struct {
    const char
        *id; /**< an offering, or a provider that has one counted offering only; to close also any
                         provider */
    int64_t places; /**< so many places more; negative: fewer, but never less than are taken */
    bool close;     /**< it takes nobody any more; `places` is not looked at */
} carenet_change;

/** The directory as it would be with the changes: for what-if. `directory` stays as it is. Errors:
 *  invalid-argument (places of a service that is not counted), not-found (the hint names near misses).
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_directory *carenet_directory_with(const carenet_directory *directory,
                                                      const carenet_change *changes,
                                                      size_t changes_len,
                                                      carenet_error **error);

/** The regions of the network. Columns: region, name, area, providers, offerings. (transfer full)
 *  Since: 0.1 */
CARENET_API carenet_table *carenet_directory_regions(const carenet_directory *directory);

#ifdef __cplusplus
}
#endif

#endif
