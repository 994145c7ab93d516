/**
 * The version of the library, what it is linked to, and the templates that it ships.
 *
 *     printf("carenet %s (%s)\n", carenet_version(), carenet_version_libraries());
 *     const char *start = carenet_template("region");
 *     if (start != NULL)
 *         fputs(start, stdout);
 */
#ifndef CARENET_VERSION_H
#define CARENET_VERSION_H

#ifndef CARENET_H_INSIDE
#error "include <carenet/carenet.h> instead"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the library that runs, such as "0.1.0". Since: 0.1 */
CARENET_API const char *carenet_version(void);

/** The versions of what it is linked to, one line, such as "glib 2.74.6, sqlite 3.40.1, ...".
 *  (static) Since: 0.1 */
CARENET_API const char *carenet_version_libraries(void);

/** A commented start for "region", "case" or "policy"; NULL for anything else. (static)
 *  Since: 0.1 */
CARENET_API const char *carenet_template(const char *kind);

#ifdef __cplusplus
}
#endif

#endif
