/**
 * Reference data: the places (gazetteer), the service taxonomy and the closed vocabularies.
 *
 *     carenet_reference *reference = carenet_reference_open(NULL, &error);
 *     const char *code;
 *     if (carenet_reference_find_area(reference, "Cagayan de Oro", &code, &error))
 *         puts(code);
 *     carenet_reference_unref(reference);
 *
 * Immutable: any number of threads may use it. Places follow the Philippine Standard Geographic
 * Code (PSA, PSGC 4Q 2025).
 */
#ifndef CARENET_REFERENCE_H
#define CARENET_REFERENCE_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carenet/error.h>
#include <carenet/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Places, services and vocabularies; immutable, reference-counted. Since: 0.1 */
typedef struct carenet_reference carenet_reference;

/** A closed vocabulary. Since: 0.1 */
typedef enum {
    CARENET_TERMS_GROUPS = 0,
    CARENET_TERMS_ACCESS = 1,
    CARENET_TERMS_DOCUMENTS = 2,
    CARENET_TERMS_ASSESSMENTS = 3,
    CARENET_TERMS_COURSES = 4,
    CARENET_TERMS_LANGUAGES = 5,
    CARENET_TERMS_REASONS = 6 /**< why an offering cannot take a need, in the order of checking */
} carenet_terms_kind;

/** Reads the reference data in folder `data_dir`; NULL means carenet_default_data_dir(). Errors:
 *  io, parse, invalid-data. (transfer full) Since: 0.1 */
CARENET_API carenet_reference *carenet_reference_open(const char *data_dir, carenet_error **error);

/** One more reference. (transfer full) Since: 0.1 */
CARENET_API carenet_reference *carenet_reference_ref(carenet_reference *reference);

/** Gives a reference back; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_reference_unref(carenet_reference *reference);

/** The folder with the data that came with the library: the one that this build was made to be installed
 *  with, and where that holds none (the tree was installed elsewhere, or moved) share/carenet beside the
 *  folder of the library. Data that lies in another place is where CARENET_DATA_DIR of find_package() and
 *  `pkg-config --variable=datadir carenet` say: give that to carenet_reference_open(). (static) Since: 0.1 */
CARENET_API const char *carenet_default_data_dir(void);

/** Finds an area by code, name or alias. An exact match wins; then the highest level whose name
 *  matches without case, accents and punctuation; "Name, Province" picks the lower one. On success
 *  `*out_code` is the area's code, borrowed. Errors: not-found (the hint names near misses),
 *  invalid-argument (several areas match; the hint lists them). Since: 0.1 */
CARENET_API bool carenet_reference_find_area(const carenet_reference *reference,
                                             const char *name,
                                             const char **out_code,
                                             carenet_error **error);

/** Finds a service by id, name or alias. On success `*out_id` is its id, borrowed. Errors:
 *  not-found (the hint names near misses). Since: 0.1 */
CARENET_API bool carenet_reference_find_service(const carenet_reference *reference,
                                                const char *name,
                                                const char **out_id,
                                                carenet_error **error);

/** The areas at or below the area with code `within` (NULL: all), parents before children. Columns:
 *  area, name, level, parent, region, island, lat_deg, lon_deg, population, depth, aliases. Errors:
 *  not-found. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_reference_areas(const carenet_reference *reference,
                                                   const char *within,
                                                   carenet_error **error);

/** The services, parents before children. Columns: service, name, parent, depth, unit, sensitive,
 *  restrictiveness, gate, routable, aliases, primero. (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_reference_services(const carenet_reference *reference);

/** A closed vocabulary. Columns: id, name, aliases, detail. Errors: invalid-argument.
 *  (transfer full) Since: 0.1 */
CARENET_API carenet_table *carenet_reference_terms(const carenet_reference *reference,
                                                   carenet_terms_kind kind,
                                                   carenet_error **error);

#ifdef __cplusplus
}
#endif

#endif
