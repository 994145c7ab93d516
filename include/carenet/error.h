/**
 * Errors: why a call could not run, and what the caller can do.
 *
 *     carenet_error *error = NULL;
 *     carenet_store *store = carenet_store_open("network.db", NULL, &error);
 *     if (store == NULL) {
 *         fprintf(stderr, "%s\n", carenet_error_get_message(error));
 *         carenet_error_free(error);
 *     }
 */
#ifndef CARENET_ERROR_H
#define CARENET_ERROR_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An error: a code, a one-line message and, where known, a place in a file and the next step.
 *  Opaque; free it with carenet_error_free(). Since: 0.1 */
typedef struct _GError carenet_error;

/** What the caller can do about an error. Numbers never change meaning. Since: 0.1 */
typedef enum {
    CARENET_ERROR_INVALID_ARGUMENT = 1, /**< the caller's mistake */
    CARENET_ERROR_NOT_FOUND = 2,        /**< an id, a name or a service that nobody knows */
    CARENET_ERROR_INVALID_DATA = 3,     /**< the data has errors; see the table of issues */
    CARENET_ERROR_PARSE = 4,            /**< a text that cannot be read at all */
    CARENET_ERROR_CONFLICT = 5,         /**< it is there already, or differs from what is there */
    CARENET_ERROR_STATE = 6,            /**< not possible in the present state */
    CARENET_ERROR_REFUSED = 7,          /**< consent, disclosure or kind of store forbid it */
    CARENET_ERROR_CAPACITY = 8,         /**< no free place */
    CARENET_ERROR_BUSY = 9,             /**< somebody else holds the store; try again */
    CARENET_ERROR_IO = 10,              /**< a file cannot be read or written */
    CARENET_ERROR_STORAGE = 11,         /**< the database failed (disk full, read-only, ...) */
    CARENET_ERROR_CORRUPT = 12,         /**< the database is damaged or not a carenet store */
    CARENET_ERROR_VERSION = 13,         /**< written by a newer carenet */
    CARENET_ERROR_TOO_LARGE = 14,       /**< over a documented limit */
    CARENET_ERROR_UNSUPPORTED = 15,     /**< this build or this data cannot do it */
    CARENET_ERROR_INTERNAL = 16         /**< a bug in carenet */
} carenet_error_code;

/** The code of an error; CARENET_ERROR_INTERNAL for NULL. Since: 0.1 */
CARENET_API carenet_error_code carenet_error_get_code(const carenet_error *error);

/** The message, one line without a trailing full stop, never NULL. It names no fact of a case.
 *  Since: 0.1 */
CARENET_API const char *carenet_error_get_message(const carenet_error *error);

/** The next step for the caller, or NULL. Since: 0.1 */
CARENET_API const char *carenet_error_get_hint(const carenet_error *error);

/** The file that the error is about, or NULL. Since: 0.1 */
CARENET_API const char *carenet_error_get_file(const carenet_error *error);

/** The line in that file, from 1; 0 where unknown. Since: 0.1 */
CARENET_API uint32_t carenet_error_get_line(const carenet_error *error);

/** The column in that line, from 1; 0 where unknown. Since: 0.1 */
CARENET_API uint32_t carenet_error_get_column(const carenet_error *error);

/** The stable name of a code, such as "not-found". Since: 0.1 */
CARENET_API const char *carenet_error_code_name(carenet_error_code code);

/** The process exit status that carenet(1) gives for a code. Since: 0.1 */
CARENET_API int carenet_error_code_exit_status(carenet_error_code code);

/** Frees an error; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_error_free(carenet_error *error);

/** Frees `*error` and sets it to NULL; does nothing where it is NULL already. Since: 0.1 */
CARENET_API void carenet_error_clear(carenet_error **error);

/** Frees memory that the library handed out as `char *`; NULL is ignored. Since: 0.1 */
CARENET_API void carenet_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
