/**
 * Cases: pseudonymous references with the facts that routing needs; never a name.
 *
 *     carenet_case_facts facts;
 *     carenet_case_facts_init(&facts);
 *     facts.ref = "C-1", facts.area = "Cagayan de Oro", facts.age = 15, facts.sex = "female";
 *     facts.needs = (const char *const[]){"trauma-therapy"}, facts.needs_len = 1;
 *     carenet_cases *cases = carenet_cases_new(reference);
 *     carenet_cases_add(cases, &facts, &error);
 *
 * A list of cases is a unique handle while it is being filled; after that any thread may read it.
 * Error messages never quote a fact of a case.
 */
#ifndef CARENET_CASE_H
#define CARENET_CASE_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/reference.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A list of cases. Since: 0.1 */
typedef struct carenet_cases carenet_cases;

/** What a case list may hold. Since: 0.1 */
typedef enum {
    CARENET_CASES_STRICT = 0,             /**< what looks like a name, birth date, phone number or
                                               email address is refused */
    CARENET_CASES_ALLOW_PERSONAL_DATA = 1 /**< the caller insists: such keys are ignored, and such
                                               values let through, each with a warning */
} carenet_cases_flags;

/** The facts of one case, for programs that have no file. Text is copied. For everything that is
 *  not here, use carenet_cases_parse(). Since: 0.1 */
typedef struct {
    size_t size;              /**< set by carenet_case_facts_init() */
    const char *ref;          /**< opaque reference; NULL: "case" */
    const char *area;         /**< code or name of the area where the survivor is */
    int32_t age;              /**< years; -1 unknown */
    const char *sex;          /**< "female", "male", "unstated"; NULL: unstated */
    const char *urgency;      /**< "emergency", "urgent", "routine"; NULL: routine */
    const char *const *needs; /**< service ids or names */
    size_t needs_len;
    const char *const *languages; /**< ids of the vocabulary */
    size_t languages_len;
    const char *const *groups;
    size_t groups_len;
    const char *const *access;
    size_t access_len;
    int32_t remote_safe;    /**< 1 yes, 0 no, -1 unknown (treated as no) */
    int32_t max_travel_min; /**< minutes; 0 no limit */
} carenet_case_facts;

/** Fills `facts` with "nothing known". Since: 0.1 */
CARENET_API void carenet_case_facts_init(carenet_case_facts *facts);

/** An empty list. (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_new(carenet_reference *reference);

/** Appends one case. Errors: invalid-argument (also an ambiguous name), not-found (area, service or
 *  term), conflict (the reference is there already), too-large. Since: 0.1 */
CARENET_API bool carenet_cases_add(carenet_cases *cases,
                                   const carenet_case_facts *facts,
                                   carenet_error **error);

/** Reads one case or a list of cases from YAML or JSON text of `len` bytes. `name` stands for the
 *  file in issues. Where the text has errors the call fails with invalid-data and `*out_issues`
 *  (nullable) lists them all. Errors: invalid-argument, parse, invalid-data, too-large.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_parse(carenet_reference *reference,
                                               const char *text,
                                               size_t len,
                                               const char *name,
                                               carenet_cases_flags flags,
                                               carenet_table **out_issues,
                                               carenet_error **error);

/** The same from a file; "-" is not special. Errors: io and those of carenet_cases_parse().
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_load(carenet_reference *reference,
                                              const char *path,
                                              carenet_cases_flags flags,
                                              carenet_table **out_issues,
                                              carenet_error **error);

/** How a list of cases is written. Since: 0.1 */
typedef enum {
    CARENET_CASES_GUESS = 0, /**< by the end of the name, else by how the text begins */
    CARENET_CASES_YAML =
        1, /**< YAML or JSON, as carenet_cases_parse() reads it: some 5,000 cases */
    CARENET_CASES_NDJSON = 2, /**< one JSON record a line */
    CARENET_CASES_CSV = 3     /**< a header, then one row a case; see docs/case-list.md */
} carenet_cases_format;

/** How to read a list. Since: 0.1 */
typedef struct {
    size_t size; /**< set by carenet_cases_options_init() */
    carenet_cases_format format;
    carenet_cases_flags flags;
    bool keep_sound; /**< leave out the rows of NDJSON and CSV that have errors, and the siblings of
                          their cases, instead of failing */
    uint32_t threads; /**< 1 to 64; NDJSON is read by as many. What is read does not depend on it */
    const struct carenet_directory *
        directory; /**< nullable, borrowed for the call: an id under `avoid` or `offender` that it does
                         not know is an error of its row, which keep_sound leaves out; else whoever
                         routes the list to a directory refuses all of it */
} carenet_cases_options;

/** Fills `options` with the defaults: guess, strict, all or nothing, one thread, no directory. Since: 0.1 */
CARENET_API void carenet_cases_options_init(carenet_cases_options *options);

/** Reads a list of cases, up to 4,000,000 of them: NDJSON and CSV in seconds and with memory in
 *  proportion. `name` stands for the file in issues; `options` is nullable. Errors and `*out_issues`
 *  (nullable) as with carenet_cases_parse(), and invalid-argument where `directory` was made with other
 *  reference data; with `keep_sound` the call succeeds although
 *  `*out_issues` has errors, and carenet_cases_refused() has the rows that were left out.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_read(carenet_reference *reference,
                                              const char *text,
                                              size_t len,
                                              const char *name,
                                              const carenet_cases_options *options,
                                              carenet_table **out_issues,
                                              carenet_error **error);

/** The same from a file or a pipe of at most 1 GiB; "-" is not special. Errors: io and those of
 *  carenet_cases_read(). (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_read_file(carenet_reference *reference,
                                                   const char *path,
                                                   const carenet_cases_options *options,
                                                   carenet_table **out_issues,
                                                   carenet_error **error);

/** The cases of a table, one row a case, with the columns of docs/case-list.md; text cells are
 *  written as in CSV, a cell of several words may be a list, numbers may be integers or doubles
 *  without a fraction, and null or an empty text says that nothing is known. In issues
 *  `line` 1 is the names of the columns and 2 the first row; `column` counts from 1. `flags` and errors as
 *  with carenet_cases_parse(). Cost: O(rows). (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_from_table(carenet_reference *reference,
                                                    const carenet_table *table,
                                                    const char *name,
                                                    carenet_cases_flags flags,
                                                    carenet_table **out_issues,
                                                    carenet_error **error);

/** How many rows were left out. Since: 0.1 */
CARENET_API size_t carenet_cases_refused_len(const carenet_cases *cases);

/** The rows that were left out as they stood in the text, below its header: what can be mended and
 *  read again. NULL where none were. Borrowed. It holds facts of cases. Since: 0.1 */
CARENET_API const char *carenet_cases_refused(const carenet_cases *cases);

/** The cases as NDJSON, one record a line, with every fact that is known: what carenet_cases_read() makes
 *  the same list of, in another process (it may need CARENET_CASES_ALLOW_PERSONAL_DATA again). Rows
 *  that were left out are not in it. It holds facts of cases: keep it no longer than it is needed. NULL
 *  for NULL. (transfer full, carenet_free) Cost: O(facts). Since: 0.1 */
CARENET_API char *carenet_cases_to_ndjson(const carenet_cases *cases);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_cases *carenet_cases_ref(carenet_cases *cases);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_cases_unref(carenet_cases *cases);

/** The number of cases. Since: 0.1 */
CARENET_API size_t carenet_cases_len(const carenet_cases *cases);

/** The reference of case `i` (from 0), borrowed, or NULL. Since: 0.1 */
CARENET_API const char *carenet_cases_ref_at(const carenet_cases *cases, size_t i);

/** The code of the area of case `i` (from 0), borrowed, or NULL where it is unknown. Since: 0.1 */
CARENET_API const char *carenet_cases_area_at(const carenet_cases *cases, size_t i);

#ifdef __cplusplus
}
#endif

#endif
